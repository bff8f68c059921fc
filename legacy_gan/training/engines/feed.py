"""The book's loop: a batch, noise, one session.run for D's step and one for G's, through feed_dict."""

import time

import numpy as np

from legacy_gan.gan import Schedule
from legacy_gan.training.batches import Drawn
from legacy_gan.training.engines.pace import steps_of_a_slice


class FeedEngine:
    """The listings' loop: per batch one sess.run for D's step and one for G's, through feed_dict.

    Where a model takes both steps together (Schedule.TOGETHER) it is one sess.run.

    Args:
      session: tf.Session with the variables initialised.
      gan: legacy_gan.gan.GAN.
      data: legacy_gan.input_data.DataSet that the batches are of.
      batches: legacy_gan.training.batches.Batches.
      settings: the model's settings (batch_size, d_steps, g_steps, skip_d_below).
      per_epoch: int, training steps that are asked for at a time at most.
    """

    MOST = 25  # steps of a slice

    def __init__(self, session, gan, data, batches, settings, per_epoch):
        self._session, self._gan, self._settings = session, gan, settings
        self._batches = batches
        self._images, self._labels = data.originals()
        self._together = gan.schedule is Schedule.TOGETHER
        self._d_results = [gan.d_loss] + list(gan.scores)
        self._count = 1  # steps of a slice

    def train(self, steps):
        """Trains `steps` times, each with one batch a step of D.

        Yields:
          (d_losses, g_losses, d_real, d_fake) of the next some steps, float32 [n] each: the losses
          with the listing's signs, and mean D(x) and D(G(z)) as D's step saw them; of several steps
          of a network in one training step the last.
        """
        done = 0
        while done < steps:
            count = self._batches.alike(min(self._count, steps - done))
            begin = time.perf_counter()
            drawn = self._batches.take(count)
            results = [self.once(_at(drawn, n)) for n in range(count)]
            self._count = steps_of_a_slice(time.perf_counter() - begin, count, self.MOST)
            done += count
            yield tuple(np.array(results, np.float32).T)

    def once(self, drawn):
        """Takes one training step on what is given, a Drawn of one step.

        Returns:
          (d_loss, g_loss, d_real, d_fake), floats.
        """
        gan, last = self._gan, self._settings.d_steps - 1
        for n, chosen in enumerate(drawn.indices[0]):
            labels = {} if gan.labels is None else {gan.labels: self._labels[chosen]}
            # Errata 11 and 12: both steps take the noise as Z, and both results are unpacked.
            feeds = {gan.real: gan.normalize(self._images[chosen]), gan.noise: drawn.noise[0, n]}
            feeds.update(labels)
            feeds.update(self._masks(drawn, n))
            also = [gan.train_g, gan.g_loss] if self._together and n == last else []
            d_results, also = self._train_d(feeds, also)
        if also:
            g_loss, z = also[1], drawn.noise[0, last + 1 :]
        else:
            z = drawn.noise[0, len(drawn.noise[0]) - self._settings.g_steps :]
        for n, z in enumerate(z, last + bool(also)):
            if not self._together:  # its graph has both steps
                feeds = dict(labels)
            feeds[gan.g_noise] = z
            feeds.update(self._masks(drawn, n))
            _, g_loss = self._session.run([gan.train_g, gan.g_loss], feeds)
        return d_results[0], g_loss, d_results[1], d_results[2]

    def _masks(self, drawn, n):
        return {mask.keep: kept[0, n] for mask, kept in zip(self._gan.masks, drawn.masks)}

    def _train_d(self, feeds, also):
        """Takes a step of D, unless its loss is low enough, and what else is to be run.

        Returns:
          [loss, D(x), D(G(z))] from before the step, and what `also` came to.
        """
        gan, limit = self._gan, self._settings.skip_d_below
        if limit is None:
            results = self._session.run([gan.train_d] + self._d_results + also, feeds)[1:]
            return results[:3], results[3:]
        results = self._session.run(self._d_results, feeds)
        if abs(results[0]) < limit:  # a maximised loss is at most 0
            return results, self._session.run(also, feeds) if also else []
        return results, self._session.run([gan.train_d] + also, feeds)[1:]


def _at(drawn, n):
    """Returns the Drawn of one of several steps."""
    return Drawn(drawn.indices[n : n + 1], drawn.noise[n : n + 1], [m[n : n + 1] for m in drawn.masks])
