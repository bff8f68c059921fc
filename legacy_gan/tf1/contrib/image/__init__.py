"""tf.contrib.image as TensorFlow 1.15 had it: turned, moved and warped pictures.

Its operations that today's core lacks are refused: connected_components, bipartite_match, stereograms.

Source: the interface and formulas of tf.contrib.image in TensorFlow 1.15.5.
"""

from legacy_gan.tf1.contrib.image.projective import (
    angles_to_projective_transforms,
    compose_transforms,
    flat_transforms_to_matrices,
    matrices_to_flat_transforms,
    rotate,
    transform,
    translate,
    translations_to_projective_transforms,
)
from legacy_gan.tf1.contrib.image.warps import dense_image_warp, interpolate_spline, sparse_image_warp
from legacy_gan.tf1.namespace import refusal

__all__ = [
    "angles_to_projective_transforms",
    "compose_transforms",
    "dense_image_warp",
    "flat_transforms_to_matrices",
    "interpolate_spline",
    "matrices_to_flat_transforms",
    "rotate",
    "sparse_image_warp",
    "transform",
    "translate",
    "translations_to_projective_transforms",
]

__getattr__ = refusal("tf.contrib.image")
