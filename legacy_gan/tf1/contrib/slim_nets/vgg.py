"""tf.contrib.slim.nets.vgg: the networks of Oxford's Visual Geometry Group.

Source: Simonyan and Zisserman 2015; the interface and variable names of tf.contrib.slim in TensorFlow 1.15.5.
"""

import tensorflow.compat.v1 as tf

from legacy_gan.tf1.contrib import layers
from legacy_gan.tf1.contrib.framework import arg_scope
from legacy_gan.tf1.contrib.layers import utils
from legacy_gan.tf1.namespace import refusal

__all__ = ["vgg_16", "vgg_19", "vgg_a", "vgg_arg_scope"]

__getattr__ = refusal("tf.contrib.slim.nets.vgg", __all__)


def vgg_arg_scope(weight_decay=0.0005):
    """Returns the arg_scope of these networks."""
    of_both = arg_scope(
        [layers.conv2d, layers.fully_connected],
        activation_fn=tf.nn.relu,
        weights_regularizer=layers.l2_regularizer(weight_decay),
        biases_initializer=tf.zeros_initializer(),
    )
    with of_both, arg_scope([layers.conv2d], padding="SAME") as scope:
        return scope


def _vgg(name, counts, of_name=False):
    """Returns the function that builds the network of a name, with so many convolutions of each size."""

    def build(inputs, num_classes=1000, is_training=True, dropout_keep_prob=0.5, spatial_squeeze=True, scope=name):
        with tf.variable_scope(scope, name, [inputs]) as sc:
            collection = f"{sc.name if of_name else sc.original_name_scope}_end_points"
            collected = [layers.conv2d, layers.fully_connected, layers.max_pool2d]
            with arg_scope(collected, outputs_collections=collection):
                net = inputs
                for number, (count, depth) in enumerate(zip(counts, (64, 128, 256, 512, 512)), 1):
                    net = layers.repeat(net, count, layers.conv2d, depth, [3, 3], scope=f"conv{number}")
                    net = layers.max_pool2d(net, [2, 2], scope=f"pool{number}")
                for number, size in ((6, 7), (7, 1)):
                    padding = {"padding": "VALID"} if size > 1 else {}
                    net = layers.conv2d(net, 4096, [size, size], scope=f"fc{number}", **padding)
                    net = layers.dropout(net, dropout_keep_prob, is_training=is_training, scope=f"dropout{number}")
                net = layers.conv2d(net, num_classes, [1, 1], activation_fn=None, normalizer_fn=None, scope="fc8")
                ends = utils.convert_collection_to_dict(collection)
                if spatial_squeeze:
                    net = tf.squeeze(net, [1, 2], name="fc8/squeezed")
                    ends[f"{sc.name}/fc8"] = net
                return net, ends

    build.__name__ = build.__qualname__ = name
    build.__doc__ = f"""The network {name}.

    Args:
      inputs: float [batch, 224, 224, channels], or larger without spatial_squeeze.
      num_classes: int.
      is_training: bool, of dropout.
      dropout_keep_prob: float, 0 to 1.
      spatial_squeeze: bool, whether the picture's axes, of size 1, are taken out of the logits.
    Returns:
      (logits, dict of name to tensor).
    """
    build.default_image_size = 224
    return build


vgg_a = _vgg("vgg_a", (1, 1, 2, 2, 2))
vgg_16 = _vgg("vgg_16", (2, 2, 3, 3, 3))
vgg_19 = _vgg("vgg_19", (2, 2, 4, 4, 4), of_name=True)
