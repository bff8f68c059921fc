"""tf.contrib beside TensorFlow 1.15's own (the marker tf1): scripts that must build and compute the same."""

import numpy as np
import pytest

from legacy_gan.tf1 import tf
from legacy_gan.tf1.contrib import layers
from legacy_gan.tf1.contrib.layers import utils as layer_utils
from tests.support.graphs import IMAGES, KEYS, draw, names, run, session, set_weights, variables
from tests.support.originals import real_contrib

pytestmark = pytest.mark.usefixtures("own_graph")


def lrelu(x):
    return tf.maximum(x, 0.2 * x)


def dcgan_norm(C, x, on, name):
    return C.layers.batch_norm(
        x, decay=0.9, updates_collections=None, epsilon=1e-5, scale=True, is_training=on, scope=name
    )


def slim_network(C, x, on):
    slim, params = C.slim, {"is_training": on, "decay": 0.9, "updates_collections": None}
    with slim.arg_scope(
        [slim.conv2d, slim.fully_connected],
        activation_fn=lrelu,
        normalizer_fn=slim.batch_norm,
        normalizer_params=params,
        weights_initializer=tf.truncated_normal_initializer(0.0, 0.02),
        weights_regularizer=slim.l2_regularizer(0.0005),
    ):
        h = slim.conv2d(x, 5, [3, 3], stride=2, scope="conv1")
        with slim.arg_scope([slim.conv2d], activation_fn=None):
            h = slim.repeat(h, 2, slim.conv2d, 3, 2, scope="conv2")
        h = slim.max_pool2d(h, 2, stride=1)
        h = slim.fully_connected(slim.flatten(h), 13, scope="fc")
    return slim.fully_connected(h, 7, activation_fn=None)


def twice_in_a_scope(C, x, on):
    """A discriminator without names, built again on the same variables, as in the GANs of 2016."""
    L, outputs = C.layers, 0.0
    for reuse in (False, True):
        with tf.variable_scope("discriminator") as scope:
            if reuse:
                scope.reuse_variables()
            h = L.batch_norm(L.conv2d(x, 5, 3, 2), is_training=on, updates_collections="unused")
            h = L.fully_connected(L.flatten(L.conv2d(h, 5, 3, 2)), 7, weights_regularizer=L.l2_regularizer(0.1))
            outputs += L.fully_connected(h, 3, None)
    return outputs


def case(name, shape, script, dtype=np.float32, rtol=0, named=True):
    """One script for both tf.contrib. With the same kernels in the same order on one thread the
    figures are equal to the last bit: rtol is 0 unless said otherwise. Where our last operation is
    another one than the real layer's, named is False."""
    return pytest.param(shape, dtype, script, rtol, named, id=name)


