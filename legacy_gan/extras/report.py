"""What `legacy-gan report RUN` does: one HTML file that shows a run, with everything in it."""

import io
import os
import re
from typing import Any, Dict, List, Optional, Sequence

import numpy as np

from legacy_gan import files, option_types, registry
from legacy_gan.extras import charts, evaluate, evaluation_table, page, playground, verdict
from legacy_gan.images import generate, inline, pictures, run_model
from legacy_gan.training import collapse
from legacy_gan.training.request import Config
from legacy_gan.training.rundir import RunDirectory
from legacy_gan.translation import tr

TEMPLATE = "report.html.jinja"
FRAMES = 100  # the most pictures of the epochs that a report holds


def write(source: str, options: Any) -> str:
    """Writes a run's report, in the language of the command; returns its path.

    Args:
      source: path of a run's folder, or a model's name for runs/NAME.
      options: legacy_gan.commands.report.ReportOptions.
    Raises:
      UserError: if there is no such run, no Jinja2, or the file cannot be written.
    """
    template = page.template(TEMPLATE)
    path = run_model.path_of(source)
    out = page.output(options.out or os.path.join(path, "report.html"))
    directory = RunDirectory(path)
    with run_model.open_run(path, options.device) as run:
        grid, step, conditional = generate.grid(run), run.step, run.conditional
        play = playground.of_run(run)
    files.prove_file(out, "--out")
    config = run_model.config_of(directory)
    result = evaluate.of_run(path, step, options)
    losses = np.array(directory.losses())
    warnings = warnings_of(directory, config, losses, result)
    shares = result["metrics"]["digits"]["value"]
    text = template.render(
        runs=directory.path,
        config=config,
        step=step,
        conditional=conditional,
        warnings=warnings,
        verdict=verdict.of_result(result, len(warnings), evaluation_table.KNOWN),
        map=_map(result.get("asked_and_taken")),
        digits=shares,
        most=max(shares),
        settings=[
            (option_types.flag(name), value) for name, value in sorted(config["settings"].items()) if value is not None
        ],
        frames=_frames(directory.pictures(config)),
        losses=charts.losses(losses, config["steps_per_epoch"]),
        health=charts.health(directory.health(), config["steps_per_epoch"]),
        grid=inline_grid(grid, generate.COLUMNS),
        play=play,
        result=result,
        rows=evaluation_table.readable_rows(result),
    )
    page.write(out, text)
    return out


def warnings_of(directory: RunDirectory, config: Config, losses: np.ndarray, result: evaluate.Result) -> List[str]:
    """Returns what the trainer said of a run, and what the numbers do not say, in the language of the command."""
    english = evaluation_table.notes(result, str)
    others = [note for note in result["notes"] if note not in english]
    return _warnings(directory, config, losses) + evaluation_table.notes(result, tr) + others


def _warnings(directory: RunDirectory, config: Config, losses: np.ndarray) -> List[str]:
    """Returns what the trainer said of a collapse, and other reasons for care."""
    settings = registry.model(config["model"]).settings(**config["settings"])
    said = [
        tr("Epoch {epoch}: the run {saw}. Try: {remedy}").format(epoch=epoch, saw=saw, remedy=collapse.remedy(settings))
        for epoch, saw in collapse.replayed(collapse.CollapseWatch(settings), directory.health(), losses, config)
    ]
    for change in config["changes"]:
        said.append(
            tr("{setting} was changed at step {step}, from {old} to {new}.").format(
                setting=change["setting"].replace("_", "-"), step=change["step"], old=change["from"], new=change["to"]
            )
        )
    for seed in config["seeds_tried"][:-1]:
        said.append(tr("Seed {seed} was tried before and collapsed.").format(seed=seed))
    return said


def _map(counts: Optional[Sequence[Sequence[int]]]) -> List[List[float]]:
    """Returns the shares of each digit asked for (rows) that are taken for each digit; empty where there are none.

    Args:
      counts: int [10][10], or None.
    """
    return [[n / max(sum(row), 1) for n in row] for row in counts or []]


def _frames(paths: Sequence[str]) -> List[Dict[str, Any]]:
    """Returns the pictures of the epochs, in order: {"epoch": int, "src": str} each."""
    found = {}
    for path in paths:
        number = re.match(r"(?!digit_).*?(\d+)\.png$", os.path.basename(path))
        if number and os.path.isfile(path):
            found[int(number.group(1))] = path
    epochs = sorted(found)
    if len(epochs) > FRAMES:
        epochs = [epochs[int(round(place))] for place in np.linspace(0, len(epochs) - 1, FRAMES)]
    frames = []
    for epoch in epochs:
        frames.append({"epoch": epoch, "src": inline.data_url(pictures.as_grey(found[epoch]))})
    return frames


def inline_grid(images: np.ndarray, columns: int) -> str:
    """Returns a grid of images (float [n, 784] in 0..1) as the address of a PNG."""
    with io.BytesIO() as f:
        pictures.write_grid(f, images, columns)
        return inline.data_url(f.getvalue())
