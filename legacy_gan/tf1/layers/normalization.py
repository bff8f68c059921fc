"""tf.layers' batch normalisation."""

import tensorflow.compat.v1 as tf

from legacy_gan.tf1.backend import build_hooks
from legacy_gan.tf1.layers.base import (
    back_to,
    channels_last,
    cond,
    floating,
    known_size,
    layer_class,
    layer_scope,
    static,
    unpartitioned,
    variable_of,
)
from legacy_gan.tf1.layers.renormalization import Forms, general_batch_norm

_ZEROS = tf.zeros_initializer()
_ONES = tf.ones_initializer()


def batch_normalization(
    inputs,
    axis=-1,
    momentum=0.99,
    epsilon=1e-3,
    center=True,
    scale=True,
    beta_initializer=_ZEROS,
    gamma_initializer=_ONES,
    moving_mean_initializer=_ZEROS,
    moving_variance_initializer=_ONES,
    beta_regularizer=None,
    gamma_regularizer=None,
    beta_constraint=None,
    gamma_constraint=None,
    training=False,
    trainable=True,
    name=None,
    reuse=None,
    renorm=False,
    renorm_clipping=None,
    renorm_momentum=0.99,
    fused=None,
    virtual_batch_size=None,
    adjustment=None,
):
    """Batch normalisation: gamma * (x - mean) / sqrt(variance + epsilon) + beta.

    In training the batch's own moments are used, and two update operations
    (`moving -= (moving - moment) * (1 - momentum)`) join tf.GraphKeys.UPDATE_OPS: run them with
    the training step. Otherwise the moving averages are used. As in TF 1.15, trainable=False has
    no update operations, and inputs of rank 4 with the channels on axis 1 or 3 take the fused
    kernel, whose moving variance is the unbiased one (n / (n - 1)); any other input keeps the
    biased one.

    Args:
      inputs: float, size of `axis` known.
      axis: int, the channels' axis, or a list of axes, all of which gamma and beta have.
      training: bool, or a scalar bool tensor.
      renorm: bool; True corrects the batch's moments by averages `renorm_mean` and `renorm_stddev`, of
        renorm_momentum, within renorm_clipping, a dict of "rmin", "rmax" and "dmax".
      fused: None or True for TF 1.15's choice above; False never fuses.
      virtual_batch_size: int, the examples that share their moments; it divides the batch.
      adjustment: function of the inputs' shape that returns (scale, bias), applied before gamma and beta in
        training.
    Returns:
      float, the inputs' shape. Variables, each [channels]: `<scope>/gamma`, `beta`,
      `moving_mean`, `moving_variance`; the scope is `batch_normalization` (then `..._1`, ...).
    Raises:
      ValueError: if the size of `axis` is unknown, or for options that do not go together.
    Source: Ioffe and Szegedy 2015; Ioffe 2017; tf.layers of TensorFlow 1.15.5.
    """
    forms = Forms(renorm, renorm_clipping, renorm_momentum, virtual_batch_size, adjustment)
    with layer_scope(name, "batch_normalization", reuse):
        inputs = floating(inputs, "batch_normalization")
        axes = list(axis) if isinstance(axis, (list, tuple)) else [axis]
        if len(axes) > 1 or renorm or virtual_batch_size is not None or adjustment is not None:
            sizes = [known_size(inputs, each, "batch_normalization") for each in axes]

            def parameter_of(name, shape):
                if not (scale if name == "gamma" else center):
                    return None
                start = gamma_initializer if name == "gamma" else beta_initializer
                regularizer = gamma_regularizer if name == "gamma" else beta_regularizer
                constraint = gamma_constraint if name == "gamma" else beta_constraint
                return variable_of(name, shape, _of_parameters(inputs), start, regularizer, constraint, trainable)

            return general_batch_norm(
                inputs,
                [each % inputs.shape.ndims for each, _ in zip(axes, sizes)],
                _of_parameters(inputs),
                forms,
                parameter_of,
                (moving_mean_initializer, moving_variance_initializer),
                momentum,
                epsilon,
                training,
                trainable,
            )
        size = known_size(inputs, axes[0], "batch_normalization")
        rank = len(inputs.shape.as_list())
        channel_axis = axes[0] % rank
        dtype = _of_parameters(inputs)

        def parameter(name, initializer, regularizer=None, constraint=None, trainable=trainable):
            return variable_of(name, [size], dtype, initializer, regularizer, constraint, trainable)

        gamma = beta = None
        if scale:
            gamma = parameter("gamma", gamma_initializer, gamma_regularizer, gamma_constraint)
        if center:
            beta = parameter("beta", beta_initializer, beta_regularizer, beta_constraint)
        with unpartitioned():
            moving_mean = parameter("moving_mean", moving_mean_initializer, trainable=False)
            moving_variance = parameter("moving_variance", moving_variance_initializer, trainable=False)

        fused = rank == 4 and channel_axis in (1, 3) and fused in (None, True)
        if fused:
            outputs, mean, variance = fused_batch_norm(
                inputs, channel_axis, size, gamma, beta, moving_mean, moving_variance, epsilon, training, dtype
            )
        else:
            outputs, mean, variance = plain_batch_norm(
                inputs, channel_axis, gamma, beta, moving_mean, moving_variance, epsilon, training, dtype
            )

        if trainable and static(training) is not False and not build_hooks.keeps_averages():
            # TF 1.15 rounds the momentum to float32 before it takes it from 1 when it fuses, and
            # after when it does not: the last bits of 0.01 differ.
            decay = tf.cast(1.0 - (tf.cast(momentum, tf.float32) if fused else momentum), dtype)
            _add_moving_average(moving_mean, mean, decay, training)
            _add_moving_average(moving_variance, variance, decay, training)
        return outputs


