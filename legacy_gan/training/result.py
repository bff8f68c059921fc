"""What a training command returns to Python."""

import os
from typing import List, NamedTuple

import numpy as np

from legacy_gan.images import inline


class TrainingResult(NamedTuple):
    """A run that has reached its target; a notebook shows its last picture and its curves.

    run_dir: its folder. steps: training steps, in all.
    d_loss, g_loss: float32 [steps], with the listing's signs, nats.
    pictures: the paths that the run's training wrote or, for a run that was complete before, that this
      command wrote.
    """

    run_dir: str
    steps: int
    d_loss: np.ndarray
    g_loss: np.ndarray
    pictures: List[str]

    def _repr_html_(self) -> str:
        """Returns what a notebook shows of the run."""
        last = [path for path in self.pictures if path.endswith(".png") and os.path.isfile(path)][-1:]
        png = b""
        for path in last:
            with open(path, "rb") as f:
                png = f.read()
        facts = [("steps", str(self.steps))]
        if self.steps:
            facts += [("D loss", f"{self.d_loss[-1]:.4g}"), ("G loss", f"{self.g_loss[-1]:.4g}")]
        return inline.page(self.run_dir, facts, png, self.d_loss, self.g_loss)
