"""Ends a program after some training steps, or some seconds, as sys.exit() would."""

import functools
import signal
import sys
import threading
import time
from typing import Any, Dict, Optional, Set

import tensorflow.compat.v1 as _v1
from tensorflow.python.client import session

__all__ = ["Limits", "ProgramStop"]


class ProgramStop(SystemExit):
    """A limit ended the program; 0 wherever it is caught."""

    def __init__(self) -> None:
        super().__init__(0)


class Limits:
    """Ends the program after some training steps or seconds.

    A step is a Session.run that changes trainable variables, other than by initialising or restoring
    them.

    Args:
      steps: the program ends where it starts the step after so many; None for no limit.
      seconds: it ends so many after `start`; None for no limit.
    """

    def __init__(self, steps: Optional[int], seconds: Optional[float]):
        self._steps, self._seconds = steps, seconds
        self._done = 0
        self._changes: Dict[Any, bool] = {}  # whether an operation changes trainable variables
        self._stopped: Set[int] = set()  # threads that have been told
        self._run = session.BaseSession.run

    def start(self) -> None:
        if self._steps is None and self._seconds is None:
            return
        self._deadline = None if self._seconds is None else time.monotonic() + self._seconds
        if self._deadline is not None and hasattr(signal, "setitimer"):
            signal.signal(signal.SIGALRM, lambda number, frame: self._check_time())
            signal.setitimer(signal.ITIMER_REAL, self._seconds)
        run = self._run = session.BaseSession.run

        @functools.wraps(run)
        def limited(self_, fetches, *args, **named):
            self._check_time()
            if self._steps is not None and self._trains(self_.graph, fetches):
                if self._done >= self._steps:
                    self._stop(f"{self._steps} training steps")
                self._done += 1
            return run(self_, fetches, *args, **named)

        session.BaseSession.run = limited

    def stop(self) -> None:
        session.BaseSession.run = self._run
        if self._seconds is not None and hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_REAL, 0)

    def _check_time(self):
        # Once in a thread: what ends it may need the session for its last words.
        if self._deadline is not None and time.monotonic() >= self._deadline:
            if threading.get_ident() not in self._stopped:
                self._stop(f"{self._seconds:g} seconds")

    def _stop(self, what):
        if not self._stopped:
            sys.stderr.write(f"legacy-gan: ended after {what}, as it was asked for\n")
        self._stopped.add(threading.get_ident())
        if threading.current_thread() is not threading.main_thread():
            raise SystemExit(0)  # ends a thread without a word
        raise ProgramStop()

    def _trains(self, graph, fetches):
        """Whether what is fetched changes trainable variables."""
        if isinstance(fetches, dict):
            return any(self._trains(graph, fetch) for fetch in fetches.values())
        if isinstance(fetches, (list, tuple)):
            return any(self._trains(graph, fetch) for fetch in fetches)
        try:
            element = graph.as_graph_element(fetches)
        except (TypeError, ValueError, KeyError):
            return False  # a sparse tensor, or what the session itself refuses
        operation = getattr(element, "op", element)
        if operation not in self._changes:
            self._changes[operation] = _changes_weights(operation)
        return self._changes[operation]


def _changes_weights(operation):
    """Whether an operation, or one that it needs, changes trainable variables."""
    collected, keys = operation.graph.get_collection, _v1.GraphKeys
    trainable = {variable.op for variable in collected(keys.TRAINABLE_VARIABLES)}
    initializers = {variable.initializer for variable in collected(keys.GLOBAL_VARIABLES)}
    seen, waiting = set(), [operation]
    while waiting:
        one = waiting.pop()
        if one in seen:
            continue
        seen.add(one)
        if "Apply" in one.type and one.type.replace("Resource", "").replace("Sparse", "").startswith("Apply"):
            return True
        if one.type.startswith(("Assign", "Scatter", "ResourceScatter")) and one not in initializers:
            if one.inputs[0].op in trainable and not _is_restored(one.inputs[1].op):
                return True
        waiting.extend(tensor.op for tensor in one.inputs)
        waiting.extend(one.control_inputs)
    return False


def _is_restored(operation):
    """Whether an operation is what a Saver reads from a checkpoint."""
    while operation.type == "Identity":
        operation = operation.inputs[0].op
    return operation.type == "RestoreV2"
