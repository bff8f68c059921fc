"""tf.layers' batch normalisation is NumPy's, in float64: outputs, gradients and moving averages."""

import numpy as np
import pytest

from legacy_gan.tf1 import tf
from tests.support.graphs import IMAGES, KEYS, close, draw, evaluate, scales, session, set_weights, shown
from tests.support.numpy_layers import np_batch_norm, np_moments

pytestmark = pytest.mark.usefixtures("own_graph")


# (shape, options, axis, whether the moving variance is the unbiased one)
NORMS = [
    ((11, 13), {}, 1, False),
    ((11, 5, 13), {}, 2, False),
    ((11, 5, 13), dict(axis=1), 1, False),
    (IMAGES, {}, 3, True),
    (IMAGES, dict(axis=[3], fused=True), 3, True),
    (IMAGES, dict(axis=1), 1, True),
    (IMAGES, dict(axis=-3), 1, True),
    (IMAGES, dict(axis=2), 2, False),
    (IMAGES, dict(fused=False), 3, False),
    (IMAGES, dict(axis=1, fused=False), 1, False),
    ((11, 13), dict(fused=True), 1, False),
    ((11, 13), dict(center=False), 1, False),
    ((11, 13), dict(scale=False, epsilon=0.1), 1, False),
    (IMAGES, dict(center=False, epsilon=0.1), 3, True),
    (IMAGES, dict(scale=False, momentum=0.7), 3, True),
    (IMAGES, dict(scale=False, center=False, momentum=0.5), 3, True),
]
norms = pytest.mark.parametrize(
    "shape, options, axis, unbiased", NORMS, ids=[str(len(case[0])) + "d," + shown(case[1]) for case in NORMS]
)


def norm_run(shape, options, training, steps=3):
    """Trains for some steps, then infers.

    Returns:
      (weights at first, outputs of each step, moving mean and variance at the end, the outputs
      of inference with those, the inputs of each step); `training` may be "fed": a placeholder.
    """
    fed = training == "fed"
    flag = tf.placeholder(tf.bool, []) if fed else training
    inputs = tf.placeholder(tf.float32, [None] + list(shape[1:]))
    outputs = tf.layers.batch_normalization(inputs, training=flag, **options)
    assert outputs.shape.as_list() == inputs.shape.as_list()
    updates = tf.get_collection(KEYS.UPDATE_OPS)
    moving = [v for v in tf.global_variables() if "moving" in v.name]
    batches = [draw(shape, seed) * 2 + seed for seed in range(steps)]
    with session() as sess:
        state = set_weights(sess)
        trained = []
        for x in batches:
            feed = {inputs: x, flag: True} if fed else {inputs: x}
            trained.append(sess.run([outputs, updates], feed)[0])
        averages = [value.astype(np.float64) for value in sess.run(moving)]
        inferred = None
        if fed:
            inferred = sess.run([outputs, updates], {inputs: batches[0], flag: False})[0]
            for before, after in zip(averages, sess.run(moving)):
                np.testing.assert_array_equal(before, after)
    return state, trained, averages, inferred, batches


@norms
@pytest.mark.parametrize("training", [True, "fed"])
def test_batch_normalization_in_training_is_the_oracles(shape, options, axis, unbiased, training):
    state, trained, averages, inferred, batches = norm_run(shape, options, training)
    gamma, beta = scales(state)
    assert len(state) == 2 + options.get("scale", True) + options.get("center", True)
    epsilon, momentum = options.get("epsilon", 1e-3), options.get("momentum", 0.99)
    moving = [state["batch_normalization/moving_" + name] for name in ("mean", "variance")]
    for x, y in zip(batches, trained):
        mean, variance = np_moments(x, axis, False)
        close(y, np_batch_norm(x, axis, mean, variance, gamma, beta, epsilon), 1e-4, 1e-4)
        for i, moment in enumerate(np_moments(x, axis, unbiased)):
            moving[i] = moving[i] * momentum + moment * (1 - momentum)
    close(averages[0], moving[0])
    close(averages[1], moving[1])
    if training == "fed":
        close(inferred, np_batch_norm(batches[0], axis, moving[0], moving[1], gamma, beta, epsilon), 1e-4, 1e-4)


@norms
def test_batch_normalization_in_inference_is_the_oracles(shape, options, axis, unbiased):
    state, trained, averages, _, batches = norm_run(shape, options, False, steps=2)
    gamma, beta = scales(state)
    mean, variance = (state["batch_normalization/moving_" + name] for name in ("mean", "variance"))
    for x, y in zip(batches, trained):
        expected = np_batch_norm(x, axis, mean, variance, gamma, beta, options.get("epsilon", 1e-3))
        close(y, expected, 1e-4, 1e-4)
    np.testing.assert_array_equal(averages[0], mean)
    np.testing.assert_array_equal(averages[1], variance)
    assert tf.get_collection(KEYS.UPDATE_OPS) == []


