"""tf.contrib.cudnn_rnn's cells for any device, which take the weights of its networks for GPUs.

The networks themselves, CudnnLSTM and the like, run on NVIDIA GPUs only and are refused.

Source: the interface and variable names of tf.contrib.cudnn_rnn in TensorFlow 1.15.5.
"""

import tensorflow.compat.v1 as tf

from legacy_gan.tf1.backend import precision
from legacy_gan.tf1.contrib.rnn.cells import LSTMBlockCell
from legacy_gan.tf1.namespace import refusal
from legacy_gan.tf1.rnn_cell.base import known_depth
from legacy_gan.tf1.rnn_cell.cells import GRUCell
from legacy_gan.tf1.rnn_cell.linear import affine

__all__ = ["CudnnCompatibleGRUCell", "CudnnCompatibleLSTMCell"]

__getattr__ = refusal("tf.contrib.cudnn_rnn")


class CudnnCompatibleLSTMCell(LSTMBlockCell):
    """An LSTM without forget bias, clipping and peepholes.

    Variables: `kernel`, `bias`, in `cudnn_compatible_lstm_cell`.
    """

    def __init__(self, num_units, reuse=None):
        super().__init__(num_units, forget_bias=0, reuse=reuse, name="cudnn_compatible_lstm_cell")


class CudnnCompatibleGRUCell(GRUCell):
    """A GRU whose reset gate multiplies the state's product, not the state.

        candidate = tanh(inputs @ W + b + r * (state @ R + c))

    Variables: `gates/kernel`, `gates/bias`, `candidate/input_projection/kernel`,
      `candidate/hidden_projection/kernel`, and the bias of both, in `cudnn_compatible_gru_cell`.
    """

    def __init__(self, num_units, reuse=None, kernel_initializer=None):
        super().__init__(num_units, reuse=reuse, kernel_initializer=kernel_initializer)

    def build(self, inputs_shape):
        size, units, start = known_depth(self, inputs_shape), self._num_units, self._kernel_initializer
        kernel = self.add_variable("gates/kernel", [size + units, 2 * units], initializer=start)
        self._gates = kernel, self.add_variable("gates/bias", [2 * units], initializer=tf.ones_initializer())
        kernels = [
            self.add_variable(f"candidate/{part}_projection/kernel", [rows, units], initializer=start)
            for part, rows in (("input", size), ("hidden", units))
        ]
        biases = [
            self.add_variable(f"candidate/{part}_projection/bias", [units], initializer=tf.zeros_initializer())
            for part in ("input", "hidden")
        ]
        self._of_inputs, self._of_state = zip(kernels, biases)

    def call(self, inputs, state):
        r, u = tf.split(tf.sigmoid(affine([inputs, state], *self._gates)), 2, axis=1)

        def product(values, kernel, bias):
            return tf.nn.bias_add(precision.matmul(values, kernel), bias)

        candidate = self._activation(product(inputs, *self._of_inputs) + r * product(state, *self._of_state))
        output = (1 - u) * candidate + u * state
        return output, output
