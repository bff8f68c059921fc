"""Images with their labels in batches, as TF 1.15 drew them."""

import hashlib
from typing import Any, NamedTuple, Optional, Tuple

import numpy as np

Position = Tuple[Optional[np.ndarray], int, int]  # order int64 [n] or None, index in the epoch, epochs completed


class DataSet:
    """Images with their labels, handed out in shuffled batches as TF 1.15 did.

    Args:
      images: uint8 [n, 28, 28, 1]; with fake_data, anything.
      labels: [n] uint8, or [n, 10] one-hot; with fake_data, anything.
      fake_data: bool; True makes a set of 10,000 without images, for next_batch(fake_data=True).
      one_hot: bool; used with fake_data only.
      dtype: np.float32 or tf.float32 scales the pixels to 0..1, uint8 leaves them 0..255.
      reshape: bool; True flattens the images to [n, 784].
      seed: int that seeds the generator, None for a seed from the clock.
      rng: the np.random.RandomState to shuffle with, or the module np.random for NumPy's global
        one; None makes one of its own.
      source: str, where the digits come from.
      examples_per_epoch: int, None for the number of images.
    """

    def __init__(
        self,
        images: Any,
        labels: Any,
        fake_data: bool = False,
        one_hot: bool = False,
        dtype: Any = np.float32,
        reshape: bool = True,
        seed: Optional[int] = None,
        rng: Any = None,
        source: Optional[str] = None,
        examples_per_epoch: Optional[int] = None,
    ) -> None:
        self._rng = np.random.RandomState() if rng is None else rng
        self._rng.seed(None if seed is None else seed % (2**31 - 1))  # as TF 1.15 did
        dtype = np.dtype(getattr(dtype, "as_numpy_dtype", dtype))
        if dtype not in (np.uint8, np.float32):
            raise TypeError(f"Invalid image dtype {dtype.name!r}, expected uint8 or float32")
        self.source = source
        self.one_hot = one_hot
        self._num_examples = 10000
        if not fake_data:
            if images.shape[0] != labels.shape[0]:
                raise ValueError(f"images.shape: {images.shape} labels.shape: {labels.shape}")
            self._num_examples = images.shape[0]
            if reshape:
                images = images.reshape(images.shape[0], images.shape[1] * images.shape[2])
            if dtype == np.float32:
                images = np.multiply(images.astype(np.float32), np.float32(1.0 / 255.0))
        self._images, self._labels = images, labels
        self._examples_per_epoch = examples_per_epoch
        self._order: Optional[np.ndarray] = None  # the shuffled order, int64 [n]; None before the first shuffle
        # Images and labels in that order, made when they are asked for.
        self._permuted: Optional[Tuple[np.ndarray, np.ndarray]] = None
        self._epochs_completed = 0
        self._index_in_epoch = 0

    @property
    def images(self) -> np.ndarray:
        """The images in their present order: float32 [n, 784] in 0..1 by default."""
        return self._in_order()[0]

    @property
    def labels(self) -> np.ndarray:
        """The labels in the images' order: [n] uint8, or [n, 10] float64 one-hot."""
        return self._in_order()[1]

    @property
    def num_examples(self) -> int:
        return self._num_examples

    @property
    def epochs_completed(self) -> int:
        return self._epochs_completed

    @property
    def examples_per_epoch(self) -> int:
        """The examples of one epoch of training: num_examples; for the embedded digits, as many as MNIST has."""
        return self._examples_per_epoch or self._num_examples

    def use(self, rng: Any) -> None:
        """Shuffles with `rng`, a RandomState, from now on; it is not seeded."""
        self._rng = rng

    def position(self) -> Position:
        """Returns the place that the batches have reached: (order int64 [n] or None, index, epochs completed)."""
        return self._order, self._index_in_epoch, self._epochs_completed

    def resume(self, order: Optional[np.ndarray], index_in_epoch: int, epochs_completed: int) -> None:
        """Goes on from the place that `position` returned; the caller sets the generator."""
        self._order, self._permuted = order, None
        self._index_in_epoch, self._epochs_completed = index_in_epoch, epochs_completed

    def originals(self) -> Tuple[np.ndarray, np.ndarray]:
        """Returns (images, labels) in their original order, that of `next_indices`."""
        return self._images, self._labels

    def fingerprint(self) -> str:
        """Returns the SHA-256 (str) of images and labels in their original order."""
        digest = hashlib.sha256(np.ascontiguousarray(self._images).data)
        digest.update(np.ascontiguousarray(self._labels).data)
        return digest.hexdigest()

    def next_batch(self, batch_size: int, fake_data: bool = False, shuffle: bool = True) -> Tuple[Any, Any]:
        """Returns the next (images, labels).

        Where the set wraps, the batch is the rest of the old order and the start of a new one.
        """
        if fake_data:
            label = [1] + [0] * 9 if self.one_hot else 0
            return [[1] * 784 for _ in range(batch_size)], [label for _ in range(batch_size)]
        chosen = self.next_indices(batch_size, shuffle)
        return self._images[chosen], self._labels[chosen]

    def next_indices(self, batch_size: int, shuffle: bool = True) -> np.ndarray:
        """Returns the next batch's places in the original order, int64 [batch_size]."""
        start = self._index_in_epoch
        if self._epochs_completed == 0 and start == 0 and shuffle:
            self._shuffle()
        if start + batch_size <= self._num_examples:
            self._index_in_epoch += batch_size
            return self._present_order()[start : self._index_in_epoch]
        self._epochs_completed += 1
        rest = self._present_order()[start:]
        if shuffle:
            self._shuffle()
        self._index_in_epoch = batch_size - (self._num_examples - start)
        return np.concatenate([rest, self._present_order()[: self._index_in_epoch]])

    def _shuffle(self) -> None:
        """Permutes the present order, as TF 1.15 permuted the already permuted images."""
        permutation = np.arange(self._num_examples)
        self._rng.shuffle(permutation)
        self._order = self._present_order()[permutation]
        self._permuted = None

    def _present_order(self) -> np.ndarray:
        return np.arange(self._num_examples) if self._order is None else self._order

    def _in_order(self) -> Tuple[np.ndarray, np.ndarray]:
        if self._order is None:
            return self._images, self._labels
        if self._permuted is None:
            self._permuted = self._images[self._order], self._labels[self._order]
        return self._permuted


class Datasets(NamedTuple):
    """The three sets of `read_data_sets`."""

    train: DataSet
    validation: DataSet
    test: DataSet
