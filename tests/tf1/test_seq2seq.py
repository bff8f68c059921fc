"""tf.contrib.seq2seq of legacy_gan.tf1: sequence_loss, decoders, helpers and attention.

Everywhere they are held to NumPy, written here in float64. Where TF 1.15 itself is installed (the
marker tf1) a small translation, trained and greedy, is held to its own tf.contrib.seq2seq.
"""

import importlib

import numpy as np
import pytest

from legacy_gan.tf1 import tf
from legacy_gan.tf1.contrib import seq2seq
from tests.support.graphs import close, draw, floats, names, run, session, set_weights, variables
from tests.support.numpy_layers import np_softmax_loss
from tests.support.originals import real_contrib

pytestmark = pytest.mark.usefixtures("own_graph")


SEQUENCE_FLAGS = {
    (True, True, False, False): lambda c, w: c.sum() / w.sum(),
    (True, False, False, False): lambda c, w: c.sum(1) / w.sum(1),
    (False, True, False, False): lambda c, w: c.sum(0) / w.sum(0),
    (False, False, False, False): lambda c, w: c,
    (False, False, True, True): lambda c, w: c.sum() / (w != 0).sum(),
    (False, False, True, False): lambda c, w: c.sum(1) / (w != 0).sum(1),
    (False, False, False, True): lambda c, w: c.sum(0) / (w != 0).sum(0),
}


@pytest.mark.parametrize("flags", sorted(SEQUENCE_FLAGS))
def test_sequence_loss_is_the_weighted_mean(flags):
    logits, targets = draw((3, 5, 13)), np.arange(15).reshape(3, 5) % 13
    weights = np.abs(draw((3, 5), 1)) * (np.arange(15).reshape(3, 5) % 4 > 0)
    got = run(
        seq2seq.sequence_loss(
            tf.constant(logits), tf.constant(targets), tf.constant(weights.astype(np.float32)), *flags
        )
    )
    entropy = np_softmax_loss(logits, np.eye(13)[targets])
    np.testing.assert_allclose(got, SEQUENCE_FLAGS[flags](entropy * weights, weights), rtol=1e-5)


def test_sequence_loss_refuses_other_ranks_and_flags():
    with pytest.raises(ValueError, match="sequence_loss: targets must have 2 dimensions"):
        seq2seq.sequence_loss(floats(3, 5, 13), floats(3), floats(3, 5))
    with pytest.raises(ValueError, match="an axis is averaged or summed, not both"):
        seq2seq.sequence_loss(floats(3, 5, 13), floats(3, 5), floats(3, 5), sum_over_batch=True)


# --- Decoders and attention -------------------------------------------------------------------


class PlainCell:
    """new state = output = tanh([inputs, state] @ kernel), whose kernel is a layer's."""

    def __init__(self, size):
        self.state_size = self.output_size = size
        self._layer = tf.layers.Dense(size, tf.tanh, use_bias=False, name="cell")

    def zero_state(self, batch_size, dtype):
        return tf.zeros([batch_size, self.state_size], dtype)

    def __call__(self, inputs, state, scope=None):
        output = self._layer(tf.concat([inputs, state], 1))
        return output, output


LENGTHS = np.array([5, 2, 4])


@pytest.mark.parametrize("impute", [True, False])
@pytest.mark.parametrize("time_major", [True, False])
def test_dynamic_decode_of_training_is_the_oracles(impute, time_major):
    x = draw((3, 5, 7))
    inputs = tf.placeholder(tf.float32, [None, None, 7])
    cell, layer = PlainCell(4), tf.layers.Dense(6, name="project")
    helper = seq2seq.TrainingHelper(inputs, tf.constant(LENGTHS, tf.int32), time_major=time_major)
    decoder = seq2seq.BasicDecoder(cell, helper, cell.zero_state(tf.shape(LENGTHS)[0], tf.float32), layer)
    outputs, state, lengths = seq2seq.dynamic_decode(decoder, output_time_major=time_major, impute_finished=impute)
    order = [1, 0, 2] if time_major else [0, 1, 2]
    with session() as sess:
        weights = set_weights(sess)
        got, last, counted = sess.run([outputs, state, lengths], {inputs: x.transpose(order)})
    assert sorted(weights) == ["decoder/cell/kernel", "decoder/project/bias", "decoder/project/kernel"]
    np.testing.assert_array_equal(counted, LENGTHS)
    h, expected, kept = np.zeros((3, 4)), np.zeros((3, 5, 6)), np.zeros((3, 4))
    for step in range(5):
        h = np.tanh(np.concatenate([x[:, step], h], 1) @ weights["decoder/cell/kernel"])
        live = (step < LENGTHS)[:, None]
        kept = np.where(live, h, kept)
        y = h @ weights["decoder/project/kernel"] + weights["decoder/project/bias"]
        expected[:, step] = np.where(live, y, 0) if impute else y
    close(got.rnn_output.transpose(order), expected)
    ids = expected.argmax(2)
    np.testing.assert_array_equal(got.sample_id.T if time_major else got.sample_id, ids)
    close(last, kept if impute else h)


