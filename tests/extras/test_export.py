"""legacy-gan export: a SavedModel that plain TensorFlow reads, ONNX that onnxruntime does."""

import os
import shutil
import signal
import subprocess
import sys

import numpy as np
import pytest

from legacy_gan.images import run_model
from tests.support.environment import tensorflow_is_1

pytestmark = pytest.mark.newest

LOAD_2 = """
import sys
import numpy as np, tensorflow as tf
for folder in sys.argv[1:]:
    model = tf.saved_model.load(folder)
    given = {name: tf.constant(array) for name, array in np.load(folder + ".npz").items()}
    np.save(folder + ".npy", model.signatures["serving_default"](**given)["images"].numpy())
    print(*sorted(v.name for v in model.variables))
    print(*sorted(v.name for v in model.graph.get_collection("trainable_variables")))
"""

LOAD_1 = """
import sys
import numpy as np, tensorflow.compat.v1 as tf
tf.disable_eager_execution()
for folder in sys.argv[1:]:
    with tf.Graph().as_default(), tf.Session() as session:
        meta = tf.saved_model.loader.load(session, ["serve"], folder)
        signature = meta.signature_def["serving_default"]
        feeds = {signature.inputs[name].name: array for name, array in np.load(folder + ".npz").items()}
        np.save(folder + ".npy", session.run(signature.outputs["images"].name, feeds))
        print(*sorted(v.name for v in tf.global_variables()))
        print(*sorted(v.name for v in tf.trainable_variables()))
"""


def loaded(script, given):
    """Returns what a fresh Python with TensorFlow alone gets of each folder, for `given` (dicts of arrays).

    Returns:
      {folder: (images, names, trainable names)}.
    """
    for folder, arrays in given.items():
        np.savez(folder + ".npz", **arrays)
    out = subprocess.run(
        [sys.executable, "-c", script] + list(given),
        stdout=subprocess.PIPE,
        check=True,
        text=True,
        env=dict(os.environ, TF_CPP_MIN_LOG_LEVEL="3"),
    ).stdout
    names = [line.split() for line in out.splitlines()[-2 * len(given) :]]
    return {folder: (np.load(folder + ".npy"),) + tuple(names[2 * n : 2 * n + 2]) for n, folder in enumerate(given)}


@pytest.mark.both_ends
@pytest.mark.parametrize(
    "models",
    [("cdcgan", "conditional", "vanilla"), pytest.param(("basic", "dcgan"), marks=pytest.mark.slow)],
    ids=" ".join,
)
def test_round_trip(program, trained_run, models):
    given, expected = {}, {}
    for model in models:
        trained_run(model, "run")
        status, out, err = program("export", "run", model)
        assert status == 0 and out.startswith(f"wrote {model}: a SavedModel whose serving_default takes noise"), err
        assert set(os.listdir(".")) == {"run"} | set(given) | {model}  # nothing is left over
        with run_model.open_run("run") as run:
            noise = run.noise(7).astype(np.float32)
            noise[5:] = 100  # images at the ends of their range, whatever it is in the model
            given[model] = {"noise": noise}
            if run.conditional:
                given[model]["labels"] = np.eye(10, dtype=np.float32)[[3, 1, 4, 1, 5, 9, 2]]
            expected[model] = run.images(noise, given[model].get("labels"))
        shutil.rmtree("run")
    for script in [LOAD_1] + ([] if tensorflow_is_1() else [LOAD_2]):
        for model, (images, names, trainable) in loaded(script, given).items():
            assert images.shape == (7, 784) and images.dtype == np.float32
            np.testing.assert_allclose(images, expected[model], rtol=1e-5, atol=1e-6)
            assert 0 <= images.min() and images.max() <= 1
            assert model != "vanilla" or images.min() < 0.1 and images.max() > 0.9
            averages = {name for name in names if "moving_" in name}
            assert bool(averages) == ("dcgan" in model)
            assert not [name for name in names if not name.startswith(("generator/", "G_"))], names
            assert set(trainable) == set(names) - averages
            assert len(names) == len(set(names)) > 3


