"""A model of a test's own: one page and one record are all that the package asks for."""

import ast
import dataclasses
import importlib
import json
import os
import sys
import textwrap

import numpy as np
import pytest

import legacy_gan
from legacy_gan import option_types, options, registry
from legacy_gan.errors import OptionError
from tests.support import import_graph

pytestmark = pytest.mark.newest
NAME = "sketch"

PAGE = '''
"""A GAN of one layer each that is told the digit, with noise of G's own."""

import numpy as np

from legacy_gan import losses
from legacy_gan.gan import GAN, LastBatch, Schedule
from legacy_gan.tf1 import tf
from legacy_gan.training.printers import Seminar
from sketch_layers import together


def get_noise(batch_size, n_noise, rng):
    return rng.uniform(-1, 1, size=(batch_size, n_noise))


def initial_weights(variables, rng):
    return {v.op.name: np.float32(0.1 * rng.normal(size=v.shape.as_list())) for v in variables}


def build(settings):
    images = tf.placeholder(tf.float32, [None, 784])
    labels = tf.placeholder(tf.float32, [None, 10])
    noise = tf.placeholder(tf.float32, [None, settings.noise])
    g_noise = tf.placeholder(tf.float32, [None, settings.noise])

    def draw(noise, labels):
        with tf.variable_scope("pencil", reuse=tf.AUTO_REUSE):
            hidden = tf.layers.dense(together(noise, labels), settings.strokes, activation=tf.nn.tanh)
            return tf.layers.dense(hidden, 784, activation=tf.nn.sigmoid)

    def look(images, labels):
        with tf.variable_scope("eye", reuse=tf.AUTO_REUSE):
            return tf.layers.dense(together(images, labels), 1)

    drawn = draw(noise, labels)
    real_logits, fake_logits = look(images, labels), look(drawn, labels)
    g_logits = look(draw(g_noise, labels), labels)
    d_loss, _ = losses.non_saturating(real_logits, fake_logits)
    _, g_loss = losses.non_saturating(g_logits, g_logits)
    eye = tf.get_collection(tf.GraphKeys.TRAINABLE_VARIABLES, scope="eye/")
    pencil = tf.get_collection(tf.GraphKeys.TRAINABLE_VARIABLES, scope="pencil/")
    d_optimizer, g_optimizer = [tf.train.AdamOptimizer(settings.learning_rate) for _ in range(2)]
    return GAN(
        real=images, noise=noise, g_noise=g_noise, labels=labels,
        real_logits=real_logits, fake_logits=fake_logits, g_logits=g_logits, d_loss=d_loss, g_loss=g_loss,
        train_d=d_optimizer.minimize(d_loss, var_list=eye), train_g=g_optimizer.minimize(g_loss, var_list=pencil),
        d_vars=eye, g_vars=pencil, state_vars=[], sample=drawn, sample_noise=noise, sample_labels=labels,
        schedule=Schedule.FRESH_NOISE, last_batch=LastBatch.SHORT, generator=draw, discriminator=look,
        losses=losses.non_saturating, d_optimizer=d_optimizer, g_optimizer=g_optimizer,
    )


class Printer(Seminar):
    def _images(self, session, noise, labels=None):
        return super()._images(session, noise, np.eye(10)[np.arange(len(noise)) % 10])

    def end(self):
        from legacy_gan import console

        console.say("drawn")
'''

LAYERS = '''
"""What the page above imports."""

from legacy_gan.tf1 import tf


def together(values, labels):
    return tf.concat([values, labels], 1)
'''


@dataclasses.dataclass(frozen=True)
class SketchSettings(options.Settings):
    """One setting of the model's own, and a default that is not the others'."""

    noise: int = option_types.option(6, "length of the noise vector", low=1, high=65536)
    strokes: int = option_types.option(8, "width of the hidden layer", low=1, high=100)


@dataclasses.dataclass(frozen=True)
class SketchRun(options.Run):
    """Two epochs where no number is given."""

    epochs: int = option_types.option(2, "passes through the data", low=1, high=10**6)


RECORD = registry.Model(
    name=NAME,
    about="a model that a test made up",
    page="sketch_page",
    settings=SketchSettings,
    run=SketchRun,
    printer="sketch_page.Printer",
    takes_from=("sketch_layers",),
    presets={"better": dict(strokes=9)},
    is_conditional=True,
)


