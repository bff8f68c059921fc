"""tf.contrib.layers: layers with normalizer and activation, initializers, regularizers.

The layers are those of legacy_gan.tf1.layers under the names of tf.contrib: variables `weights` and
`biases` in scopes `fully_connected`, `Conv`, ..., also in MODEL_VARIABLES, and arg_scope sets their
options. They share these arguments:

  activation_fn: a function of the outputs, relu unless said otherwise; None is linear.
  normalizer_fn, normalizer_params: a layer that takes the place of the biases, and its options.
  weights_initializer, weights_regularizer, biases_initializer, biases_regularizer: of the variables;
    biases_initializer None makes no biases.
  variables_collections: list of keys for all variables, or {"weights": [key], "biases": [key]}.
  outputs_collections: key or list of keys that the outputs join.
  scope, reuse: the variable scope, numbered without a name; whether its variables are there.

Source: the interface, defaults and formulas of tf.contrib.layers in TensorFlow 1.15.5.
"""

import contextlib
import functools
import math
import numbers

import tensorflow.compat.v1 as tf

from legacy_gan.tf1 import layers as core
from legacy_gan.tf1.contrib import layer_utils as utils
from legacy_gan.tf1.contrib.framework import add_arg_scope, model_variable
from legacy_gan.tf1.contrib.layer_extras import (
    OPTIMIZER_CLS_NAMES,
    OPTIMIZER_SUMMARIES,
    adaptive_clipping_fn,
    optimize_loss,
    summarize_activation,
    summarize_activations,
    summarize_collection,
    summarize_tensor,
    summarize_tensors,
)
from legacy_gan.tf1.layers import base, normalization
from legacy_gan.tf1.namespace import refusal

__all__ = [
    "OPTIMIZER_CLS_NAMES",
    "OPTIMIZER_SUMMARIES",
    "adaptive_clipping_fn",
    "apply_regularization",
    "avg_pool2d",
    "avg_pool3d",
    "batch_norm",
    "bias_add",
    "bow_encoder",
    "conv1d",
    "conv2d",
    "conv2d_in_plane",
    "conv2d_transpose",
    "conv3d",
    "conv3d_transpose",
    "convolution",
    "convolution1d",
    "convolution2d",
    "convolution2d_in_plane",
    "convolution2d_transpose",
    "convolution3d",
    "convolution3d_transpose",
    "dropout",
    "elu",
    "embed_sequence",
    "flatten",
    "fully_connected",
    "group_norm",
    "instance_norm",
    "l1_l2_regularizer",
    "l1_regularizer",
    "l2_regularizer",
    "layer_norm",
    "legacy_fully_connected",
    "legacy_linear",
    "legacy_relu",
    "linear",
    "max_pool2d",
    "max_pool3d",
    "maxout",
    "one_hot_encoding",
    "optimize_loss",
    "pool",
    "relu",
    "relu6",
    "repeat",
    "separable_conv2d",
    "separable_convolution2d",
    "softmax",
    "stack",
    "sum_regularizer",
    "summarize_activation",
    "summarize_activations",
    "summarize_collection",
    "summarize_tensor",
    "summarize_tensors",
    "unit_norm",
    "utils",
    "variance_scaling_initializer",
    "xavier_initializer",
    "xavier_initializer_conv2d",
]

__getattr__ = refusal("tf.contrib.layers")

_ZEROS = tf.zeros_initializer()
_RENAMED = {"kernel": "weights", "bias": "biases"}

# --- Initializers and regularizers ------------------------------------------------------------


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


def _checked_scale(name, scale):
    """Whether a regularizer's scale, a float of at least 0, is not 0."""
    if isinstance(scale, numbers.Integral):
        raise ValueError(f"{name}: scale must be a float, got {scale!r}")
    if isinstance(scale, numbers.Real) and scale < 0:
        raise ValueError(f"{name}: scale must be at least 0, got {scale}")
    return not (isinstance(scale, numbers.Real) and scale == 0)


def _regularizer(name, scale, scope, penalty):
    if not _checked_scale(name, scale):
        return lambda weights: None

    def regularize(weights):
        with tf.name_scope(scope, name, [weights]) as whole:
            factor = tf.convert_to_tensor(scale, dtype=weights.dtype.base_dtype, name="scale")
            return tf.multiply(factor, penalty(weights), name=whole)

    return regularize


def l1_regularizer(scale, scope=None):
    """Returns a function of weights: scale * sum(|weights|); None if scale is 0.0."""
    return _regularizer("l1_regularizer", scale, scope, lambda weights: tf.reduce_sum(tf.abs(weights)))


def l2_regularizer(scale, scope=None):
    """Returns a function of weights: scale * sum(weights ** 2) / 2; None if scale is 0.0."""
    return _regularizer("l2_regularizer", scale, scope, tf.nn.l2_loss)


def l1_l2_regularizer(scale_l1=1.0, scale_l2=1.0, scope=None):
    """Returns the sum of both regularizers."""
    scope = scope or "l1_l2_regularizer"
    if not _checked_scale("l1_l2_regularizer", scale_l1):
        return l2_regularizer(scale_l2, scope)
    if not _checked_scale("l1_l2_regularizer", scale_l2):
        return l1_regularizer(scale_l1, scope)
    return sum_regularizer([l1_regularizer(scale_l1), l2_regularizer(scale_l2)], scope)


def sum_regularizer(regularizer_list, scope=None):
    """Returns the sum of the regularizers that are not None; None if there are none."""
    regularizers = [each for each in regularizer_list if each is not None]
    if not regularizers:
        return None

    def regularize(weights):
        with tf.name_scope(scope, "sum_regularizer", [weights]) as whole:
            penalties = [each(weights) for each in regularizers]
            penalties = [penalty for penalty in penalties if penalty is not None]
            return tf.add_n(penalties, name=whole) if penalties else None

    return regularize


