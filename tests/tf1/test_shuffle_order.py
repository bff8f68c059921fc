"""Dataset.shuffle(seed=) gives TensorFlow 1.15's order: the orders here are what TensorFlow 1.15.5 gives."""

import numpy as np
import pytest

from legacy_gan.tf1 import shuffle_order, tf

Dataset = tf.data.Dataset


@pytest.fixture(autouse=True)
def graph():
    with tf.Graph().as_default():
        yield


def drawn(data, size):
    """Returns the first numbers of a data set, through a one-shot iterator."""
    element = tf.data.make_one_shot_iterator(data).get_next()
    numbers = []
    with tf.Session() as session:
        while len(numbers) < size:
            numbers += np.ravel(session.run(element)).tolist()
    return numbers


def six():
    return Dataset.range(6)


@pytest.mark.parametrize(
    "make,expected",
    [
        (lambda: six().shuffle(10, seed=1).repeat(2), [3, 5, 0, 4, 1, 2, 0, 4, 5, 3, 1, 2]),
        (lambda: six().shuffle(3, seed=1).repeat(), [0, 3, 2, 4, 5, 1, 0, 3, 4, 1, 2, 5, 2, 1, 3, 0, 5, 4]),
        (lambda: six().shuffle(4, seed=7).shuffle(4, seed=8).repeat(2), [0, 3, 5, 1, 2, 4, 1, 4, 2, 3, 0, 5]),
        (lambda: six().shuffle(4, seed=7).repeat(1), [0, 4, 2, 3, 5, 1]),
        (lambda: six().shuffle(10, seed=1).batch(2).repeat(2), [4, 5, 1, 2, 3, 0, 4, 3, 1, 5, 0, 2]),
        (lambda: six().shuffle(10, seed=1, reshuffle_each_iteration=False).repeat(2), [3, 5, 0, 4, 1, 2] * 2),
        (
            lambda: six().apply(tf.data.experimental.shuffle_and_repeat(4, 3, seed=7)),
            [3, 4, 0, 1, 2, 5, 2, 4, 0, 1, 3, 5, 1, 0, 5, 3, 4, 2],
        ),
    ],
)
def test_seeded_shuffle_gives_the_order_of_1_15(make, expected):
    assert drawn(make(), len(expected)) == expected


def test_the_graphs_seed_counts_and_elements_may_have_parts():
    tf.set_random_seed(3)
    assert drawn(six().shuffle(10, seed=1).repeat(2), 12) == [1, 0, 5, 4, 3, 2, 2, 3, 4, 0, 1, 5]
    tf.set_random_seed(5)
    parts = Dataset.from_tensor_slices({"x": np.arange(12.0).reshape(6, 2), "y": list("abcdef")})
    iterator = tf.data.make_initializable_iterator(parts.shuffle(4, seed=3).repeat(2).batch(4))
    element = iterator.get_next()
    assert element["x"].shape.as_list() == [None, 2]
    with tf.Session() as session:
        for _ in range(2):
            session.run(iterator.initializer)
            rows = [session.run(element) for _ in range(3)]
            assert b"".join(np.concatenate([row["y"] for row in rows]).tolist()) == b"cebfadbdcfae"
            assert [int(row["x"][0, 0]) // 2 for row in rows] == [2, 0, 2]
            with pytest.raises(tf.errors.OutOfRangeError):
                session.run(element)


def test_an_iterator_of_a_structure_has_the_order_of_the_operations_as_written():
    data = six().shuffle(3, seed=1).repeat(3)
    iterator = tf.data.Iterator.from_structure(data.output_types, data.output_shapes)
    start, element = iterator.make_initializer(data), iterator.get_next()
    with tf.Session() as session:
        session.run(start)
        order = [int(session.run(element)) for _ in range(18)]
    assert order == [1, 3, 0, 5, 2, 4, 1, 3, 0, 5, 4, 2, 0, 3, 1, 5, 4, 2]


def order_of(size, buffer_size, epochs):
    """Returns 1.15's order of numbers below `size` for seed 7 of the operation and none of the graph."""
    order = shuffle_order.Order(buffer_size, *shuffle_order._seeds(7))
    numbers = [number for _ in range(epochs) for i in range(size) for number in order.add(i == 0)] + order.rest()
    return [number % size for number in numbers]


@pytest.mark.newest
@pytest.mark.parametrize(
    "make",
    [
        lambda i: {"n": i, "text": tf.as_string(i), "parts": (tf.fill([2, 3], i), i > 70)},
        lambda i: tf.range(i),  # of no one shape
    ],
)
def test_order_goes_on_over_blocks_and_epochs_whatever_the_elements_are(make):
    data = Dataset.range(150).map(make).shuffle(100, seed=7).repeat(3)
    element = tf.data.make_one_shot_iterator(data).get_next()
    with tf.Session() as session:
        found = []
        for _ in range(450):
            if isinstance(element, dict):
                one = session.run(element)
                found.append(int(one["n"]))
                assert one["text"] == b"%d" % found[-1] and (one["parts"][0] == found[-1]).all()
                assert one["parts"][0].shape == (2, 3) and one["parts"][1] == (found[-1] > 70)
            else:
                found.append(len(session.run(element)))
        with pytest.raises(tf.errors.OutOfRangeError):
            session.run(element)
    assert found == order_of(150, 100, 3)
