"""dynamic_rnn and the other loops over time are NumPy's, in float64."""

import numpy as np
import pytest

from legacy_gan.tf1 import rnn, rnn_cell, tf
from tests.support.cells import (
    BATCH,
    CELLS,
    IN,
    LENGTHS,
    TIME,
    UNITS,
    close,
    np_gru,
    np_lstm,
    np_rnn,
    np_run,
    parts,
    sequence,
    session,
    set_weights,
    zeros,
)
from tests.support.graphs import draw, flat, names

pytestmark = pytest.mark.usefixtures("own_graph")


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
