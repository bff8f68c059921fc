"""tf.layers' variables: names, sharing, first values, regularizers, constraints, updates, as TF 1.15 has them."""

import numpy as np
import pytest

from legacy_gan.tf1 import tf
from tests.support.graphs import (
    IMAGES,
    KEYS,
    close,
    draw,
    evaluate,
    images,
    names,
    regularization_losses,
    scales,
    session,
    set_weights,
    squares,
    variables,
)
from tests.support.numpy_layers import np_batch_norm, np_moments

pytestmark = pytest.mark.usefixtures("own_graph")


# --- Variables: names, order, shapes, collections ---------------------------------------------

# What each layer makes of [11, 7, 5, 3]: (call, [(variable, shape, trainable)])
MADE = {
    "dense": (
        lambda x, **options: tf.layers.dense(x, 17, **options),
        [("kernel", [3, 17], True), ("bias", [17], True)],
    ),
    "conv2d": (
        lambda x, **options: tf.layers.conv2d(x, 17, (2, 5), **options),
        [("kernel", [2, 5, 3, 17], True), ("bias", [17], True)],
    ),
    "conv2d_transpose": (
        lambda x, **options: tf.layers.conv2d_transpose(x, 17, (2, 5), **options),
        [("kernel", [2, 5, 17, 3], True), ("bias", [17], True)],
    ),
    "batch_normalization": (
        lambda x, **options: tf.layers.batch_normalization(x, **options),
        [("gamma", [3], True), ("beta", [3], True), ("moving_mean", [3], False), ("moving_variance", [3], False)],
    ),
}
each_layer = pytest.mark.parametrize("layer", sorted(MADE))


def under(scope, made, trainable=True):
    return [(scope + "/" + name, shape, on and trainable) for name, shape, on in made]


@each_layer
def test_variables_are_named_and_numbered_as_in_tf_115(layer):
    call, made = MADE[layer]
    call(images())
    call(images())
    call(images(), name="mine")
    with tf.variable_scope("outer"):
        call(images())
        with tf.variable_scope("inner"):
            call(images())
            call(images())
        call(images())
    expected = []
    for scope in (
        layer,
        layer + "_1",
        "mine",
        "outer/" + layer,
        "outer/inner/" + layer,
        "outer/inner/" + layer + "_1",
        "outer/" + layer + "_1",
    ):
        expected += under(scope, made)
    assert variables() == expected


@each_layer
def test_variables_are_float32_resources_and_in_no_other_collection(layer):
    MADE[layer][0](images())
    assert {type(v).__name__ for v in tf.global_variables()} == {"ResourceVariable"}
    assert {v.dtype.base_dtype for v in tf.global_variables()} == {tf.float32}
    keys = set(tf.get_default_graph().get_all_collection_keys())
    assert keys == {KEYS.GLOBAL_VARIABLES, KEYS.TRAINABLE_VARIABLES}


@each_layer
def test_trainable_false_makes_no_trainable_variable(layer):
    call, made = MADE[layer]
    call(images(), trainable=False)
    assert variables() == under(layer, made, trainable=False)


@pytest.mark.parametrize(
    "call",
    [
        lambda: tf.layers.dense(images(), 17, use_bias=False),
        lambda: tf.layers.conv2d(images(), 17, 3, use_bias=False),
        lambda: tf.layers.conv2d_transpose(images(), 17, 3, use_bias=False),
    ],
)
def test_use_bias_false_makes_only_a_kernel(call):
    call()
    assert [name.split("/")[1] for name in names()] == ["kernel"]


@pytest.mark.parametrize("center", [True, False])
@pytest.mark.parametrize("scale", [True, False])
def test_center_and_scale_make_beta_and_gamma(center, scale):
    tf.layers.batch_normalization(images(), center=center, scale=scale)
    expected = ["gamma"] * scale + ["beta"] * center + ["moving_mean", "moving_variance"]
    assert names() == ["batch_normalization/" + name for name in expected]


