"""TensorFlow 1.15's own modules, where it is installed: not those of legacy_gan.tf1."""

import importlib

from legacy_gan.tf1 import layers as ours
from legacy_gan.tf1.contrib import layers


def real_layers():
    """Returns TensorFlow 1.15's tf.layers."""
    import tensorflow

    assert tensorflow.layers is not ours
    return tensorflow.layers


def real_contrib():
    """Returns TensorFlow 1.15's tf.contrib."""
    contrib = importlib.import_module("tensorflow.contrib")
    assert contrib.layers is not layers
    return contrib
