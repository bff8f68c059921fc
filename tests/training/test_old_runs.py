"""Run folders that an earlier version of the program made: this one goes on with them.

tests/golden/old_runs has them as legacy_gan 0.1.0 of commit 6955cb5 left them, on TensorFlow 2.21 with the embedded
digits, and the losses.csv that the same version made of going on (losses_to_N.csv):

    legacy-gan train MODEL --offline --hidden 6 --noise 5 --steps 60      (cdcgan: --filters 2 --noise 5 --steps 8)
    legacy-gan train MODEL --offline --steps N --engine feed
"""

import os
import shutil

import numpy as np
import pytest

from legacy_gan.training.rundir import RunDirectory
from tests.support.paths import GOLDEN

RUNS = {"basic": (60, 70), "conditional": (60, 70), "vanilla": (60, 70), "cdcgan": (8, 12)}


@pytest.fixture
def old_run():
    """Puts a copy of an old run in runs/; returns the losses that it came to then, float64 [steps, 4]."""

    def put(model):
        shutil.copytree(os.path.join(GOLDEN, "old_runs", model), f"runs/{model}")
        return np.loadtxt(f"runs/{model}/losses_to_{RUNS[model][1]}.csv", delimiter=",", skiprows=1)

    return put


@pytest.mark.parametrize("model", sorted(RUNS))
def test_a_run_of_an_earlier_version_is_gone_on_with(model, old_run, program):
    expected = old_run(model)
    before, steps = RUNS[model]
    status, _, err = program("train", model, "--offline", "--samples-dir", "shown", "--steps", steps)
    assert status == 0, err
    assert f"; continuing from step {before}" in err
    losses = np.loadtxt(f"runs/{model}/losses.csv", delimiter=",", skiprows=1)
    np.testing.assert_array_equal(losses[:before], expected[:before])
    # Another processor or TensorFlow adds up in another order; a batch or noise of another step is 1e-2 off.
    np.testing.assert_allclose(losses[before:], expected[before:], rtol=1e-4)


@pytest.mark.parametrize("model", sorted(RUNS))
def test_images_of_a_run_of_an_earlier_version_can_be_drawn(model, old_run, program):
    old_run(model)
    digit = [] if model in ("basic", "vanilla") else ["--digit", 3]
    assert program("generate", model, "--out", "drawn.png", *digit)[0] == 0
    assert os.path.getsize("drawn.png") > 0
    assert RunDirectory(f"runs/{model}").config()["settings"]["noise"] == 5
