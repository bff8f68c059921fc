"""What the command line says of itself, and of wrong commands, word for word: tests/golden/help."""

import itertools
import os
import shlex

import pytest

from legacy_gan import cli, commands, registry
from tests.support.paths import TESTS

pytestmark = pytest.mark.no_tensorflow
GOLDEN = os.path.join(TESTS, "golden", "help")
PROMPT = "$ legacy-gan"


def name_of(argv):
    """Returns the file's name for `legacy-gan --help` or `legacy-gan COMMAND --help`."""
    return "-".join(word.lstrip("-") for word in argv) + ".txt"


TRAIN = [["train", model, flag] for model in registry.MODELS for flag in ("--help", "--help-all")]
COMMANDS = [[name, "--help"] for name in commands.NAMES] + [["judge", what, "--help"] for what in ("train", "test")]
ALL = [["--help"]] + COMMANDS + TRAIN


def golden(name):
    with open(os.path.join(GOLDEN, name), encoding="utf-8") as f:
        return f.read()


def read_wrong():
    """Returns [(argv, the expected lines)] of wrong.txt, which shows commands as at a prompt."""
    lines = golden("wrong.txt").splitlines(keepends=True)
    starts = [n for n, line in enumerate(lines) if line.startswith(PROMPT)]
    return [
        (shlex.split(lines[start][len(PROMPT) :]), "".join(lines[start + 1 : end]))
        for start, end in zip(starts, starts[1:] + [len(lines)])
    ]


WRONG = read_wrong()


@pytest.mark.parametrize("argv", ALL, ids=" ".join)
def test_help_is_as_recorded(argv, capfd):
    expected = golden(name_of(argv))
    for spelled in [argv] + ([argv[:-1] + ["-h"]] if argv[-1] == "--help" else []):
        assert cli.main(spelled) == 0
        assert capfd.readouterr() == (expected, "")


def test_every_recorded_help_is_tested():
    assert sorted(os.listdir(GOLDEN)) == sorted([name_of(argv) for argv in ALL] + ["wrong.txt"])


@pytest.mark.parametrize("argv, expected", WRONG, ids=[" ".join(argv) or "nothing" for argv, _ in WRONG])
def test_wrong_command_is_told_what_was_recorded(argv, expected, capfd):
    assert cli.main(argv) == 2
    assert capfd.readouterr() == ("", expected)


def test_wrong_commands_are_of_every_command():
    assert {argv[0] for argv, _ in WRONG if argv} >= set(commands.NAMES)


@pytest.mark.parametrize("script, model", [("run_basic.py", "basic"), ("run_conditional.py", "conditional")])
def test_help_of_a_run_file_is_its_models_with_its_own_usage(script, model, capfd):
    for flag in ("--help", "--help-all"):
        assert cli.main(["train", model, flag], prog=script) == 0
        usage, rest = golden(name_of(["train", model, flag])).split("\n", 1)
        assert usage == f"usage: legacy-gan train {model} [flags]"
        assert capfd.readouterr().out == f"usage: python {script} [flags]\n{rest}"


def test_usages_come_in_the_order_of_the_names(capfd):
    cli.main(["--help"])
    words = [line.split()[1] for line in capfd.readouterr().out.splitlines()[1:-1]]
    assert tuple(name for name, _ in itertools.groupby(words)) == commands.NAMES
