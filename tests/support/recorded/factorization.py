"""Recorded scripts of tf.contrib.factorization.KMeans: begins by a seed, then steps."""

import numpy as np

from legacy_gan.tf1 import tf
from tests.support.graphs import draw
from tests.support.recorded import Case

POINTS = (draw((40, 3), 1) + np.repeat(draw((4, 3), 2) * 4, 10, 0)).astype(np.float32)


def _clusters(inits=1, steps=4, parts=1, **options):
    def script(T):
        points = [tf.constant(each) for each in np.split(POINTS, parts)]
        means = T.contrib.factorization.KMeans(points if parts > 1 else points[0], 4, random_seed=5, **options)
        scores, nearest, distances, initialized, init, step = means.training_graph()
        after = [scores, nearest, distances, initialized]
        return Case([tf.constant(0)], [init] * inits + [step] * steps, after, scale=0, gradients=False)

    return script


_SCRIPTS = {
    "cosine": _clusters(initial_clusters="kmeans_plus_plus", distance_metric="cosine"),
    "cosine_mini_batch": _clusters(initial_clusters="kmeans_plus_plus", distance_metric="cosine", use_mini_batch=True),
    "given": _clusters(initial_clusters=POINTS[::10]),
    "kmc2": _clusters(4, initial_clusters="kmc2", kmc2_chain_length=10),
    "mini_batch": _clusters(initial_clusters="kmeans_plus_plus", use_mini_batch=True),
    "mini_batch_steps": _clusters(
        steps=7, initial_clusters="kmeans_plus_plus", use_mini_batch=True, mini_batch_steps_per_iteration=3
    ),
    "of_function": _clusters(2, initial_clusters=lambda inputs, missing: inputs[0][3:5]),
    "plus_plus": _clusters(initial_clusters="kmeans_plus_plus"),
    "random": _clusters(),
    "random_parts": _clusters(parts=2),
}
globals().update(_SCRIPTS)
__all__ = sorted(_SCRIPTS)
