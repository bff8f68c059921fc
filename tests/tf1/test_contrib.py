"""tf.contrib of legacy_gan.tf1: layers, slim, framework and the rest.

Everywhere they are held to NumPy, written here in float64, and to the names and collections that
TF 1.15 makes. Where TF 1.15 itself is installed (the marker tf1) they are held to its own
tf.contrib: the same script builds both, with the same weights, and everything must be equal.
"""

import importlib
import inspect
import types

import numpy as np
import pytest

from legacy_gan.errors import NotServed
from legacy_gan.tf1 import names as table, namespace, tf
from legacy_gan.tf1.contrib import (
    data,
    distributions,
    framework,
    layers,
    learn_preprocessing,
    lookup,
    losses,
    metrics,
    seq2seq,
    slim,
    tensorboard,
    training,
    util,
)
from legacy_gan.tf1.contrib.layers import utils as layer_utils
from tests.tf1.test_layers import (
    IMAGES,
    KEYS,
    close,
    draw,
    evaluate,
    floats,
    images,
    names,
    np_batch_norm,
    np_conv2d,
    np_conv2d_transpose,
    np_moments,
    own_graph,
    session,
    set_weights,
    variables,
)

assert own_graph  # the fixture: every test builds in a graph of its own


def relu(x):
    return np.maximum(x, 0)


def run(fetches, feed=None):
    with session() as sess:
        sess.run([tf.global_variables_initializer(), tf.local_variables_initializer(), tf.tables_initializer()])
        return sess.run(fetches, feed)


# --- The package ------------------------------------------------------------------------------

MODULES = [
    data,
    distributions,
    framework,
    layer_utils,
    layers,
    learn_preprocessing,
    lookup,
    losses,
    metrics,
    seq2seq,
    slim,
    tensorboard,
    training,
    util,
]


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__.rsplit(".", 1)[1])
def test_a_module_has_what_it_promises_and_says_what_it_is(module):
    missing = [name for name in module.__all__ if name not in vars(module)]
    assert not missing and module.__all__ and module.__doc__
    assert len(set(module.__all__)) == len(module.__all__)


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__.rsplit(".", 1)[1])
def test_a_served_module_refuses_what_it_lacks_by_its_name(module):
    with pytest.raises(NotServed) as caught:
        module.no_such_name
    assert caught.value.symbol.startswith("tf.contrib.") and caught.value.symbol.endswith(".no_such_name")
    assert caught.value.instead and caught.value.status == 2


@pytest.mark.parametrize(
    "symbol",
    [
        "learn.DNNClassifier",
        "boosted_trees.GradientBoostedDecisionTreeClassifier",
        "tensor_forest.python",
        "factorization.KMeansClustering",
        "eager.enable_eager_execution",
        "keras.layers",
        "estimator.add_metrics",
        "summary.scalar",
        "image.rotate",
        "opt.AdamWOptimizer",
        "crf.crf_log_likelihood",
        "gan.gan_model",
        "slim.nets",
        "layers.embedding_column",
        "training.batch_sequences_with_states",
        "seq2seq.BeamSearchDecoder",
    ],
)
def test_what_is_not_served_is_named_with_what_to_use(symbol):
    found = tf.contrib
    with pytest.raises(NotServed) as caught:
        for part in symbol.split("."):
            found = getattr(found, part)
    assert caught.value.symbol == "tf.contrib." + symbol
    assert str(caught.value).startswith(f"tf.contrib.{symbol} is not served; ")
    assert caught.value.instead != table.OTHERWISE  # something to the point


def test_an_unknown_part_is_named():
    with pytest.raises(NotServed, match="tf.contrib.no_such_part is not served; use TensorFlow 1.15 itself"):
        tf.contrib.no_such_part


