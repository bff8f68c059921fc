"""What the settings ask for beside a listing: other optimizers, losses, smoothed labels, averages.

They are remedies for a GAN that collapses, and what the 2014 paper prints. The models stay the listings'.

How many steps each network takes, and when D's is skipped, is the engines' part.
"""

import functools
from typing import Callable, Dict, Optional, Tuple, Union

from legacy_gan import losses, options
from legacy_gan.gan import GAN, Schedule
from legacy_gan.tf1 import tf
from legacy_gan.training import averages, decay

_OF_THE_LISTING = ("beta1", "loss", "optimizer")  # settings that every listing has a value of
_OF_NO_LISTING = ("label_smoothing", "average", "decay_steps", "gradient_penalty", "mismatched_labels")

_Optimizer = Union[tf.train.Optimizer, decay.Decaying]


def apply(gan: GAN, settings: options.Settings) -> GAN:
    """Gives a built model the losses and optimizers that the settings ask for.

    Args:
      gan: one that trains with its listing's optimizers, in the default graph.
      settings: the model's settings: learning_rate, d_learning_rate, g_learning_rate, beta1,
        label_smoothing, gradient_penalty, mismatched_labels, loss, optimizer, momentum, average, decay_steps,
        d_steps, g_steps.
    Returns:
      the same GAN where nothing is asked for. Otherwise one with losses, optimizers and training
      steps of its own, whose `optimizer_vars` keep the names that the listing's would have.
    """
    rate = settings.learning_rate
    d_rate, g_rate = (rate if own is None else own for own in (settings.d_learning_rate, settings.g_learning_rate))
    if d_rate == g_rate == rate and _are_listings(settings):
        return gan
    mismatched = settings.weight_of_mismatched_labels
    gan = gan._replace(
        losses=functools.partial(_losses, loss=getattr(losses, settings.loss), smoothing=settings.label_smoothing)
    )
    before = {v.name for v in tf.global_variables()}
    d_loss, _ = gan.losses(gan.real_logits, gan.fake_logits)
    if settings.gradient_penalty or mismatched:
        penalty = functools.partial(_penalty, gan.discriminator, settings.gradient_penalty, mismatched)
        gan = gan._replace(d_penalty=penalty)
        with tf.variable_scope(tf.get_variable_scope(), reuse=True):
            d_loss += penalty(gan.real, gan.real_logits, *([] if gan.labels is None else [gan.labels]))
    g_logits = gan.fake_logits if gan.g_logits is None else gan.g_logits
    _, g_loss = gan.losses(g_logits, g_logits)
    kept: Dict[str, tf.Variable] = {}
    d_optimizer = _optimizer(gan, settings, d_rate, settings.d_steps, "d", kept)
    g_optimizer = _optimizer(gan, settings, g_rate, settings.g_steps, "g", kept)
    if settings.average:
        g_optimizer = averages.Averaging(g_optimizer, settings.average, gan.g_vars)
        kept.update(g_optimizer.variables)
    d_gradients, g_gradients = (
        tf.gradients(loss, variables) for loss, variables in ((d_loss, gan.d_vars), (g_loss, gan.g_vars))
    )
    # Where both networks step together, both gradients are computed before either steps.
    both = []
    if gan.schedule is Schedule.TOGETHER:
        both = [gradient for gradient in d_gradients + g_gradients if gradient is not None]
    with tf.control_dependencies(both):
        train_d = d_optimizer.apply_gradients(zip(d_gradients, gan.d_vars))
        with tf.control_dependencies(gan.update_ops):
            train_g = g_optimizer.apply_gradients(zip(g_gradients, gan.g_vars))
    made = [v for v in tf.global_variables() if v.name not in before and v.op.name not in kept]
    # The new Adam slots are created in the listing's order, so they can take over its slots' names; the listing's
    # own are never run or saved.
    names = gan.optimizer_vars if settings.optimizer == "adam" else [v.op.name for v in made]
    sign = -1 if gan.maximised else 1
    return gan._replace(
        d_loss=sign * d_loss,
        g_loss=sign * g_loss,
        train_d=train_d,
        train_g=train_g,
        d_optimizer=d_optimizer,
        g_optimizer=g_optimizer,
        optimizer_vars=dict(zip(names, made), **kept),
    )


def _are_listings(settings: options.Settings) -> bool:
    """Whether losses and optimizers are the listing's, learning rates aside."""
    listing = type(settings)
    return all(getattr(settings, name) == getattr(listing, name) for name in _OF_THE_LISTING) and not any(
        getattr(settings, name, None) for name in _OF_NO_LISTING
    )


def _optimizer(
    gan: GAN, settings: options.Settings, rate: float, steps: int, name: str, kept: Dict[str, tf.Variable]
) -> _Optimizer:
    """Returns the optimizer of a network that takes `steps` in a training step; adds its variables to `kept`."""

    def make(rate: Union[float, Callable[[], tf.Tensor]]) -> tf.train.Optimizer:
        if settings.optimizer == "momentum":
            return tf.train.MomentumOptimizer(rate, settings.momentum)
        return gan.adam(rate, settings.beta1)

    if settings.decay_steps is None:
        return make(rate)
    optimizer = decay.Decaying(make, rate, settings.decay_steps * steps, name)
    kept.update(optimizer.variables)
    return optimizer


def _penalty(
    discriminator: Callable[..., tf.Tensor],
    steepness: float,
    mismatched: float,
    images: tf.Tensor,
    logits: tf.Tensor,
    labels: Optional[tf.Tensor] = None,
) -> tf.Tensor:
    """What is added to D's loss, of a batch's real images: its steepness, its belief in wrong labels."""
    terms = []
    if steepness:
        terms.append(losses.gradient_penalty(images, logits, steepness))
    if mismatched and labels is not None:
        others = tf.concat([labels[1:], labels[:1]], 0)  # each image has the next one's
        terms.append(losses.mismatched(discriminator(images, others), labels, others, mismatched))
    return tf.add_n(terms)


def _losses(
    real_logits: tf.Tensor,
    fake_logits: tf.Tensor,
    loss: Callable[[tf.Tensor, tf.Tensor], Tuple[tf.Tensor, tf.Tensor]],
    smoothing: float,
) -> Tuple[tf.Tensor, tf.Tensor]:
    """The pair of a function of legacy_gan.losses, D's with smoothed labels if that is above 0."""
    d_loss, g_loss = loss(real_logits, fake_logits)
    if smoothing:
        d_loss, _ = losses.smoothed(real_logits, fake_logits, smoothing)
    return d_loss, g_loss
