"""tf.contrib.image's projective transforms: turned, moved and otherwise mapped pictures.

A transform is eight numbers [a0, a1, a2, b0, b1, b2, c0, c1]: the output at (x, y) is the input at
((a0 x + a1 y + a2) / k, (b0 x + b1 y + b2) / k) with k = c0 x + c1 y + 1; outside of the input it is 0.

Source: the interface and formulas of tf.contrib.image in TensorFlow 1.15.5.
"""

import tensorflow.compat.v1 as tf
from tensorflow.python.ops import gen_image_ops as _operations

__all__ = [
    "angles_to_projective_transforms",
    "compose_transforms",
    "flat_transforms_to_matrices",
    "matrices_to_flat_transforms",
    "rotate",
    "transform",
    "translate",
    "translations_to_projective_transforms",
]

_TYPES = (tf.uint8, tf.int32, tf.int64, tf.float16, tf.float32, tf.float64)


def _ranked(value, ranks, what):
    value = tf.convert_to_tensor(value, tf.float32)
    if value.shape.ndims not in ranks:
        raise TypeError(f"{what} must have {ranks[0]} or {ranks[1]} dimensions, got shape {value.shape}")
    return value[tf.newaxis] if value.shape.ndims == ranks[0] else value


def _batch(images, who):
    """Returns (pictures [batch, height, width, channels], a function that gives results the rank of the images)."""
    images = tf.convert_to_tensor(images)
    if images.dtype.base_dtype not in _TYPES:
        raise TypeError(f"{who}: images must be of one of {[each.name for each in _TYPES]}, got {images.dtype.name}")
    if images.shape.ndims not in (2, 3, 4):
        raise TypeError(f"{who}: images must have 2 to 4 dimensions, got shape {images.shape}")
    if images.shape.ndims == 2:
        return images[tf.newaxis, :, :, tf.newaxis], lambda result: result[0, :, :, 0]
    if images.shape.ndims == 3:
        return images[tf.newaxis], lambda result: result[0]
    return images, lambda result: result


def rotate(images, angles, interpolation="NEAREST", name=None):
    """Turns pictures counterclockwise about their centre.

    Args:
      images: [height, width], [height, width, channels] or [batch, height, width, channels].
      angles: float, a scalar or [batch], in radians.
      interpolation: "NEAREST" or "BILINEAR".
    Returns:
      The images' type and shape.
    """
    with tf.name_scope(name, "rotate"):
        pictures, back = _batch(images, "rotate")
        height, width = [tf.cast(tf.shape(pictures)[axis], tf.float32)[tf.newaxis] for axis in (1, 2)]
        transforms = angles_to_projective_transforms(angles, height, width)
        return back(transform(pictures, transforms, interpolation=interpolation))


def translate(images, translations, interpolation="NEAREST", name=None):
    """Moves pictures.

    Args:
      images, interpolation: as for rotate.
      translations: float [2] or [batch, 2], in pixels to the right and down.
    Returns:
      The images' type and shape.
    """
    with tf.name_scope(name, "translate"):
        return transform(images, translations_to_projective_transforms(translations), interpolation=interpolation)


def angles_to_projective_transforms(angles, image_height, image_width, name=None):
    """Returns the transforms, float32 [n, 8], that turn pictures of a size by angles: a scalar or [n], in radians."""
    with tf.name_scope(name, "angles_to_projective_transforms"):
        angles = _ranked(angles, (0, 1), "angles_to_projective_transforms: angles")
        sine, cosine = tf.sin(angles), tf.cos(angles)
        right, bottom = image_width - 1, image_height - 1
        x = (right - (cosine * right - sine * bottom)) / 2.0
        y = (bottom - (sine * right + cosine * bottom)) / 2.0
        zero = tf.zeros_like(angles)
        return tf.stack([cosine, -sine, x, sine, cosine, y, zero, zero], 1)


