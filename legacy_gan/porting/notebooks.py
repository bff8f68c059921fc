"""Reads a notebook: its cells of code, and what of them is Python."""

import bisect
import json
import re
from typing import Any, Callable, Dict, List, NamedTuple, Tuple

from legacy_gan.errors import Unreadable
from legacy_gan.porting import scan

__all__ = ["Cell", "cells", "document", "is_notebook", "program_text", "python_lines"]

# What has no meaning where figures are saved; it is left out without a word.
_OF_FIGURES = re.compile(r"\s*%\s*(matplotlib\b|config\s+InlineBackend\b)")
_PYLAB = "import numpy, matplotlib; from matplotlib import pylab, pyplot; np, plt = numpy, pyplot; "
_PYLAB += "from pylab import *; from numpy import *"
# Magics whose code is the program's own.
_RUNS_CODE = ("time", "capture", "prun")


class Cell(NamedTuple):
    """A cell of code.

    Attributes:
      number: which one of the cells of code it is, from 1.
      source: its text.
      place: where it stands among all cells, from 0.
    """

    number: int
    source: str
    place: int


def is_notebook(path: str) -> bool:
    return path.endswith(".ipynb")


def document(path: str) -> Dict[str, Any]:
    """Returns a notebook as its file has it, version 3 as version 4.

    Raises:
      Unreadable: if it is none.
    """
    try:
        with open(path, encoding="utf-8-sig") as f:
            found = json.load(f)
    except OSError as e:
        raise Unreadable(f"expected a notebook, got {path}: {e.strerror}; name a file of Jupyter") from None
    except ValueError as e:
        raise Unreadable(f"expected a notebook, got {path}, which is no JSON ({e}); save it again in Jupyter") from None
    if isinstance(found, dict) and "worksheets" in found:
        found["cells"] = [cell for sheet in found["worksheets"] for cell in sheet.get("cells", ())]
    if not isinstance(found, dict) or not isinstance(found.get("cells"), list):
        raise Unreadable(f"expected a notebook, got {path}, which has no cells; save it again in Jupyter")
    return found


def cells(path: str) -> List[Cell]:
    """Returns the cells of code of a notebook, in order; Unreadable as for `document`."""
    found: List[Cell] = []
    for place, cell in enumerate(document(path)["cells"]):
        if isinstance(cell, dict) and cell.get("cell_type") == "code":
            source = cell.get("source", cell.get("input", ""))
            text = source if isinstance(source, str) else "".join(source)
            found.append(Cell(len(found) + 1, text.replace("\r\n", "\n"), place))
    return found


def python_lines(source: str, is_ipython_there: bool = False) -> Tuple[str, List[Tuple[int, str]]]:
    """Returns what of a cell is Python, line for line, and [(number, text)] of lines that are left out.

    Args:
      source: the cell's.
      is_ipython_there: True leaves magics to IPython, but for those that are about figures or run the program's code.
    """
    lines = source.split("\n")
    left_out: List[Tuple[int, str]] = []
    first = next((n for n, line in enumerate(lines) if line.strip()), 0)
    magic = re.match(r"%%\s*(\w*)", lines[first].lstrip()) if lines else None
    if magic and magic.group(1) in _RUNS_CODE:
        lines[first] = ""
    elif magic and is_ipython_there:
        return source, []
    elif magic:
        return "\n" * (len(lines) - 1), [(first + 1, lines[first])]
    starts = {tokens[0].line for tokens in scan.logical_lines("\n".join(lines))}
    continues = False
    for n, line in enumerate(lines):
        word = line.strip()
        indent = line[: len(line) - len(line.lstrip())]
        if continues:
            left_out.append((n + 1, word))
            lines[n] = ""
        elif n + 1 not in starts:
            continue
        elif _OF_FIGURES.match(line):
            lines[n] = f"{indent}pass"
        elif re.match(r"%\s*pylab\b", word):
            lines[n] = indent + _PYLAB
        elif re.match(r"%\s*time\s", word):
            lines[n] = indent + re.sub(r"%\s*time\s+", "", word)
        elif not is_ipython_there and _is_of_ipython(word):
            left_out.append((n + 1, word))
            lines[n] = f"{indent}pass"
            continues = word.endswith("\\")
            continue
        continues = continues and word.endswith("\\")
    return "\n".join(lines), left_out


def _is_of_ipython(line: str) -> bool:
    """Whether a line that begins a statement is a magic, a command of the shell or a question."""
    return bool(
        line[:1] in ("%", "!", "?") or re.match(r"[\w.,\s]+=\s*[%!]\s*\w", line) or re.match(r"[\w.]+\?\??\Z", line)
    )


def program_text(path: str) -> Tuple[str, Callable[[int], str]]:
    """Returns the code of a notebook as one text, and a function from a number of its lines to "cell 3:2"."""
    texts, starts = [], []
    line = 1
    found = cells(path)
    for cell in found:
        text, _ = python_lines(cell.source)
        texts.append(text)
        starts.append(line)
        line += text.count("\n") + 1

    def place(number: int) -> str:
        at = max(bisect.bisect_right(starts, number) - 1, 0)
        return f"cell {found[at].number}:{number - starts[at] + 1}" if found else str(number)

    return "\n".join(texts), place
