"""legacy-gan check of programs of several files and of folders: what it reads, what it reports, and its exit status."""

import importlib.machinery
import json
import os

import pytest

from legacy_gan.porting import check, own_modules, symbols
from legacy_gan.porting.finding import NEEDS_KERAS, NEEDS_TF1, NOT_SERVED, PRINTS_OTHERWISE, PYTHON_2

pytestmark = [pytest.mark.no_tensorflow, pytest.mark.python]

TF = "import tensorflow as tf\n"
NOT_SERVED_LINE = "tf.contrib.eager.defun()\n"


def write(**files):
    """Writes files: a name has __ for a slash, and its ending where it is not .py."""
    for name, text in files.items():
        path = name.replace("__", "/") + ("" if name.endswith("ipynb") else ".py")
        path = path.replace("_ipynb", ".ipynb").replace("init.py", "__init__.py")
        os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
        with open(path, "wb") as f:
            f.write(text if isinstance(text, bytes) else text.encode())


def found(path, *kinds):
    """Returns {(file, line, what)} of a program with its modules."""
    (program,) = check.checked([path]).programs
    return {
        (os.path.basename(file.path), finding.line, finding.what)
        for file in program.files
        for finding in file.reader.findings
        if finding.kind in kinds
    }


# What an import of the program's own brings


@pytest.mark.parametrize(
    "statement, use",
    [
        ("from shared import *", "tf"),
        ("from shared import tf", "tf"),
        ("from shared import tf as t", "t"),
        ("import shared", "shared.tf"),
        ("import shared as s", "s.tf"),
        ("from further import *", "tf"),
    ],
)
def test_tf_is_followed_through_modules_beside_the_program(statement, use):
    write(shared=TF + "import numpy as np\n", further="from shared import *\n")
    write(main=f"{statement}\n{use}.contrib.eager.defun()\n{use}.placeholder(1)\n")
    assert found("main.py", NOT_SERVED) == {("main.py", 2, "tf.contrib.eager.defun")}
    assert ("main.py", 3, "tf.placeholder") in found("main.py", NEEDS_TF1)


def test_star_of_a_module_binds_its_functions_too():
    write(ops="def file(name): pass\ndef _unicode(x): pass\n", main="from ops import *\nfile('a')\nunicode(x)\n")
    assert found("main.py", PYTHON_2) == {("main.py", 3, "unicode")}


def test_circle_of_star_imports_ends():
    write(
        a="from b import *\nimport tensorflow as tf\n",
        b="from a import *\n",
        main="from b import *\ntf.placeholder(1)\n",
    )
    assert not found("main.py", NOT_SERVED)


def test_module_of_the_program_is_not_taken_for_one_of_python_2():
    write(main="import commands\nimport scipy_misc\ncommands.f()\n", commands="", scipy_misc="")
    assert not found("main.py", PYTHON_2)
    write(other__main="import commands\n")
    assert found("other/main.py", PYTHON_2) == {("main.py", 1, "commands")}


@pytest.mark.parametrize(
    "lines",
    [
        "sys.path.insert(0, '../lib')",
        "sys.path.append(os.path.join(os.path.dirname(__file__), '..', 'lib'))",
        "sys.path.append(os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), 'lib'))",
        "sys.path.insert(0, os.path.join(os.path.dirname(__file__), os.pardir, 'lib'))",
        "HERE = os.path.dirname(os.path.realpath(__file__))\nsys.path.insert(1, HERE + '/../lib')",
        "sys.path.append(str(Path(__file__).resolve().parent.parent / 'lib'))",
        "sys.path.append(os.path.join(sys.path[0], '../lib'))",
    ],
)
def test_folders_that_a_program_puts_on_sys_path_are_looked_in(lines):
    write(lib__net=TF + NOT_SERVED_LINE, app__main=f"import os, sys\nfrom pathlib import Path\n{lines}\nimport net\n")
    assert found("app/main.py", NOT_SERVED) == {("net.py", 2, "tf.contrib.eager.defun")}


@pytest.mark.parametrize(
    "line", ["sys.path.append(sys.argv[1])", "sys.path.append(f())", "sys.path.append(x)", "sys.path.append(3)"]
)
def test_folder_that_cannot_be_told_is_nothing(line):
    write(main=f"import sys\n{line}\nimport net\n")
    assert not found("main.py", NOT_SERVED)


# What runs on Python 3, and is another thing there


def test_print_with_a_comma_behind_its_brackets_runs():
    write(main='print ("1"),\nprint ("2"), x\nprint ("%d") % 3\n')
    assert found("main.py", PRINTS_OTHERWISE) == {("main.py", n, "print (...) ,") for n in (1, 2)}
    assert found("main.py", PYTHON_2) == {("main.py", 3, "print (...) %")}


# Keras


@pytest.fixture
def packages(monkeypatch):
    """Has only these packages installed: packages("tf_keras")."""

    def only(*names):
        symbols.has_keras_2.cache_clear()
        spec = importlib.machinery.ModuleSpec
        monkeypatch.setattr("importlib.util.find_spec", lambda name: spec(name, None) if name in names else None)

    yield only
    symbols.has_keras_2.cache_clear()


KERAS = "from keras.models import Sequential\nfrom keras.layers.core import Dense\n" + TF + "tf.keras.Model()\n"


