"""What the readers' other GANs print and draw, through the program."""

import glob
import os
import pathlib
import re
import signal

import numpy as np
import pytest
from PIL import Image

from legacy_gan.images import pictures
from legacy_gan.training import printers
from tests.support import gifs, synthetic_mnist

pytestmark = pytest.mark.newest

SMALL = {
    "vanilla": ["--hidden", 6, "--noise", 5],
    "mlp": ["--hidden", 6, "--noise", 5],
    "dcgan": ["--filters", 2, "--noise", 5, "--batch-size", 220],
    "cdcgan": ["--filters", 2, "--noise", 5, "--batch-size", 220],
}
COUNTS = {"vanilla": 5600, "mlp": 5600, "dcgan": 1120, "cdcgan": 1120}  # convolutions take longer
MODELS = pytest.mark.parametrize(
    "model", ["vanilla", "cdcgan"] + [pytest.param(model, marks=pytest.mark.slow) for model in ("mlp", "dcgan")]
)


@pytest.fixture(scope="module")
def folders(made_folder, tmp_path_factory):
    """{how many training images: folder}."""
    folder = tmp_path_factory.mktemp("few")
    synthetic_mnist.write_folder(folder, train=1120)
    return {5600: made_folder, 1120: str(folder)}


@pytest.fixture
def train(program, folders):
    """Trains a small model on COUNTS made images: train("dcgan", "--epochs", 2) -> (status, out, err)."""
    return lambda model, *flags: program(
        "train", model, "--data-dir", folders[COUNTS[model]], *(SMALL[model] + list(flags))
    )


def shown(model):
    return sorted(os.listdir(os.path.join("runs", model, "samples")))


def test_vanilla_reports_every_200_steps_as_printed(train):
    status, out, _ = train("vanilla", "--batch-size", 20, "--epochs", 2)  # 280 steps an epoch
    assert status == 0
    lines = out.splitlines()
    number = r"\d+\.\d{4}"
    for epoch, line in enumerate(lines):
        assert re.match(
            rf"Epoch \[{epoch}/2\], Step \[200/280\], d_loss: {number}, g_loss: {number}, D\(x\): 0\.\d\d, "
            r"D\(G\(z\)\): 0\.\d\d$",
            line,
        ), line
    assert len(lines) == 2
    rows = np.loadtxt("runs/vanilla/losses.csv", delimiter=",", skiprows=1)
    assert "d_loss: {:.4f}, g_loss: {:.4f}".format(*rows[199, 2:]) in lines[0]
    assert shown("vanilla") == ["fake_images-1.png", "fake_images-2.png", "real_images.png"]
    real = np.asarray(Image.open("runs/vanilla/samples/real_images.png"))
    assert real.shape == (13 * 30 + 2, 8 * 30 + 2)  # a hundred images, eight in a row


def test_mlp_reports_the_means_of_an_epoch(train):
    status, out, _ = train("mlp", "--epochs", 3)
    rows = np.loadtxt("runs/mlp/losses.csv", delimiter=",", skiprows=1)
    assert status == 0 and len(rows) == 33  # eleven steps an epoch: 5,600 images by 512
    expected = [
        "Epoch [{}/3] loss_d: {:.4f}, loss_g: {:.4f}".format(n + 1, *rows[11 * n : 11 * n + 11, 2:].mean(0))
        for n in range(3)
    ]
    for line, other in zip(out.splitlines(), expected):
        assert line.split()[:2] == other.split()[:2]
        np.testing.assert_allclose(
            [float(x) for x in re.findall(r"\d\.\d{4}", line)],
            [float(x) for x in re.findall(r"\d\.\d{4}", other)],
            atol=1.1e-4,
        )
    assert shown("mlp") == ["epoch_001.png", "epoch_002.png", "epoch_003.png"]


@pytest.mark.parametrize("model", ["dcgan", "cdcgan"])
def test_dcgan_tells_the_time_and_ends_with_an_animation(model, train):
    status, out, err = train(model, "--epochs", 4)
    assert status == 0, err
    for n, line in enumerate(out.splitlines(), 1):
        assert re.match(rf"Time for epoch {n} is \d+\.\d\d sec$", line)
    names = [f"image_at_epoch_{n:04d}.png" for n in range(1, 5)]
    assert shown(model) == sorted(names + [model + ".gif"])
    picture = Image.open(f"runs/{model}/samples/{names[0]}")
    assert picture.size == ((400, 400) if model == "dcgan" else (302, 302))
    rgb = np.asarray(picture.convert("RGB"))
    assert (rgb[..., 0] == rgb[..., 1]).all() and (rgb[..., 0] == rgb[..., 2]).all()  # grey
    frames, _ = gifs.gif_frames(f"runs/{model}/samples/{model}.gif", 100)
    assert len(frames) == len(printers.thinned(names))


