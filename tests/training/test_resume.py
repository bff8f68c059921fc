"""Exact resume: a run that is killed and continued is, bit for bit, the run that never was."""

import hashlib
import json
import os
import random
import shutil
import subprocess
import sys

import numpy as np
import pytest

from legacy_gan import input_data, options
from legacy_gan.models import basic
from legacy_gan.training import checkpoints
from legacy_gan.training.batches import Batches
from legacy_gan.training.rundir import Lock, RunDirectory
from tests.support.paths import ROOT

pytestmark = pytest.mark.newest

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and SIGKILL")


def carried_out(jobs):
    """Carries out commands in processes that may be killed; returns what tests/support/killed.py prints."""
    with open("jobs.json", "w") as f:
        json.dump(jobs, f)
    ended = subprocess.run(
        [sys.executable, "-m", "tests.support.killed", os.path.abspath("jobs.json")],
        cwd=ROOT,
        capture_output=True,
        env=dict(os.environ, PYTHONPATH=ROOT),
    )
    assert ended.returncode == 0, ended.stderr
    return [json.loads(line) for line in ended.stdout.splitlines()]


def job(folder, argv, after=None, at=None):
    os.makedirs(folder, exist_ok=True)
    return {"argv": argv, "folder": os.path.abspath(folder), "after": after, "at": at}


def results_of(folder, model):
    """Returns what must be equal: every tensor of the last checkpoint, tables, pictures."""
    directory = RunDirectory(os.path.join(folder, "runs", model))
    step = checkpoints.steps(directory)[-1]
    arrays = checkpoints._read(os.path.join(checkpoints.path_of(directory, step), "model.ckpt"))
    kept = {name: (a.dtype.str, a.shape, a.tobytes()) for name, a in arrays.items()}
    for name in ("losses.csv", "health.csv"):
        with open(directory.file(name), "rb") as f:
            kept[name] = f.read()
    samples = os.path.join(folder, {"basic": "samples", "conditional": "samples2"}[model])
    # What was complete already when its last command came has drawn generated.png besides.
    for name in set(os.listdir(samples)) - {"generated.png"}:
        with open(os.path.join(samples, name), "rb") as f:
            kept[name] = hashlib.sha256(f.read()).hexdigest()
    return kept


def assert_same(folder, model, reference):
    got = results_of(folder, model)
    assert set(got) == set(reference)
    assert [name for name in reference if got[name] != reference[name]] == []


@pytest.fixture
def argv(made_folder):
    """A run of 60 steps in 10 epochs with a picture after every third."""

    def build(model, engine="feed"):
        return [
            "train",
            model,
            "--engine",
            engine,
            "--data-dir",
            made_folder,
            "--epochs",
            "10",
            "--hidden",
            "24",
            "--noise",
            "11",
            "--sample-every",
            "3",
        ]

    return build


@pytest.mark.both_ends
@needs_fork
@pytest.mark.parametrize(  # XLA compiles for most of a life
    "engine, model", [("feed", "basic"), pytest.param("compiled", "conditional", marks=pytest.mark.slow)]
)
def test_killed_at_random_moments_and_continued_is_the_same_run(engine, model, argv):
    """Killed while it trains, again and again until it reaches the end; and, other runs of the same
    command, on the brink of a change to checkpoints, tables, pictures or settings.
    """
    argv = argv(model, engine)
    seed = int.from_bytes(os.urandom(4), "little")
    print("seed of the moments:", seed)
    moments = random.Random(seed)
    jobs, brinks = [job("whole", argv)], ["brink-0", "brink-1"]
    for folder in brinks:
        jobs += [job(folder, argv, at=1 - moments.random()), job(folder, argv)]
    longest, statuses = 0.3, []
    for _ in range(6):
        # No life is longer than a third of the training, so the first two at least are cut short.
        jobs += [job("killed", argv, after=moments.uniform(0.02, longest)) for _ in range(3)]
        jobs += [job("killed", argv)]
        results = carried_out(jobs)
        assert results[0][0] == 0 and results[0][1] > 100
        reference = results_of("whole", model)
        for folder, killed, ended in zip(brinks, results[1::2], results[2::2]):
            assert (killed[0], ended[0]) == (-9, 0)
            assert_same(folder, model, reference)
            assert not [n for n in os.listdir(os.path.join(folder, "runs", model)) if n[0] == "."]
        statuses = [status for status, _, _ in results[-4:]]
        assert set(statuses) <= {-9, 0} and statuses[-1] == 0
        assert_same("killed", model, reference)
        # Those who died had the run's lock, which was no obstacle.
        assert os.path.exists(f"killed/runs/{model}/lock")
        if statuses.count(-9) >= 2:
            return
        # The machine was slower when it was timed: again, with shorter lives.
        shutil.rmtree("killed")
        shutil.rmtree("whole")
        jobs, brinks, longest = [job("whole", argv)], [], longest / 3
    pytest.fail(f"too few lives were cut short: {statuses}")


# Checkpoints


