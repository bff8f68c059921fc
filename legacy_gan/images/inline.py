"""Pictures and curves within a page of HTML: what a notebook and the report show without files beside them."""

import base64
import html
from typing import List, Sequence, Tuple

import numpy as np

WIDTH, HEIGHT, MARGIN = 560, 180, 50  # of the curves, in pixels
POINTS = 280  # a curve has at most so many: each is the mean of a stretch of steps
CURVES = (("D loss", "#1f77b4"), ("G loss", "#2ca02c"))  # the colours of the report


def data_url(png: bytes) -> str:
    """Returns the address of a picture that holds the picture."""
    return f"data:image/png;base64,{base64.b64encode(png).decode('ascii')}"


def page(title: str, facts: Sequence[Tuple[str, str]], png: bytes, d_loss: np.ndarray, g_loss: np.ndarray) -> str:
    """Returns a title, facts, a picture and the curves of both losses as HTML.

    Args:
      title: text. facts: (name, value), texts.
      png: the picture; b"" for none.
      d_loss, g_loss: float [steps], with the listing's signs.
    """
    said = " · ".join(f"{html.escape(name)} <b>{html.escape(value)}</b>" for name, value in facts)
    picture = (
        f'<img src="{data_url(png)}" alt="" style="width:{WIDTH}px;max-width:100%;image-rendering:pixelated">'
        if png
        else ""
    )
    return f"<div><b>{html.escape(title)}</b> {said}<br>{picture}<br>{curves(d_loss, g_loss)}</div>"


def curves(d_loss: np.ndarray, g_loss: np.ndarray) -> str:
    """Returns both losses against the steps as an SVG, "" for no steps; losses that are not finite are left out."""
    rows = [_means(np.asarray(row, np.float64)) for row in (d_loss, g_loss)]
    finite = np.concatenate([row[np.isfinite(row)] for row in rows])
    if not finite.size:
        return ""
    low, high = float(finite.min()), float(finite.max())
    drawn = [
        f'<polyline points="{_points(row, low, high)}" fill="none" stroke="{color}" stroke-width="1.5"/>'
        f'<text x="{MARGIN + 8 + 70 * n}" y="14" fill="{color}">{name}</text>'
        for n, (row, (name, color)) in enumerate(zip(rows, CURVES))
    ]
    numbers = [(2, MARGIN - 10, f"{high:.3g}"), (2, HEIGHT - MARGIN, f"{low:.3g}")]
    numbers += [(WIDTH - 90, HEIGHT - 8, f"step {len(d_loss)}")]
    drawn += [f'<text x="{x}" y="{y}" fill="#555">{text}</text>' for x, y, text in numbers]
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" font-family="sans-serif" font-size="12" '
        f'style="max-width:100%;background:white">{"".join(drawn)}</svg>'
    )


def _means(row: np.ndarray) -> np.ndarray:
    """Returns the means of at most POINTS stretches of a curve."""
    length = max(1, -(-len(row) // POINTS))
    return np.array([row[start : start + length].mean() for start in range(0, len(row), length)])


def _points(row: np.ndarray, low: float, high: float) -> str:
    """Returns a curve's places in the picture."""
    across = (WIDTH - 2 * MARGIN) / max(1, len(row) - 1)
    up = (HEIGHT - 2 * MARGIN) / ((high - low) or 1.0)
    found: List[str] = [
        f"{MARGIN + n * across:.1f},{HEIGHT - MARGIN - (value - low) * up:.1f}"
        for n, value in enumerate(row)
        if np.isfinite(value)
    ]
    return " ".join(found)
