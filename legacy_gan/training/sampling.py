"""Images from a trained model: the noise of the strips, and runs opened again to draw from."""

import os

import numpy as np

from legacy_gan import options, pictures
from legacy_gan.errors import UserError
from legacy_gan.tf1 import gpus, session as open_session, tf
from legacy_gan.training import checkpoints, rundir, weights
from legacy_gan.training.built import Built


def device(wanted):
    """Returns "cpu" or the name of the GPU that `wanted` ("auto", "cpu", "gpu") comes to.

    Raises:
      UserError: for "gpu" where TensorFlow sees none.
    """
    found = [] if wanted == "cpu" else gpus()
    if wanted == "gpu" and not found:
        raise UserError(
            "--device gpu: TensorFlow {} sees no GPU on this machine; use --device cpu, or install "
            "a TensorFlow with CUDA (pip install tensorflow[and-cuda])".format(tf.version.VERSION)
        )
    return found[0] if found else "cpu"


def images(session, gan, noise, labels=None):
    """Returns generated images, float32 [n, 784].

    Args:
      noise: float [n, noise].
      labels: float [n, 10] one-hot, for a conditional model.
    """
    feeds = {gan.sample_noise: noise}
    if gan.sample_labels is not None:
        feeds[gan.sample_labels] = labels
    return session.run(gan.sample, feeds)


def draw(session, gan, module, settings, labels, count):
    """Returns `count` images of a model, float32 [count, 784]; image i is the same for any count.

    The noise comes from a stream of the seed's own, so drawing changes nothing else.

    Args:
      labels: list of int from 0 to 9, the digit of each image, for a conditional model; None for
        any other.
    """
    rng = np.random.RandomState([settings.seed, 3])
    noise = module.get_noise(count, settings.noise, rng)
    return images(session, gan, noise, None if labels is None else np.eye(10)[labels])


def draw_strip(session, gan, module, settings, digit, samples_dir):
    """Writes a strip of ten; returns its path.

    `digit_<digit>.png` shows the digit asked for; for None, `generated.png` shows what the model
    makes, in a conditional model's case 0 to 9.
    """
    name = "generated.png" if digit is None else "digit_{}.png".format(digit)
    path = os.path.join(samples_dir, name)
    labels = list(range(10)) if digit is None else [digit] * 10
    rows = draw(session, gan, module, settings, None if gan.labels is None else labels, 10)
    pictures.save_strip(path, rows[None])
    return path


class Restored(object):
    """A run's model as its newest whole checkpoint has it, open until the `with` block ends.

    Args:
      built: legacy_gan.training.built.Built.
      checkpoint: legacy_gan.training.checkpoints.Checkpoint of it.
      wanted_device: "auto", "cpu" or "gpu".
    """

    def __init__(self, built, checkpoint, wanted_device="auto"):
        self.settings, self.module, self.gan = built.settings, built.module, built.gan
        self._session = open_session(built.graph, use_gpu=device(wanted_device) != "cpu")
        weights.assign(self._session, self.gan.named_vars, checkpoint.arrays)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self._session.close()

    def draw(self, labels, count):
        """See `draw` of this module."""
        return draw(self._session, self.gan, self.module, self.settings, labels, count)

    def draw_strip(self, digit, samples_dir):
        """See `draw_strip` of this module."""
        return draw_strip(
            self._session, self.gan, self.module, self.settings, digit, samples_dir
        )

    def save_weights(self, path):
        """Writes the model's variables to an .npz."""
        weights.save_npz(path, weights.fetch(self._session, self.gan.named_vars))


def generate(run_dir, digit=None, count=10):
    """Generates images with a run's newest checkpoint; no data set is needed.

    Args:
      run_dir: path of the run's folder; the run may be unfinished.
      digit: int from 0 to 9, for a conditional model only.
      count: int, how many.
    Returns:
      float32 [count, 784] in 0..1; the first images are the same for any count.
    Raises:
      UserError: if there is no run with a checkpoint, or a digit is missing or not taken.
    """
    directory = rundir.RunDirectory(os.fspath(run_dir))
    config = directory.config()
    if config is None:
        raise UserError("{}: expected a run, found none; train it first".format(run_dir))
    conditional = config["model"] == "conditional"
    if conditional and (type(digit) is not int or digit not in range(10)):
        raise UserError("digit must be from 0 to 9, got {!r}".format(digit))
    if not conditional and digit is not None:
        raise UserError("{} takes no digit, got {!r}".format(config["model"], digit))
    if type(count) is not int or count < 1:
        raise UserError("count must be a whole number above 0, got {!r}".format(count))
    model = Built(config["model"], options.SETTINGS[config["model"]](**config["settings"]))
    checkpoint = checkpoints.newest(directory, model.kept)
    if checkpoint is None:
        raise UserError("{}: expected a checkpoint, found none; train it first".format(run_dir))
    with Restored(model, checkpoint) as restored:
        return restored.draw(None if digit is None else [digit] * count, count)
