"""The losses of the two networks, in pairs, computed from logits."""

from typing import Tuple

from legacy_gan.tf1 import tf


def non_saturating(real_logits: tf.Tensor, fake_logits: tf.Tensor) -> Tuple[tf.Tensor, tf.Tensor]:
    """Discriminator loss and non-saturating generator loss.

        d_loss = mean(-log sigmoid(D(x))) + mean(-log(1 - sigmoid(D(G(z)))))
        g_loss = mean(-log sigmoid(D(G(z))))

    sigmoid_cross_entropy_with_logits keeps values and gradients finite for every logit, where
    log(1 - sigmoid(logit)) is -inf in float32 from logit 17 on.

    Args:
      real_logits: float32 [batch, 1], D on real images, any real number.
      fake_logits: float32 [fake batch, 1], D on generated images.
    Returns:
      (d_loss, g_loss), float32 scalars in nats, at least 0, to be minimised.
    Source: Goodfellow et al. 2014, section 3; the book's listing 2.
    """
    real_is_real = _mean_cross_entropy(real_logits, tf.ones_like(real_logits))
    fake_is_fake = _mean_cross_entropy(fake_logits, tf.zeros_like(fake_logits))
    fake_is_real = _mean_cross_entropy(fake_logits, tf.ones_like(fake_logits))
    return real_is_real + fake_is_fake, fake_is_real


def saturating(real_logits: tf.Tensor, fake_logits: tf.Tensor) -> Tuple[tf.Tensor, tf.Tensor]:
    """Discriminator loss and saturating generator loss, the two sides of the minimax game.

        d_loss = mean(-log sigmoid(D(x))) + mean(-log(1 - sigmoid(D(G(z)))))
        g_loss = mean(log(1 - sigmoid(D(G(z)))))

    Its slope by the logit is -sigmoid(D(G(z))): next to nothing while D is sure of what is generated.

    Args:
      real_logits, fake_logits: as for `non_saturating`.
    Returns:
      (d_loss, g_loss), float32 scalars in nats, to be minimised; g_loss is at most 0.
    Source: Goodfellow et al. 2014, equation 1 and Algorithm 1.
    """
    d_loss, _ = non_saturating(real_logits, fake_logits)
    return d_loss, -_mean_cross_entropy(fake_logits, tf.zeros_like(fake_logits))


def smoothed(real_logits: tf.Tensor, fake_logits: tf.Tensor, smoothing: float) -> Tuple[tf.Tensor, tf.Tensor]:
    """The losses of `non_saturating` with one-sided label smoothing for the discriminator.

    Real images count as 1 - smoothing:

        d_loss = mean(-(1 - s) log sigmoid(D(x)) - s log(1 - sigmoid(D(x))))
                 + mean(-log(1 - sigmoid(D(G(z)))))

    Args:
      real_logits, fake_logits: as for `non_saturating`.
      smoothing: float s in 0..0.5.
    Returns:
      (d_loss, g_loss), float32 scalars in nats, to be minimised; d_loss is at least the entropy
      of s.
    Source: Salimans et al. 2016, section 3.4.
    """
    _, g_loss = non_saturating(real_logits, fake_logits)
    real_is_real = _mean_cross_entropy(real_logits, (1 - smoothing) * tf.ones_like(real_logits))
    return real_is_real + _mean_cross_entropy(fake_logits, tf.zeros_like(fake_logits)), g_loss


def gradient_penalty(images: tf.Tensor, logits: tf.Tensor, weight: float) -> tf.Tensor:
    """What is added to D's loss for its steepness at real images (R1).

        weight / 2 * mean(|d D(x) / dx|^2)

    Args:
      images: float32 [batch, ...], real ones, that the logits were computed from.
      logits: float32 [batch, 1], D on them.
      weight: float, at least 0.
    Returns:
      float32 scalar, at least 0.
    Source: Mescheder et al. 2018, equation 9.
    """
    (slopes,) = tf.gradients(logits, images)
    squares = tf.reduce_sum(tf.square(slopes), list(range(1, len(slopes.shape))))
    return weight / 2 * tf.reduce_mean(squares)


def mismatched(logits: tf.Tensor, labels: tf.Tensor, others: tf.Tensor, weight: float) -> tf.Tensor:
    """What is added to D's loss for taking real images with other images' labels to be real.

        weight * mean([label differs] * -log(1 - sigmoid(D(x, other label))))

    Args:
      logits: float32 [batch, 1], D on real images with `others`.
      labels, others: float32 [batch, 10] one-hot, the images' labels and those that D was given.
      weight: float, at least 0.
    Returns:
      float32 scalar, at least 0, in nats; 0 where no label differs.
    Source: Reed et al. 2016, Algorithm 1 (GAN-CLS), without its halves.
    """
    differ = 1 - tf.reduce_sum(labels * others, 1, keepdims=True)
    refused = tf.nn.sigmoid_cross_entropy_with_logits(logits=logits, labels=tf.zeros_like(logits))
    return weight * tf.reduce_mean(differ * refused)


def _mean_cross_entropy(logits: tf.Tensor, labels: tf.Tensor) -> tf.Tensor:
    return tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(logits=logits, labels=labels))
