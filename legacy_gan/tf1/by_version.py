"""What of `tf` depends on the installed TensorFlow: tf.keras and tf.estimator are let through where they work."""

import tensorflow.compat.v1 as _v1

from legacy_gan.tf1.namespace import Namespace

__all__ = ["estimator", "keras"]


def keras() -> Namespace:
    """Returns tf.keras: all of Keras 2; of Keras 3, which has no graphs, what needs none."""
    installed = _v1.keras
    if not getattr(installed, "__version__", "2").startswith("3"):
        return Namespace("tf.keras", {}, installed, advice={})
    served = ("datasets", "utils", "__version__")
    return Namespace("tf.keras", {name: getattr(installed, name) for name in served if hasattr(installed, name)})


def estimator() -> Namespace:
    """Returns tf.estimator; this package's own where TensorFlow has none, from 2.16 on."""
    try:
        return Namespace("tf.estimator", {}, _v1.estimator, advice={})
    except (AttributeError, ImportError):
        from legacy_gan.tf1 import estimator as ours

        own = {name: getattr(ours, name) for name in ours.__all__}
        own["inputs"] = Namespace("tf.estimator.inputs", {"numpy_input_fn": ours.numpy_input_fn})
        return Namespace("tf.estimator", own)
