"""tf.contrib.layers' fully connected layers, and the layer of biases alone."""

import functools
import numbers

import tensorflow.compat.v1 as tf

from legacy_gan.tf1 import layers as core
from legacy_gan.tf1.contrib.framework import add_arg_scope
from legacy_gan.tf1.contrib.layers.common import (
    ZEROS,
    core_data_format,
    finish,
    layer_scope,
    parameter_of,
    weighted_layer,
)
from legacy_gan.tf1.contrib.layers.initializers import xavier_initializer
from legacy_gan.tf1.layers import base


@add_arg_scope
def fully_connected(
    inputs,
    num_outputs,
    activation_fn=tf.nn.relu,
    normalizer_fn=None,
    normalizer_params=None,
    weights_initializer=xavier_initializer(),
    weights_regularizer=None,
    biases_initializer=ZEROS,
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
    options = dict(locals())
    if not isinstance(num_outputs, numbers.Integral):
        raise ValueError(f"fully_connected: num_outputs must be an int, got {num_outputs!r}")
    return weighted_layer(core.Dense, "fully_connected", **options)


@add_arg_scope
def bias_add(
    inputs,
    activation_fn=None,
    initializer=ZEROS,
    regularizer=None,
    reuse=None,
    variables_collections=None,
    outputs_collections=None,
    trainable=True,
    data_format="NHWC",
    scope=None,
):
    """Adds the variable `BiasAdd/biases` to the channels."""
    layout = core_data_format(data_format)
    with layer_scope(scope, "BiasAdd", inputs, reuse) as sc:
        inputs = tf.convert_to_tensor(inputs)
        first = layout == "channels_first"
        size = base.known_size(inputs, 1 if first else -1, "bias_add", min_rank=4 if first else 1)
        biases = parameter_of(
            "biases", [size], inputs.dtype.base_dtype, initializer, regularizer, trainable, variables_collections
        )
        return finish(sc, tf.nn.bias_add(inputs, biases, data_format=data_format), activation_fn, outputs_collections)


def legacy_fully_connected(
    x,
    num_output_units,
    activation_fn=None,
    weight_init=xavier_initializer(),
    bias_init=ZEROS,
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


# Other names of the same layers.
elu = functools.partial(fully_connected, activation_fn=tf.nn.elu)
relu = functools.partial(fully_connected, activation_fn=tf.nn.relu)
relu6 = functools.partial(fully_connected, activation_fn=tf.nn.relu6)
linear = functools.partial(fully_connected, activation_fn=None)
legacy_relu = functools.partial(legacy_fully_connected, activation_fn=tf.nn.relu)
legacy_linear = functools.partial(legacy_fully_connected, activation_fn=None)
