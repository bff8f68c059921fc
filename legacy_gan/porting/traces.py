"""Traces: what each Session.run of a program was fed and returned, as one npz file.

An npz without pickle, `numpy.load(path, allow_pickle=False)` reads it:

    about                  the rest, as JSON: TensorFlow's version, the names in their order, what was left out
    initial/NAME           a trainable variable before the first step that is no initialiser
    state/NAME             another variable with a shape, at the same time
    early/NAME             a trainable variable after EARLY steps, or at the end of a shorter program
    early_state/NAME       another variable, at the same time
    reached/NAME           a trainable variable after the last recorded step
    final/NAME             a trainable variable at the end of the program
    calls/I/feeds/NAME     what the I-th call was fed, as the dtype of its placeholder
    calls/I/values/J       what it returned: its J-th value, nested structures in order
    calls/I/gradients/NAME what its optimizer applied to a variable, at the variable's first step
    calls/I/updated/NAME   what that variable was then
    calls/I/sources/NAME   what random operations, iterators and queues of the graph gave meanwhile

`about` also has the seeds of random operations in loops, and of what kinds the training is; records of earlier
versions have no such entries. But for initial and final, an array that comes again is stored once. When feeds,
values and sources, or gradients, updated and early_state, have come to LIMIT bytes, of what comes then only shape,
dtype, SHA-256, norm and largest number are kept. This module loads NumPy and no TensorFlow.
"""

import hashlib
import io
import json
import os
import tempfile
import zipfile
from typing import Any, Dict, List, Sequence, Set, Union

import numpy as np

from legacy_gan.errors import TraceError

__all__ = ["EARLY", "LIMIT", "NUMBERS", "Omitted", "Trace", "digest", "norm", "omitted", "read"]

FORMAT = "legacy_gan trace 1"
LIMIT = 256 * 2**20  # bytes in memory; the file is compressed
EARLY = 10  # steps after which the weights are so little amplified that a slip is seen
NUMBERS = "biufc"  # the kinds of NumPy's dtypes that a trace holds


