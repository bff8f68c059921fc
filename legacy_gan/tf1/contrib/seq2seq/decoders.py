"""tf.contrib.seq2seq's decoders: dynamic_decode and BasicDecoder.

Source: the interface and formulas of tf.contrib.seq2seq in TensorFlow 1.15.5.
"""

import collections

import tensorflow.compat.v1 as tf

from legacy_gan.tf1.contrib.seq2seq.helpers import Helper
from legacy_gan.tf1.contrib.seq2seq.shapes import time_first, zeros

__all__ = ["BasicDecoder", "BasicDecoderOutput", "Decoder", "dynamic_decode"]


class Decoder:
    """What dynamic_decode runs.

    A decoder has batch_size, output_size and output_dtype (structures like its outputs), and the
    methods initialize and step; finalize is optional.
    """

    tracks_own_finished = False  # whether `finished` of a step stands on its own

    def initialize(self, name=None):
        """Returns (finished, inputs, state) before the first step."""
        raise NotImplementedError(f"{type(self).__name__}: initialize is not written")

    def step(self, time, inputs, state, name=None):
        """Returns (outputs, next state, next inputs, finished) of a step."""
        raise NotImplementedError(f"{type(self).__name__}: step is not written")

    def finalize(self, outputs, final_state, sequence_lengths):
        """Returns (outputs, state) from those of all steps, time first."""
        raise NotImplementedError(f"{type(self).__name__}: finalize is not written")


BasicDecoderOutput = collections.namedtuple("BasicDecoderOutput", ("rnn_output", "sample_id"))


class BasicDecoder(Decoder):
    """A cell, fed by a helper.

    Args:
      cell: an RNN cell.
      helper: Helper.
      initial_state: the cell's first state.
      output_layer: a tf.layers.Dense for the outputs, before the helper samples them.
    """

    def __init__(self, cell, helper, initial_state, output_layer=None):
        if not isinstance(helper, Helper):
            raise TypeError(f"BasicDecoder: helper must be a Helper, got {helper!r}")
        if output_layer is not None and not hasattr(output_layer, "units"):
            raise TypeError(f"BasicDecoder: output_layer must be a tf.layers.Dense, got {output_layer!r}")
        self._cell, self._helper, self._state, self._layer = cell, helper, initial_state, output_layer

    @property
    def batch_size(self):
        return self._helper.batch_size

    @property
    def output_size(self):
        size = self._cell.output_size if self._layer is None else self._layer.units
        return BasicDecoderOutput(size, self._helper.sample_ids_shape)

    @property
    def output_dtype(self):
        return BasicDecoderOutput(tf.nest.flatten(self._state)[0].dtype, self._helper.sample_ids_dtype)

    def initialize(self, name=None):
        return self._helper.initialize() + (self._state,)

    def step(self, time, inputs, state, name=None):
        with tf.name_scope(name, "BasicDecoderStep"):
            outputs, state = self._cell(inputs, state)
            if self._layer is not None:
                outputs = self._layer(outputs)
            sample_ids = self._helper.sample(time=time, outputs=outputs, state=state)
            finished, inputs, state = self._helper.next_inputs(
                time=time, outputs=outputs, state=state, sample_ids=sample_ids
            )
        return BasicDecoderOutput(outputs, sample_ids), state, inputs, finished


def dynamic_decode(
    decoder,
    output_time_major=False,
    impute_finished=False,
    maximum_iterations=None,
    parallel_iterations=32,
    swap_memory=False,
    scope=None,
    **kwargs,
):
    """Steps a decoder until all sequences of the batch are finished.

    Args:
      decoder: Decoder.
      output_time_major: bool, whether the outputs are [time, batch, ...].
      impute_finished: bool, whether a finished sequence has zeros as outputs and keeps its state.
      maximum_iterations: int, the most steps; None for no end.
      scope: the variable scope, `decoder` without a name.
    Returns:
      (outputs [batch, time, ...], the last state, the sequences' lengths, int32 [batch]).
    """
    if not isinstance(decoder, Decoder):
        raise TypeError(f"dynamic_decode: decoder must be a Decoder, got {decoder!r}")
    with tf.variable_scope(scope, "decoder"):
        finished, inputs, state = decoder.initialize()
        if maximum_iterations is not None:
            maximum_iterations = tf.convert_to_tensor(maximum_iterations, tf.int32)
            finished = tf.logical_or(finished, 0 >= maximum_iterations)
        types = decoder.output_dtype
        empty = [
            zeros(decoder.batch_size, size, dtype)
            for size, dtype in zip(tf.nest.flatten(decoder.output_size), tf.nest.flatten(types))
        ]
        arrays = [tf.TensorArray(each.dtype, 0, dynamic_size=True, element_shape=each.shape) for each in empty]

        def keep_finished(finished, old, new):
            """Returns the old state where finished; a TensorArray or a scalar goes on."""
            if isinstance(old, tf.TensorArray):
                return new
            new.set_shape(old.shape)
            return new if new.shape.ndims == 0 else tf.where(finished, old, new)

        def body(time, arrays, state, inputs, finished, lengths):
            outputs, next_state, next_inputs, now_finished = decoder.step(time, inputs, state)
            if not decoder.tracks_own_finished:
                now_finished = tf.logical_or(now_finished, finished)
            lengths = tf.where(finished, lengths, tf.fill(tf.shape(lengths), time + 1))
            outputs = tf.nest.flatten(outputs)
            if impute_finished:
                outputs = [tf.where(finished, zero, output) for zero, output in zip(empty, outputs)]
                next_state = tf.nest.map_structure(
                    lambda old, new: keep_finished(finished, old, new), state, next_state
                )
            arrays = [array.write(time, output) for array, output in zip(arrays, outputs)]
            return time + 1, arrays, next_state, next_inputs, now_finished, lengths

        _, arrays, state, _, _, lengths = tf.while_loop(
            lambda time, arrays, state, inputs, finished, lengths: tf.logical_not(tf.reduce_all(finished)),
            body,
            (tf.constant(0), arrays, state, inputs, finished, tf.zeros_like(finished, tf.int32)),
            parallel_iterations=parallel_iterations,
            maximum_iterations=maximum_iterations,
            swap_memory=swap_memory,
        )
        outputs = tf.nest.pack_sequence_as(types, [array.stack() for array in arrays])
        try:
            outputs, state = decoder.finalize(outputs, state, lengths)
        except NotImplementedError:
            pass
        if not output_time_major:
            outputs = tf.nest.map_structure(time_first, outputs)
        return outputs, state, lengths
