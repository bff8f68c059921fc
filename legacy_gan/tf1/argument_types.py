"""Arguments of types that TensorFlow 1.15 takes and today's refuses: dimensions that are whole-numbered floats, NumPy
numbers and int32 tensors in tf.data.

Source: tensorflow.Dimension and tensorflow.data of TensorFlow 1.15.5, run with each type.
"""

import functools
import inspect
from typing import Any

import numpy as np
import tensorflow.compat.v1 as tf
from tensorflow.python.framework import tensor_shape

__all__ = ["dimension", "take_those_of_1_15"]


def take_those_of_1_15() -> None:
    """Lets today's TensorFlow take them, in this process; TensorFlow 1.15 is left as it is."""
    if tf.__version__.startswith("1."):
        return
    _let_dimensions_be_whole_numbers()
    _let_data_sets_take_numpy()


def dimension(value: Any) -> Any:
    """Returns a dimension as TensorFlow 1.15 takes it: an int for any value that int() leaves the same.

    Args:
      value: a number, an array of one, text ("28"), None or a tf.Dimension, which stay as they are.
    Raises:
      ValueError: for 2.5.
    """
    if value is None or type(value) is int or isinstance(value, tensor_shape.Dimension):
        return value
    if isinstance(value, np.ndarray) and value.size == 1:
        value = value.item()
    whole = int(value)
    if not isinstance(value, (str, bytes)) and value != whole:
        raise ValueError(f"Ambiguous dimension: {value}")
    return whole


def _let_dimensions_be_whole_numbers():
    of_today = tensor_shape.Dimension.__init__

    @functools.wraps(of_today)
    def __init__(self, value):
        of_today(self, dimension(value))

    tensor_shape.Dimension.__init__ = __init__


def _let_data_sets_take_numpy():
    from tensorflow.python.data.ops import dataset_ops

    for kind in (dataset_ops.DatasetV1, dataset_ops.DatasetV2):
        for name in ("interleave", "map", "prefetch"):
            setattr(kind, name, _taking_numpy(getattr(kind, name)))


def _taking_numpy(method):
    """Returns a method of a data set that takes NumPy numbers, and num_parallel_calls as an int32 tensor."""
    signature = inspect.signature(method)
    counts = {"buffer_size", "num_parallel_calls"} & set(signature.parameters)

    @functools.wraps(method)
    def call(*args, **named):
        given = signature.bind(*args, **named)
        for name in counts & set(given.arguments):
            value = given.arguments[name]
            if isinstance(value, (np.generic, np.ndarray)) and not value.ndim and value.dtype.kind in "biuf":
                given.arguments[name] = int(value)
            elif name == "num_parallel_calls" and isinstance(value, tf.Tensor) and value.dtype == tf.int32:
                given.arguments[name] = tf.cast(value, tf.int64)
        return method(*given.args, **given.kwargs)

    return call
