"""tf.contrib.seq2seq.AttentionWrapper, the cell that looks back at a memory."""

import collections

import tensorflow.compat.v1 as tf

from legacy_gan.tf1 import layers
from legacy_gan.tf1.contrib.seq2seq.mechanisms import AttentionMechanism
from legacy_gan.tf1.contrib.seq2seq.shapes import zeros
from legacy_gan.tf1.rnn_cell.base import RNNCell

__all__ = ["AttentionWrapper", "AttentionWrapperState", "hardmax", "tile_batch"]


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


class AttentionWrapper(RNNCell):
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
        self._attention_fn = attention_fn or attend

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


def attend(mechanism, output, state, layer):
    """Returns (attention, weights, next state): the mean of the values by the weights, and the layer."""
    alignments, state = mechanism(output, state)
    context = tf.squeeze(tf.matmul(tf.expand_dims(alignments, 1), mechanism.values), [1])
    attention = context if layer is None else layer(tf.concat([output, context], 1))
    return attention, alignments, state
