"""Recorded scripts of random operations that have a seed of their own: what docs/porting.md says of them."""

import numpy as np

from legacy_gan.tf1 import tf
from tests.support.recorded import Case

__all__ = ["draws", "initializers", "of_images", "samplers"]


def draws(T):
    x = tf.constant(np.arange(60, dtype=np.float32).reshape(5, 4, 3))
    logits = tf.log([[0.1, 0.2, 0.7], [0.5, 0.25, 0.25]])
    return Case(
        [
            T.random_normal([7], seed=1),
            T.random_uniform([7], seed=2),
            T.random_uniform([7], 0, 90, tf.int32, seed=3),
            T.truncated_normal([7], seed=4),
            T.random_gamma([5], [0.5, 2.0], seed=5),
            T.random_poisson([0.5, 20.0], [5], seed=6),
            T.multinomial(logits, 9, seed=7),
            T.random_shuffle(x, seed=8),
            T.random_crop(x, [3, 2, 3], seed=9),
            T.nn.dropout(x, 0.5, seed=10),
        ]
    )


def initializers(T):
    made = [
        T.random_normal_initializer(0.0, 1.0, seed=1),
        T.random_uniform_initializer(-1.0, 1.0, seed=2),
        T.truncated_normal_initializer(0.0, 1.0, seed=3),
        T.uniform_unit_scaling_initializer(seed=4),
        T.variance_scaling_initializer(seed=5),
        T.glorot_uniform_initializer(seed=6),
        T.glorot_normal_initializer(seed=7),
        T.initializers.he_normal(seed=8),
        T.initializers.he_uniform(seed=9),
        T.initializers.lecun_normal(seed=10),
        T.orthogonal_initializer(seed=11),
    ]
    return Case([initializer([6, 5], tf.float32) for initializer in made])


def samplers(T):
    true = tf.constant([[1], [4]], tf.int64)
    kinds = [T.nn.uniform_candidate_sampler, T.nn.log_uniform_candidate_sampler]
    kinds.append(T.nn.learned_unigram_candidate_sampler)
    sampled = [kind(true, 1, 6, True, 20, seed=k) for k, kind in enumerate(kinds, 1)]
    fixed = T.nn.fixed_unigram_candidate_sampler(true, 1, 4, True, 5, unigrams=[1.0, 2, 3, 4, 5], seed=5)
    return Case([each.sampled_candidates for each in sampled + [fixed]])


def of_images(T):
    image = tf.constant(np.random.RandomState(0).rand(6, 5, 3).astype(np.float32))
    return Case(
        [
            T.image.random_flip_left_right(image, seed=1),
            T.image.random_flip_up_down(image, seed=2),
            T.image.random_brightness(image, 0.5, seed=3),
            T.image.random_contrast(image, 0.2, 1.8, seed=4),
            T.image.random_hue(image, 0.4, seed=5),
            T.image.random_saturation(image, 0.2, 1.8, seed=6),
        ]
    )