def test_parts_are_loaded_by_attribute_and_by_their_deep_names():
    assert tf.contrib.layers is layers and tf.contrib.slim is slim
    assert namespace.look_up("tf.contrib.layers.python.layers") is layers
    assert namespace.look_up("tf.contrib.framework.python.ops.arg_scope") is framework
    assert namespace.look_up("tf.contrib.layers.python.layers.utils") is layer_utils
    assert namespace.look_up("tf.contrib.slim.python.slim.learning") is slim.learning
    assert namespace.look_up("tf.contrib.learn.python.learn.preprocessing") is learn_preprocessing
    with pytest.raises(NotServed, match="tf.contrib.slim.nets is not served"):
        namespace.look_up("tf.contrib.slim.nets.vgg")


@pytest.mark.parametrize("deep", sorted(table.INNER_PLACES))
def test_every_alias_leads_to_a_module(deep):
    assert isinstance(namespace.look_up(deep), types.ModuleType)


# --- The real tf.contrib ----------------------------------------------------------------------

SAME_SIGNATURE = (
    [
        ("layers", name)
        for name in (
            "apply_regularization avg_pool2d avg_pool3d batch_norm bias_add bow_encoder conv1d conv2d "
            "conv2d_in_plane conv2d_transpose conv3d conv3d_transpose convolution dropout embed_sequence flatten "
            "fully_connected group_norm instance_norm l1_l2_regularizer l1_regularizer l2_regularizer layer_norm "
            "legacy_fully_connected max_pool2d max_pool3d maxout one_hot_encoding optimize_loss repeat "
            "separable_conv2d softmax stack sum_regularizer unit_norm variance_scaling_initializer "
            "xavier_initializer summarize_tensor summarize_collection"
        ).split()
    ]
    + [
        ("framework", name)
        for name in (
            "arg_scope model_variable variable get_variables get_variables_by_name get_variables_by_suffix "
            "get_variables_to_restore get_model_variables assign_from_checkpoint assign_from_checkpoint_fn "
            "assign_from_values filter_variables local_variable"
        ).split()
    ]
    + [
        ("slim", "conv2d"),
        ("slim", "batch_norm"),
        ("slim", "pool"),
        ("slim.learning", "create_train_op"),
        ("slim.learning", "train"),
        ("training", "create_train_op"),
        ("training", "HParams"),
    ]
    + [
        ("seq2seq", name)
        for name in (
            "AttentionWrapper",
            "BahdanauAttention",
            "BasicDecoder",
            "CustomHelper",
            "GreedyEmbeddingHelper",
            "LuongAttention",
            "SampleEmbeddingHelper",
            "TrainingHelper",
            "dynamic_decode",
            "hardmax",
            "sequence_loss",
            "tile_batch",
        )
    ]
    + [("losses", name) for name in losses.__all__ if name != "get_total_loss"]
    + [
        ("metrics", "accuracy"),
        ("metrics", "streaming_mean"),
        ("distributions", "MultivariateNormalDiag"),
        ("distributions", "NormalWithSoftplusScale"),
    ]
)


def reached(root, path):
    for part in path.split("."):
        root = getattr(root, part)
    return root


def real_contrib():
    contrib = importlib.import_module("tensorflow.contrib")
    assert contrib.layers is not layers
    return contrib


@pytest.mark.tf1
@pytest.mark.parametrize("part, name", SAME_SIGNATURE)
def test_signature_is_that_of_the_real_function(part, name):
    def shown(function):
        parts = []
        for p in inspect.signature(function).parameters.values():
            default = p.default
            # an initializer or function by its kind: both are made anew
            shown = "function" if callable(default) and default is not p.empty else repr(default)
            parts.append((p.name, p.kind, "object" if "object at" in shown else shown))
        return parts

    mine, real = (shown(reached(reached(root, part), name)) for root in (tf.contrib, real_contrib()))
    if name == "train":  # how it says "the default" is its own affair
        mine, real = ([(n, k) for n, k, _ in parts] for parts in (mine, real))
    assert mine == real


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


@pytest.mark.parametrize("options", [dict(renorm=True), dict(batch_weights=[1.0]), dict(adjustment=len)])
def test_batch_norm_refuses_what_it_does_not_serve(options):
    with pytest.raises(NotImplementedError, match="batch_norm: batch_weights, renorm and adjustment are not"):
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


# --- arg_scope --------------------------------------------------------------------------------


