"""The curves of a report: lines that follow the page's colours, and words beside them, readable at any width."""

import math
from typing import Any, List, NamedTuple, Optional, Sequence, Tuple

import numpy as np

from legacy_gan.translation import tr

STRETCHES = 400  # into which a run's losses are divided, or fewer
SIDE = 1000  # a plot's coordinates go from 0 to SIDE in both directions; the page stretches it
_TICKS = 5  # the most numbers at an axis
_MARGIN = 0.04  # of a plot's height that stays empty above and below
_RARE = 2  # per cent of the steps whose spikes may be cut off, at either end


class Line(NamedTuple):
    """A curve in a plot.

    Fields:
      name: in words. color: the page's class for it. path: an SVG path. band: of its range, "" for none.
      last: its last value, for a person.
    """

    name: str
    color: str
    path: str
    band: str
    last: str


class Tick(NamedTuple):
    """A number at an axis, at a per cent of its length."""

    at: float
    text: str


class Chart(NamedTuple):
    """A plot with its words.

    Fields:
      title: in words. unit: of the upright axis, "" for none. lines: its curves.
      x, y: the numbers at its axes. level: where a line lies across it, in per cent; None for none.
    """

    title: str
    unit: str
    lines: List[Line]
    x: List[Tick]
    y: List[Tick]
    level: Optional[float]


class Curve(NamedTuple):
    """What is to be drawn: x, y float [n]; least and most float [n] of its range, or None."""

    name: str
    color: str
    x: np.ndarray
    y: np.ndarray
    least: Optional[np.ndarray] = None
    most: Optional[np.ndarray] = None


def losses(values: np.ndarray, steps_per_epoch: int) -> List[Chart]:
    """Returns a plot of D's loss and one of G's, of the same width, against the epochs; none where there is no step.

    Args:
      values: float [2, steps], D's and G's.
    """
    if not values.shape[1]:
        return []
    return [
        chart(title, tr("nats"), [loss_curve(tr("mean, at the end"), color, row, steps_per_epoch, has_band=True)])
        for title, color, row in zip((tr("D loss"), tr("G loss")), ("d", "g"), values)
    ]


def loss_curve(name: str, color: str, values: np.ndarray, steps_per_epoch: int, has_band: bool = False) -> Curve:
    """Returns the means of a loss over short stretches, against the epochs.

    Args:
      name, color: as of a Curve. values: float [steps], at least one. has_band: whether the range is drawn.
    """
    parts = stretches(len(values))
    x = np.array([(part[-1] + 1) / steps_per_epoch for part in parts])
    least, most = (np.array([of(values[part]) for part in parts]) for of in (np.min, np.max))
    means = np.array([values[part].mean() for part in parts])
    return Curve(name, color, x, means, least if has_band else None, most if has_band else None)


def health(rows: np.ndarray, steps_per_epoch: int) -> List[Chart]:
    """Returns a plot of what D makes of real and generated images and one of the spread; none where there is no row.

    Args:
      rows: float [n, 5]: step, epoch, mean D(x), mean D(G(z)), spread.
    """
    rows = np.asarray(rows, np.float64).reshape(-1, 5)
    if not len(rows):
        return []
    epochs = rows[:, 0] / steps_per_epoch
    judged = [
        Curve(tr("real, mean D(x)"), "real", epochs, rows[:, 2]),
        Curve(tr("generated, mean D(G(z))"), "g", epochs, rows[:, 3]),
    ]
    return [
        chart(tr("What D believes"), tr("probability of real"), judged, (0, 1), 0.5),
        spread([Curve(tr("generated"), "g", epochs, rows[:, 4])]),
    ]


def spread(curves: Sequence[Curve]) -> Chart:
    """Returns a plot of how far generated images lie apart, beside real ones, for which it is 1."""
    most = max([1.0] + [float(np.max(curve.y[np.isfinite(curve.y)], initial=0)) for curve in curves])
    return chart(tr("How far images lie apart"), tr("1: as far as real ones"), curves, (0, most), 1.0)


