"""What scripts of recurrent networks build on, with this package's modules or with TensorFlow 1.15's own."""

import numpy as np

from legacy_gan.tf1 import tf
from tests.support.cells import BATCH, IN, LENGTHS, TIME, UNITS
from tests.support.graphs import draw


def lstm_names(*scopes):
    return [scope + part for scope in scopes for part in ("/kernel", "/bias")]


def gru_names(scope):
    return [scope + "/" + part + end for part in ("gates", "candidate") for end in ("/kernel", "/bias")]


class Script:
    """What every script of names, reuse and figures builds on: inputs, and modules to build with."""

    def __init__(self, served):
        self.cell, self.loops, self.rnn, self.seq2seq = (served.cell, served.loops, served.rnn, served.seq2seq)
        self.x = tf.placeholder(tf.float32, [None, TIME, IN], "x")
        self.lengths = tf.placeholder(tf.int32, [None], "lengths")
        self.symbols = tf.placeholder(tf.int32, [None, TIME], "symbols")
        self.steps = tf.unstack(self.x, TIME, 1)
        self.tokens = tf.unstack(self.symbols, TIME, 1)

    def feed(self, seed=0):
        return {
            self.x: draw([BATCH, TIME, IN], 7 + seed),
            self.lengths: LENGTHS,
            self.symbols: np.random.RandomState(seed).randint(0, 5, [BATCH, TIME]),
        }

    def lstm(self, size=UNITS, **options):
        return self.cell.BasicLSTMCell(size, **options)
