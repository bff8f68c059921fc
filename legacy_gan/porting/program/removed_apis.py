"""Puts back what other packages have removed since: np.float, scipy.misc.imsave, time.clock, ...

Only `legacy-gan run` does so, in its own process; only the program sees NumPy as it was.
"""

import ast
import builtins
import importlib
import sys
from typing import Any, List, Optional, Sequence, Union

import numpy as np

from legacy_gan.errors import CannotImport
from legacy_gan.porting.program import former_places, graphics, scipy_misc, standard_library
from legacy_gan.porting.program.numpy1 import (
    arithmetic as numpy_arithmetic,
    functions as numpy_functions,
    names as numpy_names,
    notice as numpy_notice,
    source as numpy_source,
)
from legacy_gan.porting.program.on_load import OnLoad
from legacy_gan.tf1.namespace import LazyValue, Namespace

__all__ = ["RENAMED", "SERVED", "imported", "program_builtins", "put_back", "rewritten"]


def put_back() -> None:
    """Puts back what packages took out, for the rest of the process, and prints numbers as NumPy did."""
    if numpy_arithmetic.HAS_NEP50:  # those in lists without their type, until NumPy 1.26
        np.set_printoptions(legacy="1.25")
        numpy_functions.put_back_methods()
    standard_library.put_back()
    OnLoad({**graphics.FUNCTIONS, **former_places.FUNCTIONS}, {}).install(first=True)
    OnLoad({}, {**standard_library.GONE_MODULES, **former_places.FORMER_MODULES}).install(first=False)


def program_builtins() -> dict:
    """Returns what differs in the builtins that a program sees."""
    return dict(numpy_source.builtin_names(), open=standard_library.program_open(builtins.open))


def rewritten(source: Union[bytes, str, ast.AST], path: str) -> Optional[ast.AST]:
    """Returns a program as a tree whose operators are those of NumPy 1, None where nothing changes.

    What differs all the same with NumPy 2 is said on standard error: numpy1/notice.py.

    Args:
      source: the text of a file, or its tree. path: its name.
    """
    if not numpy_source.builtin_names():
        return None
    try:
        tree = source if isinstance(source, ast.AST) else ast.parse(source)
    except (SyntaxError, ValueError):  # compile() says so
        return None
    numpy_notice.say(tree, path)
    return numpy_source.transformed(tree)


# Modules


def imported(name: str, fromlist: Sequence[str]) -> Any:
    """Returns what the import of a removed module stands for, None for every other import.

    Args:
      name: of the module. fromlist: the names of `from name import ...`; empty for `import name`.
    Raises:
      CannotImport: for a module that has another name today.
    """
    if name.split(".")[0] == "numpy":
        return numpy_names.imported(name, fromlist)
    if name.split(".")[0] == "scipy":
        return _scipy(name, fromlist or ())
    for item in ("",) + tuple(fromlist or ()):
        path = f"{name}.{item}".rstrip(".")
        if path in RENAMED and not _is_there(name, item):
            raise CannotImport(path, f"import {RENAMED[path]}")
    return None


# Of packages that are installed; where they are not, their absence is what is said.
RENAMED = {
    "sklearn.datasets.fetch_mldata": "sklearn.datasets.fetch_openml",
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


_SPECIAL = ("comb", "factorial", "factorial2", "factorialk", "logsumexp")


def _misc():
    """Returns scipy.misc."""
    try:
        base = importlib.import_module("scipy.misc")
    except ImportError:
        base = None
    own = {name: getattr(scipy_misc, name) for name in scipy_misc.__all__}
    own["pilutil"] = Namespace("scipy.misc.pilutil", dict(own))
    for name in _SPECIAL:
        own[name] = LazyValue(_special, name)
    return Namespace("scipy.misc", own, base, {"": "SciPy took it out", "lena": "use scipy.datasets.face()"})


def _special(name):
    return getattr(importlib.import_module("scipy.special"), name)


# The names that are gone from their packages, and served.
SERVED: List[str] = ["numpy." + name for name in numpy_names.REMOVED if name not in ("bool", "lib", "long")]
SERVED += ["scipy.misc." + name for name in (*scipy_misc.__all__, *_SPECIAL)]
SERVED += standard_library.SERVED + former_places.SERVED
