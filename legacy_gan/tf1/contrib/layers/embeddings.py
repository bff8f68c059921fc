"""tf.contrib.layers' embeddings of ids."""

import tensorflow.compat.v1 as tf

from legacy_gan.tf1.contrib.framework import model_variable


def embed_sequence(
    ids,
    vocab_size=None,
    embed_dim=None,
    unique=False,
    initializer=None,
    regularizer=None,
    trainable=True,
    scope=None,
    reuse=None,
):
    """Looks ids up in the variable `EmbedSequence/embeddings` [vocab_size, embed_dim].

    Args:
      ids: int [batch, length].
    Returns:
      float [batch, length, embed_dim].
    """
    if not (reuse or (vocab_size and embed_dim)):
        raise ValueError(
            f"embed_sequence: vocab_size and embed_dim must be given without reuse, got {vocab_size} and {embed_dim}"
        )
    with tf.variable_scope(scope, "EmbedSequence", [ids], reuse=reuse):
        shape = None if vocab_size is None or embed_dim is None else [vocab_size, embed_dim]
        embeddings = model_variable(
            "embeddings", shape=shape, initializer=initializer, regularizer=regularizer, trainable=trainable
        )
        return tf.nn.embedding_lookup(embeddings, ids)


def bow_encoder(
    ids,
    vocab_size,
    embed_dim,
    sparse_lookup=True,
    initializer=None,
    regularizer=None,
    trainable=True,
    scope=None,
    reuse=None,
):
    """The mean embedding of each example's ids; with sparse_lookup of those that are not 0.

    Args:
      ids: int [batch, length].
    Returns:
      float [batch, embed_dim]. Variable: `bow_encoder/embeddings`.
    """
    with tf.variable_scope(scope, "bow_encoder", [ids], reuse=reuse):
        embeddings = model_variable(
            "embeddings",
            shape=[vocab_size, embed_dim],
            initializer=initializer,
            regularizer=regularizer,
            trainable=trainable,
        )
        if not sparse_lookup:
            return tf.reduce_mean(tf.nn.embedding_lookup(embeddings, ids), axis=1)
        ids = tf.convert_to_tensor(ids)
        there = tf.not_equal(ids, 0)
        # An example of zeros only has the embedding of 0.
        weights = tf.cast(there | ~tf.reduce_any(there, 1, keepdims=True), embeddings.dtype.base_dtype)
        found = tf.nn.embedding_lookup(embeddings, ids) * weights[:, :, None]
        return tf.reduce_sum(found, 1) / tf.reduce_sum(weights, 1, keepdims=True)
