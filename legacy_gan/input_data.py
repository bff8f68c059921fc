"""A drop-in for tensorflow.examples.tutorials.mnist.input_data, which TensorFlow 2 removed.

    from legacy_gan import input_data
    mnist = input_data.read_data_sets("./mnist/data/", one_hot=True)
    images, labels = mnist.train.next_batch(100)

The same arguments, attributes and, for the same seed, the same batches to the pixel as TF 1.15.
This is the listing's import line; the code is in legacy_gan/data/.
"""

from legacy_gan.data.dataset import DataSet, Datasets
from legacy_gan.data.download import DEFAULT_SOURCE_URL  # noqa: F401
from legacy_gan.data.embedded import EMBEDDED  # noqa: F401
from legacy_gan.data.reader import read_data_sets
from legacy_gan.errors import DataError, ValidationSizeError  # noqa: F401

__all__ = ["DataError", "DataSet", "Datasets", "read_data_sets"]