def test_greedy_decoding_ends_at_the_end_token_or_the_largest_step():
    table = tf.constant(np.eye(6, dtype=np.float32))
    # the state goes on from token to token: 2 -> 3 -> 4 -> 5 -> 0 -> 1 -> 2
    kernel = np.concatenate([np.roll(np.eye(6), 1, 1), np.zeros((6, 6))])
    with tf.variable_scope("net", initializer=tf.constant_initializer(kernel)):
        cell = PlainCell(6)
        helper = seq2seq.GreedyEmbeddingHelper(table, [2, 4], 5)
        decoder = seq2seq.BasicDecoder(cell, helper, cell.zero_state(2, tf.float32))
        whole = seq2seq.dynamic_decode(decoder, maximum_iterations=9)
        cut = seq2seq.dynamic_decode(decoder, maximum_iterations=2)
    (outputs, _, lengths), (first, _, _) = run([whole, cut])
    np.testing.assert_array_equal(lengths, [3, 1])
    np.testing.assert_array_equal(outputs.sample_id[0], [3, 4, 5])
    assert outputs.sample_id[1, 0] == 5 and first.sample_id.shape == (2, 2)
    assert names() == ["net/decoder/cell/kernel"]


def test_sampling_draws_from_the_softmax():
    helper = seq2seq.SampleEmbeddingHelper(tf.eye(3), [0] * 20000, 2, softmax_temperature=2.0, seed=3)
    logits = np.log(np.array([0.2, 0.3, 0.5], np.float32)) * 2
    ids = run(helper.sample(0, tf.constant(np.tile(logits, (20000, 1))), None))
    # 5 standard errors of 20000 draws
    np.testing.assert_allclose(np.bincount(ids) / 20000.0, [0.2, 0.3, 0.5], atol=0.018)


def softmax_of(score):
    score = np.exp(score - score.max(1, keepdims=True))
    return score / score.sum(1, keepdims=True)


@pytest.mark.parametrize("kind", ["luong", "luong-scaled", "bahdanau", "bahdanau-normalized"])
def test_attention_weights_are_the_oracles(kind):
    memory, query, lengths = draw((3, 5, 7)), draw((3, 4), 1), np.array([5, 2, 4])
    make = seq2seq.LuongAttention if "luong" in kind else seq2seq.BahdanauAttention
    option = {"luong-scaled": {"scale": True}, "bahdanau-normalized": {"normalize": True}}.get(kind, {})
    mechanism = make(4, tf.constant(memory), tf.constant(lengths), **option)
    weights, _ = mechanism(tf.constant(query), None)
    with session() as sess:
        state = {
            name.split("/", 1)[-1] if "attention/" in name else name: value for name, value in set_weights(sess).items()
        }
        got = sess.run(weights)
    mask = np.arange(5) < lengths[:, None]
    keys = (memory * mask[:, :, None]) @ state["memory_layer/kernel"]
    if "luong" in kind:
        score = np.einsum("btn,bn->bt", keys, query) * state.get("attention_g", 1.0)
    else:
        v, g = state["attention_v"], state.get("attention_g")
        v = v if g is None else g * v / np.sqrt((v * v).sum())
        hidden = keys + (query @ state["query_layer/kernel"])[:, None] + state.get("attention_b", 0.0)
        score = (v * np.tanh(hidden)).sum(2)
    close(got, softmax_of(np.where(mask, score, -np.inf)))


@pytest.mark.parametrize("size", [6, None])
def test_attention_wrapper_steps_as_the_oracle(size):
    memory, x = draw((3, 5, 7)), draw((3, 2), 1)
    mechanism = seq2seq.LuongAttention(4, tf.constant(memory))
    cell = seq2seq.AttentionWrapper(PlainCell(4), mechanism, size, alignment_history=True)
    state = cell.zero_state(3, tf.float32)
    first, state = cell(tf.constant(x), state)
    second, state = cell(tf.constant(x), state)
    history = state.alignment_history.stack()
    with session() as sess:
        weights = set_weights(sess)
        got = sess.run([first, second, state.alignments, state.time, history])
    expected = ["memory_layer/kernel", "attention_wrapper/cell/kernel"] + [
        "attention_wrapper/attention_layer/kernel"
    ] * (size is not None)
    assert names() == expected and cell.output_size == (size or 7)
    h, attention, all_weights = np.zeros((3, 4)), np.zeros((3, size or 7)), []
    for step in range(2):
        h = np.tanh(np.concatenate([x, attention, h], 1) @ weights["attention_wrapper/cell/kernel"])
        score = softmax_of(np.einsum("btn,bn->bt", memory @ weights["memory_layer/kernel"], h))
        attention = np.einsum("bt,btn->bn", score, memory.astype(np.float64))
        if size is not None:
            attention = np.concatenate([h, attention], 1) @ weights["attention_wrapper/attention_layer/kernel"]
        all_weights.append(score)
        close(got[step], attention)
    close(got[2], all_weights[1])
    close(got[4], np.stack(all_weights))
    assert got[3] == 2


