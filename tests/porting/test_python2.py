"""legacy-gan run --python2: a program of Python 2 prints what it printed, and nothing is written.

tests/golden/python2/meaning.txt is what Python 2.7.18 itself prints of tests/listings/python2/meaning.py.
"""

import ast
import functools
import os
import shutil
import sys
import traceback

import numpy as np
import pytest

from legacy_gan.errors import CannotRun
from legacy_gan.porting.program.python2 import names, operations, translation
from tests.support.paths import GOLDEN, LISTINGS

pytestmark = [pytest.mark.python]


@pytest.mark.python2
def test_a_program_prints_what_python_2_prints(tmp_path, forked):
    shutil.copytree(os.path.join(LISTINGS, "python2"), str(tmp_path / "there"))
    before = sorted(os.listdir(str(tmp_path / "there" / "package")))
    status, out, err = forked.run("run", "--python2", tmp_path / "there" / "meaning.py")
    assert status == 0, err
    with open(os.path.join(GOLDEN, "python2", "meaning.txt")) as f:
        expected = f.read()
    if sys.version_info >= (3, 13):  # whose compiler takes the indentation from docstrings
        assert expected.count(repr("\ta tab stays\t")) == 1
        expected = expected.replace(repr("\ta tab stays\t"), repr("a tab stays     "))
    assert out.splitlines() == expected.splitlines()
    assert sorted(os.listdir(str(tmp_path / "there" / "package"))) == before


FAILS = '''\
import os
def pair((a, b),
         c):
    """Of
    lines."""
    print >>None, "x", `a`
    return reduce(lambda x, y: x + y,
                  [a, b, c])

try:
    pair((1, 2), 3)
except (TypeError), e:
    raise ValueError, e
pair((1, 2), None)
'''


@pytest.mark.python2
def test_lines_of_a_traceback_are_the_program_s():
    space = {"__builtins__": __builtins__, "__python2__": operations}
    with pytest.raises(TypeError) as e:
        exec(compile(translation.translated(FAILS, "f.py"), "f.py", "exec"), dict(space, reduce=functools.reduce))
    lines = [frame.lineno for frame in traceback.extract_tb(e.value.__traceback__) if frame.filename == "f.py"]
    assert lines in ([14, 7, 7], [14, 8, 7])  # a call of two lines is at its last one until Python 3.7


@pytest.mark.python2
@pytest.mark.parametrize(
    "text, line",
    [("x = 1\nprint 'a\n", 2), ("def f(:\n    pass\n", 1), ("if 1:\n    x = 1\n  y = 2\n", 3), ("x = (1,\n", 2)],
)
def test_what_is_no_python_at_all_is_a_syntax_error_at_its_line(text, line):
    with pytest.raises(SyntaxError) as e:
        translation.translated(text, "f.py")
    assert e.value.filename == "f.py" and e.value.lineno == line


@pytest.mark.python2
def test_a_file_of_python_3_is_taken_as_it_is():
    tree = translation.translated("import sys\nprint('a', file=sys.stdout)\nx = f'{1}'\ny = 7 / x\n", "f.py")
    assert isinstance(tree.body[3].value, ast.Call)


@pytest.mark.parametrize(
    "a, b, expected",
    [
        (7, 2, 3),
        (-7, 2, -4),
        (True, 2, 0),
        (7, 2.0, 3.5),
        (np.int64(7), 2, 3),
        (7, np.float32(2), 3.5),
        (np.arange(4), 2, [0, 0, 1, 1]),
        (np.arange(4, dtype=np.uint8), [2, 2, 2, 2], [0, 0, 1, 1]),
        (np.arange(4), 2.0, [0, 0.5, 1, 1.5]),
        (np.arange(4.0), 2, [0, 0.5, 1, 1.5]),
    ],
)
def test_division_of_whole_numbers_is_whole(a, b, expected):
    result = operations.divide(a, b)
    assert np.asarray(result).tolist() == expected
    assert np.asarray(result).dtype.kind == np.asarray(expected).dtype.kind
    if isinstance(a, np.ndarray) and a.dtype.kind == np.asarray(expected).dtype.kind:
        same = a.copy()
        changed = same
        changed /= operations.Divisor(b)
        assert changed is same and changed.tolist() == expected


@pytest.mark.parametrize("write, read", [("w", "r"), ("wt", "rt"), ("wtb", "rtb"), ("wb", "rU")])
def test_files_open_with_the_modes_of_python_2(write, read):
    with names.opened("a.txt", write) as f:
        f.write("a\n")
    with names.opened("a.txt", read) as f:
        assert f.read() in ("a\n", b"a\n")


def test_division_of_tensors_is_that_of_their_dtype():
    from legacy_gan.tf1 import tf

    with tf.Graph().as_default(), tf.Session() as sess:
        whole, real = tf.constant([7, -7]), tf.constant(7.0)
        changed = whole
        changed /= operations.Divisor(2)
        asked = [operations.divide(whole, 2), operations.divide(7, whole), operations.divide(real, 2), changed]
        asked.append(operations.divide(np.array([9, 9], np.int32), whole))
        assert [np.asarray(value).tolist() for value in sess.run(asked)] == [[3, -4], [1, -1], 3.5, [3, -4], [1, -2]]


def test_without_fissix_one_line_says_how_to_have_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "fissix", None)
    with pytest.raises(CannotRun, match="--python2 needs fissix.*pip install fissix"):
        translation.require_fissix()


def test_a_file_that_is_no_utf_8_is_one_line_that_does_not_blame_python_2(tmp_path, forked):
    path = tmp_path / "korean.py"
    path.write_bytes("import tensorflow as tf\nprint('한글')\n".encode("cp949"))
    status, out, err = forked.run("run", path)
    assert (status, out) == (2, "")
    (line,) = err.splitlines()
    assert "korean.py:2: expected UTF-8" in line and "cp949" in line and "Python 2" not in line
