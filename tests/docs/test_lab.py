"""docs/lab.md and lab.ko.md: each command and edit is carried out, and what the sheet says of it is looked for."""

import csv
import re
import shlex
import sys

import numpy as np
import pytest

from legacy_gan import cli, registry
from legacy_gan.training import health
from tests.support import training
from tests.support.paths import DOCS, ROOT

pytestmark = pytest.mark.newest

MODELS = {"run_basic.py": "basic", "run_conditional.py": "conditional"}


def sections(name):
    """Returns [(commands, blocks of code)] of a sheet: the part `Before`, then exercises 1 to 5."""
    with open(f"{DOCS}/{name}", encoding="utf-8") as f:
        parts = f.read().split("\n## ")[1:]
    return [
        (re.findall(r"(?m)^    (python run_\w+\.py .*)$", part), re.findall(r"(?s)```python\n(.*?)```", part))
        for part in parts
    ]


SHEET = sections("lab.md")


def line_of(text, start):
    """Returns the one line of a text that begins so, spaces aside."""
    found = [line for line in text.splitlines(True) if line.lstrip().startswith(start)]
    assert len(found) == 1, (start, found)
    return found[0]


def page_of(model):
    with open(f"{ROOT}/legacy_gan/models/{model}.py", encoding="utf-8") as f:
        return f.read()


@pytest.fixture
def edit(monkeypatch, tmp_path):
    """Gives a model an edited page for one test: edit(model, text)."""
    monkeypatch.syspath_prepend(str(tmp_path))
    made = []

    def use(model, text):
        name = f"edited_page_{tmp_path.name}_{len(made)}".replace("-", "_")
        made.append(name)
        (tmp_path / f"{name}.py").write_text(text, encoding="utf-8")
        monkeypatch.setitem(registry.MODELS, model, registry.MODELS[model]._replace(page=name))

    yield use
    for name in made:
        sys.modules.pop(name, None)


@pytest.fixture
def carry_out(capfd):
    """Carries a command of the sheet out, flags added at its end: carry_out(line, ...) -> (status, out, err)."""

    def run(line, *more):
        words = shlex.split(line)
        assert words[0] == "python"
        capfd.readouterr()
        status = cli.main(["train", MODELS[words[1]]] + words[2:] + [str(flag) for flag in more], prog=words[1])
        return (status,) + tuple(capfd.readouterr())

    return run


FEW = ("--steps", 3, "--engine", "feed")  # of a training of which only the begin is looked at


def columns(path):
    with open(path) as f:
        rows = list(csv.DictReader(f))
    return {name: np.array([float(row[name]) for row in rows]) for name in rows[0]}


def last_epoch(run):
    """Returns (D's, G's) mean loss of the last epoch of a run."""
    losses = columns(f"{run}/losses.csv")
    last = losses["epoch"] == losses["epoch"].max()
    return losses["d_loss"][last].mean(), losses["g_loss"][last].mean()


def right_digits(run):
    """Returns the share of a run's images that are the digit asked for, and of those taken for each digit."""
    from legacy_gan.extras import evaluate

    found = evaluate.evaluate(run, count=500, offline=True)["metrics"]
    return found["right_digit"]["value"], found["digits"]["value"]


# The edits, as the sheet words them


def without_labels():
    page = page_of("conditional")
    return page.replace(line_of(page, "inputs = tf.concat([inputs, labels], 1)"), SHEET[1][1][0])


def g_never_trains(block):
    page = page_of("basic")
    return page.replace(line_of(page, "train_G = "), SHEET[2][1][block])


def second_discriminator(collection=True):
    page = page_of("conditional")
    head = page.index('        with tf.variable_scope("discriminator") as scope:')
    end = page.index("            inputs = tf.concat([inputs, labels], 1)")
    assert page[head:end].count("\n") == 3
    page = page[:head] + SHEET[3][1][1] + page[end:]
    return page.replace(line_of(page, "vars_D = "), SHEET[3][1][2]) if collection else page


def on_sigmoids():
    page = page_of("basic")
    page = page.replace(line_of(page, "output = tf.matmul(hidden, D_W2)"), SHEET[4][1][0])
    start = page.index("    minus_loss_D, minus_loss_G")
    end = page.index("    # Training:")
    assert page[start:end].strip().count("\n") == 2
    return page[:start] + SHEET[4][1][1] + "\n" + page[end:]


# What takes no training


def test_sheet_is_the_same_in_both_languages():
    korean = sections("lab.ko.md")
    assert korean == SHEET and len(SHEET) == 6
    assert [len(commands) for commands, _ in SHEET] == [1, 1, 2, 1, 2, 1]
    assert [len(blocks) for _, blocks in SHEET] == [0, 1, 2, 3, 2, 0]
    folders = [word for commands, _ in SHEET for command in commands for word in command.split() if "runs/" in word]
    assert len(set(folders)) == 8


def test_discriminator_that_does_not_see_the_label_has_784_rows(edit, carry_out):
    edit("conditional", without_labels())
    status, _, err = carry_out(SHEET[1][0][0], *FEW)
    assert status == 0, err
    assert np.load("lab1.npz")["discriminator/dense/kernel"].shape == (784, 256)


