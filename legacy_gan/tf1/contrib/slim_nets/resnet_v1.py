"""tf.contrib.slim.nets.resnet_v1: residual networks.

Source: He, Zhang, Ren, Sun 2016; the interface and variable names of tf.contrib.slim in TensorFlow 1.15.5.
"""

import tensorflow.compat.v1 as tf

from legacy_gan.tf1.contrib import layers
from legacy_gan.tf1.contrib.framework import add_arg_scope
from legacy_gan.tf1.contrib.layers import utils
from legacy_gan.tf1.contrib.slim_nets import resnet_utils
from legacy_gan.tf1.contrib.slim_nets.resnet_utils import conv2d_same, resnet_arg_scope
from legacy_gan.tf1.namespace import refusal

__all__ = [
    "bottleneck",
    "resnet_arg_scope",
    "resnet_v1",
    "resnet_v1_101",
    "resnet_v1_152",
    "resnet_v1_200",
    "resnet_v1_50",
    "resnet_v1_block",
]

__getattr__ = refusal("tf.contrib.slim.nets.resnet_v1", __all__)


@add_arg_scope
def bottleneck(inputs, depth, depth_bottleneck, stride, rate=1, outputs_collections=None, scope=None):
    """A unit: convolutions 1x1, 3x3 with the stride and 1x1, added to the inputs, and relu.

    Args:
      depth, depth_bottleneck: int, the channels of the outputs and within.
      stride, rate: int, of the 3x3 convolution.
    """
    with tf.variable_scope(scope, "bottleneck_v1", [inputs]) as sc:
        if depth == utils.last_dimension(inputs.shape, min_rank=4):
            shortcut = resnet_utils.subsample(inputs, stride, "shortcut")
        else:
            shortcut = layers.conv2d(inputs, depth, [1, 1], stride=stride, activation_fn=None, scope="shortcut")
        residual = layers.conv2d(inputs, depth_bottleneck, [1, 1], stride=1, scope="conv1")
        residual = conv2d_same(residual, depth_bottleneck, 3, stride, rate=rate, scope="conv2")
        residual = layers.conv2d(residual, depth, [1, 1], stride=1, activation_fn=None, scope="conv3")
        return utils.collect_named_outputs(outputs_collections, sc.name, tf.nn.relu(shortcut + residual))


resnet_v1 = resnet_utils.network("resnet_v1", bottleneck, root={}, before_pooling=lambda net: net)
resnet_v1_block = resnet_utils.block_of(bottleneck)
resnet_v1_50 = resnet_utils.deep(resnet_v1, "resnet_v1_50", bottleneck, (3, 4, 6, 3))
resnet_v1_101 = resnet_utils.deep(resnet_v1, "resnet_v1_101", bottleneck, (3, 4, 23, 3))
resnet_v1_152 = resnet_utils.deep(resnet_v1, "resnet_v1_152", bottleneck, (3, 8, 36, 3))
resnet_v1_200 = resnet_utils.deep(resnet_v1, "resnet_v1_200", bottleneck, (3, 24, 36, 3))
