"""Bad input and refusals: exit status 2, one line that says what was wrong, nothing lost or half
written.

A row is what is given (flags), what was there before (prepare) and words of the line it must get.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from typing import Any, Callable, NamedTuple, Optional

import numpy as np
import pytest

from legacy_gan import cli
from tests.support import synthetic_mnist
from tests.support.paths import ROOT

IMAGES, LABELS = "train-images-idx3-ubyte", "train-labels-idx1-ubyte"
TEST_LABELS = "t10k-labels-idx1-ubyte"
SMALL = ["--hidden", "8", "--noise", "4"]  # the settings of the runs that are there before
FURTHER = ["--steps", "4"]  # they stand at step 2
RUN = "runs/basic"
LONG_NAME = "n" * 300  # a name has 255 bytes at most
LONG_KOREAN = "가" * 100  # 100 letters, 300 bytes
LONG_PATH = "/".join(["d" * 200] * 25)  # a path has 4096 bytes at most

linux = pytest.mark.skipif(not os.path.exists("/proc/version"), reason="needs Linux's /proc")
posix = pytest.mark.skipif(os.name == "nt", reason="needs POSIX files")


def is_bound_by_permissions():
    """Whether a file may be closed to this user; none is to root, nor to anyone on Windows."""
    if os.name == "nt":
        return False
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "closed")
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0))
        try:
            open(path, "rb").close()
        except PermissionError:
            return True
        return False


mortal = pytest.mark.skipif(not is_bound_by_permissions(), reason="no permission binds this user")


class Row(NamedTuple):
    """One bad input; the command has --data-dir with good data unless its flags name other."""

    flags: list
    words: Any  # str, of the line; a tuple of str where there are several lines
    prepare: Optional[Callable] = None  # called with a World, in the working directory
    id: str = ""
    model: str = "basic"
    passed_over: str = ""  # words of the lines on checkpoints, one for each of the run's two
    mark: Any = ()


class World:
    """What `prepare` works with.

    Attributes:
      data, other_data: folders with two sets of made data.
      runs: folder with a run of each model, two steps long, their weights, and a wider one.
    """

    def __init__(self, data, other_data, runs, monkeypatch):
        self.data, self.other_data, self.runs = data, other_data, runs
        self.monkeypatch = monkeypatch
        self.held = []  # what is closed after the test

    def run(self, name="basic", path=RUN):
        shutil.copytree(os.path.join(self.runs, name), path)

    def arrays(self, name="basic"):
        with np.load(os.path.join(self.runs, name + ".npz")) as npz:
            return {key: npz[key] for key in npz.files}


def write(path, data=b""):
    folder = os.path.dirname(path)
    if folder:
        os.makedirs(folder, exist_ok=True)
    with open(path, "wb") as f:
        f.write(data)


def read(path):
    with open(path, "rb") as f:
        return f.read()


def there(path, data=b""):
    """There is a file."""
    return lambda world: write(path, data)


def folder_there(path):
    return lambda world: os.makedirs(path)


def link_there(path, target):
    return lambda world: os.symlink(target, path)


def run_with(change):
    """There is a run, of which something was changed."""

    def prepare(world):
        world.run()
        change(world)

    return prepare


# Flags: out of range, of a wrong type, contradictory, unknown.

FLAGS = (
    [
        Row(["--epochs", "0"], "--epochs takes a whole number from 1 to 1000000, got '0'"),
        Row(["--epochs", "-1"], "--epochs takes a whole number from 1 to 1000000, got '-1'"),
        Row(["--epochs", "1000001"], "--epochs takes"),
        Row(["--epochs", "1.5"], "--epochs takes"),
        Row(["--epochs", "ten"], "--epochs takes"),
        Row(["--epochs", ""], "--epochs takes"),
        Row(["--epochs", "1e400"], "--epochs takes"),
        Row(["--epochs", "9" * 5000], "--epochs takes", id="--epochs of 5000 digits"),
        Row(["--epochs"], "argument --epochs: expected one argument; see --help"),
        Row(["--epochs", "1", "--epochs", "0"], "--epochs takes"),
        Row(["--batch-size", "0"], "--batch-size takes a whole number from 1 to 60000"),
        Row(["--batch-size", "60001"], "--batch-size takes"),
        Row(["--batch-size", "nan"], "--batch-size takes"),
        Row(["--batch-size", "601"], "--batch-size must be at most the 600 training images of"),
        Row(["--learning-rate", "0"], "--learning-rate takes a number above 0, at most 100, got '0'"),
        Row(["--learning-rate", "-0.1"], "--learning-rate takes"),
        Row(["--learning-rate", "101"], "--learning-rate takes"),
        Row(["--learning-rate", "nan"], "--learning-rate takes"),
        Row(["--learning-rate", "inf"], "--learning-rate takes"),
        Row(["--learning-rate=-inf"], "--learning-rate takes"),
        Row(["--learning-rate", "1e400"], "--learning-rate takes"),
        Row(["--learning-rate", "1e-400"], "--learning-rate takes"),
        Row(["--learning-rate", ""], "--learning-rate takes"),
        Row(["--learning-rate", "0,001"], "--learning-rate takes"),
        Row(["--hidden", "0"], "--hidden takes a whole number from 1 to 65536"),
        Row(["--hidden", "65537"], "--hidden takes"),
        Row(["--noise", "0"], "--noise takes a whole number from 1 to 65536"),
        Row(["--noise", "0x10"], "--noise takes"),
        Row(["--seed", "-1"], "--seed takes a whole number from 0 to 4294967295 or 'random', got '-1'"),
        Row(["--seed", "4294967296"], "--seed takes"),
        Row(["--seed", "Random"], "--seed takes"),
        Row(["--steps", "-1"], "--steps takes a whole number from 0 to 1000000000"),
        Row(["--steps", "inf"], "--steps takes"),
        Row(["--sample-every", "0"], "--sample-every takes a whole number from 1 to 1000000"),
        Row(["--checkpoint-every", "0"], "--checkpoint-every takes a whole number from 1 to 1000000"),
        Row(["--checkpoint-every", "0.5"], "--checkpoint-every takes"),
        Row(["--d-steps", "0"], "--d-steps takes a whole number from 1 to 100, got '0'"),
        Row(["--d-steps", "101"], "--d-steps takes"),
        Row(["--g-steps", "-3"], "--g-steps takes a whole number from 1 to 100, got '-3'"),
        Row(["--g-steps", "two"], "--g-steps takes"),
        Row(["--engine", "xla"], "--engine takes one of feed, compiled, got 'xla'"),
        Row(["--engine", ""], "--engine takes one of"),
        Row(["--precision", "float16"], "--precision takes one of float32, bfloat16, got 'float16'"),
        Row(["--device", "tpu"], "--device takes one of auto, cpu, gpu, got 'tpu'"),
        Row(["--device", ""], "--device takes"),
        Row(["--gradient-penalty", "-0.1"], "--gradient-penalty takes a number from 0 to"),
        Row(["--gradient-penalty", "nan"], "--gradient-penalty takes a number from 0 to"),
        Row(["--mismatched-labels", "1"], "unrecognized arguments: --mismatched-labels 1"),  # listing 1 has no labels
        Row(["--decay-steps", "0"], "--decay-steps takes a whole number from 1 to"),
        Row(["--decay-steps", "1.5"], "--decay-steps takes a whole number from 1 to"),
        Row(["--on-collapse", "explode"], "--on-collapse takes one of warn, stop, retry"),
        Row(["--on-collapse", ""], "--on-collapse takes one of"),
        Row(["--on-collapse", "Stop"], "--on-collapse takes one of"),
        Row(["--allow-change", "hidden"], "--allow-change takes one or more of learning-rate,"),
        Row(["--allow-change", "seed,beta1"], "--allow-change takes one or more of"),
        Row(["--allow-change", "beta1,"], "--allow-change takes one or more of"),
        Row(["--allow-change", ""], "--allow-change takes one or more of"),
        Row(["--allow-change", "beta1\0"], "--allow-change takes one or more of"),
        Row(["--preset", "best"], "--preset takes one of better, got 'best'"),
        Row(
            ["--preset", "better", "--optimizer", "momentum"],
            "--preset better is of --optimizer adam, got --optimizer momentum",
        ),
        Row(
            ["--preset", "better", "--batch-size", "1"],
            "--mismatched-labels wants batches of two images or more, got --batch-size 1",
            model="conditional",
        ),
        Row(["--no-such-flag"], "unrecognized arguments: --no-such-flag; see --help"),
        Row(["--epoch", "3"], "unrecognized arguments: --epoch 3"),
        Row(["--d_steps", "3"], "unrecognized arguments: --d_steps 3"),
        Row(["-e", "3"], "unrecognized arguments: -e 3"),
        Row(["stray"], "unrecognized arguments: stray"),
        Row(["--offline", "yes"], "unrecognized arguments: yes"),
        Row(["--restart=yes"], "argument --restart: ignored explicit argument 'yes'"),
        Row(["--digit", "5"], "unrecognized arguments: --digit 5"),  # listing 1 has no labels
    ]
    + [
        Row([flag, value], flag + " takes a number above 0, at most 100, got " + repr(value))
        for flag in ("--d-learning-rate", "--g-learning-rate", "--skip-d-below")
        for value in ("0", "-0.5", "100.1", "nan", "inf", "1e400", "", "low")
    ]
    + [
        Row([flag, value], f"{flag} takes a number from 0 to {high}, got {value!r}")
        for flag, high in (
            ("--label-smoothing", "0.5"),
            ("--beta1", "0.9999"),
            ("--momentum", "0.9999"),
            ("--average", "0.99999"),
        )
        for value in ("-0.1", "1", "nan", "inf", "1e400", "", "half")
    ]
    + [
        Row(["--digit", value], "--digit takes a whole number from 0 to 9", model="conditional")
        for value in ("10", "-1", "five", "5.0", "nan", "")
    ]
    + [
        Row(["--mismatched-labels", "-1"], "--mismatched-labels takes a number from 0 to", model="conditional"),
        Row(["--beta1", "1"], "--beta1 takes", model="conditional"),
        Row(["--g-steps", "0"], "--g-steps takes", model="conditional"),
        Row(["--tensorboard=yes"], "argument --tensorboard: ignored explicit argument 'yes'"),
        Row(["--loss", "minimax"], "--loss takes one of non_saturating, saturating, got 'minimax'"),
        Row(["--loss", ""], "--loss takes one of"),
        Row(["--optimizer", "sgd"], "--optimizer takes one of adam, momentum, got 'sgd'"),
        Row(["--filters", "3"], "unrecognized arguments: --filters 3"),
        Row(["--hidden", "3"], "unrecognized arguments: --hidden 3", model="dcgan"),
        Row(["--digit", "3"], "unrecognized arguments: --digit 3", model="vanilla"),
        Row(["--filters", "0"], "--filters takes a whole number from 1 to 4096, got '0'", model="dcgan"),
        Row(["--dropout", "1"], "--dropout takes a number from 0 to 0.99, got '1'", model="dcgan"),
        Row(["--first-layer", "conv"], "--first-layer takes one of dense, transposed", model="dcgan"),
        Row(["--digit", "10"], "--digit takes a whole number from 0 to 9", model="cdcgan"),
        Row(["--allow-change", "dropout"], "--allow-change takes one or more of", model="vanilla"),
        # Contradictory: they would change nothing.
        Row(["--momentum", "0.9"], "--momentum is of --optimizer momentum, got --optimizer adam"),
        Row(["--momentum", "0.9"], "--momentum is of --optimizer momentum", model="cdcgan"),
        Row(["--optimizer", "momentum", "--beta1", "0.5"], "--beta1 is of --optimizer adam, got --optimizer momentum"),
    ]
)


# Paths: a folder for a file and a file for a folder, what cannot be written, impossible names.

MUST_WRITE = {
    "--run-dir": "--run-dir must be a folder that can be written",
    "--samples-dir": "--samples-dir must be a folder that can be written",
}

PATHS = (
    [
        Row([flag, value], flag + " takes a path", id=f"{flag} {value!r}")
        for flag in ("--run-dir", "--samples-dir", "--data-dir", "--initial-weights", "--save-weights")
        for value in ("", "a\0b")
    ]
    + [
        Row([flag, path], words, prepare, id=f"{flag} {what}", mark=mark)
        for flag, words in MUST_WRITE.items()
        for path, what, prepare, mark in [
            ("file/below", "below a file", there("file", b"mine"), ()),
            (LONG_NAME, "of 300 letters", None, ()),
            (LONG_KOREAN, "of 100 Korean letters", None, posix),
            (LONG_PATH, "of 5000 letters", None, ()),
            ("/proc/version/below", "below /proc/version", None, linux),
            ("/proc/legacy_gan", "in /proc", None, linux),
        ]
    ]
    + [
        Row(["--run-dir", "file"], "--run-dir must be a folder, file is a file", there("file", b"mine")),
        Row(["--run-dir", "/proc/version"], "--run-dir must be a folder", mark=linux),
        Row(["--run-dir", "/"], "--run-dir / holds files but no config.json", mark=posix),
        Row(["--run-dir", "/proc"], "--run-dir /proc holds files but no config.json", mark=linux),
        Row(["--run-dir", "."], "--run-dir . holds files but no config.json", there("thesis", b"mine")),
        Row(
            ["--run-dir", "link"],
            "--run-dir must be a folder",
            link_there("link", "nowhere"),
            "--run-dir dangling link",
            mark=posix,
        ),
        Row(
            ["--run-dir", "link"],
            "--run-dir must be a folder",
            link_there("link", "link"),
            "--run-dir link to itself",
            mark=posix,
        ),
        Row(["--samples-dir", "file"], MUST_WRITE["--samples-dir"], there("file", b"mine")),
        Row(["--samples-dir", "/dev/null"], MUST_WRITE["--samples-dir"], mark=posix),
        Row(
            ["--samples-dir", "link"],
            MUST_WRITE["--samples-dir"],
            link_there("link", "nowhere"),
            "--samples-dir dangling link",
            mark=posix,
        ),
        Row(
            ["--samples-dir", "link"],
            MUST_WRITE["--samples-dir"],
            link_there("link", "link"),
            "--samples-dir link to itself",
            mark=posix,
        ),
        Row(
            ["--samples-dir", "s"],
            "--samples-dir s: 000.png is a folder; move it away",
            folder_there("s/000.png"),
            "--samples-dir with a folder 000.png",
        ),
    ]
    + [
        # A folder of that name would close the run directory for good.
        Row([flag, f"{RUN}/{name}{more}"], f"{flag} must not be {RUN}/{name}, which is the run's own")
        for flag, more in (("--samples-dir", ""), ("--samples-dir", "/below"), ("--save-weights", "/w.npz"))
        for name in ("config.json", "losses.csv", "health.csv", "lock", "checkpoints")
    ]
    + [
        Row(["--data-dir", "file"], "file: expected a folder for MNIST's files, got a file", there("file", b"mine")),
        Row(["--data-dir", "/proc/version"], "expected a folder for MNIST's files", mark=linux),
        # None of these is a folder that is only not there yet, so embedded digits do not stand in for it.
        Row(
            ["--data-dir", "link"],
            "link: expected a folder for MNIST's files, got a link to nowhere",
            link_there("link", "gone"),
            "--data-dir dangling link",
            mark=posix,
        ),
        Row(
            ["--data-dir", "link/"],
            "expected a folder for MNIST's files, got a link to nowhere",
            link_there("link", "gone"),
            "--data-dir dangling link with a slash",
            mark=posix,
        ),
        Row(
            ["--data-dir", "link"],
            "link: cannot be read: Too many levels",
            link_there("link", "link"),
            "--data-dir link to itself",
            mark=posix,
        ),
        Row(
            ["--data-dir", LONG_NAME], "cannot be read: File name too long", id="--data-dir of 300 letters", mark=posix
        ),
        Row(
            ["--data-dir", LONG_PATH], "cannot be read: File name too long", id="--data-dir of 5000 letters", mark=posix
        ),
        Row(
            ["--data-dir", "closed/data"],
            "closed/data: cannot be read: Permission denied",
            lambda world: os.makedirs("closed", 0),
            "--data-dir in a closed folder",
            mark=mortal,
        ),
        Row(
            ["--data-dir", "closed"],
            "closed: cannot be read: Permission denied",
            lambda world: os.makedirs("closed", 0o444),
            "--data-dir that may only be listed",
            mark=mortal,
        ),
        Row(["--save-weights", "w.txt"], "--save-weights must end in .npz, got w.txt"),
        Row(
            ["--save-weights", "there.npz"],
            "--save-weights there.npz: expected a file, got a folder",
            folder_there("there.npz"),
        ),
        Row(
            ["--save-weights", "file/w.npz"],
            "--save-weights must be a folder that can be written",
            there("file", b"mine"),
        ),
        Row(
            ["--save-weights", LONG_NAME + "/w.npz"],
            "--save-weights must be a folder that can be",
            id="--save-weights in a folder of 300 letters",
        ),
        # Else it would be found out after the training.
        Row(["--save-weights", LONG_NAME + ".npz"], "--save-weights", id="--save-weights of 300 letters"),
        Row(
            ["--save-weights", LONG_PATH + "/w.npz"],
            "--save-weights must be a folder that can be",
            id="--save-weights of 5000 letters",
        ),
        Row(["--save-weights", "/proc/w.npz"], "--save-weights must be a folder that can be written", mark=linux),
        Row(
            ["--run-dir", "closed/run"],
            MUST_WRITE["--run-dir"],
            lambda world: os.makedirs("closed", 0o555),
            "--run-dir in a read-only folder",
            mark=mortal,
        ),
        Row(
            ["--samples-dir", "closed"],
            MUST_WRITE["--samples-dir"],
            lambda world: os.makedirs("closed", 0o555),
            "--samples-dir read-only",
            mark=mortal,
        ),
        Row(
            ["--save-weights", "closed/w.npz"],
            "--save-weights must be a folder that can be written",
            lambda world: os.makedirs("closed", 0o555),
            "--save-weights in a read-only folder",
            mark=mortal,
        ),
    ]
)


def test_folder_that_is_gone_is_one_line(program, made_folder):
    """The shell stands in a folder that somebody has removed."""
    here = os.getcwd()
    os.makedirs("gone")
    os.chdir("gone")
    try:
        os.rmdir(os.path.join(here, "gone"))
        status, _, err = program("train", "basic", "--data-dir", made_folder)
    except OSError:
        pytest.skip("this system keeps the folder")
    finally:
        os.chdir(here)
    assert status == 2 and len(err.splitlines()) == 1
    assert "No such file or directory" in err


@linux
@pytest.mark.parametrize(
    "flag, ending", [("--run-dir", ""), ("--samples-dir", ""), ("--save-weights", ".npz"), ("--data-dir", "")]
)
def test_path_that_is_no_text_is_used_or_refused(flag, ending, program, made_folder):
    path = os.fsdecode(b"\xff\xfe") + ending
    if flag == "--data-dir":
        shutil.copytree(made_folder, path)
    data = [] if flag == "--data-dir" else ["--data-dir", made_folder]
    status, _, err = program("train", "basic", *(data + ["--steps", 1, flag, path]))
    assert "Traceback" not in err
    if status == 0:
        assert os.path.exists(path)
    else:
        assert status == 2 and len(err.splitlines()) == 1 and flag in err


# --initial-weights


class Trap:
    """Unpickled, it makes a file."""

    def __reduce__(self):
        return open, ("unpickled", "w")


def npz_of(change, name="basic"):
    """There is in.npz with a run's weights, changed."""

    def prepare(world):
        arrays = world.arrays(name)
        change(arrays)
        np.savez("in.npz", **arrays)

    return prepare


