"""tf.contrib.seq2seq as TensorFlow 1.15 had it: decoders, helpers, attention, beam search and sequence_loss.

Source: the interface and formulas of tf.contrib.seq2seq in TensorFlow 1.15.5.
"""

from legacy_gan.tf1.contrib.seq2seq.attention import (
    AttentionWrapper,
    AttentionWrapperState,
    attend as _compute_attention,  # noqa: F401  # programs import it
    hardmax,
    tile_batch,
)
from legacy_gan.tf1.contrib.seq2seq.beam_search import (
    BeamSearchDecoder,
    BeamSearchDecoderOutput,
    BeamSearchDecoderState,
    FinalBeamSearchDecoderOutput,
    gather_tree,
)
from legacy_gan.tf1.contrib.seq2seq.decoders import BasicDecoder, BasicDecoderOutput, Decoder, dynamic_decode
from legacy_gan.tf1.contrib.seq2seq.helpers import (
    CustomHelper,
    GreedyEmbeddingHelper,
    Helper,
    InferenceHelper,
    SampleEmbeddingHelper,
    ScheduledEmbeddingTrainingHelper,
    ScheduledOutputTrainingHelper,
    TrainingHelper,
)
from legacy_gan.tf1.contrib.seq2seq.losses import sequence_loss
from legacy_gan.tf1.contrib.seq2seq.mechanisms import (
    AttentionMechanism,
    BahdanauAttention,
    BaseAttentionMechanism as _BaseAttentionMechanism,  # noqa: F401  # programs have subclasses
    LuongAttention,
)
from legacy_gan.tf1.contrib.seq2seq.monotonic import (
    BahdanauMonotonicAttention,
    LuongMonotonicAttention,
    monotonic_attention,
    safe_cumprod,
)
from legacy_gan.tf1.contrib.seq2seq.shapes import time_first as _transpose_batch_time  # noqa: F401  # programs import it
from legacy_gan.tf1.namespace import refusal

__all__ = [
    "AttentionMechanism",
    "AttentionWrapper",
    "AttentionWrapperState",
    "BahdanauAttention",
    "BahdanauMonotonicAttention",
    "BasicDecoder",
    "BasicDecoderOutput",
    "BeamSearchDecoder",
    "BeamSearchDecoderOutput",
    "BeamSearchDecoderState",
    "CustomHelper",
    "Decoder",
    "FinalBeamSearchDecoderOutput",
    "GreedyEmbeddingHelper",
    "Helper",
    "InferenceHelper",
    "LuongAttention",
    "LuongMonotonicAttention",
    "SampleEmbeddingHelper",
    "ScheduledEmbeddingTrainingHelper",
    "ScheduledOutputTrainingHelper",
    "TrainingHelper",
    "dynamic_decode",
    "gather_tree",
    "hardmax",
    "monotonic_attention",
    "safe_cumprod",
    "sequence_loss",
    "tile_batch",
]

__getattr__ = refusal("tf.contrib.seq2seq")
