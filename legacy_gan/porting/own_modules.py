"""The files of a program: what its imports find beside it or on sys.path, and which files of a folder are programs."""

import ast
import os
from typing import Dict, Iterable, Iterator, List, Optional, Sequence, Tuple

from legacy_gan.errors import Unreadable
from legacy_gan.porting import notebooks, scan
from legacy_gan.porting.program_reader import ProgramReader

__all__ = ["OwnModules", "SourceFile", "files_below"]

# What an import of these finds is never a file of the program, whatever stands beside it.
_NEVER_OWN = ("tensorflow", "numpy")
_NO_SOURCE = ("__pycache__", "node_modules", "site-packages", "dist-packages")


class SourceFile:
    """A file of a program, read.

    Attributes:
      path: as it was named.
      reader: the ProgramReader that has read it; None if it cannot be read.
      error: why it cannot be read (str), "" if it was.
      place: function from a number of its lines to what a report says, "12" or "cell 3:2".
    """

    def __init__(self, path: str, modules: "OwnModules"):
        self.path, self.error, self.place = path, "", str
        self.reader: Optional[ProgramReader] = None
        try:
            text = scan.read(path) if not notebooks.is_notebook(path) else ""
            if notebooks.is_notebook(path):
                text, self.place = notebooks.program_text(path)  # type: ignore[assignment]
        except Unreadable as e:
            self.error = str(e)
            return
        self.reader = ProgramReader(text, modules, path)


class OwnModules:
    """The modules of one program, found as its import statements find them; each file is read once.

    Args:
      program: path of the program.
      base: the folder that was to be checked, "" for none. Imports that find nothing else look there, and in the
        folders between, as with `python -m`.
    Attributes:
      roots: the folders in which an import looks, in order.
    """

    def __init__(self, program: str, base: str = ""):
        self.program = program
        self.roots = [os.path.dirname(program)]
        self._last_roots = _folders_up_to(os.path.dirname(program), base)
        self._files: Dict[str, SourceFile] = {}
        self._own: Dict[Tuple[str, str, int], bool] = {}

    def read(self) -> List[SourceFile]:
        """Returns the program's file and those of all modules of its own that it imports, in order of the imports."""
        files, todo = [], [self.program]
        seen = set()
        while todo:
            path = todo.pop(0)
            if os.path.realpath(path) in seen:
                continue
            seen.add(os.path.realpath(path))
            file = self._file(path)
            files.append(file)
            for name in file.reader.imported if file.reader else ():
                todo += self._files_of(name, os.path.dirname(path))
        return files

    def _file(self, path: str) -> SourceFile:
        key = os.path.realpath(path)
        if key not in self._files:
            self._files[key] = file = SourceFile(path, self)
            if file.reader:
                file.reader.read()
        return self._files[key]

    def look_also_in(self, expression: str, path: str, values: Dict[str, str]) -> None:
        """Adds a folder to those in which imports look: the argument of a sys.path.insert or append.

        Args:
          expression: its source. path: of the file that it stands in.
          values: dict of a name of the file to the source of the last value that it was given.
        """
        folder = _path_of(expression, path, values)
        if folder is not None:
            for start in (os.path.dirname(self.program), os.getcwd()):
                found = os.path.normpath(os.path.join(start, folder))
                if os.path.isdir(found):
                    self.roots.append(os.path.relpath(found) if not os.path.isabs(start) else found)
                    return

    def exports(self, name: str, path: str) -> Optional[ProgramReader]:
        """Returns what has read the module of that name, if it is the program's own, for a file that imports it."""
        file = self._module(name, os.path.dirname(path))
        return None if file is None else self._file(file).reader

    def is_own(self, name: str, path: str) -> bool:
        """Whether an absolute import of a name, in a file, finds a file of the program."""
        top = name.split(".")[0]
        key = (top, os.path.dirname(path), len(self.roots))
        if key not in self._own:
            self._own[key] = bool(self._files_of(top, key[1])) or self._is_folder(top)
        return self._own[key]

    def is_relative(self, name: str, path: str) -> bool:
        """Whether an import finds a module because it stands in the package's folder: Python 2's implicit import."""
        folder = os.path.dirname(path)
        top = name.split(".")[0]
        return bool(_in_folder([top], folder)) and top not in _NEVER_OWN and not self._in_roots([top])

    def _is_folder(self, top: str) -> bool:
        """Whether a folder of modules without __init__.py has the name."""
        return any(
            os.path.isdir(os.path.join(root, top))
            and any(entry.endswith(".py") for entry in os.listdir(os.path.join(root, top)))
            for root in self.roots
        )

    def _module(self, name: str, folder: str) -> Optional[str]:
        """Returns the file that is a module, None if that is none of the program's own."""
        parts = name.strip(".").split(".")
        for path in reversed(self._files_of(name, folder)):
            stem = os.path.splitext(path[: -len("/__init__.py")] if path.endswith("__init__.py") else path)[0]
            if not name.strip(".") or stem.replace(os.sep, "/").split("/")[-len(parts) :] == parts:
                return path
            return None
        return None

    def _files_of(self, name: str, folder: str) -> List[str]:
        """Returns the files that an import loads, in a file of this folder: [] for what is installed."""
        if name.startswith("."):
            up = len(name) - len(name.lstrip("."))
            name = name.lstrip(".")
            for _ in range(up - 1):
                folder = os.path.dirname(folder) or os.path.join(folder, "..")
            return _in_folder(name.split("."), folder) if name else _in_folder([], folder)
        parts = name.split(".")
        if parts[0] in _NEVER_OWN:
            return []
        # Where only the file's own folder has it, that is Python 2: reported, and read all the same.
        return self._in_roots(parts) or _in_folder(parts, folder)

    def _in_roots(self, parts: Sequence[str]) -> List[str]:
        for root in self.roots + self._last_roots:
            found = _in_folder(parts, root)
            if found:
                return found
        return []