def test_generator_that_trains_ds_variables_stays_as_it_was(edit, carry_out):
    edit("basic", g_never_trains(0))
    for name, steps in (("none", 0), ("some", 3)):
        status, _, err = carry_out(SHEET[2][0][0], *FEW[2:], "--steps", steps, "--save-weights", f"{name}.npz")
        assert status == 0, err
    none, some = np.load("none.npz"), np.load("some.npz")
    assert all((none[v] == some[v]).all() == v.startswith("G_") for v in none.files)
    edit("basic", g_never_trains(1))
    with pytest.raises(Exception, match="You must feed a value for placeholder tensor"):
        carry_out(SHEET[2][0][1], *FEW)


def test_two_discriminators_are_refused_until_they_are_one_by_prefix(edit, carry_out):
    page = page_of("conditional")
    edit("conditional", page.replace(line_of(page, "D_gene = discriminator("), SHEET[3][1][0]))
    with pytest.raises(ValueError, match="Variable discriminator/dense/kernel already exists"):
        carry_out(SHEET[3][0][0], *FEW)
    edit("conditional", second_discriminator(collection=False))
    with pytest.raises(ValueError, match="d_vars and g_vars must together be all trainable variables.*discriminator_2"):
        carry_out(SHEET[3][0][0], *FEW)
    edit("conditional", second_discriminator())
    status, _, err = carry_out(SHEET[3][0][0], *FEW)
    assert status == 0, err


def test_health_of_a_page_on_sigmoids_is_not_taken_through_a_second_one(edit):
    edit("basic", on_sigmoids())
    images, labels = training.images_and_labels()
    with training.built("basic", hidden=13, noise=7) as (session, gan, module, settings):
        assert gan.real_logits.op.type == "Sigmoid"
        with session.graph.as_default():
            probe = health.Probe(gan, module.get_noise, settings, images, labels)
        noise = module.get_noise(len(images), 7, np.random.RandomState(0))
        feeds = {gan.real: images, gan.noise: noise}
        weights = {v: value + 1 for v, value in zip(gan.d_vars, session.run(list(gan.d_vars)))}
        for variable, value in weights.items():
            variable.load(value, session)
        output, score = session.run([gan.real_logits, gan.scores[0]], feeds)
        assert output.mean() > 0.99  # a second sigmoid would make 0.73 of it
        np.testing.assert_allclose([score, probe.measure(session).d_real], output.mean(), rtol=1e-5)


def test_logarithm_of_a_sigmoid_ends_a_run(edit, carry_out):
    edit("basic", on_sigmoids())
    status, _, err = carry_out(SHEET[4][0][0])
    assert status == 3 and "step 2: a loss is not a finite number any more" in err, err


# The whole exercises


@pytest.mark.slow
def test_how_it_should_look(carry_out):
    status, out, err = carry_out(SHEET[0][0][0])
    assert status == 0, err
    d_loss, g_loss = last_epoch("runs/lab0")
    assert 0.1 < d_loss < 0.4 and 3.5 < g_loss < 6, (d_loss, g_loss)
    assert right_digits("runs/lab0")[0] > 0.6


@pytest.mark.slow
def test_labels_that_d_does_not_see_are_not_obeyed(edit, carry_out):
    edit("conditional", without_labels())
    status, _, err = carry_out(SHEET[1][0][0])
    assert status == 0, err
    d_loss, g_loss = last_epoch("runs/lab1")
    assert 0.02 < d_loss < 0.5 and 3 < g_loss < 8, (d_loss, g_loss)
    right, digits = right_digits("runs/lab1")
    assert right < 0.2 and digits[1] > 0.5, (right, digits)


@pytest.mark.slow
def test_generator_that_never_trains_makes_noise(edit, carry_out):
    edit("basic", g_never_trains(0))
    status, _, err = carry_out(SHEET[2][0][0])
    assert status == 0, err
    assert "cannot repeat" in err
    d_loss, g_loss = last_epoch("runs/lab2")
    assert abs(d_loss + 1.2) < 0.3 and abs(g_loss + 0.73) < 0.1, (d_loss, g_loss)


@pytest.mark.slow
def test_second_discriminator_leaves_g_without_a_gradient(edit, carry_out):
    edit("conditional", second_discriminator())
    status, _, err = carry_out(SHEET[3][0][0])
    assert status == 0, err
    assert "cannot repeat" in err
    d_loss, g_loss = last_epoch("runs/lab3")
    assert d_loss < 1e-5 and g_loss > 11, (d_loss, g_loss)


@pytest.mark.slow
def test_loss_from_logits_stays_finite(carry_out):
    status, out, err = carry_out(SHEET[4][0][1])
    assert status == 0, err
    assert abs(last_epoch("runs/lab4b")[0] + 1.386) < 0.01


@pytest.mark.slow
def test_high_learning_rate_collapses(carry_out):
    status, _, err = carry_out(SHEET[5][0][0])
    assert status == 0, err
    d_loss, g_loss = last_epoch("runs/lab5")
    assert d_loss < 1e-4 and 11 < g_loss < 16, (d_loss, g_loss)
    assert columns("runs/lab5/health.csv")["spread"][-1] < 0.15
