"""What `legacy-gan list` prints: the models, and the runs in a folder, without loading TensorFlow."""

import json
import os
import unicodedata
from typing import List, NamedTuple, Optional

import numpy as np

from legacy_gan import registry
from legacy_gan.errors import UserError
from legacy_gan.training import collapse, run_files
from legacy_gan.training.rundir import RunDirectory
from legacy_gan.translation import tr

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
    lines = [tr("models, for legacy-gan train MODEL:")]
    lines += [f"  {model.name:<13}{tr(model.about)}" for model in registry.MODELS.values()]
    rows = runs(folder)
    if not rows:
        return "\n".join([*lines, tr("no runs in {folder}").format(folder=folder)])
    lines.append(tr("runs in {folder}:").format(folder=folder))
    table = [tuple(tr(heading) for heading in _HEADINGS)] + [tuple(row) for row in rows]
    widths = [max(_columns(cells[n]) for cells in table) for n in range(len(_HEADINGS))]
    for cells in table:
        padded = [cell + " " * (width - _columns(cell)) for cell, width in zip(cells, widths)]
        lines.append("  " + "  ".join(padded).rstrip())
    return "\n".join(lines)


def _columns(words: str) -> int:
    """Returns how wide a terminal shows words: a Korean letter takes two columns."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in words)


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
        return Row(path, "?", "", "", "", tr("config.json cannot be read"), "")
    losses = np.array(directory.losses())
    done, per_epoch, target = losses.shape[1], config["steps_per_epoch"], config["target"]
    steps = target["epochs"] * per_epoch
    steps = steps if target["steps"] is None else min(steps, target["steps"])
    last = [f"{loss:.4g}" for loss in losses[:, -per_epoch:].mean(1)] if done else ["", ""]
    settings = registry.model(config["model"]).settings(**config["settings"])
    watch, health = collapse.CollapseWatch(settings), directory.health()
    collapsed = [epoch for epoch, _ in collapse.replayed(watch, health, losses, config)]
    if not done or not np.isfinite(losses).all():
        state = tr("a loss is not finite") if done else tr("not started")
    elif collapsed:
        state = tr("collapsed by epoch {epoch}").format(epoch=collapsed[0])
    else:
        state = tr("healthy") if len(health) else tr("not measured yet")
    return Row(
        path,
        config["model"],
        tr("{done} of {steps}").format(done=done, steps=steps),
        last[0],
        last[1],
        state,
        _number(directory) or "",
    )


def _number(directory: RunDirectory) -> Optional[str]:
    """Returns the number of quality.json that says most of a run, in words; None where there is none."""
    try:
        with open(directory.file(run_files.QUALITY), encoding="utf-8") as f:
            metrics = json.load(f)["metrics"]
        return next((tr(words).format(metrics[name]["value"]) for name, words in _NUMBERS if name in metrics), None)
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
