"""Compares two traces of one program, step by step: `legacy-gan compare`."""

from typing import Any, Iterator, Mapping, Optional, Tuple, Union

import numpy as np

from legacy_gan.errors import TraceError
from legacy_gan.porting.traces import Omitted, Trace, digest, norm, omitted

__all__ = ["compare", "difference"]

# The default bounds, (up to step, relative difference), and that of the norm of the weights: a GAN amplifies
# rounding, and honest implementations of one on TensorFlow 1.15 and 2.x drift apart by a third of this
# (tests/book/test_traces.py; benchmarks/golden_drift.py). Other networks stay far below: give a bound of their own.
BOUNDS = ((3, 4e-4), (10, 2e-3), (50, 2e-2), (None, 1e-1))
NORM = 1e-2


Recorded = Union[np.ndarray, Omitted]


def difference(a: Recorded, b: Recorded) -> Tuple[float, float]:
    """Returns how far two values are apart: (largest absolute, relative difference).

    The relative one is the absolute one over the largest magnitude in both; of whole numbers and bools
    it is the share of elements that differ. NaN goes with NaN, infinite with the same infinite.
    """
    if isinstance(a, Omitted) or isinstance(b, Omitted):
        x, y = (v if isinstance(v, Omitted) else omitted(v) for v in (a, b))
        if x.digest == y.digest:
            return 0.0, 0.0
        absolute = abs(x.norm - y.norm)
        return absolute, _over(absolute, max(x.norm, y.norm))
    return _array_difference(a, b)


def _array_difference(a: np.ndarray, b: np.ndarray) -> Tuple[float, float]:
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


def compare(a: Trace, b: Trace, bound: Optional[float] = None, steps: Optional[int] = None) -> Tuple[str, bool]:
    """Compares two traces of one program.

    Args:
      a, b: the traces. bound: the largest relative difference of a step's values; None: BOUNDS by step.
        The norm of all weights together has NORM, or the bound if that is larger. One variable alone may
        drift without harm: a bias before a batch normalisation has no gradient but rounding, of which Adam
        makes whole steps. steps: only the first so many steps, and no weights.
    Returns:
      (text, ok): what to print; whether all is within the bound.
    Raises:
      TraceError: if they are of different programs, or of one that was fed differently; it names the
        first difference.
    """
    _check_same_program(a, b, steps)
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
        norms, norm_drifts = [0.0, 0.0], []
        for variable, x, y in _pairs(a.reached, b.reached):
            own = norm(x), norm(y)
            norms = [np.hypot(total, one) for total, one in zip(norms, own)]
            norm_drifts.append((_apart(*own), variable))
        drift = _apart(*norms)
        ok = drift <= max(NORM, bound or 0)
        lines.append(
            "weights after {} steps: norms of all differ by {:.1e} (relative){}; of one by up to {:.1e}, {}".format(
                len(pairs), drift, "" if ok else f", beyond {max(NORM, bound or 0):g}", *max(norm_drifts)
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


def _pairs(a: Mapping[str, Any], b: Mapping[str, Any]) -> Iterator[Tuple[str, Any, Any]]:
    """Yields (name, array of a, array of b): by name, or by order where names differ."""
    names = zip(a, a) if set(a) == set(b) else zip(a, b)
    for one, other in names:
        yield one, a[one], b[other]


def _check_same_program(a, b, steps):
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
