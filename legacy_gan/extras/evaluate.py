"""What `legacy-gan evaluate` does: a run's images, or those of a file, in numbers with standard errors."""

import collections
import json
import os
from typing import Any, Dict, List, NamedTuple, Optional, Tuple, Union

import numpy as np

from legacy_gan import console, files, option_types, registry, shared_options
from legacy_gan.data.dataset import Datasets
from legacy_gan.errors import UserError
from legacy_gan.extras import evaluation_table, judge as judges, metrics
from legacy_gan.extras.evaluation_table import CLEAR, NEAR, table
from legacy_gan.images import run_model
from legacy_gan.training import run_data, run_files, rundir, weights
from legacy_gan.training.request import Config
from legacy_gan.translation import tr

RESULT = run_files.QUALITY  # in a run's folder
COVERED = 0.01  # the share of the images from which on a digit counts as made: a tenth of the even one


class Images(NamedTuple):
    """Images to be evaluated."""

    pixels: np.ndarray  # uint8 [n, 784]
    labels: Optional[np.ndarray]  # int [n], the digit asked for
    facts: Dict[str, Any]  # where they are from, for the result


_Path = Union[str, "os.PathLike[str]"]
_Value = Union[float, List[float]]  # of a metric; a list has one for each digit
Result = Dict[str, Any]  # as RESULT holds it, see `evaluate`

_FIELDS = (
    option_types.named("count", int, shared_options.judged_count("images")),
    option_types.named("seed", int, shared_options.noise_seed()),
    option_types.named("device", str, shared_options.device()),
)


def evaluate(
    source: _Path,
    count: int = 10000,
    seed: Optional[int] = None,
    data_dir: Optional[str] = None,
    judge: Optional[str] = None,
    offline: bool = False,
    device: str = "auto",
) -> Result:
    """Measures generated images against real ones.

    Args:
      source: path of a run's folder, a model's name for runs/NAME, or path of an .npz with `images`,
        uint8 in 0..255 or float in 0..1, [n, 784] or [n, 28, 28], and perhaps `labels`, int [n].
      count: images to generate, or the most to take of a file; 20 or more.
      seed: of the noise; None for the run's.
      data_dir: path of the real images; None for the run's own, or for a file MNIST wherever it is found.
      judge: path of another judge's weights; None for the one that comes with the package.
      offline: True opens no connection. device: "auto", "cpu" or "gpu", to generate on.
    Returns:
      dict, as RESULT holds it: `images`, `judge`, `data`, `notes` (list of str, what the numbers do not say),
      `asked_and_taken` (int [10][10], how many images of each digit asked for the judge takes for each; None without
      labels), and `metrics` with for each `value`, `standard_error`, and `real`, the same of training images.
    Raises:
      UserError, DataError: for no such run, file, judge or data.
    """
    count, seed, device = (option_types.checked(field, value) for field, value in zip(_FIELDS, (count, seed, device)))
    is_file = os.fspath(source).endswith(".npz")
    if is_file and seed is not None:
        raise UserError(f"{source}: --seed applies to a run's noise; images of a file have none")
    # What cannot be read is said before images are fetched and drawn.
    judges_weights = judges.read(judge)
    if is_file:
        images = _of_file(os.fspath(source), count)
    data, notes = _data_of(source, is_file, data_dir, offline)
    stages = _Stages(os.fspath(source))
    if is_file:
        stages.begin(f"taking {len(images.pixels):,} images")
    else:
        stages.begin(f"drawing {count:,} images")
        images = _of_run(source, count, seed, device, data.train.labels)
    test, training = (judges.as_shown(part.images) for part in (data.test, data.train))
    if min(len(test), len(training)) <= metrics.NEIGHBOURS:
        raise UserError(
            f"{data.test.source}: expected more than {metrics.NEIGHBOURS} images to train with and as many for "
            f"tests, got {len(training)} and {len(test)}"
        )
    with judges.Judge(judges_weights) as opened:
        name, right = opened.name, opened.right(data.test.images, data.test.labels.argmax(1))
        real_data = _RealData(
            metrics.Features(opened.look(test / 255.0)[1], _even(data.test.labels.argmax(1))), training, test
        )
        stages.begin(f"showing {len(images.pixels):,} images to the judge, and searching for copies")
        made = _JudgedImages(opened, real_data, images.pixels, images.labels)
        chosen = _in_place_of(images, data.train.labels.argmax(1))
        real = _JudgedImages(
            opened,
            real_data,
            training[chosen],
            None if images.labels is None else data.train.labels[chosen].argmax(1),
            is_training=True,
        )
    stages.begin("comparing them with the real images, and their halves for the standard errors")
    values = made.measure()
    strata = np.zeros(len(images.pixels)) if images.labels is None else images.labels
    halves = [made.measure(half) for half in metrics.halves(strata, 0)]
    as_real = dict(real.measure(), **real_data.of_test)
    result = {
        "images": images.facts,
        "judge": {"name": name, "right": right},
        "notes": notes,
        "data": {
            "source": data.test.source,
            "test_images": len(test),
            "training_images": len(training),
            "training_sha256": data.train.fingerprint(),
            "real_images": len(chosen),
        },
        "asked_and_taken": made.asked_and_taken(),
        "metrics": {
            metric: {
                "value": _plain(value),
                "standard_error": _error([half[metric] for half in halves]),
                "real": _plain(as_real[metric]),
            }
            for metric, value in values.items()
        },
    }
    for note in notes + evaluation_table.notes(result, tr):
        console.note(note)
    notes += evaluation_table.notes(result, str)  # a file is English
    return result


