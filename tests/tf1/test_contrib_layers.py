"""tf.contrib.layers: values against NumPy in float64, variables as in TF 1.15, initializers and regularizers."""

import numpy as np
import pytest

from legacy_gan.tf1 import tf
from legacy_gan.tf1.contrib import layers
from tests.support.graphs import IMAGES, KEYS, close, draw, evaluate, floats, images, names, run, session, set_weights
from tests.support.numpy_layers import np_batch_norm, np_conv2d, np_conv2d_transpose, np_moments, relu

pytestmark = pytest.mark.usefixtures("own_graph")


# --- Values: layers ---------------------------------------------------------------------------


def test_fully_connected_is_the_oracles_and_named_as_in_tf_115():
    x = draw((11, 13))
    y, state, static = evaluate(lambda t: layers.fully_connected(layers.fully_connected(t, 5), 17), x)
    weights = [
        state["fully_connected{}/{}".format(*key)]
        for key in (("", "weights"), ("", "biases"), ("_1", "weights"), ("_1", "biases"))
    ]
    close(y, relu(relu(x @ weights[0] + weights[1]) @ weights[2] + weights[3]))
    assert static == [11, 17]
    assert names() == [
        "fully_connected/weights",
        "fully_connected/biases",
        "fully_connected_1/weights",
        "fully_connected_1/biases",
    ]
    assert tf.get_collection(KEYS.MODEL_VARIABLES) == tf.global_variables()


def test_fully_connected_refuses_a_width_that_is_no_int():
    with pytest.raises(ValueError, match="fully_connected: num_outputs must be an int, got 2.5"):
        layers.fully_connected(floats(11, 13), 2.5)


def test_conv2d_and_its_transpose_are_the_oracles():
    x = draw(IMAGES)
    y, state, _ = evaluate(lambda t: layers.conv2d_transpose(layers.conv2d(t, 5, 3, 2), 7, 4, 2), x)
    hidden = relu(np_conv2d(x, state["Conv/weights"], state["Conv/biases"], (2, 2), "same"))
    weights, biases = (state["Conv2d_transpose/" + name] for name in ("weights", "biases"))
    close(y, relu(np_conv2d_transpose(hidden, weights, biases, (2, 2), "same")), rtol=1e-4)


def test_convolution_goes_by_the_rank_and_refuses_another():
    assert layers.convolution(floats(11, 7, 5), 13, 3).shape.as_list() == [11, 7, 13]
    assert layers.convolution(floats(11, 5, 7, 3, 2), 13, 3).shape.as_list() == [11, 5, 7, 3, 13]
    with pytest.raises(ValueError, match="convolution: inputs must have 4 dimensions, got shape"):
        layers.conv2d(floats(11, 7, 5), 13, 3)
    with pytest.raises(ValueError, match="data_format must be NHWC or NCHW, got 'NCW'"):
        layers.conv2d(images(), 13, 3, data_format="NCW")


def test_channels_first_is_the_same_layer():
    x = draw(IMAGES)
    y, _, _ = evaluate(lambda t: layers.conv2d(t, 13, 3), x)
    with tf.Graph().as_default():
        first, _, _ = evaluate(lambda t: layers.conv2d(t, 13, 3, data_format="NCHW"), x.transpose(0, 3, 1, 2))
    close(first.transpose(0, 2, 3, 1), y)


def norm_case(shape, unbiased, **options):
    return pytest.param(shape, unbiased, options, id=f"{len(shape)}d-{sorted(options)}")


@pytest.mark.parametrize(
    "shape, unbiased, options",
    [
        norm_case(IMAGES, True),
        norm_case(IMAGES, False, fused=False),
        norm_case(IMAGES, True, updates_collections=None),
        norm_case(IMAGES, False, updates_collections=None, fused=False),
        norm_case(IMAGES, True, updates_collections="mine", scale=True),
        norm_case((11, 13), True),
        norm_case((11, 13), False, fused=False),
        norm_case((11, 13), True, updates_collections=None, center=False),
        norm_case((11, 5, 13), False),
        norm_case((11, 5, 13), False, updates_collections=None, scale=True),
    ],
)
@pytest.mark.parametrize("fed", [True, False])
def test_batch_norm_is_the_oracles_in_training_and_inference(shape, unbiased, options, fed):
    inputs, flag = tf.placeholder(tf.float32, [None] + list(shape[1:])), tf.placeholder(tf.bool, [])
    outputs = layers.batch_norm(inputs, decay=0.9, is_training=flag if fed else True, **options)
    assert outputs.shape.as_list() == inputs.shape.as_list()
    place = options.get("updates_collections", KEYS.UPDATE_OPS)
    updates = [] if place is None else tf.get_collection(place)
    assert len(updates) == (0 if place is None else 2)
    with session() as sess:
        state = set_weights(sess)
        mean, variance = (state["BatchNorm/moving_" + name] for name in ("mean", "variance"))
        gamma, beta = state.get("BatchNorm/gamma", 1.0), state.get("BatchNorm/beta", 0.0)
        assert len(state) == 2 + options.get("center", True) + options.get("scale", False)
        for step in range(3):
            x = draw(shape, step) * 2 + step
            y = sess.run([outputs, updates], {inputs: x, flag: True})[0]
            batch_mean, batch_variance = np_moments(x, len(shape) - 1, False)
            # float32's 6e-8 relative to values up to 10, divided by deviations of about 2
            close(y, np_batch_norm(x, len(shape) - 1, batch_mean, batch_variance, gamma, beta), atol=1e-4)
            mean = 0.9 * mean + 0.1 * batch_mean
            variance = 0.9 * variance + 0.1 * np_moments(x, len(shape) - 1, unbiased)[1]
        moving = [v for v in tf.global_variables() if "moving" in v.name]
        averages = sess.run(moving)
        close(averages[0], mean)
        close(averages[1], variance)
        if fed:
            y = sess.run([outputs, updates], {inputs: x, flag: False})[0]
            close(y, np_batch_norm(x, len(shape) - 1, mean, variance, gamma, beta), atol=1e-4)
            for before, after in zip(averages, sess.run(moving)):
                np.testing.assert_array_equal(before, after)