@framework.add_arg_scope
def tagged(value, first=1, second=2):
    """Returns its arguments."""
    return value, first, second


@framework.add_arg_scope
def other(value, first=5):
    return value, first


def test_arg_scope_sets_options_and_calls_win():
    with slim.arg_scope([tagged, other], first=10) as outer:
        assert tagged("a") == ("a", 10, 2) and other("a") == ("a", 10)
        assert tagged("a", first=3) == ("a", 3, 2)
        with slim.arg_scope([tagged], second=20):
            assert tagged("a") == ("a", 10, 20)
            with slim.arg_scope(outer):
                assert tagged("a") == ("a", 10, 2)
        assert framework.current_arg_scope() == outer
    assert tagged("a") == ("a", 1, 2)
    with slim.arg_scope(outer):
        assert tagged("a") == ("a", 10, 2)


def test_arg_scope_is_left_after_an_error():
    with pytest.raises(KeyError):
        with slim.arg_scope([tagged], first=10):
            raise KeyError
    assert tagged("a") == ("a", 1, 2)


def test_arg_scope_knows_its_functions():
    assert framework.has_arg_scope(tagged) and framework.has_arg_scope(slim.conv2d)
    assert not framework.has_arg_scope(len)
    assert framework.arg_scoped_arguments(tagged) == ("first", "second")
    assert tagged.__name__ == "tagged" and tagged.__doc__ == "Returns its arguments."
    with pytest.raises(ValueError, match="arg_scope: <built-in function len> has no add_arg_scope"):
        with slim.arg_scope([len], first=1):
            pass
    with pytest.raises(TypeError, match="arg_scope: expected a list of functions or a scope"):
        with slim.arg_scope(tagged, first=1):
            pass
    with pytest.raises(ValueError, match="a scope that is opened again takes no options, got first"):
        with slim.arg_scope({}, first=1):
            pass


def test_aliases_share_one_arg_scope_between_slim_and_layers():
    with slim.arg_scope([slim.conv2d], activation_fn=None, padding="VALID"):
        y = layers.convolution2d(images(), 13, 3)
    assert y.op.type == "BiasAdd" and y.shape.as_list() == [11, 5, 3, 13]


def test_arg_scope_of_variables_reaches_the_layers():
    with slim.arg_scope([slim.model_variable, slim.variable], device="/cpu:0"):
        slim.fully_connected(floats(11, 13), 17)
    assert {v.device for v in tf.global_variables()} == {"/device:CPU:0"}


# --- framework --------------------------------------------------------------------------------


def two_layers():
    with tf.variable_scope("one"):
        layers.fully_connected(floats(11, 13), 17)
    with tf.variable_scope("two"):
        layers.fully_connected(floats(11, 13), 17, trainable=False)
    tf.get_variable("weights", [3])


def found(variables):
    return [v.op.name for v in variables]


def test_variables_are_found_by_scope_suffix_and_name():
    two_layers()
    one, two = "one/fully_connected/", "two/fully_connected/"
    assert found(framework.get_variables("one")) == [one + "weights", one + "biases"]
    assert found(framework.get_variables(suffix="biases")) == [one + "biases", two + "biases"]
    assert found(slim.get_variables_by_name("weights")) == [one + "weights", two + "weights", "weights"]
    assert found(slim.get_variables_by_suffix("ights", "two")) == [two + "weights"]
    assert found(framework.get_model_variables()) == names()[:4]
    assert found(framework.get_trainable_variables("one")) == [one + "weights", one + "biases"]
    assert found(framework.get_trainable_variables("two")) == []
    assert found(slim.get_variables_to_restore(exclude=["two", "weights"])) == [one + "weights", one + "biases"]
    assert found(slim.get_variables_to_restore(["two"])) == [two + "weights", two + "biases"]
    assert framework.get_unique_variable("weights").op.name == "weights"
    with tf.variable_scope("one") as scope:
        assert found(framework.get_variables(scope)) == [one + "weights", one + "biases"]
    assert found(framework.filter_variables(tf.global_variables(), ["^one", "^w"], ["biases"])) == [
        one + "weights",
        "weights",
    ]
    with pytest.raises(ValueError, match="get_unique_variable: no variable 'three'"):
        framework.get_unique_variable("three")


