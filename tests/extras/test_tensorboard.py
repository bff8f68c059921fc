"""--tensorboard: what TensorBoard finds there."""

import glob
import os
import re
import signal
import sys

import numpy as np
import pytest

from legacy_gan.tf1 import tf
from legacy_gan.training import rundir

pytestmark = pytest.mark.newest


def events(folder):
    """Returns {tag: {step: value}}, with `start` for the steps at which a writer began."""
    found = {"start": []}
    for path in sorted(glob.glob(os.path.join(folder, "events.*")), key=os.path.getmtime):
        for event in tf.train.summary_iterator(path):
            if event.WhichOneof("what") == "session_log":
                found["start"].append(event.step)
            elif event.WhichOneof("what") == "graph_def":
                found["graph"] = tf.GraphDef.FromString(event.graph_def)
            for value in event.summary.value:
                kind = value.WhichOneof("value")
                found.setdefault(value.tag, {})[event.step] = getattr(value, kind)
    return found


@pytest.fixture
def train(program, made_folder):
    def run(*flags, **options):
        status, out, err = program(
            "train",
            options.get("model", "conditional"),
            "--data-dir",
            made_folder,
            "--hidden",
            "8",
            "--run-dir",
            "run",
            "--batch-size",
            "20",
            "--sample-every",
            "1",
            *flags,
        )
        assert status == 0, err
        return rundir.RunDirectory("run")

    return run


@pytest.mark.both_ends
@pytest.mark.parametrize("model", ["conditional", "vanilla"])
def test_losses_health_pictures_and_weights_are_there(train, model):
    run = train("--epochs", "2", "--tensorboard", model=model)
    found = events("run/tensorboard")
    losses = np.array(run.losses())
    assert losses.shape == (2, 60 if model == "conditional" else 560)
    for tag, row in zip(("loss/D", "loss/G"), losses):
        assert sorted(found[tag]) == list(range(10, losses.shape[1] + 1, 10))
        for step, value in found[tag].items():
            assert value == row[step - 1]
    for column, tag in enumerate(("health/D(x)", "health/D(G(z))", "health/spread"), 2):
        expected = {int(row[0]): row[column] for row in run.health()}
        assert found[tag] == pytest.approx(expected, rel=1e-6)
    histograms = [tag for tag in found if tag.startswith("weights/")]
    assert len(histograms) == (8 if model == "conditional" else 12)
    for tag in histograms:
        last = found[tag][losses.shape[1]]
        assert sum(last.bucket) == last.num > 0 and last.min <= last.max
        assert len(last.bucket) == len(last.bucket_limit) == 30
    with tf.Graph().as_default(), tf.Session() as session:
        names = {"conditional": "samples2/001.png", "vanilla": "run/samples/fake_images-2.png"}
        with open(names[model], "rb") as f:
            png = f.read()
        last = found["pictures"][losses.shape[1]]
        assert last.encoded_image_string == png
        assert session.run(tf.image.decode_png(png)).shape[:2] == (last.height, last.width)
    assert any("discriminator" in node.name for node in found["graph"].node)
    assert found["start"] == [0]


def test_a_run_that_goes_on_tells_from_where(train):
    train("--epochs", "1", "--tensorboard")
    train("--epochs", "2", "--tensorboard")
    found = events("run/tensorboard")
    assert found["start"] == [0, 30]
    assert sorted(found["loss/D"]) == [10, 20, 30, 40, 50, 60]


def test_looking_does_not_change_the_training(train):
    watched = train("--epochs", "2", "--tensorboard").losses()
    np.testing.assert_array_equal(watched, train("--epochs", "2", "--restart").losses())
    assert not os.path.exists("run/tensorboard") and os.path.isdir("run.1/tensorboard")


def test_nothing_is_loaded_without_it(train, monkeypatch):
    monkeypatch.setitem(sys.modules, "legacy_gan.extras.tensorboard", None)  # an import fails
    train("--epochs", "1")
    assert not os.path.exists("run/tensorboard")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs POSIX limits")
def test_full_disk_ends_a_run_with_4(train, program, made_folder):
    """A limit on the size of files stops TensorFlow's writer as a full disk does."""
    import resource

    train("--epochs", "1", "--tensorboard")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200000, limits[1]))
    try:
        status, _, err = program(
            "train",
            "conditional",
            "--data-dir",
            made_folder,
            "--run-dir",
            "run",
            "--epochs",
            "1000",
            "--checkpoint-every",
            "1000",
            "--sample-every",
            "1",
            "--tensorboard",
        )
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, ignored)
    assert status == 4 and "Traceback" not in err, err
    assert re.search(
        r"legacy-gan: run/tensorboard.*: File too large; the run stops here; with room on the "
        "disk the same command continues from run/checkpoints/step-00000030$",
        err.strip(),
    )
    train("--epochs", "2", "--tensorboard")


@pytest.mark.parametrize(
    "values, count, bins",
    [
        ([1.0, 2.0, 3.0], 3, 30),
        ([0.0, 0.0], 2, 30),
        ([1e20, 1e20], 2, 1),
        ([1.0, np.nan, 2.0, np.inf], 2, 30),
        ([np.nan], 0, 0),
    ],
)
def test_histogram_of_any_weights(values, count, bins):
    """A run whose weights are beyond a float must come to its own end."""
    from legacy_gan.extras import tensorboard

    made = tensorboard._histogram(np.array(values, np.float32))
    assert (made.num, sum(made.bucket), len(made.bucket)) == (count, count, bins)
    assert np.isfinite([made.min, made.max, made.sum] + list(made.bucket_limit)).all()


def test_complete_run_says_that_there_is_nothing_to_write(program, made_folder):
    def told(steps, *flags):
        status, _, err = program(
            "train", "basic", "--data-dir", made_folder, "--hidden", "8", "--run-dir", "run", "--steps", steps, *flags
        )
        assert status == 0, err
        return "nothing for --tensorboard to write" in err

    assert not told(2)
    assert not told(2)
    assert told(2, "--tensorboard")
    assert not os.path.exists("run/tensorboard")
    assert not told(3, "--tensorboard")
    assert not told(3, "--tensorboard")
