"""Does something with a module as soon as it is loaded, and stands in for modules that are gone."""

import importlib.abc
import importlib.machinery
import sys
import types
from typing import Any, Callable, Dict, Optional

__all__ = ["FormerModule", "OnLoad"]


class FormerModule(types.ModuleType):
    """A module that is gone: its names are looked up where they stand today.

    Args:
      name: str, of the former module. today: str, of the module that has its names; names: those of its own.
    """

    def __init__(self, name: str, today: Optional[str], names: Dict[str, Any]):
        super().__init__(name)
        self.__path__: list = []
        self._today = today
        vars(self).update(names)

    def __getattr__(self, name):
        if name.startswith("__") or self._today is None:
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        return getattr(importlib.import_module(self._today), name)


class OnLoad:
    """A finder of sys.meta_path.

    Args:
      functions: module name to a function that is called with the module, once it is loaded.
      former: names of modules that are gone, to (where their names are today, names of their own).
    """

    def __init__(self, functions: Dict[str, Callable], former: Dict[str, Any]):
        self._functions, self._former = functions, former
        self._looking = False

    def install(self, first: bool) -> None:
        """Becomes the first finder, or the last one; what is loaded already is seen to at once."""
        finders: list = sys.meta_path
        finders.insert(0 if first else len(finders), self)
        for name, function in self._functions.items():
            if name in sys.modules:
                function(sys.modules[name])

    def find_spec(self, name, path=None, target=None):
        """As sys.meta_path asks for."""
        if self._looking or name not in self._functions and name not in self._former:
            return None
        self._looking = True
        try:
            spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        except ImportError:
            spec = None
        finally:
            self._looking = False
        if spec is None and name in self._former:
            return importlib.machinery.ModuleSpec(name, _FormerLoader(*self._former[name]), is_package=True)
        if spec is not None and name in self._functions and spec.loader is not None:
            _call_after(spec.loader, self._functions[name])
            return spec
        return None


class _FormerLoader(importlib.abc.Loader):
    def __init__(self, today, names):
        self._today, self._names = today, names

    def create_module(self, spec):
        return FormerModule(spec.name, self._today, self._names)

    def exec_module(self, module):
        if self._today is not None:
            importlib.import_module(self._today)  # where it is not installed, its absence is what is said


def _call_after(loader: Any, function: Callable) -> None:
    exec_module = loader.exec_module

    def execute(module):
        exec_module(module)
        function(module)

    loader.exec_module = execute
