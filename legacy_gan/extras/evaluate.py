"""What `legacy-gan evaluate` does: a run's images, or those of a file, in numbers with standard errors."""

import collections
import json
import os

import numpy as np

from legacy_gan import console, files, input_data, options
from legacy_gan.errors import UserError
from legacy_gan.extras import judge as judges, metrics
from legacy_gan.training import generating, rundir

RESULT = "quality.json"  # in a run's folder
CLEAR = 0.9  # the probability of a digit from which on an image counts as clear
COVERED = 0.01  # the share of the images from which on a digit counts as made: a tenth of the even one
NEAR = 0.01  # the share of real test images that are nearer to a training image than "near"
KNOWN = 0.98  # the least that a judge should name rightly of the test images, else they are others

Images = collections.namedtuple("Images", ["pixels", "labels", "facts"])
Images.__doc__ = """Images to be evaluated.

pixels: uint8 [n, 784]. labels: int [n], the digit asked for, or None. facts: dict, where they are from.
"""


def evaluate(source, count=10000, seed=None, data_dir=None, judge=None, offline=False, device="auto"):
    """Measures generated images against real ones.

    Args:
      source: path of a run's folder, a model's name for runs/NAME, or path of an .npz with `images`,
        uint8 in 0..255 or float in 0..1, [n, 784] or [n, 28, 28], and perhaps `labels`, int [n].
      count: int, images to generate, or the most to take of a file.
      seed: int, of the noise; None for the run's.
      data_dir: path of the real images; None for the run's, or MNIST wherever it is found.
      judge: path of another judge's weights; None for the one that comes with the package.
      offline: bool; True opens no connection. device: "auto", "cpu" or "gpu", to generate on.
    Returns:
      dict, as RESULT holds it: `images`, `judge`, `data`, and `metrics` with for each
      `value`, `standard_error`, and `real`, the same of as many training images.
    Raises:
      UserError, input_data.DataError: for no such run, file, judge or data.
    """
    with judges.load(judge) as opened:
        name = opened.name
        images, recorded = _images(source, count, seed, device)
        data_dir = data_dir or recorded or options.Run.data_dir
        data = input_data.read_data_sets(data_dir, offline=offline, validation_size=0)
        test = judges.as_shown(data.test.images)
        if len(test) <= metrics.NEIGHBOURS:
            raise UserError("{}: expected more than {} test images, got {}".format(
                data.test.source, metrics.NEIGHBOURS, len(test)))
        right = opened.right(data.test.images, data.test.labels)
        against = _Against(
            metrics.Features(opened.look(test / 255.0)[1]), judges.as_shown(data.train.images), test)
        made = _Seen(opened, against, images.pixels, images.labels)
        chosen = np.random.RandomState([0, 7]).permutation(data.train.num_examples)[: len(images.pixels)]
        real = _Seen(opened, against, judges.as_shown(data.train.images[chosen]),
                     None if images.labels is None else data.train.labels[chosen], is_training=True)
    if right < KNOWN:
        console.note("{}: the judge knows MNIST's digits, and of these test images it names {:.1%} "
                     "rightly; what it says of them means little".format(data.test.source, right))
    values = made.measure()
    halves = [made.measure(half) for half in metrics.halves(len(images.pixels), 0)]
    as_real = dict(real.measure(), **against.of_test)
    return {
        "images": images.facts,
        "judge": {"name": name, "right": right},
        "data": {"source": data.test.source, "test_images": len(test),
                 "test_sha256": data.test.fingerprint(), "training_images": data.train.num_examples},
        "metrics": {
            metric: {"value": _plain(value), "standard_error": _error([half[metric] for half in halves]),
                     "real": _plain(as_real[metric])}
            for metric, value in values.items()
        },
    }


def write(source, wanted):
    """Evaluates, keeps the result in the run's folder, and returns what is to be printed (str).

    Args:
      source: as for `evaluate`. wanted: legacy_gan.options.Evaluation.
    """
    given = dict(vars(wanted))
    as_json = given.pop("json")
    result = evaluate(source, **given)
    if result["images"]["run"] is not None:
        _keep(result)
    return json.dumps(result, indent=1) if as_json else table(result)


def of_run(source, step, **given):
    """Returns a run's result, the one that is kept in its folder if it is of the same images and judge.

    Args:
      source: path of a run's folder. step: int, its newest checkpoint's. given: as for `evaluate`.
    """
    path = os.path.join(source, RESULT)
    with judges.load(given["judge"]) as judge:
        name = judge.name
    try:
        with open(path, encoding="utf-8") as f:
            kept = json.load(f)
        facts = kept["images"]
        same = (facts["step"], facts["count"], kept["judge"]["name"]) == (step, given["count"], name)
        if same and given["data_dir"] is None and rows(kept):
            return kept
    except (OSError, ValueError, KeyError, TypeError):
        pass  # there is none that can be used
    result = evaluate(source, **given)
    _keep(result)
    return result


