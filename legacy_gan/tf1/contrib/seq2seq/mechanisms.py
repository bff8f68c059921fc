"""tf.contrib.seq2seq's attention mechanisms: the weights that a query gives the places of a memory.

Source: the interface, formulas and variable names of tf.contrib.seq2seq in TensorFlow 1.15.5.
"""

import math

import tensorflow.compat.v1 as tf

from legacy_gan.tf1 import layers
from legacy_gan.tf1.contrib.seq2seq.shapes import zeros

__all__ = ["AttentionMechanism", "BahdanauAttention", "BaseAttentionMechanism", "LuongAttention"]


class AttentionMechanism:
    """What an AttentionWrapper takes: alignments_size, state_size and a call with (query, state)."""

    @property
    def alignments_size(self):
        """int or scalar tensor, the places of the memory."""
        raise NotImplementedError(f"{type(self).__name__}: alignments_size is not written")

    @property
    def state_size(self):
        """int or scalar tensor, or a structure of them."""
        raise NotImplementedError(f"{type(self).__name__}: state_size is not written")


class BaseAttentionMechanism(AttentionMechanism):
    """A memory [batch, time, n] and its keys; a subclass scores them.

    Args:
      query_layer, memory_layer: layers for query and keys, or None.
      memory: float [batch, time, n], n known.
      probability_fn: function of (scores [batch, time], the state before) that returns the weights.
      memory_sequence_length: int [batch]: later places get no weight; None for all.
      check_inner_dims_defined: bool, whether a memory of unknown n is an error.
      score_mask_value: the score of a place without weight; None is minus infinity.
      custom_key_value_fn: function of (keys, values) that returns both.
    """

    _scope = None  # a subclass's variable scope

    def __init__(
        self,
        query_layer,
        memory,
        probability_fn,
        memory_sequence_length=None,
        memory_layer=None,
        check_inner_dims_defined=True,
        score_mask_value=None,
        custom_key_value_fn=None,
        name=None,
    ):
        self._query_layer, self._memory_layer = query_layer, memory_layer
        with tf.name_scope(name, "BaseAttentionMechanismInit", tf.nest.flatten(memory)):
            memory = tf.convert_to_tensor(memory)
            if check_inner_dims_defined and None in memory.shape.as_list()[2:]:
                raise ValueError(
                    f"{type(self).__name__}: the last size of the memory must be known, got shape {memory.shape}"
                )
            self._lengths = memory_sequence_length
            if memory_sequence_length is not None:
                self._lengths = tf.convert_to_tensor(memory_sequence_length)
                mask = tf.sequence_mask(self._lengths, tf.shape(memory)[1], memory.dtype)
                memory *= tf.reshape(mask, tf.concat([tf.shape(mask), [1] * (memory.shape.ndims - 2)], 0))
            self._values, self._keys = memory, memory if memory_layer is None else memory_layer(memory)
            if custom_key_value_fn is not None:
                self._keys, self._values = custom_key_value_fn(self._keys, self._values)
            known = self._keys.shape.as_list()
            self._batch_size = tf.shape(self._keys)[0] if known[0] is None else known[0]
            self._alignments_size = tf.shape(self._keys)[1] if known[1] is None else known[1]
        masked_score = -float("inf") if score_mask_value is None else score_mask_value
        self._probability_fn = lambda score, before: probability_fn(self._masked(score, masked_score), before)

    query_layer = property(lambda self: self._query_layer, doc="The layer for queries, or None.")
    memory_layer = property(lambda self: self._memory_layer, doc="The layer that made the keys, or None.")
    keys = property(lambda self: self._keys, doc="float [batch, time, units].")
    values = property(lambda self: self._values, doc="float [batch, time, n].")
    batch_size = property(lambda self: self._batch_size, doc="int or scalar tensor.")

    @property
    def alignments_size(self):
        return self._alignments_size

    @property
    def state_size(self):
        return self._alignments_size

    def initial_alignments(self, batch_size, dtype):
        """Returns zeros [batch, time]."""
        return zeros(batch_size, self._alignments_size, dtype)

    def initial_state(self, batch_size, dtype):
        """Returns the state before the first step: the initial alignments."""
        return self.initial_alignments(batch_size, dtype)

    def __call__(self, query, state):
        """Returns (weights [batch, time], next state) of a query [batch, n]."""
        with tf.variable_scope(None, self._scope, [query]):
            alignments = self._probability_fn(self._score(query), state)
        return alignments, alignments

    def _score(self, query):
        """Returns the scores [batch, time] of a query."""
        raise NotImplementedError(f"{type(self).__name__}: _score is not written")

    def _masked(self, score, value):
        """Returns the scores, with `value` at the places beyond an example's length."""
        if self._lengths is None:
            return score
        message = "All values in memory_sequence_length must be greater than zero."
        with tf.control_dependencies([tf.assert_positive(self._lengths, message=message)]):
            mask = tf.sequence_mask(self._lengths, tf.shape(score)[1])
        return tf.where(mask, score, value * tf.ones_like(score))


