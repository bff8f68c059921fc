"""legacy_gan.tf1.namespace: what is put over tensorflow.compat.v1, what is let through, what is named."""

import subprocess
import sys

import numpy as np
import pytest
import tensorflow.compat.v1 as v1

from legacy_gan.errors import NotServed
from legacy_gan.tf1 import tf
from legacy_gan.tf1.namespace import LazyValue, Namespace


def test_namespace_lets_through_what_it_has_no_word_for():
    assert tf.placeholder is v1.placeholder
    assert tf.nn.relu is v1.nn.relu
    assert tf.train.AdamOptimizer is v1.train.AdamOptimizer
    assert tf.image.rgb_to_grayscale is v1.image.rgb_to_grayscale


def test_namespace_serves_the_door_s_own():
    from legacy_gan.tf1 import layers, rnn, rnn_cell
    from legacy_gan.tf1.backend import precision

    assert tf.layers.dense is layers.dense
    assert tf.matmul is precision.matmul
    assert tf.nn.dynamic_rnn is rnn.dynamic_rnn
    assert tf.nn.rnn is rnn.static_rnn
    assert tf.nn.rnn_cell.BasicLSTMCell is rnn_cell.BasicLSTMCell
    assert tf.contrib.rnn.BasicLSTMCell is rnn_cell.BasicLSTMCell
    assert tf.contrib.slim.conv2d is tf.contrib.layers.conv2d


def test_tensorflow_s_own_modules_are_the_same_each_time():
    assert tf.summary is tf.summary
    assert tf.summary.scalar is v1.summary.scalar
    assert tf.app.flags.DEFINE_string is v1.app.flags.DEFINE_string
    assert getattr(tf.compat, "v2", None) is getattr(v1.compat, "v2", None)


def test_namespace_is_its_own_compat_v1():
    assert tf.compat.v1 is tf
    assert tf.compat.as_bytes("a") == b"a"


@pytest.mark.parametrize(
    "path,symbol,instead",
    [
        ("spam", "tf.spam", "has no such name"),
        ("reduce_meen", "tf.reduce_meen", "did you mean tf.reduce_mean?"),
        ("nn.spam", "tf.nn.spam", "has no such name"),
        ("train.AdamOptimiser", "tf.train.AdamOptimiser", "did you mean tf.train.AdamOptimizer?"),
        ("layers.spam", "tf.layers.spam", "tf.layers has"),
        ("nn.rnn_cell.spam", "tf.nn.rnn_cell.spam", "has no such name"),
        ("summary.spam", "tf.summary.spam", "has no such name"),
        ("summary.scalars", "tf.summary.scalars", "did you mean tf.summary.scalar?"),
        ("saved_model.loader.spam", "tf.saved_model.loader.spam", "has no such name"),
        ("contrib.spam", "tf.contrib.spam", ""),
        ("contrib.layers.spam", "tf.contrib.layers.spam", ""),
        ("contrib.learn.DNNClassifier", "tf.contrib.learn.DNNClassifier", "use tf.estimator.DNNClassifier"),
        ("estimator.spam", "tf.estimator.spam", ""),
        ("keras.spam", "tf.keras.spam", ""),
        ("contrib.learn.datasets.spam", "tf.contrib.learn.datasets.spam", ""),
    ],
)
def test_unserved_name_is_an_attribute_error_that_says_what_to_use(path, symbol, instead):
    *places, name = path.split(".")
    place = tf
    for part in places:
        place = getattr(place, part)
    with pytest.raises(NotServed) as caught:
        getattr(place, name)
    assert isinstance(caught.value, AttributeError)
    assert caught.value.symbol == symbol
    assert instead in caught.value.instead
    assert str(caught.value).startswith(symbol + " is not served; ")
    assert not hasattr(place, name)


def test_names_that_are_served_are_listed():
    for place, names in (
        (tf, ["contrib", "layers", "matmul", "mul", "nn", "placeholder"]),
        (tf.nn, ["dynamic_rnn", "relu", "rnn_cell", "seq2seq"]),
        (tf.train, ["AdamOptimizer", "SummaryWriter"]),
        (tf.contrib, ["layers", "learn", "slim"]),
    ):
        assert set(names) <= set(dir(place))
        assert set(dir(place)) >= set(place.__all__) >= set(names)
        assert "_own" not in dir(place)


def test_star_import_takes_what_is_served():
    names = {}
    exec("from legacy_gan.tf1.namespace import *", names)  # an ordinary module, to see that it works at all
    place = Namespace("tf.place", {"here": 1, "_hidden": 2}, base=Namespace("tf.base", {"there": 3}))
    sys.modules["place_of_a_test"] = place
    try:
        exec("from place_of_a_test import *", names)
    finally:
        del sys.modules["place_of_a_test"]
    assert (names["here"], names["there"]) == (1, 3)
    assert "_hidden" not in names


def test_value_of_its_own_hides_the_base_s_and_is_made_once():
    made = []
    base = Namespace("tf.base", {"name": "base's", "gone": 1})
    place = Namespace("tf.place", {"name": LazyValue(lambda: made.append(1) or "own")}, base, {"gone": "use name"})
    assert not made
    assert [place.name, place.name] == ["own", "own"]
    assert len(made) == 1
    with pytest.raises(NotServed, match="^tf.place.gone is not served; use name$"):
        place.gone
    assert "gone" not in dir(place)


def test_old_code_for_mnist_is_there_without_data():
    assert tf.contrib.learn.datasets.mnist.read_data_sets
    with pytest.raises(ValueError, match="'mnist'.*'iris'"):
        tf.contrib.learn.datasets.load_dataset("iris")


def test_eager_mode_is_refused():
    """Whose tf.layers objects would make new weights in every call."""
    with pytest.raises(NotServed, match="tf.enable_eager_execution is not served; listings run as graphs"):
        tf.enable_eager_execution()


def test_containers_of_learn_s_data_sets_are_there():
    base = tf.contrib.learn.datasets.base
    assert base.Datasets(train=1, validation=2, test=3).validation == 2
    assert base.Dataset(data=1, target=2).target == 2
    with pytest.raises(NotServed, match="genfromtxt"):
        base.load_csv_with_header


def test_door_loads_nothing_that_is_not_used():
    code = "from legacy_gan.tf1 import tf\ntf.nn.relu, tf.train, tf.mul\nimport sys\nprint(*sys.modules)"
    out = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], stdout=subprocess.PIPE, check=True, text=True
    ).stdout
    loaded = set(out.split())
    assert "legacy_gan.tf1.namespace" in loaded
    assert not loaded & {
        "legacy_gan.tf1.contrib",
        "legacy_gan.tf1.rnn",
        "legacy_gan.tf1.rnn_cell",
        "legacy_gan.porting.program.runner",
        "legacy_gan.data",
        "legacy_gan.input_data",
    }


def test_keras_is_let_through_where_it_builds_graphs():
    if getattr(v1.keras, "__version__", "2").startswith("3"):
        assert tf.keras.utils.to_categorical([1], 3).tolist() == [[0, 1, 0]]
        with pytest.raises(NotServed, match="tf.keras.layers is not served; Keras 3 builds no graphs"):
            tf.keras.layers
    else:
        with tf.Graph().as_default():
            assert tf.keras.layers.Dense(3)(np.zeros([2, 5], np.float32)).shape.as_list() == [2, 3]
