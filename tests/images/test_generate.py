"""legacy-gan generate: images from a run, without a data set."""

import os

import numpy as np
import pytest
from PIL import Image

import legacy_gan
from legacy_gan.errors import UserError
from legacy_gan.images import generate
from tests.support import gifs

pytestmark = pytest.mark.newest


@pytest.fixture
def run(program, trained_run):
    """Puts a run of a model at runs/MODEL; returns the function that runs a command."""

    def trained(model):
        trained_run(model, os.path.join("runs", model))
        return lambda *flags: program("generate", model, *flags)

    return trained


@pytest.mark.parametrize("model", ["conditional", "dcgan", "vanilla"])
def test_images_of_a_seed_are_the_same_for_any_count(model, run):
    run(model)
    digit = 3 if model == "conditional" else None
    few, many = (legacy_gan.generate("runs/" + model, digit=digit, count=n) for n in (7, 205))
    assert many.shape == (205, 784) and many.dtype == np.float32
    np.testing.assert_array_equal(few, many[:7])
    assert 0 <= many.min() and many.max() <= 1
    again = legacy_gan.generate(model, digit=digit, count=7, seed=9)  # a model's name; the run's seed
    np.testing.assert_array_equal(few, again)
    assert (legacy_gan.generate(model, digit=digit, count=7, seed=10) != few).any()


@pytest.mark.both_ends
def test_picture_shows_the_images(run):
    status, out, _ = run("vanilla")("--count", 23, "--seed", 4)
    path = os.path.join("runs", "vanilla", "generated.png")
    assert (status, out) == (0, f"wrote {path}\n")
    shown = np.asarray(Image.open(path))
    assert shown.shape == (3 * 30 + 2, 10 * 30 + 2)
    images = legacy_gan.generate("vanilla", count=23, seed=4)
    expected = np.clip(255 * images[12] + 0.5, 0, 255).astype(np.uint8).reshape(28, 28)
    np.testing.assert_array_equal(shown[32:60, 62:90], expected)


@pytest.mark.both_ends
def test_arrays_are_written_to_npz(run):
    assert run("conditional")("--digit", 5, "--count", 4, "--out", "a/images.npz")[0] == 0
    with np.load("a/images.npz") as npz:
        np.testing.assert_array_equal(npz["images"], legacy_gan.generate("conditional", digit=5, count=4))


def test_grid_has_a_digit_a_row_and_the_same_noise_in_a_column(run):
    run("conditional")("--grid", "--out", "grid.png")
    grid = np.asarray(Image.open("grid.png"))
    assert grid.shape == (302, 302)
    for digit in (0, 7):
        images = legacy_gan.generate("conditional", digit=digit, count=10)
        for column in (0, 9):
            expected = np.clip(255 * images[column] + 0.5, 0, 255).astype(np.uint8).reshape(28, 28)
            top, left = 2 + 30 * digit, 2 + 30 * column
            np.testing.assert_array_equal(grid[top : top + 28, left : left + 28], expected)


@pytest.mark.parametrize(
    "model, flags, passages",
    [("vanilla", ["--count", 4], 4), ("conditional", [], 10), ("conditional", ["--digit", 2, "--count", 3], 3)],
)
def test_interpolation_goes_round_in_small_steps(model, flags, passages, run):
    status, out, _ = run(model)("--interpolate", "--out", "i.gif", *flags)
    assert status == 0 and out.splitlines() == ["wrote i.png", "wrote i.gif"]
    assert np.asarray(Image.open("i.png")).shape == (30 * passages + 2, 302)
    shown = gifs.gif_frames("i.gif", 100)[0].astype(float)
    assert len(shown) == 10 * passages
    steps = np.abs(shown - np.roll(shown, -1, 0)).mean((1, 2))
    assert max(steps) < np.abs(shown[0] - shown[10]).mean()  # no step is as large as a passage


def test_noise_between_two_has_a_length_between_theirs():
    rng = np.random.RandomState(3)
    a, b = rng.normal(size=(2, 50))
    for t in (0.0, 0.3, 1.0):
        point = generate.between(a, b, t)
        length = (1 - t) * np.linalg.norm(a) + t * np.linalg.norm(b)
        assert np.linalg.norm(point) == pytest.approx(length)
    np.testing.assert_allclose(generate.between(a, b, 0.0), a)
    np.testing.assert_allclose(generate.between(a, b, 1.0), b)
    np.testing.assert_allclose(generate.between(a, a, 0.5), a)


def test_no_data_set_is_needed(run, monkeypatch):
    command = run("vanilla")
    monkeypatch.setattr("legacy_gan.input_data.read_data_sets", None)
    assert command()[0] == 0


@pytest.mark.parametrize(
    "flags, says",
    [
        (["nothing"], "nothing: expected a run, found none; train it first"),
        (["dcgan"], "expected a run, found none"),
        ([], "expected legacy-gan generate RUN"),
        (["a", "b"], "expected legacy-gan generate RUN"),
        (["vanilla", "--digit", 3], "vanilla takes no digit, got '3'"),
        (["vanilla", "--count", 0], "--count takes a whole number from 1"),
        (["vanilla", "--out", "a.jpg"], "--out must end in .png or .npz, got a.jpg"),
        (["vanilla", "--grid", "--interpolate"], "give one of them"),
        (["vanilla", "--interpolate", "--count", 1], "needs a --count of 2 or more"),
        (["vanilla", "--grid", "--count", 3], "leave --count out"),
        (["vanilla", "--interpolate", "--count", 1000], "takes a --count up to 100, got 1000"),
        (["runs"], "runs: expected a run's folder, found no config.json in it"),
        (["vanilla", "--out", "folder.png"], "--out folder.png: expected a file, got a folder"),
        (["vanilla", "--interpolate", "--out", "a.npz"], "--out must end in .png or .gif"),
        (["vanilla", "--noise", 3], "unrecognized arguments"),
        (["vanilla", "--out", "n" * 300 + ".png"], "n.png: File name too long; name another"),
        (["vanilla", "--interpolate", "--out", "n" * 300 + ".gif"], "File name too long; name another"),
        ([""], "RUN takes a path, got ''"),
        (["a\0b"], "RUN takes a path, got 'a\\x00b'"),
    ],
)
def test_bad_input_is_one_line(flags, says, run, refused):
    run("vanilla")
    os.mkdir("folder.png")
    assert says.replace("'3'", "3") in refused("generate", *flags)


def test_page_that_was_edited_since_is_said(run, monkeypatch):
    command = run("vanilla")
    monkeypatch.setattr("legacy_gan.training.pages.text_hash", lambda model: "0" * 64)
    status, _, err = command()
    assert status == 0 and "vanilla.py was edited since this run was trained" in err


def test_digit_is_needed_from_python_only(run):
    status, out, _ = run("conditional")()  # the program shows 0 to 9
    assert status == 0
    with pytest.raises(UserError, match="digit must be from 0 to 9"):
        legacy_gan.generate("conditional")