@pytest.fixture
def train(program, made_folder):
    """Trains a small basic model on the made data: train("--steps", 3) -> (out, err)."""

    def run(*argv):
        status, out, err = program("train", "basic", "--hidden", 12, "--noise", 7, "--data-dir", made_folder, *argv)
        assert status == 0, err
        return out, err

    return run


def run_of(name="runs/basic"):
    return RunDirectory(name)


def read(path):
    with open(path, "rb") as f:
        return f.read()


def data_file(step):
    return os.path.join(checkpoints.path_of(run_of(), step), "model.ckpt.data-00000-of-00001")


@pytest.mark.both_ends
def test_checkpoint_holds_the_whole_state_of_a_training(train):
    train("--epochs", 2)
    arrays = checkpoints._read(os.path.join(checkpoints.path_of(run_of(), 12), "model.ckpt"))
    names = {"G_W1", "G_b1", "G_W2", "G_b2", "D_W1", "D_b1", "D_W2", "D_b2"}
    slots = {name + slot for name in names for slot in ("/Adam", "/Adam_1")}
    powers = {"beta1_power", "beta2_power", "beta1_power_1", "beta2_power_1"}
    assert set(arrays) == names | slots | powers | set(checkpoints._TRAINING)
    assert arrays["training/step"] == 12 and arrays["training/epoch"] == 2
    np.testing.assert_allclose(arrays["beta1_power"], 0.9**13, rtol=1e-5)  # after 12 steps
    assert np.array_equal(np.sort(arrays["training/data/order"]), np.arange(600))
    assert np.abs(arrays["D_W1/Adam_1"]).max() > 0


def test_last_three_checkpoints_are_kept(train):
    train("--epochs", 5)
    assert checkpoints.steps(run_of()) == [18, 24, 30]
    train("--epochs", 12, "--checkpoint-every", 4, "--run-dir", "sparse")
    assert checkpoints.steps(run_of("sparse")) == [24, 48, 72]


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: os.truncate(path, os.path.getsize(path) // 2),
        lambda path: os.unlink(path),
        lambda path: open(path, "wb").close(),
        lambda path: flip(path),
        lambda path: shutil.copy(data_file(12), path),
    ],
    ids=["truncated", "missing", "empty", "one bit", "another's"],
)
def test_newest_checkpoint_that_is_not_whole_is_named_and_passed_over(damage, train):
    train("--epochs", 3)
    whole = read("runs/basic/losses.csv"), read(data_file(18))
    damage(data_file(18))
    out, err = train("--epochs", 3)
    assert "runs/basic/checkpoints/step-00000018: passed over, it does not read back whole" in err
    assert out.startswith("Epoch: 0002") and "; continuing from step 12" in err
    assert (read("runs/basic/losses.csv"), read(data_file(18))) == whole


