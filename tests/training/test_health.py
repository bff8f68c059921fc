"""A watchful trainer: what health.csv says, when a collapse is seen, what then happens."""

import json
import os

import numpy as np
import pytest

from legacy_gan import options
from legacy_gan.training import health
from legacy_gan.training.rundir import RunDirectory
from tests.support import training
from tests.support.paths import ROOT

pytestmark = pytest.mark.newest

with open(os.path.join(ROOT, "benchmarks", "cures.jsonl")) as f:
    RUNS = [json.loads(line) for line in f]
RUNS = [run for run in RUNS if not run.get("after")]  # of one mathematics from start to end
with open(os.path.join(ROOT, "tests", "golden", "book_runs.json")) as f:
    BOOK_RUNS = json.load(f)


def epoch_of_warning(d_losses, g_losses, healths, smoothing=0.0, steps=550):
    """Shows a Watch a run's epochs; returns the epoch in which it warns, or None."""
    watch = health.Watch(options.Conditional(label_smoothing=smoothing))
    seen = [
        epoch
        for epoch, row in enumerate(zip(healths, d_losses, g_losses))
        if watch.look((epoch + 1) * steps, health.Health(*row[0]), np.abs(row[1:])) is not None
    ]
    assert len(seen) <= 1  # once
    assert (watch.saw is not None) == bool(seen)
    return seen[0] if seen else None


def of_run(run):
    healths = list(zip(run["d_real"], run["d_fake"], run["spread"]))
    smoothing = 0.1 if "--label-smoothing" in run["cure"] else 0.0
    return epoch_of_warning(run["d_loss"], run["g_loss"], healths, smoothing)


def longest_smudge(run):
    """Returns for how many epochs on end all generated images were one, after the tenth."""
    longest = lasted = 0
    for spread in run["spread"][10:]:
        lasted = lasted + 1 if spread < 0.15 else 0
        longest = max(longest, lasted)
    return longest


def test_no_measured_run_with_the_right_digits_is_called_collapsed():
    healthy = [run for run in RUNS if run["right"] >= 0.5 and longest_smudge(run) < 3]
    assert len(healthy) > 50
    assert [(run["cure"], run["seed"]) for run in healthy if of_run(run) is not None] == []


def test_collapse_that_a_run_came_back_from_is_seen_too():
    came_back = [run for run in RUNS if run["right"] >= 0.5 and longest_smudge(run) >= 3]
    assert [(run["cure"], run["seed"], run["epochs"]) for run in came_back] == [("as the book", 3, 100)]
    assert 10 <= of_run(came_back[0]) <= 14  # D had won from the tenth epoch on


def test_every_measured_collapse_is_seen():
    """Digits as by chance, and far from any real one: the judge's word, not the trainer's."""
    collapsed = [run for run in RUNS if run["right"] < 0.25 and run["distance"] > 50]
    assert len(collapsed) > 30
    assert [(run["cure"], run["seed"]) for run in collapsed if of_run(run) is None] == []


@pytest.mark.parametrize("model", ["vanilla", "mlp", "dcgan", "cdcgan"])
def test_full_trainings_of_the_other_models_are_not_called_collapsed(model):
    """mlp's images are one smudge from its 900th step to its 3,900th, before they become digits."""
    healths = np.loadtxt(os.path.join(ROOT, "docs", "pictures", model, "health.csv"), delimiter=",", skiprows=1)
    fair = [0.5] * len(healths), [2.0] * len(healths)  # the losses are in RUN.md: no sign by themselves
    steps = int(healths[0, 0])
    assert epoch_of_warning(*fair, [row[2:] for row in healths], steps=steps) is None


@pytest.mark.parametrize("name", sorted(BOOK_RUNS))
def test_books_own_runs_on_tf_1_15_are_told_apart_by_their_losses(name):
    run = BOOK_RUNS[name]
    fair = [(0.9, 0.1, 0.8)] * len(run["loss_D"])  # only the losses were kept
    epoch = epoch_of_warning(run["loss_D"], run["loss_G"], fair)
    if name == "conditional run 0":
        # Its D loss is under 1e-4 from epoch 10 on.
        assert 9 <= epoch <= 14
    else:
        assert epoch is None


