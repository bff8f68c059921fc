"""What holds for files: none is long, no test imports another, a marker says where a test runs."""

import ast
import os
import re
import subprocess
import sys

import pytest

from tests.support import environment
from tests.support.paths import TESTS

LONGEST = 900
LONGEST_OF_PACKAGE = 500

pytestmark = [pytest.mark.no_tensorflow, pytest.mark.newest]


def sources():
    """Returns {"tests/ROOM/FILE.py": its text} of all but the listings."""
    found = {}
    for folder, _, names in os.walk(TESTS):
        if os.path.join(TESTS, "listings") not in folder:
            for name in names:
                if name.endswith(".py"):
                    path = os.path.join(folder, name)
                    with open(path, encoding="utf-8") as f:
                        found["tests" + path[len(TESTS) :].replace(os.sep, "/")] = f.read()
    return found


def imported(text):
    """Returns the names that a file imports, whole: from a import b is a.b."""
    names = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            names.update(f"{'.' * node.level}{node.module or ''}.{alias.name}" for alias in node.names)
    return names


def is_of_a_test_file(name):
    """Whether an imported name is a test file's or conftest's, or is of one."""
    return any(re.match(r"(test_|conftest$)", part) for part in re.split(r"\.+", name)) or name.startswith(".")


def test_no_test_file_imports_another():
    texts = sources()
    assert len(texts) > 60 and "tests/test_rules.py" in texts
    found = {path for path, text in texts.items() if any(map(is_of_a_test_file, imported(text)))}
    assert not found


@pytest.mark.parametrize(
    "line, wrong",
    [
        ("from tests.training.test_engines import trained", True),
        ("from tests.training import test_engines", True),
        ("import tests.training.test_engines", True),
        ("def f():\n    from tests.conftest import MNIST", True),
        ("from tests import conftest", True),
        ("from . import paths", True),
        ("from tests.support.training import trained", False),
        ("import tests.support.paths, os.path", False),
    ],
)
def test_import_of_a_test_file_is_found(line, wrong):
    assert any(map(is_of_a_test_file, imported(line))) is wrong


def test_every_file_says_what_it_is_of():
    for path, text in sources().items():
        if text:
            assert ast.get_docstring(ast.parse(text)), path


def test_no_test_file_is_long():
    found = {path for path, text in sources().items() if text.count("\n") > LONGEST}
    assert not found


def test_no_file_of_the_package_is_long():
    package = os.path.join(os.path.dirname(TESTS), "legacy_gan")
    found = {}
    for folder, _, names in os.walk(package):
        for name in names:
            if name.endswith(".py"):
                with open(os.path.join(folder, name), encoding="utf-8") as f:
                    found[os.path.join(folder, name)] = sum(1 for _ in f)
    assert len(found) > 200
    assert {name: lines for name, lines in found.items() if lines > LONGEST_OF_PACKAGE} == {}


# Where a test runs


class Item:
    """A collected test, as much of it as its markers."""

    def __init__(self, markers):
        self.marks = [getattr(pytest.mark, name).mark for name in markers.split()]  # from the nearest on

    def iter_markers(self):
        return iter(self.marks)

    def get_closest_marker(self, name):
        return next((mark for mark in self.marks if mark.name == name), None)


@pytest.mark.parametrize(
    "markers, runs",
    [
        ("", "oldest between"),
        ("mnist", "oldest between python"),
        ("both_ends", "oldest"),
        ("both_ends python", "oldest python"),
        ("newest", ""),
        ("slow newest", "python"),
        ("both_ends newest", "oldest"),
        ("every_tensorflow newest", "oldest between"),
        ("no_tensorflow", "oldest"),
        ("no_tensorflow newest", ""),
        ("no_tensorflow python", "oldest python"),
        ("tensorflow no_tensorflow python", "oldest between python"),
    ],
)
def test_markers_say_where_a_test_runs(markers, runs):
    item = Item(markers)
    assert [name for name in ("oldest", "between", "python") if environment.runs_in(item, name)] == runs.split()
    assert environment.runs_in(item, None)  # README's line


@pytest.mark.parametrize(
    "start", ["import tensorflow", "import subprocess, sys; sys.exit(subprocess.call(sys.argv[1:]))"]
)
def test_tensorflow_that_is_blocked_cannot_be_imported_nor_by_a_child(start):
    code = "from tests.support import environment; environment.block_tensorflow(); " + start
    child = [sys.executable, "-c", "import tensorflow"]
    ended = subprocess.run(
        [sys.executable, "-c", code] + child,
        stderr=subprocess.PIPE,
        env=environment.child(),
        cwd=os.path.dirname(TESTS),
    )
    assert ended.returncode == 1
    assert b"ImportError: a test marked no_tensorflow imports TensorFlow" in ended.stderr
