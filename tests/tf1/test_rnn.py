"""tf.nn.rnn_cell, the loops over time, contrib.rnn and contrib.legacy_seq2seq of legacy_gan.tf1.

Everywhere they are held to NumPy, written here in float64, and to the variables that TF 1.15 makes,
by name. Where TF 1.15 itself is installed (the marker tf1) they are held to its own: the same script
builds both, with the same weights, and outputs, gradients and steps of Adam must be equal.
"""

import copy
import inspect
import types

import numpy as np
import pytest

from legacy_gan.errors import NotServed
from legacy_gan.tf1 import rnn, rnn_cell, tf
from legacy_gan.tf1.contrib import legacy_seq2seq, rnn as contrib_rnn
from legacy_gan.tf1.rnn_cell import base, linear
from tests.support.used_names import used_names

BATCH, TIME, IN, UNITS = 11, 3, 13, 17
LENGTHS = np.array([3, 0, 1, 2, 3, 2, 1, 0, 3, 2, 1], np.int32)

ours = types.SimpleNamespace(cell=rnn_cell, loops=rnn, rnn=contrib_rnn, seq2seq=legacy_seq2seq, name="ours")


def real():
    """TF 1.15's own, under the same names."""
    import tensorflow
    from tensorflow.contrib import legacy_seq2seq as real_seq2seq, rnn as real_rnn

    assert real_rnn is not contrib_rnn and real_seq2seq is not legacy_seq2seq
    return types.SimpleNamespace(
        cell=tensorflow.compat.v1.nn.rnn_cell,
        loops=tensorflow.compat.v1.nn,
        rnn=real_rnn,
        seq2seq=real_seq2seq,
        name="real",
    )


@pytest.fixture(autouse=True)
def own_graph():
    """Every test builds in a graph of its own."""
    with tf.Graph().as_default() as graph:
        yield graph


@pytest.fixture
def tf1_defaults():
    """What disable_v2_behavior() leaves: TF1's variables, loops and shapes, as `legacy-gan run` has them."""
    loops, shapes = tf.control_flow_v2_enabled(), not tf.version.VERSION.startswith("1.")
    tf.disable_control_flow_v2()
    tf.disable_resource_variables()
    tf.disable_v2_tensorshape()
    try:
        yield
    finally:
        tf.enable_resource_variables()
        if loops:
            tf.enable_control_flow_v2()
        if shapes:
            tf.enable_v2_tensorshape()


@pytest.fixture(params=["the door's defaults", "TF1's defaults"])
def defaults(request):
    """Resource variables and TensorFlow's loops of today, and the defaults of TF1."""
    if request.param == "TF1's defaults":
        request.getfixturevalue("tf1_defaults")


def session():
    """A session on one thread of the CPU: the order of every sum is fixed."""
    config = tf.ConfigProto(
        device_count={"GPU": 0},
        intra_op_parallelism_threads=1,
        inter_op_parallelism_threads=1,
        use_per_session_threads=True,
    )  # else the first session of the process has set them for all
    config.graph_options.rewrite_options.disable_meta_optimizer = True  # takes longer than the graphs
    return tf.Session(config=config)


def draw(shape, seed=0, dtype=np.float32):
    return np.random.RandomState(seed).normal(size=shape).astype(dtype)


def set_weights(sess):
    """Gives every variable but Adam's random values; returns them in float64, by name."""
    state, feed = {}, {}
    for seed, variable in enumerate(tf.global_variables(), 100):
        if "Adam" in variable.op.name or variable.op.name.endswith("_power"):
            continue
        value = draw(variable.shape.as_list(), seed, variable.dtype.as_numpy_dtype) / 2
        feed[variable.initializer.inputs[1]] = value
        state[variable.op.name] = value.astype(np.float64)
    sess.run(tf.global_variables_initializer(), feed)
    return state


def sequence(depth=IN, dtype=tf.float32):
    """Returns (a placeholder [batch, time, depth], what to feed it)."""
    return tf.placeholder(dtype, [None, TIME, depth]), draw([BATCH, TIME, depth], 7, dtype.as_numpy_dtype)


def names():
    return [variable.op.name for variable in tf.global_variables()]


def close(actual, expected, tolerance=1e-5):
    """float32 against float64: sums of 13 + 17 products, 3 steps, values of order 1."""
    assert np.shape(actual) == np.shape(expected)
    np.testing.assert_allclose(actual, expected, rtol=tolerance, atol=tolerance)


def flat(structure):
    return tf.nest.flatten(structure)


# --- NumPy's answers --------------------------------------------------------------------------


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def np_rnn(w, x, h, activation=np.tanh):
    h = activation(np.concatenate([x, h], 1) @ w["kernel"] + w["bias"])
    return h, h


def np_gru(w, x, h):
    r, u = np.split(sigmoid(np.concatenate([x, h], 1) @ w["gates/kernel"] + w["gates/bias"]), 2, 1)
    candidate = np.tanh(np.concatenate([x, r * h], 1) @ w["candidate/kernel"] + w["candidate/bias"])
    h = u * h + (1 - u) * candidate
    return h, h


def np_lstm(w, x, state, forget_bias=1.0, activation=np.tanh, cell_clip=np.inf, proj_clip=np.inf):
    c, h = state
    i, j, f, o = np.split(np.concatenate([x, h], 1) @ w["kernel"] + w["bias"], 4, 1)
    c_new = sigmoid(f + forget_bias + w.get("w_f_diag", 0) * c) * c + sigmoid(
        i + w.get("w_i_diag", 0) * c
    ) * activation(j)
    c_new = np.clip(c_new, -cell_clip, cell_clip)
    h = sigmoid(o + w.get("w_o_diag", 0) * c_new) * activation(c_new)
    if "projection/kernel" in w:
        h = np.clip(h @ w["projection/kernel"], -proj_clip, proj_clip)
    return h, (c_new, h)


def parts(state, scope):
    """Returns the weights below `scope`, by the rest of their names."""
    return {name[len(scope) + 1 :]: value for name, value in state.items() if name.startswith(scope + "/")}


def np_run(step, x, state, lengths=None):
    """Runs step(x_t, state) along [batch, time, n]; past an example's length: zeros, state kept."""

    def kept(new, old, on):
        if isinstance(new, tuple):
            return tuple(kept(a, b, on) for a, b in zip(new, old))
        return np.where(on[:, None], new, old)

    outputs = []
    for t in range(x.shape[1]):
        output, new_state = step(x[:, t].astype(np.float64), state)
        on = np.ones(len(x), bool) if lengths is None else t < lengths
        outputs.append(np.where(on[:, None], output, 0))
        state = kept(new_state, state, on)
    return np.stack(outputs, 1), state


def zeros(*sizes):
    made = tuple(np.zeros([BATCH, size]) for size in sizes)
    return made if len(made) > 1 else made[0]


# --- The interface ----------------------------------------------------------------------------

