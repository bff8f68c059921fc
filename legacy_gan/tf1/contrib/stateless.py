"""tf.contrib.stateless: what became tf.random.stateless_*.

Source: the interface of tf.contrib.stateless in TensorFlow 1.15.5.
"""

import tensorflow.compat.v1 as tf

from legacy_gan.tf1.namespace import refusal

__all__ = ["stateless_multinomial", "stateless_random_normal", "stateless_random_uniform", "stateless_truncated_normal"]

__getattr__ = refusal("tf.contrib.stateless", __all__)

stateless_random_normal = tf.random.stateless_normal
stateless_random_uniform = tf.random.stateless_uniform
stateless_truncated_normal = tf.random.stateless_truncated_normal


def stateless_multinomial(logits, num_samples, seed, output_dtype=tf.int64, name=None):
    """Draws [batch, num_samples] from logits [batch, classes]; the same ones for a seed, int [2]."""
    return tf.random.stateless_categorical(logits, num_samples, seed, output_dtype, name)