def apply_regularization(regularizer, weights_list=None):
    """Returns the sum of the regularizer over the weights, which joins REGULARIZATION_LOSSES.

    Args:
      weights_list: list of variables; None for the collection WEIGHTS.
    Raises:
      ValueError: if there are none, or the regularizer gives no scalar.
    """
    weights_list = weights_list or tf.get_collection(tf.GraphKeys.WEIGHTS)
    if not weights_list:
        raise ValueError("apply_regularization: no weights to regularize")
    with tf.name_scope("get_regularization_penalty", values=weights_list) as scope:
        penalties = [regularizer(weights) for weights in weights_list]
        penalties = [tf.constant(0.0) if penalty is None else penalty for penalty in penalties]
        for penalty in penalties:
            if penalty.shape.ndims != 0:
                raise ValueError(f"apply_regularization: the regularizer must give a scalar, got shape {penalty.shape}")
        total = tf.add_n(penalties, name=scope)
        tf.add_to_collection(tf.GraphKeys.REGULARIZATION_LOSSES, total)
        return total


# --- What the layers share --------------------------------------------------------------------


def _getter(renamed):
    """Makes the custom getter that gives a core layer's variables their names and collections."""

    def get(
        getter,
        name,
        shape=None,
        dtype=None,
        initializer=None,
        regularizer=None,
        trainable=True,
        collections=None,
        caching_device=None,
        partitioner=None,
        use_resource=None,
        synchronization=tf.VariableSynchronization.AUTO,
        aggregation=tf.VariableAggregation.NONE,
        **others,
    ):
        scope, _, last = name.rpartition("/")
        name = (f"{scope}/" if scope else "") + renamed.get(last, last)
        return model_variable(
            name,
            shape=shape,
            dtype=dtype,
            initializer=initializer,
            regularizer=regularizer,
            trainable=trainable,
            collections=collections,
            caching_device=caching_device,
            partitioner=partitioner,
            custom_getter=getter,
            use_resource=use_resource,
            synchronization=synchronization,
            aggregation=aggregation,
        )

    return get


def _layer_scope(scope, default_name, inputs, reuse=None, renamed=None):
    """Opens a layer's variable scope; `renamed` is for the variables of core layers in it."""
    getter = None if renamed is None else _getter(renamed)
    return tf.variable_scope(scope, default_name, [inputs], reuse=reuse, custom_getter=getter)


def _parameter(name, shape, dtype, initializer, regularizer, trainable, variables_collections):
    """A model variable in the collections for its name."""
    return model_variable(
        name,
        shape=shape,
        dtype=dtype,
        initializer=initializer,
        regularizer=regularizer,
        trainable=trainable,
        collections=utils.get_variable_collections(variables_collections, name),
    )


def _collect(layer, variables_collections, parts):
    """Puts a core layer's variables into the collections for their names, {attribute: name}."""
    for attribute, name in parts:
        variable = getattr(layer, attribute)
        for key in utils.get_variable_collections(variables_collections, name) or []:
            if variable is not None and not any(variable is v for v in tf.get_collection(key)):
                tf.add_to_collection(key, variable)


def _finish(scope, outputs, activation_fn, outputs_collections, normalizer_fn=None, normalizer_params=None):
    """Normalizes, activates and collects the outputs of a layer."""
    if normalizer_fn is not None:
        outputs = normalizer_fn(outputs, **(normalizer_params or {}))
    if activation_fn is not None:
        outputs = activation_fn(outputs)
    return utils.collect_named_outputs(outputs_collections, getattr(scope, "name", scope), outputs)


def _format(data_format, rank=2):
    """Returns the core layers' name of a data format: NCHW, NHWC, or those of 1-D and 3-D; or None."""
    space = {1: "W", 2: "HW", 3: "DHW"}[rank]
    if data_format not in (None, f"N{space}C", f"NC{space}"):
        raise ValueError(f"data_format must be N{space}C or NC{space}, got {data_format!r}")
    return "channels_first" if data_format and data_format.startswith("NC") else "channels_last"


# --- Dense and convolutional layers -----------------------------------------------------------


@add_arg_scope
def fully_connected(
    inputs,
    num_outputs,
    activation_fn=tf.nn.relu,
    normalizer_fn=None,
    normalizer_params=None,
    weights_initializer=xavier_initializer(),
    weights_regularizer=None,
    biases_initializer=_ZEROS,
    biases_regularizer=None,
    reuse=None,
    variables_collections=None,
    outputs_collections=None,
    trainable=True,
    scope=None,
):
    """A fully connected layer: activation_fn(inputs @ weights + biases).

    Args:
      inputs: float [batch, ..., n], n known.
      num_outputs: int.
    Returns:
      float [batch, ..., num_outputs]. Variables: `fully_connected/weights`, `biases`.
    """
    if not isinstance(num_outputs, numbers.Integral):
        raise ValueError(f"fully_connected: num_outputs must be an int, got {num_outputs!r}")
    with _layer_scope(scope, "fully_connected", inputs, reuse, _RENAMED) as sc:
        layer = core.Dense(
            num_outputs,
            use_bias=not normalizer_fn and biases_initializer is not None,
            kernel_initializer=weights_initializer,
            bias_initializer=biases_initializer,
            kernel_regularizer=weights_regularizer,
            bias_regularizer=biases_regularizer,
            trainable=trainable,
            _scope=sc,
            _reuse=reuse,
        )
        outputs = layer(inputs)
        _collect(layer, variables_collections, [("kernel", "weights"), ("bias", "biases")])
        return _finish(sc, outputs, activation_fn, outputs_collections, normalizer_fn, normalizer_params)


