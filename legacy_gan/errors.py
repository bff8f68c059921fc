"""The tree of errors: each one is for the person at the keyboard and has an exit status; this module imports nothing.

    UserError                        2    bad input, or a refusal
        OptionError, a ValueError         a value that an option does not take
        DataError, a ValueError           data that cannot be used, or none at all
            ValidationSizeError
        NotServed, an AttributeError      a symbol of TensorFlow 1 that is not served
        CannotImport, an ImportError      the same, asked for by an import statement
        Unreadable                        a program that cannot be read
        CannotRun                         a program that is not there, or that cannot be started as it was asked for
        TraceError                        a trace that cannot be used
        RefusedResume                     a run that is not gone on with
        NonFiniteLoss                3
        StorageLost                  4
        Collapsed                    5
        Interrupted                  130 or 143

Any other exception that reaches the top is a bug. Each class also derives from the builtin exception that
library callers expect, so that their `except ValueError` or `except ImportError` catches it.
"""

from typing import Iterable, List


class UserError(Exception):
    """Bad input or a refusal: one line that says who, what was expected, what came, what to do."""

    status = 2  # the exit status of the command that it ends

    @property
    def lines(self) -> List[str]:
        """What is printed: a line for each reason."""
        return [str(self)]


class OptionError(UserError, ValueError):
    """A value that an option does not take."""


class DataError(UserError, ValueError):
    """A data file that cannot be used, or no data at all."""


class ValidationSizeError(DataError):
    """More images were to be kept for validation than there are."""


class _SymbolError(UserError):
    """A symbol of TensorFlow 1 that is not served, and what to use instead.

    Args:
      symbol: its full name, as "tf.contrib.learn.DNNClassifier".
      instead: what to use instead.
    """

    def __init__(self, symbol: str, instead: str):
        super().__init__(f"{symbol} is not served; {instead}")
        self.symbol, self.instead = symbol, instead


class NotServed(_SymbolError, AttributeError):
    """A symbol of TensorFlow 1 that is not served, asked for as an attribute."""


class CannotImport(_SymbolError, ImportError):
    """The same where an import statement asks for it, so that `except ImportError` catches it."""


class Unreadable(UserError):
    """A file that is no text of Python, or several: a line for each."""

    @property
    def lines(self) -> List[str]:
        return str(self).split("\n")


class CannotRun(UserError):
    """A program that is not there, or that cannot be started as it was asked for."""


class TraceError(UserError):
    """A trace that cannot be read, or that does not go with a program."""


class RefusedResume(UserError):
    """A run is not gone on with, because it was made with other settings.

    Args:
      lines: one line for each difference.
    """

    def __init__(self, lines: Iterable[str]):
        self._lines = list(lines)
        super().__init__("\n".join(self._lines))

    @property
    def lines(self) -> List[str]:
        return self._lines


class NonFiniteLoss(UserError):
    """A loss became infinite or not a number; the run stopped there."""

    status = 3


class StorageLost(UserError):
    """A file could not be written while a training was under way: a full disk, mostly."""

    status = 4


class Collapsed(UserError):
    """The run has collapsed and was not to go on (--on-collapse stop)."""

    status = 5


class Interrupted(UserError):
    """A signal ended the run: 130 for Ctrl-C, 143 for SIGTERM."""

    def __init__(self, message: str, status: int):
        super().__init__(message)
        self.status = status
