"""The files of a program: what its imports find beside it or on sys.path, and which files of a folder are programs."""

import ast
import copy
import os
from typing import Callable, Dict, Iterable, Iterator, List, Optional, Sequence, Set, Tuple

from legacy_gan.errors import Unreadable
from legacy_gan.porting import notebooks, scan
from legacy_gan.porting.program_reader import ProgramReader

__all__ = ["OwnModules", "SourceFile", "Sources", "files_below"]

# What an import of these finds is never a file of the program, whatever stands beside it.
_NEVER_OWN = ("tensorflow", "numpy")
_NO_SOURCE = ("__pycache__", "node_modules", "site-packages", "dist-packages")


class SourceFile:
    """A file of a program, as text.

    Attributes:
      path: as it was named.
      error: why it cannot be read (str), "" if it was.
      place: function from a number of its lines to what a report says, "12" or "cell 3:2".
      reader: the ProgramReader that has read it; None before that, and if it cannot be read.
      imported: names of the modules that it imports, and of what it takes from them.
      search_path: (expression, values) of each sys.path.insert or append: the source of the folder, and a dict of a
        name of the file to the source of the value that it was given last.
    """

    def __init__(self, path: str):
        self.path, self.error, self.text = path, "", ""
        self.place: Callable[[int], str] = str
        self.reader: Optional[ProgramReader] = None
        try:
            if notebooks.is_notebook(path):
                self.text, self.place = notebooks.program_text(path)
            else:
                self.text = scan.read(path)
        except Unreadable as e:
            self.error = str(e)
        self.lines = list(scan.logical_lines(self.text))
        self.imported: List[str] = []
        self.search_path: List[Tuple[str, Dict[str, str]]] = []
        self._find_imports()

    def _find_imports(self) -> None:
        values: Dict[str, str] = {}
        for tokens in self.lines:
            for part in scan.statements(tokens):
                words = [token.text for token in part]
                if words[0] in ("import", "from"):
                    self.imported += scan.imported_names(part)
                elif words[1:2] == ["="]:
                    values[words[0]] = " ".join(words[2:])
                elif words[:4] == ["sys", ".", "path", "."] and words[4:6] in (["insert", "("], ["append", "("]):
                    arguments = scan.split(part[6 : scan.closing(part, 5)], ",", part[5].depth + 1)
                    self.search_path.append((" ".join(token.text for token in arguments[-1]), dict(values)))


class Sources:
    """The files that the programs of one check share: each text is read once, and judged anew where it may differ."""

    def __init__(self) -> None:
        self._texts: Dict[str, SourceFile] = {}
        self._read: Dict[Tuple[str, Tuple[str, ...]], SourceFile] = {}
        self._are_files: Dict[str, bool] = {}

    def text(self, path: str) -> SourceFile:
        """Returns a file that no reader has read."""
        key = os.path.realpath(path)
        if key not in self._texts:
            self._texts[key] = SourceFile(path)
        return self._texts[key]

    def is_file(self, path: str) -> bool:
        if path not in self._are_files:
            self._are_files[path] = os.path.isfile(path)
        return self._are_files[path]

    def read(self, path: str, modules: "OwnModules") -> SourceFile:
        """Returns a file that a reader has read; once for all programs in which its imports find the same files."""
        text = self.text(path)
        key = (os.path.realpath(path), tuple(modules.files_imported_by(text)))
        if key not in self._read:
            self._read[key] = file = copy.copy(text)
            if not file.error:
                file.reader = ProgramReader(file.text, modules, path, file.lines)
                file.reader.read()
        return self._read[key]


class OwnModules:
    """The modules of one program, found as its import statements find them.

    Args:
      program: path of the program. sources: Sources.
      base: the folder that was to be checked, "" for none. Imports that find nothing else look there, and in the
        folders between, as with `python -m`.
    Attributes:
      roots: the folders in which an import looks, in order.
    """

    def __init__(self, program: str, sources: Sources, base: str = ""):
        self.program, self.sources = program, sources
        self.roots = [os.path.dirname(program)]
        self._last_roots = _folders_up_to(os.path.dirname(program), base)
        self._own: Dict[Tuple[str, str, int], bool] = {}
        self._searched: Set[str] = set()

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
            todo += self.files_imported_by(file)
        return files

    def _file(self, path: str) -> SourceFile:
        self.look_where(self.sources.text(path))
        return self.sources.read(path, self)

    def files_imported_by(self, file: SourceFile) -> List[str]:
        """Returns the files of the program that the import statements of one load, in order."""
        folder = os.path.dirname(file.path)
        return [path for name in file.imported for path in self._files_of(name, folder)]

    def look_where(self, file: SourceFile) -> None:
        """Adds the folders that a file puts on sys.path to those in which imports look."""
        if file.path in self._searched:
            return
        self._searched.add(file.path)
        for expression, values in file.search_path:
            folder = _path_of(expression, file.path, values)
            for start in (os.path.dirname(self.program), os.getcwd()) if folder is not None else ():
                found = os.path.normpath(os.path.join(start, folder))
                if os.path.isdir(found):
                    self.roots.append(found)
                    break

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
        return bool(self._in_folder([top], folder)) and top not in _NEVER_OWN and not self._in_roots([top])

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
            return self._in_folder(name.split("."), folder) if name else self._in_folder([], folder)
        parts = name.split(".")
        if parts[0] in _NEVER_OWN:
            return []
        # Where only the file's own folder has it, that is Python 2: reported, and read all the same.
        return self._in_roots(parts) or self._in_folder(parts, folder)

    def _in_roots(self, parts: Sequence[str]) -> List[str]:
        for root in self.roots + self._last_roots:
            found = self._in_folder(parts, root)
            if found:
                return found
        return []

    def _in_folder(self, parts: Sequence[str], folder: str) -> List[str]:
        """Returns the files that an import of parts[0].parts[1]... loads if it looks in a folder."""
        if not parts:
            path = os.path.join(folder, "__init__.py")
            return [path] if self.sources.is_file(path) else []
        files = []
        for size in range(1, len(parts) + 1):
            for tail in ([*parts[: size - 1], f"{parts[size - 1]}.py"], [*parts[:size], "__init__.py"]):
                path = os.path.join(folder, *tail)
                if self.sources.is_file(path):
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
