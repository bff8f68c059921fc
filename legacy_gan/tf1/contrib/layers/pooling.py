"""tf.contrib.layers' pooling."""

import tensorflow.compat.v1 as tf

from legacy_gan.tf1 import layers as core
from legacy_gan.tf1.contrib.framework import add_arg_scope
from legacy_gan.tf1.contrib.layers import utils
from legacy_gan.tf1.contrib.layers.common import _format
from legacy_gan.tf1.layers import base


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
