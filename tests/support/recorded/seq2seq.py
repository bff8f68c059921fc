"""Recorded scripts of tf.contrib.seq2seq."""

import numpy as np

from legacy_gan.tf1 import tf
from tests.support.graphs import draw
from tests.support.recorded import Case

__all__ = [
    "beam_search",
    "beam_search_attention",
    "beam_search_attention_known",
    "beam_search_coverage",
    "beam_search_no_reordering",
    "beam_search_unknown_batch",
    "gather_tree",
    "inference_helper",
    "monotonic_attentions",
    "monotonic_bahdanau",
    "monotonic_luong",
    "scheduled_embedding",
    "scheduled_output",
    "scheduled_output_auxiliary",
    "scheduled_output_function",
]

BATCH, TIME, UNITS, VOCABULARY, BEAMS = 3, 5, 4, 7, 3
LENGTHS = np.array([5, 2, 4], np.int32)


def _beam_decoder(T, cell, state, start=None, **options):
    embedding = tf.get_variable("embedding", [VOCABULARY, UNITS])
    layer = T.layers.Dense(VOCABULARY, use_bias=False, name="vocabulary")
    start = tf.fill([BATCH], 1) if start is None else start
    return T.contrib.seq2seq.BeamSearchDecoder(
        cell, embedding, start, 2, state, beam_width=BEAMS, output_layer=layer, **options
    )


def _stack(T):
    cells = T.nn.rnn_cell
    return cells.MultiRNNCell([cells.LSTMCell(UNITS), cells.GRUCell(UNITS)])


def _encoded(T, cell, shape=(BATCH,)):
    state = cell.zero_state(BATCH, tf.float32)
    return tf.nest.map_structure(lambda each: each + draw(shape + (UNITS,), 3), state)


def beam_search(T):
    cell = _stack(T)
    state = T.contrib.seq2seq.tile_batch(_encoded(T, cell), BEAMS)
    decoder = _beam_decoder(T, cell, state, length_penalty_weight=0.8)
    outputs, last, lengths = T.contrib.seq2seq.dynamic_decode(decoder, maximum_iterations=6)
    return Case([outputs, last, lengths], scale=1.5, gradients=False)


def beam_search_unknown_batch(T):
    cell, start = _stack(T), tf.placeholder(tf.int32, [None])
    state = cell.zero_state(tf.shape(start)[0] * BEAMS, tf.float32)
    decoder = _beam_decoder(T, cell, state, start)
    outputs, last, lengths = T.contrib.seq2seq.dynamic_decode(decoder, True, maximum_iterations=4, scope="search")
    return Case([outputs, last, lengths], scale=1.5, feed={start: [1, 3]}, gradients=False)


def _attentive(T, history=True, memory=None, **options):
    S = T.contrib.seq2seq
    memory = S.tile_batch(tf.constant(draw((BATCH, TIME, 6), 1)) if memory is None else memory, BEAMS)
    lengths = S.tile_batch(tf.constant(LENGTHS), BEAMS)
    mechanism = S.LuongAttention(UNITS, memory, lengths, scale=True)
    cell = S.AttentionWrapper(_stack(T), mechanism, UNITS, alignment_history=history)
    state = cell.zero_state(BATCH * BEAMS, tf.float32)
    state = state.clone(cell_state=S.tile_batch(_encoded(T, _stack(T)), BEAMS))
    decoder = _beam_decoder(T, cell, state, **options)
    return S.dynamic_decode(decoder, maximum_iterations=6)


def beam_search_attention(T):
    """The history is in the order of the final beams where the places of the memory are not known."""
    memory = tf.placeholder(tf.float32, [BATCH, None, 6])
    outputs, last, lengths = _attentive(T, memory=memory)
    assert tf.is_tensor(last.cell_state.alignment_history)
    feed = {memory: draw((BATCH, TIME, 6), 1)}
    return Case([outputs, last, lengths], scale=1.5, gradients=False, feed=feed)


def beam_search_attention_known(T):
    """1.15 leaves the history as it is where it knows all of its sizes."""
    outputs, last, lengths = _attentive(T)
    history = last.cell_state.alignment_history.stack()
    return Case([outputs, last, lengths, history], scale=1.5, gradients=False)


def beam_search_coverage(T):
    outputs, last, lengths = _attentive(T, False, coverage_penalty_weight=0.3, length_penalty_weight=0.5)
    return Case([outputs, last, lengths], scale=1.5, gradients=False)


def beam_search_no_reordering(T):
    outputs, last, lengths = _attentive(T, reorder_tensor_arrays=False)
    return Case([outputs, last.cell_state.alignment_history.stack(), lengths], scale=1.5, gradients=False)


def gather_tree(T):
    """Also beams that go on after an end token, and lengths beyond the steps."""
    random = np.random.RandomState(4)
    ids = random.randint(0, 6, [TIME, 4, BEAMS]).astype(np.int32)
    parents = random.randint(0, BEAMS, [TIME, 4, BEAMS]).astype(np.int32)
    found = T.contrib.seq2seq.gather_tree(tf.constant(ids), tf.constant(parents), [5, 2, 7, 0], 2)
    return Case([found])


