"""tf.layers as TensorFlow 1.15 had it, written on get_variable: no Keras on any version.

Every function has TF 1.15's argument names, order and defaults, makes variables of the same
names and initial distributions in the enclosing variable_scope, follows its reuse, and computes
the same numbers. Tensors are float32 unless the input is of another floating type. Each class
(`tf.layers.Dense(10)(x)`) is the object form of its function, see legacy_gan.tf1.layer_base.

Source: the interface and defaults of tf.layers in TensorFlow 1.15.5.
"""

import numbers

import tensorflow.compat.v1 as tf

from legacy_gan.tf1.backend import build_hooks, precision, spectral
from legacy_gan.tf1.layer_base import (
    Layer,
    activation_of,
    back_to,
    channels_last,
    check_data_format,
    cond,
    finish,
    floating,
    initializer_of,
    known_rank,
    known_size,
    layer_class,
    layer_scope,
    padding_of,
    plain_scope,
    sizes_of,
    static,
    variable_of,
)
from legacy_gan.tf1.namespace import refusal

__all__ = [
    "AveragePooling1D",
    "AveragePooling2D",
    "AveragePooling3D",
    "BatchNormalization",
    "Conv1D",
    "Conv2D",
    "Conv2DTranspose",
    "Conv3D",
    "Conv3DTranspose",
    "Dense",
    "Dropout",
    "Flatten",
    "Layer",
    "MaxPooling1D",
    "MaxPooling2D",
    "MaxPooling3D",
    "SeparableConv1D",
    "SeparableConv2D",
    "average_pooling1d",
    "average_pooling2d",
    "average_pooling3d",
    "batch_normalization",
    "conv1d",
    "conv2d",
    "conv2d_transpose",
    "conv3d",
    "conv3d_transpose",
    "dense",
    "dropout",
    "flatten",
    "max_pooling1d",
    "max_pooling2d",
    "max_pooling3d",
    "separable_conv1d",
    "separable_conv2d",
]

_activation, _initializer = activation_of, initializer_of  # by these names rnn_cell knows them

# What a default of tf.layers means: zeros for biases and beta, ones for gamma and variances.
_ZEROS = tf.zeros_initializer()
_ONES = tf.ones_initializer()


__getattr__ = refusal("tf.layers", __all__)


