"""slim.dataset_data_provider: the examples of a slim.dataset.Dataset, read by queue runners."""

from legacy_gan.tf1.contrib.slim_data import data_provider, parallel_reader

__all__ = ["DatasetDataProvider"]


class DatasetDataProvider(data_provider.DataProvider):
    """Reads a data set; `get` returns tensors of the next example.

    Args:
      dataset: a Dataset. num_readers: int, files that are read at a time. reader_kwargs: dict, of each reader.
      shuffle: bool, files and examples. num_epochs: int, or None for ever; needs local variables initialised.
      common_queue_capacity, common_queue_min: of the queue of examples. record_key: the item that is the
        record's key. seed: of the shuffling. scope: str, a name scope.
    """

    def __init__(
        self,
        dataset,
        num_readers=1,
        reader_kwargs=None,
        shuffle=True,
        num_epochs=None,
        common_queue_capacity=256,
        common_queue_min=128,
        record_key="record_key",
        seed=None,
        scope=None,
    ):
        key, data = parallel_reader.parallel_read(
            dataset.data_sources,
            reader_class=dataset.reader,
            num_epochs=num_epochs,
            num_readers=num_readers,
            reader_kwargs=reader_kwargs,
            shuffle=shuffle,
            capacity=common_queue_capacity,
            min_after_dequeue=common_queue_min,
            seed=seed,
            scope=scope,
        )
        items = dataset.decoder.list_items()
        if record_key in items:
            raise ValueError(f"DatasetDataProvider: expected a record_key that is no item, got {record_key!r}")
        tensors = dict(zip(items, dataset.decoder.decode(data, items)))
        tensors[record_key] = key
        super().__init__(tensors, dataset.num_samples)
