"""A moving average of G's weights, with which images can be made: smoother than those of the last step."""

import contextlib
from typing import Iterable, Iterator, Mapping, Sequence, Tuple, Union

import numpy as np

from legacy_gan.gan import GAN
from legacy_gan.tf1 import tf
from legacy_gan.training import weights
from legacy_gan.training.decay import Decaying

_SCOPE = "average/"
_POWER = f"{_SCOPE}power"


class Averaging:
    """An optimizer that also averages the variables that it changes, after every step.

        average = decay * average + (1 - decay) * weights,   from 0

    so that average / (1 - decay^steps) is a mean of all weights so far, of later ones more.

    Args:
      optimizer: a tf.train.Optimizer, or a Decaying one.
      decay: in 0..1.
      variables: those that it will be given.
    Attributes:
      variables: dict of name to tf.Variable, what it keeps: an average each, and decay^steps.
    """

    def __init__(
        self, optimizer: Union[tf.train.Optimizer, Decaying], decay: float, variables: Sequence[tf.Variable]
    ) -> None:
        self._optimizer, self._decay = optimizer, decay
        made = [tf.Variable(tf.zeros(v.shape), trainable=False, name=_SCOPE + v.op.name) for v in variables]
        self._average_of = {v.op.name: average for v, average in zip(variables, made)}
        self._power = tf.Variable(1.0, trainable=False, name=_POWER)
        self.variables = {v.op.name: v for v in made + [self._power]}

    def apply_gradients(self, pairs: Iterable[Tuple[tf.Tensor, tf.Variable]]) -> tf.Operation:
        """As tf.train.Optimizer.apply_gradients."""
        pairs = list(pairs)
        with tf.control_dependencies([self._optimizer.apply_gradients(pairs)]):
            done = [self._power.assign(self._power * self._decay)]
            for _, v in pairs:
                average = self._average_of[v.op.name]
                done.append(average.assign(self._decay * average + (1 - self._decay) * v.read_value()))
        return tf.group(*done)


def applied(arrays: Mapping[str, np.ndarray]) -> Mapping[str, np.ndarray]:
    """Returns arrays by name, with the averages in the place of the weights that they are of, if there are any.

    Args:
      arrays: a checkpoint's, or what a session holds.
    """
    power = arrays.get(_POWER)
    if power is None or power == 1:  # none is kept, or there was no step yet
        return arrays
    averages = {
        name[len(_SCOPE) :]: (array / (1 - np.float64(power))).astype(np.float32)
        for name, array in arrays.items()
        if name.startswith(_SCOPE) and name != _POWER
    }
    return dict(arrays, **averages)


@contextlib.contextmanager
def in_use(session: tf.Session, gan: GAN) -> Iterator[None]:
    """Gives G the averages of its weights, if they are kept, and its weights back in the end."""
    kept = {name: v for name, v in gan.optimizer_vars.items() if name.startswith(_SCOPE)}
    if not kept:
        yield
        return
    names = [v.op.name for v in gan.g_vars]
    variables = dict(zip(names, gan.g_vars))
    arrays = weights.fetch(session, dict(variables, **kept))
    averaged = applied(arrays)
    weights.assign(session, variables, {name: averaged[name] for name in names})
    try:
        yield
    finally:
        weights.assign(session, variables, {name: arrays[name] for name in names})