def dense(
    inputs,
    units,
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
    """A fully connected layer: activation(inputs @ kernel + bias).

    Args:
      inputs: float [batch, ..., n], n known.
      units: int, the width of the output.
      activation: a function of a tensor, or its name in tf.nn, or None (linear).
      kernel_initializer: None takes the scope's, and without one glorot_uniform.
      name, reuse: the variable scope, `dense` (then `dense_1`, ...) without a name.
    Returns:
      float [batch, ..., units]. Variables: `<scope>/kernel` [n, units], `<scope>/bias` [units].
    Raises:
      ValueError: if n is unknown, or the variables exist and reuse is not on.
    """
    with layer_scope(name, "dense", reuse):
        activation = activation_of(activation)
        inputs = floating(inputs, "dense")
        size = known_size(inputs, -1, "dense", min_rank=2)
        shape = inputs.shape.as_list()
        kernel = variable_of(
            "kernel",
            [size, int(units)],
            inputs.dtype,
            kernel_initializer,
            kernel_regularizer,
            kernel_constraint,
            trainable,
        )
        if len(shape) == 2:
            outputs = precision.product(tf.matmul, inputs, kernel)
        else:
            axes = [[len(shape) - 1], [0]]
            outputs = precision.product(lambda a, b: tf.tensordot(a, b, axes), inputs, kernel)
            outputs.set_shape(shape[:-1] + [int(units)])
        outputs = _biased(outputs, units, trainable, use_bias, bias_initializer, bias_regularizer, bias_constraint)
        return finish(outputs, activation, activity_regularizer)


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
    """What conv1d, conv2d and conv3d compute; `bias` holds the options of _biased."""
    with layer_scope(name, layer, reuse):
        activation = activation_of(activation)
        inputs = channels_last(floating(inputs, layer), data_format, layer, rank)
        channels = known_size(inputs, -1, layer)
        kernel_size = sizes_of(kernel_size, rank, "kernel_size")
        strides = sizes_of(strides, rank, "strides")
        dilation_rate = sizes_of(dilation_rate, rank, "dilation_rate")
        inputs, padding = _padded(inputs, padding, layer, rank, kernel_size, dilation_rate)
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
        outputs = _biased(outputs, filters, trainable, **bias)
        return finish(back_to(data_format, outputs), activation, activity_regularizer)


def _padded(inputs, padding, layer, rank, kernel_size, dilation_rate):
    """Returns the inputs and VALID or SAME; in 1-D the zeros of "causal" are put before them."""
    padding = padding_of(padding, layer, ("valid", "same", "causal")[: 3 if rank == 1 else 2])
    if padding == "CAUSAL":
        before = (kernel_size[0] - 1) * dilation_rate[0]
        return tf.pad(inputs, [[0, 0], [before, 0], [0, 0]]), "VALID"
    return inputs, padding


def _biased(outputs, filters, trainable, use_bias, bias_initializer, bias_regularizer, bias_constraint):
    """Adds the variable `bias` to [..., filters], if there is one."""
    if not use_bias:
        return outputs
    bias = variable_of(
        "bias", [int(filters)], outputs.dtype, bias_initializer, bias_regularizer, bias_constraint, trainable
    )
    return tf.nn.bias_add(outputs, bias)


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
    """What conv2d_transpose and conv3d_transpose compute; `bias` holds the options of _biased."""
    with layer_scope(name, layer, reuse):
        activation = activation_of(activation)
        inputs = channels_last(floating(inputs, layer), data_format, layer, rank)
        channels = known_size(inputs, -1, layer)
        kernel_size = sizes_of(kernel_size, rank, "kernel_size")
        strides = sizes_of(strides, rank, "strides")
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
        outputs = _biased(outputs, filters, trainable, **bias)
        return finish(back_to(data_format, outputs), activation, activity_regularizer)


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
    """What separable_conv1d and separable_conv2d compute; `bias` holds the options of _biased."""
    with layer_scope(name, layer, reuse):
        activation = activation_of(activation)
        inputs = channels_last(floating(inputs, layer), data_format, layer, rank)
        channels = known_size(inputs, -1, layer)
        kernel_size = sizes_of(kernel_size, rank, "kernel_size")
        strides = sizes_of(strides, rank, "strides")
        dilation_rate = sizes_of(dilation_rate, rank, "dilation_rate")
        inputs, padding = _padded(inputs, padding, layer, rank, kernel_size, dilation_rate)
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
        outputs = _biased(outputs, filters, trainable, **bias)
        if rank == 1:
            outputs = tf.squeeze(outputs, [1])
        return finish(back_to(data_format, outputs), activation, activity_regularizer)


def max_pooling1d(inputs, pool_size, strides, padding="valid", data_format="channels_last", name=None):
    """As max_pooling2d, of [batch, width, channels]."""
    return _pooling("max_pooling1d", 1, tf.nn.max_pool, **locals())


def max_pooling2d(inputs, pool_size, strides, padding="valid", data_format="channels_last", name=None):
    """The largest value of each pool_size window, windows `strides` apart.

    Args:
      inputs: float [batch, height, width, channels], or "channels_first".
      pool_size, strides: an int, or two.
      padding: "valid" or "same".
    Returns:
      float, laid out as the inputs.
    Raises:
      ValueError: for another rank or an unknown padding or data_format.
    """
    return _pooling("max_pooling2d", 2, tf.nn.max_pool, **locals())


def max_pooling3d(inputs, pool_size, strides, padding="valid", data_format="channels_last", name=None):
    """As max_pooling2d, of [batch, depth, height, width, channels]."""
    return _pooling("max_pooling3d", 3, tf.nn.max_pool3d, **locals())


def average_pooling1d(inputs, pool_size, strides, padding="valid", data_format="channels_last", name=None):
    """As average_pooling2d, of [batch, width, channels]."""
    return _pooling("average_pooling1d", 1, tf.nn.avg_pool, **locals())


def average_pooling2d(inputs, pool_size, strides, padding="valid", data_format="channels_last", name=None):
    """As max_pooling2d, but the mean of each window; "same" counts no place outside of the inputs."""
    return _pooling("average_pooling2d", 2, tf.nn.avg_pool, **locals())


def average_pooling3d(inputs, pool_size, strides, padding="valid", data_format="channels_last", name=None):
    """As average_pooling2d, of [batch, depth, height, width, channels]."""
    return _pooling("average_pooling3d", 3, tf.nn.avg_pool3d, **locals())


def _pooling(layer, rank, pool, inputs, pool_size, strides, padding, data_format, name):
    """What the six pooling layers compute, by TensorFlow's `pool` of two or three axes."""
    with plain_scope(name, layer):
        inputs = channels_last(tf.convert_to_tensor(inputs), data_format, layer, rank)
        pool_size, strides = sizes_of(pool_size, rank, "pool_size"), sizes_of(strides, rank, "strides")
        if rank == 1:  # as an image of one column
            inputs, pool_size, strides = tf.expand_dims(inputs, 2), pool_size + [1], strides + [1]
        outputs = pool(
            inputs, ksize=[1] + pool_size + [1], strides=[1] + strides + [1], padding=padding_of(padding, layer)
        )
        if rank == 1:
            outputs = tf.squeeze(outputs, [2])
        return back_to(data_format, outputs)


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
      axis: int, the channels' axis.
      training: bool, or a scalar bool tensor.
      fused: None or True for TF 1.15's choice above; False never fuses.
    Returns:
      float, the inputs' shape. Variables, each [channels]: `<scope>/gamma`, `beta`,
      `moving_mean`, `moving_variance`; the scope is `batch_normalization` (then `..._1`, ...).
    Raises:
      NotImplementedError: for renorm, virtual_batch_size, adjustment or several axes.
      ValueError: if the size of `axis` is unknown.
    Source: Ioffe and Szegedy 2015; tf.layers of TensorFlow 1.15.5.
    """
    if renorm or virtual_batch_size is not None or adjustment is not None:
        raise NotImplementedError(
            "batch_normalization: renorm, virtual_batch_size and adjustment are not served; "
            "leave them at their defaults"
        )
    with layer_scope(name, "batch_normalization", reuse):
        inputs = floating(inputs, "batch_normalization")
        axes = list(axis) if isinstance(axis, (list, tuple)) else [axis]
        if len(axes) != 1:
            raise NotImplementedError(f"batch_normalization: axis must be one axis, got {axis}")
        size = known_size(inputs, axes[0], "batch_normalization")
        rank = len(inputs.shape.as_list())
        channel_axis = axes[0] % rank
        # Parameters of half-precision inputs are float32, as in TF 1.15.
        half = inputs.dtype in (tf.float16, tf.bfloat16)
        dtype = tf.float32 if half else inputs.dtype

        def parameter(name, initializer, regularizer=None, constraint=None, trainable=trainable):
            return variable_of(name, [size], dtype, initializer, regularizer, constraint, trainable)

        gamma = beta = None
        if scale:
            gamma = parameter("gamma", gamma_initializer, gamma_regularizer, gamma_constraint)
        if center:
            beta = parameter("beta", beta_initializer, beta_regularizer, beta_constraint)
        moving_mean = parameter("moving_mean", moving_mean_initializer, trainable=False)
        moving_variance = parameter("moving_variance", moving_variance_initializer, trainable=False)

        fused = rank == 4 and channel_axis in (1, 3) and fused in (None, True)
        if fused:
            outputs, mean, variance = _fused_batch_norm(
                inputs, channel_axis, size, gamma, beta, moving_mean, moving_variance, epsilon, training, dtype
            )
        else:
            outputs, mean, variance = _plain_batch_norm(
                inputs, channel_axis, gamma, beta, moving_mean, moving_variance, epsilon, training, dtype
            )

        if trainable and static(training) is not False and not build_hooks.keeps_averages():
            # TF 1.15 rounds the momentum to float32 before it takes it from 1 when it fuses, and
            # after when it does not: the last bits of 0.01 differ.
            decay = tf.cast(1.0 - (tf.cast(momentum, tf.float32) if fused else momentum), dtype)
            _add_moving_average(moving_mean, mean, decay, training)
            _add_moving_average(moving_variance, variance, decay, training)
        return outputs


def _fused_batch_norm(inputs, channel_axis, size, gamma, beta, moving_mean, moving_variance, epsilon, training, dtype):
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


def _plain_batch_norm(inputs, channel_axis, gamma, beta, moving_mean, moving_variance, epsilon, training, dtype):
    """Returns (outputs, mean, biased variance) from the formula, any rank."""
    shape = inputs.shape.as_list()
    others = [axis for axis in range(len(shape)) if axis != channel_axis]

    if static(training) is False:
        mean, variance = moving_mean, moving_variance
    else:
        moments = tf.nn.moments(tf.cast(inputs, dtype), others)
        mean, variance = (
            cond(training, lambda: moment, lambda: tf.convert_to_tensor(moving))
            for moment, moving in zip(moments, (moving_mean, moving_variance))
        )

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


def dropout(inputs, rate=0.5, noise_shape=None, seed=None, training=False, name=None):
    """Zeroes each value with probability `rate` in training and scales the rest by 1/(1 - rate).

    Args:
      inputs: float, any shape.
      rate: float, 0 <= rate < 1, or a scalar tensor: the share that is dropped.
      noise_shape: shape of the mask, None for an axis as long as the inputs'.
      training: bool, or a scalar bool tensor; out of training the inputs pass unchanged.
    Returns:
      float, the inputs' shape.
    Raises:
      ValueError: if rate is a number outside of that.
    """
    if isinstance(rate, numbers.Real) and not 0 <= rate < 1:
        raise ValueError(f"dropout: rate must be at least 0 and below 1, got {rate}")
    with plain_scope(name, "dropout"):
        inputs = tf.convert_to_tensor(inputs)

        def dropped():
            kept = build_hooks.source()
            if kept is None or seed is not None or noise_shape is not None:
                shape = noise_shape
                if isinstance(shape, (list, tuple)):
                    sizes = tf.shape(inputs)
                    shape = tf.stack([sizes[i] if size is None else size for i, size in enumerate(shape)])
                return tf.nn.dropout(inputs, noise_shape=shape, seed=seed, rate=rate)
            return tf.where(kept(inputs, rate), inputs / (1 - rate), tf.zeros_like(inputs))

        return cond(training, dropped, lambda: tf.identity(inputs))


def flatten(inputs, name=None, data_format="channels_last"):
    """Makes [batch, n] of [batch, ...]; "channels_first" puts the channels last before it.

    Returns:
      the inputs' type, [batch, product of the other sizes].
    """
    check_data_format(data_format, "flatten")
    with plain_scope(name, "flatten"):
        inputs = tf.convert_to_tensor(inputs)
        rank = known_rank(inputs, "flatten", 1)
        if data_format == "channels_first" and rank > 1:
            inputs = tf.transpose(inputs, [0] + list(range(2, rank)) + [1])
        sizes = inputs.shape.as_list()
        batch, rest = sizes[0], sizes[1:]
        outputs = tf.reshape(inputs, [tf.shape(inputs)[0] if batch is None else batch, -1])
        size = None
        if all(length is not None for length in rest):
            size = 1
            for length in rest:
                size *= length
        outputs.set_shape([batch, size])
        return outputs


Dense = layer_class("Dense", dense)
Conv1D = layer_class("Conv1D", conv1d)
Conv2D = layer_class("Conv2D", conv2d)
Conv3D = layer_class("Conv3D", conv3d)
Conv2DTranspose = layer_class("Conv2DTranspose", conv2d_transpose)
Conv3DTranspose = layer_class("Conv3DTranspose", conv3d_transpose)
SeparableConv1D = layer_class("SeparableConv1D", separable_conv1d)
SeparableConv2D = layer_class("SeparableConv2D", separable_conv2d)
AveragePooling1D = layer_class("AveragePooling1D", average_pooling1d)
AveragePooling2D = layer_class("AveragePooling2D", average_pooling2d)
AveragePooling3D = layer_class("AveragePooling3D", average_pooling3d)
MaxPooling1D = layer_class("MaxPooling1D", max_pooling1d)
MaxPooling2D = layer_class("MaxPooling2D", max_pooling2d)
MaxPooling3D = layer_class("MaxPooling3D", max_pooling3d)
BatchNormalization = layer_class(
    "BatchNormalization", batch_normalization, last=("fused", "trainable", "virtual_batch_size", "adjustment")
)
Dropout = layer_class("Dropout", dropout)
Flatten = layer_class("Flatten", flatten)