SIGNATURES = {
    "BasicRNNCell": "num_units, activation=None, reuse=None, name=None, dtype=None, **kwargs",
    "GRUCell": "num_units, activation=None, reuse=None, kernel_initializer=None, "
    "bias_initializer=None, name=None, dtype=None, **kwargs",
    "BasicLSTMCell": "num_units, forget_bias=1.0, state_is_tuple=True, activation=None, "
    "reuse=None, name=None, dtype=None, **kwargs",
    "LSTMCell": "num_units, use_peepholes=False, cell_clip=None, initializer=None, num_proj=None, "
    "proj_clip=None, num_unit_shards=None, num_proj_shards=None, forget_bias=1.0, "
    "state_is_tuple=True, activation=None, reuse=None, name=None, dtype=None, **kwargs",
    "MultiRNNCell": "cells, state_is_tuple=True",
    "RNNCell": "trainable=True, name=None, dtype=None, **kwargs",
    "LSTMBlockCell": "num_units, forget_bias=1.0, cell_clip=None, use_peephole=False, dtype=None, "
    "reuse=None, name='lstm_cell'",
    "LSTMBlockFusedCell": "num_units, forget_bias=1.0, cell_clip=None, use_peephole=False, "
    "reuse=None, dtype=None, name='lstm_fused_cell'",
    "GRUBlockCell": "num_units=None, cell_size=None, reuse=None, name='gru_cell'",
    "LayerNormBasicLSTMCell": "num_units, forget_bias=1.0, input_size=None, activation=tanh, "
    "layer_norm=True, norm_gain=1.0, norm_shift=0.0, dropout_keep_prob=1.0, "
    "dropout_prob_seed=None, reuse=None",
    "AttentionCellWrapper": "cell, attn_length, attn_size=None, attn_vec_size=None, "
    "input_size=None, state_is_tuple=True, reuse=None",
    "EmbeddingWrapper": "cell, embedding_classes, embedding_size, initializer=None, reuse=None",
    "InputProjectionWrapper": "cell, num_proj, activation=None, input_size=None, reuse=None",
    "OutputProjectionWrapper": "cell, output_size, activation=None, reuse=None",
    "HighwayWrapper": "cell, couple_carry_transform_gates=True, carry_bias_init=1.0",
    "ConvLSTMCell": "conv_ndims, input_shape, output_channels, kernel_shape, use_bias=True, "
    "skip_connection=False, forget_bias=1.0, initializers=None, name='conv_lstm_cell'",
    # TF 1.15 hides these three behind *args.
    "DropoutWrapper": "cell, input_keep_prob=1.0, output_keep_prob=1.0, state_keep_prob=1.0, "
    "variational_recurrent=False, input_size=None, dtype=None, seed=None, "
    "dropout_state_filter_visitor=None, **kwargs",
    "ResidualWrapper": "cell, residual_fn=None, **kwargs",
    "DeviceWrapper": "cell, device, **kwargs",
}
HIDDEN = {"DropoutWrapper", "ResidualWrapper", "DeviceWrapper"}


def signature(function, skip=0):
    shown = []
    for parameter in list(inspect.signature(function).parameters.values())[skip:]:
        default = parameter.default
        if parameter.kind is parameter.VAR_KEYWORD:
            shown.append("**" + parameter.name)
        elif default is parameter.empty:
            shown.append(parameter.name)
        else:
            default = default.__name__ if callable(default) else repr(default)
            shown.append(f"{parameter.name}={default}")
    return ", ".join(shown)


@pytest.mark.parametrize("name", sorted(SIGNATURES))
def test_signature_is_the_table_of_tf_115(name):
    assert signature(getattr(contrib_rnn, name).__init__, 1) == SIGNATURES[name]


@pytest.mark.tf1
@pytest.mark.parametrize("name", sorted(SIGNATURES))
def test_signature_is_that_of_the_real_cell(name):
    # A wrapper's own arguments stand in its second base, where 1.15 has them.
    cell = getattr(real().rnn, name)
    cell = cell.__mro__[1] if name in HIDDEN else cell
    assert signature(cell.__init__, 1) == SIGNATURES[name]


@pytest.mark.tf1
@pytest.mark.parametrize(
    "name", legacy_seq2seq.__all__ + ["stack_bidirectional_rnn", "stack_bidirectional_dynamic_rnn"]
)
def test_signature_is_that_of_the_real_function(name):
    def found(served):
        return getattr(served.seq2seq if hasattr(served.seq2seq, name) else served.rnn, name)

    shown = signature(found(ours))
    assert shown.count(",") > 2
    assert shown.replace("tf.float32", "") == signature(found(real())).replace("tf.float32", "")


@pytest.mark.tf1
def test_namespaces_are_those_of_the_real_modules():
    theirs = real()
    assert set(rnn_cell.__all__) == {name for name in dir(theirs.cell) if name[0] != "_"}
    assert set(contrib_rnn.__all__) <= set(dir(theirs.rnn))
    assert set(legacy_seq2seq.__all__) == {name for name in dir(theirs.seq2seq) if name[0] != "_"}
    assert set(rnn.__all__) <= set(dir(theirs.loops))


@pytest.mark.parametrize(
    "module, prefix",
    [(rnn_cell, "tf.nn.rnn_cell"), (contrib_rnn, "tf.contrib.rnn"), (legacy_seq2seq, "tf.contrib.legacy_seq2seq")],
)
def test_what_is_not_served_is_an_error_that_names_what_is(module, prefix):
    with pytest.raises(NotServed, match=prefix + ".NoSuchThing is not served; .* has " + module.__all__[0]):
        module.NoSuchThing
    for name in module.__all__:
        assert callable(getattr(module, name))


@pytest.mark.parametrize("module", [rnn_cell, rnn, contrib_rnn, legacy_seq2seq])
def test_source_uses_no_keras(module):
    used = used_names(module)
    assert "tensorflow.compat.v1" in used
    assert not [name for name in used if "keras" in name.lower()]


# --- Values: one step -------------------------------------------------------------------------

CELLS = {
    "rnn": (lambda C: C.BasicRNNCell(UNITS), "basic_rnn_cell", np_rnn, zeros(UNITS)),
    "rnn-relu": (
        lambda C: C.BasicRNNCell(UNITS, tf.nn.relu),
        "basic_rnn_cell",
        lambda w, x, h: np_rnn(w, x, h, lambda v: np.maximum(v, 0)),
        zeros(UNITS),
    ),
    "rnn-linear": (
        lambda C: C.BasicRNNCell(UNITS, "linear"),
        "basic_rnn_cell",
        lambda w, x, h: np_rnn(w, x, h, lambda v: v),
        zeros(UNITS),
    ),
    "gru": (lambda C: C.GRUCell(UNITS), "gru_cell", np_gru, zeros(UNITS)),
    "basic-lstm": (lambda C: C.BasicLSTMCell(UNITS), "basic_lstm_cell", np_lstm, zeros(UNITS, UNITS)),
    "basic-lstm-forget": (
        lambda C: C.BasicLSTMCell(UNITS, 0.25, activation="softplus"),
        "basic_lstm_cell",
        lambda w, x, s: np_lstm(w, x, s, 0.25, lambda v: np.logaddexp(0, v)),
        zeros(UNITS, UNITS),
    ),
    "lstm": (lambda C: C.LSTMCell(UNITS), "lstm_cell", np_lstm, zeros(UNITS, UNITS)),
    "lstm-peepholes": (
        lambda C: C.LSTMCell(UNITS, True, 0.5, forget_bias=0.0),
        "lstm_cell",
        lambda w, x, s: np_lstm(w, x, s, 0.0, cell_clip=0.5),
        zeros(UNITS, UNITS),
    ),
    "lstm-projection": (
        lambda C: C.LSTMCell(UNITS, num_proj=7, proj_clip=0.25),
        "lstm_cell",
        lambda w, x, s: np_lstm(w, x, s, proj_clip=0.25),
        zeros(UNITS, 7),
    ),
    "block-lstm": (
        lambda C: contrib_rnn.LSTMBlockCell(UNITS, 0.5, 0.75, True),
        "lstm_cell",
        lambda w, x, s: np_lstm(w, x, s, 0.5, cell_clip=0.75),
        zeros(UNITS, UNITS),
    ),
}
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