MATRIX = [
    case("fully_connected", (11, 13), lambda C, x, on: C.layers.fully_connected(x, 17)),
    case(
        "fully_connected-linear",
        (11, 13),
        lambda C, x, on: C.layers.fully_connected(
            C.layers.linear(x, 5), 17, activation_fn=None, biases_initializer=None
        ),
    ),
    case("fully_connected-rank-3", (11, 5, 13), lambda C, x, on: C.layers.fully_connected(x, 17, tf.nn.elu)),
    case(
        "fully_connected-collections",
        (11, 13),
        lambda C, x, on: C.layers.fully_connected(
            x,
            17,
            variables_collections={"weights": ["w"], "biases": ["b", "all"]},
            outputs_collections="out",
            weights_regularizer=C.layers.l2_regularizer(0.1),
            biases_regularizer=C.layers.l1_regularizer(0.1),
        ),
    ),
    case(
        "fully_connected-reused",
        (11, 13),
        lambda C, x, on: C.layers.fully_connected(
            C.layers.fully_connected(x, 13, scope="a"), 13, scope="a", reuse=True
        ),
    ),
    case(
        "fully_connected-norm",
        (11, 13),
        lambda C, x, on: C.layers.fully_connected(
            x, 17, normalizer_fn=C.layers.batch_norm, normalizer_params={"is_training": on}
        ),
    ),
    case("fully_connected-float64", (11, 13), lambda C, x, on: C.layers.fully_connected(x, 17), np.float64),
    case(
        "relu-and-stack",
        (11, 13),
        lambda C, x, on: C.layers.stack(C.layers.relu(x, 7), C.layers.fully_connected, [5, 17], scope="fc"),
    ),
    case("stack-of-partials", (11, 13), lambda C, x, on: C.layers.stack(x, C.layers.relu, [5, 17])),
    case("conv2d", IMAGES, lambda C, x, on: C.layers.conv2d(x, 13, 3)),
    case(
        "conv2d-twice",
        IMAGES,
        lambda C, x, on: C.layers.conv2d(
            C.layers.convolution2d(x, 5, [2, 3], 2, "VALID"), 13, 2, rate=2, activation_fn=tf.nn.tanh
        ),
    ),
    case(
        "conv2d-norm",
        IMAGES,
        lambda C, x, on: C.layers.conv2d(
            x, 13, 3, normalizer_fn=C.layers.batch_norm, normalizer_params={"is_training": on, "scale": True}
        ),
    ),
    case("convolution-1d", (11, 7, 5), lambda C, x, on: C.layers.convolution(x, 13, 3, 2)),
    case("conv1d", (11, 7, 5), lambda C, x, on: C.layers.conv1d(x, 13, 3, 2)),
    case("conv3d", (11, 5, 3, 7, 2), lambda C, x, on: C.layers.conv3d(x, 13, 3, 2)),
    case("conv2d_transpose", IMAGES, lambda C, x, on: C.layers.conv2d_transpose(x, 13, 5, 2)),
    case(
        "conv2d_transpose-valid",
        IMAGES,
        lambda C, x, on: C.layers.convolution2d_transpose(
            x,
            13,
            [3, 5],
            [1, 2],
            "VALID",
            activation_fn=None,
            normalizer_fn=C.layers.batch_norm,
            normalizer_params={"is_training": on, "updates_collections": None},
        ),
    ),
    case("conv3d_transpose", (11, 5, 3, 7, 2), lambda C, x, on: C.layers.conv3d_transpose(x, 13, 3, 2)),
    case(
        "separable_conv2d",
        IMAGES,
        lambda C, x, on: C.layers.separable_conv2d(
            x, 13, 3, 2, weights_regularizer=C.layers.l2_regularizer(0.1), variables_collections=["all"]
        ),
    ),
    case("separable_conv2d-depthwise", IMAGES, lambda C, x, on: C.layers.separable_conv2d(x, None, 3, 2)),
    case("conv2d_in_plane", IMAGES, lambda C, x, on: C.layers.conv2d_in_plane(x, [2, 3])),
    case("bias_add", IMAGES, lambda C, x, on: C.layers.bias_add(x, tf.nn.relu)),
    # Ours multiplies all examples as one matrix, in the same order.
    case("legacy_fully_connected", (11, 13), lambda C, x, on: C.layers.legacy_fully_connected(x, 17, tf.nn.relu)),
    case("legacy_fully_connected-rank-3", (11, 5, 13), lambda C, x, on: C.layers.legacy_fully_connected(x, 17)),
    case("norm-images", IMAGES, lambda C, x, on: C.layers.batch_norm(x, is_training=on)),
    case("norm-images-off", IMAGES, lambda C, x, on: C.layers.batch_norm(x, is_training=False)),
    case("norm-images-plain", IMAGES, lambda C, x, on: C.layers.batch_norm(x, fused=False, is_training=on)),
    case("norm-images-in-place", IMAGES, lambda C, x, on: dcgan_norm(C, x, on, "bn0")),
    case("norm-images-in-place-true", IMAGES, lambda C, x, on: dcgan_norm(C, x, True, "bn0")),
    case(
        "norm-images-in-place-plain",
        IMAGES,
        lambda C, x, on: C.layers.batch_norm(x, updates_collections=None, is_training=on, fused=False),
        named=False,
    ),
    case(
        "norm-images-collection",
        IMAGES,
        lambda C, x, on: C.layers.batch_norm(x, updates_collections="mine", is_training=on),
    ),
    case("norm-flat", (11, 13), lambda C, x, on: C.layers.batch_norm(x, is_training=on)),
    case("norm-flat-plain", (11, 13), lambda C, x, on: C.layers.batch_norm(x, is_training=on, fused=False)),
    case("norm-flat-in-place", (11, 13), lambda C, x, on: dcgan_norm(C, x, on, "bn0"), named=False),
    case(
        "norm-flat-in-place-plain",
        (11, 13),
        lambda C, x, on: C.layers.batch_norm(x, updates_collections=None, is_training=True, fused=False, scale=True),
        named=False,
    ),
    case(
        "norm-flat-off",
        (11, 13),
        lambda C, x, on: C.layers.batch_norm(x, updates_collections=None, is_training=False, center=False),
    ),
    case(
        "norm-flat-activated",
        (11, 13),
        lambda C, x, on: C.layers.batch_norm(
            x,
            activation_fn=tf.nn.relu,
            is_training=on,
            param_initializers={"beta": tf.ones_initializer()},
            param_regularizers={"beta": C.layers.l2_regularizer(0.1)},
            variables_collections={"beta": ["b"]},
        ),
    ),
    case("norm-rank-3", (11, 5, 13), lambda C, x, on: C.layers.batch_norm(x, is_training=on)),
    case("norm-rank-3-in-place", (11, 5, 13), lambda C, x, on: dcgan_norm(C, x, on, "bn0"), named=False),
    case(
        "norm-zero-debias",
        IMAGES,
        lambda C, x, on: C.layers.batch_norm(x, decay=0.9, is_training=True, zero_debias_moving_mean=True),
    ),
    case(
        "norm-reused",
        IMAGES,
        lambda C, x, on: C.layers.batch_norm(
            C.layers.batch_norm(x, scope="n", is_training=False), scope="n", reuse=True, is_training=False
        ),
    ),
    case("layer_norm", (11, 5, 13), lambda C, x, on: C.layers.layer_norm(x)),
    case(
        "layer_norm-last",
        (11, 5, 13),
        lambda C, x, on: C.layers.layer_norm(
            x, center=False, begin_norm_axis=2, begin_params_axis=1, activation_fn=tf.nn.relu
        ),
    ),
    case("instance_norm", IMAGES, lambda C, x, on: C.layers.instance_norm(x)),
    case(
        "instance_norm-first",
        (11, 3, 7, 5),
        lambda C, x, on: C.layers.instance_norm(x, data_format="NCHW", scale=False),
    ),
    case("group_norm", (11, 7, 5, 6), lambda C, x, on: C.layers.group_norm(x, groups=3), named=False),
    case("unit_norm", (11, 5, 13), lambda C, x, on: C.layers.unit_norm(x, 1), named=False),
    case(
        "pools",
        IMAGES,
        lambda C, x, on: C.layers.avg_pool2d(
            C.layers.max_pool2d(x, 2, 1, outputs_collections="out"), [3, 2], padding="SAME"
        ),
    ),
    case("pool", IMAGES, lambda C, x, on: C.slim.pool(x, [2, 3], "AVG", stride=2)),
    case("pools-3d", (11, 5, 3, 7, 2), lambda C, x, on: C.layers.max_pool3d(C.layers.avg_pool3d(x, 2, 1), 2)),
    case("flatten", IMAGES, lambda C, x, on: C.layers.flatten(x)),
    case("dropout", (11, 13), lambda C, x, on: C.layers.dropout(x, 0.7, seed=5)),
    case("dropout-fed", (11, 13), lambda C, x, on: C.layers.dropout(x, is_training=on, seed=5)),
    case("softmax", (11, 5, 13), lambda C, x, on: C.layers.softmax(x)),
    case("maxout", (11, 12), lambda C, x, on: C.layers.maxout(x, 4)),
    case("repeat", (11, 13), lambda C, x, on: C.layers.repeat(x, 2, C.layers.fully_connected, 13)),
    # Adding the regularizers' gradients up is in another order than in the real graph.
    case("slim-network", IMAGES, slim_network, rtol=1e-6),
    # The gradients of a shared variable are added up in another order.
    case("twice-in-a-scope", IMAGES, twice_in_a_scope, rtol=1e-5),
    case(
        "xavier-get_variable",
        (11, 13),
        lambda C, x, on: tf.matmul(x, tf.get_variable("W", shape=[13, 17], initializer=C.layers.xavier_initializer())),
    ),
    case(
        "model_variable",
        (11, 13),
        lambda C, x, on: (
            x
            * C.framework.model_variable(
                "scale",
                [13],
                initializer=tf.ones_initializer(),
                regularizer=C.layers.l2_regularizer(0.1),
                collections=["kept"],
            )
            + C.slim.variable("v", [13], collections=["other", KEYS.GLOBAL_VARIABLES])
        ),
    ),
]


