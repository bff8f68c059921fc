"""legacy_gan.tf1.global_step: a step is read before it changes, with any kind of variable, on every TensorFlow."""

import numpy as np
import pytest

from legacy_gan.tf1 import global_step, tf


@pytest.fixture(params=[False, True], ids=["reference", "resource"])
def step(request):
    """The global step of a graph of its own."""
    with tf.Graph().as_default():
        tf.get_variable_scope().set_use_resource(request.param)
        yield tf.train.get_or_create_global_step()


def test_an_optimizer_of_ones_own_has_the_learning_rate_of_the_step_before(step):
    """As BERT's: the rate warms up, and the step is assigned in one group with the weights."""
    weights = tf.get_variable("w", [64, 64], initializer=tf.zeros_initializer())
    fed = tf.placeholder(tf.float32, [64, 64])
    loss = tf.reduce_mean(tf.square(tf.matmul(fed, weights) - 1))
    rate = tf.train.polynomial_decay(tf.constant(1.0), step, 100, end_learning_rate=0.0)
    rate = tf.where(tf.cast(step, tf.int32) < 10, tf.cast(tf.cast(step, tf.int32), tf.float32) / 10, rate)
    update = weights.assign(weights - rate * tf.gradients(loss, [weights])[0])
    train = tf.group(update, [step.assign(step + 1)])
    x = np.random.RandomState(0).normal(size=(64, 64))
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        rates = [session.run([train, rate], {fed: x})[1] for _ in range(40)]
        assert session.run(step) == 40
    np.testing.assert_allclose(rates, [i / 10 if i < 10 else 1 - i / 100 for i in range(40)], rtol=1e-6)


def test_initializing_restoring_and_setting_wait_for_nothing(step, tmp_path):
    shown = tf.cast(step, tf.float32) * 2
    given = tf.placeholder(tf.int64, [])
    setting, adding = tf.assign(step, given), tf.assign_add(step, 2)
    saver = tf.train.Saver()
    with tf.Session() as session:  # reading a variable without a value would be an error
        session.run(setting, {given: 5})
        assert session.run(shown) == 10
        path = saver.save(session, str(tmp_path / "model"))
        session.run(adding)
    with tf.Session() as session:
        saver.restore(session, path)
        assert session.run([step, shown]) == [5, 10]
    assert not setting.op.control_inputs
    assert [op.name for op in adding.op.control_inputs]


def test_what_depends_on_more_than_the_step_is_not_waited_for(step):
    fed = tf.placeholder(tf.float32, [])
    tf.multiply(tf.cast(step, tf.float32) * fed, fed)
    with tf.control_dependencies([fed + 1]):
        tf.identity(step)
    train = tf.assign_add(step, 1)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        assert session.run(train) == 1  # nothing is fed
    global_step.order_reads_first(step.graph)
    assert len(train.op.control_inputs) <= 3


def test_graphs_without_a_step_of_training_are_left_alone():
    with tf.Graph().as_default() as graph:
        tf.Variable(0.0, name="global_step")
        global_step.order_reads_first(graph)
        with tf.Session() as session:
            session.run(tf.global_variables_initializer())