def test_batch_norm_out_of_training_makes_no_update():
    layers.batch_norm(images(), is_training=False)
    layers.batch_norm(images(), is_training=False, updates_collections="mine")
    assert tf.get_collection(KEYS.UPDATE_OPS) == tf.get_collection("mine") == []


@pytest.mark.parametrize("options", [dict(batch_weights=[1.0])])
def test_batch_norm_refuses_what_it_does_not_serve(options):
    with pytest.raises(NotImplementedError, match="batch_norm: batch_weights are not"):
        layers.batch_norm(images(), **options)


def normed(x, axes, epsilon):
    x = x.astype(np.float64)
    return (x - x.mean(axes, keepdims=True)) / np.sqrt(x.var(axes, keepdims=True) + epsilon)


def test_layer_instance_and_group_norm_are_the_oracles():
    x = draw((11, 7, 5, 6)) * 3 + 1
    for call, scope, expected in (
        (layers.layer_norm, "LayerNorm", normed(x, (1, 2, 3), 1e-12)),
        (layers.instance_norm, "InstanceNorm", normed(x, (1, 2), 1e-6)),
        (
            lambda t: layers.group_norm(t, 3),
            "GroupNorm",
            normed(x.reshape(11, 7, 5, 3, 2), (1, 2, 4), 1e-6).reshape(x.shape),
        ),
    ):
        with tf.Graph().as_default():
            y, state, static = evaluate(call, x)
            assert names() == [scope + "/beta", scope + "/gamma"]
            close(y, expected * state[scope + "/gamma"] + state[scope + "/beta"])
            assert static == list(x.shape)


def test_group_norm_refuses_groups_that_do_not_fit():
    with pytest.raises(ValueError, match="group_norm: 3 channels do not make 2 groups"):
        layers.group_norm(images(), 2)


def test_pooling_dropout_flatten_and_one_hot_have_their_defaults():
    assert layers.max_pool2d(images(), 2).shape.as_list() == [11, 3, 2, 3]
    assert layers.avg_pool2d(images(), [3, 3]).shape.as_list() == [11, 3, 2, 3]
    assert layers.flatten(images()).shape.as_list() == [11, 105]
    assert layers.max_pool2d(images(), 2, scope="pool").op.name == "pool/MaxPool"
    x = draw((11, 1000)) + 5
    kept, off, one_hot = run(
        [
            layers.dropout(tf.constant(x), 0.8),
            layers.dropout(tf.constant(x), 0.8, is_training=False),
            layers.one_hot_encoding(tf.constant([2, 0]), 3),
        ]
    )
    assert abs((kept != 0).mean() - 0.8) < 0.02  # 5 standard deviations of 11000 draws
    close(kept[kept != 0], x[kept != 0] / 0.8)
    np.testing.assert_array_equal(off, x)
    np.testing.assert_array_equal(one_hot, [[0, 0, 1], [1, 0, 0]])


def test_embed_sequence_and_bow_encoder_look_up():
    ids = np.array([[3, 0, 5], [0, 0, 0]])
    found, bag, mean = (
        layers.embed_sequence(tf.constant(ids), 7, 4),
        layers.bow_encoder(tf.constant(ids), 7, 4),
        layers.bow_encoder(tf.constant(ids), 7, 4, sparse_lookup=False),
    )
    with session() as sess:
        state = set_weights(sess)
        found, bag, mean = sess.run([found, bag, mean])
    assert names() == ["EmbedSequence/embeddings", "bow_encoder/embeddings", "bow_encoder_1/embeddings"]
    close(found, state["EmbedSequence/embeddings"][ids])
    table = state["bow_encoder/embeddings"]
    close(bag, np.stack([(table[3] + table[5]) / 2, table[0]]))
    close(mean, state["bow_encoder_1/embeddings"][ids].mean(1))
    with pytest.raises(ValueError, match="embed_sequence: vocab_size and embed_dim must be given"):
        layers.embed_sequence(tf.constant(ids))