def test_layers_without_variables_make_none_and_count_their_names():
    x = tf.placeholder(tf.float32, IMAGES)
    outputs = [
        tf.layers.flatten(x),
        tf.layers.flatten(x),
        tf.layers.dropout(x, training=True),
        tf.layers.max_pooling2d(x, 2, 2),
        tf.layers.max_pooling2d(x, 2, 2, name="dense"),
        tf.layers.dropout(x, name="dense"),
        tf.layers.flatten(x, name="dense"),
    ]
    assert variables() == []
    assert [y.op.name.split("/")[0] for y in outputs] == [
        "flatten",
        "flatten_1",
        "dropout",
        "max_pooling2d",
        "dense",
        "dense_1",
        "dense_2",
    ]
    # As in TF 1.15, a name given to these is where counting starts, not a scope to share.
    tf.layers.dense(x, 17)
    assert names() == ["dense_3/kernel", "dense_3/bias"]


def test_operations_are_named_under_the_layers_scope():
    with tf.variable_scope("net"):
        y = tf.layers.dense(images(), 17, tf.nn.relu)
        z = tf.layers.conv2d(images(), 17, 3)
        bare = tf.layers.conv2d(images(), 17, 3, use_bias=False)
    with tf.variable_scope("net", reuse=True):
        again = tf.layers.dense(images(), 17, tf.nn.relu)
    assert [t.name for t in (y, z, bare, again)] == [
        "net/dense/Relu:0",
        "net/conv2d/BiasAdd:0",
        "net/conv2d_1/Conv2D:0",
        "net_1/dense/Relu:0",
    ]


# Four ways to call twice on the same variables; each leaves the scope "net" in between.
def by_reuse_variables(call):
    with tf.variable_scope("net"):
        first = call()
    with tf.variable_scope("net") as scope:
        scope.reuse_variables()
        return first, call()


def by_reuse_true(call):
    with tf.variable_scope("net"):
        first = call()
    with tf.variable_scope("net", reuse=True):
        return first, call()


def by_auto_reuse(call):
    results = []
    for _ in range(2):
        with tf.variable_scope("net", reuse=tf.AUTO_REUSE):
            results.append(call())
    return results


def by_scope_object(call):
    with tf.variable_scope("net") as scope:
        first = call()
    with tf.variable_scope(scope, reuse=True):
        return first, call()


each_reuse = pytest.mark.parametrize("twice", [by_reuse_variables, by_reuse_true, by_auto_reuse, by_scope_object])


def check_reused(first, second, inputs, made):
    """The two outputs come of the same variables, `made`, and depend on them."""
    assert variables() == made
    with session() as sess:
        set_weights(sess)
        one, two = sess.run([first, second], {inputs: draw(IMAGES)})
        np.testing.assert_array_equal(one, two)
        changed = tf.global_variables()[0]
        sess.run(tf.assign(changed, changed * 2))
        three, four = sess.run([first, second], {inputs: draw(IMAGES)})
    np.testing.assert_array_equal(three, four)
    assert (one != three).any()


@each_reuse
@each_layer
def test_second_call_in_a_reused_scope_makes_nothing_and_computes_the_same(layer, twice):
    call, made = MADE[layer]
    inputs = images()
    first, second = twice(lambda: call(inputs))
    check_reused(first, second, inputs, under("net/" + layer, made))


@each_layer
def test_reuse_of_the_call_itself_makes_nothing_and_computes_the_same(layer):
    call, made = MADE[layer]
    inputs = images()
    first = call(inputs, name="mine")
    second = call(inputs, name="mine", reuse=True)
    check_reused(first, second, inputs, under("mine", made))


@each_layer
def test_reuse_without_a_name_finds_the_first_of_its_kind(layer):
    call, made = MADE[layer]
    inputs = images()
    first = call(inputs)
    second = call(inputs, reuse=True)
    check_reused(first, second, inputs, under(layer, made))


@each_layer
def test_auto_reuse_of_the_call_makes_then_finds(layer):
    call, made = MADE[layer]
    inputs = images()
    first, second = (call(inputs, name="mine", reuse=tf.AUTO_REUSE) for _ in range(2))
    check_reused(first, second, inputs, under("mine", made))


@each_reuse
def test_a_reused_stack_finds_each_layer_in_its_order(twice):
    inputs = images()

    def call():
        hidden = tf.layers.dense(inputs, 5, tf.nn.relu)
        return tf.layers.dense(tf.layers.dense(hidden, 5, tf.nn.relu), 5)

    first, second = twice(call)
    assert names() == [f"net/dense{number}/{part}" for number in ("", "_1", "_2") for part in ("kernel", "bias")]
    with session() as sess:
        set_weights(sess)
        one, two = sess.run([first, second], {inputs: draw(IMAGES)})
    np.testing.assert_array_equal(one, two)