def _convolve(
    make,
    inputs,
    num_outputs,
    kernel_size,
    stride,
    padding,
    data_format,
    activation_fn,
    normalizer_fn,
    normalizer_params,
    weights_initializer,
    weights_regularizer,
    biases_initializer,
    biases_regularizer,
    reuse,
    variables_collections,
    outputs_collections,
    trainable,
    scope,
    default_scope,
    **options,
):
    """What every convolution does with the core layer class `make`."""
    with _layer_scope(scope, default_scope, inputs, reuse, _RENAMED) as sc:
        layer = make(
            num_outputs,
            kernel_size,
            strides=stride,
            padding=padding,
            data_format=data_format,
            use_bias=not normalizer_fn and biases_initializer is not None,
            kernel_initializer=weights_initializer,
            bias_initializer=biases_initializer,
            kernel_regularizer=weights_regularizer,
            bias_regularizer=biases_regularizer,
            trainable=trainable,
            _scope=sc,
            _reuse=reuse,
            **options,
        )
        outputs = layer(inputs)
        _collect(layer, variables_collections, [("kernel", "weights"), ("bias", "biases")])
        return _finish(sc, outputs, activation_fn, outputs_collections, normalizer_fn, normalizer_params)


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
    biases_initializer=_ZEROS,
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
    options["data_format"] = _format(data_format, rank)
    options["dilation_rate"] = options.pop("rate")
    del options["conv_dims"]
    return _convolve({1: core.Conv1D, 2: core.Conv2D, 3: core.Conv3D}[rank], default_scope="Conv", **options)


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
    biases_initializer=_ZEROS,
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
    biases_initializer=_ZEROS,
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
    biases_initializer=_ZEROS,
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
    biases_initializer=_ZEROS,
    biases_regularizer=None,
    reuse=None,
    variables_collections=None,
    outputs_collections=None,
    trainable=True,
    scope=None,
):
    """A transposed convolution, a deconvolution; variables `Conv2d_transpose/weights`, `biases`."""
    options = dict(locals(), data_format=_format(data_format, 2))
    return _convolve(core.Conv2DTranspose, default_scope="Conv2d_transpose", **options)


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
    biases_initializer=_ZEROS,
    biases_regularizer=None,
    reuse=None,
    variables_collections=None,
    outputs_collections=None,
    trainable=True,
    scope=None,
):
    """A transposed convolution of three axes; variables `Conv3d_transpose/weights`, `biases`."""
    options = dict(locals(), data_format=_format(data_format, 3))
    return _convolve(core.Conv3DTranspose, default_scope="Conv3d_transpose", **options)


@add_arg_scope
def separable_convolution2d(
    inputs,
    num_outputs,
    kernel_size,
    depth_multiplier=1,
    stride=1,
    padding="SAME",
    data_format="NHWC",
    rate=1,
    activation_fn=tf.nn.relu,
    normalizer_fn=None,
    normalizer_params=None,
    weights_initializer=xavier_initializer(),
    pointwise_initializer=None,
    weights_regularizer=None,
    biases_initializer=_ZEROS,
    biases_regularizer=None,
    reuse=None,
    variables_collections=None,
    outputs_collections=None,
    trainable=True,
    scope=None,
):
    """Convolves each channel on its own, then, unless num_outputs is None, mixes the channels.

    Returns:
      float, laid out as the inputs. Variables: `SeparableConv2d/depthwise_weights`,
      `pointwise_weights`, `biases`.
    """
    renamed = {"bias": "biases", "depthwise_kernel": "depthwise_weights", "pointwise_kernel": "pointwise_weights"}
    layout = _format(data_format)
    biased = not normalizer_fn and biases_initializer is not None
    with _layer_scope(scope, "SeparableConv2d", inputs, reuse, renamed) as sc:
        inputs = tf.convert_to_tensor(inputs)
        if num_outputs is not None:
            layer = core.SeparableConv2D(
                num_outputs,
                kernel_size,
                stride,
                padding,
                layout,
                rate,
                depth_multiplier,
                use_bias=biased,
                depthwise_initializer=weights_initializer,
                pointwise_initializer=pointwise_initializer or weights_initializer,
                bias_initializer=biases_initializer,
                depthwise_regularizer=weights_regularizer,
                pointwise_regularizer=weights_regularizer,
                bias_regularizer=biases_regularizer,
                trainable=trainable,
                _scope=sc,
                _reuse=reuse,
            )
            outputs = layer(inputs)
            _collect(
                layer,
                variables_collections,
                [("depthwise_kernel", "weights"), ("pointwise_kernel", "weights"), ("bias", "biases")],
            )
        else:
            images = base.channels_last(inputs, layout, "separable_convolution2d")
            channels = base.known_size(images, -1, "separable_convolution2d")
            weights = model_variable(
                "depthwise_weights",
                list(utils.two_element_tuple(kernel_size)) + [channels, depth_multiplier],
                images.dtype,
                weights_initializer,
                weights_regularizer,
                trainable,
                utils.get_variable_collections(variables_collections, "weights"),
            )
            strides = [1] + list(utils.two_element_tuple(stride)) + [1]
            outputs = tf.nn.depthwise_conv2d(
                images, weights, strides, padding, rate=list(utils.two_element_tuple(rate))
            )
            if biased:
                outputs = tf.nn.bias_add(
                    outputs,
                    _parameter(
                        "biases",
                        [depth_multiplier * channels],
                        images.dtype,
                        biases_initializer,
                        biases_regularizer,
                        trainable,
                        variables_collections,
                    ),
                )
            outputs = base.back_to(layout, outputs)
        return _finish(sc, outputs, activation_fn, outputs_collections, normalizer_fn, normalizer_params)