def test_local_and_global_variables_join_their_collections():
    local, whole = framework.local_variable(1.0), framework.global_variable(2.0)
    assert tf.local_variables() == framework.get_local_variables() == [local]
    assert tf.global_variables() == [whole] and tf.trainable_variables() == []
    framework.add_model_variable(whole)
    framework.add_model_variable(whole)
    assert framework.get_model_variables() == [whole]


def test_global_step_is_made_once():
    step = slim.get_or_create_global_step()
    assert slim.get_or_create_global_step() is step is framework.get_global_step()
    assert framework.assert_or_get_global_step() is step


def test_values_come_from_a_checkpoint(tmp_path):
    two_layers()
    path = str(tmp_path / "model")
    with session() as sess:
        state = set_weights(sess)
        path = tf.train.Saver().save(sess, path)
    assert [name for name, _ in framework.list_variables(path)] == sorted(names())
    close(framework.load_variable(path, "weights"), state["weights"])
    weights = framework.get_unique_variable("weights")
    late = tf.get_variable("late", [3])
    operation, feed = slim.assign_from_checkpoint(path, {"weights": late})
    restore = slim.assign_from_checkpoint_fn(path, [weights, late], ignore_missing_vars=True)
    values = slim.assign_from_values_fn({"late": np.array([7.0, 8.0, 9.0])})
    with session() as sess:
        sess.run(tf.global_variables_initializer())
        sess.run(operation, feed)
        restore(sess)
        close(sess.run(late), state["weights"])
        close(sess.run(weights), state["weights"])
        values(sess)
        close(sess.run(late), np.array([7.0, 8.0, 9.0]))
    with pytest.raises(ValueError, match=r"Checkpoint is missing variable \[late\]"):
        slim.assign_from_checkpoint(path, [late])
    assert slim.assign_from_checkpoint_fn(path, [late], ignore_missing_vars=True) is None
    with pytest.raises(ValueError, match="var_list cannot be empty"):
        slim.assign_from_checkpoint_fn(path, [])


def test_nest_flattens_maps_and_packs():
    nest, tree = framework.nest, {"b": (1, [2]), "a": 3}
    assert nest.flatten(tree) == [3, 1, 2]
    assert nest.map_structure(lambda v: v + 1, tree) == {"b": (2, [3]), "a": 4}
    assert nest.pack_sequence_as(tree, [5, 6, 7]) == {"b": (6, [7]), "a": 5}
    assert nest.is_sequence([1]) and not nest.is_sequence(1)
    with pytest.raises((ValueError, TypeError)):
        nest.assert_same_structure(tree, [1])


def test_device_chooser_deals_out_servers():
    choose = slim.VariableDeviceChooser(num_tasks=2)
    places = [f"/job:ps/task:{task}/device:CPU:0" for task in (0, 1, 0)]
    assert [choose(None) for _ in places] == places


# --- slim -------------------------------------------------------------------------------------


def test_slim_has_the_layers_of_contrib_and_the_variables_of_framework():
    for name in set(slim.__all__) & set(layers.__all__):
        assert getattr(slim, name) is getattr(layers, name)
    for name in set(slim.__all__) & set(framework.__all__):
        assert getattr(slim, name) is getattr(framework, name)
    assert len(set(slim.__all__) & set(layers.__all__)) > 50
    assert slim.losses is losses and slim.metrics is metrics and slim.utils is layer_utils


def test_outputs_are_collected_under_their_scopes():
    with tf.variable_scope("net"):
        with slim.arg_scope([slim.conv2d, slim.max_pool2d], outputs_collections="ends"):
            first = slim.conv2d(images(), 13, 3)
            second = slim.max_pool2d(first, 2, scope="pool")
    ends = slim.utils.convert_collection_to_dict("ends", clear_collection=True)
    assert list(ends.items()) == [("net/Conv", first), ("net/pool", second)]
    assert tf.get_collection("ends") == []


