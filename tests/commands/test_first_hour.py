"""What somebody new looks for: list, --quiet, --config, a picture of a short run, when to look again."""

import json
import os
import shutil

import numpy as np
import pytest

from legacy_gan.training.rundir import RunDirectory

pytestmark = pytest.mark.newest


@pytest.fixture
def train(program, made_folder):
    """Trains a small basic GAN: train(*flags) -> (status, out, err)."""

    def run(*flags):
        return program("train", "basic", "--data-dir", made_folder, "--hidden", "6", "--noise", "5", *flags)

    return run


def test_list_shows_models_and_runs(program, trained_run):
    assert "no runs in runs" in program("list")[1]
    for name, model in (("one", "conditional"), ("two", "basic"), ("three", "basic")):
        trained_run(model, f"runs/{name}")
    with open("runs/one/quality.json", "w") as f:
        json.dump({"metrics": {"right_digit": {"value": 0.125}, "mnist_fd": {"value": 80.0}}}, f)
    with open("runs/three/config.json", "w") as f:
        f.write("{")
    os.mkdir("runs/none")
    status, out, err = program("list")
    assert (status, err) == (0, "")
    lines = out.splitlines()
    assert [line.split()[0] for line in lines[1:7]] == ["basic", "conditional", "vanilla", "mlp", "dcgan", "cdcgan"]
    assert lines[8].split() == ["run", "model", "steps", "D", "loss", "G", "loss", "health", "best", "number"]
    one, three, two = (line.split() for line in lines[9:])
    assert one[:5] == [os.path.join("runs", "one"), "conditional", "3", "of", "3"]
    d_loss, g_loss = (loss.mean() for loss in RunDirectory("runs/one").losses())
    np.testing.assert_allclose([float(one[5]), float(one[6])], [d_loss, g_loss], rtol=1e-3)
    assert " ".join(one[7:]) == "not measured yet digit asked for 12.5%"
    assert " ".join(three[1:]) == "? config.json cannot be read"
    assert two[1] == "basic" and two[-1] == "yet"
    assert program("list", "runs/two")[1].splitlines()[-1].split()[0] == "runs/two"
    assert "file: Not a directory" in program("list", _file("file"))[2]


def _file(path):
    with open(path, "w"):
        return path


def test_quiet_leaves_only_the_listings_lines(train):
    status, out, err = train("--epochs", "1", "--batch-size", "200", "--quiet")
    assert (status, err) == (0, "")
    lines = out.splitlines()
    assert lines[0].startswith("Epoch: 0000 D loss: ") and len(lines) == 2, out
    _, out, err = train("--steps", "0", "--quiet", "--restart", "--hidden", "0")
    assert "--hidden takes a whole number" in err  # an error is said


def test_config_makes_a_run_again(program, train, made_folder):
    assert train("--steps", "4", "--seed", "5", "--learning-rate", "0.01", "--run-dir", "first")[0] == 0
    again = ["train", "basic", "--data-dir", made_folder, "--config", "first/config.json"]
    status, _, err = program(*again, "--run-dir", "second")
    assert status == 0, err
    first, second = RunDirectory("first"), RunDirectory("second")
    assert first.config()["settings"] == second.config()["settings"]
    assert second.config()["target"] == {"epochs": 100, "steps": 4}
    np.testing.assert_array_equal(first.losses(), second.losses())
    status, _, err = program(*again, "--run-dir", "third", "--seed", "6", "--steps", "2")
    third = RunDirectory("third").config()
    assert (third["settings"]["seed"], third["target"]["steps"]) == (6, 2)
    assert third["settings"]["learning_rate"] == 0.01


def test_run_of_a_few_steps_leaves_a_picture(train):
    status, _, err = train("--steps", "2")
    assert status == 0 and "1 picture in samples" in err, err
    assert os.listdir("samples") == ["generated.png"]
    assert train("--steps", "3", "--restart", "--samples-dir", "epochs")[0] == 0
    assert os.listdir("epochs") == ["generated.png"]


def test_short_run_says_when_to_look_again(train):
    status, _, err = train("--epochs", "1", "--batch-size", "200")
    assert status == 0 and "the same command, with --epochs 550, continues" in err, err
    assert "few" not in train("--steps", "4", "--restart")[2]  # as many as were asked for


@pytest.mark.skipif(os.name == "nt" or os.uname().sysname != "Linux", reason="needs names that are not UTF-8")
def test_working_directory_may_have_a_name_that_is_not_utf8(program, train, made_folder):
    os.mkdir(b"caf\xe9")
    os.chdir(b"caf\xe9")
    shutil.copytree(made_folder, "data")
    flags = ["train", "basic", "--data-dir", "data", "--hidden", "6", "--noise", "5"]
    for steps in (2, 3):
        status, _, err = program(*flags, "--steps", steps)
        assert status == 0, err
    assert RunDirectory("runs/basic").config()["data"]["dir"].endswith("caf\udce9/data")
    assert program("generate", "basic")[0] == 0
