"""tf.contrib.slim.nets.resnet_utils: what residual networks are made of.

Source: He, Zhang, Ren, Sun 2016; the interface and variable names of tf.contrib.slim in TensorFlow 1.15.5.
"""

import collections

import tensorflow.compat.v1 as tf

from legacy_gan.tf1.contrib import layers
from legacy_gan.tf1.contrib.framework import add_arg_scope, arg_scope
from legacy_gan.tf1.contrib.layers import utils
from legacy_gan.tf1.namespace import refusal

__all__ = ["Block", "conv2d_same", "resnet_arg_scope", "stack_blocks_dense", "subsample"]

__getattr__ = refusal("tf.contrib.slim.nets.resnet_utils", __all__)

Block = collections.namedtuple("Block", ("scope", "unit_fn", "args"))


def subsample(inputs, factor, scope=None):
    """Returns every factor-th row and column."""
    return inputs if factor == 1 else layers.max_pool2d(inputs, [1, 1], stride=factor, scope=scope)


def conv2d_same(inputs, num_outputs, kernel_size, stride, rate=1, scope=None):
    """A convolution whose padding does not depend on the inputs' size: strided, it is the plain one subsampled."""
    if stride == 1:
        return layers.conv2d(inputs, num_outputs, kernel_size, stride=1, rate=rate, padding="SAME", scope=scope)
    padding = kernel_size + (kernel_size - 1) * (rate - 1) - 1
    edges = [padding // 2, padding - padding // 2]
    inputs = tf.pad(inputs, [[0, 0], edges, edges, [0, 0]])
    return layers.conv2d(inputs, num_outputs, kernel_size, stride=stride, rate=rate, padding="VALID", scope=scope)


@add_arg_scope
def stack_blocks_dense(net, blocks, output_stride=None, outputs_collections=None):
    """Puts blocks of units on top of one another.

    Args:
      blocks: list of Block, whose args are a list of the arguments of unit_fn, a dict for each unit.
      output_stride: int, the most by which the picture shrinks; from there on convolutions are dilated.
    Raises:
      ValueError: for an output_stride that the units' strides do not meet.
    """
    stride, rate = 1, 1
    for block in blocks:
        with tf.variable_scope(block.scope, "block", [net]) as scope:
            for number, unit in enumerate(block.args, 1):
                if output_stride is not None and stride > output_stride:
                    raise ValueError(f"stack_blocks_dense: output_stride {output_stride} cannot be reached")
                with tf.variable_scope(f"unit_{number}", values=[net]):
                    if output_stride is not None and stride == output_stride:
                        net = block.unit_fn(net, rate=rate, **dict(unit, stride=1))
                        rate *= unit.get("stride", 1)
                    else:
                        net = block.unit_fn(net, rate=1, **unit)
                        stride *= unit.get("stride", 1)
            net = utils.collect_named_outputs(outputs_collections, scope.name, net)
    if output_stride is not None and stride != output_stride:
        raise ValueError(f"stack_blocks_dense: output_stride {output_stride} cannot be reached")
    return net


def resnet_arg_scope(weight_decay=0.0001, batch_norm_decay=0.997, batch_norm_epsilon=1e-5, batch_norm_scale=True):
    """Returns the arg_scope of residual networks: weights, regularization and batch normalisation."""
    norm = {
        "decay": batch_norm_decay,
        "epsilon": batch_norm_epsilon,
        "scale": batch_norm_scale,
        "updates_collections": tf.GraphKeys.UPDATE_OPS,
    }
    of_convolutions = arg_scope(
        [layers.conv2d],
        weights_regularizer=layers.l2_regularizer(weight_decay),
        weights_initializer=layers.variance_scaling_initializer(),
        activation_fn=tf.nn.relu,
        normalizer_fn=layers.batch_norm,
        normalizer_params=norm,
    )
    with of_convolutions, arg_scope([layers.batch_norm], **norm):
        with arg_scope([layers.max_pool2d], padding="SAME") as scope:
            return scope


def block_of(bottleneck):
    """Returns the function that makes a Block of bottlenecks, the last one with the stride."""

    def block(scope, base_depth, num_units, stride):
        """Returns a Block of num_units bottlenecks of depth 4 * base_depth, the last one with the stride."""
        plain = {"depth": base_depth * 4, "depth_bottleneck": base_depth, "stride": 1}
        return Block(scope, bottleneck, [plain] * (num_units - 1) + [dict(plain, stride=stride)])

    return block


def network(name, bottleneck, root, before_pooling):
    """Returns the function that builds a residual network of given blocks, under its name.

    Args:
      bottleneck: the unit, an arg_scope's function.
      root: dict, what the first convolution has otherwise than the arg_scope.
      before_pooling: function of the last block's features [batch, height, width, channels].
    """

    def build(
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
        with tf.variable_scope(scope, name, [inputs], reuse=reuse) as sc:
            collection = f"{sc.original_name_scope}_end_points"
            collected = [layers.conv2d, bottleneck, stack_blocks_dense]
            with arg_scope(collected, outputs_collections=collection), arg_scope(
                [layers.batch_norm], is_training=is_training
            ):
                net = inputs
                if include_root_block:
                    if output_stride is not None:
                        if output_stride % 4:
                            raise ValueError(f"{name}: output_stride must be a multiple of 4, got {output_stride}")
                        output_stride //= 4
                    with arg_scope([layers.conv2d], **root):
                        net = conv2d_same(net, 64, 7, stride=2, scope="conv1")
                    net = layers.max_pool2d(net, [3, 3], stride=2, scope="pool1")
                net = before_pooling(stack_blocks_dense(net, blocks, output_stride))
                plain = {"activation_fn": None, "normalizer_fn": None}
                if global_pool:
                    net = tf.reduce_mean(net, [1, 2], name="pool5", keepdims=True)
                if num_classes is not None:
                    net = layers.conv2d(net, num_classes, [1, 1], scope="logits", **plain)
                ends = utils.convert_collection_to_dict(collection)
                if num_classes is not None:
                    ends["predictions"] = layers.softmax(net, scope="predictions")
                return net, ends

    build.__name__ = build.__qualname__ = name
    build.default_image_size = 224
    return build


def blocks_of(bottleneck, units):
    """Returns the four blocks of a network: the last unit of each halves the picture, but for the last block."""
    block, last = block_of(bottleneck), len(units)
    return [
        block(f"block{number}", 64 * 2 ** (number - 1), count, 1 if number == last else 2)
        for number, count in enumerate(units, 1)
    ]


def deep(network, name, bottleneck, units):
    """Returns the function that builds a network of a depth, under its name."""

    def build(inputs, num_classes=None, is_training=True, global_pool=True, output_stride=None, reuse=None, scope=name):
        return network(
            inputs,
            blocks_of(bottleneck, units),
            num_classes,
            is_training,
            global_pool,
            output_stride,
            include_root_block=True,
            reuse=reuse,
            scope=scope,
        )

    build.__name__ = build.__qualname__ = name
    build.__doc__ = f"The network {name}: units {units}. Args and returns: as {network.__name__}'s, without blocks."
    build.default_image_size = network.default_image_size
    return build
