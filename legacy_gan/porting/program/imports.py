"""What the import statements of a program find: TensorFlow 1 as `tensorflow`, and what other packages have lost.

A program, and the modules of its own that it imports, see their own builtins, whose `__import__` serves
tensorflow, tensorflow.contrib and tensorflow.examples from legacy_gan.tf1. Nobody else's import changes:
TensorFlow and every installed package get what is installed.
"""

import ast
import builtins
import importlib
import importlib.machinery
import sys
import types
from typing import Callable, Iterable, List, Optional, Sequence

import tensorflow.compat.v1 as _v1

from legacy_gan.porting import scan
from legacy_gan.porting.program import loaded_modules, removed_apis
from legacy_gan.porting.program.python2 import modules, names, translation
from legacy_gan.tf1 import import_statements, keras2

__all__ = ["Imports", "ProgramLoader"]


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
        self._importlib = loaded_modules.importlib_of(self._import)
        setattr(self.builtins, loaded_modules.MODULES, loaded_modules.LoadedModules(self._import))

    def find_spec(self, name, path=None, target=None):
        """As sys.meta_path asks for: a module of the user's own gets the program's builtins."""
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec is None or type(spec.loader) is not importlib.machinery.SourceFileLoader:
            return None
        is_also = name.split(".")[0] in self._also
        if not is_also and import_statements.is_installed(spec.origin):
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
            return import_statements.imported(name, fromlist)
        if level == 0 and name == "builtins":
            return self.builtins
        if level == 0 and name.split(".")[0] == "importlib" and (name == "importlib" or not fromlist):
            importlib.import_module(name)
            return self._importlib
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
    tree: Optional[ast.AST] = translation.translated(text, path, future=future) if is_python_2 else None
    tree = removed_apis.rewritten(source if tree is None else tree, path) or tree
    if "sys.modules" in text:
        try:
            tree = loaded_modules.rewritten(ast.parse(source) if tree is None else tree) or tree
        except (SyntaxError, ValueError):  # compile() says so
            pass
    return tree
