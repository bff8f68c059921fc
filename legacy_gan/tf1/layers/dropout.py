"""tf.layers' dropout."""

import numbers

import tensorflow.compat.v1 as tf

from legacy_gan.tf1.backend import build_hooks
from legacy_gan.tf1.layers.base import cond, layer_class, plain_scope


def dropout(inputs, rate=0.5, noise_shape=None, seed=None, training=False, name=None):
    """Zeroes each value with probability `rate` in training and scales the rest by 1/(1 - rate).

    Args:
      inputs: float, any shape.
      rate: float, 0 <= rate < 1, or a scalar tensor: the share that is dropped.
      noise_shape: shape of the mask, None for an axis as long as the inputs'.
      training: bool, or a scalar bool tensor; out of training the inputs pass unchanged.
    Returns:
      float, the inputs' shape.
    Raises:
      ValueError: if rate is a number outside of that.
    """
    if isinstance(rate, numbers.Real) and not 0 <= rate < 1:
        raise ValueError(f"dropout: rate must be at least 0 and below 1, got {rate}")
    with plain_scope(name, "dropout"):
        inputs = tf.convert_to_tensor(inputs)

        def dropped():
            kept = build_hooks.source()
            if kept is None or seed is not None or noise_shape is not None:
                shape = noise_shape
                if isinstance(shape, (list, tuple)):
                    sizes = tf.shape(inputs)
                    shape = tf.stack([sizes[i] if size is None else size for i, size in enumerate(shape)])
                return tf.nn.dropout(inputs, noise_shape=shape, seed=seed, rate=rate)
            return tf.where(kept(inputs, rate), inputs / (1 - rate), tf.zeros_like(inputs))

        return cond(training, dropped, lambda: tf.identity(inputs))


Dropout = layer_class("Dropout", dropout)
