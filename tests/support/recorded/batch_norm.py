"""Recorded scripts of batch normalisation's rarer forms, of tf.layers and tf.contrib.layers."""

import numpy as np

from legacy_gan.tf1 import tf
from tests.support.graphs import KEYS, draw
from tests.support.recorded import Case

BATCH = (6, 4, 3, 5)


def _trained(make, shape=BATCH, steps=3):
    """Trains with updates, then infers by the moving averages."""

    def script(T):
        x, training = tf.placeholder(tf.float32, (None,) + shape[1:]), tf.placeholder_with_default(True, [])
        outputs = make(T, x * tf.get_variable("w", initializer=np.float32(1.5)), training)
        with tf.control_dependencies(tf.get_collection(KEYS.UPDATE_OPS)):
            # All gradients before the first change: TF1's variables change while others read them.
            step = tf.train.GradientDescentOptimizer(0.0003).minimize(
                tf.reduce_sum(tf.square(outputs - 0.3)), gate_gradients=tf.train.Optimizer.GATE_GRAPH
            )
        return Case([outputs], [step] * steps, [outputs], scale=0, feed={x: draw(shape, 1) * 2 + 1})

    return script


def _constant(make, training, shape=BATCH):
    def script(T):
        x = tf.placeholder(tf.float32, (None,) + shape[1:])
        outputs = make(T, x, training)
        updates = tf.get_collection(KEYS.UPDATE_OPS)
        return Case([outputs], [updates] * 2, [outputs], scale=0.7, feed={x: draw(shape, 1) * 2 + 1})

    return script


def infers_renormalised(T):
    """A fed training=False has the moving averages alone."""
    x, training = tf.placeholder(tf.float32, (None, 5)), tf.placeholder(tf.bool, [])
    outputs = T.layers.batch_normalization(x, training=training, renorm=True)
    updates = tf.get_collection(KEYS.UPDATE_OPS)
    return Case([outputs], [updates], [outputs], scale=0.7, feed={x: draw((7, 5), 1) * 2 + 1, training: False})


def _renorm(T, x, training, **options):
    return T.layers.batch_normalization(x, training=training, renorm=True, momentum=0.8, renorm_momentum=0.7, **options)


_CLIPPING = {"rmax": 1.2, "rmin": 0.9, "dmax": 0.4}
_SCRIPTS = {
    "adjusted": _constant(
        lambda T, x, on: T.layers.batch_normalization(
            x, training=on, adjustment=lambda shape: (tf.ones([shape[0], 1, 1, 5]) * 1.3, tf.zeros([5]) + 0.2)
        ),
        True,
    ),
    "axes": _trained(lambda T, x, on: T.layers.batch_normalization(x, axis=[1, 3], training=on, momentum=0.8)),
    "axes_infer": _constant(lambda T, x, on: T.layers.batch_normalization(x, axis=[-1, -2], training=on), False),
    "contrib_renorm": _trained(
        lambda T, x, on: T.contrib.layers.batch_norm(
            x, 0.8, scale=True, is_training=on, renorm=True, renorm_clipping=_CLIPPING, renorm_decay=0.7
        )
    ),
    "contrib_renorm_flat": _constant(
        lambda T, x, on: T.contrib.layers.batch_norm(x, 0.8, is_training=on, renorm=True), True, (7, 5)
    ),
    "infers_renormalised": infers_renormalised,
    "renorm": _trained(_renorm),
    "renorm_clipped": _trained(lambda T, x, on: _renorm(T, x, on, axis=1, renorm_clipping=_CLIPPING)),
    "renorm_constant": _constant(_renorm, True, (7, 5)),
    "renorm_infer": _constant(_renorm, False, (7, 5)),
    "renorm_plain": _trained(lambda T, x, on: _renorm(T, x, on, center=False, scale=False), (7, 5)),
    "renorm_virtual": _trained(lambda T, x, on: _renorm(T, x, on, virtual_batch_size=3)),
    "virtual": _trained(lambda T, x, on: T.layers.batch_normalization(x, training=on, virtual_batch_size=2)),
    "virtual_axes": _trained(
        lambda T, x, on: T.layers.batch_normalization(x, axis=[1, 2], training=on, virtual_batch_size=3)
    ),
}
globals().update(_SCRIPTS)
__all__ = sorted(_SCRIPTS)
