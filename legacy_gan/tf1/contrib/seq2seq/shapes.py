"""What decoders, helpers and attention make and turn: zeros, axes, arrays over time."""

import tensorflow.compat.v1 as tf

__all__ = ["array_of", "time_first", "zeros"]


def zeros(batch_size, size, dtype):
    """Returns zeros [batch_size] + size, of an int or a tf.TensorShape."""
    sizes = [batch_size] + (size.as_list() if isinstance(size, tf.TensorShape) else [size])
    filled = tf.zeros(tf.stack(sizes), dtype)
    known = [tf.get_static_value(tf.convert_to_tensor(each)) for each in sizes]
    filled.set_shape([None if each is None else int(each) for each in known])
    return filled


def time_first(tensor):
    """Swaps the first two axes."""
    return tf.transpose(tensor, [1, 0] + list(range(2, tensor.shape.ndims)))


def array_of(tensor):
    """Returns a tf.TensorArray of a tensor's first axis."""
    return tf.TensorArray(tensor.dtype, tf.shape(tensor)[0], element_shape=tensor.shape[1:]).unstack(tensor)
