"""Tells a function of the user's of every epoch: legacy_gan.train(..., on_epoch=function)."""

import io
from typing import TYPE_CHECKING, Any, Callable, NamedTuple

import numpy as np

from legacy_gan.errors import UserError
from legacy_gan.images import inline, pictures, sampling
from legacy_gan.training import averages
from legacy_gan.training.listeners import EpochEnd, Health, Listener
from legacy_gan.translation import tr

if TYPE_CHECKING:
    from legacy_gan.training.model_graph import ModelGraph

COUNT = 10  # images


class Epoch(NamedTuple):
    """An epoch that is over; a notebook shows its images and the curves so far.

    model: its name. epoch: from 0. step: training steps so far. steps: those of the target.
    d_loss, g_loss: float32 [step], with the listing's signs, nats.
    health: mean D(x), mean D(G(z)), spread.
    images: float32 [10, 784] in 0..1, of the same noise after every epoch; of a conditional model the digits 0 to 9.
    """

    model: str
    epoch: int
    step: int
    steps: int
    d_loss: np.ndarray
    g_loss: np.ndarray
    health: Health
    images: np.ndarray

    def _repr_html_(self) -> str:
        """Returns what a notebook shows of the epoch."""
        with io.BytesIO() as f:
            pictures.write_grid(f, self.images, COUNT)
            png = f.getvalue()
        facts = [
            ("step", f"{self.step} / {self.steps}"),
            ("D(x)", f"{self.health.d_real:.2f}"),
            ("D(G(z))", f"{self.health.d_fake:.2f}"),
        ]
        return inline.page(f"{self.model}, epoch {self.epoch}", facts, png, self.d_loss, self.g_loss)


class OnEpoch(Listener):
    """Calls a function with an Epoch after every whole epoch.

    Nothing is drawn from the training's random stream, so looking never changes a run. What the function raises ends
    the training.

    Args:
      function: takes an Epoch; what it returns is not looked at.
      model_graph: the model. steps: training steps of the target.
    """

    def __init__(self, function: Callable[[Epoch], Any], model_graph: "ModelGraph", steps: int) -> None:
        self._function, self._model_graph, self._steps = function, model_graph, steps

    def health(self, end: EpochEnd, health: Health) -> None:
        labels = None if self._model_graph.gan.labels is None else range(COUNT)
        with averages.in_use(end.session, self._model_graph.gan):
            images = sampling.draw(end.session, self._model_graph, labels, COUNT)
        d_loss, g_loss = end.losses.copy()
        epoch = Epoch(self._model_graph.model, end.epoch, end.step, self._steps, d_loss, g_loss, health, images)
        try:
            self._function(epoch)
        except OSError as e:  # the training would take it for a full disk
            raise UserError(tr("on_epoch ended the training: {error}").format(error=f"{type(e).__name__}: {e}")) from e
