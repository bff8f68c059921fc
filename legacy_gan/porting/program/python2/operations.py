"""What operators, methods and classes of Python 2 do; a translated program calls these as __python2__.NAME."""

import collections.abc
import functools
import operator
from typing import Any, Callable

import numpy as np

from legacy_gan.porting.program.numpy1 import arithmetic

__all__ = ["Divisor", "compare", "divide", "methods_of"]


def _operator(name: str) -> Callable[[Any, Any], Any]:
    """Returns an operator, NumPy 1's where NumPy's own is another."""
    return arithmetic.OPERATORS.get(name, getattr(operator, name))


# Division

_true_divide = _operator("truediv")


def divide(a: Any, b: Any) -> Any:
    """Returns a / b as Python 2 does: of two whole numbers the whole number below; tensors and arrays likewise."""
    if isinstance(a, int) and isinstance(b, int):
        return a // b
    if type(a) is float or type(b) is float:
        return _true_divide(a, b)
    for one, other, method in ((a, b, "__div__"), (b, a, "__rdiv__")):
        function = getattr(type(one), method, None)
        if function is not None:
            result = function(one, other)
            if result is not NotImplemented:
                return result
    if _are_whole(a, b):
        return np.floor_divide(a, b)
    return _true_divide(a, b)


def _are_whole(*values):
    """Whether all are whole numbers or arrays of them, one at least of NumPy."""
    if not any(isinstance(value, (np.ndarray, np.generic)) for value in values):
        return False
    for value in values:
        if isinstance(value, (list, tuple)):
            value = np.asarray(value)
        if not isinstance(value, int) and getattr(getattr(value, "dtype", None), "kind", "") not in tuple("iub"):
            return False
    return True


class Divisor:
    """The right side of `x /= y`: it divides in place what can be changed in place."""

    __array_priority__ = 1e9
    __pandas_priority__ = 10**9

    def __init__(self, value: Any):
        self._value = value

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **named: Any) -> Any:
        return self.__rtruediv__(inputs[0])

    def __rtruediv__(self, x: Any) -> Any:
        y = self._value
        if isinstance(x, np.ndarray):
            return (np.floor_divide if _are_whole(x, y) else np.true_divide)(x, y, out=x)
        return divide(x, y)


# Order


def _comparison(function: Callable[[Any, Any], Any], holds: Callable[[int], bool]) -> Callable[[Any, Any], Any]:
    def compared(a, b):
        try:
            return function(a, b)
        except TypeError:
            if not (_has_order(a) and _has_order(b)):
                raise
            return holds(compare(a, b))

    return compared


less = _comparison(_operator("lt"), lambda sign: sign < 0)
less_equal = _comparison(_operator("le"), lambda sign: sign <= 0)
greater = _comparison(_operator("gt"), lambda sign: sign > 0)
greater_equal = _comparison(_operator("ge"), lambda sign: sign >= 0)


def _has_order(value):
    return value is None or isinstance(value, (int, float, np.number, np.bool_, str, bytes, list, tuple, dict, set))


_equal, _not_equal = _operator("eq"), _operator("ne")


def equal(a: Any, b: Any) -> Any:
    """Returns a == b; bytes and text of the same characters are equal."""
    return _equal(a, _like(b, a))


def not_equal(a: Any, b: Any) -> Any:
    return _not_equal(a, _like(b, a))


def _like(value, other):
    """Returns text as bytes where the other is bytes, and the other way round."""
    if isinstance(value, bytes) and isinstance(other, str):
        return value.decode("latin-1")
    if isinstance(value, str) and isinstance(other, bytes):
        try:
            return value.encode("latin-1")
        except UnicodeEncodeError:
            return value
    return value


def compare(a: Any, b: Any) -> int:
    """Returns -1, 0 or 1 as cmp(a, b) of Python 2: None is before numbers, these before everything else."""
    b = _like(b, a)
    try:
        return (a > b) - (a < b)
    except TypeError:
        pass
    ranks = _rank(a), _rank(b)
    if ranks[0] != ranks[1]:
        return -1 if ranks[0] < ranks[1] else 1
    if isinstance(a, (list, tuple)):
        for pair in zip(a, b):
            sign = compare(*pair)
            if sign:
                return sign
        return compare(len(a), len(b))
    if isinstance(a, dict):
        return compare(len(a), len(b)) or compare(sorted_(a.items()), sorted_(b.items()))
    return compare(id(a), id(b))


def _rank(value):
    if value is None:
        return 0, ""
    if isinstance(value, (int, float, np.number, np.bool_)):
        return 1, ""
    return 2, "str" if isinstance(value, (str, bytes)) else type(value).__name__


