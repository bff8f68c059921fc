"""NumPy 1's arithmetic: what a program's operators, and the functions of its numpy, do with scalars.

NumPy 1 chose the type of a result by the values of scalars: np.float32(0.1) + 0.2 is a float64, uint8 pixels * 300
are uint16, float32 weights * np.float64(0.1) stay float32. NumPy 2 goes by types alone and comes to other numbers
(NEP 50). Here a scalar gets, before NumPy sees it, the type that NumPy 1 gave it; the operation is NumPy's.

source.py has a program's operators call the functions of OPERATORS.
"""

import builtins
import functools
import operator
import re
import sys
from typing import Any, Callable, Dict

import numpy as np

__all__ = ["HAS_NEP50", "OPERATORS", "as_numpy_1", "numbers", "total", "ufunc", "wrapped_integers"]

HAS_NEP50 = int(np.__version__.split(".")[0]) >= 2

_NUMPY = (np.ndarray, np.generic)
_PLAIN = frozenset([bool, int, float, complex, str, bytes, list, tuple, dict, set, type(None)])
_SAME = frozenset([np.float64, np.int64])  # with a number of Python, as in NumPy 1
_CATEGORY = dict(b=0, u=1, i=1, f=2, c=2)
_OF_PYTHON = {int: np.int64, float: np.float64, complex: np.complex128}


def as_numpy_1(values, first_fit=False):
    """Returns the operands of an operation, its scalars with the types that NumPy 1 gave them.

    Args:
      values: arrays, NumPy's scalars, numbers; anything else is left as it is.
      first_fit: True for an operation that NumPy 1 did in the first type of int8, uint8, int16, ... that fits,
        False for one that it did in the common type. They differ where a scalar is too large for an unsigned type.
    """
    kinds = [_CATEGORY.get(v.dtype.kind) if isinstance(v, _NUMPY) else None for v in values]
    arrays = [v.dtype for v, kind in zip(values, kinds) if kind is not None and v.ndim]
    if not arrays:
        if all(kind is None for kind in kinds):
            return values
        return [v if kind is not None else _as_scalar(v) for v, kind in zip(values, kinds)]
    if len(arrays) == len(values):
        return values
    category = max(_CATEGORY[dtype.kind] for dtype in arrays)
    dtype = functools.reduce(np.promote_types, arrays)
    return [
        v if kind is not None and v.ndim else _beside_array(v, dtype, category, first_fit)
        for v, kind in zip(values, kinds)
    ]


def _as_scalar(value):
    """Returns a number of Python as what NumPy 1 made of it beside its own scalars."""
    kind = _OF_PYTHON.get(type(value))
    if kind is None:
        return value
    try:
        return kind(value)
    except OverflowError:
        return value


def _beside_array(value, dtype, category, first_fit):
    """Returns a scalar as what NumPy 1 made of it beside arrays of a type.

    Where its category (bool, integer, float with complex) is above the arrays', its own type counts; else the
    smallest type that holds its value.
    """
    if isinstance(value, np.ndarray) and type(value) is not np.ndarray:
        return value  # np.ma.masked
    if isinstance(value, _NUMPY):
        own = _CATEGORY.get(value.dtype.kind)
        scalar = value
    elif type(value) in _OF_PYTHON:
        scalar = _as_scalar(value)
        own = _CATEGORY[scalar.dtype.kind] if scalar is not value else None
    else:
        return value  # a bool is the same in both; None, a string, an object
    if own is None:
        return value
    if own > category:
        return scalar
    smallest = np.min_scalar_type(scalar)
    if smallest.kind == "u" and dtype.kind == "i" and scalar <= np.iinfo(f"i{smallest.itemsize}").max:
        smallest = np.dtype(f"i{smallest.itemsize}")  # it fits the signed type of the same size
    result = np.promote_types(dtype, smallest)
    if first_fit and result.kind == "u" and result != dtype and scalar <= np.iinfo(f"i{result.itemsize}").max:
        result = np.dtype(f"i{result.itemsize}")
    return scalar.astype(result) if scalar.dtype != result else scalar


