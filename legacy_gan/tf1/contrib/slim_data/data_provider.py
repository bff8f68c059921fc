"""slim.data_provider: what hands out the items of examples, by name."""

__all__ = ["DataProvider"]


class DataProvider:
    """Tensors of one example, by name.

    Args:
      items_to_tensors: dict. num_samples: int, the examples of the data set.
    """

    def __init__(self, items_to_tensors, num_samples):
        self._items_to_tensors = items_to_tensors
        self._num_samples = num_samples

    def get(self, items):
        """Returns the tensors of a list of names."""
        if not isinstance(items, (list, tuple)):
            raise ValueError(f"get: expected a list or tuple of items, got {items!r}")
        for item in items:
            if item not in self._items_to_tensors:
                raise ValueError(f"get: expected items among {list(self._items_to_tensors)}, got {item!r}")
        return [self._items_to_tensors[item] for item in items]

    def list_items(self):
        """Returns the names that `get` takes."""
        return self._items_to_tensors.keys()

    def num_samples(self):
        """Returns how many examples the data set has."""
        return self._num_samples
