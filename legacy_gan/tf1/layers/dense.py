"""tf.layers' fully connected layer, and the flattening before it."""

import tensorflow.compat.v1 as tf

from legacy_gan.tf1.backend import precision
from legacy_gan.tf1.layers.base import (
    activation_of,
    add_bias,
    check_data_format,
    finish,
    floating,
    known_rank,
    known_size,
    layer_class,
    layer_scope,
    plain_scope,
    variable_of,
)

_ZEROS = tf.zeros_initializer()


def dense(
    inputs,
    units,
    activation=None,
    use_bias=True,
    kernel_initializer=None,
    bias_initializer=_ZEROS,
    kernel_regularizer=None,
    bias_regularizer=None,
    activity_regularizer=None,
    kernel_constraint=None,
    bias_constraint=None,
    trainable=True,
    name=None,
    reuse=None,
):
    """A fully connected layer: activation(inputs @ kernel + bias).

    Args:
      inputs: float [batch, ..., n], n known.
      units: int, the width of the output.
      activation: a function of a tensor, or its name in tf.nn, or None (linear).
      kernel_initializer: None takes the scope's, and without one glorot_uniform.
      name, reuse: the variable scope, `dense` (then `dense_1`, ...) without a name.
    Returns:
      float [batch, ..., units]. Variables: `<scope>/kernel` [n, units], `<scope>/bias` [units].
    Raises:
      ValueError: if n is unknown, or the variables exist and reuse is not on.
    """
    with layer_scope(name, "dense", reuse):
        activation = activation_of(activation)
        inputs = floating(inputs, "dense")
        size = known_size(inputs, -1, "dense", min_rank=2)
        shape = inputs.shape.as_list()
        kernel = variable_of(
            "kernel",
            [size, int(units)],
            inputs.dtype,
            kernel_initializer,
            kernel_regularizer,
            kernel_constraint,
            trainable,
        )
        if len(shape) == 2:
            outputs = precision.product(tf.matmul, inputs, kernel)
        else:
            axes = [[len(shape) - 1], [0]]
            outputs = precision.product(lambda a, b: tf.tensordot(a, b, axes), inputs, kernel)
            outputs.set_shape(shape[:-1] + [int(units)])
        outputs = add_bias(outputs, units, trainable, use_bias, bias_initializer, bias_regularizer, bias_constraint)
        return finish(outputs, activation, activity_regularizer)


def flatten(inputs, name=None, data_format="channels_last"):
    """Makes [batch, n] of [batch, ...]; "channels_first" puts the channels last before it.

    Returns:
      the inputs' type, [batch, product of the other sizes].
    """
    check_data_format(data_format, "flatten")
    with plain_scope(name, "flatten"):
        inputs = tf.convert_to_tensor(inputs)
        rank = known_rank(inputs, "flatten", 1)
        if data_format == "channels_first" and rank > 1:
            inputs = tf.transpose(inputs, [0] + list(range(2, rank)) + [1])
        sizes = inputs.shape.as_list()
        batch, rest = sizes[0], sizes[1:]
        outputs = tf.reshape(inputs, [tf.shape(inputs)[0] if batch is None else batch, -1])
        size = None
        if all(length is not None for length in rest):
            size = 1
            for length in rest:
                size *= length
        outputs.set_shape([batch, size])
        return outputs


Dense = layer_class("Dense", dense)
Flatten = layer_class("Flatten", flatten)