def without_state(probability_fn):
    """Returns a function of scores as a function of (scores, state before); None is the softmax."""
    return lambda score, _: (probability_fn or tf.nn.softmax)(score)


class LuongAttention(BaseAttentionMechanism):
    """Multiplicative scores: query . key, times the variable `attention_g` with scale.

    Args:
      num_units: int, the size of the keys and of a query.
      scale: bool, whether scores are multiplied by a variable.
      probability_fn: function of the scores [batch, time]; None for the softmax.
    Source: Luong, Pham, Manning 2015.
    """

    _scope = "luong_attention"

    def __init__(
        self,
        num_units,
        memory,
        memory_sequence_length=None,
        scale=False,
        probability_fn=None,
        score_mask_value=None,
        dtype=None,
        custom_key_value_fn=None,
        name="LuongAttention",
    ):
        self._num_units, self._scale, self._name = num_units, scale, name
        super().__init__(
            query_layer=None,
            memory_layer=layers.Dense(num_units, name="memory_layer", use_bias=False, dtype=dtype),
            memory=memory,
            probability_fn=without_state(probability_fn),
            memory_sequence_length=memory_sequence_length,
            score_mask_value=score_mask_value,
            custom_key_value_fn=custom_key_value_fn,
            name=name,
        )

    def _score(self, query):
        depth, units = query.shape.as_list()[-1], self._keys.shape.as_list()[-1]
        if depth != units:
            raise ValueError(
                f"{type(self).__name__}: the query has {depth} units, the keys {units}; "
                "set num_units to the cell's size"
            )
        scale = None
        if self._scale:
            scale = tf.get_variable("attention_g", [], query.dtype, tf.ones_initializer())
        score = tf.squeeze(tf.matmul(tf.expand_dims(query, 1), self._keys, transpose_b=True), [1])
        return score if scale is None else score * scale


class BahdanauAttention(BaseAttentionMechanism):
    """Additive scores: sum(attention_v * tanh(key + query_layer(query))), normalised on request.

    Args:
      num_units: int, the size of the keys and of what a query becomes.
      normalize: bool, whether attention_v has the length attention_g, and the sum a bias attention_b.
      probability_fn: function of the scores [batch, time]; None for the softmax.
    Source: Bahdanau, Cho, Bengio 2015; Salimans, Kingma 2016 for normalize.
    """

    _scope = "bahdanau_attention"

    def __init__(
        self,
        num_units,
        memory,
        memory_sequence_length=None,
        normalize=False,
        probability_fn=None,
        score_mask_value=None,
        dtype=None,
        custom_key_value_fn=None,
        name="BahdanauAttention",
    ):
        self._num_units, self._normalize, self._name = num_units, normalize, name
        super().__init__(
            query_layer=layers.Dense(num_units, name="query_layer", use_bias=False, dtype=dtype),
            memory_layer=layers.Dense(num_units, name="memory_layer", use_bias=False, dtype=dtype),
            memory=memory,
            probability_fn=without_state(probability_fn),
            memory_sequence_length=memory_sequence_length,
            score_mask_value=score_mask_value,
            custom_key_value_fn=custom_key_value_fn,
            name=name,
        )

    def _score(self, query):
        summed = tf.expand_dims(self._query_layer(query) if self._query_layer else query, 1)
        weights = tf.get_variable("attention_v", [self._num_units], query.dtype)
        summed = self._keys + summed
        if self._normalize:
            start = tf.constant_initializer(math.sqrt(1.0 / self._num_units))
            length = tf.get_variable("attention_g", [], query.dtype, start)
            summed += tf.get_variable("attention_b", [self._num_units], query.dtype, tf.zeros_initializer())
            weights = length * weights * tf.rsqrt(tf.reduce_sum(tf.square(weights)))
        return tf.reduce_sum(weights * tf.tanh(summed), [2])
