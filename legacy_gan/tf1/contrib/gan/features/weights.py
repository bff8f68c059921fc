"""tf.contrib.gan.features' clipped weights, and the pool of earlier generated data.

Source: the interface of tf.contrib.gan in TensorFlow 1.14.
"""

import tensorflow.compat.v1 as tf

from legacy_gan.tf1.contrib.opt import VariableClippingOptimizer

__all__ = ["clip_discriminator_weights", "clip_variables", "tensor_pool"]


def clip_variables(optimizer, variables, weight_clip):
    """Returns the optimizer such that each step of it clips every number of the variables.

    Args:
      variables: list. weight_clip: float >= 0, the largest size.
    """
    if weight_clip < 0:
        raise ValueError(f"clip_variables: weight_clip must be >= 0, got {weight_clip}")
    return VariableClippingOptimizer(
        optimizer,
        {variable: [] for variable in variables},
        weight_clip,
        use_locking=True,
        colocate_clip_ops_with_vars=True,
    )


def clip_discriminator_weights(optimizer, model, weight_clip):
    """clip_variables of a model's discriminator, as the first Wasserstein GAN does."""
    return clip_variables(optimizer, model.discriminator_variables, weight_clip)


def tensor_pool(input_values, pool_size=50, pooling_probability=0.5, name="tensor_pool"):
    """Keeps values of earlier steps, and now and then returns one of them in place of the step's own.

    As long as the pool is not full, the step's own values are returned, and kept. Then one kept set is taken out at
    random and the step's is put in; the one that was taken out is returned with the probability, else the step's own.

    Args:
      input_values: tensor, or a structure of them. pool_size: int, 0 for no pool.
    Returns:
      Tensors in the structure of input_values.
    """
    size = int(pool_size)
    if size < 0:
        raise ValueError(f"tensor_pool: pool_size must be >= 0, got {pool_size}")
    if size == 0:
        return input_values
    values = tf.nest.flatten(input_values)
    with tf.name_scope(f"{name}_pool_queue", values=values + [pooling_probability]):
        pool = tf.RandomShuffleQueue(size, 0, [value.dtype for value in values])

        def filled():
            with tf.control_dependencies([pool.enqueue(values)]):
                return [tf.identity(value) for value in values]

        def exchanged():
            taken = _listed(pool.dequeue())
            with tf.control_dependencies(taken), tf.control_dependencies([pool.enqueue(values)]):
                earlier = tf.random_uniform([]) < pooling_probability
                return tf.cond(earlier, lambda: [tf.identity(value) for value in taken], lambda: values)

        pooled = _listed(tf.cond(pool.size() < size, filled, exchanged))
        for value, own in zip(pooled, values):
            value.set_shape(own.shape)
    return tf.nest.pack_sequence_as(input_values, pooled)


def _listed(values):
    return [values] if tf.is_tensor(values) else list(values)
