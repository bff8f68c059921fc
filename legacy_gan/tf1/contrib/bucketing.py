"""tf.contrib.training's buckets: examples are sorted into queues by length, and come out in batches of alike ones.

Source: the interface of tf.contrib.training in TensorFlow 1.15.5.
"""

import numpy as np
import tensorflow.compat.v1 as tf

__all__ = ["bucket", "bucket_by_sequence_length"]


def _tensors_of(tensors, who):
    """Returns a list of tensors and the function that gives results the structure of `tensors`."""
    if isinstance(tensors, dict):
        names = sorted(tensors)
        listed, back = [tensors[name] for name in names], lambda found: dict(zip(names, found))
    elif isinstance(tensors, (list, tuple)):
        listed, back = list(tensors), list
    else:
        listed, back = [tensors], lambda found: found[0]
    if not listed:
        raise ValueError(f"{who}: give at least one tensor")
    if any(isinstance(each, tf.SparseTensor) for each in listed):
        raise NotImplementedError(f"{who}: sparse tensors are not served; use tf.sparse.to_dense before")
    return [tf.convert_to_tensor(each) for each in listed], back


def bucket(
    tensors,
    which_bucket,
    batch_size,
    num_buckets,
    num_threads=1,
    capacity=32,
    bucket_capacities=None,
    shapes=None,
    dynamic_pad=False,
    allow_smaller_final_batch=False,
    keep_input=True,
    shared_name=None,
    name=None,
):
    """Makes batches of examples of one bucket; queue runners fill them.

    Args:
      tensors: one example: a tensor, a list or a dict of them.
      which_bucket: int32 scalar, 0 to num_buckets - 1.
      batch_size: int, or a list of one for each bucket.
      capacity: int, of the queue of batches, and of each bucket without bucket_capacities.
      shapes: list of the tensors' shapes; None for those known.
      dynamic_pad: bool, whether sizes that are not known are filled up with zeros.
      keep_input: bool scalar, whether the example counts.
      The rest as for tf.train.batch.
    Returns:
      (the bucket, int32 scalar; a batch, laid out as `tensors`).
    Raises:
      ValueError: for lists of another length than num_buckets.
    """
    listed, back = _tensors_of(tensors, "bucket")
    sizes = list(batch_size) if isinstance(batch_size, (list, tuple)) else [batch_size] * num_buckets
    capacities = [capacity] * num_buckets if bucket_capacities is None else list(bucket_capacities)
    for what, given in (("batch_size", sizes), ("bucket_capacities", capacities)):
        if len(given) != num_buckets:
            raise ValueError(f"bucket: {what} must have num_buckets={num_buckets} entries, got {len(given)}")
    with tf.name_scope(name, "bucket", listed):
        shapes = [each.shape for each in listed] if shapes is None else [tf.TensorShape(each) for each in shapes]
        types = [each.dtype for each in listed]
        queue = tf.PaddingFIFOQueue if dynamic_pad else tf.FIFOQueue
        buckets = [
            queue(
                capacity=size,
                dtypes=types,
                shapes=shapes,
                shared_name=None if shared_name is None else f"{shared_name}_{number}",
                name=f"bucket_queue_{number}",
            )
            for number, size in enumerate(capacities)
        ]
        fixed = not allow_smaller_final_batch and not isinstance(batch_size, (list, tuple))
        known = tf.get_static_value(tf.convert_to_tensor(sizes[-1])) if fixed else None
        top = tf.PaddingFIFOQueue(
            capacity=capacity,
            dtypes=[tf.int32] + types,
            shapes=[tf.TensorShape([])] + [tf.TensorShape([known]).concatenate(each) for each in shapes],
            shared_name=shared_name,
            name="top_queue",
        )
        which = tf.convert_to_tensor(which_bucket, tf.int32)

        def enqueue():
            return tf.group(
                *(
                    tf.cond(tf.equal(which, number), lambda each=each: each.enqueue(listed), tf.no_op)
                    for number, each in enumerate(buckets)
                )
            )

        kept = tf.get_static_value(tf.convert_to_tensor(keep_input))
        if kept is None:
            filling = tf.cond(tf.cast(keep_input, tf.bool), enqueue, tf.no_op)
        else:
            filling = enqueue() if kept else tf.no_op()
        batches = []
        for number, (each, size) in enumerate(zip(buckets, sizes)):
            take = each.dequeue_up_to if allow_smaller_final_batch else each.dequeue_many
            batch = take(size)
            batch = list(batch) if isinstance(batch, (list, tuple)) else [batch]
            batches.append(top.enqueue([tf.constant(number)] + batch))
        _run(buckets[0], batches, top.close(), top.close(cancel_pending_enqueues=True))
        closing = tf.group(*(each.close() for each in buckets))
        cancelling = tf.group(*(each.close(cancel_pending_enqueues=True) for each in buckets))
        _run(top, [filling] * num_threads, closing, cancelling)
        for each in buckets:
            tf.summary.scalar(f"bucket/{each.name}/size", tf.cast(top.size(), tf.float32))
        part = tf.cast(top.size(), tf.float32) * (1.0 / capacity)
        tf.summary.scalar(f"bucket/{top.name}/fraction_of_{capacity}_full", part)
        found = top.dequeue()
        return found[0], back(found[1:])


def _run(queue, operations, close, cancel):
    """Has the queue runners carry out operations."""
    ends = (tf.errors.OutOfRangeError, tf.errors.CancelledError)
    tf.train.add_queue_runner(
        tf.train.QueueRunner(queue, operations, close_op=close, cancel_op=cancel, queue_closed_exception_types=ends)
    )


def bucket_by_sequence_length(
    input_length,
    tensors,
    batch_size,
    bucket_boundaries,
    num_threads=1,
    capacity=32,
    bucket_capacities=None,
    shapes=None,
    dynamic_pad=False,
    allow_smaller_final_batch=False,
    keep_input=True,
    shared_name=None,
    name=None,
):
    """Makes batches of examples of about the same length; see bucket.

    Args:
      input_length: int32 scalar, the example's length.
      bucket_boundaries: list of int that grow: bucket k has lengths from boundary k - 1 to below boundary k.
      The rest as bucket's.
    Returns:
      (lengths, int32 [batch]; a batch, laid out as `tensors`).
    Raises:
      TypeError, ValueError: for other boundaries.
    """
    if not isinstance(bucket_boundaries, (list, tuple)):
        raise TypeError(f"bucket_by_sequence_length: bucket_boundaries must be a list, got {bucket_boundaries!r}")
    bounds = list(bucket_boundaries)
    if not bounds or any(below >= above for below, above in zip(bounds, bounds[1:])):
        raise ValueError(f"bucket_by_sequence_length: bucket_boundaries must be integers that grow, got {bounds}")
    listed, back = _tensors_of(tensors, "bucket_by_sequence_length")
    with tf.name_scope(name, "bucket_by_sequence_length", listed):
        length = tf.convert_to_tensor(input_length, tf.int32)
        which = tf.reduce_sum(tf.cast(tf.greater_equal(length, np.array(bounds, np.int32)), tf.int32))
        _, found = bucket(
            tensors=[length] + listed,
            which_bucket=which,
            batch_size=batch_size,
            num_buckets=len(bounds) + 1,
            num_threads=num_threads,
            capacity=capacity,
            bucket_capacities=bucket_capacities,
            shapes=None if shapes is None else [tf.TensorShape([])] + list(shapes),
            dynamic_pad=dynamic_pad,
            allow_smaller_final_batch=allow_smaller_final_batch,
            keep_input=keep_input,
            shared_name=shared_name,
        )
        return found[0], back(found[1:])