def test_analyze_vars_prints_and_counts(capsys):
    layers.fully_connected(floats(11, 13), 17)
    assert slim.model_analyzer.analyze_vars(tf.global_variables(), print_info=True) == (238, 952)
    lines = capsys.readouterr().out.splitlines()
    assert lines[1] == "Variables: name (type shape) [size]"
    assert lines[3] == "fully_connected/weights:0 (float32 13x17) [221, bytes: 884]"
    assert lines[-2:] == ["Total size of variables: 238", "Total bytes of variables: 952"]
    assert slim.model_analyzer.analyze_ops(tf.get_default_graph()) > 238


def regression(**options):
    """A line to be learned: its loss, and the training operation of slim."""
    x = tf.constant(draw((11, 13)))
    y = layers.fully_connected(layers.batch_norm(x), 1, activation_fn=None, scope="line")
    loss = tf.reduce_mean(tf.square(y - tf.constant(draw((11, 1), 1))))
    return loss, slim.learning.create_train_op(loss, tf.train.GradientDescentOptimizer(0.1), **options)


def test_create_train_op_steps_updates_and_counts():
    loss, train_op = regression(clip_gradient_norm=0.5, gradient_multipliers={"line/weights": 2.0})
    moving = [v for v in tf.global_variables() if "moving_mean" in v.name][0]
    assert tf.get_collection(KEYS.TRAIN_OP)[-1] is train_op
    with session() as sess:
        sess.run(tf.global_variables_initializer())
        first, before = sess.run(loss), sess.run(framework.get_variables_by_name("weights"))
        assert sess.run(train_op) == first
        after = sess.run(framework.get_variables_by_name("weights"))
        # a clipped gradient of norm 0.5 times the rate of 0.1
        np.testing.assert_allclose(np.linalg.norm(after[0] - before[0]), 0.05, rtol=1e-4)
        for _ in range(20):
            sess.run(train_op)
        assert sess.run(loss) < first
        assert sess.run(framework.get_global_step()) == 21
        assert np.abs(sess.run(moving)).max() > 0


