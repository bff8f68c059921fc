"""tf.contrib.gan.eval: pictures and summaries of a model, and distances between real and generated images.

Source: the interface and formulas of tf.contrib.gan in TensorFlow 1.14.
"""

from legacy_gan.tf1.contrib.gan.eval.classifiers import (
    INCEPTION_DEFAULT_IMAGE_SIZE,
    get_graph_def_from_disk,
    preprocess_image,
    run_image_classifier,
    run_inception,
)
from legacy_gan.tf1.contrib.gan.eval.distances import (
    classifier_score,
    classifier_score_from_logits,
    diagonal_only_frechet_classifier_distance_from_activations,
    frechet_classifier_distance,
    frechet_classifier_distance_from_activations,
    kernel_classifier_distance,
    kernel_classifier_distance_and_std,
    kernel_classifier_distance_and_std_from_activations,
    kernel_classifier_distance_from_activations,
    mean_only_frechet_classifier_distance_from_activations,
)
from legacy_gan.tf1.contrib.gan.eval.grids import image_grid, image_reshaper
from legacy_gan.tf1.contrib.gan.eval.sliced_wasserstein import sliced_wasserstein_distance
from legacy_gan.tf1.contrib.gan.eval.summaries import (
    add_cyclegan_image_summaries,
    add_gan_model_image_summaries,
    add_gan_model_summaries,
    add_image_comparison_summaries,
    add_regularization_loss_summaries,
    add_stargan_image_summaries,
)
from legacy_gan.tf1.namespace import refusal

__all__ = [
    "INCEPTION_DEFAULT_IMAGE_SIZE",
    "add_cyclegan_image_summaries",
    "add_gan_model_image_summaries",
    "add_gan_model_summaries",
    "add_image_comparison_summaries",
    "add_regularization_loss_summaries",
    "add_stargan_image_summaries",
    "classifier_score",
    "classifier_score_from_logits",
    "diagonal_only_frechet_classifier_distance_from_activations",
    "frechet_classifier_distance",
    "frechet_classifier_distance_from_activations",
    "get_graph_def_from_disk",
    "image_grid",
    "image_reshaper",
    "kernel_classifier_distance",
    "kernel_classifier_distance_and_std",
    "kernel_classifier_distance_and_std_from_activations",
    "kernel_classifier_distance_from_activations",
    "mean_only_frechet_classifier_distance_from_activations",
    "preprocess_image",
    "run_image_classifier",
    "run_inception",
    "sliced_wasserstein_distance",
]

__getattr__ = refusal("tf.contrib.gan.eval")