def test_repeat_and_stack_number_their_scopes():
    layers.repeat(floats(11, 13), 2, layers.fully_connected, 13, scope="fc")
    layers.stack(floats(11, 13), layers.fully_connected, [5, 7])
    assert names()[::2] == [
        "fc/fc_1/weights",
        "fc/fc_2/weights",
        "Stack/fully_connected_1/weights",
        "Stack/fully_connected_2/weights",
    ]


def test_legacy_fully_connected_has_its_own_names_and_collections():
    y = layers.legacy_relu(floats(11, 13), 17, name="old")
    assert names() == ["old/weights", "old/bias"]
    assert [v.op.name for v in tf.get_collection(KEYS.WEIGHTS)] == ["old/weights"]
    assert tf.get_collection(KEYS.ACTIVATIONS) == [y]


# --- Initializers and regularizers ------------------------------------------------------------


@pytest.mark.parametrize(
    "make, shape, limit",
    [
        (lambda: layers.xavier_initializer(), [170, 130], np.sqrt(6.0 / 300)),
        (lambda: layers.xavier_initializer_conv2d(), [5, 2, 30, 70], np.sqrt(6.0 / 1000)),
        (lambda: layers.variance_scaling_initializer(uniform=True), [170, 130], np.sqrt(6.0 / 170)),
        (lambda: layers.variance_scaling_initializer(1.0, "FAN_OUT", True), [5, 2, 30, 70], np.sqrt(3.0 / 700)),
    ],
)
def test_uniform_initializers_fill_their_bounds(make, shape, limit):
    value = run(tf.get_variable("w", shape, initializer=make()))
    assert np.abs(value).max() <= limit * (1 + 1e-6)  # the limit itself is rounded
    assert np.abs(value).max() > 0.999 * limit
    assert abs(value.std() / (limit / np.sqrt(3)) - 1) < 0.03  # 21000 draws: 5 standard deviations


@pytest.mark.parametrize(
    "make, n",
    [
        (lambda: layers.variance_scaling_initializer(), 170.0 / 2),
        (lambda: layers.xavier_initializer(uniform=False), 150.0),
    ],
)
def test_normal_initializers_are_cut_at_two_deviations(make, n):
    value, deviation = run(tf.get_variable("w", [170, 130], initializer=make())), np.sqrt(1.3 / n)
    assert 1.9 * deviation < np.abs(value).max() <= 2 * deviation * (1 + 1e-6)
    # a normal cut at two deviations has 0.8796 of its deviation; 22100 draws: 5 standard deviations
    assert abs(value.std() / (0.8796 * deviation) - 1) < 0.025


def test_initializers_refuse_another_mode_or_type():
    with pytest.raises(TypeError, match="mode must be FAN_IN, FAN_OUT or FAN_AVG, got 'fan_in'"):
        layers.variance_scaling_initializer(mode="fan_in")
    with pytest.raises(TypeError, match="dtype must be floating, got int32"):
        layers.xavier_initializer(dtype=tf.int32)


def test_regularizers_are_their_formulas():
    w = draw((11, 13)).astype(np.float64)
    got = run(
        [
            make(tf.constant(w))
            for make in (
                layers.l1_regularizer(0.1),
                layers.l2_regularizer(0.2),
                layers.l1_l2_regularizer(0.1, 0.2),
                layers.sum_regularizer([layers.l1_regularizer(0.1), None, layers.l1_regularizer(0.0)]),
            )
        ]
    )
    l1, l2 = 0.1 * np.abs(w).sum(), 0.1 * (w * w).sum()
    np.testing.assert_allclose(got, [l1, l2, l1 + l2, l1], rtol=1e-12)
    assert layers.l2_regularizer(0.0)(tf.constant(w)) is None
    assert layers.sum_regularizer([None]) is None


@pytest.mark.parametrize("scale, text", [(1, "must be a float, got 1"), (-0.5, "at least 0, got -0.5")])
def test_regularizers_refuse_a_scale(scale, text):
    for make in (layers.l1_regularizer, layers.l2_regularizer):
        with pytest.raises(ValueError, match=text):
            make(scale)


def test_apply_regularization_sums_and_collects():
    weights = [tf.constant(draw((11, 13), seed).astype(np.float64)) for seed in (0, 1)]
    total = layers.apply_regularization(layers.l2_regularizer(0.2), weights)
    assert tf.get_collection(KEYS.REGULARIZATION_LOSSES) == [total]
    expected = sum(0.1 * np.square(draw((11, 13), seed).astype(np.float64)).sum() for seed in (0, 1))
    np.testing.assert_allclose(run(total), expected, rtol=1e-12)
    with pytest.raises(ValueError, match="no weights to regularize"):
        layers.apply_regularization(layers.l2_regularizer(0.2))
