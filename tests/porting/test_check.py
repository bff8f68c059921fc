"""legacy-gan check: what it finds in a program, on which line, and that its tables are the real ones."""

import os
import subprocess
import sys
import time

import pytest

from legacy_gan.porting import program_reader, scan, symbols
from legacy_gan.porting.finding import CHANGED, NEEDS_TF1, NOT_PYTHON, NOT_SERVED, PYTHON_2, REMOVED_API
from tests.support.paths import ROOT

pytestmark = [pytest.mark.no_tensorflow, pytest.mark.python]


def found(text, *kinds):
    """Returns [(line, what)] of some kinds."""
    return [(f.line, f.what) for f in program_reader.findings(text) if f.kind in kinds]


def tensorflow_1(text):
    return found(text, NEEDS_TF1)


def refused(text):
    return found(text, NOT_SERVED)


def python2(text):
    return [(f.line, f.what) for f in program_reader.findings(text) if f.kind in (PYTHON_2, NOT_PYTHON)]


TF = "import tensorflow as tf\n"


# What needs TensorFlow 1's tf, under whatever name it is imported


@pytest.mark.parametrize(
    "text, expected",
    [
        (TF + "x = tf.placeholder(tf.float32)", [(2, "tf.placeholder")]),
        ("import tensorflow\nx = tensorflow.placeholder(3)", [(2, "tf.placeholder")]),
        ("import tensorflow.compat.v1 as tf\ntf.layers.dense(x, 3)", [(2, "tf.layers.dense")]),
        ("from tensorflow import placeholder as ph\nx = ph(3)", [(1, "tf.placeholder"), (2, "tf.placeholder")]),
        (
            "from tensorflow.contrib.layers import batch_norm as bn\nbn(x)",
            [(1, "tf.contrib.layers.batch_norm"), (2, "tf.contrib.layers.batch_norm")],
        ),
        (
            "import tensorflow.contrib.slim as slim\nslim.conv2d(x)",
            [(1, "tf.contrib.slim"), (2, "tf.contrib.slim.conv2d")],
        ),
        (
            "from tensorflow.contrib import rnn, slim\nrnn.BasicLSTMCell(3)",
            [(1, "tf.contrib.rnn"), (1, "tf.contrib.slim"), (2, "tf.contrib.rnn.BasicLSTMCell")],
        ),
        (
            TF + "layers = tf.contrib.layers\nlayers.flatten(x)\nlayers = [3]\nlayers.append(3)",
            [(2, "tf.contrib.layers"), (3, "tf.contrib.layers.flatten")],
        ),
        (TF + "x = (tf\n     .train\n     .AdamOptimizer(1))", [(2, "tf.train.AdamOptimizer")]),
        (TF + "tf.mul(x, tf.pack([y]))", [(2, "tf.mul"), (2, "tf.pack")]),
        (
            "from tensorflow.examples.tutorials.mnist import input_data\n",
            [(1, "tf.examples.tutorials.mnist.input_data")],
        ),
        (
            "from tensorflow.python.ops import rnn_cell\nrnn_cell.GRUCell(3)",
            [(1, "tf.python.ops.rnn_cell"), (2, "tf.python.ops.rnn_cell.GRUCell")],
        ),
        (TF + "s = 'tf.placeholder'  # tf.placeholder\n'''\ntf.placeholder\n'''\nself.tf.placeholder(3)", []),
        (TF + "tf.nn.relu(x) + tf.__version__", []),
    ],
)
def test_door_names_are_followed_through_imports_and_aliases(text, expected):
    assert tensorflow_1(text) == expected and not refused(text)


@pytest.mark.parametrize(
    "call",
    [
        "tf.concat(0, [x, y])",
        "tf.split(1, 4, x)",
        "tf.nn.softmax_cross_entropy_with_logits(x, y)",
        "tf.nn.sigmoid_cross_entropy_with_logits(x, y)",
    ],
)
def test_door_has_the_old_order_of_arguments(call):
    ((line, what),) = tensorflow_1(TF + call)
    assert line == 2 and "before TensorFlow 1.0" in what


@pytest.mark.parametrize(
    "call", ["tf.concat([x, y], 0)", "tf.split(x, 4)", "tf.nn.softmax_cross_entropy_with_logits(logits=x, labels=y)"]
)
def test_todays_order_of_arguments_is_nothing_to_tell(call):
    assert not [what for _, what in tensorflow_1(TF + call) if "before" in what]