@each_layer
def test_reuse_of_what_was_never_made_is_refused(layer):
    call, _ = MADE[layer]
    with pytest.raises(ValueError, match=f"net/{layer}/.* does not exist"):
        with tf.variable_scope("net", reuse=True):
            call(images())
    with pytest.raises(ValueError, match="mine/.* does not exist"):
        call(images(), name="mine", reuse=True)


@each_layer
def test_the_same_name_twice_is_refused_without_reuse(layer):
    call, _ = MADE[layer]
    call(images(), name="mine")
    with pytest.raises(ValueError, match="mine/.* already exists"):
        call(images(), name="mine")


@each_layer
def test_reuse_variables_without_leaving_the_scope_counts_on_and_is_refused(layer):
    call, _ = MADE[layer]
    with tf.variable_scope("net") as scope:
        call(images())
        scope.reuse_variables()
        with pytest.raises(ValueError, match=f"net/{layer}_1/.* does not exist"):
            call(images())


def test_reuse_with_another_width_is_refused():
    tf.layers.dense(images(), 17, name="mine")
    with pytest.raises(ValueError, match="mine/kernel"):
        tf.layers.dense(images(), 19, name="mine", reuse=True)


# --- Variables: initialisers ------------------------------------------------------------------

LARGE = {  # call on [11, 7, 5, 31], fan in + fan out of its kernel
    "dense": (lambda x, **options: tf.layers.dense(x, 173, **options), 31 + 173),
    "conv2d": (lambda x, **options: tf.layers.conv2d(x, 37, (3, 5), **options), 15 * (31 + 37)),
    "conv2d_transpose": (lambda x, **options: tf.layers.conv2d_transpose(x, 37, (3, 5), **options), 15 * (31 + 37)),
}


def first_values(call):
    """Returns the initial values of what `call` makes of wide images, by their last name."""
    tf.set_random_seed(7)
    call(tf.placeholder(tf.float32, (11, 7, 5, 31)))
    with session() as sess:
        sess.run(tf.global_variables_initializer())
        return {v.op.name.split("/")[-1]: sess.run(v) for v in tf.global_variables()}


def check_uniform(values, limit):
    values = values.ravel()
    assert np.abs(values).max() <= limit
    counts, _ = np.histogram(values, bins=10, range=(-limit, limit))
    # Ten equal bins: each within five standard deviations of a tenth.
    assert np.abs(counts - values.size / 10).max() < 5 * np.sqrt(values.size * 0.09)


@pytest.mark.parametrize("layer", sorted(LARGE))
def test_default_kernel_is_glorot_uniform_and_bias_zero(layer):
    call, fans = LARGE[layer]
    values = first_values(call)
    check_uniform(values["kernel"], np.sqrt(6.0 / fans))
    assert (values["bias"] == 0).all()


def test_default_batch_normalization_is_ones_and_zeros():
    values = first_values(tf.layers.batch_normalization)
    assert {name: set(value) for name, value in values.items()} == {
        "gamma": {1.0},
        "beta": {0.0},
        "moving_mean": {0.0},
        "moving_variance": {1.0},
    }


def test_batch_normalization_takes_its_four_initializers():
    kinds = ["gamma", "beta", "moving_mean", "moving_variance"]
    values = first_values(
        lambda x: tf.layers.batch_normalization(
            x, **{k + "_initializer": tf.constant_initializer(2.0 + i) for i, k in enumerate(kinds)}
        )
    )
    assert {name: set(value) for name, value in values.items()} == {
        "gamma": {2.0},
        "beta": {3.0},
        "moving_mean": {4.0},
        "moving_variance": {5.0},
    }


@pytest.mark.parametrize("layer", sorted(LARGE))
def test_kernel_initializer_comes_from_the_scope(layer):
    def call(x):
        with tf.variable_scope("net", initializer=tf.constant_initializer(3.0)):
            LARGE[layer][0](x)

    values = first_values(call)
    assert set(values["kernel"].ravel()) == {3.0}
    assert set(values["bias"]) == {0.0}


