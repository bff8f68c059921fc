"""Executes a program as the module __main__, and says what ended it."""

import importlib.machinery
import importlib.util
import os
import re
import sys
import traceback
import types
from typing import Any, Callable, Iterable, List, Optional, Sequence, Tuple

from legacy_gan.errors import CannotImport, CannotRun, DataError, NotServed, TraceError, Unreadable
from legacy_gan.porting import program_reader, python2, scan
from legacy_gan.porting.finding import PYTHON_2
from legacy_gan.porting.program.imports import Imports
from legacy_gan.tf1 import import_statements

__all__ = ["Program"]


class Program:
    """Somebody's program: its file or module, its imports, and what is said where it fails.

    Args:
      path: of the file, as the user named it; with `is_module` the name of a module, as `python -m` takes it.
      after_import: functions, each called after every import of the program.
      is_module: bool. also, is_python_2: as for Imports.
    """

    def __init__(
        self,
        path: str,
        after_import: Iterable[Callable[[], None]] = (),
        is_module: bool = False,
        also: Sequence[str] = (),
        is_python_2: bool = False,
    ):
        self._path, self._is_module, self._is_python_2 = path, is_module, is_python_2
        self._also = set(also)
        self._future: List[str] = []  # what earlier parts of it imported from __future__, of a notebook
        self._imports = Imports(also, is_python_2)
        self._imports.after_import += after_import

    def execute(self, args: Sequence[str]) -> None:
        """Executes it as the module __main__, with its arguments, as `python path args...` or `python -m` does.

        Raises:
          CannotRun: if there is no such module.
        """
        finders = sys.meta_path
        finders.insert(finders.index(importlib.machinery.PathFinder), self._imports)
        main = types.ModuleType("__main__")
        if self._is_module:
            sys.argv[:] = ["-m"] + list(args)  # what the packages around it see when they are imported
            self._put_first(os.getcwd())
            spec = _module_spec(self._path)
            self._path = path = spec.origin
            vars(main).update(__spec__=spec, __package__=spec.parent, __cached__=spec.cached)
        else:
            self._put_first(os.path.dirname(os.path.realpath(self._path)))
            path = os.path.abspath(self._path) if sys.version_info >= (3, 9) else self._path
            vars(main).update(__cached__=None)
        loader = self._imports.loader("__main__", path)
        vars(main).update(__file__=path, __builtins__=loader.builtins, __loader__=loader)
        self._replaced_main = sys.modules["__main__"]  # ours; it stays alive
        sys.modules["__main__"] = main
        sys.argv[:] = [self._path] + list(args)
        self._run(main, loader)

    def _run(self, main: types.ModuleType, loader: Any) -> None:
        exec(loader.compiled(), vars(main))

    def save(self) -> None:
        """Saves what is to be kept of it when it has ended: nothing, of a file."""

    @staticmethod
    def _put_first(folder: str) -> None:
        if not getattr(sys.flags, "safe_path", False):  # python -P
            sys.path[0] = folder

    def report(self, kind: type, error: BaseException, trace: Any) -> int:
        """Says what ended the program, on standard error.

        Returns:
          the exit status: 2 for what is not served, in one line; else 1, with the traceback.
        """
        if isinstance(error, (CannotRun, Unreadable)):
            sys.stderr.write(f"legacy-gan: {error}\n")
            return error.status
        if isinstance(error, (NotServed, CannotImport, DataError, TraceError)):
            where = "{}:{}: ".format(*self._line(trace))
            sys.stderr.write(f"legacy-gan: {where}{' '.join(str(error).split())}\n")
            return error.status
        seen = set()
        link: Optional[BaseException] = error
        while link is not None and id(link) not in seen:
            seen.add(id(link))
            link.__traceback__ = _without_ours(link.__traceback__)
            link = link.__cause__ or link.__context__
        if sys.excepthook is sys.__excepthook__:  # which until Python 3.13 finds no line of a notebook's cell
            traceback.print_exception(kind, error, error.__traceback__)
        else:
            sys.excepthook(kind, error, error.__traceback__)
        package = _package_of_tensorflow_1(error)
        if package and package not in self._also:
            sys.stderr.write(
                f"legacy-gan: {package} is installed and sees today's TensorFlow; if it was written for TensorFlow 1, "
                f"`legacy-gan run --also {package}` gives it what the program sees\n"
            )
        hint = None if self._is_python_2 else _hint(error, self._future)
        if hint:
            sys.stderr.write(
                f"legacy-gan: {hint}: `legacy-gan run --python2` runs it; `legacy-gan check {self._path}` lists all\n"
            )
        return 1

    def _line(self, trace: Any) -> Tuple[str, int]:
        """Returns the file and the line of the program's last call."""
        place = (self._path, 0)
        while trace is not None:
            if trace.tb_frame.f_globals.get("__builtins__") is self._imports.builtins:
                place = (trace.tb_frame.f_code.co_filename, trace.tb_lineno)
            trace = trace.tb_next
        main = os.path.realpath(place[0]) == os.path.realpath(self._path)
        return self._path if main else place[0], place[1]