def test_keras_is_served_where_keras_2_is_installed(packages):
    write(main=KERAS + "import keras\nkeras.layers.Densee(3)\ntf.keras.utils.to_categorical(3)\n")
    packages("tf_keras")
    assert {what for _, _, what in found("main.py", NEEDS_KERAS)} == {
        "keras",
        "keras.models",
        "keras.models.Sequential",
        "keras.layers.core",
        "keras.layers.core.Dense",
        "tf.keras.Model",
    } - {"keras.models", "keras.layers.core"}
    assert found("main.py", NOT_SERVED) == {("main.py", 6, "keras.layers.Densee")}


def test_keras_is_told_with_the_pip_command_where_it_is_not(packages, program):
    write(main=KERAS)
    packages()
    status, out, _ = program("check", "main.py")
    assert status == 1 and 'pip install "tf_keras~=' in " ".join(out.split())
    assert {what for _, _, what in found("main.py", NOT_SERVED)} == {"keras", "tf.keras"}


# Folders


def test_folder_is_read_with_all_its_programs(program):
    write(repo__train="from net import model\nimport tools\n", repo__tools="print('a')\n")
    write(repo__net__init="", repo__net__model=TF + "x = tf.placeholder(1)\n", repo__old="print 'a'\n")
    write(repo__bad=TF + NOT_SERVED_LINE, repo__wrong="x = = 3\n", repo__korean="s = '한글'\n".encode("cp949"))
    write(repo__venv__lib__x="print 1\n", repo__git__x="print 1\n")
    os.rename("repo/git", "repo/.git")
    open("repo/venv/pyvenv.cfg", "w").close()
    with open("repo/book.ipynb", "w") as f:
        json.dump({"cells": [{"cell_type": "code", "source": "import urllib2"}]}, f)
    status, out, err = program("check", "repo")
    assert (status, err) == (1, "")
    firsts = [line.split(": ", 1) for line in out.splitlines() if not line.startswith(" ")]
    paths = [path.replace(os.sep, "/") for path, _ in firsts[:-1]]
    assert paths == [
        f"repo/{n}"
        for n in "bad.py book.ipynb korean.py old.py train.py net/__init__.py net/model.py tools.py wrong.py".split()
    ]
    said = dict(zip(paths, (text for _, text in firsts)))
    assert "save it as UTF-8" in said["repo/korean.py"] and "Python 2" not in said["repo/korean.py"]
    assert "book.ipynb:cell 1:1: urllib2" in out
    assert (
        out.splitlines()[-1]
        == "6 programs and 3 modules: 1 can be expected to run, 2 with --python2, 3 to change first"
    )


def test_only_problems_are_told_with_the_flag(program):
    write(repo__a=TF + "tf.placeholder(1)\ntf.spam()\n", repo__b=TF + "tf.placeholder(1)\n")
    status, out, _ = program("check", "--problems", "repo")
    assert status == 1 and "tf.spam" in out and "placeholder" not in out and "b.py" not in out
    status, out, _ = program("check", "repo/b.py", "--problems")
    assert (status, out) == (0, "1 program: 1 can be expected to run\n")


def test_program_is_as_good_as_its_modules(program):
    write(main="import old\nimport net\n", net=TF + NOT_SERVED_LINE, old="print 1\n")
    _, out, _ = program("check", "main.py")
    assert out.startswith(
        "main.py: nothing to change here; it cannot run before changes in old.py, net.py, which it imports"
    )
    write(net="")
    _, out, _ = program("check", "main.py")
    assert out.startswith("main.py: nothing to change here; it needs --python2 for old.py, which it imports")


def test_json_has_what_the_text_says(program):
    write(main=TF + NOT_SERVED_LINE + "import tools\n", tools="xrange(3)\n")
    with open("book.ipynb", "w") as f:
        json.dump({"cells": [{"cell_type": "code", "source": c} for c in (TF, "\ntf.mul(x)")]}, f)
    status, out, _ = program("check", "--json", "main.py", "book.ipynb")
    report = json.loads(out)
    assert status == 1 and not report["ok"]
    assert report["counts"] == {"runs": 1, "runs with --python2": 0, "needs changes": 1}
    assert report["programs"][0] == {"path": "main.py", "verdict": "needs changes", "modules": ["tools.py"]}
    (row,) = [row for row in report["files"]["main.py"] if row["stops"]]
    assert (row["line"], row["kind"], row["what"]) == (2, "not served", "tf.contrib.eager.defun") and row["advice"]
    (row,) = report["files"]["book.ipynb"]
    assert (row["cell"], row["line"], row["what"], row["stops"]) == (2, 2, "tf.mul", False)


def test_file_that_cannot_be_read_hides_no_other(program):
    write(good=TF + "tf.placeholder(1)\n", bad="s = '한글'\n".encode("cp949"))
    status, out, err = program("check", "bad.py", "good.py", "missing.py")
    assert status == 2 and "good.py: legacy-gan run can be expected to run it" in out
    assert [line.split(":")[1].strip() for line in err.splitlines()] == ["bad.py", "expected a listing, got missing.py"]


def test_lines_fit_a_narrow_window(program):
    write(main=TF + "tf.placeholder(1)\n" * 60 + NOT_SERVED_LINE)
    _, out, _ = program("check", "main.py")
    assert max(map(len, out.splitlines())) <= 80


def test_files_of_installed_packages_are_not_the_folders(tmp_path):
    for name in ("a.py", "sub/b.ipynb", "site-packages/c.py", ".hidden/d.py", "env/pyvenv.cfg", "env/e.py", "f.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("")
    files = [
        os.path.relpath(path, str(tmp_path)).replace(os.sep, "/") for path in own_modules.files_below(str(tmp_path))
    ]
    assert files == ["a.py", "sub/b.ipynb"]
