"""The errors whose message is meant for the person at the keyboard, each with its exit status."""


class UserError(Exception):
    """Bad input or a refusal: one line that says who, what was expected, what came, what to do."""

    status = 2


class DataError(UserError, ValueError):
    """A data file that cannot be used, or no data at all."""


class ValidationSizeError(DataError):
    """More images were to be kept for validation than there are."""


class NonFiniteLoss(UserError):
    """A loss became infinite or not a number; the run stopped there."""

    status = 3


class StorageLost(UserError):
    """A file could not be written while a training was under way: a full disk, mostly."""

    status = 4


class Interrupted(UserError):
    """A signal ended the run: 130 for Ctrl-C, 143 for SIGTERM."""

    def __init__(self, message, status):
        super().__init__(message)
        self.status = status


class Collapsed(UserError):
    """The run has collapsed and was not to go on (--on-collapse stop)."""

    status = 5