def _in_folder(parts: Sequence[str], folder: str) -> List[str]:
    """Returns the files that an import of parts[0].parts[1]... loads if it looks in a folder."""
    files = []
    if not parts:
        path = os.path.join(folder, "__init__.py")
        return [path] if os.path.isfile(path) else []
    for size in range(1, len(parts) + 1):
        for tail in ([*parts[: size - 1], f"{parts[size - 1]}.py"], [*parts[:size], "__init__.py"]):
            path = os.path.join(folder, *tail)
            if os.path.isfile(path):
                files.append(path)
    return files


def _folders_up_to(folder: str, base: str) -> List[str]:
    """Returns the folders above a folder, up to one that it stands in."""
    found: List[str] = []
    if not base:
        return found
    end = os.path.realpath(base)
    while os.path.realpath(folder) != end and os.path.realpath(folder).startswith(os.path.join(end, "")):
        folder = os.path.dirname(folder) or os.path.join(folder, "..")
        found.append(folder)
    return found


def files_below(folder: str) -> Iterator[str]:
    """Yields the Python files and notebooks below a folder, but those of installed packages and hidden folders."""
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(
            name
            for name in folders
            if not name.startswith(".")
            and name not in _NO_SOURCE
            and not os.path.exists(os.path.join(place, name, "pyvenv.cfg"))
        )
        for name in sorted(names):
            if name.endswith((".py", ".ipynb")) and not name.startswith("."):
                yield os.path.normpath(os.path.join(place, name))


# The value of an expression of paths

_SAME = ("abspath", "expanduser", "normpath", "realpath", "str", "Path", "PurePath", "resolve", "absolute", "as_posix")


def _path_of(expression: str, path: str, values: Dict[str, str]) -> Optional[str]:
    """Returns the path that an expression of os.path or pathlib makes, None where that cannot be told."""
    try:
        return _value(ast.parse(expression.strip(), mode="eval").body, path, dict(values))
    except (SyntaxError, ValueError, RecursionError):
        return None


def _value(node: ast.AST, path: str, values: Dict[str, str]) -> str:
    """Returns the path that a node stands for; ValueError where that cannot be told."""
    if isinstance(node, ast.Name):
        if node.id == "__file__":
            return os.path.abspath(path)
        if node.id in values:
            source = values.pop(node.id)
            return _value(ast.parse(source.strip(), mode="eval").body, path, values)
    elif isinstance(node, ast.Call):
        name, before = _called(node.func)
        arguments = [*before, *node.args]
        if name == "getcwd":
            return os.getcwd()
        if name == "dirname" and len(arguments) == 1:
            return os.path.dirname(_value(arguments[0], path, values))
        if name in ("join", "joinpath"):
            return os.path.join(*(_value(argument, path, dict(values)) for argument in arguments))
        if name in _SAME and arguments:
            return _value(arguments[0], path, values)
    elif isinstance(node, ast.Attribute):
        if node.attr in ("pardir", "curdir", "sep"):
            return str(getattr(os, node.attr))
        if node.attr == "parent":
            return os.path.dirname(_value(node.value, path, values))
    elif isinstance(node, ast.Subscript) and isinstance(node.value, ast.Attribute) and node.value.attr == "path":
        return os.path.dirname(os.path.abspath(path))  # sys.path[0]
    elif isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Div)):
        left, right = _value(node.left, path, dict(values)), _value(node.right, path, dict(values))
        return left + right if isinstance(node.op, ast.Add) else os.path.join(left, right)
    value = ast.literal_eval(node)
    if not isinstance(value, str):
        raise ValueError("no path")
    return value


def _called(function: ast.AST) -> Tuple[str, Iterable[ast.AST]]:
    """Returns the last part of a called name; and what it is a method of, unless that is a module."""
    if isinstance(function, ast.Name):
        return function.id, ()
    if isinstance(function, ast.Attribute):
        of = function.value
        is_module = isinstance(of, ast.Name) or isinstance(of, ast.Attribute) and of.attr == "path"
        return function.attr, () if is_module else (of,)
    return "", ()
