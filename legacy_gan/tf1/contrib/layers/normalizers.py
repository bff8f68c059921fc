"""tf.contrib.layers' normalization by batch, layer, example, group and length."""

import tensorflow.compat.v1 as tf

from legacy_gan.tf1 import layers as core
from legacy_gan.tf1.contrib.framework import add_arg_scope
from legacy_gan.tf1.contrib.layers.common import (
    ZEROS,
    collect_variables,
    core_data_format,
    finish,
    layer_scope,
    parameter_of,
)
from legacy_gan.tf1.layers import base, normalization

_BATCH_NORM_STARTS = {
    "beta": ZEROS,
    "gamma": tf.ones_initializer(),
    "moving_mean": ZEROS,
    "moving_variance": tf.ones_initializer(),
}


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
      renorm, renorm_clipping, renorm_decay, adjustment: as renorm, ... of tf.layers.batch_normalization.
      fused: False never fuses. What is fused, inputs of rank 2 or 4, keeps the unbiased variance.
    Returns:
      float, the inputs' shape. Variables: `BatchNorm/beta`, `gamma`, `moving_mean`, `moving_variance`.
    Raises:
      NotImplementedError: for batch_weights.
      ValueError: for renorm with other collections of updates, or with zero_debias_moving_mean.
    """
    if batch_weights is not None:
        raise NotImplementedError(
            "tf.contrib.layers.batch_norm: batch_weights are not served; leave them at their default"
        )
    inputs = tf.convert_to_tensor(inputs)
    rank = base.known_rank(inputs, "batch_norm", 2)
    axis = 1 if core_data_format(data_format) == "channels_first" else rank - 1
    rare = renorm or adjustment is not None
    fuses = fused in (None, True) and rank in (2, 4) and not rare
    # As in TF 1.15: what tf.layers' batch normalisation cannot do is computed here.
    of_core = updates_collections == tf.GraphKeys.UPDATE_OPS and not zero_debias_moving_mean
    of_core = of_core and not (fuses and rank == 2)
    if renorm and not of_core:
        raise ValueError(
            "batch_norm: renorm needs updates_collections=tf.GraphKeys.UPDATE_OPS and no zero_debias_moving_mean"
        )
    options = dict(
        inputs=inputs,
        axis=axis,
        decay=decay,
        center=center,
        scale=scale,
        epsilon=epsilon,
        is_training=is_training,
        trainable=trainable,
        initializers=dict(_BATCH_NORM_STARTS, **(param_initializers or {})),
        regularizers=dict({"beta": None, "gamma": None}, **(param_regularizers or {})),
        variables_collections=variables_collections,
    )
    with layer_scope(scope, "BatchNorm", inputs, reuse, {} if of_core else None) as sc:
        if of_core:
            forms = dict(
                renorm=renorm, renorm_clipping=renorm_clipping, renorm_momentum=renorm_decay, adjustment=adjustment
            )
            outputs = _batch_norm_of_core_layer(fused=fused, scope=sc, reuse=reuse, forms=forms, **options)
        else:
            outputs = _batch_norm_with_own_updates(
                fuses=fuses,
                updates_collections=updates_collections,
                zero_debias_moving_mean=zero_debias_moving_mean,
                **options,
            )
        return finish(sc, outputs, activation_fn, outputs_collections)


def _batch_norm_of_core_layer(
    inputs,
    axis,
    decay,
    center,
    scale,
    epsilon,
    is_training,
    trainable,
    initializers,
    regularizers,
    variables_collections,
    fused,
    scope,
    reuse,
    forms,
):
    """batch_norm by tf.layers' batch normalisation, whose updates join UPDATE_OPS."""
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
        _scope=scope,
        _reuse=reuse,
        **forms,
    )
    outputs = layer(inputs, training=is_training)
    names = ("moving_mean", "moving_variance", "beta", "gamma")
    collect_variables(layer, variables_collections, [(name, name) for name in names])
    return outputs


