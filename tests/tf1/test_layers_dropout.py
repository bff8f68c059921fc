"""tf.layers' dropout: which share it drops, when, and with which mask."""

import numpy as np
import pytest

from legacy_gan.tf1 import tf
from tests.support.graphs import close, draw, session

pytestmark = pytest.mark.usefixtures("own_graph")


def dropped(call, x, runs=1, flag=None, training=True):
    """Returns the outputs of some runs of call(placeholder) at x; `flag` is fed `training`."""
    inputs = tf.placeholder(tf.float32, x.shape)
    outputs = call(inputs)
    assert outputs.shape.as_list() == list(x.shape)
    feed = {inputs: x} if flag is None else {inputs: x, flag: training}
    with session() as sess:
        return [sess.run(outputs, feed) for _ in range(runs)]


@pytest.mark.parametrize("rate", [0.5, 0.2, 0.9])
@pytest.mark.parametrize("given", ["number", "tensor"])
def test_dropout_drops_the_share_and_scales_the_rest(rate, given):
    x = draw((101, 97)) + 10
    asked = tf.constant(rate) if given == "tensor" else rate
    y, again = dropped(lambda t: tf.layers.dropout(t, asked, seed=3, training=True), x, runs=2)
    kept = y != 0
    close(y[kept], x[kept] / (1 - rate), 1e-5)
    # Binomial: five standard deviations of the share.
    assert abs(1 - kept.mean() - rate) < 5 * np.sqrt(rate * (1 - rate) / x.size)
    assert (kept != (again != 0)).any()


def test_dropout_defaults_are_a_half_and_no_training():
    x = draw((101, 97)) + 10
    np.testing.assert_array_equal(dropped(tf.layers.dropout, x)[0], x)
    (y,) = dropped(lambda t: tf.layers.dropout(t, training=True), x)
    assert abs((y == 0).mean() - 0.5) < 5 * np.sqrt(0.25 / x.size)


@pytest.mark.parametrize("noise_shape, axis", [([None, 1, None], 1), ([11, 1, 3], 1), ([1, 7, None], 0)])
def test_dropout_noise_shape_shares_the_mask_along_the_ones(noise_shape, axis):
    x = draw((11, 7, 3)) + 10
    (y,) = dropped(lambda t: tf.layers.dropout(t, 0.5, noise_shape=noise_shape, seed=3, training=True), x)
    kept = y != 0
    assert (kept == kept.take([0], axis)).all()
    assert 0 < kept.mean() < 1
    other = 2 - axis if axis != 1 else 0
    assert not (kept == kept.take([0], other)).all()


def test_dropout_training_may_be_fed():
    x, flag = draw((11, 13)) + 10, tf.placeholder(tf.bool, [])
    on, off = (
        dropped(lambda t: tf.layers.dropout(t, 0.5, seed=3, training=flag), x, 1, flag, training)[0]
        for training in (True, False)
    )
    assert 0 < (on == 0).mean() < 1
    np.testing.assert_array_equal(off, x)


def test_dropout_mask_follows_its_seed():
    x = draw((11, 13)) + 10
    first, same, other = (
        dropped(lambda t, seed=seed: tf.layers.dropout(t, seed=seed, training=True), x)[0] for seed in (3, 3, 5)
    )
    np.testing.assert_array_equal(first, same)
    assert (first != other).any()


def test_dropout_of_nothing_is_the_input():
    x = draw((11, 13))
    np.testing.assert_array_equal(dropped(lambda t: tf.layers.dropout(t, 0.0, training=True), x)[0], x)
