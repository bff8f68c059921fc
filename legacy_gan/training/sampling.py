"""Images from a trained model: the noise of the strips, and runs opened again to draw from."""

import importlib
import os

import numpy as np

from legacy_gan import gan as contract, options, pictures
from legacy_gan.errors import UserError
from legacy_gan.tf1 import gpus, session as open_session, tf
from legacy_gan.training import rundir, weights


def module_of(model):
    """Returns the module of legacy_gan.models that has this name."""
    return importlib.import_module("legacy_gan.models." + model)


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


def draw(session, gan, module, settings, digit, count):
    """Returns `count` images of a model, float32 [count, 784]; image i is the same for any count.

    The noise comes from a stream of the seed's own, so drawing changes nothing else.

    Args:
      digit: int from 0 to 9 for a conditional model, None for any other.
    """
    rng = np.random.RandomState([settings.seed, 3])
    noise = module.get_noise(count, settings.noise, rng)
    labels = None if digit is None else np.eye(10)[[digit] * count]
    return images(session, gan, noise, labels)


def draw_digit(session, gan, module, settings, digit, samples_dir):
    """Writes `digit_<digit>.png`, a strip of ten; returns its path."""
    path = os.path.join(samples_dir, "digit_{}.png".format(digit))
    pictures.save_strip(path, draw(session, gan, module, settings, digit, 10)[None])
    return path


class Restored(object):
    """The model of a complete run, open until the `with` block ends.

    Args:
      directory: legacy_gan.training.rundir.RunDirectory.
      config: what its config() returned.
      wanted_device: "auto", "cpu" or "gpu".
    Raises:
      UserError: if the model cannot be read.
    """

    def __init__(self, directory, config, wanted_device="auto"):
        self.settings = options.SETTINGS[config["model"]](**config["settings"])
        self.module = module_of(config["model"])
        use_gpu = device(wanted_device) != "cpu"
        graph = tf.Graph()
        with graph.as_default():
            self.gan = contract.build(self.module, self.settings)
        variables = self.gan.model_vars
        arrays = weights.load(
            directory.file(rundir.CHECKPOINT), variables, "{} (--restart trains anew)"
        )
        self._session = open_session(graph, use_gpu=use_gpu)
        weights.assign(self._session, variables, arrays)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self._session.close()

    def draw(self, digit, count):
        """See `draw` of this module."""
        return draw(self._session, self.gan, self.module, self.settings, digit, count)

    def draw_digit(self, digit, samples_dir):
        """See `draw_digit` of this module."""
        return draw_digit(
            self._session, self.gan, self.module, self.settings, digit, samples_dir
        )

    def save_weights(self, path):
        """Writes the model's variables to an .npz."""
        weights.save_npz(path, weights.fetch(self._session, self.gan.model_vars))

    def fingerprint_of(self, path):
        """Returns the fingerprint of a file of weights for this model."""
        return weights.fingerprint(weights.load(path, self.gan.model_vars))


def generate(run_dir, digit=None, count=10):
    """Generates images with the model of a complete run; no data set is needed.

    Args:
      run_dir: path of the run's folder.
      digit: int from 0 to 9, for a conditional model only.
      count: int, how many.
    Returns:
      float32 [count, 784] in 0..1; the first images are the same for any count.
    Raises:
      UserError: if there is no complete run, or a digit is missing or not taken.
    """
    directory = rundir.RunDirectory(os.fspath(run_dir))
    config = directory.config()
    if config is None or not config.get("completed"):
        raise UserError("{}: expected a complete run, found none; train it first".format(run_dir))
    conditional = config["model"] == "conditional"
    if conditional and (type(digit) is not int or digit not in range(10)):
        raise UserError("digit must be from 0 to 9, got {!r}".format(digit))
    if not conditional and digit is not None:
        raise UserError("{} takes no digit, got {!r}".format(config["model"], digit))
    if type(count) is not int or count < 1:
        raise UserError("count must be a whole number above 0, got {!r}".format(count))
    with Restored(directory, config) as restored:
        return restored.draw(digit, count)
