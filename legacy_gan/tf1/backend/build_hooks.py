"""What of tf.layers is decided from outside: dropout's random choice, batch norm's averages.

TensorFlow's random operations give other numbers on every version and inside XLA. What is built inside
`dropped_by` drops the same values everywhere.
"""

import contextlib
import threading

__all__ = ["averages_kept", "dropped_by", "keeps_averages", "source"]

_here = threading.local()


@contextlib.contextmanager
def dropped_by(kept):
    """Every tf.layers.dropout that is built inside, without a seed of its own, asks `kept`.

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


def source():
    """Returns the `kept` of the innermost `dropped_by`, or None."""
    return getattr(_here, "kept", None)


@contextlib.contextmanager
def averages_kept():
    """A tf.layers.batch_normalization that is built inside does not move its averages."""
    before = keeps_averages()
    _here.averages = True
    try:
        yield
    finally:
        _here.averages = before


def keeps_averages():
    """Whether this is inside `averages_kept`."""
    return getattr(_here, "averages", False)