def build(C, script, shape, dtype):
    inputs = tf.placeholder(dtype, [None] + list(shape[1:]))
    training = tf.placeholder(tf.bool, [])
    return inputs, training, script(C, inputs, training)


# Collections of operations: the number counts, their names follow TensorFlow's own version.
OPERATIONS = (KEYS.UPDATE_OPS, "mine", "unused")


def facts(C, script, shape, dtype):
    """Returns all that a graph shows without running: names, shapes, types, collections."""
    with tf.Graph().as_default() as graph:
        _, _, outputs = build(C, script, shape, dtype)
        held = {}
        for key in graph.get_all_collection_keys():
            found = tf.get_collection(key)
            if not found:
                continue  # asking for a collection makes an empty one
            if key in OPERATIONS:
                held[key] = len(found)
            elif isinstance(key, str) and key not in ("cond_context", "while_context"):
                held[key] = [each.name for each in found]
        return {
            "variables": variables(),
            "types": [(type(v).__name__, v.dtype) for v in tf.global_variables()],
            "collections": held,
            "outputs": (outputs.dtype, outputs.shape.as_list()),
            "ends": list(layer_utils.convert_collection_to_dict("out")),
        }, outputs.name


def figures(C, script, shape, dtype):
    """Returns, as arrays, what three training steps and one of inference compute.

    That is the outputs, the regularization losses, the gradients of inputs and of all variables
    that have one, and after all steps every variable, the moving averages among them.
    """
    with tf.Graph().as_default():
        inputs, training, outputs = build(C, script, shape, dtype)
        weights = tf.placeholder(outputs.dtype, outputs.shape)
        gradients = tf.gradients(outputs, [inputs] + tf.trainable_variables(), weights)
        assert None not in gradients
        fetches = [outputs] + gradients + tf.get_collection(KEYS.REGULARIZATION_LOSSES)
        updates = [update for key in OPERATIONS[:2] for update in tf.get_collection(key)]
        results = []
        with session() as sess:
            set_weights(sess)
            sess.run([v.initializer for v in tf.global_variables() if "moving_mean/" in v.name])
            for step in range(4):
                feed = {
                    inputs: draw(shape, step, dtype) * 2 + 1,
                    weights: draw([11] + outputs.shape.as_list()[1:], 50 + step, dtype),
                    training: step < 3,
                }
                # The fourth step infers, so it leaves the updates alone.
                results += sess.run([fetches, updates if step < 3 else []], feed)[0]
            return results + sess.run(tf.global_variables())


