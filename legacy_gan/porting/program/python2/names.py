"""The builtins of Python 2: xrange, raw_input, lists from map, filter and zip, sorting, files of bytes and text."""

import builtins
import decimal
import functools
import importlib
import io
import itertools
import math
import os
import sys
import types
import weakref
from typing import Any, Callable, Dict, MutableMapping

from legacy_gan.porting import scan
from legacy_gan.porting.program.python2 import operations
from legacy_gan.porting.program.python2.translation import OPERATIONS, translated

__all__ = ["builtins_of_python_2"]


def builtins_of_python_2() -> Dict[str, Any]:
    """Returns what differs in the builtins of a program of Python 2, with the operations that it calls."""
    return {
        OPERATIONS: operations,
        "apply": lambda function, args=(), named=None: function(*args, **(named or {})),
        "basestring": (str, bytes),
        "buffer": memoryview,
        "cmp": operations.compare,
        "coerce": lambda a, b: (type(a + b)(a), type(a + b)(b)),
        "eval": _eval,
        "exec": _exec,
        "execfile": _execfile,
        "file": _File,
        "filter": _filter,
        "input": lambda prompt="": _eval(builtins.input(prompt), sys._getframe(1).f_globals),
        "intern": sys.intern,
        "long": int,
        "map": _map,
        "max": operations.extreme(max),
        "min": operations.extreme(min),
        "open": opened,
        "ord": lambda character: character if isinstance(character, int) else ord(character),
        "print": _print,
        "range": lambda *args: list(range(*args)),
        "raw_input": lambda prompt="": builtins.input(prompt),
        "reduce": functools.reduce,
        "reload": lambda module: module if module is sys else importlib.reload(module),
        "round": _round,
        "sorted": operations.sorted_,
        "unichr": chr,
        "unicode": _Unicode,
        "xrange": range,
        "zip": lambda *iterables: list(zip(*iterables)),
    }


def _map(function: Any, *iterables: Any) -> list:
    rows = list(itertools.zip_longest(*iterables))
    if function is None:
        return [row[0] for row in rows] if len(iterables) == 1 else rows
    return [function(*row) for row in rows]


def _filter(function: Any, iterable: Any) -> Any:
    kept = list(filter(function, iterable))
    if isinstance(iterable, str):
        return "".join(kept)
    return tuple(kept) if isinstance(iterable, tuple) else kept


def _round(number: Any, ndigits: int = 0) -> float:
    """Returns a float, and rounds halves away from zero."""
    number = float(number)
    if not abs(number) < 2**52:  # or no number, or infinite
        return round(number, ndigits)
    try:
        exact = decimal.Decimal(number).quantize(decimal.Decimal(1).scaleb(-ndigits), decimal.ROUND_HALF_UP)
    except decimal.InvalidOperation:  # more digits than it has
        return round(number, ndigits)
    return float(exact)


_after_comma: MutableMapping[Any, bool] = weakref.WeakKeyDictionary()  # files whose last print ended with a comma


def _print(
    *values: Any, sep: str = " ", end: str = "\n", file: Any = None, flush: bool = False, comma: bool = False
) -> None:
    """print: a float has twelve digits; after a comma at the end the next print begins with a space."""
    texts = [_text(value) for value in values]
    file = sys.stdout if file is None else file
    if _after_comma.pop(file, False) and texts:
        file.write(" ")
    builtins.print(*texts, sep=sep, end="" if comma else end, file=file, flush=flush)
    if comma and not (texts and texts[-1][-1:].isspace() and texts[-1][-1:] != " "):
        _after_comma[file] = True


def _text(value):
    if type(value) is float and math.isfinite(value):
        text = f"{value:.12g}"
        return text if set(text) & set(".e") else f"{text}.0"
    return str(value)


class _UnicodeType(type):
    def __instancecheck__(cls, value):
        return isinstance(value, str)

    def __subclasscheck__(cls, other):
        return issubclass(other, str)

    def __call__(cls, value="", encoding="utf-8", errors="strict"):
        return str(value, encoding, errors) if isinstance(value, (bytes, bytearray)) else str(value)


class _Unicode(str, metaclass=_UnicodeType):
    """unicode: the type of all text."""


# Files


class _Text(io.TextIOWrapper):
    """A file opened without "b", which takes bytes too."""

    def write(self, text):
        if isinstance(text, (bytes, bytearray)):
            self.flush()
            return self.buffer.write(text)
        return super().write(text)

    def next(self):
        return self.__next__()


class _Bytes(io.BufferedWriter):
    """A file opened to write with "b", which takes text too."""

    def write(self, data):
        return super().write(data.encode("utf-8") if isinstance(data, str) else data)


def opened(name: Any, mode: str = "r", buffering: int = -1, *args: Any, **named: Any) -> Any:
    """open(): text is read and written as UTF-8, and a file takes text and bytes whatever its mode."""
    if args or named:  # io.open, or codecs.open under that name
        return builtins.open(name, mode, buffering, *args, **named)
    mode = mode.replace("U", "").replace("t", "") or "r"
    if mode[:1] not in ("r", "w", "a"):
        mode = "r" + mode.replace("r", "")
    if "b" not in mode:
        return _Text(builtins.open(name, mode + "b"), encoding="utf-8", write_through=buffering == 0)
    if mode.replace("b", "") in ("w", "a"):
        return _Bytes(io.FileIO(name, mode.replace("b", "")))
    return builtins.open(name, mode)


class _File:
    """file(name, mode)"""

    def __new__(cls, *args: Any) -> Any:
        return opened(*args)


# Programs in programs


def _code(source: Any, mode: str) -> Any:
    if not isinstance(source, (str, bytes)):
        return source
    text = source if isinstance(source, str) else source.decode("utf-8")
    return compile(translated(text, "<string>", mode), "<string>", mode, dont_inherit=True)


def _spaces(frame: types.FrameType, globals: Any, locals: Any) -> Any:
    if globals is None:
        return frame.f_globals, frame.f_locals if locals is None else locals
    globals.setdefault("__builtins__", frame.f_globals["__builtins__"])
    return globals, globals if locals is None else locals


def _exec(source: Any, globals: Any = None, locals: Any = None) -> None:
    exec(_code(source, "exec"), *_spaces(sys._getframe(1), globals, locals))


def _eval(source: Any, globals: Any = None, locals: Any = None) -> Any:
    return eval(_code(source, "eval"), *_spaces(sys._getframe(1), globals, locals))


def _execfile(name: str, globals: Any = None, locals: Any = None) -> None:
    code: Callable = functools.partial(compile, translated(scan.read(name), name), os.path.abspath(name), "exec")
    exec(code(dont_inherit=True), *_spaces(sys._getframe(1), globals, locals))
