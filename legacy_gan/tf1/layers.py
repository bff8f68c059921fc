"""tf.layers as TensorFlow 1.15 had it, written on get_variable: no Keras on any version.

Every function has TF 1.15's argument names, order and defaults, makes variables of the same
names and initial distributions in the enclosing variable_scope, follows its reuse, and computes
the same numbers. Tensors are float32 unless the input is of another floating type.

Source: the interface and defaults of tf.layers in TensorFlow 1.15.5.
"""

import contextlib
import numbers
import operator

import tensorflow.compat.v1 as tf

from legacy_gan.tf1 import masks, precision, spectral
from legacy_gan.tf1.errors import NotServed

__all__ = [
    "batch_normalization",
    "conv2d",
    "conv2d_transpose",
    "dense",
    "dropout",
    "flatten",
    "max_pooling2d",
]

# What a default of tf.layers means: zeros for biases and beta, ones for gamma and variances.
_ZEROS = tf.zeros_initializer()
_ONES = tf.ones_initializer()


def __getattr__(name):
    raise NotServed("tf.layers." + name, "tf.layers has " + ", ".join(__all__))


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
    with _layer_scope(name, "dense", reuse):
        activation = _activation(activation)
        inputs = _floating(inputs, "dense")
        size = _known_size(inputs, -1, "dense", min_rank=2)
        shape = inputs.shape.as_list()
        kernel = _variable(
            "kernel", [size, int(units)], inputs.dtype, kernel_initializer,
            kernel_regularizer, kernel_constraint, trainable,
        )
        if len(shape) == 2:
            outputs = precision.product(tf.matmul, inputs, kernel)
        else:
            axes = [[len(shape) - 1], [0]]
            outputs = precision.product(lambda a, b: tf.tensordot(a, b, axes), inputs, kernel)
            outputs.set_shape(shape[:-1] + [int(units)])
        if use_bias:
            bias = _variable(
                "bias", [int(units)], inputs.dtype, bias_initializer,
                bias_regularizer, bias_constraint, trainable,
            )
            outputs = tf.nn.bias_add(outputs, bias)
        return _finish(outputs, activation, activity_regularizer)


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
    with _layer_scope(name, "conv2d", reuse):
        activation = _activation(activation)
        inputs = _channels_last(_floating(inputs, "conv2d"), data_format, "conv2d")
        channels = _known_size(inputs, -1, "conv2d")
        kernel_size = _pair(kernel_size, "kernel_size")
        strides = _pair(strides, "strides")
        dilation_rate = _pair(dilation_rate, "dilation_rate")
        padding = _padding(padding, "conv2d")
        kernel = _variable(
            "kernel", kernel_size + [channels, int(filters)], inputs.dtype,
            kernel_initializer, kernel_regularizer, kernel_constraint, trainable,
        )

        def convolution(inputs, kernel):
            if spectral.serves(inputs.shape.as_list(), kernel.shape.as_list(), strides, padding,
                               dilation_rate):
                return spectral.conv2d(inputs, kernel, strides)
            return tf.nn.convolution(inputs, kernel, padding=padding, strides=strides,
                                     dilation_rate=dilation_rate, name="Conv2D")

        outputs = precision.product(convolution, inputs, kernel)
        if use_bias:
            bias = _variable(
                "bias", [int(filters)], inputs.dtype, bias_initializer,
                bias_regularizer, bias_constraint, trainable,
            )
            outputs = tf.nn.bias_add(outputs, bias)
        outputs = _back_to(data_format, outputs)
        return _finish(outputs, activation, activity_regularizer)


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
    with _layer_scope(name, "conv2d_transpose", reuse):
        activation = _activation(activation)
        inputs = _channels_last(_floating(inputs, "conv2d_transpose"), data_format,
                                "conv2d_transpose")
        channels = _known_size(inputs, -1, "conv2d_transpose")
        kernel_size = _pair(kernel_size, "kernel_size")
        strides = _pair(strides, "strides")
        padding = _padding(padding, "conv2d_transpose")
        kernel = _variable(
            "kernel", kernel_size + [int(filters), channels], inputs.dtype,
            kernel_initializer, kernel_regularizer, kernel_constraint, trainable,
        )

        def output_size(size, axis):
            extra = max(kernel_size[axis] - strides[axis], 0) if padding == "VALID" else 0
            return size * strides[axis] + extra

        static, dynamic = inputs.shape.as_list(), tf.shape(inputs)
        sizes = [
            output_size(dynamic[axis + 1] if static[axis + 1] is None else static[axis + 1], axis)
            for axis in (0, 1)
        ]
        shape = [static[0]] + [
            None if static[a + 1] is None else output_size(static[a + 1], a) for a in (0, 1)
        ] + [int(filters)]

        def convolution(inputs, kernel):
            if spectral.serves(shape, kernel.shape.as_list(), strides, padding):
                return spectral.conv2d_transpose(inputs, kernel, strides)
            return tf.nn.conv2d_transpose(
                inputs, kernel, tf.stack([dynamic[0]] + sizes + [int(filters)]),
                strides=[1] + strides + [1], padding=padding,
            )

        outputs = precision.product(convolution, inputs, kernel)
        outputs.set_shape(shape)
        if use_bias:
            bias = _variable(
                "bias", [int(filters)], inputs.dtype, bias_initializer,
                bias_regularizer, bias_constraint, trainable,
            )
            outputs = tf.nn.bias_add(outputs, bias)
        outputs = _back_to(data_format, outputs)
        return _finish(outputs, activation, activity_regularizer)


