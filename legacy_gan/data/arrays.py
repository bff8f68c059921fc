"""What every format gives, images with their labels as arrays: checked, shuffled and split.

images      uint8 [n, height, width]
labels      uint8 [n]
"""

import math
import sys
from typing import NamedTuple, Sequence, Tuple

import numpy as np

from legacy_gan.errors import DataError, ValidationSizeError

Pair = Tuple[np.ndarray, np.ndarray]  # images and labels
Splits = Tuple[Pair, Pair, Pair]  # for training, for validation, for tests
Arrays = Tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]  # training images, labels, test images, labels

BOOK_VALIDATION = 5000  # TF 1.15's default
ADVICE = "move it away or delete it, then run again"  # how the message about a broken file ends


class Read(NamedTuple):
    """What a format read."""

    arrays: Arrays
    paths: Sequence[str]  # what an error calls each of the four arrays
    source: str  # where they come from, in words


def say(text: str) -> None:
    """Writes one line to standard error."""
    if sys.stderr is not None:  # pythonw, or a closed descriptor
        sys.stderr.write(f"legacy_gan: {text}\n")
        sys.stderr.flush()


def check(arrays: Sequence[np.ndarray], paths: Sequence[str]) -> None:
    """Checks that there is a label for each image.

    Args:
      arrays: training images and labels, test images and labels.
      paths: what an error calls each of them.
    Raises:
      DataError: if there is not.
    """
    for part in (0, 2):
        images, labels = arrays[part], arrays[part + 1]
        if len(images) != len(labels):
            raise DataError(
                f"{paths[part + 1]}: expected {len(images)} labels, one for each image of {paths[part]}, "
                f"got {len(labels)}; {ADVICE}"
            )


def check_trainable(splits: Splits, paths: Sequence[str]) -> None:
    """Checks what the models need, which the reader does not: images of 28x28 pixels, labels from 0 to 9.

    Args:
      paths: what an error calls training images, labels, test images and labels.
    Raises:
      DataError: if they are others, or there are none.
    """
    for part, of_part in ((0, splits[:2]), (2, splits[2:])):
        if not sum(len(images) for images, _ in of_part):
            raise DataError(f"{paths[part]}: expected at least one image, got none")
        for images, labels in of_part:
            if images.shape[1:] != (28, 28):
                size = "x".join(str(side) for side in images.shape[1:])
                raise DataError(f"{paths[part]}: expected images of 28x28 pixels, got {size}; name another folder")
            if len(labels) and labels.max() > 9:
                raise DataError(
                    f"{paths[part + 1]}: expected labels from 0 to 9, got {labels.max()}; name another folder"
                )


def as_images(array: np.ndarray, path: str) -> np.ndarray:
    """Returns images of any type as they are in MNIST's files: uint8 [n, height, width].

    Args:
      array: [n, height, width], or [n, pixels] of square images, perhaps with a last axis of one; whole numbers
        from 0 to 255, or floats from 0 to 1 or to 255.
      path: what an error calls it.
    Raises:
      DataError: if it is something else.
    """
    got = f"{array.dtype} {list(array.shape)}"
    if array.ndim == 4 and array.shape[3] == 1:
        array = array[..., 0]
    if array.ndim == 2 and math.sqrt(array.shape[1]) % 1 == 0:
        side = int(math.sqrt(array.shape[1]))
        array = array.reshape(len(array), side, side)
    if array.ndim != 3 or array.dtype.kind not in "biuf":
        raise DataError(f"{path}: expected grey images, numbers [n, height, width], got {got}; name another folder")
    if array.dtype == np.uint8 or not array.size:
        return array.astype(np.uint8)
    if array.dtype.kind == "b":
        return array.astype(np.uint8) * np.uint8(255)
    low, high = array.min(), array.max()
    if not (low >= 0 and high <= 255):  # NaN, too
        raise DataError(
            f"{path}: expected pixels from 0 to 255, or from 0 to 1, got {low:g} to {high:g}; name another folder"
        )
    return array.astype(np.uint8) if array.dtype.kind in "iu" else _greys(array, high, path)


