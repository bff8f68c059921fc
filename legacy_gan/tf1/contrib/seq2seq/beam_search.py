"""tf.contrib.seq2seq.BeamSearchDecoder: the likeliest sequences, several for each example.

Source: the interface and formulas of tf.contrib.seq2seq in TensorFlow 1.15.5; Wu et al. 2016 for the penalties.
"""

import collections

import tensorflow.compat.v1 as tf

from legacy_gan.tf1.contrib.seq2seq.attention import AttentionWrapperState
from legacy_gan.tf1.contrib.seq2seq.decoders import Decoder
from legacy_gan.tf1.rnn_cell.base import assert_like_rnncell

__all__ = [
    "BeamSearchDecoder",
    "BeamSearchDecoderOutput",
    "BeamSearchDecoderState",
    "FinalBeamSearchDecoderOutput",
    "gather_tree",
]

BeamSearchDecoderOutput = collections.namedtuple("BeamSearchDecoderOutput", ("scores", "predicted_ids", "parent_ids"))
FinalBeamSearchDecoderOutput = collections.namedtuple(
    "FinalBeamSearchDecoderOutput", ("predicted_ids", "beam_search_decoder_output")
)
BeamSearchDecoderState = collections.namedtuple(
    "BeamSearchDecoderState", ("cell_state", "log_probs", "finished", "lengths", "accumulated_attention_probs")
)


def gather_tree(step_ids, parent_ids, max_sequence_lengths, end_token, name=None):
    """Follows each last beam back along its parents.

    Args:
      step_ids, parent_ids: int32 [time, batch, beam], the tokens of each step, and the beams they go on from.
      max_sequence_lengths: int32 [batch]; the last beams of an example are those of this step.
      end_token: int scalar, what stands after the first end token of a beam, and after the last step.
    Returns:
      int32 [time, batch, beam], the tokens of whole sequences.
    """
    with tf.name_scope(name, "GatherTree"):
        step_ids, parent_ids = tf.convert_to_tensor(step_ids), tf.convert_to_tensor(parent_ids)
        steps, batch, beams = tf.unstack(tf.shape(step_ids))
        end = tf.fill([batch, beams], tf.cast(end_token, step_ids.dtype))
        last = tf.minimum(tf.cast(max_sequence_lengths, tf.int32), steps) - 1
        found = tf.TensorArray(step_ids.dtype, steps, element_shape=step_ids.shape[1:])

        def back(step, parents, found):
            there = tf.tile(tf.expand_dims(step <= last, 1), [1, beams])
            ids = tf.where(there, of_beams(step_ids[step], parents), end)
            parents = tf.where(there, of_beams(parent_ids[step], parents), parents)
            return step - 1, parents, found.write(step, ids)

        parents = tf.tile(tf.expand_dims(tf.range(beams), 0), [batch, 1])
        _, _, found = tf.while_loop(lambda step, *_: step >= 0, back, (steps - 1, parents, found))
        ids = found.stack()
        ended = tf.cumsum(tf.cast(tf.equal(ids, end_token), tf.int32), axis=0, exclusive=True) > 0
        ids = tf.where(ended, tf.zeros_like(ids) + tf.cast(end_token, ids.dtype), ids)
        ids.set_shape(step_ids.shape)
        return ids


def of_beams(values, beams):
    """Returns values [batch, n, ...] at the beams [batch, m] of each example."""
    chosen = tf.gather(values, beams, axis=1, batch_dims=1)
    chosen.set_shape(beams.shape[:2].concatenate(values.shape[2:]))
    return chosen


def _is_array(value):
    return isinstance(value, tf.TensorArray)


