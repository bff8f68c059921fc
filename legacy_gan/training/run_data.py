"""The data set of a run."""

import os
from typing import Any, Mapping, Optional

from legacy_gan import options, registry
from legacy_gan.data import arrays, download, reader, sources
from legacy_gan.data.dataset import Datasets
from legacy_gan.data.embedded import EMBEDDED


def read(model: registry.Model, data_dir: Optional[str], offline: bool) -> Datasets:
    """Returns the Datasets of a folder, labels one-hot, with as many training images as the model's source has.

    Args:
      data_dir: path of the folder that a flag named, now or when the run began: data from elsewhere never
        take its place. None: wherever MNIST is found, else the embedded digits.
      offline: bool, whether no connection may be opened.
    Raises:
      DataError: for no data, broken ones, or others than images of 28x28 pixels with labels from 0 to 9.
    """
    # The book's 5,000 for validation might leave none of a set of the reader's own to train on.
    return read_folder(data_dir, offline, model.validation_size, may_do_without_validation=True)


def read_folder(
    data_dir: Optional[str], offline: bool, validation_size: int, may_do_without_validation: bool = False
) -> Datasets:
    """The same with as many images for validation as are asked for.

    Args:
      may_do_without_validation: bool; True keeps none for validation if none would be left to train with.
    Raises:
      ValidationSizeError: if there are not so many.
    """
    folder = options.Run.data_dir if data_dir is None else os.path.expanduser(data_dir)
    found = sources.find(
        folder,
        download.DEFAULT_SOURCE_URL,
        offline,
        validation_size,
        named=data_dir is not None,
        may_do_without_validation=may_do_without_validation,
    )
    arrays.check_trainable(found.splits, found.paths)
    return reader.datasets(found, one_hot=True)


def folder_of(config: Mapping[str, Any]) -> Optional[str]:
    """Returns the folder that was named when a run began, None if none was.

    Before, a named folder without data gave way to the embedded digits: such a run goes on with these.

    Args:
      config: of config.json.
    """
    data = config["data"]
    return None if data["source"] == EMBEDDED else data["dir"]
