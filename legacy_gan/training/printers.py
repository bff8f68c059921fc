"""What each text prints and draws while its model trains."""

import importlib
import os
import re
import time
from typing import Callable, List, Optional, Sequence, Type, TypeVar

import numpy as np

from legacy_gan import console, options, registry
from legacy_gan.data.dataset import Datasets
from legacy_gan.images import pictures, sampling
from legacy_gan.tf1 import tf
from legacy_gan.training import averages
from legacy_gan.training.batches import Batches
from legacy_gan.training.listeners import EpochEnd, Listener, Steps
from legacy_gan.training.model_graph import ModelGraph

SAMPLE_SIZE = 10  # digits in a strip


class Printer(Listener):
    """Prints and draws what a text prints and draws while its model trains; every text has its own way.

    Args:
      model_graph: the model, built.
      run: the options of the training.
      mnist: the data, labels one-hot.
      batches: what the training draws; the book draws noise for its pictures from it.
      samples_dir: path of the folder for the pictures.
      drew: called with the path of every picture made.
    """

    def __init__(
        self,
        model_graph: ModelGraph,
        run: options.Run,
        mnist: Datasets,
        batches: Batches,
        samples_dir: str,
        drew: Callable[[str], None],
    ) -> None:
        self._model_graph, self._run, self._mnist, self._batches = model_graph, run, mnist, batches
        self._gan, self._settings, self._module = model_graph.gan, model_graph.settings, model_graph.module
        self._samples_dir, self._drew = samples_dir, drew

    def end_epoch(self, end: EpochEnd) -> None:
        with averages.in_use(end.session, self._gan):
            self.show(end)

    def show(self, end: EpochEnd) -> None:
        """Tells of an epoch that is over and draws its picture, with the weights that images are made with."""

    @classmethod
    def animate(cls, model: str, made: Sequence[str], samples_dir: str) -> Optional[str]:
        """Writes the animation that a text makes from the pictures of its epochs.

        Args:
          model: its name. made: paths of the run's pictures.
          samples_dir: path of the folder for the pictures.
        Returns:
          its path; None where there are no pictures of epochs, or the text makes no animation.
        """
        return None

    def _is_due(self, end: EpochEnd) -> bool:
        """Whether this epoch has a picture."""
        return end.epoch == 0 or (end.epoch + 1) % self._run.sample_every == 0 or end.is_last

    def _path(self, name: str) -> str:
        return os.path.join(self._samples_dir, name)

    def _noise(self, count: int, *stream: int) -> np.ndarray:
        """Returns noise from a side stream, so that looking never changes the training."""
        rng = np.random.RandomState([self._settings.seed, 2] + list(stream))
        noise: np.ndarray = self._module.get_noise(count, self._settings.noise, rng)
        return noise

    def _images(self, session: tf.Session, noise: np.ndarray, labels: Optional[np.ndarray] = None) -> np.ndarray:
        return sampling.images(session, self._gan, noise, labels)


def of_model(model: registry.Model) -> Type[Printer]:
    """Returns the class that prints and draws for a model."""
    place, _, name = model.printer.rpartition(".")
    found: Type[Printer] = getattr(importlib.import_module(place), name)
    return found


class Book(Printer):
    """A line an epoch, and at epochs 0, 9, 19, ... a strip of ten digits."""

    def show(self, end: EpochEnd) -> None:
        console.say(
            " ".join(
                [
                    "Epoch:",
                    f"{end.epoch:04d}",
                    f"D loss: {float(end.d_losses[-1]):.4}",
                    f"G loss: {float(end.g_losses[-1]):.4}",
                ]
            )
        )
        # The listing draws this noise from the training's stream at epochs 0, 9, 19, ...: it is
        # drawn whether or not a picture is made.
        if end.epoch == 0 or (end.epoch + 1) % 10 == 0:
            noise = self._batches.noise(SAMPLE_SIZE)
        else:
            noise = self._noise(SAMPLE_SIZE, end.epoch)
        if self._is_due(end):
            path = self._path(f"{str(end.epoch).zfill(3)}.png")
            pictures.save_strip(path, self._strip(end.session, noise))
            self._drew(path)

    def _strip(self, session: tf.Session, noise: np.ndarray) -> np.ndarray:
        """Returns the rows of a strip, float32 [1 or 2, 10, 784], as the listing composes them."""
        if self._gan.labels is None:
            return self._images(session, noise)[None]
        test = self._mnist.test
        shown = np.arange(SAMPLE_SIZE) % test.num_examples
        if self._run.digit is not None:
            of_digit = np.flatnonzero(test.labels.argmax(1) == self._run.digit)
            shown = np.resize(of_digit, SAMPLE_SIZE)
        return np.stack([test.images[shown], self._images(session, noise, test.labels[shown])])

    def end(self) -> None:
        console.close()


