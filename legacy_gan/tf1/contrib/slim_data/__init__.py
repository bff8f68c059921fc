"""What tf.contrib.slim reads data sets with: what a set consists of, decoders of examples, readers, queues.

Source: the interface of tf.contrib.slim in TensorFlow 1.15.5.
"""

from legacy_gan.tf1.contrib.slim_data import (
    data_decoder,
    data_provider,
    dataset,
    dataset_data_provider,
    parallel_reader,
    prefetch_queue,
    queues,
    tfexample_decoder,
)

__all__ = [
    "data_decoder",
    "data_provider",
    "dataset",
    "dataset_data_provider",
    "parallel_reader",
    "prefetch_queue",
    "queues",
    "tfexample_decoder",
]
