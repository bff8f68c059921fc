"""tf.contrib.data: names that tf.data and tf.data.experimental took over.

Source: the interface of tf.contrib.data in TensorFlow 1.15.5.
"""

import tensorflow.compat.v1 as tf

from legacy_gan.tf1.namespace import refusal

_HERE = ("Dataset", "FixedLengthRecordDataset", "Iterator", "TFRecordDataset", "TextLineDataset")
_EXPERIMENTAL = (
    "AUTOTUNE",
    "Counter",
    "CsvDataset",
    "RandomDataset",
    "TFRecordWriter",
    "bucket_by_sequence_length",
    "choose_from_datasets",
    "enumerate_dataset",
    "get_single_element",
    "group_by_window",
    "ignore_errors",
    "make_csv_dataset",
    "map_and_batch",
    "parallel_interleave",
    "prefetch_to_device",
    "rejection_resample",
    "sample_from_datasets",
    "scan",
    "shuffle_and_repeat",
    "unbatch",
    "unique",
)

for _name in _HERE:
    globals()[_name] = getattr(tf.data, _name)
for _name in _EXPERIMENTAL:
    globals()[_name] = getattr(tf.data.experimental, _name)

__all__ = list(_HERE + _EXPERIMENTAL) + ["batch_and_drop_remainder", "padded_batch_and_drop_remainder"]
__getattr__ = refusal("tf.contrib.data")


def batch_and_drop_remainder(batch_size):
    """Returns a function for Dataset.apply: batches that are all of the same size."""
    return lambda dataset: dataset.batch(batch_size, drop_remainder=True)


def padded_batch_and_drop_remainder(batch_size, padded_shapes, padding_values=None):
    """Returns a function for Dataset.apply: padded batches that are all of the same size."""
    return lambda dataset: dataset.padded_batch(batch_size, padded_shapes, padding_values, drop_remainder=True)
