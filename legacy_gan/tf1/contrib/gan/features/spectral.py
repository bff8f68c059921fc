"""tf.contrib.gan.features' spectral normalization: weights divided by their largest singular value.

Source: the interface and formulas of tf.contrib.gan in TensorFlow 1.14.
"""

import contextlib
import importlib
import numbers
import re

import tensorflow.compat.v1 as tf

from legacy_gan.errors import NotServed
from legacy_gan.tf1 import keras2

__all__ = [
    "compute_spectral_norm",
    "keras_spectral_normalization",
    "spectral_norm_regularizer",
    "spectral_normalization_custom_getter",
    "spectral_normalize",
]

_VECTOR = "spectral_norm_u"  # the variable that keeps the power iteration's vector


def compute_spectral_norm(w_tensor, power_iteration_rounds=1, name=None):
    """Returns the largest singular value of a weight, seen as a matrix [rest, last axis], by power iteration.

    The left vector is a variable; each use of the result takes the rounds and keeps what they come to.
    """
    with tf.variable_scope(name, "spectral_norm"):
        matrix = tf.reshape(w_tensor, (-1, w_tensor.shape[-1]))
        kept = tf.get_variable(
            _VECTOR, (matrix.shape[0], 1), matrix.dtype, tf.random_normal_initializer(), trainable=False
        )
        left = kept
        for _ in range(power_iteration_rounds):
            right = tf.nn.l2_normalize(tf.matmul(tf.transpose(matrix), left))
            left = tf.nn.l2_normalize(tf.matmul(matrix, right))
        with tf.control_dependencies([kept.assign(left, name="update_u")]):
            left = tf.identity(left)
        left, right = tf.stop_gradient(left), tf.stop_gradient(right)
        norm = tf.matmul(tf.matmul(tf.transpose(left), matrix), right)
        norm.shape.assert_is_compatible_with([1, 1])
        return norm[0][0]


def spectral_normalize(w, power_iteration_rounds=1, name=None):
    """Returns a weight divided by its compute_spectral_norm."""
    with tf.variable_scope(name, "spectral_normalize"):
        return tf.reshape(w / compute_spectral_norm(w, power_iteration_rounds), w.shape)


def spectral_norm_regularizer(scale, power_iteration_rounds=1, scope=None):
    """Returns a regularizer, scale * compute_spectral_norm; one that gives None for 0.0.

    Args:
      scale: float >= 0, or a scalar tensor.
    """
    if isinstance(scale, numbers.Integral) or isinstance(scale, numbers.Real) and scale < 0:
        raise ValueError(f"spectral_norm_regularizer: scale must be a float >= 0, got {scale!r}")
    if isinstance(scale, numbers.Real) and scale == 0.0:
        tf.logging.info("Scale of 0 disables regularizer.")
        return lambda weights: None

    def regularizer(weights, name=None):
        with tf.name_scope(scope, "SpectralNormRegularizer", [weights]) as name:
            factor = tf.convert_to_tensor(scale, dtype=weights.dtype.base_dtype, name="scale")
            return tf.multiply(factor, compute_spectral_norm(weights, power_iteration_rounds), name=name)

    return regularizer


def _is_kernel(name):
    return re.match(r"(.*\/)?(depthwise_|pointwise_)?(weights|kernel)$", name) is not None


def spectral_normalization_custom_getter(name_filter=_is_kernel, power_iteration_rounds=1):
    """Returns a custom_getter of tf.variable_scope that normalizes each variable whose name the filter takes.

    Args:
      name_filter: function of a variable's name; by default it takes weights and kernels.
    """
    if not callable(name_filter):
        raise ValueError(f"spectral_normalization_custom_getter: name_filter must be a function, got {name_filter!r}")

    def normalized(getter, name, *args, **kwargs):
        if not name_filter(name):
            return getter(name, *args, **kwargs)
        if name.endswith(_VECTOR):
            raise ValueError(f"spectral_normalization_custom_getter: name_filter takes {name}, a variable of its own")
        if tf.as_dtype(kwargs["dtype"]) not in (tf.float16, tf.float32, tf.float64):
            raise ValueError(f"spectral_normalization_custom_getter: {name} must be floating, got {kwargs['dtype']}")
        weights = getter(name, *args, **kwargs)
        if len(weights.shape) < 2:
            raise ValueError(f"spectral_normalization_custom_getter: {name} needs two axes, got {weights.shape}")
        return spectral_normalize(weights, power_iteration_rounds, name=f"{name}/spectral_normalize")

    return normalized


@contextlib.contextmanager
def keras_spectral_normalization(name_filter=_is_kernel, power_iteration_rounds=1):
    """Within it, Keras layers that are built normalize their kernels, as with spectral_normalization_custom_getter."""
    utils = _variables_of_keras()
    usual = utils.make_variable
    getter = spectral_normalization_custom_getter(name_filter, power_iteration_rounds)
    utils.make_variable = lambda name, *args, **kwargs: getter(usual, name, *args, **kwargs)
    try:
        yield
    finally:
        utils.make_variable = usual


def _variables_of_keras():
    """Returns the module of Keras 2 whose make_variable its layers call."""
    if keras2.installed() is None:
        raise NotServed("tf.contrib.gan.features.keras_spectral_normalization", keras2.how_to_have_it())
    layer = keras2.installed().layers.Layer
    for base in layer.__mro__:
        try:
            return importlib.import_module(base.__module__).base_layer_utils
        except AttributeError:
            continue
    raise NotServed("tf.contrib.gan.features.keras_spectral_normalization", "use spectral_normalization_custom_getter")