@pytest.mark.parametrize("logs", [True, False])
def test_learning_train_ends_at_its_number_of_steps(tmp_path, logs):
    loss, train_op = regression()
    logdir, seen = (str(tmp_path) if logs else None), []
    last = slim.learning.train(
        train_op,
        logdir,
        number_of_steps=7,
        log_every_n_steps=3,
        init_fn=lambda sess: seen.append(sess.run(framework.get_global_step())),
    )
    assert seen == [0] and 0 < last < 100
    if logs:
        assert framework.load_variable(tf.train.latest_checkpoint(logdir), "global_step") == 7
    with pytest.raises(ValueError, match="number_of_steps must be None or positive, got 0"):
        slim.learning.train(train_op, None, number_of_steps=0)


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
                answers.append((found(tf.global_variables()), printed, sess.run(tf.global_variables())))
    assert answers[0][0] == answers[1][0]  # so a checkpoint of one loads in the other
    # five steps of Adam, whose first steps have the size of the rate whatever the gradient's last bits
    np.testing.assert_allclose(answers[0][1], answers[1][1], rtol=1e-5)
    for mine, theirs in zip(answers[0][2], answers[1][2]):
        np.testing.assert_allclose(mine, theirs, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize(
    "optimizer",
    [
        "SGD",
        "Adam",
        tf.train.AdamOptimizer,
        tf.train.AdagradOptimizer(0.1),
        lambda rate: tf.train.RMSPropOptimizer(rate),
    ],
)
def test_optimize_loss_lowers_the_loss(optimizer):
    loss = tf.reduce_sum(tf.square(layers.linear(tf.constant(draw((11, 13))), 3)))
    train = layers.optimize_loss(
        loss,
        slim.get_or_create_global_step(),
        0.01,
        optimizer,
        clip_gradients=5.0,
        learning_rate_decay_fn=lambda rate, step: tf.train.exponential_decay(rate, step, 10, 0.9),
    )
    assert "OptimizeLoss/learning_rate" in names()
    with session() as sess:
        sess.run(tf.global_variables_initializer())
        values = [sess.run(train) for _ in range(6)]
        assert sess.run(slim.get_global_step()) == 6
    assert values[-1] < values[0]
    assert len(tf.get_collection(KEYS.SUMMARIES)) == 4


@pytest.mark.parametrize(
    "optimizer, rate, text",
    [
        ("Adm", 0.1, "optimizer must be one of .*, got 'Adm'"),
        ("SGD", None, "'SGD' needs a learning_rate"),
        ("SGD", 1, "learning_rate must be a scalar tensor or a float"),
        (3, 0.1, "a name, a class, a function"),
    ],
)
def test_optimize_loss_refuses_bad_arguments(optimizer, rate, text):
    loss = tf.reduce_sum(layers.linear(floats(11, 13), 3))
    with pytest.raises(ValueError, match=text):
        layers.optimize_loss(loss, None, rate, optimizer)


# --- Losses, metrics --------------------------------------------------------------------------


def np_softmax_loss(logits, labels):
    logits = logits.astype(np.float64)
    return -(labels * (logits - np.log(np.exp(logits).sum(-1, keepdims=True)))).sum(-1)


def test_losses_take_predictions_first_and_count_the_weights_that_are_not_zero():
    p, y, w = draw((11, 13)), draw((11, 13), 1), (np.arange(11) % 3).astype(np.float32)
    one_hot = np.eye(13)[np.arange(11) % 13]
    got = run(
        [
            losses.mean_squared_error(tf.constant(p), tf.constant(y)),
            losses.mean_squared_error(tf.constant(p), tf.constant(y), tf.constant(w)),
            losses.softmax_cross_entropy(tf.constant(p), tf.constant(one_hot), tf.constant(w)),
            losses.sigmoid_cross_entropy(tf.constant(p), tf.constant(one_hot), label_smoothing=0.2),
        ]
    )
    squares, smooth = (p - y).astype(np.float64) ** 2, one_hot * 0.8 + 0.1
    sigmoid = np.logaddexp(0, p.astype(np.float64)) - smooth * p
    np.testing.assert_allclose(
        got,
        [
            squares.mean(),
            (squares * w[:, None]).sum() / (13 * (w > 0).sum()),
            (np_softmax_loss(p, one_hot) * w).sum() / (w > 0).sum(),
            sigmoid.mean(),
        ],
        rtol=1e-5,
    )
    assert len(losses.get_losses()) == 4
    np.testing.assert_allclose(run(slim.losses.get_total_loss()), np.sum(got), rtol=1e-5)


def test_streaming_metrics_take_predictions_first():
    predictions, labels = tf.constant([1, 0, 1, 1]), tf.constant([1, 0, 0, 1])
    found = metrics.aggregate_metric_map(
        {
            "accuracy": metrics.streaming_accuracy(predictions, labels),
            "precision": metrics.streaming_precision(predictions, labels),
            "recall": metrics.streaming_recall(predictions, labels),
            "mean": metrics.streaming_mean([1.0, 2.0]),
        }
    )
    with session() as sess:
        sess.run(tf.local_variables_initializer())
        sess.run(list(found[1].values()))
        got = sess.run(found[0])
        share = sess.run(metrics.accuracy(predictions, labels))
        table = sess.run(metrics.confusion_matrix(labels, predictions))
    close(
        np.array([got[name] for name in ("accuracy", "precision", "recall", "mean")]),
        np.array([0.75, 2 / 3.0, 1.0, 1.5]),
    )
    assert share == 0.75
    np.testing.assert_array_equal(table, [[1, 1], [0, 2]])
    with pytest.raises(ValueError, match="labels must be of an integer type, bool or string, got float32"):
        metrics.accuracy(floats(3), floats(3))


# --- HParams, distributions, tables, data, words ----------------------------------------------


def test_hparams_keep_names_and_types():
    params = training.HParams(rate=0.1, sizes=[3, 5], name="net", on=True)
    assert params.rate == 0.1 and "rate" in params and params.get("none", 3) == 3
    assert params.parse("rate=1,sizes=[7,9],name=other,on=false") is params
    assert params.values() == {"rate": 1.0, "sizes": [7, 9], "name": "other", "on": False}
    assert isinstance(params.rate, float)
    params.parse("sizes[1]=4")
    assert params.sizes == [7, 4]
    params.set_hparam("rate", 2)
    params.add_hparam("depth", 3)
    assert params.parse_json(params.to_json()).depth == 3
    params.del_hparam("depth")
    assert str(params) == "rate=2.0,sizes=[7, 4],name=other,on=False"


@pytest.mark.parametrize(
    "text, error",
    [
        ("rte=1", "there is no parameter rte; there are name, rate, sizes"),
        ("rate=x", "rate must be of type float, got 'x'"),
        ("rate=1,rate=2", "rate is given twice"),
        ("=1", "cannot read '=1'"),
        ("rate=[1,2]", "rate must not be a list"),
        ("sizes=1", "sizes must be a list, got 1"),
    ],
)
def test_hparams_refuse_a_text(text, error):
    with pytest.raises(ValueError, match=error):
        training.HParams(rate=0.1, sizes=[3, 5], name="net").parse(text)


def test_hparams_refuse_another_type_and_a_name_twice():
    params = training.HParams(size=3, on=True)
    for name, value in (("size", 2.5), ("size", True), ("on", 1), ("size", "3")):
        with pytest.raises(ValueError, match=f"{name} must be of type"):
            params.set_hparam(name, value)
    with pytest.raises(ValueError, match="the name size is taken"):
        params.add_hparam("size", 4)


def test_distributions_are_those_of_tf_and_diagonal_normals():
    assert distributions.Normal is tf.distributions.Normal
    loc, scale, x = draw((11, 5)), np.abs(draw((11, 5), 1)) + 0.5, draw((11, 5), 2)
    d = distributions.MultivariateNormalDiag(tf.constant(loc), tf.constant(scale))
    assert d.event_shape.as_list() == [5] and d.batch_shape.as_list() == [11]
    unit = distributions.MultivariateNormalDiag(tf.zeros([5]), tf.ones([5]))
    got = run(
        [
            d.log_prob(x),
            d.entropy(),
            distributions.kl_divergence(d, unit),
            d.mean(),
            d.variance(),
            d.sample(20000, seed=3),
        ]
    )
    loc, scale, x = (value.astype(np.float64) for value in (loc, scale, x))
    one = -0.5 * ((x - loc) / scale) ** 2 - 0.5 * np.log(2 * np.pi) - np.log(scale)
    close(got[0], one.sum(1))
    close(got[1], (0.5 + 0.5 * np.log(2 * np.pi) + np.log(scale)).sum(1))
    close(got[2], 0.5 * (scale**2 + loc**2 - 1 - 2 * np.log(scale)).sum(1))
    close(got[3], loc)
    close(got[4], scale**2)
    assert got[5].shape == (20000, 11, 5)
    # 55 means of 20000 draws: within 5 standard errors
    assert (np.abs(got[5].mean(0) - loc) < 5 * scale / np.sqrt(20000)).all()
    np.testing.assert_allclose(got[5].std(0), scale, rtol=0.03)


def test_relaxed_categorical_draws_points_of_the_simplex():
    logits = np.log(np.array([0.2, 0.3, 0.5], np.float32))
    d = distributions.RelaxedOneHotCategorical(0.1, logits=logits)
    drawn = run(d.sample(20000, seed=3))
    close(drawn.sum(1), np.ones(20000))
    # the largest entry is drawn with the probabilities themselves; 5 standard errors
    share = np.bincount(drawn.argmax(1), minlength=3) / 20000.0
    np.testing.assert_allclose(share, [0.2, 0.3, 0.5], atol=0.018)
    with pytest.raises(ValueError, match="RelaxedOneHotCategorical: give logits or probs"):
        distributions.RelaxedOneHotCategorical(0.1)


def test_tables_look_up_both_ways():
    words = lookup.index_table_from_tensor(["a", "b", "c"], default_value=-1)
    buckets = lookup.index_table_from_tensor(["a", "b", "c"], num_oov_buckets=1)
    strings = lookup.index_to_string_table_from_tensor(["a", "b", "c"])
    got = run(
        [
            words.lookup(tf.constant(["b", "z"])),
            buckets.lookup(tf.constant(["b", "z"])),
            strings.lookup(tf.constant([2, 7], tf.int64)),
        ]
    )
    assert [value.tolist() for value in got] == [[1, -1], [1, 3], [b"c", b"UNK"]]


def test_data_names_are_those_of_tf_data():
    assert data.Dataset is tf.data.Dataset
    dataset = data.Dataset.range(7).apply(data.batch_and_drop_remainder(3))
    batches = tf.data.make_one_shot_iterator(dataset).get_next()
    assert batches.shape.as_list() == [3]
    assert run(batches).tolist() == [0, 1, 2]


def test_util_gives_constants():
    np.testing.assert_array_equal(util.constant_value(tf.constant([1, 2])), [1, 2])


def projected(projector):
    config = projector.ProjectorConfig()
    first = config.embeddings.add()
    first.tensor_name, first.metadata_path = "a:0", 'x/"y.tsv'
    first.sprite.image_path = "sprite.png"
    first.sprite.single_image_dim.extend([28, 28])
    config.embeddings.add(tensor_name="b").tensor_shape.append(3)
    config.model_checkpoint_path = "model.ckpt"
    return config


PROJECTED = """model_checkpoint_path: "model.ckpt"
embeddings {
  tensor_name: "a:0"
  metadata_path: "x/\\"y.tsv"
  sprite {
    image_path: "sprite.png"
    single_image_dim: 28
    single_image_dim: 28
  }
}
embeddings {
  tensor_name: "b"
  tensor_shape: 3
}
"""


def test_projector_writes_its_configuration(tmp_path):
    projector = tensorboard.plugins.projector
    writer = tf.summary.FileWriter(str(tmp_path))
    projector.visualize_embeddings(writer, projected(projector))
    writer.close()
    assert (tmp_path / "projector_config.pbtxt").read_text() == PROJECTED
    with pytest.raises(AttributeError, match="EmbeddingInfo has no field tensor; it has tensor_name, "):
        projector.EmbeddingInfo().tensor = "a"


@pytest.mark.tf1
def test_projectors_configuration_is_the_real_ones():
    real = importlib.import_module("tensorflow.contrib.tensorboard.plugins.projector")
    assert str(projected(real)) == PROJECTED


TEXTS = ["the cat sat", "the cat, the mat!", "a HTMLParser"]


def test_vocabulary_processor_numbers_words_in_their_order(tmp_path):
    processor = learn_preprocessing.VocabularyProcessor(4)
    rows = np.array(list(processor.fit_transform(TEXTS)))
    np.testing.assert_array_equal(rows, [[1, 2, 3, 0], [1, 2, 1, 4], [5, 6, 7, 0]])
    assert len(processor.vocabulary_) == 8
    assert list(processor.reverse(rows[:1])) == ["the cat sat <UNK>"]
    processor.save(str(tmp_path / "words"))
    again = learn_preprocessing.VocabularyProcessor.restore(str(tmp_path / "words"))
    np.testing.assert_array_equal(list(again.transform(["mat dog"])), [[4, 0, 0, 0]])


def test_vocabulary_processor_drops_rare_words():
    processor = learn_preprocessing.VocabularyProcessor(4, min_frequency=1)
    rows = np.array(list(processor.fit_transform(TEXTS)))
    np.testing.assert_array_equal(rows, [[1, 2, 0, 0], [1, 2, 1, 0], [0, 0, 0, 0]])


@pytest.mark.tf1
@pytest.mark.parametrize("least", [0, 1])
def test_vocabulary_processor_is_the_real_one(least):
    real = importlib.import_module("tensorflow.contrib.learn").preprocessing.VocabularyProcessor
    rows = [
        np.array(list(make(5, least).fit_transform(TEXTS))) for make in (real, learn_preprocessing.VocabularyProcessor)
    ]
    np.testing.assert_array_equal(rows[0], rows[1])
