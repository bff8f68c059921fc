"""tf.contrib.rnn as TensorFlow 1.15 had it: the cells and loops of tf.nn, and contrib's own.

Source: the interface and defaults of tf.contrib.rnn in TensorFlow 1.15.5.
"""

import math

import tensorflow.compat.v1 as tf
from tensorflow.python.util import nest

from legacy_gan.tf1.namespace import refusal
from legacy_gan.tf1.rnn import (
    bidirectional_dynamic_rnn as _bidirectional_dynamic_rnn,
    dynamic_rnn,
    static_bidirectional_rnn,
    static_rnn,
    static_state_saving_rnn,
)
from legacy_gan.tf1.rnn_cell import (
    BasicLSTMCell,
    BasicRNNCell,
    DeviceWrapper,
    DropoutWrapper,
    GRUCell,
    LayerRNNCell,
    LSTMCell,
    LSTMStateTuple,
    MultiRNNCell,
    ResidualWrapper,
    RNNCell,
    _affine,
    _depth,
    _Linear,
    _Wrapper,
    lstm_step,
)

__all__ = [
    "AttentionCellWrapper",
    "BasicLSTMCell",
    "BasicRNNCell",
    "Conv1DLSTMCell",
    "Conv2DLSTMCell",
    "Conv3DLSTMCell",
    "ConvLSTMCell",
    "DeviceWrapper",
    "DropoutWrapper",
    "EmbeddingWrapper",
    "FusedRNNCell",
    "FusedRNNCellAdaptor",
    "GRUBlockCell",
    "GRUBlockCellV2",
    "GRUCell",
    "HighwayWrapper",
    "InputProjectionWrapper",
    "LSTMBlockCell",
    "LSTMBlockFusedCell",
    "LSTMCell",
    "LSTMStateTuple",
    "LayerNormBasicLSTMCell",
    "LayerRNNCell",
    "MultiRNNCell",
    "OutputProjectionWrapper",
    "RNNCell",
    "ResidualWrapper",
    "TimeReversedFusedRNN",
    "stack_bidirectional_dynamic_rnn",
    "stack_bidirectional_rnn",
    "static_bidirectional_rnn",
    "static_rnn",
    "static_state_saving_rnn",
    "transpose_batch_time",
]


__getattr__ = refusal("tf.contrib.rnn", __all__)


class EmbeddingWrapper(_Wrapper):
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


class InputProjectionWrapper(_Wrapper):
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
            self._linear = _Linear(inputs, self._num_proj, True)
        return self.cell(self._activation(self._linear(inputs)), state)


class OutputProjectionWrapper(_Wrapper):
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
            self._linear = _Linear(output, self._output_size, True)
        return self._activation(self._linear(output)), state


class HighwayWrapper(_Wrapper):
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
        return nest.map_structure(self._mixed, inputs, outputs), state

    def _mixed(self, inputs, outputs):
        size = inputs.shape.as_list()[1]

        def gate(name, start):
            kernel = tf.get_variable(f"{name}_w", [size, size])
            bias = tf.get_variable(f"{name}_b", [size], initializer=tf.constant_initializer(start))
            return tf.sigmoid(_affine([inputs], kernel, bias))

        carry = gate("carry", self._carry_bias_init)
        transform = 1 - carry if self._coupled else gate("transform", -self._carry_bias_init)
        return inputs * carry + outputs * transform


class AttentionCellWrapper(_Wrapper):
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
            self._inner = _Linear([inputs, attention], size, True)
        output, new_state = self.cell(self._inner([inputs, attention]), state)
        attention, history = self._attend(tf.concat(nest.flatten(new_state), 1), history)
        with tf.variable_scope("attn_output_projection"):
            if self._projection is None:
                self._projection = _Linear([output, attention], self._attn_size, True)
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
                self._query = _Linear(query, self._attn_vec_size, True)
            query = tf.reshape(self._query(query), [-1, 1, 1, self._attn_vec_size])
            shares = tf.nn.softmax(tf.reduce_sum(scale * tf.tanh(features + query), [2, 3]))
            mean = tf.reduce_sum(tf.reshape(shares, [-1, self._attn_length, 1, 1]) * places, [1, 2])
            return tf.reshape(mean, [-1, self._attn_size]), history[:, 1:]


