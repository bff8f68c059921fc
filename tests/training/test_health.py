"""A watchful trainer: what health.csv says, and what happens when a collapse is seen."""

import os

import numpy as np
import pytest

from legacy_gan.training import collapse, health
from legacy_gan.training.rundir import RunDirectory
from tests.support import training

pytestmark = pytest.mark.newest


def test_probe_measures_means_and_spread_and_draws_from_no_training_stream():
    rng = np.random.RandomState(2)
    images = rng.uniform(size=(150, 784)).astype(np.float32)
    labels = np.eye(10)[np.arange(150) % 10]
    with training.built("conditional", hidden=13, noise=7) as (session, gan, module, settings):
        with session.graph.as_default():
            probe = health.Probe(gan, module.get_noise, settings, images, labels)
        first, second = probe.measure(session), probe.measure(session)
        noise = module.get_noise(100, 7, np.random.RandomState([settings.seed, 4]))
        feeds = {gan.real: images[:100], gan.noise: noise, gan.labels: labels[:100]}
        real, fake, generated = session.run([gan.real_logits, gan.fake_logits, gan.sample], feeds)
    assert first == second
    sigmoid = lambda x: 1 / (1 + np.exp(-x))  # noqa: E731
    np.testing.assert_allclose(first.d_real, sigmoid(real).mean(), rtol=1e-5)
    np.testing.assert_allclose(first.d_fake, sigmoid(fake).mean(), rtol=1e-5)
    apart = [np.sqrt(((x - x.mean(0)) ** 2).mean()) for x in (generated, images[:100])]
    np.testing.assert_allclose(first.spread, apart[0] / apart[1], rtol=1e-5)


def test_images_that_are_all_the_same_have_a_spread_too():
    images, labels = np.full((20, 784), 0.5, np.float32), np.eye(10)[np.arange(20) % 10]
    with training.built("basic", hidden=13, noise=7) as (session, gan, module, settings):
        with session.graph.as_default():
            probe = health.Probe(gan, module.get_noise, settings, images, labels)
        assert probe.measure(session).spread == 1


# What a run does about it


@pytest.fixture
def dead(program, made_folder, monkeypatch):
    """A command whose G can learn nothing: its images are black whatever the noise.

    A tenth of the steps makes a collapse certain: what does so is tested in test_collapse.py.
    """
    monkeypatch.setattr(collapse, "LASTING", (collapse.LASTING[0], collapse.LASTING[1] // 10))
    with training.built("conditional", hidden=11, noise=3) as (_, gan, module, _):
        arrays = module.initial_weights(gan.model_vars, np.random.RandomState(0))
    arrays["generator/dense_1/bias"] -= 1e4
    np.savez("dead.npz", **arrays)

    def run(*argv):
        return program(
            "train",
            "conditional",
            "--hidden",
            11,
            "--noise",
            3,
            "--initial-weights",
            "dead.npz",
            "--data-dir",
            made_folder,
            "--learning-rate",
            0.01,
            "--batch-size",
            50,
            "--sample-every",
            10**6,
            "--checkpoint-every",
            100,
            *argv,
        )

    return run


def test_collapse_is_warned_of_once_with_its_cure(dead):
    status, _, err = dead("--epochs", 60)
    assert status == 0
    (warning,) = [line for line in err.splitlines() if "warning" in line]
    assert "runs/conditional has collapsed, for " in warning and "D has won: D loss" in warning
    assert f"--restart {collapse.REMEDY};" in warning
    rows = np.loadtxt("runs/conditional/health.csv", delimiter=",", skiprows=1)
    assert rows.shape == (60, 5) and rows[-1, 4] < 0.01 and rows[-1, 2] > 0.99
    status, _, err = dead("--epochs", 70)  # the warning was given
    assert status == 0 and "warning" not in err


@pytest.mark.both_ends
def test_on_collapse_stop_ends_with_5_and_a_checkpoint(dead):
    status, _, err = dead("--epochs", 400, "--on-collapse", "stop")
    assert status == 5
    last = err.splitlines()[-1]
    assert "runs/conditional has collapsed" in last and "it stops here (runs/cond" in last
    assert os.path.isdir(last[last.index("here (") + 6 : -1])
    status, _, err = dead("--epochs", 400, "--on-collapse", "stop")  # nor does it go on
    assert status == 5
    # With a cure it does, and is looked at as it is now.
    steps = len(RunDirectory("runs/conditional").losses()[0])
    cure = ["--label-smoothing", 0.1, "--allow-change", "label-smoothing"]
    status, _, err = dead("--epochs", 400, "--on-collapse", "stop", *cure)
    assert status == 5 and f"label-smoothing: from step {steps} on 0.1" in err
    assert len(RunDirectory("runs/conditional").losses()[0]) >= steps + collapse.LASTING[1]


def test_on_collapse_retry_begins_over_with_the_next_seed(dead, monkeypatch):
    monkeypatch.setattr("legacy_gan.training.execute.MOST_SEEDS", 2)
    status, _, err = dead("--epochs", 400, "--on-collapse", "retry", "--seed", 2**32 - 1)
    assert status == 5
    assert "starting again with seed 0" in err and "; 2 seeds were tried" in err.splitlines()[-1]
    tried = [RunDirectory(run).config()["seeds_tried"] for run in ("runs/conditional.1", "runs/conditional")]
    assert tried == [[2**32 - 1], [2**32 - 1, 0]]
    # The command that began it may be given again: its seed is no contradiction.
    assert dead("--steps", 10, "--seed", 2**32 - 1)[0] == 0
