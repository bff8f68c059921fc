"""tf.contrib.layers' other layers without variables."""

import tensorflow.compat.v1 as tf

from legacy_gan.tf1 import layers as core
from legacy_gan.tf1.contrib.framework import add_arg_scope
from legacy_gan.tf1.contrib.layers import utils
from legacy_gan.tf1.contrib.layers.common import finish, layer_scope
from legacy_gan.tf1.layers import base


@add_arg_scope
def dropout(inputs, keep_prob=0.5, noise_shape=None, is_training=True, outputs_collections=None, scope=None, seed=None):
    """Keeps each value with probability keep_prob in training, and scales it by 1 / keep_prob."""
    with layer_scope(scope, "Dropout", inputs, renamed={}) as sc:
        layer = core.Dropout(1 - keep_prob, noise_shape, seed, _scope=sc)
        return finish(sc, layer(inputs, training=is_training), None, outputs_collections)


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
