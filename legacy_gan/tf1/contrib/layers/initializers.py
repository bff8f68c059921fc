"""tf.contrib.layers' initializers: weights of a variance that depends on the layer's size."""

import math

import tensorflow.compat.v1 as tf


def variance_scaling_initializer(factor=2.0, mode="FAN_IN", uniform=False, seed=None, dtype=tf.float32):
    """Draws weights whose variance is factor / n.

        uniform: within sqrt(3 * factor / n) of 0
        else: normal of deviation sqrt(1.3 * factor / n), cut at two deviations

    Args:
      factor: float > 0; 2 with FAN_IN is He's.
      mode: "FAN_IN", "FAN_OUT" or "FAN_AVG": n is the number of inputs of a unit, of its outputs, or
        their mean.
    Returns:
      A function of (shape, dtype).
    Raises:
      TypeError: for another mode, or a dtype that is not floating.
    """
    if mode not in ("FAN_IN", "FAN_OUT", "FAN_AVG"):
        raise TypeError(f"variance_scaling_initializer: mode must be FAN_IN, FAN_OUT or FAN_AVG, got {mode!r}")
    default = tf.as_dtype(dtype)
    if not default.is_floating:
        raise TypeError(f"variance_scaling_initializer: dtype must be floating, got {default.name}")

    def initialize(shape, dtype=default, partition_info=None):
        sizes = [float(size) for size in tf.TensorShape(shape).as_list()] or [1.0]
        field = 1.0
        for size in sizes[:-2]:
            field *= size
        fan_in, fan_out = field * (sizes[-2] if len(sizes) > 1 else sizes[-1]), field * sizes[-1]
        n = {"FAN_IN": fan_in, "FAN_OUT": fan_out, "FAN_AVG": (fan_in + fan_out) / 2}[mode]
        if uniform:
            limit = math.sqrt(3.0 * factor / n)
            return tf.random_uniform(shape, -limit, limit, dtype, seed=seed)
        return tf.truncated_normal(shape, 0.0, math.sqrt(1.3 * factor / n), dtype, seed=seed)

    return initialize


def xavier_initializer(uniform=True, seed=None, dtype=tf.float32):
    """Glorot's initializer: variance_scaling_initializer of factor 1 by the mean of both fans."""
    return variance_scaling_initializer(1.0, "FAN_AVG", uniform, seed, dtype)


xavier_initializer_conv2d = xavier_initializer