@pytest.mark.parametrize("layer", sorted(LARGE))
def test_given_initializers_win_over_the_scopes(layer):
    def call(x):
        with tf.variable_scope("net", initializer=tf.constant_initializer(3.0)):
            LARGE[layer][0](x, kernel_initializer=tf.constant_initializer(5.0), bias_initializer=None)

    values = first_values(call)
    assert set(values["kernel"].ravel()) == {5.0}
    assert set(values["bias"]) == {3.0}  # None asks for the scope's


FANS = LARGE["conv2d"][1]
NAMED = {  # name: (standard deviation, largest size)
    "zeros": (0.0, 0.0),
    "glorot_uniform": (np.sqrt(2.0 / FANS), np.sqrt(6.0 / FANS)),
    "glorot_normal": (np.sqrt(2.0 / FANS), np.inf),
    "he_normal": (np.sqrt(2.0 / (15 * 31)), np.inf),
    "he_uniform": (np.sqrt(2.0 / (15 * 31)), np.sqrt(6.0 / (15 * 31))),
    "lecun_normal": (np.sqrt(1.0 / (15 * 31)), np.inf),
    # By name these are Keras' in TF 1.15: 0.05 instead of 1.
    "random_normal": (0.05, np.inf),
    "random_uniform": (0.05 / np.sqrt(3), 0.05),
    "truncated_normal": (0.05 * 0.87962566, 0.1),  # cut at two standard deviations
}


@pytest.mark.parametrize("name", sorted(NAMED))
def test_initializer_by_name_has_the_spread_of_tf_115(name):
    deviation, largest = NAMED[name]
    kernel = first_values(lambda x: LARGE["conv2d"][0](x, kernel_initializer=name))["kernel"]
    assert kernel.size == 17205
    # The standard error of a standard deviation is at most 1 / sqrt(2 n): five of them.
    assert abs(kernel.std() - deviation) <= 5 * deviation / np.sqrt(2 * kernel.size)
    assert abs(kernel.mean()) <= 5 * deviation / np.sqrt(kernel.size)
    assert np.abs(kernel).max() <= largest
    assert np.isinf(largest) or np.abs(kernel).max() >= 0.99 * largest


def test_initializer_may_be_a_class():
    assert set(
        first_values(lambda x: tf.layers.dense(x, 17, kernel_initializer=tf.ones_initializer))["kernel"].ravel()
    ) == {1.0}


# --- Variables: regularizers, constraints, updates ---------------------------------------------


@each_reuse
@pytest.mark.parametrize("layer", ["dense", "conv2d", "conv2d_transpose"])
def test_regularizers_count_once_a_variable_and_once_an_output(layer, twice):
    call, _ = MADE[layer]
    inputs = images()
    first, _ = twice(
        lambda: call(
            inputs, kernel_regularizer=lambda w: 2 * squares(w), bias_regularizer=squares, activity_regularizer=squares
        )
    )
    # kernel, bias and output of the first call, output of the second
    assert [loss.op.name.split("/")[2] for loss in regularization_losses()] == [
        "kernel",
        "bias",
        "ActivityRegularizer",
        "ActivityRegularizer",
    ]
    with session() as sess:
        state = set_weights(sess)
        y, values = sess.run([first, regularization_losses()], {inputs: draw(IMAGES)})
    kernel, bias = (state[f"net/{layer}/{part}"] for part in ("kernel", "bias"))
    activity = np.square(y.astype(np.float64)).sum() / 11  # a mean per example
    expected = [2 * np.square(kernel).sum(), np.square(bias).sum(), activity, activity]
    np.testing.assert_allclose(values, expected, rtol=1e-5)


def test_activity_regularizer_sees_what_comes_after_the_activation():
    seen = []
    y = tf.layers.dense(images(), 17, tf.nn.relu, activity_regularizer=lambda t: seen.append(t) or squares(t))
    assert seen == [y]
    assert y.op.type == "Relu"