@pytest.mark.onnx
@pytest.mark.parametrize("model", ["cdcgan", "vanilla"])
def test_onnx_draws_the_same_images(program, trained_run, model):
    import onnxruntime

    trained_run(model, "run")
    status, out, err = program("export", "run", "made.onnx")
    assert status == 0 and out.startswith("wrote made.onnx: ONNX, which takes noise [n, "), err
    assert set(os.listdir(".")) == {"run", "made.onnx"}
    with run_model.open_run("run") as run:
        given = {"noise": run.noise(7).astype(np.float32)}
        if run.conditional:
            given["labels"] = np.eye(10, dtype=np.float32)[[3, 1, 4, 1, 5, 9, 2]]
        expected = run.images(*given.values())
    drawn = onnxruntime.InferenceSession("made.onnx")
    shapes = {value.name: value.shape for value in drawn.get_inputs() + drawn.get_outputs()}
    sizes = {"noise": given["noise"].shape[1], "labels": 10, "images": 784}
    assert shapes == {name: ["n", sizes[name]] for name in list(given) + ["images"]}
    # float32 in another order of sums
    np.testing.assert_allclose(drawn.run(["images"], given)[0], expected, rtol=1e-5, atol=1e-6)


def test_onnx_without_the_converter_is_one_line(refused, trained_run, monkeypatch):
    monkeypatch.setitem(sys.modules, "tf2onnx", None)
    trained_run("basic", "run")
    assert "ONNX needs the package tf2onnx" in refused("export", "run", "made.onnx")
    assert not os.path.exists("made.onnx")


@pytest.mark.parametrize(
    "argv, words",
    [
        ([], "expected legacy-gan export RUN DIR|FILE.onnx"),
        (["run"], "expected legacy-gan export RUN DIR|FILE.onnx"),
        (["nowhere", "saved"], "nowhere: expected a run, found none"),
        (["run", "taken"], "taken: expected a new folder for the SavedModel"),
        (["run", "file"], "file: expected a new folder for the SavedModel"),
        (["run", "taken.onnx"], "taken.onnx: expected a new file"),
        (["run", "g.h5"], "g.h5: expected a folder for a SavedModel, or a file that ends in .onnx"),
        (["run", "file/inside"], "DIR's parent must be a folder"),
        (["run", ""], "DIR|FILE.onnx takes a path, got ''"),
        (["run", "a\0b"], "DIR|FILE.onnx takes a path, got 'a\\x00b'"),
        (["", "saved"], "RUN takes a path, got ''"),
        (["run", "n" * 300], "n: File name too long"),
    ],
)
def test_bad_input_is_one_line_and_overwrites_nothing(refused, trained_run, argv, words):
    trained_run("basic", "run")
    os.mkdir("taken")
    for name in ("taken/kept", "file", "taken.onnx"):
        with open(name, "w") as f:
            f.write("mine")
    assert words in refused("export", *argv)
    for name in ("taken/kept", "file", "taken.onnx"):
        with open(name) as f:
            assert f.read() == "mine"
    assert not os.path.exists("saved") and not os.path.exists("g.h5")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs POSIX limits")
def test_full_disk_is_one_line_and_leaves_nothing(program, made_folder):
    """A limit on the size of files stops TensorFlow's writer as a full disk does."""
    import resource

    program("train", "basic", "--data-dir", made_folder, "--steps", "1", "--run-dir", "run", "--hidden", "64")
    before = sorted(os.listdir("."))
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20000, limits[1]))
    try:
        status, out, err = program("export", "run", "saved")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, ignored)
    assert (status, out) == (2, ""), err
    assert "legacy-gan: saved: File too large" in err.splitlines()[-1] and "Traceback" not in err
    assert sorted(os.listdir(".")) == before
