"""tf.contrib.rnn's cells: LSTM with layer normalization, by convolutions, and the fused operations' interfaces."""

import tensorflow.compat.v1 as tf

from legacy_gan.tf1.rnn_cell.base import LayerRNNCell, RNNCell, known_depth
from legacy_gan.tf1.rnn_cell.cells import GRUCell, LSTMStateTuple, lstm_step
from legacy_gan.tf1.rnn_cell.linear import affine


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

    def _normalize(self, values, scope):
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
            self._normalize(gate, scope)
            for gate, scope in zip(
                tf.split(affine([inputs, h], kernel, bias), 4, axis=1), ("input", "transform", "forget", "output")
            )
        ]
        candidate = self._activation(j)
        if not isinstance(self._keep_prob, float) or self._keep_prob < 1:
            candidate = tf.nn.dropout(candidate, rate=1 - self._keep_prob, seed=self._seed)
        c = self._normalize(c * tf.sigmoid(f + self._forget_bias) + tf.sigmoid(i) * candidate, "state")
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
        size = known_depth(self, inputs_shape) + self._num_units
        self._kernel = self.add_variable("kernel", [size, 4 * self._num_units])
        self._bias = self.add_variable("bias", [4 * self._num_units], initializer=tf.zeros_initializer())
        self._peepholes = None
        if self._use_peephole:
            self._peepholes = tuple(self.add_variable(f"w_{gate}_diag", [self._num_units]) for gate in "ifo")

    def call(self, inputs, state):
        c, h = state
        gates = affine([inputs, h], self._kernel, self._bias)
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
                f"ConvLSTMCell: input_shape must have {conv_ndims + 1} sizes for conv_ndims={conv_ndims}, "
                f"got {input_shape}"
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
