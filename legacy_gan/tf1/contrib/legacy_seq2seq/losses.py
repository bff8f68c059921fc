"""tf.contrib.legacy_seq2seq's losses of sequences, and one model at several lengths."""

import tensorflow.compat.v1 as tf


def sequence_loss_by_example(
    logits, targets, weights, average_across_timesteps=True, softmax_loss_function=None, name=None
):
    """Cross-entropy of each example over its time steps.

        loss = sum over time of weights * -log softmax(logits)[targets]  [/ sum of weights]

    Args:
      logits: list of float [batch, symbols].
      targets: list of int [batch], as long.
      weights: list of float [batch], as long.
      average_across_timesteps: bool, whether to divide by the sum of weights.
      softmax_loss_function: function (labels=..., logits=...) -> [batch]; None is the softmax's.
    Returns:
      float [batch], in nats.
    Raises:
      ValueError: if the lists' lengths differ.
    """
    if not len(logits) == len(targets) == len(weights):
        raise ValueError(
            "sequence_loss: logits, targets and weights must be lists of one length, got "
            f"{len(logits)}, {len(targets)} and {len(weights)}"
        )
    with tf.name_scope(name, "sequence_loss_by_example", logits + targets + weights):
        losses = []
        for logit, target, weight in zip(logits, targets, weights):
            if softmax_loss_function is None:
                loss = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=tf.reshape(target, [-1]), logits=logit)
            else:
                loss = softmax_loss_function(labels=target, logits=logit)
            losses.append(loss * weight)
        loss = tf.add_n(losses)
        if average_across_timesteps:
            loss /= tf.add_n(weights) + 1e-12  # all weights may be 0
    return loss


def sequence_loss(
    logits,
    targets,
    weights,
    average_across_timesteps=True,
    average_across_batch=True,
    softmax_loss_function=None,
    name=None,
):
    """The sum of sequence_loss_by_example, by default divided by the batch size; a scalar."""
    with tf.name_scope(name, "sequence_loss", logits + targets + weights):
        loss = tf.reduce_sum(
            sequence_loss_by_example(logits, targets, weights, average_across_timesteps, softmax_loss_function)
        )
        if average_across_batch:
            loss /= tf.cast(tf.shape(targets[0])[0], loss.dtype)
    return loss


def model_with_buckets(
    encoder_inputs,
    decoder_inputs,
    targets,
    weights,
    buckets,
    seq2seq,
    softmax_loss_function=None,
    per_example_loss=False,
    name=None,
):
    """One model at several lengths, with shared weights.

    Args:
      encoder_inputs, decoder_inputs, targets, weights: lists as long as the last bucket, or longer.
      buckets: list of (encoder length, decoder length), shortest first.
      seq2seq: function (encoder_inputs, decoder_inputs) -> (outputs, state).
      per_example_loss: bool; True has sequence_loss_by_example, False sequence_loss.
    Returns:
      (outputs, losses), lists with an entry a bucket.
    Raises:
      ValueError: if a list is shorter than the last bucket.
    """
    for what, given, needed in (
        ("encoder_inputs", encoder_inputs, buckets[-1][0]),
        ("targets", targets, buckets[-1][1]),
        ("weights", weights, buckets[-1][1]),
    ):
        if len(given) < needed:
            raise ValueError(
                f"model_with_buckets: {what} must have the last bucket's length {needed}, got {len(given)}"
            )
    loss = sequence_loss_by_example if per_example_loss else sequence_loss
    outputs, losses = [], []
    with tf.name_scope(name, "model_with_buckets", encoder_inputs + decoder_inputs + targets + weights):
        for k, (encoder_length, length) in enumerate(buckets):
            with tf.variable_scope(tf.get_variable_scope(), reuse=True if k > 0 else None):
                outputs.append(seq2seq(encoder_inputs[:encoder_length], decoder_inputs[:length])[0])
                losses.append(
                    loss(outputs[-1], targets[:length], weights[:length], softmax_loss_function=softmax_loss_function)
                )
    return outputs, losses
