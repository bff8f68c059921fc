"""Matrix products of a cell's inputs and states, side by side."""

import numbers

import tensorflow.compat.v1 as tf
from tensorflow.python.util import nest

from legacy_gan.tf1.backend import precision


class Linear:
    """concat(args) @ kernel + bias, with the variables made once, in the scope of this place.

    Args:
      args: tensor [batch, n], or a list of them; what it is called with has the same sizes.
      output_size: int.
      build_bias: bool, whether there is a bias.
      bias_initializer: None is 0; before TF 1.2 a number stood here, which is taken, too.
      kernel_initializer: None takes the scope's, else glorot_uniform.
    """

    def __init__(self, args, output_size, build_bias, bias_initializer=None, kernel_initializer=None):
        args = args if nest.is_nested(args) else [args]
        if not args or args[0] is None:
            raise ValueError("linear: args must be one tensor or more, got none")
        sizes = [arg.shape.as_list() if arg.shape.ndims == 2 else None for arg in args]
        if any(size is None or size[1] is None for size in sizes):
            raise ValueError(f"linear: args must be [batch, n] with n known, got shapes {[arg.shape for arg in args]}")
        if bias_initializer is None or isinstance(bias_initializer, numbers.Real):
            bias_initializer = tf.constant_initializer(bias_initializer or 0.0)
        self._kernel = tf.get_variable(
            "kernel",
            [sum(size[1] for size in sizes), int(output_size)],
            dtype=args[0].dtype,
            initializer=kernel_initializer,
        )
        self._bias = None
        if build_bias:
            with tf.variable_scope(tf.get_variable_scope()) as scope:
                scope.set_partitioner(None)
                self._bias = tf.get_variable(
                    "bias", [int(output_size)], dtype=args[0].dtype, initializer=bias_initializer
                )

    def __call__(self, args):
        args = args if nest.is_nested(args) else [args]
        return affine(args, self._kernel, self._bias)


def linear(args, output_size, bias, bias_initializer=None, kernel_initializer=None):
    """Returns `Linear` of `args`, called with them."""
    return Linear(args, output_size, bias, bias_initializer, kernel_initializer)(args)


def affine(parts, kernel, bias):
    """Returns concat(parts) @ kernel + bias, in the precision of this place; without a bias where it is None."""
    inputs = parts[0] if len(parts) == 1 else tf.concat(parts, 1)
    outputs = precision.matmul(inputs, kernel)
    return outputs if bias is None else tf.nn.bias_add(outputs, bias)