# Operators


_FIRST_FIT = {"floordiv", "mod", "pow", "lshift", "rshift", "and_", "or_", "xor"}
_LIMITS = {  # the values of scalars that change no type of array, by the type's character
    **{np.dtype(c).char: (int(np.iinfo(c).min), int(np.iinfo(c).max)) for c in "bBhHiIlLqQ"},
    "?": (-(2**63), 2**63 - 1),
    "e": (-128, 255),
    "f": (-32768, 65535),
    "d": (-(2**63), 2**63 - 1),
    "F": (-32768, 65535),
    "D": (-(2**63), 2**63 - 1),
}
_FLOAT_LIMITS = dict.fromkeys("?bBhHiIlLqQdD", float("inf"))
_FLOAT_LIMITS.update(dict.fromkeys("fF", 3e38), e=6e4)
_OWN_TYPE = {np.float64: "d?bBhHiIlLqQD", np.float32: "fdFD", np.int64: "ldD", np.bool_: "?"}


# A scalar beside a number of Python: as its value is kept, the wider type gives NumPy 1's result, and sooner.
_WIDENED = {(kind, number): np.float64 for kind in (np.float16, np.float32) for number in (int, float)}
for _kind_of_scalar in (np.int8, np.uint8, np.int16, np.uint16, np.int32, np.uint32):
    _WIDENED.update({(_kind_of_scalar, int): np.int64, (_kind_of_scalar, float): np.float64})


def _changes_nothing(array, value):
    """Whether a scalar beside an array gives the same type in NumPy 1 and 2: the quick answer, True if it is sure."""
    kind, char = type(value), array.dtype.char
    if kind is int:
        low, high = _LIMITS.get(char, (1, 0))
        return low <= value <= high
    if kind is float:
        return abs(value) <= _FLOAT_LIMITS.get(char, -1)
    return char in _OWN_TYPE.get(kind, "")


def _pair(a, b, first_fit=False):
    """Returns two operands, one of them NumPy's, with NumPy 1's types."""
    if isinstance(a, np.ndarray) and a.ndim:
        if isinstance(b, np.ndarray) and b.ndim or _changes_nothing(a, b):
            return a, b
    elif isinstance(b, np.ndarray) and b.ndim:
        if _changes_nothing(b, a):
            return a, b
    elif isinstance(a, np.generic) and isinstance(b, np.generic):
        return a, b
    else:
        widened = _WIDENED.get((type(a), type(b)))
        if widened is not None:
            return widened(a), b
        widened = _WIDENED.get((type(b), type(a)))
        if widened is not None:
            return a, widened(b)
    return as_numpy_1((a, b), first_fit)


def _binary(function: Callable) -> Callable:
    """Returns an operator that gives its operands NumPy 1's types."""
    first_fit = function.__name__ in _FIRST_FIT

    def operate(a, b):
        kind_a, kind_b = type(a), type(b)
        if kind_a in _PLAIN:
            if kind_b in _PLAIN or kind_b in _SAME:
                return function(a, b)
        elif kind_a in _SAME and (kind_b in _PLAIN or kind_b in _SAME):
            return function(a, b)
        if isinstance(a, _NUMPY) or isinstance(b, _NUMPY):
            return function(*_pair(a, b, first_fit))
        return function(a, b)

    return operate


def _inplace(function: Callable) -> Callable:
    """Returns an augmented assignment's operator: what is assigned to keeps its type if it is an array."""

    def operate(a, b):
        kind_a, kind_b = type(a), type(b)
        if (kind_a in _PLAIN or kind_a in _SAME) and (kind_b in _PLAIN or kind_b in _SAME):
            return function(a, b)
        if isinstance(a, np.ndarray):
            return function(a, _pair(a, b)[1])
        if isinstance(a, np.generic) or isinstance(b, _NUMPY) and kind_a not in (list, dict, set):
            return function(*_pair(a, b))
        return function(a, b)

    return operate