def without(name):
    return lambda arrays: arrays.pop(name)


def replaced(name, value):
    return lambda arrays: arrays.update({name: value})


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
    data = read(os.path.join(world.runs, "basic.npz"))
    write("in.npz", data[: len(data) // 2])


def damaged_npz(world):
    """A bit of an array is another, so that the archive's sum is wrong."""
    data = bytearray(read(os.path.join(world.runs, "basic.npz")))
    data[len(data) // 2] ^= 1
    write("in.npz", bytes(data))


def ckpt_of(change, name="basic"):
    """There is in/model.ckpt, a run's checkpoint, changed."""

    def prepare(world):
        shutil.copytree(os.path.join(world.runs, name, "checkpoints", "step-00000002"), "in")
        change("in")

    return prepare


def cut_data(folder):
    (path,) = [os.path.join(folder, name) for name in os.listdir(folder) if ".data-" in name]
    data = read(path)
    write(path, data[: len(data) // 2])


def garbage(folder):
    for name in os.listdir(folder):
        write(os.path.join(folder, name), b"\x8f garbage" * 50)


def emptied(folder):
    for name in os.listdir(folder):
        write(os.path.join(folder, name))


def without_index(folder):
    os.unlink(os.path.join(folder, "model.ckpt.index"))


def without_data(folder):
    os.unlink(os.path.join(folder, "model.ckpt.data-00000-of-00001"))


NOT_FINITE = "expected finite floating-point numbers in G_b1, got NaN or infinity"
UNREADABLE = "expected an .npz of arrays, cannot read it"
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


# The data folder


def data_with(change):
    """There is data/ with 20 and 10 made images, changed; too few to train on, enough to check."""

    def prepare(world):
        os.makedirs("data")
        synthetic_mnist.write_folder("data", train=20, test=10)
        change("data")

    return prepare


def other_file(name, data, packed=False):
    """One of the four files has other bytes."""

    def change(folder):
        os.unlink(os.path.join(folder, name + ".gz"))
        synthetic_mnist.write(folder, name, data, packed)

    return change


def truncated_gz(folder):
    path = os.path.join(folder, IMAGES + ".gz")
    write(path, read(path)[:-1000])


def folder_for_file(folder):
    os.unlink(os.path.join(folder, IMAGES + ".gz"))
    os.makedirs(os.path.join(folder, IMAGES + ".gz"))


def dangling_file(folder):
    os.unlink(os.path.join(folder, IMAGES + ".gz"))
    os.symlink("nowhere", os.path.join(folder, IMAGES + ".gz"))


def without_file(name):
    return lambda folder: os.unlink(os.path.join(folder, name + ".gz"))


def only_npz(data):
    def prepare(world):
        os.makedirs("data")
        if isinstance(data, bytes):
            write("data/mnist.npz", data)
        else:
            np.savez("data/mnist.npz", **data)

    return prepare


IMAGE_20 = np.zeros((20, 28, 28), np.uint8)
LABEL_20 = np.zeros(20, np.uint8)
KERAS = dict(x_train=IMAGE_20, y_train=LABEL_20, x_test=IMAGE_20, y_test=LABEL_20)


def no_fives(world):
    shutil.copytree(world.data, "data")
    other_file(TEST_LABELS, synthetic_mnist.labels_bytes(np.arange(100, dtype=np.uint8) % 5))("data")


DATA = [
    Row(["--data-dir", "data", "--offline"], words, prepare, "data " + what, mark=mark)
    for what, words, prepare, mark in [
        (
            "a web page",
            IMAGES + ": expected MNIST images, got a web page; move it away",
            data_with(other_file(IMAGES, b"<html>404 Not Found</html>")),
            (),
        ),
        (
            "labels a web page",
            LABELS + ".gz: expected MNIST labels, got a web page",
            data_with(other_file(LABELS, b"<!DOCTYPE html>", packed=True)),
            (),
        ),
        (
            "truncated gz",
            IMAGES + ".gz: expected a whole gzip file, got a truncated or corrupt",
            data_with(truncated_gz),
            (),
        ),
        (
            "no gz behind its first bytes",
            "expected a whole gzip file",
            data_with(other_file(IMAGES, b"\x1f\x8b and no more")),
            (),
        ),
        ("empty images", IMAGES + ": expected MNIST images, got 0 bytes", data_with(other_file(IMAGES, b"")), ()),
        (
            "empty labels",
            TEST_LABELS + ": expected MNIST labels, got 0 bytes",
            data_with(other_file(TEST_LABELS, b"")),
            (),
        ),
        (
            "of no images",
            "expected at least one image, got none",
            data_with(
                lambda folder: (
                    other_file(IMAGES, synthetic_mnist.images_bytes(IMAGE_20[:0]))(folder),
                    other_file(LABELS, synthetic_mnist.labels_bytes(LABEL_20[:0]))(folder),
                )
            ),
            (),
        ),
        (
            "fewer labels",
            LABELS + ": expected 20 labels, one for each image of",
            data_with(other_file(LABELS, synthetic_mnist.labels_bytes(LABEL_20[:19]))),
            (),
        ),
        (
            "more labels",
            "data/t10k-labels-idx1-ubyte: expected 10 labels, one for each image of",
            data_with(other_file(TEST_LABELS, synthetic_mnist.labels_bytes(LABEL_20))),
            (),
        ),
        (
            "fewer bytes than it says",
            "expected 16464 bytes for its 21 images, got 15680",
            data_with(other_file(IMAGES, synthetic_mnist.images_bytes(IMAGE_20, count=21))),
            (),
        ),
        (
            "more images than memory",
            "bytes for its 4294967295 images, got 15680",
            data_with(other_file(IMAGES, synthetic_mnist.images_bytes(IMAGE_20, count=2**32 - 1))),
            (),
        ),
        (
            "wrong magic number",
            "expected MNIST images (magic number 2051), got magic number 2049",
            data_with(other_file(IMAGES, synthetic_mnist.images_bytes(IMAGE_20, magic=2049))),
            (),
        ),
        (
            "images for labels",
            "expected MNIST labels (magic number 2049), got magic number 2051",
            data_with(other_file(LABELS, synthetic_mnist.images_bytes(IMAGE_20))),
            (),
        ),
        (
            "wrong size",
            "expected images of 28x28 pixels, got 32x32",
            data_with(other_file(IMAGES, synthetic_mnist.images_bytes(np.zeros((20, 32, 32), np.uint8)))),
            (),
        ),
        (
            "label 10",
            LABELS + ": expected labels from 0 to 9, got 10",
            data_with(other_file(LABELS, synthetic_mnist.labels_bytes(LABEL_20 + 10))),
            (),
        ),
        (
            "label 255",
            TEST_LABELS + ": expected labels from 0 to 9, got 255",
            data_with(other_file(TEST_LABELS, synthetic_mnist.labels_bytes(LABEL_20[:10] + 255))),
            (),
        ),
        ("a folder for a file", IMAGES + ".gz: cannot be read", data_with(folder_for_file), posix),
        ("a dangling link", "expected MNIST's four files, " + IMAGES + ".gz missing", data_with(dangling_file), posix),
        (
            "images only missing",
            "expected MNIST's four files, " + IMAGES + ".gz missing",
            data_with(without_file(IMAGES)),
            (),
        ),
        (
            "three missing",
            "expected MNIST's four files, " + IMAGES + ".gz and",
            data_with(lambda folder: [without_file(name)(folder) for name in (IMAGES, LABELS, TEST_LABELS)]),
            (),
        ),
        (
            "too few",
            "--batch-size must be at most the 20 training images of data, got 100",
            data_with(lambda folder: None),
            (),
        ),
        (
            "unreadable",
            IMAGES + ".gz: cannot be read: Permission denied",
            data_with(lambda folder: os.chmod(os.path.join(folder, IMAGES + ".gz"), 0)),
            mortal,
        ),
        ("npz a text", "expected Keras' mnist.npz", only_npz(b"no archive"), ()),
        ("npz empty", "expected Keras' mnist.npz", only_npz(b""), ()),
        ("npz of other names", "expected Keras' mnist.npz", only_npz({"images": IMAGE_20}), ()),
        ("npz pickled", "expected Keras' mnist.npz", only_npz(dict(KERAS, y_train=np.array([Trap()] * 20))), ()),
        (
            "npz of floats",
            "expected x_train as uint8 [n, 28, 28], got float64 [20, 28, 28]",
            only_npz(dict(KERAS, x_train=IMAGE_20.astype(float))),
            (),
        ),
        ("npz with label 11", "expected labels from 0 to 9, got 11", only_npz(dict(KERAS, y_train=LABEL_20 + 11)), ()),
    ]
] + [
    Row(
        ["--data-dir", "data", "--digit", "7"],
        "--digit 7: the test images of data hold none",
        no_fives,
        "digit that no test image has",
        model="conditional",
    )
]


# config.json


def config_text(data):
    return run_with(lambda world: write(RUN + "/config.json", data))


def config_edited(change):
    """There is a run whose config.json was edited by hand."""

    def edit(world):
        path = RUN + "/config.json"
        config = json.loads(read(path).decode("utf-8"))
        change(config)
        write(path, json.dumps(config).encode())

    return run_with(edit)


def set_at(*keys_and_value):
    """Sets config[key][key]... to a value."""
    keys, value = keys_and_value[:-1], keys_and_value[-1]

    def change(config):
        for key in keys[:-1]:
            config = config[key]
        config[keys[-1]] = value

    return change


def delete_at(*keys):
    def change(config):
        for key in keys[:-1]:
            config = config[key]
        del config[keys[-1]]

    return change


def other_config(change):
    """config.json is something else than a file."""

    def edit(world):
        os.unlink(RUN + "/config.json")
        change(RUN + "/config.json")

    return run_with(edit)


NO_CONFIG = RUN + "/config.json is not a settings file of this program"

CONFIGS = (
    [
        Row(FURTHER, NO_CONFIG, config_text(data), "config " + what)
        for what, data in [
            ("empty", b""),
            ("cut", b'{"model": "bas'),
            ("no json", b"model = basic"),
            ("a list", b"[]"),
            ("null", b"null"),
            ("a number", b"3"),
            ("a text", b'"basic"'),
            ("without keys", b"{}"),
            ("with one key", b'{"model": "basic"}'),
            ("a NUL", b"\0"),
            ("no UTF-8", b'{"model": "\xff\xfe"}'),
            ("a web page", b"<html></html>"),
            ("nested deeply", b"[" * 200000),
        ]
    ]
    + [
        Row(FURTHER + flags, NO_CONFIG, config_edited(change), "config " + what)
        for what, change, flags in [
            ("of no model", set_at("model", "dcgan"), []),
            ("model a list", set_at("model", ["basic"]), []),
            ("settings a list", set_at("settings", [1, 2]), []),
            ("unknown setting", set_at("settings", "depth", 3), []),
            ("without hidden", delete_at("settings", "hidden"), ["--hidden", "8"]),
            ("without hidden, not asked for", delete_at("settings", "hidden"), []),
            ("hidden negative", set_at("settings", "hidden", -8), []),
            ("hidden null", set_at("settings", "hidden", None), []),
            ("hidden a list", set_at("settings", "hidden", [8]), []),
            ("hidden huge", set_at("settings", "hidden", 10**30), []),
            ("rate NaN", set_at("settings", "learning_rate", float("nan")), []),
            ("rate infinite", set_at("settings", "learning_rate", float("inf")), []),
            ("seed random", set_at("settings", "seed", "random"), []),
            ("target a number", set_at("target", 100), []),
            ("target without steps", delete_at("target", "steps"), []),
            ("target negative", set_at("target", "epochs", -1), []),
            ("data null", set_at("data", None), []),
            ("data without sum", delete_at("data", "sha256"), []),
            ("data folder a number", set_at("data", "dir", 5), []),
            ("images a text", set_at("data", "training_images", "600"), []),
            ("steps per epoch a text", set_at("steps_per_epoch", "6"), []),
            (
                "both counts texts",
                lambda c: (set_at("steps_per_epoch", "6")(c), set_at("data", "training_images", "6")(c)),
                [],
            ),
            ("steps per epoch negative", set_at("steps_per_epoch", -6), []),
            ("steps per epoch 0", set_at("steps_per_epoch", 0), []),
            ("steps per epoch a fraction", set_at("steps_per_epoch", 6.5), []),
            ("steps per epoch beyond a float", set_at("steps_per_epoch", 10**400), []),
            ("pictures a text", set_at("pictures", "000.png"), []),
            ("pictures of null", set_at("pictures", [None]), []),
            ("changes of numbers", set_at("changes", [5]), []),
            ("started null", set_at("started", None), []),
            ("started without step", delete_at("started", 0, "step"), []),
            ("started at a number", set_at("started", 0, "time", 5), []),
            ("started with a version of null", set_at("started", 0, "versions", "numpy", None), []),
            ("no seed tried", set_at("seeds_tried", []), []),
            ("weights a text", set_at("initial_weights", "w.npz"), []),
            ("weights without path", set_at("initial_weights", {"sha256": "0"}), []),
        ]
    ]
    + [
        Row(FURTHER, NO_CONFIG, other_config(os.makedirs), "config a folder"),
        Row(FURTHER + ["--restart"], NO_CONFIG, other_config(os.makedirs), "config a folder, --restart"),
        Row(
            FURTHER,
            NO_CONFIG,
            other_config(lambda path: os.symlink("nowhere", path)),
            "config a dangling link",
            mark=posix,
        ),
        Row(
            FURTHER + ["--restart"],
            NO_CONFIG,
            other_config(lambda path: os.symlink("config.json", path)),
            "config a link to itself, --restart",
            mark=posix,
        ),
        Row(
            FURTHER,
            NO_CONFIG,
            other_config(lambda path: (write(path), os.chmod(path, 0))),
            "config unreadable",
            mark=mortal,
        ),
    ]
)


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
        shutil.copytree(os.path.join(world.runs, name, "checkpoints"), RUN + "/checkpoints")

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


# A run that may not be gone on with, a folder that is none, a lock that another holds


def folder_instead(name):
    def change(world):
        path = os.path.join(RUN, name)
        if os.path.exists(path):
            os.unlink(path)
        os.makedirs(path)

    return run_with(change)


def no_checkpoints_folder(make):
    def change(world):
        shutil.rmtree(RUN + "/checkpoints")
        make(RUN + "/checkpoints")

    return run_with(change)


def foreign(world):
    write("mine/thesis.txt", b"years of work")
    write("mine/checkpoints/step-00000002", b"not yours")


def locked(make):
    """Another holds the folder's lock."""

    def prepare(world):
        import fcntl

        make(world)
        held = open(RUN + "/lock", "a+b")
        world.held.append(held)
        fcntl.flock(held, fcntl.LOCK_EX)
        held.truncate(0)
        held.write(b"4242\n")
        held.flush()

    return prepare


def edited_page(world):
    world.run()
    world.monkeypatch.setattr("legacy_gan.training.pages.text_hash", lambda model: "another")


def weights_there(world):
    world.run()
    shutil.copy(os.path.join(world.runs, "basic.npz"), "in.npz")


def other_data_there(world):
    world.run()
    shutil.copytree(world.other_data, "other")


def a_run(world):
    world.run()


NO_RUN = "mine holds files but no config.json, so it is no run of this program; name another"

RUNS = [
    Row(
        ["--run-dir", RUN],
        "expected the model basic, got conditional; another --run-dir",
        a_run,
        "run of another model",
        model="conditional",
    ),
    Row(FURTHER + ["--seed", "5"], "runs/basic: expected --seed 9, got 5; another --run-dir", a_run),
    Row(
        FURTHER + ["--steps", "2", "--noise", "5"],
        "expected --noise 4, got 5",
        a_run,
        "other settings for a complete run",
    ),
    Row(
        FURTHER + ["--hidden", "9", "--noise", "5", "--beta1", "0.5"],
        (
            "expected --hidden 8, got 9; another",
            "expected --noise 4, got 5; another",
            "expected --beta1 0.9, got 0.5; another --run-dir, or --restart to begin anew, or --allow-change beta1",
        ),
        a_run,
        "three other settings",
    ),
    Row(
        FURTHER + ["--learning-rate", "1", "--beta1", "0.5", "--allow-change", "beta1"],
        "expected --learning-rate 0.0002, got 1.0",
        a_run,
        "one of two changes allowed",
    ),
    Row(FURTHER + ["--hidden", "9", "--allow-change", "hidden"], "--allow-change takes", a_run),
    Row(
        FURTHER + ["--average", "0.9"],
        "expected --average 0.0, got 0.9; another --run-dir, or --restart",
        a_run,
        "an average that was not kept from the start",
    ),
    Row(FURTHER + ["--decay-steps", "9"], "expected --decay-steps None, got 9; another --run-dir, or --restart", a_run),
    Row(FURTHER + ["--gradient-penalty", "1"], "or --allow-change gradient-penalty to go on with it", a_run),
    Row(FURTHER + ["--average", "0.9", "--allow-change", "average"], "--allow-change takes one or more of", a_run),
    Row(FURTHER, "legacy_gan/models/basic.py as it was then, got an edited file", edited_page, "edited page"),
    Row(
        FURTHER + ["--d-steps", "2"],
        ("legacy_gan/models/basic.py as it was then", "expected --d-steps 1, got 2"),
        edited_page,
        "edited page and another setting",
    ),
    Row(FURTHER + ["--data-dir", "other"], "expected the training images", other_data_there),
    Row(
        ["--steps", "2", "--data-dir", "other"],
        "expected the training images",
        other_data_there,
        "other data for a complete run",
    ),
    Row(
        FURTHER + ["--data-dir", "nowhere", "--offline"],
        "expected the training images",
        a_run,
        "run whose data is gone",
    ),
    Row(
        FURTHER + ["--initial-weights", "in.npz"],
        "expected --initial-weights the model's own, got others",
        weights_there,
    ),
    Row(
        ["--steps", "2", "--initial-weights", "in.npz"],
        "expected --initial-weights the model's own, got others",
        weights_there,
    ),
    Row(
        FURTHER + ["--initial-weights", "in.npz"],
        "--initial-weights in.npz: " + UNREADABLE,
        a_run,
        "absent weights for a run",
    ),
    Row(FURTHER + ["--save-weights", "w.txt"], "--save-weights must end in .npz", a_run),
    Row(
        FURTHER + ["--samples-dir", "file"],
        MUST_WRITE["--samples-dir"],
        lambda world: (world.run(), write("file", b"mine")),
        "file for --samples-dir of a run",
    ),
    Row(
        ["--steps", "2", "--samples-dir", "file"],
        MUST_WRITE["--samples-dir"],
        lambda world: (world.run(), write("file", b"mine")),
        "the same of a complete run",
    ),
    Row(
        ["--restart", "--samples-dir", "file"],
        MUST_WRITE["--samples-dir"],
        lambda world: (world.run(), write("file", b"mine")),
        "the same with --restart",
    ),
    Row(
        ["--restart", "--initial-weights", "in.npz"],
        "--initial-weights in.npz: " + UNREADABLE,
        a_run,
        "absent weights with --restart",
    ),
    Row(["--restart", "--batch-size", "601"], "--batch-size must be at most the 600", a_run),
    Row(
        ["--restart", "--data-dir", "data", "--offline"],
        "got a web page",
        lambda world: (world.run(), data_with(other_file(IMAGES, b"<html>"))(world)),
        "broken data with --restart",
    ),
    Row(["--run-dir", "mine"], NO_RUN, foreign),
    Row(["--run-dir", "mine", "--restart"], NO_RUN, foreign),
    Row(["--run-dir", "mine", "--restart", "--allow-change", "source"], NO_RUN, foreign),
    Row(["--run-dir", "mine/checkpoints"], "holds files but no config.json", foreign),
    Row(["--run-dir", RUN + "/checkpoints"], "holds files but no config.json", a_run, "--run-dir inside a run"),
    Row(["--run-dir", RUN + "/config.json"], "--run-dir must be a folder", a_run, "--run-dir a run's config"),
    Row(
        FURTHER,
        "runs/basic is in use by another process (4242); wait until it ends, or name",
        locked(a_run),
        "locked run",
        mark=posix,
    ),
    Row(
        ["--restart"],
        "runs/basic is in use by another process (4242)",
        locked(a_run),
        "locked run, --restart",
        mark=posix,
    ),
    Row(
        ["--steps", "2"],
        "runs/basic is in use by another process (4242)",
        locked(a_run),
        "locked complete run",
        mark=posix,
    ),
    Row(
        [],
        "runs/basic is in use by another process (4242)",
        locked(folder_there(RUN)),
        "locked folder of a run that begins",
        mark=posix,
    ),
    Row(FURTHER, "runs/basic/lock", folder_instead("lock"), "lock a folder"),
    Row([], "runs/basic/lock", folder_there(RUN + "/lock"), "lock a folder, new run"),
    Row(FURTHER, "runs/basic/losses.csv", folder_instead("losses.csv"), "losses.csv a folder"),
    Row(["--steps", "2"], "runs/basic/losses.csv", folder_instead("losses.csv"), "losses.csv a folder, complete run"),
    Row(FURTHER, "runs/basic/health.csv", folder_instead("health.csv"), "health.csv a folder"),
    Row(
        FURTHER + ["--tensorboard"],
        "--tensorboard must be a folder that can be written",
        run_with(there(RUN + "/tensorboard", b"mine")),
        "tensorboard a file",
    ),
    Row(
        FURTHER + ["--tensorboard"],
        "--tensorboard must be a folder that can be written",
        run_with(link_there(RUN + "/tensorboard", "nowhere")),
        "tensorboard a dangling link",
        mark=posix,
    ),
    Row(
        FURTHER + ["--momentum", "0.9", "--allow-change", "momentum"],
        "--momentum is of --optimizer momentum, got --optimizer adam",
        a_run,
        "momentum of a run with Adam",
    ),
    Row(FURTHER, "runs/basic/checkpoints", no_checkpoints_folder(lambda path: write(path, b"x")), "checkpoints a file"),
    Row(
        FURTHER,
        "runs/basic/checkpoints",
        no_checkpoints_folder(lambda path: os.symlink("nowhere", path)),
        "checkpoints a dangling link",
        mark=posix,
    ),
    Row(
        FURTHER,
        "runs/basic/checkpoints",
        no_checkpoints_folder(lambda path: os.symlink("checkpoints", path)),
        "checkpoints a link to itself",
        mark=posix,
    ),
    Row(
        FURTHER,
        "runs/basic/checkpoints",
        run_with(lambda world: os.chmod(RUN + "/checkpoints", 0)),
        "checkpoints unreadable",
        mark=mortal,
    ),
]

ROWS = FLAGS + PATHS + WEIGHTS + DATA + CONFIGS + CHECKPOINTS + RUNS


# The table's test


@pytest.fixture(scope="module")
def runs_there(made_folder, tmp_path_factory):
    """(other data, folder with runs basic, conditional and wide of two steps, and their .npz)."""
    folder = str(tmp_path_factory.mktemp("runs-there"))
    for name in ("basic", "conditional", "wide"):
        hidden = "9" if name == "wide" else "8"
        status = cli.main(
            [
                "train",
                name.replace("wide", "basic"),
                "--data-dir",
                made_folder,
                "--steps",
                "2",
                "--engine",
                "feed",
                "--noise",
                "4",
                "--hidden",
                hidden,
                "--run-dir",
                os.path.join(folder, name),
                "--samples-dir",
                os.path.join(folder, "samples"),
                "--save-weights",
                os.path.join(folder, name + ".npz"),
            ]
        )
        assert status == 0
    other = str(tmp_path_factory.mktemp("other-data"))
    synthetic_mnist.write_folder(other, train=5700)
    return other, folder


@pytest.fixture
def world(made_folder, runs_there, monkeypatch):
    world = World(made_folder, *runs_there, monkeypatch=monkeypatch)
    yield world
    for held in world.held:
        held.close()
    for folder, folders, names in os.walk("."):  # so that pytest can remove them
        for name in folders:
            path = os.path.join(folder, name)
            if not os.path.islink(path):
                os.chmod(path, 0o755)


def snapshot():
    """Returns (what each file and link of the working directory holds, its folders)."""
    kept, seen = {}, set()
    for folder, folders, names in os.walk("."):
        seen |= {os.path.join(folder, name) for name in folders}
        for name in names + folders:
            path = os.path.join(folder, name)
            if os.path.islink(path):
                kept[path] = "link to " + os.readlink(path)
            elif os.path.isfile(path) and name != "lock":  # it tells who had it last
                try:
                    kept[path] = hashlib.sha256(read(path)).hexdigest()
                except PermissionError:
                    kept[path] = "unreadable"
    return kept, seen


def name_of(row):
    return re.sub(r"[^\x20-\x7e]", "?", row.id or " ".join(row.flags) or "nothing given")


@pytest.mark.parametrize("row", [pytest.param(row, id=name_of(row), marks=row.mark) for row in ROWS])
def test_bad_input_is_one_line_and_status_2(row, program, world):
    if row.prepare is not None:
        row.prepare(world)
    before, folders = snapshot()
    given = [] if "--data-dir" in row.flags else ["--data-dir", world.data]
    given += [] if "--steps" in row.flags else ["--steps", "1"]  # where it is not refused, a bug
    status, out, err = program("train", row.model, *(given + row.flags))
    assert (status, out) == (2, ""), err
    # That there is no MNIST is said before it is known that digits of another kind will not do.
    lines = [line for line in err.splitlines() if not line.startswith("legacy_gan: no MNIST")]
    if row.passed_over:
        passed, lines = lines[:-1], lines[-1:]
        assert len(passed) == 2, err
        for line in passed:
            assert re.match(r"runs/basic/checkpoints/step-\d{8}: passed over", line), line
            assert row.passed_over in line
    assert "Traceback" not in err and not os.path.exists("unpickled")
    expected = [row.words] if isinstance(row.words, str) else list(row.words)
    assert len(lines) == len(expected), err
    for line, words in zip(lines, expected):
        assert line.startswith("legacy-gan: ") and words in line
    # An empty folder may have been made before the one that could not be.
    after, folders_after = snapshot()
    assert after == before
    assert folders <= folders_after


def test_started_anywhere_with_a_relative_path_it_is_the_same():
    """As a process of its own, from another folder than the repository."""
    data_with(other_file(IMAGES, b"<html>"))(None)
    before = snapshot()
    script = os.path.join(ROOT, "run_conditional.py")
    ended = subprocess.run(
        [sys.executable, script, "--data-dir", "data"], capture_output=True, env=dict(os.environ, PYTHONPATH=ROOT)
    )
    assert (ended.returncode, ended.stdout) == (2, b"")
    (line,) = ended.stderr.decode().splitlines()
    assert line.startswith("run_conditional.py: " + os.path.join("data", IMAGES))
    assert "expected MNIST images, got a web page" in line
    assert snapshot() == before


def test_there_are_rows_for_every_flag():
    """A new flag needs rows of its own."""
    from legacy_gan import options

    given = {part.split("=")[0] for row in ROWS for part in row.flags if part.startswith("--")}
    known = {options.flag(field.name) for model in options.SETTINGS for field in options.fields(model)}
    assert known <= given and len(ROWS) >= 70
