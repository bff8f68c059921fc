"""legacy-gan check: reads programs, and the modules that they import from beside them, and reports."""

import collections
import os
from typing import Sequence, Tuple

from legacy_gan.porting import notebooks, scan
from legacy_gan.porting.finding import CHANGED, NEEDS_TF1, NOT_PYTHON, NOT_SERVED, PYTHON_2, REMOVED_API
from legacy_gan.porting.program_reader import ProgramReader

__all__ = ["main"]


def main(paths: Sequence[str]) -> Tuple[str, bool]:
    """Checks programs, and the modules that they import from beside them.

    Args:
      paths: of the programs.
    Returns:
      (text, ok): the report, and whether `legacy-gan run` can be expected to run all of them.
    Raises:
      Unreadable: if one of them cannot be read.
    """
    report, ok = [], True
    todo = [(path, os.path.dirname(path)) for path in paths]
    seen = set()
    while todo:
        path, root = todo.pop(0)
        if os.path.realpath(path) in seen:
            continue
        seen.add(os.path.realpath(path))
        folder = os.path.dirname(path)
        text, where = notebooks.program_text(path) if notebooks.is_notebook(path) else (scan.read(path), str)
        reader = ProgramReader(text, () if folder == root else _relative(folder, root))
        found = reader.read()
        report += _report(path, found, where)
        ok = ok and not any(finding.stops for finding in found)
        for name in reader.imported:
            todo += [(beside, root) for beside in _files_of(name, folder, root)]
    return "\n".join(report), ok


def _relative(folder, root):
    """Returns the modules that stand in a package's folder, but not where the program starts."""
    return _modules_in(folder) - _modules_in(root)


def _modules_in(folder):
    names = set()
    for name in os.listdir(folder or "."):
        stem, extension = os.path.splitext(name)
        if extension == ".py" or os.path.isfile(os.path.join(folder, name, "__init__.py")):
            names.add(stem)
    return names


def _files_of(name, folder, root):
    """Returns the files of this program that an import loads: [] for what is installed."""
    start = root
    if name.startswith("."):
        up = len(name) - len(name.lstrip("."))
        start, name = folder, name.lstrip(".")
        for _ in range(up - 1):
            start = os.path.dirname(start) or os.path.join(start, "..")
    files = []
    parts = name.split(".") if name else []
    for size in range(1, len(parts) + 1):
        for tail in (parts[: size - 1] + [f"{parts[size - 1]}.py"], parts[:size] + ["__init__.py"]):
            path = os.path.join(start, *tail)
            if os.path.isfile(path):
                files.append(path)
    return files


def _report(path, found, where):
    """Returns the lines on one file; `where` makes of the number of a line what is said of it."""
    lines = []
    name = os.path.basename(path)
    served_kinds = (
        (NEEDS_TF1, "needs the door, which serves it"),
        (CHANGED, "is another thing in today's TensorFlow; the door has TensorFlow 1's"),
        (REMOVED_API, "is gone from its package; served"),
    )
    for kind, heading in served_kinds:
        places = collections.OrderedDict()
        for finding in found:
            if finding.kind == kind:
                places.setdefault(finding.what, []).append(finding.line)
        if places:
            lines.append(f"  {heading}:")
        for what, numbers in places.items():
            more = f", also {', '.join(map(where, numbers[1:]))}" if numbers[1:] else ""
            lines.append(f"    {name}:{where(numbers[0])}: {what}{more}")
    for kind, heading in ((NOT_SERVED, "is not served"), (PYTHON_2, "is Python 2"), (NOT_PYTHON, "is no Python")):
        some = [finding for finding in found if finding.kind == kind]
        if some:
            lines.append(f"  {heading}:")
        for finding in some:
            lines.append(f"    {name}:{where(finding.line)}: {finding.what}; {_ADVICE[kind].format(finding.advice)}")
    stops = [finding for finding in found if finding.stops]
    places = "1 place" if len(stops) == 1 else f"{len(stops)} places"
    if stops and all(finding.kind == PYTHON_2 for finding in stops):
        verdict = f"{places} of Python 2: legacy-gan run --python2 can be expected to run it"
    elif stops:
        verdict = f"{places} to change before legacy-gan run can run it"
    elif found:
        verdict = "legacy-gan run can be expected to run it"
    else:
        verdict = "nothing found; legacy-gan run can be expected to run it"
    return [f"{path}: {verdict}"] + lines


_ADVICE = {NOT_SERVED: "{}", PYTHON_2: "in Python 3 {}", NOT_PYTHON: "{}"}