def test_batch_normalization_regularizes_beta_and_gamma():
    tf.layers.batch_normalization(images(), beta_regularizer=squares, gamma_regularizer=lambda w: 3 * squares(w))
    assert [loss.op.name.split("/")[1] for loss in regularization_losses()] == ["gamma", "beta"]
    with session() as sess:
        state = set_weights(sess)
        values = sess.run(regularization_losses())
    gamma, beta = scales(state)
    np.testing.assert_allclose(values, [3 * (gamma**2).sum(), (beta**2).sum()], rtol=1e-5)


def test_regularizer_of_the_scope_and_of_the_layer_both_count():
    with tf.variable_scope("net", regularizer=lambda w: 5 * squares(w)):
        tf.layers.dense(images(), 17, use_bias=False, kernel_regularizer=squares)
    with session() as sess:
        kernel = set_weights(sess)["net/dense/kernel"]
        values = sess.run(regularization_losses())
    np.testing.assert_allclose(sorted(values), np.square(kernel).sum() * np.array([1, 5]), 1e-5)


def test_regularizer_that_returns_none_adds_nothing():
    tf.layers.dense(images(), 17, kernel_regularizer=lambda w: None)
    assert regularization_losses() == []


@pytest.mark.parametrize(
    "layer, parts",
    [
        ("dense", ["kernel", "bias"]),
        ("conv2d", ["kernel", "bias"]),
        ("conv2d_transpose", ["kernel", "bias"]),
        ("batch_normalization", ["gamma", "beta"]),
    ],
)
def test_constraints_are_kept_and_hold_after_a_step(layer, parts):
    bounds = {part: 0.25 * (i + 1) for i, part in enumerate(parts)}
    inputs = images()
    outputs = MADE[layer][0](
        inputs,
        **{
            part + "_constraint": lambda w, bound=bound: tf.clip_by_value(w, -bound, bound)
            for part, bound in bounds.items()
        },
    )
    constrained = [v for v in tf.global_variables() if v.constraint is not None]
    assert [v.op.name for v in constrained] == [layer + "/" + part for part in parts]
    step = tf.train.GradientDescentOptimizer(0.1).minimize(squares(outputs))
    with session() as sess:
        set_weights(sess)
        sess.run(step, {inputs: draw(IMAGES)})
        for part, variable in zip(parts, constrained):
            assert np.abs(sess.run(variable)).max() == np.float32(bounds[part])


@pytest.mark.parametrize("training", [True, "fed"])
@pytest.mark.parametrize("shape", [(11, 13), IMAGES], ids=["plain", "fused"])
def test_each_training_call_adds_its_two_updates_mean_first(shape, training):
    flag = tf.placeholder(tf.bool, []) if training == "fed" else training
    x = tf.placeholder(tf.float32, shape)
    for reuse in (None, True):
        with tf.variable_scope("net", reuse=reuse):
            tf.layers.batch_normalization(x, training=flag, momentum=0.0)
    updates = tf.get_collection(KEYS.UPDATE_OPS)
    assert [type(update) for update in updates] == [tf.Operation] * 4
    assert [update.name.split("/")[2] for update in updates[:2]] == ["AssignMovingAvg", "AssignMovingAvg_1"]
    assert tf.get_collection(KEYS.UPDATE_OPS, scope="net/") == updates[:2]
    feed = {x: draw(shape)}
    if training == "fed":
        feed[flag] = True
    mean, variance = np_moments(draw(shape), -1, len(shape) == 4)
    with session() as sess:
        before = set_weights(sess)
        sess.run(updates[0], feed)
        close(sess.run(tf.global_variables()[2]), mean)
        np.testing.assert_array_equal(
            sess.run(tf.global_variables()[3]), before["net/batch_normalization/moving_variance"]
        )
        sess.run(updates[3], feed)
        close(sess.run(tf.global_variables()[3]), variance)


@pytest.mark.parametrize("shape", [(11, 13), IMAGES], ids=["plain", "fused"])
def test_batch_normalization_that_is_not_trainable_adds_no_update(shape):
    # TF 1.15 returns no updates of such a layer, though it still uses the batch's moments.
    x = draw(shape)
    y, state, _ = evaluate(lambda t: tf.layers.batch_normalization(t, training=True, trainable=False), x)
    mean, variance = np_moments(x, -1, False)
    close(y, np_batch_norm(x, -1, mean, variance, *scales(state)), 1e-4, 1e-4)
    assert tf.get_collection(KEYS.UPDATE_OPS) == []
