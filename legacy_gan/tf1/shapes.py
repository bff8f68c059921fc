"""Three functions of tensorflow.python.framework.tensor_shape that make shapes; TensorFlow 2 has them no longer.

Source: their results in TensorFlow 1.15.5.
"""

import tensorflow.compat.v1 as tf

__all__ = ["matrix", "scalar", "vector"]


def scalar():
    """The shape of a number."""
    return tf.TensorShape([])


def vector(length):
    """The shape of a vector; a length of None is not known."""
    return tf.TensorShape([length])


def matrix(rows, cols):
    """The shape of a matrix."""
    return tf.TensorShape([rows, cols])
