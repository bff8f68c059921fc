"""What `legacy-gan list` prints: the models, and the runs in a folder, without loading TensorFlow."""

import json
import os
from typing import List, NamedTuple, Optional

import numpy as np

from legacy_gan import registry
from legacy_gan.errors import UserError
from legacy_gan.training import collapse, run_files
from legacy_gan.training.rundir import RunDirectory

_HEADINGS = ("run", "model", "steps", "D loss", "G loss", "health", "best number")
_NUMBERS = (("right_digit", "digit asked for {:.1%}"), ("mnist_fd", "MNIST-FD {:.3g}"))  # of quality.json, the first


class Row(NamedTuple):
    """A run, in words; the fields are those of _HEADINGS."""

    run: str
    model: str
    steps: str
    d_loss: str
    g_loss: str
    health: str
    number: str


def text(folder: str) -> str:
    """Returns the models, then the runs in a folder and in its folders, a line each.

    Raises:
      UserError: if the folder cannot be read.
    """
    lines = ["models, for legacy-gan train MODEL:"]
    lines += [f"  {model.name:<13}{model.about}" for model in registry.MODELS.values()]
    rows = runs(folder)
    if not rows:
        return "\n".join([*lines, f"no runs in {folder}"])
    lines.append(f"runs in {folder}:")
    table = [_HEADINGS] + [tuple(row) for row in rows]
    widths = [max(len(cells[n]) for cells in table) for n in range(len(_HEADINGS))]
    lines += ["  " + "  ".join(f"{cell:<{width}}" for cell, width in zip(cells, widths)).rstrip() for cells in table]
    return "\n".join(lines)


def runs(folder: str) -> List[Row]:
    """Returns a Row for each run in a folder, sorted by name; for the folder itself if it is a run."""
    try:
        names = sorted(os.listdir(folder))
    except FileNotFoundError:
        return []
    except OSError as e:
        raise UserError(f"{folder}: {e.strerror or e}; name a folder of runs") from None
    if run_files.CONFIG in names:
        return [_row(folder)]
    paths = [os.path.join(folder, name) for name in names]
    return [_row(path) for path in paths if os.path.isfile(os.path.join(path, run_files.CONFIG))]


def _row(path: str) -> Row:
    directory = RunDirectory(path)
    try:
        config = directory.config()
    except UserError:
        config = None
    if config is None:
        return Row(path, "?", "", "", "", "config.json cannot be read", "")
    losses = np.array(directory.losses())
    done, per_epoch, target = losses.shape[1], config["steps_per_epoch"], config["target"]
    steps = target["epochs"] * per_epoch
    steps = steps if target["steps"] is None else min(steps, target["steps"])
    last = [f"{loss:.4g}" for loss in losses[:, -per_epoch:].mean(1)] if done else ["", ""]
    settings = registry.model(config["model"]).settings(**config["settings"])
    watch, health = collapse.CollapseWatch(settings), directory.health()
    collapsed = [epoch for epoch, _ in collapse.replayed(watch, health, losses, config)]
    if not done or not np.isfinite(losses).all():
        state = "a loss is not finite" if done else "not started"
    elif collapsed:
        state = f"collapsed by epoch {collapsed[0]}"
    else:
        state = "healthy" if len(health) else "not measured yet"
    return Row(path, config["model"], f"{done} of {steps}", last[0], last[1], state, _number(directory) or "")


def _number(directory: RunDirectory) -> Optional[str]:
    """Returns the number of quality.json that says most of a run, in words; None where there is none."""
    try:
        with open(directory.file(run_files.QUALITY), encoding="utf-8") as f:
            metrics = json.load(f)["metrics"]
        return next((words.format(metrics[name]["value"]) for name, words in _NUMBERS if name in metrics), None)
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