def test_dcgans_pictures_show_the_same_noises_every_epoch():
    """Drawn from the seed alone: the same for any epoch, and another for another seed."""

    class Module:
        @staticmethod
        def get_noise(count, n_noise, rng):
            return rng.normal(size=(count, n_noise))

    report = printers.Tutorial.__new__(printers.Tutorial)
    report._module = Module
    report._settings = type("Settings", (), {"seed": 3, "noise": 4})
    first = report._noise(16)
    np.testing.assert_array_equal(first, report._noise(16))
    report._settings.seed = 4
    assert (first != report._noise(16)).any()


@pytest.mark.parametrize("count", [1, 2, 7, 50, 60])
def test_gif_thins_out_as_the_tutorials(count):
    """The tutorial's loop, as its listing has it (erratum rows aside)."""
    filenames, appended, last = list(range(count)), [], -1
    for i, filename in enumerate(filenames):
        frame = 2 * (i**0.5)
        if round(frame) > round(last):
            last = frame
        else:
            continue
        appended.append(filename)
    appended.append(filename)
    assert printers.thinned(filenames) == appended


def test_gif_holds_its_frames_in_their_order_and_the_last_twice():
    frames = [np.full((20, 30), value, np.uint8) for value in (10, 90, 200, 200)]
    pictures.save_gif("a.gif", frames, seconds=0.05)
    shown, loop = gifs.gif_frames("a.gif", 50)
    assert shown[:, 3, 3].tolist() == [10, 90, 200, 200] and loop == 0


def test_grid_is_torchvisions():
    """make_grid: padding pixels of black around each image, the last row filled up with black."""
    images = np.random.RandomState(1).uniform(-0.1, 1.1, size=(5, 784))
    grid = pictures.grid(images, 3)
    assert grid.shape == (2 * 30 + 2, 3 * 30 + 2) and grid.dtype == np.uint8
    expected = np.clip(255 * images + 0.5, 0, 255).astype(np.uint8).reshape(5, 28, 28)
    np.testing.assert_array_equal(grid[2:30, 2:30], expected[0])
    np.testing.assert_array_equal(grid[32:60, 32:60], expected[4])
    assert not grid[:2].any() and not grid[:, 30:32].any() and not grid[32:, 62:].any()


def contents(folder):
    """Returns the bytes of the files in a folder by name."""
    return {path.name: path.read_bytes() for path in pathlib.Path(folder).iterdir()}


@MODELS
def test_pictures_do_not_change_the_training(model, train):
    _, _, err = train(model, "--epochs", 3)
    assert f"{COUNTS[model]} training images" in err  # all of them
    train(model, "--epochs", 3, "--run-dir", "other", "--sample-every", 3)
    with open(f"runs/{model}/losses.csv") as a, open("other/losses.csv") as b:
        assert a.read() == b.read()
    few, all_of_them = os.listdir("other/samples"), shown(model)
    assert set(few) < set(all_of_them)


@pytest.mark.both_ends
@MODELS
def test_run_that_goes_on_has_the_losses_pictures_and_weights_of_one_that_was_not_stopped(model, train):
    """Also from the middle of an epoch: 7 of 6, 56 or 11 steps an epoch."""
    train(model, "--epochs", 3, "--run-dir", "whole", "--save-weights", "whole.npz")
    train(model, "--epochs", 3, "--run-dir", "cut", "--steps", 7)
    status, _, err = train(model, "--epochs", 3, "--run-dir", "cut", "--save-weights", "cut.npz")
    assert status == 0 and "continuing from step 7" in err
    for name in ("losses.csv", "health.csv"):
        with open("whole/" + name) as a, open("cut/" + name) as b:
            assert a.read() == b.read(), name
    with np.load("whole.npz") as a, np.load("cut.npz") as b:
        assert set(a.files) == set(b.files)
        for name in a.files:
            np.testing.assert_array_equal(a[name], b[name], err_msg=name)
    for path in glob.glob("whole/samples/*.png"):
        with open(path, "rb") as a, open(path.replace("whole", "cut"), "rb") as b:
            assert a.read() == b.read(), path


@pytest.mark.parametrize("model, name", [("dcgan", "image_at_epoch_0002.png"), ("vanilla", "x")])
def test_animation_that_is_missing_is_made_by_the_next_command(model, name, train):
    train(model, "--epochs", 2)
    gif = f"runs/{model}/samples/{model}.gif"
    if model == "dcgan":
        os.unlink(gif)
    status, out, _ = train(model, "--epochs", 2)
    assert status == 0 and "is complete" in out
    assert os.path.exists(gif) == (model == "dcgan")