def _keep(result):
    """Writes a run's result into its folder."""
    path = os.path.join(result["images"]["run"], RESULT)
    with files.replacing(path, ".json") as temporary, open(temporary, "w", encoding="utf-8") as f:
        json.dump(result, f, indent=1)


# What the images are


def _images(source, count, seed, device):
    """Returns (Images, the folder of the run's data or None)."""
    if os.fspath(source).endswith(".npz"):
        return _of_file(os.fspath(source), count), None
    path = generating.path_of(source)
    with generating.opened(source, device, seed) as run:
        labels = np.arange(count) % 10 if run.conditional else None
        images = run.draw(None if labels is None else list(labels), count)
        facts = {"run": path, "model": run.model, "step": run.step, "seed": run.seed, "count": count}
    data = rundir.RunDirectory(path).config()["data"]
    return Images(judges.as_shown(images), labels, facts), data["dir"]


def _of_file(path, count):
    try:
        with open(path, "rb") as f, np.load(f, allow_pickle=False) as npz:
            images = npz["images"]
            labels = npz["labels"] if "labels" in npz.files else None
        images = images.reshape(len(images), -1)
        if images.shape[1] != 784:
            raise ValueError("images of {} pixels instead of 28x28".format(images.shape[1]))
        if images.dtype != np.uint8:
            if images.dtype.kind != "f" or not ((images >= 0) & (images <= 1)).all():
                raise ValueError("images that are neither uint8 nor float in 0..1")
            images = judges.as_shown(images)
        if labels is not None:
            if labels.shape == (len(images), 10):
                labels = labels.argmax(1)
            if labels.shape != (len(images),) or not np.isin(labels, np.arange(10)).all():
                raise ValueError("labels that are not a digit for each image")
        if len(images) < 4 * metrics.NEIGHBOURS:
            raise ValueError("{} images instead of {} or more".format(len(images), 4 * metrics.NEIGHBOURS))
    except Exception as e:  # zipfile, zlib and NumPy raise a dozen types for a broken file
        raise UserError("{}: expected a run or an .npz with images, cannot use it: {}".format(
            path, getattr(e, "strerror", None) or e)) from None
    facts = {"run": None, "file": path, "count": len(images[:count])}
    return Images(images[:count], None if labels is None else labels[:count].astype(np.int64), facts)


# What is measured


class _Against(object):
    """The real images that others are compared with.

    Args:
      features: metrics.Features of the test images.
      training: uint8 [n, 784]. test: uint8 [m, 784].
    """

    def __init__(self, features, training, test):
        self.features, self._training = features, training / np.float32(255)
        distances = self.to_training(test)
        self.near = np.quantile(distances, NEAR)
        self.of_test = {"to_training": distances.mean(), "near_copies": (distances < self.near).mean()}

    def to_training(self, pixels):
        """Returns the distance of images (uint8 [n, 784]) to their nearest training images, float [n]."""
        return metrics.to_nearest(pixels / np.float32(255), self._training)


class _Seen(object):
    """A set of images as the judge sees them.

    Args:
      judge: judges.Judge. against: _Against. pixels: uint8 [n, 784]. labels: int [n] or None.
      is_training: bool; training images are not compared with themselves.
    """

    def __init__(self, judge, against, pixels, labels, is_training=False):
        shares, vectors = judge.look(pixels / 255.0)
        self._against, self._labels = against, labels
        self._answers, self._confidence = shares.argmax(1), shares.max(1)
        self._features = metrics.Features(vectors)
        self._distances = None if is_training else against.to_training(pixels)

    def measure(self, chosen=None):
        """Returns each metric (float or list of float) of the images chosen, int [m], or of all."""
        features = self._features if chosen is None else self._features.part(chosen)
        chosen = slice(None) if chosen is None else chosen
        answers, confidence = self._answers[chosen], self._confidence[chosen]
        found = collections.OrderedDict()
        if self._labels is not None:
            right = answers == self._labels[chosen]
            found["right_digit"] = right.mean()
            found["right_digit_each"] = [
                _mean(right[self._labels[chosen] == digit]) for digit in range(10)]
        counts = np.bincount(answers, minlength=10)
        found["confidence"] = confidence.mean()
        found["clear"] = (confidence > CLEAR).mean()
        found["digits"] = list(counts / len(answers))
        found["covered_digits"] = int((counts >= COVERED * len(answers)).sum())
        found["kl_to_uniform"] = metrics.kl_to_uniform(counts)
        found["mnist_fd"] = metrics.frechet(self._against.features, features)
        found["kernel_distance"] = metrics.kernel_distance(self._against.features, features)
        found.update(metrics.neighbourhoods(self._against.features, features))
        if self._distances is not None:
            found["to_training"] = self._distances[chosen].mean()
            found["near_copies"] = (self._distances[chosen] < self._against.near).mean()
        return found


