"""Keras' format of MNIST: mnist.npz, one file with four arrays."""

import io
import zipfile

import numpy as np

from legacy_gan.data import arrays as data_arrays
from legacy_gan.data.arrays import CURE, Arrays
from legacy_gan.errors import DataError

FILE = "mnist.npz"
MEMBERS = ("x_train", "y_train", "x_test", "y_test")


def read(path: str) -> Arrays:
    """Reads the file.

    Raises:
      DataError: if it is broken, or holds something other than images of 28x28 pixels with labels.
    """
    try:
        # Not by np.load: NumPy 1 leaves the file open, or prints on stderr, when it is broken.
        with zipfile.ZipFile(path) as npz:
            members = [io.BytesIO(npz.read(f"{name}.npy")) for name in MEMBERS]
        arrays = [np.lib.format.read_array(member, allow_pickle=False) for member in members]
    except Exception as e:  # zipfile, zlib and NumPy raise a dozen types for a broken file
        got = f"{type(e).__name__}: {' '.join(str(e).split())}"
        raise DataError(f"{path}: expected Keras' mnist.npz with {', '.join(MEMBERS)}, got {got}; {CURE}") from None
    for name, array in zip(MEMBERS, arrays):
        has_its_shape = array.shape[1:] == (28, 28) if name[0] == "x" else array.ndim == 1
        if array.dtype != np.uint8 or not has_its_shape:
            expected = "[n, 28, 28]" if name[0] == "x" else "[n]"
            got = f"{array.dtype} {list(array.shape)}"
            raise DataError(f"{path}: expected {name} as uint8 {expected}, got {got}; {CURE}")
    data_arrays.check(arrays, [f"{path} ({name})" for name in MEMBERS])
    train_images, train_labels, test_images, test_labels = arrays
    return train_images, train_labels, test_images, test_labels
