"""NumPy's functions and methods as they were in 1.18, where today's take other arguments or give other results."""

import functools
import types
from typing import Any, Callable, Dict

import numpy as np

from legacy_gan.porting.program.numpy1 import arithmetic
from legacy_gan.porting.program.numpy1.arithmetic import HAS_NEP50, as_numpy_1
from legacy_gan.porting.program.standard_library import add_to_type

__all__ = ["OF_MODULES", "ON_INSTALLED", "everything", "put_back_methods", "replacement"]

_VERSION = tuple(int(part) for part in np.__version__.split(".")[:2])


def everything() -> types.SimpleNamespace:
    """Returns the functions that differ from those of the installed NumPy."""
    found: Dict[str, Any] = {}
    if _VERSION >= (1, 22):
        found.update((name, replacement(name)) for name in _REPLACEMENTS)
    if HAS_NEP50:
        for name, value in vars(np).items():
            if isinstance(value, np.ufunc) and value.nin > 1:
                found[name] = arithmetic.ufunc(value)
    return types.SimpleNamespace(**found)


def replacement(name: str) -> Callable:
    """Returns the function of that name as it was."""
    return _REPLACEMENTS[name](getattr(np, name))


# Each takes today's function and returns the former one.


def _array(function):
    """np.array and np.asarray: copy=False copies if it must; integers may be too large for their type, until 1.23;
    what has no shape is an array of objects, until 1.23."""

    @functools.wraps(function)
    def call(*args, **named):
        if HAS_NEP50 and named.get("copy", True) is not None and not named.get("copy", True):
            named["copy"] = None
        try:
            return function(*args, **named)
        except OverflowError:
            dtype = named.pop("dtype", args[1] if len(args) > 1 else None)
            if dtype is None or np.dtype(dtype).kind not in "iu":
                raise
            return arithmetic.wrapped_integers(function(args[0], **named), dtype)
        except (TypeError, ValueError) as e:
            if len(args) > 1 or named.get("dtype") is not None:
                # "setting an array element with a sequence": one of one element was a number
                if not isinstance(args[0], (list, tuple)) or "sequence" not in str(e):
                    raise
                return function(arithmetic.numbers(args[0]), *args[1:], **named)
            if "inhomogeneous" not in str(e):
                raise
        return function(*args, dtype=object, **named)

    return call


def _of_sequence(function):
    """np.vstack and its kin take a generator, until 1.21."""

    @functools.wraps(function)
    def call(arrays, *args, **named):
        return function(arrays if hasattr(arrays, "__getitem__") else list(arrays), *args, **named)

    return call


def _renamed(**names):
    """Arguments that have another name today; None for one that is gone."""

    def change(function):
        @functools.wraps(function)
        def call(*args, **named):
            for old, new in names.items():
                if old in named:
                    value = named.pop(old)
                    if new:
                        named[new] = value
            return function(*args, **named)

        return call

    return change


def _quantile(function):
    """np.percentile and its kin: method= was interpolation=; a quantile of float32 numbers is a float64."""

    @functools.wraps(function)
    def call(a, q, *args, **named):
        if "interpolation" in named:
            named["method"] = named.pop("interpolation")
        if np.ndim(q) == 0 and not args and getattr(a, "dtype", None) in (np.float16, np.float32):
            result = function(np.asarray(a, np.float64), q, **named)
            return result if np.ndim(result) == 0 else result.astype(a.dtype)
        return function(a, q, *args, **named)

    return call


def _histogram(function):
    """np.histogram(normed=True), until 1.23."""

    @functools.wraps(function)
    def call(a, bins=10, range=None, normed=None, weights=None, density=None):
        counts, edges = function(a, bins, range, density=density, weights=weights)
        if normed and density is None:
            counts = counts / (counts * np.diff(edges).astype(float)).sum()
        return counts, edges

    return call


def _fromstring(function):
    """np.fromstring(bytes), until 2.2."""

    @functools.wraps(function)
    def call(string, dtype=float, count=-1, sep="", **named):
        if sep:
            return function(string, dtype, count, sep=sep, **named)
        raw = string.encode("utf-8") if isinstance(string, str) else string
        size = np.dtype(dtype).itemsize
        if count < 0 and len(raw) % size:
            raise ValueError("string size must be a multiple of element size")
        return np.frombuffer(raw, dtype, count).copy() if len(raw) else np.empty(0, dtype)

    return call


def _unique(function):
    """np.unique(return_inverse=True) of any array gives one axis, until 1.26."""

    @functools.wraps(function)
    def call(ar, return_index=False, return_inverse=False, return_counts=False, axis=None, **named):
        found = function(ar, return_index, return_inverse, return_counts, axis, **named)
        if not return_inverse:
            return found
        place = 2 if return_index else 1
        return found[:place] + (found[place].reshape(-1),) + found[place + 1 :]

    return call


def _sum(function):
    """np.sum(generator) adds it up."""

    @functools.wraps(function)
    def call(a, *args, **named):
        if isinstance(a, types.GeneratorType):
            return arithmetic.total(a)
        return function(a, *args, **named)

    return call


def _where(function):
    @functools.wraps(function)
    def call(condition, *choices):
        if any(isinstance(choice, (list, tuple)) for choice in choices):
            choices = tuple(np.asarray(c) if isinstance(c, (list, tuple)) else c for c in choices)
        return function(condition, *as_numpy_1(choices))

    return call


