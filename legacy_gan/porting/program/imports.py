"""What the import statements of a program find: TensorFlow 1 as `tensorflow`, and what other packages have lost.

A program, and the modules of its own that it imports, see their own builtins, whose `__import__` serves
tensorflow, tensorflow.contrib and tensorflow.examples from legacy_gan.tf1. Nobody else's import changes:
TensorFlow and every installed package get what is installed.
"""

import ast
import builtins
import importlib
import importlib.machinery
import os
import site
import sys
import sysconfig
import types
from typing import Any, Callable, Iterable, List, Optional, Sequence, Tuple

import tensorflow.compat.v1 as _v1

import legacy_gan
from legacy_gan.errors import CannotImport, NotServed
from legacy_gan.porting import scan
from legacy_gan.porting.program import removed_apis
from legacy_gan.porting.program.python2 import modules, names, translation
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

    Args:
      also: names of installed packages that see what the program sees.
      is_python_2: whether the program and its modules are of Python 2.
    Attributes:
      builtins: module, the builtins that the program and its modules see.
      after_import: functions, each called after every import of the program.
    """

    def __init__(self, also: Sequence[str] = (), is_python_2: bool = False):
        self._also, self._is_python_2 = set(also), is_python_2
        self.after_import: List[Callable[[], None]] = []
        self.builtins = types.ModuleType("builtins", builtins.__doc__)
        vars(self.builtins).update(vars(builtins), __import__=self._import, **removed_apis.program_builtins())
        if is_python_2:
            modules.put_back()
            vars(self.builtins).update(names.builtins_of_python_2())
        kinds = ("stdlib", "platstdlib", "purelib", "platlib")
        folders = {sysconfig.get_path(kind) for kind in kinds}
        folders.update(getattr(site, "getsitepackages", list)())
        folders.add(os.path.dirname(os.path.abspath(legacy_gan.__file__)))
        self._installed = tuple(os.path.join(os.path.realpath(folder), "") for folder in folders if folder)

    def find_spec(self, name, path=None, target=None):
        """As sys.meta_path asks for: a module of the user's own gets the program's builtins."""
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec is None or type(spec.loader) is not importlib.machinery.SourceFileLoader:
            return None
        is_also = name.split(".")[0] in self._also
        if not is_also and _is_installed(spec.origin, self._installed):
            return None
        spec.loader = self.loader(spec.loader.name, spec.loader.path, self._is_python_2 and not is_also)
        return spec

    def loader(self, name: str, path: str, is_python_2: Optional[bool] = None) -> "ProgramLoader":
        """Returns what loads a file of the program; `is_python_2` where it is not as the program is."""
        is_python_2 = self._is_python_2 if is_python_2 is None else is_python_2
        return ProgramLoader(name, path, self.builtins, is_python_2)

    def _import(self, name, globals=None, locals=None, fromlist=(), level=0):
        """The program's __import__."""
        if level == 0 and self._is_python_2:
            if self._is_beside(name, globals):
                level = 1
            elif modules.module(name) is not None and self.find_spec(name) is None:
                return self.builtins if name == "__builtin__" else modules.module(name)
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

    def _is_beside(self, name, globals):
        """Whether an import of Python 2 finds a module in the folder of the one that imports."""
        package = (globals or {}).get("__package__")
        if not package or (globals or {}).get("absolute_import"):  # the __future__'s
            return False
        folder = getattr(sys.modules.get(package), "__path__", None)
        return bool(folder) and importlib.machinery.PathFinder.find_spec(name.split(".")[0], list(folder)) is not None

    def _has_no_keras_of_its_own(self):
        """Whether `keras` is the package: TensorFlow 1 is left alone, and a program's own folder of that name."""
        return not _v1.__version__.startswith("1.") and self.find_spec("keras") is None


def _is_installed(path: str, folders: Tuple[str, ...]) -> bool:
    place = os.path.realpath(path)
    return place.startswith(folders) or bool({"site-packages", "dist-packages"} & set(place.split(os.sep)))


class ProgramLoader(importlib.machinery.SourceFileLoader):
    """Loads a file of a program.

    Args:
      name: str, of the module. path: str, of the file. builtins: module, what the file sees as builtins.
      is_python_2: whether it is translated from Python 2.
    """

    def __init__(self, name: str, path: str, builtins: types.ModuleType, is_python_2: bool = False):
        super().__init__(name, path)
        self.builtins, self._is_python_2 = builtins, is_python_2

    def exec_module(self, module):
        vars(module)["__builtins__"] = self.builtins
        super().exec_module(module)

    def get_code(self, fullname):
        # What Python keeps of a module in __pycache__ is what other programs find there.
        source = self.get_data(self.path)
        tree = source_tree(source, self.path, self._is_python_2)
        if tree is None:
            return super().get_code(fullname)
        return compile(tree, self.path, "exec", dont_inherit=True)

    def compiled(self):
        """Returns the code of its file."""
        source = self.get_data(self.path)
        tree = source_tree(source, self.path, self._is_python_2)
        return compile(source if tree is None else tree, self.path, "exec", dont_inherit=True)


def source_tree(source: bytes, path: str, is_python_2: bool = False, future: Iterable[str] = ()) -> Optional[ast.AST]:
    """Returns the tree of a file in the program's place, None where Python's own parser makes the same of it.

    Args:
      future: what holds in it of Python 2's __future__, besides what it imports.
    Raises:
      Unreadable: if it is no text in the encoding that its first lines name.
      SyntaxError: if it is not Python 2 where it should be.
    """
    text = scan.decoded(source, path)
    if is_python_2:
        tree = translation.translated(text, path, future=future)
        return removed_apis.rewritten(tree, path) or tree
    return removed_apis.rewritten(source, path)
