"""What `importlib` and `sys.modules` show a program: TensorFlow 1, as its import statements do."""

import ast
import collections.abc
import importlib
import sys
import types
from typing import Any, Callable, Iterator, Optional

from legacy_gan.errors import CannotImport, NotServed

__all__ = ["MODULES", "LoadedModules", "importlib_of", "rewritten"]

MODULES = "__program_modules__"  # what `sys.modules` is called in a program's code


class LoadedModules(collections.abc.MutableMapping):
    """sys.modules, with what the program's import statements find under TensorFlow's names.

    Args:
      find: a function of a module's name and a fromlist, the program's __import__.
    """

    def __init__(self, find: Callable[..., Any]):
        self._find = find

    def __getitem__(self, name: str) -> Any:
        if not _is_of_tensorflow(name):
            return sys.modules[name]
        try:
            return _module(self._find, name)
        except (CannotImport, ModuleNotFoundError):
            raise KeyError(name) from None

    def __setitem__(self, name: str, module: Any) -> None:
        _refuse(name)
        sys.modules[name] = module

    def __delitem__(self, name: str) -> None:
        _refuse(name)
        del sys.modules[name]

    def __iter__(self) -> Iterator[str]:
        return iter(list(sys.modules))

    def __len__(self) -> int:
        return len(sys.modules)

    def copy(self) -> dict:
        return dict(self)


def _is_of_tensorflow(name: Any) -> bool:
    return str(name).partition(".")[0] == "tensorflow"


def _module(find: Callable[..., Any], name: str) -> types.ModuleType:
    """Returns a module; what hangs at its place in TensorFlow, but is none, cannot be imported."""
    found = find(name, fromlist=("__name__",))
    if _is_of_tensorflow(name) and not isinstance(found, types.ModuleType):
        raise ModuleNotFoundError(f"No module named {name!r}; it is a name of the module before it", name=name)
    return found


def _refuse(name: str) -> None:
    if _is_of_tensorflow(name):
        raise NotServed(f"sys.modules[{name!r}] = ...", "leave the modules of TensorFlow as they are")


def rewritten(tree: ast.AST) -> Optional[ast.AST]:
    """Returns a program's tree with MODULES for every `sys.modules`, None where there is none."""
    change = _Rename()
    tree = change.visit(tree)
    return tree if change.found else None


class _Rename(ast.NodeTransformer):
    found = False

    def visit_Attribute(self, node):
        self.generic_visit(node)
        is_modules = node.attr == "modules" and isinstance(node.value, ast.Name) and node.value.id == "sys"
        if not is_modules or not isinstance(node.ctx, ast.Load):
            return node
        self.found = True
        return ast.copy_location(ast.Name(MODULES, ast.Load()), node)


def importlib_of(find: Callable[..., Any]) -> types.ModuleType:
    """Returns the module importlib of a program, whose import_module finds what its import statements find."""
    shown = _Importlib("importlib", importlib.__doc__)

    def import_module(name, package=None):
        if name.startswith("."):
            return importlib.import_module(name, package)
        return _module(find, name)

    def reload(module):
        served = sys.modules.get(getattr(module, "__name__", "")) is not module
        return module if served else importlib.reload(module)

    vars(shown).update(import_module=import_module, reload=reload)
    return shown


class _Importlib(types.ModuleType):
    def __getattr__(self, name):
        return getattr(importlib, name)
