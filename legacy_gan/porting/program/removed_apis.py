"""Puts back what other packages have removed since: np.float, scipy.misc.imsave, time.clock, ...

Only `legacy-gan run` does so, in its own process; only the program sees NumPy as it was.
"""

import ast
import builtins
import collections
import collections.abc
import fractions
import functools
import importlib
import inspect
import math
import sys
import time
import types
from typing import Any, Optional, Sequence

import numpy as np

from legacy_gan.errors import CannotImport
from legacy_gan.tf1.namespace import LazyValue, Namespace

__all__ = ["REMOVED_FROM_NUMPY", "RENAMED", "after_import", "imported", "put_back", "rewritten"]


def put_back() -> None:
    """Puts back what the standard library took out, and prints numbers as NumPy did."""
    if np.__version__.startswith("2."):  # those in lists without their type, until NumPy 1.26
        np.set_printoptions(legacy="1.25")
    for package, name, value in (
        (time, "clock", time.process_time),  # until Python 3.7: seconds of this process
        (fractions, "gcd", math.gcd),  # until 3.8
        (inspect, "getargspec", _getargspec),
    ):  # until 3.10
        if not hasattr(package, name):
            setattr(package, name, value)
    for name in collections.abc.__all__:  # until 3.9
        if not hasattr(collections, name):
            setattr(collections, name, getattr(collections.abc, name))


_ArgSpec = collections.namedtuple("ArgSpec", "args varargs keywords defaults")


def _getargspec(func):
    return _ArgSpec(*inspect.getfullargspec(func)[:4])


def rewritten(source: bytes) -> Optional[ast.AST]:
    """Returns a program as a tree that says x.tobytes() for x.tostring(), None where nothing changes.

    Args:
      source: the text of a file.
    """
    if hasattr(np.ndarray, "tostring") or b".tostring()" not in source:  # until NumPy 2.2
        return None
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and not node.args
            and not node.keywords
            and (isinstance(node.func, ast.Attribute) and node.func.attr == "tostring")
        ):
            node.func.attr = "tobytes"
    return tree


# NumPy


def _ragged(function):
    """Returns np.array or np.asarray that makes an array of objects of what has no shape, until 1.23."""

    @functools.wraps(function)
    def call(*args, **named):
        try:
            return function(*args, **named)
        except ValueError as e:
            if "inhomogeneous" not in str(e) or len(args) > 1 or "dtype" in named:
                raise
        return function(*args, dtype=object, **named)

    return call


def _numpy():
    """Returns the numpy that a program imports: NumPy, with what it removed."""
    mine = vars(_program_numpy)
    if "array" not in mine:
        mine.update(array=_ragged(np.array), asarray=_ragged(np.asarray), __name__="numpy", __doc__=np.__doc__)
        for name in ("__spec__", "__loader__", "__package__"):
            mine.pop(name, None)
    mine.setdefault("lib", REMOVED_FROM_NUMPY["lib"])
    for known in (vars(np), REMOVED_FROM_NUMPY):  # again every time: a submodule comes with its import
        for name, value in known.items():
            mine.setdefault(name, value)
    return _program_numpy


def _numpy_lib():
    """Returns numpy.lib with the functions of NumPy that it named too, until 1.26: np.lib.pad."""
    mine = types.ModuleType("numpy.lib")
    vars(mine).update({name: getattr(np, name) for name in np.__all__ if callable(getattr(np, name))})
    vars(mine).update({name: value for name, value in vars(np.lib).items() if not name.startswith("__")})
    return mine


_program_numpy = types.ModuleType("numpy")

# What a name of NumPy was at last; the types of Python among them until 1.23.
REMOVED_FROM_NUMPY = dict(
    Inf=np.inf,
    Infinity=np.inf,
    NAN=np.nan,
    NINF=-np.inf,
    NZERO=-0.0,
    NaN=np.nan,
    PINF=np.inf,
    PZERO=0.0,
    alltrue=np.all,
    asfarray=lambda a, dtype=np.float64: np.asarray(a, dtype),
    asscalar=lambda a: a.item(),
    bool=bool,
    bool8=np.bool_,
    cfloat=np.complex128,
    complex=complex,
    complex_=np.complex128,
    cumproduct=np.cumprod,
    float=float,
    float_=np.float64,
    in1d=lambda ar1, ar2, assume_unique=False, invert=False: np.isin(
        ar1, ar2, assume_unique=assume_unique, invert=invert
    ).ravel(),
    infty=np.inf,
    int=int,
    int0=np.intp,
    issubclass_=issubclass,
    lib=_numpy_lib(),
    long=int,
    longfloat=np.longdouble,
    mat=np.asmatrix,
    msort=lambda a: np.sort(a, axis=0),
    object=object,
    product=np.prod,
    rank=np.ndim,
    round_=np.round,
    row_stack=np.vstack,
    sometrue=np.any,
    str=str,
    string_=np.bytes_,
    trapz=lambda *args, **named: np.trapezoid(*args, **named),
    unicode=str,
    unicode_=np.str_,
)


