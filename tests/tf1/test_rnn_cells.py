"""Cells of tf.nn.rnn_cell and contrib.rnn: one step against NumPy in float64, first values, sharing, refusals."""

import copy

import numpy as np
import pytest

from legacy_gan.tf1 import rnn, rnn_cell, tf
from legacy_gan.tf1.contrib import legacy_seq2seq, rnn as contrib_rnn
from tests.support.cells import (
    BATCH,
    CELLS,
    IN,
    UNITS,
    close,
    initial_values,
    np_lstm,
    parts,
    sequence,
    session,
    set_weights,
    zeros,
)
from tests.support.graphs import draw, flat, names
from tests.support.rnn_scripts import lstm_names

pytestmark = pytest.mark.usefixtures("own_graph")


# --- Values: one step -------------------------------------------------------------------------


VARIABLES = {
    "rnn": [("kernel", [30, 17]), ("bias", [17])],
    "gru": [("gates/kernel", [30, 34]), ("gates/bias", [34]), ("candidate/kernel", [30, 17]), ("candidate/bias", [17])],
    "basic-lstm": [("kernel", [30, 68]), ("bias", [68])],
    "lstm": [("kernel", [30, 68]), ("bias", [68])],
    "lstm-peepholes": [
        ("kernel", [30, 68]),
        ("bias", [68]),
        ("w_f_diag", [17]),
        ("w_i_diag", [17]),
        ("w_o_diag", [17]),
    ],
    "lstm-projection": [("kernel", [20, 68]), ("bias", [68]), ("projection/kernel", [17, 7])],
    "block-lstm": [("kernel", [30, 68]), ("bias", [68]), ("w_i_diag", [17]), ("w_f_diag", [17]), ("w_o_diag", [17])],
}


@pytest.mark.parametrize("kind", sorted(CELLS))
def test_one_step_is_the_oracles(kind, defaults):
    make, scope, step, start = CELLS[kind]
    cell = make(rnn_cell)
    x = tf.placeholder(tf.float32, [None, IN])
    state = tf.nest.map_structure(lambda size: tf.placeholder(tf.float32, [None, size]), cell.state_size)
    output, new_state = cell(x, state)
    before = [draw(part.shape, 20 + k) for k, part in enumerate(flat(start))]
    with session() as sess:
        weights = parts(set_weights(sess), scope)
        fed = draw([BATCH, IN], 3)
        results = sess.run([output] + flat(new_state), dict(zip([x] + flat(state), [fed] + before)))
    before = tuple(before) if len(before) > 1 else before[0]
    expected, new = step(weights, fed.astype(np.float64), before)
    for actual, right in zip(results, [expected] + flat(new)):
        close(actual, right)
    assert output.shape.as_list() == [None, cell.output_size]
    assert type(new_state) is type(cell.state_size) or isinstance(cell.state_size, int)


@pytest.mark.parametrize("kind", sorted(VARIABLES))
def test_variables_of_a_cell_are_those_of_the_table(kind):
    make, scope, _, _ = CELLS[kind]
    cell = make(rnn_cell)
    cell(tf.zeros([BATCH, IN]), cell.zero_state(BATCH, tf.float32))
    made = [(v.op.name, v.shape.as_list()) for v in tf.trainable_variables()]
    assert made == [(scope + "/" + name, shape) for name, shape in VARIABLES[kind]]
    for several in (cell.trainable_weights, cell.weights, cell.variables, cell.trainable_variables):
        assert [v.op.name for v in several] == [name for name, _ in made]
    assert cell.non_trainable_weights == cell.non_trainable_variables == []
    assert (cell.scope_name, cell.dtype, cell.built) == (scope, "float32", True)


@pytest.mark.parametrize(
    "make",
    [
        lambda is_tuple: rnn_cell.BasicLSTMCell(UNITS, state_is_tuple=is_tuple),
        lambda is_tuple: rnn_cell.LSTMCell(UNITS, num_proj=7, state_is_tuple=is_tuple),
    ],
)
def test_a_state_in_one_tensor_is_the_tuple_side_by_side(make):
    x = tf.constant(draw([BATCH, IN]))
    whole, pair = make(False), make(True)
    state = tf.constant(draw([BATCH, whole.state_size], 5))
    with tf.variable_scope("net"):
        output, new_state = whole(x, state)
    with tf.variable_scope("net", reuse=True):
        output_2, new_pair = pair(x, tf.split(state, list(pair.state_size), axis=1))
    assert isinstance(new_pair, rnn_cell.LSTMStateTuple)
    assert sum(pair.state_size) == whole.state_size
    with session() as sess:
        set_weights(sess)
        one, two, three, four = sess.run([output, output_2, new_state, tf.concat(new_pair, 1)])
    np.testing.assert_array_equal(one, two)
    np.testing.assert_array_equal(three, four)


