"""The data set of a run."""

from legacy_gan import registry
from legacy_gan.data import reader
from legacy_gan.errors import ValidationSizeError


def read(model: registry.Model, data_dir, offline, embedded=True):
    """Returns the Datasets of a folder, labels one-hot, with as many training images as the model's source has.

    Args:
      data_dir: path of the folder. offline: bool, whether no connection may be opened.
      embedded: bool, whether the embedded digits may take the place of a folder without data.
    """

    def read_with(validation_size):
        return reader.read_data_sets(
            data_dir, one_hot=True, offline=offline, validation_size=validation_size, embedded=embedded
        )

    try:
        mnist = read_with(model.validation_size)
    except ValidationSizeError:
        mnist = None
    if mnist is None or not mnist.train.num_examples:
        # A set of the reader's own: the book's 5,000 for validation would leave none to train on.
        mnist = read_with(0)
    return mnist
