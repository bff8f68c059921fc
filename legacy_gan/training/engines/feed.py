"""The book's loop: a batch, noise, one session.run for D's step and one for G's, through feed_dict."""

import time
from typing import Any, Dict, Iterator, List, Tuple

import numpy as np

from legacy_gan import options
from legacy_gan.data.dataset import DataSet
from legacy_gan.gan import GAN, Schedule
from legacy_gan.tf1 import tf
from legacy_gan.training.batches import Batches, Draws
from legacy_gan.training.engines.pace import steps_of_a_slice

_Feeds = Dict[tf.Tensor, Any]
_Results = Tuple[np.ndarray, ...]


class FeedEngine:
    """The listings' loop: for each batch one sess.run for D's step and one for G's, through feed_dict.

    Args:
      session: one with the variables initialised.
      gan: the model.
      data: what the batches are of.
      batches: what is drawn, in order.
      settings: the model's settings (batch_size, d_steps, g_steps, skip_d_below).
      per_epoch: training steps that are asked for at a time at most.
    """

    MOST = 25  # steps of a slice

    def __init__(
        self, session: tf.Session, gan: GAN, data: DataSet, batches: Batches, settings: options.Settings, per_epoch: int
    ) -> None:
        self._session, self._gan, self._settings = session, gan, settings
        self._batches = batches
        self._images, self._labels = data.originals()
        self._scored_d_loss = [gan.d_loss] + list(gan.scores)
        self._training_step = {
            Schedule.SAME_NOISE: self._d_then_g,
            Schedule.FRESH_NOISE: self._d_then_g,
            Schedule.TOGETHER: self._together,
        }[gan.schedule]
        self._count = 1  # steps of a slice

    def train(self, steps: int) -> Iterator[_Results]:
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
            draws = self._batches.take(count)
            results = [self.once(draws.of_step(n)) for n in range(count)]
            self._count = steps_of_a_slice(time.perf_counter() - begin, count, self.MOST)
            done += count
            yield tuple(np.array(results, np.float32).T)

    def once(self, draws: Draws) -> Tuple[float, ...]:
        """Takes one training step on what is given, the Draws of one step.

        Returns:
          (d_loss, g_loss, d_real, d_fake).
        """
        (d_loss, d_real, d_fake), g_loss = self._training_step(draws)
        return d_loss, g_loss, d_real, d_fake

    # One method a schedule. Errata 11 and 12: both steps take the noise as Z, and both results are unpacked.

    def _d_then_g(self, draws: Draws) -> Tuple[List[float], float]:
        """D's step, then G's with the updated D; the plan of the draws says whether on the same noise."""
        for n in range(self._settings.d_steps):
            d_results = self._train_d(self._d_feeds(draws, n))
        for n in range(self._settings.g_steps):
            g_loss = self._train_g(self._g_feeds(draws, n))
        return d_results, g_loss

    def _together(self, draws: Draws) -> Tuple[List[float], float]:
        """Both steps in one sess.run: both gradients come from one forward pass, before either update."""
        last = self._settings.d_steps - 1
        for n in range(last):
            self._train_d(self._d_feeds(draws, n))
        both = self._d_feeds(draws, last)
        d_results, g_loss = self._train_both(both)
        for n in range(1, self._settings.g_steps):
            g_loss = self._train_g({**both, **self._g_feeds(draws, n)})  # its graph has D's step, too
        return d_results, g_loss

    # What is fed

    def _d_feeds(self, draws: Draws, n: int) -> _Feeds:
        """Returns the feed_dict of D's step n: real images, noise, labels, masks."""
        gan, plan = self._gan, draws.plan
        chosen = draws.indices[0, plan.d_batch[n]]
        feeds = {gan.real: gan.normalize(self._images[chosen]), gan.noise: draws.noise[0, plan.d_noise[n]]}
        feeds.update(self._label_feed(chosen))
        feeds.update(self._mask_feeds(draws, plan.d_mask[n]))
        return feeds

    def _g_feeds(self, draws: Draws, n: int) -> _Feeds:
        """Returns the feed_dict of G's step n: noise, labels, masks."""
        plan = draws.plan
        feeds = {self._gan.g_noise: draws.noise[0, plan.g_noise[n]]}
        feeds.update(self._label_feed(draws.indices[0, plan.g_batch[n]]))
        feeds.update(self._mask_feeds(draws, plan.g_mask[n]))
        return feeds

    def _label_feed(self, chosen: np.ndarray) -> _Feeds:
        return {} if self._gan.labels is None else {self._gan.labels: self._labels[chosen]}

    def _mask_feeds(self, draws: Draws, number: int) -> _Feeds:
        return {mask.keep: kept[0, number] for mask, kept in zip(self._gan.masks, draws.masks)}

    # What is run

    def _train_d(self, feeds: _Feeds) -> List[float]:
        """Takes a step of D, unless its loss is low enough; returns [loss, D(x), D(G(z))] from before it."""
        gan, limit = self._gan, self._settings.skip_d_below
        if limit is None:
            return self._session.run([gan.train_d] + self._scored_d_loss, feeds)[1:]
        results = self._session.run(self._scored_d_loss, feeds)
        if abs(results[0]) >= limit:  # a maximised loss is at most 0
            self._session.run(gan.train_d, feeds)
        return results

    def _train_g(self, feeds: _Feeds) -> float:
        """Takes a step of G; returns its loss from before it."""
        _, g_loss = self._session.run([self._gan.train_g, self._gan.g_loss], feeds)
        return g_loss

    def _train_both(self, feeds: _Feeds) -> Tuple[List[float], float]:
        """Takes a step of both, of G alone where D's loss is low enough; returns ([loss, D(x), D(G(z))], G's loss)."""
        gan, limit = self._gan, self._settings.skip_d_below
        g_step = [gan.train_g, gan.g_loss]
        if limit is None:
            results = self._session.run([gan.train_d] + self._scored_d_loss + g_step, feeds)
            return results[1:4], results[-1]
        d_results = self._session.run(self._scored_d_loss, feeds)
        is_low = abs(d_results[0]) < limit
        return d_results, self._session.run(g_step if is_low else [gan.train_d] + g_step, feeds)[-1]
