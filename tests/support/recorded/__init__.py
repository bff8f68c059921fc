"""Scripts of tf.contrib whose figures are recorded from TensorFlow 1.15.5, in tests/golden/contrib: a file a subject.

`python -m tests.support.recorded.make [SUBJECT ...]`, on TensorFlow 1.15.5, writes the figures of its own tf.contrib.
tests/tf1/test_contrib_recorded.py holds ours to them on every TensorFlow.

A script is a function of `T`, TensorFlow 1's namespace, real or ours, that builds a graph and returns a `Case`.
"""

import importlib
import os
from typing import Any, Dict, List, NamedTuple, Sequence

import numpy as np

from legacy_gan.tf1 import tf
from tests.support.graphs import draw, session

SUBJECTS = ("batch_norm", "core", "crf", "factorization", "gan", "image", "opt", "rnn", "seeds", "seq2seq", "slim_nets")
# What 1.15.5 has no longer: recorded from it with TensorFlow 1.14.0's own tensorflow/contrib/gan put into its contrib.
OF_1_14 = ("gan",)
# Where 1.15's own differ from run to run, its steps being free to read a variable before or after they change it;
# what is recorded is a run in which all of them read it before.
RACES = {"factorization": ("cosine_mini_batch", "mini_batch", "mini_batch_steps")}
GOLDEN = os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))), "golden", "contrib")


class Case(NamedTuple):
    """What a script gives to be computed.

    Attributes:
      outputs: a structure of tensors; the gradients of the floating ones are computed, too.
      steps: operations that are run once each, in turn, after the outputs.
      after: a structure of tensors that is computed then, before all variables.
      scale: float, the deviation of the values that the variables are given; 0 keeps their own initial values.
      feed: dict of placeholder to value.
      initialize: bool; False computes nothing: the graph is what is recorded.
      gradients: bool, whether outputs are differentiated.
    """

    outputs: Any
    steps: Sequence[Any] = ()
    after: Any = ()
    scale: float = 0.5
    feed: Dict[Any, Any] = {}
    gradients: bool = True
    initialize: bool = True


def scripts(subject):
    """Returns {name: script} of a subject, the functions of its file in its __all__."""
    module = importlib.import_module(f"tests.support.recorded.{subject}")
    return {name: getattr(module, name) for name in module.__all__}


def variables():
    """Returns the names, shapes and whether they are trained of the graph's variables, as lines."""
    trained = {v.op.name for v in tf.trainable_variables()}
    return [
        f"{v.op.name} {v.shape.as_list() if v.shape.ndims is not None else '?'} {v.op.name in trained}"
        for v in tf.global_variables()
    ]


def figures(script, T):
    """Returns {name: array} of what a script computes, and its variables as lines."""
    with tf.Graph().as_default():
        tf.set_random_seed(7)
        case = script(T)
        outputs = [tf.convert_to_tensor(each) for each in _tensors(case.outputs)]
        floating = [each for each in outputs if each.dtype.is_floating]
        trained, gradients = tf.trainable_variables(), []
        if floating and trained and case.gradients:
            weights = [np.float32(1 + 0.1 * k) for k in range(len(floating))]
            loss = tf.add_n([tf.reduce_sum(tf.cast(each, tf.float32) * w) for each, w in zip(floating, weights)])
            gradients = [
                (v.op.name, tf.convert_to_tensor(g))
                for v, g in zip(trained, tf.gradients(loss, trained))
                if g is not None
            ]
        lines = variables()
        found = {}  # type: Dict[str, np.ndarray]
        if not case.initialize:
            return found, lines
        with session() as sess:
            sess.run([tf.global_variables_initializer(), tf.local_variables_initializer(), tf.tables_initializer()])
            if case.scale:
                _set_weights(sess, case.scale)
            # Together: random operations draw once for both.
            values, slopes = sess.run([outputs, [g for _, g in gradients]], case.feed)
            found.update((f"output {k}", value) for k, value in enumerate(values))
            found.update((f"gradient of {name}", value) for (name, _), value in zip(gradients, slopes))
            for step in case.steps:
                sess.run(step, case.feed)
            after = [tf.convert_to_tensor(each) for each in _tensors(case.after)]
            found.update((f"after {k}", value) for k, value in enumerate(sess.run(after, case.feed)))
            if case.steps:
                everything = tf.global_variables()
                found.update((v.op.name, value) for v, value in zip(everything, sess.run(everything)))
        return found, lines


def _tensors(structure) -> List[Any]:
    return [each for each in tf.nest.flatten(structure) if each is not None and not isinstance(each, tf.TensorArray)]


def _set_weights(sess, scale):
    """Gives every trained variable values of the deviation, by its place in the graph."""
    for seed, variable in enumerate(tf.trainable_variables(), 100):
        value = draw(variable.shape.as_list(), seed, variable.dtype.base_dtype.as_numpy_dtype) * scale
        sess.run(variable.initializer, {variable.initializer.inputs[1]: value})


def path(subject):
    """Returns where the figures of a subject are."""
    return os.path.join(GOLDEN, f"{subject}.npz")
