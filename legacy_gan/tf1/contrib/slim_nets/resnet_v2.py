"""tf.contrib.slim.nets.resnet_v2: residual networks with normalisation before each weight layer.

Source: He, Zhang, Ren, Sun 2016b; the interface and variable names of tf.contrib.slim in TensorFlow 1.15.5.
"""

import tensorflow.compat.v1 as tf

from legacy_gan.tf1.contrib import layers
from legacy_gan.tf1.contrib.framework import add_arg_scope, arg_scope
from legacy_gan.tf1.contrib.layers import utils
from legacy_gan.tf1.contrib.slim_nets import resnet_utils
from legacy_gan.tf1.contrib.slim_nets.resnet_utils import Block, conv2d_same, resnet_arg_scope
from legacy_gan.tf1.namespace import refusal

__all__ = [
    "bottleneck",
    "resnet_arg_scope",
    "resnet_v2",
    "resnet_v2_101",
    "resnet_v2_152",
    "resnet_v2_200",
    "resnet_v2_50",
    "resnet_v2_block",
]

__getattr__ = refusal("tf.contrib.slim.nets.resnet_v2", __all__)


@add_arg_scope
def bottleneck(inputs, depth, depth_bottleneck, stride, rate=1, outputs_collections=None, scope=None):
    """A unit: normalisation and relu, convolutions 1x1, 3x3 with the stride and 1x1, added to the inputs.

    Args:
      depth, depth_bottleneck: int, the channels of the outputs and within.
      stride, rate: int, of the 3x3 convolution.
    """
    with tf.variable_scope(scope, "bottleneck_v2", [inputs]) as sc:
        active = layers.batch_norm(inputs, activation_fn=tf.nn.relu, scope="preact")
        plain = {"normalizer_fn": None, "activation_fn": None}
        if depth == utils.last_dimension(inputs.shape, min_rank=4):
            shortcut = resnet_utils.subsample(inputs, stride, "shortcut")
        else:
            shortcut = layers.conv2d(active, depth, [1, 1], stride=stride, scope="shortcut", **plain)
        residual = layers.conv2d(active, depth_bottleneck, [1, 1], stride=1, scope="conv1")
        residual = conv2d_same(residual, depth_bottleneck, 3, stride, rate=rate, scope="conv2")
        residual = layers.conv2d(residual, depth, [1, 1], stride=1, scope="conv3", **plain)
        return utils.collect_named_outputs(outputs_collections, sc.name, shortcut + residual)


def resnet_v2(
    inputs,
    blocks,
    num_classes=None,
    is_training=True,
    global_pool=True,
    output_stride=None,
    include_root_block=True,
    reuse=None,
    scope=None,
):
    """Builds a residual network.

    Args:
      inputs: float [batch, height, width, channels].
      blocks: list of Block.
      num_classes: int, of the logits; None for none.
      is_training: bool, of batch normalisation.
      global_pool: bool, whether the mean over the picture is taken.
      output_stride: int, the most by which the picture shrinks, a multiple of 4; None for no limit.
      include_root_block: bool, whether a convolution and a pooling come before the blocks.
      reuse, scope: the variable scope.
    Returns:
      (features or logits [batch, height, width, n], dict of name to tensor).
    Raises:
      ValueError: for an output_stride that cannot be reached.
    """
    with tf.variable_scope(scope, "resnet_v2", [inputs], reuse=reuse) as sc:
        collection = f"{sc.original_name_scope}_end_points"
        collected = [layers.conv2d, bottleneck, resnet_utils.stack_blocks_dense]
        with arg_scope(collected, outputs_collections=collection), arg_scope(
            [layers.batch_norm], is_training=is_training
        ):
            net = inputs
            if include_root_block:
                if output_stride is not None:
                    if output_stride % 4:
                        raise ValueError(f"resnet_v2: output_stride must be a multiple of 4, got {output_stride}")
                    output_stride //= 4
                with arg_scope([layers.conv2d], activation_fn=None, normalizer_fn=None):
                    net = conv2d_same(net, 64, 7, stride=2, scope="conv1")
                net = layers.max_pool2d(net, [3, 3], stride=2, scope="pool1")
            net = resnet_utils.stack_blocks_dense(net, blocks, output_stride)
            net = layers.batch_norm(net, activation_fn=tf.nn.relu, scope="postnorm")
            if global_pool:
                net = tf.reduce_mean(net, [1, 2], name="pool5", keepdims=True)
            if num_classes is not None:
                net = layers.conv2d(net, num_classes, [1, 1], activation_fn=None, normalizer_fn=None, scope="logits")
            ends = utils.convert_collection_to_dict(collection)
            if num_classes is not None:
                ends["predictions"] = layers.softmax(net, scope="predictions")
            return net, ends


resnet_v2.default_image_size = 224


def resnet_v2_block(scope, base_depth, num_units, stride):
    """Returns a Block of num_units bottlenecks of depth 4 * base_depth, the last one with the stride."""
    plain = {"depth": base_depth * 4, "depth_bottleneck": base_depth, "stride": 1}
    return Block(scope, bottleneck, [plain] * (num_units - 1) + [dict(plain, stride=stride)])


resnet_v2_50 = resnet_utils.deep(resnet_v2, "resnet_v2_50", bottleneck, (3, 4, 6, 3))
resnet_v2_101 = resnet_utils.deep(resnet_v2, "resnet_v2_101", bottleneck, (3, 4, 23, 3))
resnet_v2_152 = resnet_utils.deep(resnet_v2, "resnet_v2_152", bottleneck, (3, 8, 36, 3))
resnet_v2_200 = resnet_utils.deep(resnet_v2, "resnet_v2_200", bottleneck, (3, 24, 36, 3))