def max_pooling2d(
    inputs, pool_size, strides, padding="valid", data_format="channels_last", name=None
):
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
    with _layer_scope(None, name or "max_pooling2d", None):
        inputs = _channels_last(tf.convert_to_tensor(inputs), data_format, "max_pooling2d")
        outputs = tf.nn.max_pool(
            inputs,
            ksize=[1] + _pair(pool_size, "pool_size") + [1],
            strides=[1] + _pair(strides, "strides") + [1],
            padding=_padding(padding, "max_pooling2d"),
        )
        return _back_to(data_format, outputs)


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
    with _layer_scope(name, "batch_normalization", reuse):
        inputs = _floating(inputs, "batch_normalization")
        axes = list(axis) if isinstance(axis, (list, tuple)) else [axis]
        if len(axes) != 1:
            raise NotImplementedError(
                "batch_normalization: axis must be one axis, got {}".format(axis)
            )
        size = _known_size(inputs, axes[0], "batch_normalization")
        rank = len(inputs.shape.as_list())
        channel_axis = axes[0] % rank
        # Parameters of half-precision inputs are float32, as in TF 1.15.
        half = inputs.dtype in (tf.float16, tf.bfloat16)
        dtype = tf.float32 if half else inputs.dtype

        def parameter(name, initializer, regularizer=None, constraint=None, trainable=trainable):
            return _variable(name, [size], dtype, initializer, regularizer, constraint, trainable)

        gamma = beta = None
        if scale:
            gamma = parameter("gamma", gamma_initializer, gamma_regularizer, gamma_constraint)
        if center:
            beta = parameter("beta", beta_initializer, beta_regularizer, beta_constraint)
        moving_mean = parameter("moving_mean", moving_mean_initializer, trainable=False)
        moving_variance = parameter(
            "moving_variance", moving_variance_initializer, trainable=False
        )

        fused = rank == 4 and channel_axis in (1, 3) and fused in (None, True)
        if fused:
            outputs, mean, variance = _fused_batch_norm(
                inputs, channel_axis, size, gamma, beta, moving_mean, moving_variance,
                epsilon, training, dtype,
            )
        else:
            outputs, mean, variance = _plain_batch_norm(
                inputs, channel_axis, gamma, beta, moving_mean, moving_variance,
                epsilon, training, dtype,
            )

        if trainable and _static(training) is not False and not masks.keeps_averages():
            # TF 1.15 rounds the momentum to float32 before it takes it from 1 when it fuses, and
            # after when it does not: the last bits of 0.01 differ.
            decay = tf.cast(1.0 - (tf.cast(momentum, tf.float32) if fused else momentum), dtype)
            _add_moving_average(moving_mean, mean, decay, training)
            _add_moving_average(moving_variance, variance, decay, training)
        return outputs


