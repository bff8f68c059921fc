"""MNIST's own format: four idx files, packed by gzip or not, under MNIST's names or EMNIST's."""

import gzip
import io
import os
import re
import struct
import zlib
from typing import Dict, List, Mapping, Optional, Sequence

import numpy as np

from legacy_gan.data import arrays as data_arrays
from legacy_gan.data.arrays import ADVICE, Arrays, Read
from legacy_gan.errors import DataError

NAMES = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")
EMNIST = "emnist-([a-z]+)-(train|test)-(images-idx3|labels-idx1)-ubyte"  # the names of EMNIST's files, a pattern


def paths_in(folder: str, names: Sequence[str] = NAMES) -> Dict[str, str]:
    """Returns the files that a folder holds: dict of the name in NAMES to path, in the order of NAMES.

    Args:
      names: of the files, in the order of NAMES.
    """
    found = {name: _path(folder, here) for name, here in zip(NAMES, names)}
    return {name: path for name, path in found.items() if path is not None}


def _path(folder: str, name: str) -> Optional[str]:
    """Returns the path of one of the four files, packed or unpacked, or None.

    Kaggle's archive has each file in a folder with the file's own name.
    """
    stem, kind = name.rsplit("-idx", 1)
    candidates = (f"{name}.gz", name, f"{stem}.idx{kind}")
    paths = [os.path.join(folder, candidate) for candidate in candidates]
    paths += [os.path.join(folder, around, candidate) for around in candidates for candidate in candidates]
    present = [path for path in paths if os.path.exists(path)]
    files = [path for path in present if not os.path.isdir(path)]
    return (files + present + [None])[0]


def find_mnist(folder: str, strict: bool) -> Optional[Dict[str, str]]:
    """Returns the paths of the four files in a folder, None where one is missing."""
    paths = paths_in(folder)
    return paths if len(paths) == len(NAMES) else None


def read_mnist(paths: Mapping[str, str], folder: str) -> Read:
    """Reads what `find_mnist` found."""
    return Read(parse({name: read(path) for name, path in paths.items()}, paths), list(paths.values()), folder)


def find_emnist(folder: str, strict: bool) -> Optional[Dict[str, str]]:
    """Returns the paths of EMNIST's four files in a folder, None where it has none.

    Raises:
      DataError: if it has those of several sets, or not all four.
    """
    found = [re.match(EMNIST, name.replace(".idx", "-idx")) for name in sorted(os.listdir(folder))]
    sets = sorted({match.group(1) for match in found if match})
    if not sets:
        return None
    if len(sets) > 1:
        raise DataError(
            f"{folder}: expected the four files of one of EMNIST's sets, got those of {', '.join(sets)}; move the "
            "files of one to a folder of its own, and name that"
        )
    names = [f"emnist-{sets[0]}-{name.replace('t10k', 'test')}" for name in NAMES]
    paths = paths_in(folder, names)
    missing = [name for name, of_mnist in zip(names, NAMES) if of_mnist not in paths]
    if missing:
        raise DataError(
            f"{folder}: expected EMNIST's four files, {' and '.join(missing)} missing; put it there, or "
            "name another folder"
        )
    return paths


def read_emnist(paths: Mapping[str, str], folder: str) -> Read:
    """Reads what `find_emnist` found: EMNIST stores its pictures on their side, they are turned upright."""
    read_as_stored = read_mnist(paths, folder)
    train_images, train_labels, test_images, test_labels = read_as_stored.arrays
    turned = (train_images.transpose(0, 2, 1), train_labels, test_images.transpose(0, 2, 1), test_labels)
    return read_as_stored._replace(arrays=turned)


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
                f"{path}: expected a whole gzip file, got a truncated or corrupt one ({e}); {ADVICE}"
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
    arrays = [array(contents[name], name, paths[name]) for name in NAMES]
    data_arrays.check(arrays, [paths[name] for name in NAMES])
    train_images, train_labels, test_images, test_labels = arrays
    return train_images, train_labels, test_images, test_labels


# Of each type of number that an idx file may hold its code: MNIST's own is the first.
_TYPES = {8: "u1", 9: "i1", 0xB: ">i2", 0xC: ">i4", 0xD: ">f4", 0xE: ">f8"}


def array(data: bytes, name: str, path: str) -> np.ndarray:
    """Returns the images, uint8 [n, height, width], or the labels, uint8 [n], of one file.

    Args:
      data: its bytes, unpacked. name: in NAMES. path: what an error calls it.
    Raises:
      DataError: if it is something else.
    """
    is_images = "images" in name
    what = "images" if is_images else "labels"
    magic, header = (2051, 16) if is_images else (2049, 8)
    if data[:64].lstrip()[:1] == b"<":
        raise DataError(f"{path}: expected MNIST {what}, got a web page; {ADVICE}")
    if len(data) < header:
        raise DataError(f"{path}: expected MNIST {what}, got {len(data)} bytes; {ADVICE}")
    numbers: List[int] = list(struct.unpack(f">{header // 4}I", data[:header]))
    code = numbers[0] >> 8
    if numbers[0] & 0xFF != magic & 0xFF or code not in _TYPES:
        raise DataError(
            f"{path}: expected MNIST {what} (magic number {magic}), got magic number {numbers[0]}; {ADVICE}"
        )
    kind = np.dtype(_TYPES[code])
    count = kind.itemsize
    for side in numbers[1:]:
        count *= side
    if len(data) - header != count:
        raise DataError(
            f"{path}: expected {count} bytes for its {numbers[1]} {what}, got {len(data) - header}; {ADVICE}"
        )
    read_array = np.frombuffer(data, kind, offset=header).reshape(numbers[1:])
    if code == 8:
        return read_array
    return data_arrays.as_images(read_array, path) if is_images else data_arrays.as_labels(read_array, path)
