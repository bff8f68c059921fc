"""What the tests of recurrent networks share: sizes, TensorFlow's own cells, NumPy's answers in float64."""

import functools
import types

import numpy as np

from legacy_gan.tf1 import rnn, rnn_cell, tf
from legacy_gan.tf1.contrib import legacy_seq2seq, rnn as contrib_rnn
from tests.support import graphs
from tests.support.graphs import draw, names

# Building these graphs takes longer than running them.
session = functools.partial(graphs.session, rewrites=False)
set_weights = functools.partial(graphs.set_weights, scale=0.5)

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


def sequence(depth=IN, dtype=tf.float32):
    """Returns (a placeholder [batch, time, depth], what to feed it)."""
    return tf.placeholder(dtype, [None, TIME, depth]), draw([BATCH, TIME, depth], 7, dtype.as_numpy_dtype)


def close(actual, expected, tolerance=1e-5):
    """float32 against float64: sums of 13 + 17 products, 3 steps, values of order 1."""
    graphs.close(actual, expected, tolerance, tolerance)


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


def initial_values():
    with session() as sess:
        sess.run(tf.global_variables_initializer())
        return dict(zip(names(), sess.run(tf.global_variables())))


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
