"""When a run has collapsed: what its health and its losses show epoch by epoch, and what to do about it."""

from typing import Any, Dict, Iterator, List, Mapping, Optional, Tuple

import numpy as np

from legacy_gan import options
from legacy_gan.training.listeners import Health
from legacy_gan.translation import tr

# A collapse is certain when one of its signs has lasted for so many epochs and steps. No run of
# benchmarks/cures.jsonl whose digits were those asked for shows any of them so long.
LASTING = (3, 1000)
WON_D_LOSS, WON_G_LOSS = 5e-4, 8.0  # nats, means over an epoch: D's at most, G's at least
LEARNED_SPREAD, LOST_SHARE = 0.5, 0.5  # images that were so far apart have come so much closer
LATE_STEPS, LATE_SPREAD = 5500, 0.15  # ten of the book's epochs, and images are still one smudge
STUCK_LASTING, STUCK_G_LOSS = (10, 4900), 10.0

REMEDY = "--label-smoothing 0.1"  # what measured best


class CollapseWatch:
    """Looks at a run after every epoch and sees a collapse, once, when it has become certain.

    Args:
      settings: the model's settings (label_smoothing, loss, gradient_penalty, mismatched_labels).
    Attributes:
      saw: what was seen, in words, or None.
    """

    def __init__(self, settings: options.Settings) -> None:
        s = self._smoothing = settings.label_smoothing
        self._is_penalised = is_penalised(settings)
        # D's loss cannot be less than the entropy of its smoothed labels.
        self._least_d_loss = -(1 - s) * np.log(1 - s) - s * np.log(s) if s else 0.0
        self._is_saturating = settings.loss == "saturating"
        self._largest_spread = 0.0
        self._since: Dict[int, Tuple[int, int]] = {}  # number of a sign -> (first step, epochs it has lasted)
        self.saw: Optional[str] = None

    def look(self, step: int, health: Health, losses: Tuple[float, float]) -> Optional[str]:
        """Takes what is known after an epoch.

        Args:
          step: training steps so far.
          health: as the epoch has left the model.
          losses: (D's, G's), sizes of the means over the epoch.
        Returns:
          what was seen, in words, when a collapse has become certain; None before and after.
        """
        certain = None
        for number, (is_present, (least_epochs, least_steps), words) in enumerate(self._signs(step, health, losses)):
            if not is_present:
                self._since.pop(number, None)
                continue
            first, epochs = self._since.get(number, (step, 0))
            self._since[number] = first, epochs + 1
            if epochs + 1 >= least_epochs and step - first >= least_steps:
                certain = certain or tr("has collapsed, for {epochs} epochs now: {signs}").format(
                    epochs=epochs + 1, signs=words
                )
        if certain is None or self.saw is not None:
            return None
        self.saw = certain
        return certain

    def _signs(self, step: int, health: Health, losses: Tuple[float, float]) -> List[Tuple[bool, Tuple[int, int], str]]:
        """Returns (whether it is present, the epochs and steps it has to last, what it is in words) of each sign."""
        d_loss, g_loss = losses
        if self._is_penalised:  # what is added to D's loss does not say how sure D is
            d_loss = _cross_entropy(health.d_real, 1 - self._smoothing) + _cross_entropy(health.d_fake, 0)
        d_loss -= self._least_d_loss
        if self._is_saturating:  # its loss is near 0 where D has won; the other one is about this
            g_loss = -np.log(max(health.d_fake, 1e-30))
        spread, largest = health.spread, max(self._largest_spread, health.spread)
        self._largest_spread = largest
        numbers = (
            f"D loss {losses[0]:.2g}, G loss {g_loss:.3g}, "
            f"mean D(x) {health.d_real:.4f}, mean D(G(z)) {health.d_fake:.1g}"
        )
        apart = tr("generated images are {spread:.2f} times as far apart as real ones").format(spread=spread)
        lost = tr("{apart}, they were {largest:.2f}").format(apart=apart, largest=largest)
        return [
            (d_loss < WON_D_LOSS and g_loss > WON_G_LOSS, LASTING, tr("D has won: {numbers}").format(numbers=numbers)),
            (largest > LEARNED_SPREAD and spread < LOST_SHARE * largest, LASTING, lost),
            (step >= LATE_STEPS and spread < LATE_SPREAD, LASTING, apart),
            (g_loss > STUCK_G_LOSS, STUCK_LASTING, tr("G cannot follow D: {numbers}").format(numbers=numbers)),
        ]


def is_penalised(settings: options.Settings) -> bool:
    """Whether D's loss has more in it than what D makes of real and of generated images."""
    return bool(settings.gradient_penalty or settings.weight_of_mismatched_labels)


def _cross_entropy(score: float, label: float) -> float:
    """Returns the cross entropy of a score in 0..1 against a label in 0..1, nats."""
    score = min(max(score, 1e-30), 1 - 1e-16)
    return float(-label * np.log(score) - (1 - label) * np.log1p(-score))


def mean_losses(losses: np.ndarray, end: int, per_epoch: int) -> Tuple[float, float]:
    """Returns D's and G's mean loss, whatever their signs, of the epoch that ends at a step.

    Args:
      losses: float [2, steps]. end, per_epoch: training steps.
    """
    d_loss, g_loss = np.abs(losses[:, end - per_epoch : end]).mean(1)
    return d_loss, g_loss


def replayed(
    watch: CollapseWatch, rows: np.ndarray, losses: np.ndarray, config: Mapping[str, Any]
) -> Iterator[Tuple[int, str]]:
    """Shows a watch the epochs that a run has on its disk; yields (epoch, what was seen).

    After a change of its settings a run is given time anew, so what was before is not shown; nor is what
    a run that goes on has added since its losses were read.

    Args:
      rows: float [n, 5], health.csv's. losses: float [2, steps]. config: what config.json holds.
    """
    changed = max([change["step"] for change in config["changes"]] or [0])
    for row in rows:
        step, epoch = int(row[0]), int(row[1])
        if changed < step <= losses.shape[1]:
            saw = watch.look(step, Health(*row[2:]), mean_losses(losses, step, config["steps_per_epoch"]))
            if saw is not None:
                yield epoch, saw


def remedy(settings: options.Settings) -> str:
    """Returns what a run with these settings that has collapsed should be given."""
    if settings.label_smoothing or is_penalised(settings):
        return tr("--restart with another --seed, sometimes")
    return tr("--restart {options}; sometimes another --seed").format(options=REMEDY)
