"""Executes a program as the module __main__, and says what ended it."""

import importlib.machinery
import os
import sys
import types
from typing import Any, Callable, Iterable, Optional, Sequence, Tuple

from legacy_gan.errors import CannotImport, DataError, NotServed, TraceError
from legacy_gan.porting import python2
from legacy_gan.porting.program.imports import Imports, ProgramLoader

__all__ = ["Program"]


class Program:
    """Somebody's program: its file, its imports, and what is said where it fails.

    Args:
      path: of the file, as the user named it.
      after_import: functions, each called after every import of the program.
    """

    def __init__(self, path: str, after_import: Iterable[Callable[[], None]] = ()):
        self._path = path
        self._folder = os.path.dirname(os.path.realpath(path))
        self._imports = Imports()
        self._imports.after_import += after_import

    def execute(self, args: Sequence[str]) -> None:
        """Executes it as the module __main__, with its arguments and its folder first in sys.path."""
        main = types.ModuleType("__main__")
        path = os.path.abspath(self._path) if sys.version_info >= (3, 9) else self._path
        loader = ProgramLoader("__main__", path, self._imports.builtins)
        vars(main).update(__file__=path, __builtins__=loader.builtins, __cached__=None, __loader__=loader)
        self._replaced_main = sys.modules["__main__"]  # ours; it stays alive
        sys.modules["__main__"] = main
        sys.argv[:] = [self._path] + list(args)
        if not getattr(sys.flags, "safe_path", False):  # python -P
            sys.path[0] = self._folder
        finders = sys.meta_path
        finders.insert(finders.index(importlib.machinery.PathFinder), self._imports)
        exec(loader.compiled(), vars(main))

    def report(self, kind: type, error: BaseException, trace: Any) -> int:
        """Says what ended the program, on standard error.

        Returns:
          the exit status: 2 for what is not served, in one line; else 1, with the traceback.
        """
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
        sys.excepthook(kind, error, error.__traceback__)
        hint = python2.hint(error)
        if hint:
            sys.stderr.write(f"legacy-gan: {hint}; `legacy-gan check {self._path}` lists it all\n")
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
    for name in ("runner", "execution", "imports", "limits", "figures", "process")
}


def _without_ours(trace: Optional[types.TracebackType]) -> Optional[types.TracebackType]:
    """Returns a traceback without this package's frames and the import system's."""
    if trace is None:
        return None
    rest = _without_ours(trace.tb_next)
    name = trace.tb_frame.f_code.co_filename
    if name in _HIDDEN_FILES or name.startswith("<frozen importlib"):
        return rest
    return types.TracebackType(rest, trace.tb_frame, trace.tb_lasti, trace.tb_lineno)
