"""Recorded scripts of tf.contrib.image."""

import numpy as np

from legacy_gan.tf1 import tf
from tests.support.graphs import draw
from tests.support.recorded import Case

__all__ = ["composed", "dense_warp", "rotated", "sparse_warp", "spline", "transformed", "translated"]

PICTURES = (np.arange(2 * 7 * 5 * 3).reshape(2, 7, 5, 3) * 37 % 101).astype(np.float32)


def _pictures():
    return tf.get_variable("pictures", initializer=PICTURES)


def rotated(T):
    image, x = T.contrib.image, _pictures()
    return Case(
        [
            image.rotate(x, [0.3, -1.2]),
            image.rotate(x, 0.7, interpolation="BILINEAR"),
            image.rotate(x[0], np.pi / 2),
            image.rotate(tf.cast(x[0, :, :, 0], tf.uint8), 0.5),
        ],
        scale=0,
    )


def translated(T):
    image, x = T.contrib.image, _pictures()
    return Case([image.translate(x, [1.0, -2.0]), image.translate(x, [[0.5, 0.25], [-3, 1]], "BILINEAR")], scale=0)


def transformed(T):
    unknown = tf.placeholder(tf.float32, [None, None, None, 3])
    image, x = T.contrib.image, _pictures()
    flat = [[1, 0.2, -1, 0.1, 0.9, 0.5, 0.01, -0.02], [0.8, 0, 1, 0, 1.1, 0, 0, 0]]
    return Case(
        [
            image.transform(x, flat, "BILINEAR"),
            image.transform(x, flat[0], output_shape=[4, 6]),
            image.transform(unknown, flat),
        ],
        scale=0,
        feed={unknown: PICTURES[:, :6]},
    )


def composed(T):
    image = T.contrib.image
    turned = image.angles_to_projective_transforms([0.3, 1.0], 7.0, 5.0)
    moved = image.translations_to_projective_transforms([1.0, 2.0])
    matrices = image.flat_transforms_to_matrices(turned)
    return Case(
        [turned, moved, image.compose_transforms(turned, moved), matrices, image.matrices_to_flat_transforms(matrices)]
    )


def dense_warp(T):
    flow = tf.get_variable("flow", initializer=draw((2, 7, 5, 2), 1) * 1.7)
    return Case([T.contrib.image.dense_image_warp(_pictures(), flow)], scale=0)


def spline(T):
    points = tf.get_variable("points", initializer=draw((2, 6, 2), 1))
    values, queries = tf.constant(draw((2, 6, 3), 2)), tf.constant(draw((2, 4, 2), 3))
    found = [T.contrib.image.interpolate_spline(points, values, queries, order) for order in (1, 2, 3, 4, 6)]
    return Case(found[:2] + [T.contrib.image.interpolate_spline(points, values, queries, 2, 0.5)], scale=0)


def sparse_warp(T):
    image, x = T.contrib.image, _pictures()
    sources = np.array([[[1, 1], [3, 2], [5, 3]]] * 2, np.float32)
    moved = sources + np.array([[1, 0.5], [-0.5, 1], [0, -1]], np.float32)
    found = [image.sparse_image_warp(x, sources, moved, num_boundary_points=edge) for edge in (0, 1, 2)]
    return Case(found, scale=0, gradients=False)