@add_arg_scope
def convolution2d_in_plane(
    inputs,
    kernel_size,
    stride=1,
    padding="SAME",
    activation_fn=tf.nn.relu,
    normalizer_fn=None,
    normalizer_params=None,
    weights_initializer=xavier_initializer(),
    weights_regularizer=None,
    biases_initializer=_ZEROS,
    biases_regularizer=None,
    reuse=None,
    variables_collections=None,
    outputs_collections=None,
    trainable=True,
    scope=None,
):
    """Convolves every channel with the same kernel; variables `ConvInPlane/weights`, `biases`."""
    with _layer_scope(scope, "ConvInPlane", inputs, reuse) as sc:
        channels = base.known_size(inputs, -1, "convolution2d_in_plane", min_rank=4)
        weights = _parameter(
            "weights",
            list(utils.two_element_tuple(kernel_size)) + [1, 1],
            inputs.dtype.base_dtype,
            weights_initializer,
            weights_regularizer,
            trainable,
            variables_collections,
        )
        outputs = tf.nn.depthwise_conv2d(
            inputs, tf.tile(weights, [1, 1, channels, 1]), [1] + list(utils.two_element_tuple(stride)) + [1], padding
        )
        if not normalizer_fn and biases_initializer is not None:
            outputs = tf.nn.bias_add(
                outputs,
                _parameter(
                    "biases",
                    [channels],
                    inputs.dtype.base_dtype,
                    biases_initializer,
                    biases_regularizer,
                    trainable,
                    variables_collections,
                ),
            )
        return _finish(sc, outputs, activation_fn, outputs_collections, normalizer_fn, normalizer_params)


@add_arg_scope
def bias_add(
    inputs,
    activation_fn=None,
    initializer=_ZEROS,
    regularizer=None,
    reuse=None,
    variables_collections=None,
    outputs_collections=None,
    trainable=True,
    data_format="NHWC",
    scope=None,
):
    """Adds the variable `BiasAdd/biases` to the channels."""
    layout = _format(data_format)
    with _layer_scope(scope, "BiasAdd", inputs, reuse) as sc:
        inputs = tf.convert_to_tensor(inputs)
        first = layout == "channels_first"
        size = base.known_size(inputs, 1 if first else -1, "bias_add", min_rank=4 if first else 1)
        biases = _parameter(
            "biases", [size], inputs.dtype.base_dtype, initializer, regularizer, trainable, variables_collections
        )
        return _finish(sc, tf.nn.bias_add(inputs, biases, data_format=data_format), activation_fn, outputs_collections)


def legacy_fully_connected(
    x,
    num_output_units,
    activation_fn=None,
    weight_init=xavier_initializer(),
    bias_init=_ZEROS,
    name=None,
    weight_collections=(tf.GraphKeys.WEIGHTS,),
    bias_collections=(tf.GraphKeys.BIASES,),
    output_collections=(tf.GraphKeys.ACTIVATIONS,),
    trainable=True,
    weight_regularizer=None,
    bias_regularizer=None,
):
    """The fully connected layer of TensorFlow's first releases; variables `weights` and `bias`."""
    with tf.variable_scope(name, "fully_connected", [x]):
        x = tf.convert_to_tensor(x)
        size = base.known_size(x, -1, "legacy_fully_connected", min_rank=2)

        def variable(name, shape, initializer, regularizer, collections):
            collections = sorted(set(collections or ()) | {tf.GraphKeys.GLOBAL_VARIABLES})
            return tf.get_variable(name, shape, x.dtype.base_dtype, initializer, regularizer, trainable, collections)

        weights = variable("weights", [size, num_output_units], weight_init, weight_regularizer, weight_collections)
        y = tf.matmul(tf.reshape(x, [-1, size]), weights)
        if bias_init is not None:
            y = tf.nn.bias_add(y, variable("bias", [num_output_units], bias_init, bias_regularizer, bias_collections))
        y = tf.reshape(y, tf.concat([tf.shape(x)[:-1], [num_output_units]], 0))
        y.set_shape(x.shape.as_list()[:-1] + [num_output_units])
        if activation_fn is not None:
            y = activation_fn(y)
        tf.add_to_collections(list(output_collections or ()) + [tf.GraphKeys.ACTIVATIONS], y)
        return y


# --- Normalization ----------------------------------------------------------------------------


