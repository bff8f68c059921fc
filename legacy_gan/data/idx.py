"""MNIST's own format: four idx files, packed by gzip or not."""

import gzip
import io
import os
import struct
import zlib
from typing import Dict, List, Mapping, Optional

import numpy as np

from legacy_gan.data import arrays as data_arrays
from legacy_gan.data.arrays import CURE, Arrays
from legacy_gan.errors import DataError

NAMES = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")


def paths_in(folder: str) -> Dict[str, str]:
    """Returns the files that a folder holds: dict of name to path, in the order of NAMES."""
    found = {name: _path(folder, name) for name in NAMES}
    return {name: path for name, path in found.items() if path is not None}


def _path(folder: str, name: str) -> Optional[str]:
    """Returns the path of one of the four files, packed or unpacked, or None."""
    stem, kind = name.rsplit("-idx", 1)
    for candidate in (f"{name}.gz", name, f"{stem}.idx{kind}"):
        path = os.path.join(folder, candidate)
        if os.path.exists(path):
            return path
    return None


def read(path: str) -> bytes:
    """Returns the bytes of one file, unpacked.

    Raises:
      DataError: if it cannot be read or unpacked.
    """
    try:
        with open(path, "rb") as f:
            return unpack(f.read(), path)
    except OSError as e:
        raise DataError(f"{path}: cannot be read: {e.strerror or e}") from None


def unpack(data: bytes, path: str) -> bytes:
    """Unpacks gzip data, and returns other data as they are.

    Args:
      path: what an error calls the data.
    Raises:
      DataError: if they are truncated or corrupt.
    """
    if data[:2] == b"\x1f\x8b":
        try:
            with gzip.GzipFile(fileobj=io.BytesIO(data)) as f:
                return f.read()
        except (OSError, EOFError, zlib.error) as e:
            raise DataError(
                f"{path}: expected a whole gzip file, got a truncated or corrupt one ({e}); {CURE}"
            ) from None
    return data


def parse(contents: Mapping[str, bytes], paths: Mapping[str, str]) -> Arrays:
    """Returns the arrays of the four files, which are checked by their structure.

    Args:
      contents: dict of name to bytes, unpacked, in the order of NAMES.
      paths: dict of name to what an error calls the file.
    Raises:
      DataError: if one of them is something else, or they do not belong together.
    """
    arrays = [_array(contents[name], name, paths[name]) for name in NAMES]
    data_arrays.check(arrays, [paths[name] for name in NAMES])
    train_images, train_labels, test_images, test_labels = arrays
    return train_images, train_labels, test_images, test_labels


def _array(data: bytes, name: str, path: str) -> np.ndarray:
    """Returns the images or labels of one file."""
    is_images = "images" in name
    what = "images" if is_images else "labels"
    magic, header = (2051, 16) if is_images else (2049, 8)
    if data[:64].lstrip()[:1] == b"<":
        raise DataError(f"{path}: expected MNIST {what}, got a web page; {CURE}")
    if len(data) < header:
        raise DataError(f"{path}: expected MNIST {what}, got {len(data)} bytes; {CURE}")
    numbers: List[int] = list(struct.unpack(f">{header // 4}I", data[:header]))
    if numbers[0] != magic:
        raise DataError(f"{path}: expected MNIST {what} (magic number {magic}), got magic number {numbers[0]}; {CURE}")
    if is_images and numbers[2:] != [28, 28]:
        raise DataError(
            "{}: expected images of 28x28 pixels, got {}x{}; name another folder".format(path, *numbers[2:])
        )
    size = numbers[1] * (784 if is_images else 1)
    if len(data) - header != size:
        raise DataError(f"{path}: expected {size} bytes for its {numbers[1]} {what}, got {len(data) - header}; {CURE}")
    array = np.frombuffer(data, np.uint8, offset=header)
    return array.reshape(-1, 28, 28) if is_images else array
