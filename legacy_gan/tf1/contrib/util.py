"""tf.contrib.util: tensors as protocol buffers.

Source: the interface of tf.contrib.util in TensorFlow 1.15.5.
"""

import tensorflow.compat.v1 as tf

from legacy_gan.tf1.namespace import refusal

__all__ = ["constant_value", "make_ndarray", "make_tensor_proto"]

__getattr__ = refusal("tf.contrib.util")

constant_value = tf.get_static_value
make_ndarray = tf.make_ndarray
make_tensor_proto = tf.make_tensor_proto