class _Stages:
    """Says how far an evaluation is, a line when a stage begins: minutes may pass before the result.

    Args:
      source: what is evaluated.
    """

    COUNT = 3

    def __init__(self, source: str) -> None:
        self._source, self._begun = source, 0

    def begin(self, what: str) -> None:
        """Begins the next stage; what: in words."""
        self._begun += 1
        console.note(f"{self._source}: {self._begun} of {self.COUNT}, {what}")


def write(source: str, flags: Any) -> str:
    """Evaluates, keeps the result in the run's folder, and returns what is to be printed.

    Args:
      source: as for `evaluate`. flags: legacy_gan.commands.evaluate.EvaluateOptions.
    """
    given = dict(vars(flags))
    as_json = given.pop("json")
    result = evaluate(source, **given)
    if result["images"]["run"] is not None:
        _keep(result)
    return json.dumps(result, indent=1) if as_json else table(result)


def of_run(source: str, step: int, options: Any) -> Result:
    """Returns a run's result, the one that is kept in its folder if it is of the same images and judge.

    Args:
      source: path of a run's folder. step: its newest checkpoint's.
      options: what has count, data_dir, judge, offline and device, as `evaluate` takes them.
    """
    given = {name: getattr(options, name) for name in ("count", "data_dir", "judge", "offline", "device")}
    name = judges.name_of(judges.read(given["judge"]))
    kept, config = _kept(source), run_model.config_of(rundir.RunDirectory(source))
    if (
        kept is not None
        and given["data_dir"] is None
        and kept["images"]["count"] == given["count"]
        and (kept["judge"]["name"] == name)
        and _is_own(kept, config, step)
    ):
        return kept
    result = evaluate(source, **given)
    _keep(result)
    return result


def _kept(run: str) -> Optional[Result]:
    """Returns the result that a run's folder holds, None where there is none that can be used."""
    try:
        with open(os.path.join(run, RESULT), encoding="utf-8") as f:
            kept = dict({"notes": []}, **json.load(f))  # older ones have none
        table(kept)
        return kept if kept["images"]["run"] is not None else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _is_own(result: Result, config: Config, step: int) -> bool:
    """Whether a result is of a step, and of the seed and the training images of its run."""
    return (result["images"]["step"], result["images"]["seed"], result["data"]["training_sha256"]) == (
        step,
        config["settings"]["seed"],
        config["data"]["sha256"],
    )


def _keep(result: Result) -> None:
    """Writes a run's result into its folder, unless one that says more of the run is there; says if so."""
    run, step, kept = result["images"]["run"], result["images"]["step"], _kept(result["images"]["run"])
    config = run_model.config_of(rundir.RunDirectory(run))
    if kept is not None and _is_own(kept, config, step):
        why = None
        if not _is_own(result, config, step):
            why = "of the run's own seed and images"
        elif kept["judge"]["name"] == result["judge"]["name"] and (kept["images"]["count"] > result["images"]["count"]):
            why = f"of more images, {kept['images']['count']:,}"
        if why is not None:
            console.note(f"{run}: {RESULT} stays as it is, its numbers are {why}")
            return
    try:
        with files.replacing(os.path.join(run, RESULT), ".json") as temporary:
            with open(temporary, "w", encoding="utf-8") as f:
                json.dump(result, f, indent=1)
    except OSError as e:
        console.note(f"{run}: {RESULT} cannot be kept there: {e.strerror or e}")


# What the images are


