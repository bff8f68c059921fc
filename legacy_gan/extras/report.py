"""What `legacy-gan report` does: one HTML file that shows a run, with everything in it."""

import io
import os
import re
from typing import Any, Dict, List, Optional, Sequence

import numpy as np

from legacy_gan import files, option_types, registry
from legacy_gan.errors import UserError
from legacy_gan.extras import evaluate, evaluation_table, playground, plots, verdict
from legacy_gan.images import generate, inline, pictures, run_model
from legacy_gan.training import collapse
from legacy_gan.training.request import Config
from legacy_gan.training.rundir import RunDirectory
from legacy_gan.version import __version__

HERE = os.path.dirname(os.path.abspath(__file__))
TEMPLATE = "report.html.jinja"
FRAMES = 100  # the most pictures of the epochs that a report holds


def write(source: str, options: Any) -> str:
    """Writes a run's report; returns its path.

    Args:
      source: path of a run's folder, or a model's name for runs/NAME.
      options: legacy_gan.commands.report.ReportOptions.
    Raises:
      UserError: if there is no such run, no Jinja2, or the file cannot be written.
    """
    try:
        import jinja2
    except ImportError:
        raise UserError(
            'a report needs Jinja2, which is not installed; pip install "legacy-gan[report]", or pip install jinja2'
        ) from None
    path = run_model.path_of(source)
    out = options.out or os.path.join(path, "report.html")
    if not out.endswith(".html"):
        raise UserError(f"--out must be a file that ends in .html, got {out}")
    directory = RunDirectory(path)
    with run_model.open_run(path, options.device) as run:
        grid, step, conditional = generate.grid(run), run.step, run.conditional
        play = playground.of_run(run)
    files.prove_file(out, "--out")
    config = run_model.config_of(directory)
    result = evaluate.of_run(
        path,
        step,
        count=options.count,
        data_dir=options.data_dir,
        judge=options.judge,
        offline=options.offline,
        device=options.device,
    )
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    losses = np.array(directory.losses())
    warnings = _warnings(directory, config, losses) + result["notes"]
    text = environment.get_template(TEMPLATE).render(
        run=directory.path,
        config=config,
        step=step,
        conditional=conditional,
        version=__version__,
        warnings=warnings,
        verdict=verdict.of_result(result, len(warnings), evaluate.KNOWN),
        map=_map(result.get("asked_and_taken")),
        settings=[
            (option_types.flag(name), value) for name, value in sorted(config["settings"].items()) if value is not None
        ],
        frames=_frames(directory.pictures(config)),
        losses=plots.losses(losses, config["steps_per_epoch"]),
        health=plots.health(directory.health(), config["steps_per_epoch"]),
        grid=inline.data_url(_png(grid)),
        play=play,
        result=result,
        rows=[row for row in evaluation_table.rows(result) if not result.get("asked_and_taken") or not row.is_of_digit],
    )
    with files.replacing(out, ".html") as temporary, open(temporary, "w", encoding="utf-8") as f:
        f.write(text)
    return out


def _warnings(directory: RunDirectory, config: Config, losses: np.ndarray) -> List[str]:
    """Returns what the trainer said of a collapse, and other reasons for care."""
    settings = registry.model(config["model"]).settings(**config["settings"])
    said = [
        f"Epoch {epoch}: the run {saw}. Try: {collapse.remedy(settings)}"
        for epoch, saw in collapse.replayed(collapse.CollapseWatch(settings), directory.health(), losses, config)
    ]
    for change in config["changes"]:
        said.append(
            "{} was changed at step {}, from {} to {}.".format(
                change["setting"].replace("_", "-"), change["step"], change["from"], change["to"]
            )
        )
    for seed in config["seeds_tried"][:-1]:
        said.append(f"Seed {seed} was tried before and collapsed.")
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
        with open(found[epoch], "rb") as f:
            frames.append({"epoch": epoch, "src": inline.data_url(f.read())})
    return frames


def _png(images: np.ndarray) -> bytes:
    """Returns a grid of ten images a row as a PNG."""
    with io.BytesIO() as f:
        pictures.write_grid(f, images, generate.COLUMNS)
        return f.getvalue()