def test_shards_only_store_the_kernels_in_parts():
    x = tf.constant(draw([BATCH, IN]))
    cell = rnn_cell.LSTMCell(UNITS, num_proj=7, num_unit_shards=2, num_proj_shards=3)
    output, _ = cell(x, cell.zero_state(BATCH, tf.float32))
    assert names() == ["lstm_cell/kernel/part_0", "lstm_cell/kernel/part_1", "lstm_cell/bias"] + [
        f"lstm_cell/projection/kernel/part_{k}" for k in range(3)
    ]
    with session() as sess:
        w = parts(set_weights(sess), "lstm_cell")
        y = sess.run(output)
    w["kernel"] = np.concatenate([w["kernel/part_0"], w["kernel/part_1"]])
    w["projection/kernel"] = np.concatenate([w["projection/kernel/part_" + k] for k in "012"])
    close(y, np_lstm(w, draw([BATCH, IN]), zeros(UNITS, 7))[0])


@pytest.mark.parametrize(
    "batch",
    [
        BATCH,
        np.int64(BATCH),
        tf.TensorShape([BATCH])[0],
        lambda: tf.constant(BATCH),
        lambda: tf.shape(tf.placeholder(tf.float32, [None, 3]))[0],
    ],
    ids=["int", "numpy", "dimension", "constant", "shape"],
)
def test_zero_state_has_the_structure_of_state_size(batch):
    batch = batch() if callable(batch) else batch
    cell = rnn_cell.MultiRNNCell(
        [rnn_cell.DropoutWrapper(rnn_cell.LSTMCell(UNITS, num_proj=7), 0.5), rnn_cell.GRUCell(3)]
    )
    state = cell.zero_state(batch, tf.float64)
    assert cell.state_size == ((UNITS, 7), 3) and cell.output_size == 3
    assert isinstance(state[0], rnn_cell.LSTMStateTuple)
    known = tf.is_tensor(batch) and tf.get_static_value(batch) is None
    first = [None if known else BATCH]
    assert [part.shape.as_list() for part in flat(state)] == [first + [n] for n in (UNITS, 7, 3)]
    assert {part.dtype for part in flat(state)} == {tf.float64}
    assert state[0].dtype == tf.float64
    if not known:
        with session() as sess:
            for part, size in zip(sess.run(flat(state)), (UNITS, 7, 3)):
                np.testing.assert_array_equal(part, np.zeros([BATCH, size]))


def test_initial_state_takes_batch_and_type_of_the_inputs():
    cell = rnn_cell.GRUCell(UNITS)
    state = cell.get_initial_state(tf.zeros([BATCH, IN], tf.float64))
    assert (state.shape.as_list(), state.dtype) == ([BATCH, UNITS], tf.float64)
    state = cell.get_initial_state(tf.placeholder(tf.float32, [None, IN]))
    assert (state.shape.as_list(), state.dtype) == ([None, UNITS], tf.float32)
    with pytest.raises(ValueError, match="give inputs, or batch_size and dtype"):
        cell.get_initial_state(batch_size=3)


def test_lstm_state_of_two_types_is_refused():
    state = rnn_cell.LSTMStateTuple(tf.zeros([1]), tf.zeros([1], tf.float64))
    with pytest.raises(TypeError, match="of one type"):
        state.dtype


# --- Initial values ---------------------------------------------------------------------------


def test_kernels_start_glorot_uniform_and_biases_as_in_tf_115():
    for cell in (rnn_cell.BasicLSTMCell(UNITS), rnn_cell.GRUCell(UNITS), rnn_cell.BasicRNNCell(UNITS)):
        cell(tf.zeros([1, IN]), cell.zero_state(1, tf.float32))
    values = initial_values()
    assert len(values) == 8
    for name, value in values.items():
        if name.endswith("kernel"):
            bound = np.sqrt(6 / sum(value.shape))
            # The largest of 510 or more uniform numbers is below 0.97 of the bound once in 5e6.
            assert 0.97 * bound < np.abs(value).max() <= bound
            assert (value < 0).any() and (value > 0).any()
        else:
            np.testing.assert_array_equal(value, 1 if name == "gru_cell/gates/bias" else 0)


