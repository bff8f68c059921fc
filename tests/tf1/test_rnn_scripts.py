"""Recurrent networks as books and repositories write them: names of variables, figures of TensorFlow 1.15's own."""

import numpy as np
import pytest

from legacy_gan.tf1 import tf
from tests.support.cells import BATCH, IN, TIME, UNITS, ours, real, session, set_weights
from tests.support.graphs import flat, names
from tests.support.rnn_scripts import Script, gru_names, lstm_names

pytestmark = pytest.mark.usefixtures("own_graph")


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


@pytest.mark.tensorflow_2
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
