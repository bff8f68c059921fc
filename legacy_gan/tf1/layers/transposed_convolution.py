"""tf.layers' transposed convolutions, often called deconvolutions."""

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
    padding_of,
    variable_of,
)

_ZEROS = tf.zeros_initializer()


def conv2d_transpose(
    inputs,
    filters,
    kernel_size,
    strides=(1, 1),
    padding="valid",
    data_format="channels_last",
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
    """A transposed 2-D convolution, often called a deconvolution, with bias and activation.

    The output is `size * stride` with padding "same" and `size * stride + max(kernel - stride, 0)`
    with "valid".

    Args:
      inputs, filters, kernel_size, strides, padding, data_format: as for conv2d.
    Returns:
      float, laid out as the inputs. Variables: `<scope>/kernel` [height, width, filters,
      channels], `<scope>/bias` [filters]; the scope is `conv2d_transpose` (then `..._1`, ...).
    Raises:
      ValueError: as for conv2d.
    """
    return _transposed_convolution("conv2d_transpose", 2, **locals())


def conv3d_transpose(
    inputs,
    filters,
    kernel_size,
    strides=(1, 1, 1),
    padding="valid",
    data_format="channels_last",
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
    """A transposed 3-D convolution, as conv2d_transpose of [batch, depth, height, width, channels]."""
    return _transposed_convolution("conv3d_transpose", 3, **locals())


def _transposed_convolution(
    layer,
    rank,
    inputs,
    filters,
    kernel_size,
    strides,
    padding,
    data_format,
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
    """What conv2d_transpose and conv3d_transpose compute; `bias` holds the options of add_bias."""
    with layer_scope(name, layer, reuse):
        activation = activation_of(activation)
        inputs, channels, kernel_size, strides = convolution_arguments(
            layer, rank, inputs, data_format, kernel_size, strides
        )
        padding = padding_of(padding, layer)
        kernel = variable_of(
            "kernel",
            kernel_size + [int(filters), channels],
            inputs.dtype,
            kernel_initializer,
            kernel_regularizer,
            kernel_constraint,
            trainable,
        )

        def output_size(size, axis):
            extra = max(kernel_size[axis] - strides[axis], 0) if padding == "VALID" else 0
            return size * strides[axis] + extra

        known, dynamic = inputs.shape.as_list(), tf.shape(inputs)
        sizes = [
            output_size(dynamic[axis + 1] if known[axis + 1] is None else known[axis + 1], axis) for axis in range(rank)
        ]
        shape = (
            [known[0]]
            + [None if known[a + 1] is None else output_size(known[a + 1], a) for a in range(rank)]
            + [int(filters)]
        )

        def convolution(inputs, kernel):
            if rank == 2 and spectral.serves(shape, kernel.shape.as_list(), strides, padding):
                return spectral.conv2d_transpose(inputs, kernel, strides)
            transposed = tf.nn.conv2d_transpose if rank == 2 else tf.nn.conv3d_transpose
            return transposed(
                inputs,
                kernel,
                tf.stack([dynamic[0]] + sizes + [int(filters)]),
                strides=[1] + strides + [1],
                padding=padding,
            )

        outputs = precision.product(convolution, inputs, kernel)
        outputs.set_shape(shape)
        outputs = add_bias(outputs, filters, trainable, **bias)
        return finish(back_to(data_format, outputs), activation, activity_regularizer)


Conv2DTranspose = layer_class("Conv2DTranspose", conv2d_transpose)
Conv3DTranspose = layer_class("Conv3DTranspose", conv3d_transpose)
