"""Tables of pixels: mnist_train.csv and mnist_test.csv, a row an image, and Kaggle's train.csv."""

import gzip
import os
import re
import warnings
from typing import IO, List, NamedTuple, Optional, Tuple, cast

import numpy as np

from legacy_gan.data import arrays as data_arrays
from legacy_gan.data.arrays import Read, say
from legacy_gan.errors import DataError

_ROWS = 2000  # read at a time
_LABELS = ("label", "labels", "class", "target", "y")  # what a header calls the column of labels


class Tables(NamedTuple):
    """The files of a folder."""

    train: str
    test: Optional[str]


def find(folder: str, strict: bool) -> Optional[Tables]:
    """Returns the tables of a folder, None where it has none.

    Args:
      strict: bool; True knows only names with "mnist" in them: any other may be somebody's own table.
    Raises:
      DataError: if there are several tables to train with.
    """
    tables = [name for name in sorted(os.listdir(folder)) if re.search(r"\.csv(\.gz)?$", name.lower())]
    if strict:
        tables = [name for name in tables if "mnist" in name.lower()]
    train = [name for name in tables if "train" in name.lower()]
    test = [name for name in tables if "test" in name.lower() and name not in train]
    if not train and len(tables) == 1 and not test:
        train = tables
    if len(train) > 1 or train and len(test) > 1:
        raise DataError(
            f"{folder}: expected one table to train with and at most one for tests, got "
            f"{', '.join(train + test)}; move the others away"
        )
    if not train:
        return None
    return Tables(os.path.join(folder, train[0]), os.path.join(folder, test[0]) if test else None)


def read(tables: Tables, folder: str) -> Read:
    """Reads the tables; without labels for tests, keeps a tenth of the training images for them."""
    images, labels = _table(tables.train)
    if labels is None:
        raise DataError(
            f"{tables.train}: expected a label and the pixels of a square image in each row, got "
            f"{_size(images)} columns; name another folder"
        )
    test_images, test_labels = (None, None) if tables.test is None else _table(tables.test)
    if test_labels is None:
        why = "no table for tests" if tables.test is None else f"no labels in {os.path.basename(tables.test)}"
        paths = [tables.train] * 4
        arrays = data_arrays.with_tests(images, labels, tables.train)
        say(f"{folder}: {why}: of each label one image in ten is kept for tests")
    else:
        paths = [tables.train] * 2 + [str(tables.test)] * 2
        arrays = (images, labels, cast(np.ndarray, test_images), test_labels)
    return Read(arrays, paths, folder)


def _table(path: str) -> Tuple[np.ndarray, Optional[np.ndarray]]:
    """Returns (images uint8 [n, side, side], labels uint8 [n] or None where the rows have none)."""
    try:
        with gzip.open(path) if path.lower().endswith(".gz") else open(path, "rb") as f:
            header, table = _numbers(cast(IO[bytes], f))
    except (OSError, EOFError, ValueError, Warning) as e:
        why = getattr(e, "strerror", None) or " ".join(str(e).split())
        raise DataError(f"{path}: expected a table of numbers, got one that cannot be read ({why})") from None
    columns = table.shape[1]
    has_label = int(np.sqrt(columns)) ** 2 != columns
    if columns < 2 or int(np.sqrt(columns - has_label)) ** 2 != columns - has_label:
        raise DataError(
            f"{path}: expected a label and the pixels of a square image in each row, got {columns} columns; "
            "name another folder"
        )
    labels = None
    if has_label:
        names = [name for name in header if name in _LABELS]
        column = header.index(names[0]) if names else 0
        labels = data_arrays.as_labels(table[:, column], path)
        table = np.delete(table, column, 1)
    images = data_arrays.as_images(table, path)
    if os.path.basename(path).lower().startswith("emnist"):  # on their side, as in EMNIST's other files
        images = images.transpose(0, 2, 1)
    return images, labels


def _numbers(f: IO[bytes]) -> Tuple[List[str], np.ndarray]:
    """Returns (the names of the columns, [] without; float32 [rows, columns])."""
    first = f.readline().decode("utf-8-sig")
    cells = [cell.strip().strip("\"'").lower() for cell in first.split(",")]
    header, lines = ([], [first.encode()]) if _is_number(cells[0]) and _is_number(cells[-1]) else (cells, [])
    parts = []
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # NumPy only warns of what is no number
        while True:
            lines += [line for line in (f.readline() for _ in range(_ROWS)) if line.strip()]
            if not lines:
                break
            text = b",".join(line.strip() for line in lines).decode("ascii")
            row = np.fromstring(text, np.float32, sep=",")
            if len(row) != len(lines) * len(cells):
                raise ValueError(f"expected {len(cells)} numbers in each row")
            parts.append(row.reshape(len(lines), len(cells)))
            lines = []
    if not parts:
        raise ValueError("it has no rows")
    return header, np.concatenate(parts)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _size(images: np.ndarray) -> int:
    return images.shape[1] * images.shape[2]
