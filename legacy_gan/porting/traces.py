"""Traces of a listing's run: what each Session.run was fed and returned, in one npz; and comparing two.

An npz without pickle, `numpy.load(path, allow_pickle=False)` reads it:

    about                  the rest, as JSON: TensorFlow's version, the names in their order, what was left out
    initial/NAME           a trainable variable before the first step that is no initialiser
    state/NAME             another variable with a shape, at the same time
    reached/NAME           a trainable variable after the last recorded step
    final/NAME             a trainable variable at the end of the listing
    calls/I/feeds/NAME     what the I-th call was fed, as the dtype of its placeholder
    calls/I/values/J       what it returned: its J-th value, nested structures in order
    calls/I/sources/NAME   what random operations, iterators and queues of the graph gave meanwhile

But for initial and final, an array that comes again is stored once. When feeds, values and sources have
come to LIMIT bytes, of what comes then only shape, dtype, SHA-256, norm and largest number are kept. This
module loads NumPy and no TensorFlow.
"""

import hashlib
import io
import json
import os
import tempfile
import zipfile

import numpy as np

from legacy_gan.errors import TraceError

__all__ = ["LIMIT", "Omitted", "Trace", "TraceError", "compare", "difference", "digest", "read"]

FORMAT = "legacy_gan trace 1"
LIMIT = 256 * 2**20  # bytes in memory; the file is compressed
# The default bounds, (up to step, relative difference), and that of the norm of the weights: a GAN amplifies
# rounding, and honest implementations of one on TensorFlow 1.15 and 2.x drift apart by a third of this
# (tests/book/test_traces.py; benchmarks/golden_drift.py). Other networks stay far below: give a bound of their own.
BOUNDS = ((3, 4e-4), (10, 2e-3), (50, 2e-2), (None, 1e-1))
NORM = 1e-2
NUMBERS = "biufc"  # the kinds of NumPy's dtypes that a trace holds


class Trace:
    """What was recorded.

    Attributes:
      tensorflow, listing: str. requested: int, the steps that were to be recorded.
      initial, state, reached, final: dict of a variable's name to its array, in order of creation.
      calls: list of dict with
        setup: bool, an initialiser or the like and no step.
        fetches: list of str, the names of what was fetched, nested structures in order.
        values: list of array, Omitted, or None for an operation or what is no number.
        feeds, sources: dict of name to array or Omitted.
        raised: str, the class of tf.errors that ended the call, or "".
    """

    def __init__(self, tensorflow="", listing="", requested=0):
        self.tensorflow, self.listing, self.requested = tensorflow, listing, requested
        self.initial, self.state, self.reached, self.final = {}, {}, {}, {}
        self.calls = []
        self._bytes = 0
        self._known = set()

    def kept(self, value):
        """Returns an array as the trace keeps it: itself, a copy, or an Omitted beyond LIMIT."""
        value = np.array(value)
        mark = digest(value)
        if mark not in self._known:
            if self._bytes + value.nbytes > LIMIT:
                return _omitted(value)
            self._bytes += value.nbytes
            self._known.add(mark)
        return value

    def write(self, path):
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
                "listing": self.listing,
                "requested": self.requested,
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
                for part in ("feeds", "sources"):
                    row[part] = [[name, entry(f"calls/{i}/{part}/{name}", value)] for name, value in call[part].items()]
                about["calls"].append(row)
            entry("about", np.array(json.dumps(about)))

    @property
    def steps(self):
        """The calls that are no setup."""
        return [call for call in self.calls if not call["setup"]]


_VARIABLES = ("initial", "final", "state", "reached")


class Omitted:
    """What a trace keeps of an array for which there was no room."""

    def __init__(self, shape, dtype, digest, norm, largest):
        self.shape, self.dtype, self.digest = list(shape), dtype, digest
        self.norm, self.largest = norm, largest


def _omitted(value):
    return Omitted(value.shape, value.dtype.str, digest(value), _norm(value), _largest(value))


