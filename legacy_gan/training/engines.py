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
        """Trains `steps` times, each with one batch a step of D.

        Returns:
          (d_losses, g_losses), float32 [steps] each, with the listing's signs; of several steps of
          a network the last.
        """
        gan, settings = self._gan, self._settings
        losses = np.empty((2, steps), np.float32)
        for i in range(steps):
            for _ in range(settings.d_steps):
                batch_xs, batch_ys = self._data.next_batch(settings.batch_size)
                noise = self._noise()
                labels = {} if gan.labels is None else {gan.labels: batch_ys}
                # Errata 11 and 12: both steps take the noise as Z, and both results are unpacked.
                losses[0, i] = self._train_d({gan.real: batch_xs, gan.noise: noise, **labels})
            for repeat in range(settings.g_steps):
                if repeat:
                    noise = self._noise()
                _, losses[1, i] = self._session.run(
                    [gan.train_g, gan.g_loss], {gan.g_noise: noise, **labels}
                )
        return losses[0], losses[1]

    def _noise(self):
        return self._get_noise(self._settings.batch_size, self._settings.noise, self._rng)

    def _train_d(self, feeds):
        """Takes a step of D, unless its loss is low enough; returns the loss before the step."""
        gan, limit = self._gan, self._settings.skip_d_below
        if limit is None:
            return self._session.run([gan.train_d, gan.d_loss], feeds)[1]
        loss = self._session.run(gan.d_loss, feeds)
        if not abs(loss) < limit:  # a maximised loss is at most 0
            self._session.run(gan.train_d, feeds)
        return loss
