"""Wrappers of tf.nn.rnn_cell: dropout, residual connections, a device; the product of inputs side by side."""

import numpy as np
import pytest

from legacy_gan.tf1 import rnn_cell, tf
from legacy_gan.tf1.rnn_cell import base, linear
from tests.support.cells import BATCH, IN, UNITS, close, initial_values, session, set_weights
from tests.support.graphs import draw, names

pytestmark = pytest.mark.usefixtures("own_graph")


class Passing(rnn_cell.RNNCell):
    """Gives its inputs as output, and as both parts of its state."""

    state_size = rnn_cell.LSTMStateTuple(500, 500)
    output_size = 500

    def call(self, inputs, state):
        return inputs, rnn_cell.LSTMStateTuple(inputs, inputs)


def passed(steps=1, **options):
    """Returns [output, c, h] of each of the steps, for inputs of 1."""
    cell = rnn_cell.DropoutWrapper(Passing(), **options)
    results = []
    for _ in range(steps):
        output, state = cell(tf.ones([BATCH, 500]), cell.zero_state(BATCH, tf.float32))
        results.append([output, state.c, state.h])
    with session() as sess:
        return sess.run(results)


@pytest.mark.parametrize(
    "keep", [0.25, lambda: tf.placeholder_with_default(np.float32(0.25), [])], ids=["number", "tensor"]
)
@pytest.mark.parametrize("where, dropped", [("input", (0, 1, 2)), ("output", (0,)), ("state", (2,))])
def test_dropout_keeps_its_share_and_scales_it(where, dropped, keep):
    (values,) = passed(**{where + "_keep_prob": keep() if callable(keep) else keep, "seed": 3})
    for place, value in enumerate(values):
        if place in dropped:
            assert set(np.unique(value)) == {0, 4}
            # 5,500 draws: the standard deviation of the share is 0.006.
            assert abs((value > 0).mean() - 0.25) < 0.03
            assert (value[0] != value[1]).any()
        else:
            np.testing.assert_array_equal(value, 1)


def test_dropout_of_probability_1_adds_nothing_to_the_graph():
    cell = rnn_cell.DropoutWrapper(rnn_cell.GRUCell(3), 1.0, 1, tf.constant(1.0))
    cell(tf.zeros([1, IN]), cell.zero_state(1, tf.float32))
    names_of = [operation.name for operation in tf.get_default_graph().get_operations()]
    assert [name for name in names_of if "gru_cell" in name]
    assert not [name for name in names_of if "dropout" in name.replace("DropoutWrapper", "")]


def test_dropout_draws_anew_at_every_step_unless_it_is_variational():
    plain = passed(2, output_keep_prob=0.5)
    assert (plain[0][0] != plain[1][0]).any()
    same = passed(2, output_keep_prob=0.5, state_keep_prob=0.5, variational_recurrent=True, dtype=tf.float32)
    np.testing.assert_array_equal(same[0], same[1])
    output, c, h = same[0]
    assert set(np.unique(output)) == {0, 2} == set(np.unique(h)) and (c == 1).all()
    assert (output == output[0]).all() and (output[0] != h[0]).any()


def test_dropout_asks_the_visitor_which_part_of_the_state():
    ((output, c, h),) = passed(
        state_keep_prob=0.5,
        dropout_state_filter_visitor=lambda state: (
            rnn_cell.LSTMStateTuple(True, False) if isinstance(state, rnn_cell.LSTMStateTuple) else True
        ),
    )
    assert set(np.unique(c)) == {0, 2} and (h == 1).all() and (output == 1).all()


def test_device_wrapper_places_the_cell():
    cell = rnn_cell.DeviceWrapper(rnn_cell.GRUCell(3), "/cpu:0")
    output, _ = cell(tf.zeros([1, IN]), cell.zero_state(1, tf.float32))
    assert "CPU:0" in output.device.upper() and cell.output_size == cell.state_size == 3


def test_residual_wrapper_adds_the_inputs_or_what_it_is_told():
    x, state = tf.constant(draw([BATCH, UNITS])), tf.constant(draw([BATCH, UNITS], 1))
    cell = rnn_cell.GRUCell(UNITS)
    plain, _ = cell(x, state)
    added, _ = rnn_cell.ResidualWrapper(cell)(x, state)
    told, _ = rnn_cell.ResidualWrapper(cell, lambda inputs, outputs: outputs - 2 * inputs)(x, state)
    with session() as sess:
        set_weights(sess)
        one, two, three, inputs = sess.run([plain, added, told, x])
    np.testing.assert_array_equal(two, inputs + one)
    np.testing.assert_array_equal(three, one - 2 * inputs)


@pytest.mark.parametrize("bias", [None, 0.5, tf.constant_initializer(0.5)], ids=["none", "number", "init"])
def test_linear_is_the_affine_map_of_the_inputs_side_by_side(bias):
    one, two = tf.constant(draw([BATCH, IN])), tf.constant(draw([BATCH, 3], 1))
    with tf.variable_scope("Gates"):
        outputs = linear.linear([one, two], UNITS, True, bias)
    assert names() == ["Gates/kernel", "Gates/bias"]
    np.testing.assert_array_equal(initial_values()["Gates/bias"], 0.5 if bias else 0)
    with session() as sess:
        state = set_weights(sess)
        y = sess.run(outputs)
    x = np.concatenate([draw([BATCH, IN]), draw([BATCH, 3], 1)], 1)
    close(y, x @ state["Gates/kernel"] + state["Gates/bias"])


@pytest.mark.tf1
def test_snake_case_of_class_names_is_keras_own():
    from tensorflow.python.keras.engine.base_layer import to_snake_case

    for name in (
        "BasicLSTMCell",
        "GRUCell",
        "MyLSTM2",
        "_Own",
        "A",
        "LSTMBlockCell",
        "My_Cell",
        "lower",
        "Conv2DLSTMCell",
        "__Two",
        "ABCDef",
        "X1Y2",
    ):
        assert base._snake_case(name) == to_snake_case(name)