def _wrapped(T, make):
    S = T.contrib.seq2seq
    mechanism = make(S, tf.constant(draw((BATCH, TIME, 6), 1)), tf.constant(LENGTHS))
    cell = S.AttentionWrapper(T.nn.rnn_cell.GRUCell(UNITS), mechanism, 5, alignment_history=True)
    helper = S.TrainingHelper(tf.constant(draw((BATCH, TIME, 3), 2)), tf.constant(LENGTHS))
    decoder = S.BasicDecoder(cell, helper, cell.zero_state(BATCH, tf.float32))
    outputs, last, _ = S.dynamic_decode(decoder, parallel_iterations=1)
    return Case([outputs, last, last.alignment_history.stack()], scale=1.0)


def monotonic_bahdanau(T):
    return _wrapped(
        T,
        lambda S, memory, lengths: S.BahdanauMonotonicAttention(
            6, memory, lengths, normalize=True, sigmoid_noise=0.5, sigmoid_noise_seed=3, score_bias_init=-0.5
        ),
    )


def monotonic_luong(T):
    return _wrapped(
        T, lambda S, memory, lengths: S.LuongMonotonicAttention(UNITS, memory, lengths, scale=True, mode="recursive")
    )


def monotonic_attentions(T):
    S = T.contrib.seq2seq
    p = tf.get_variable("p", [BATCH, TIME])
    q = tf.sigmoid(p)
    before = tf.nn.softmax(tf.constant(draw((BATCH, TIME), 6)))
    hard = S.monotonic_attention(tf.cast(q > 0.5, tf.float32), tf.one_hot([1, 0, 3], TIME), "hard")
    return Case(
        [S.monotonic_attention(q, before, mode) for mode in ("parallel", "recursive")]
        + [hard, S.safe_cumprod(q, axis=1), S.safe_cumprod(q * [0.0, 1, 1, 1, 1], axis=1, reverse=True)]
    )


def _scheduled(T, helper, layer=None):
    S = T.contrib.seq2seq
    cell = T.nn.rnn_cell.GRUCell(UNITS)
    decoder = S.BasicDecoder(cell, helper, cell.zero_state(BATCH, tf.float32), layer)
    # Steps at once would draw in any order.
    outputs, last, lengths = S.dynamic_decode(decoder, impute_finished=True, parallel_iterations=1)
    return Case([outputs, last, lengths], scale=1.0)


def scheduled_embedding(T):
    table = tf.get_variable("embedding", [VOCABULARY, UNITS])
    helper = T.contrib.seq2seq.ScheduledEmbeddingTrainingHelper(
        tf.nn.embedding_lookup(table, np.arange(15).reshape(3, 5) % VOCABULARY),
        tf.constant(LENGTHS),
        table,
        0.5,
        seed=3,
        scheduling_seed=4,
    )
    return _scheduled(T, helper, T.layers.Dense(VOCABULARY))


def scheduled_output(T):
    helper = T.contrib.seq2seq.ScheduledOutputTrainingHelper(
        tf.constant(draw((TIME, BATCH, UNITS), 2)), tf.constant(LENGTHS), 0.5, time_major=True, seed=3
    )
    return _scheduled(T, helper)


def scheduled_output_function(T):
    helper = T.contrib.seq2seq.ScheduledOutputTrainingHelper(
        tf.constant(draw((BATCH, TIME, UNITS), 2)),
        tf.constant(LENGTHS),
        0.4,
        seed=5,
        next_inputs_fn=lambda outputs: outputs * 2 + 1,
    )
    return _scheduled(T, helper)


def scheduled_output_auxiliary(T):
    helper = T.contrib.seq2seq.ScheduledOutputTrainingHelper(
        tf.constant(draw((BATCH, TIME, UNITS), 2)),
        tf.constant(LENGTHS),
        0.4,
        seed=5,
        auxiliary_inputs=tf.constant(draw((BATCH, TIME, 2), 9)),
    )
    return _scheduled(T, helper)


def inference_helper(T):
    helper = T.contrib.seq2seq.InferenceHelper(
        sample_fn=lambda outputs: tf.cast(outputs > 0, tf.float32),
        sample_shape=[UNITS],
        sample_dtype=tf.float32,
        start_inputs=tf.zeros([BATCH, UNITS]),
        end_fn=lambda samples: tf.reduce_sum(samples, 1) > 3,
        next_inputs_fn=lambda samples: samples * 2,
    )
    S = T.contrib.seq2seq
    cell = T.nn.rnn_cell.GRUCell(UNITS)
    decoder = S.BasicDecoder(cell, helper, cell.zero_state(BATCH, tf.float32))
    outputs, last, lengths = S.dynamic_decode(decoder, maximum_iterations=4)
    return Case([outputs, last, lengths], scale=1.0)