def test_other_meaning_under_the_same_name_is_told_apart():
    assert found(TF + "tf.nn.dropout(x, 0.5)", CHANGED) == [(2, "tf.nn.dropout")]


# What is not served


@pytest.mark.parametrize(
    "symbol, instead",
    [
        ("tf.contrib.learn.DNNClassifier", "tf.estimator.DNNClassifier"),
        ("tf.contrib.cudnn_rnn.CudnnLSTM", "dynamic_rnn"),
        ("tf.contrib.boosted_trees.estimator_batch", "GradientBoosting"),
        ("tf.contrib.eager.defun", "tf.Session"),
        ("tf.enable_eager_execution", "graphs"),
        ("tf.estimator.BoostedTreesClassifier", "Session"),
        ("tf.contrib.no_such_part", "no such name"),
        ("tf.nn.reluu", "did you mean tf.nn.relu?"),
        ("tf.spam", "no such name"),
    ],
)
def test_not_served_names_what_to_use_instead(symbol, instead):
    (finding,) = program_reader.findings(TF + f"\nx = {symbol}()")
    assert (finding.line, finding.kind) == (3, NOT_SERVED)
    assert symbol.startswith(finding.what) and instead in finding.advice


def test_names_that_a_program_hangs_on_tf_are_its_own():
    text = TF + "tf.model = f(tf)\ntf.model.add(3)\ntf.modelss\nx = tf.spam == 3\n"
    assert refused(text) == [(4, "tf.modelss"), (5, "tf.spam")]


def test_import_that_may_fail_is_not_held_against_a_listing():
    guarded = "try:\n    import cPickle as pickle\nexcept ImportError:\n    import pickle\n"
    assert not program_reader.findings(guarded)
    assert not program_reader.findings(
        "import sys\nif sys.version_info[0] == 2:\n    import urllib2\nelse:\n    import urllib\n"
    )
    assert not program_reader.findings(
        "try:\n    xrange\nexcept NameError:\n    xrange = range\nfor i in xrange(3): pass\n"
    )
    assert python2("import cPickle as pickle\n") == [(1, "cPickle")]


def test_try_that_is_there_for_another_error_hides_nothing():
    for handler in ("except tf.errors.OutOfRangeError:", "finally:"):
        assert refused(TF + f"try:\n    tf.spam()\n{handler}\n    pass\n") == [(3, "tf.spam")]
    body = "    x = 1\n" * 5 + "    tf.spam()\n"
    assert refused(TF + f"try:\n{body}except Exception:\n    pass\n") == [(8, "tf.spam")]
    assert python2("if x:\n    pass\nelse:\n    xrange(3)\n") == [(4, "xrange")]


# Other packages


def test_gone_names_of_other_packages_are_served_or_told():
    text = (
        "import numpy as np\nfrom scipy.misc import imread\nimport scipy.misc\nx = np.float(3)\n"
        "scipy.misc.imsave('a', x)\nnp.float32(x)\nscipy.misc.lena()\n"
        "from sklearn.cross_validation import train_test_split\nfrom sklearn.datasets import fetch_mldata\n"
        "import imp\nfrom distutils.version import LooseVersion\nfrom distutils.core import setup\n"
    )
    assert found(text, REMOVED_API) == [
        (2, "scipy.misc.imread"),
        (4, "numpy.float"),
        (5, "scipy.misc.imsave"),
        (8, "sklearn.cross_validation"),
        (10, "imp"),
        (11, "distutils.version.LooseVersion"),
    ]
    assert refused(text) == [(7, "scipy.misc.lena"), (9, "sklearn.datasets.fetch_mldata"), (12, "distutils")]


# Python 2