def _fused_batch_norm(
    inputs, channel_axis, size, gamma, beta, moving_mean, moving_variance, epsilon, training, dtype
):
    """Returns (outputs, mean, unbiased variance) from TensorFlow's fused kernel, rank 4."""
    data_format = "channels_first" if channel_axis == 1 else "channels_last"
    inputs = _channels_last(inputs, data_format, "batch_normalization")
    gamma = tf.ones([size], dtype) if gamma is None else gamma
    beta = tf.zeros([size], dtype) if beta is None else beta
    outputs, mean, variance = _cond(
        training,
        lambda: tf.nn.fused_batch_norm(inputs, gamma, beta, epsilon=epsilon),
        lambda: tf.nn.fused_batch_norm(
            inputs,
            gamma,
            beta,
            mean=moving_mean,
            variance=moving_variance,
            epsilon=epsilon,
            is_training=False,
        ),
    )
    return _back_to(data_format, outputs), mean, variance


def _plain_batch_norm(
    inputs, channel_axis, gamma, beta, moving_mean, moving_variance, epsilon, training, dtype
):
    """Returns (outputs, mean, biased variance) from the formula, any rank."""
    shape = inputs.shape.as_list()
    others = [axis for axis in range(len(shape)) if axis != channel_axis]

    if _static(training) is False:
        mean, variance = moving_mean, moving_variance
    else:
        moments = tf.nn.moments(tf.cast(inputs, dtype), others)
        mean, variance = (
            _cond(training, lambda: moment, lambda: tf.convert_to_tensor(moving))
            for moment, moving in zip(moments, (moving_mean, moving_variance))
        )

    def broadcast(value):
        if value is None:
            return None
        value = tf.cast(value, inputs.dtype)
        if channel_axis == len(shape) - 1:
            return value
        return tf.reshape(value, [shape[channel_axis] if a == channel_axis else 1
                                  for a in range(len(shape))])

    outputs = tf.nn.batch_normalization(
        inputs, broadcast(mean), broadcast(variance), broadcast(beta), broadcast(gamma), epsilon
    )
    outputs.set_shape(shape)
    return outputs, mean, variance