class LayerNormBasicLSTMCell(RNNCell):
    """BasicLSTMCell with layer normalization of each gate and of c, and dropout of the candidate.

    Args:
      num_units, forget_bias: as for BasicLSTMCell.
      activation: a function of a tensor.
      layer_norm: bool; False has a bias instead.
      norm_gain, norm_shift: float, where gamma and beta start.
      dropout_keep_prob: float, 0 to 1, or a scalar tensor.
      dropout_prob_seed: int, or None.
    Variables: `kernel`, and gamma and beta, each [num_units], in `input`, `transform`, `forget`,
      `output` and `state`.
    Source: Ba et al. 2016; Semeniuta et al. 2016.
    """

    def __init__(
        self,
        num_units,
        forget_bias=1.0,
        input_size=None,
        activation=tf.tanh,
        layer_norm=True,
        norm_gain=1.0,
        norm_shift=0.0,
        dropout_keep_prob=1.0,
        dropout_prob_seed=None,
        reuse=None,
    ):
        super().__init__(_reuse=reuse)
        self._num_units = num_units
        self._activation = activation
        self._forget_bias = forget_bias
        self._keep_prob = dropout_keep_prob
        self._seed = dropout_prob_seed
        self._layer_norm = layer_norm
        self._norm_gain = norm_gain
        self._norm_shift = norm_shift

    @property
    def state_size(self):
        return LSTMStateTuple(self._num_units, self._num_units)

    @property
    def output_size(self):
        return self._num_units

    def _normed(self, values, scope):
        if not self._layer_norm:
            return values
        with tf.variable_scope(scope):
            gamma, beta = [
                tf.get_variable(name, [self._num_units], values.dtype, tf.constant_initializer(start))
                for name, start in (("gamma", self._norm_gain), ("beta", self._norm_shift))
            ]
        mean, variance = tf.nn.moments(values, [1], keep_dims=True)
        epsilon = 1e-3 if values.dtype == tf.float16 else 1e-12
        return tf.nn.batch_normalization(values, mean, variance, beta, gamma, epsilon)

    def call(self, inputs, state):
        c, h = state
        size = inputs.shape.as_list()[1] + self._num_units
        kernel = tf.get_variable("kernel", [size, 4 * self._num_units], inputs.dtype)
        bias = None
        if not self._layer_norm:
            bias = tf.get_variable("bias", [4 * self._num_units], inputs.dtype)
        i, j, f, o = [
            self._normed(gate, scope)
            for gate, scope in zip(
                tf.split(_affine([inputs, h], kernel, bias), 4, axis=1), ("input", "transform", "forget", "output")
            )
        ]
        candidate = self._activation(j)
        if not isinstance(self._keep_prob, float) or self._keep_prob < 1:
            candidate = tf.nn.dropout(candidate, rate=1 - self._keep_prob, seed=self._seed)
        c = self._normed(c * tf.sigmoid(f + self._forget_bias) + tf.sigmoid(i) * candidate, "state")
        h = self._activation(c) * tf.sigmoid(o)
        return h, LSTMStateTuple(c, h)


