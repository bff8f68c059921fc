"""Compares two traces of one program, step by step: `legacy-gan compare`."""

import dataclasses
from typing import Any, Dict, Iterator, Mapping, NamedTuple, Optional, Tuple, Union

import numpy as np

from legacy_gan.errors import TraceError
from legacy_gan.porting.traces import EARLY, Omitted, Trace, digest, norm, omitted

__all__ = ["BOUNDS", "Bounds", "compare", "difference", "measured"]


@dataclasses.dataclass(frozen=True)
class Bounds:
    """How far faithful runs may be apart, as relative differences.

    Attributes:
      values: of what steps return, of the first step, up to LAST[1], ...; whole: of the gradients of the first step.
      update: of what the first step made of the weights, where their gradients agree. weights: of what traces.EARLY
        steps made of them. state: of averages, moments and other variables after so many.
    """

    values: Tuple[float, ...]
    gradients: float
    update: float
    weights: float
    state: float


LAST = (1, 3, 10, 50, 100, None)  # steps: what Bounds.values are for
# At least three times the largest that benchmarks/faithful.py sees on TensorFlow 1.15.5 and 2.21, with oneDNN and
# without; the values of adversarial training, several steps by turns, are from benchmarks/golden_drift.py.
BOUNDS = {
    "dense": Bounds((2e-5, 2e-5, 2e-4, 2e-3, 2e-2, 1e-1), 1e-4, 5e-5, 1e-2, 1e-2),
    "convolution": Bounds((2e-5, 5e-5, 5e-4, 5e-3, 5e-2, 1e-1), 1e-4, 5e-5, 1e-2, 1e-2),
    "normalization": Bounds((5e-5, 4e-4, 5e-3, 1e-1, 3e-1, 3e-1), 1e-4, 5e-5, 5e-2, 4e-1),
    "recurrent": Bounds((2e-5, 2e-5, 2e-4, 2e-3, 2e-2, 1e-1), 1e-4, 5e-5, 1e-2, 1e-2),
    "attention": Bounds((2e-5, 2e-5, 2e-4, 2e-3, 2e-2, 1e-1), 1e-4, 5e-5, 1e-2, 1e-2),
    "adversarial": Bounds((4e-4, 4e-4, 2e-3, 2e-2, 1e-1, 1e-1), 1e-4, 5e-5, 5e-2, 1e-2),
}
NORM = 1e-2  # of the norm of all weights together
NOISE = 1e-5  # a gradient that is so small beside the largest of its step, and differs, is rounding
AGREED = 1e-3  # an element of a gradient that differs by less
SMALL = 1e-3  # a gradient's rounding is that of one which is at least so large beside the largest of its step


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
      a, b: the traces. bound: the largest relative difference of a step's values, instead of that of BOUNDS for the
        program's kinds. steps: only the first so many steps, and no weights after them.
    Returns:
      (text, ok): what to print; whether all is within the bounds.
    Raises:
      TraceError: if they are of different programs, or of one that was fed differently; it names the
        first difference.
    """
    _check_same_program(a, b, steps)
    return _Comparison(a, b, bound, steps).told()


def measured(a: Trace, b: Trace) -> Dict[str, Any]:
    """Returns how far two traces of one program are apart, in the terms of Bounds; weights and state in norm."""
    _check_same_program(a, b, None)
    one = _Comparison(a, b, None, None)
    rows = [row for row in one.rows if row.relative is not None]
    return {
        "kinds": one.kinds,
        "values": [
            max([row.relative for row in rows if _slot(row.number) == i], default=0.0) for i in range(len(LAST))
        ],
        "gradients": max([x for x, _ in one.gradients], default=0.0),
        "update": max([x for x, _ in one.updates], default=0.0),
        "weights": one.weights,
        "state": max([x for x, _ in one.state], default=0.0),
        "noise": [name for name, _ in one.noise],
    }


class _Row(NamedTuple):
    """What a step's values are apart; relative is None where nothing is judged."""

    number: int
    relative: Optional[float]
    absolute: float
    name: str


