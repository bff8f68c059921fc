"""tf.contrib.legacy_seq2seq (before TF 1.0: tf.nn.seq2seq) as TensorFlow 1.15 had it.

Everything here is unrolled: inputs, outputs and targets are lists with one tensor a time step.

Source: the interface and defaults of tf.contrib.legacy_seq2seq in TensorFlow 1.15.5.
"""

from legacy_gan.tf1.contrib.legacy_seq2seq.decoders import (  # noqa: F401  # programs call _extract_argmax_and_embed
    _extract_argmax_and_embed,
    attention_decoder,
    embedding_attention_decoder,
    embedding_rnn_decoder,
    rnn_decoder,
)
from legacy_gan.tf1.contrib.legacy_seq2seq.losses import model_with_buckets, sequence_loss, sequence_loss_by_example
from legacy_gan.tf1.contrib.legacy_seq2seq.models import (
    basic_rnn_seq2seq,
    embedding_attention_seq2seq,
    embedding_rnn_seq2seq,
    embedding_tied_rnn_seq2seq,
    one2many_rnn_seq2seq,
    tied_rnn_seq2seq,
)
from legacy_gan.tf1.namespace import refusal

__all__ = [
    "attention_decoder",
    "basic_rnn_seq2seq",
    "embedding_attention_decoder",
    "embedding_attention_seq2seq",
    "embedding_rnn_decoder",
    "embedding_rnn_seq2seq",
    "embedding_tied_rnn_seq2seq",
    "model_with_buckets",
    "one2many_rnn_seq2seq",
    "rnn_decoder",
    "sequence_loss",
    "sequence_loss_by_example",
    "tied_rnn_seq2seq",
]

__getattr__ = refusal("tf.contrib.legacy_seq2seq", __all__)
