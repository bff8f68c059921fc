"""Cures for a GAN that collapses: Adams of their own, smoothed labels. The models stay the book's.

How many steps each network takes, and when D's is skipped, is the engines' part.
"""

import functools

from legacy_gan import losses
from legacy_gan.tf1 import tf


def apply(gan, settings):
    """Gives a built model the losses and optimizers that the settings ask for.

    Args:
      gan: a legacy_gan.gan.GAN that trains with the book's optimizers, in the default graph.
      settings: the model's settings: learning_rate, d_learning_rate, g_learning_rate, beta1,
        label_smoothing.
    Returns:
      the same GAN where nothing is asked for. Otherwise one with losses, optimizers and training
      steps of its own, whose `optimizer_vars` keep the names that the book's optimizers would have.
    """
    d_rate, g_rate = (
        settings.learning_rate if rate is None else rate
        for rate in (settings.d_learning_rate, settings.g_learning_rate)
    )
    asked = (d_rate, g_rate, settings.beta1, settings.label_smoothing)
    if asked == (settings.learning_rate, settings.learning_rate, type(settings).beta1, 0):
        return gan
    if settings.label_smoothing:
        gan = gan._replace(
            losses=functools.partial(losses.smoothed, smoothing=settings.label_smoothing)
        )
    before = {v.name for v in tf.global_variables()}
    d_loss, g_loss = gan.losses(gan.real_logits, gan.fake_logits)
    d_optimizer = tf.train.AdamOptimizer(d_rate, settings.beta1)
    g_optimizer = tf.train.AdamOptimizer(g_rate, settings.beta1)
    train_d = d_optimizer.minimize(d_loss, var_list=gan.d_vars)
    train_g = g_optimizer.minimize(g_loss, var_list=gan.g_vars)
    # Made in the order in which the book's were, which are not run and not kept.
    made = [v for v in tf.global_variables() if v.name not in before]
    sign = -1 if gan.maximised else 1
    return gan._replace(
        d_loss=sign * d_loss, g_loss=sign * g_loss, train_d=train_d, train_g=train_g,
        d_optimizer=d_optimizer, g_optimizer=g_optimizer,
        optimizer_vars=dict(zip(gan.optimizer_vars, made)),
    )
