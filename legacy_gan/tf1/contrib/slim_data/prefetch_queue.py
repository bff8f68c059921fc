"""slim.prefetch_queue: a queue of batches that are ready."""

import tensorflow.compat.v1 as tf

__all__ = ["prefetch_queue"]


def prefetch_queue(tensors, capacity=8, num_threads=1, dynamic_pad=False, shared_name=None, name=None):
    """Returns a queue that threads fill with `tensors`; its `dequeue` gives them back.

    Args:
      tensors: list or dict of tensors. capacity: int, of the queue. num_threads: int, that fill it.
      dynamic_pad: bool, whether shapes may have unknown dimensions.
    """
    names = sorted(tensors) if isinstance(tensors, dict) else None
    each = [tensors[key] for key in names] if names else tensors
    with tf.name_scope(name, "prefetch_queue", each):
        make = tf.PaddingFIFOQueue if dynamic_pad else tf.FIFOQueue
        queue = make(
            capacity=capacity,
            dtypes=[tensor.dtype for tensor in each],
            shapes=[tensor.get_shape() for tensor in each],
            names=names,
            shared_name=shared_name,
        )
        tf.train.add_queue_runner(tf.train.QueueRunner(queue, [queue.enqueue(tensors)] * num_threads))
        tf.summary.scalar(f"fraction_of_{capacity}_full", tf.cast(queue.size(), tf.float32) * (1.0 / capacity))
        return queue
