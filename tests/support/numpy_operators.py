"""Which type the operators of NumPy 1 give for every pair of operands: python -m tests.support.numpy_operators.

It writes tests/golden/numpy1/operators.txt, a line an operator and a kind of left operand; on NumPy 1.18.5 only.
"""

import operator
import os
import warnings

import numpy as np

from tests.support.paths import GOLDEN

PATH = os.path.join(GOLDEN, "numpy1", "operators.txt")
TYPES = "? b B h H i I l L e f d F".split()
OPERATORS = "add sub mul truediv floordiv mod pow lshift and_ lt eq iadd itruediv".split()
NUMBERS = (0, 1, -1, 127, 128, 255, 256, 300, -129, 65536, 10**9, 2**31, 2**40, 0.5, 1e5, 1e39, 1e300, 1j, True)


def operands():
    """Returns (name, function that makes it) of every operand."""
    found = []
    for char in TYPES:
        for value in (1,) if char == "?" else (3, 100):
            scalar = np.dtype(char).type(value)
            found.append((f"{char}({value})", lambda scalar=scalar: scalar))
            found.append((f"[{char}({value})]", lambda scalar=scalar: np.array([scalar, scalar])))
    return found + [(repr(number), lambda number=number: number) for number in NUMBERS]


def _changed_since(name, a, b):
    """What NumPy 1.20 changed: it has no floor of complex numbers, and the quotient of short integers is a float64."""
    if name == "floordiv":
        return np.iscomplexobj(a) or np.iscomplexobj(b)
    return "truediv" in name and all(isinstance(x, np.integer) and x.dtype.itemsize < 4 for x in (a, b))


def lines(functions):
    """Yields a text for each operator and left operand: the types of the results, "!" for an error.

    Args:
      functions: operator's name to the function.
    """
    everything = operands()
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        for name in OPERATORS:
            for left, make_left in everything:
                results = []
                for _, make_right in everything:
                    a, b = make_left(), make_right()
                    if not isinstance(a, (np.ndarray, np.generic)) and not isinstance(b, (np.ndarray, np.generic)):
                        continue
                    if _changed_since(name, a, b):
                        continue
                    try:
                        result = functions[name](a, b)
                    except (TypeError, ValueError, OverflowError):
                        results.append("!")
                    else:
                        results.append(np.asarray(result).dtype.char.replace("q", "l").replace("Q", "L"))
                yield "{} {} {}".format(name, left, "".join(results))


if __name__ == "__main__":
    assert np.__version__ == "1.18.5", np.__version__
    os.makedirs(os.path.dirname(PATH), exist_ok=True)
    with open(PATH, "w") as f:
        f.writelines(line + "\n" for line in lines({name: getattr(operator, name) for name in OPERATORS}))
