"""tf.contrib.seq2seq's decoders: dynamic_decode, BasicDecoder and the helpers that feed it.

Source: the interface and formulas of tf.contrib.seq2seq in TensorFlow 1.15.5.
"""

import collections

import tensorflow.compat.v1 as tf

__all__ = [
    "BasicDecoder",
    "BasicDecoderOutput",
    "CustomHelper",
    "Decoder",
    "GreedyEmbeddingHelper",
    "Helper",
    "SampleEmbeddingHelper",
    "TrainingHelper",
    "dynamic_decode",
]


def zeros(batch_size, size, dtype):
    """Returns zeros [batch_size] + size, of an int or a tf.TensorShape."""
    sizes = [batch_size] + (size.as_list() if isinstance(size, tf.TensorShape) else [size])
    filled = tf.zeros(tf.stack(sizes), dtype)
    known = [tf.get_static_value(tf.convert_to_tensor(each)) for each in sizes]
    filled.set_shape([None if each is None else int(each) for each in known])
    return filled


def _time_first(tensor):
    """Swaps the first two axes."""
    return tf.transpose(tensor, [1, 0] + list(range(2, tensor.shape.ndims)))


def _array_of(tensor):
    """Returns a tf.TensorArray of a tensor's first axis."""
    return tf.TensorArray(tensor.dtype, tf.shape(tensor)[0], element_shape=tensor.shape[1:]).unstack(tensor)


class Helper:
    """What feeds a BasicDecoder: its first inputs, a sample of each output, and the next inputs."""

    sample_ids_shape = tf.TensorShape([])
    sample_ids_dtype = tf.int32

    @property
    def batch_size(self):
        """int or scalar tensor."""
        return self._batch_size

    def initialize(self, name=None):
        """Returns (finished, bool [batch]; the first inputs)."""
        raise NotImplementedError(f"{type(self).__name__}: initialize is not written")

    def sample(self, time, outputs, state, name=None):
        """Returns the sample ids of one step."""
        raise NotImplementedError(f"{type(self).__name__}: sample is not written")

    def next_inputs(self, time, outputs, state, sample_ids, name=None):
        """Returns (finished, the next inputs, the next state)."""
        raise NotImplementedError(f"{type(self).__name__}: next_inputs is not written")


class CustomHelper(Helper):
    """A Helper of three functions; see Helper for what they return."""

    def __init__(self, initialize_fn, sample_fn, next_inputs_fn, sample_ids_shape=None, sample_ids_dtype=None):
        self._initialize, self._sample, self._next = initialize_fn, sample_fn, next_inputs_fn
        self.sample_ids_shape = tf.TensorShape(sample_ids_shape or [])
        self.sample_ids_dtype = sample_ids_dtype or tf.int32
        self._batch_size = None

    @property
    def batch_size(self):
        if self._batch_size is None:
            raise ValueError("CustomHelper: batch_size is known after initialize")
        return self._batch_size

    def initialize(self, name=None):
        finished, inputs = self._initialize()
        if self._batch_size is None:
            self._batch_size = tf.size(finished)
        return finished, inputs

    def sample(self, time, outputs, state, name=None):
        return self._sample(time=time, outputs=outputs, state=state)

    def next_inputs(self, time, outputs, state, sample_ids, name=None):
        return self._next(time=time, outputs=outputs, state=state, sample_ids=sample_ids)


class TrainingHelper(Helper):
    """Feeds the sequences themselves; the sample is the largest output.

    Args:
      inputs: [batch, time, ...], or [time, batch, ...] if time_major; or a structure of such.
      sequence_length: int [batch].
    """

    def __init__(self, inputs, sequence_length, time_major=False, name=None):
        self.inputs = tf.nest.map_structure(tf.convert_to_tensor, inputs)
        self.sequence_length = tf.convert_to_tensor(sequence_length)
        if self.sequence_length.shape.ndims != 1:
            raise ValueError(
                f"TrainingHelper: sequence_length must have 1 dimension, got shape {self.sequence_length.shape}"
            )
        steps = self.inputs if time_major else tf.nest.map_structure(_time_first, self.inputs)
        self._zeros = tf.nest.map_structure(lambda each: tf.zeros_like(each[0]), steps)
        self._steps = tf.nest.map_structure(_array_of, steps)
        self._batch_size = tf.size(self.sequence_length)

    def _read(self, finished, time):
        """Returns the inputs of a step, zeros once all are finished: there may be no such step."""
        return tf.cond(
            tf.reduce_all(finished),
            lambda: self._zeros,
            lambda: tf.nest.map_structure(lambda steps: steps.read(time), self._steps),
        )

    def initialize(self, name=None):
        finished = tf.equal(0, self.sequence_length)
        return finished, self._read(finished, 0)

    def sample(self, time, outputs, state=None, name=None):
        return tf.cast(tf.argmax(outputs, axis=-1), tf.int32)

    def next_inputs(self, time, outputs, state, sample_ids=None, name=None):
        finished = time + 1 >= self.sequence_length
        return finished, self._read(finished, time + 1), state


class GreedyEmbeddingHelper(Helper):
    """Feeds back the embedding of the largest output, until it is the end token.

    Args:
      embedding: float [tokens, n], or a function of ids.
      start_tokens: int [batch].
      end_token: int scalar.
    """

    def __init__(self, embedding, start_tokens, end_token):
        self._embed = embedding if callable(embedding) else lambda ids: tf.nn.embedding_lookup(embedding, ids)
        self._start = tf.convert_to_tensor(start_tokens, tf.int32)
        self._end = tf.convert_to_tensor(end_token, tf.int32)
        for name, value, rank in (("start_tokens", self._start, 1), ("end_token", self._end, 0)):
            if value.shape.ndims != rank:
                raise ValueError(f"{type(self).__name__}: {name} must have {rank} dimensions, got shape {value.shape}")
        self._batch_size, self._first = tf.size(self._start), self._embed(self._start)

    def initialize(self, name=None):
        return tf.tile([False], [self._batch_size]), self._first

    def sample(self, time, outputs, state, name=None):
        return tf.argmax(outputs, axis=-1, output_type=tf.int32)

    def next_inputs(self, time, outputs, state, sample_ids, name=None):
        finished = tf.equal(sample_ids, self._end)
        inputs = tf.cond(tf.reduce_all(finished), lambda: self._first, lambda: self._embed(sample_ids))
        return finished, inputs, state


class SampleEmbeddingHelper(GreedyEmbeddingHelper):
    """As GreedyEmbeddingHelper, but draws from the outputs as logits.

    Args:
      softmax_temperature: float; the logits are divided by it.
    """

    def __init__(self, embedding, start_tokens, end_token, softmax_temperature=None, seed=None):
        super().__init__(embedding, start_tokens, end_token)
        self._temperature, self._seed = softmax_temperature, seed

    def sample(self, time, outputs, state, name=None):
        logits = outputs if self._temperature is None else outputs / self._temperature
        return tf.cast(tf.squeeze(tf.random.categorical(logits, 1, seed=self._seed), [1]), tf.int32)


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
            outputs = tf.nest.map_structure(_time_first, outputs)
        return outputs, state, lengths
