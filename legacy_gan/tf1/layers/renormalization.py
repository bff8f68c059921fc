"""Batch normalisation's rarer forms: renormalised, in virtual batches, adjusted, and along several axes.

Source: Ioffe 2017 for the renormalisation; tf.layers of TensorFlow 1.15.5.
"""

from typing import Any, NamedTuple, Optional, Sequence

import tensorflow.compat.v1 as tf

from legacy_gan.tf1.backend import build_hooks
from legacy_gan.tf1.layers.base import cond, initializer_of, known_size, static, unpartitioned, variable_of

__all__ = ["Forms", "general_batch_norm"]


class Forms(NamedTuple):
    """What makes a batch normalisation a rarer one; see tf.layers.batch_normalization."""

    renorm: bool
    renorm_clipping: Optional[dict]
    renorm_momentum: float
    virtual_batch_size: Optional[int]
    adjustment: Any

    def check(self, axes: Sequence[int]) -> None:
        """Raises a ValueError for what does not go together."""
        who = "batch_normalization: "
        unknown = set(self.renorm_clipping or {}) - {"rmax", "rmin", "dmax"} if self.renorm else ()
        if unknown:
            raise ValueError(f"{who}renorm_clipping may have rmin, rmax and dmax, got {sorted(unknown)}")
        if len(axes) != len(set(axes)):
            raise ValueError(f"{who}axis must not name an axis twice, got {list(axes)}")
        if self.virtual_batch_size is None:
            return
        if self.virtual_batch_size <= 0:
            raise ValueError(f"{who}virtual_batch_size must be above 0, got {self.virtual_batch_size}")
        if 0 in axes:
            raise ValueError(f"{who}with virtual_batch_size, axis must not be 0, the batch")
        if self.adjustment is not None:
            raise ValueError(f"{who}give virtual_batch_size or adjustment, not both")


def general_batch_norm(inputs, axes, dtype, forms, parameter, starts, momentum, epsilon, training, trainable):
    """Normalises by the formula.

    Args:
      inputs: float, the sizes of the axes known.
      axes: list of int, at least 0, which the parameters have.
      dtype: of the parameters.
      forms: Forms.
      parameter: function (name, shape) that makes gamma or beta, or returns None.
      starts: the initializers of moving mean and variance.
    Returns:
      float, the inputs' shape.
    """
    forms.check(axes)
    sizes = [
        known_size(inputs, axis, "batch_normalization") if axis in axes else 1 for axis in range(inputs.shape.ndims)
    ]
    shape, original = inputs.shape.as_list(), None
    if forms.virtual_batch_size is not None:
        original = [-1] + shape[1:]
        inputs = tf.reshape(inputs, [forms.virtual_batch_size, -1] + shape[1:])
        sizes, axes = [sizes[0], 1] + sizes[1:], [axis + 1 for axis in axes]
    one_axis = len(axes) == 1 and original is None
    if one_axis:
        sizes = [sizes[axes[0]]]
    state = _State(sizes, dtype, starts, forms.renorm)
    gamma, beta = parameter("gamma", sizes), parameter("beta", sizes)
    mean, variance = state.make()

    def broadcast(value):
        if value is None or not one_axis or axes[0] == len(shape) - 1:
            return value
        return tf.reshape(value, [sizes[0] if axis == axes[0] else 1 for axis in range(len(shape))])

    scale, offset = broadcast(gamma), broadcast(beta)
    if static(training) is not False:
        if forms.adjustment is not None:
            factor, bias = forms.adjustment(tf.shape(inputs))
            factor = cond(training, lambda: factor, lambda: tf.ones_like(factor))
            bias = cond(training, lambda: bias, lambda: tf.zeros_like(bias))
            scale, offset = _composed(factor, bias, scale, offset)
        over = [axis for axis in range(inputs.shape.ndims) if axis not in axes]
        if original is not None:
            over.remove(1)  # each virtual batch has moments of its own
        batch_mean, batch_variance = tf.nn.moments(tf.cast(inputs, dtype), over, keep_dims=not one_axis)
        mean = cond(training, lambda: batch_mean, lambda: tf.convert_to_tensor(state.mean))
        variance = cond(training, lambda: batch_variance, lambda: tf.convert_to_tensor(state.variance))
        kept_mean, kept_variance = mean, variance
        if original is not None:
            kept_mean, kept_variance = (tf.reduce_mean(each, axis=1, keepdims=True) for each in (mean, variance))
        if forms.renorm:
            r, d, kept_mean, kept_variance = state.renormalised(kept_mean, kept_variance, forms, epsilon, training)
            scale, offset = _composed(broadcast(r), broadcast(d), scale, offset)
        if trainable and not build_hooks.keeps_averages():
            state.add_updates(kept_mean, kept_variance, momentum, epsilon, training)

    def of_inputs(value):
        return None if value is None else tf.cast(value, inputs.dtype)

    outputs = tf.nn.batch_normalization(
        inputs, of_inputs(broadcast(mean)), of_inputs(broadcast(variance)), of_inputs(offset), of_inputs(scale), epsilon
    )
    outputs = outputs if original is None else tf.reshape(outputs, original)
    outputs.set_shape(shape)
    return outputs


