"""Convolutions as products of matrices at each frequency: TensorFlow's own, but for rounding."""

import numpy as np
import pytest

from legacy_gan.tf1.backend import spectral
from legacy_gan.tf1.backend.spectral import small_convolutions
from tests.support.training import open_session, tf

# batch, height, width, channels, filters, kernel's height and width, strides: odd and unequal sizes
SHAPES = pytest.mark.parametrize(
    "shape",
    [
        (3, 7, 7, 5, 4, 5, 5, (1, 1)),
        (3, 14, 14, 5, 4, 5, 5, (2, 2)),
        (2, 6, 9, 3, 2, 3, 4, (2, 3)),
        (2, 6, 4, 3, 2, 2, 7, (1, 2)),
        (2, 6, 6, 3, 2, 1, 1, (2, 2)),
        (1, 1, 5, 2, 3, 3, 3, (1, 1)),
    ],
    ids=str,
)


def arrays(shape):
    batch, height, width, channels, filters, rows, columns, strides = shape
    rng = np.random.RandomState(4)
    small = batch, height // strides[0], width // strides[1], filters
    sizes = [(batch, height, width, channels), small, (rows, columns, channels, filters)]
    return [rng.normal(size=size).astype(np.float32) for size in sizes]


def assert_same(ours, tensorflows, inputs, kernel, slope):
    """Values, and gradients of a weighted sum by inputs and kernel."""
    pairs = [(ours, tensorflows)] + list(zip(*[tf.gradients(y * slope, [inputs, kernel]) for y in (ours, tensorflows)]))
    with open_session() as session:
        for got, expected in session.run(pairs):
            assert got.shape == expected.shape
            # Rounding, on the scale of the largest value.
            np.testing.assert_allclose(got, expected, rtol=0, atol=2e-6 * np.abs(expected).max())


@SHAPES
def test_convolution_is_tensorflows(shape):
    large, small, weights = arrays(shape)
    strides = shape[-1]
    with tf.Graph().as_default():
        x, k = tf.constant(large), tf.constant(weights)
        expected = tf.nn.conv2d(x, k, strides=[1] + list(strides) + [1], padding="SAME")
        assert_same(spectral.conv2d(x, k, strides), expected, x, k, small)


@SHAPES
def test_transposed_convolution_is_tensorflows(shape):
    large, small, weights = arrays(shape)
    strides = shape[-1]
    with tf.Graph().as_default():
        x, k = tf.constant(small), tf.constant(weights)
        expected = tf.nn.conv2d_transpose(x, k, large.shape, [1] + list(strides) + [1], padding="SAME")
        assert_same(spectral.conv2d_transpose(x, k, strides), expected, x, k, large)


def test_batch_may_be_unknown():
    large, _, weights = arrays((3, 14, 14, 5, 4, 5, 5, (2, 2)))
    with tf.Graph().as_default():
        x = tf.placeholder(tf.float32, [None, 14, 14, 5])
        y = spectral.conv2d(x, tf.constant(weights), (2, 2))
        with open_session() as session:
            whole, part = (session.run(y, {x: large[:n]}) for n in (3, 2))
    np.testing.assert_allclose(whole[:2], part, atol=1e-4)


@pytest.mark.parametrize(
    "large, kernel, strides, padding, dilation, served",
    [
        ([256, 14, 14, 64], [5, 5, 64, 128], (2, 2), "SAME", (1, 1), True),
        ([None, 7, 7, 128], [5, 5, 128, 256], (1, 1), "SAME", (1, 1), True),
        ([256, 28, 28, 1], [5, 5, 1, 64], (2, 2), "SAME", (1, 1), False),  # one channel, many points
        ([256, 28, 28, 64], [5, 5, 64, 64], (1, 1), "SAME", (1, 1), False),
        ([256, 7, 7, 4], [5, 5, 4, 64], (1, 1), "SAME", (1, 1), False),
        ([256, 7, 7, 64], [5, 5, 64, 64], (2, 2), "SAME", (1, 1), False),  # 7 is no multiple of 2
        ([256, 7, 7, 64], [5, 5, 64, 64], (1, 1), "VALID", (1, 1), False),
        ([256, 7, 7, 64], [5, 5, 64, 64], (1, 1), "SAME", (2, 1), False),
        ([256, None, 7, 64], [5, 5, 64, 64], (1, 1), "SAME", (1, 1), False),
    ],
)
def test_only_small_convolutions_with_many_channels_are_served(large, kernel, strides, padding, dilation, served):
    assert not spectral.serves(large, kernel, strides, padding, dilation)  # not asked for
    with small_convolutions():
        assert spectral.serves(large, kernel, strides, padding, dilation) is served


def test_layers_compute_the_same_either_way():
    rng = np.random.RandomState(6)
    images = rng.normal(size=(3, 6, 6, 17)).astype(np.float32)

    def layers():
        with tf.variable_scope("net", reuse=tf.AUTO_REUSE):
            x = tf.layers.conv2d(tf.constant(images), 19, 5, 2, "same", activation=tf.nn.relu)
            return tf.layers.conv2d_transpose(x, 18, 4, 2, "same")

    with tf.Graph().as_default() as graph:
        direct = layers()
        before = len(graph.get_operations())
        with small_convolutions():
            made = layers()
        types = {op.type for op in graph.get_operations()[before:]}
        assert not any(name.startswith("Conv2D") for name in types)
        with open_session() as session:
            session.run(tf.global_variables_initializer())
            a, b = session.run([direct, made])
    np.testing.assert_allclose(a, b, atol=1e-5 * np.abs(a).max())
