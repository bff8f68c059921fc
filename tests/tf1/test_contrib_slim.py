"""tf.contrib.slim: its names, end points, training loops; optimize_loss."""

import numpy as np
import pytest

from legacy_gan.tf1 import tf
from legacy_gan.tf1.contrib import framework, layers, losses, metrics, slim
from legacy_gan.tf1.contrib.layers import utils as layer_utils
from tests.support.graphs import KEYS, draw, floats, images, names, session

pytestmark = pytest.mark.usefixtures("own_graph")


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


def test_summaries_are_named_after_their_tensors():
    with tf.Graph().as_default():
        a, b = tf.constant([0.0, 3.0], name="a"), tf.constant(2.0, name="scope/b")
        slim.summaries.add_zero_fraction_summaries([a], prefix="fractions")
        slim.summaries.add_scalar_summary(b, print_summary=True)
        slim.summaries.add_histogram_summary(a, "values")
        slim.summaries.add_image_summaries([tf.ones([1, 2, 2, 1], name="image")])
        with tf.Session() as session:
            summary = tf.Summary.FromString(session.run(tf.summary.merge_all()))
    tags = {value.tag: value.simple_value for value in summary.value}
    assert tags == {"fractions/a/Fraction_of_Zero_Values": 0.5, "scope/b_1": 2.0, "values": 0.0, "image_1/image/0": 0.0}