class Trace:
    """What was recorded.

    Attributes:
      tensorflow: str, its version. program: str, its file. requested: int, the steps that were to be recorded.
      initial, state, early, early_state, reached, final: dict of a variable's name to its array, in order of creation.
      seeds: list of (name, type, seed, seed2) of random operations in loops and conditions.
      kinds: list of str, of porting.compare.BOUNDS; empty if it is not known.
      calls: list of dict with
        setup: bool, an initialiser or the like and no step.
        fetches: list of str, the names of what was fetched, nested structures in order.
        values: list of array, Omitted, or None for an operation or what is no number.
        feeds, sources, gradients, updated: dict of name to array or Omitted.
        raised: str, the class of tf.errors that ended the call, or "".
        trains: bool, it changes variables.
        counts: list of bool, a value counts or chooses, so that rounding makes it jump.
        loose: list of str, operations whose results no replay repeats. functions: those that are the program's own.
    """

    def __init__(self, tensorflow: str = "", program: str = "", requested: int = 0):
        self.tensorflow, self.program, self.requested = tensorflow, program, requested
        self.initial: Dict[str, np.ndarray] = {}
        self.state: Dict[str, np.ndarray] = {}
        self.reached: Dict[str, np.ndarray] = {}
        self.final: Dict[str, np.ndarray] = {}
        self.early: Dict[str, np.ndarray] = {}
        self.early_state: Dict[str, Union[np.ndarray, Omitted]] = {}
        self.seeds: List[Sequence[Any]] = []
        self.kinds: List[str] = []
        self.calls: List[Dict[str, Any]] = []
        self._bytes = {False: 0, True: 0}
        self._known: Set[str] = set()  # digests

    def kept(self, value: Any, is_of_variable: bool = False) -> "Union[np.ndarray, Omitted]":
        """Returns an array as the trace keeps it: itself, a copy, or an Omitted beyond LIMIT.

        What is of a variable (gradients, updated, early_state) has a limit of its own.
        """
        value = np.array(value)
        mark = digest(value)
        if mark not in self._known:
            if self._bytes[is_of_variable] + value.nbytes > LIMIT:
                return omitted(value)
            self._bytes[is_of_variable] += value.nbytes
            self._known.add(mark)
        return value

    def write(self, path: str) -> None:
        """Writes the whole file, under another name first."""
        folder = os.path.dirname(path) or "."
        handle, temporary = tempfile.mkstemp(prefix=".trace-", suffix=".part", dir=folder)
        try:
            with os.fdopen(handle, "wb") as f:
                self._write(f)
                f.flush()
                os.fsync(f.fileno())
            mask = os.umask(0)
            os.umask(mask)
            os.chmod(temporary, 0o666 & ~mask)
            os.replace(temporary, path)
        except BaseException:
            os.unlink(temporary)
            raise

    def _write(self, f):
        stored = {}  # digest -> the entry that holds the array
        with zipfile.ZipFile(f, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive:

            def entry(name, value, again=False):
                """Stores an array, `again` if it is there already; returns how `about` names it."""
                if value is None or isinstance(value, Omitted):
                    return value and vars(value)
                mark = digest(value)
                if again or mark not in stored:
                    stored[mark] = name
                    buffer = io.BytesIO()
                    np.lib.format.write_array(buffer, np.asanyarray(value), allow_pickle=False)
                    archive.writestr(zipfile.ZipInfo(f"{name}.npy"), buffer.getvalue(), zipfile.ZIP_DEFLATED)
                return stored[mark]

            about = {
                "format": FORMAT,
                "tensorflow": self.tensorflow,
                "listing": self.program,
                "requested": self.requested,
                "seeds": self.seeds,
                "kinds": self.kinds,
                "calls": [],
            }
            for part in _VARIABLES:
                about[part] = [
                    [name, entry(f"{part}/{name}", value, part in ("initial", "final"))]
                    for name, value in getattr(self, part).items()
                ]
            for i, call in enumerate(self.calls):
                row = dict(
                    call, values=[entry(f"calls/{i}/values/{j}", value) for j, value in enumerate(call["values"])]
                )
                for part in _NAMED:
                    named = call.get(part, {})
                    row[part] = [[name, entry(f"calls/{i}/{part}/{name}", value)] for name, value in named.items()]
                about["calls"].append(row)
            entry("about", np.array(json.dumps(about)))

    @property
    def steps(self) -> List[Dict[str, Any]]:
        """The calls that are no setup."""
        return [call for call in self.calls if not call["setup"]]


_NAMED = ("feeds", "sources", "gradients", "updated")
_VARIABLES = ("initial", "final", "state", "early", "early_state", "reached")


class Omitted:
    """What a trace keeps of an array for which there was no room."""

    def __init__(self, shape: Sequence[int], dtype: str, digest: str, norm: float, largest: float):
        self.shape, self.dtype, self.digest = list(shape), dtype, digest
        self.norm, self.largest = norm, largest


def omitted(value: np.ndarray) -> Omitted:
    """Returns what is kept of an array for which there is no room."""
    return Omitted(value.shape, value.dtype.str, digest(value), norm(value), _largest(value))


def digest(value: np.ndarray) -> str:
    """Returns the SHA-256 of an array's type, shape and content."""
    begun = hashlib.sha256(f"{value.dtype.str} {value.shape} ".encode())
    begun.update(value.tobytes())
    return begun.hexdigest()


def norm(value: np.ndarray) -> float:
    """Returns the Euclidean norm of an array of numbers."""
    return float(np.linalg.norm(np.abs(value.ravel()).astype(np.float64)))


def _largest(value):
    return float(np.abs(value.astype(np.complex128)).max()) if value.size else 0.0


def read(path: str) -> Trace:
    """Reads a trace.

    Raises:
      TraceError: if the file is none, or not whole.
    """
    try:
        with zipfile.ZipFile(path) as archive:

            def stored(name):
                content = io.BytesIO(archive.read(f"{name}.npy"))
                return np.lib.format.read_array(content, allow_pickle=False)

            about = json.loads(str(stored("about")))
            if about["format"] != FORMAT:
                raise ValueError("of another format")
            arrays = {}

            def array(entry):
                if entry is None:
                    return None
                if isinstance(entry, dict):
                    return Omitted(**entry)
                if entry not in arrays:
                    arrays[entry] = stored(entry)
                return arrays[entry]

            trace = Trace(about["tensorflow"], about["listing"], about["requested"])
            trace.seeds, trace.kinds = about.get("seeds", []), about.get("kinds", [])
            for part in _VARIABLES:
                getattr(trace, part).update((name, array(entry)) for name, entry in about.get(part, []))
            for row in about["calls"]:
                call = dict(
                    setup=row["setup"],
                    fetches=row["fetches"],
                    raised=row["raised"],
                    trains=row.get("trains", True),
                    counts=row.get("counts", [False] * len(row["fetches"])),
                    loose=row.get("loose", []),
                    functions=row.get("functions", []),
                    values=[array(entry) for entry in row["values"]],
                )
                for part in _NAMED:
                    call[part] = {name: array(entry) for name, entry in row.get(part, [])}
                trace.calls.append(call)
            return trace
    except OSError as e:
        if e.strerror:
            raise TraceError(f"expected a trace of legacy-gan run --record, got {path}: {e.strerror}") from None
    except Exception:  # what a broken or foreign archive ends in depends on where it is broken
        pass
    raise TraceError(
        f"expected a trace of legacy-gan run --record, got {path}, which is none or is not whole; record it again"
    )
