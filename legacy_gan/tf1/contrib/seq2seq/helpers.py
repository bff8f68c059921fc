"""tf.contrib.seq2seq's helpers: what feeds a BasicDecoder, from given sequences or from its own outputs."""

import tensorflow.compat.v1 as tf

from legacy_gan.tf1.contrib.seq2seq.shapes import array_of, time_first

__all__ = [
    "CustomHelper",
    "GreedyEmbeddingHelper",
    "Helper",
    "InferenceHelper",
    "SampleEmbeddingHelper",
    "ScheduledEmbeddingTrainingHelper",
    "ScheduledOutputTrainingHelper",
    "TrainingHelper",
]


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
        steps = self.inputs if time_major else tf.nest.map_structure(time_first, self.inputs)
        self._zeros = tf.nest.map_structure(lambda each: tf.zeros_like(each[0]), steps)
        self._steps = tf.nest.map_structure(array_of, steps)
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


def _drawn(probability, count, seed):
    """Returns bool [count], true with the probability, a scalar."""
    shape = tf.concat([[count], tf.shape(probability)], 0)
    return tf.random_uniform(shape, seed=seed, dtype=probability.dtype) < probability


def _probability_of(value, who):
    value = tf.convert_to_tensor(value)
    if value.shape.ndims not in (0, 1):
        raise ValueError(f"{who}: sampling_probability must be a scalar or a vector, got shape {value.shape}")
    return value


def _mixed(chosen, count, of_chosen, given):
    """Returns [count, ...]: where chosen (bool [count]) rows made of the chosen ones, elsewhere the given rows."""
    on, off = (tf.cast(tf.where(each), tf.int32) for each in (chosen, tf.logical_not(chosen)))
    shape = tf.shape(given)
    return tf.scatter_nd(on, of_chosen(on), shape) + tf.scatter_nd(off, tf.gather_nd(given, off), shape)


class ScheduledEmbeddingTrainingHelper(TrainingHelper):
    """TrainingHelper that now and then feeds back the embedding of a draw from its own outputs.

    Args: those of TrainingHelper, and
      embedding: float [tokens, n], or a function of ids.
      sampling_probability: float scalar, how often it draws.
      seed, scheduling_seed: int or None, of the draw from the outputs, and of whether to draw.
    The sample of a step without a draw is -1.
    Source: Bengio, Vinyals, Jaitly, Shazeer 2015.
    """

    def __init__(
        self,
        inputs,
        sequence_length,
        embedding,
        sampling_probability,
        time_major=False,
        seed=None,
        scheduling_seed=None,
        name=None,
    ):
        self._embed = embedding if callable(embedding) else lambda ids: tf.nn.embedding_lookup(embedding, ids)
        self._probability = _probability_of(sampling_probability, "ScheduledEmbeddingTrainingHelper")
        self._seed, self._scheduling_seed = seed, scheduling_seed
        super().__init__(inputs, sequence_length, time_major, name)

    def sample(self, time, outputs, state=None, name=None):
        with tf.name_scope(name, "ScheduledEmbeddingTrainingHelperSample"):
            drawn = _drawn(self._probability, self._batch_size, self._scheduling_seed)
            ids = tf.squeeze(tf.random.categorical(outputs, 1, seed=self._seed, dtype=tf.int32), [1])
            return tf.where(drawn, ids, tf.fill([self._batch_size], -1))

    def next_inputs(self, time, outputs, state, sample_ids=None, name=None):
        with tf.name_scope(name, "ScheduledEmbeddingTrainingHelperNextInputs"):
            finished, given, state = super().next_inputs(time, outputs, state)
            inputs = tf.cond(
                tf.reduce_all(finished),
                lambda: given,
                lambda: _mixed(
                    sample_ids > -1,
                    self._batch_size,
                    lambda places: self._embed(tf.gather_nd(sample_ids, places)),
                    given,
                ),
            )
            return finished, inputs, state