@add_arg_scope
def batch_norm(
    inputs,
    decay=0.999,
    center=True,
    scale=False,
    epsilon=0.001,
    activation_fn=None,
    param_initializers=None,
    param_regularizers=None,
    updates_collections=tf.GraphKeys.UPDATE_OPS,
    is_training=True,
    reuse=None,
    variables_collections=None,
    outputs_collections=None,
    trainable=True,
    batch_weights=None,
    fused=None,
    data_format="NHWC",
    zero_debias_moving_mean=False,
    scope=None,
    renorm=False,
    renorm_clipping=None,
    renorm_decay=0.99,
    adjustment=None,
):
    """Batch normalisation: gamma * (x - mean) / sqrt(variance + epsilon) + beta.

    Args:
      inputs: float [batch, ..., channels], or with data_format "NCHW" [batch, channels, ...].
      decay: float, of the moving averages: moving -= (1 - decay) * (moving - moment).
      center, scale: bool, whether there is a beta, a gamma.
      param_initializers, param_regularizers: {"beta": ..., "gamma": ..., "moving_mean": ...}.
      updates_collections: the key that the two updates of the moving averages join, UPDATE_OPS: run
        them with each step. None makes them before the outputs are there, in each step of training.
      is_training: bool, or a scalar bool tensor: whether the batch's moments are used, or the moving
        averages.
      fused: False never fuses. What is fused, inputs of rank 2 or 4, keeps the unbiased variance.
    Returns:
      float, the inputs' shape. Variables: `BatchNorm/beta`, `gamma`, `moving_mean`, `moving_variance`.
    Raises:
      NotImplementedError: for batch_weights, renorm or adjustment.
    """
    if batch_weights is not None or renorm or adjustment is not None:
        raise NotImplementedError(
            "tf.contrib.layers.batch_norm: batch_weights, renorm and adjustment are not served; leave them at "
            "their defaults"
        )
    inputs = tf.convert_to_tensor(inputs)
    rank = base.known_rank(inputs, "batch_norm", 2)
    axis = 1 if _format(data_format) == "channels_first" else rank - 1
    fuses = fused in (None, True) and rank in (2, 4)
    initializers = dict(
        {
            "beta": _ZEROS,
            "gamma": tf.ones_initializer(),
            "moving_mean": _ZEROS,
            "moving_variance": tf.ones_initializer(),
        },
        **(param_initializers or {}),
    )
    regularizers = dict({"beta": None, "gamma": None}, **(param_regularizers or {}))
    delayed = updates_collections is tf.GraphKeys.UPDATE_OPS or updates_collections == tf.GraphKeys.UPDATE_OPS
    if delayed and not zero_debias_moving_mean and not (fuses and rank == 2):
        with _layer_scope(scope, "BatchNorm", inputs, reuse, {}) as sc:
            layer = core.BatchNormalization(
                axis,
                decay,
                epsilon,
                center,
                scale,
                beta_initializer=initializers["beta"],
                gamma_initializer=initializers["gamma"],
                moving_mean_initializer=initializers["moving_mean"],
                moving_variance_initializer=initializers["moving_variance"],
                beta_regularizer=regularizers["beta"],
                gamma_regularizer=regularizers["gamma"],
                fused=fused,
                trainable=trainable,
                _scope=sc,
                _reuse=reuse,
            )
            outputs = layer(inputs, training=is_training)
            _collect(
                layer,
                variables_collections,
                [(name, name) for name in ("moving_mean", "moving_variance", "beta", "gamma")],
            )
            return _finish(sc, outputs, activation_fn, outputs_collections)

    with _layer_scope(scope, "BatchNorm", inputs, reuse) as sc:
        size = base.known_size(inputs, axis, "batch_norm")
        dtype = tf.float32 if fuses else inputs.dtype.base_dtype

        def parameter(name, trained=trainable):
            return _parameter(
                name, [size], dtype, initializers[name], regularizers.get(name), trained, variables_collections
            )

        beta = parameter("beta") if center else None
        gamma = parameter("gamma") if scale else None
        moving = [parameter("moving_mean", False), parameter("moving_variance", False)]
        if fuses:
            images = inputs if rank == 4 else tf.reshape(inputs, [-1, 1, 1, size])
            outputs, mean, variance = normalization._fused_batch_norm(
                images, axis if rank == 4 else 3, size, gamma, beta, moving[0], moving[1], epsilon, is_training, dtype
            )
            outputs = outputs if rank == 4 else tf.reshape(outputs, tf.shape(inputs))
        else:
            outputs, mean, variance = normalization._plain_batch_norm(
                inputs, axis, gamma, beta, moving[0], moving[1], epsilon, is_training, dtype
            )
        outputs.set_shape(inputs.shape)

        if base.static(is_training) is not False:
            debiasing = _debiasing(moving[0]) if zero_debias_moving_mean else None

            def updates():
                return [_moved(moving[0], mean, decay, debiasing), _moved(moving[1], variance, decay)]

            def updated():
                with tf.control_dependencies(updates()):
                    return tf.identity(outputs)

            if updates_collections is None:
                outputs = base.cond(is_training, updated, lambda: tf.identity(outputs))
            else:
                for update in base.cond(is_training, updates, lambda: [tf.identity(v) for v in moving]):
                    tf.add_to_collections(updates_collections, update)
            outputs.set_shape(inputs.shape)
        return _finish(sc, outputs, activation_fn, outputs_collections)


def _debiasing(moving):
    """Makes the variables of a moving average that does not remember its first value, zero."""
    with tf.variable_scope(moving.op.name):  # inside of the layer's scope: its name comes twice, as in TF 1.15
        return [
            tf.get_variable("biased", moving.shape, moving.dtype.base_dtype, _ZEROS, trainable=False),
            tf.get_variable("local_step", [], moving.dtype.base_dtype, _ZEROS, trainable=False),
        ]


def _moved(moving, value, decay, debiasing=None):
    """Moves an average towards a value: moving -= (moving - value) * (1 - decay); returns the new one."""
    with tf.name_scope("AssignMovingAvg"):
        share = tf.cast(tf.convert_to_tensor(1.0 - decay), moving.dtype.base_dtype)
        value = tf.cast(value, moving.dtype.base_dtype)
        if debiasing is None:
            return tf.assign_sub(moving, (moving - value) * share)
        biased, step = debiasing
        biased = tf.assign_sub(biased, (biased - value) * share)
        return tf.assign(moving, biased / (1 - tf.pow(1.0 - share, tf.assign_add(step, 1.0))))


