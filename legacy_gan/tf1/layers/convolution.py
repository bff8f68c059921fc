"""tf.layers' convolutions of one, two and three axes."""

import tensorflow.compat.v1 as tf

from legacy_gan.tf1.backend import precision, spectral
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


def conv1d(
    inputs,
    filters,
    kernel_size,
    strides=1,
    padding="valid",
    data_format="channels_last",
    dilation_rate=1,
    activation=None,
    use_bias=True,
    kernel_initializer=None,
    bias_initializer=_ZEROS,
    kernel_regularizer=None,
    bias_regularizer=None,
    activity_regularizer=None,
    kernel_constraint=None,
    bias_constraint=None,
    trainable=True,
    name=None,
    reuse=None,
):
    """A 1-D convolution, as conv2d of [batch, width, channels].

    Args:
      kernel_size, strides, dilation_rate: an int, or a list of one.
      padding: "valid", "same", or "causal": zeros before the first value, so that no output sees a
        later input.
    """
    return _convolution("conv1d", 1, **locals())


def conv2d(
    inputs,
    filters,
    kernel_size,
    strides=(1, 1),
    padding="valid",
    data_format="channels_last",
    dilation_rate=(1, 1),
    activation=None,
    use_bias=True,
    kernel_initializer=None,
    bias_initializer=_ZEROS,
    kernel_regularizer=None,
    bias_regularizer=None,
    activity_regularizer=None,
    kernel_constraint=None,
    bias_constraint=None,
    trainable=True,
    name=None,
    reuse=None,
):
    """A 2-D convolution (cross-correlation, as everywhere in TensorFlow) with bias and activation.

    Args:
      inputs: float [batch, height, width, channels], or [batch, channels, height, width] with
        data_format "channels_first"; channels known.
      filters: int, the channels of the output.
      kernel_size, strides, dilation_rate: an int, or two.
      padding: "valid" or "same".
    Returns:
      float, laid out as the inputs. Variables: `<scope>/kernel` [height, width, channels,
      filters], `<scope>/bias` [filters]; the scope is `conv2d` (then `conv2d_1`, ...).
    Raises:
      ValueError: for another rank, unknown channels, or an unknown padding or data_format.
    """
    return _convolution("conv2d", 2, **locals())


def conv3d(
    inputs,
    filters,
    kernel_size,
    strides=(1, 1, 1),
    padding="valid",
    data_format="channels_last",
    dilation_rate=(1, 1, 1),
    activation=None,
    use_bias=True,
    kernel_initializer=None,
    bias_initializer=_ZEROS,
    kernel_regularizer=None,
    bias_regularizer=None,
    activity_regularizer=None,
    kernel_constraint=None,
    bias_constraint=None,
    trainable=True,
    name=None,
    reuse=None,
):
    """A 3-D convolution, as conv2d of [batch, depth, height, width, channels]."""
    return _convolution("conv3d", 3, **locals())


def _convolution(
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
    activation,
    activity_regularizer,
    kernel_initializer,
    kernel_regularizer,
    kernel_constraint,
    trainable,
    **bias,
):
    """What conv1d, conv2d and conv3d compute; `bias` holds the options of add_bias."""
    with layer_scope(name, layer, reuse):
        activation = activation_of(activation)
        inputs, channels, kernel_size, strides = convolution_arguments(
            layer, rank, inputs, data_format, kernel_size, strides
        )
        dilation_rate = sizes_of(dilation_rate, rank, "dilation_rate")
        inputs, padding = pad_inputs(inputs, padding, layer, rank, kernel_size, dilation_rate)
        kernel = variable_of(
            "kernel",
            kernel_size + [channels, int(filters)],
            inputs.dtype,
            kernel_initializer,
            kernel_regularizer,
            kernel_constraint,
            trainable,
        )

        def convolution(inputs, kernel):
            if rank == 2 and spectral.serves(
                inputs.shape.as_list(), kernel.shape.as_list(), strides, padding, dilation_rate
            ):
                return spectral.conv2d(inputs, kernel, strides)
            return tf.nn.convolution(
                inputs, kernel, padding=padding, strides=strides, dilation_rate=dilation_rate, name=f"Conv{rank}D"
            )

        outputs = precision.product(convolution, inputs, kernel)
        outputs = add_bias(outputs, filters, trainable, **bias)
        return finish(back_to(data_format, outputs), activation, activity_regularizer)


Conv1D = layer_class("Conv1D", conv1d)
Conv2D = layer_class("Conv2D", conv2d)
Conv3D = layer_class("Conv3D", conv3d)
