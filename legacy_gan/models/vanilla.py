"""The PyTorch tutorial's GAN, "vanilla": three fully connected layers each, images in [-1, 1].

Source: notes on "1시간만에 GAN 완전 정복하기" with the listing of 최윤제's PyTorch tutorial. A comment
`Erratum N` marks a line that differs from what is printed; row N of
docs/errata-other-texts.md says how and why.

Not printed, chosen here: the initial values and Adam's betas and epsilon (PyTorch's own), what becomes
of a last batch that is not whole (it is used, short; the listing's reshape would stop there), and the
pictures (the listing's end is lost: `save_image` and `denorm` are there and unused), see
legacy_gan.training.printers.
"""

import numpy as np

from legacy_gan import losses
from legacy_gan.gan import GAN, LastBatch, Schedule
from legacy_gan.optimizers import TorchAdam
from legacy_gan.tf1 import tf


def get_noise(batch_size, n_noise, rng):
    """Returns standard normal noise, float64 [batch_size, n_noise]."""
    return rng.normal(size=(batch_size, n_noise))


def initial_weights(variables, rng):
    """Returns nn.Linear's initial values, float32 by name: uniform within 1 / sqrt(inputs)."""
    values = {}
    for v in variables:
        shape = v.shape.as_list()
        if v.op.name.endswith("/kernel"):
            limit = 1 / np.sqrt(shape[0])  # the bias, which comes next, has its kernel's
        values[v.op.name] = np.float32(rng.uniform(-limit, limit, size=shape))
    return values


def normalize(images):
    """Takes images in 0..1 to [-1, 1], as transforms.Normalize(mean=[0.5], std=[0.5])."""
    return (images - 0.5) / 0.5


def denorm(x):
    """Takes images in [-1, 1] to 0..1."""
    return np.clip((x + 1) / 2, 0, 1)


def build(settings):
    """Builds the tutorial's GAN in the default graph.

    Args:
      settings: a legacy_gan.options.Vanilla.
    Returns:
      A GAN. Its losses are at least 0, both to be minimised; each step has noise of its own.
    """
    # Hyper-parameters
    learning_rate = settings.learning_rate
    latent_size = settings.noise  # Erratum 97
    hidden_size = settings.hidden
    image_size = 28 * 28

    # Placeholders: images, noise for D's step and noise for G's
    images = tf.placeholder(tf.float32, [None, image_size])  # Erratum 101
    z = tf.placeholder(tf.float32, [None, latent_size])
    g_z = tf.placeholder(tf.float32, [None, latent_size])

    # Networks
    def G(z):  # [batch, latent_size] -> [batch, image_size], -1 to 1
        with tf.variable_scope("generator", reuse=tf.AUTO_REUSE):
            hidden = tf.layers.dense(z, hidden_size, activation=tf.nn.relu)
            hidden = tf.layers.dense(hidden, hidden_size, activation=tf.nn.relu)
            return tf.layers.dense(hidden, image_size, activation=tf.nn.tanh)

    def D(images):  # [batch, image_size] -> [batch, 1], logits: nn.Sigmoid is in the loss
        with tf.variable_scope("discriminator", reuse=tf.AUTO_REUSE):
            hidden = tf.nn.leaky_relu(tf.layers.dense(images, hidden_size), 0.2)
            hidden = tf.nn.leaky_relu(tf.layers.dense(hidden, hidden_size), 0.2)
            return tf.layers.dense(hidden, 1)  # Erratum 105

    fake_images = G(z)
    real_logits = D(images)
    fake_logits = D(fake_images)
    g_logits = D(G(g_z))

    # Losses: nn.BCELoss against ones for real and zeros for generated images
    d_loss, _ = losses.non_saturating(real_logits, fake_logits)  # Errata 96, 105 and 106
    _, g_loss = losses.non_saturating(g_logits, g_logits)  # Errata 100 and 107

    # Training: each optimizer has the parameters of its own network only
    D_parameters = tf.get_collection(tf.GraphKeys.TRAINABLE_VARIABLES, scope="discriminator/")
    G_parameters = tf.get_collection(tf.GraphKeys.TRAINABLE_VARIABLES, scope="generator/")
    d_optimizer = TorchAdam(learning_rate)
    g_optimizer = TorchAdam(learning_rate)
    train_D = d_optimizer.minimize(d_loss, var_list=D_parameters)
    train_G = g_optimizer.minimize(g_loss, var_list=G_parameters)

    return GAN(
        real=images, noise=z, g_noise=g_z, labels=None,
        real_logits=real_logits, fake_logits=fake_logits, g_logits=g_logits,
        d_loss=d_loss, g_loss=g_loss, train_d=train_D, train_g=train_G,
        d_vars=D_parameters, g_vars=G_parameters, state_vars=[],
        sample=fake_images, sample_noise=z, sample_labels=None,
        schedule=Schedule.FRESH_NOISE, last_batch=LastBatch.SHORT,  # Erratum 104
        generator=G, discriminator=D,
        losses=losses.non_saturating, d_optimizer=d_optimizer, g_optimizer=g_optimizer,
        adam=TorchAdam, normalize=normalize, denormalize=denorm,
    )
