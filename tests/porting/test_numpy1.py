"""Programs have NumPy 1's arithmetic and names (1.18) on any NumPy; the expected values are NumPy 1.18.5's.

On TensorFlow 1.15's environment the programs run as they are, which holds the expected values to the original.
"""

import ast
import builtins
import operator
import textwrap
import types
import warnings

import numpy as np
import pytest

from legacy_gan.porting.program.numpy1 import arithmetic, functions, names, notice, source
from legacy_gan.porting.program.numpy1.plain_names import Scopes
from tests.support import numpy_operators

pytestmark = [pytest.mark.no_tensorflow, pytest.mark.python]


@pytest.fixture(autouse=True)
def as_a_program_has_it():
    """Without warnings of what is deprecated, and with the methods of arrays, as put_back() leaves them."""
    if arithmetic.HAS_NEP50:
        functions.put_back_methods()
    with warnings.catch_warnings(), np.printoptions(**(dict(legacy="1.25") if arithmetic.HAS_NEP50 else {})):
        warnings.simplefilter("ignore")
        yield


def imported(name, globals=None, locals=None, fromlist=(), level=0):
    found = names.imported(name, fromlist) if name.split(".")[0] == "numpy" else None
    return found if found is not None else builtins.__import__(name, globals, locals, fromlist, level)


def output(text):
    """Returns what a program of one file prints."""
    printed = []
    own = types.ModuleType("builtins")
    vars(own).update(vars(builtins), __import__=imported, print=lambda *args: printed.append(" ".join(map(str, args))))
    vars(own).update(source.builtin_names())
    tree = source.transformed(ast.parse(textwrap.dedent(text)))
    exec(compile(tree, "program.py", "exec"), {"__builtins__": own, "__name__": "__main__"})
    return "\n".join(printed)


def test_operators_give_the_types_of_numpy_1():
    given = {name: getattr(operator, name) for name in numpy_operators.OPERATORS}
    given.update((name, arithmetic.OPERATORS[name]) for name in given if name in arithmetic.OPERATORS)
    with open(numpy_operators.PATH) as f:
        expected = f.read().splitlines()
    assert list(numpy_operators.lines(given)) == expected


