"""The smaller parts of tf.contrib: losses, metrics, hparams, distributions, tables, data, words, the projector."""

import importlib

import numpy as np
import pytest

from legacy_gan.tf1 import tf
from legacy_gan.tf1.contrib import (
    data,
    distributions,
    learn_preprocessing,
    lookup,
    losses,
    metrics,
    slim,
    tensorboard,
    training,
    util,
)
from tests.support.graphs import close, draw, floats, run, session
from tests.support.numpy_layers import np_softmax_loss

pytestmark = pytest.mark.usefixtures("own_graph")


# --- Losses, metrics --------------------------------------------------------------------------


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


def test_what_learns_estimators_are_run_for_and_with():
    learn = tf.contrib.learn
    assert (learn.ModeKeys.TRAIN, learn.ModeKeys.EVAL, learn.ModeKeys.INFER) == ("train", "eval", "infer")
    assert (learn.TaskType.PS, learn.PredictionKey.GENERIC, learn.ProblemType.CLASSIFICATION) == ("ps", "output", 1)
    with pytest.raises(ValueError, match="Invalid mode predict"):
        learn.ModeKeys.validate("predict")
    config = learn.RunConfig(save_checkpoints_secs=None, save_checkpoints_steps=7, num_cores=3, model_dir="m")
    assert (config.save_checkpoints_steps, config.save_checkpoints_secs) == (7, None)
    assert config.session_config.intra_op_parallelism_threads == 3 and isinstance(config, tf.estimator.RunConfig)
    assert learn.RunConfig().save_checkpoints_secs == 600 and config.replace(model_dir="n").model_dir == "n"
