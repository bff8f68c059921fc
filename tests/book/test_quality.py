"""Short trainings come to what the book's listings come to on TensorFlow 1.15; the preset is the measured one.

tests/golden/short_runs.jsonl has what the shipped judge says of twelve short runs of each listing
(benchmarks/quality.py says how they were made). A band is where one more such run is expected.
"""

import json
import math
import os

import numpy as np
import pytest

import legacy_gan
from legacy_gan import registry
from legacy_gan.extras import evaluate
from tests.support.paths import ROOT

# That TF 1.15 trains as the listings do, step by step, is held by test_traces.py.
pytestmark = pytest.mark.newest

GOLDEN = os.path.join(ROOT, "tests", "golden", "short_runs.jsonl")
EPOCHS, COUNT = {"basic": 25, "conditional": 20}, 2000
METRICS = {
    "basic": ["clear", "kl_to_uniform", "mnist_fd", "precision", "recall", "density", "coverage", "to_training"],
    "conditional": ["right_digit", "clear", "mnist_fd", "precision", "recall", "density", "to_training"],
}
MODELS = pytest.mark.parametrize("model", sorted(METRICS))
STUDENT = {9: 4.781, 11: 4.437}  # by degrees of freedom: 99.9 % lies between -t and t


def healthy_runs(model):
    """Returns what the judge said of the listing's runs that did not collapse: a list of dict."""
    with open(GOLDEN) as f:
        rows = [json.loads(line) for line in f]
    rows = [row for row in rows if row["model"] == model]
    assert {(row["who"], row["epochs"], row["count"]) for row in rows} == {("listing", EPOCHS[model], COUNT)}
    assert sorted(row["seed"] for row in rows) == list(range(12))
    # Two of listing 2's twelve came to smudges: 10 % right, the others 80 to 87 %.
    return [row for row in rows if model == "basic" or row["metrics"]["right_digit"]["value"] > 0.5]


def bands(model):
    """Returns, for each metric, between what another healthy run is with 99.9 %: the prediction interval."""
    found = {}
    for metric in METRICS[model]:
        values = np.array([row["metrics"][metric]["value"] for row in healthy_runs(model)])
        reach = STUDENT[len(values) - 1] * values.std(ddof=1) * math.sqrt(1 + 1 / len(values))
        found[metric] = values.mean() - reach, values.mean() + reach
    return found


def outside(model, mnist_folder, **given):
    """Trains; returns the metrics that are out of their band, with it: {metric: (value, band)}."""
    given = dict({"epochs": EPOCHS[model]}, **given)
    run = legacy_gan.train(model, data_dir=mnist_folder, run_dir="run", sample_every=100, **given).run_dir
    result = evaluate.evaluate(run, COUNT, data_dir=mnist_folder)
    assert {row["judge"] for row in healthy_runs(model)} == {result["judge"]["name"]}
    values = {metric: result["metrics"][metric]["value"] for metric in METRICS[model]}
    return {
        metric: (values[metric], band)
        for metric, band in bands(model).items()
        if not band[0] <= values[metric] <= band[1]
    }


@pytest.mark.mnist
@MODELS
def test_short_training_is_as_good_as_the_listings(model, mnist_folder):
    assert outside(model, mnist_folder) == {}


@pytest.mark.mnist
@pytest.mark.slow
@pytest.mark.parametrize(
    "model, rate, seen",
    [
        ("basic", 0.0004, {"recall", "coverage", "to_training"}),
        ("conditional", 0.0002, {"right_digit", "clear", "mnist_fd", "to_training"}),
    ],
)
def test_other_learning_rate_is_seen(model, rate, seen, mnist_folder):
    assert seen <= set(outside(model, mnist_folder, learning_rate=rate))


def as_options(model, flags):
    """Returns the settings (dict) of a command line's flags."""
    words = flags.split()
    given = {flag[2:].replace("-", "_"): value for flag, value in zip(words[::2], words[1::2])}
    return registry.model(model).checked(given)[0]


@MODELS
def test_better_preset_is_what_was_measured_of_twelve_seeds(model):
    with open(os.path.join(ROOT, "benchmarks", "better.jsonl")) as f:
        measured = [json.loads(line) for line in f]
    of_preset = [
        row
        for row in measured
        if row["model"] == model and as_options(model, row["flags"]) == registry.model(model).presets["better"]
    ]
    assert sorted(row["seed"] for row in of_preset) == list(range(12))
    assert not any(row["collapsed"] for row in of_preset)
