"""Ctrl-C and SIGTERM wait for the end of a step."""

import signal
import threading

from legacy_gan.errors import Interrupted


class Signals:
    """While the `with` block lasts, a signal is only noted; `check` acts on it.

    A second Ctrl-C does not wait. Outside the main thread signals are its caller's affair.

    Attributes:
      came: int, the number of the signal that came; None.
    """

    _STATUS = {signal.SIGINT: 130, signal.SIGTERM: 143}

    def __init__(self):
        self.came = None

    def __enter__(self):
        self._previous = {}
        if threading.current_thread() is threading.main_thread():
            for number in self._STATUS:
                self._previous[number] = signal.signal(number, self._note)
        return self

    def __exit__(self, *error):
        for number, handler in self._previous.items():
            signal.signal(number, handler)

    def _note(self, number, frame):
        self.came = number
        signal.signal(signal.SIGINT, signal.default_int_handler)

    def check(self, came, message):
        """Raises Interrupted if a signal (a number) came; {} in the message becomes what it was."""
        if came is not None:
            words = "interrupted" if came == signal.SIGINT else "ended by SIGTERM"
            raise Interrupted(message.format(words), self._STATUS[came])