def _composed(scale, offset, then_scale, then_offset):
    """Returns the scale and offset of two transforms after one another; the second may lack either."""
    if then_scale is not None:
        scale, offset = scale * then_scale, offset * then_scale
    return scale, offset if then_offset is None else offset + then_offset


class _State:
    """The moving averages, and what renormalisation keeps beside them."""

    def __init__(self, sizes, dtype, starts, renorm):
        self._sizes, self._dtype, self._starts, self._renorm = sizes, dtype, starts, renorm

    def make(self):
        """Makes the variables; returns moving mean and variance."""
        of_mean, of_variance = (initializer_of(start) for start in self._starts)

        def of_deviation(*args, **kwargs):
            return tf.sqrt(of_variance(*args, **kwargs))

        def variable(name, start):
            with unpartitioned():
                return variable_of(name, self._sizes, self._dtype, start, None, None, False)

        self.mean, self.variance = variable("moving_mean", of_mean), variable("moving_variance", of_variance)
        if self._renorm:
            self.deviation = variable("moving_stddev", of_deviation)
            self.renorm_mean = variable("renorm_mean", of_mean)
            self.renorm_deviation = variable("renorm_stddev", of_deviation)
        return self.mean, self.variance

    def renormalised(self, mean, variance, forms, epsilon, training):
        """Returns (r, d, mean, variance): the correction to the averages, which are updated in training."""
        deviation = tf.sqrt(variance + epsilon)
        least = tf.maximum(self.renorm_deviation, tf.sqrt(tf.cast(epsilon, self._dtype)))
        r, d = deviation / least, (mean - self.renorm_mean) / least
        with tf.control_dependencies([r, d]):  # of the averages before the update
            mean, deviation = tf.identity(mean), tf.identity(deviation)
        clipping = forms.renorm_clipping or {}
        r = r if clipping.get("rmin") is None else tf.maximum(r, clipping["rmin"])
        r = r if clipping.get("rmax") is None else tf.minimum(r, clipping["rmax"])
        if clipping.get("dmax") is not None:
            d = tf.minimum(tf.maximum(d, -clipping["dmax"]), clipping["dmax"])
        r = cond(training, lambda: r, lambda: tf.ones_like(r))
        d = cond(training, lambda: d, lambda: tf.zeros_like(d))
        updates = [
            cond(
                training,
                lambda average=average, value=value: _averaged(average, value, forms.renorm_momentum),
                lambda average=average: tf.identity(average),
            )
            for average, value in ((self.renorm_mean, mean), (self.renorm_deviation, deviation))
        ]
        with tf.control_dependencies(updates):  # they come with the update operations, not with the outputs
            mean, variance = tf.identity(mean), tf.identity(variance)
        return tf.stop_gradient(r), tf.stop_gradient(d), mean, variance

    def add_updates(self, mean, variance, momentum, epsilon, training):
        """Adds the updates of the moving averages to UPDATE_OPS; out of training they do nothing."""

        def of_variance():
            if not self._renorm:
                return _averaged(self.variance, variance, momentum)
            deviation = _averaged(self.deviation, tf.sqrt(variance + epsilon), momentum)
            return tf.assign(self.variance, tf.nn.relu(deviation * deviation - epsilon))

        with tf.name_scope("AssignMovingAvg"):
            for average, update in (
                (self.mean, lambda: _averaged(self.mean, mean, momentum)),
                (self.variance, of_variance),
            ):
                update = cond(training, update, lambda average=average: tf.convert_to_tensor(average))
                tf.add_to_collection(tf.GraphKeys.UPDATE_OPS, tf.convert_to_tensor(update).op)


def _averaged(average, value, momentum):
    """Returns `average -= (average - value) * (1 - momentum)`, carried out."""
    decay = tf.cast(tf.convert_to_tensor(1.0 - momentum), average.dtype.base_dtype)
    return tf.assign_sub(average, (average - tf.cast(value, average.dtype.base_dtype)) * decay)
