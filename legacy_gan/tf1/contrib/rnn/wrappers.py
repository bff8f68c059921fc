"""tf.contrib.rnn's wrappers: embedding, projections, highway and attention around a cell."""

import math

import tensorflow.compat.v1 as tf
from tensorflow.python.util import nest

from legacy_gan.tf1.rnn_cell.base import RNNCell
from legacy_gan.tf1.rnn_cell.linear import Linear, affine
from legacy_gan.tf1.rnn_cell.wrappers import CellWrapper


class EmbeddingWrapper(CellWrapper):
    """A cell whose inputs are integers [batch] or [batch, 1], each looked up in an embedding.

    Args:
      cell: the cell inside.
      embedding_classes: int, how many integers there are.
      embedding_size: int, the length of each one's vector.
      initializer: None takes the scope's, else uniform with variance 1.
    Variables: `embedding_wrapper/embedding` [classes, size], then the cell's.
    """

    def __init__(self, cell, embedding_classes, embedding_size, initializer=None, reuse=None):
        super().__init__(cell, _reuse=reuse)
        if embedding_classes <= 0 or embedding_size <= 0:
            raise ValueError(
                "EmbeddingWrapper: embedding_classes and embedding_size must be above 0, "
                f"got {embedding_classes} and {embedding_size}"
            )
        self._shape = [embedding_classes, embedding_size]
        self._initializer = initializer

    def call(self, inputs, state):
        with tf.device("/cpu:0"):
            initializer = self._initializer or tf.get_variable_scope().initializer
            if not initializer:
                initializer = tf.random_uniform_initializer(-math.sqrt(3), math.sqrt(3))
            embedding = tf.get_variable(
                "embedding", self._shape, initializer=initializer, dtype=nest.flatten(state)[0].dtype
            )
            embedded = tf.nn.embedding_lookup(embedding, tf.reshape(inputs, [-1]))
            return self.cell(embedded, state)


class InputProjectionWrapper(CellWrapper):
    """A cell that sees activation(inputs @ kernel + bias), of size num_proj.

    Variables: `input_projection_wrapper/kernel` [n, num_proj], `.../bias`, then the cell's.
    """

    _linear = None

    def __init__(self, cell, num_proj, activation=None, input_size=None, reuse=None):
        super().__init__(cell, _reuse=reuse)
        self._num_proj = num_proj
        self._activation = activation or tf.identity

    def call(self, inputs, state):
        if self._linear is None:
            self._linear = Linear(inputs, self._num_proj, True)
        return self.cell(self._activation(self._linear(inputs)), state)


class OutputProjectionWrapper(CellWrapper):
    """A cell that gives activation(outputs @ kernel + bias), of size output_size.

    Variables: the cell's in `output_projection_wrapper/...`, then `.../kernel`, `.../bias`.
    """

    _linear = None

    def __init__(self, cell, output_size, activation=None, reuse=None):
        super().__init__(cell, _reuse=reuse)
        if output_size < 1:
            raise ValueError(f"OutputProjectionWrapper: output_size must be above 0, got {output_size}")
        self._output_size = output_size
        self._activation = activation or tf.identity

    @property
    def output_size(self):
        return self._output_size

    def call(self, inputs, state):
        output, state = self.cell(inputs, state)
        if self._linear is None:
            self._linear = Linear(output, self._output_size, True)
        return self._activation(self._linear(output)), state


class CompiledWrapper(CellWrapper):
    """A cell that TF 1.15 has compiled by XLA on a GPU. Here it is the cell inside: `--xla` compiles whole programs.

    Args:
      cell: the cell inside.
      compile_stateful: bool, without effect.
    """

    def __init__(self, cell, compile_stateful=False):
        super().__init__(cell)

    def __call__(self, inputs, state, scope=None):
        """Runs one step of the cell inside."""
        return self.cell(inputs, state, scope=scope)


