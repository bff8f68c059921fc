"""Health: what both networks make of a few images after an epoch, and when a run has collapsed."""

import collections

import numpy as np

from legacy_gan import console
from legacy_gan.tf1 import tf
from legacy_gan.training.listeners import Listener

COUNT = 100  # images, real and generated

Health = collections.namedtuple("Health", ["d_real", "d_fake", "spread"])
Health.__doc__ = """A run's health after an epoch; floats.

d_real: mean D(x) on real images, 0..1. d_fake: mean D(G(z)), 0..1.
spread: how far generated images lie apart, 1 for as far as real ones, 0 for all the same (and 1
where the real ones are all the same).
"""


class Probe:
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
        self._fetches = [tf.sigmoid(real_logits), tf.sigmoid(fake_logits), gan.sample]

    def measure(self, session):
        """Returns the Health of the model as it stands."""
        d_real, d_fake, generated = session.run(self._fetches, self._feeds)
        apart = _deviation(self._real)
        return Health(
            float(d_real.mean(dtype=np.float64)),
            float(d_fake.mean(dtype=np.float64)),
            _deviation(generated) / apart if apart else 1.0,
        )


def _deviation(images):
    """Returns the root mean square distance of images from their mean image, a float."""
    return float(np.sqrt(np.var(images, axis=0, dtype=np.float64).mean()))


# A collapse is certain when one of its signs has lasted for so many epochs and steps. No run of
# benchmarks/cures.jsonl whose digits were those asked for shows any of them so long.
LASTING = (3, 1000)
WON_D_LOSS, WON_G_LOSS = 5e-4, 8.0  # nats, means over an epoch: D's at most, G's at least
LEARNED_SPREAD, LOST_SHARE = 0.5, 0.5  # images that were so far apart have come so much closer
LATE_STEPS, LATE_SPREAD = 5500, 0.15  # ten of the book's epochs, and images are still one smudge
STUCK_LASTING, STUCK_G_LOSS = (10, 4900), 10.0


class Watch:
    """Looks at a run after every epoch and sees a collapse, once, when it has become certain.

    Args:
      settings: the model's settings (label_smoothing, loss, gradient_penalty, mismatched_labels).
    Attributes:
      saw: str, what was seen, or None.
    """

    def __init__(self, settings):
        s = self._smoothing = settings.label_smoothing
        self._is_penalised = is_penalised(settings)
        # D's loss cannot be less than the entropy of its smoothed labels.
        self._least_d_loss = -(1 - s) * np.log(1 - s) - s * np.log(s) if s else 0.0
        self._is_saturating = settings.loss == "saturating"
        self._most_spread = 0.0
        self._since = {}  # sign -> (first step, epochs it has lasted)
        self.saw = None

    def look(self, step, health, losses):
        """Takes what is known after an epoch.

        Args:
          step: int, training steps so far.
          health: a Health.
          losses: (D's, G's), floats, sizes of the means over the epoch.
        Returns:
          what was seen (str) when a collapse has become certain; None before and after.
        """
        d_loss, g_loss = losses
        if self._is_penalised:  # what is added to D's loss does not say how sure D is
            d_loss = _cross_entropy(health.d_real, 1 - self._smoothing) + _cross_entropy(health.d_fake, 0)
        d_loss -= self._least_d_loss
        if self._is_saturating:  # its loss is near 0 where D has won; the other one is about this
            g_loss = -np.log(max(health.d_fake, 1e-30))
        spread, most = health.spread, max(self._most_spread, health.spread)
        self._most_spread = most
        numbers = (
            f"D loss {losses[0]:.2g}, G loss {g_loss:.3g}, "
            f"mean D(x) {health.d_real:.4f}, mean D(G(z)) {health.d_fake:.1g}"
        )
        apart = f"generated images are {spread:.2f} times as far apart as real ones"
        signs = [
            (d_loss < WON_D_LOSS and g_loss > WON_G_LOSS, LASTING, f"D has won: {numbers}"),
            (most > LEARNED_SPREAD and spread < LOST_SHARE * most, LASTING, f"{apart}, they were {most:.2f}"),
            (step >= LATE_STEPS and spread < LATE_SPREAD, LASTING, apart),
            (g_loss > STUCK_G_LOSS, STUCK_LASTING, f"G cannot follow D: {numbers}"),
        ]
        certain = None
        for number, (present, (least_epochs, least_steps), words) in enumerate(signs):
            if not present:
                self._since.pop(number, None)
                continue
            first, epochs = self._since.get(number, (step, 0))
            self._since[number] = first, epochs + 1
            if epochs + 1 >= least_epochs and step - first >= least_steps:
                certain = certain or f"has collapsed, for {epochs + 1} epochs now: {words}"
        if certain is None or self.saw is not None:
            return None
        self.saw = certain
        return certain


