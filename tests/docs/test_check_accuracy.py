"""docs/porting.md's table on how right `legacy-gan check` is: what benchmarks/check_accuracy.py prints of its rows."""

import importlib.util
import os
import sys

import pytest

from tests.support.paths import ROOT

pytestmark = [pytest.mark.no_tensorflow, pytest.mark.newest]

BENCHMARKS = os.path.join(ROOT, "benchmarks")


@pytest.fixture
def accuracy(monkeypatch):
    """The script, as a module."""
    monkeypatch.setattr(sys, "path", [BENCHMARKS] + sys.path)
    spec = importlib.util.spec_from_file_location("check_accuracy", os.path.join(BENCHMARKS, "check_accuracy.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("page", ["porting.md", "porting.ko.md"])
def test_table_is_what_the_script_prints(accuracy, page):
    lines = accuracy.lines_of(accuracy.rows.read(os.path.join(BENCHMARKS, "check_accuracy.jsonl")))
    with open(os.path.join(ROOT, "docs", page), encoding="utf-8") as f:
        text = f.read()
    figures = [line.split("|")[2:] for line in lines if line.startswith("|")][2:]
    assert len(figures) == 3
    for row in figures:
        assert "|".join(row) in text
    assert page != "porting.md" or all(line in text for line in lines)


def test_shares_are_those_that_were_asked_for(accuracy):
    found = accuracy.rows.read(os.path.join(BENCHMARKS, "check_accuracy.jsonl"))
    assert len([row for row in found if row["ended"] not in accuracy.NOT_COUNTED]) >= 150
    for line in accuracy.lines_of(found)[2:5]:
        assert float(line.rsplit("(", 1)[1].split(" ")[0]) <= 3, line


TRACE = 'Traceback (most recent call last):\n  File "{}", line 3, in <module>\n    f()\n{}\n'
PACKAGES = "/x/lib/python3.11/site-packages"


@pytest.mark.parametrize(
    "status, err, how",
    [
        (0, "", "ended"),
        (0, "legacy-gan: ended after 3 training steps, as requested\n", "steps"),
        (0, "legacy-gan: ended after 1 training step, as requested\n", "steps"),
        (0, "legacy-gan: ended after 40 seconds, as requested\n", "time"),
        (None, "", "library"),
        (-11, "", "library"),
        (2, "legacy-gan: main.py:3: tf.spam is not served; use eggs\n", "library"),
        (2, "usage: main.py [-h] file\nmain.py: error: the following arguments are required: file\n", "arguments"),
        (1, TRACE.format("main.py", "FileNotFoundError: [Errno 2] No such file or directory: 'a'"), "data"),
        (1, TRACE.format("main.py", "ModuleNotFoundError: No module named 'gym'"), "package"),
        (1, TRACE.format("main.py", "ModuleNotFoundError: No module named 'tensorflow.spam'"), "library"),
        (1, TRACE.format("main.py", "urllib.error.URLError: <urlopen error>"), "network"),
        (1, TRACE.format(f"{PACKAGES}/numpy/core.py", "RuntimeError: x"), "library"),
        (1, TRACE.format(f"{PACKAGES}/gym/core.py", "RuntimeError: x"), "package"),
        (1, TRACE.format("main.py", "TypeError: x\n\nsecond line: y"), "library"),
        (1, TRACE.format("main.py", "NameError: name 'x' is not defined"), "its own"),
    ],
)
def test_what_ended_a_program_is_sorted(accuracy, status, err, how):
    assert accuracy.outcome(status, err)[0] == how


def test_reasons_name_no_folder_of_a_machine(accuracy):
    assert accuracy.short("No such file: '/tmp/abc/copy/data/x.csv'") == "No such file: '.../x.csv'"
    assert accuracy.short("x" * 300) == "x" * 200