class HighwayWrapper(CellWrapper):
    """A cell whose outputs are inputs * carry + outputs * transform, with gates of the inputs.

    Args:
      cell: the cell inside; its outputs have the inputs' size.
      couple_carry_transform_gates: bool; True has transform = 1 - carry.
      carry_bias_init: float, where the bias of carry starts; transform's starts at its opposite.
    """

    def __init__(self, cell, couple_carry_transform_gates=True, carry_bias_init=1.0):
        super().__init__(cell)
        self._coupled = couple_carry_transform_gates
        self._carry_bias_init = carry_bias_init

    def __call__(self, inputs, state, scope=None):
        """Runs one step of the cell inside and mixes its inputs in."""
        outputs, state = self.cell(inputs, state, scope=scope)
        return nest.map_structure(self._mix, inputs, outputs), state

    def _mix(self, inputs, outputs):
        size = inputs.shape.as_list()[1]

        def gate(name, start):
            kernel = tf.get_variable(f"{name}_w", [size, size])
            bias = tf.get_variable(f"{name}_b", [size], initializer=tf.constant_initializer(start))
            return tf.sigmoid(affine([inputs], kernel, bias))

        carry = gate("carry", self._carry_bias_init)
        transform = 1 - carry if self._coupled else gate("transform", -self._carry_bias_init)
        return inputs * carry + outputs * transform


class AttentionCellWrapper(CellWrapper):
    """A cell that attends to its own last outputs.

    Args:
      cell: the cell inside.
      attn_length: int, how many outputs back it sees.
      attn_size: int, the size of an output; None is the cell's.
      attn_vec_size: int, the size of what states are compared in; None is attn_size.
      input_size: int, the size of what the cell sees of inputs and attention; None is the inputs'.
      state_is_tuple: bool; True has the state (the cell's, attention, last outputs).
    Source: Cheng et al. 2016.
    """

    _inner = _query = _projection = None

    def __init__(
        self, cell, attn_length, attn_size=None, attn_vec_size=None, input_size=None, state_is_tuple=True, reuse=None
    ):
        super().__init__(cell, _reuse=reuse)
        if nest.is_nested(cell.state_size) and not state_is_tuple:
            raise ValueError(
                "AttentionCellWrapper: with state_is_tuple=False the cell's state must be "
                f"a single tensor, got state_size {cell.state_size}"
            )
        if attn_length <= 0:
            raise ValueError(f"AttentionCellWrapper: attn_length must be above 0, got {attn_length}")
        self._state_is_tuple = state_is_tuple
        self._attn_length = attn_length
        self._attn_size = cell.output_size if attn_size is None else attn_size
        self._attn_vec_size = self._attn_size if attn_vec_size is None else attn_vec_size
        self._input_size = input_size

    @property
    def state_size(self):
        sizes = (self.cell.state_size, self._attn_size, self._attn_size * self._attn_length)
        return sizes if self._state_is_tuple else sum(sizes)

    @property
    def output_size(self):
        return self._attn_size

    def zero_state(self, batch_size, dtype):
        return RNNCell.zero_state(self, batch_size, dtype)

    def call(self, inputs, state):
        if not self._state_is_tuple:
            state = tf.split(
                state, [self.cell.state_size, self._attn_size, self._attn_size * self._attn_length], axis=1
            )
        state, attention, history = state
        history = tf.reshape(history, [-1, self._attn_length, self._attn_size])
        if self._inner is None:
            size = inputs.shape.as_list()[1] if self._input_size is None else self._input_size
            self._inner = Linear([inputs, attention], size, True)
        output, new_state = self.cell(self._inner([inputs, attention]), state)
        attention, history = self._attend(tf.concat(nest.flatten(new_state), 1), history)
        with tf.variable_scope("attn_output_projection"):
            if self._projection is None:
                self._projection = Linear([output, attention], self._attn_size, True)
            output = self._projection([output, attention])
        history = tf.concat([history, tf.expand_dims(output, 1)], 1)
        history = tf.reshape(history, [-1, self._attn_length * self._attn_size])
        new_state = (new_state, attention, history)
        return output, new_state if self._state_is_tuple else tf.concat(new_state, 1)

    def _attend(self, query, history):
        """Returns the mean of the history by attention, and the history without the oldest."""
        with tf.variable_scope("attention"):
            weights = tf.get_variable("attn_w", [1, 1, self._attn_size, self._attn_vec_size])
            scale = tf.get_variable("attn_v", [self._attn_vec_size])
            places = tf.reshape(history, [-1, self._attn_length, 1, self._attn_size])
            features = tf.nn.conv2d(places, weights, [1, 1, 1, 1], "SAME")
            if self._query is None:
                self._query = Linear(query, self._attn_vec_size, True)
            query = tf.reshape(self._query(query), [-1, 1, 1, self._attn_vec_size])
            shares = tf.nn.softmax(tf.reduce_sum(scale * tf.tanh(features + query), [2, 3]))
            mean = tf.reduce_sum(tf.reshape(shares, [-1, self._attn_length, 1, 1]) * places, [1, 2])
            return tf.reshape(mean, [-1, self._attn_size]), history[:, 1:]