@pytest.mark.parametrize(
    "d_loss, g_loss, spread, sees",
    [(1e-5, 12, 0.8, 2), (1e-5, 2, 0.8, None), (0.1, 12, 0.8, 9), (0.1, 2, 0.8, None), (0.1, 2, 0.05, 11)],
)
def test_each_sign_must_last(d_loss, g_loss, spread, sees):
    epochs = 20
    assert sees == epoch_of_warning([d_loss] * epochs, [g_loss] * epochs, [(0.9, 0.1, spread)] * epochs)
    # Epochs of a few steps are no time at all.
    assert epoch_of_warning([d_loss] * 20, [g_loss] * 20, [(0.9, 0.1, spread)] * 20, steps=6) is None


def test_images_that_come_together_again_are_a_collapse():
    spreads = [0.1, 0.5, 0.7] + [0.3] * 5
    assert epoch_of_warning([0.1] * 8, [2] * 8, [(0.9, 0.1, s) for s in spreads]) == 5


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


def test_cure_is_not_what_the_run_has_already():
    assert health.remedy(options.Conditional()).startswith("--restart --label-smoothing 0.1;")
    assert "smoothing" not in health.remedy(options.Conditional(label_smoothing=0.2))


# What a run does about it


@pytest.fixture
def dead(program, made_folder, monkeypatch):
    """A command whose G can learn nothing: its images are black whatever the noise.

    A tenth of the steps makes a collapse certain: what does so is tested above.
    """
    monkeypatch.setattr(health, "LASTING", (health.LASTING[0], health.LASTING[1] // 10))
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
    assert f"--restart {health.REMEDY};" in warning
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
    assert len(RunDirectory("runs/conditional").losses()[0]) >= steps + health.LASTING[1]


def test_on_collapse_retry_begins_over_with_the_next_seed(dead, monkeypatch):
    monkeypatch.setattr("legacy_gan.training.execute.MOST_SEEDS", 2)
    status, _, err = dead("--epochs", 400, "--on-collapse", "retry", "--seed", 2**32 - 1)
    assert status == 5
    assert "beginning over with seed 0" in err and "; 2 seeds were tried" in err.splitlines()[-1]
    tried = [RunDirectory(run).config()["seeds_tried"] for run in ("runs/conditional.1", "runs/conditional")]
    assert tried == [[2**32 - 1], [2**32 - 1, 0]]
    # The command that began it may be given again: its seed is no contradiction.
    assert dead("--steps", 10, "--seed", 2**32 - 1)[0] == 0


@pytest.mark.parametrize("d_fake, d_loss, sees", [(1e-5, 1e-4, "D has won"), (0.5, 1.386, None), (0.99999, 11.0, None)])
def test_saturating_loss_of_g_is_read_the_other_way_round(d_fake, d_loss, sees):
    """It is log(1 - D(G(z))): near 0 where D has won, and large where D is fooled."""
    watch = health.Watch(options.Conditional(loss="saturating"))
    saw = [
        watch.look(550 * n, health.Health(0.9, d_fake, 0.8), (d_loss, abs(np.log(1 - d_fake)))) for n in range(1, 13)
    ]
    saw = [words for words in saw if words]
    assert (sees in saw[0]) if sees else not saw


@pytest.mark.parametrize("added", [{"gradient_penalty": 0.003}, {"mismatched_labels": 10.0}])
@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_d_that_has_won_is_seen_whatever_is_added_to_its_loss(added, smoothing):
    def saw(d_real, d_fake, **given):
        watch = health.Watch(options.Conditional(label_smoothing=smoothing, **given))
        return [
            words
            for words in (watch.look(550 * n, health.Health(d_real, d_fake, 0.8), (0.81, 9.0)) for n in range(1, 13))
            if words
        ]

    surest = 1 - smoothing  # the best that D can say
    assert "D has won" in saw(surest - 1e-5, 1e-5, **added)[0]
    assert not saw(surest - 0.1, 0.1, **added)
    assert not saw(surest - 1e-5, 1e-5)  # without an addition the loss says that it has not
    assert health.remedy(options.Conditional(**added)) == health.remedy(options.Conditional(label_smoothing=0.1))