def _kind(value):
    """Returns "number" or "text" for what NumPy compares by elements, None for anything else."""
    if isinstance(value, _NUMPY):
        return "number" if value.dtype.kind in _CATEGORY else "text" if value.dtype.kind in "US" else None
    if isinstance(value, (str, bytes)):
        return "text"
    if isinstance(value, (list, tuple)):
        return _kind(value[0]) if value else None
    return "number" if isinstance(value, (bool, int, float, complex)) else None


def _equality(function: Callable, otherwise: bool) -> Callable:
    """Returns == or !=, which NumPy 1 answered by one bool for what it could not compare by elements."""
    compare = _binary(function) if HAS_NEP50 else function

    def operate(a, b):
        if type(a) in _PLAIN and type(b) in _PLAIN:
            return function(a, b)
        if not isinstance(a, np.ndarray) and not isinstance(b, np.ndarray):
            return compare(a, b)
        if {_kind(a), _kind(b)} == {"number", "text"}:
            return otherwise
        try:
            return compare(a, b)
        except ValueError:  # shapes that do not go together
            return otherwise

    return operate


# Texts


_CONVERSION = re.compile(r"(%(?:\([^)]*\))?[-#0 +]*(?:\*|\d+)?(?:\.(?:\*|\d+))?[hlL]?[a-zA-Z%])")


def _is_one(value):
    """Whether it is an array of one element, which was a number to NumPy 1 and is none to NumPy 2."""
    return isinstance(value, np.ndarray) and value.size == 1 and value.ndim > 0


def _number(value):
    return value.item() if _is_one(value) else value


def _remainder(a, b):
    """a % b, which is formatting where a is a text."""
    if not isinstance(a, str):
        return _number_remainder(a, b)
    try:
        return a % b
    except TypeError:
        values = b.values() if isinstance(b, dict) else b if type(b) is tuple else (b,)
        if not any(map(_is_one, values)):
            raise
    return _formatted(a, b)


def _formatted(text, values):
    """Returns text % values; an array of one element is a number where one is asked for, but not to %s."""
    named = isinstance(values, dict)
    left = [] if named else list(values) if type(values) is tuple else [values]
    result = []
    for part in _CONVERSION.split(text):
        number = part[-1:] not in ("s", "r", "a")
        if not _CONVERSION.fullmatch(part):
            result.append(part)
        elif part[-1] == "%":
            result.append("%")
        elif named:
            result.append(part % {name: _number(v) if number else v for name, v in values.items()})
        else:
            size = 1 + part.count("*")
            taken, left = left[:size], left[size:]
            result.append(part % tuple(_number(v) if number else v for v in taken))
    if left:
        raise TypeError("not all arguments converted during string formatting")
    return "".join(result)


_number_remainder = _binary(operator.mod)


# Calls


def _call(function, *args, **named):
    """function(*args), a function that took arrays of one element as numbers: float, int, math.sqrt, np.uint8, ..."""
    if function is builtins.sum:
        return total(*args, **named)
    if function is builtins.bool:
        return bool(_truth(*args))
    if function in (builtins.divmod, builtins.pow) and HAS_NEP50 and len(args) == 2:
        return function(*as_numpy_1(args))
    try:
        return function(*args, **named)
    except TypeError:
        if not any(map(_is_one, args)):
            raise
    except OverflowError:
        if not (isinstance(function, type) and issubclass(function, np.integer) and len(args) == 1):
            raise
        return wrapped_integers(args[0], function)[()]
    return function(*map(_number, args), **named)


def total(values, start=0):
    """Returns sum(values, start) by NumPy 1's addition."""
    result = start
    for value in values:
        result = _add(result, value)
    return result


def _caller(function):
    """Returns float as map() takes it."""
    return functools.partial(_call, function)


def _truth(value=False):
    """Returns what an `if` may ask: an empty array was False."""
    return False if isinstance(value, np.ndarray) and value.size == 0 else value


def wrapped_integers(values, dtype):
    """Returns an array of integers that may be too large for their type: their lowest bits."""
    return np.asarray(values).astype(dtype)