class ScheduledOutputTrainingHelper(TrainingHelper):
    """TrainingHelper that now and then feeds back its own outputs.

    Args: those of TrainingHelper, and
      sampling_probability: float scalar, how often it does.
      next_inputs_fn: function of the outputs; None feeds them as they are.
      auxiliary_inputs: laid out as inputs, joined to what is fed, whichever it is.
    The sample of a step is bool: whether the outputs are fed back.
    """

    sample_ids_dtype = tf.int32

    def __init__(
        self,
        inputs,
        sequence_length,
        sampling_probability,
        time_major=False,
        seed=None,
        next_inputs_fn=None,
        auxiliary_inputs=None,
        name=None,
    ):
        self._probability = _probability_of(sampling_probability, "ScheduledOutputTrainingHelper")
        self._seed, self._next_inputs_fn, self._auxiliary = seed, next_inputs_fn, None
        if auxiliary_inputs is not None:
            auxiliary = tf.convert_to_tensor(auxiliary_inputs)
            inputs = tf.concat([tf.convert_to_tensor(inputs), auxiliary], -1)
            self._auxiliary = array_of(auxiliary if time_major else time_first(auxiliary))
        super().__init__(inputs, sequence_length, time_major, name)

    def sample(self, time, outputs, state=None, name=None):
        with tf.name_scope(name, "ScheduledOutputTrainingHelperSample"):
            return tf.cast(_drawn(self._probability, self._batch_size, self._seed), tf.int32)

    def next_inputs(self, time, outputs, state, sample_ids=None, name=None):
        with tf.name_scope(name, "ScheduledOutputTrainingHelperNextInputs"):
            finished, given, state = super().next_inputs(time, outputs, state)
            chosen = tf.cast(sample_ids, tf.bool)

            def joined(fed, places=None):
                if self._auxiliary is None:
                    return fed
                auxiliary = self._auxiliary.read(time + 1)
                return tf.concat([fed, auxiliary if places is None else tf.gather_nd(auxiliary, places)], -1)

            def fed_back():
                if self._next_inputs_fn is None:
                    return tf.where(chosen, joined(outputs), given)
                return _mixed(
                    chosen,
                    self._batch_size,
                    lambda places: joined(self._next_inputs_fn(tf.gather_nd(outputs, places)), places),
                    given,
                )

            nothing = tf.logical_or(tf.reduce_all(finished), tf.logical_not(tf.reduce_any(chosen)))
            return finished, tf.cond(nothing, lambda: given, fed_back), state


class InferenceHelper(Helper):
    """Feeds back samples that a function draws from the outputs.

    Args:
      sample_fn: function of the outputs that returns the samples.
      sample_shape: list of int, or an int, a sample's shape without the batch.
      sample_dtype: of the samples.
      start_inputs: [batch, ...], the first inputs.
      end_fn: function of the samples that returns bool [batch], whether a sequence ends there.
      next_inputs_fn: function of the samples; None feeds them as they are.
    """

    def __init__(self, sample_fn, sample_shape, sample_dtype, start_inputs, end_fn, next_inputs_fn=None):
        self._sample_fn, self._end_fn, self._next_inputs_fn = sample_fn, end_fn, next_inputs_fn
        self.sample_ids_shape, self.sample_ids_dtype = tf.TensorShape(sample_shape), sample_dtype
        self._start = tf.convert_to_tensor(start_inputs)
        self._batch_size = tf.shape(self._start)[0]

    def initialize(self, name=None):
        return tf.tile([False], [self._batch_size]), self._start

    def sample(self, time, outputs, state, name=None):
        return self._sample_fn(outputs)

    def next_inputs(self, time, outputs, state, sample_ids, name=None):
        inputs = sample_ids if self._next_inputs_fn is None else self._next_inputs_fn(sample_ids)
        return self._end_fn(sample_ids), inputs, state
