"""Images from a model in a session, and the noise that they are made from."""

import os
import types
from typing import TYPE_CHECKING, Dict, List, Optional, Sequence, Tuple

import numpy as np

from legacy_gan import options, registry
from legacy_gan.errors import UserError
from legacy_gan.gan import GAN
from legacy_gan.images import pictures
from legacy_gan.tf1 import tf
from legacy_gan.tf1.backend.session import gpus

if TYPE_CHECKING:
    from typing import Protocol

    class Model(Protocol):
        """What is needed of legacy_gan.training.model_graph.ModelGraph to draw from it."""

        gan: GAN
        module: types.ModuleType
        settings: options.Settings
        record: registry.Model


AT_A_TIME = 100  # images


def device(choice: str) -> str:
    """Returns "cpu" or the name of the GPU that `choice` ("auto", "cpu", "gpu") comes to.

    Raises:
      UserError: for "gpu" where TensorFlow sees none.
    """
    found = [] if choice == "cpu" else gpus()
    if choice == "gpu" and not found:
        raise UserError(
            f"--device gpu: TensorFlow {tf.version.VERSION} sees no GPU on this machine; use --device cpu, or install "
            "a TensorFlow with CUDA (pip install tensorflow[and-cuda])"
        )
    return found[0] if found else "cpu"


def images(session: tf.Session, gan: GAN, noise: np.ndarray, labels: Optional[np.ndarray] = None) -> np.ndarray:
    """Returns generated images, float32 [n, 784] in 0..1.

    Args:
      noise: float [n, noise].
      labels: float [n, 10] one-hot, for a conditional model.
    """
    feeds: Dict[tf.Tensor, Optional[np.ndarray]] = {gan.sample_noise: noise}
    if gan.sample_labels is not None:
        feeds[gan.sample_labels] = labels
    return gan.denormalize(session.run(gan.sample, feeds))


def in_portions(session: tf.Session, gan: GAN, noise: np.ndarray, labels: Optional[np.ndarray] = None) -> np.ndarray:
    """As `images`, and image i is the same to the bit for any number of others.

    They are made AT_A_TIME, always, because the kernels for other numbers round otherwise.
    """
    made = []
    for start in range(0, len(noise), AT_A_TIME):
        end = start + AT_A_TIME
        portion = images(
            session, gan, _filled(noise[start:end]), None if labels is None else _filled(labels[start:end])
        )
        made.append(portion[: len(noise) - start])
    return np.concatenate(made)


def _filled(rows: np.ndarray) -> np.ndarray:
    """Returns AT_A_TIME rows, with zeros after those given."""
    rows = np.asarray(rows, np.float32)
    return np.concatenate([rows, np.zeros((AT_A_TIME - len(rows),) + rows.shape[1:], np.float32)])


def draw(session: tf.Session, model_graph: "Model", labels: Optional[Sequence[int]], count: int) -> np.ndarray:
    """Returns `count` images of a model, float32 [count, 784]; image i is the same for any count.

    The noise comes from a stream of the seed's own, so drawing changes nothing else.

    Args:
      model_graph: the model, whose variables have their values.
      labels: the digit of each image, from 0 to 9, for a conditional model; None for any other.
    """
    noise = noise_of(model_graph, count)
    return in_portions(session, model_graph.gan, noise, None if labels is None else np.eye(10)[list(labels)])


def noise_of(model_graph: "Model", count: int) -> np.ndarray:
    """Returns noise for `count` images, float64 [count, noise]; row i is the same for any count."""
    rng = np.random.RandomState([model_graph.settings.seed, 3])
    noise: np.ndarray = model_graph.module.get_noise(count, model_graph.settings.noise, rng)
    return noise


def draw_strip(session: tf.Session, model_graph: "Model", digit: Optional[int], samples_dir: str) -> str:
    """Writes a strip of ten; returns its path.

    `digit_<digit>.png` shows the digit asked for; for None, `generated.png` shows what the model
    makes, in a conditional model's case 0 to 9.
    """
    name = "generated.png" if digit is None else f"digit_{digit}.png"
    path = os.path.join(samples_dir, name)
    labels: List[int] = list(range(10)) if digit is None else [digit] * 10
    rows = draw(session, model_graph, None if model_graph.gan.labels is None else labels, 10)
    pictures.save_strip(path, rows[None], "viridis" if model_graph.record.is_books else "gray")
    return path


def digit_by_digit(noise: np.ndarray) -> Tuple[np.ndarray, np.ndarray]:
    """Returns (noise, one-hot labels) of a grid with a digit a row and the same noise in a column.

    Args:
      noise: float [columns, n_noise].
    """
    labels = np.repeat(np.arange(10), len(noise))
    return np.tile(noise, (10, 1)), np.eye(10)[labels]
