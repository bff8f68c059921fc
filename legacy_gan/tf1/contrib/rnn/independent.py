"""tf.contrib.rnn's cells whose units see of the state only what is their own: IndRNN, and LSTM and GRU in its manner.

Source: Li et al. 2018; Gonnet and Deselaers 2019.
"""

import tensorflow.compat.v1 as tf

from legacy_gan.tf1.backend import precision
from legacy_gan.tf1.rnn_cell.base import LayerRNNCell, known_depth
from legacy_gan.tf1.rnn_cell.cells import LSTMStateTuple, activation_of


class _Independent(LayerRNNCell):
    _inputs_rank = 2

    def __init__(self, num_units, activation=None, reuse=None, name=None, dtype=None, kernel=None, bias=None):
        super().__init__(_reuse=reuse, name=name, dtype=dtype)
        self._num_units, self._activation = num_units, activation_of(activation)
        self._kernel_initializer, self._bias_initializer = kernel, bias

    @property
    def state_size(self):
        return self._num_units

    @property
    def output_size(self):
        return self._num_units

    def _product(self, names, size, width, bias):
        """Makes a kernel of the inputs, a row of the state and a bias."""
        kernel = self.add_variable(names[0], [size, width], initializer=self._kernel_initializer)
        row = self.add_variable(names[1], [1, width], initializer=tf.random_uniform_initializer(-1, 1))
        start = self._bias_initializer or tf.constant_initializer(bias)
        return kernel, row, self.add_variable(names[2], [width], initializer=start)

    @staticmethod
    def _sum(inputs, state, product):
        kernel, row, bias = product
        return tf.nn.bias_add(precision.matmul(inputs, kernel) + state * row, bias)


class IndRNNCell(_Independent):
    """output = new state = activation(inputs @ kernel_w + state * kernel_u + bias).

    Variables: `kernel_w`, `kernel_u` [1, num_units], `bias`, in `ind_rnn_cell`.
    """

    def __init__(self, num_units, activation=None, reuse=None, name=None, dtype=None):
        super().__init__(num_units, activation, reuse, name, dtype)

    def build(self, inputs_shape):
        names = ("kernel_w", "kernel_u", "bias")
        self._all = self._product(names, known_depth(self, inputs_shape), self._num_units, 0.0)

    def call(self, inputs, state):
        output = self._activation(self._sum(inputs, state, self._all))
        return output, output


class IndyGRUCell(_Independent):
    """A GRU whose products with the state are elementwise.

    Variables: `gates/kernel_w`, `gates/kernel_u`, `gates/bias`, `candidate/kernel`, `candidate/kernel_u`,
      `candidate/bias`, in `indy_gru_cell`.
    """

    def __init__(
        self,
        num_units,
        activation=None,
        reuse=None,
        kernel_initializer=None,
        bias_initializer=None,
        name=None,
        dtype=None,
    ):
        super().__init__(num_units, activation, reuse, name, dtype, kernel_initializer, bias_initializer)

    def build(self, inputs_shape):
        size = known_depth(self, inputs_shape)
        names = ("gates/kernel_w", "gates/kernel_u", "gates/bias")
        self._gates = self._product(names, size, 2 * self._num_units, 1.0)
        names = ("candidate/kernel", "candidate/kernel_u", "candidate/bias")
        self._candidate = self._product(names, size, self._num_units, 0.0)

    def call(self, inputs, state):
        gates = tf.sigmoid(self._sum(inputs, tf.tile(state, [1, 2]), self._gates))
        r, u = tf.split(gates, 2, axis=1)
        candidate = self._activation(self._sum(inputs, r * state, self._candidate))
        output = u * state + (1 - u) * candidate
        return output, output


class IndyLSTMCell(_Independent):
    """A BasicLSTMCell whose products with h are elementwise.

    Variables: `kernel_w`, `kernel_u` [1, 4 * num_units], `bias`, in `indy_lstm_cell`.
    """

    def __init__(
        self,
        num_units,
        forget_bias=1.0,
        activation=None,
        reuse=None,
        kernel_initializer=None,
        bias_initializer=None,
        name=None,
        dtype=None,
    ):
        super().__init__(num_units, activation, reuse, name, dtype, kernel_initializer, bias_initializer)
        self._forget_bias = forget_bias

    @property
    def state_size(self):
        return LSTMStateTuple(self._num_units, self._num_units)

    def build(self, inputs_shape):
        names = ("kernel_w", "kernel_u", "bias")
        self._all = self._product(names, known_depth(self, inputs_shape), 4 * self._num_units, 0.0)

    def call(self, inputs, state):
        c, h = state
        i, j, f, o = tf.split(self._sum(inputs, tf.tile(h, [1, 4]), self._all), 4, axis=1)
        c = c * tf.sigmoid(f + self._forget_bias) + tf.sigmoid(i) * self._activation(j)
        h = self._activation(c) * tf.sigmoid(o)
        return h, LSTMStateTuple(c, h)