@pytest.mark.tf1
@pytest.mark.parametrize("shape, dtype, script, rtol, named", MATRIX)
def test_graph_is_that_of_the_real_one(shape, dtype, script, rtol, named):
    (expected, real_name), (actual, name) = (facts(C, script, shape, dtype) for C in (real_contrib(), tf.contrib))
    assert actual == expected
    assert (name == real_name) == named


@pytest.mark.tf1
@pytest.mark.parametrize("shape, dtype, script, rtol, named", MATRIX)
def test_figures_are_those_of_the_real_one(shape, dtype, script, rtol, named):
    expected, actual = (figures(C, script, shape, dtype) for C in (real_contrib(), tf.contrib))
    assert len(actual) == len(expected)
    for mine, theirs in zip(actual, expected):
        assert mine.dtype == theirs.dtype and mine.shape == theirs.shape
        np.testing.assert_allclose(mine, theirs, rtol=rtol, atol=rtol)


@pytest.mark.parametrize("shape, dtype, script, rtol, named", MATRIX)
def test_script_runs_with_every_value_finite(shape, dtype, script, rtol, named):
    for value in figures(tf.contrib, script, shape, dtype):
        assert np.isfinite(value).all()


INITIALIZERS = [
    ("xavier", lambda L: L.xavier_initializer(seed=5)),
    ("xavier_conv2d", lambda L: L.xavier_initializer_conv2d(uniform=False, seed=5)),
    ("he", lambda L: L.variance_scaling_initializer(seed=5)),
    ("fan_out", lambda L: L.variance_scaling_initializer(3.0, "FAN_OUT", True, seed=5)),
]