def test_the_two_moving_variances_differ_by_n_over_n_minus_one():
    x = draw((3, 1, 2, 5))
    inputs = tf.placeholder(tf.float32, x.shape)
    for fused in (True, False):
        tf.layers.batch_normalization(inputs, training=True, momentum=0.0, fused=fused)
    with session() as sess:
        sess.run(tf.global_variables_initializer())
        sess.run(tf.get_collection(KEYS.UPDATE_OPS), {inputs: x})
        unbiased, biased = sess.run([v for v in tf.global_variables() if "moving_variance" in v.name])
    close(unbiased, biased * 6 / 5)


@pytest.mark.parametrize("shape", [(11, 13), IMAGES], ids=["plain", "fused"])
def test_batch_normalization_of_float16_keeps_float32_parameters(shape):
    x = draw(shape, dtype=np.float16)
    y, state, _ = evaluate(lambda t: tf.layers.batch_normalization(t, training=True), x)
    assert y.dtype == np.float16
    assert {v.dtype.base_dtype for v in tf.global_variables()} == {tf.float32}
    mean, variance = np_moments(x, -1, False)
    # float16 has 11 bits: the plain formula rounds each of its four steps to them.
    close(y, np_batch_norm(x, -1, mean, variance, *scales(state)), 1e-2, 2e-2)


def test_batch_normalization_of_float64_is_float64():
    x = draw((11, 13), dtype=np.float64)
    y, state, _ = evaluate(lambda t: tf.layers.batch_normalization(t, training=True), x)
    assert y.dtype == np.float64
    mean, variance = np_moments(x, -1, False)
    close(y, np_batch_norm(x, -1, mean, variance, *scales(state)), 1e-12, 1e-12)


@pytest.mark.parametrize("training", [True, 1, np.bool_(True), "constant"])
def test_batch_normalization_knows_a_training_that_is_constant(training):
    x = draw((11, 13))
    flag = tf.constant(True) if training == "constant" else training
    y, state, _ = evaluate(lambda t: tf.layers.batch_normalization(t, training=flag), x)
    mean, variance = np_moments(x, -1, False)
    close(y, np_batch_norm(x, -1, mean, variance, *scales(state)), 1e-4, 1e-4)
    assert not [op for op in tf.get_default_graph().get_operations() if "cond" in op.name]


@pytest.mark.parametrize("shape", [(11, 13), IMAGES], ids=["plain", "fused"])
def test_training_may_be_a_variable(shape):
    flag = tf.get_variable("flag", initializer=True, trainable=False)
    x, inputs = draw(shape), tf.placeholder(tf.float32, shape)
    norm = tf.layers.batch_normalization(inputs, training=flag)
    drop = tf.layers.dropout(inputs, training=flag)
    with session() as sess:
        sess.run(tf.global_variables_initializer())
        on = sess.run([norm, drop], {inputs: x})
        sess.run(tf.assign(flag, False))
        off = sess.run([norm, drop], {inputs: x})
    mean, variance = np_moments(x, -1, False)
    close(on[0], np_batch_norm(x, -1, mean, variance), 1e-4, 1e-4)
    close(off[0], np_batch_norm(x, -1, 0.0, 1.0), 1e-4, 1e-4)
    assert 0 < (on[1] == 0).mean() < 1
    np.testing.assert_array_equal(off[1], x)


@pytest.mark.parametrize("shape", [(11, 13), IMAGES], ids=["plain", "fused"])
def test_batch_normalization_gradient_is_the_oracles(shape):
    x, weights = draw(shape), draw(shape, 9)
    flag = tf.placeholder(tf.bool, [])
    inputs = tf.placeholder(tf.float32, shape)
    outputs = tf.layers.batch_normalization(inputs, training=flag)
    gradient = tf.gradients(tf.reduce_sum(outputs * weights), inputs)[0]
    with session() as sess:
        state = set_weights(sess)
        trained, inferred = (sess.run(gradient, {inputs: x, flag: on}) for on in (True, False))
    gamma, _ = scales(state)
    moving = state["batch_normalization/moving_variance"]
    close(inferred, weights * gamma / np.sqrt(moving + 1e-3), 1e-4, 1e-4)
    mean, variance = np_moments(x, -1, False)
    others, size = tuple(range(len(shape) - 1)), x.size / x.shape[-1]
    z, deviation = (x - mean) / np.sqrt(variance + 1e-3), np.sqrt(variance + 1e-3)
    slope = weights * gamma
    expected = (slope - slope.sum(others) / size - z * (slope * z).sum(others) / size) / deviation
    close(trained, expected, 1e-3, 1e-4)
