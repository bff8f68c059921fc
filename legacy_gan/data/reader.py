"""read_data_sets: reads MNIST, or a set like it, as TF 1.15's function of this name did."""

import os
from typing import Any, Optional, Union

import numpy as np

from legacy_gan.data import sources
from legacy_gan.data.arrays import BOOK_VALIDATION
from legacy_gan.data.dataset import DataSet, Datasets
from legacy_gan.data.download import DEFAULT_SOURCE_URL


def read_data_sets(
    train_dir: Union[str, "os.PathLike[str]"],
    fake_data: bool = False,
    one_hot: bool = False,
    dtype: Any = np.float32,
    reshape: bool = True,
    validation_size: int = BOOK_VALIDATION,
    seed: Optional[int] = None,
    source_url: str = DEFAULT_SOURCE_URL,
    global_rng: bool = False,
    offline: bool = False,
    embedded: bool = True,
) -> Datasets:
    """Reads MNIST, any 28x28 set in its format, or pictures, as TF 1.15's function of this name.

    Args:
      train_dir: folder with the four .gz files, or the unpacked idx files, or Keras' mnist.npz, or
        pictures of any size (see picture_folder). It is made, and filled by a download, only where
        no data is found.
      fake_data: bool; True returns sets without images.
      one_hot: bool; labels as float64 [n, 10] instead of uint8 [n].
      dtype, reshape: see DataSet.
      validation_size: int, how many of the first training images become the validation set. The
        default takes none from pictures if it would be more than a tenth of them. The embedded
        digits have a split of their own: 4,000, 500 and 500, or for 0: 4,500, 0 and 500.
      seed: int for the shuffles; None for one from the clock. (TF 1.15 fell back to the seed of
        the graph; this function does not.)
      source_url: where to download from. An address of your own is the only one tried, its files
        are checked by structure instead of MNIST's MD5, and embedded digits never replace them.
      global_rng: bool; True shuffles with NumPy's global generator, and seeds it, as TF 1.15 did.
      offline: bool; True opens no connection.
      embedded: bool; False is an error where the embedded digits would be taken.
    Returns:
      Datasets(train, validation, test), each a DataSet.
    Raises:
      DataError, a ValueError: for a broken file or picture, an incomplete folder, no data at all, or
        a validation_size outside 0..n.
    """
    # One generator for the three sets, seeded by each: TF 1.15 had only the global one.
    options = dict(dtype=dtype, seed=seed, rng=np.random if global_rng else np.random.RandomState())
    if fake_data:
        fake = [DataSet([], [], fake_data=True, one_hot=one_hot, **options) for _ in range(3)]
        return Datasets(*fake)

    folder = os.path.expanduser(os.fspath(train_dir))
    found = sources.find(folder, source_url or DEFAULT_SOURCE_URL, offline, validation_size, embedded)
    return Datasets(
        *[
            DataSet(
                images.reshape(-1, 28, 28, 1),
                np.eye(10)[labels] if one_hot else labels,
                reshape=reshape,
                source=found.source,
                examples_per_epoch=found.examples_per_epoch,
                **options,
            )
            for images, labels in found.splits
        ]
    )
