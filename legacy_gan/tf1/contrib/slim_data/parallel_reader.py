"""slim.parallel_reader: several readers of files that fill one queue of records."""

import tensorflow.compat.v1 as tf

__all__ = ["ParallelReader", "get_data_files", "parallel_read", "single_pass_read"]


class ParallelReader:
    """Readers that put their records into one queue, each from a file of its own.

    Args:
      reader_class: as tf.TFRecordReader. common_queue: a queue of pairs of strings.
      num_readers: int. reader_kwargs: dict, of each reader.
    """

    def __init__(self, reader_class, common_queue, num_readers=4, reader_kwargs=None):
        if [dtype.base_dtype for dtype in common_queue.dtypes] != [tf.string, tf.string]:
            raise TypeError(f"ParallelReader: expected a queue of [tf.string, tf.string], got {common_queue.dtypes}")
        self._readers = [reader_class(**(reader_kwargs or {})) for _ in range(num_readers)]
        self._common_queue = common_queue

    @property
    def num_readers(self):
        return len(self._readers)

    @property
    def common_queue(self):
        return self._common_queue

    def read(self, queue, name=None):
        """Returns (key, value) of the next record of the files that a queue names; adds a queue runner."""
        self._fill(queue)
        return self._common_queue.dequeue(name=name)

    def read_up_to(self, queue, num_records, name=None):
        """Returns keys and values of up to so many records."""
        self._fill(queue)
        return self._common_queue.dequeue_up_to(num_records, name)

    def num_records_produced(self, name=None):
        """Returns how many records were read, an int64."""
        return tf.add_n([reader.num_records_produced() for reader in self._readers], name=name)

    def num_work_units_completed(self, name=None):
        """Returns how many files were read to their end, an int64."""
        return tf.add_n([reader.num_work_units_completed() for reader in self._readers], name=name)

    def _fill(self, queue):
        operations = [self._common_queue.enqueue(reader.read(queue)) for reader in self._readers]
        tf.train.add_queue_runner(tf.train.QueueRunner(self._common_queue, operations))


def parallel_read(
    data_sources,
    reader_class,
    num_epochs=None,
    num_readers=4,
    reader_kwargs=None,
    shuffle=True,
    dtypes=None,
    capacity=256,
    min_after_dequeue=128,
    seed=None,
    scope=None,
):
    """Returns (key, value) of the next record of files, read by several readers, shuffled if asked for."""
    files = get_data_files(data_sources)
    with tf.name_scope(scope, "parallel_read"):
        names = tf.train.string_input_producer(
            files, num_epochs=num_epochs, shuffle=shuffle, seed=seed, name="filenames"
        )
        dtypes = dtypes or [tf.string, tf.string]
        if shuffle:
            queue = tf.RandomShuffleQueue(capacity, min_after_dequeue, dtypes, seed=seed, name="common_queue")
        else:
            queue = tf.FIFOQueue(capacity, dtypes, name="common_queue")
        tf.summary.scalar(f"fraction_of_{capacity}_full", tf.cast(queue.size(), tf.float32) * (1.0 / capacity))
        return ParallelReader(reader_class, queue, num_readers, reader_kwargs).read(names)


def single_pass_read(data_sources, reader_class, reader_kwargs=None, scope=None):
    """Returns (key, value) of the next record of files, which are read once, one after the other."""
    files = get_data_files(data_sources)
    with tf.name_scope(scope, "single_pass_read"):
        names = tf.train.string_input_producer(files, num_epochs=1, shuffle=False, capacity=1, name="filenames")
        return reader_class(**(reader_kwargs or {})).read(names)


def get_data_files(data_sources):
    """Returns the files that a name, a pattern or a list of both stands for."""
    if isinstance(data_sources, (list, tuple)):
        files = [name for source in data_sources for name in get_data_files(source)]
    elif any(sign in data_sources for sign in "*?["):
        files = tf.gfile.Glob(data_sources)
    else:
        files = [data_sources]
    if not files:
        raise ValueError(f"get_data_files: expected files, found none for {data_sources}")
    return files
