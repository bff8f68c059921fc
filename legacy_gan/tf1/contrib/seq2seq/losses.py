"""tf.contrib.seq2seq.sequence_loss."""

import tensorflow.compat.v1 as tf

__all__ = ["sequence_loss"]


def sequence_loss(
    logits,
    targets,
    weights,
    average_across_timesteps=True,
    average_across_batch=True,
    sum_over_timesteps=False,
    sum_over_batch=False,
    softmax_loss_function=None,
    name=None,
):
    """The weighted cross entropy of sequences, averaged or summed over time and batch.

    Args:
      logits: float [batch, time, classes].
      targets: int [batch, time].
      weights: float [batch, time], 0 for what does not count.
      average_across_timesteps, average_across_batch: bool, whether to divide by the sum of the weights.
      sum_over_timesteps, sum_over_batch: bool, whether to divide by the number of weights that are
        not 0; not with averages along the same axis.
      softmax_loss_function: function of (labels=, logits=) in place of the cross entropy.
    Returns:
      float, a scalar, or [time] or [batch] where one axis is left, or [batch, time].
    Raises:
      ValueError: for other ranks, or an average and a sum along one axis.
    """
    for what, value, rank in (("logits", logits, 3), ("targets", targets, 2), ("weights", weights, 2)):
        if value.shape.ndims != rank:
            raise ValueError(f"sequence_loss: {what} must have {rank} dimensions, got shape {value.shape}")
    if average_across_timesteps and sum_over_timesteps or average_across_batch and sum_over_batch:
        raise ValueError("sequence_loss: an axis is averaged or summed, not both")
    with tf.name_scope(name, "sequence_loss", [logits, targets, weights]):
        flat = tf.reshape(logits, [-1, tf.shape(logits)[2]])
        function = softmax_loss_function or tf.nn.sparse_softmax_cross_entropy_with_logits
        losses = function(labels=tf.reshape(targets, [-1]), logits=flat) * tf.reshape(weights, [-1])
        losses = tf.reshape(losses, tf.shape(logits)[:2])
        averaged = [average_across_batch, average_across_timesteps]
        summed = [sum_over_batch, sum_over_timesteps]
        if all(averaged):
            return tf.div_no_nan(tf.reduce_sum(losses), tf.reduce_sum(weights))
        if all(summed):
            count = tf.cast(tf.count_nonzero(weights), losses.dtype)
            return tf.div_no_nan(tf.reduce_sum(losses), count)
        # Along one axis only; an average comes before a sum, as in TF 1.15.
        if any(averaged):
            axis = averaged.index(True)
            return tf.div_no_nan(tf.reduce_sum(losses, axis), tf.reduce_sum(weights, axis))
        if any(summed):
            axis = summed.index(True)
            count = tf.cast(tf.count_nonzero(weights, axis), losses.dtype)
            return tf.div_no_nan(tf.reduce_sum(losses, axis), count)
        return losses
