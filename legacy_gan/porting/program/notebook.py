"""Executes a notebook: its cells in their order, in one namespace, with what a notebook shows; also as HTML."""

import __future__

import ast
import contextlib
import importlib.util
import io
import linecache
import os
import re
import sys
import tempfile
import time
import types
from typing import Any, Optional

from legacy_gan import files
from legacy_gan.errors import CannotRun
from legacy_gan.porting import notebooks
from legacy_gan.porting.program.execution import Program
from legacy_gan.porting.program.figures import Figures
from legacy_gan.porting.program.imports import source_tree

__all__ = ["Notebook"]


class Notebook(Program):
    """Somebody's notebook.

    Args:
      path: of the file. figures: saves what each cell has drawn.
      to_html: the file to which the executed notebook is written, None for none.
      options: as for Program.
    Raises:
      CannotRun: if what writes HTML is not installed.
      Unreadable: if the file is no notebook.
    """

    def __init__(self, path: str, figures: Figures, to_html: Optional[str] = None, **options: Any):
        super().__init__(path, **options)
        self._figures = figures
        self._cells = notebooks.cells(path)
        self._page = _Page(path, to_html) if to_html else None
        self._magics = _Magics() if importlib.util.find_spec("IPython") else None

    def save(self) -> None:
        """Writes the HTML."""
        if self._page is not None:
            self._page.write()

    def _run(self, main: types.ModuleType, loader: Any) -> None:
        vars(main).setdefault("display", lambda *values: [print(_plain_text(value)) for value in values] and None)
        for cell in self._cells:
            self._figures.begin_cell(cell.number)
            outputs = self._page.outputs_of(cell) if self._page is not None else None
            with _recorded(outputs):
                try:
                    self._run_cell(cell, main, outputs)
                finally:
                    self._end_figures(outputs)

    def _end_figures(self, outputs):
        for path in self._figures.end_cell():
            if outputs is not None:
                outputs.picture(path)

    def _run_cell(self, cell, main, outputs):
        text, left_out = notebooks.python_lines(cell.source, self._magics is not None)
        for line, what in left_out:
            sys.stderr.write(
                f"legacy-gan: {self._path}, cell {cell.number}:{line}: left out: {what} "
                "(it needs IPython: pip install ipython)\n"
            )
        name = f"{self._path}, cell {cell.number}"
        linecache.cache[name] = (len(cell.source), None, [f"{line}\n" for line in cell.source.split("\n")], name)
        if self._magics is not None:
            text = self._magics.translated(text, main)
        tree = self._tree(text, name)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        started = time.time()
        exec(self._compiled(tree, name, "exec"), vars(main))
        if last is not None:
            value = eval(self._compiled(ast.Expression(last.value), name, "eval"), vars(main))
            if value is not None and not re.search(r";\s*(#.*)?\Z", text):
                vars(main)["_"] = value
                self._show(value, outputs)
        if re.match(r"\s*%%\s*time\b", cell.source):
            print(f"Wall time: {time.time() - started:.3g} s")

    def _tree(self, text, name):
        """Returns the tree of a cell, in which holds what earlier cells imported from __future__."""
        source = text.encode("utf-8")
        tree = source_tree(source, name, self._is_python_2, self._future)
        if tree is None:
            tree = compile(source, name, "exec", ast.PyCF_ONLY_AST, dont_inherit=True)
        for node in tree.body:
            if isinstance(node, ast.ImportFrom) and node.module == "__future__":
                self._future += [alias.name for alias in node.names if alias.name not in self._future]
        return tree

    def _compiled(self, tree, name, mode):
        flags = 0
        for feature in self._future:
            flags |= getattr(__future__, feature).compiler_flag
        return compile(tree, name, mode, flags, dont_inherit=True)

    def _show(self, value, outputs):
        text = _plain_text(value)
        with _recorded(None) if outputs is None else outputs.aside():
            print(text)
        if outputs is not None:
            outputs.result(text, getattr(value, "_repr_html_", lambda: None)())


def _plain_text(value: Any) -> str:
    """Returns a value as a notebook shows it as text."""
    try:
        from IPython.lib import pretty
    except ImportError:
        return repr(value)
    return pretty.pretty(value)