def digest(value):
    """Returns the SHA-256 (str) of an array's type, shape and content."""
    begun = hashlib.sha256(f"{value.dtype.str} {value.shape} ".encode())
    begun.update(value.tobytes())
    return begun.hexdigest()


def _norm(value):
    return float(np.linalg.norm(np.abs(value.ravel()).astype(np.float64)))


def _largest(value):
    return float(np.abs(value.astype(np.complex128)).max()) if value.size else 0.0


def read(path):
    """Returns a Trace.

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
            for part in _VARIABLES:
                getattr(trace, part).update((name, array(entry)) for name, entry in about[part])
            for row in about["calls"]:
                call = dict(
                    setup=row["setup"],
                    fetches=row["fetches"],
                    raised=row["raised"],
                    values=[array(entry) for entry in row["values"]],
                )
                for part in ("feeds", "sources"):
                    call[part] = {name: array(entry) for name, entry in row[part]}
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


# --- Comparing ------------------------------------------------------------------------------------


def difference(a, b):
    """Returns how far two values are apart: (largest absolute, relative difference), floats.

    The relative one is the absolute one over the largest magnitude in both; of whole numbers and bools
    it is the share of elements that differ. NaN goes with NaN, infinite with the same infinite.
    """
    if isinstance(a, Omitted) or isinstance(b, Omitted):
        a, b = (v if isinstance(v, Omitted) else _omitted(v) for v in (a, b))
        if a.digest == b.digest:
            return 0.0, 0.0
        absolute = abs(a.norm - b.norm)
        return absolute, _over(absolute, max(a.norm, b.norm))
    if a.dtype.kind in "biu" and b.dtype.kind in "biu":
        if not a.size:
            return 0.0, 0.0
        return float(np.abs(a.astype(np.float64) - b.astype(np.float64)).max()), float(np.mean(a != b))
    wide = np.complex128 if "c" in (a.dtype.kind, b.dtype.kind) else np.float64
    a, b = a.astype(wide), b.astype(wide)
    same = (a == b) | (np.isnan(a) & np.isnan(b))
    if same.all():
        return 0.0, 0.0
    a, b = a[~same], b[~same]
    if not (np.isfinite(a).all() and np.isfinite(b).all()):
        return float("inf"), float("inf")
    absolute = float(np.abs(a - b).max())
    return absolute, _over(absolute, max(np.abs(a).max(), np.abs(b).max()))


def _over(absolute, scale):
    return 0.0 if absolute == 0 else float(absolute / scale)


def _apart(a, b):
    """Returns the relative difference of two norms."""
    if np.isfinite(a) and np.isfinite(b):
        return _over(abs(a - b), max(a, b))
    return 0.0 if np.isfinite(a) == np.isfinite(b) else float("inf")


def compare(a, b, bound=None, steps=None):
    """Compares two traces of one listing.

    Args:
      a, b: Trace. bound: float, the largest relative difference of a step's values; None: BOUNDS by step.
        The norm of all weights together has NORM, or the bound if that is larger. One variable alone may
        drift without harm: a bias before a batch normalisation has no gradient but rounding, of which Adam
        makes whole steps. steps: int, only the first so many steps, and no weights.
    Returns:
      (text, ok): what to print; whether all is within the bound.
    Raises:
      TraceError: if they are of different listings, or of one that was fed differently; it names the
        first difference.
    """
    _same_listing(a, b, steps)
    lines, ok, held, broken = ["step  relative  absolute  largest at"], True, 0, None
    pairs = list(zip(a.steps, b.steps))[:steps]
    numbered = 0
    for number, (one, other) in enumerate(pairs, 1):
        drifts = [
            difference(x, y) + (name,)
            for x, y, name in zip(one["values"], other["values"], one["fetches"])
            if x is not None
        ]
        if not drifts:
            continue
        numbered += 1
        absolute = max(drift[0] for drift in drifts)
        _, relative, name = max(drifts, key=lambda drift: drift[1])
        limit = bound if bound is not None else next(x for last, x in BOUNDS if last is None or number <= last)
        beyond = relative > limit
        lines.append(
            "{:4d}  {:8.1e}  {:8.1e}  {}{}".format(
                number, relative, absolute, name, f"  beyond {limit:g}" if beyond else ""
            )
        )
        if beyond and broken is None:
            broken = number
        if broken is None:
            held = number
    whole = steps is None or steps >= max(len(a.steps), len(b.steps))
    if whole and a.reached:
        norms, drifts = [0.0, 0.0], []
        for variable, x, y in _pairs(a.reached, b.reached):
            own = _norm(x), _norm(y)
            norms = [np.hypot(norm, one) for norm, one in zip(norms, own)]
            drifts.append((_apart(*own), variable))
        drift = _apart(*norms)
        ok = drift <= max(NORM, bound or 0)
        lines.append(
            "weights after {} steps: norms of all differ by {:.1e} (relative){}; of one by up to {:.1e}, {}".format(
                len(pairs), drift, "" if ok else f", beyond {max(NORM, bound or 0):g}", *max(drifts)
            )
        )
    ok = ok and broken is None
    said = (
        f"{bound:g}"
        if bound is not None
        else ", ".join(f"{x:g}{(f' up to step {last}' if last else ' beyond')}" for last, x in BOUNDS)
    )
    if broken is not None:
        lines.append(
            "beyond the bound ({}) at step {}; {}".format(
                said, broken, f"within it up to step {held}" if held else "never within it"
            )
        )
    elif not ok:
        lines.append(f"within the bound ({said}) in all {numbered} steps, but not the weights")
    else:
        lines.append(f"within the bound ({said}) in all {numbered} steps that returned numbers")
    return "\n".join(lines), ok


def _pairs(a, b):
    """Yields (name, array of a, array of b): by name, or by order where names differ."""
    names = zip(a, a) if set(a) == set(b) else zip(a, b)
    for one, other in names:
        yield one, a[one], b[other]


def _same_listing(a, b, steps):
    """Raises TraceError where two traces are not of the same calls."""

    def differ(where, x, y):
        raise TraceError(
            f"expected two traces of one listing, got {x} in one and {y} in the other {where}; record "
            "the second with --replay of the first"
        )

    if len(a.initial) != len(b.initial):
        differ("at the start", *(f"{len(t.initial)} trainable variables" for t in (a, b)))
    for name, x, y in _pairs(a.initial, b.initial):
        if x.shape != y.shape:
            differ(f"as trainable variable {name}", f"shape {x.shape}", f"shape {y.shape}")
        if not np.array_equal(x, y):
            differ(f"as initial value of {name}", "one array", "another")
    for number, (one, other) in enumerate(list(zip(a.steps, b.steps))[:steps], 1):
        where = f"at step {number}"
        if one["raised"] != other["raised"]:
            differ(where, *(t["raised"] or "no exception" for t in (one, other)))
        if len(one["fetches"]) != len(other["fetches"]):
            differ(where, *(f"{len(t['fetches'])} fetches" for t in (one, other)))
        for name, x, y in zip(one["fetches"], one["values"], other["values"]):
            if _kind(x) != _kind(y):
                differ(f"{where} for {name}", _kind(x), _kind(y))
        if len(one["feeds"]) != len(other["feeds"]):
            differ(where, *(f"{len(t['feeds'])} feeds" for t in (one, other)))
        for name, x, y in _pairs(one["feeds"], other["feeds"]):
            if _kind(x) != _kind(y):
                differ(f"{where} fed to {name}", _kind(x), _kind(y))
            if _fed(x) != _fed(y):
                differ(f"{where} fed to {name}", "one array", "another")
    counts = [len(t.steps) for t in (a, b)]
    if counts[0] != counts[1] and (steps is None or min(counts) < steps):
        differ("in all", *(f"{count} steps" for count in counts))


def _kind(value):
    return "no number" if value is None else f"shape {tuple(value.shape)}"


def _fed(value):
    return value.digest if isinstance(value, Omitted) else digest(value)
