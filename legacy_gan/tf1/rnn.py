"""tf.nn.dynamic_rnn and its kin: a cell along a sequence.

TensorFlow's own loops, which need no Keras: from 1.15 to today they take whatever has a cell's
methods, so also the cells of legacy_gan.tf1.rnn_cell.
"""

import tensorflow.compat.v1 as tf

__all__ = [
    "bidirectional_dynamic_rnn",
    "dynamic_rnn",
    "raw_rnn",
    "static_bidirectional_rnn",
    "static_rnn",
    "static_state_saving_rnn",
]

bidirectional_dynamic_rnn = tf.nn.bidirectional_dynamic_rnn
dynamic_rnn = tf.nn.dynamic_rnn
raw_rnn = tf.nn.raw_rnn
static_bidirectional_rnn = tf.nn.static_bidirectional_rnn
static_rnn = tf.nn.static_rnn
static_state_saving_rnn = tf.nn.static_state_saving_rnn