def _batch_norm_with_own_updates(
    inputs,
    axis,
    decay,
    center,
    scale,
    epsilon,
    is_training,
    trainable,
    initializers,
    regularizers,
    variables_collections,
    fuses,
    updates_collections,
    zero_debias_moving_mean,
):
    """batch_norm with updates that join other collections or run before the outputs are there.

    Also for inputs of rank 2 that are fused, and for a moving mean that forgets its first value.
    """
    rank = inputs.shape.ndims
    size = base.known_size(inputs, axis, "batch_norm")
    dtype = tf.float32 if fuses else inputs.dtype.base_dtype

    def parameter(name, trained=trainable):
        return parameter_of(
            name, [size], dtype, initializers[name], regularizers.get(name), trained, variables_collections
        )

    beta = parameter("beta") if center else None
    gamma = parameter("gamma") if scale else None
    moving = [parameter("moving_mean", False), parameter("moving_variance", False)]
    if fuses:
        images = inputs if rank == 4 else tf.reshape(inputs, [-1, 1, 1, size])
        outputs, mean, variance = normalization.fused_batch_norm(
            images, axis if rank == 4 else 3, size, gamma, beta, moving[0], moving[1], epsilon, is_training, dtype
        )
        outputs = outputs if rank == 4 else tf.reshape(outputs, tf.shape(inputs))
    else:
        outputs, mean, variance = normalization.plain_batch_norm(
            inputs, axis, gamma, beta, moving[0], moving[1], epsilon, is_training, dtype
        )
    outputs.set_shape(inputs.shape)
    if base.static(is_training) is False:
        return outputs
    debiasing = _debiasing_variables(moving[0]) if zero_debias_moving_mean else None

    def updates():
        return [_move_average(moving[0], mean, decay, debiasing), _move_average(moving[1], variance, decay)]

    def outputs_after_updates():
        with tf.control_dependencies(updates()):
            return tf.identity(outputs)

    if updates_collections is None:
        outputs = base.cond(is_training, outputs_after_updates, lambda: tf.identity(outputs))
    else:
        for update in base.cond(is_training, updates, lambda: [tf.identity(v) for v in moving]):
            tf.add_to_collections(updates_collections, update)
    outputs.set_shape(inputs.shape)
    return outputs


def _debiasing_variables(moving):
    """Makes the variables of a moving average that does not remember its first value, zero."""
    with tf.variable_scope(moving.op.name):  # inside of the layer's scope: its name comes twice, as in TF 1.15
        return [
            tf.get_variable("biased", moving.shape, moving.dtype.base_dtype, ZEROS, trainable=False),
            tf.get_variable("local_step", [], moving.dtype.base_dtype, ZEROS, trainable=False),
        ]


def _move_average(moving, value, decay, debiasing=None):
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
    with layer_scope(scope, "LayerNorm", inputs, reuse) as sc:
        inputs = tf.convert_to_tensor(inputs)
        rank = base.known_rank(inputs, "layer_norm", 1)
        if not -rank <= begin_params_axis < rank or not -rank <= begin_norm_axis < rank:
            raise ValueError(
                f"layer_norm: begin_params_axis ({begin_params_axis}) and begin_norm_axis ({begin_norm_axis}) must be "
                f"axes of the inputs, got shape {inputs.shape}"
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
        return finish(sc, outputs, activation_fn, outputs_collections)


def _beta_and_gamma(center, scale, shape, dtype, initializers, trainable, variables_collections):
    """Makes beta, then gamma; None for what is switched off."""
    initializers = dict({"beta": ZEROS, "gamma": tf.ones_initializer()}, **(initializers or {}))
    return [
        parameter_of(name, shape, dtype, initializers[name], None, trainable, variables_collections)
        if is_made
        else None
        for name, is_made in (("beta", center), ("gamma", scale))
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
    first = core_data_format(data_format) == "channels_first"
    with layer_scope(scope, "InstanceNorm", inputs, reuse) as sc:
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
        return finish(sc, outputs, activation_fn, outputs_collections)


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
    with layer_scope(scope, "GroupNorm", inputs, reuse) as sc:
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
        return finish(sc, outputs, activation_fn, outputs_collections)


@add_arg_scope
def unit_norm(inputs, dim, epsilon=1e-7, scope=None):
    """Scales to length 1 along an axis: x / sqrt(epsilon + sum(x ** 2))."""
    with tf.variable_scope(scope, "UnitNorm", [inputs]):
        rank = base.known_rank(inputs, "unit_norm", 1)
        if not 0 <= dim < rank:
            raise ValueError(f"unit_norm: dim must be at least 0 and below the rank {rank}, got {dim}")
        return inputs / tf.sqrt(epsilon + tf.reduce_sum(tf.square(inputs), dim, keepdims=True))