@add_arg_scope
def layer_norm(
    inputs,
    center=True,
    scale=True,
    activation_fn=None,
    reuse=None,
    variables_collections=None,
    outputs_collections=None,
    trainable=True,
    begin_norm_axis=1,
    begin_params_axis=-1,
    scope=None,
):
    """Normalises each example: gamma * (x - mean) / sqrt(variance + 1e-12) + beta.

    Args:
      inputs: float; its sizes from begin_params_axis on known.
      begin_norm_axis: int, the first axis over which the moments are taken.
      begin_params_axis: int, the first axis that beta and gamma have.
    Returns:
      float, the inputs' shape. Variables: `LayerNorm/beta`, `gamma`.
    Source: Ba, Kiros, Hinton 2016.
    """
    with _layer_scope(scope, "LayerNorm", inputs, reuse) as sc:
        inputs = tf.convert_to_tensor(inputs)
        rank = base.known_rank(inputs, "layer_norm", 1)
        if not -rank <= begin_params_axis < rank or not -rank <= begin_norm_axis < rank:
            raise ValueError(
                f"layer_norm: begin_params_axis ({begin_params_axis}) and begin_norm_axis ({begin_norm_axis}) must be axes of the "
                f"inputs, got shape {inputs.shape}"
            )
        shape, dtype = inputs.shape.as_list()[begin_params_axis:], inputs.dtype.base_dtype
        if None in shape:
            raise ValueError(
                f"layer_norm: the sizes from axis {begin_params_axis} on must be known, got shape {inputs.shape}"
            )
        beta, gamma = _beta_and_gamma(center, scale, shape, dtype, None, trainable, variables_collections)
        mean, variance = tf.nn.moments(inputs, list(range(begin_norm_axis % rank, rank)), keepdims=True)
        epsilon = 1e-3 if dtype == tf.float16 else 1e-12
        outputs = tf.nn.batch_normalization(inputs, mean, variance, beta, gamma, epsilon)
        outputs.set_shape(inputs.shape)
        return _finish(sc, outputs, activation_fn, outputs_collections)


def _beta_and_gamma(center, scale, shape, dtype, initializers, trainable, variables_collections):
    """Makes beta, then gamma; None for what is switched off."""
    initializers = dict({"beta": _ZEROS, "gamma": tf.ones_initializer()}, **(initializers or {}))
    return [
        _parameter(name, shape, dtype, initializers[name], None, trainable, variables_collections) if made else None
        for name, made in (("beta", center), ("gamma", scale))
    ]


@add_arg_scope
def instance_norm(
    inputs,
    center=True,
    scale=True,
    epsilon=1e-6,
    activation_fn=None,
    param_initializers=None,
    reuse=None,
    variables_collections=None,
    outputs_collections=None,
    trainable=True,
    data_format="NHWC",
    scope=None,
):
    """Normalises each channel of each example; variables `InstanceNorm/beta`, `gamma`.

    Source: Ulyanov, Vedaldi, Lempitsky 2016.
    """
    first = _format(data_format) == "channels_first"
    with _layer_scope(scope, "InstanceNorm", inputs, reuse) as sc:
        inputs = tf.convert_to_tensor(inputs)
        rank = base.known_rank(inputs, "instance_norm", 2)
        axis = 1 if first else rank - 1
        size = base.known_size(inputs, axis, "instance_norm")
        parts = _beta_and_gamma(
            center, scale, [size], inputs.dtype.base_dtype, param_initializers, trainable, variables_collections
        )
        if first:
            parts = [part if part is None else tf.reshape(part, [1, size] + [1] * (rank - 2)) for part in parts]
        mean, variance = tf.nn.moments(inputs, [a for a in range(1, rank) if a != axis], keepdims=True)
        outputs = tf.nn.batch_normalization(inputs, mean, variance, parts[0], parts[1], epsilon, name="instancenorm")
        return _finish(sc, outputs, activation_fn, outputs_collections)


