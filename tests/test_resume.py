"""Exact resume: a run that is killed and continued is, bit for bit, the run that never was."""

import hashlib
import json
import os
import random
import re
import subprocess
import sys

import numpy as np
import pytest

from legacy_gan.training import checkpoints
from legacy_gan.training.rundir import RunDirectory
from tests import training

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
MODELS = pytest.mark.parametrize("model", ["basic", "conditional"])
needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and SIGKILL")


class Children(object):
    """Commands in processes of their own that can be killed; see tests/killed.py."""

    def __init__(self, jobs):
        with open("jobs.json", "w") as f:
            json.dump(jobs, f)
        ended = subprocess.run(
            [sys.executable, "-m", "tests.killed", os.path.abspath("jobs.json")], cwd=ROOT,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=dict(os.environ, PYTHONPATH=ROOT),
        )
        assert ended.returncode == 0, ended.stderr
        self.results = [json.loads(line) for line in ended.stdout.splitlines()]


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
    for name in os.listdir(samples):
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

    def build(model):
        return ["train", model, "--data-dir", made_folder, "--epochs", "10", "--hidden", "24",
                "--noise", "11", "--sample-every", "3"]

    return build


@needs_fork
@MODELS
def test_killed_at_random_moments_and_continued_is_the_same_run(model, argv):
    """Killed again and again, each life a little longer, until one reaches the end."""
    seed = int.from_bytes(os.urandom(4), "little")
    print("seed of the moments:", seed)
    moments = random.Random(seed)
    jobs = [job("whole", argv(model)), job("whole-again", argv(model))]
    jobs += [job("killed", argv(model), after=moments.uniform(0.1, 1.3)) for _ in range(14)]
    jobs += [job("killed", argv(model))]
    statuses = [status for status, _ in Children(jobs).results]
    assert statuses[:2] == [0, 0] and statuses[-1] == 0
    assert statuses.count(-9) >= 3  # else the moments were too late to mean anything
    reference = results_of("whole", model)
    assert_same("whole-again", model, reference)
    assert_same("killed", model, reference)


@needs_fork
@MODELS
def test_killed_on_any_operation_on_files_and_continued_is_the_same_run(model, argv):
    """Checkpoints, tables, pictures and settings: death on the brink of each kind of change."""
    operations = Children([job("whole", argv(model))]).results[0][1]
    assert operations > 100
    seed = int.from_bytes(os.urandom(4), "little")
    print("seed of the moments:", seed)
    moments = random.Random(seed).sample(range(1, operations + 1), 16)
    jobs = []
    for at in moments:
        jobs += [job(str(at), argv(model), at=at), job(str(at), argv(model))]
    statuses = [status for status, _ in Children(jobs).results]
    assert statuses == [-9, 0] * len(moments)
    reference = results_of("whole", model)
    for at in moments:
        assert_same(str(at), model, reference)
        assert not [n for n in os.listdir(os.path.join(str(at), "runs", model)) if n[0] == "."]