def initial_values():
    with session() as sess:
        sess.run(tf.global_variables_initializer())
        return dict(zip(names(), sess.run(tf.global_variables())))


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


# --- Sequences --------------------------------------------------------------------------------


@pytest.mark.parametrize("lengths", [None, LENGTHS], ids=["whole", "lengths"])
@pytest.mark.parametrize("kind", ["rnn", "gru", "basic-lstm", "lstm-projection"])
def test_dynamic_rnn_is_the_oracles(kind, lengths, defaults):
    make, scope, step, start = CELLS[kind]
    x, fed = sequence()
    outputs, state = rnn.dynamic_rnn(make(rnn_cell), x, lengths, dtype=tf.float32)
    with session() as sess:
        weights = parts(set_weights(sess), "rnn/" + scope)
        results = sess.run([outputs] + flat(state), {x: fed})
    expected, last = np_run(lambda x, s: step(weights, x, s), fed, start, lengths)
    for actual, right in zip(results, [expected] + flat(last)):
        close(actual, right)
    if lengths is not None:
        assert (results[0][1] == 0).all() and (results[1][1] == 0).all()  # the example of length 0


@pytest.mark.parametrize("loop", ["time_major", "static", "static-lengths", "raw", "initial", "swap"])
def test_every_loop_is_the_oracles(loop, defaults):
    x, fed = sequence()
    lengths = LENGTHS if loop == "static-lengths" else None
    cell = rnn_cell.BasicLSTMCell(UNITS)
    start = zeros(UNITS, UNITS)
    scope = "rnn/basic_lstm_cell"
    if loop == "time_major":
        outputs, state = rnn.dynamic_rnn(
            cell, tf.transpose(x, [1, 0, 2]), dtype=tf.float32, time_major=True, scope="up"
        )
        outputs, scope = tf.transpose(outputs, [1, 0, 2]), "up/basic_lstm_cell"
    elif loop.startswith("static"):
        outputs, state = rnn.static_rnn(cell, tf.unstack(x, TIME, 1), dtype=tf.float32, sequence_length=lengths)
        outputs = tf.stack(outputs, 1)
    elif loop == "raw":
        inputs = tf.TensorArray(tf.float32, TIME).unstack(tf.transpose(x, [1, 0, 2]))

        def loop_fn(time, output, state, loop_state):
            done = time >= tf.fill([BATCH], TIME)
            following = tf.cond(tf.reduce_all(done), lambda: tf.zeros([BATCH, IN]), lambda: inputs.read(time))
            following.set_shape([BATCH, IN])
            if output is None:
                state = cell.zero_state(BATCH, tf.float32)
            return done, following, state, output, None

        outputs, state, _ = rnn.raw_rnn(cell, loop_fn)
        outputs = tf.transpose(outputs.stack(), [1, 0, 2])
    elif loop == "initial":
        start = tuple(draw([BATCH, UNITS], seed) for seed in (8, 9))
        outputs, state = rnn.dynamic_rnn(
            cell, x, initial_state=rnn_cell.LSTMStateTuple(*[tf.constant(part) for part in start])
        )
    else:
        outputs, state = rnn.dynamic_rnn(cell, x, dtype=tf.float32, swap_memory=True, parallel_iterations=1)
    with session() as sess:
        weights = parts(set_weights(sess), scope)
        results = sess.run([outputs, state.c, state.h], {x: fed})
    expected, (c, h) = np_run(lambda x, s: np_lstm(weights, x, s), fed, start, lengths)
    for actual, right in zip(results, (expected, c, h)):
        close(actual, right)


def reversed_within(x, lengths):
    flipped = np.array(x)
    for k, length in enumerate(lengths):
        flipped[k, :length] = x[k, :length][::-1]
    return flipped


@pytest.mark.parametrize("static", [False, True], ids=["dynamic", "static"])
def test_bidirectional_is_the_oracles_both_ways(static, defaults):
    x, fed = sequence()
    cells = rnn_cell.GRUCell(UNITS), rnn_cell.BasicRNNCell(7)
    if static:
        outputs, fw, bw = rnn.static_bidirectional_rnn(
            cells[0], cells[1], tf.unstack(x, TIME, 1), dtype=tf.float32, sequence_length=LENGTHS
        )
        outputs = tf.stack(outputs, 1)
    else:
        outputs, (fw, bw) = rnn.bidirectional_dynamic_rnn(cells[0], cells[1], x, LENGTHS, dtype=tf.float32)
        outputs = tf.concat(outputs, 2)
    with session() as sess:
        state = set_weights(sess)
        results = sess.run([outputs, fw, bw], {x: fed})
    forward = parts(state, "bidirectional_rnn/fw/gru_cell")
    backward = parts(state, "bidirectional_rnn/bw/basic_rnn_cell")
    assert len(forward) + len(backward) == len(state) == 6
    there, fw = np_run(lambda x, s: np_gru(forward, x, s), fed, zeros(UNITS), LENGTHS)
    back, bw = np_run(lambda x, s: np_rnn(backward, x, s), reversed_within(fed, LENGTHS), zeros(7), LENGTHS)
    expected = np.concatenate([there, reversed_within(back, LENGTHS)], 2)
    for actual, right in zip(results, (expected, fw, bw)):
        close(actual, right)


@pytest.mark.parametrize("kind", ["rnn", "gru", "basic-lstm", "lstm-peepholes", "lstm-projection"])
def test_gradient_is_the_oracles_slope(kind, defaults):
    make, scope, step, start = CELLS[kind]
    x, fed = sequence(dtype=tf.float64)
    outputs, state = rnn.dynamic_rnn(make(rnn_cell), x, LENGTHS, dtype=tf.float64)
    pull = [
        draw([BATCH] + part.shape.as_list()[1:], 30 + k, np.float64) for k, part in enumerate([outputs] + flat(state))
    ]
    loss = tf.add_n([tf.reduce_sum(part * weight) for part, weight in zip([outputs] + flat(state), pull)])
    sources = [x] + tf.trainable_variables()
    gradients = tf.gradients(loss, sources)
    with session() as sess:
        weights = set_weights(sess)
        found, value = sess.run([gradients, loss], {x: fed})
    moves = [draw(np.shape(gradient), 60 + k, np.float64) for k, gradient in enumerate(found)]

    def oracle(eps):
        moved = {name: weights[name] + eps * move for name, move in zip(names(), moves[1:])}
        moved = parts(moved, "rnn/" + scope)
        outputs, state = np_run(lambda x, s: step(moved, x, s), fed + eps * moves[0], start, LENGTHS)
        return sum((part * weight).sum() for part, weight in zip([outputs] + flat(state), pull))

    close(value, oracle(0.0), 1e-9)
    slope = (oracle(1e-6) - oracle(-1e-6)) / 2e-6
    along = sum((gradient * move).sum() for gradient, move in zip(found, moves))
    # The difference quotient is exact to about 1e-16 * value / 1e-6 and 1e-12 * third derivative.
    np.testing.assert_allclose(along, slope, rtol=1e-6)
    past = np.arange(TIME) >= LENGTHS[:, None]
    assert (found[0][past] == 0).all() and (found[0][~past] != 0).any()