def sorted_(iterable: Any, cmp: Any = None, key: Any = None, reverse: bool = False) -> list:
    """sorted(), also of what has no order in Python 3, and with a function that compares."""
    values = list(iterable)
    if cmp is None:
        try:
            return sorted(values, key=key, reverse=reverse)
        except TypeError:
            pass
    order = functools.cmp_to_key(cmp or compare)
    return sorted(values, key=order if key is None else lambda value: order(key(value)), reverse=reverse)


def sort(x: Any, *args: Any, **named: Any) -> Any:
    """x.sort(...)"""
    if not isinstance(x, list):
        return x.sort(*args, **named)
    x[:] = sorted_(x, *args, **named)
    return None


def extreme(function: Callable) -> Callable:
    """Returns max or min, also of what has no order in Python 3."""

    def found(*args, **named):
        values = list(args[0]) if len(args) == 1 else list(args)
        try:
            return function(values, **named)
        except TypeError:
            key = named.get("key")
            order = functools.cmp_to_key(compare)
            return function(values, key=order if key is None else lambda value: order(key(value)))

    return found


# Methods

_VIEWS = (collections.abc.KeysView, collections.abc.ValuesView, collections.abc.ItemsView)


def _listed(name: str) -> Callable[[Any], Any]:
    def method(x):
        found = getattr(x, name)()
        return list(found) if isinstance(found, _VIEWS) else found

    return method


keys, values, items = _listed("keys"), _listed("values"), _listed("items")


def _renamed(name: str, today: str, convert: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def method(x):
        return getattr(x, name)() if hasattr(x, name) else convert(getattr(x, today)())

    return method


iterkeys, itervalues, iteritems = (_renamed(f"iter{name}", name, iter) for name in ("keys", "values", "items"))
viewkeys, viewvalues, viewitems = (_renamed(f"view{n}", n, lambda view: view) for n in ("keys", "values", "items"))


def has_key(x: Any, key: Any) -> Any:
    return x.has_key(key) if hasattr(x, "has_key") else key in x


def next(x: Any) -> Any:
    return x.next() if hasattr(x, "next") else x.__next__()


def decode(x: Any, *args: Any, **named: Any) -> Any:
    """x.decode(encoding): text is text already; base64, hex and the like are decoded."""
    if isinstance(x, str):
        return _by_codec(x, "decode", *args, **named)
    return x.decode(*args, **named)


def encode(x: Any, *args: Any, **named: Any) -> Any:
    """x.encode(encoding): text stays text; base64, hex and the like are encoded."""
    if isinstance(x, (str, bytes)):
        return _by_codec(x, "encode", *args, **named)
    return x.encode(*args, **named)


def _by_codec(text, direction, encoding="ascii", errors="strict"):
    import codecs

    name = codecs.lookup(encoding).name
    if name in ("base64", "hex", "zlib", "bz2", "quopri", "uu"):
        raw = text.encode("latin-1") if isinstance(text, str) else text
        return getattr(codecs, direction)(raw, name).decode("latin-1")
    if name == "rot13":
        return codecs.encode(text, name)
    if direction == "encode" and errors != "strict" and isinstance(text, str):  # what the encoding lacks is lost
        return text.encode(encoding, errors).decode(encoding)
    return text


# Classes


def methods_of(cls: type) -> type:
    """Gives a class the methods that Python 3 asks for under other names."""
    own = vars(cls)
    for old, new in (
        ("next", "__next__"),
        ("__nonzero__", "__bool__"),
        ("__div__", "__truediv__"),
        ("__rdiv__", "__rtruediv__"),
        ("__idiv__", "__itruediv__"),
    ):
        if old in own and new not in own:
            setattr(cls, new, _calling(old))
    if "__cmp__" in own:
        for name, holds in (
            ("__lt__", lambda sign: sign < 0),
            ("__le__", lambda sign: sign <= 0),
            ("__gt__", lambda sign: sign > 0),
            ("__ge__", lambda sign: sign >= 0),
            ("__eq__", lambda sign: sign == 0),
            ("__ne__", lambda sign: sign != 0),
        ):
            if name not in own:
                setattr(cls, name, _ordering(holds))
    if own.get("__hash__", 0) is None:  # a class with __eq__ had its base's until Python 3
        for base in cls.__mro__[1:]:
            if vars(base).get("__hash__") is not None:
                cls.__hash__ = base.__hash__
                break
    return cls


def _calling(name):
    def method(self, *args):
        result = getattr(self, name)(*args)
        return bool(result) if name == "__nonzero__" else result

    return method


def _ordering(holds):
    return lambda self, other: holds(self.__cmp__(other))