class BeamSearchDecoder(Decoder):
    """A cell that keeps the `beam_width` best beginnings of each example.

    The score of a beginning is its log probability, divided by ((5 + length) / 6) ** length_penalty_weight,
    plus coverage_penalty_weight times the sum of log(min(attention that a place had, 1)) once it is finished.

    Args:
      cell: an RNN cell, whose states are [batch * beam_width, ...]: see tile_batch.
      embedding: float [tokens, n], or a function of ids.
      start_tokens: int32 [batch]. end_token: int32 scalar.
      initial_state: the cell's first state.
      beam_width: int.
      output_layer: a layer from the cell's output to logits, or None.
      reorder_tensor_arrays: bool, whether the state's tf.TensorArrays become tensors in the order of the final
        beams, [time, batch * beam_width, ...].
    """

    tracks_own_finished = True  # a finished beam can be another one's place in the next step

    def __init__(
        self,
        cell,
        embedding,
        start_tokens,
        end_token,
        initial_state,
        beam_width,
        output_layer=None,
        length_penalty_weight=0.0,
        coverage_penalty_weight=0.0,
        reorder_tensor_arrays=True,
    ):
        assert_like_rnncell("BeamSearchDecoder: cell", cell)
        if output_layer is not None and not callable(output_layer):
            raise TypeError(f"BeamSearchDecoder: output_layer must be a layer, got {output_layer!r}")
        self._cell, self._layer, self._beams = cell, output_layer, beam_width
        self._embed = embedding if callable(embedding) else lambda ids: tf.nn.embedding_lookup(embedding, ids)
        start = tf.convert_to_tensor(start_tokens, tf.int32)
        self._end = tf.convert_to_tensor(end_token, tf.int32)
        for name, value, rank in (("start_tokens", start, 1), ("end_token", self._end, 0)):
            if value.shape.ndims != rank:
                raise ValueError(f"BeamSearchDecoder: {name} must have {rank} dimensions, got shape {value.shape}")
        self._batch = tf.size(start)
        self._known_batch = start.shape.as_list()[0]
        self._length_weight, self._coverage_weight = length_penalty_weight, coverage_penalty_weight
        self._reorders = reorder_tensor_arrays
        self._first = self._embed(tf.tile(tf.expand_dims(start, 1), [1, beam_width]))
        self._state = tf.nest.map_structure(self._split, initial_state)

    @property
    def batch_size(self):
        return self._batch

    @property
    def output_size(self):
        size = tf.TensorShape([self._beams])
        return BeamSearchDecoderOutput(size, size, size)

    @property
    def output_dtype(self):
        dtype = next(each for each in tf.nest.flatten(self._state) if not _is_array(each)).dtype
        return BeamSearchDecoderOutput(dtype, tf.int32, tf.int32)

    def _split(self, value):
        """Returns [batch * beams, ...] as [batch, beams, ...]; scalars and arrays as they are."""
        if _is_array(value) or value.shape.ndims == 0:
            return value
        if value.shape.ndims is None:
            raise ValueError(f"BeamSearchDecoder: the rank of each state must be known, got {value!r}")
        known = value.shape.as_list()[0]
        if None not in (known, self._known_batch) and known != self._known_batch * self._beams:
            raise ValueError(
                f"BeamSearchDecoder: states must have batch * beam_width = {self._known_batch * self._beams} rows, "
                f"got shape {value.shape}; tile_batch the encoder's state and outputs"
            )
        split = tf.reshape(value, tf.concat([[self._batch, self._beams], tf.shape(value)[1:]], 0))
        split.set_shape(tf.TensorShape([self._known_batch, self._beams]).concatenate(value.shape[1:]))
        return split

    def _merge(self, value):
        """The opposite of _split."""
        if _is_array(value) or value.shape.ndims < 2:
            return value
        merged = tf.reshape(value, tf.concat([[self._batch * self._beams], tf.shape(value)[2:]], 0))
        rows = None if self._known_batch is None else self._known_batch * self._beams
        merged.set_shape(tf.TensorShape([rows]).concatenate(value.shape[2:]))
        return merged

    def initialize(self, name=None):
        # All beams begin alike, so only the first one of each counts.
        first = tf.one_hot(tf.zeros([self._batch], tf.int32), self._beams, on_value=True, off_value=False)
        dtype = self.output_dtype.scores
        attention = self._attention_of(self._state)
        state = BeamSearchDecoderState(
            cell_state=self._state,
            log_probs=tf.where(first, tf.zeros_like(first, dtype), tf.fill(tf.shape(first), -float("inf"))),
            finished=tf.logical_not(first),
            lengths=tf.zeros_like(first, tf.int64),
            accumulated_attention_probs=() if attention is None else tf.zeros_like(attention),
        )
        return state.finished, self._first, state

    def _attention_of(self, state):
        """Returns the attention [batch, beams, places], the mean of the mechanisms'; None without coverage."""
        if self._coverage_is_off():
            return None
        states = [state] if isinstance(state, AttentionWrapperState) else state
        states = states if isinstance(states, tuple) or isinstance(states, list) else []
        found = [each.alignments for each in states if isinstance(each, AttentionWrapperState)]
        if not found:
            raise ValueError("BeamSearchDecoder: coverage_penalty_weight must be 0 for a cell without attention")
        means = [tf.reduce_mean(tf.stack(each, -1), -1) if isinstance(each, tuple) else each for each in found]
        return means[0] if len(means) == 1 else tf.reduce_mean(tf.stack(means, -1), -1)

    def _coverage_is_off(self):
        return isinstance(self._coverage_weight, (int, float)) and self._coverage_weight == 0

    def _scores(self, log_probs, lengths, finished, attention):
        """Returns the scores [batch, beams, tokens] of log probabilities."""
        weight = self._length_weight
        if not (isinstance(weight, (int, float)) and weight == 0):
            weight = tf.convert_to_tensor(weight)
            penalty = (5.0 + tf.cast(lengths, tf.float32)) ** weight / 6.0**weight
            log_probs = log_probs / tf.cast(penalty, log_probs.dtype)
        if attention is None:
            return log_probs
        attention = tf.where(tf.equal(attention, 0.0), tf.ones_like(attention), attention)  # beyond the length
        coverage = tf.reduce_sum(tf.log(tf.minimum(attention, 1.0)), 2) * tf.cast(finished, tf.float32)
        return log_probs + tf.expand_dims(coverage * self._coverage_weight, 2)

    def step(self, time, inputs, state, name=None):
        with tf.name_scope(name, "BeamSearchDecoderStep"):
            merged = tf.nest.map_structure(self._merge, state.cell_state)
            outputs, cell_state = self._cell(tf.nest.map_structure(self._merge, inputs), merged)
            logits = tf.nest.map_structure(self._split, outputs)
            cell_state = tf.nest.map_structure(self._split, cell_state)
            if self._layer is not None:
                logits = self._layer(logits)
            outputs, state = self._choose(logits, cell_state, state)
            inputs = tf.cond(
                tf.reduce_all(state.finished), lambda: self._first, lambda: self._embed(outputs.predicted_ids)
            )
        return outputs, state, inputs, state.finished

    def _choose(self, logits, cell_state, state):
        """Returns (outputs, next state): the best beams by what the logits add to them."""
        tokens = logits.shape.as_list()[-1]
        tokens = tf.shape(logits)[-1] if tokens is None else tokens
        is_end = tf.one_hot(self._end, tokens, on_value=True, off_value=False)
        # A finished beam goes on with end tokens, which cost nothing.
        only_end = tf.where(is_end, tf.zeros([tokens], logits.dtype), tf.fill([tokens], logits.dtype.min))
        finished = tf.tile(tf.expand_dims(state.finished, 2), [1, 1, tokens])
        added = tf.where(finished, tf.zeros_like(logits) + only_end, tf.nn.log_softmax(logits))
        log_probs = tf.expand_dims(state.log_probs, 2) + added
        # As in 1.15, the end token does not count here; it does in the lengths of the next state.
        longer = tf.cast(tf.logical_not(finished), tf.int64) * tf.cast(tf.logical_not(is_end), tf.int64)
        attention = self._attention_of(cell_state)
        if attention is not None:
            keep = tf.expand_dims(tf.cast(tf.logical_not(state.finished), attention.dtype), 2)
            attention = state.accumulated_attention_probs + attention * keep
        scores = self._scores(log_probs, tf.expand_dims(state.lengths, 2) + longer, state.finished, attention)
        scores = tf.reshape(scores, [self._batch, -1])
        best, places = tf.nn.top_k(scores, self._beams)
        best.set_shape([self._known_batch, self._beams])
        places.set_shape([self._known_batch, self._beams])
        ids, parents = places % tokens, places // tokens
        before = of_beams(state.finished, parents)
        next_state = BeamSearchDecoderState(
            cell_state=tf.nest.map_structure(
                lambda value: value if _is_array(value) or value.shape.ndims < 2 else of_beams(value, parents),
                cell_state,
            ),
            log_probs=of_beams(tf.reshape(log_probs, [self._batch, -1]), places),
            finished=tf.logical_or(before, tf.equal(ids, self._end)),
            lengths=of_beams(state.lengths, parents) + tf.cast(tf.logical_not(before), tf.int64),
            accumulated_attention_probs=() if attention is None else of_beams(attention, parents),
        )
        return BeamSearchDecoderOutput(best, ids, parents), next_state

    def finalize(self, outputs, final_state, sequence_lengths):
        """Returns (FinalBeamSearchDecoderOutput of [time, batch, beams], state) from the outputs of all steps."""
        longest = tf.cast(tf.reduce_max(final_state.lengths, axis=1), tf.int32)
        ids = gather_tree(outputs.predicted_ids, outputs.parent_ids, longest, self._end)
        if self._reorders:
            sort = lambda value: self._sorted(value, outputs.parent_ids, final_state.lengths)  # noqa: E731
            final_state = final_state._replace(cell_state=tf.nest.map_structure(sort, final_state.cell_state))
        return FinalBeamSearchDecoderOutput(ids, outputs), final_state

    def _is_sorted(self, shape):
        """Says whether TF 1.15 sorts arrays of such elements: not where it knows the batch and two sizes."""
        if not shape.ndims:
            tf.logging.warn("BeamSearchDecoder: the elements of a tf.TensorArray have no beams, which stay as they are")
            return False
        sizes = shape.as_list()
        if None in (self._known_batch, sizes[0]):
            return True
        both = len(sizes) < 2 or sizes[1] is None or sizes[:2] == [self._known_batch, self._beams]
        if sizes[0] != self._known_batch * self._beams or not both:
            tf.logging.warn(f"BeamSearchDecoder: a tf.TensorArray of {shape} keeps its order, as in TF 1.15")
            return False
        return True

    def _sorted(self, value, parents, lengths):
        """Returns an array over time as a tensor whose beams are the final ones; other values as they are."""
        if not _is_array(value) or not self._is_sorted(value.element_shape):
            return value
        stacked = value.stack()
        steps = tf.shape(parents)[0]
        here = tf.tile(tf.reshape(tf.range(self._beams), [1, 1, -1]), [steps, self._batch, 1])
        longest = tf.cast(tf.reduce_max(lengths, axis=1), tf.int32)
        beams = gather_tree(here, parents, longest, self._beams + 1)
        in_time = tf.transpose(tf.sequence_mask(lengths, steps), [2, 0, 1])
        beams = tf.where(in_time, beams, here)
        flat = tf.reshape(stacked, tf.concat([[steps * self._batch, self._beams], tf.shape(stacked)[2:]], 0))
        chosen = tf.gather(flat, tf.reshape(beams, [steps * self._batch, self._beams]), axis=1, batch_dims=1)
        return tf.reshape(chosen, tf.shape(stacked))
