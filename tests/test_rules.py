"""What holds for the tests' own files: none imports another, each says what it is of, none is long."""

import ast
import os
import re

import pytest

from tests.support.paths import TESTS

# Still to be cut: these must become empty, and nothing may be added.
IMPORTING = {"tests/tf1/test_contrib.py", "tests/tf1/test_seq2seq.py"}
LONG = {"tests/tf1/test_contrib.py", "tests/tf1/test_layers.py", "tests/tf1/test_rnn.py"}
LONGEST = 900

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
    assert found == IMPORTING


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
    assert found <= LONG
