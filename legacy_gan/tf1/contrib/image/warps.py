"""tf.contrib.image's warps: by a flow, by points that move, and splines between points.

Source: the interface of tf.contrib.image in TensorFlow 1.15.5; Duchon 1977 for the splines.
"""

import numpy as np
import tensorflow.compat.v1 as tf

__all__ = ["dense_image_warp", "interpolate_spline", "sparse_image_warp"]

_SMALLEST = 1e-10


def _bilinear(grid, points):
    """Returns the grid [batch, height, width, channels] between its points, at points [batch, n, 2] (row, column)."""
    floors, parts = [], []
    for axis in (0, 1):
        last = tf.cast(tf.shape(grid)[axis + 1] - 2, points.dtype)
        floor = tf.minimum(tf.maximum(tf.zeros([], points.dtype), tf.floor(points[:, :, axis])), last)
        floors.append(tf.cast(floor, tf.int32))
        part = tf.cast(points[:, :, axis] - floor, grid.dtype)
        parts.append(tf.expand_dims(tf.clip_by_value(part, 0.0, 1.0), 2))

    def at(rows, columns):
        return tf.gather_nd(grid, tf.stack([rows, columns], -1), batch_dims=1)

    def along_columns(rows):
        left, right = at(rows, floors[1]), at(rows, floors[1] + 1)
        return parts[1] * (right - left) + left

    top, bottom = along_columns(floors[0]), along_columns(floors[0] + 1)
    return parts[0] * (bottom - top) + top


def dense_image_warp(image, flow, name="dense_image_warp"):
    """Returns the picture whose value at (row, column) is the image's at (row, column) - flow.

    Args:
      image: float [batch, height, width, channels].
      flow: float [batch, height, width, 2].
    """
    with tf.name_scope(name):
        image, flow = tf.convert_to_tensor(image), tf.convert_to_tensor(flow)
        sizes = tf.shape(image)
        columns, rows = tf.meshgrid(tf.range(sizes[2]), tf.range(sizes[1]))
        places = tf.expand_dims(tf.cast(tf.stack([rows, columns], 2), flow.dtype), 0) - flow
        return tf.reshape(_bilinear(image, tf.reshape(places, [sizes[0], -1, 2])), sizes)


def _radial(squares, order):
    """Returns the polyharmonic kernel r ** order, times log(r) where the order is even, of squared distances."""
    bounded = tf.maximum(squares, _SMALLEST)
    if order == 1:
        return tf.sqrt(bounded)
    if order == 2:
        return 0.5 * squares * tf.log(bounded)
    if order == 4:
        return 0.5 * tf.square(squares) * tf.log(bounded)
    power = tf.pow(bounded, 0.5 * order)
    return 0.5 * power * tf.log(bounded) if order % 2 == 0 else power


def _squared_distances(x, y):
    squares = [tf.reduce_sum(tf.square(each), 2) for each in (x, y)]
    products = tf.matmul(x, y, adjoint_b=True)
    return tf.expand_dims(squares[0], 2) - 2 * products + tf.expand_dims(squares[1], 1)


def interpolate_spline(
    train_points, train_values, query_points, order, regularization_weight=0.0, name="interpolate_spline"
):
    """Returns the polyharmonic spline through values at points, at other points.

    Args:
      train_points: float [batch, n, d], d known.
      train_values: float [batch, n, k], k known.
      query_points: float [batch, m, d].
      order: int, of the spline: 2 is the thin plate.
      regularization_weight: float, 0 for a spline that goes through all values.
    Returns:
      float [batch, m, k].
    """
    with tf.name_scope(name):
        points, values, queries = (tf.convert_to_tensor(each) for each in (train_points, train_values, query_points))
        for what, each in (("train_points", points), ("train_values", values)):
            if each.shape.as_list()[-1] is None:
                raise ValueError(f"interpolate_spline: the last size of {what} must be known, got {each.shape}")
        count, size = tf.shape(points)[1], points.shape.as_list()[-1] + 1
        kernel = _radial(_squared_distances(points, points), order)
        if regularization_weight > 0:
            kernel += regularization_weight * tf.expand_dims(tf.eye(count, dtype=points.dtype), 0)
        linear = tf.concat([points, tf.ones_like(points[..., :1])], 2)
        nothing = tf.zeros(tf.stack([tf.shape(points)[0], size, size]), points.dtype)
        left = tf.concat([kernel, tf.transpose(linear, [0, 2, 1])], 1)
        system = tf.concat([left, tf.concat([linear, nothing], 1)], 2)
        wanted = tf.pad(values, [[0, 0], [0, size], [0, 0]])
        weights = tf.linalg.solve(system, wanted)
        linear = tf.concat([queries, tf.ones_like(queries[..., :1])], 2)
        return tf.matmul(_radial(_squared_distances(queries, points), order), weights[:, :count]) + tf.matmul(
            linear, weights[:, count:]
        )


def _with_boundary(sources, destinations, height, width, per_edge):
    """Adds points of the picture's edge that stay: the corners, and per_edge - 1 between two of them."""
    if per_edge < 0:
        raise ValueError(f"sparse_image_warp: num_boundary_points must be at least 0, got {per_edge}")
    if per_edge == 0:
        return sources, destinations
    rows, columns = np.linspace(0, height - 1, per_edge + 1), np.linspace(0, width - 1, per_edge + 1)
    grid = np.meshgrid(rows, columns, indexing="ij")
    edge = (grid[0] == 0) | (grid[0] == height - 1) | (grid[1] == 0) | (grid[1] == width - 1)
    fixed = tf.constant(np.stack([grid[0][edge], grid[1][edge]], -1)[np.newaxis], sources.dtype)
    fixed = tf.tile(fixed, [tf.shape(sources)[0], 1, 1])
    return tf.concat([sources, fixed], 1), tf.concat([destinations, fixed], 1)


def sparse_image_warp(
    image,
    source_control_point_locations,
    dest_control_point_locations,
    interpolation_order=2,
    regularization_weight=0.0,
    num_boundary_points=0,
    name="sparse_image_warp",
):
    """Warps a picture so that points of it move to other places, and the rest with them by a spline.

    Args:
      image: float [batch, height, width, channels], the sizes known.
      source_control_point_locations, dest_control_point_locations: float [batch, n, 2], (row, column).
      interpolation_order, regularization_weight: as order of interpolate_spline.
      num_boundary_points: int, how many points of each edge stay, a corner counted once: 1 for the corners; 0 for none.
    Returns:
      (the picture, the flow [batch, height, width, 2]).
    """
    with tf.name_scope(name):
        image = tf.convert_to_tensor(image)
        sources = tf.convert_to_tensor(source_control_point_locations)
        destinations = tf.convert_to_tensor(dest_control_point_locations)
        moves = destinations - sources
        batch, height, width, _ = image.shape.as_list()
        points = destinations
        if num_boundary_points:
            _, points = _with_boundary(sources, destinations, height, width, num_boundary_points)
            moves = tf.pad(moves, tf.stack([[0, 0], [0, tf.shape(points)[1] - tf.shape(moves)[1]], [0, 0]]))
            moves.set_shape([None, None, 2])
        grid = np.stack(np.meshgrid(range(height), range(width), indexing="ij"), -1).reshape(1, -1, 2)
        places = tf.tile(tf.constant(grid, points.dtype), [batch, 1, 1])
        flow = interpolate_spline(points, moves, places, interpolation_order, regularization_weight)
        flow = tf.reshape(flow, [batch, height, width, 2])
        return dense_image_warp(image, flow), flow