# Modules


def imported(name: str, fromlist: Sequence[str]) -> Any:
    """Returns what the import of a removed module stands for, None for every other import.

    Args:
      name: of the module. fromlist: the names of `from name import ...`; empty for `import name`.
    Raises:
      CannotImport: for a module that has another name today.
    """
    if name == "numpy" or name.startswith("numpy.") and not fromlist:
        builtins.__import__(name)
        return _numpy()
    if name.split(".")[0] == "scipy":
        return _scipy(name, fromlist or ())
    for item in ("",) + tuple(fromlist or ()):
        path = f"{name}.{item}".rstrip(".")
        if path in RENAMED and not _is_there(name, item):
            raise CannotImport(path, f"import {RENAMED[path]}")
    return None


# Of packages that are installed; where they are not, their absence is what is said.
RENAMED = {
    "sklearn.cross_validation": "sklearn.model_selection",
    "sklearn.grid_search": "sklearn.model_selection",
    "sklearn.learning_curve": "sklearn.model_selection",
    "sklearn.externals.joblib": "joblib",
    "sklearn.datasets.fetch_mldata": "sklearn.datasets.fetch_openml",
    "sklearn.preprocessing.Imputer": "sklearn.impute.SimpleImputer",
    "matplotlib.finance": "mplfinance",
    "pandas.io.data": "pandas_datareader",
}


def _is_there(name, item):
    try:
        found = importlib.import_module(name)
    except ImportError as e:
        return e.name == name.split(".")[0]
    return not item or hasattr(found, item)


def _scipy(name, fromlist):
    """Puts scipy.misc back into SciPy, for whoever asks for it by name; see `imported`."""
    try:
        package = builtins.__import__("scipy")
    except ImportError:
        if name.split(".")[:2] != ["scipy", "misc"] and (name != "scipy" or set(fromlist) - {"misc"}):
            return None
        package = sys.modules.get("legacy_gan.tf1.scipy") or Namespace(
            "scipy", {}, advice={"": "it needs SciPy: pip install scipy"}
        )
        sys.modules["legacy_gan.tf1.scipy"] = package
    if not isinstance(vars(package).get("misc"), Namespace):
        package.misc = _misc()
    if name in ("scipy.misc", "scipy.misc.pilutil") and fromlist:
        return package.misc
    if isinstance(package, Namespace) or name.startswith("scipy.misc"):
        return package
    return None


def _misc():
    """Returns scipy.misc."""
    try:
        base = importlib.import_module("scipy.misc")
    except ImportError:
        base = None
    scipy_misc = importlib.import_module("legacy_gan.porting.program.scipy_misc")
    own = {name: getattr(scipy_misc, name) for name in scipy_misc.__all__}
    own["pilutil"] = Namespace("scipy.misc.pilutil", dict(own))
    for name in ("comb", "factorial", "factorial2", "factorialk", "logsumexp"):
        own[name] = LazyValue(_special, name)
    return Namespace("scipy.misc", own, base, {"": "SciPy took it out", "lena": "use scipy.datasets.face()"})


def _special(name):
    return getattr(importlib.import_module("scipy.special"), name)


def after_import() -> None:
    """Puts back what Pillow and matplotlib removed, once they are loaded."""
    image: Any = sys.modules.get("PIL.Image")
    if image is not None and not hasattr(image, "ANTIALIAS"):  # until Pillow 9
        image.ANTIALIAS = image.LANCZOS
    pyplot: Any = sys.modules.get("matplotlib.pyplot")
    if pyplot is not None and not hasattr(pyplot, "hold"):  # until matplotlib 2
        pyplot.hold = pyplot.ishold = lambda b=None: None
        if not hasattr(pyplot.cm, "get_cmap"):  # until 3.8
            pyplot.cm.get_cmap = pyplot.get_cmap
        styles = pyplot.style.library
        for name in list(styles):
            if name.startswith("seaborn-v0_8"):  # until 3.5
                styles.setdefault(name.replace("-v0_8", ""), styles[name])