def test_tile_batch_repeats_each_example():
    x = draw((3, 2))
    tiled = seq2seq.tile_batch((tf.constant(x), tf.constant([1, 2, 3])), 2)
    assert tiled[0].shape.as_list() == [6, 2]
    got = run(tiled)
    np.testing.assert_array_equal(got[0], np.repeat(x, 2, 0))
    np.testing.assert_array_equal(got[1], [1, 1, 2, 2, 3, 3])
    np.testing.assert_array_equal(run(seq2seq.hardmax(tf.constant([[1.0, 3.0, 2.0]]))), [[0, 1, 0]])


@pytest.mark.parametrize(
    "call, error, text",
    [
        (lambda: seq2seq.dynamic_decode(3), TypeError, "dynamic_decode: decoder must be a Decoder, got 3"),
        (lambda: seq2seq.BasicDecoder(PlainCell(4), 3, None), TypeError, "BasicDecoder: helper must be a Helper"),
        (lambda: seq2seq.TrainingHelper(floats(3, 5, 7), 5), ValueError, "sequence_length must have 1 dimension"),
        (lambda: seq2seq.GreedyEmbeddingHelper(floats(3, 5), 1, 2), ValueError, "start_tokens must have 1 dim"),
        (lambda: seq2seq.AttentionWrapper(PlainCell(4), 3), TypeError, "must be an AttentionMechanism, got 3"),
        (
            lambda: seq2seq.LuongAttention(4, floats(3, 5, 7))(floats(3, 5), None),
            ValueError,
            "the query has 5 units, the keys 4; set num_units",
        ),
        (lambda: seq2seq.LuongAttention(4, floats(3, 5, None)), ValueError, "the last size of the memory must be"),
    ],
)
def test_decoders_refuse_bad_arguments(call, error, text):
    with pytest.raises(error, match=text):
        call()


def translation(C, attention):
    """An encoder's outputs, a decoder in training and the same in inference; returns what they give."""
    S, cells = C.seq2seq, tf.nn.rnn_cell
    memory = tf.constant(draw((3, 5, 7)))
    lengths = tf.constant(LENGTHS, tf.int32)
    embedding = tf.get_variable("embedding", [11, 6])
    cell = cells.MultiRNNCell([cells.BasicLSTMCell(8), cells.GRUCell(8)])
    state = None
    if attention:
        mechanisms = {
            "bahdanau": lambda: S.BahdanauAttention(8, memory, memory_sequence_length=lengths),
            "normed": lambda: S.BahdanauAttention(8, memory, normalize=True),
            "luong": lambda: S.LuongAttention(8, memory, lengths, scale=True),
            "both": lambda: [S.LuongAttention(8, memory), S.BahdanauAttention(4, memory)],
        }
        sizes = {"bahdanau": 8, "normed": None, "luong": 9, "both": [5, 6]}
        cell = S.AttentionWrapper(
            cell,
            mechanisms[attention](),
            attention_layer_size=sizes[attention],
            alignment_history=attention == "luong",
            output_attention=attention != "bahdanau",
        )
    state = cell.zero_state(3, tf.float32)
    layers = tf.layers if C is tf.contrib else importlib.import_module("tensorflow").layers
    layer = layers.Dense(11, use_bias=False, name="vocabulary")
    ids = np.arange(15).reshape(3, 5) % 11
    given = [
        S.TrainingHelper(tf.nn.embedding_lookup(embedding, ids), lengths),
        S.GreedyEmbeddingHelper(embedding, tf.fill([3], 1), 2),
    ]
    found = []
    with tf.variable_scope("model") as scope:
        for number, helper in enumerate(given):
            if number:
                scope.reuse_variables()
            decoder = S.BasicDecoder(cell, helper, state, layer)
            outputs, last, counted = S.dynamic_decode(
                decoder, impute_finished=attention != "luong", maximum_iterations=4 + number
            )
            found += [outputs.rnn_output, outputs.sample_id, counted]
            found += [part for part in tf.nest.flatten(last) if tf.is_tensor(part)]
            found += [
                S.sequence_loss(
                    outputs.rnn_output, outputs.sample_id, tf.ones_like(tf.cast(outputs.sample_id, tf.float32))
                )
            ]
    gradients = tf.gradients(tf.reduce_sum(found[0]), tf.trainable_variables())
    return found + [tf.convert_to_tensor(g) for g in gradients if g is not None]


@pytest.mark.tf1
@pytest.mark.parametrize("attention", [None, "bahdanau", "normed", "luong", "both"])
def test_translation_is_that_of_the_real_seq2seq(attention):
    answers = []
    for C in (tf.contrib, real_contrib()):
        with tf.Graph().as_default():
            fetches = translation(C, attention)
            with session() as sess:
                set_weights(sess)
                answers.append((variables(), sess.run(fetches)))
    assert answers[0][0] == answers[1][0]
    assert len(answers[0][1]) == len(answers[1][1])
    for mine, theirs in zip(answers[0][1], answers[1][1]):
        np.testing.assert_allclose(mine, theirs, rtol=1e-5, atol=1e-5)  # sums in another order