def _greys(array: np.ndarray, high: float, path: str) -> np.ndarray:
    """Returns floats from 0 to 1 or to 255 as uint8; says so if they had to be rounded."""
    # 256: the pickle of deeplearning.net divides by it.
    for scale in (255, 256) if high <= 1 else (1,):
        scaled = array * scale
        greys = np.rint(scaled)
        if greys.max() <= 255 and np.abs(scaled - greys).max() < 0.01:
            return greys.astype(np.uint8)
    say(f"{path}: pixels of {array.dtype.name} are rounded to 256 greys")
    return np.rint(array * (255 if high <= 1 else 1)).astype(np.uint8)


def as_labels(array: np.ndarray, path: str) -> np.ndarray:
    """Returns labels of any type as uint8 [n].

    Raises:
      DataError: if they are not one whole number from 0 to 255 for each image.
    """
    if array.ndim == 2 and array.shape[1] == 1:
        array = array[:, 0]
    if array.ndim != 1 or array.dtype.kind not in "biuf":
        raise DataError(
            f"{path}: expected labels, a number for each image [n], got {array.dtype} {list(array.shape)}; "
            "name another folder"
        )
    if len(array) and not (array.min() >= 0 and array.max() <= 255 and (array % 1 == 0).all()):
        raise DataError(
            f"{path}: expected whole numbers from 0 to 255, got {array.min():g} to {array.max():g}; name another folder"
        )
    return array.astype(np.uint8)


def with_tests(images: np.ndarray, labels: np.ndarray, path: str) -> Arrays:
    """Splits images that come without tests: of each label one in ten, chosen by a fixed shuffle.

    Raises:
      DataError: if there are too few.
    """
    images, labels, rank = shuffled(images, labels)
    count = np.bincount(labels, minlength=1)
    for_tests = rank >= (count - np.maximum(1, count // 10))[labels]
    for_tests &= count[labels] > 1  # the only one of its label is to train with
    if not for_tests.any():
        raise DataError(f"{path}: expected two images of a label, one to train with and one for tests, got fewer")
    return images[~for_tests], labels[~for_tests], images[for_tests], labels[for_tests]


def split(arrays: Arrays, source: str, validation_size: int) -> Splits:
    """Splits as TF 1.15 did: the first training images become the validation set.

    Args:
      source: where the arrays come from, for the error.
      validation_size: int, how many.
    Raises:
      ValidationSizeError: if it is outside 0..n.
    """
    train_images, train_labels, test_images, test_labels = arrays
    if not 0 <= validation_size <= len(train_images):
        raise ValidationSizeError(
            f"Validation size should be between 0 and {len(train_images)}. Received: {validation_size}. "
            f"The training images are those of {source}"
        )
    return (
        (train_images[validation_size:], train_labels[validation_size:]),
        (train_images[:validation_size], train_labels[:validation_size]),
        (test_images, test_labels),
    )


def one_hot(labels: np.ndarray, num_classes: int = 10) -> np.ndarray:
    """Returns float64 [n, num_classes], as TF 1.15's dense_to_one_hot.

    As there, a label of num_classes or more marks a row further down.

    Raises:
      IndexError: if that is below the last row, as in TF 1.15.
    """
    rows = np.zeros((len(labels), num_classes))
    rows.flat[np.arange(len(labels)) * num_classes + labels.ravel()] = 1
    return rows


def shuffled(images: np.ndarray, labels: np.ndarray) -> Tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Shuffles images with their labels, the same way every time.

    Returns:
      (images, labels, rank): rank int [n], how many images with the same label come before.
    """
    order = np.random.RandomState(0).permutation(len(labels))
    images, labels = images[order], labels[order]
    rank = np.empty(len(labels), int)
    for label in set(labels.tolist()):
        same = labels == label
        rank[same] = np.arange(np.count_nonzero(same))
    return images, labels, rank
