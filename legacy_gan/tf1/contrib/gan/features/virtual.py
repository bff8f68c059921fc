"""tf.contrib.gan.features.VBN: virtual batch normalization, by a fixed reference batch and the example itself.

Source: the interface and formulas of tf.contrib.gan in TensorFlow 1.14.
"""

import tensorflow.compat.v1 as tf

__all__ = ["VBN"]


class VBN:
    """Normalizes an example by its own moments and those of a reference batch of n: 1 / (n + 1) and n / (n + 1).

    Args:
      reference_batch: tensor of known rank.
      axis, batch_axis: int, the axes of the features and of the examples.
      epsilon: float, added to the variance.
      center, scale: bool, whether beta is added, and gamma multiplied.
      The initializers and regularizers of these variables; trainable; name: the variable scope, "VBN".
    """

    def __init__(
        self,
        reference_batch,
        axis=-1,
        epsilon=1e-3,
        center=True,
        scale=True,
        beta_initializer=tf.zeros_initializer(),
        gamma_initializer=tf.ones_initializer(),
        beta_regularizer=None,
        gamma_regularizer=None,
        trainable=True,
        name=None,
        batch_axis=0,
    ):
        axis, self._batch_axis = (_axis(reference_batch, each) for each in (axis, batch_axis))
        if axis == self._batch_axis:
            raise ValueError(f"VBN: axis and batch_axis must differ, both are {axis}")
        self._reference, self._epsilon, self._beta, self._gamma = reference_batch, epsilon, None, None
        shape = reference_batch.shape
        axes = list(range(shape.ndims))
        self._of_an_example = [each for each in axes if each not in (axis, self._batch_axis)]
        self._reshapes = self._of_an_example != axes[:-2]
        self._features_shape = [shape.as_list()[each] if each == axis else 1 for each in axes]
        with tf.variable_scope(name, "VBN", [reference_batch]) as self._scope:
            self._mean, self._squares = _moments(reference_batch, [each for each in axes if each != axis])
            self._own_part = 1.0 / (tf.cast(_size(reference_batch, self._batch_axis), tf.float32) + 1.0)
            if center:
                self._beta = tf.get_variable(
                    "beta", [shape[axis]], None, beta_initializer, beta_regularizer, trainable=trainable
                )
            if scale:
                self._gamma = tf.get_variable(
                    "gamma", [shape[axis]], None, gamma_initializer, gamma_regularizer, trainable=trainable
                )

    def reference_batch_normalization(self):
        """Returns the reference batch, normalized by its own moments."""
        with tf.name_scope(self._scope.name):
            return self._normalized(self._reference, self._mean, self._squares, self._features_shape)

    def __call__(self, inputs):
        """Returns inputs, a tensor as the reference batch with any number of examples, normalized one by one."""
        sizes = [tensor.shape.as_list() for tensor in (inputs, self._reference)]
        own, reference = (tf.TensorShape([s for k, s in enumerate(size) if k != self._batch_axis]) for size in sizes)
        own.assert_is_compatible_with(reference)
        with tf.name_scope(self._scope.name, values=[inputs, self._reference]):
            mean, squares = _moments(inputs, self._of_an_example)
            reference_part = 1.0 - self._own_part
            mean = self._own_part * mean + reference_part * self._mean
            squares = self._own_part * squares + reference_part * self._squares
            shape = list(self._features_shape)
            shape[self._batch_axis] = _size(inputs, self._batch_axis)
            return self._normalized(inputs, mean, squares, shape)

    def _normalized(self, inputs, mean, squares, shape):
        variance = squares - tf.square(mean)
        return tf.nn.batch_normalization(
            inputs,
            self._shaped(mean, shape),
            self._shaped(variance, shape),
            self._shaped(self._beta, self._features_shape),
            self._shaped(self._gamma, self._features_shape),
            self._epsilon,
        )

    def _shaped(self, values, shape):
        return tf.reshape(values, shape) if self._reshapes and values is not None else values


def _axis(batch, axis):
    """Returns an axis counted from 0."""
    ndims = batch.shape.ndims
    if ndims is None:
        raise ValueError(f"VBN: reference_batch needs a known rank, got {batch}")
    if not -ndims <= axis < ndims:
        raise ValueError(f"VBN: axis {axis} is out of range, reference_batch has {ndims} axes")
    return axis % ndims


def _size(batch, axis):
    return batch.shape.as_list()[axis] or tf.shape(batch)[axis]


def _moments(batch, axes):
    """Returns the means of the values and of their squares over axes; of float16 taken in float32."""
    values = tf.cast(batch, tf.float32) if batch.dtype == tf.float16 else batch
    shift = tf.stop_gradient(tf.reduce_mean(values, axes, keepdims=True))
    mean = tf.squeeze(tf.reduce_mean(values - shift, axes, keepdims=True) + shift, axes)
    squares = tf.squeeze(tf.reduce_mean(tf.square(values), axes, keepdims=True), axes)
    return tf.cast(mean, batch.dtype), tf.cast(squares, batch.dtype)
