"""tf.contrib.seq2seq's attention: two scores, and the cell that looks back at a memory.

Source: the interface, formulas and variable names of tf.contrib.seq2seq in TensorFlow 1.15.5.
"""

import collections
import math

import tensorflow.compat.v1 as tf

from legacy_gan.tf1 import layers
from legacy_gan.tf1.contrib.decoders import zeros

__all__ = [
    "AttentionMechanism",
    "AttentionWrapper",
    "AttentionWrapperState",
    "BahdanauAttention",
    "LuongAttention",
    "hardmax",
    "tile_batch",
]


def hardmax(logits, name=None):
    """Returns 1 where the largest value of the last axis is, 0 elsewhere."""
    with tf.name_scope(name, "Hardmax", [logits]):
        logits = tf.convert_to_tensor(logits)
        size = logits.shape.as_list()[-1]
        size = tf.shape(logits)[-1] if size is None else size
        return tf.one_hot(tf.argmax(logits, -1), size, dtype=logits.dtype)


def tile_batch(t, multiplier, name=None):
    """Repeats each example of a tensor, or of a structure of them: [a, b] becomes [a, a, b, b]."""

    def tiled(each):
        each = tf.convert_to_tensor(each)
        sizes, rest = tf.shape(each), each.shape[1:]
        repeated = tf.tile(tf.expand_dims(each, 1), [1, multiplier] + [1] * rest.ndims)
        repeated = tf.reshape(repeated, tf.concat([sizes[:1] * multiplier, sizes[1:]], 0))
        batch = each.shape.as_list()[0]
        repeated.set_shape([None if batch is None else batch * multiplier] + rest.as_list())
        return repeated

    with tf.name_scope(name, "tile_batch"):
        return tf.nest.map_structure(tiled, t)


class AttentionMechanism:
    """A memory [batch, time, n], its keys, and the weights that a query gives its places.

    Args:
      memory: float [batch, time, n], n known.
      memory_sequence_length: int [batch]: later places get no weight; None for all.
      memory_layer, query_layer: layers for keys and query, or None.
      probability_fn: function of the scores [batch, time]; None for the softmax.
      score_mask_value: the score of a place without weight, by default minus infinity.
    """

    def __init__(
        self,
        memory,
        memory_sequence_length,
        memory_layer,
        query_layer,
        probability_fn,
        score_mask_value,
        custom_key_value_fn,
    ):
        self.memory_layer, self.query_layer = memory_layer, query_layer
        memory = tf.convert_to_tensor(memory)
        if None in memory.shape.as_list()[2:]:
            raise ValueError(
                f"{type(self).__name__}: the last size of the memory must be known, got shape {memory.shape}"
            )
        self._lengths = memory_sequence_length
        if memory_sequence_length is not None:
            mask = tf.sequence_mask(memory_sequence_length, tf.shape(memory)[1], memory.dtype)
            memory *= tf.reshape(mask, tf.concat([tf.shape(mask), [1] * (memory.shape.ndims - 2)], 0))
        self.values, self.keys = memory, memory if memory_layer is None else memory_layer(memory)
        if custom_key_value_fn is not None:
            self.keys, self.values = custom_key_value_fn(self.keys, self.values)
        self._probability_fn = probability_fn or tf.nn.softmax
        self._masked_score = -float("inf") if score_mask_value is None else score_mask_value
        known = self.keys.shape.as_list()
        self.batch_size = tf.shape(self.keys)[0] if known[0] is None else known[0]
        self.alignments_size = tf.shape(self.keys)[1] if known[1] is None else known[1]

    @property
    def state_size(self):
        """int or scalar tensor, the places of the memory."""
        return self.alignments_size

    def initial_alignments(self, batch_size, dtype):
        """Returns zeros [batch, time]."""
        return zeros(batch_size, self.alignments_size, dtype)

    initial_state = initial_alignments

    def _probabilities(self, score):
        if self._lengths is not None:
            mask = tf.sequence_mask(self._lengths, tf.shape(score)[1])
            score = tf.where(mask, score, self._masked_score * tf.ones_like(score))
        return self._probability_fn(score)


