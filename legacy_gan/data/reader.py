"""read_data_sets: reads MNIST, or a set like it, as TF 1.15's function of this name did."""

import os
from typing import Any, List, Optional, Sequence, Union

import numpy as np

from legacy_gan.data import arrays, sources
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
    named: bool = False,
    program_folder: Optional[str] = None,
) -> Datasets:
    """Reads MNIST, any set in its format or another, or pictures, as TF 1.15's function of this name.

    Sizes, labels and counts are those of the files. What the models need is checked where they are trained.

    Args:
      train_dir: folder with the four .gz files, or the unpacked idx files, or other files that are
        known (see sources.FORMATS), or pictures of any size (see picture_folder). It is made, and
        filled by a download, only where no data is found.
      fake_data: bool; True returns sets without images.
      one_hot: bool; labels as float64 [n, 10] instead of uint8 [n]. As in TF 1.15, a label beyond 9 in
        MNIST's files marks a row further down; for other files there are as many columns as labels.
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
      named: bool; True where a flag named the folder: data from elsewhere never take its place.
      program_folder: the folder that a program named, which a note then names; None for train_dir.
    Returns:
      Datasets(train, validation, test), each a DataSet.
    Raises:
      DataError, a ValueError: for a broken file or picture, an incomplete folder, no data at all, or
        a validation_size outside 0..n.
      IndexError: one-hot, for a label beyond 9 in one of the last rows, as in TF 1.15.
    """
    # One generator for the three sets, seeded by each: TF 1.15 had only the global one.
    options = dict(dtype=dtype, seed=seed, rng=np.random if global_rng else np.random.RandomState())
    if fake_data:
        fake = [DataSet([], [], fake_data=True, one_hot=one_hot, **options) for _ in range(3)]
        return Datasets(*fake)

    folder = os.path.expanduser(os.fspath(train_dir))
    found = sources.find(
        folder, source_url or DEFAULT_SOURCE_URL, offline, validation_size, named, program_folder=program_folder
    )
    return datasets(found, one_hot=one_hot, reshape=reshape, **options)


def datasets(found: sources.Found, one_hot: bool = False, reshape: bool = True, **options: Any) -> Datasets:
    """Returns the three sets of what was found.

    Args:
      one_hot, reshape: see read_data_sets. options: further ones of DataSet.
    """
    images = [part[0] for part in found.splits]
    labels = [part[1] for part in found.splits]
    if one_hot:
        labels = _one_hot(labels, found)
    return Datasets(
        *[
            DataSet(
                part.reshape(part.shape + (1,)),
                labels_of_part,
                reshape=reshape,
                source=found.source,
                examples_per_epoch=found.examples_per_epoch,
                **options,
            )
            for part, labels_of_part in zip(images, labels)
        ]
    )


def _one_hot(labels: Sequence[np.ndarray], found: sources.Found) -> List[np.ndarray]:
    """Returns the labels of the three sets one-hot; TF 1.15 did so before it split off the validation set."""
    train, validation, test = labels
    for path, part in ((found.paths[1], train), (found.paths[1], validation), (found.paths[3], test)):
        if len(part) and part.max() >= found.classes:
            arrays.say(
                f"{path}: labels up to {part.max()}, but one_hot gives ten columns: as in TensorFlow 1.15, a label "
                "beyond 9 marks a row further down"
            )
            break
    training = arrays.one_hot(np.concatenate([validation, train]), found.classes)
    return [training[len(validation) :], training[: len(validation)], arrays.one_hot(test, found.classes)]