def flip(path):
    content = bytearray(read(path))
    content[len(content) // 2] ^= 4
    with open(path, "wb") as f:
        f.write(content)


@pytest.mark.parametrize("cut", [0, 10, 300])
def test_losses_that_lack_rows_make_their_checkpoints_unusable(cut, train, program, made_folder):
    train("--epochs", 3)
    with open("runs/basic/losses.csv", "r+b") as f:
        f.truncate(cut)
    rows = len(run_of().losses()[0])
    status, _, err = program("train", "basic", "--epochs", 3, "--data-dir", made_folder)
    assert status == (0 if rows >= 6 else 2)
    assert f"the run's losses.csv has only {rows} whole rows" in err
    assert ("continuing from step 6" in err) == (rows >= 6)


def test_rows_after_the_checkpoint_are_cut(train):
    train("--epochs", 3)
    whole = read("runs/basic/losses.csv"), read("runs/basic/health.csv")
    shutil.rmtree(checkpoints.path_of(run_of(), 18))
    with open("runs/basic/losses.csv", "ab") as f:
        f.write(b"19,3,-0.5,")  # death in the middle of a row
    train("--epochs", 3)
    assert (read("runs/basic/losses.csv"), read("runs/basic/health.csv")) == whole


@pytest.mark.both_ends
def test_random_stream_and_order_come_back_exactly():
    images, labels = np.zeros((10, 28, 28, 1), np.uint8), np.arange(10, dtype=np.uint8)
    settings = options.Basic(batch_size=7, noise=3)  # odd draws leave half a pair behind
    drawn, other = (Batches(input_data.DataSet(images, labels), basic.get_noise, settings) for _ in range(2))
    for steps in (0, 1, 4):
        drawn.take(steps)
        state = checkpoints.training_state(steps, 0, drawn.state(), len(images))
        other.take(2)
        other.resume(*checkpoints.drawn(state), step=steps)
        np.testing.assert_equal(other.take(3), drawn.take(3))


def test_checkpoints_later_than_the_one_used_are_removed(train):
    """Else they would be taken for this run's when its losses.csv is as long again."""
    train("--epochs", 3)
    with open("runs/basic/losses.csv", "r+b") as f:
        f.truncate(300)
    train("--steps", 7, "--checkpoint-every", 10)
    assert checkpoints.steps(run_of()) == [6, 7]


def test_damaged_row_of_health_is_named(train):
    train("--epochs", 3)
    lines = read("runs/basic/health.csv").splitlines(True)
    lines[2] = b"12,1,?" + lines[2][4:]
    with open("runs/basic/health.csv", "wb") as f:
        f.writelines(lines)
    _, err = train("--epochs", 4)
    assert "runs/basic/health.csv: row 2 cannot be read; it and those after it are left out" in err


# Changes on purpose


def test_allowed_change_is_taken_and_recorded_with_its_step(train, refused):
    train("--epochs", 1)
    line = refused("train", "basic", "--epochs", "2", "--learning-rate", "0.01")
    assert "expected --learning-rate 0.0002, got 0.01" in line
    assert "--allow-change learning-rate" in line
    _, err = train("--epochs", 2, "--learning-rate", 0.01, "--allow-change", "learning-rate")
    assert "learning-rate: from step 6 on 0.01, before 0.0002" in err
    config = run_of().config()
    assert config["changes"] == [{"setting": "learning_rate", "from": 0.0002, "to": 0.01, "step": 6}]
    assert config["settings"]["learning_rate"] == 0.01
    train("--epochs", 1, "--run-dir", "same")
    train("--epochs", 2, "--run-dir", "same")
    changed, same = (run_of(name).losses()[0] for name in ("runs/basic", "same"))
    assert (changed[:7] == same[:7]).all() and not (changed[8:] == same[8:]).any()


def test_change_counts_from_the_checkpoint_that_is_gone_on_with(train):
    """The checkpoint it was made at is lost: the run goes on from an earlier one."""
    train("--epochs", 2)
    train("--epochs", 3, "--learning-rate", 0.01, "--allow-change", "learning-rate")
    for step in (12, 18):
        shutil.rmtree(checkpoints.path_of(run_of(), step))
    train("--epochs", 3)
    assert [change["step"] for change in run_of().config()["changes"]] == [6]


def test_change_that_trains_nothing_is_not_taken(train):
    train("--epochs", 1)
    _, err = train("--epochs", 1, "--learning-rate", 0.01, "--allow-change", "learning-rate")
    assert "nothing was trained, so learning-rate stays as it was" in err
    assert run_of().config()["settings"]["learning_rate"] == 0.0002
    assert run_of().config()["changes"] == []


def test_cure_taken_up_later_keeps_adams_slots(train):
    """The book's optimizer and one with another beta1 have their slots under the same names."""
    train("--epochs", 1)
    train("--epochs", 2, "--beta1", 0.5, "--allow-change", "beta1")
    arrays = checkpoints._read(os.path.join(checkpoints.path_of(run_of(), 12), "model.ckpt"))
    np.testing.assert_allclose(arrays["beta1_power"], 0.9**7 * 0.5**6, rtol=1e-5)


# The lock


def test_second_command_on_a_living_run_is_refused(train, refused):
    train("--steps", 1)
    with Lock(run_of()):
        line = refused("train", "basic", "--steps", "2")
        assert f"runs/basic is in use by another process ({os.getpid()})" in line
        assert "in use" in refused("train", "basic", "--restart")
    train("--steps", 2)  # the file is still there, its owner is not
    assert os.path.exists("runs/basic/lock")


def test_lock_that_cannot_be_opened_is_no_licence(train, refused, monkeypatch):
    train("--steps", 1)

    def open_(path, *args, **named):
        if str(path).endswith("lock"):
            raise PermissionError(13, "Permission denied", path)
        return open(path, *args, **named)

    monkeypatch.setattr("legacy_gan.training.rundir.open", open_, raising=False)
    assert "runs/basic/lock: Permission denied; it keeps a second process out" in refused(
        "train", "basic", "--steps", "2"
    )


# A disk that fills


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs POSIX limits")
@pytest.mark.parametrize("least", [pytest.param(0, marks=pytest.mark.slow), 20000])  # also the losses' file
def test_full_disk_ends_with_4_and_the_last_checkpoint_is_whole(least, train, forked, made_folder):
    """A limit on the size of files stops TensorFlow's writer as a full disk does."""
    import resource

    small = ["--hidden", 12, "--noise", 7, "--epochs", 100000, "--sample-every", 100000]
    process = forked.start("train", "basic", "--data-dir", made_folder, *small)
    process.stdout.readline()
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (least, least))
    _, err = process.communicate()
    assert process.returncode == 4, err
    last = err.splitlines()[-1]
    assert "the run stops here; with room on the disk the same command continues from runs/" in last
    assert "Traceback" not in err and ": File too large; the run stops" in last
    step = checkpoints.steps(run_of())[-1]
    assert f"step-{step:08d}" in last
    _, err = train("--epochs", step // 6 + 2)
    assert f"; continuing from step {step}" in err and "passed over" not in err
    assert [n for n in os.listdir("runs/basic/checkpoints") if n[0] == "."] == []
