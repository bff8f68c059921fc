"""Listing 1, the basic GAN: a generator and a discriminator of one hidden layer each.

Source: chapter 9, section 1 of 골빈해커의 3분 딥러닝. A comment `Erratum N` marks a line that
differs from the notes this port follows; row N of docs/errata.md says how and why.
"""

import numpy as np

from legacy_gan import losses
from legacy_gan.gan import GAN, Schedule
from legacy_gan.tf1 import tf


def get_noise(batch_size, n_noise, rng):
    """Returns standard normal noise, float64 [batch_size, n_noise]."""
    return rng.normal(size=(batch_size, n_noise))  # Erratum 6


def initial_weights(variables, rng):
    """Returns the listing's initial values, float32 by name: normal(0, 0.01), biases zero."""
    return {
        v.op.name: np.float32(
            0.01 * rng.normal(size=v.shape.as_list()) if "_W" in v.op.name else np.zeros(v.shape[0])
        )
        for v in variables
    }


def build(settings):
    """Builds listing 1 in the default graph.

    Args:
      settings: a legacy_gan.options.Basic.
    Returns:
      A GAN. Its losses have the listing's signs: at most 0, both to be maximised.
    """
    # Hyper-parameters
    learning_rate = settings.learning_rate
    n_hidden = settings.hidden  # Erratum 1
    n_input = 28 * 28
    n_noise = settings.noise

    # Placeholders: images and noise
    X = tf.placeholder(tf.float32, [None, n_input])
    Z = tf.placeholder(tf.float32, [None, n_noise])

    # The generator's variables
    G_W1 = tf.Variable(tf.random_normal([n_noise, n_hidden], stddev=0.01), name="G_W1")
    G_b1 = tf.Variable(tf.zeros([n_hidden]), name="G_b1")  # Erratum 2
    G_W2 = tf.Variable(tf.random_normal([n_hidden, n_input], stddev=0.01), name="G_W2")
    G_b2 = tf.Variable(tf.zeros([n_input]), name="G_b2")  # Erratum 3

    # The discriminator's variables: the same ones judge real and generated images
    D_W1 = tf.Variable(tf.random_normal([n_input, n_hidden], stddev=0.01), name="D_W1")
    D_b1 = tf.Variable(tf.zeros([n_hidden]), name="D_b1")
    D_W2 = tf.Variable(tf.random_normal([n_hidden, 1], stddev=0.01), name="D_W2")
    D_b2 = tf.Variable(tf.zeros([1]), name="D_b2")

    # Networks
    def generator(noise_z):  # [batch, n_noise] -> [batch, n_input], 0 to 1
        hidden = tf.nn.relu(tf.matmul(noise_z, G_W1) + G_b1)  # Erratum 4
        output = tf.nn.sigmoid(tf.matmul(hidden, G_W2) + G_b2)  # Erratum 5
        return output

    def discriminator(inputs):  # [batch, n_input] -> [batch, 1], logits
        hidden = tf.nn.relu(tf.matmul(inputs, D_W1) + D_b1)
        output = tf.matmul(hidden, D_W2) + D_b2  # Erratum 7: the sigmoid is in the loss
        return output

    G = generator(Z)
    D_gene = discriminator(G)
    D_real = discriminator(X)

    # Losses, as the listing prints them: log(D_real) + log(1 - D_gene), and log(D_gene)
    minus_loss_D, minus_loss_G = losses.non_saturating(D_real, D_gene)  # Erratum 7
    loss_D = -minus_loss_D
    loss_G = -minus_loss_G  # Errata 8 and 32

    # Training: each loss changes the variables of its own network only
    D_var_list = [D_W1, D_b1, D_W2, D_b2]
    G_var_list = [G_W1, G_b1, G_W2, G_b2]
    optimizer_D = tf.train.AdamOptimizer(learning_rate)
    optimizer_G = tf.train.AdamOptimizer(learning_rate)
    train_D = optimizer_D.minimize(-loss_D, var_list=D_var_list)
    train_G = optimizer_G.minimize(-loss_G, var_list=G_var_list)  # Erratum 9

    return GAN(
        real=X, noise=Z, g_noise=Z, labels=None,
        real_logits=D_real, fake_logits=D_gene,
        d_loss=loss_D, g_loss=loss_G, train_d=train_D, train_g=train_G,
        d_vars=D_var_list, g_vars=G_var_list, state_vars=[],
        sample=G, sample_noise=Z, sample_labels=None,
        schedule=Schedule.SAME_NOISE, generator=generator, discriminator=discriminator,
        losses=losses.non_saturating, d_optimizer=optimizer_D, g_optimizer=optimizer_G,
        maximised=True,
    )
