"""contrib.rnn's fused and normalized LSTM and contrib.legacy_seq2seq's losses and feeding are NumPy's, in float64."""

import numpy as np
import pytest

from legacy_gan.tf1 import rnn_cell, tf
from legacy_gan.tf1.contrib import legacy_seq2seq, rnn as contrib_rnn
from tests.support.cells import (
    BATCH,
    IN,
    LENGTHS,
    TIME,
    UNITS,
    close,
    np_lstm,
    np_run,
    ours,
    parts,
    sequence,
    session,
    set_weights,
    sigmoid,
    zeros,
)
from tests.support.graphs import draw
from tests.support.rnn_scripts import Script

pytestmark = pytest.mark.usefixtures("own_graph")


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
