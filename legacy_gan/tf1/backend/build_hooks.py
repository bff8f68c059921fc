"""Hooks that override dropout's random choice and batch norm's updates while a graph is built.

TensorFlow's random operations give other numbers on every version and inside XLA. What is built inside
`dropped_by` drops the same values everywhere.
"""

import contextlib
import threading
from typing import Any, Callable, Iterator, Optional

__all__ = ["averages_kept", "dropped_by", "keeps_averages", "source"]

_here = threading.local()


@contextlib.contextmanager
def dropped_by(kept: Callable[[Any, float], Any]) -> Iterator[None]:
    """Inside, every tf.layers.dropout that is built without a seed of its own asks `kept`.

    Args:
      kept: a function of (inputs, rate), a tensor and a float, that returns what is kept of the inputs,
        a bool tensor of their shape.
    """
    before = source()
    _here.kept = kept
    try:
        yield
    finally:
        _here.kept = before


def source() -> Optional[Callable[[Any, float], Any]]:
    """Returns the `kept` of the innermost `dropped_by`, or None."""
    return getattr(_here, "kept", None)


@contextlib.contextmanager
def averages_kept() -> Iterator[None]:
    """Inside, a tf.layers.batch_normalization that is built does not move its averages."""
    before = keeps_averages()
    _here.averages = True
    try:
        yield
    finally:
        _here.averages = before


def keeps_averages() -> bool:
    """Whether this is inside `averages_kept`."""
    return getattr(_here, "averages", False)
