"""Hooks of monitored sessions run what they ran in TensorFlow 1.15.

A CheckpointSaverHook of today asks the session for the global step after every step, that of 1.15 only where it may
have to save. The additional run takes time, and a trace that 1.15 recorded (`legacy-gan run --record`) has none.
"""

import functools

import tensorflow.compat.v1 as _v1

__all__ = ["run_as_in_1_15"]


def run_as_in_1_15() -> None:
    """Sets it for this process; TensorFlow 1.15 is left as it is."""
    hook = _v1.train.CheckpointSaverHook
    made = hook.__init__
    if _v1.__version__.startswith("1.") or not hasattr(hook, "_set_steps_per_run"):
        return

    @functools.wraps(made)
    def __init__(self, *args, **named):
        made(self, *args, **named)
        self._set_steps_per_run(1)

    hook.__init__ = __init__