def _data_of(source: _Path, is_file: bool, data_dir: Optional[str], offline: bool) -> Tuple[Datasets, List[str]]:
    """Returns the real images, labels one-hot, and what is to be said of them."""
    if is_file:
        return judges.images_of(data_dir, offline), []
    path = run_model.path_of(source)
    if os.path.exists(path) and not os.path.isdir(path):
        raise UserError(f"{path}: expected a run's folder, or an .npz of images, got another file")
    config = run_model.config_of(rundir.RunDirectory(path))
    was = config["data"]
    own = run_data.folder_of(config)
    if data_dir is None and own is not None and not os.path.exists(own):
        raise UserError(f"{path}: its images were in {own}, which is no more; name their folder with --data-dir")
    data = run_data.read(registry.model(config["model"]), data_dir or own, offline)
    if data.train.fingerprint() != was["sha256"]:
        text = f"{path}: it was trained with other images ({was['source']}) than those of {data.train.source}"
        if data_dir is None:
            raise UserError(f"{text}; name their folder with --data-dir")
        return data, [f"{text}: whether it copies its own is not seen"]
    return data, []


def _of_run(source: _Path, count: int, seed: Optional[int], device: str, training_labels: np.ndarray) -> Images:
    """Generates Images, of a conditional model as many of each label that it was trained with."""
    path = run_model.path_of(source)
    with run_model.open_run(source, device, seed) as run:
        labels = None
        if run.conditional:
            kinds = np.flatnonzero(training_labels.any(0))
            labels = kinds[np.arange(count) % len(kinds)]
        images = run.draw(None if labels is None else labels.tolist(), count)
        facts = {"run": path, "model": run.model, "step": run.step, "seed": run.seed, "count": count}
    return Images(judges.as_shown(images), labels, facts)


def _of_file(path: str, count: int) -> Images:
    """Returns the Images of an .npz; UserError for what is none."""
    arrays = weights.read_npz(path, path)
    images: Any = arrays.get("images")  # a member that is no .npy is no array
    labels: Any = arrays.get("labels")
    if isinstance(images, np.ndarray) and images.dtype == np.bool_:
        images = images.astype(np.float32)
    got = _fault_of_images(images)
    if images is None:
        got = f"no `images`, but {', '.join(sorted(arrays)) or 'nothing'}"
    elif got is None and labels is not None:
        labels = _digits(labels, len(images))
        got = _fault_of_labels(labels, len(images))
    if got is not None:
        raise UserError(
            f"{path}: expected `images`, {4 * metrics.NEIGHBOURS} or more of 28x28, uint8 or float in 0..1, and "
            f"perhaps `labels`, a digit (int) for each; got {got}"
        )
    if images.dtype == np.uint8 and images.max() == 1:
        console.note(
            f"{path}: no pixel of these uint8 images is above 1 of 255, they are all but black; if 1 is white, "
            "save them as float"
        )
    # A file may be sorted by its labels.
    chosen = np.sort(np.random.RandomState([0, 8]).permutation(len(images))[:count])
    pixels = images[chosen].reshape(len(chosen), 784)
    return Images(
        pixels if pixels.dtype == np.uint8 else judges.as_shown(pixels),
        None if labels is None else labels[chosen].astype(np.int64),
        {"run": None, "file": path, "count": len(chosen), "of": len(images)},
    )


def _fault_of_images(images: Any) -> Optional[str]:
    """Returns in words what an .npz has that are no images of 28x28; None where nothing is wrong with them."""
    if not isinstance(images, np.ndarray):
        return "`images` that are no array"
    if images.ndim < 2 or not len(images) or images[0].size != 784:
        return f"images {list(images.shape)}"
    if images.dtype != np.uint8 and images.dtype.kind != "f":
        return f"`images` of {images.dtype}"
    if images.dtype != np.uint8 and not (np.isfinite(images).all() and images.min() >= 0 and images.max() <= 1):
        return f"{images.dtype} that are not all in 0..1"
    return f"{len(images)} images" if len(images) < 4 * metrics.NEIGHBOURS else None


def _fault_of_labels(labels: Any, count: int) -> Optional[str]:
    """Returns in words what an .npz has that are no digits of its images; None where nothing is wrong with them."""
    if not isinstance(labels, np.ndarray):
        return "`labels` that are no array"
    if labels.shape != (count,) or labels.dtype.kind not in "iu":
        return f"labels {list(labels.shape)} of {labels.dtype}"
    return None if ((labels >= 0) & (labels <= 9)).all() else f"labels from {labels.min()} to {labels.max()}"


def _digits(labels: Any, count: int) -> Any:
    """Returns one-hot labels [count, 10] as digits, int [count]; anything else as it is."""
    if not isinstance(labels, np.ndarray) or labels.dtype.kind not in "biuf" or labels.shape != (count, 10):
        return labels
    return labels.argmax(1) if (np.sort(labels, 1) == np.eye(10)[9]).all() else labels


# What is measured


def _even(labels: np.ndarray) -> Optional[np.ndarray]:
    """Returns labels (int [n]) if there are equally many of each that there is, give or take one; else None."""
    counts = np.unique(labels, return_counts=True)[1]
    return labels if counts.max() - counts.min() <= 1 else None