# A program, and what it prints with NumPy 1.18.5.
PROMOTION = """\
    import numpy as np
    loss, rate = np.float32(0.1), np.float64(0.5)
    average = 0.0
    for step in range(3):
        average += loss / 3
    print("%.10f %.10f" % (average, loss + 0.2), type(sum([loss, loss])).__name__)
    pixels = np.array([[250, 3], [4, 5]], np.uint8)
    print(pixels[0, 0] + 10, (pixels * 300).tolist(), pixels[0, 1] - 7)
    weights = np.ones(2, np.float32)
    print((weights * rate).dtype, np.multiply(weights, rate).dtype, (weights * 1e300).dtype, np.float32(3) * 1e300)
    weights -= rate * 0.1
    print(weights.dtype, np.where([True, False], weights, rate).dtype, np.clip(pixels, 0, 300).dtype)
    print(pixels.clip(-5, 5).dtype, np.linspace(np.float32(0), 1, 2).dtype, np.float32(0.1) == 0.1, loss > 0.1)
    class Mean:
        def __init__(self):
            self.__total, self.values = 0, {}
        def add(self, value):
            self.__total += value
            self.values["last"] = self.values.get("last", 0)
            self.values["last"] += value
            return self.__total
    mean = Mean()
    print("%.12f" % (mean.add(loss) / 1), "%.12f" % mean.values["last"], divmod(np.float32(7), 2.5))
"""
ONE_ELEMENT = """\
    import numpy as np, math
    w, b = np.array([1.5], np.float32), np.array([[2]])
    print("W=%f %d %s" % (w, b, w), "%(w).2f" % dict(w=w), "%5.1f%%" % w, float(w), int(b), math.sqrt(b))
    buffer = np.zeros(3)
    buffer[0], count = w, 1
    buffer[count] = w * 2
    buffer[2] += w[0]
    print(buffer.tolist(), list(map(float, [w, b])), np.array([w, b.ravel()[0]], np.float32).tolist())
    table = np.zeros((2, 2)); table[1, :] = b
    print(table.tolist(), "%s" % w, bool(np.array([])), "none" if not np.array([]) else "some")
    try:
        "%d" % np.array([1, 2])
    except TypeError as e:
        print("TypeError")
"""
INDICES = """\
    import numpy as np
    a = np.arange(9).reshape(3, 3)
    rows = [0, 2]
    places = [[0, 1], [1, 2]]
    print(a[[[0, 1], [1, 2]]].tolist(), a[places].tolist(), a[rows].tolist(), a[[slice(0, 2), 1]].tolist())
    a[places] = -1
    print(a.tolist(), np.unique([[1, 2], [2, 1]], return_inverse=True)[1].tolist())
    print(np.array([1, 2]) == "a", np.array([1, 2]) != "a", np.array([1, 2]) == [1, 2, 3], np.array(["a"]) == "a")
    if np.array([1, 2]) == "train":
        print("never")
"""
INTEGERS = """\
    import numpy as np
    a = np.zeros(3, np.uint8)
    a[0] = 300
    a[1:] = [-1, 256]
    print(a.tolist(), np.uint8(-1), np.array([300], np.uint8).tolist(), np.full(2, 300, np.uint8).tolist())
    a += 250
    print(a.tolist(), np.uint8(3) - np.uint8(4), np.uint8(200) * 2, np.int32(2**31 - 1) + 1)
"""
NAMES = """\
    import numpy as np
    from numpy import float32, product, NaN, Inf, asscalar, bool, int
    from numpy.core.umath_tests import inner1d
    from numpy.linalg import lstsq
    from numpy.lib.stride_tricks import as_strided
    from numpy.core import multiarray
    from numpy.testing.utils import assert_allclose
    import numpy.core.numeric as numeric, numpy.matlib
    x = np.array([[1.0, 5.0]])
    print(np.cast[np.float32]([1]).dtype, np.typeDict["float32"] is np.float32, np.obj2sctype("f4") is np.float32)
    print(np.find_common_type([np.float32], [np.int64]), np.issubsctype("f4", np.floating), np.alen([1, 2]))
    print(np.array([1, 2], copy=False).tolist(), np.reshape([1, 2], newshape=(2, 1)).tolist(), np.math.sqrt(4))
    print(x.ptp(), x[0, 1].tobytes() == x[0, 1].tostring(), np.array([3], ">i4").newbyteorder().dtype.str[1:])
    x.itemset(0, 7); x.itemset((0, 1), 8)
    print(x.tolist(), np.ndarray.tostring(np.array([7], np.uint8)), numeric.arange(2).tolist())
    print(np.percentile([1, 2, 4], 40, interpolation="lower"), np.histogram([1, 2, 2], 2, normed=True)[0].tolist())
    print(np.vstack(row for row in [[1], [2]]).tolist(), np.hstack(map(np.asarray, [[1], [2]])).tolist())
    print(np.sum(v for v in [1, 2]), np.fromstring(b"\\x01\\xff", np.uint8).tolist(), np.fromstring("1 2", sep=" "))
    print(inner1d(np.eye(2), np.eye(2)).tolist(), np.cross([1, 0], [0, 1]).tolist(), np.sctypes["int"][0].__name__)
    print(lstsq(np.array([[1, 1], [1, 1 + 1e-15]]), np.array([1, 2.0]))[2], np.linalg.solve([[[2.0]]], [[4.0]]).shape)
    names = {}
    exec("from numpy import *", names)
    print(names["NaN"] is np.nan, names["array"] is np.array, isinstance(np.add, np.ufunc), np.add.reduce([1, 2]))
"""
EXPECTED = [
    (
        PROMOTION,
        """\
        0.1000000015 0.3000000015 float64
        260 [[9464, 900], [1200, 1500]] -4
        float32 float32 float64 3e+300
        float32 float32 uint16
        int16 float64 False True
        0.100000001490 0.100000001490 (2.0, 2.0)""",
    ),
    (
        ONE_ELEMENT,
        """\
        W=1.500000 2 [1.5] 1.50   1.5% 1.5 2 1.4142135623730951
        [1.5, 3.0, 1.5] [1.5, 2.0] [1.5, 2.0]
        [[0.0, 0.0], [2.0, 2.0]] [1.5] False none
        TypeError""",
    ),
    (
        INDICES,
        """\
        [1, 5] [1, 5] [[0, 1, 2], [6, 7, 8]] [1, 4]
        [[0, -1, 2], [3, 4, -1], [6, 7, 8]] [0, 1, 1, 0]
        False True False [ True]""",
    ),
    (
        INTEGERS,
        """\
        [44, 255, 0] 255 [44] [44, 44]
        [38, 249, 250] 255 400 2147483648""",
    ),
    (
        NAMES,
        """\
        float32 True True
        float32 True 2
        [1, 2] [[1], [2]] 2.0
        4.0 True i4
        [[7.0, 8.0]] b'\\x07' [0, 1]
        1 [0.6666666666666666, 1.3333333333333333]
        [[1], [2]] [1, 2]
        3 [1, 255] [1. 2.]
        [1.0, 1.0] 1 int8
        2 (1, 1)
        True True True 3""",
    ),
]


