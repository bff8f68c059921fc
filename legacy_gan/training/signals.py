"""Ctrl-C and SIGTERM wait for the end of a step."""

import signal
import threading
import types
from typing import Any, Dict, Optional

from legacy_gan.errors import Interrupted


class Signals:
    """While the `with` block lasts, a signal is only noted; `check` acts on it.

    A second Ctrl-C does not wait. Outside the main thread signals are its caller's affair.

    Attributes:
      came: the number of the signal that came; None.
    """

    _STATUS: Dict[int, int] = {signal.SIGINT: 130, signal.SIGTERM: 143}

    def __init__(self) -> None:
        self.came: Optional[int] = None
        self._previous: Dict[int, Any] = {}  # the handlers from before, by signal

    def __enter__(self) -> "Signals":
        self._previous = {}
        if threading.current_thread() is threading.main_thread():
            for number in self._STATUS:
                self._previous[number] = signal.signal(number, self._note)
        return self

    def __exit__(self, *error: object) -> None:
        for number, handler in self._previous.items():
            signal.signal(number, handler)

    def _note(self, number: int, frame: Optional[types.FrameType]) -> None:
        self.came = number
        signal.signal(signal.SIGINT, signal.default_int_handler)

    def check(self, came: Optional[int], message: str) -> None:
        """Raises Interrupted if a signal (a number) came; {} in the message becomes what it was."""
        if came is not None:
            words = "interrupted" if came == signal.SIGINT else "ended by SIGTERM"
            raise Interrupted(message.format(words), self._STATUS[came])
