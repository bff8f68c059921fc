"""training/averages.py: the average of G's weights, and that it changes nothing but the images."""

import os

import numpy as np
import pytest

import legacy_gan
from legacy_gan.errors import UserError
from legacy_gan.images import run_model
from legacy_gan.training import averages
from tests.support import training

pytestmark = pytest.mark.newest

DECAY = 0.7


def images_and_labels(count=44):
    rng = np.random.RandomState(5)
    return rng.uniform(size=(count, 784)).astype(np.float32), np.eye(10)[np.arange(count) % 10]


@pytest.mark.parametrize(
    "engine, model",
    [
        ("feed", "basic"),
        ("compiled", "conditional"),
        ("feed", "dcgan"),
        ("compiled", "dcgan"),
        pytest.param("feed", "conditional", marks=pytest.mark.slow),
        pytest.param("compiled", "basic", marks=pytest.mark.slow),
    ],
)
def test_average_is_the_mean_of_all_weights_so_far_later_ones_more(engine, model):
    sizes = dict(filters=2) if model == "dcgan" else dict(hidden=13)
    with training.built(model, batch_size=11, noise=7, average=DECAY, **sizes) as (session, gan, module, settings):
        training.weights.assign(
            session, gan.named_vars, module.initial_weights(gan.model_vars, np.random.RandomState(1))
        )
        trained = training.engine(session, gan, module, settings, training.data_set(*images_and_labels()), engine)
        seen = []
        for _ in range(4):
            training.train(trained, 1)
            seen.append(training.weights.fetch(session, gan.named_vars))
        arrays = training.weights.fetch(session, dict(gan.named_vars, **gan.optimizer_vars))
    applied = averages.applied(arrays)
    shares = DECAY ** np.arange(3, -1, -1)
    for v in gan.g_vars:
        expected = np.tensordot(shares / shares.sum(), [step[v.op.name] for step in seen], 1)
        np.testing.assert_allclose(applied[v.op.name], expected, rtol=1e-4, atol=1e-6)
        assert np.abs(applied[v.op.name] - arrays[v.op.name]).max() > 1e-5
    for v in gan.d_vars:
        np.testing.assert_array_equal(applied[v.op.name], arrays[v.op.name])


def test_before_the_first_step_there_is_none():
    with training.built("basic", hidden=3, noise=2, average=DECAY) as (session, gan, _, _):
        arrays = training.weights.fetch(session, dict(gan.named_vars, **gan.optimizer_vars))
    assert averages.applied(arrays) is arrays
    assert averages.applied({"G_W1": 1}) == {"G_W1": 1}  # of a run without


def test_weights_come_back_to_the_bit():
    with training.built("conditional", hidden=5, noise=3, average=0.9) as (session, gan, module, settings):
        training.train(training.engine(session, gan, module, settings, training.data_set(*images_and_labels(200))), 2)
        before = training.weights.fetch(session, gan.named_vars)
        with pytest.raises(KeyError), averages.in_use(session, gan):
            within = training.weights.fetch(session, gan.named_vars)
            raise KeyError  # whatever happens meanwhile
        after = training.weights.fetch(session, gan.named_vars)
    for name in before:
        np.testing.assert_array_equal(before[name], after[name])
        assert (np.abs(before[name] - within[name]).max() > 0) == name.startswith("generator/")


@pytest.fixture
def train(made_folder):
    def run(folder, **options):
        return legacy_gan.train(
            "conditional",
            data_dir=made_folder,
            hidden=8,
            engine="feed",
            run_dir=folder,
            batch_size=20,
            samples_dir=os.path.join(folder, "samples"),
            sample_every=1,
            **options,
        )

    return run


@pytest.mark.both_ends
def test_training_is_the_same_and_images_are_the_averages(train):
    plain, averaged = train("plain", epochs=2), train("averaged", epochs=2, average=0.9)
    np.testing.assert_array_equal(plain.d_loss, averaged.d_loss)
    np.testing.assert_array_equal(plain.g_loss, averaged.g_loss)
    built, checkpoint = run_model.read_newest("averaged")
    _, of_plain = run_model.read_newest("plain")
    for name, array in of_plain.arrays.items():
        np.testing.assert_array_equal(array, checkpoint.arrays[name])
    images = [legacy_gan.generate(folder, digit=3) for folder in ("plain", "averaged")]
    assert np.abs(images[0] - images[1]).max() > 1e-3
    # By hand: relu and sigmoid of two products.
    arrays = averages.applied(checkpoint.arrays)
    with run_model.open_run("averaged") as run:
        noise = run.noise(10)
    x = np.concatenate([noise, np.eye(10)[[3] * 10]], 1)
    hidden = np.maximum(x @ arrays["generator/dense/kernel"] + arrays["generator/dense/bias"], 0)
    logits = hidden @ arrays["generator/dense_1/kernel"] + arrays["generator/dense_1/bias"]
    np.testing.assert_allclose(images[1], 1 / (1 + np.exp(-logits)), rtol=1e-4, atol=1e-5)


def test_a_run_that_goes_on_has_the_same_averages_and_pictures(train):
    train("whole", epochs=3, average=0.9, save_weights="whole.npz")
    train("parts", epochs=1, average=0.9)
    train("parts", epochs=3, save_weights="parts.npz")
    (_, whole), (_, parts) = (run_model.read_newest(folder) for folder in ("whole", "parts"))
    for name, array in whole.arrays.items():
        np.testing.assert_array_equal(array, parts.arrays[name])
    for name in ("000.png", "001.png", "002.png"):
        contents = []
        for folder in ("whole", "parts"):
            with open(os.path.join(folder, "samples", name), "rb") as f:
                contents.append(f.read())
        assert contents[0] == contents[1]
    # The weights that are saved are those that draw.
    saved = np.load("whole.npz")
    applied = averages.applied(whole.arrays)
    for name in saved.files:
        np.testing.assert_array_equal(saved[name], applied[name])


def test_average_cannot_be_taken_up_later(train):
    train("run", epochs=1)
    with pytest.raises(UserError, match="--average"):
        train("run", epochs=2, average=0.9)
