"""What `legacy-gan report RUN RUN2 ...` does: one HTML file that shows several runs side by side."""

import os
from typing import Any, Dict, List, NamedTuple, Optional, Sequence

import numpy as np

from legacy_gan import files, option_types
from legacy_gan.errors import UserError
from legacy_gan.extras import charts, evaluate, evaluation_table, page, report, verdict
from legacy_gan.images import generate, run_model
from legacy_gan.training.request import Config
from legacy_gan.training.rundir import RunDirectory
from legacy_gan.translation import tr

TEMPLATE = "gallery.html.jinja"
FILE = "gallery.html"  # where no --out says otherwise, in the current folder
MOST = 8  # as many colours as a plot has
_MORE = ("right_digit", "covered_digits", "recall", "coverage")  # metrics of which more is better
_LESS = ("kl_to_uniform", "mnist_fd", "kernel_distance")  # of which less is


class Shown(NamedTuple):
    """A run in a gallery."""

    name: str
    color: str  # the page's class for its curves
    config: Config
    step: int
    verdict: verdict.Verdict
    strip: str  # the address of a PNG: ten images
    losses: np.ndarray  # float [2, steps]
    health: np.ndarray  # float [n, 5]
    result: evaluate.Result


class Cell(NamedTuple):
    """A number of a run, for a person."""

    text: str
    error: str
    is_best: bool


def write(sources: Sequence[str], options: Any) -> str:
    """Writes a page on several runs, in the language of the command; returns its path.

    Args:
      sources: paths of runs' folders, or models' names for runs/NAME; two or more.
      options: legacy_gan.commands.report.ReportOptions.
    Raises:
      UserError: for a run that is not there or is named twice, too many, no Jinja2, or a file that cannot be written.
    """
    template = page.template(TEMPLATE)
    paths = [run_model.path_of(source) for source in sources]
    if len(paths) > MOST:
        raise UserError(tr("expected at most {most} runs, got {got}").format(most=MOST, got=len(paths)))
    real = [os.path.realpath(path) for path in paths]
    for n, path in enumerate(paths):
        if real[n] in real[:n]:
            raise UserError(tr("{run} is named twice; name different runs").format(run=path))
    out = page.output(options.out or FILE)
    for path in paths:  # before minutes are spent on the first
        run_model.config_of(RunDirectory(path))
    files.prove_file(out, "--out")
    runs = [_shown(path, n, options) for n, path in enumerate(paths)]
    text = template.render(
        runs=", ".join(paths),
        shown=runs,
        losses=_losses(runs),
        spread=_spread(runs),
        metrics=_metrics(runs),
        differing=_differing(runs),
        is_of_one_data_set=len({run.result["data"]["training_sha256"] for run in runs}) == 1,
        judge=runs[0].result["judge"]["name"],
        count=options.count,
    )
    page.write(out, text)
    return out


def _shown(path: str, number: int, options: Any) -> Shown:
    directory = RunDirectory(path)
    with run_model.open_run(path, options.device) as run:
        images, step = generate.grid(run), run.step
    config = run_model.config_of(directory)
    result = evaluate.of_run(path, step, options)
    losses = np.array(directory.losses())
    warnings = report.warnings_of(directory, config, losses, result)
    return Shown(
        path,
        f"run{number}",
        config,
        step,
        verdict.of_result(result, len(warnings), evaluation_table.KNOWN),
        # Of a conditional model's grid, a digit a row, this is each digit once, each from another noise.
        report.inline_grid(images[:: generate.COLUMNS + 1], generate.COLUMNS),
        losses,
        np.asarray(directory.health(), np.float64).reshape(-1, 5),
        result,
    )


def _losses(runs: Sequence[Shown]) -> List[charts.Chart]:
    """Returns a plot of all D's losses and one of all G's, without the runs that have no step."""
    begun = [run for run in runs if run.losses.shape[1]]
    if not begun:
        return []
    return [
        charts.chart(
            title,
            tr("nats"),
            [charts.loss_curve(run.name, run.color, run.losses[n], run.config["steps_per_epoch"]) for run in begun],
        )
        for n, title in enumerate((tr("D loss"), tr("G loss")))
    ]


def _spread(runs: Sequence[Shown]) -> Optional[charts.Chart]:
    """Returns a plot of how far all runs' images lie apart; None where none was measured."""
    curves = [
        charts.Curve(run.name, run.color, run.health[:, 0] / run.config["steps_per_epoch"], run.health[:, 4])
        for run in runs
        if len(run.health)
    ]
    return charts.spread(curves) if curves else None


def _metrics(runs: Sequence[Shown]) -> List[Dict[str, Any]]:
    """Returns a row for each metric that a run has: {"words", "meaning", "real": str, "cells": [Cell or None]}."""
    rows: Dict[str, Dict[str, evaluation_table.Row]] = {}
    for run in runs:
        for row in evaluation_table.readable_rows(run.result):
            rows.setdefault(row.metric, {})[run.name] = row
    found = []
    for metric in evaluation_table.ROWS:
        if metric in rows:
            best = _best(metric, runs)
            of_runs = rows[metric]
            cells = [
                Cell(of_runs[run.name].value, of_runs[run.name].standard_error, run.name in best)
                if run.name in of_runs
                else None
                for run in runs
            ]
            first = next(iter(of_runs.values()))
            found.append({"words": first.words, "meaning": first.meaning, "real": first.real, "cells": cells})
    return found


def _best(metric: str, runs: Sequence[Shown]) -> List[str]:
    """Returns the names of the runs with the best value of a metric; none of a metric that has no better side."""
    values = {
        run.name: run.result["metrics"][metric]["value"]
        for run in runs
        if metric in run.result["metrics"] and run.result["metrics"][metric]["value"] is not None
    }
    if metric not in _MORE + _LESS or len(values) < 2 or len(set(values.values())) == 1:
        return []
    best = (max if metric in _MORE else min)(values.values())
    return [name for name, value in values.items() if value == best]


def _differing(runs: Sequence[Shown]) -> List[Dict[str, Any]]:
    """Returns a row for each setting that is not the same in all runs: {"flag": str, "values": [str]}."""
    names = sorted({name for run in runs for name in run.config["settings"]})
    rows = []
    for name in names:
        values = [run.config["settings"].get(name) for run in runs]
        if any(value != values[0] for value in values):
            shown = ["-" if value is None else str(value) for value in values]
            rows.append({"flag": option_types.flag(name), "values": shown})
    return rows
