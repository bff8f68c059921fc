"""Cures for a GAN that collapses: Adams of their own, smoothed labels. The models stay the book's.

How many steps each network takes, and when D's is skipped, is the engines' part.
"""

from legacy_gan import losses
from legacy_gan.tf1 import tf


def apply(gan, settings):
    """Gives a built model the losses and optimizers that the settings ask for.

    Args:
      gan: a legacy_gan.gan.GAN that trains with the book's optimizers, in the default graph.
      settings: the model's settings: learning_rate, d_learning_rate, g_learning_rate, beta1,
        label_smoothing.
    Returns:
      the same GAN where nothing is asked for. Otherwise one with d_loss, train_d and train_g of its
      own, whose `optimizer_vars` keep the names that the book's optimizers would have.
    """
    rates = [
        settings.learning_rate if rate is None else rate
        for rate in (settings.d_learning_rate, settings.g_learning_rate)
    ]
    asked = (rates, settings.beta1, settings.label_smoothing)
    if asked == ([settings.learning_rate] * 2, type(settings).beta1, 0):
        return gan
    sign = -1 if gan.maximised else 1
    d_loss, g_loss = gan.d_loss, gan.g_loss
    if settings.label_smoothing:
        d_loss = sign * losses.smoothed(
            gan.real_logits, gan.fake_logits, settings.label_smoothing
        )
    before = {v.name for v in tf.global_variables()}
    train_d, train_g = (
        tf.train.AdamOptimizer(rate, settings.beta1).minimize(sign * loss, var_list=variables)
        for rate, loss, variables in zip(rates, (d_loss, g_loss), (gan.d_vars, gan.g_vars))
    )
    # Made in the order in which the book's were, which are not run and not kept.
    made = [v for v in tf.global_variables() if v.name not in before]
    optimizer_vars = dict(zip(gan.optimizer_vars, made))
    return gan._replace(
        d_loss=d_loss, train_d=train_d, train_g=train_g, optimizer_vars=optimizer_vars
    )