# The files of this package whose frames a traceback of the program does not show.
_HIDDEN_FILES = {
    os.path.join(os.path.dirname(__file__), f"{name}.py")
    for name in ("runner", "execution", "imports", "limits", "loaded_modules", "figures", "notebook", "process")
}
_HIDDEN_FILES.add(import_statements.__file__)
_HIDDEN_FOLDERS = tuple(os.path.join(os.path.dirname(__file__), name, "") for name in ("numpy1", "python2"))


def _module_spec(name: str) -> importlib.machinery.ModuleSpec:
    """Returns the spec of the module that `python -m name` executes; the packages around it are imported.

    Raises:
      CannotRun: if there is no such module, or none of Python source.
    """
    for module in (name, f"{name}.__main__"):
        try:
            spec = None if module.startswith(".") else importlib.util.find_spec(module)
        except ModuleNotFoundError as e:
            if e.name is None or not f"{module}.".startswith(f"{e.name}."):
                raise  # a package around it imports what is not there
            spec = None
        except ValueError:  # a name like ..a
            spec = None
        if spec is None:
            about = " (a package, which needs a __main__)" if module != name else ""
            advice = "name it as in python -m: package.module, without .py, from the folder that holds the package"
            raise CannotRun(f"expected a module, got {module!r}{about}: there is none in {os.getcwd()}; {advice}")
        if spec.submodule_search_locations is None:
            break
    if not isinstance(spec.loader, importlib.machinery.SourceFileLoader):
        raise CannotRun(f"expected a module of Python source, got {name!r}; name one that has a file")
    return spec


def _package_of_tensorflow_1(error: BaseException) -> Optional[str]:
    """Returns the installed package that asks today's TensorFlow for what it has not, None for another exception."""
    asked = (
        r"module '(tensorflow|keras)\S*' has no attribute|No module named '(tensorflow|keras)|from '(tensorflow|keras)"
    )
    if not re.search(asked, str(error)):
        return None
    found = None
    trace = error.__traceback__
    while trace is not None:
        parts = trace.tb_frame.f_code.co_filename.replace(os.sep, "/").split("/")
        for folder in ("site-packages", "dist-packages"):
            if folder in parts[:-1]:
                found = parts[parts.index(folder) + 1].partition(".")[0]
        trace = trace.tb_next
    return None if found in (None, "tensorflow", "tensorflow_core", "keras", "tf_keras") else found


def _hint(error: BaseException, future: Iterable[str] = ()) -> Optional[str]:
    """Returns a line on an exception of a program that is written for Python 2, None for any other exception.

    Args:
      future: what holds of __future__ where it was raised, in a cell of a notebook.
    """
    if not isinstance(error, SyntaxError):
        return python2.hint(error)
    try:
        found = program_reader.findings(scan.read(error.filename or ""))
    except Unreadable:  # a cell of a notebook
        before = "".join(f"from __future__ import {feature}\n" for feature in future)
        found = program_reader.findings(before + (error.text or ""))
    is_python_2 = any(finding.kind == PYTHON_2 for finding in found)
    return "the program is of Python 2" if is_python_2 else None


def _without_ours(trace: Optional[types.TracebackType]) -> Optional[types.TracebackType]:
    """Returns a traceback without this package's frames and the import system's."""
    if trace is None:
        return None
    rest = _without_ours(trace.tb_next)
    name = trace.tb_frame.f_code.co_filename
    if name in _HIDDEN_FILES or name.startswith(_HIDDEN_FOLDERS) or name.startswith("<frozen importlib"):
        return rest
    return types.TracebackType(rest, trace.tb_frame, trace.tb_lasti, trace.tb_lineno)
