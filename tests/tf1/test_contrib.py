"""tf.contrib of legacy_gan.tf1: its parts, what they refuse, signatures of TensorFlow 1.15."""

import inspect
import types

import pytest

from legacy_gan.errors import NotServed
from legacy_gan.porting import symbols
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
from tests.support.originals import real_contrib

pytestmark = pytest.mark.usefixtures("own_graph")


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
        "estimator.add_metrics",
        "image.bipartite_match",
        "opt.ShampooOptimizer",
        "cudnn_rnn.CudnnLSTM",
        "gan.estimator.TPUGANEstimator",
        "slim.nets.inception",
        "layers.embedding_column",
        "training.batch_sequences_with_states",
        "seq2seq.attention_decoder_fn_train",
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
    assert namespace.look_up("tf.contrib.slim.python.slim.nets.vgg") is slim.nets.vgg
    with pytest.raises(NotServed, match="tf.contrib.slim.nets.inception is not served; take the file of the network"):
        namespace.look_up("tf.contrib.slim.nets.inception.inception_v3")


@pytest.mark.parametrize("deep", sorted(table.INNER_PLACES))
def test_every_alias_leads_to_a_module(deep):
    place = table.INNER_PLACES[deep]
    if place.startswith("tf.keras."):  # there under `legacy-gan run` with tf_keras: tests/porting/test_keras.py
        assert place in symbols.names_by_module()
    else:
        assert isinstance(namespace.look_up(deep), types.ModuleType)


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
