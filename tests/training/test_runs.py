"""Runs and their directories: what is kept, what a second command does, what may not matter."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys

import numpy as np
import pytest

import legacy_gan
import legacy_gan.errors
from legacy_gan import registry
from legacy_gan.training import checkpoints, pages
from legacy_gan.training.rundir import RunDirectory
from tests.support import synthetic_mnist, training
from tests.support.paths import ROOT

pytestmark = pytest.mark.newest

MODELS = pytest.mark.parametrize("model", ["basic", "conditional"])

BETTER = {model.name: model.presets["better"] for model in registry.MODELS.values() if "better" in model.presets}


@pytest.fixture
def train(program, made_folder):
    """Trains on the made data and must succeed: train("basic", "--steps", 3) -> (out, err)."""

    def run(*argv):
        status, out, err = program("train", *argv, "--data-dir", made_folder)
        assert status == 0, err
        return out, err

    return run


def read(path, mode="r"):
    with open(path, mode) as f:
        return f.read()


def config(run="runs/basic"):
    return json.loads(read(run + "/config.json"))


def steps_done(run="runs/basic"):
    return checkpoints.steps(RunDirectory(run))[-1]


@pytest.mark.parametrize("model", ["conditional", pytest.param("basic", marks=pytest.mark.slow)])
def test_preset_gives_the_settings_that_it_stands_for_and_a_flag_of_its_own_goes_before(model, train, program):
    run = "runs/" + model
    _, err = train(model, "--steps", 1, "--preset", "better", "--average", 0.9)
    assert "with --preset better: " in err and "--beta1 {} ".format(BETTER[model]["beta1"]) in err
    assert "--average 0.9\n" in err
    settings = dict(vars(registry.model(model).settings()), **dict(BETTER[model], average=0.9))
    assert config(run)["settings"] == settings
    train(model, "--steps", 2)  # as all settings they are the run's
    assert steps_done(run) == 2
    train(model, "--steps", 3, "--preset", "better", "--average", 0.9)
    assert config(run)["settings"] == settings
    assert "expected --average 0.9, got 0.9995" in program("train", model, "--preset", "better")[2]
    train(model, "--steps", 1, "--run-dir", "book")
    assert config("book")["settings"] == vars(registry.model(model).settings())
    status, _, err = program("train", model, "--preset", "better", "--run-dir", "book")
    assert status == 2 and len(err.splitlines()) == len(BETTER[model])


def test_one_label_for_all_images_leaves_nothing_to_mismatch(program, tmp_path):
    images, labels = synthetic_mnist.digits(400, 1)
    for name in (synthetic_mnist.TRAIN, synthetic_mnist.TEST):
        synthetic_mnist.write(str(tmp_path), name + "-images-idx3-ubyte", synthetic_mnist.images_bytes(images))
        synthetic_mnist.write(str(tmp_path), name + "-labels-idx1-ubyte", synthetic_mnist.labels_bytes(0 * labels))
    status, _, err = program("train", "conditional", "--data-dir", tmp_path, "--steps", 1, "--mismatched-labels", 2)
    assert status == 0 and "--mismatched-labels 2.0 changes nothing: all training images of" in err


@pytest.mark.parametrize("model", BETTER)
def test_better_preset_keeps_the_books_layers_and_steps(model):
    changed = set(BETTER[model])
    assert not changed & {"hidden", "noise", "batch_size", "seed", "epochs", "steps"}
    listing, settings = registry.model(model).settings(), registry.model(model).settings(**BETTER[model])
    assert all(getattr(listing, name) != getattr(settings, name) for name in changed)


# What a run keeps


@MODELS
def test_config_has_every_option_the_versions_and_the_device(model, train, made_folder):
    train(model, "--steps", 2, "--batch-size", 50)
    kept = config("runs/" + model)
    assert kept["model"] == model
    assert kept["settings"] == {
        "batch_size": 50,
        "hidden": 256,
        "noise": 128,
        "seed": 9,
        "beta1": 0.9,
        "d_learning_rate": None,
        "g_learning_rate": None,
        "d_steps": 1,
        "g_steps": 1,
        "skip_d_below": None,
        "label_smoothing": 0,
        "precision": "float32",
        "loss": "non_saturating",
        "optimizer": "adam",
        "momentum": 0.5,
        "average": 0,
        "decay_steps": None,
        "gradient_penalty": 0,
        **({"mismatched_labels": 0} if model == "conditional" else {}),
        "learning_rate": 0.0002 if model == "basic" else 0.001,
    }
    assert kept["options"]["steps"] == 2 and kept["options"]["epochs"] == 100
    (started,) = kept["started"]
    assert set(started["versions"]) == {"legacy_gan", "tensorflow", "numpy", "python"}
    assert started["versions"]["tensorflow"] == training.tf.version.VERSION
    assert started["versions"]["python"] == ".".join(map(str, sys.version_info[:3]))
    assert started["device"] == "cpu" or "GPU" in started["device"]
    assert started["step"] == 0
    assert kept["data"]["training_images"] == 600
    assert steps_done("runs/" + model) == 2


def test_steps_0_builds_initialises_and_saves(train):
    out, _ = train("basic", "--steps", 0, "--save-weights", "w.npz")
    assert out == "최적화 완료!\n"
    with np.load("w.npz") as npz:
        assert 0.009 < npz["G_W1"].std() < 0.011  # the listing's initial values
        assert not npz["G_b1"].any()
    assert read("runs/basic/losses.csv") == "step,epoch,d_loss,g_loss\n"


def test_epoch_cut_short_by_steps_has_rows_but_no_line_and_no_picture(train):
    out, _ = train("basic", "--steps", 8)  # an epoch has 6
    assert [line[:11] for line in out.splitlines()] == ["Epoch: 0000", "최적화 완료!"]
    assert os.listdir("samples") == ["000.png"]
    rows = np.loadtxt("runs/basic/losses.csv", delimiter=",", skiprows=1)
    assert rows[:, 0].tolist() == list(range(1, 9))
    assert rows[:, 1].tolist() == [0] * 6 + [1] * 2


def test_training_ends_at_the_nearer_of_epochs_and_steps(train):
    train("basic", "--epochs", 1, "--steps", 100)
    assert steps_done() == 6


def test_embedded_digits_give_an_epoch_the_books_steps(program):
    status, _, err = program("train", "basic", "--offline", "--batch-size", 500, "--steps", 1)
    assert status == 0
    assert config()["steps_per_epoch"] == 110  # 55000 // 500
    assert config()["data"]["training_images"] == 4000
    assert err.startswith("legacy_gan: no MNIST in ./mnist/data/")
    assert "basic: 1 steps, 110 an epoch as on MNIST, seed 9;" in err


# What does not change the training


@MODELS
def test_pictures_digit_and_folders_never_change_the_training(model, train):
    train(model, "--epochs", 11, "--save-weights", "a.npz")
    digit = ["--digit", 5] if model == "conditional" else []
    train(
        model,
        "--epochs",
        11,
        "--save-weights",
        "b.npz",
        "--sample-every",
        8,
        "--run-dir",
        "other",
        "--samples-dir",
        "elsewhere",
        *digit,
    )
    # The tenth epoch has its noise from the training's stream, whether or not it has a picture.
    shown = {"000.png", "007.png", "010.png"} | ({"digit_5.png"} if digit else set())
    assert set(os.listdir("elsewhere")) == shown
    assert read(f"runs/{model}/losses.csv") == read("other/losses.csv")
    with np.load("a.npz") as a, np.load("b.npz") as b:
        for name in a.files:
            np.testing.assert_array_equal(a[name], b[name])


def test_same_seed_repeats_and_another_differs(train):
    for run, seed in (("a", 1), ("b", 1), ("c", 2)):
        train("basic", "--steps", 3, "--run-dir", run, "--seed", seed)
    assert read("a/losses.csv") == read("b/losses.csv") != read("c/losses.csv")


def test_numpys_global_generator_is_neither_used_nor_touched(train):
    np.random.seed(1)
    expected = np.random.RandomState(1).uniform(size=3)
    train("basic", "--steps", 3)
    np.testing.assert_array_equal(np.random.uniform(size=3), expected)


def test_seed_random_draws_one_and_says_which(train):
    _, err = train("basic", "--steps", 1, "--seed", "random")
    seed = config()["settings"]["seed"]
    assert f"seed {seed}" in err
    _, err = train("basic", "--steps", 1, "--seed", "random", "--run-dir", "other")
    assert config("other")["settings"]["seed"] != seed  # one chance in 2**32
    train("basic", "--steps", 2, "--seed", "random")  # the same command goes on with its run
    assert config()["settings"]["seed"] == seed and steps_done() == 2


# A second command


def test_complete_run_says_so_and_only_draws_a_strip(train, program):
    train("basic", "--epochs", 1)
    before = read("runs/basic/losses.csv"), os.stat("samples/000.png").st_mtime_ns
    status, out, err = program("train", "basic", "--epochs", 1)
    assert (status, err) == (0, "")
    assert out == (
        "runs/basic is complete: 6 steps, seed 9; drew samples/generated.png from its model. "
        "To start again: --restart (the old run is moved aside)\n"
    )
    assert before == (read("runs/basic/losses.csv"), os.stat("samples/000.png").st_mtime_ns)
    assert sorted(os.listdir("samples")) == ["000.png", "generated.png"]
    # A smaller target has been reached, too.
    assert "is complete: 6 steps" in program("train", "basic", "--steps", 3)[1]


def test_restart_moves_the_old_run_aside_with_its_pictures(train):
    train("basic", "--epochs", 1)
    losses, picture = read("runs/basic/losses.csv"), read("samples/000.png", "rb")
    _, err = train("basic", "--epochs", 1, "--seed", 5, "--restart")
    assert "runs/basic: the old run moved aside to runs/basic.1" in err
    assert read("runs/basic.1/losses.csv") == losses != read("runs/basic/losses.csv")
    assert read("runs/basic.1/pictures/000.png", "rb") == picture != read("samples/000.png", "rb")
    train("basic", "--epochs", 1, "--restart")
    assert sorted(os.listdir("runs")) == ["basic", "basic.1", "basic.2"]
    strip = read("samples/000.png", "rb")
    train("basic", "--epochs", 1, "--restart", "--run-dir", "runs/basic.1")
    assert read("samples/000.png", "rb") == strip  # the pictures of the moved run are those in its folder
    assert read("runs/basic.1.1/pictures/000.png", "rb") == picture
    assert config()["settings"]["seed"] == 9  # the book's again: nothing is remembered


def test_folder_may_be_named_with_a_slash(train):
    train("basic", "--steps", 1, "--run-dir", "runs/a/")
    train("basic", "--steps", 1, "--run-dir", "runs/a/", "--restart")
    assert sorted(os.listdir("runs")) == ["a", "a.1"]


def test_restart_leaves_no_strip_of_the_old_run_among_the_new(train):
    train("basic", "--epochs", 3, "--sample-every", 2)
    train("basic", "--epochs", 1, "--restart")
    assert os.listdir("samples") == ["000.png"]
    assert sorted(os.listdir("runs/basic.1/pictures")) == ["000.png", "001.png", "002.png"]


def test_pictures_and_weights_may_be_in_the_runs_own_folder(train):
    inside = ["--samples-dir", "runs/basic/strips", "--save-weights", "runs/basic/out/w.npz"]
    for again in ([], ["--restart"]):
        train("basic", "--epochs", 1, *(inside + again))
    for run in ("runs/basic", "runs/basic.1"):
        assert os.listdir(run + "/strips") == ["000.png"] and os.listdir(run + "/out") == ["w.npz"]


@pytest.mark.skipif(os.name == "nt", reason="needs POSIX links")
def test_weights_of_a_run_that_begins_anew_may_be_where_the_old_one_was(train):
    """The folder that holds them is moved aside in between."""
    train("basic", "--steps", 1, "--save-weights", "runs/basic/kept/w.npz")
    os.symlink(os.path.join("runs", "basic", "kept"), "link")
    for steps, path in ((2, "runs/basic/kept/w.npz"), (3, "link/w.npz")):
        shutil.rmtree("runs/basic.1", ignore_errors=True)
        train("basic", "--steps", steps, "--restart", "--save-weights", path)
        with np.load(path) as new, np.load("runs/basic.1/kept/w.npz") as old:
            assert not np.array_equal(new["G_b1"], old["G_b1"])


def test_further_target_goes_on_from_the_last_checkpoint(train):
    train("basic", "--epochs", 1)
    out, err = train("basic", "--epochs", 3)
    assert out.startswith("Epoch: 0001") and "; continuing from step 6" in err
    train("basic", "--epochs", 3, "--run-dir", "whole")
    assert read("runs/basic/losses.csv") == read("whole/losses.csv")
    assert [s["step"] for s in config()["started"]] == [0, 6]


def test_epoch_that_steps_cut_short_is_finished_by_the_next_target(train):
    train("basic", "--steps", 8)
    out, _ = train("basic", "--epochs", 2)
    whole, _ = train("basic", "--epochs", 2, "--run-dir", "whole", "--samples-dir", "whole")
    assert out == whole[whole.index("Epoch: 0001") :]
    assert read("runs/basic/losses.csv") == read("whole/losses.csv")
    assert read("samples/001.png", "rb") == read("whole/001.png", "rb")


def test_settings_not_given_are_the_runs_own(train, program):
    train("basic", "--steps", 2, "--hidden", 13, "--learning-rate", 0.001)
    status, out, _ = program("train", "basic", "--steps", 2, "--hidden", 13)
    assert status == 0 and "is complete" in out


@pytest.mark.parametrize(
    "flags, words", [(["--seed", 3], "expected --seed 9, got 3"), (["--beta1", 0.5], "expected --beta1 0.9, got 0.5")]
)
def test_other_settings_are_refused(flags, words, train, refused):
    train("basic", "--steps", 1)
    before = read("runs/basic/config.json")
    line = refused("train", "basic", "--steps", 1, *flags)
    assert words in line and "--restart" in line
    assert read("runs/basic/config.json") == before
    assert os.listdir("runs") == ["basic"]


def test_every_setting_that_differs_has_its_line(train, program):
    train("basic", "--steps", 1)
    status, out, err = program("train", "basic", "--batch-size", 50, "--noise", 64, "--hidden", 256)
    assert (status, out) == (2, "")
    first, second = err.splitlines()
    assert first.startswith("legacy-gan: runs/basic: expected --batch-size 100, got 50; another")
    assert second.startswith("legacy-gan: runs/basic: expected --noise 128, got 64; another")


def test_other_data_is_refused_when_named(train, refused, tmp_path):
    train("basic", "--steps", 1)
    synthetic_mnist.write_folder(tmp_path, train=5700)
    line = refused("train", "basic", "--steps", 1, "--data-dir", tmp_path)
    assert re.search("expected the training images .*, got others, ", line)


def test_other_initial_weights_are_refused(train, refused):
    train("basic", "--steps", 0, "--save-weights", "w.npz")
    for steps in (0, 3):  # answered from the complete run, and gone on with for a further target
        line = refused("train", "basic", "--steps", steps, "--initial-weights", "w.npz")
        assert "expected --initial-weights the model's own, got others" in line
    assert os.listdir("runs") == ["basic"]


def test_other_model_in_the_directory_is_refused(train, refused):
    train("basic", "--steps", 1)
    line = refused("train", "conditional", "--run-dir", "runs/basic")
    assert "expected the model basic, got conditional" in line


def test_edited_model_page_is_refused(train, refused, monkeypatch):
    train("basic", "--steps", 1)
    monkeypatch.setattr(pages, "text_hash", lambda model: "another")
    line = refused("train", "basic", "--steps", 1)
    assert "expected legacy_gan/models/basic.py as it was then, got an edited file" in line
    assert "--allow-change source" in line
    train("basic", "--steps", 2, "--allow-change", "source")
    assert config()["changes"][0]["setting"] == "source" and config()["source_sha256"] == "another"


def test_folder_of_somebody_else_is_never_touched(refused, made_folder):
    os.makedirs("mine")
    with open("mine/thesis.txt", "w") as f:
        f.write("years of work")
    for flags in ([], ["--restart"]):
        line = refused("train", "basic", "--run-dir", "mine", "--data-dir", made_folder, *flags)
        assert "mine holds files but no config.json" in line
    assert os.listdir("mine") == ["thesis.txt"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "{}",
        '{"model": "basic"}',
        "\x00",
        json.dumps({"model": "basic", "settings": {"hidden": -1}, "target": {}, "data": {}}),
        json.dumps(
            {
                "model": "basic",
                "settings": {},
                "target": {"epochs": 1},
                "data": {"sha256": "", "source": ""},
                "completed": {"step": 3},
            }
        ),
    ],
)
def test_broken_config_is_refused_and_restart_moves_it_aside(text, refused, train):
    os.makedirs("runs/basic")
    with open("runs/basic/config.json", "w") as f:
        f.write(text)
    assert "runs/basic/config.json is not a settings file" in refused("train", "basic")
    train("basic", "--steps", 1, "--restart")
    assert read("runs/basic.1/config.json") == text


def test_run_of_no_steps_is_complete_too(train, program):
    train("basic", "--steps", 0)
    status, out, _ = program("train", "basic", "--steps", 0, "--save-weights", "w.npz")
    assert status == 0 and "runs/basic is complete: 0 steps" in out
    assert os.path.exists("w.npz") and os.listdir("samples") == ["generated.png"]


def test_gpu_that_is_not_there_is_an_error_for_a_complete_run_too(train, refused, monkeypatch):
    train("basic", "--steps", 1)
    monkeypatch.setattr("legacy_gan.images.sampling.gpus", lambda: [])
    assert "sees no GPU" in refused("train", "basic", "--steps", 1, "--device", "gpu")


# --digit


def test_digit_of_a_complete_run_generates_without_training_or_data(train, program):
    train("conditional", "--epochs", 1)
    losses = read("runs/conditional/losses.csv")
    status, out, err = program("train", "conditional", "--digit", 5)
    assert (status, err) == (0, "")
    assert out == (
        "runs/conditional is complete: 6 steps, seed 9; drew samples2/digit_5.png from its model. "
        "To start again: --restart (the old run is moved aside)\n"
    )
    assert read("runs/conditional/losses.csv") == losses
    first = read("samples2/digit_5.png", "rb")
    program("train", "conditional", "--digit", 5)
    assert read("samples2/digit_5.png", "rb") == first


def test_digit_first_finishes_what_was_interrupted(train):
    train("conditional", "--epochs", 1)
    kept = config("runs/conditional")
    kept["target"]["epochs"] = 2
    with open("runs/conditional/config.json", "w") as f:
        json.dump(kept, f)
    train("conditional", "--digit", 5)
    assert steps_done("runs/conditional") == 12  # the recorded target
    assert os.path.exists("samples2/digit_5.png")


# From Python


@pytest.mark.both_ends
def test_train_and_generate_from_python(made_folder):
    run = legacy_gan.train("conditional", epochs=2, data_dir=made_folder, run_dir="r")
    assert run.run_dir == "r" and run.steps == 12
    assert run.d_loss.shape == run.g_loss.shape == (12,) and run.d_loss.dtype == np.float32
    again = legacy_gan.train("conditional", epochs=2, run_dir="r")
    np.testing.assert_array_equal(again.d_loss, run.d_loss)
    images = legacy_gan.generate("r", digit=5, count=7)
    assert images.shape == (7, 784) and images.dtype == np.float32
    assert 0 <= images.min() and images.max() <= 1
    np.testing.assert_allclose(legacy_gan.generate("r", digit=5, count=3), images[:3], atol=1e-6)
    assert np.abs(legacy_gan.generate("r", digit=6, count=7) - images).max() > 1e-3


@pytest.mark.both_ends
def test_on_epoch_is_called_after_every_epoch_and_changes_nothing(made_folder):
    seen, options = [], dict(hidden=6, noise=5, engine="feed", data_dir=made_folder)
    plain = legacy_gan.train("conditional", epochs=2, run_dir="plain", **options)
    run = legacy_gan.train("conditional", epochs=2, run_dir="watched", on_epoch=seen.append, **options)
    np.testing.assert_array_equal(run.d_loss, plain.d_loss)
    assert [(epoch.model, epoch.epoch, epoch.step, epoch.steps) for epoch in seen] == [
        ("conditional", 0, 6, 12),
        ("conditional", 1, 12, 12),
    ]
    np.testing.assert_array_equal(seen[0].g_loss, run.g_loss[:6])
    assert 0 <= seen[0].health.d_real <= 1
    # A row of digits as generate draws them, 0 to 9.
    assert seen[1].images.shape == (10, 784) and np.abs(seen[0].images - seen[1].images).max() > 0
    np.testing.assert_array_equal(seen[1].images[0], legacy_gan.generate("watched", digit=0, count=1)[0])


def test_on_epoch_that_raises_ends_a_training_that_goes_on(made_folder):
    def fail(epoch):
        if epoch.epoch == 1:
            raise errors.pop()

    options = dict(hidden=6, noise=5, engine="feed", data_dir=made_folder, run_dir="r")
    errors = [OSError("gone"), ZeroDivisionError()]
    for ends_with in (ZeroDivisionError, legacy_gan.errors.UserError):
        with pytest.raises(ends_with) as caught:
            legacy_gan.train("basic", epochs=2, on_epoch=fail, **options)
    assert str(caught.value) == "on_epoch ended the training: OSError: gone"
    seen = []
    assert legacy_gan.train("basic", epochs=2, on_epoch=seen.append, **options).steps == 12
    assert [epoch.epoch for epoch in seen] == [1]  # the first epoch was kept


def test_a_notebook_shows_an_epoch_and_a_run(made_folder):
    shown = []
    run = legacy_gan.train(
        "basic",
        epochs=1,
        hidden=6,
        engine="feed",
        data_dir=made_folder,
        run_dir="a & b",
        on_epoch=lambda epoch: shown.append(epoch._repr_html_()),
    )
    for text in shown + [run._repr_html_()]:
        assert text.count("data:image/png;base64,") == 1 and text.count("<polyline") == 2
    assert "basic, epoch 0" in shown[0] and "step <b>6 / 6</b>" in shown[0]
    assert "a &amp; b" in run._repr_html_()
    os.remove(run.pictures[-1])
    assert "<img" not in run._repr_html_()


@pytest.mark.parametrize(
    "call, words",
    [
        (lambda: legacy_gan.train("dcgann"), "the model must be one of basic, cdcgan, conditional"),
        (lambda: legacy_gan.train("basic", epoch=3), "basic has no option 'epoch'"),
        (lambda: legacy_gan.train("basic", digit=3), "basic has no option 'digit'"),
        (lambda: legacy_gan.train("basic", epochs=2.5), "--epochs takes a whole number"),
        (lambda: legacy_gan.train("basic", on_epoch=5), "on_epoch takes a function of one argument, got 5"),
        (lambda: legacy_gan.generate("nowhere"), "nowhere: expected a run, found none"),
    ],
)
def test_wrong_calls_from_python_are_named(call, words):
    with pytest.raises(legacy_gan.errors.UserError) as caught:
        call()
    assert words in str(caught.value)


@pytest.mark.parametrize("digit", [None, 10, -1, "5", 5.0])
def test_generate_wants_a_digit_of_a_conditional_run(digit, trained_run):
    trained_run("conditional", "runs/conditional")
    with pytest.raises(legacy_gan.errors.UserError, match="digit must be from 0 to 9"):
        legacy_gan.generate("runs/conditional", digit=digit)


@pytest.mark.parametrize("count", [0, -1, 2.5, "3"])
def test_generate_wants_a_count(count, trained_run):
    trained_run("basic", "runs/basic")
    with pytest.raises(legacy_gan.errors.UserError, match="count must be a whole number"):
        legacy_gan.generate("runs/basic", count=count)


# How a run ends


def test_non_finite_loss_stops_with_3_and_names_the_step(program, made_folder):
    # From logits a loss is finite at every finite logit: only weights that overflow make it NaN.
    with training.built("basic") as (_, gan, _, _):
        huge = {v.op.name: np.full(v.shape.as_list(), 1e38) for v in gan.model_vars}
    np.savez("huge.npz", **huge)
    status, out, err = program("train", "basic", "--data-dir", made_folder, "--initial-weights", "huge.npz")
    assert status == 3
    assert (
        "step 1: a loss is not a finite number any more (before it: nothing); the run in runs/basic "
        "stops here, the checkpoint before it: runs/basic/checkpoints/step-00000000;"
    ) in err.splitlines()[-1]
    assert "최적화" not in out


@pytest.mark.both_ends
@pytest.mark.skipif(os.name == "nt", reason="needs POSIX signals")
@pytest.mark.parametrize(
    "engine, number, status",
    [
        ("feed", signal.SIGTERM, 143),
        ("compiled", signal.SIGINT, 130),
        pytest.param("feed", signal.SIGINT, 130, marks=pytest.mark.slow),
    ],
)
def test_signal_ends_a_run_without_a_traceback(engine, number, status, forked, made_folder):
    flags = ["--epochs", 100000, "--sample-every", 100000, "--engine", engine, "--restart"]
    process = forked.start("train", "basic", "--data-dir", made_folder, *flags)
    assert process.stdout.readline().startswith("Epoch: 0000")
    process.send_signal(number)
    _, err = process.communicate()
    assert process.returncode == status
    assert "Traceback" not in err
    last = err.splitlines()[-1]
    step = int(re.search(r"step (\d+) of 600000: ", last).group(1))
    assert f"; saved: the same command without --restart continues from runs/basic/checkpoints/step-{step:08d}" in last
    assert steps_done() == step
    assert read("runs/basic/losses.csv").count("\n") == step + 1


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs Linux's /dev/full")
@pytest.mark.parametrize("both", [False, pytest.param(True, marks=pytest.mark.slow)], ids=["output", "errors too"])
def test_output_to_a_full_disk_ends_with_one_line(both, made_folder):
    """What is printed may go to a file on the disk that is full."""

    def ended(*argv, **streams):
        with open("/dev/full", "w") as full:
            process = subprocess.run(
                [sys.executable, "-m", "legacy_gan"] + list(argv),
                **{name: full if stream == "full" else subprocess.PIPE for name, stream in streams.items()},
                env=dict(os.environ, PYTHONPATH=ROOT, PYTHONUNBUFFERED=""),
            )
        err = (process.stderr or b"").decode()
        assert "Traceback" not in err and "Exception" not in err
        return process.returncode, err.splitlines()[-1:]

    status, last = ended("--version", stdout="full", stderr="")
    assert (status, last) == (2, ["legacy-gan: standard output: No space left on device"])
    train = ["train", "basic", "--data-dir", made_folder, "--hidden", "8", "--engine", "feed"]
    status, last = ended(*train + ["--epochs", "2"], stdout="full", stderr="")
    assert status == 4 and last[0].startswith("legacy-gan: standard output: No space left on device; the run")
    if both:
        assert ended(*train + ["--epochs", "2"], stdout="full", stderr="full")[0] == 4
        assert ended(*train + ["--epochs", "1"], stdout="", stderr="full")[0] == 0


@pytest.mark.skipif(os.name == "nt", reason="needs POSIX pipes")
def test_reader_that_goes_away_does_not_end_a_run(forked, made_folder):
    flags = ["--epochs", 20, "--sample-every", 1000, "--engine", "feed"]
    process = forked.start("train", "basic", "--data-dir", made_folder, *flags)
    process.stdout.readline()
    process.stdout.close()  # as `| head -1` does
    process.communicate()
    assert process.returncode == 0
    assert steps_done() == 120


@pytest.mark.parametrize("count", [300, 5000])
def test_own_set_that_is_smaller_than_the_books_validation_set_trains(count, program, tmp_path):
    synthetic_mnist.write_folder(tmp_path, train=count)
    status, _, err = program("train", "basic", "--data-dir", tmp_path, "--steps", 1, "--batch-size", 50)
    assert status == 0 and f"{count} training images" in err, err
