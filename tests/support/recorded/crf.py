"""Recorded scripts of tf.contrib.crf."""

import numpy as np

from legacy_gan.tf1 import tf
from tests.support.graphs import draw
from tests.support.recorded import Case

__all__ = ["cells", "crf", "crf_of_one_step", "crf_of_unknown_steps", "multitag", "viterbi"]

BATCH, TIME, TAGS = 4, 5, 3
LENGTHS = np.array([5, 2, 0, 1], np.int32)
TAG_INDICES = (np.arange(BATCH * TIME).reshape(BATCH, TIME) * 7 % TAGS).astype(np.int32)


def _all(T, inputs, tags, lengths):
    C, tags, lengths = T.contrib.crf, tf.convert_to_tensor(tags), tf.convert_to_tensor(lengths)
    with tf.variable_scope("layer"):
        inputs = T.layers.dense(inputs, TAGS)
        likelihood, transitions = C.crf_log_likelihood(inputs, tags, lengths)
    return [
        likelihood,
        C.crf_decode(inputs, transitions, lengths),
        C.crf_sequence_score(inputs, tags, lengths, transitions),
        C.crf_log_norm(inputs, lengths, transitions),
    ]


def crf(T):
    inputs = tf.constant(draw((BATCH, TIME, 6), 1))
    C = T.contrib.crf
    with tf.variable_scope("scores"):
        transitions = tf.get_variable("w", [TAGS, TAGS])
    tags, lengths = tf.constant(TAG_INDICES), tf.constant(LENGTHS)
    unary = C.crf_unary_score(tags, lengths, inputs[:, :, :TAGS])
    return Case(_all(T, inputs, TAG_INDICES, LENGTHS) + [unary, C.crf_binary_score(tags, lengths, transitions)])


def crf_of_unknown_steps(T):
    inputs, lengths = tf.placeholder(tf.float32, [None, None, 6]), tf.placeholder(tf.int64, [None])
    tags = tf.placeholder(tf.int32, [None, None])
    feed = {inputs: draw((BATCH, TIME, 6), 1), lengths: LENGTHS, tags: TAG_INDICES}
    return Case(_all(T, inputs, tags, lengths), feed=feed)


def crf_of_one_step(T):
    inputs = tf.constant(draw((BATCH, 1, 6), 1))
    return Case(_all(T, inputs, TAG_INDICES[:, :1], np.minimum(LENGTHS, 1)))


def multitag(T):
    inputs = T.layers.dense(tf.constant(draw((BATCH, TIME, 6), 1)), TAGS)
    transitions = tf.get_variable("w", [TAGS, TAGS])
    bitmap = tf.constant(draw((BATCH, TIME, TAGS), 3) > -0.7)
    score = T.contrib.crf.crf_multitag_sequence_score(inputs, bitmap, np.maximum(LENGTHS, 1), transitions)
    return Case([score])


def cells(T):
    C = T.contrib.crf
    x, state = tf.constant(draw((BATCH, TAGS), 1)), tf.constant(draw((BATCH, TAGS), 2))
    transitions = tf.get_variable("w", [TAGS, TAGS])
    backward = C.CrfDecodeBackwardRnnCell(TAGS)(tf.constant(TAG_INDICES[:, :TAGS]), [[0], [2], [1], [2]])
    return Case(
        [C.CrfForwardRnnCell(transitions)(x, state), C.CrfDecodeForwardRnnCell(transitions)(x, state), backward]
    )


def viterbi(T):
    tags, score = T.contrib.crf.viterbi_decode(draw((TIME, TAGS), 1), draw((TAGS, TAGS), 2))
    return Case([tf.constant(tags, tf.int32), tf.constant(score, tf.float32)])