class LuongAttention(AttentionMechanism):
    """Multiplicative scores: query . key, times the variable `attention_g` with scale.

    Source: Luong, Pham, Manning 2015.
    """

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
        self._scale = scale
        super().__init__(
            memory,
            memory_sequence_length,
            layers.Dense(num_units, name="memory_layer", use_bias=False),
            None,
            probability_fn,
            score_mask_value,
            custom_key_value_fn,
        )

    def __call__(self, query, state):
        """Returns (weights [batch, time], next state) of a query [batch, units]."""
        with tf.variable_scope(None, "luong_attention", [query]):
            depth, units = query.shape.as_list()[-1], self.keys.shape.as_list()[-1]
            if depth != units:
                raise ValueError(
                    f"LuongAttention: the query has {depth} units, the keys {units}; set num_units to the cell's size"
                )
            score = tf.squeeze(tf.matmul(tf.expand_dims(query, 1), self.keys, transpose_b=True), [1])
            if self._scale:
                score *= tf.get_variable("attention_g", [], query.dtype, tf.ones_initializer())
        alignments = self._probabilities(score)
        return alignments, alignments


class BahdanauAttention(AttentionMechanism):
    """Additive scores: sum(attention_v * tanh(key + query_layer(query))), normalised on request.

    Source: Bahdanau, Cho, Bengio 2015; Salimans, Kingma 2016 for normalize.
    """

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
        self._units, self._normalize = num_units, normalize
        super().__init__(
            memory,
            memory_sequence_length,
            layers.Dense(num_units, name="memory_layer", use_bias=False),
            layers.Dense(num_units, name="query_layer", use_bias=False),
            probability_fn,
            score_mask_value,
            custom_key_value_fn,
        )

    def __call__(self, query, state):
        """Returns (weights [batch, time], next state) of a query [batch, n]."""
        with tf.variable_scope(None, "bahdanau_attention", [query]):
            summed = self.keys + tf.expand_dims(self.query_layer(query), 1)
            weights = tf.get_variable("attention_v", [self._units], query.dtype)
            if self._normalize:
                length = tf.get_variable(
                    "attention_g", [], query.dtype, tf.constant_initializer(math.sqrt(1.0 / self._units))
                )
                summed += tf.get_variable("attention_b", [self._units], query.dtype, tf.zeros_initializer())
                weights = length * weights * tf.rsqrt(tf.reduce_sum(tf.square(weights)))
            score = tf.reduce_sum(weights * tf.tanh(summed), [2])
        alignments = self._probabilities(score)
        return alignments, alignments


class AttentionWrapperState(
    collections.namedtuple(
        "AttentionWrapperState",
        ("cell_state", "attention", "time", "alignments", "alignment_history", "attention_state"),
    )
):
    """The state of an AttentionWrapper."""

    def clone(self, **kwargs):
        """Returns a copy with other values, as clone(cell_state=encoder_state)."""
        return self._replace(**kwargs)