# --- Names and sharing ------------------------------------------------------------------------


def lstm_names(*scopes):
    return [scope + part for scope in scopes for part in ("/kernel", "/bias")]


def gru_names(scope):
    return [scope + "/" + part + end for part in ("gates", "candidate") for end in ("/kernel", "/bias")]


class Script:
    """What every script of names, reuse and figures builds on: inputs, and modules to build with."""

    def __init__(self, served):
        self.cell, self.loops, self.rnn, self.seq2seq = (served.cell, served.loops, served.rnn, served.seq2seq)
        self.x = tf.placeholder(tf.float32, [None, TIME, IN], "x")
        self.lengths = tf.placeholder(tf.int32, [None], "lengths")
        self.symbols = tf.placeholder(tf.int32, [None, TIME], "symbols")
        self.steps = tf.unstack(self.x, TIME, 1)
        self.tokens = tf.unstack(self.symbols, TIME, 1)

    def feed(self, seed=0):
        return {
            self.x: draw([BATCH, TIME, IN], 7 + seed),
            self.lengths: LENGTHS,
            self.symbols: np.random.RandomState(seed).randint(0, 5, [BATCH, TIME]),
        }

    def lstm(self, size=UNITS, **options):
        return self.cell.BasicLSTMCell(size, **options)


def listing_mnist(s):
    """outputs[-1] of a transposed dynamic_rnn, as for MNIST's rows."""
    outputs, states = s.loops.dynamic_rnn(s.lstm(state_is_tuple=True), s.x, dtype=tf.float32)
    return [tf.transpose(outputs, [1, 0, 2])[-1], states.h, states[1], states.c]


def listing_static(s):
    outputs, states = s.rnn.static_rnn(
        s.rnn.BasicLSTMCell(UNITS, forget_bias=1.0), tf.unstack(s.x, TIME, 1), dtype=tf.float32
    )
    return [outputs[-1], states.h]


def listing_bidirectional(s):
    outputs, _, _ = s.rnn.static_bidirectional_rnn(
        s.rnn.BasicLSTMCell(UNITS), s.rnn.BasicLSTMCell(7), s.steps, dtype=tf.float32
    )
    return outputs


def listing_bidirectional_dynamic(s):
    outputs, states = s.loops.bidirectional_dynamic_rnn(
        s.cell.GRUCell(UNITS), s.cell.GRUCell(7), s.x, s.lengths, dtype=tf.float32, time_major=False
    )
    return [tf.concat(outputs, 2)] + list(states)


def listing_layers(s):
    cells = [s.cell.DropoutWrapper(s.lstm(n), output_keep_prob=0.5, seed=3) for n in (UNITS, 7, 3)]
    cell = s.cell.MultiRNNCell(cells, state_is_tuple=True)
    outputs, states = s.loops.dynamic_rnn(cell, s.x, s.lengths, dtype=tf.float32)
    return [outputs, states[-1].h, states[0].c]


def listing_seq2seq(s):
    with tf.variable_scope("encode"):
        cell = s.cell.DropoutWrapper(s.cell.BasicRNNCell(UNITS), output_keep_prob=0.5, seed=1)
        _, states = s.loops.dynamic_rnn(cell, s.x, dtype=tf.float32)
    with tf.variable_scope("decode"):
        cell = s.cell.DropoutWrapper(s.cell.BasicRNNCell(UNITS), output_keep_prob=0.5, seed=2)
        outputs, _ = s.loops.dynamic_rnn(cell, s.x[:, ::-1], initial_state=states, dtype=tf.float32)
    return [outputs]


def listing_ptb(s):
    """A loop over time by hand, which reuses its variables from the second step on."""
    cell = s.rnn.MultiRNNCell(
        [s.rnn.BasicLSTMCell(UNITS, forget_bias=0.0, state_is_tuple=True) for _ in range(2)], state_is_tuple=True
    )
    state = cell.zero_state(BATCH, tf.float32)
    outputs = []
    with tf.variable_scope("RNN"):
        for t in range(TIME):
            if t > 0:
                tf.get_variable_scope().reuse_variables()
            output, state = cell(s.x[:, t, :], state)
            outputs.append(output)
    return [tf.reshape(tf.concat(outputs, 1), [-1, UNITS]), state[1].c]


def listing_ptb_model_twice(s):
    """The training model and the test model on the same variables."""
    outputs = []
    for reuse in (None, True):
        with tf.variable_scope("Model", reuse=reuse):
            cell = s.cell.BasicLSTMCell(UNITS, reuse=tf.get_variable_scope().reuse)
            outputs.append(s.loops.dynamic_rnn(cell, s.x, dtype=tf.float32)[0])
    return outputs


def listing_one_cell_twice(s):
    """One object in two scopes has one set of weights, those of the first scope."""
    cell = s.cell.GRUCell(UNITS)
    with tf.variable_scope("one"):
        _, state = s.loops.dynamic_rnn(cell, s.x, dtype=tf.float32)
    with tf.variable_scope("two"):
        return [s.loops.dynamic_rnn(cell, s.x, initial_state=state)[0]]


def listing_same_cell_times_two(s):
    cell = s.cell.MultiRNNCell([s.lstm(IN)] * 2)
    return [s.loops.dynamic_rnn(cell, s.x, dtype=tf.float32)[0]]


def listing_two_cells_in_one_scope(s):
    x, outputs = s.steps[0], []
    for cell in (s.lstm(), s.lstm(7), s.lstm(3, name="third"), s.cell.LSTMCell(3)):
        outputs.append(cell(x, cell.zero_state(BATCH, tf.float32))[0])
    return outputs


def listing_scope_argument(s):
    cell, gru = s.lstm(), s.cell.GRUCell(7)
    stack = s.cell.MultiRNNCell([s.lstm(3)])
    state = cell.zero_state(BATCH, tf.float32)
    output, state = cell(s.steps[0], state, scope="own")
    output_2, state = cell(s.steps[1], state, scope="another")
    with tf.variable_scope("outer") as scope:
        output_3, _ = gru(s.steps[0], gru.zero_state(BATCH, tf.float32), scope)
    output_4, _ = stack(s.steps[0], stack.zero_state(BATCH, tf.float32), "stack")
    return [output, output_2, output_3, output_4]


def listing_peepholes_and_projection(s):
    cell = s.cell.LSTMCell(
        UNITS,
        use_peepholes=True,
        cell_clip=0.5,
        num_proj=7,
        proj_clip=0.25,
        forget_bias=0.0,
        initializer=tf.constant_initializer(0.1),
    )
    outputs, state = s.loops.dynamic_rnn(cell, s.x, s.lengths, dtype=tf.float32)
    return [outputs, state.c]


def listing_concatenated_states(s):
    cell = s.cell.MultiRNNCell([s.lstm(state_is_tuple=False), s.cell.GRUCell(7)], state_is_tuple=False)
    outputs, state = s.loops.dynamic_rnn(cell, s.x, dtype=tf.float32)
    assert cell.state_size == 2 * UNITS + 7 == state.shape.as_list()[1]
    return [outputs, state]


