"""Health: what both networks make of a few images after an epoch; kept in health.csv, with a warning of a collapse."""

from typing import Any, Callable, Mapping, Optional

import numpy as np

from legacy_gan import console, options
from legacy_gan.gan import GAN, probability
from legacy_gan.tf1 import tf
from legacy_gan.training import collapse
from legacy_gan.training.listeners import EpochEnd, Health, Listener
from legacy_gan.training.rundir import RunDirectory
from legacy_gan.translation import tr

COUNT = 100  # images, real and generated


class Probe:
    """Measures a model on the same real images, labels and noise every time.

    Nothing is drawn from the training's random stream, so looking never changes a run.

    Args:
      gan: the model.
      get_noise: its function (batch_size, n_noise, rng) -> noise.
      settings: its settings (noise, seed).
      images: float32 [n, 784], real images; the first COUNT serve.
      labels: float [n, 10] one-hot, for a conditional model.
    """

    def __init__(
        self,
        gan: GAN,
        get_noise: Callable[..., np.ndarray],
        settings: options.Settings,
        images: np.ndarray,
        labels: np.ndarray,
    ) -> None:
        self._real = gan.normalize(images[:COUNT])
        noise = get_noise(len(self._real), settings.noise, np.random.RandomState([settings.seed, 4]))
        self._feeds = {gan.real: self._real, gan.noise: noise, gan.sample_noise: noise}
        if gan.labels is not None:
            self._feeds.update(dict.fromkeys((gan.labels, gan.sample_labels), labels[:COUNT]))
        real_logits, fake_logits = gan.real_logits, gan.fake_logits
        if gan.resting_discriminator is not None:
            label = [] if gan.labels is None else [gan.labels]
            real_logits = gan.resting_discriminator(gan.real, *label)
            fake_logits = gan.resting_discriminator(gan.sample, *label)
        self._fetches = [probability(real_logits), probability(fake_logits), gan.sample]

    def measure(self, session: tf.Session) -> Health:
        """Returns the health of the model as it stands."""
        d_real, d_fake, generated = session.run(self._fetches, self._feeds)
        apart = _deviation(self._real)
        return Health(
            float(d_real.mean(dtype=np.float64)),
            float(d_fake.mean(dtype=np.float64)),
            _deviation(generated) / apart if apart else 1.0,
        )


def _deviation(images: np.ndarray) -> float:
    """Returns the root mean square distance of images from their mean image."""
    return float(np.sqrt(np.var(images, axis=0, dtype=np.float64).mean()))


class HealthListener(Listener):
    """Measures a run after every epoch, keeps it in health.csv, and warns of a collapse.

    Args:
      probe: what measures. watch: what sees a collapse.
      directory: the run's, locked.
      settings: the model's settings.
    Attributes:
      tell: the Listener that is told of what was measured.
    """

    def __init__(
        self, probe: Probe, watch: collapse.CollapseWatch, directory: RunDirectory, settings: options.Settings
    ) -> None:
        self._probe, self._watch, self._directory, self._settings = probe, watch, directory, settings
        self.tell = Listener()

    @property
    def collapse(self) -> Optional[str]:
        """What was seen of a collapse, in words; None."""
        return self._watch.saw

    def see_again(self, losses: np.ndarray, config: Mapping[str, Any]) -> None:
        """Shows the watch what the run has on its disk, of which it has warned before; see collapse.replayed."""
        list(collapse.replayed(self._watch, self._directory.health(), losses, config))

    def end_epoch(self, end: EpochEnd) -> None:
        health = self._probe.measure(end.session)
        self.tell.health(end, health)
        self._directory.append_health(end.step, end.epoch, health)
        saw = self._watch.look(end.step, health, collapse.mean_losses(end.losses, end.step, end.per_epoch))
        if saw is not None:
            console.warn(
                tr("warning: epoch {epoch}: {run} {saw}. Try: {remedy} (docs/training-trouble.md)").format(
                    epoch=end.epoch, run=self._directory, saw=saw, remedy=collapse.remedy(self._settings)
                )
            )
