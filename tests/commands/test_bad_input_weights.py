"""--initial-weights that training refuses: exit status 2, one line, nothing lost or half written.

A row is what is given (flags), what was there before (prepare) and words of the line it must get.
"""

import os
import shutil
import zipfile

import numpy as np
import pytest

from tests.support import bad_input
from tests.support.bad_input import (
    LONG_NAME,
    LONG_PATH,
    SMALL,
    UNREADABLE,
    Row,
    Trap,
    cut_data,
    emptied,
    folder_there,
    garbage,
    link_there,
    posix,
    read,
    replaced,
    there,
    without,
    without_data,
    without_index,
    write,
)

pytestmark = [pytest.mark.both_ends, pytest.mark.python]


def npz_of(change, name="basic"):
    """There is in.npz with a run's weights, changed."""

    def prepare(world):
        arrays = world.arrays(name)
        change(arrays)
        np.savez("in.npz", **arrays)

    return prepare


def member(name, data):
    """There is in.npz with a run's weights, of which one member is other bytes."""

    def prepare(world):
        np.savez("whole.npz", **world.arrays())
        with zipfile.ZipFile("whole.npz") as whole, zipfile.ZipFile("in.npz", "w") as changed:
            for other in whole.namelist():
                if other != "G_b1.npy":
                    changed.writestr(other, whole.read(other))
            changed.writestr(name, data)
        os.unlink("whole.npz")

    return prepare


def npy_header(text):
    body = text.ljust(117).encode("ascii") + b"\n"
    return b"\x93NUMPY\x01\x00" + len(body).to_bytes(2, "little") + body


def single_array(world):
    np.save("in.npy", np.zeros(3))
    os.rename("in.npy", "in.npz")