@pytest.mark.parametrize("text,expected", EXPECTED, ids=["promotion", "one_element", "indices", "integers", "names"])
def test_a_program_prints_what_it_printed_with_numpy_1(text, expected):
    assert output(text) == textwrap.dedent(expected)


@pytest.mark.skipif(not arithmetic.HAS_NEP50, reason="NumPy 1 needs none of this")
def test_nobody_else_has_another_numpy_and_counters_keep_their_operators():
    assert not hasattr(np, "float") and np.add is not names.module().add and type(np.float32(1) + 0.5) is np.float32
    text = "n = 5\nfor i in range(n):\n    n += i * 2\n    s = 'a' + str(i)\n"
    assert ast.dump(source.transformed(ast.parse(text))) == ast.dump(ast.parse(text))


@pytest.mark.skipif(not arithmetic.HAS_NEP50, reason="NumPy 1 needs none of this")
@pytest.mark.parametrize(
    "text,plain",
    [
        ("x = 0\n", True),
        ("x = len(f)\nx -= 1\n", True),
        ("for i, x in enumerate(f): pass\n", False),
        ("for x, i in enumerate(f): pass\n", True),
        ("x = 0\nx += f\n", False),
        ("x = 0\ndef g():\n    global x\n    x = f\n", False),
        ("x, y = 0, f\n", True),
        ("y, x = 0, f\n", False),
        ("with f as x: pass\n", False),
        ("import x\n", False),
        ("def g(x): pass\n", False),
        ("x = 0\n[x for x in f]\n", False),
        ("int = f\nx = int(3)\n", False),
    ],
)
def test_a_name_is_plain_if_nothing_that_is_assigned_to_it_can_be_numpys(text, plain):
    assert Scopes(ast.parse(text)).is_plain(ast.parse("x", mode="eval").body) is plain


def test_a_sum_of_many_terms_and_what_is_masked():
    assert output("x = [1]\nprint(" + " + ".join(["x[0]"] * 900) + ")\n") == "900"
    masked = (
        "import numpy as np\nprint(np.ma.masked + np.float32([1]), (np.ma.array([1.0, 2.0], mask=[1, 0]) * 2).sum())\n"
    )
    assert output(masked) == "[--] 4.0"


def test_positions_and_evaluation_order_stay():
    text = (
        "log = []\ndef f(x):\n    log.append(x)\n    return x\nd = {}\nd[f(1)] = f(2)\nd[f(1)] += f(3)\nprint(log, d)\n"
    )
    assert output(text) == "[2, 1, 1, 3] {1: 5}"
    with pytest.raises(ZeroDivisionError) as error:
        output("x = [0]\n\nprint(1 / x[0])\n")
    assert [entry.lineno for entry in error.traceback if str(entry.path).endswith("program.py")] == [2]


@pytest.mark.skipif(not arithmetic.HAS_NEP50, reason="NumPy 1 differs in nothing")
@pytest.mark.parametrize(
    "text,said",
    [
        ("average += loss / 3\nx = a[[[0, 1]]]\nprint('%f' % w, a == 'b', float(w))\n", []),
        ("import numpy as np\norder = np.argsort(labels)\n", [(2, "argsort may put equal numbers in another order")]),
        ("order = (-scores).argsort()[:3]\n", [(1, "argsort may put equal numbers in another order")]),
        ("order = np.argsort(labels, kind='stable')\ntf.argsort(x)\n", []),
        ("import operator\nreduce(operator.mul, xs, 1)\n", [(2, "operator.mul computes with NumPy 2's types")]),
        ("from operator import add as plus\nprint(plus(a, b))\n", [(2, "operator.add computes with NumPy 2's types")]),
        ("from operator import itemgetter\nsorted(xs, key=itemgetter(1))\nmodel.eval()\neval('1')\n", []),
        ("x = eval(text)\n", [(1, "eval computes with NumPy 2's types")]),
    ],
)
def test_what_is_not_served_is_found(text, said):
    found = sorted(set(notice.differences(ast.parse(text))))
    assert [line for line, _ in found] == [line for line, _ in said]
    assert all(what.startswith(beginning) for (_, what), (_, beginning) in zip(found, said))


@pytest.mark.skipif(not arithmetic.HAS_NEP50, reason="NumPy 1 differs in nothing")
def test_it_is_said_in_one_line_once(capsys, monkeypatch):
    monkeypatch.setattr(notice, "_said", [])
    notice.say(ast.parse("x = 1\n"), "a.py")
    notice.say(ast.parse("import operator\ny = x.argsort(), operator.add(1, 2)\n"), "b.py")
    notice.say(ast.parse("x.argsort()\n"), "c.py")
    err = capsys.readouterr().err
    assert err.startswith(f"legacy-gan: b.py:2: with NumPy {np.__version__}, argsort may") and err.count("\n") == 1