def listing_residual(s):
    cell = s.cell.MultiRNNCell(
        [
            s.cell.ResidualWrapper(s.cell.DeviceWrapper(s.cell.GRUCell(IN), "/cpu:0")),
            s.cell.ResidualWrapper(s.lstm(IN), lambda inputs, outputs: inputs * 0.5 + outputs),
        ]
    )
    return [s.loops.dynamic_rnn(cell, s.x, dtype=tf.float32)[0]]


def listing_dropouts(s):
    cell = s.cell.DropoutWrapper(
        s.cell.MultiRNNCell([s.lstm(), s.cell.GRUCell(7)]), tf.constant(0.75), 0.5, 0.25, seed=11
    )
    outputs, state = s.loops.dynamic_rnn(cell, s.x, dtype=tf.float32)
    return [outputs] + flat(state)


def listing_fed_dropout(s):
    keep = tf.placeholder_with_default(np.float32(0.75), [])
    cell = s.cell.DropoutWrapper(s.lstm(), keep, keep, seed=5)
    return [s.loops.dynamic_rnn(cell, s.x, dtype=tf.float32)[0]]


def listing_variational_dropout(s):
    cell = s.cell.DropoutWrapper(
        s.lstm(), 0.5, 0.75, 0.75, variational_recurrent=True, input_size=IN, dtype=tf.float32, seed=4
    )
    outputs, state = s.loops.dynamic_rnn(cell, s.x, dtype=tf.float32)
    return [outputs, state.c, state.h]


def own_cells(s):
    class OldCell(s.cell.RNNCell):
        """As they were written in 2016: no base __init__, __call__ itself."""

        def __init__(self, size):
            self._size = size

        state_size = property(lambda self: self._size)
        output_size = property(lambda self: self._size)

        def __call__(self, inputs, state, scope=None):
            with tf.variable_scope(scope or type(self).__name__):
                w = tf.get_variable("W", [inputs.get_shape()[-1], self._size])
                u = tf.get_variable("U", [self._size, self._size])
            output = tf.tanh(tf.matmul(inputs, w) + tf.matmul(state, u))
            return output, output

    class MyOwnRNN2Cell(s.cell.RNNCell):
        """get_variable in `call`, which also wants its scope."""

        def __init__(self, size, reuse=None):
            super().__init__(_reuse=reuse)
            self._size = size

        state_size = property(lambda self: s.cell.LSTMStateTuple(self._size, self._size))
        output_size = property(lambda self: self._size)

        def call(self, inputs, state, scope=None):
            assert scope is None or scope.name.endswith("my_own_rn_n2cell")
            c, h = state
            w = tf.get_variable("w", [inputs.shape.as_list()[1], self._size])
            b = tf.get_variable("b", [self._size], initializer=tf.zeros_initializer(), trainable=False)
            c = c * 0.5 + tf.matmul(inputs, w) + b
            return tf.tanh(c), s.cell.LSTMStateTuple(c, h + c)

    class _BuiltCell(s.rnn.LayerRNNCell):
        """Variables in `build`."""

        def __init__(self, size, **options):
            super().__init__(**options)
            self._size = size

        state_size = property(lambda self: self._size)
        output_size = property(lambda self: self._size)

        def build(self, inputs_shape):
            size = inputs_shape.as_list()[1]
            self._w = self.add_variable("w", shape=[size, self._size])
            self._u = self.add_weight("u", [self._size], tf.float32, tf.ones_initializer())
            self.built = True

        def call(self, inputs, state):
            output = tf.tanh(tf.matmul(inputs, self._w) + state * self._u)
            return output, output

    return OldCell, MyOwnRNN2Cell, _BuiltCell


def listing_own_cells(s):
    old, own, built = own_cells(s)
    cell = s.cell.MultiRNNCell([old(UNITS), own(7), built(3), own(3)])
    with tf.variable_scope("first"):
        outputs, state = s.loops.dynamic_rnn(cell, s.x, dtype=tf.float32)
    with tf.variable_scope("second"):
        lone, _ = s.loops.static_rnn(own(7), s.steps, dtype=tf.float32)
        twice = built(3)
        state_2 = twice.zero_state(BATCH, tf.float32)
        for t in range(2):
            last, state_2 = twice(s.steps[t], state_2)
    return [outputs, lone[-1], last] + flat(state)


def contrib_wrappers(s):
    with tf.variable_scope("words"):
        words, _ = s.loops.static_rnn(s.rnn.EmbeddingWrapper(s.lstm(7), 6, 3), s.tokens, dtype=tf.float32)
    with tf.variable_scope("out"):
        outputs, _ = s.loops.dynamic_rnn(
            s.rnn.OutputProjectionWrapper(s.cell.GRUCell(7), 3, activation=tf.nn.relu), s.x, dtype=tf.float32
        )
    with tf.variable_scope("in"):
        cell = s.rnn.InputProjectionWrapper(s.cell.GRUCell(7), 3)
        inputs, _ = s.loops.static_rnn(cell, s.steps, dtype=tf.float32)
    with tf.variable_scope("way"):
        ways = [
            s.loops.dynamic_rnn(
                s.rnn.HighwayWrapper(s.cell.GRUCell(IN), coupled, 0.5),
                s.x,
                dtype=tf.float32,
                scope="coupled" if coupled else "free",
            )[0]
            for coupled in (True, False)
        ]
    return [words[-1], outputs, inputs[-1]] + ways


def contrib_attention_cell(s):
    cell = s.rnn.AttentionCellWrapper(s.lstm(7), 3, attn_size=4, attn_vec_size=2, input_size=6)
    outputs, state = s.loops.dynamic_rnn(cell, s.x, dtype=tf.float32)
    with tf.variable_scope("flat"):
        cell = s.rnn.AttentionCellWrapper(s.cell.GRUCell(7), 2, state_is_tuple=False)
        flat_outputs, flat_state = s.loops.dynamic_rnn(cell, s.x, dtype=tf.float32)
    return [outputs, flat_outputs, flat_state] + flat(state)


def contrib_layer_norm(s):
    with tf.variable_scope("norm"):
        outputs, state = s.loops.dynamic_rnn(
            s.rnn.LayerNormBasicLSTMCell(UNITS, dropout_keep_prob=0.75, dropout_prob_seed=3), s.x, dtype=tf.float32
        )
    with tf.variable_scope("plain"):
        plain, _ = s.loops.dynamic_rnn(s.rnn.LayerNormBasicLSTMCell(7, layer_norm=False), s.x, dtype=tf.float32)
    return [outputs, plain, state.c]


def contrib_blocks(s):
    outputs, state = s.loops.dynamic_rnn(
        s.rnn.LSTMBlockCell(UNITS, use_peephole=True), s.x, s.lengths, dtype=tf.float32
    )
    with tf.variable_scope("old"):
        old, _ = s.loops.dynamic_rnn(s.rnn.GRUBlockCell(7), s.x, dtype=tf.float32)
    with tf.variable_scope("new"):
        new, _ = s.loops.dynamic_rnn(s.rnn.GRUBlockCellV2(cell_size=7), s.x, dtype=tf.float32)
    return [outputs, state.c, old, new]