class _Comparison:
    """All differences of two traces.

    Attributes:
      kinds: of the program. bounds: Bounds. rows: _Row of each step that returned numbers. losses: how many values
        with a fraction were judged. jumping: names of what counts or chooses.
      noise: (name, its gradient beside the largest of its step). gradients, updates, state: (difference, name).
      weights: the relative difference of what training made of all weights, but noise; None if it is not known.
    """

    def __init__(self, a, b, bound, steps):
        self._a, self._b, self._bound = a, b, bound
        self._pairs = list(zip(a.steps, b.steps))[:steps]
        self._is_whole = steps is None or steps >= max(len(a.steps), len(b.steps))
        self.kinds = _kinds(a, b)
        self.bounds = _largest_bounds(self.kinds or list(BOUNDS))
        self.losses, self.jumping = 0, set()
        self.rows = [row for row in (self._row(n, *pair) for n, pair in enumerate(self._pairs, 1)) if row]
        self.noise, self.gradients, self.updates = [], [], []
        for one, other in self._pairs:
            self._look_at_update(one, other)
        self.weights, self.norms, self.state = None, None, []
        self._early = min(EARLY, len(a.steps))
        if a.early and b.early and (steps is None or steps >= self._early):
            self._look_at_early()
        if self._is_whole and a.reached:
            self._look_at_end()

    def _row(self, number, one, other):
        judged, shown = [], []
        for name, x, y, counts in zip(one["fetches"], one["values"], other["values"], one["counts"]):
            if x is None:
                continue
            absolute, relative = difference(x, y)
            shown.append((relative, absolute, name))
            if counts:
                self.jumping.add(name)
            else:
                judged.append((relative, absolute, name))
                self.losses += np.dtype(x.dtype).kind in "fc"
        if not shown:
            return None
        relative, absolute, name = max(judged or shown)
        return _Row(number, relative if judged else None, absolute, name)

    def limit(self, number):
        """Returns the bound of a step's values."""
        return self.bounds.values[_slot(number)] if self._bound is None else self._bound

    def _look_at_update(self, one, other):
        pairs = [
            (name, x, y)
            for name, x, y in _pairs(one["gradients"], other["gradients"])
            if not isinstance(x, Omitted) and not isinstance(y, Omitted) and name in self._a.initial
        ]
        sizes = {name: _size(x) for name, x, _ in pairs}
        largest = max(sizes.values(), default=0.0)
        after = {name: (x, y) for name, x, y in _pairs(one["updated"], other["updated"])}
        for name, x, y in pairs:
            if _norm_apart(x, y) > AGREED and sizes[name] <= NOISE * largest:
                self.noise.append((name, _over(sizes[name], largest)))
                continue
            self.gradients.append((_norm_apart(x, y, SMALL * largest), name))
            begun = self._a.initial[name]
            if name in after and not any(isinstance(w, Omitted) for w in after[name]):
                agreed = np.abs(x - y) <= AGREED * np.abs(x)
                self.updates.append((_update_apart(*after[name], begun, agreed), name))

    def _look_at_early(self):
        """Looks at what the first few steps made of weights, averages and moments."""
        a, b = self._a, self._b
        noise = {name for name, _ in self.noise}
        parts = [0.0, 0.0, 0.0]
        for name, x, y in _pairs(a.early, b.early):
            begun = a.initial.get(name)
            if name not in noise and begun is not None and x.dtype.kind in "fc":
                made = x.astype(np.float64) - begun, y.astype(np.float64) - begun
                apart = np.maximum(np.abs(made[0] - made[1]) - EARLY * np.spacing(np.abs(begun)), 0.0)
                parts = [float(np.hypot(total, norm(part))) for total, part in zip(parts, (apart, *made))]
        self.weights = _share(*parts)
        walked = [b.early[name] - a.early[name] for name in noise if name in a.early and name in b.early]
        for name, x, y in _pairs(a.early_state, b.early_state):
            if not any(name.startswith(f"{one}/") for one in noise):
                if isinstance(x, Omitted) or isinstance(y, Omitted):
                    self.state.append((difference(x, y)[1], name))
                elif not _is_of_noise(name, x, y, walked):
                    self.state.append((_norm_apart(x, y), name))

    def _look_at_end(self):
        norms, drifts = [0.0, 0.0], []
        for name, x, y in _pairs(self._a.reached, self._b.reached):
            own = norm(x), norm(y)
            norms = [float(np.hypot(total, one)) for total, one in zip(norms, own)]
            drifts.append((_apart(*own), name))
        self.norms = (_apart(*norms), *max(drifts))

    def told(self):
        """Returns (text, ok)."""
        lines, faults = ["step  relative  absolute  largest at"], []
        broken, held = None, 0
        for row in self.rows:
            is_beyond = row.relative is not None and row.relative > self.limit(row.number)
            relative = "       -" if row.relative is None else f"{row.relative:8.1e}"
            beyond = f"  beyond {self.limit(row.number):g}" if is_beyond else ""
            lines.append(f"{row.number:4d}  {relative}  {row.absolute:8.1e}  {row.name}{beyond}")
            if is_beyond and broken is None:
                broken = row.number
            if broken is None:
                held = row.number
        for what, found, limit in (
            ("gradients of the first steps", self.gradients, self.bounds.gradients),
            ("first changes of the weights", self.updates, self.bounds.update),
        ):
            if found:
                lines.append(self._line(f"{what} differ", found, limit, faults))
        for name, size in self.noise:
            lines.append(
                f"the gradient of {name} is rounding around zero ({size:.0e} of the largest of its step): what an "
                "optimizer makes of it is chance, and is not judged"
            )
        if self.weights is not None:
            what = f"after {self._early} steps, what training made of the weights differs"
            lines.append(self._line(what, [(self.weights, "all")], self.bounds.weights, faults))
            if self.state:
                what = f"after {self._early} steps, averages and moments differ"
                lines.append(self._line(what, self.state, self.bounds.state, faults))
        if self.norms is not None:
            drift, one, name = self.norms
            limit = max(NORM, self._bound or 0)
            line = f"weights after {len(self._pairs)} steps: norms of all differ by {drift:.1e} (relative)"
            if drift > limit:
                line += f", beyond {limit:g}"
                faults.append("the weights")
            lines.append(f"{line}; of one by up to {one:.1e}, {name}")
        return "\n".join(lines + self._verdict(broken, held, faults)), broken is None and not faults

    def _line(self, what, found, limit, faults):
        limit = max(limit, self._bound or 0)
        largest, name = max(found)
        beyond = f", beyond {limit:g}" if largest > limit else ""
        if beyond:
            faults.append(what.rsplit(" ", 1)[0])
        return f"{what} by up to {largest:.1e} (relative), {name}{beyond}"

    def _verdict(self, broken, held, faults):
        judged = [row for row in self.rows if row.relative is not None]
        said = f"{self._bound:g}" if self._bound is not None else self._said_bounds()
        lines = []
        if self.jumping:
            names = ", ".join(sorted(self.jumping)[:4])
            lines.append(f"not judged, because it counts or chooses and rounding makes it jump: {names}")
        if not self.losses:
            lines.append(
                "no loss was compared: no step returned a number with a fraction; have the program fetch its loss "
                "in the sess.run that trains, sess.run([train, loss])"
            )
            if not judged and not self.updates and self.norms is None:
                faults.append("anything")
                return [*lines, "nothing was compared: the traces have no results and no weights"]
        loose = [(n, names) for n, pair in enumerate(self._pairs, 1) for names in [_loose(*pair)] if names]
        if broken is not None:
            lines.append(
                "beyond the bound ({}) at step {}; {}".format(
                    said, broken, f"within it up to step {held}" if held else "never within it"
                )
            )
        elif faults:
            but = ", ".join(faults)
            lines.append(f"within the bound ({said}) in all {len(judged)} steps, but not {but}")
        else:
            lines.append(f"within the bound ({said}) in all {len(judged)} steps that returned numbers")
        if loose and (broken is not None or faults):
            number, names = loose[0]
            lines.append(
                f"this does not show that the programs differ: from step {number} on {', '.join(names[:4])} gives "
                "numbers that no replay repeats"
            )
        return lines

    def _said_bounds(self):
        limits = self.bounds.values
        parts = [
            f"{limit:g} {f'up to step {last}' if last else 'beyond'}"
            for last, limit, following in zip(LAST, limits, (*limits[1:], None))
            if limit != following
        ]
        return f"{', '.join(self.kinds) or 'any kind'}: {', '.join(parts)}"


