"""tf.contrib.memory_stats: how much of a GPU's memory a program uses, asked when a session evaluates it.

On a CPU the evaluation fails, as in TensorFlow 1.15.5.

Source: the interface of tf.contrib.memory_stats in TensorFlow 1.15.5.
"""

import numpy as np
import tensorflow as tf
from tensorflow.python.client import device_lib

from legacy_gan.tf1.namespace import refusal

__all__ = ["BytesInUse", "BytesLimit", "MaxBytesInUse"]

__getattr__ = refusal("tf.contrib.memory_stats", __all__)


def BytesInUse():
    """int64 scalar: the bytes that tensors occupy now on the device of the surrounding tf.device."""
    return _asked("BytesInUse", lambda gpu: tf.config.experimental.get_memory_info(gpu)["current"])


def BytesLimit():
    """int64 scalar: the bytes that TensorFlow may occupy there."""
    return _asked("BytesLimit", _limit)


def MaxBytesInUse():
    """int64 scalar: the largest number of bytes that tensors have occupied there."""
    return _asked("MaxBytesInUse", lambda gpu: tf.config.experimental.get_memory_info(gpu)["peak"])


def _limit(gpu):
    for device in device_lib.list_local_devices():
        if device.name.endswith("device:" + gpu):
            return device.memory_limit
    raise ValueError(gpu)


def _asked(name, ask):
    def value():
        try:
            return np.int64(ask(f"GPU:{place.device_index or 0}"))
        except ValueError:  # a session turns it into an InvalidArgumentError, which 1.15.5 raises
            raise ValueError(f"No OpKernel was registered to support Op '{name}': it needs a GPU") from None

    result = tf.numpy_function(value, [], tf.int64, name=name)
    result.set_shape([])
    place = tf.compat.v1.DeviceSpec.from_string(result.device or "")
    result.op._set_device("/device:CPU:0")  # where Python is
    return result