class AttentionWrapper(layers.Layer):
    """A cell whose inputs are joined by its last attention, and whose output is the next one.

    Args:
      cell: an RNN cell.
      attention_mechanism: AttentionMechanism, or a list of them.
      attention_layer_size: int, the size of the variable `attention_layer/kernel` that makes the attention
        of output and context, or a list of them; None for the context itself.
      alignment_history: bool, whether the state keeps all weights, in a tf.TensorArray.
      cell_input_fn: function of (inputs, attention); None joins them.
      output_attention: bool, whether the output is the attention or the cell's own.
      initial_cell_state: what zero_state gives as the cell's state; None for its zeros.
      attention_layer: a tf.layers.Dense in place of attention_layer_size.
    """

    def __init__(
        self,
        cell,
        attention_mechanism,
        attention_layer_size=None,
        alignment_history=False,
        cell_input_fn=None,
        output_attention=True,
        initial_cell_state=None,
        name=None,
        attention_layer=None,
        attention_fn=None,
        dtype=None,
    ):
        super().__init__(name=name, dtype=dtype)
        if attention_layer_size is not None and attention_layer is not None:
            raise ValueError("AttentionWrapper: give attention_layer_size or attention_layer, not both")
        self._many = isinstance(attention_mechanism, (list, tuple))
        self._mechanisms = list(attention_mechanism) if self._many else [attention_mechanism]
        for each in self._mechanisms:
            if not isinstance(each, AttentionMechanism):
                raise TypeError(f"AttentionWrapper: attention_mechanism must be an AttentionMechanism, got {each!r}")
        given = attention_layer if attention_layer_size is None else attention_layer_size
        given = list(given) if isinstance(given, (list, tuple)) else [given] * len(self._mechanisms)
        if len(given) != len(self._mechanisms):
            raise ValueError(f"AttentionWrapper: {len(given)} attention layers for {len(self._mechanisms)} mechanisms")
        if attention_layer_size is not None:
            given = [layers.Dense(size, name="attention_layer", use_bias=False) for size in given]
        self._layers = given
        self._attention_size = sum(
            mechanism.values.shape.as_list()[-1] if layer is None else layer.units
            for layer, mechanism in zip(given, self._mechanisms)
        )
        self._cell, self._history = cell, alignment_history
        self._cell_input_fn = cell_input_fn or (lambda inputs, attention: tf.concat([inputs, attention], -1))
        self._output_attention, self._initial = output_attention, initial_cell_state
        self._attention_fn = attention_fn or _attend

    def _one_or_all(self, values):
        return tuple(values) if self._many else list(values)[0]

    @property
    def output_size(self):
        """int."""
        return self._attention_size if self._output_attention else self._cell.output_size

    @property
    def state_size(self):
        """An AttentionWrapperState of sizes."""
        sizes = self._one_or_all([each.alignments_size for each in self._mechanisms])
        return AttentionWrapperState(
            cell_state=self._cell.state_size,
            time=tf.TensorShape([]),
            attention=self._attention_size,
            alignments=sizes,
            attention_state=sizes,
            alignment_history=sizes if self._history else self._one_or_all([()] * len(self._mechanisms)),
        )

    def zero_state(self, batch_size, dtype):
        """Returns the state before the first step: zeros, and the initial cell state."""
        with tf.name_scope("AttentionWrapperZeroState"):
            state = self._initial
            if state is None:
                state = self._cell.zero_state(batch_size, dtype)
            else:
                state = tf.nest.map_structure(tf.identity, state)
            weights = [each.initial_alignments(batch_size, dtype) for each in self._mechanisms]
            return AttentionWrapperState(
                cell_state=state,
                time=tf.zeros([], tf.int32),
                attention=zeros(batch_size, self._attention_size, dtype),
                alignments=self._one_or_all(weights),
                attention_state=self._one_or_all([each.initial_state(batch_size, dtype) for each in self._mechanisms]),
                alignment_history=self._one_or_all(
                    [
                        tf.TensorArray(dtype, 0, dynamic_size=True, element_shape=each.shape) if self._history else ()
                        for each in weights
                    ]
                ),
            )

    def get_initial_state(self, inputs=None, batch_size=None, dtype=None):
        """Returns zero_state for the batch size and dtype of the inputs, or for those given."""
        if inputs is not None:
            batch_size, dtype = tf.shape(inputs)[0], inputs.dtype
        return self.zero_state(batch_size, dtype)

    def __call__(self, inputs, state, scope=None):
        """Takes one step; returns (output, next state)."""
        if scope is not None:
            self._given_scope = self._given_scope or scope
        return super().__call__(inputs, state)

    def call(self, inputs, state):
        if not isinstance(state, AttentionWrapperState):
            raise TypeError(f"AttentionWrapper: state must be an AttentionWrapperState, of zero_state, got {state!r}")
        output, cell_state = self._cell(self._cell_input_fn(inputs, state.attention), state.cell_state)
        before, histories = state.attention_state, state.alignment_history
        if not self._many:
            before, histories = [before], [histories]
        attentions, weights, after, new_histories = [], [], [], []
        for mechanism, layer, old, history in zip(self._mechanisms, self._layers, before, histories):
            attention, alignments, new = self._attention_fn(mechanism, output, old, layer)
            attentions.append(attention)
            weights.append(alignments)
            after.append(new)
            new_histories.append(history.write(state.time, alignments) if self._history else ())
        attention = tf.concat(attentions, 1)
        state = AttentionWrapperState(
            cell_state=cell_state,
            time=state.time + 1,
            attention=attention,
            alignments=self._one_or_all(weights),
            attention_state=self._one_or_all(after),
            alignment_history=self._one_or_all(new_histories),
        )
        return attention if self._output_attention else output, state


def _attend(mechanism, output, state, layer):
    """Returns (attention, weights, next state): the mean of the values by the weights, and the layer."""
    alignments, state = mechanism(output, state)
    context = tf.squeeze(tf.matmul(tf.expand_dims(alignments, 1), mechanism.values), [1])
    attention = context if layer is None else layer(tf.concat([output, context], 1))
    return attention, alignments, state