class _Magics:
    """IPython, for the lines of a notebook that are its own; the shell is made when one is there."""

    def __init__(self):
        from IPython.core.inputtransformer2 import TransformerManager

        self._manager = TransformerManager()
        self._shell = None

    def translated(self, source: str, main: types.ModuleType) -> str:
        """Returns the Python that IPython makes of a cell, line for line."""
        text = self._manager.transform_cell(source)
        if "get_ipython" not in text:
            return source
        if self._shell is None:
            self._begin(main)
        blank = len(source) - len(source.lstrip("\n"))
        return "\n" * blank + text

    def _begin(self, main):
        from IPython.core.interactiveshell import InteractiveShell
        from traitlets.config import Config

        # Nothing of this is kept: neither a history nor a profile in the user's home.
        self._folder = tempfile.TemporaryDirectory()
        os.environ.setdefault("IPYTHONDIR", self._folder.name)
        config = Config()
        config.HistoryManager.enabled = False
        config.InteractiveShell.colors = "NoColor"
        names = vars(main)
        before = dict(names)
        self._shell = InteractiveShell.instance(config=config, user_module=main, user_ns=names)
        names.update({name: before[name] for name in before if name.startswith("__")})
        if "open" not in before:
            names.pop("open", None)
        names["get_ipython"] = lambda: self._shell


# The executed notebook


class _Page:
    """A notebook with the outputs of this run.

    Args:
      path: of the notebook. to: of the HTML.
    """

    def __init__(self, path: str, to: str):
        try:
            import nbconvert  # noqa: F401
            import nbformat
        except ImportError:
            raise CannotRun("--to-html needs nbconvert and nbformat: pip install nbconvert nbformat") from None
        self._to = os.path.abspath(to)
        if os.path.isdir(self._to):
            raise CannotRun(f"--to-html takes a file, got the folder {to}")
        self._nbformat = nbformat
        document = notebooks.document(path)
        with open(path, encoding="utf-8-sig") as f:
            self._notebook = nbformat.reads(f.read(), as_version=4)
        assert len(self._notebook.cells) == len(document["cells"])
        for cell in self._notebook.cells:
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None

    def outputs_of(self, cell: notebooks.Cell) -> "_Outputs":
        kept = self._notebook.cells[cell.place]
        kept.execution_count = cell.number
        return _Outputs(kept.outputs, cell.number, self._nbformat.v4.new_output)

    def write(self) -> None:
        from nbconvert import HTMLExporter

        text, _ = HTMLExporter().from_notebook_node(self._notebook)
        with files.replacing(self._to) as temporary, open(temporary, "w", encoding="utf-8") as f:
            f.write(text)
        sys.stderr.write(f"legacy-gan: {self._to} is the executed notebook\n")


class _Outputs:
    """What one cell shows."""

    def __init__(self, kept: list, number: int, make: Any):
        self._kept, self._number, self._make = kept, number, make
        self._is_aside = False

    def stream(self, name: str, text: str) -> None:
        if self._is_aside or not text:
            return
        if self._kept and self._kept[-1].get("name") == name:
            self._kept[-1]["text"] += text
        else:
            self._kept.append(self._make("stream", name=name, text=text))

    def result(self, text: str, html: Optional[str]) -> None:
        data = {"text/plain": text}
        if html:
            data["text/html"] = html
        self._kept.append(self._make("execute_result", data=data, execution_count=self._number))

    def picture(self, path: str) -> None:
        import base64

        with open(path, "rb") as f:
            data = {"image/png": base64.b64encode(f.read()).decode("ascii"), "text/plain": os.path.basename(path)}
        self._kept.append(self._make("display_data", data=data))

    def error(self, error: BaseException) -> None:
        name, value = type(error).__name__, str(error)
        self._kept.append(self._make("error", ename=name, evalue=value, traceback=[f"{name}: {value}"]))

    @contextlib.contextmanager
    def aside(self):
        """Keeps nothing of what is printed meanwhile."""
        self._is_aside = True
        try:
            yield
        finally:
            self._is_aside = False


class _Both(io.TextIOBase):
    """A stream that is also kept for the notebook."""

    def __init__(self, stream: Any, name: str, outputs: _Outputs):
        self._stream, self._name, self._outputs = stream, name, outputs

    def write(self, text):
        self._outputs.stream(self._name, text)
        return self._stream.write(text)

    def __getattr__(self, name):
        return getattr(self._stream, name)

    def flush(self):
        self._stream.flush()

    def fileno(self):
        return self._stream.fileno()

    def isatty(self):
        return self._stream.isatty()


@contextlib.contextmanager
def _recorded(outputs: Optional[_Outputs]):
    """Keeps what is printed meanwhile, and what error ends it, as outputs of a cell."""
    if outputs is None:
        yield
        return
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = _Both(sys.stdout, "stdout", outputs), _Both(sys.stderr, "stderr", outputs)
    try:
        yield
    except BaseException as e:
        outputs.error(e)
        raise
    finally:
        sys.stdout, sys.stderr = before
