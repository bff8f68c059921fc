"""What every format gives, images with their labels as arrays: checked, shuffled and split.

images      uint8 [n, 28, 28]
labels      uint8 [n], 0 to 9
"""

from typing import Sequence, Tuple

import numpy as np

from legacy_gan.errors import DataError, ValidationSizeError

Pair = Tuple[np.ndarray, np.ndarray]  # images and labels
Splits = Tuple[Pair, Pair, Pair]  # for training, for validation, for tests
Arrays = Tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]  # training images, labels, test images, labels

BOOK_VALIDATION = 5000  # TF 1.15's default
CURE = "move it away or delete it, then run again"  # how the message about a broken file ends


def check(arrays: Sequence[np.ndarray], paths: Sequence[str]) -> None:
    """Checks that images and labels belong together.

    Args:
      arrays: training images and labels, test images and labels.
      paths: what an error calls each of them.
    Raises:
      DataError: if they do not.
    """
    for part in (0, 2):
        images, labels = arrays[part], arrays[part + 1]
        if len(images) == 0:
            raise DataError(f"{paths[part]}: expected at least one image, got none")
        if len(images) != len(labels):
            raise DataError(
                f"{paths[part + 1]}: expected {len(images)} labels, one for each image of {paths[part]}, "
                f"got {len(labels)}; {CURE}"
            )
        if labels.max() > 9:
            raise DataError(f"{paths[part + 1]}: expected labels from 0 to 9, got {labels.max()}; name another folder")


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
