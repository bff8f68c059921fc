"""Listing 2, the conditional GAN: the digit's label joins the input of both networks.

Source: chapter 9, section 2 of 골빈해커의 3분 딥러닝. A comment `Erratum N` marks a line that
differs from the notes this port follows; row N of docs/errata.md says how and why.
"""

import numpy as np

from legacy_gan import losses
from legacy_gan.gan import GAN, Schedule
from legacy_gan.tf1 import tf


def get_noise(batch_size, n_noise, rng):
    """Returns noise, uniform in [-1, 1), float64 [batch_size, n_noise]."""
    return rng.uniform(-1.0, 1.0, size=[batch_size, n_noise])


def initial_weights(variables, rng):
    """Returns tf.layers' initial values, float32 by name: glorot_uniform, biases zero."""
    values = {}
    for v in variables:
        shape = v.shape.as_list()
        if v.op.name.endswith("/kernel"):
            limit = np.sqrt(6.0 / (shape[0] + shape[1]))
            values[v.op.name] = np.float32(rng.uniform(-limit, limit, size=shape))
        else:
            values[v.op.name] = np.zeros(shape, np.float32)
    return values


def build(settings):
    """Builds listing 2 in the default graph.

    Args:
      settings: a legacy_gan.options.Conditional.
    Returns:
      A GAN. Its losses have the listing's signs: at least 0, both to be minimised.
    """
    # Hyper-parameters
    learning_rate = settings.learning_rate
    n_hidden = settings.hidden  # Erratum 21
    n_input = 28 * 28
    n_noise = settings.noise
    n_class = 10

    # Placeholders: images, their labels as a hint to both networks, and noise
    X = tf.placeholder(tf.float32, [None, n_input])
    Y = tf.placeholder(tf.float32, [None, n_class])
    Z = tf.placeholder(tf.float32, [None, n_noise])

    # Networks
    def generator(noise, labels):  # [batch, n_noise + n_class] -> [batch, n_input], 0 to 1
        with tf.variable_scope("generator"):
            inputs = tf.concat([noise, labels], 1)
            hidden = tf.layers.dense(inputs, n_hidden, activation=tf.nn.relu)
            output = tf.layers.dense(hidden, n_input, activation=tf.nn.sigmoid)
        return output

    def discriminator(inputs, labels, reuse=None):  # [batch, n_input + n_class] -> [batch, 1]
        with tf.variable_scope("discriminator") as scope:  # Erratum 22
            if reuse:
                scope.reuse_variables()
            inputs = tf.concat([inputs, labels], 1)  # Erratum 23
            hidden = tf.layers.dense(inputs, n_hidden, activation=tf.nn.relu)
            output = tf.layers.dense(hidden, 1, activation=None)
        return output

    G = generator(Z, Y)
    D_real = discriminator(X, Y)
    D_gene = discriminator(G, Y, True)

    # Losses: sigmoid_cross_entropy_with_logits against ones for real and zeros for generated
    loss_D, loss_G = losses.non_saturating(D_real, D_gene)  # Errata 24 and 25

    # Training: each loss changes the variables of its own scope only
    # Erratum 26: with the slash, because a bare name is a prefix
    vars_D = tf.get_collection(tf.GraphKeys.TRAINABLE_VARIABLES, scope="discriminator/")
    vars_G = tf.get_collection(tf.GraphKeys.TRAINABLE_VARIABLES, scope="generator/")
    optimizer_D = tf.train.AdamOptimizer(learning_rate)
    optimizer_G = tf.train.AdamOptimizer(learning_rate)
    train_D = optimizer_D.minimize(loss_D, var_list=vars_D)
    train_G = optimizer_G.minimize(loss_G, var_list=vars_G)

    return GAN(
        real=X, noise=Z, g_noise=Z, labels=Y,
        real_logits=D_real, fake_logits=D_gene,
        d_loss=loss_D, g_loss=loss_G, train_d=train_D, train_g=train_G,
        d_vars=vars_D, g_vars=vars_G, state_vars=[],
        sample=G, sample_noise=Z, sample_labels=Y,
        schedule=Schedule.SAME_NOISE, generator=generator, discriminator=discriminator,
        losses=losses.non_saturating, d_optimizer=optimizer_D, g_optimizer=optimizer_G,
    )
