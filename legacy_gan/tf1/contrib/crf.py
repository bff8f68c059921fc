"""tf.contrib.crf: conditional random fields along sequences of tags.

Source: Lafferty, McCallum, Pereira 2001; the interface of tf.contrib.crf in TensorFlow 1.15.5.
"""

import numpy as np
import tensorflow.compat.v1 as tf

from legacy_gan.tf1.namespace import refusal
from legacy_gan.tf1.rnn import dynamic_rnn
from legacy_gan.tf1.rnn_cell.base import RNNCell

__all__ = [
    "CrfDecodeBackwardRnnCell",
    "CrfDecodeForwardRnnCell",
    "CrfForwardRnnCell",
    "crf_binary_score",
    "crf_decode",
    "crf_log_likelihood",
    "crf_log_norm",
    "crf_multitag_sequence_score",
    "crf_sequence_score",
    "crf_unary_score",
    "viterbi_decode",
]

__getattr__ = refusal("tf.contrib.crf", __all__)


def _by_steps(inputs, one, more):
    """Returns one() where inputs [batch, time, ...] have one step, else more(), each a structure of tensors."""
    steps = inputs.shape.as_list()[1]
    if steps is not None:
        return one() if steps == 1 else more()
    return tf.cond(tf.equal(tf.shape(inputs)[1], 1), one, more)


def _of_steps_but_one(sequence_lengths):
    lengths = tf.convert_to_tensor(sequence_lengths)
    return tf.maximum(tf.zeros([], lengths.dtype), lengths - 1)


def _zero_where_empty(values, sequence_lengths):
    return tf.where(tf.less_equal(sequence_lengths, 0), tf.zeros_like(values), values)


def _mask(sequence_lengths, steps):
    return tf.sequence_mask(sequence_lengths, steps, tf.float32)


def crf_unary_score(tag_indices, sequence_lengths, inputs):
    """Returns the sum of the inputs at the tags, float [batch].

    Args:
      tag_indices: int [batch, time].
      sequence_lengths: int [batch].
      inputs: float [batch, time, tags].
    """
    tags = tf.cast(tag_indices, tf.int32)
    at_tags = tf.gather(inputs, tf.expand_dims(tags, 2), axis=2, batch_dims=2)[:, :, 0]
    return tf.reduce_sum(at_tags * _mask(sequence_lengths, tf.shape(tags)[1]), 1)


def crf_binary_score(tag_indices, sequence_lengths, transition_params):
    """Returns the sum of the transitions [tags, tags] from each tag to the next one, float [batch]."""
    tags = tf.cast(tag_indices, tf.int32)
    there = tf.gather_nd(transition_params, tf.stack([tags[:, :-1], tags[:, 1:]], -1))
    return tf.reduce_sum(there * _mask(sequence_lengths, tf.shape(tags)[1])[:, 1:], 1)


def crf_sequence_score(inputs, tag_indices, sequence_lengths, transition_params):
    """Returns the score of each sequence of tags, unnormalized: unary and binary scores, float [batch].

    Args:
      inputs: float [batch, time, tags].
      tag_indices: int [batch, time].
      sequence_lengths: int [batch].
      transition_params: float [tags, tags].
    """
    inputs = tf.convert_to_tensor(inputs)

    def one():
        tags = tf.cast(tag_indices, tf.int32)
        return _zero_where_empty(tf.gather(inputs[:, 0], tags[:, :1], axis=1, batch_dims=1)[:, 0], sequence_lengths)

    def more():
        unary = crf_unary_score(tag_indices, sequence_lengths, inputs)
        return unary + crf_binary_score(tag_indices, sequence_lengths, transition_params)

    return _by_steps(inputs, one, more)


def crf_multitag_sequence_score(inputs, tag_bitmap, sequence_lengths, transition_params):
    """Returns the log of the summed scores of all sequences whose tags a bitmap allows, float [batch].

    Args: as for crf_sequence_score, and
      tag_bitmap: bool [batch, time, tags].
    """
    allowed = tf.where(tag_bitmap, inputs, tf.fill(tf.shape(inputs), -float("inf")))
    return crf_log_norm(allowed, sequence_lengths, transition_params)


def crf_log_norm(inputs, sequence_lengths, transition_params):
    """Returns the log of the summed scores of all sequences of tags, float [batch].

    Args: as for crf_sequence_score.
    """
    inputs = tf.convert_to_tensor(inputs)
    first = inputs[:, 0]

    def more():
        _, alphas = dynamic_rnn(
            CrfForwardRnnCell(transition_params),
            inputs[:, 1:],
            sequence_length=_of_steps_but_one(sequence_lengths),
            initial_state=first,
            dtype=tf.float32,
        )
        return _zero_where_empty(tf.reduce_logsumexp(alphas, [1]), sequence_lengths)

    return _by_steps(inputs, lambda: _zero_where_empty(tf.reduce_logsumexp(first, [1]), sequence_lengths), more)