def test_initializers_come_from_the_scope_and_from_the_cell():
    with tf.variable_scope("net", initializer=tf.constant_initializer(0.25)):
        for cell in (
            rnn_cell.LSTMCell(UNITS, True, num_proj=7),
            rnn_cell.LSTMCell(UNITS, True, initializer=tf.constant_initializer(2.0), name="own"),
            rnn_cell.GRUCell(UNITS),
            rnn_cell.GRUCell(
                UNITS,
                kernel_initializer=tf.zeros_initializer(),
                bias_initializer=tf.constant_initializer(3.0),
                name="own_gru",
            ),
        ):
            cell(tf.zeros([1, IN]), cell.zero_state(1, tf.float32))
    values = {name: set(value.reshape(-1).tolist()) for name, value in initial_values().items()}
    assert len(values) == 19
    for name, value in values.items():
        kind = "bias" if name.endswith("bias") else "weight"
        expected = {
            ("lstm_cell", "bias"): 0,
            ("own", "bias"): 0,
            ("own", "weight"): 2,
            ("own_gru", "bias"): 3,
            ("own_gru", "weight"): 0,
            ("gru_cell", "bias"): 1 if "gates" in name else 0,
        }.get((name.split("/")[1], kind), 0.25)
        assert value == {expected}, name


def test_weights_are_frozen_with_trainable_false():
    cell = rnn_cell.GRUCell(UNITS, trainable=False)
    cell(tf.zeros([1, IN]), cell.zero_state(1, tf.float32))
    assert len(tf.global_variables()) == 4 and tf.trainable_variables() == []
    assert cell.trainable_weights == [] and len(cell.non_trainable_weights) == 4
    stack = rnn_cell.MultiRNNCell([cell, rnn_cell.BasicRNNCell(3)])
    stack(tf.zeros([1, IN]), stack.zero_state(1, tf.float32))
    assert [len(stack.trainable_weights), len(stack.non_trainable_weights)] == [2, 4]


# --- Sharing and refusals ---------------------------------------------------------------------


def test_one_object_shares_its_weights_between_calls_and_scopes():
    cell = rnn_cell.BasicLSTMCell(UNITS)
    x, state = tf.constant(draw([BATCH, IN])), cell.zero_state(BATCH, tf.float32)
    with tf.variable_scope("one"):
        first, _ = cell(x, state)
    with tf.variable_scope("two"):
        second, _ = cell(x, state)
    assert names() == lstm_names("one/basic_lstm_cell")
    with session() as sess:
        set_weights(sess)
        one, two = sess.run([first, second])
    np.testing.assert_array_equal(one, two)


def test_a_copy_of_a_cell_has_weights_of_its_own_and_shares_tensors():
    keep = tf.placeholder_with_default(np.float32(1), [])
    cell = rnn_cell.MultiRNNCell([rnn_cell.DropoutWrapper(rnn_cell.LSTMCell(UNITS, True), keep)])
    copied = copy.deepcopy(cell)
    assert copied._cells[0].cell is not cell._cells[0].cell
    for scope, one in (("a", cell), ("b", copied)):
        with tf.variable_scope(scope):
            one(tf.zeros([1, IN]), one.zero_state(1, tf.float32))
    assert len(names()) == 10 and names()[5:] == ["b" + name[1:] for name in names()[:5]]
    again = copy.deepcopy(copied)  # after its first call: the scope is fixed, so are the weights
    again(tf.zeros([1, IN]), again.zero_state(1, tf.float32))
    assert len(names()) == 10


def test_another_cell_in_a_scope_with_its_variables_needs_reuse():
    x, _ = sequence()
    rnn.dynamic_rnn(rnn_cell.GRUCell(UNITS), x, dtype=tf.float32)
    with pytest.raises(ValueError, match="rnn/gru_cell/gates/kernel already exists"):
        rnn.dynamic_rnn(rnn_cell.GRUCell(UNITS), x, dtype=tf.float32)
    with tf.variable_scope(tf.get_variable_scope(), reuse=True):
        rnn.dynamic_rnn(rnn_cell.GRUCell(UNITS), x, dtype=tf.float32)
    assert len(names()) == 4


