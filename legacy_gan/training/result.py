"""What a training command returns to Python."""

from typing import List, NamedTuple

import numpy as np


class TrainingResult(NamedTuple):
    """A run that has reached its target.

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