class LSTMBlockCell(LayerRNNCell):
    """LSTMCell under the interface of TF 1.15's fused operation; the same formula and names.

    Args:
      num_units, forget_bias: as for BasicLSTMCell.
      cell_clip: float, or None or below 0 for no clipping of c.
      use_peephole: bool.
    Variables: `kernel`, `bias`, `w_i_diag`, `w_f_diag`, `w_o_diag`, in `lstm_cell`.
    """

    _inputs_rank = 2

    def __init__(
        self, num_units, forget_bias=1.0, cell_clip=None, use_peephole=False, dtype=None, reuse=None, name="lstm_cell"
    ):
        super().__init__(_reuse=reuse, dtype=dtype, name=name)
        self._num_units = num_units
        self._forget_bias = forget_bias
        self._cell_clip = None if cell_clip is None or cell_clip < 0 else cell_clip
        self._use_peephole = use_peephole

    @property
    def state_size(self):
        return LSTMStateTuple(self._num_units, self._num_units)

    @property
    def output_size(self):
        return self._num_units

    @property
    def num_units(self):
        """The size of the output, c and h."""
        return self._num_units

    def build(self, inputs_shape):
        size = _depth(self, inputs_shape) + self._num_units
        self._kernel = self.add_variable("kernel", [size, 4 * self._num_units])
        self._bias = self.add_variable("bias", [4 * self._num_units], initializer=tf.zeros_initializer())
        self._peepholes = None
        if self._use_peephole:
            self._peepholes = tuple(self.add_variable(f"w_{gate}_diag", [self._num_units]) for gate in "ifo")

    def call(self, inputs, state):
        c, h = state
        gates = _affine([inputs, h], self._kernel, self._bias)
        c, h = lstm_step(gates, c, self._forget_bias, tf.tanh, self._peepholes, self._cell_clip)
        return h, LSTMStateTuple(c, h)


class GRUBlockCell(GRUCell):
    """GRUCell under the interface and the variable names of TF 1.15's fused operation."""

    _names = ("w_ru", "b_ru", "w_c", "b_c")

    def __init__(self, num_units=None, cell_size=None, reuse=None, name="gru_cell"):
        if (num_units is None) == (cell_size is None):
            raise ValueError(f"GRUBlockCell: give num_units or its old name cell_size, got {num_units} and {cell_size}")
        super().__init__(cell_size if num_units is None else num_units, reuse=reuse, name=name)


class GRUBlockCellV2(GRUBlockCell):
    """GRUBlockCell with GRUCell's variable names."""

    _names = GRUCell._names


class ConvLSTMCell(RNNCell):
    """An LSTM whose product is a convolution with padding "same".

    Args:
      conv_ndims: int, 1 to 3, the axes of space.
      input_shape: list of int, an input's sizes without the batch: space, then channels.
      output_channels: int, the channels of c and h.
      kernel_shape: list of int, the kernel's sizes in space.
      use_bias: bool.
      skip_connection: bool; True puts the inputs' channels after those of the output.
      forget_bias: float.
    Variables: `kernel`, `biases`, in `conv_lstm_cell`.
    Source: Shi et al. 2015.
    """

    def __init__(
        self,
        conv_ndims,
        input_shape,
        output_channels,
        kernel_shape,
        use_bias=True,
        skip_connection=False,
        forget_bias=1.0,
        initializers=None,
        name="conv_lstm_cell",
    ):
        super().__init__(name=name)
        input_shape = list(input_shape)
        if conv_ndims != len(input_shape) - 1:
            raise ValueError(
                f"ConvLSTMCell: input_shape must have {conv_ndims + 1} sizes for conv_ndims={conv_ndims}, got {input_shape}"
            )
        self._conv_ndims = conv_ndims
        self._input_shape = input_shape
        self._output_channels = output_channels
        self._kernel_shape = list(kernel_shape)
        self._use_bias = use_bias
        self._skip_connection = skip_connection
        self._forget_bias = forget_bias

    @property
    def state_size(self):
        size = tf.TensorShape(self._input_shape[:-1] + [self._output_channels])
        return LSTMStateTuple(size, size)

    @property
    def output_size(self):
        channels = self._output_channels
        if self._skip_connection:
            channels += self._input_shape[-1]
        return tf.TensorShape(self._input_shape[:-1] + [channels])

    def call(self, inputs, state):
        c, h = state
        seen = tf.concat([inputs, h], -1)
        kernel = tf.get_variable(
            "kernel", self._kernel_shape + [seen.shape.as_list()[-1], 4 * self._output_channels], seen.dtype
        )
        gates = tf.nn.convolution(seen, kernel, padding="SAME")
        if self._use_bias:
            gates += tf.get_variable("biases", [4 * self._output_channels], seen.dtype, tf.zeros_initializer())
        i, j, f, o = tf.split(gates, 4, axis=-1)
        c = tf.sigmoid(f + self._forget_bias) * c + tf.sigmoid(i) * tf.tanh(j)
        h = tf.tanh(c) * tf.sigmoid(o)
        if self._skip_connection:
            h = tf.concat([h, inputs], -1)
        return h, LSTMStateTuple(c, h)


