"""tf.contrib.gan.eval's image_grid and image_reshaper: many images as one.

Source: the interface of tf.contrib.gan in TensorFlow 1.14.
"""

import math

import tensorflow.compat.v1 as tf

__all__ = ["image_grid", "image_reshaper"]


def image_grid(input_tensor, grid_shape, image_shape=(32, 32), num_channels=3):
    """Returns images as one picture [1, rows * height, columns * width, channels].

    Args:
      input_tensor: tensor [rows * columns, height, width, channels], or flat, [rows * columns, numbers].
      grid_shape: (rows, columns). image_shape: (height, width). num_channels: int.
    """
    (rows, columns), (height, width) = grid_shape, image_shape
    shape = input_tensor.shape.as_list()
    if rows * columns != shape[0]:
        raise ValueError(f"image_grid: a grid of {rows} x {columns} takes {rows * columns} images, got {shape[0]}")
    if shape[1:] not in ([height * width * num_channels], [height, width, num_channels]):
        raise ValueError(
            f"image_grid: images must be {[height, width, num_channels]} or flat, got a tensor of shape {shape}"
        )
    images = tf.reshape(input_tensor, [rows, columns, height, width, num_channels])
    return tf.reshape(tf.transpose(images, [0, 2, 1, 3, 4]), [1, rows * height, columns * width, num_channels])


def image_reshaper(images, num_cols=None):
    """Returns images as one picture, black where the last row has none.

    Args:
      images: tensor [images, height, width, 1 or 3], or a list of such images.
      num_cols: int; None for a square.
    """
    images = tf.unstack(images) if tf.is_tensor(images) else list(images)
    for image in images:
        image.shape.assert_has_rank(3)
        image.shape.assert_is_fully_defined()
        if image.shape.as_list()[-1] not in (1, 3):
            raise ValueError(f"image_reshaper: images must have 1 or 3 channels, got the shape {image.shape}")
    columns = num_cols or int(math.ceil(math.sqrt(len(images))))
    images += [tf.zeros_like(images[-1])] * (-len(images) % columns)
    rows = [tf.concat(images[start : start + columns], 1) for start in range(0, len(images), columns)]
    return tf.expand_dims(tf.concat(rows, 0), 0)