def _add_moving_average(moving, value, decay, training):
    """Adds `moving -= (moving - value) * decay` to UPDATE_OPS; out of training it does nothing."""
    with tf.name_scope("AssignMovingAvg"):
        step = _cond(
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
        raise ValueError("dropout: rate must be at least 0 and below 1, got {}".format(rate))
    with _layer_scope(None, name or "dropout", None):
        inputs = tf.convert_to_tensor(inputs)
        if noise_shape is not None:
            sizes = tf.shape(inputs)
            noise_shape = tf.stack(
                [sizes[i] if size is None else size for i, size in enumerate(noise_shape)]
            )

        def dropped():
            kept = masks.source()
            if kept is None or seed is not None or noise_shape is not None:
                return tf.nn.dropout(inputs, noise_shape=noise_shape, seed=seed, rate=rate)
            return tf.where(kept(inputs, rate), inputs / (1 - rate), tf.zeros_like(inputs))

        return _cond(training, dropped, lambda: tf.identity(inputs))


def flatten(inputs, name=None, data_format="channels_last"):
    """Makes [batch, n] of [batch, ...]; "channels_first" puts the channels last before it.

    Returns:
      the inputs' type, [batch, product of the other sizes].
    """
    _check_data_format(data_format, "flatten")
    with _layer_scope(None, name or "flatten", None):
        inputs = tf.convert_to_tensor(inputs)
        rank = _known_rank(inputs, "flatten", 1)
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


@contextlib.contextmanager
def _layer_scope(name, default_name, reuse):
    """Enters the variable scope of one layer as TF 1.15 named it.

    Without a name the scope is `dense`, then `dense_1`, ...; with `reuse` on the call itself it
    is `dense` each time, since a reusing layer must find what was made before.
    """
    if reuse:
        scope = tf.variable_scope(default_name if name is None else name, reuse=reuse)
    else:
        scope = tf.variable_scope(name, default_name=default_name, reuse=reuse)
    with scope:
        yield


def _variable(name, shape, dtype, initializer, regularizer, constraint, trainable):
    """get_variable, with the layer's regularizer counted once, when the variable is made."""
    before = len(tf.global_variables())
    variable = tf.get_variable(
        name,
        shape=shape,
        dtype=dtype,
        initializer=_initializer(initializer),
        trainable=trainable,
        constraint=constraint,
    )
    if regularizer is not None and len(tf.global_variables()) > before:
        with tf.name_scope(name + "/Regularizer"):
            loss = regularizer(variable)
        if loss is not None:
            tf.add_to_collection(tf.GraphKeys.REGULARIZATION_LOSSES, loss)
    return variable


def _initializer(value):
    """Returns what an initializer or the name of one stands for."""
    if not isinstance(value, str):
        return value
    # By name TF 1.15 makes Keras' version of these three, which is narrower than its own.
    if value in ("random_normal", "truncated_normal"):
        return getattr(tf.initializers, value)(stddev=0.05)
    if value == "random_uniform":
        return tf.initializers.random_uniform(-0.05, 0.05)
    return _named(tf.initializers, value, "initializer")()


def _activation(value):
    """Returns the function, or None for linear, that an activation or its name stands for."""
    if not isinstance(value, str):
        return value
    return None if value == "linear" else _named(tf.nn, value, "activation")


def _finish(outputs, activation, activity_regularizer):
    """Applies the activation; an activity regularizer joins the collection, a mean per example."""
    if activation is not None:
        outputs = activation(outputs)
    if activity_regularizer is not None:
        with tf.name_scope("ActivityRegularizer"):
            loss = activity_regularizer(outputs)
            loss /= tf.cast(tf.shape(outputs)[0], loss.dtype)
        tf.add_to_collection(tf.GraphKeys.REGULARIZATION_LOSSES, loss)
    return outputs


def _named(namespace, name, what):
    """Returns the function that tf.nn or tf.initializers has under `name`."""
    if not hasattr(namespace, name):
        raise ValueError("{} {!r} is unknown; give a function instead".format(what, name))
    return getattr(namespace, name)


def _floating(inputs, layer):
    """Returns `inputs` as a tensor of a floating type."""
    inputs = tf.convert_to_tensor(inputs)
    if not inputs.dtype.is_floating:
        raise TypeError(
            "{}: inputs must be of a floating type, got {}".format(layer, inputs.dtype.name)
        )
    return inputs


def _known_rank(inputs, layer, min_rank):
    """Returns the number of axes of `inputs`."""
    if inputs.shape.ndims is None or inputs.shape.ndims < min_rank:
        raise ValueError(
            "{}: inputs must have at least {} dimensions, got shape {}".format(
                layer, min_rank, inputs.shape
            )
        )
    return inputs.shape.ndims


def _known_size(inputs, axis, layer, min_rank=1):
    """Returns the static size of one axis of `inputs`."""
    rank = _known_rank(inputs, layer, min_rank)
    sizes = inputs.shape.as_list()
    if not -rank <= axis < rank or sizes[axis] is None:
        raise ValueError(
            "{}: the size of axis {} must be known, got shape {}".format(layer, axis, inputs.shape)
        )
    return sizes[axis]


def _pair(value, what):
    """Returns [a, b] for an int or for two of them."""
    try:
        first, second = (value, value) if isinstance(value, numbers.Integral) else value
        return [operator.index(first), operator.index(second)]
    except (TypeError, ValueError):
        raise ValueError("{} must be an int or two, got {!r}".format(what, value)) from None


def _padding(padding, layer):
    """Returns VALID or SAME."""
    if str(padding).lower() not in ("valid", "same"):
        raise ValueError('{}: padding must be "valid" or "same", got {!r}'.format(layer, padding))
    return padding.upper()


def _check_data_format(data_format, layer):
    if data_format not in ("channels_last", "channels_first"):
        raise ValueError(
            '{}: data_format must be "channels_last" or "channels_first", got {!r}'.format(
                layer, data_format
            )
        )


def _channels_last(inputs, data_format, layer):
    """Returns rank-4 inputs as [batch, height, width, channels], which every device computes."""
    _check_data_format(data_format, layer)
    if inputs.shape.ndims != 4:
        raise ValueError(
            "{}: inputs must have 4 dimensions, got shape {}".format(layer, inputs.shape)
        )
    return tf.transpose(inputs, [0, 2, 3, 1]) if data_format == "channels_first" else inputs


def _back_to(data_format, outputs):
    """Undoes _channels_last."""
    return tf.transpose(outputs, [0, 3, 1, 2]) if data_format == "channels_first" else outputs


def _static(value):
    """Returns True or False where `value` is known as the graph is built, else None."""
    if not tf.is_tensor(value) and not hasattr(value, "dtype"):
        return bool(value)
    constant = tf.get_static_value(tf.convert_to_tensor(value))
    return None if constant is None else bool(constant)


def _cond(condition, when_true, when_false):
    """tf.cond, or just one of the two where the condition is known."""
    known = _static(condition)
    if known is None:
        return tf.cond(tf.cast(condition, tf.bool), when_true, when_false)
    return when_true() if known else when_false()
