"""The seminar's MLP GAN: as the PyTorch tutorial's, from logits, in large batches.

Source: a seminar's slides on Goodfellow et al. 2014, "실제 구현(PyTorch)". A comment `Erratum N`
marks a line that differs from what is printed; row N of
docs/errata-other-texts.md says how and why.

Not printed, chosen here: the optimizers (torch.optim.Adam with the printed LR, one a network), the
criterion (nn.BCEWithLogitsLoss, which a comment names), the initial values (nn.Linear's own), the
images' range ([-1, 1], which a comment on Tanh implies), the last batch (it is used, with as many
noises as images, since the slides take `b` from the batch), and what is reported: a line an epoch and
a grid of the 64 noises that the slides keep for their DCGAN.
"""

import numpy as np

from legacy_gan import losses
from legacy_gan.gan import GAN, LastBatch, Schedule
from legacy_gan.optimizers import TorchAdam
from legacy_gan.tf1 import tf


def get_noise(batch_size, n_noise, rng):
    """Returns standard normal noise, float64 [batch_size, n_noise]."""
    return rng.normal(size=(batch_size, n_noise))  # Erratum 83


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
    """Takes images in 0..1 to [-1, 1]."""
    return (images - 0.5) / 0.5


def denormalize(images):
    """Takes images in [-1, 1] to 0..1."""
    return (images + 1) / 2


def build(settings):
    """Builds the seminar's MLP GAN in the default graph.

    Args:
      settings: a legacy_gan.options.Mlp.
    Returns:
      A GAN. Its losses are at least 0, both to be minimised; each step has noise of its own.
    """
    # Hyper-parameters (erratum 85: before what uses them)
    LR = settings.learning_rate
    Z_DIM = settings.noise
    HIDDEN_DIM = settings.hidden
    IMG_DIM = 28 * 28 * 1

    # Placeholders: images, noise for D's step and new noise for G's
    real_flat = tf.placeholder(tf.float32, [None, IMG_DIM])  # Erratum 86
    z = tf.placeholder(tf.float32, [None, Z_DIM])
    z_new = tf.placeholder(tf.float32, [None, Z_DIM])

    # Networks
    def generator(z):  # [batch, Z_DIM] -> [batch, IMG_DIM], -1 to 1
        with tf.variable_scope("generator", reuse=tf.AUTO_REUSE):
            x = tf.layers.dense(z, HIDDEN_DIM, activation=tf.nn.relu)
            x = tf.layers.dense(x, HIDDEN_DIM, activation=tf.nn.relu)
            return tf.layers.dense(x, IMG_DIM, activation=tf.nn.tanh)

    def discriminator(x):  # [batch, IMG_DIM] -> [batch, 1], logits
        with tf.variable_scope("discriminator", reuse=tf.AUTO_REUSE):
            x = tf.nn.leaky_relu(tf.layers.dense(x, HIDDEN_DIM), 0.2)
            x = tf.nn.leaky_relu(tf.layers.dense(x, HIDDEN_DIM), 0.2)
            return tf.layers.dense(x, 1)

    fake_flat = generator(z)  # Erratum 88, here and in the next three lines
    d_real_logits = discriminator(real_flat)
    d_fake_logits = discriminator(fake_flat)
    d_fake_logits_g = discriminator(generator(z_new))

    # Losses: BCE with logits; target = real for generated images in G's step
    loss_d, _ = losses.non_saturating(d_real_logits, d_fake_logits)  # Erratum 89
    _, loss_g = losses.non_saturating(d_fake_logits_g, d_fake_logits_g)  # Errata 90 to 92

    # Training: the list of variables does what .detach() does, D's step leaves G alone
    D_parameters = tf.get_collection(tf.GraphKeys.TRAINABLE_VARIABLES, scope="discriminator/")
    G_parameters = tf.get_collection(tf.GraphKeys.TRAINABLE_VARIABLES, scope="generator/")
    opt_D = TorchAdam(LR)  # Erratum 87, and the next line
    opt_G = TorchAdam(LR)
    train_D = opt_D.minimize(loss_d, var_list=D_parameters)
    train_G = opt_G.minimize(loss_g, var_list=G_parameters)

    return GAN(
        real=real_flat, noise=z, g_noise=z_new, labels=None,
        real_logits=d_real_logits, fake_logits=d_fake_logits, g_logits=d_fake_logits_g,
        d_loss=loss_d, g_loss=loss_g, train_d=train_D, train_g=train_G,
        d_vars=D_parameters, g_vars=G_parameters, state_vars=[],
        sample=fake_flat, sample_noise=z, sample_labels=None,
        schedule=Schedule.FRESH_NOISE, last_batch=LastBatch.SHORT,
        generator=generator, discriminator=discriminator,
        losses=losses.non_saturating, d_optimizer=opt_D, g_optimizer=opt_G,
        adam=TorchAdam, normalize=normalize, denormalize=denormalize,
    )
