"""tf.contrib.layers' utils (slim.utils): end points, conditions, sizes.

Source: the interface of tf.contrib.layers.python.layers.utils in TensorFlow 1.15.5.
"""

import collections
import numbers
from typing import Any, Dict, List, Tuple

import tensorflow.compat.v1 as tf

from legacy_gan.tf1.layers import base
from legacy_gan.tf1.namespace import refusal

__all__ = [
    "append_tensor_alias",
    "channel_dimension",
    "collect_named_outputs",
    "constant_value",
    "convert_collection_to_dict",
    "first_dimension",
    "gather_tensors_aliases",
    "get_tensor_aliases",
    "get_variable_collections",
    "last_dimension",
    "n_positive_integers",
    "smart_cond",
    "static_cond",
    "two_element_tuple",
]

__getattr__ = refusal("tf.contrib.layers.utils")


def collect_named_outputs(collections: Any, alias: str, outputs: tf.Tensor) -> tf.Tensor:
    """Puts `outputs` into the collections, if any, under a name of their own; returns them."""
    if collections:
        append_tensor_alias(outputs, alias)
        tf.add_to_collections(collections, outputs)
    return outputs


def append_tensor_alias(tensor: tf.Tensor, alias: str) -> tf.Tensor:
    """Gives a tensor one more name; returns the tensor."""
    tensor.aliases = getattr(tensor, "aliases", []) + [alias[:-1] if alias.endswith("/") else alias]
    return tensor


def get_tensor_aliases(tensor: tf.Tensor) -> List[str]:
    """Returns the names that a tensor was given, or else its own."""
    own = tensor.op.name if tensor.name.endswith(":0") else tensor.name
    return getattr(tensor, "aliases", [own])


def gather_tensors_aliases(tensors: List[tf.Tensor]) -> List[str]:
    """Returns the names of all the tensors."""
    return [alias for tensor in tensors for alias in get_tensor_aliases(tensor)]


def convert_collection_to_dict(collection: str, clear_collection: bool = False) -> Dict[str, tf.Tensor]:
    """Returns {name: tensor} of a collection of outputs, in its order."""
    named = collections.OrderedDict(
        (alias, tensor) for tensor in tf.get_collection(collection) for alias in get_tensor_aliases(tensor)
    )
    if clear_collection:
        tf.get_default_graph().clear_collection(collection)
    return named


def constant_value(value_or_tensor_or_var, dtype=None):
    """Returns the value where it is known as the graph is built, else None."""
    value = value_or_tensor_or_var
    if isinstance(value, tf.Variable):
        return None
    return tf.get_static_value(value) if tf.is_tensor(value) else value


def static_cond(pred, fn1, fn2):
    """Returns fn1() or fn2()."""
    return fn1() if pred else fn2()


def smart_cond(pred, fn1, fn2, name=None):
    """tf.cond, or just one of the two where `pred` is known."""
    return base.cond(pred, fn1, fn2)


def get_variable_collections(variables_collections, name):
    """Returns the collections of one variable of a layer."""
    return variables_collections.get(name) if isinstance(variables_collections, dict) else variables_collections


def _dimension(shape: tf.TensorShape, axis: int, min_rank: int) -> int:
    sizes = None if shape.ndims is None else shape.as_list()
    if sizes is None or len(sizes) < min_rank or sizes[axis] is None:
        raise ValueError(
            f"the shape must have at least {min_rank} dimensions and its size {axis} must be known, got {shape}"
        )
    return sizes[axis]


def first_dimension(shape: tf.TensorShape, min_rank: int = 1) -> int:
    """Returns the first size of a shape."""
    return _dimension(shape, 0, min_rank)


def last_dimension(shape: tf.TensorShape, min_rank: int = 1) -> int:
    """Returns the last size of a shape."""
    return _dimension(shape, -1, min_rank)


def channel_dimension(shape: tf.TensorShape, data_format: str, min_rank: int = 1) -> int:
    """Returns the number of channels."""
    return _dimension(shape, 1 if data_format == "channels_first" else -1, min_rank)


def two_element_tuple(int_or_tuple: Any) -> Tuple[int, int]:
    """Returns (a, b) for an int or two."""
    first, second = base.sizes_of(int_or_tuple, 2, "value")
    return first, second


def n_positive_integers(n: int, value: Any) -> Tuple[int, ...]:
    """Returns a tuple of n ints for an int or n of them."""
    values = (value,) * n if isinstance(value, numbers.Integral) else tuple(value)
    if len(values) != n or any(each < 1 for each in values):
        raise ValueError(f"expected {n} positive ints or one, got {value!r}")
    return tuple(int(each) for each in values)