def translations_to_projective_transforms(translations, name=None):
    """Returns the transforms, float32 [n, 8], that move pictures by translations [2] or [n, 2], in pixels."""
    with tf.name_scope(name, "translations_to_projective_transforms"):
        moves = _ranked(translations, (1, 2), "translations_to_projective_transforms: translations")
        zero, one = tf.zeros_like(moves[:, 0]), tf.ones_like(moves[:, 0])
        return tf.stack([one, zero, -moves[:, 0], zero, one, -moves[:, 1], zero, zero], 1)


def transform(images, transforms, interpolation="NEAREST", output_shape=None, name=None):
    """Maps pictures by projective transforms.

    Args:
      images, interpolation: as for rotate.
      transforms: float32 [8] or [batch, 8].
      output_shape: int32 [2], height and width of the result; None for the images'.
    Returns:
      The images' type, and their shape but for output_shape.
    """
    with tf.name_scope(name, "transform"):
        pictures, back = _batch(images, "transform")
        transforms = _ranked(transforms, (1, 2), "transform: transforms")
        if output_shape is None:
            size = pictures.shape.as_list()[1:3]
            output_shape = tf.shape(pictures)[1:3] if None in size else size
        output_shape = tf.convert_to_tensor(output_shape, tf.int32)
        if not output_shape.shape.is_compatible_with([2]):
            raise ValueError(f"transform: output_shape must be height and width, got shape {output_shape.shape}")
        # The installed TensorFlow may have no gradient of the operation.
        with tf.get_default_graph().gradient_override_map({"ImageProjectiveTransformV2": _GRADIENT}):
            return back(_mapped(pictures, transforms, output_shape, interpolation.upper()))


def _mapped(images, transforms, size, interpolation):
    if hasattr(_operations, "image_projective_transform_v2"):
        operation = _operations.image_projective_transform_v2
    else:  # in TF 1.15 it is in contrib's own library
        from tensorflow.contrib.image.ops.gen_image_ops import image_projective_transform_v2 as operation
    return operation(images=images, transforms=transforms, output_shape=size, interpolation=interpolation)


_GRADIENT = "LegacyGanProjectiveTransform"


@tf.RegisterGradient(_GRADIENT)
def _gradient(op, gradient):
    """The gradient of the pictures: the outputs', mapped back by the inverse transform."""
    inverse = matrices_to_flat_transforms(tf.linalg.inv(flat_transforms_to_matrices(op.inputs[1])))
    interpolation = op.get_attr("interpolation").decode("ascii")
    return [_mapped(gradient, inverse, tf.shape(op.inputs[0])[1:3], interpolation), None, None]


def compose_transforms(*transforms):
    """Returns the transforms [n, 8] that do what the given ones do, the last one's output being looked up first."""
    if not transforms:
        raise ValueError("compose_transforms: give one transform or more")
    with tf.name_scope("compose_transforms"):
        composed = flat_transforms_to_matrices(transforms[0])
        for each in transforms[1:]:
            composed = tf.matmul(composed, flat_transforms_to_matrices(each))
        return matrices_to_flat_transforms(composed)


def flat_transforms_to_matrices(transforms):
    """Returns transforms [8] or [n, 8] as matrices [n, 3, 3]."""
    with tf.name_scope("flat_transforms_to_matrices"):
        transforms = tf.convert_to_tensor(transforms)
        if transforms.shape.ndims not in (1, 2):
            raise ValueError(f"flat_transforms_to_matrices: transforms must be [8] or [n, 8], got {transforms.shape}")
        rows = tf.reshape(transforms, [-1, 8])
        return tf.reshape(tf.concat([rows, tf.ones_like(rows[:, :1])], 1), [-1, 3, 3])


def matrices_to_flat_transforms(transform_matrices):
    """Returns matrices [3, 3] or [n, 3, 3] as transforms [n, 8], divided by the last number."""
    with tf.name_scope("matrices_to_flat_transforms"):
        matrices = tf.convert_to_tensor(transform_matrices)
        if matrices.shape.ndims not in (2, 3):
            raise ValueError(
                f"matrices_to_flat_transforms: matrices must be [3, 3] or [n, 3, 3], got shape {matrices.shape}"
            )
        rows = tf.reshape(matrices, [-1, 9])
        return (rows / rows[:, 8:9])[:, :8]
