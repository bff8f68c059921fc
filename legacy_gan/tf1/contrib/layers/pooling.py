"""tf.contrib.layers' pooling."""

import tensorflow.compat.v1 as tf

from legacy_gan.tf1 import layers as core
from legacy_gan.tf1.contrib.framework import add_arg_scope
from legacy_gan.tf1.contrib.layers import utils
from legacy_gan.tf1.contrib.layers.common import core_data_format
from legacy_gan.tf1.layers import base


def _pool(make, default_name, rank, inputs, kernel_size, stride, padding, data_format, outputs_collections, scope):
    """What the four pooling layers do with the core layer class `make` of `rank` axes."""
    data_format = core_data_format(data_format, rank)
    with tf.name_scope(scope, default_name, [inputs]) as sc:
        outputs = make(kernel_size, stride, padding, data_format, _scope=sc)(inputs)
        return utils.collect_named_outputs(outputs_collections, sc, outputs)


@add_arg_scope
def max_pool2d(
    inputs, kernel_size, stride=2, padding="VALID", data_format="NHWC", outputs_collections=None, scope=None
):
    """The largest value of each window of [batch, height, width, channels]."""
    return _pool(core.MaxPooling2D, "MaxPool2D", 2, **locals())


@add_arg_scope
def avg_pool2d(
    inputs, kernel_size, stride=2, padding="VALID", data_format="NHWC", outputs_collections=None, scope=None
):
    """The mean of each window of [batch, height, width, channels]."""
    return _pool(core.AveragePooling2D, "AvgPool2D", 2, **locals())


@add_arg_scope
def max_pool3d(
    inputs, kernel_size, stride=2, padding="VALID", data_format="NDHWC", outputs_collections=None, scope=None
):
    """The largest value of each window of [batch, depth, height, width, channels]."""
    return _pool(core.MaxPooling3D, "MaxPool3D", 3, **locals())


@add_arg_scope
def avg_pool3d(
    inputs, kernel_size, stride=2, padding="VALID", data_format="NDHWC", outputs_collections=None, scope=None
):
    """The mean of each window of [batch, depth, height, width, channels]."""
    return _pool(core.AveragePooling3D, "AvgPool3D", 3, **locals())


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
