"""Checkpoints that training refuses: exit status 2, one line, nothing lost or half written.

A row is what is given (flags), what was there before (prepare) and words of the line it must get.
"""

import os
import shutil

import numpy as np
import pytest

from tests.support import bad_input
from tests.support.bad_input import (
    FURTHER,
    RUN,
    Row,
    config_edited,
    cut_data,
    emptied,
    garbage,
    posix,
    replaced,
    run_with,
    set_at,
    without,
    without_data,
    without_index,
    write,
)

pytestmark = [pytest.mark.both_ends, pytest.mark.python]

# Checkpoints of which none is whole. The newest of several is passed over: tests/training/test_resume.py.


def each_checkpoint(damage):
    """There is a run whose two checkpoints are damaged; damage is called with their folders."""

    def change(world):
        folder = RUN + "/checkpoints"
        assert len(os.listdir(folder)) == 2
        for name in sorted(os.listdir(folder), reverse=True):
            damage(os.path.join(folder, name))

    return run_with(change)


def swapped_for(name):
    """The checkpoints of another run."""

    def change(world):
        shutil.rmtree(RUN + "/checkpoints")
        shutil.copytree(os.path.join(world.run_of(name), "checkpoints"), RUN + "/checkpoints")

    return run_with(change)


def rewritten(change):
    """The checkpoints are whole, but hold something else."""

    def damage(folder):
        from legacy_gan.training import checkpoints  # loads TensorFlow

        prefix = os.path.join(folder, "model.ckpt")
        arrays = checkpoints._read(prefix)
        change(arrays)
        shutil.rmtree(folder)
        os.makedirs(folder)
        checkpoints._write(prefix, arrays)

    return each_checkpoint(damage)


def in_array(name, index, value):
    def change(arrays):
        arrays[name] = np.array(arrays[name])
        arrays[name][index] = value

    return change


def file_for_folder(folder):
    shutil.rmtree(folder)
    write(folder, b"a file")


def index_link(folder):
    without_index(folder)
    os.symlink("model.ckpt.index", os.path.join(folder, "model.ckpt.index"))


def without_rows(world):
    """Checkpoints of steps 1 and 2, and tables without a row."""
    from legacy_gan.training import checkpoints  # loads TensorFlow

    first, second = (RUN + "/checkpoints/step-0000000" + digit for digit in "01")
    arrays = checkpoints._read(first + "/model.ckpt")
    arrays["training/step"] = np.asarray(1, np.int64)
    shutil.rmtree(first)
    os.makedirs(second)
    checkpoints._write(second + "/model.ckpt", arrays)
    os.unlink(RUN + "/losses.csv")
    write(RUN + "/health.csv")


NO_CHECKPOINT = "expected a whole checkpoint, got 2 that cannot be used; --restart begins anew"

CHECKPOINTS = [
    Row(FURTHER, NO_CHECKPOINT, prepare, "checkpoints " + what, passed_over=why, mark=mark)
    for what, why, prepare, mark in [
        ("garbage", "does not read back whole", each_checkpoint(garbage), ()),
        ("empty files", "does not read back whole", each_checkpoint(emptied), ()),
        ("truncated", "does not read back whole", each_checkpoint(cut_data), ()),
        ("without index", "does not read back whole", each_checkpoint(without_index), ()),
        ("without data", "does not read back whole", each_checkpoint(without_data), ()),
        (
            "empty folders",
            "does not read back whole",
            each_checkpoint(lambda folder: (shutil.rmtree(folder), os.makedirs(folder))),
            (),
        ),
        ("files", "does not read back whole", each_checkpoint(file_for_folder), ()),
        ("links to themselves", "does not read back whole", each_checkpoint(index_link), posix),
        ("of the other model", "expected the variables of this model, got others", swapped_for("conditional"), ()),
        ("of another width", "], got float32 [", swapped_for("wide"), ()),
        ("of another step", "it is of step", rewritten(in_array("training/step", (), 77)), ()),
        ("NaN weights", "expected G_W2 as finite", rewritten(in_array("G_W2", 0, np.nan)), ()),
        ("infinite bias", "expected D_b1 as finite", rewritten(in_array("D_b1", 3, np.inf)), ()),
        (
            "float64 weights",
            "expected G_b1 as finite float32 [8], got float64 [8]",
            rewritten(lambda a: a.update(G_b1=a["G_b1"].astype(float))),
            (),
        ),
        ("without a variable", "got others: G_b1", rewritten(without("G_b1")), ()),
        ("with one more", "got others: G_b9", rewritten(replaced("G_b9", np.zeros(1, "f"))), ()),
        (
            "no random keys",
            "expected training/random/keys as",
            rewritten(replaced("training/random/keys", np.zeros(3, np.int64))),
            (),
        ),
        (
            "no random position",
            "training/random/position",
            rewritten(in_array("training/random/position", (), 625)),
            (),
        ),
        (
            "negative random position",
            "training/random/position",
            rewritten(in_array("training/random/position", (), -1)),
            (),
        ),
        (
            "order of other data",
            "expected training/data/order as",
            rewritten(replaced("training/data/order", np.arange(700))),
            (),
        ),
        (
            "order no permutation",
            "training/data/order is no permutation",
            rewritten(replaced("training/data/order", np.zeros(600, np.int64))),
            (),
        ),
        ("index beyond the data", "training/data/index", rewritten(in_array("training/data/index", (), 10**6)), ()),
        ("negative index", "training/data/index", rewritten(in_array("training/data/index", (), -7)), ()),
        ("without rows of losses", "the run's losses.csv has only 0 whole rows", run_with(without_rows), ()),
        ("of a width edited in config", "], got float32 [", config_edited(set_at("settings", "hidden", 16)), ()),
        (
            "of a count edited in config",
            "expected training/data/order as",
            config_edited(set_at("data", "training_images", 601)),
            (),
        ),
    ]
]


@bad_input.cases(CHECKPOINTS)
def test_bad_input_is_one_line_and_status_2(row, program, world):
    bad_input.check(row, program, world)