@pytest.fixture
def page(tmp_path, monkeypatch):
    """Writes the two modules where Python finds them; returns their folder."""
    for name, text in (("sketch_page", PAGE), ("sketch_layers", LAYERS)):
        (tmp_path / f"{name}.py").write_text(textwrap.dedent(text).lstrip(), encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    importlib.invalidate_caches()
    yield tmp_path
    for name in ("sketch_page", "sketch_layers"):
        sys.modules.pop(name, None)


@pytest.fixture
def sketch(page, monkeypatch):
    """Registers the model while the test runs."""
    monkeypatch.setattr(registry, "MODELS", registry.MODELS.copy())
    registry.register(RECORD)
    return page


def read_config(run):
    with open(os.path.join(run, "config.json"), encoding="utf-8") as f:
        return json.load(f)


def test_help_shows_it(sketch, program):
    assert f"|cdcgan|{NAME} [flags]\n" in program("--help")[1]
    status, out, _ = program("train", "--help")
    assert status == 0 and "\n  sketch       a model that a test made up\n" in out
    status, out, _ = program("train", NAME, "--help")
    assert status == 0 and out.startswith("usage: legacy-gan train sketch [flags]\na model that a test made up\n")
    lines = out.splitlines()
    assert f"  {'--epochs N':<25}passes through the data (2)" in lines
    assert f"  {'--noise N':<25}length of the noise vector (6)" in lines
    assert f"  {'--strokes N':<25}width of the hidden layer (8)" in lines
    assert any(line.startswith("  --digit 0..9 ") for line in lines)
    assert "(runs/sketch/samples)" in out and "--preset NAME" in out


def test_bad_values_are_refused_as_with_any_model(sketch, refused):
    assert "--strokes takes a whole number from 1 to 100, got '0'" in refused("train", NAME, "--strokes", 0)
    with pytest.raises(OptionError, match="^sketch has no option 'hidden'; it takes epochs, "):
        legacy_gan.train(NAME, hidden=3)


@pytest.mark.parametrize("engine", ["feed", "compiled"])
def test_it_is_trained_resumed_and_drawn_from(engine, sketch, program, made_folder):
    train = ("train", NAME, "--data-dir", made_folder, "--engine", engine)
    status, out, err = program(*train, "--steps", 40, "--strokes", 7)
    assert status == 0, err
    assert out.splitlines()[-1] == "drawn"
    run = "runs/sketch"
    assert read_config(run)["settings"]["strokes"] == 7 and read_config(run)["settings"]["noise"] == 6

    status, out, err = program(*train)  # to the end of the record's two epochs of 56 steps
    assert status == 0 and "; continuing from step 40" in err, err
    assert out.startswith("Epoch [1/2] loss_d: ") and read_config(run)["target"] == {"epochs": 2, "steps": None}
    assert sorted(os.listdir(os.path.join(run, "samples"))) == [
        "epoch_001.png",
        "epoch_002.png",
        "generated.png",  # of the forty steps, which end before the first picture
    ]
    assert "expected --strokes 7, got 8" in program(*train, "--strokes", 8)[2]

    status, out, err = program(*train, "--digit", 3)
    assert status == 0 and "; drew runs/sketch/samples/" in out, (out, err)


def test_its_run_is_drawn_from_evaluated_and_exported(sketch, program, made_folder):
    legacy_gan.train(NAME, data_dir=made_folder, steps=2, engine="feed")
    images = legacy_gan.generate(NAME, digit=3, count=4)
    assert images.shape == (4, 784) and images.min() >= 0 and images.max() <= 1
    assert program("generate", NAME, "--grid")[:2] == (0, "wrote runs/sketch/grid.png\n")

    status, out, err = program("evaluate", NAME, "--count", 40, "--data-dir", made_folder)
    assert status == 0 and "runs/sketch" in out, err

    status, out, err = program("export", NAME, "saved")
    assert status == 0, err
    assert out == (
        "wrote saved: a SavedModel whose serving_default takes noise [n, 6] and labels [n, 10] and returns "
        "images [n, 784]\n"
    )
    assert os.path.isfile("saved/saved_model.pb")


def test_both_engines_compute_the_same(sketch, made_folder):
    losses = {}
    for engine in ("feed", "compiled"):
        result = legacy_gan.train(NAME, data_dir=made_folder, steps=8, engine=engine, run_dir=engine)
        losses[engine] = np.stack([result.d_loss, result.g_loss])
    assert losses["feed"].shape == (2, 8)
    # float32 sums in another order, eight steps of Adam
    np.testing.assert_allclose(losses["feed"], losses["compiled"], rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("edited", ["sketch_page", "sketch_layers"])
def test_its_pages_are_settings(edited, sketch, program, refused, made_folder):
    train = ("train", NAME, "--data-dir", made_folder)
    assert program(*train, "--steps", 2)[0] == 0
    with open(sketch / f"{edited}.py", "a", encoding="utf-8") as f:
        f.write("# edited\n")
    line = refused(*train, "--steps", 3)
    assert "runs/sketch: expected sketch_page.py or sketch_layers.py as it was then, got an edited file" in line
    assert program(*train, "--steps", 3, "--allow-change", "source")[0] == 0


def test_preset_of_the_record(sketch, program, made_folder):
    assert program("train", NAME, "--data-dir", made_folder, "--steps", 1, "--preset", "better")[0] == 0
    assert read_config("runs/sketch")["settings"]["strokes"] == 9


def test_without_the_record_nobody_knows_it(page, program, refused, made_folder):
    assert NAME not in program("--help")[1] + program("train", "--help")[1]
    assert refused("train", NAME, "--data-dir", made_folder).startswith("legacy-gan: expected legacy-gan train basic|")
    with pytest.raises(OptionError, match="^the model must be one of basic, cdcgan, .*, got 'sketch'$"):
        legacy_gan.train(NAME)
    assert "expected a run, found none" in refused("generate", NAME)


def test_name_is_registered_once(sketch):
    with pytest.raises(ValueError, match="a model named sketch is registered already"):
        registry.register(RECORD)


def text_of(node):
    """Returns the str that a node of the syntax tree is, None for another one."""
    value = getattr(node, "value" if type(node).__name__ == "Constant" else "s", None)  # "s": Python 3.7
    return value if isinstance(value, str) else None


def test_nothing_else_of_the_package_names_a_model():
    """A text that is a model's name is how a second table of the models would begin."""
    texts = import_graph.sources()
    found = {
        (module, text_of(node))
        for module, text in texts.items()
        for node in ast.walk(ast.parse(text))
        if text_of(node) in registry.MODELS
    }
    assert {value for module, value in found if module == "legacy_gan.registry"} == set(registry.MODELS)
    assert {module for module, _ in found} == {"legacy_gan.registry"}
