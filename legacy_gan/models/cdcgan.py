"""A conditional DCGAN: the digit's label joins the DCGAN as listing 2 joins it to the basic GAN.

Source: G is that of legacy_gan.models.dcgan with the label beside the noise, as Mirza and Osindero
2014 have it. No text prints it. Chosen here: D sees the label twice, as ten planes beside the image, of
which the digit's own is one everywhere and the others are zero, and in the end, where it has a logit for
each digit and the label picks its own (a projection, Miyato and Koyama 2018). From Radford et al. 2016,
the DCGAN paper: batches of 128, Adam's 0.0002 and 0.5, D's slope of 0.2, and D's batch normalisation in
the place of dropout, with which G drew each digit in one way, whatever the noise.
docs/models.md has what was tried.
"""

from legacy_gan import losses
from legacy_gan.gan import GAN, LastBatch, Schedule
from legacy_gan.models.dcgan import Adam, denormalize, get_noise, initial_weights, normalize
from legacy_gan.tf1 import tf

__all__ = ["build", "get_noise", "initial_weights"]


def build(settings):
    """Builds the conditional DCGAN in the default graph.

    Args:
      settings: a legacy_gan.options.Cdcgan.
    Returns:
      A GAN. Its losses are at least 0, both to be minimised; both networks step together.
    """
    # Hyper-parameters
    learning_rate = settings.learning_rate
    noise_dim = settings.noise
    filters = settings.filters  # 64
    n_class = 10

    # Placeholders: images, their labels and noise
    images = tf.placeholder(tf.float32, [None, 28 * 28])
    labels = tf.placeholder(tf.float32, [None, n_class])
    noise = tf.placeholder(tf.float32, [None, noise_dim])

    # Networks
    def generator(noise, labels, training=True):  # [batch, noise_dim + n_class] -> [batch, 784]
        def normalized(x):
            return tf.layers.batch_normalization(x, training=training, fused=False)

        def upsampled(x, filters, size, strides, padding="same", activation=None):
            return tf.layers.conv2d_transpose(
                x, filters, size, strides, padding, use_bias=False, activation=activation
            )

        with tf.variable_scope("generator", reuse=tf.AUTO_REUSE):
            x = tf.concat([noise, labels], 1)
            if settings.first_layer == "dense":
                x = tf.layers.dense(x, 7 * 7 * 4 * filters, use_bias=False)
                x = tf.nn.leaky_relu(normalized(x), 0.3)
                x = tf.reshape(x, [-1, 7, 7, 4 * filters])
            else:
                x = tf.reshape(x, [-1, 1, 1, noise_dim + n_class])
                x = upsampled(x, 4 * filters, 7, 1, "valid")
                x = tf.nn.leaky_relu(normalized(x), 0.3)
            x = upsampled(x, 2 * filters, 5, 1)  # [batch, 7, 7, 128]
            x = tf.nn.leaky_relu(normalized(x), 0.3)
            x = upsampled(x, filters, 5, 2)  # [batch, 14, 14, 64]
            x = tf.nn.leaky_relu(normalized(x), 0.3)
            x = upsampled(x, 1, 5, 2, activation=tf.nn.tanh)  # [batch, 28, 28, 1]
            return tf.reshape(x, [-1, 28 * 28])

    def discriminator(images, labels):  # [batch, 784], [batch, 10] -> [batch, 1], logits
        def normalized(x):  # by the batch itself: D judges whole batches, none outside of training
            mean, variance = tf.nn.moments(x, [0, 1, 2])
            return (x - mean) * tf.rsqrt(variance + 1e-5)

        with tf.variable_scope("discriminator", reuse=tf.AUTO_REUSE):
            x = tf.reshape(images, [-1, 28, 28, 1])
            planes = tf.reshape(labels, [-1, 1, 1, n_class]) * tf.ones_like(x)
            x = tf.concat([x, planes], 3)  # [batch, 28, 28, 1 + n_class]
            x = tf.nn.leaky_relu(tf.layers.conv2d(x, filters, 5, 2, "same"), 0.2)
            x = tf.layers.conv2d(x, 2 * filters, 5, 2, "same", use_bias=False)
            x = tf.nn.leaky_relu(normalized(x), 0.2)
            of_each_digit = tf.layers.dense(tf.layers.flatten(x), n_class)
            return tf.reduce_sum(of_each_digit * labels, 1, keepdims=True)

    generated_images = generator(noise, labels)
    real_output = discriminator(images, labels)
    fake_output = discriminator(generated_images, labels)
    # Pictures are made in inference mode: with the averages
    predictions = generator(noise, labels, training=False)

    # Losses: cross entropy against ones for real and zeros for generated images
    disc_loss, gen_loss = losses.non_saturating(real_output, fake_output)

    # Training: both gradients come from one forward pass, before either update
    discriminator_variables = tf.get_collection(
        tf.GraphKeys.TRAINABLE_VARIABLES, scope="discriminator/"
    )
    generator_variables = tf.get_collection(tf.GraphKeys.TRAINABLE_VARIABLES, scope="generator/")
    gradients_of_generator = tf.gradients(gen_loss, generator_variables)
    gradients_of_discriminator = tf.gradients(disc_loss, discriminator_variables)
    generator_optimizer = Adam(learning_rate, settings.beta1)
    discriminator_optimizer = Adam(learning_rate, settings.beta1)
    # Batch normalisation's averages move with G's step
    averages = tf.get_collection(tf.GraphKeys.GLOBAL_VARIABLES, scope="generator/.*/moving_")
    update_ops = tf.get_collection(tf.GraphKeys.UPDATE_OPS, scope="generator/")
    with tf.control_dependencies(gradients_of_generator + gradients_of_discriminator):
        train_D = discriminator_optimizer.apply_gradients(
            zip(gradients_of_discriminator, discriminator_variables)
        )
        with tf.control_dependencies(update_ops):
            train_G = generator_optimizer.apply_gradients(
                zip(gradients_of_generator, generator_variables)
            )

    return GAN(
        real=images, noise=noise, g_noise=noise, labels=labels,
        real_logits=real_output, fake_logits=fake_output,
        d_loss=disc_loss, g_loss=gen_loss, train_d=train_D, train_g=train_G,
        d_vars=discriminator_variables, g_vars=generator_variables, state_vars=averages,
        sample=predictions, sample_noise=noise, sample_labels=labels,
        schedule=Schedule.TOGETHER, last_batch=LastBatch.SHORT,
        generator=generator, discriminator=discriminator,
        losses=losses.non_saturating, d_optimizer=discriminator_optimizer,
        g_optimizer=generator_optimizer, adam=Adam, update_ops=update_ops,
        normalize=normalize, denormalize=denormalize,
    )