@pytest.mark.parametrize(
    "line, what",
    [
        ('print "a", x', "print x"),
        ("print x", "print x"),
        ("print", None),
        ("print(x)", None),
        ("print ('%d') % x", "print (...) %"),
        ("print >>f, x", "print >>f, x"),
        ("print = 3", None),
        ("if x: print x", "print x"),
        ("x.print", None),
        ("for i in xrange(3): pass", "xrange"),
        ("s = raw_input()", "raw_input"),
        ("unicode(x)", "unicode"),
        ("from six.moves import xrange; xrange(3)", None),
        ("xrange(3) if str is bytes else range(3)", None),
        ("x.file = file = 3", None),
        ("file('a')", "file"),
        ("d.iteritems()", ".iteritems"),
        ("six.iteritems(d)", None),
        ("d.has_key(3)", ".has_key"),
        ("d.keys()[0]", ".keys()[...]"),
        ("x = it.next()", ".next()"),
        ("it.next(5)", None),
        ("`x`", "`x`"),
        ("x <> y", "<>"),
        ("'<>' + '`'", None),
        ('exec "x = 1"', "exec x"),
        ("exec('x = 1')", None),
        ("os.chmod(x, 0777)", "0777"),
        ("x = 0", None),
        ("x = 00.5 + 0.7", None),
        ("x = 10L", "10L"),
        ('ur"a"', 'ur"..."'),
        ("raise ValueError, 'x'", "raise E, x"),
        ("raise ValueError('x', 3)", None),
        ("lambda (a, b): a", "lambda (a, b)"),
        ("def f(a, (b, c)): pass", "def f((a, b))"),
        ("def f(a, b=(1, 2)): pass", None),
        ("import cPickle", "cPickle"),
        ("import urllib2", "urllib2"),
        ("from Queue import Queue", "Queue"),
        ("from StringIO import StringIO", "StringIO"),
        ("import ConfigParser", "ConfigParser"),
        ("reload(sys)", "reload"),
        ("import urllib; urllib.urlretrieve(a, b)", "urllib.urlretrieve"),
        ("import urllib; urllib.request.urlretrieve(a)", None),
        ("import sys; sys.maxint", "sys.maxint"),
        ("%matplotlib inline", "%matplotlib"),
        ("x = = 3", "invalid syntax"),
    ],
)
def test_python_2_is_found_line_by_line(line, what):
    # A line that no Python 3 reads stands before: the rest must be read all the same.
    for before in ("a = 1\n", 'a = 1; print "unreadable"\n'):
        expected = [] if "unreadable" not in before else [(1, "print x")]
        if what == "invalid syntax" and expected:
            continue  # the parser's own word is only asked where nothing else explains it
        assert python2(before + line + "\n") == expected + ([(2, what)] if what else [])


def test_print_statement_under_print_function_is_no_python():
    text = "from __future__ import print_function\nprint 'a'\nprint >>f, 'a'\nprint('a')\n"
    assert found(text, NOT_PYTHON) == [(2, "print x"), (3, "print >>f, x")] and not found(text, PYTHON_2)


def test_except_with_a_comma_is_python_2():
    assert python2("try:\n    f()\nexcept ValueError, e:\n    pass\n") == [(3, "except E, e")]
    assert not python2("try:\n    f()\nexcept (ValueError, TypeError) as e:\n    pass\n")


def test_tabs_are_told_where_python_3_does_not_take_them():
    mixed = "if x:\n        a = 1\n\tb = 2\n"
    assert python2(mixed) == [(3, "tabs and spaces mixed")]
    assert not python2("if x:\n\ta = 1\n\tif a:\n\t    b = 2\n\tc = 3\n")
    with pytest.raises(TabError):
        compile(mixed, "mixed", "exec")


def test_line_numbers_hold_beyond_strings_and_continued_lines():
    text = TF + 'x = """\n\n"""\ny = f(1,\n      2) + \\\n    3\n\ntf.placeholder(\n    tf.float32)\nprint x\n'
    assert tensorflow_1(text) == [(9, "tf.placeholder")] and python2(text) == [(11, "print x")]


def test_bracket_that_is_never_closed_hides_nothing():
    text = TF + "x = f(1\ndef g():\n    print x\n    tf.placeholder(3)\n"
    assert (4, "print x") in python2(text) and tensorflow_1(text) == [(5, "tf.placeholder")]


# The command


def test_exit_status_says_whether_a_listing_can_be_run(program):
    with open("good.py", "w") as f:
        f.write(TF + "x = tf.placeholder(tf.float32)\n\ny = tf.placeholder(tf.float32)\n")
    with open("bad.py", "w") as f:
        f.write(TF + "tf.contrib.eager.defun()\nprint 3\n")
    status, out, err = program("check", "good.py")
    assert (status, err) == (0, "")
    assert "good.py:2: tf.placeholder, also 4" in out
    status, out, _ = program("check", "good.py", "bad.py")
    assert status == 1
    assert "bad.py:2: tf.contrib.eager.defun; " in out and "bad.py:3: print x; " in out
    assert "good.py: legacy-gan run can be expected to run it" in out
    assert "bad.py: 2 places to change" in out


