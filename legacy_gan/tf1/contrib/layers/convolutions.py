"""tf.contrib.layers' convolutions and transposed convolutions."""

import tensorflow.compat.v1 as tf

from legacy_gan.tf1 import layers as core
from legacy_gan.tf1.contrib.framework import add_arg_scope
from legacy_gan.tf1.contrib.layers.common import ZEROS, core_data_format, weighted_layer
from legacy_gan.tf1.contrib.layers.initializers import xavier_initializer


def _convolve(make, default_scope, stride, **options):
    """What every convolution does with the core layer class `make`."""
    return weighted_layer(make, default_scope, strides=stride, **options)


@add_arg_scope
def convolution(
    inputs,
    num_outputs,
    kernel_size,
    stride=1,
    padding="SAME",
    data_format=None,
    rate=1,
    activation_fn=tf.nn.relu,
    normalizer_fn=None,
    normalizer_params=None,
    weights_initializer=xavier_initializer(),
    weights_regularizer=None,
    biases_initializer=ZEROS,
    biases_regularizer=None,
    reuse=None,
    variables_collections=None,
    outputs_collections=None,
    trainable=True,
    scope=None,
    conv_dims=None,
):
    """A convolution of one to three axes, as many as the inputs have between batch and channels.

    Args:
      inputs: float [batch, sizes, channels], or with data_format "NC..." [batch, channels, sizes].
      num_outputs: int, the channels of the output.
      kernel_size, stride, rate: an int, or one for each axis.
      padding: "SAME" or "VALID".
      conv_dims: int, how many axes there must be; None for any.
    Returns:
      float, laid out as the inputs. Variables: `Conv/weights` [kernel_size, channels, num_outputs],
      `Conv/biases`.
    Raises:
      ValueError: for another rank.
    """
    options = dict(locals())
    inputs = options["inputs"] = tf.convert_to_tensor(inputs)
    rank = (inputs.shape.ndims or 0) - 2
    if rank not in ((1, 2, 3) if conv_dims is None else (conv_dims,)):
        raise ValueError(
            "convolution: inputs must have {} dimensions, got shape {}".format(
                "3 to 5" if conv_dims is None else conv_dims + 2, inputs.shape
            )
        )
    options["data_format"] = core_data_format(data_format, rank)
    options["dilation_rate"] = options.pop("rate")
    del options["conv_dims"]
    return _convolve({1: core.Conv1D, 2: core.Conv2D, 3: core.Conv3D}[rank], "Conv", **options)


@add_arg_scope
def convolution1d(
    inputs,
    num_outputs,
    kernel_size,
    stride=1,
    padding="SAME",
    data_format=None,
    rate=1,
    activation_fn=tf.nn.relu,
    normalizer_fn=None,
    normalizer_params=None,
    weights_initializer=xavier_initializer(),
    weights_regularizer=None,
    biases_initializer=ZEROS,
    biases_regularizer=None,
    reuse=None,
    variables_collections=None,
    outputs_collections=None,
    trainable=True,
    scope=None,
):
    """convolution of [batch, width, channels]."""
    return convolution.__wrapped__(conv_dims=1, **locals())


@add_arg_scope
def convolution2d(
    inputs,
    num_outputs,
    kernel_size,
    stride=1,
    padding="SAME",
    data_format=None,
    rate=1,
    activation_fn=tf.nn.relu,
    normalizer_fn=None,
    normalizer_params=None,
    weights_initializer=xavier_initializer(),
    weights_regularizer=None,
    biases_initializer=ZEROS,
    biases_regularizer=None,
    reuse=None,
    variables_collections=None,
    outputs_collections=None,
    trainable=True,
    scope=None,
):
    """convolution of [batch, height, width, channels]."""
    return convolution.__wrapped__(conv_dims=2, **locals())


@add_arg_scope
def convolution3d(
    inputs,
    num_outputs,
    kernel_size,
    stride=1,
    padding="SAME",
    data_format=None,
    rate=1,
    activation_fn=tf.nn.relu,
    normalizer_fn=None,
    normalizer_params=None,
    weights_initializer=xavier_initializer(),
    weights_regularizer=None,
    biases_initializer=ZEROS,
    biases_regularizer=None,
    reuse=None,
    variables_collections=None,
    outputs_collections=None,
    trainable=True,
    scope=None,
):
    """convolution of [batch, depth, height, width, channels]."""
    return convolution.__wrapped__(conv_dims=3, **locals())


@add_arg_scope
def convolution2d_transpose(
    inputs,
    num_outputs,
    kernel_size,
    stride=1,
    padding="SAME",
    data_format="NHWC",
    activation_fn=tf.nn.relu,
    normalizer_fn=None,
    normalizer_params=None,
    weights_initializer=xavier_initializer(),
    weights_regularizer=None,
    biases_initializer=ZEROS,
    biases_regularizer=None,
    reuse=None,
    variables_collections=None,
    outputs_collections=None,
    trainable=True,
    scope=None,
):
    """A transposed convolution, a deconvolution; variables `Conv2d_transpose/weights`, `biases`."""
    options = dict(locals(), data_format=core_data_format(data_format, 2))
    return _convolve(core.Conv2DTranspose, "Conv2d_transpose", **options)


@add_arg_scope
def convolution3d_transpose(
    inputs,
    num_outputs,
    kernel_size,
    stride=1,
    padding="SAME",
    data_format="NDHWC",
    activation_fn=tf.nn.relu,
    normalizer_fn=None,
    normalizer_params=None,
    weights_initializer=xavier_initializer(),
    weights_regularizer=None,
    biases_initializer=ZEROS,
    biases_regularizer=None,
    reuse=None,
    variables_collections=None,
    outputs_collections=None,
    trainable=True,
    scope=None,
):
    """A transposed convolution of three axes; variables `Conv3d_transpose/weights`, `biases`."""
    options = dict(locals(), data_format=core_data_format(data_format, 3))
    return _convolve(core.Conv3DTranspose, "Conv3d_transpose", **options)


conv1d, conv2d, conv3d = convolution1d, convolution2d, convolution3d
conv2d_transpose, conv3d_transpose = convolution2d_transpose, convolution3d_transpose