def is_penalised(settings):
    """Whether D's loss has more in it than what D makes of real and of generated images."""
    return bool(settings.gradient_penalty or getattr(settings, "mismatched_labels", 0))


def _cross_entropy(score, label):
    """Returns the cross entropy of a score (float in 0..1) against a label (float in 0..1), nats."""
    score = min(max(score, 1e-30), 1 - 1e-16)
    return -label * np.log(score) - (1 - label) * np.log1p(-score)


def of_epoch(losses, end, per_epoch):
    """Returns D's and G's mean loss, whatever their signs, of the epoch that ends at a step.

    Args:
      losses: float [2, steps]. end, per_epoch: int, steps.
    """
    return np.abs(losses[:, end - per_epoch : end]).mean(1)


def seen(watch, rows, losses, config):
    """Shows a watch the epochs that a run has on its disk; yields (epoch, what was seen).

    After a change of its settings a run is given time anew, so what was before is not shown; nor is what
    a run that goes on has added since its losses were read.

    Args:
      watch: Watch. rows: float [n, 5], health.csv's. losses: float [2, steps]. config: dict, config.json's.
    """
    changed = max([change["step"] for change in config["changes"]] or [0])
    for row in rows:
        step, epoch = int(row[0]), int(row[1])
        if changed < step <= losses.shape[1]:
            saw = watch.look(step, Health(*row[2:]), of_epoch(losses, step, config["steps_per_epoch"]))
            if saw is not None:
                yield epoch, saw


REMEDY = "--label-smoothing 0.1"  # what measured best


def remedy(settings):
    """Returns what a run with these settings that has collapsed should be given, a str."""
    if settings.label_smoothing or is_penalised(settings):
        return "--restart with another --seed, sometimes"
    return f"--restart {REMEDY}; sometimes another --seed"


class HealthListener(Listener):
    """Measures a run after every epoch, keeps it in health.csv, and warns of a collapse.

    Args:
      probe: Probe. watch: Watch.
      directory: legacy_gan.training.rundir.RunDirectory.
      settings: the model's settings.
    Attributes:
      tell: the Listener that is told of what was measured.
    """

    def __init__(self, probe, watch, directory, settings):
        self._probe, self._watch, self._directory, self._settings = probe, watch, directory, settings
        self.tell = Listener()

    @property
    def collapse(self):
        """What was seen of a collapse, str; None."""
        return self._watch.saw

    def see_again(self, losses, config):
        """Shows the watch what the run has on its disk, of which it has warned before; see `seen`."""
        list(seen(self._watch, self._directory.health(), losses, config))

    def end_epoch(self, end):
        health = self._probe.measure(end.session)
        self.tell.health(end, health)
        self._directory.append_health(end.step, end.epoch, health)
        saw = self._watch.look(end.step, health, of_epoch(end.losses, end.step, end.per_epoch))
        if saw is not None:
            console.note(
                f"warning: epoch {end.epoch}: {self._directory} {saw}. What cures it: {remedy(self._settings)} "
                "(docs/training-trouble.md)"
            )
