"""What the tests of bad input share: runs that are there before, made when they are first asked for."""

import os

import pytest

from legacy_gan import cli
from tests.support import bad_input, synthetic_mnist


@pytest.fixture(scope="session")
def run_of(made_folder, tmp_path_factory):
    """The folder of a run of two steps by its name: basic, conditional or wide; its weights are in FOLDER.npz."""
    folder = str(tmp_path_factory.mktemp("runs-there"))

    def run_of(name):
        path = os.path.join(folder, name)
        if not os.path.exists(path):
            flags = ["--steps", "2", "--engine", "feed", "--noise", "4", "--hidden", "9" if name == "wide" else "8"]
            flags += ["--data-dir", made_folder, "--run-dir", path, "--save-weights", path + ".npz"]
            flags += ["--samples-dir", os.path.join(folder, "samples")]
            assert cli.main(["train", name.replace("wide", "basic")] + flags) == 0
        return path

    return run_of


@pytest.fixture(scope="session")
def other_data(tmp_path_factory):
    """A function that returns a folder with other made data."""
    folder = str(tmp_path_factory.mktemp("other-data"))

    def other_data():
        if not os.listdir(folder):
            synthetic_mnist.write_folder(folder, train=5700)
        return folder

    return other_data


@pytest.fixture
def world(made_folder, run_of, other_data, monkeypatch):
    """What a row's `prepare` works with, see bad_input.World."""
    world = bad_input.World(made_folder, run_of, other_data, monkeypatch)
    yield world
    for held in world.held:
        held.close()
    for folder, folders, _ in os.walk("."):  # so that pytest can remove them
        for name in folders:
            path = os.path.join(folder, name)
            if not os.path.islink(path):
                os.chmod(path, 0o755)
