"""What an import statement below `tensorflow` finds: for a program under `legacy-gan run`, and for one with the door.

`from legacy_gan.tf1 import tf` turns on the second: from then on `from tensorflow.contrib import rnn`, `import
tensorflow.contrib.slim as slim` and the rest of what tf serves at another place than today's TensorFlow are found by
the files of a person's own. Installed packages, and `import tensorflow` itself, find what is installed.
"""

import builtins
import functools
import importlib
import os
import site
import sysconfig
import types
from typing import Any, Optional, Tuple

import tensorflow.compat.v1 as _v1

from legacy_gan.errors import CannotImport, NotServed
from legacy_gan.tf1 import names, namespace

__all__ = ["folders_of_packages", "imported", "is_installed", "module", "turn_on"]

# What legacy_gan.tf1 does not name is imported from the installed TensorFlow, if it is in these packages.
_INSTALLED = ("tensorflow.core.", "tensorflow.python.", "tensorflow.compat.v2", "tensorflow.tools.", "tensorflow.lite")

# Whole packages that TensorFlow 2 has no longer.
_GONE = ("tensorflow.contrib", "tensorflow.examples", "tensorflow.models")


def module(name: str) -> Any:
    """Returns what `tensorflow...` stands for in a program's import statement.

    Raises:
      CannotImport: for what is not served.
    """
    parts = namespace.usual_place("tf" + name[len("tensorflow") :]).split(".")[1:]
    found: Any = namespace.tensorflow_1()
    path = "tensorflow"
    for part in parts:
        path += f".{part}"
        try:
            found = getattr(found, part)
        except AttributeError as e:
            found = _by_import_only(path) or _installed(path)
            if found is None and isinstance(e, NotServed):
                raise CannotImport(e.symbol, e.instead) from None
            if found is None:
                raise CannotImport(path, "the installed TensorFlow has no such module") from None
    return found


def imported(name: str, fromlist: Any) -> Any:
    """Returns what an import statement binds: `import name` all of TensorFlow 1, `from name import ...` the module.

    Raises:
      CannotImport: for what is not served.
    """
    found = module(name)
    for item in fromlist or ():
        if item != "*" and not hasattr(found, item):
            setattr(found, item, module(f"{name}.{item}"))
    return found if fromlist else namespace.tensorflow_1()


def _by_import_only(path: str) -> Any:
    """Returns tensorflow.examples and its like, None for the rest."""
    name = path[len("tensorflow.") :]
    return namespace.names_by_import_only().get(name)


def _installed(name: str) -> Optional[types.ModuleType]:
    """Returns a module of the installed TensorFlow, None if there is none or programs are not to see it."""
    if not name.startswith(_INSTALLED):
        return None
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


@functools.lru_cache(maxsize=None)
def folders_of_packages() -> Tuple[str, ...]:
    """Returns the folders of what is installed, the standard library and this package among them."""
    folders = {sysconfig.get_path(kind) for kind in ("stdlib", "platstdlib", "purelib", "platlib")}
    folders.update(getattr(site, "getsitepackages", list)())
    folders.add(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    return tuple(os.path.join(os.path.realpath(folder), "") for folder in folders if folder)


def is_installed(path: str) -> bool:
    """Whether a file is of an installed package, and not of a person's own program."""
    place = os.path.realpath(path)
    return place.startswith(folders_of_packages()) or bool(
        {"site-packages", "dist-packages"} & set(place.split(os.sep))
    )


# The door


def turn_on() -> None:
    """Lets the import statements of a person's own files find TensorFlow 1's modules, for the rest of the process."""
    of_python = builtins.__import__
    if _v1.__version__.startswith("1.") or hasattr(of_python, "finds_tensorflow_1"):
        return

    @functools.wraps(of_python)
    def find(name, globals=None, locals=None, fromlist=(), level=0):
        if level == 0 and name.startswith("tensorflow.") and _is_of_1(name, fromlist) and _is_own(globals):
            return imported(name, fromlist)
        return of_python(name, globals, locals, fromlist, level)

    find.finds_tensorflow_1 = True  # type: ignore[attr-defined]
    builtins.__import__ = find


def _is_of_1(name: str, fromlist: Any) -> bool:
    """Whether an import asks for what only TensorFlow 1 has there."""
    if f"{name}.".startswith(tuple(f"{gone}." for gone in _GONE)):
        return True
    asked = [name] + [f"{name}.{item}" for item in fromlist or ()]
    return any(f"{one}.".startswith(f"{place}.") for one in asked for place in _places_by_import())


@functools.lru_cache(maxsize=None)
def _places_by_import() -> Tuple[str, ...]:
    """Returns the inner modules of TensorFlow that names.SERVED has: tensorflow.python.ops.rnn_cell and others."""
    return tuple(place for place in names.SERVED if place.startswith("tensorflow.python."))


def _is_own(globals: Any) -> bool:
    """Whether the file with these globals is of a person's own."""
    path = (globals or {}).get("__file__")
    return path is None or not is_installed(path)