def contrib_fused(s):
    upright = tf.transpose(s.x, [1, 0, 2])
    fused, state = s.rnn.LSTMBlockFusedCell(UNITS)(upright, dtype=tf.float32, sequence_length=s.lengths)
    other, _ = s.rnn.LSTMBlockFusedCell(7, 0.5, use_peephole=True, name="other")(
        upright, (tf.ones([BATCH, 7]), tf.zeros([BATCH, 7]))
    )
    adaptor = s.rnn.FusedRNNCellAdaptor(s.cell.GRUCell(3), use_dynamic_rnn=True)
    backward, last = s.rnn.TimeReversedFusedRNN(adaptor)(
        upright, dtype=tf.float32, sequence_length=s.lengths, scope="back"
    )
    static, _ = s.rnn.FusedRNNCellAdaptor(s.cell.GRUCell(3))(upright, dtype=tf.float32, scope="static")
    return [fused, state.c, state.h, other[-1], backward, last, static]


def contrib_stacks(s):
    def cells(*sizes):
        return [s.cell.GRUCell(size) for size in sizes]

    outputs, fw, bw = s.rnn.stack_bidirectional_dynamic_rnn(
        cells(UNITS, 3), cells(7, 3), s.x, dtype=tf.float32, sequence_length=s.lengths
    )
    with tf.variable_scope("static"):
        listed, _, _ = s.rnn.stack_bidirectional_rnn(cells(3, 2), cells(3, 2), s.steps, dtype=tf.float32)
    return [outputs, listed[0], listed[-1]] + list(fw) + list(bw)


def contrib_convolutions(s):
    outputs = []
    for name, shape, kernel, options in (
        ("Conv1DLSTMCell", [13, 1], [3], {}),
        ("Conv2DLSTMCell", [3, 4, 1], [3, 2], {"use_bias": False, "forget_bias": 0.5}),
    ):
        cell = getattr(s.rnn, name)(input_shape=shape, output_channels=2, kernel_shape=kernel, **options)
        x = tf.reshape(s.x[:, :, : int(np.prod(shape))], [-1, TIME] + shape)
        outputs.append(s.loops.dynamic_rnn(cell, x, dtype=tf.float32)[0])
    return outputs


def seq2seq_basic(s):
    outputs, state = s.seq2seq.basic_rnn_seq2seq(s.steps, s.steps[:2], s.lstm())
    tied, _ = s.seq2seq.tied_rnn_seq2seq(
        s.steps, s.steps, s.cell.GRUCell(IN), loop_function=lambda output, k: output * k
    )
    return outputs + [state.c] + tied


def seq2seq_embedding(s, feed_previous):
    outputs, state = s.seq2seq.embedding_rnn_seq2seq(
        s.tokens, s.tokens[:2], s.lstm(), 6, 7, 5, feed_previous=feed_previous
    )
    tied, _ = s.seq2seq.embedding_tied_rnn_seq2seq(
        s.tokens, s.tokens[:2], s.cell.GRUCell(7), 6, 5, feed_previous=feed_previous
    )
    return list(outputs) + [state.c] + list(tied)


def seq2seq_attention(s):
    outputs, state = s.seq2seq.embedding_attention_seq2seq(
        s.tokens, s.tokens[:2], s.cell.MultiRNNCell([s.lstm(7), s.cell.GRUCell(5)]), 6, 7, 5, num_heads=2
    )
    return list(outputs) + flat(state)


def seq2seq_fed_by_a_tensor(s):
    return seq2seq_embedding(s, tf.placeholder_with_default(True, []))


def seq2seq_projection(s):
    projection = tf.get_variable("w", [7, 6]), tf.get_variable("b", [6])
    outputs, _ = s.seq2seq.embedding_rnn_seq2seq(
        s.tokens[:2], s.tokens, s.cell.GRUCell(7), 6, 6, 5, output_projection=projection, feed_previous=True
    )
    attended, _ = s.seq2seq.embedding_attention_seq2seq(
        s.tokens[:2],
        s.tokens,
        s.cell.GRUCell(7),
        6,
        6,
        5,
        output_projection=projection,
        feed_previous=True,
        initial_state_attention=True,
    )
    return [tf.matmul(output, projection[0]) + projection[1] for output in outputs[1:] + attended]


def seq2seq_many(s):
    outputs, states = s.seq2seq.one2many_rnn_seq2seq(
        s.tokens, {"a": s.tokens[:2]}, s.cell.GRUCell(7), {"a": s.cell.GRUCell(7)}, 6, {"a": 5}, 3
    )
    return outputs["a"] + [states["a"]]


def seq2seq_buckets(s):
    weights = [tf.ones_like(token, tf.float32) * 0.5 for token in s.tokens]
    loss = tf.nn.sparse_softmax_cross_entropy_with_logits

    def model(encoder, decoder):
        return s.seq2seq.embedding_attention_seq2seq(encoder, decoder, s.cell.GRUCell(7), 6, 6, 5)

    with tf.variable_scope("net"):
        outputs, losses = s.seq2seq.model_with_buckets(s.tokens, s.tokens, s.tokens, weights, [(1, 2), (2, 3)], model)
    with tf.variable_scope("net", reuse=True):
        _, by_example = s.seq2seq.model_with_buckets(s.tokens, s.tokens, s.tokens, weights, [(1, 2)], model, loss, True)
    return [outputs[1][2]] + losses + by_example