def _kinds(a, b):
    """Returns the kinds of a program, () if one of the traces does not say."""
    if not a.kinds or not b.kinds:
        return []
    trained = {tuple(call["fetches"]) for call in a.steps if call["trains"]}
    is_adversarial = len({frozenset(call["gradients"]) for call in a.steps if call["gradients"]}) > 1
    return sorted({*a.kinds, *b.kinds, *(["adversarial"] if is_adversarial and len(trained) > 1 else [])})


def _largest_bounds(kinds):
    rows = [BOUNDS[kind] for kind in kinds if kind in BOUNDS] or list(BOUNDS.values())
    return Bounds(
        tuple(max(column) for column in zip(*(row.values for row in rows))),
        *(max(getattr(row, name) for row in rows) for name in ("gradients", "update", "weights", "state")),
    )


def _slot(number):
    return next(i for i, last in enumerate(LAST) if last is None or number <= last)


def _loose(one, other):
    """Returns the names of what gave a step numbers that no replay repeats."""
    return [*one["loose"], *other["loose"], *one["functions"]]


def _size(x):
    """Returns the root of the mean square."""
    return norm(x) / np.sqrt(max(x.size, 1))


def _is_of_noise(name, x, y, walked):
    """Whether an average differs because a weight, whose gradient is rounding, went another way: its mean follows."""
    for way in walked:
        if way.shape == x.shape and way.dtype == x.dtype:
            moved = (y - x).ravel()
            if "mean" in name.rsplit("/", 1)[-1] or np.dot(way.ravel(), moved) > 0.7 * norm(way) * norm(moved):
                return True
    return False


def _update_apart(x, y, begun, agreed):
    """Returns how far apart two weights have moved, where that is more than the last place of the weight."""
    made = [(w.astype(np.float64) - begun)[agreed] for w in (x, y)]
    if not all(np.isfinite(one).all() for one in made):
        return _norm_apart(*made)
    apart = np.maximum(np.abs(made[0] - made[1]) - np.spacing(np.abs(begun))[agreed], 0.0)
    return _share(norm(apart), *map(norm, made))


def _norm_apart(x, y, least=0.0):
    """Returns the norm of the difference of two arrays over the larger of both, or over that of `least` throughout."""
    if x.dtype.kind not in "fc" or y.dtype.kind not in "fc":
        return difference(x, y)[1]
    same = (x == y) | (np.isnan(x) & np.isnan(y))
    if same.all():
        return 0.0
    least *= np.sqrt(x.size)
    x, y = x[~same].astype(np.complex128), y[~same].astype(np.complex128)
    return _share(norm(x - y), max(norm(x), least), norm(y))


def _share(apart, one, other):
    if not np.isfinite([apart, one, other]).all():
        return float("inf")
    return _over(apart, max(one, other))


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