def crf_log_likelihood(inputs, tag_indices, sequence_lengths, transition_params=None):
    """Returns (the log likelihood of the tags, float [batch], the transitions).

    Args: as for crf_sequence_score.
      transition_params: float [tags, tags]; None makes the variable `transitions`.
    """
    inputs = tf.convert_to_tensor(inputs)
    if transition_params is None:
        tags = inputs.shape.as_list()[2]
        transition_params = tf.get_variable("transitions", [tags, tags])
    score = crf_sequence_score(inputs, tag_indices, sequence_lengths, transition_params)
    return score - crf_log_norm(inputs, sequence_lengths, transition_params), transition_params


class _TransitionsCell(RNNCell):
    """What both forward cells share: the transitions, float [1, tags, tags], and the sizes."""

    def __init__(self, transition_params):
        super().__init__()
        self._transitions = tf.expand_dims(transition_params, 0)
        self._tags = self._transitions.shape.as_list()[1]

    @property
    def state_size(self):
        return self._tags

    @property
    def output_size(self):
        return self._tags


class CrfForwardRnnCell(_TransitionsCell):
    """The forward algorithm as a cell: the state is alpha, float [batch, tags], the inputs are the unary scores."""

    def __call__(self, inputs, state, scope=None):
        """Returns (alpha, alpha) of the next step."""
        alphas = inputs + tf.reduce_logsumexp(tf.expand_dims(state, 2) + self._transitions, [1])
        return alphas, alphas


class CrfDecodeForwardRnnCell(_TransitionsCell):
    """Viterbi's algorithm as a cell: outputs are the best tags before, int32 [batch, tags], the state their scores."""

    def __call__(self, inputs, state, scope=None):
        """Returns (best tags before, scores) of the next step."""
        scores = tf.expand_dims(state, 2) + self._transitions
        return tf.cast(tf.argmax(scores, 1), tf.int32), inputs + tf.reduce_max(scores, [1])


class CrfDecodeBackwardRnnCell(RNNCell):
    """The way back as a cell: the state is the tag, int32 [batch, 1], the inputs are the best tags before."""

    def __init__(self, num_tags):
        super().__init__()
        self._tags = num_tags

    @property
    def state_size(self):
        return 1

    @property
    def output_size(self):
        return 1

    def __call__(self, inputs, state, scope=None):
        """Returns (tag, tag) of the step before."""
        tags = tf.gather(inputs, state, axis=1, batch_dims=1)
        return tags, tags


def crf_decode(potentials, transition_params, sequence_length):
    """Returns (the best tags, int32 [batch, time], 0 beyond a length; their scores, float [batch]).

    Args:
      potentials: float [batch, time, tags], the unary scores.
      transition_params: float [tags, tags].
      sequence_length: int [batch].
    """
    potentials = tf.convert_to_tensor(potentials)
    first = potentials[:, 0]

    def one():
        return tf.expand_dims(tf.cast(tf.argmax(first, 1), tf.int32), 1), tf.reduce_max(first, 1)

    def more():
        fewer = _of_steps_but_one(sequence_length)
        before, scores = dynamic_rnn(
            CrfDecodeForwardRnnCell(transition_params),
            potentials[:, 1:],
            sequence_length=fewer,
            initial_state=first,
            dtype=tf.int32,
        )
        last = tf.expand_dims(tf.cast(tf.argmax(scores, 1), tf.int32), 1)
        tags, _ = dynamic_rnn(
            CrfDecodeBackwardRnnCell(potentials.shape.as_list()[2]),
            tf.reverse_sequence(before, fewer, seq_axis=1),
            sequence_length=fewer,
            initial_state=last,
            dtype=tf.int32,
        )
        tags = tf.concat([last, tf.squeeze(tags, [2])], 1)
        return tf.reverse_sequence(tags, sequence_length, seq_axis=1), tf.reduce_max(scores, 1)

    tags, scores = _by_steps(potentials, one, more)
    return tags, scores


def viterbi_decode(score, transition_params):
    """Returns (the best tags, a list of int, their score) of one sequence, by NumPy.

    Args:
      score: float array [time, tags].
      transition_params: float array [tags, tags].
    """
    best, before = np.zeros_like(score), np.zeros_like(score, dtype=np.int32)
    best[0] = score[0]
    for step in range(1, score.shape[0]):
        scores = np.expand_dims(best[step - 1], 1) + transition_params
        best[step] = score[step] + np.max(scores, 0)
        before[step] = np.argmax(scores, 0)
    tags = [np.argmax(best[-1])]
    for step in before[:0:-1]:
        tags.append(step[tags[-1]])
    return tags[::-1], np.max(best[-1])
