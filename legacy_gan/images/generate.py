"""What `legacy-gan generate` does: images, grids and interpolations from a run; no data set needed."""

import os
from typing import Any, List, Optional, Tuple, Union

import numpy as np

from legacy_gan import files
from legacy_gan.errors import UserError
from legacy_gan.images import pictures, run_model, sampling

COLUMNS = 10
MOST_PASSAGES = 100
BETWEEN = 10  # frames of an interpolation from one noise, or digit, to the next


def generate(
    run_dir: "Union[str, os.PathLike[str]]", digit: Optional[int] = None, count: int = 10, seed: Optional[int] = None
) -> np.ndarray:
    """Generates images with a run's newest checkpoint; no data set is needed.

    Args:
      run_dir: path of the run's folder, or a model's name for runs/<name>; it may be unfinished.
      digit: from 0 to 9, for a conditional model only.
      count: how many.
      seed: of the noise; None for the run's.
    Returns:
      float32 [count, 784] in 0..1; the first images are the same for any count.
    Raises:
      UserError: if there is no run with a checkpoint, or a digit is missing or not taken.
    """
    if type(count) is not int or count < 1:
        raise UserError(f"count must be a whole number above 0, got {count!r}")
    with run_model.open_run(run_dir, seed=seed) as run:
        if run.conditional and (type(digit) is not int or digit not in range(10)):
            raise UserError(f"digit must be from 0 to 9, got {digit!r}")
        labels = _labels(run, digit)
        return run.draw(labels and labels * count, count)


def write(run_dir: str, options: Any) -> List[str]:
    """Writes what the options ask for of a run; returns the paths.

    Args:
      run_dir: as for `generate`. options: a legacy_gan.commands.generate.GenerateOptions.
    Raises:
      UserError: as for `generate`; for options that contradict each other, --out of another kind, or a folder that
        cannot be written.
    """
    _check(options)
    folder = run_model.path_of(run_dir)
    count = 10 if options.count is None else options.count
    with run_model.open_run(folder, options.device, options.seed) as run:
        labels = _labels(run, options.digit)
        out = os.path.join(folder, f"{_name(options)}.png") if options.out is None else options.out
        stem = os.path.splitext(out)[0]
        for path in [f"{stem}.png", f"{stem}.gif"] if options.interpolate else [out]:
            files.prove_file(path, "--out")
        if options.interpolate:
            if run.conditional and not labels and options.count is not None:
                raise UserError("--interpolate goes through the ten digits: leave --count out, or give --digit")
            return _interpolation(run, stem, labels, count)
        images = grid(run, labels) if options.grid else run.draw(_repeated(run, labels, count), count)
        if out.endswith(".npz"):
            with files.replacing(out, ".npz") as temporary:
                np.savez_compressed(temporary, images=images)
        else:
            pictures.save_grid(out, images, COLUMNS)
        return [out]


def _check(options: Any) -> None:
    """Raises UserError for options of `write` that contradict each other, or an --out of another kind."""
    if options.grid and options.interpolate:
        raise UserError("--grid and --interpolate are two pictures: give one of them")
    if options.grid and options.count is not None:
        raise UserError("--grid draws 100 images: leave --count out")
    if options.interpolate and (options.count or 2) > MOST_PASSAGES:
        raise UserError(f"--interpolate takes a --count up to {MOST_PASSAGES}, got {options.count}")
    endings = (".png", ".gif") if options.interpolate else (".png", ".npz")
    if options.out is not None and not options.out.endswith(endings):
        raise UserError(f"--out must end in {' or '.join(endings)}, got {options.out}")


def _name(options: Any) -> str:
    """Returns how the picture is called where --out names none, without its ending."""
    digit = "" if options.digit is None else f"_{options.digit}"
    if options.grid:
        return f"grid{digit}"
    if options.interpolate:
        return f"interpolation{digit}"
    return f"digit{digit}" if digit else "generated"


def _labels(run: run_model.RunModel, digit: Optional[int]) -> Optional[List[int]]:
    """Returns [digit], None for none; UserError where the model takes none."""
    if digit is None:
        return None
    if not run.conditional:
        raise UserError(f"{run.model} takes no digit, got {digit!r}")
    return [digit]


def _repeated(run: run_model.RunModel, labels: Optional[List[int]], count: int) -> Optional[List[int]]:
    """Returns the label of each image, 0 1 ... 9 0 where no digit is asked for; None for no labels."""
    if not run.conditional:
        return None
    return labels * count if labels else [n % 10 for n in range(count)]


def grid(run: run_model.RunModel, labels: Optional[List[int]] = None) -> np.ndarray:
    """Returns 100 images, float32 [100, 784] in 0..1: ten rows of ten.

    Of a conditional model a digit a row and the same noise in a column.

    Args:
      run: what draws. labels: the only digit to draw, as a list of one; None for all ten.
    """
    if not run.conditional or labels:
        return run.draw(labels and labels * COLUMNS**2, COLUMNS**2)
    return run.images(*sampling.digit_by_digit(run.noise(COLUMNS)))


def _interpolation(run: run_model.RunModel, stem: str, labels: Optional[List[int]], count: int) -> List[str]:
    """Writes a PNG with a row a passage and a GIF of the round; returns their paths."""
    if run.conditional and not labels:  # from digit to digit, with the same noise
        ends = np.eye(10)
        passages = [(1 - t) * a + t * b for a, b in _neighbours(ends) for t in _TIMES]
        noise = np.repeat(run.noise(1), len(passages), 0)
        images = run.images(noise, np.array(passages))
    else:
        if count < 2:
            raise UserError(f"--interpolate needs a --count of 2 or more noises, got {count}")
        noise = np.array([between(a, b, t) for a, b in _neighbours(run.noise(count)) for t in _TIMES])
        images = run.images(noise, np.eye(10)[labels * len(noise)] if labels else None)
    pictures.save_grid(f"{stem}.png", images, BETWEEN)
    frames = [pictures.grid(image[None], 1, 0).repeat(4, 0).repeat(4, 1) for image in images]
    pictures.save_gif(f"{stem}.gif", frames)
    return [f"{stem}.png", f"{stem}.gif"]


_TIMES = np.arange(BETWEEN) / BETWEEN


def _neighbours(points: np.ndarray) -> List[Tuple[np.ndarray, np.ndarray]]:
    """Returns each point with the next, the last with the first."""
    return list(zip(points, np.roll(points, -1, 0)))


def between(a: np.ndarray, b: np.ndarray, t: float) -> np.ndarray:
    """Returns the point at t of the way from a to b, along the arc: noise in many dimensions has one length.

    Args:
      a, b: float [n]. t: in 0..1.
    """
    lengths = np.linalg.norm(a), np.linalg.norm(b)
    angle = np.arccos(np.clip(np.dot(a, b) / max(lengths[0] * lengths[1], 1e-30), -1, 1))
    if np.sin(angle) < 1e-6:
        return (1 - t) * a + t * b
    direction = np.sin((1 - t) * angle) * a / lengths[0] + np.sin(t * angle) * b / lengths[1]
    return ((1 - t) * lengths[0] + t * lengths[1]) * direction / np.sin(angle)
