"""Texts of small modules that repositories.py puts beside a repository in the place of what a machine may lack."""

__all__ = ["LIBROSA", "MPI", "NCHW"]

# mpi4py in one process.
MPI = """
import numpy as np


class Communicator:
    def Get_rank(self):
        return 0

    def Get_size(self):
        return 1

    rank, size = 0, 1

    def Allreduce(self, sent, received, op=None):
        received[...] = np.asarray(sent)

    def Bcast(self, buffer, root=0):
        pass

    def bcast(self, value, root=0):
        return value

    def Barrier(self):
        pass


class MPI:
    COMM_WORLD = Communicator()
    SUM, MIN, MAX = "sum", "min", "max"
"""

# Convolutions and pools of channels-first pictures, which TensorFlow 1.15.5 has on a GPU only.
NCHW = """
import tensorflow as tf


def last(values):
    return [values[0], values[2], values[3], values[1]] if isinstance(values, (list, tuple)) else \\
        tf.gather(values, [0, 2, 3, 1])


def channels_last(function, shapes):
    def call(x, *args, **kwargs):
        if kwargs.get("data_format") != "NCHW":
            return function(x, *args, **kwargs)
        kwargs["data_format"] = "NHWC"
        for name in shapes:
            if name in kwargs:
                kwargs[name] = last(kwargs[name])
        args = [last(value) if isinstance(value, (list, tuple)) or value.shape.ndims == 1 else value for value in args]
        return tf.transpose(function(tf.transpose(x, [0, 2, 3, 1]), *args, **kwargs), [0, 3, 1, 2])

    return call


for name in ("conv2d", "conv2d_transpose", "avg_pool", "max_pool"):
    setattr(tf.nn, name, channels_last(getattr(tf.nn, name), ("strides", "ksize", "output_shape")))
"""

# librosa.load of a file of 16-bit sound in one channel.
LIBROSA = """
import wave

import numpy as np


def load(path, sr=None, mono=True):
    with wave.open(path) as f:
        return np.frombuffer(f.readframes(f.getnframes()), "<i2").astype(np.float32) / 32768, sr
"""
