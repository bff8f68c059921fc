"""legacy-gan check: reads programs, their own modules and whole folders, and reports what stands in the way.

The programs are read, not run, and TensorFlow is not loaded. A *program* is a file that was named, or a file of a named
folder that no other file there imports; its modules are read as its imports find them (own_modules.py).
"""

import collections
import json
import os
import textwrap
from typing import Any, DefaultDict, Dict, Iterable, Iterator, List, NamedTuple, Sequence, Set, Tuple

from legacy_gan.porting.finding import (
    CHANGED,
    NEEDS_KERAS,
    NEEDS_TF1,
    NOT_PYTHON,
    NOT_SERVED,
    PRINTS_OTHERWISE,
    PYTHON_2,
    REMOVED_API,
    Finding,
)
from legacy_gan.porting.own_modules import OwnModules, SourceFile, Sources, files_below

__all__ = ["CHANGE", "FINE", "WITH_PYTHON2", "Checked", "Report", "checked", "stops"]

COLUMNS = 80

# What is said of a program.
FINE = "runs"  # legacy-gan run can be expected to run it
WITH_PYTHON2 = "runs with --python2"
CHANGE = "needs changes"


class Checked(NamedTuple):
    """A program that was read.

    Attributes:
      path: as it was named, or found in a folder.
      files: its own file first, then the modules of its own that it imports.
    """

    path: str
    files: List[SourceFile]

    @property
    def verdict(self) -> str:
        """FINE, WITH_PYTHON2 or CHANGE, of the program with its modules."""
        return _verdict(stop for file in self.files for stop in stops(file))


class Report:
    """What is found in programs.

    Args:
      programs: list of Checked. unreadable: why a file that was named cannot be read, a line for each.
    """

    def __init__(self, programs: Sequence[Checked], unreadable: Sequence[str] = ()):
        self.programs, self.unreadable = list(programs), list(unreadable)

    @property
    def is_fine(self) -> bool:
        """Whether `legacy-gan run` can be expected to run all of them."""
        return all(program.verdict == FINE for program in self.programs)

    def text(self, only_problems: bool = False) -> str:
        """Returns the report for people; with only_problems, of what is to be changed alone."""
        lines = []
        for program, file in self._each_file():
            if not only_problems or stops(file):
                lines += _lines_on(file, program, only_problems)
        if only_problems or sum(len(program.files) for program in self.programs) > 1:
            lines.append(self.summary())
        return "\n".join(lines)

    def summary(self) -> str:
        """Returns one line: how many programs run, run with --python2, and need changes."""
        counts = self._counts()
        modules = len(list(self._each_file())) - len(self.programs)
        what = _plural(len(self.programs), "program") + (f" and {_plural(modules, 'module')}" if modules else "")
        said = [f"{counts[FINE]} can be expected to run"]
        said += [f"{counts[WITH_PYTHON2]} with --python2"] if counts[WITH_PYTHON2] else []
        said += [f"{counts[CHANGE]} to change first"] if counts[CHANGE] else []
        return f"{what}: {', '.join(said)}"

    def json(self) -> str:
        """Returns the report for programs, as docs/porting.md describes it."""
        programs = [
            {"path": program.path, "verdict": program.verdict, "modules": [file.path for file in program.files[1:]]}
            for program in self.programs
        ]
        files = {file.path: [_row(file, finding) for finding in _found(file)] for _, file in self._each_file()}
        found = {"ok": self.is_fine, "counts": self._counts(), "programs": programs, "files": files}
        return json.dumps(found, ensure_ascii=False, indent=1)

    def _counts(self) -> Dict[str, int]:
        verdicts = [program.verdict for program in self.programs]
        return {verdict: verdicts.count(verdict) for verdict in (FINE, WITH_PYTHON2, CHANGE)}

    def _each_file(self) -> Iterator[Tuple[Checked, SourceFile]]:
        """Yields every file once, with the first program that has it."""
        seen = set()
        for program in self.programs:
            for file in program.files:
                if os.path.realpath(file.path) not in seen:
                    seen.add(os.path.realpath(file.path))
                    yield program, file


def checked(paths: Sequence[str]) -> Report:
    """Reads programs, and the modules that they import from beside them.

    Args:
      paths: of files, and of folders, all of whose programs are read.
    Returns:
      a Report. A file that was named and cannot be read is among its `unreadable`; one in a folder has that as
      its finding.
    """
    programs: List[Checked] = []
    unreadable: List[str] = []
    sources = Sources()
    for path in paths:
        if os.path.isdir(path):
            found = _programs_in(path, sources)
            if not found:
                unreadable.append(
                    f"expected Python files or notebooks, got {path}, which holds none; name another folder"
                )
            programs += found
            continue
        program = Checked(path, OwnModules(path, sources).read())
        if program.files[0].error:
            unreadable.append(program.files[0].error)
        else:
            programs.append(program)
    return Report(_each_once(programs), unreadable)


def _each_once(programs: Iterable[Checked]) -> List[Checked]:
    by_path = collections.OrderedDict((os.path.realpath(program.path), program) for program in programs)
    return list(by_path.values())


