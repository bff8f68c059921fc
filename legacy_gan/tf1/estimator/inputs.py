"""What an input_fn returns, tf.estimator.inputs, and the names of a function's arguments.

Source: the interface of tf.estimator.inputs in TensorFlow 1.15.
"""

import functools
import inspect

import numpy as np
import tensorflow.compat.v1 as tf

__all__ = ["arguments_of", "features_and_labels", "numpy_input_fn", "pandas_input_fn"]


def arguments_of(function):
    """Returns the names of the arguments that a function still takes; a partial has given some.

    Args:
      function: a function, a method, a functools.partial or an object with __call__.
    """
    if isinstance(function, functools.partial):
        names = list(arguments_of(function.func))[len(function.args) :]
        return tuple(name for name in names if name not in function.keywords)
    several = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    return tuple(name for name, one in inspect.signature(function).parameters.items() if one.kind not in several)


class _InitializeIterator(tf.train.SessionRunHook):
    """Initializes the iterator of a data set in a new session: after the tables, which the data may look up."""

    def __init__(self, iterator):
        self._iterator = iterator

    def begin(self):
        self._initializer = self._iterator.initializer

    def after_create_session(self, session, coord):
        session.run(self._initializer)


def features_and_labels(fed):
    """Returns (features, labels or None, hooks) of what an input_fn returned: tensors or a data set.

    Raises:
      ValueError: for a tuple of another length than two.
    """
    hooks = []
    if isinstance(fed, (tf.data.Dataset, getattr(tf, "DatasetV2", tf.data.Dataset))) or (
        hasattr(fed, "output_types") and not hasattr(fed, "get_next")
    ):
        iterator = tf.data.make_initializable_iterator(fed)
        hooks = [_InitializeIterator(iterator)]
        fed = iterator.get_next()
    if isinstance(fed, (list, tuple)):
        if len(fed) != 2:
            raise ValueError(f"input_fn should return (features, labels), a tuple of 2, got {len(fed)}")
        return fed[0], fed[1], hooks
    return fed, None, hooks


def numpy_input_fn(x, y=None, batch_size=128, num_epochs=1, shuffle=None, queue_capacity=1000, num_threads=1):
    """Returns an input_fn that goes through arrays.

    Args:
      x: an array, or a dict of them. y: labels, an array or a dict, or None.
      num_epochs: int; None for ever. Batches go across the epochs' ends; the last one may be smaller.
      shuffle: bool. queue_capacity: int, so many examples are mixed at a time.
    """
    if not isinstance(shuffle, bool):
        raise ValueError(f"numpy_input_fn: shuffle must be True or False, got {shuffle!r}")
    parts = [x] if y is None else [x, y]
    names = [sorted(part) if isinstance(part, dict) else None for part in parts]
    arrays = [
        np.asarray(array)
        for part, keys in zip(parts, names)
        for array in ([part] if keys is None else [part[key] for key in keys])
    ]
    if len({len(array) for array in arrays}) != 1:
        raise ValueError(f"numpy_input_fn: expected arrays of one length, got {[len(array) for array in arrays]}")

    def input_fn():
        indices = tf.data.Dataset.range(len(arrays[0]))
        if shuffle:
            indices = indices.shuffle(max(queue_capacity, 1))
        indices = indices.repeat(num_epochs).batch(batch_size)
        iterator = tf.data.make_initializable_iterator(indices)
        tf.add_to_collection(tf.GraphKeys.TABLE_INITIALIZERS, iterator.initializer)
        # The arrays stay out of the graph, which the checkpoints hold.
        tensors = tf.py_func(
            lambda chosen: [array[chosen] for array in arrays], [iterator.get_next()], [array.dtype for array in arrays]
        )
        for tensor, array in zip(tensors, arrays):
            tensor.set_shape([None] + list(array.shape[1:]))
        tensors = iter(tensors)
        fed = [next(tensors) if keys is None else {key: next(tensors) for key in keys} for keys in names]
        return fed[0] if y is None else tuple(fed)

    return input_fn


def pandas_input_fn(
    x, y=None, batch_size=128, num_epochs=1, shuffle=None, queue_capacity=1000, num_threads=1, target_column="target"
):
    """Returns an input_fn that goes through a DataFrame, whose columns are the features, as numpy_input_fn does.

    Args:
      x: pandas.DataFrame. y: a Series, or a DataFrame, whose columns are then a dict of labels.
    Raises:
      ValueError: if x and y have other indices.
    """
    if y is not None and not np.array_equal(x.index, y.index):
        raise ValueError("Index for x and y are mismatched.")
    features = {name: x[name].values for name in x.columns}
    labels = y
    if y is not None:
        labels = {name: y[name].values for name in y.columns} if hasattr(y, "columns") else y.values
    return numpy_input_fn(features, labels, batch_size, num_epochs, shuffle, queue_capacity, num_threads)
