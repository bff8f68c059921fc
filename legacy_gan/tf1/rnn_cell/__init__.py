"""tf.nn.rnn_cell as TensorFlow 1.15 had it, written on get_variable: no Keras on any version.

A cell is one time step: `output, new_state = cell(inputs, state)`. Its first call makes its
variables in the enclosing variable_scope, under the names, initial distributions and reuse of
TF 1.15; every later call of the same object, wherever it stands, uses the same ones.

Source: the interface and defaults of tf.nn.rnn_cell in TensorFlow 1.15.5.
"""

from legacy_gan.tf1.namespace import refusal
from legacy_gan.tf1.rnn_cell.base import RNNCell
from legacy_gan.tf1.rnn_cell.cells import BasicLSTMCell, BasicRNNCell, GRUCell, LSTMCell, LSTMStateTuple, MultiRNNCell
from legacy_gan.tf1.rnn_cell.wrappers import DeviceWrapper, DropoutWrapper, ResidualWrapper

__all__ = [
    "BasicLSTMCell",
    "BasicRNNCell",
    "DeviceWrapper",
    "DropoutWrapper",
    "GRUCell",
    "LSTMCell",
    "LSTMStateTuple",
    "MultiRNNCell",
    "RNNCell",
    "ResidualWrapper",
]

__getattr__ = refusal("tf.nn.rnn_cell", __all__)