@add_arg_scope
def group_norm(
    inputs,
    groups=32,
    channels_axis=-1,
    reduction_axes=(-3, -2),
    center=True,
    scale=True,
    epsilon=1e-6,
    activation_fn=None,
    param_initializers=None,
    reuse=None,
    variables_collections=None,
    outputs_collections=None,
    trainable=True,
    scope=None,
    mean_close_to_zero=False,
):
    """Normalises groups of channels of each example; variables `GroupNorm/beta`, `gamma`.

    Source: Wu, He 2018.
    """
    inputs = tf.convert_to_tensor(inputs)
    rank = base.known_rank(inputs, "group_norm", 2)
    channels, axis = base.known_size(inputs, channels_axis, "group_norm"), channels_axis % rank
    if channels % groups:
        raise ValueError(f"group_norm: {channels} channels do not make {groups} groups")
    over = [a % rank for a in reduction_axes]
    if axis in over:
        raise ValueError(f"group_norm: reduction_axes {over} must not hold the channels' axis {axis}")
    with _layer_scope(scope, "GroupNorm", inputs, reuse) as sc:
        parts = _beta_and_gamma(
            center, scale, [channels], inputs.dtype.base_dtype, param_initializers, trainable, variables_collections
        )
        spread = [1] * axis + [groups, channels // groups] + [1] * (rank - 1 - axis)
        parts = [part if part is None else tf.reshape(part, spread) for part in parts]
        sizes = [tf.shape(inputs)[a] if size is None else size for a, size in enumerate(inputs.shape.as_list())]
        grouped = tf.reshape(inputs, sizes[:axis] + spread[axis : axis + 2] + sizes[axis + 1 :])
        moments = [axis + 1] + [a + 1 if a > axis else a for a in over]
        mean, variance = tf.nn.moments(grouped, moments, keepdims=True)
        gain = tf.rsqrt(variance + epsilon)
        offset = -mean * gain
        if parts[1] is not None:
            gain, offset = gain * parts[1], offset * parts[1]
        if parts[0] is not None:
            offset += parts[0]
        outputs = tf.reshape(grouped * gain + offset, sizes)
        outputs.set_shape(inputs.shape)
        return _finish(sc, outputs, activation_fn, outputs_collections)


@add_arg_scope
def unit_norm(inputs, dim, epsilon=1e-7, scope=None):
    """Scales to length 1 along an axis: x / sqrt(epsilon + sum(x ** 2))."""
    with tf.variable_scope(scope, "UnitNorm", [inputs]):
        rank = base.known_rank(inputs, "unit_norm", 1)
        if not 0 <= dim < rank:
            raise ValueError(f"unit_norm: dim must be at least 0 and below the rank {rank}, got {dim}")
        return inputs / tf.sqrt(epsilon + tf.reduce_sum(tf.square(inputs), dim, keepdims=True))


# --- Layers without variables -----------------------------------------------------------------


def _pooled(make, scope, default_name, inputs, kernel_size, stride, padding, layout, outputs_collections):
    with tf.name_scope(scope, default_name, [inputs]) as sc:
        outputs = make(kernel_size, stride, padding, layout, _scope=sc)(inputs)
        return utils.collect_named_outputs(outputs_collections, sc, outputs)


@add_arg_scope
def max_pool2d(
    inputs, kernel_size, stride=2, padding="VALID", data_format="NHWC", outputs_collections=None, scope=None
):
    """The largest value of each window of [batch, height, width, channels]."""
    return _pooled(
        core.MaxPooling2D,
        scope,
        "MaxPool2D",
        inputs,
        kernel_size,
        stride,
        padding,
        _format(data_format),
        outputs_collections,
    )


@add_arg_scope
def avg_pool2d(
    inputs, kernel_size, stride=2, padding="VALID", data_format="NHWC", outputs_collections=None, scope=None
):
    """The mean of each window of [batch, height, width, channels]."""
    return _pooled(
        core.AveragePooling2D,
        scope,
        "AvgPool2D",
        inputs,
        kernel_size,
        stride,
        padding,
        _format(data_format),
        outputs_collections,
    )


@add_arg_scope
def max_pool3d(
    inputs, kernel_size, stride=2, padding="VALID", data_format="NDHWC", outputs_collections=None, scope=None
):
    """The largest value of each window of [batch, depth, height, width, channels]."""
    return _pooled(
        core.MaxPooling3D,
        scope,
        "MaxPool3D",
        inputs,
        kernel_size,
        stride,
        padding,
        _format(data_format, 3),
        outputs_collections,
    )


@add_arg_scope
def avg_pool3d(
    inputs, kernel_size, stride=2, padding="VALID", data_format="NDHWC", outputs_collections=None, scope=None
):
    """The mean of each window of [batch, depth, height, width, channels]."""
    return _pooled(
        core.AveragePooling3D,
        scope,
        "AvgPool3D",
        inputs,
        kernel_size,
        stride,
        padding,
        _format(data_format, 3),
        outputs_collections,
    )


@add_arg_scope
def pool(
    inputs,
    kernel_size,
    pooling_type,
    padding="VALID",
    data_format=None,
    dilation_rate=1,
    stride=1,
    outputs_collections=None,
    scope=None,
):
    """tf.nn.pool of one to three axes; pooling_type is "MAX" or "AVG"."""
    with tf.name_scope(scope, f"{pooling_type.lower()}_pool", [inputs]) as sc:
        inputs = tf.convert_to_tensor(inputs)
        rank = base.known_rank(inputs, "pool", 3) - 2
        sizes = [list(utils.n_positive_integers(rank, value)) for value in (kernel_size, dilation_rate, stride)]
        outputs = tf.nn.pool(
            inputs,
            sizes[0],
            pooling_type,
            padding,
            dilation_rate=sizes[1],
            strides=sizes[2],
            data_format=data_format,
            name=sc,
        )
        return utils.collect_named_outputs(outputs_collections, sc, outputs)


@add_arg_scope
def dropout(inputs, keep_prob=0.5, noise_shape=None, is_training=True, outputs_collections=None, scope=None, seed=None):
    """Keeps each value with probability keep_prob in training, and scales it by 1 / keep_prob."""
    with _layer_scope(scope, "Dropout", inputs, renamed={}) as sc:
        layer = core.Dropout(1 - keep_prob, noise_shape, seed, _scope=sc)
        return _finish(sc, layer(inputs, training=is_training), None, outputs_collections)


@add_arg_scope
def flatten(inputs, outputs_collections=None, scope=None):
    """Makes [batch, n] of [batch, ...]."""
    with tf.name_scope(scope, "Flatten", [inputs]) as sc:
        return utils.collect_named_outputs(outputs_collections, sc, core.flatten(inputs))


@add_arg_scope
def one_hot_encoding(labels, num_classes, on_value=1.0, off_value=0.0, outputs_collections=None, scope=None):
    """Makes float [batch, num_classes] of int [batch]."""
    with tf.name_scope(scope, "OneHotEncoding", [labels, num_classes]) as sc:
        labels = tf.convert_to_tensor(labels)
        labels = tf.cast(labels, tf.int64) if labels.dtype == tf.int32 else labels
        outputs = tf.one_hot(labels, num_classes, on_value=on_value, off_value=off_value)
        return utils.collect_named_outputs(outputs_collections, sc, outputs)


@add_arg_scope
def softmax(logits, scope=None):
    """tf.nn.softmax along the last axis."""
    with tf.variable_scope(scope, "softmax", [logits]):
        size = base.known_size(logits, -1, "softmax", min_rank=2)
        outputs = tf.reshape(tf.nn.softmax(tf.reshape(logits, [-1, size])), tf.shape(logits))
        outputs.set_shape(logits.shape)
        return outputs


@add_arg_scope
def maxout(inputs, num_units, axis=-1, scope=None):
    """The largest of each group of features, num_units groups along an axis."""
    with tf.variable_scope(scope, "MaxOut", [inputs]):
        inputs = tf.convert_to_tensor(inputs)
        size = base.known_size(inputs, axis, "maxout")
        if size % num_units:
            raise ValueError(f"maxout: {size} features do not make {num_units} units")
        sizes = [tf.shape(inputs)[a] if known is None else known for a, known in enumerate(inputs.shape.as_list())]
        sizes[axis] = num_units
        return tf.reduce_max(tf.reshape(inputs, sizes + [size // num_units]), -1)


# --- Several layers ---------------------------------------------------------------------------


@contextlib.contextmanager
def _numbered(scope, default_name, inputs, layer):
    """Opens the scope of several layers; gives (inputs, the name that their scopes are numbered from)."""
    with tf.variable_scope(scope, default_name, [inputs]):
        function = layer if hasattr(layer, "__name__") else getattr(layer, "func", None)
        yield tf.convert_to_tensor(inputs), scope or getattr(function, "__name__", default_name.lower())


def repeat(inputs, repetitions, layer, *args, **kwargs):
    """Applies a layer several times: repeat(x, 2, conv2d, 64, 3, scope="conv1") makes conv1/conv1_1, ..."""
    with _numbered(kwargs.pop("scope", None), "Repeat", inputs, layer) as (outputs, name):
        for number in range(1, repetitions + 1):
            outputs = layer(outputs, *args, scope=f"{name}_{number}", **kwargs)
        return outputs


def stack(inputs, layer, stack_args, **kwargs):
    """Applies a layer once with each of the arguments: `stack(x, fully_connected, [32, 64], scope="fc")`."""
    if not isinstance(stack_args, (list, tuple)):
        raise ValueError(f"stack: stack_args must be a list, got {stack_args!r}")
    with _numbered(kwargs.pop("scope", None), "Stack", inputs, layer) as (outputs, name):
        for number, args in enumerate(stack_args, 1):
            args = args if isinstance(args, (list, tuple)) else [args]
            outputs = layer(outputs, *args, scope=f"{name}_{number}", **kwargs)
        return outputs


# --- Embeddings -------------------------------------------------------------------------------


def embed_sequence(
    ids,
    vocab_size=None,
    embed_dim=None,
    unique=False,
    initializer=None,
    regularizer=None,
    trainable=True,
    scope=None,
    reuse=None,
):
    """Looks ids up in the variable `EmbedSequence/embeddings` [vocab_size, embed_dim].

    Args:
      ids: int [batch, length].
    Returns:
      float [batch, length, embed_dim].
    """
    if not (reuse or (vocab_size and embed_dim)):
        raise ValueError(
            f"embed_sequence: vocab_size and embed_dim must be given without reuse, got {vocab_size} and {embed_dim}"
        )
    with tf.variable_scope(scope, "EmbedSequence", [ids], reuse=reuse):
        shape = None if vocab_size is None or embed_dim is None else [vocab_size, embed_dim]
        embeddings = model_variable(
            "embeddings", shape=shape, initializer=initializer, regularizer=regularizer, trainable=trainable
        )
        return tf.nn.embedding_lookup(embeddings, ids)


def bow_encoder(
    ids,
    vocab_size,
    embed_dim,
    sparse_lookup=True,
    initializer=None,
    regularizer=None,
    trainable=True,
    scope=None,
    reuse=None,
):
    """The mean embedding of each example's ids; with sparse_lookup of those that are not 0.

    Args:
      ids: int [batch, length].
    Returns:
      float [batch, embed_dim]. Variable: `bow_encoder/embeddings`.
    """
    with tf.variable_scope(scope, "bow_encoder", [ids], reuse=reuse):
        embeddings = model_variable(
            "embeddings",
            shape=[vocab_size, embed_dim],
            initializer=initializer,
            regularizer=regularizer,
            trainable=trainable,
        )
        if not sparse_lookup:
            return tf.reduce_mean(tf.nn.embedding_lookup(embeddings, ids), axis=1)
        ids = tf.convert_to_tensor(ids)
        there = tf.not_equal(ids, 0)
        # An example of zeros only has the embedding of 0.
        weights = tf.cast(there | ~tf.reduce_any(there, 1, keepdims=True), embeddings.dtype.base_dtype)
        found = tf.nn.embedding_lookup(embeddings, ids) * weights[:, :, None]
        return tf.reduce_sum(found, 1) / tf.reduce_sum(weights, 1, keepdims=True)


# Other names of the same layers.
elu = functools.partial(fully_connected, activation_fn=tf.nn.elu)
relu = functools.partial(fully_connected, activation_fn=tf.nn.relu)
relu6 = functools.partial(fully_connected, activation_fn=tf.nn.relu6)
linear = functools.partial(fully_connected, activation_fn=None)
legacy_relu = functools.partial(legacy_fully_connected, activation_fn=tf.nn.relu)
legacy_linear = functools.partial(legacy_fully_connected, activation_fn=None)
conv1d, conv2d, conv3d = convolution1d, convolution2d, convolution3d
conv2d_transpose, conv3d_transpose = convolution2d_transpose, convolution3d_transpose
conv2d_in_plane = convolution2d_in_plane
separable_conv2d = separable_convolution2d
