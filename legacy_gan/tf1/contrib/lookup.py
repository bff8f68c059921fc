"""tf.contrib.lookup: tables, by what tf.lookup has.

Source: the interface of tf.contrib.lookup in TensorFlow 1.15.5.
"""

import tensorflow.compat.v1 as tf
from tensorflow.python.ops import lookup_ops as _lookup

from legacy_gan.tf1.namespace import refusal

__all__ = [
    "FastHashSpec",
    "HashTable",
    "HasherSpec",
    "IdTableWithHashBuckets",
    "InitializableLookupTableBase",
    "KeyValueTensorInitializer",
    "LookupInterface",
    "MutableDenseHashTable",
    "MutableHashTable",
    "StrongHashSpec",
    "TableInitializerBase",
    "TextFileIdTableInitializer",
    "TextFileIndex",
    "TextFileInitializer",
    "TextFileStringTableInitializer",
    "index_table_from_file",
    "index_table_from_tensor",
    "index_to_string",
    "index_to_string_table_from_file",
    "index_to_string_table_from_tensor",
    "string_to_index",
    "string_to_index_table_from_file",
    "string_to_index_table_from_tensor",
]

__getattr__ = refusal("tf.contrib.lookup")

FastHashSpec = _lookup.FastHashSpec
HashTable = tf.lookup.StaticHashTable
HasherSpec = _lookup.HasherSpec
IdTableWithHashBuckets = _lookup.IdTableWithHashBuckets
InitializableLookupTableBase = _lookup.InitializableLookupTableBase
KeyValueTensorInitializer = tf.lookup.KeyValueTensorInitializer
LookupInterface = _lookup.LookupInterface
MutableDenseHashTable = _lookup.DenseHashTable
MutableHashTable = _lookup.MutableHashTable
StrongHashSpec = _lookup.StrongHashSpec
TableInitializerBase = _lookup.TableInitializerBase
TextFileIdTableInitializer = _lookup.TextFileIdTableInitializer
TextFileIndex = tf.lookup.TextFileIndex
TextFileInitializer = tf.lookup.TextFileInitializer
TextFileStringTableInitializer = _lookup.TextFileStringTableInitializer
index_table_from_file = _lookup.index_table_from_file
index_to_string_table_from_file = _lookup.index_to_string_table_from_file


def index_table_from_tensor(
    mapping, num_oov_buckets=0, default_value=-1, hasher_spec=FastHashSpec, dtype=tf.string, name=None
):
    """Returns a table from each of the keys to its place (int64).

    Args:
      mapping: list or tensor of keys.
      num_oov_buckets: int, how many places after the last are for unknown keys; with 0 they have
        default_value.
      hasher_spec: HasherSpec, which decides the place of an unknown key.
    """
    if mapping is None:
        raise ValueError("index_table_from_tensor: mapping must be a list or a tensor of keys, got None")
    return _lookup.index_table_from_tensor(mapping, num_oov_buckets, default_value, hasher_spec, dtype, name)


def index_to_string_table_from_tensor(mapping, default_value="UNK", name=None):
    """Returns a table from a place (int64) to the string there, default_value elsewhere."""
    if mapping is None:
        raise ValueError("index_to_string_table_from_tensor: mapping must be a list or a tensor of strings, got None")
    return _lookup.index_to_string_table_from_tensor(mapping, default_value, name)


def string_to_index_table_from_file(
    vocabulary_file=None, num_oov_buckets=0, vocab_size=None, default_value=-1, hasher_spec=FastHashSpec, name=None
):
    """The former name of index_table_from_file, for strings."""
    return index_table_from_file(
        vocabulary_file, num_oov_buckets, vocab_size, default_value, hasher_spec, key_dtype=tf.string, name=name
    )


def string_to_index_table_from_tensor(
    mapping, num_oov_buckets=0, default_value=-1, hasher_spec=FastHashSpec, name=None
):
    """The former name of index_table_from_tensor, for strings."""
    return index_table_from_tensor(mapping, num_oov_buckets, default_value, hasher_spec, name=name)


def string_to_index(tensor, mapping, default_value=-1, name=None):
    """Returns the places (int64) of strings in a mapping."""
    return index_table_from_tensor(mapping, default_value=default_value, name=name).lookup(tensor)


def index_to_string(tensor, mapping, default_value="UNK", name=None):
    """Returns the strings of a mapping at places (int64)."""
    return index_to_string_table_from_tensor(mapping, default_value, name).lookup(tensor)
