"""The commands in README and docs/: each is one that the command line takes, and those that need no network run."""

import importlib.util
import os
import re
import shlex

import numpy as np
import pytest

from legacy_gan import commands, registry
from legacy_gan.commands import grammar
from tests.support.paths import LISTINGS, ROOT

pytestmark = pytest.mark.newest

ENGLISH = ["README.md"] + [f"docs/{name}.md" for name in ("data", "images", "porting", "running")]
PAGES = ENGLISH + [page.replace(".md", ".ko.md") for page in ENGLISH]


def commands_of(page):
    """Returns the commands of the package in a page's blocks, without comments: a list of lists of words."""
    with open(os.path.join(ROOT, page), encoding="utf-8") as f:
        text = f.read()
    blocks = re.findall(r"(?ms)^```\w*\n(.*?)^```", text) + re.findall(r"(?m)^    (.*)$", text)
    lines = [line.strip() for block in blocks for line in block.splitlines()]
    found = [re.search(r"(?:^\$ |^|&& )((?:legacy-gan|python run_\w+\.py)\b.*)$", line) for line in lines]
    return [
        shlex.split(match.group(1), comments=True) for match in found if match and "legacy-gan:" not in match.group()
    ]


def argv_of(words):
    """Returns the arguments of `legacy-gan` that a command of the documents comes to."""
    if words[0] == "legacy-gan":
        return words[1:]
    return ["train", words[1][len("run_") : -len(".py")]] + words[2:]


def is_taken(argv):
    """Parses a command whole, as the command line does, and carries nothing out."""
    if argv[0] == "train":
        model = registry.model(argv[1])
        given, _ = grammar.parse(argv[2:], model.fields())
        model.checked(given)
        return True
    command = commands.command(argv[0])
    if isinstance(command, grammar.Group):
        members = [member._replace(execute=lambda *_: grammar.Outcome("taken")) for member in command.commands]
        command = command._replace(commands=tuple(members))
    else:
        command = command._replace(execute=lambda *_: grammar.Outcome("taken"))
    return command.carry_out(argv[1:], "legacy-gan").text == "taken"


@pytest.mark.no_tensorflow
@pytest.mark.parametrize("page", PAGES)
def test_every_command_is_one_that_is_taken(page):
    found = commands_of(page)
    assert len(found) >= 1
    for words in found:
        assert is_taken(argv_of(words)), words


@pytest.mark.no_tensorflow
@pytest.mark.parametrize("page", ENGLISH)
def test_korean_page_has_the_same_commands(page):
    assert commands_of(page) == commands_of(page.replace(".md", ".ko.md"))


# Carried out, each once

OLD = "import tensorflow as tf\nw = tf.Variable(1.0)\ntrain = tf.train.AdamOptimizer(0.1).minimize(w * w)\n"
OLD += "with tf.Session() as sess:\n    sess.run(tf.global_variables_initializer())\n"
OLD += "    for _ in range(3):\n        sess.run(train)\n"


@pytest.fixture
def world(trained_run, made_folder):
    """The files that the documents' commands name."""
    from PIL import Image

    for model in ("conditional", "cdcgan", "dcgan"):
        trained_run(model, f"runs/{model}")
    for name in ("demo", "a", "b", "c"):
        trained_run("conditional", f"runs/{name}")
    os.mkdir("my-pictures")
    rng = np.random.RandomState(0)
    for n in range(60):
        Image.fromarray(rng.randint(0, 256, (40, 30), np.uint8)).save(f"my-pictures/{n}.png")
    np.savez("images.npz", images=rng.randint(0, 256, (60, 784)).astype(np.uint8))
    os.mkdir("FOLDER")
    for name in ("old.py", "train.py", "FOLDER/train.py"):
        with open(name, "w") as f:
            f.write(OLD)
    with open(os.path.join(LISTINGS, "listing2.py"), encoding="utf-8") as f:
        text = f.read()
    with open("listing2.py", "w", encoding="utf-8") as f:
        f.write(text)
    os.symlink(made_folder, "MNIST")


def shortened(argv, data):
    """Returns a command with flags at its end that make it short."""
    more = []
    if argv[0] == "train":
        more = ["--steps", "2", "--engine", "feed"] + ([] if "--config" in argv else ["--batch-size", "20"])
        more += ["--filters", "2"] if "dcgan" in argv[1] else []
        more += [] if "--data-dir" in argv else ["--data-dir", data]
        more += [] if "--run-dir" in argv else ["--run-dir", f"trained/{len(os.listdir('trained'))}"]
    elif argv[0] in ("evaluate", "report"):
        more = ["--count", "60", "--offline"]
        more += ["--data-dir", data] if argv[1].endswith(".npz") else []
    return argv + more


@pytest.mark.slow
def test_every_command_that_needs_no_network_runs(program, forked, world, made_folder):
    os.mkdir("trained")
    seen = []
    for words in [words for page in ENGLISH for words in commands_of(page)]:
        argv = argv_of(words)
        if argv in seen or argv[0] == "theory":  # tests/extras/test_theory.py has it
            continue
        if argv[-1].endswith(".onnx") and importlib.util.find_spec("tf2onnx") is None:
            continue
        seen.append(argv)
        if argv[0] == "run":
            if {"-m", "--python2", "--also"} & set(argv) or "book.ipynb" in argv:
                continue  # tests/porting has them
            status, out, err = forked.run(*argv)
        else:
            if argv[0] == "export" and os.path.isfile(argv[-1]):
                os.remove(argv[-1])  # another page's
            status, out, err = program(*shortened(argv, made_folder))
        assert status == 0, (argv, out, err)
    assert len(seen) > 25, seen


@pytest.mark.slow
def test_code_for_python_runs(monkeypatch, capsys, made_folder):
    import legacy_gan

    with open(os.path.join(ROOT, "docs/running.md"), encoding="utf-8") as f:
        block = "".join(re.findall(r"(?s)```python\n(.*?)```", f.read()))
    train = legacy_gan.train
    monkeypatch.setattr(
        legacy_gan, "train", lambda *args, **given: train(*args, **dict(given, steps=2, data_dir=made_folder))
    )
    exec(block, {})
    assert "(10, 784)" in capsys.readouterr().out
