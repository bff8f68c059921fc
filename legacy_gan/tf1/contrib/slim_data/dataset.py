"""slim.dataset: where a data set lies, how it is read and decoded."""

__all__ = ["Dataset"]


class Dataset:
    """A data set.

    Args:
      data_sources: list of files, or a pattern of their names. reader: a class of readers, as tf.TFRecordReader.
      decoder: a DataDecoder. num_samples: int. items_to_descriptions: dict of an item's name to what it is.
      The rest are attributes of the program's own.
    """

    def __init__(self, data_sources, reader, decoder, num_samples, items_to_descriptions, **kwargs):
        vars(self).update(
            kwargs,
            data_sources=data_sources,
            reader=reader,
            decoder=decoder,
            num_samples=num_samples,
            items_to_descriptions=items_to_descriptions,
        )
