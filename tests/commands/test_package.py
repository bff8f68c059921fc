"""The package as a whole: quick to import, quick to help, one version."""

import ast
import os
import runpy
import subprocess
import sys
import types

import pytest

import legacy_gan
from tests.support import environment
from tests.support.paths import ROOT

pytestmark = [pytest.mark.no_tensorflow, pytest.mark.both_ends, pytest.mark.python]


def loaded_after(code):
    """Returns the names of the modules that a fresh Python has loaded after `code`."""
    out = subprocess.run(
        [sys.executable, "-c", code + "\nimport sys\nprint(' '.join(sys.modules))"],
        stdout=subprocess.PIPE,
        check=True,
        text=True,
        env=environment.child(),
    ).stdout
    return set(out.splitlines()[-1].split())


def test_import_loads_no_tensorflow_and_no_matplotlib():
    loaded = loaded_after("import legacy_gan")
    assert "legacy_gan" in loaded
    assert not loaded & {"tensorflow", "numpy", "matplotlib"}


def test_a_command_loads_no_other_and_no_progress_bar():
    loaded = loaded_after("from legacy_gan import cli\ncli.main(['theory', '--help'])")
    commands = {name for name in loaded if name.startswith("legacy_gan.commands.")}
    assert commands == {"legacy_gan.commands." + name for name in ("grammar", "theory", "versions")}
    assert not loaded & {"tqdm", "numpy", "legacy_gan.options", "legacy_gan.registry"}


def test_tf1_needs_nothing_else_of_this_package_but_data_and_errors():
    """legacy_gan/tf1/ could be released alone."""
    folder = os.path.join(os.path.dirname(legacy_gan.__file__), "tf1")
    pages = [os.path.join(here, name) for here, _, names in os.walk(folder) for name in names if name.endswith(".py")]
    assert len(pages) > 20
    imported = set()
    for page in pages:
        with open(page, encoding="utf-8") as f:
            tree = ast.parse(f.read())
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                imported.update(alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, page  # whole names are looked at
                imported.update(node.module + "." + alias.name for alias in node.names)
    ours = {name for name in imported if name.split(".")[0] == "legacy_gan"}
    assert "legacy_gan.tf1.layers" in ours
    other = {name for name in ours if name.split(".")[1:2] not in (["tf1"], ["data"], ["errors"])}
    assert not other


def test_every_file_that_is_not_python_is_in_the_wheel(monkeypatch):
    """setup.py is run with a setuptools that only listens."""
    given = {}
    folder = os.path.dirname(legacy_gan.__file__)
    listener = types.SimpleNamespace(setup=given.update, find_packages=lambda include: include)
    monkeypatch.setitem(sys.modules, "setuptools", listener)
    runpy.run_path(os.path.join(ROOT, "setup.py"))
    named = {
        os.path.join(*(package.split(".")[1:] + [name]))
        for package, names in given["package_data"].items()
        for name in names
    }
    there = {
        os.path.relpath(os.path.join(here, name), folder)
        for here, _, names in os.walk(folder)
        for name in names
        if not name.endswith((".py", ".pyc"))
    }
    assert named == there
    assert {os.path.join("porting", "symbols.txt"), os.path.join("extras", "judge.npz"), "py.typed"} <= there