class Conv1DLSTMCell(ConvLSTMCell):
    """ConvLSTMCell on [batch, width, channels]."""

    def __init__(self, name="conv_1d_lstm_cell", **kwargs):
        super().__init__(conv_ndims=1, name=name, **kwargs)


class Conv2DLSTMCell(ConvLSTMCell):
    """ConvLSTMCell on [batch, height, width, channels]."""

    def __init__(self, name="conv_2d_lstm_cell", **kwargs):
        super().__init__(conv_ndims=2, name=name, **kwargs)


class Conv3DLSTMCell(ConvLSTMCell):
    """ConvLSTMCell on [batch, depth, height, width, channels]."""

    def __init__(self, name="conv_3d_lstm_cell", **kwargs):
        super().__init__(conv_ndims=3, name=name, **kwargs)


class FusedRNNCell:
    """The base of what runs a whole sequence: outputs, state = fused(inputs, ...).

    Its inputs and outputs are [time, batch, n], or a list of [batch, n].
    """

    def __call__(self, inputs, initial_state=None, dtype=None, sequence_length=None, scope=None):
        """Runs the sequence; a subclass's."""
        raise NotImplementedError(f"{type(self).__name__} must define __call__")


class FusedRNNCellAdaptor(FusedRNNCell):
    """A cell along a sequence, by static_rnn or dynamic_rnn."""

    def __init__(self, cell, use_dynamic_rnn=False):
        self._cell = cell
        self._use_dynamic_rnn = use_dynamic_rnn

    def __call__(self, inputs, initial_state=None, dtype=None, sequence_length=None, scope=None):
        is_list = isinstance(inputs, list)
        options = dict(sequence_length=sequence_length, initial_state=initial_state, dtype=dtype, scope=scope)
        if self._use_dynamic_rnn:
            inputs = tf.stack(inputs) if is_list else inputs
            outputs, state = dynamic_rnn(self._cell, inputs, time_major=True, **options)
            return tf.unstack(outputs) if is_list else outputs, state
        inputs = inputs if is_list else tf.unstack(inputs)
        outputs, state = static_rnn(self._cell, inputs, **options)
        return outputs if is_list else tf.stack(outputs), state


class TimeReversedFusedRNN(FusedRNNCell):
    """A fused cell from the end of the sequence to its start; outputs stand in the inputs' order."""

    def __init__(self, cell):
        self._cell = cell

    def __call__(self, inputs, initial_state=None, dtype=None, sequence_length=None, scope=None):
        def reverse(values):
            if isinstance(values, list):
                return list(reversed(values))
            if sequence_length is None:
                return tf.reverse(values, [0])
            return tf.reverse_sequence(values, sequence_length, 0, batch_axis=1)

        outputs, state = self._cell(
            reverse(inputs), initial_state=initial_state, dtype=dtype, sequence_length=sequence_length, scope=scope
        )
        return reverse(outputs), state


class LSTMBlockFusedCell(LSTMBlockCell, FusedRNNCell):
    """LSTMBlockCell along a sequence: outputs, state = fused(inputs, ...).

    Args: as LSTMBlockCell's.
    Variables: LSTMBlockCell's, in `lstm_fused_cell`.
    """

    _inputs_rank = 3

    def __init__(
        self,
        num_units,
        forget_bias=1.0,
        cell_clip=None,
        use_peephole=False,
        reuse=None,
        dtype=None,
        name="lstm_fused_cell",
    ):
        super().__init__(num_units, forget_bias, cell_clip, use_peephole, dtype, reuse, name)

    def __call__(self, inputs, initial_state=None, dtype=None, sequence_length=None, scope=None):
        """Runs the sequence.

        Args:
          inputs: [time, batch, n], or a list of [batch, n].
          initial_state: (c, h), or None for zeros of `dtype`.
          sequence_length: int [batch], or None for the whole time; outputs after it are zeros.
        Returns:
          (outputs, laid out as the inputs, the LSTMStateTuple after each sequence's end).
        """
        is_list = isinstance(inputs, list)
        outputs, state = self._step(
            tf.stack(inputs) if is_list else inputs, initial_state, dtype, sequence_length, scope=scope
        )
        return tf.unstack(outputs) if is_list else outputs, state

    def call(self, inputs, state, dtype, sequence_length):
        if state is None and dtype is None:
            raise ValueError("LSTMBlockFusedCell: give initial_state or dtype, got neither")
        step = super().call
        return dynamic_rnn(
            _Step(step, self.state_size, self.output_size),
            inputs,
            sequence_length,
            None if state is None else LSTMStateTuple(*state),
            dtype,
            time_major=True,
        )