def _of_parameters(inputs):
    """Returns the parameters' type: that of half-precision inputs is float32, as in TF 1.15."""
    return tf.float32 if inputs.dtype in (tf.float16, tf.bfloat16) else inputs.dtype


def fused_batch_norm(inputs, channel_axis, size, gamma, beta, moving_mean, moving_variance, epsilon, training, dtype):
    """Returns (outputs, mean, unbiased variance) from TensorFlow's fused kernel, rank 4."""
    data_format = "channels_first" if channel_axis == 1 else "channels_last"
    inputs = channels_last(inputs, data_format, "batch_normalization")
    gamma = tf.ones([size], dtype) if gamma is None else gamma
    beta = tf.zeros([size], dtype) if beta is None else beta
    outputs, mean, variance = cond(
        training,
        lambda: tf.nn.fused_batch_norm(inputs, gamma, beta, epsilon=epsilon),
        lambda: tf.nn.fused_batch_norm(
            inputs, gamma, beta, mean=moving_mean, variance=moving_variance, epsilon=epsilon, is_training=False
        ),
    )
    return back_to(data_format, outputs), mean, variance


def plain_batch_norm(inputs, channel_axis, gamma, beta, moving_mean, moving_variance, epsilon, training, dtype):
    """Returns (outputs, mean, biased variance) from the formula, any rank."""
    shape = inputs.shape.as_list()
    others = [axis for axis in range(len(shape)) if axis != channel_axis]

    if static(training) is False:
        mean, variance = moving_mean, moving_variance
    else:
        moments = tf.nn.moments(tf.cast(inputs, dtype), others)

        def moment_or_average(moment, moving):
            return cond(training, lambda: moment, lambda: tf.convert_to_tensor(moving))

        mean, variance = map(moment_or_average, moments, (moving_mean, moving_variance))

    def broadcast(value):
        if value is None:
            return None
        value = tf.cast(value, inputs.dtype)
        if channel_axis == len(shape) - 1:
            return value
        return tf.reshape(value, [shape[channel_axis] if a == channel_axis else 1 for a in range(len(shape))])

    outputs = tf.nn.batch_normalization(
        inputs, broadcast(mean), broadcast(variance), broadcast(beta), broadcast(gamma), epsilon
    )
    outputs.set_shape(shape)
    return outputs, mean, variance


def _add_moving_average(moving, value, decay, training):
    """Adds `moving -= (moving - value) * decay` to UPDATE_OPS; out of training it does nothing."""
    with tf.name_scope("AssignMovingAvg"):
        step = cond(
            training,
            lambda: (moving - tf.cast(value, moving.dtype)) * decay,
            lambda: tf.zeros(moving.shape, moving.dtype),
        )
        tf.add_to_collection(tf.GraphKeys.UPDATE_OPS, tf.assign_sub(moving, step).op)


BatchNormalization = layer_class(
    "BatchNormalization", batch_normalization, last=("fused", "trainable", "virtual_batch_size", "adjustment")
)