class Vanilla(Printer):
    """A line every 200 steps; the real images once, and a grid of generated ones every epoch.

    The names and the layout of the pictures, eight in a row with two pixels between them, are those of
    the PyTorch tutorial's save_image.
    """

    EVERY, COUNT = 200, 100  # steps; images of a grid

    def steps(self, steps: Steps) -> None:
        # The tutorial counts epochs from 0 (erratum 109) and its steps from 1.
        for i, values in enumerate(zip(steps.d_losses, steps.g_losses, steps.d_real, steps.d_fake), steps.place):
            if (i + 1) % self.EVERY == 0:
                console.say(
                    "Epoch [{}/{}], Step [{}/{}], d_loss: {:.4f}, g_loss: {:.4f}, D(x): {:.2f}, D(G(z)): {:.2f}".format(
                        steps.epoch, self._run.epochs, i + 1, self._batches.steps_per_epoch, *values
                    )
                )

    def show(self, end: EpochEnd) -> None:
        if end.epoch == 0:
            self._save("real_images.png", self._mnist.train.originals()[0][: self.COUNT])
        if self._is_due(end):
            generated = self._images(end.session, self._noise(self.COUNT, end.epoch))
            self._save(f"fake_images-{end.epoch + 1}.png", generated)

    def _save(self, name: str, images: np.ndarray) -> None:  # Erratum 108
        pictures.save_grid(self._path(name), images, columns=8)
        self._drew(self._path(name))


class Seminar(Printer):
    """A line an epoch with its mean losses, and a grid of the same 64 noises."""

    COUNT = 64

    def show(self, end: EpochEnd) -> None:
        console.say(
            "Epoch [{}/{}] loss_d: {:.4f}, loss_g: {:.4f}".format(
                end.epoch + 1, self._run.epochs, *[float(part.mean()) for part in (end.d_losses, end.g_losses)]
            )
        )
        if self._is_due(end):
            path = self._path(f"epoch_{end.epoch + 1:03d}.png")
            pictures.save_grid(path, self._images(end.session, self._noise(self.COUNT)), columns=8)
            self._drew(path)


class Tutorial(Printer):
    """A grid every epoch from the same noise, how long it took, and in the end all of them as a GIF.

    The grid is 4x4, or for a conditional model 10x10: a digit a row, the same noise in a column.
    """

    SIDE = 4

    def show(self, end: EpochEnd) -> None:
        if self._is_due(end):
            path = self._path(f"image_at_epoch_{end.epoch + 1:04d}.png")  # Erratum 64
            if self._gan.labels is None:
                generated = self._images(end.session, self._noise(self.SIDE**2))
                pictures.save_squares(path, generated.reshape(self.SIDE, self.SIDE, -1))
            else:
                pictures.save_grid(
                    path, self._images(end.session, *sampling.digit_by_digit(self._noise(10))), columns=10
                )
            self._drew(path)
        # What is left of an epoch that was begun before tells nothing of an epoch.
        if self._is_from_its_begin:
            console.say(f"Time for epoch {end.epoch + 1} is {time.time() - self._began:.2f} sec")

    def begin_epoch(self, epoch: int, done: int) -> None:
        self._began, self._is_from_its_begin = time.time(), done == 0

    def finish(self, made: List[str]) -> None:
        path = self.animate(self._model_graph.model, made, self._samples_dir)
        if path is not None:
            self._drew(path)

    @classmethod
    def animate(cls, model: str, made: Sequence[str], samples_dir: str) -> Optional[str]:
        numbers = {}
        for path in made:
            match = re.search(r"image_at_epoch_(\d+)\.png$", path)
            if match and pictures.is_whole(path):
                numbers[int(match.group(1))] = path
        if not numbers:
            return None
        path = os.path.join(samples_dir, f"{model}.gif")
        frames = thinned([numbers[n] for n in sorted(numbers)])
        pictures.save_gif(path, frames)  # Erratum 70
        return path


_Frame = TypeVar("_Frame")


def thinned(frames: Sequence[_Frame]) -> List[_Frame]:
    """Returns the frames that the tutorial's GIF shows: ever fewer of the later ones, the last twice.

    Errata 67 to 69. Frame i is shown if round(2 sqrt(i)) is more than it was at the last one shown.
    """
    shown, last = [], -1.0
    for i, frame in enumerate(frames):
        if round(2 * i**0.5) > round(last):
            last = 2 * i**0.5
            shown.append(frame)
    return shown + [frames[-1]]
