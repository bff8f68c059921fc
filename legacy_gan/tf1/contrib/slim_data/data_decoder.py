"""slim.data_decoder: what every decoder has."""

import abc

__all__ = ["DataDecoder"]


class DataDecoder(abc.ABC):
    """Makes the items of an example from its bytes."""

    @abc.abstractmethod
    def decode(self, data, items):
        """Returns a list of tensors: the items asked for, of one example."""

    @abc.abstractmethod
    def list_items(self):
        """Returns the names of the items that there are."""