def test_modules_beside_a_listing_are_read_too(program):
    os.makedirs("net")
    for name, text in {
        "main.py": "from ops import *\nfrom net.model import Model\n",
        "ops.py": "print 1\n",
        "net/__init__.py": "",
        "net/model.py": "import tools\nfrom . import other\n",
        "net/tools.py": "",
        "net/other.py": "xrange(3)\n",
        "unused.py": "print 1\n",
    }.items():
        with open(name, "w") as f:
            f.write(text)
    status, out, _ = program("check", "main.py")
    assert status == 1
    assert "ops.py:1: print x" in out and "other.py:1: xrange" in out and "unused" not in out
    assert "model.py:1: import tools; in Python 3 from . import tools" in out


@pytest.mark.parametrize(
    "name, content, words",
    [
        ("missing.py", None, "No such file"),
        (".", None, "which holds none"),
        ("zero.py", b"x = 1\0\n", "zero bytes"),
        (
            "latin.py",
            b"x = 1\ns = '\xe9'\n",
            "latin.py:2: expected UTF-8, which is what Python reads, got byte 0xe9; the file looks like latin-1",
        ),
        ("korean.py", "print('한글')".encode("cp949"), "looks like cp949: save it as UTF-8"),
        ("named.py", b"# coding: ascii\ns = '\xe9'\n", "named.py:2: expected ASCII, got byte 0xe9"),
        ("cookie.py", b"# -*- coding: klingon -*-\n", "klingon"),
        ("notebook.ipynb", b"{}", "which has no cells"),
    ],
)
def test_bad_input_is_refused_in_a_line(name, content, words, request):
    if content is not None:
        with open(name, "wb") as f:
            f.write(content)
    assert words in request.getfixturevalue("refused")("check", name)


@pytest.mark.parametrize(
    "raw",
    [
        "# -*- coding: euc-kr -*-\ns = '가'\nprint s\n".encode("euc-kr"),
        b"\xef\xbb\xbfs = '\xea\xb0\x80'\n\nprint s\n",
        b"s = 1\r\n\r\nprint s\r\n",
    ],
)
def test_encodings_and_ends_of_lines_are_honoured(raw):
    with open("program.py", "wb") as f:
        f.write(raw)
    assert python2(scan.read("program.py")) == [(3, "print x")]


def test_answer_takes_no_tensorflow():
    with open("good.py", "w") as f:
        f.write(TF + "x = tf.placeholder(tf.float32)\n")
    begun = time.time()
    ended = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "legacy_gan", "check", "good.py"],
        env=dict(os.environ, PYTHONPATH=ROOT),
        capture_output=True,
    )
    taken = time.time() - begun
    assert ended.returncode == 0, ended.stderr
    loaded = {line.split(b"|")[-1].strip() for line in ended.stderr.splitlines()}
    assert b"argparse" in loaded and not loaded & {b"tensorflow", b"numpy"}
    assert taken < 3, "seconds; TensorFlow alone takes as many"


# The tables


@pytest.mark.tensorflow
@pytest.mark.parametrize("symbol", ["tf.placeholder", "tf.nn.relu", "tf.mul", "tf.layers.dense"])
def test_served_symbols_are_there(symbol):
    from legacy_gan.tf1 import tf

    value = tf
    for part in symbol.split(".")[1:]:
        value = getattr(value, part)
    assert callable(value) and symbols.classify(symbol)[0] != NOT_SERVED


@pytest.mark.tensorflow
def test_table_is_what_the_installed_modules_have():
    """benchmarks/symbols.py writes nothing else than what is committed: run it after a change of what is served.

    In a process of its own: it switches to TensorFlow 1's behaviour.
    """
    ended = subprocess.run(
        [sys.executable, os.path.join(ROOT, "benchmarks", "symbols.py"), "--check"],
        env=dict(os.environ, PYTHONPATH=ROOT, TF_CPP_MIN_LOG_LEVEL="3"),
        capture_output=True,
        text=True,
    )
    if ended.returncode == 3:
        pytest.skip(ended.stdout.strip())
    assert ended.returncode == 0, ended.stdout + ended.stderr[-2000:]
