"""What of `tf` depends on the installed TensorFlow: tf.keras and tf.estimator are let through where they work."""

import tensorflow.compat.v1 as _v1
from tensorflow.python.framework import ops

from legacy_gan.tf1 import keras2, names
from legacy_gan.tf1.namespace import Namespace

__all__ = ["estimator", "keras", "tensor"]


def tensor() -> type:
    """Returns tf.Tensor: the type of what a graph is made of, as in `type(x) is tf.Tensor`.

    Since TensorFlow 2.12 or so that is a class below the one that TensorFlow calls Tensor.
    """
    return getattr(ops, "SymbolicTensor", _v1.Tensor)


def keras() -> Namespace:
    """Returns tf.keras: all of Keras 2; of Keras 3, which has no graphs, what needs none."""
    if keras2.installed() is not None:
        return keras2.tf_keras()
    served = ("datasets", "utils", "__version__")
    own = {name: getattr(_v1.keras, name) for name in served if hasattr(_v1.keras, name)}
    return Namespace("tf.keras", own, advice={names.AFTER_A_GUESS: keras2.how_to_have_it()})


def estimator() -> Namespace:
    """Returns tf.estimator; this package's own where TensorFlow has none, from 2.16 on."""
    try:
        return Namespace("tf.estimator", {}, _v1.estimator, advice={})
    except (AttributeError, ImportError):
        from legacy_gan.tf1 import estimator as ours

        own = {name: getattr(ours, name) for name in ours.__all__}
        own["inputs"] = Namespace("tf.estimator.inputs", {"numpy_input_fn": ours.numpy_input_fn})
        return Namespace("tf.estimator", own)