class _Step(RNNCell):
    """A function (inputs, state) -> (output, new state) as a cell."""

    state_size = output_size = None

    def __init__(self, function, state_size, output_size):
        super().__init__()
        self.call, self.state_size, self.output_size = function, state_size, output_size


def stack_bidirectional_dynamic_rnn(
    cells_fw,
    cells_bw,
    inputs,
    initial_states_fw=None,
    initial_states_bw=None,
    dtype=None,
    sequence_length=None,
    parallel_iterations=None,
    time_major=False,
    scope=None,
    swap_memory=False,
):
    """Layers of bidirectional_dynamic_rnn, each on both outputs of the one below, side by side.

    Args:
      cells_fw, cells_bw: lists of cells, one a layer.
      initial_states_fw, initial_states_bw: lists of states, one a layer, or None for zeros.
      inputs and the rest: as for tf.nn.bidirectional_dynamic_rnn.
    Returns:
      (outputs [batch, time, 2 sizes], forward states, backward states), states a tuple of layers.
    Raises:
      ValueError: for lists that are empty or of different lengths.
    """

    def layer(cell_fw, cell_bw, inputs, state_fw, state_bw, scope):
        outputs, states = _bidirectional_dynamic_rnn(
            cell_fw,
            cell_bw,
            inputs,
            sequence_length,
            state_fw,
            state_bw,
            dtype,
            parallel_iterations,
            swap_memory,
            time_major,
        )
        return (tf.concat(outputs, 2),) + tuple(states)

    return _stacked(layer, cells_fw, cells_bw, inputs, initial_states_fw, initial_states_bw, scope)


def stack_bidirectional_rnn(
    cells_fw,
    cells_bw,
    inputs,
    initial_states_fw=None,
    initial_states_bw=None,
    dtype=None,
    sequence_length=None,
    scope=None,
):
    """The same by static_bidirectional_rnn; inputs and outputs are lists of [batch, n]."""

    def layer(cell_fw, cell_bw, inputs, state_fw, state_bw, scope):
        return static_bidirectional_rnn(cell_fw, cell_bw, inputs, state_fw, state_bw, dtype, sequence_length, scope)

    return _stacked(layer, cells_fw, cells_bw, inputs, initial_states_fw, initial_states_bw, scope)


def _stacked(layer, cells_fw, cells_bw, inputs, states_fw, states_bw, scope):
    lists = [cells_fw, cells_bw] + [given for given in (states_fw, states_bw) if given is not None]
    if not cells_fw or any(not isinstance(given, list) or len(given) != len(cells_fw) for given in lists):
        raise ValueError(
            "stack_bidirectional: cells_fw, cells_bw and initial states, where given, must "
            f"be lists of one cell or state a layer, got {lists}"
        )
    states = []
    with tf.variable_scope(scope or "stack_bidirectional_rnn"):
        for k, cells in enumerate(zip(cells_fw, cells_bw)):
            starts = [given[k] if given else None for given in (states_fw, states_bw)]
            with tf.variable_scope(f"cell_{k}") as cell_scope:
                outputs = layer(cells[0], cells[1], inputs, starts[0], starts[1], cell_scope)
            inputs = outputs[0]
            states.append(outputs[1:])
    return (inputs,) + tuple(zip(*states))


def transpose_batch_time(x):
    """Makes [time, batch, ...] of [batch, time, ...], and back."""
    x = tf.convert_to_tensor(x)
    if x.shape.ndims is None:
        return x
    return tf.transpose(x, [1, 0] + list(range(2, x.shape.ndims)))