def truncated_npz(world):
    data = read(world.run_of("basic") + ".npz")
    write("in.npz", data[: len(data) // 2])


def damaged_npz(world):
    """A bit of an array is another, so that the archive's sum is wrong."""
    data = bytearray(read(world.run_of("basic") + ".npz"))
    data[len(data) // 2] ^= 1
    write("in.npz", bytes(data))


def ckpt_of(change, name="basic"):
    """There is in/model.ckpt, a run's checkpoint, changed."""

    def prepare(world):
        shutil.copytree(os.path.join(world.run_of(name), "checkpoints", "step-00000002"), "in")
        change("in")

    return prepare


NOT_FINITE = "expected finite floating-point numbers in G_b1, got NaN or infinity"
NO_INDEX = "expected an .npz file or the prefix of a TensorFlow checkpoint (there is no in/model.ckpt.index)"
BROKEN = "expected a whole TensorFlow checkpoint, cannot read it"

WEIGHTS = [
    Row(
        ["--initial-weights", path] + SMALL,
        "--initial-weights " + path + ": " + words,
        prepare,
        "weights " + what,
        mark=mark,
    )
    for path, what, words, prepare, mark in [
        ("in.npz", "absent", UNREADABLE + ": No such file or directory", None, ()),
        ("in.npz", "a folder", UNREADABLE + ": Is a directory", folder_there("in.npz"), posix),
        ("in.npz", "a text", UNREADABLE, there("in.npz", b"G_W1 = 0.5\n"), ()),
        ("in.npz", "empty", UNREADABLE, there("in.npz"), ()),
        ("in.npz", "truncated", UNREADABLE, truncated_npz, ()),
        ("in.npz", "damaged", UNREADABLE, damaged_npz, ()),
        ("in.npz", "a single array", UNREADABLE, single_array, ()),
        ("in.npz", "a dangling link", UNREADABLE, link_there("in.npz", "nowhere"), posix),
        ("in.npz", "a link to itself", UNREADABLE, link_there("in.npz", "in.npz"), posix),
        ("in.npz", "of nothing", "expected the variables", lambda w: np.savez("in.npz"), ()),
        ("in.npz", "pickled", UNREADABLE, npz_of(replaced("G_b1", np.array([Trap()] * 8))), ()),
        ("in.npz", "one missing", "expected the variables", npz_of(without("G_b1")), ()),
        ("in.npz", "one extra", "expected the variables", npz_of(replaced("G_b9", np.zeros(1))), ()),
        ("in.npz", "of the other model", "expected the variables", npz_of(lambda arrays: None, "conditional"), ()),
        (
            "in.npz",
            "of another width",
            "expected G_W1 of shape [4, 8], got [4, 9]",
            npz_of(lambda arrays: None, "wide"),
            (),
        ),
        (
            "in.npz",
            "transposed",
            "expected G_W1 of shape [4, 8], got [8, 4]",
            npz_of(replaced("G_W1", np.zeros((8, 4)))),
            (),
        ),
        ("in.npz", "scalar", "expected G_b1 of shape [8], got []", npz_of(replaced("G_b1", np.float32(0))), ()),
        (
            "in.npz",
            "integer",
            "expected finite floating-point numbers in G_b1, got int64",
            npz_of(replaced("G_b1", np.zeros(8, np.int64))),
            (),
        ),
        (
            "in.npz",
            "complex",
            "expected finite floating-point numbers in G_b1, got complex128",
            npz_of(replaced("G_b1", np.zeros(8, complex))),
            (),
        ),
        ("in.npz", "NaN", NOT_FINITE, npz_of(replaced("G_b1", np.full(8, np.nan))), ()),
        ("in.npz", "infinite", NOT_FINITE, npz_of(replaced("G_b1", np.full(8, -np.inf))), ()),
        ("in.npz", "too large", NOT_FINITE, npz_of(replaced("G_b1", np.full(8, 1e300))), ()),
        ("in.npz", "with a member of no format", UNREADABLE, member("G_b1", b"raw bytes"), ()),
        ("in.npz", "with a foreign member", "expected the variables", member("readme.txt", b"hello"), ()),
        (
            "in.npz",
            "that claim petabytes",
            UNREADABLE,
            member("G_b1.npy", npy_header("{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000000000,), }")),
            (),
        ),
        (
            "in.npz",
            "with code for a shape",
            UNREADABLE,
            member(
                "G_b1.npy", npy_header("{'descr': '<f4', 'fortran_order': False, 'shape': open('unpickled', 'w'), }")
            ),
            (),
        ),
        (LONG_NAME + ".npz", "of 300 letters", UNREADABLE + ": File name too long", None, posix),
        (LONG_PATH + "/in.npz", "of 5000 letters", UNREADABLE + ": File name too long", None, posix),
        (LONG_NAME, "ckpt of 300 letters", "expected an .npz file or the prefix", None, ()),
        ("in/model.ckpt", "ckpt absent", NO_INDEX, None, ()),
        ("in", "ckpt a folder", "expected an .npz file or the prefix", ckpt_of(lambda folder: None), ()),
        ("in.ckpt", "ckpt index a folder", BROKEN, folder_there("in.ckpt.index"), ()),
        ("in/model.ckpt", "ckpt garbage", BROKEN, ckpt_of(garbage), ()),
        ("in/model.ckpt", "ckpt empty", BROKEN, ckpt_of(emptied), ()),
        ("in/model.ckpt", "ckpt truncated", BROKEN, ckpt_of(cut_data), ()),
        ("in/model.ckpt", "ckpt without data", BROKEN, ckpt_of(without_data), ()),
        ("in/model.ckpt", "ckpt without index", NO_INDEX, ckpt_of(without_index), ()),
        (
            "in/model.ckpt",
            "ckpt of the other model",
            "expected the variables",
            ckpt_of(lambda folder: None, "conditional"),
            (),
        ),
        (
            "in/model.ckpt",
            "ckpt of another width",
            "expected G_W1 of shape [4, 8], got [4, 9]",
            ckpt_of(lambda folder: None, "wide"),
            (),
        ),
    ]
]


@bad_input.cases(WEIGHTS)
def test_bad_input_is_one_line_and_status_2(row, program, world):
    bad_input.check(row, program, world)
