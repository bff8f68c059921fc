"""Keras' format of MNIST, mnist.npz with four arrays; and KMNIST's, four .npz with one array each."""

import io
import os
import re
import zipfile
from typing import Dict, List, Optional, Sequence

import numpy as np

from legacy_gan.data import arrays as data_arrays
from legacy_gan.data.arrays import ADVICE, Arrays, Read
from legacy_gan.errors import DataError

FILE = "mnist.npz"
MEMBERS = ("x_train", "y_train", "x_test", "y_test")
_KMNIST = ("train-imgs", "train-labels", "test-imgs", "test-labels")


def find_keras(folder: str, strict: bool) -> Optional[str]:
    """Returns the path of Keras' file in a folder, None where it has none."""
    path = os.path.join(folder, FILE)
    return path if os.path.exists(path) else None


def read_keras(path: str, folder: str) -> Read:
    """Reads what `find_keras` found."""
    return Read(read(path), [f"{path} ({name})" for name in MEMBERS], path)


def read(path: str) -> Arrays:
    """Reads the file.

    Raises:
      DataError: if it is broken, or holds something other than grey images with labels.
    """
    arrays = _members(path, MEMBERS, f"Keras' mnist.npz with {', '.join(MEMBERS)}")
    return _checked(arrays, [f"{path} ({name})" for name in MEMBERS])


def find_kmnist(folder: str, strict: bool) -> Optional[Dict[str, str]]:
    """Returns the paths of KMNIST's (or Kuzushiji-49's) four files in a folder, None where it has none.

    Raises:
      DataError: if it has those of several sets, or not all four.
    """
    found = [re.match(f"(k[a-z0-9]+)-({'|'.join(_KMNIST)})[.]npz$", name) for name in sorted(os.listdir(folder))]
    sets = sorted({match.group(1) for match in found if match})
    if not sets:
        return None
    if len(sets) > 1:
        raise DataError(f"{folder}: expected one set, got {' and '.join(sets)}; move the files of one away")
    paths = {name: os.path.join(folder, f"{sets[0]}-{name}.npz") for name in _KMNIST}
    missing = [os.path.basename(path) for path in paths.values() if not os.path.exists(path)]
    if missing:
        raise DataError(
            f"{folder}: expected four files, {' and '.join(missing)} missing; put it there, or name another folder"
        )
    return paths


def read_kmnist(paths: Dict[str, str], folder: str) -> Read:
    """Reads what `find_kmnist` found."""
    arrays = [_members(path, ["arr_0"], "an .npz with arr_0")[0] for path in paths.values()]
    return Read(_checked(arrays, list(paths.values())), list(paths.values()), folder)


def _members(path: str, names: Sequence[str], expected: str) -> List[np.ndarray]:
    """Returns arrays of an .npz; raises DataError if it is broken or lacks one."""
    try:
        # Not by np.load: NumPy 1 leaves the file open, or prints on stderr, when it is broken.
        with zipfile.ZipFile(path) as npz:
            members = [io.BytesIO(npz.read(f"{name}.npy")) for name in names]
        return [np.lib.format.read_array(member, allow_pickle=False) for member in members]
    except Exception as e:  # zipfile, zlib and NumPy raise a dozen types for a broken file
        got = f"{type(e).__name__}: {' '.join(str(e).split())}"
        raise DataError(f"{path}: expected {expected}, got {got}; {ADVICE}") from None


def _checked(arrays: Sequence[np.ndarray], paths: Sequence[str]) -> Arrays:
    """Returns images and labels as the other formats give them."""
    train_images, test_images = (data_arrays.as_images(arrays[part], paths[part]) for part in (0, 2))
    train_labels, test_labels = (data_arrays.as_labels(arrays[part], paths[part]) for part in (1, 3))
    data_arrays.check((train_images, train_labels, test_images, test_labels), paths)
    return train_images, train_labels, test_images, test_labels
