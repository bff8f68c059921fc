"""legacy-gan run and check of notebooks: cells in their order, what they show, errors that name cell and line."""

import json
import os
import subprocess
import sys

import pytest

from legacy_gan.errors import Unreadable
from legacy_gan.porting import check, notebooks
from tests.support.paths import ROOT

pytestmark = pytest.mark.python

PLAIN = [
    "import tensorflow as tf\nimport numpy as np\nx = tf.constant(3)",
    "%matplotlib inline\nimport matplotlib.pyplot as plt\nsess = tf.Session()\nsess.run(x) + 1",
    "%%time\nplt.plot([1, 2])\nplt.show()\nplt.figure()\nplt.plot([2, 1]);",
    "def f(n):\n    return n\n\n'shown'\nfor i in range(2):\n    %time print(f(i))",
    "x = 5; x",
    "_ + 1",
    "np.arange(3);",
]


@pytest.fixture
def notebook(tmp_path, monkeypatch):
    """Returns a function that writes a notebook of some cells of code after one of text: notebook(cells) -> path."""
    monkeypatch.chdir(tmp_path)

    def write(sources, name="book.ipynb", version=4):
        cells = [{"cell_type": "markdown", "source": ["# Title"], "metadata": {}}]
        for source in sources:
            text = source.splitlines(True)
            kept = {"source": text} if version == 4 else {"input": text, "language": "python"}
            cells.append(dict(kept, cell_type="code", metadata={}, outputs=[], execution_count=None))
        body = {"cells": cells} if version == 4 else {"worksheets": [{"cells": cells}]}
        (tmp_path / name).write_text(json.dumps(dict(body, nbformat=version, nbformat_minor=0, metadata={})))
        return name

    return write


def run(*argv, ipython=True):
    """Runs it in a process of its own, with or without IPython; returns (status, out, err)."""
    blocked = "" if ipython else "u.find_spec = lambda n, *a, f=u.find_spec: None if n == 'IPython' else f(n, *a);"
    blocked += "" if ipython else "sys.modules['IPython.lib'] = None;"
    code = f"import sys, importlib.util as u; {blocked} from legacy_gan import cli; sys.exit(cli.main(sys.argv[1:]))"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code, "run"] + list(argv),
        capture_output=True,
        text=True,
        env=dict(os.environ, PYTHONPATH=ROOT, DISPLAY="", HOME=os.getcwd()),
        timeout=120,
    )
    return done.returncode, done.stdout, done.stderr


def test_cells_run_in_their_order_and_show_their_last_value(notebook):
    path = notebook(PLAIN + ["!echo left\nkept = !ls\nprint('last')\n", "tf.spam"])
    status, out, err = run(path, ipython=False)
    assert status == 2, err
    lines = out.splitlines()
    assert lines[0] == "4" and lines[1].startswith("Wall time: ")
    assert lines[2:] == ["0", "1", "5", "6", "last"]
    assert sorted(name for name in os.listdir() if name.endswith(".png")) == [
        "cell-3-figure-1.png",
        "cell-3-figure-2.png",
    ]
    said = err.splitlines()
    assert [line for line in said if "left out" in line] == [
        f"legacy-gan: book.ipynb, cell 8:{n}: left out: {what} (it needs IPython: pip install ipython)"
        for n, what in ((1, "!echo left"), (2, "kept = !ls"))
    ]
    assert said[-1] == "legacy-gan: book.ipynb, cell 9:1: tf.spam is not served; TensorFlow 1.15 has no such name"


@pytest.mark.notebooks
def test_magics_are_ipython_s_and_the_html_has_what_was_shown(notebook):
    path = notebook(
        PLAIN[:3] + ["\n\n!echo from the shell\nfound = !echo one\nprint(found.n)", "\n\nvalue = 1\n1 / 0\n"]
    )
    status, out, err = run("--to-html", "made/page.html", path)
    assert status == 1
    assert out.splitlines()[-2:] == ["from the shell", "one"]
    assert 'File "book.ipynb, cell 5", line 4, in <module>\n    1 / 0\n' in err and "legacy_gan" not in err
    with open("made/page.html") as f:
        page = f.read()
    assert page.count('src="data:image/png;base64') == 2
    assert all(text in page for text in ("Title", "Wall time", "ZeroDivisionError", "from the shell"))
    assert ".ipython" not in os.listdir()  # no history, no profile


@pytest.mark.python2
def test_cells_of_python_2_keep_what_was_imported_from_the_future(notebook):
    path = notebook(
        ["from __future__ import division\nprint 3 / 2", "\nprint 3 / 2, map(None, [1])\n7 / 2", "print 1\nx = missing"]
    )
    status, out, err = run("--python2", path)
    assert (status, out.splitlines()) == (1, ["1.5", "1.5 [1]", "3.5", "1"])
    assert 'File "book.ipynb, cell 3", line 2, in <module>\n    x = missing\n' in err


def test_html_is_of_notebooks_only(refused, tmp_path):
    (tmp_path / "main.py").write_text("")
    assert "--to-html needs a notebook, NAME.ipynb, got" in refused(
        "run", "--to-html", "x.html", str(tmp_path / "main.py")
    )


@pytest.mark.no_tensorflow
@pytest.mark.parametrize("version", [3, 4])
def test_check_names_cell_and_line(notebook, version):
    path = notebook(
        [
            "%matplotlib inline\nimport tensorflow as tf",
            "!ls\ntf.contrib.spoon\n",
            "x = 1",
            "\ny = tf.placeholder(3)\nprint 'a'",
        ],
        version=version,
    )
    report = check.checked([path])
    text, ok = report.text(), report.is_fine
    assert not ok
    assert "book.ipynb:cell 2:2: tf.contrib.spoon; " in text
    assert "book.ipynb:cell 4:2: tf.placeholder" in text and "book.ipynb:cell 4:3: print x" in text
    assert "cell 1" not in text


@pytest.mark.no_tensorflow
@pytest.mark.parametrize("text", ["{", "[]", '{"cells": 3}', '{"metadata": {}}'])
def test_what_is_no_notebook_is_one_line(text, tmp_path):
    (tmp_path / "book.ipynb").write_text(text)
    with pytest.raises(Unreadable, match="expected a notebook, got .*book.ipynb"):
        notebooks.cells(str(tmp_path / "book.ipynb"))


@pytest.mark.no_tensorflow
@pytest.mark.parametrize(
    "source, expected, left_out",
    [
        ("x = 1\n", "x = 1\n", []),
        ("%matplotlib inline\nx", "pass\nx", []),
        ("if x:\n    !ls\ny", "if x:\n    pass\ny", [(2, "!ls")]),
        ("%time x = f(3)", "x = f(3)", []),
        ("%%time\nx", "\nx", []),
        ("%%bash\nls\npwd", "\n\n", [(1, "%%bash")]),
        ("text = '''\n%no magic\n'''\nx %\\\n  y", "text = '''\n%no magic\n'''\nx %\\\n  y", []),
        ("!ls \\\n  -l\nx", "pass\n\nx", [(1, "!ls \\"), (2, "-l")]),
        ("np.zeros?\nf??", "pass\npass", [(1, "np.zeros?"), (2, "f??")]),
        ("x = %env HOME\nx = y % z", "pass\nx = y % z", [(1, "x = %env HOME")]),
    ],
)
def test_what_of_a_cell_is_python(source, expected, left_out):
    assert notebooks.python_lines(source) == (expected, left_out)
