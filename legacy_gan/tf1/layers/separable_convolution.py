"""tf.layers' separable convolutions: each channel on its own, then the channels in each place."""

import tensorflow.compat.v1 as tf

from legacy_gan.tf1.layers.base import (
    activation_of,
    add_bias,
    back_to,
    convolution_arguments,
    finish,
    layer_class,
    layer_scope,
    pad_inputs,
    sizes_of,
    variable_of,
)

_ZEROS = tf.zeros_initializer()


def separable_conv1d(
    inputs,
    filters,
    kernel_size,
    strides=1,
    padding="valid",
    data_format="channels_last",
    dilation_rate=1,
    depth_multiplier=1,
    activation=None,
    use_bias=True,
    depthwise_initializer=None,
    pointwise_initializer=None,
    bias_initializer=_ZEROS,
    depthwise_regularizer=None,
    pointwise_regularizer=None,
    bias_regularizer=None,
    activity_regularizer=None,
    depthwise_constraint=None,
    pointwise_constraint=None,
    bias_constraint=None,
    trainable=True,
    name=None,
    reuse=None,
):
    """A separable_conv2d of [batch, width, channels]; padding may be "causal", as in conv1d."""
    return _separable_convolution("separable_conv1d", 1, **locals())


def separable_conv2d(
    inputs,
    filters,
    kernel_size,
    strides=(1, 1),
    padding="valid",
    data_format="channels_last",
    dilation_rate=(1, 1),
    depth_multiplier=1,
    activation=None,
    use_bias=True,
    depthwise_initializer=None,
    pointwise_initializer=None,
    bias_initializer=_ZEROS,
    depthwise_regularizer=None,
    pointwise_regularizer=None,
    bias_regularizer=None,
    activity_regularizer=None,
    depthwise_constraint=None,
    pointwise_constraint=None,
    bias_constraint=None,
    trainable=True,
    name=None,
    reuse=None,
):
    """Convolves each channel on its own, then mixes the channels in each place.

    Args:
      inputs, filters, kernel_size, strides, padding, data_format, dilation_rate: as for conv2d.
      depth_multiplier: int, how many kernels each channel has.
    Returns:
      float, laid out as the inputs. Variables: `<scope>/depthwise_kernel` [height, width, channels,
      depth_multiplier], `<scope>/pointwise_kernel` [1, 1, channels * depth_multiplier, filters],
      `<scope>/bias` [filters]; the scope is `separable_conv2d` (then `..._1`, ...).
    Raises:
      ValueError: as for conv2d.
    """
    return _separable_convolution("separable_conv2d", 2, **locals())


def _separable_convolution(
    layer,
    rank,
    inputs,
    filters,
    kernel_size,
    strides,
    padding,
    data_format,
    dilation_rate,
    name,
    reuse,
    depth_multiplier,
    activation,
    activity_regularizer,
    depthwise_initializer,
    depthwise_regularizer,
    depthwise_constraint,
    pointwise_initializer,
    pointwise_regularizer,
    pointwise_constraint,
    trainable,
    **bias,
):
    """What separable_conv1d and separable_conv2d compute; `bias` holds the options of add_bias."""
    with layer_scope(name, layer, reuse):
        activation = activation_of(activation)
        inputs, channels, kernel_size, strides = convolution_arguments(
            layer, rank, inputs, data_format, kernel_size, strides
        )
        dilation_rate = sizes_of(dilation_rate, rank, "dilation_rate")
        inputs, padding = pad_inputs(inputs, padding, layer, rank, kernel_size, dilation_rate)
        depthwise = variable_of(
            "depthwise_kernel",
            kernel_size + [channels, depth_multiplier],
            inputs.dtype,
            depthwise_initializer,
            depthwise_regularizer,
            depthwise_constraint,
            trainable,
        )
        pointwise = variable_of(
            "pointwise_kernel",
            [1] * rank + [channels * depth_multiplier, int(filters)],
            inputs.dtype,
            pointwise_initializer,
            pointwise_regularizer,
            pointwise_constraint,
            trainable,
        )
        if rank == 1:  # as an image of one row
            inputs, depthwise, pointwise = (
                tf.expand_dims(value, axis) for value, axis in ((inputs, 1), (depthwise, 0), (pointwise, 0))
            )
            strides, dilation_rate = strides * 2, [1] + dilation_rate
        outputs = tf.nn.separable_conv2d(
            inputs, depthwise, pointwise, strides=[1] + strides + [1], padding=padding, rate=dilation_rate
        )
        outputs = add_bias(outputs, filters, trainable, **bias)
        if rank == 1:
            outputs = tf.squeeze(outputs, [1])
        return finish(back_to(data_format, outputs), activation, activity_regularizer)


SeparableConv1D = layer_class("SeparableConv1D", separable_conv1d)
SeparableConv2D = layer_class("SeparableConv2D", separable_conv2d)