def _clip(value, *bounds, **named):
    """value.clip(*bounds)"""
    if isinstance(value, _NUMPY):
        names = [name for name in ("min", "max") if name in named]
        value, *given = as_numpy_1([value, *bounds[:2], *(named[name] for name in names)])
        named.update(zip(names, given[len(bounds[:2]) :]))
        bounds = (*given[: len(bounds[:2])], *bounds[2:])
        if bounds[2:] or "out" in named:
            return value.clip(*bounds, **named)
        # The array's own type decides in NumPy 2
        value = value.astype(np.result_type(value, *(b for b in given if isinstance(b, _NUMPY))), copy=False)
    return value.clip(*bounds, **named)


# Indices


def _index(index):
    """Returns an index as NumPy took it until 1.22: a list with a list, a slice, ... in it is a tuple of indices."""
    if type(index) is list and len(index) < 32:  # its largest number of dimensions
        for part in index:
            if part is None or part is Ellipsis or isinstance(part, (list, tuple, slice, str, np.ndarray)):
                return tuple(index)
    return index


def _item(array, index):
    """array[index]"""
    return array[_index(index) if isinstance(array, np.ndarray) else index]


def _set_item(value, array, index):
    """array[index] = value"""
    if not isinstance(array, np.ndarray):
        array[index] = value
        return
    index = _index(index)
    try:
        array[index] = value
    except (TypeError, ValueError):
        if not _has_one(value):
            raise
        array[index] = numbers(value)
    except OverflowError:
        if array.dtype.kind not in "iu":
            raise
        array[index] = wrapped_integers(value, array.dtype)


def _has_one(value):
    return _is_one(value) or isinstance(value, (list, tuple)) and any(map(_is_one, value))


def numbers(values):
    """Returns a list, however deep, in which arrays of one element are numbers."""
    if isinstance(values, (list, tuple)):
        return [numbers(v) for v in values]
    return _number(values)


def _product(a, b):
    """a * b; a matrix leaves the type to np.dot."""
    if isinstance(a, np.matrix) or isinstance(b, np.matrix):
        return a * b
    return _number_product(a, b)


_add = _binary(operator.add)
_number_product = _binary(operator.mul)


def _operators() -> Dict[str, Callable]:
    """Returns what this NumPy needs: the names that source.py gives to operators and statements."""
    if tuple(int(part) for part in np.__version__.split(".")[:2]) < (1, 23) or sys.version_info < (3, 9):
        return {}  # there is no NumPy 1.25 for Python 3.8, whose trees have other indices
    found: Dict[str, Callable] = dict(
        slice=slice, eq=_equality(operator.eq, False), ne=_equality(operator.ne, True), item=_item, set_item=_set_item
    )
    if not HAS_NEP50:
        return found
    for name in ("add", "sub", "mul", "truediv", "floordiv", "pow", "lshift", "rshift", "and_", "or_", "xor"):
        found[name] = _binary(getattr(operator, name))
        found[f"i{name.rstrip('_')}"] = _inplace(getattr(operator, f"i{name.rstrip('_')}"))
    for name in ("lt", "le", "gt", "ge"):
        found[name] = _binary(getattr(operator, name))
    found.update(mod=_remainder, imod=_inplace_remainder, mul=_product)
    found.update(call=_call, caller=_caller, clip=_clip, truth=_truth)
    return found


_number_inplace_remainder = _inplace(operator.imod)


def _inplace_remainder(a, b):
    return _remainder(a, b) if isinstance(a, str) else _number_inplace_remainder(a, b)


OPERATORS = _operators()


class ufunc:
    """A universal function of a program's numpy, np.add, which gives its operands NumPy 1's types."""

    def __init__(self, function: Any):
        self._function = function
        self.__doc__, self.__name__ = function.__doc__, function.__name__

    def __call__(self, *args, **named):
        inputs = self._function.nin
        return self._function(*as_numpy_1(args[:inputs]), *args[inputs:], **named)

    def __getattr__(self, name):
        return getattr(self._function, name)

    def __repr__(self):
        return repr(self._function)

    @property
    def __class__(self):  # isinstance(np.add, np.ufunc)
        return np.ufunc
