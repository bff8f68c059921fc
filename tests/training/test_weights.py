"""Weights in and out: .npz, TensorFlow checkpoints, also those of the original listings."""

import os

import numpy as np
import pytest

from legacy_gan.tf1 import tf
from tests.support import listing_runner, training

pytestmark = pytest.mark.newest

MODELS = pytest.mark.parametrize("model", ["basic", "conditional"])
LISTING = {"basic": 1, "conditional": 2}


def random_weights(model, **settings):
    """Returns (names in order, float32 arrays by name) of a model."""
    rng = np.random.RandomState(4)
    with training.built(model, **settings) as (_, gan, _, _):
        return {v.op.name: rng.normal(size=v.shape.as_list()).astype(np.float32) for v in gan.model_vars}


def saved_by(program, model, data, *flags):
    """Trains with flags and returns the arrays that --save-weights wrote."""
    status, _, err = program("train", model, "--data-dir", data, "--save-weights", "out.npz", *flags)
    assert status == 0, err
    with np.load("out.npz") as npz:
        return {name: npz[name] for name in npz.files}


def assert_equal_arrays(arrays, expected):
    assert list(arrays) == list(expected)
    for name in expected:
        np.testing.assert_array_equal(arrays[name], expected[name], err_msg=name)


@pytest.mark.both_ends
@MODELS
def test_npz_goes_in_and_comes_out_unchanged(model, program, made_folder):
    arrays = random_weights(model)
    np.savez("in.npz", **arrays)
    out = saved_by(program, model, made_folder, "--initial-weights", "in.npz", "--steps", 0)
    assert_equal_arrays(out, arrays)


@pytest.mark.both_ends
@MODELS
@pytest.mark.parametrize("tensorflow", ["ours", pytest.param("TF 1.15", marks=pytest.mark.tf1)])
def test_checkpoint_of_the_original_listing_is_taken(model, tensorflow, program, made_folder):
    """A listing trained and saved as it stands: `Variable ... Variable_7`, slots and powers too."""
    text = listing_runner.source(LISTING[model])
    text += "\ntf.train.Saver().save(sess, './model/gan.ckpt')\n"
    text += "values = sess.run(tf.trainable_variables())\n"
    os.makedirs("model")
    names = listing_runner.run(text, made_folder, ours=tensorflow == "ours")
    stored = {name for name, _ in tf.train.list_variables("./model/gan.ckpt")}
    assert "beta1_power" in stored and any(name.endswith("/Adam_1") for name in stored)
    if model == "basic":
        assert {"Variable", "Variable_7"} <= stored
    out = saved_by(program, model, made_folder, "--initial-weights", "model/gan.ckpt", "--steps", 0)
    expected = dict(zip(out, names["values"]))
    # The listing makes its variables in the port's order: G's, then D's.
    assert_equal_arrays(out, expected)


@pytest.mark.parametrize("ending", ["", ".index", ".data-00000-of-00001"])
def test_own_model_is_a_checkpoint_by_any_of_its_names(ending, program, made_folder):
    first = saved_by(program, "basic", made_folder, "--steps", 3)
    again = saved_by(
        program,
        "basic",
        made_folder,
        "--steps",
        0,
        "--run-dir",
        "second",
        "--initial-weights",
        "runs/basic/checkpoints/step-00000003/model.ckpt" + ending,
    )
    assert_equal_arrays(again, first)


def test_saving_from_a_complete_run_writes_the_trained_weights(program, made_folder):
    first = saved_by(program, "basic", made_folder, "--steps", 3)
    status, out, _ = program("train", "basic", "--steps", 3, "--save-weights", "later.npz")
    assert status == 0 and "is complete" in out
    with np.load("later.npz") as npz:
        assert_equal_arrays({name: npz[name] for name in npz.files}, first)


def test_names_with_colon_zero_are_taken(program, made_folder):
    arrays = random_weights("basic")
    np.savez("in.npz", **{name + ":0": array for name, array in arrays.items()})
    out = saved_by(program, "basic", made_folder, "--initial-weights", "in.npz", "--steps", 0)
    assert_equal_arrays(out, arrays)


def without(name):
    return lambda arrays: arrays.pop(name)


def replaced(name, value):
    return lambda arrays: arrays.update({name: value})


@pytest.mark.parametrize(
    "change, words",
    [
        (without("D_b2"), "missing D_b2"),
        (replaced("D_b3", np.zeros(1)), "unknown D_b3"),
        (replaced("G_W1", np.zeros((256, 128))), "expected G_W1 of shape [128, 256], got [256, 128]"),
        (replaced("G_b1", np.full(256, np.nan)), "expected finite floating-point numbers in G_b1"),
        (replaced("G_b1", np.full(256, 1e300)), "expected finite floating-point numbers in G_b1"),
        (replaced("G_b1", np.array(["a"] * 256)), "expected finite floating-point numbers in G_b1"),
        (replaced("G_b1", np.array([{}] * 256)), "cannot read it"),  # a pickle
    ],
    ids=["missing", "extra", "shape", "nan", "overflow", "text", "pickle"],
)
def test_npz_that_does_not_fit_is_refused(change, words, refused, made_folder):
    arrays = random_weights("basic")
    change(arrays)
    np.savez("in.npz", **arrays)
    line = refused("train", "basic", "--data-dir", made_folder, "--initial-weights", "in.npz")
    assert "--initial-weights in.npz" in line and words in line
    assert not os.path.exists("runs")


def write(data):
    def make(path):
        with open(path, "wb") as f:
            f.write(data)

    return make


@pytest.mark.parametrize(
    "path, make",
    [
        ("in.npz", write(b"no zip")),
        ("in.npz", write(b"")),
        ("in.npz", os.makedirs),
        ("in.npz", lambda path: (np.save("in.npy", np.zeros(3)), os.rename("in.npy", path))),
        ("absent.npz", lambda path: None),
        ("absent.ckpt", lambda path: None),
        ("in.ckpt", lambda path: write(b"no table")(path + ".index")),
    ],
    ids=["broken", "empty", "folder", "single", "absent", "absent-ckpt", "broken-ckpt"],
)
def test_file_that_is_no_weights_is_refused(path, make, refused, made_folder):
    make(path)
    line = refused("train", "basic", "--data-dir", made_folder, "--initial-weights", path)
    assert "--initial-weights " + path in line
    assert not os.path.exists("runs")


def test_other_sizes_are_named_with_their_flags(refused, made_folder):
    np.savez("in.npz", **random_weights("basic", hidden=13))
    line = refused("train", "basic", "--data-dir", made_folder, "--initial-weights", "in.npz")
    assert "give the --hidden and --noise" in line


@pytest.mark.parametrize("own", [["--optimizer", "momentum"], ["--average", "0.9"], ["--decay-steps", "9"]])
def test_checkpoint_of_a_run_with_other_slots_is_taken(own, program, made_folder):
    flags = ["--data-dir", made_folder, "--hidden", 7, "--noise", 3]
    assert program("train", "basic", "--steps", 2, *own + flags)[0] == 0
    prefix = "runs/basic/checkpoints/step-00000002/model.ckpt"
    status, _, err = program("train", "basic", "--steps", 1, "--run-dir", "other", "--initial-weights", prefix, *flags)
    assert status == 0, err