def chart(
    title: str,
    unit: str,
    curves: Sequence[Curve],
    y_range: Optional[Tuple[float, float]] = None,
    level: Optional[float] = None,
) -> Chart:
    """Returns a plot of curves against epochs, from 0.

    Args:
      title, unit: as of a Chart. curves: at least one.
      y_range: what the upright axis must show; None for that of the curves. level: where a line lies across.
    """
    x_end = max(float(curve.x[-1]) for curve in curves)
    low, high = y_range or _range(curves)
    margin = _MARGIN * (high - low)
    low, high = low - margin, high + margin
    across, up = (0.0, x_end), (low, high)
    lines = []
    for curve in curves:
        band = ""
        if curve.least is not None and curve.most is not None:
            band = _band(curve.x, curve.least, curve.most, across, up)
        lines.append(
            Line(curve.name, curve.color, _path(curve.x, curve.y, across, up), band, readable(float(curve.y[-1])))
        )
    at = None if level is None else 100 * (level - low) / (high - low)
    return Chart(title, unit, lines, _ticks(across), _ticks(up), at)


def readable(number: float) -> str:
    """Returns a number with three digits, for a person."""
    if not math.isfinite(number):
        return "-"
    if abs(number) >= 1000:
        return f"{number:,.0f}"
    return f"{number:#.3g}".rstrip(".") if abs(number) >= 1e-4 else "0" if number == 0 else "≈ 0"


def stretches(steps: int) -> List[np.ndarray]:
    """Returns the steps of a run in order, int [m] each, in at most STRETCHES parts of one length."""
    length = -(-steps // STRETCHES)
    return np.split(np.arange(steps), list(range(length, steps, length)))


def _range(curves: Sequence[Curve]) -> Tuple[float, float]:
    """Returns the least and the most to be shown: all means, and of the ranges what is no rare spike."""
    seen: List[Any] = [curve.y for curve in curves]
    for curve in curves:
        for edge in (curve.least, curve.most):
            if edge is not None and np.isfinite(edge).any():
                seen.append(np.percentile(edge[np.isfinite(edge)], [_RARE, 100 - _RARE]))
    values = np.concatenate(seen)
    values = values[np.isfinite(values)]
    if not len(values):
        return 0.0, 1.0
    low, high = float(values.min()), float(values.max())
    return (low, high) if high - low > 1e-9 * max(1.0, abs(high)) else (low - 0.5, high + 0.5)


def _points(x: np.ndarray, y: np.ndarray, across: Tuple[float, float], up: Tuple[float, float]) -> List[str]:
    left = SIDE * (x - across[0]) / max(across[1] - across[0], 1e-12)
    top = SIDE * (1 - (y - up[0]) / (up[1] - up[0]))
    return [f"{a:.1f},{b:.1f}" for a, b in zip(left, np.clip(top, -10 * SIDE, 10 * SIDE))]


def _path(x: np.ndarray, y: np.ndarray, across: Tuple[float, float], up: Tuple[float, float]) -> str:
    """Returns an SVG path that leaves gaps where a value is not finite; a lone point is a short line."""
    parts = []
    for some in _finite_parts(y):
        points = _points(x[some], y[some], across, up)
        parts.append("M" + "L".join(points if len(points) > 1 else points * 2))
    return "".join(parts)


def _band(
    x: np.ndarray, least: np.ndarray, most: np.ndarray, across: Tuple[float, float], up: Tuple[float, float]
) -> str:
    return "".join(
        "M" + "L".join(_points(x[some], most[some], across, up) + _points(x[some], least[some], across, up)[::-1]) + "Z"
        for some in _finite_parts(least + most)
    )


def _finite_parts(y: np.ndarray) -> List[np.ndarray]:
    """Returns the places of finite values, int [m] for each stretch without a gap."""
    places = np.flatnonzero(np.isfinite(y))
    parts = np.split(places, np.flatnonzero(np.diff(places) > 1) + 1)
    return [part for part in parts if len(part)]


def _ticks(ends: Tuple[float, float]) -> List[Tick]:
    """Returns round numbers between two ends, three to five of them where that is possible."""
    length = ends[1] - ends[0]
    if length <= 0:
        return [Tick(0.0, f"{ends[0]:g}")]
    step = next(
        size
        for power in range(-9, 16)
        for size in (10.0**power, 2 * 10.0**power, 5 * 10.0**power)
        if length / size <= _TICKS
    )
    first = math.ceil(ends[0] / step - 1e-9)
    last = math.floor(ends[1] / step + 1e-9)
    return [Tick(100 * (n * step - ends[0]) / length, f"{n * step:.10g}") for n in range(first, last + 1)]
