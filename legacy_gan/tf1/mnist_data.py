"""tensorflow.examples.tutorials.mnist.input_data, as a program that `legacy-gan run` runs unchanged finds it.

legacy_gan.data.reader with TF 1.15's random numbers: NumPy's global generator, seeded by every call.
"""

import collections
import gzip
import os
from typing import Any, BinaryIO, Optional

import numpy as np
import tensorflow.compat.v1 as tf

from legacy_gan.data import arrays, dataset, reader, sources
from legacy_gan.data.dataset import Datasets
from legacy_gan.data.download import DEFAULT_SOURCE_URL

__all__ = [
    "DEFAULT_SOURCE_URL",
    "DataSet",
    "dense_to_one_hot",
    "extract_images",
    "extract_labels",
    "load_mnist",
    "read_data_sets",
]

Dataset = collections.namedtuple("Dataset", ["data", "target"])  # tf.contrib.learn.datasets.base's

USUAL_FOLDER = "./mnist/data/"

# What `legacy-gan run` was asked for.
data_dir: Optional[str] = None  # where the data are if the folder that a program names holds none
offline = False


class _AnyDataSet(type):
    """The type of DataSet, of which what read_data_sets returns is an instance, too."""

    def __instancecheck__(cls, instance: Any) -> bool:
        return isinstance(instance, dataset.DataSet)


class DataSet(dataset.DataSet, metaclass=_AnyDataSet):
    """tf.contrib's DataSet that a program makes itself: shuffled by NumPy's global generator, which it seeds."""

    def __init__(
        self,
        images: np.ndarray,
        labels: np.ndarray,
        fake_data: bool = False,
        one_hot: bool = False,
        dtype: tf.DType = tf.float32,
        reshape: bool = True,
        seed: Optional[int] = None,
    ) -> None:
        of_graph, of_operation = tf.get_seed(seed)
        super().__init__(
            images,
            labels,
            fake_data=fake_data,
            one_hot=one_hot,
            dtype=dtype,
            reshape=reshape,
            seed=of_graph if seed is None else of_operation,
            rng=np.random,
        )


def read_data_sets(
    train_dir: str,
    fake_data: bool = False,
    one_hot: bool = False,
    dtype: tf.DType = tf.float32,
    reshape: bool = True,
    validation_size: int = 5000,
    seed: Optional[int] = None,
    source_url: str = DEFAULT_SOURCE_URL,
) -> Datasets:
    """Reads MNIST, or what the folder holds, as TF 1.15's function of this name; see legacy_gan.data.reader.

    Without a seed the graph's is taken, and without that one from the clock. A `train_dir` that holds no
    data stands for --data-dir where that is given, else for ./mnist/data/ if that holds some.
    """
    of_graph, of_operation = tf.get_seed(seed)
    own_source = bool(source_url) and source_url != DEFAULT_SOURCE_URL
    folder = None if fake_data else _folder(train_dir, own_source)
    return reader.read_data_sets(
        train_dir if folder is None else folder,
        fake_data=fake_data,
        one_hot=one_hot,
        dtype=dtype,
        reshape=reshape,
        validation_size=validation_size,
        seed=of_graph if seed is None else of_operation,
        source_url=source_url,
        global_rng=True,
        offline=offline,
        named=folder is not None and folder == data_dir,
        program_folder=os.path.expanduser(os.fspath(train_dir)),
    )


def load_mnist(train_dir: str = "MNIST-data") -> Datasets:
    """tf.contrib.learn.datasets.mnist.load_mnist."""
    return read_data_sets(train_dir)


def load_dataset(name: str, size: str = "small", test_with_fake_data: bool = False) -> Datasets:
    """tf.contrib.learn.datasets.load_dataset, of "mnist"."""
    if name != "mnist":
        raise ValueError(f"load_dataset: expected 'mnist', the one that is served, got {name!r}")
    return load_mnist()


def dense_to_one_hot(labels_dense: np.ndarray, num_classes: int) -> np.ndarray:
    """Returns float64 [n, num_classes] of labels, int [n]; see legacy_gan.data.arrays.one_hot."""
    return arrays.one_hot(labels_dense, num_classes)


def extract_images(f: BinaryIO) -> np.ndarray:
    """Returns uint8 [n, height, width, 1] of an opened .gz file of MNIST's images."""
    sizes, data = _idx(f, 2051, "images")
    return data.reshape(list(sizes) + [1])


def extract_labels(f: BinaryIO, one_hot: bool = False, num_classes: int = 10) -> np.ndarray:
    """Returns uint8 [n], or one-hot, of an opened .gz file of MNIST's labels."""
    _, labels = _idx(f, 2049, "labels")
    return dense_to_one_hot(labels, num_classes) if one_hot else labels


def _idx(f, magic, what):
    """Returns (sizes, uint8 of them all) of an opened .gz file in MNIST's format."""
    with gzip.GzipFile(fileobj=f) as unpacked:
        content = unpacked.read()
    found = int.from_bytes(content[:4], "big")
    if found != magic:
        raise ValueError(
            "Invalid magic number {} in MNIST {}: {}, expected {}".format(
                found, what, getattr(f, "name", "a file"), magic
            )
        )
    axes = found % 256
    sizes = np.frombuffer(content, ">u4", axes, 4).tolist()
    return sizes, np.frombuffer(content, np.uint8, offset=4 + 4 * axes).copy()


def _folder(train_dir, own_source=False):
    """Returns the folder to search: the program's, or where that holds no data --data-dir, or the usual one."""
    train_dir = os.path.expanduser(os.fspath(train_dir))
    if sources.holds_data(train_dir):
        return train_dir
    if data_dir:
        return data_dir
    if own_source:  # other data than the usual
        return train_dir
    if sources.holds_data(USUAL_FOLDER):
        arrays.say(f"no MNIST in {train_dir}: using that in {USUAL_FOLDER}")
        return USUAL_FOLDER
    # MNIST is not downloaded into a folder with something else in it.
    return USUAL_FOLDER if os.path.isdir(train_dir) and os.listdir(train_dir) else train_dir
