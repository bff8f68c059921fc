"""Where tf.layers.dropout takes its random choice from: TensorFlow, or what the caller gives.

TensorFlow's random operations give other numbers on every version and inside XLA. What is built inside
`dropped_by` drops the same values everywhere.
"""

import contextlib
import threading

__all__ = ["dropped_by", "source"]

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
