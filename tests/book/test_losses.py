"""The losses: the value that the listings print, finite for every logit."""

import numpy as np
import pytest

from legacy_gan import losses
from legacy_gan.tf1 import tf


def printed_form(real_logits, fake_logits):
    """Listing 1's losses as printed, on sigmoids, with the sign to be minimised."""
    D_real, D_gene = tf.nn.sigmoid(real_logits), tf.nn.sigmoid(fake_logits)
    loss_D = tf.reduce_mean(tf.log(D_real) + tf.log(1 - D_gene))
    loss_G = tf.reduce_mean(tf.log(D_gene))
    return -loss_D, -loss_G


def evaluated(form, real, fake):
    """Returns (d_loss, g_loss, d d_loss/d real, d d_loss/d fake, d g_loss/d fake)."""
    with tf.Graph().as_default(), tf.Session() as session:
        real = tf.constant(real, tf.float32, [len(real), 1])
        fake = tf.constant(fake, tf.float32, [len(fake), 1])
        d_loss, g_loss = form(real, fake)
        return session.run(
            [
                d_loss,
                g_loss,
                tf.gradients(d_loss, real)[0],
                tf.gradients(d_loss, fake)[0],
                tf.gradients(g_loss, fake)[0],
            ]
        )


def closed_form(real, fake):
    """The same in float64: softplus and its slope."""
    real, fake = np.float64(real)[:, None], np.float64(fake)[:, None]
    softplus, sigmoid = (lambda x: np.logaddexp(0, x)), (lambda x: np.exp(-np.logaddexp(0, -x)))
    return [
        softplus(-real).mean() + softplus(fake).mean(),
        softplus(-fake).mean(),
        -sigmoid(-real) / len(real),
        sigmoid(fake) / len(fake),
        -sigmoid(-fake) / len(fake),
    ]


@pytest.mark.parametrize("scale", [1, 8, 20, 200])
def test_losses_equal_the_closed_form_at_every_size(scale):
    real, fake = np.linspace(-scale, scale, 11), np.linspace(scale, -scale, 7)
    for ours, expected in zip(evaluated(losses.non_saturating, real, fake), closed_form(real, fake)):
        # The slopes are sigmoid - 1: their error is float32's epsilon of 1.2e-7, whatever is left.
        np.testing.assert_allclose(ours, expected, rtol=1e-6, atol=1.2e-7)


def test_printed_form_agrees_up_to_logits_of_8():
    real, fake = np.linspace(-8, 8, 11), np.linspace(8, -8, 11)
    ours = evaluated(losses.non_saturating, real, fake)
    printed = evaluated(printed_form, real, fake)
    for a, b in zip(ours, printed):
        # 1 - sigmoid(8) = 3.4e-4 has lost three digits of float32's seven
        np.testing.assert_allclose(a, b, rtol=2e-4, atol=1e-7)


@pytest.mark.parametrize("logit", [20, 200])
def test_printed_form_fails_where_ours_is_finite(logit):
    printed = evaluated(printed_form, [0.0], [logit])
    assert printed[0] == np.inf  # -log(1 - 1)
    assert np.isnan(printed[3]).all()
    ours = evaluated(losses.non_saturating, [0.0], [logit])
    np.testing.assert_allclose(ours[0], np.log(2) + logit, rtol=1e-6)
    np.testing.assert_allclose(ours[3], 1, rtol=1e-6)


def test_losses_of_unequal_batches_are_means_of_each():
    ours = evaluated(losses.non_saturating, [1.0, 2.0, 3.0], [0.5])
    np.testing.assert_allclose(ours[0], closed_form([1.0, 2.0, 3.0], [0.5])[0], rtol=1e-6)


def test_mismatched_pairs_count_as_generated_ones_where_the_label_is_another():
    logits, labels, others = np.array([[-2.0], [0.5], [30.0]]), np.eye(10)[[3, 4, 4]], np.eye(10)[[4, 4, 3]]
    with tf.Graph().as_default(), tf.Session() as session:
        ours = session.run(
            losses.mismatched(*[tf.constant(array, tf.float32) for array in (logits, labels, others)], weight=2.5)
        )
    expected = 2.5 * (np.log1p(np.exp(-2.0)) + 30) / 3  # the mean is over all three
    np.testing.assert_allclose(ours, expected, rtol=1e-6)


def test_gradient_penalty_is_half_the_mean_squared_slope_at_the_images():
    """For D(x) = sum(w x^2) the slope at x is 2 w x."""
    rng = np.random.RandomState(3)
    images, w = rng.uniform(size=(11, 13)), rng.normal(size=13)
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.constant(images, tf.float32)
        logits = tf.reduce_sum(tf.constant(w, tf.float32) * x * x, 1, keepdims=True)
        ours = session.run(losses.gradient_penalty(x, logits, 3.0))
    expected = 3 / 2 * ((2 * w * images) ** 2).sum(1).mean()
    np.testing.assert_allclose(ours, expected, rtol=1e-6)  # float32's sums of 13
