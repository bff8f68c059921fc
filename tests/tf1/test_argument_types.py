"""legacy_gan.tf1.argument_types: tf takes arguments of the types that TensorFlow 1.15 takes."""

import numpy as np
import pytest

from legacy_gan.tf1 import tf

# Each stands for a dimension of 2 on TensorFlow 1.15.5.
TWO = [4 / 2, np.float32(2), np.int64(2), np.uint8(2), "2", np.array(2.0), np.array([2])]

# What is done with a dimension there, and with one that is no whole number.
SHAPED = {
    "placeholder": lambda size: tf.placeholder(tf.float32, [None, size]).shape[1],
    "get_variable": lambda size: tf.get_variable("v", [3, size]).shape[1],
    "get_variable of an initializer": lambda size: tf.get_variable(
        "v", [size], initializer=tf.truncated_normal_initializer()
    ).shape[0],
    "set_shape": lambda size: _with_shape(tf.placeholder(tf.float32, [None, None]), [3, size])[1],
    "TensorShape": lambda size: tf.TensorShape([size])[0],
    "Dimension": lambda size: tf.Dimension(size).value,
    "queue": lambda size: tf.FIFOQueue(5, [tf.float32], shapes=[[size]]).shapes[0][0],
    "FixedLenFeature": lambda size: tf.parse_single_example(
        tf.constant(b""), {"x": tf.FixedLenFeature([size], tf.float32)}
    )["x"].shape[0],
    "placeholder_with_default": lambda size: tf.placeholder_with_default(tf.zeros([2]), [size]).shape[0],
}


def _with_shape(tensor, shape):
    tensor.set_shape(shape)
    return tensor.shape


@pytest.mark.parametrize("what", sorted(SHAPED))
def test_any_whole_number_is_a_dimension(what):
    for size in TWO:
        with tf.Graph().as_default():
            found = SHAPED[what](size)
            assert int(found) == 2 and type(getattr(found, "value", found)) is int
    with tf.Graph().as_default(), pytest.raises(ValueError, match="Ambiguous dimension: 2.5"):
        SHAPED[what](2.5)


@pytest.mark.parametrize("size", [6 / 2, np.float64(3), np.array(3.0)])
def test_sizes_of_layers_and_cells_are_dimensions(size):
    with tf.Graph().as_default():
        cell = tf.nn.rnn_cell.LSTMCell(size)
        outputs, _ = tf.nn.dynamic_rnn(cell, tf.zeros([2, 5, 7]), dtype=tf.float32)
        assert outputs.shape.as_list() == [2, 5, 3]
        assert tf.nn.rnn_cell.BasicLSTMCell(size).zero_state(2, tf.float32).c.shape.as_list() == [2, 3]
        assert tf.nn.rnn_cell.GRUCell(4).zero_state(size, tf.float32).shape.as_list() == [3, 4]
        assert tf.layers.conv2d(tf.zeros([1, 5, 5, 2]), 4, [size, 2], padding="same").shape.as_list() == [1, 5, 5, 4]


def test_a_dimension_of_true_is_one():
    with tf.Graph().as_default():
        assert tf.get_variable("v", [True, 2]).shape.as_list() == [1, 2]


COUNTS = [np.int64(3), np.int32(3), np.uint8(3), np.float32(3.0), np.array(3), np.bool_(True)]

# Methods of a data set of 0 to 6, with a number; all begin with the first element.
DATA_SETS = {
    "batch": lambda data, n: data.batch(n, drop_remainder=np.bool_(True)),
    "padded_batch": lambda data, n: data.padded_batch(n, []),
    "prefetch": lambda data, n: data.prefetch(n),
    "repeat": lambda data, n: data.repeat(n),
    "shuffle": lambda data, n: data.shuffle(n, seed=np.int64(3)).map(lambda x: 0 * x),
    "map": lambda data, n: data.map(lambda x: 2 * x, n).prefetch(buffer_size=n),
    "map by name": lambda data, n: data.map(lambda x: 2 * x, num_parallel_calls=n),
    "interleave": lambda data, n: data.interleave(lambda x: tf.data.Dataset.range(2), n, n, num_parallel_calls=n),
    "take": lambda data, n: data.take(n),
    "shard": lambda data, n: data.shard(n, np.int32(0)),
    "window": lambda data, n: data.window(n).flat_map(lambda x: x),
    "range": lambda data, n: tf.data.Dataset.range(n),
    "shuffle_and_repeat": lambda data, n: data.apply(tf.data.experimental.shuffle_and_repeat(n, n)).map(
        lambda x: 0 * x
    ),
    "map_and_batch": lambda data, n: data.apply(tf.data.experimental.map_and_batch(lambda x: x, n, n)),
}


@pytest.mark.parametrize("what", sorted(DATA_SETS))
def test_numbers_of_numpy_are_arguments_of_data_sets(what):
    with tf.Graph().as_default(), tf.Session() as session:
        data = tf.data.Dataset.range(7)
        first = [tf.data.make_one_shot_iterator(DATA_SETS[what](data, n)).get_next() for n in COUNTS]
        assert {np.ravel(value)[0] for value in session.run(first)} == {0}


def test_an_int32_tensor_is_a_number_of_parallel_calls():
    with tf.Graph().as_default(), tf.Session() as session:
        data = tf.data.Dataset.range(7).map(lambda x: x + 1, num_parallel_calls=tf.constant(2))
        assert session.run(tf.data.make_one_shot_iterator(data).get_next()) == 1


def test_the_type_of_what_a_graph_is_made_of_is_tensor():
    with tf.Graph().as_default():
        fed, variable = tf.placeholder(tf.float32, [None]), tf.Variable(1.0)
        assert type(fed) is tf.Tensor and type(fed * 2) in (tf.Tensor,) and isinstance(fed, tf.Tensor)
        assert type(variable) is not tf.Tensor and not isinstance(variable, tf.Tensor)
        assert type(fed.op) is tf.Operation and type(fed.shape) is tf.TensorShape
