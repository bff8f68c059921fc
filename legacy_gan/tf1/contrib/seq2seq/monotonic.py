"""tf.contrib.seq2seq's monotonic attention, which never looks back of where it looked.

Source: Raffel, Luong, Liu, Weiss, Eck 2017; the interface of tf.contrib.seq2seq in TensorFlow 1.15.5.
"""

import numpy as np
import tensorflow.compat.v1 as tf

from legacy_gan.tf1 import layers
from legacy_gan.tf1.contrib.seq2seq.mechanisms import BahdanauAttention, BaseAttentionMechanism, LuongAttention

__all__ = ["BahdanauMonotonicAttention", "LuongMonotonicAttention", "monotonic_attention", "safe_cumprod"]


def safe_cumprod(x, *args, **kwargs):
    """Returns tf.cumprod of values from 0 to 1 as exp(cumsum(log(x))), with x at least the smallest number."""
    with tf.name_scope(None, "SafeCumprod", [x]):
        x = tf.convert_to_tensor(x)
        smallest = np.finfo(x.dtype.as_numpy_dtype).tiny
        return tf.exp(tf.cumsum(tf.log(tf.clip_by_value(x, smallest, 1)), *args, **kwargs))


def monotonic_attention(p_choose_i, previous_attention, mode):
    """Returns where attention stops, when it goes on from where it was and stops at place i with p_choose_i.

        q[i] = (1 - p[i - 1]) * q[i - 1] + previous[i]
        attention[i] = p[i] * q[i]

    Args:
      p_choose_i: float [batch, places], 0 to 1.
      previous_attention: float [batch, places], of the step before; at first [1, 0, 0, ...].
      mode: str: "recursive" steps from place to place; "parallel" solves the recurrence by cumulative sums,
        exact as long as no product of 1 - p falls below 1e-10; "hard" takes p that are 0 or 1.
    Raises:
      ValueError: for another mode.
    """
    p, before = tf.convert_to_tensor(p_choose_i), tf.convert_to_tensor(previous_attention)
    if mode == "hard":
        p *= tf.cumsum(before, axis=1)  # nothing before the place of the last step
        return p * tf.cumprod(1 - p, axis=1, exclusive=True)
    if mode == "parallel":
        going_on = safe_cumprod(1 - p, axis=1, exclusive=True)
        return p * going_on * tf.cumsum(before / tf.clip_by_value(going_on, 1e-10, 1.0), axis=1)
    if mode == "recursive":
        stay = tf.concat([tf.ones_like(p[:, :1]), 1 - p[:, :-1]], 1)
        steps = (tf.transpose(stay), tf.transpose(before))
        q = tf.scan(lambda q, step: step[0] * q + step[1], steps, tf.zeros_like(p[:, 0]))
        return p * tf.transpose(q)
    raise ValueError(f"monotonic_attention: mode must be 'recursive', 'parallel' or 'hard', got {mode!r}")


class _Monotonic(BaseAttentionMechanism):
    """What both mechanisms share: the first alignments, the bias of the score, the weights."""

    def initial_alignments(self, batch_size, dtype):
        """Returns [1, 0, 0, ...] for each example."""
        return tf.one_hot(tf.zeros([batch_size], tf.int32), self._alignments_size, dtype=dtype)

    def _score(self, query):
        score = super()._score(query)
        start = tf.constant_initializer(self._score_bias_init)
        return score + tf.get_variable("attention_score_bias", [], query.dtype, start)


def _weights(sigmoid_noise, mode, seed):
    """Returns the function of (scores, weights before): noise, a sigmoid, monotonic_attention."""

    def weights(score, before):
        if sigmoid_noise > 0:
            score += sigmoid_noise * tf.random_normal(tf.shape(score), dtype=score.dtype, seed=seed)
        p = tf.cast(score > 0, score.dtype) if mode == "hard" else tf.sigmoid(score)
        return monotonic_attention(p, before, mode)

    return weights


class BahdanauMonotonicAttention(_Monotonic, BahdanauAttention):
    """BahdanauAttention by monotonic_attention.

    Args: those of BahdanauAttention, and
      sigmoid_noise: float, the deviation of the noise on the scores; 0 when nothing is trained.
      sigmoid_noise_seed: int, or None.
      score_bias_init: float, where the variable `attention_score_bias` starts.
      mode: str, as for monotonic_attention.
    """

    _scope = "bahdanau_monotonic_attention"

    def __init__(
        self,
        num_units,
        memory,
        memory_sequence_length=None,
        normalize=False,
        score_mask_value=None,
        sigmoid_noise=0.0,
        sigmoid_noise_seed=None,
        score_bias_init=0.0,
        mode="parallel",
        dtype=None,
        name="BahdanauMonotonicAttention",
    ):
        self._num_units, self._normalize, self._name = num_units, normalize, name
        self._score_bias_init = score_bias_init
        BaseAttentionMechanism.__init__(
            self,
            query_layer=layers.Dense(num_units, name="query_layer", use_bias=False, dtype=dtype),
            memory_layer=layers.Dense(num_units, name="memory_layer", use_bias=False, dtype=dtype),
            memory=memory,
            probability_fn=_weights(sigmoid_noise, mode, sigmoid_noise_seed),
            memory_sequence_length=memory_sequence_length,
            score_mask_value=score_mask_value,
            name=name,
        )


class LuongMonotonicAttention(_Monotonic, LuongAttention):
    """LuongAttention by monotonic_attention.

    Args: those of LuongAttention, and those that BahdanauMonotonicAttention adds.
    """

    _scope = "luong_monotonic_attention"

    def __init__(
        self,
        num_units,
        memory,
        memory_sequence_length=None,
        scale=False,
        score_mask_value=None,
        sigmoid_noise=0.0,
        sigmoid_noise_seed=None,
        score_bias_init=0.0,
        mode="parallel",
        dtype=None,
        name="LuongMonotonicAttention",
    ):
        self._num_units, self._scale, self._name = num_units, scale, name
        self._score_bias_init = score_bias_init
        BaseAttentionMechanism.__init__(
            self,
            query_layer=None,
            memory_layer=layers.Dense(num_units, name="memory_layer", use_bias=False, dtype=dtype),
            memory=memory,
            probability_fn=_weights(sigmoid_noise, mode, sigmoid_noise_seed),
            memory_sequence_length=memory_sequence_length,
            score_mask_value=score_mask_value,
            name=name,
        )
