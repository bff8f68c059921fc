"""The TF2 tutorial's DCGAN: transposed convolutions make the images, convolutions judge them.

Source: the TensorFlow tutorial on DCGAN as a lecture on GANs prints it; the variant whose first
layer is transposed (--first-layer transposed): a seminar's slides. A comment `Erratum N` marks a line
that differs from what is printed; row N of
docs/errata-other-texts.md says how and why.

Not printed, chosen here: Keras' own defaults for the initial values (glorot_uniform kernels),
LeakyReLU's slope, batch normalisation, Adam's betas and epsilon; where the noise of the pictures comes
from (a stream of the seed's own). Of the
seminar's variant only the first layer is printed: a transposed convolution of 7x7 on the noise as one
pixel, four times `ngf` channels, no bias; the rest is the tutorial's.
"""

import functools

import numpy as np

from legacy_gan import losses
from legacy_gan.gan import GAN, LastBatch, Schedule
from legacy_gan.tf1 import tf

Adam = functools.partial(tf.train.AdamOptimizer, epsilon=1e-7)  # as Keras has it


def get_noise(batch_size, n_noise, rng):
    """Returns standard normal noise, float64 [batch_size, n_noise]."""
    return rng.normal(size=(batch_size, n_noise))  # Erratum 75


def initial_weights(variables, rng):
    """Returns Keras' initial values, float32 by name: glorot_uniform, ones, zeros."""
    values = {}
    for v in variables:
        shape = v.shape.as_list()
        if v.op.name.endswith("/kernel"):
            limit = np.sqrt(6.0 / (np.prod(shape[:-2]) * (shape[-2] + shape[-1])))
            values[v.op.name] = np.float32(rng.uniform(-limit, limit, size=shape))
        else:
            ones = v.op.name.endswith(("/gamma", "/moving_variance"))
            values[v.op.name] = np.full(shape, float(ones), np.float32)
    return values


def normalize(images):
    """Takes images in 0..1 to [-1, 1]."""
    return (images * 255 - 127.5) / 127.5


def denormalize(images):
    """Takes images in [-1, 1] to 0..1."""
    return (images * 127.5 + 127.5) / 255


def build(settings):
    """Builds the tutorial's DCGAN in the default graph.

    Args:
      settings: a legacy_gan.options.Dcgan.
    Returns:
      A GAN. Its losses are at least 0, both to be minimised; both networks step together.
    """
    # Hyper-parameters
    learning_rate = settings.learning_rate
    noise_dim = settings.noise  # Erratum 46
    filters = settings.filters  # 64

    # Placeholders: images and noise
    images = tf.placeholder(tf.float32, [None, 28 * 28])
    noise = tf.placeholder(tf.float32, [None, noise_dim])

    # Networks
    # [batch, noise_dim] -> [batch, 784], -1 to 1
    def generator(noise, training=True):  # Errata 38 to 40
        def normalized(x):
            return tf.layers.batch_normalization(x, training=training, fused=False)

        def upsampled(x, filters, size, strides, padding="same", activation=None):
            return tf.layers.conv2d_transpose(
                x, filters, size, strides, padding, use_bias=False, activation=activation
            )

        with tf.variable_scope("generator", reuse=tf.AUTO_REUSE):
            if settings.first_layer == "dense":
                x = tf.layers.dense(noise, 7 * 7 * 4 * filters, use_bias=False)
                x = tf.nn.leaky_relu(normalized(x), 0.3)
                x = tf.reshape(x, [-1, 7, 7, 4 * filters])
            else:  # Errata 93 and 95
                x = tf.reshape(noise, [-1, 1, 1, noise_dim])
                x = upsampled(x, 4 * filters, 7, 1, "valid")
                x = tf.nn.leaky_relu(normalized(x), 0.3)
            x = upsampled(x, 2 * filters, 5, 1)  # [batch, 7, 7, 128]
            x = tf.nn.leaky_relu(normalized(x), 0.3)
            x = upsampled(x, filters, 5, 2)  # [batch, 14, 14, 64]
            x = tf.nn.leaky_relu(normalized(x), 0.3)
            x = upsampled(x, 1, 5, 2, activation=tf.nn.tanh)  # [batch, 28, 28, 1]
            return tf.reshape(x, [-1, 28 * 28])

    # [batch, 784] -> [batch, 1], logits
    def discriminator(images, training=True):  # Errata 41 and 43
        with tf.variable_scope("discriminator", reuse=tf.AUTO_REUSE):
            x = tf.reshape(images, [-1, 28, 28, 1])
            x = tf.nn.leaky_relu(tf.layers.conv2d(x, filters, 5, 2, "same"), 0.3)
            x = tf.layers.dropout(x, settings.dropout, training=training)
            # Errata 42 and 79
            x = tf.nn.leaky_relu(tf.layers.conv2d(x, 2 * filters, 5, 2, "same"), 0.3)
            x = tf.layers.dropout(x, settings.dropout, training=training)
            return tf.layers.dense(tf.layers.flatten(x), 1)

    generated_images = generator(noise)  # Erratum 50
    real_output = discriminator(images)  # Erratum 49, and the next line
    fake_output = discriminator(generated_images)
    # Pictures are made in inference mode: with the averages
    predictions = generator(noise, training=False)  # Erratum 63

    # Losses: cross entropy against ones for real and zeros for generated images
    disc_loss, gen_loss = losses.non_saturating(real_output, fake_output)  # Errata 44 and 52

    # Training: both gradients come from one forward pass, before either update
    discriminator_variables = tf.get_collection(
        tf.GraphKeys.TRAINABLE_VARIABLES, scope="discriminator/"
    )
    generator_variables = tf.get_collection(tf.GraphKeys.TRAINABLE_VARIABLES, scope="generator/")
    # Errata 53 to 57
    gradients_of_generator = tf.gradients(gen_loss, generator_variables)
    gradients_of_discriminator = tf.gradients(disc_loss, discriminator_variables)
    generator_optimizer = Adam(learning_rate)  # Erratum 78, and the next line
    discriminator_optimizer = Adam(learning_rate)
    # Batch normalisation's averages move with G's step
    averages = tf.get_collection(tf.GraphKeys.GLOBAL_VARIABLES, scope="generator/.*/moving_")
    update_ops = tf.get_collection(tf.GraphKeys.UPDATE_OPS, scope="generator/")
    with tf.control_dependencies(gradients_of_generator + gradients_of_discriminator):
        # Errata 58 and 59
        train_D = discriminator_optimizer.apply_gradients(
            zip(gradients_of_discriminator, discriminator_variables)
        )
        with tf.control_dependencies(update_ops):
            train_G = generator_optimizer.apply_gradients(
                zip(gradients_of_generator, generator_variables)
            )

    return GAN(
        real=images, noise=noise, g_noise=noise, labels=None,
        real_logits=real_output, fake_logits=fake_output,
        d_loss=disc_loss, g_loss=gen_loss, train_d=train_D, train_g=train_G,
        d_vars=discriminator_variables, g_vars=generator_variables, state_vars=averages,
        sample=predictions, sample_noise=noise, sample_labels=None,
        schedule=Schedule.TOGETHER,  # Erratum 74
        last_batch=LastBatch.SHORT_OF_IMAGES,
        generator=generator, discriminator=discriminator,
        losses=losses.non_saturating, d_optimizer=discriminator_optimizer,
        g_optimizer=generator_optimizer, adam=Adam, update_ops=update_ops,
        normalize=normalize, denormalize=denormalize,
        resting_discriminator=functools.partial(discriminator, training=False),
    )