def _programs_in(folder: str, sources: Sources) -> List[Checked]:
    """Returns the programs of a folder: what no other file there imports; of files in a circle, all."""
    paths = list(files_below(folder))
    imported_by: DefaultDict[str, Set[str]] = collections.defaultdict(set)
    for path in paths:
        modules = OwnModules(path, sources, folder)
        modules.look_where(sources.text(path))
        for other in modules.files_imported_by(sources.text(path)):
            imported_by[os.path.realpath(other)].add(os.path.realpath(path))
    programs: List[Checked] = []
    read: Set[str] = set()
    # Files of a circle that nobody else imports come last: the first of them is taken for the program.
    for path in sorted(paths, key=lambda path: bool(imported_by[os.path.realpath(path)] - {os.path.realpath(path)})):
        own = os.path.realpath(path)
        if not imported_by[own] - {own} or own not in read:
            programs.append(Checked(path, OwnModules(path, sources, folder).read()))
            read.update(os.path.realpath(file.path) for file in programs[-1].files)
    return sorted(programs, key=lambda program: paths.index(program.path))


# What is said of a file


def _found(file: SourceFile) -> List[Finding]:
    if file.reader is None:
        return [Finding(0, NOT_PYTHON, file.error)]
    return file.reader.findings


def stops(file: SourceFile) -> List[Finding]:
    """Returns what of a file is to be changed before it can be run."""
    return [finding for finding in _found(file) if finding.stops]


def _verdict(found: Iterable[Finding]) -> str:
    kinds = {finding.kind for finding in found}
    return FINE if not kinds else WITH_PYTHON2 if kinds == {PYTHON_2} else CHANGE


def _plural(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


_SERVED_KINDS = (
    (NEEDS_TF1, "needs TensorFlow 1's namespace, which has it"),
    (CHANGED, "is another thing in today's TensorFlow; legacy-gan run has TensorFlow 1's"),
    (NEEDS_KERAS, "needs Keras 2, the package tf_keras, which is installed"),
    (REMOVED_API, "is gone from its package; legacy-gan run serves it"),
    (PRINTS_OTHERWISE, "runs, and prints otherwise than in Python 2"),
)
_STOPPING_KINDS = (
    (NOT_SERVED, "is not served", "{}"),
    (PYTHON_2, "is Python 2", "in Python 3 {}"),
    (NOT_PYTHON, "is not valid Python", "{}"),
)


def _lines_on(file: SourceFile, program: Checked, only_problems: bool) -> List[str]:
    """Returns the lines on one file."""
    name = os.path.basename(file.path)
    lines = []
    for kind, heading in () if only_problems else _SERVED_KINDS:
        lines += _group(name, file, kind, heading, "")
    for kind, heading, advice in _STOPPING_KINDS if file.reader else ():
        lines += _group(name, file, kind, heading, advice)
    return [f"{file.path}: {_said_of(file, program)}"] + lines


def _said_of(file: SourceFile, program: Checked) -> str:
    """Returns what the first line on a file says."""
    places = _plural(len(stops(file)), "place")
    verdict = _verdict(stops(file))
    if file.error:
        return file.error
    if verdict == WITH_PYTHON2:
        return f"{places} of Python 2: legacy-gan run --python2 can be expected to run it"
    if verdict == CHANGE:
        return f"{places} to change before legacy-gan run can run it"
    in_modules = [other.path for other in program.files[1:] if stops(other)] if file is program.files[0] else []
    if in_modules:
        needed = "needs --python2 for" if program.verdict == WITH_PYTHON2 else "cannot run before changes in"
        return f"nothing to change here; it {needed} {', '.join(in_modules)}, which it imports"
    if _found(file):
        return "legacy-gan run can be expected to run it"
    return "nothing found; legacy-gan run can be expected to run it"


def _group(name: str, file: SourceFile, kind: str, heading: str, advice: str) -> List[str]:
    """Returns the lines on what is of one kind, the same thing once, with all its places."""
    places: Dict[Tuple[str, str], List[int]] = collections.OrderedDict()
    for finding in _found(file):
        if finding.kind == kind:
            places.setdefault((finding.what, finding.advice), []).append(finding.line)
    lines = [f"  {heading}:"] if places else []
    for (what, instead), numbers in places.items():
        more = f", also {', '.join(map(file.place, numbers[1:]))}" if numbers[1:] else ""
        told = f"; {advice.format(instead)}" if advice and instead else ""
        lines += _wrapped(f"{name}:{file.place(numbers[0])}: {what}{more}{told}")
    return lines


def _wrapped(text: str) -> List[str]:
    """Returns a line on a place, broken between words where it is too long."""
    indent = "    "
    return textwrap.wrap(
        text,
        COLUMNS,
        initial_indent=indent,
        subsequent_indent=indent * 2,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _row(file: SourceFile, finding: Finding) -> Dict[str, Any]:
    row: Dict[str, Any] = {"line": finding.line, "kind": finding.kind, "what": finding.what}
    where = file.place(finding.line)
    if where != str(finding.line):
        row["cell"], row["line"] = (int(number) for number in where[len("cell ") :].split(":"))
    row["advice"], row["stops"] = finding.advice, finding.stops
    return row
