"""tf.contrib.losses: what became tf.losses, with the predictions first.

Each loss is the mean over the entries whose weight is not 0, and joins the collection LOSSES.

Source: the interface and formulas of tf.contrib.losses in TensorFlow 1.15.5.
"""

import tensorflow.compat.v1 as tf

from legacy_gan.tf1.contrib.framework import add_arg_scope
from legacy_gan.tf1.namespace import refusal

__all__ = [
    "absolute_difference",
    "add_loss",
    "compute_weighted_loss",
    "cosine_distance",
    "get_losses",
    "get_regularization_losses",
    "get_total_loss",
    "hinge_loss",
    "log_loss",
    "mean_pairwise_squared_error",
    "mean_squared_error",
    "sigmoid_cross_entropy",
    "softmax_cross_entropy",
    "sparse_softmax_cross_entropy",
]

__getattr__ = refusal("tf.contrib.losses")

get_losses = tf.losses.get_losses
get_regularization_losses = tf.losses.get_regularization_losses
get_total_loss = tf.losses.get_total_loss


@add_arg_scope
def add_loss(loss, loss_collection=tf.GraphKeys.LOSSES):
    """Puts a loss of one's own into a collection."""
    if loss_collection:
        tf.add_to_collection(loss_collection, loss)


def _spread(weights, losses):
    """Returns weights of the losses' first axes with as many axes as the losses."""
    weights = tf.cast(tf.convert_to_tensor(weights), tf.float32)
    sizes = weights.shape.as_list()
    if len(sizes) > 1 and sizes[-1] in (1, None):
        weights = tf.squeeze(weights, [-1])
    if weights.shape.ndims:
        for _ in range(losses.shape.ndims - weights.shape.ndims):
            weights = tf.expand_dims(weights, -1)
    return weights


@add_arg_scope
def compute_weighted_loss(losses, weights=1.0, scope=None):
    """Returns sum(losses * weights) / the number of losses whose weight is not 0.

    Args:
      losses: float [batch, ...].
      weights: a number, or float of the losses' first axes.
    """
    losses = tf.convert_to_tensor(losses)
    return tf.losses.compute_weighted_loss(losses, _spread(weights, losses), scope)


def _pair(predictions, labels):
    predictions, labels = tf.convert_to_tensor(predictions), tf.convert_to_tensor(labels)
    predictions.shape.assert_is_compatible_with(labels.shape)
    return tf.cast(predictions, tf.float32), tf.cast(labels, tf.float32)


@add_arg_scope
def absolute_difference(predictions, labels=None, weights=1.0, scope=None):
    """|predictions - labels|."""
    predictions, labels = _pair(predictions, labels)
    return compute_weighted_loss(tf.abs(predictions - labels), weights, scope)


@add_arg_scope
def mean_squared_error(predictions, labels=None, weights=1.0, scope=None):
    """(predictions - labels) ** 2."""
    predictions, labels = _pair(predictions, labels)
    return compute_weighted_loss(tf.squared_difference(predictions, labels), weights, scope)


@add_arg_scope
def log_loss(predictions, labels=None, weights=1.0, epsilon=1e-7, scope=None):
    """-labels * log(predictions + epsilon) - (1 - labels) * log(1 - predictions + epsilon)."""
    predictions, labels = _pair(predictions, labels)
    losses = -labels * tf.log(predictions + epsilon) - (1 - labels) * tf.log(1 - predictions + epsilon)
    return compute_weighted_loss(losses, weights, scope)


@add_arg_scope
def cosine_distance(predictions, labels=None, axis=None, weights=1.0, scope=None, dim=None):
    """1 - sum(predictions * labels) along an axis, for vectors of length 1."""
    axis = dim if axis is None else axis
    if axis is None:
        raise ValueError("cosine_distance: axis must be given")
    predictions, labels = _pair(predictions, labels)
    return compute_weighted_loss(1 - tf.reduce_sum(predictions * labels, [axis]), weights, scope)


@add_arg_scope
def mean_pairwise_squared_error(predictions, labels=None, weights=1.0, scope=None):
    """The squared differences between all pairs of an example's errors; tf.losses' formula of 1.15."""
    predictions, labels = _pair(predictions, labels)
    errors = predictions - labels
    axes = list(range(1, errors.shape.ndims))
    weights = tf.cast(tf.convert_to_tensor(weights), tf.float32)
    count = tf.cast(tf.reduce_prod(tf.shape(errors)[1:]), tf.float32)
    present = tf.cast(tf.not_equal(weights, 0), tf.float32) * count + tf.zeros([tf.shape(errors)[0]])
    squares, sums = tf.reduce_sum(tf.square(errors), axes), tf.reduce_sum(errors, axes)
    each = 2 * tf.div_no_nan(squares, present) - 2 * tf.div_no_nan(tf.square(sums), tf.square(present))
    loss = tf.reduce_sum(each * weights)
    add_loss(loss)
    return loss


@add_arg_scope
def sigmoid_cross_entropy(logits, multi_class_labels, weights=1.0, label_smoothing=0, scope=None):
    """tf.nn.sigmoid_cross_entropy_with_logits; smoothing moves the labels towards 1/2."""
    labels = tf.cast(multi_class_labels, logits.dtype)
    if label_smoothing > 0:
        labels = labels * (1 - label_smoothing) + 0.5 * label_smoothing
    losses = tf.nn.sigmoid_cross_entropy_with_logits(labels=labels, logits=logits)
    return compute_weighted_loss(losses, weights, scope)


@add_arg_scope
def softmax_cross_entropy(logits, onehot_labels, weights=1.0, label_smoothing=0, scope=None):
    """tf.nn.softmax_cross_entropy_with_logits; smoothing moves the labels towards 1/classes."""
    labels = tf.cast(onehot_labels, logits.dtype)
    if label_smoothing > 0:
        classes = tf.cast(tf.shape(labels)[1], logits.dtype)
        labels = labels * (1.0 - label_smoothing) + label_smoothing / classes
    losses = tf.nn.softmax_cross_entropy_with_logits_v2(labels=tf.stop_gradient(labels), logits=logits)
    return compute_weighted_loss(losses, weights, scope)


@add_arg_scope
def sparse_softmax_cross_entropy(logits, labels, weights=1.0, scope=None):
    """tf.nn.sparse_softmax_cross_entropy_with_logits, of labels [batch] or [batch, 1]."""
    labels = tf.reshape(labels, [tf.shape(labels)[0]])
    losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits)
    return compute_weighted_loss(losses, weights, scope)


@add_arg_scope
def hinge_loss(logits, labels=None, scope=None):
    """max(0, 1 - (2 * labels - 1) * logits), for each entry; it joins no collection."""
    with tf.name_scope(scope, "hinge_loss", [logits, labels]):
        return tf.nn.relu(1 - (2 * tf.cast(labels, tf.float32) - 1) * logits)