def _in_place_of(images: Images, training_labels: np.ndarray) -> np.ndarray:
    """Returns which training images are measured beside Images: as many, of each digit if they have labels.

    Args:
      images: those that were generated. training_labels: int [n].
    Returns:
      int [m], with fewer where there are fewer.
    """
    order = np.random.RandomState([0, 7]).permutation(len(training_labels))
    if images.labels is None:
        return order[: len(images.pixels)]
    return np.concatenate(
        [order[training_labels[order] == digit][: (images.labels == digit).sum()] for digit in range(10)]
    )


class _RealData:
    """The real images that others are compared with.

    Args:
      features: of the test images.
      training: uint8 [n, 784]. test: uint8 [m, 784].
    """

    def __init__(self, features: metrics.Features, training: np.ndarray, test: np.ndarray) -> None:
        self.features, self._training = features, training / np.float32(255)
        distances = self.to_training(test)
        # Of too few test images the nearest hundredth is none.
        self.near = np.quantile(distances, NEAR) if len(test) >= 1 / NEAR else np.nan
        self.of_test = {"to_training": distances.mean(), "near_copies": self.share_near(distances)}

    def share_near(self, distances: np.ndarray) -> float:
        """Returns the share of distances that are as near as copies may be, NaN where that is not known."""
        return np.nan if np.isnan(self.near) else (distances <= self.near).mean()

    def to_training(self, pixels: np.ndarray) -> np.ndarray:
        """Returns the distance of images (uint8 [n, 784]) to their nearest training images, float [n]."""
        return metrics.to_nearest(pixels / np.float32(255), self._training)


class _JudgedImages:
    """A set of images as the judge sees them.

    Args:
      judge: an open one. real_data: what they are compared with. pixels: uint8 [n, 784]. labels: int [n] or None.
      is_training: whether they are training images, which are not compared with themselves.
    """

    def __init__(
        self,
        judge: judges.Judge,
        real_data: _RealData,
        pixels: np.ndarray,
        labels: Optional[np.ndarray],
        is_training: bool = False,
    ) -> None:
        shares, vectors = judge.look(pixels / 255.0)
        self._real_data, self._labels = real_data, labels
        self._answers, self._confidence = shares.argmax(1), shares.max(1)
        self._features = metrics.Features(vectors, None if labels is None else _even(labels))
        self._distances = None if is_training else real_data.to_training(pixels)

    def asked_and_taken(self) -> Optional[List[List[int]]]:
        """Returns int [10][10], how many images of a digit asked for are taken for each digit; None without labels."""
        if self._labels is None:
            return None
        counts = np.zeros((10, 10), int)
        np.add.at(counts, (self._labels, self._answers), 1)
        return [list(map(int, row)) for row in counts]

    def measure(self, chosen: Optional[np.ndarray] = None) -> Dict[str, _Value]:
        """Returns each metric of the images chosen, int [m], or of all."""
        features = self._features if chosen is None else self._features.part(chosen)
        if chosen is None:
            chosen = np.arange(len(self._answers))
        answers, confidence = self._answers[chosen], self._confidence[chosen]
        found = collections.OrderedDict()
        if self._labels is not None:
            right = answers == self._labels[chosen]
            found["right_digit"] = right.mean()
            found["right_digit_each"] = [_mean(right[self._labels[chosen] == digit]) for digit in range(10)]
        counts = np.bincount(answers, minlength=10)
        found["confidence"] = confidence.mean()
        found["clear"] = (confidence > CLEAR).mean()
        found["digits"] = list(counts / len(answers))
        found["covered_digits"] = int((counts >= COVERED * len(answers)).sum())
        found["kl_to_uniform"] = metrics.kl_to_uniform(counts)
        found["mnist_fd"] = metrics.frechet(self._real_data.features, features)
        found["kernel_distance"] = metrics.kernel_distance(self._real_data.features, features)
        found.update(metrics.neighbourhoods(self._real_data.features, features))
        if self._distances is not None:
            found["to_training"] = self._distances[chosen].mean()
            found["near_copies"] = self._real_data.share_near(self._distances[chosen])
        return found


def _mean(values: np.ndarray) -> float:
    """Returns the mean, NaN of nothing."""
    return values.mean() if len(values) else np.nan


def _error(values: List[_Value]) -> Any:
    """Returns the standard error of a metric, a list for a list, from its values on halves."""
    columns = np.transpose(np.array(values, np.float64))
    return _plain([metrics.standard_error(c) for c in columns] if columns.ndim > 1 else metrics.standard_error(columns))


def _plain(value: Any) -> Any:
    """Returns what JSON can hold: float, int, list of them, None for NaN."""
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, (int, np.integer)):
        return int(value)
    return None if np.isnan(value) else float(value)
