"""legacy_gan: the TensorFlow 1 GANs people learned from, corrected, on every TensorFlow since 1.15.

    import legacy_gan
    run = legacy_gan.train("conditional", epochs=20, run_dir="runs/demo", samples_dir="demo")
    images = legacy_gan.generate("runs/demo", digit=5, count=10)

Importing the package is quick: TensorFlow is loaded by the first call that needs it.
"""

from typing import TYPE_CHECKING, Any, Callable, Optional, Union

from legacy_gan.version import __version__

if TYPE_CHECKING:
    import os

    import numpy as np

    from legacy_gan.training.on_epoch import Epoch
    from legacy_gan.training.result import TrainingResult

__all__ = ["__version__", "generate", "train"]


def train(model: str, *, on_epoch: "Optional[Callable[[Epoch], Any]]" = None, **options: Any) -> "TrainingResult":
    """Trains a model and returns its run; see `legacy_gan.training.execute.train`."""
    from legacy_gan.training import execute

    return execute.train(model, on_epoch=on_epoch, **options)


def generate(
    run_dir: "Union[str, os.PathLike[str]]", digit: Optional[int] = None, count: int = 10, seed: Optional[int] = None
) -> "np.ndarray":
    """Returns images of a trained run; see `legacy_gan.images.generate.generate`."""
    from legacy_gan.images import generate

    return generate.generate(run_dir, digit=digit, count=count, seed=seed)
