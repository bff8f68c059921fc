"""tf.contrib.gan.features' conditions: labels and other tensors, mapped to the size of a layer and added to it.

Source: the interface of tf.contrib.gan in TensorFlow 1.14.
"""

import tensorflow.compat.v1 as tf

from legacy_gan.tf1.contrib import layers

__all__ = ["condition_tensor", "condition_tensor_from_onehot"]


def condition_tensor(tensor, conditioning):
    """Returns tensor + a linear layer of the condition, in the tensor's shape.

    Args:
      tensor: [batch, ...], of which all but the batch is known.
      conditioning: tensor [batch, ...] of two axes or more.
    """
    tensor.shape[1:].assert_is_fully_defined()
    if conditioning.shape.ndims < 2:
        raise ValueError(f"condition_tensor: conditioning needs two axes or more, its shape is {conditioning.shape}")
    mapped = layers.linear(layers.flatten(conditioning), tensor.shape[1:].num_elements())
    if not mapped.shape.is_compatible_with(tensor.shape):
        shape = tf.shape(tensor)
        static = tf.get_static_value(shape)
        mapped = tf.reshape(mapped, shape if static is None else static)
    return tensor + mapped


def condition_tensor_from_onehot(tensor, one_hot_labels, embedding_size=256):
    """condition_tensor by the rows of a variable, "embedding", that the labels choose.

    Args:
      one_hot_labels: tensor [batch, classes]. embedding_size: int.
    """
    one_hot_labels.shape.assert_has_rank(2)
    one_hot_labels.shape[1:].assert_is_fully_defined()
    labels = tf.argmax(one_hot_labels, axis=1)
    embedding = tf.get_variable("embedding", [one_hot_labels.shape[1], embedding_size])
    return condition_tensor(tensor, tf.nn.embedding_lookup(embedding, labels, name="token_to_embedding"))