def _mean(values):
    """Returns the mean, NaN of nothing."""
    return values.mean() if len(values) else np.nan


def _error(values):
    """Returns the standard error of a metric (float or list) from its values on halves."""
    columns = np.transpose(np.array(values, np.float64))
    return _plain([metrics.standard_error(c) for c in columns] if columns.ndim > 1
                  else metrics.standard_error(columns))


def _plain(value):
    """Returns what JSON can hold: float, int, list of them, None for NaN."""
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, (int, np.integer)):
        return int(value)
    return None if np.isnan(value) else float(value)


# What is printed


_SHARE, _NUMBER = "share", "number"
ROWS = collections.OrderedDict([
    ("right_digit", ("the digit asked for", _SHARE, "images that the judge takes for the digit asked for")),
    ("right_digit_each", ("  asked for {}", _SHARE, "")),
    ("confidence", ("the judge's confidence", _SHARE, "mean probability that the judge gives its answer")),
    ("clear", ("clear, confidence above {:g} %".format(100 * CLEAR), _SHARE,
               "images that the judge is sure of")),
    ("digits", ("  taken for {}", _SHARE, "")),
    ("covered_digits", ("covered digits", "count", "digits that are at least 1 % of the images")),
    ("kl_to_uniform", ("KL to even digits, nats", _NUMBER,
                       "0 for as many of each digit, at most log 10 = 2.3")),
    ("mnist_fd", ("MNIST-FD", _NUMBER,
                  "squared Frechet distance of the judge's features; less is better, of few images it is "
                  "too large, and it is no FID")),
    ("kernel_distance", ("kernel distance", _NUMBER,
                         "squared maximum mean discrepancy of the features; 0 on average for real images")),
    ("precision", ("precision", _SHARE, "generated images within reach of a real one")),
    ("recall", ("recall", _SHARE, "real images within reach of a generated one")),
    ("density", ("density", _NUMBER, "how many real images' reach a generated one is in, by 5; real: 1")),
    ("coverage", ("coverage", _SHARE, "real images with a generated one in their reach")),
    ("to_training", ("distance to nearest training image", _NUMBER,
                     "mean Euclidean distance of pixels in 0..1; real: of test images")),
    ("near_copies", ("nearer than {:g} % of real ones are".format(100 - 100 * NEAR), _SHARE,
                     "images so near to a training image that they may be copies; real: of test images")),
])
"""What each metric is called, with {} for a digit, its kind, and what it means."""

Row = collections.namedtuple("Row", ["words", "value", "standard_error", "real", "meaning"])


def rows(result):
    """Returns what is to be shown of an `evaluate`'s result: a list of Row, of str."""
    found = []
    for metric, (words, kind, meaning) in ROWS.items():
        if metric in result["metrics"]:
            numbers = [result["metrics"][metric][part] for part in ("value", "standard_error", "real")]
            for n, row in enumerate(zip(*numbers) if isinstance(numbers[0], list) else [numbers]):
                found.append(Row(words.format(n), *[_shown(number, kind) for number in row], meaning))
    return found


def table(result):
    """Returns what is to be printed of an `evaluate`'s result (str)."""
    facts = result["images"]
    if facts["run"] is not None:
        what = "{run}: {count:,} images of step {step}, seed {seed}".format(**facts)
    else:
        what = "{file}: {count:,} images".format(**facts)
    lines = [
        "{}; beside {:,} test images, and as many training images, of {}".format(
            what, result["data"]["test_images"], result["data"]["source"]),
        "{name}, which names {right:.2%} of the test images rightly; other judges give other numbers".format(
            **result["judge"]),
        "",
        "{:<38}{:>10}{:>12}{:>13}".format("", "generated", "+- s.e.", "real"),
    ]
    for row in rows(result):
        lines.append("{:<38}{:>10}{:>12}{:>13}".format(
            row.words, row.value, row.standard_error, row.real))
    return "\n".join(lines)


def _shown(number, kind):
    if number is None:
        return "-"
    if kind == _SHARE:
        return "{:.2f} %".format(100 * number)
    return "{:.4g}".format(number)