def test_animation_is_of_the_runs_own_pictures(train):
    train("dcgan", "--epochs", 4, "--samples-dir", "shared", "--run-dir", "a")
    train("dcgan", "--epochs", 2, "--samples-dir", "shared", "--run-dir", "b")
    frames, _ = gifs.gif_frames("shared/dcgan.gif", 100)
    assert len(frames) == len(printers.thinned([1, 2]))


def test_animation_leaves_out_a_picture_that_is_broken(train):
    train("dcgan", "--epochs", 3)
    os.unlink("runs/dcgan/samples/dcgan.gif")
    with open("runs/dcgan/samples/image_at_epoch_0002.png", "r+b") as f:
        f.truncate(100)
    status, out, err = train("dcgan", "--epochs", 3)
    assert status == 0 and "is complete" in out, err
    frames, _ = gifs.gif_frames("runs/dcgan/samples/dcgan.gif", 100)
    assert len(frames) == len(printers.thinned([1, 3]))


def test_animation_of_a_complete_run_is_its_own_and_recorded(train):
    train("dcgan", "--epochs", 2, "--samples-dir", "shown")
    os.unlink("shown/dcgan.gif")
    train("dcgan", "--epochs", 2, "--samples-dir", "elsewhere")
    assert os.listdir("elsewhere") == ["generated.png"]
    train("dcgan", "--epochs", 2, "--samples-dir", "shown")
    train("dcgan", "--epochs", 2, "--restart")
    moved = os.listdir("runs/dcgan.1/pictures")
    assert "dcgan.gif" in moved and not os.listdir("shown")


def test_pictures_of_a_moved_run_are_its_own(train):
    """Whoever moves the folder, the run's pictures are those in it, not those of the run at its old place."""
    train("dcgan", "--epochs", 3)
    train("dcgan", "--epochs", 1, "--restart", "--seed", 3)
    theirs = contents("runs/dcgan/samples")
    status, _, err = train("dcgan", "--epochs", 4, "--run-dir", "runs/dcgan.1")
    assert status == 0, err
    frames, _ = gifs.gif_frames("runs/dcgan.1/samples/dcgan.gif", 100)
    assert len(frames) == len(printers.thinned([1, 2, 3, 4]))
    train("dcgan", "--epochs", 1, "--run-dir", "runs/dcgan.1", "--restart")
    assert contents("runs/dcgan/samples") == theirs


def test_refused_masks_change_nothing(train, refused, made_folder):
    train("dcgan", "--epochs", 1)
    line = refused("train", "dcgan", "--data-dir", made_folder, "--restart", "--d-steps", 100, "--batch-size", 2000)
    assert "give a smaller --batch-size" in line
    assert os.listdir("runs") == ["dcgan"]
    assert train("dcgan", "--epochs", 1)[0] == 0


def test_epoch_that_was_begun_before_tells_no_time(train):
    train("dcgan", "--epochs", 2, "--steps", 4)  # six steps an epoch
    _, out, _ = train("dcgan", "--epochs", 2)
    assert re.findall(r"Time for epoch (\d)", out) == ["2"]


@pytest.mark.parametrize("number, status", [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_signal_at_the_end_of_an_epoch_saves(number, status, train, monkeypatch):
    """Checkpoints of a DCGAN come every 15 epochs: what an interruption tells as saved must be."""
    end_epoch = printers.Tutorial.end_epoch

    def interrupted(self, end):
        end_epoch(self, end)
        if end.epoch == 1:
            os.kill(os.getpid(), number)

    monkeypatch.setattr(printers.Tutorial, "end_epoch", interrupted)
    ended, _, err = train("dcgan", "--epochs", 5)
    assert ended == status and "step 12 of 30" in err and "step-00000012" in err
    assert os.path.isdir("runs/dcgan/checkpoints/step-00000012")


@MODELS
def test_restart_takes_the_pictures_along_and_begins_new_ones(model, train):
    train(model, "--epochs", 1)
    before = shown(model)
    status, _, err = train(model, "--epochs", 1, "--restart", "--seed", 3)
    assert status == 0, err
    assert shown(model) == before == sorted(os.listdir(f"runs/{model}.1/samples"))


def test_checkpoints_of_dcgan_come_every_fifteen_epochs(train):
    train("dcgan", "--epochs", 17, "--sample-every", 17)
    assert sorted(os.listdir("runs/dcgan/checkpoints")) == [
        "step-00000000",
        "step-00000090",
        "step-00000102",
    ]  # six steps an epoch, the end


def test_digit_works_for_the_conditional_dcgan(train, refused, made_folder):
    status, _, _ = train("cdcgan", "--epochs", 1, "--digit", 5)
    assert status == 0 and "digit_5.png" in shown("cdcgan")
    assert "unrecognized arguments: --digit 5" in refused("train", "dcgan", "--digit", 5, "--data-dir", made_folder)
