"""Bad input to `train`: a row of it, what may stand there before, and the check that it is refused in one line."""

import hashlib
import json
import os
import re
import shutil
import tempfile
from typing import Any, Callable, NamedTuple, Optional

import numpy as np
import pytest

from tests.support import synthetic_mnist

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
      data: folder with made data.
      run_of: function of "basic", "conditional" or "wide" (wider than basic), the folder of its run of two
        steps; FOLDER.npz beside it has its weights. Runs are made when they are first asked for.
      other_data: function, the folder with other made data.
    """

    def __init__(self, data, run_of, other_data, monkeypatch):
        self.data, self.run_of, self.other_data = data, run_of, other_data
        self.monkeypatch = monkeypatch
        self.held = []  # what is closed after the test

    def run(self, name="basic", path=RUN):
        shutil.copytree(self.run_of(name), path)

    def arrays(self, name="basic"):
        with np.load(self.run_of(name) + ".npz") as npz:
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


MUST_WRITE = {
    "--run-dir": "--run-dir must be a folder that can be written",
    "--samples-dir": "--samples-dir must be a folder that can be written",
}


UNREADABLE = "expected an .npz of arrays, cannot read it"


class Trap:
    """Unpickled, it makes a file."""

    def __reduce__(self):
        return open, ("unpickled", "w")


def without(name):
    return lambda arrays: arrays.pop(name)


def replaced(name, value):
    return lambda arrays: arrays.update({name: value})


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


def cases(rows):
    """Returns what a test is parametrized by, for `row`."""
    return pytest.mark.parametrize("row", [pytest.param(row, id=name_of(row), marks=row.mark) for row in rows])


def check(row, program, world):
    """Asserts that a row gets its one line and status 2, and that nothing is lost or half written."""
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
