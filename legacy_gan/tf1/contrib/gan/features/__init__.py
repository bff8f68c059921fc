"""tf.contrib.gan.features: conditions, a pool of generated data, clipped weights, virtual batch norm, spectral norm.

Source: the interface and formulas of tf.contrib.gan in TensorFlow 1.14.
"""

from legacy_gan.tf1.contrib.gan.features.conditions import condition_tensor, condition_tensor_from_onehot
from legacy_gan.tf1.contrib.gan.features.spectral import (
    compute_spectral_norm,
    keras_spectral_normalization,
    spectral_norm_regularizer,
    spectral_normalization_custom_getter,
    spectral_normalize,
)
from legacy_gan.tf1.contrib.gan.features.virtual import VBN
from legacy_gan.tf1.contrib.gan.features.weights import clip_discriminator_weights, clip_variables, tensor_pool
from legacy_gan.tf1.namespace import refusal

__all__ = [
    "VBN",
    "clip_discriminator_weights",
    "clip_variables",
    "compute_spectral_norm",
    "condition_tensor",
    "condition_tensor_from_onehot",
    "keras_spectral_normalization",
    "spectral_norm_regularizer",
    "spectral_normalization_custom_getter",
    "spectral_normalize",
    "tensor_pool",
]

__getattr__ = refusal("tf.contrib.gan.features")
