"""tf.contrib.lookup: tables, by what tf.lookup has.

Source: the interface of tf.contrib.lookup in TensorFlow 1.15.5.
"""

import tensorflow.compat.v1 as tf

from legacy_gan.tf1.namespace import refusal

__all__ = [
    "HashTable",
    "KeyValueTensorInitializer",
    "TextFileIndex",
    "TextFileInitializer",
    "index_table_from_tensor",
    "index_to_string_table_from_tensor",
]

__getattr__ = refusal("tf.contrib.lookup")

HashTable = tf.lookup.StaticHashTable
KeyValueTensorInitializer = tf.lookup.KeyValueTensorInitializer
TextFileIndex = tf.lookup.TextFileIndex
TextFileInitializer = tf.lookup.TextFileInitializer


def index_table_from_tensor(mapping, num_oov_buckets=0, default_value=-1, hasher_spec=None, dtype=tf.string, name=None):
    """Returns a table from each of the keys to its place (int64).

    Args:
      mapping: list or tensor of keys.
      num_oov_buckets: int, how many places after the last are for unknown keys; with 0 they have
        default_value.
    """
    if hasher_spec is not None:
        raise NotImplementedError("index_table_from_tensor: hasher_spec is not served; leave it out")
    keys = tf.convert_to_tensor(mapping, dtype)
    places = tf.range(tf.cast(tf.size(keys), tf.int64), dtype=tf.int64)
    entries = tf.lookup.KeyValueTensorInitializer(keys, places)
    if num_oov_buckets:
        return tf.lookup.StaticVocabularyTable(entries, num_oov_buckets, name=name)
    return tf.lookup.StaticHashTable(entries, default_value, name=name)


def index_to_string_table_from_tensor(mapping, default_value="UNK", name=None):
    """Returns a table from a place (int64) to the string there, default_value elsewhere."""
    values = tf.convert_to_tensor(mapping, tf.string)
    places = tf.range(tf.cast(tf.size(values), tf.int64), dtype=tf.int64)
    return tf.lookup.StaticHashTable(tf.lookup.KeyValueTensorInitializer(places, values), default_value, name=name)
