"""legacy_gan.training.run_data: a run goes on with the folder that was named when it began."""

import json
import os
import shutil

import pytest

import legacy_gan
from legacy_gan.errors import DataError

pytestmark = pytest.mark.newest

SMALL = ["--hidden", "6", "--noise", "5"]
USUAL = "./mnist/data/"


def dir_of(run):
    with open(os.path.join(run, "config.json"), encoding="utf-8") as f:
        return json.load(f)["data"]["dir"]


@pytest.mark.parametrize("named", [True, False])
def test_folder_that_was_named_stays_named(program, refused, made_folder, named):
    shutil.copytree(made_folder, USUAL)
    flags = ["--data-dir", USUAL] if named else []
    status, _, err = program("train", "basic", "--steps", 1, *(SMALL + flags))
    assert status == 0, err
    assert dir_of("runs/basic") == (os.path.abspath(USUAL) if named else None)
    assert program("train", "basic", "--steps", 2)[0] == 0
    assert dir_of("runs/basic") == (os.path.abspath(USUAL) if named else None)
    shutil.rmtree(USUAL)
    line = refused("train", "basic", "--steps", 3, "--offline")
    if named:
        assert f"{os.path.abspath(USUAL)}: expected MNIST's files there, found none" in line
    else:
        assert "expected the training images" in line and "got others, the 5,000 embedded" in line


def test_data_dir_of_the_function_counts_as_a_flag():
    with pytest.raises(DataError, match="nowhere: expected MNIST's files there, found none"):
        legacy_gan.train("basic", steps=1, data_dir="nowhere", offline=True)
    assert not os.path.exists("runs")


def test_run_of_an_earlier_version_that_fell_back_goes_on(program):
    """A named folder without data gave way to the embedded digits, and config.json names both."""
    assert program("train", "basic", "--steps", 1, "--offline", *SMALL)[0] == 0
    path = os.path.join("runs", "basic", "config.json")
    with open(path, encoding="utf-8") as f:
        config = json.load(f)
    config["data"]["dir"] = os.path.abspath("nowhere")
    with open(path, "w", encoding="utf-8") as f:
        json.dump(config, f)
    status, _, err = program("train", "basic", "--steps", 2, "--offline")
    assert status == 0, err