@pytest.mark.tf1
@pytest.mark.parametrize("shape", [[13, 17], [3, 2, 13, 17], [17]])
@pytest.mark.parametrize("name, make", INITIALIZERS)
def test_seeded_initializer_draws_the_real_ones_values(name, make, shape):
    drawn = []
    for L in (layers, real_contrib().layers):
        with tf.Graph().as_default():
            tf.set_random_seed(3)
            drawn.append(run(tf.get_variable("w", shape, initializer=make(L))))
    np.testing.assert_array_equal(drawn[0], drawn[1])


@pytest.mark.tf1
def test_real_functions_accept_what_ours_accept_in_the_other_parts():
    """Losses, metrics, HParams and distributions: the same calls give the same numbers."""
    answers = []
    for C in (tf.contrib, real_contrib()):
        with tf.Graph().as_default():
            p, y = tf.constant(draw((11, 13))), tf.constant(np.abs(draw((11, 13), 1)) % 1)
            w = tf.constant((draw((11,), 2) > 0).astype(np.float32))
            found = [
                getattr(C.losses, name)(tf.sigmoid(p), y, weights)
                for name in (
                    "absolute_difference",
                    "mean_squared_error",
                    "log_loss",
                    "sigmoid_cross_entropy",
                    "softmax_cross_entropy",
                    "mean_pairwise_squared_error",
                )
                for weights in (1.0, 0.5, w)
            ]
            found += [
                C.losses.softmax_cross_entropy(p, y, label_smoothing=0.1),
                C.losses.sparse_softmax_cross_entropy(p, tf.range(11), tf.expand_dims(w, 1)),
                C.losses.cosine_distance(p, y, 1),
                C.losses.get_total_loss(),
            ]
            d = C.distributions.MultivariateNormalDiag(p, y + 0.5)
            e = C.distributions.MultivariateNormalDiag(y, scale_identity_multiplier=2 * tf.ones([11]))
            found += [
                d.log_prob(y),
                d.entropy(),
                d.mean(),
                d.stddev(),
                d.covariance(),
                e.log_prob(p),
                C.distributions.kl_divergence(d, e),
            ]
            soft = C.distributions.RelaxedOneHotCategorical(0.7, logits=p)
            found += [soft.log_prob(tf.nn.softmax(y))]
            for flags in (
                (True, True, False, False),
                (True, False, False, False),
                (False, True, False, False),
                (False, False, False, False),
                (False, False, True, True),
                (False, False, True, False),
                (True, False, False, True),
            ):
                found.append(
                    C.seq2seq.sequence_loss(
                        tf.constant(draw((3, 5, 13))),
                        tf.constant(np.arange(15).reshape(3, 5) % 13),
                        tf.constant(np.abs(draw((3, 5))) * (np.arange(15).reshape(3, 5) % 4 > 0).astype(np.float32)),
                        *flags,
                    )
                )
            answers.append(run(found))
    assert len(answers[0]) == len(answers[1])
    for mine, theirs in zip(*answers):
        # the sums of up to 143 float32 are added up in other orders
        np.testing.assert_allclose(mine, theirs, rtol=2e-6, atol=1e-6)


@pytest.mark.tf1
def test_training_goes_as_with_the_real_slim():
    answers = []
    for C in (tf.contrib, real_contrib()):
        with tf.Graph().as_default():
            x, flag = tf.placeholder(tf.float32, IMAGES), tf.placeholder(tf.bool, [])
            loss = tf.reduce_mean(tf.square(slim_network(C, x, flag)))
            loss += tf.add_n(tf.get_collection(KEYS.REGULARIZATION_LOSSES))
            train_op = C.slim.learning.create_train_op(loss, tf.train.AdamOptimizer(0.01), clip_gradient_norm=1.0)
            with session() as sess:
                set_weights(sess)
                printed = [sess.run(train_op, {x: draw(IMAGES, step), flag: True}) for step in range(5)]
                answers.append((names(), printed, sess.run(tf.global_variables())))
    assert answers[0][0] == answers[1][0]  # so a checkpoint of one loads in the other
    # five steps of Adam, whose first steps have the size of the rate whatever the gradient's last bits
    np.testing.assert_allclose(answers[0][1], answers[1][1], rtol=1e-5)
    for mine, theirs in zip(answers[0][2], answers[1][2]):
        np.testing.assert_allclose(mine, theirs, rtol=1e-4, atol=1e-4)