def _clip(function):
    """np.clip(a, min, max): bounds decide on the type of the result as any scalar does."""

    @functools.wraps(function)
    def call(a, a_min=None, a_max=None, *args, **named):
        a = np.asarray(a) if isinstance(a, (list, tuple)) else a
        return function(*as_numpy_1((a, a_min, a_max)), *args, **named)

    return call


def _full(function):
    """np.full(shape, 300, np.uint8): the lowest bits."""

    @functools.wraps(function)
    def call(first, fill_value, dtype=None, *args, **named):
        try:
            return function(first, fill_value, dtype, *args, **named)
        except OverflowError:
            kind = first.dtype if dtype is None else dtype
        return function(first, arithmetic.wrapped_integers(fill_value, kind), dtype, *args, **named)

    return call


def _space(function):
    """np.linspace and its kin: a scalar of float32 is a number."""

    @functools.wraps(function)
    def call(start, stop, *args, **named):
        start, stop = [float(x) if isinstance(x, (np.float16, np.float32)) else x for x in (start, stop)]
        return function(start, stop, *args, **named)

    return call


def _cross(function):
    """np.cross of vectors with two elements, until 2.4."""

    @functools.wraps(function)
    def call(a, b, *args, **named):
        sizes = [np.shape(x)[-1:] for x in (a, b)]
        if args or named or (2,) not in sizes:
            return function(a, b, *args, **named)
        a, b = np.asarray(a), np.asarray(b)
        if sizes == [(2,), (2,)]:
            return a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0]
        a, b = [np.concatenate([x, np.zeros_like(x[..., :1])], -1) if x.shape[-1] == 2 else x for x in (a, b)]
        return function(a, b)

    return call


_REPLACEMENTS: Dict[str, Callable[[Callable], Callable]] = dict(
    array=_array,
    asarray=_array,
    asanyarray=_array,
    histogram=_histogram,
    histogram2d=_renamed(normed="density"),
    histogramdd=_renamed(normed="density"),
    corrcoef=_renamed(bias=None, ddof=None),
    array2string=_renamed(style=None),
    save=_renamed(fix_imports=None),
    cross=_cross,
    **dict.fromkeys(("vstack", "hstack", "dstack", "stack", "column_stack"), _of_sequence),
)
_REPLACEMENTS.update(dict.fromkeys(("percentile", "quantile", "nanpercentile", "nanquantile"), _quantile))
if HAS_NEP50:
    _REPLACEMENTS.update(
        clip=_clip,
        fromstring=_fromstring,
        full=_full,
        full_like=_full,
        geomspace=_space,
        linspace=_space,
        logspace=_space,
        reshape=_renamed(newshape="shape"),
        sum=_sum,
        unique=_unique,
        where=_where,
    )


# Functions of submodules


def _lstsq(a, b, rcond="warn"):
    """np.linalg.lstsq, whose rcond was -1 by default, until 1.26."""
    return np.linalg.lstsq(a, b, rcond=-1 if rcond == "warn" else rcond)


def _solve(a, b):
    """np.linalg.solve: with one axis less than a, b is vectors, until 1.26."""
    if np.ndim(b) == np.ndim(a) - 1:
        return np.linalg.solve(a, np.asarray(b)[..., None])[..., 0]
    return np.linalg.solve(a, b)


def _inner1d(a, b):
    """The inner products of the last axes."""
    return np.einsum("...i,...i->...", a, b)


_LINALG = dict(lstsq=_lstsq, solve=_solve, matrix_rank=_renamed(M="A")(np.linalg.matrix_rank))

# What a module of numpy has of these; an installed one has more.
ON_INSTALLED = ("numpy.linalg",)
OF_MODULES: Dict[str, Dict[str, Any]] = {
    "numpy.linalg": _LINALG,
    "numpy.linalg.linalg": _LINALG,
    "numpy.core.umath_tests": dict(inner1d=_inner1d),
    "numpy.compat": dict(long=int, unicode=str, basestring=str, integer_types=(int,), bytes=bytes),
}
OF_MODULES["numpy.compat.py3k"] = OF_MODULES["numpy.compat"]


# Methods


def _ptp(self, axis=None, out=None, keepdims=False):
    """The largest number less the smallest, along an axis."""
    return np.subtract(self.max(axis, keepdims=keepdims), self.min(axis, keepdims=keepdims), out=out)


def _newbyteorder(self, new_order="S"):
    """The same bytes, read in another order."""
    result = np.asarray(self).view(self.dtype.newbyteorder(new_order))
    return result if isinstance(self, np.ndarray) else result[()]


def _itemset(self, *args):
    """Sets one element, by its index, or by its place in the flat array."""
    if len(args) == 2 and not isinstance(args[0], tuple):
        self.flat[args[0]] = args[1]
    else:
        self[args[0] if len(args) == 2 else args[:-1]] = args[-1]


def _tostring(self, order="C"):
    """The bytes of its elements."""
    return self.tobytes(order)


def put_back_methods() -> None:
    """Gives arrays and scalars the methods that NumPy 2 took from them, for the whole process.

    Nobody's code that runs on NumPy 2 calls one of them.
    """
    for kind in (np.ndarray, np.generic):
        add_to_type(kind, itemset=_itemset, newbyteorder=_newbyteorder, ptp=_ptp, tostring=_tostring)
