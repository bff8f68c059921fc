"""Pickled sets, mnist.pkl.gz: NumPy arrays in tuples or a dict; nothing else of a pickle is ever loaded."""

import io
import os
import pickle
import re
from typing import Any, List, Optional

import numpy as np

from legacy_gan.data import arrays as data_arrays, idx
from legacy_gan.data.arrays import Read
from legacy_gan.errors import DataError

_EXPECTED = "a pickle of images with labels, ((images, labels), ...) of two or three sets"
# What a dict calls the four arrays.
_KEYS = (
    ("training_images", "training_labels", "test_images", "test_labels"),
    ("train_images", "train_labels", "test_images", "test_labels"),
    ("train_img", "train_label", "test_img", "test_label"),
    ("x_train", "y_train", "x_test", "y_test"),
)


class Forbidden(Exception):
    """A pickle asks for something other than NumPy arrays."""


def find(folder: str, strict: bool) -> Optional[str]:
    """Returns the path of the one pickle in a folder, None where it has none.

    Args:
      strict: bool; True knows only names with "mnist" in them: any other may be somebody's own pickle.
    Raises:
      DataError: if there are several.
    """
    names = [name for name in sorted(os.listdir(folder)) if re.search(r"\.(pkl|pickle)(\.gz)?$", name.lower())]
    if strict:
        names = [name for name in names if "mnist" in name.lower()]
    if len(names) > 1:
        raise DataError(f"{folder}: expected one pickle, got {', '.join(names)}; move the others away")
    return os.path.join(folder, names[0]) if names else None


def read(path: str, folder: str) -> Read:
    """Reads a pickle's sets; a set between those for training and for tests goes on with the training images.

    Raises:
      DataError: if it is broken, asks for more than NumPy arrays, or holds something else.
    """
    data = idx.read(path)
    try:
        held = _Unpickler(io.BytesIO(data), encoding="latin1").load()  # latin1: of Python 2
    except Forbidden as e:
        raise DataError(f"{path}: expected {_EXPECTED}, got one with {e}, which is not loaded") from None
    except Exception as e:  # a broken pickle may raise anything
        got = f"{type(e).__name__}: {' '.join(str(e).split())}"
        raise DataError(f"{path}: expected {_EXPECTED}, got one that cannot be read ({got})") from None
    arrays = _four(held)
    if arrays is None:
        raise DataError(f"{path}: expected {_EXPECTED}, got something else; name another folder")
    train_images, test_images = (
        np.concatenate([data_arrays.as_images(part, path) for part in parts]) for parts in (arrays[0], arrays[2])
    )
    train_labels, test_labels = (
        np.concatenate([data_arrays.as_labels(part, path) for part in parts]) for parts in (arrays[1], arrays[3])
    )
    read_arrays = (train_images, train_labels, test_images, test_labels)
    data_arrays.check(read_arrays, [path] * 4)
    return Read(read_arrays, [path] * 4, path)


def _four(held: Any) -> Optional[List[List[np.ndarray]]]:
    """Returns training images, training labels, test images and test labels, each a list of parts; or None."""
    if isinstance(held, dict):
        for keys in _KEYS:
            if all(isinstance(held.get(key), np.ndarray) for key in keys):
                return [[held[key]] for key in keys]
        return None
    if not isinstance(held, (tuple, list)) or len(held) not in (2, 3):
        return None
    for pair in held:
        if not isinstance(pair, (tuple, list)) or len(pair) != 2:
            return None
        if not all(isinstance(array, np.ndarray) and array.dtype.kind in "biuf" and array.ndim for array in pair):
            return None
        if pair[0].shape[1:] != held[0][0].shape[1:]:
            return None
    training = list(held[:-1])
    images, labels = [pair[0] for pair in training], [pair[1] for pair in training]
    return [images, labels, [held[-1][0]], [held[-1][1]]]


class _Unpickler(pickle.Unpickler):
    """Makes NumPy arrays and what Python's own types are, and nothing else."""

    def find_class(self, module: str, name: str) -> Any:
        module = module.replace("numpy._core", "numpy.core")
        if (module, name) in _ALLOWED:
            return _ALLOWED[module, name]
        raise Forbidden(f"{module}.{name}")


def _encoded(text: str, encoding: str) -> bytes:
    """What Python 3 wrote in a pickle for Python 2 in the place of bytes: _codecs.encode(text, "latin1")."""
    if encoding not in ("latin1", "latin-1"):
        raise Forbidden(f"text in {encoding}")
    return text.encode("latin1")


def _from_buffer(buffer: Any, dtype: Any, shape: Any, order: Any) -> np.ndarray:
    """What NumPy writes from protocol 5 of pickles on: an array's bytes."""
    return np.frombuffer(buffer, dtype).reshape(shape, order=order)


_ALLOWED = {
    ("numpy.core.multiarray", "_reconstruct"): np.zeros(0).__reduce__()[0],
    ("numpy.core.numeric", "_frombuffer"): _from_buffer,
    ("numpy", "ndarray"): np.ndarray,
    ("numpy", "dtype"): np.dtype,
    ("_codecs", "encode"): _encoded,
}