NAMES = {
    listing_mnist: lstm_names("rnn/basic_lstm_cell"),
    listing_static: lstm_names("rnn/basic_lstm_cell"),
    listing_bidirectional: lstm_names("bidirectional_rnn/fw/basic_lstm_cell", "bidirectional_rnn/bw/basic_lstm_cell"),
    listing_bidirectional_dynamic: gru_names("bidirectional_rnn/fw/gru_cell")
    + gru_names("bidirectional_rnn/bw/gru_cell"),
    listing_layers: lstm_names(*[f"rnn/multi_rnn_cell/cell_{k}/basic_lstm_cell" for k in range(3)]),
    listing_seq2seq: lstm_names("encode/rnn/basic_rnn_cell", "decode/rnn/basic_rnn_cell"),
    listing_ptb: lstm_names("RNN/multi_rnn_cell/cell_0/basic_lstm_cell", "RNN/multi_rnn_cell/cell_1/basic_lstm_cell"),
    listing_ptb_model_twice: lstm_names("Model/rnn/basic_lstm_cell"),
    listing_one_cell_twice: gru_names("one/rnn/gru_cell"),
    listing_same_cell_times_two: lstm_names("rnn/multi_rnn_cell/cell_0/basic_lstm_cell"),
    listing_two_cells_in_one_scope: lstm_names("basic_lstm_cell", "basic_lstm_cell_1", "third", "lstm_cell"),
    listing_scope_argument: lstm_names("own") + gru_names("outer") + lstm_names("stack/cell_0/basic_lstm_cell"),
    listing_peepholes_and_projection: [
        "rnn/lstm_cell/" + name for name in ("kernel", "bias", "w_f_diag", "w_i_diag", "w_o_diag", "projection/kernel")
    ],
    listing_concatenated_states: lstm_names("rnn/multi_rnn_cell/cell_0/basic_lstm_cell")
    + gru_names("rnn/multi_rnn_cell/cell_1/gru_cell"),
    listing_residual: gru_names("rnn/multi_rnn_cell/cell_0/gru_cell")
    + lstm_names("rnn/multi_rnn_cell/cell_1/basic_lstm_cell"),
    listing_dropouts: lstm_names("rnn/multi_rnn_cell/cell_0/basic_lstm_cell")
    + gru_names("rnn/multi_rnn_cell/cell_1/gru_cell"),
    listing_fed_dropout: lstm_names("rnn/basic_lstm_cell"),
    listing_variational_dropout: lstm_names("rnn/basic_lstm_cell"),
    listing_own_cells: [
        "first/rnn/multi_rnn_cell/" + name
        for name in (
            "cell_0/OldCell/W",
            "cell_0/OldCell/U",
            "cell_1/my_own_rn_n2cell/w",
            "cell_1/my_own_rn_n2cell/b",
            "cell_2/private__built_cell/w",
            "cell_2/private__built_cell/u",
            "cell_3/my_own_rn_n2cell/w",
            "cell_3/my_own_rn_n2cell/b",
        )
    ]
    + [
        "second/rnn/my_own_rn_n2cell/w",
        "second/rnn/my_own_rn_n2cell/b",
        "second/private__built_cell/w",
        "second/private__built_cell/u",
    ],
    contrib_wrappers: ["words/rnn/embedding_wrapper/embedding"]
    + lstm_names("words/rnn/embedding_wrapper/basic_lstm_cell")
    + gru_names("out/rnn/output_projection_wrapper/gru_cell")
    + lstm_names("out/rnn/output_projection_wrapper", "in/rnn/input_projection_wrapper")
    + gru_names("in/rnn/input_projection_wrapper/gru_cell")
    + gru_names("way/coupled/gru_cell")
    + ["way/coupled/carry_w", "way/coupled/carry_b"]
    + gru_names("way/free/gru_cell")
    + ["way/free/" + name for name in ("carry_w", "carry_b", "transform_w", "transform_b")],
    contrib_attention_cell: [
        f"{scope}rnn/attention_cell_wrapper/{name}"
        for scope, inner in (("", lstm_names("basic_lstm_cell")), ("flat/", gru_names("gru_cell")))
        for name in ["kernel", "bias"]
        + inner
        + [
            "attention/attn_w",
            "attention/attn_v",
            "attention/kernel",
            "attention/bias",
            "attn_output_projection/kernel",
            "attn_output_projection/bias",
        ]
    ],
    contrib_layer_norm: [
        "norm/rnn/layer_norm_basic_lstm_cell/" + name
        for name in ["kernel"]
        + [scope + end for scope in ("input", "transform", "forget", "output", "state") for end in ("/gamma", "/beta")]
    ]
    + lstm_names("plain/rnn/layer_norm_basic_lstm_cell"),
    contrib_blocks: ["rnn/lstm_cell/" + name for name in ("kernel", "bias", "w_i_diag", "w_f_diag", "w_o_diag")]
    + ["old/rnn/gru_cell/" + name for name in ("w_ru", "b_ru", "w_c", "b_c")]
    + gru_names("new/rnn/gru_cell"),
    contrib_fused: lstm_names("lstm_fused_cell", "other")
    + [f"other/w_{gate}_diag" for gate in "ifo"]
    + gru_names("back/gru_cell")
    + gru_names("static/gru_cell"),
    contrib_stacks: [
        name
        for scope, inner in (("", "bidirectional_rnn/"), ("static/", ""))
        for k in range(2)
        for way in ("fw", "bw")
        for name in gru_names(f"{scope}stack_bidirectional_rnn/cell_{k}/{inner}{way}/gru_cell")
    ],
    contrib_convolutions: [
        "rnn/conv_1d_lstm_cell/kernel",
        "rnn/conv_1d_lstm_cell/biases",
        "rnn/conv_2d_lstm_cell/kernel",
    ],
    seq2seq_basic: lstm_names("basic_rnn_seq2seq/rnn/basic_lstm_cell", "basic_rnn_seq2seq/rnn_decoder/basic_lstm_cell")
    + gru_names("combined_tied_rnn_seq2seq/tied_rnn_seq2seq/gru_cell"),
    seq2seq_many: ["one2many_rnn_seq2seq/rnn/embedding_wrapper/embedding"]
    + gru_names("one2many_rnn_seq2seq/rnn/embedding_wrapper/gru_cell")
    + ["one2many_rnn_seq2seq/one2many_decoder_a/embedding_rnn_decoder/embedding"]
    + [
        ("one2many_rnn_seq2seq/one2many_decoder_a/embedding_rnn_decoder/rnn_decoder/output_projection_wrapper/") + name
        for name in gru_names("gru_cell") + ["kernel", "bias"]
    ],
}
_EMBEDDING = (
    [
        "embedding_rnn_seq2seq/" + name
        for name in ["rnn/embedding_wrapper/embedding"]
        + lstm_names("rnn/embedding_wrapper/basic_lstm_cell")
        + ["embedding_rnn_decoder/embedding"]
        + lstm_names(
            "embedding_rnn_decoder/rnn_decoder/output_projection_wrapper/basic_lstm_cell",
            "embedding_rnn_decoder/rnn_decoder/output_projection_wrapper",
        )
    ]
    + ["embedding_tied_rnn_seq2seq/embedding"]
    + [
        "embedding_tied_rnn_seq2seq/combined_tied_rnn_seq2seq/tied_rnn_seq2seq/output_projection_wrapper/" + name
        for name in gru_names("gru_cell") + ["kernel", "bias"]
    ]
)


def _attention_names(net, inner, wrapper="", heads=1):
    decoder = net + "embedding_attention_decoder/"
    return (
        [net + "rnn/embedding_wrapper/embedding"]
        + [net + "rnn/embedding_wrapper/" + name for name in inner]
        + [decoder + "embedding"]
        + [
            decoder + "attention_decoder/" + name
            for name in [f"Attn{part}_{head}" for head in range(heads) for part in "WV"]
            + ["kernel", "bias"]
            + [wrapper + name for name in inner]
            + (lstm_names(wrapper[:-1]) if wrapper else [])
            + lstm_names(*[f"Attention_{head}" for head in range(heads)] + ["AttnOutputProjection"])
        ]
    )


_ATTENTION = _attention_names(
    "embedding_attention_seq2seq/",
    lstm_names("multi_rnn_cell/cell_0/basic_lstm_cell") + gru_names("multi_rnn_cell/cell_1/gru_cell"),
    "output_projection_wrapper/",
    2,
)
NAMES.update(
    {
        seq2seq_attention: _ATTENTION,
        seq2seq_fed_by_a_tensor: _EMBEDDING,
        seq2seq_buckets: _attention_names(
            "net/embedding_attention_seq2seq/", gru_names("gru_cell"), "output_projection_wrapper/"
        ),
        # The state is attended to before the first input is seen, so its variables come first.
        seq2seq_projection: ["w", "b", "embedding_rnn_seq2seq/rnn/embedding_wrapper/embedding"]
        + gru_names("embedding_rnn_seq2seq/rnn/embedding_wrapper/gru_cell")
        + ["embedding_rnn_seq2seq/embedding_rnn_decoder/embedding"]
        + gru_names("embedding_rnn_seq2seq/embedding_rnn_decoder/rnn_decoder/gru_cell")
        + ["embedding_attention_seq2seq/rnn/embedding_wrapper/embedding"]
        + gru_names("embedding_attention_seq2seq/rnn/embedding_wrapper/gru_cell")
        + [
            "embedding_attention_seq2seq/embedding_attention_decoder/" + name
            for name in ["embedding"]
            + [
                "attention_decoder/" + name
                for name in ["AttnW_0", "AttnV_0"]
                + lstm_names("Attention_0")
                + ["kernel", "bias"]
                + gru_names("gru_cell")
                + lstm_names("AttnOutputProjection")
            ]
        ],
    }
)
SCRIPTS = sorted(NAMES, key=lambda script: script.__name__)


