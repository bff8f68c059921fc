"""tf.layers' pooling: the largest value or the mean of each window."""

import tensorflow.compat.v1 as tf

from legacy_gan.tf1.layers.base import back_to, channels_last, layer_class, padding_of, plain_scope, sizes_of


def max_pooling1d(inputs, pool_size, strides, padding="valid", data_format="channels_last", name=None):
    """As max_pooling2d, of [batch, width, channels]."""
    return _pooling("max_pooling1d", 1, tf.nn.max_pool, **locals())


def max_pooling2d(inputs, pool_size, strides, padding="valid", data_format="channels_last", name=None):
    """The largest value of each pool_size window, windows `strides` apart.

    Args:
      inputs: float [batch, height, width, channels], or "channels_first".
      pool_size, strides: an int, or two.
      padding: "valid" or "same".
    Returns:
      float, laid out as the inputs.
    Raises:
      ValueError: for another rank or an unknown padding or data_format.
    """
    return _pooling("max_pooling2d", 2, tf.nn.max_pool, **locals())


def max_pooling3d(inputs, pool_size, strides, padding="valid", data_format="channels_last", name=None):
    """As max_pooling2d, of [batch, depth, height, width, channels]."""
    return _pooling("max_pooling3d", 3, tf.nn.max_pool3d, **locals())


def average_pooling1d(inputs, pool_size, strides, padding="valid", data_format="channels_last", name=None):
    """As average_pooling2d, of [batch, width, channels]."""
    return _pooling("average_pooling1d", 1, tf.nn.avg_pool, **locals())


def average_pooling2d(inputs, pool_size, strides, padding="valid", data_format="channels_last", name=None):
    """As max_pooling2d, but the mean of each window; "same" counts no place outside of the inputs."""
    return _pooling("average_pooling2d", 2, tf.nn.avg_pool, **locals())


def average_pooling3d(inputs, pool_size, strides, padding="valid", data_format="channels_last", name=None):
    """As average_pooling2d, of [batch, depth, height, width, channels]."""
    return _pooling("average_pooling3d", 3, tf.nn.avg_pool3d, **locals())


def _pooling(layer, rank, pool, inputs, pool_size, strides, padding, data_format, name):
    """What the six pooling layers compute, by TensorFlow's `pool` of two or three axes."""
    with plain_scope(name, layer):
        inputs = channels_last(tf.convert_to_tensor(inputs), data_format, layer, rank)
        pool_size, strides = sizes_of(pool_size, rank, "pool_size"), sizes_of(strides, rank, "strides")
        if rank == 1:  # as an image of one column
            inputs, pool_size, strides = tf.expand_dims(inputs, 2), pool_size + [1], strides + [1]
        outputs = pool(
            inputs, ksize=[1] + pool_size + [1], strides=[1] + strides + [1], padding=padding_of(padding, layer)
        )
        if rank == 1:
            outputs = tf.squeeze(outputs, [2])
        return back_to(data_format, outputs)


AveragePooling1D = layer_class("AveragePooling1D", average_pooling1d)
AveragePooling2D = layer_class("AveragePooling2D", average_pooling2d)
AveragePooling3D = layer_class("AveragePooling3D", average_pooling3d)
MaxPooling1D = layer_class("MaxPooling1D", max_pooling1d)
MaxPooling2D = layer_class("MaxPooling2D", max_pooling2d)
MaxPooling3D = layer_class("MaxPooling3D", max_pooling3d)
