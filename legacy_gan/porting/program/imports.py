"""What the import statements of a program find: TensorFlow 1 as `tensorflow`, and what other packages have lost.

A program, and the modules of its own that it imports, see their own builtins, whose `__import__` serves
tensorflow, tensorflow.contrib and tensorflow.examples from legacy_gan.tf1. Nobody else's import changes:
TensorFlow and every installed package get what is installed.
"""

import builtins
import importlib
import importlib.machinery
import os
import site
import sysconfig
import types
from typing import Any, Callable, List, Optional

import tensorflow.compat.v1 as _v1

import legacy_gan
from legacy_gan.errors import CannotImport, NotServed
from legacy_gan.porting.program import removed_apis
from legacy_gan.tf1 import keras2, namespace, tf

__all__ = ["Imports", "ProgramLoader"]

# What legacy_gan.tf1 does not name is imported from the installed TensorFlow, if it is in these packages.
_INSTALLED = ("tensorflow.core.", "tensorflow.python.", "tensorflow.compat.v2", "tensorflow.tools.", "tensorflow.lite")


def _tensorflow_module(name: str) -> Any:
    """Returns what `tensorflow...` stands for in a program's import statement.

    Raises:
      CannotImport: for what is not served.
    """
    parts = namespace.usual_place("tf" + name[len("tensorflow") :]).split(".")[1:]
    found: Any = tf
    path = "tensorflow"
    for part in parts:
        path += f".{part}"
        try:
            found = getattr(found, part)
        except AttributeError as e:
            found = _installed(path)
            if found is None and isinstance(e, NotServed):
                raise CannotImport(e.symbol, e.instead) from None
            if found is None:
                raise CannotImport(path, "the installed TensorFlow has no such module") from None
    return found


def _installed(name: str) -> Optional[types.ModuleType]:
    """Returns a module of the installed TensorFlow, None if there is none or programs are not to see it."""
    if not name.startswith(_INSTALLED):
        return None
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


class Imports:
    """The import statement of a program, which is also a finder of sys.meta_path for its own modules.

    Attributes:
      builtins: module, the builtins that the program and its modules see.
      after_import: functions, each called after every import of the program.
    """

    def __init__(self):
        self.after_import: List[Callable[[], None]] = []
        self.builtins = types.ModuleType("builtins", builtins.__doc__)
        vars(self.builtins).update(vars(builtins), __import__=self._import, **removed_apis.program_builtins())
        names = ("stdlib", "platstdlib", "purelib", "platlib")
        folders = {sysconfig.get_path(name) for name in names}
        folders.update(getattr(site, "getsitepackages", list)())
        folders.add(os.path.dirname(os.path.abspath(legacy_gan.__file__)))
        self._installed = tuple(os.path.join(os.path.realpath(folder), "") for folder in folders if folder)

    def find_spec(self, name, path=None, target=None):
        """As sys.meta_path asks for: a module of the user's own gets the program's builtins."""
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec is None or type(spec.loader) is not importlib.machinery.SourceFileLoader:
            return None
        place = os.path.realpath(spec.origin)
        if place.startswith(self._installed) or {"site-packages", "dist-packages"} & set(place.split(os.sep)):
            return None
        spec.loader = ProgramLoader(spec.loader.name, spec.loader.path, self.builtins)
        return spec

    def _import(self, name, globals=None, locals=None, fromlist=(), level=0):
        """The program's __import__."""
        if level == 0 and name.split(".")[0] == "tensorflow":
            found = _tensorflow_module(name)
            for item in fromlist or ():
                if item != "*" and not hasattr(found, item):
                    found_item = _tensorflow_module(f"{name}.{item}")
                    setattr(found, item, found_item)
            return found if fromlist else tf
        if level == 0 and name == "builtins":
            return self.builtins
        if level == 0 and name.split(".")[0] == "keras" and self._has_no_keras_of_its_own():
            found = keras2.module(name)
            for item in fromlist or ():
                if item != "*" and not hasattr(found, item):
                    raise ImportError(f"cannot import name {item!r} from {name!r}")
            return found if fromlist else keras2.standalone()
        served = removed_apis.imported(name, fromlist) if level == 0 else None
        if served is None:
            served = builtins.__import__(name, globals, locals, fromlist, level)
        for function in self.after_import:
            function()
        return served

    def _has_no_keras_of_its_own(self):
        """Whether `keras` is the package: TensorFlow 1 is left alone, and a program's own folder of that name."""
        return not _v1.__version__.startswith("1.") and self.find_spec("keras") is None


class ProgramLoader(importlib.machinery.SourceFileLoader):
    """Loads a file of a program.

    Args:
      name: str, of the module. path: str, of the file. builtins: module, what the file sees as builtins.
    """

    def __init__(self, name: str, path: str, builtins: types.ModuleType):
        super().__init__(name, path)
        self.builtins = builtins

    def exec_module(self, module):
        vars(module)["__builtins__"] = self.builtins
        super().exec_module(module)

    def get_code(self, fullname):
        # What Python keeps of a module in __pycache__ is what other programs find there.
        if removed_apis.rewritten(self.get_data(self.path)) is None:
            return super().get_code(fullname)
        return self.compiled()

    def compiled(self):
        """Returns the code of its file."""
        source = self.get_data(self.path)
        tree = removed_apis.rewritten(source)
        return compile(source if tree is None else tree, self.path, "exec", dont_inherit=True)
