"""How training steps are executed: the feed engine is the listings' own loop."""

import numpy as np

from legacy_gan.gan import Schedule


class FeedEngine(object):
    """The book's loop: per batch one sess.run for D's step and one for G's, through feed_dict.

    Args:
      session: tf.Session with the variables initialised.
      gan: legacy_gan.gan.GAN.
      data: legacy_gan.input_data.DataSet to draw batches from.
      get_noise: the model's function (batch_size, n_noise, rng) -> noise.
      settings: the model's settings (batch_size, noise).
      rng: np.random.RandomState that noise is drawn from, after each batch.
    """

    def __init__(self, session, gan, data, get_noise, settings, rng):
        if gan.schedule is not Schedule.SAME_NOISE:
            raise NotImplementedError("FeedEngine carries out SAME_NOISE, got " + gan.schedule.name)
        self._session, self._gan, self._data = session, gan, data
        self._get_noise, self._settings, self._rng = get_noise, settings, rng

    def run(self, steps):
        """Trains `steps` batches.

        Returns:
          (d_losses, g_losses), float32 [steps] each, with the listing's signs.
        """
        gan, batch_size = self._gan, self._settings.batch_size
        losses = np.empty((2, steps), np.float32)
        for i in range(steps):
            batch_xs, batch_ys = self._data.next_batch(batch_size)
            noise = self._get_noise(batch_size, self._settings.noise, self._rng)
            labels = {} if gan.labels is None else {gan.labels: batch_ys}
            # Errata 11 and 12: both steps take the noise as Z, and both results are unpacked.
            _, losses[0, i] = self._session.run(
                [gan.train_d, gan.d_loss], {gan.real: batch_xs, gan.noise: noise, **labels}
            )
            _, losses[1, i] = self._session.run(
                [gan.train_g, gan.g_loss], {gan.g_noise: noise, **labels}
            )
        return losses[0], losses[1]