def training(served, script, steps, optimizer):
    """Returns (names, what each step computes, the weights before, the weights after).

    A step computes the outputs, the gradients of the inputs and of the weights, and the loss.
    """
    with tf.Graph().as_default():
        tf.set_random_seed(5)
        made = Script(served)
        outputs = script(made)
        # A quadratic loss: every output has a gradient of its own.
        loss = tf.add_n([tf.reduce_mean(tf.square(output - 0.5)) for output in outputs])
        variables = tf.trainable_variables()
        gradients = tf.gradients(loss, variables + [made.x])
        assert None not in gradients[:-1]
        gradients = [tf.convert_to_tensor(gradient) for gradient in gradients if gradient is not None]
        # In one run TF1's variables would change while gradients that are still due read them.
        given = [tf.placeholder(v.dtype.base_dtype, v.shape) for v in variables]
        train = optimizer.apply_gradients(list(zip(given, variables)))
        results = []
        with session() as sess:
            first = set_weights(sess)
            for step in range(steps):
                values = sess.run([outputs, gradients, loss], made.feed(step))
                sess.run(train, dict(zip(given, values[1])))
                results += flat(values)
            return names(), results, [first[v.op.name] for v in variables], sess.run(variables)


def by_name(scripts):
    return pytest.mark.parametrize("script", scripts, ids=lambda script: script.__name__)


@by_name(SCRIPTS)
def test_script_makes_these_variables_and_trains_them_all(script):
    all_names, results, before, after = training(ours, script, 1, tf.train.GradientDescentOptimizer(1.0))
    assert all_names == NAMES[script]
    assert all(np.isfinite(result).all() for result in results)
    assert len(before) == len(after) > 0
    assert [v for v, w in zip(before, after) if (v == w).all()] == []


@by_name(SCRIPTS)
def test_names_and_variables_follow_tf1s_defaults(script, tf1_defaults):
    script(Script(ours))
    assert names() == NAMES[script]
    assert {type(variable).__name__ for variable in tf.global_variables()} == {"RefVariable"}


@pytest.mark.tf1
@by_name(SCRIPTS)
def test_figures_are_those_of_the_real_cells(script, tf1_defaults):
    expected, actual = (training(served, script, 3, tf.train.AdamOptimizer(0.01)) for served in (real(), ours))
    assert actual[0] == expected[0]  # with Adam's, so a checkpoint of one loads in the other
    for mine, theirs in zip(actual[1] + actual[3], expected[1] + expected[3]):
        assert mine.dtype == theirs.dtype and mine.shape == theirs.shape
        # float32, and sums of up to 4 layers and 3 steps in another order.
        np.testing.assert_allclose(mine, theirs, rtol=1e-5, atol=1e-5 * np.abs(theirs).max())


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


# --- Wrappers ---------------------------------------------------------------------------------


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
        outputs = linear._linear([one, two], UNITS, True, bias)
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


# --- contrib ----------------------------------------------------------------------------------


def test_fused_lstm_is_the_oracle_along_the_sequence():
    x, fed = sequence()
    outputs, (c, h) = contrib_rnn.LSTMBlockFusedCell(UNITS, 0.5, 0.75, True)(
        tf.unstack(x, TIME, 1), dtype=tf.float32, sequence_length=LENGTHS
    )
    with session() as sess:
        weights = parts(set_weights(sess), "lstm_fused_cell")
        results = sess.run([tf.stack(outputs, 1), c, h], {x: fed})
    assert len(weights) == 5
    expected, (c, h) = np_run(
        lambda x, s: np_lstm(weights, x, s, 0.5, cell_clip=0.75), fed, zeros(UNITS, UNITS), LENGTHS
    )
    for actual, right in zip(results, (expected, c, h)):
        close(actual, right)


def test_layer_norm_lstm_is_the_oracles():
    def norm(values, scope):
        centred = values - values.mean(1, keepdims=True)
        scaled = centred / np.sqrt((centred**2).mean(1, keepdims=True) + 1e-12)
        return scaled * w[scope + "/gamma"] + w[scope + "/beta"]

    x, c, h = draw([BATCH, IN]), draw([BATCH, UNITS], 1), draw([BATCH, UNITS], 2)
    output, state = contrib_rnn.LayerNormBasicLSTMCell(UNITS, 0.5)(
        tf.constant(x), rnn_cell.LSTMStateTuple(tf.constant(c), tf.constant(h))
    )
    with session() as sess:
        w = parts(set_weights(sess), "layer_norm_basic_lstm_cell")
        results = sess.run([output, state.c])
    gates = np.split(np.concatenate([x, h], 1) @ w["kernel"], 4, 1)
    i, j, f, o = [norm(gate, scope) for gate, scope in zip(gates, ("input", "transform", "forget", "output"))]
    c = norm(c * sigmoid(f + 0.5) + sigmoid(i) * np.tanh(j), "state")
    close(results[1], c)
    close(results[0], np.tanh(c) * sigmoid(o))


@pytest.mark.parametrize("over_time", [True, False])
def test_sequence_loss_is_the_weighted_cross_entropy(over_time):
    logits = [draw([BATCH, 7], k) for k in range(TIME)]
    targets = [np.arange(BATCH) * (k + 1) % 7 for k in range(TIME)]
    weights = [draw([BATCH], 50 + k) ** 2 for k in range(TIME)]
    tensors = [[tf.constant(part) for part in group] for group in (logits, targets, weights)]
    by_example = legacy_seq2seq.sequence_loss_by_example(*tensors, average_across_timesteps=over_time)
    mean = legacy_seq2seq.sequence_loss(*tensors, average_across_timesteps=over_time)
    total = legacy_seq2seq.sequence_loss(
        *tensors,
        average_across_timesteps=over_time,
        average_across_batch=False,
        softmax_loss_function=lambda labels, logits: tf.nn.sparse_softmax_cross_entropy_with_logits(
            labels=labels, logits=logits
        ),
    )
    with session() as sess:
        results = sess.run([by_example, mean, total])
    expected = 0
    for logit, target, weight in zip(logits, targets, weights):
        logit = logit.astype(np.float64)
        likely = logit[np.arange(BATCH), target] - np.log(np.exp(logit).sum(1))
        expected = expected - weight * likely
    if over_time:
        expected = expected / np.sum(weights, 0, np.float64)
    close(results[0], expected)
    close(results[1], expected.mean())
    close(results[2], expected.sum(), 1e-4)  # a sum of 11 of them, each of order 10


def test_feeding_by_a_tensor_is_feeding_by_its_value():
    """The decoder that reads its own output differs from the one that is given the words."""
    s, outcomes = Script(ours), []
    for feed in (True, False, tf.placeholder_with_default(True, []), tf.placeholder_with_default(False, [])):
        with tf.variable_scope("net", reuse=bool(outcomes)):
            outcomes.append(
                s.seq2seq.embedding_rnn_seq2seq(s.tokens, s.tokens, s.lstm(), 6, 7, 5, feed_previous=feed)[0][-1]
            )
    with session() as sess:
        set_weights(sess)
        fed, given, fed_2, given_2 = sess.run(outcomes, s.feed())
    np.testing.assert_array_equal(fed, fed_2)
    np.testing.assert_array_equal(given, given_2)
    assert (fed != given).any()
