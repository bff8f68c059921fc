"""Images from a model in a session, and the noise that they are made from."""

import os

import numpy as np

from legacy_gan.errors import UserError
from legacy_gan.images import pictures
from legacy_gan.tf1 import tf
from legacy_gan.tf1.backend.session import gpus

AT_A_TIME = 100  # images


def device(choice):
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


def images(session, gan, noise, labels=None):
    """Returns generated images, float32 [n, 784] in 0..1.

    Args:
      noise: float [n, noise].
      labels: float [n, 10] one-hot, for a conditional model.
    """
    feeds = {gan.sample_noise: noise}
    if gan.sample_labels is not None:
        feeds[gan.sample_labels] = labels
    return gan.denormalize(session.run(gan.sample, feeds))


def in_portions(session, gan, noise, labels=None):
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


def _filled(rows):
    """Returns AT_A_TIME rows, with zeros after those given."""
    rows = np.asarray(rows, np.float32)
    return np.concatenate([rows, np.zeros((AT_A_TIME - len(rows),) + rows.shape[1:], np.float32)])


def draw(session, model_graph, labels, count):
    """Returns `count` images of a model, float32 [count, 784]; image i is the same for any count.

    The noise comes from a stream of the seed's own, so drawing changes nothing else.

    Args:
      model_graph: legacy_gan.training.model_graph.ModelGraph.
      labels: list of int from 0 to 9, the digit of each image, for a conditional model; None for
        any other.
    """
    noise = noise_of(model_graph, count)
    return in_portions(session, model_graph.gan, noise, None if labels is None else np.eye(10)[labels])


def noise_of(model_graph, count):
    """Returns noise for `count` images, float64 [count, noise]; row i is the same for any count."""
    rng = np.random.RandomState([model_graph.settings.seed, 3])
    return model_graph.module.get_noise(count, model_graph.settings.noise, rng)


def draw_strip(session, model_graph, digit, samples_dir):
    """Writes a strip of ten; returns its path.

    `digit_<digit>.png` shows the digit asked for; for None, `generated.png` shows what the model
    makes, in a conditional model's case 0 to 9.
    """
    name = "generated.png" if digit is None else f"digit_{digit}.png"
    path = os.path.join(samples_dir, name)
    labels = list(range(10)) if digit is None else [digit] * 10
    rows = draw(session, model_graph, None if model_graph.gan.labels is None else labels, 10)
    pictures.save_strip(path, rows[None], "viridis" if model_graph.record.is_books else "gray")
    return path


def digit_by_digit(noise):
    """Returns (noise, one-hot labels) of a grid with a digit a row and the same noise in a column.

    Args:
      noise: float [columns, n_noise].
    """
    labels = np.repeat(np.arange(10), len(noise))
    return np.tile(noise, (10, 1)), np.eye(10)[labels]
