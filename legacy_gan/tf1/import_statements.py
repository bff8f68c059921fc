"""What an import statement below `tensorflow` finds: for a program under `legacy-gan run`, and for one with tf1.tf.

`from legacy_gan.tf1 import tf` turns on the second: from then on the files of a person's own find what tf serves and
today's TensorFlow does not have at its place: `from tensorflow.contrib import rnn`, `import tensorflow.contrib.slim as
slim`, `from tensorflow import placeholder`. Installed packages, and `import tensorflow` itself, find what is installed.
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
            is_of_keras = path.startswith("tensorflow.keras.") and not _v1.__version__.startswith("1.")
            if found is None and not is_of_keras and _installed(name) is not None:  # today's has a remainder of Keras
                return _installed(name)
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
    try:
        found = module(name)
    except CannotImport:
        if not fromlist or any(f"tf{name[len('tensorflow') :]}.{item}" not in names.INNER_PLACES for item in fromlist):
            raise
        found = types.ModuleType(name)  # a folder of TensorFlow 1 of which only modules are served
    for item in fromlist or ():
        if item != "*" and not hasattr(found, item):
            setattr(found, item, module(f"{name}.{item}"))
    if fromlist:
        return found
    _hang(name, found)
    return namespace.tensorflow_1()


def _hang(name: str, found: Any) -> None:
    """Hangs a module where its name has it, for `import a.b.c as module`, which takes it off a.b."""
    holder: Any = namespace.tensorflow_1()
    parts = name.split(".")[1:]
    path = "tensorflow"
    for part in parts:
        path += f".{part}"
        if not hasattr(holder, part):
            try:
                below = found if path == name else module(path)
            except CannotImport:
                below = types.ModuleType(path)
            setattr(holder, part, below)
        holder = getattr(holder, part)


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


# With `from legacy_gan.tf1 import tf`


def turn_on() -> None:
    """Lets the import statements of a person's own files find TensorFlow 1's modules, for the rest of the process."""
    of_python = builtins.__import__
    if _v1.__version__.startswith("1.") or hasattr(of_python, "finds_tensorflow_1"):
        return

    @functools.wraps(of_python)
    def find(name, globals=None, locals=None, fromlist=(), level=0):
        if level or name.split(".")[0] != "tensorflow" or not _is_own(globals):
            return of_python(name, globals, locals, fromlist, level)
        if _is_of_1(name, fromlist):
            return imported(name, fromlist)
        try:
            found = of_python(name, globals, locals, fromlist, level)
        except ModuleNotFoundError as e:
            if e.name is None or not f"{name}.".startswith(f"{e.name}."):
                raise
            return imported(name, fromlist)
        lacks = any(item != "*" and not hasattr(found, item) for item in fromlist or ())
        return imported(name, fromlist) if lacks else found

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
    places = [place for place in names.SERVED if place.startswith("tensorflow.python.")]
    inner = [place.replace("tf.", "tensorflow.", 1) for place in names.INNER_PLACES if place.startswith("tf.python.")]
    return tuple(places + inner)


def _is_own(globals: Any) -> bool:
    """Whether the file with these globals is of a person's own."""
    path = (globals or {}).get("__file__")
    return path is None or not is_installed(path)