def test_one_cell_at_two_depths_is_refused_where_the_sizes_differ():
    cell = rnn_cell.MultiRNNCell([rnn_cell.BasicLSTMCell(UNITS)] * 2)
    with pytest.raises(ValueError, match="34.*30|30.*34"):  # [17, 17] @ [13 + 17, 68]
        cell(tf.zeros([BATCH, IN]), cell.zero_state(BATCH, tf.float32))


@pytest.mark.parametrize(
    "build, error, message",
    [
        (
            lambda: rnn_cell.BasicLSTMCell(3)(tf.zeros([2, 5, 3]), (tf.zeros([2, 3]),) * 2),
            ValueError,
            "basic_lstm_cell: inputs must have 2 dimensions, got shape .*dynamic_rnn",
        ),
        (
            lambda: rnn_cell.GRUCell(3)(tf.placeholder(tf.float32, [2, None]), tf.zeros([2, 3])),
            ValueError,
            "gru_cell: the last size of inputs must be known",
        ),
        (
            lambda: rnn_cell.GRUCell(3)(tf.zeros([2, 3], tf.int32), tf.zeros([2, 3])),
            ValueError,
            "floating type, got int32; tf.cast",
        ),
        (lambda: rnn_cell.BasicRNNCell(3, dtype=tf.int32), ValueError, "floating type, got int32"),
        (lambda: rnn_cell.BasicLSTMCell(3, input_size=4), TypeError, "BasicLSTMCell: .* input_size"),
        (lambda: rnn_cell.GRUCell(3).zero_state(None, tf.float32), ValueError, "batch_size .* got None and 3"),
        (lambda: rnn_cell.GRUCell(3).scope_name, ValueError, "known after the first call"),
        (lambda: rnn_cell.MultiRNNCell([]), ValueError, "at least one cell"),
        (lambda: rnn_cell.MultiRNNCell(rnn_cell.GRUCell(3)), TypeError, "must be a list of cells"),
        (lambda: rnn_cell.MultiRNNCell([3]), TypeError, "must be an RNNCell, got 3, which lacks output_size"),
        (
            lambda: rnn_cell.MultiRNNCell([rnn_cell.BasicLSTMCell(3)], False),
            ValueError,
            "give the cells state_is_tuple=False too",
        ),
        (
            lambda: rnn_cell.MultiRNNCell([rnn_cell.GRUCell(3)])(tf.zeros([2, 3]), tf.zeros([2, 3])),
            ValueError,
            "a tuple of 1 states",
        ),
        (lambda: rnn_cell.DropoutWrapper(rnn_cell.GRUCell(3), 1.5), ValueError, "input_keep_prob .* got 1.5"),
        (
            lambda: rnn_cell.DropoutWrapper(rnn_cell.GRUCell(3), 0.5, variational_recurrent=True),
            ValueError,
            "needs dtype",
        ),
        (
            lambda: rnn_cell.DropoutWrapper(rnn_cell.GRUCell(3), 0.5, dtype=tf.float32, variational_recurrent=True),
            ValueError,
            "needs input_size",
        ),
        (
            lambda: rnn_cell.DropoutWrapper(rnn_cell.GRUCell(3), dropout_state_filter_visitor=3),
            TypeError,
            "must be a function, got 3",
        ),
        (
            lambda: rnn_cell.ResidualWrapper(rnn_cell.GRUCell(3))(tf.zeros([2, 4]), tf.zeros([2, 3])),
            ValueError,
            "must have its inputs' shape",
        ),
        (lambda: rnn_cell.RNNCell()(tf.zeros([2, 4]), tf.zeros([2, 3])), NotImplementedError, "define call"),
        (lambda: contrib_rnn.GRUBlockCell(), ValueError, "give num_units"),
        (lambda: contrib_rnn.LSTMBlockFusedCell(3)(tf.zeros([2, 4, 3])), ValueError, "initial_state or dtype"),
        (lambda: contrib_rnn.stack_bidirectional_rnn([], [], []), ValueError, "lists of one cell"),
        (lambda: legacy_seq2seq.sequence_loss([1], [1, 2], [1]), ValueError, "one length, got 1, 2 and 1"),
        (lambda: legacy_seq2seq.attention_decoder([], None, None, None), ValueError, "at least one step"),
    ],
)
def test_refusal_says_what_was_expected(build, error, message):
    with pytest.raises(error, match=message):
        build()
