"""The protocol of whoever listens to a training: printing, pictures, health, TensorBoard, losses, progress."""

from typing import TYPE_CHECKING, Any, Callable, List, NamedTuple, Optional, Sequence

import numpy as np

from legacy_gan import console
from legacy_gan.errors import NonFiniteLoss
from legacy_gan.translation import tr

if TYPE_CHECKING:
    from legacy_gan.training.rundir import RunDirectory


class Steps(NamedTuple):
    """Some training steps that were taken, all of one epoch."""

    first: int  # the number of the first one in the run, from 1
    epoch: int  # from 0
    place: int  # of the first one in its epoch, from 0
    d_losses: np.ndarray  # float32 [n], with the listing's sign
    g_losses: np.ndarray
    d_real: np.ndarray  # float32 [n], mean D(x) as D's step saw it
    d_fake: np.ndarray  # float32 [n], mean D(G(z))


class EpochEnd(NamedTuple):
    """An epoch that is over."""

    session: Any  # the tf.Session, with the weights after the epoch
    epoch: int  # from 0
    step: int  # training steps so far
    losses: np.ndarray  # float32 [2, steps so far], D's and G's, with the listing's signs
    per_epoch: int  # training steps of an epoch
    is_last: bool  # whether the training ends here

    @property
    def d_losses(self) -> np.ndarray:
        """D's losses of this epoch, float32 [per_epoch]."""
        return self.losses[0, -self.per_epoch :]

    @property
    def g_losses(self) -> np.ndarray:
        """G's losses of this epoch, float32 [per_epoch]."""
        return self.losses[1, -self.per_epoch :]


class Health(NamedTuple):
    """A run's health after an epoch."""

    d_real: float  # mean D(x) on real images, 0..1
    d_fake: float  # mean D(G(z)), 0..1
    # How far generated images lie apart: 1 for as far as real ones, 0 for all the same (and 1 where the real ones
    # are all the same).
    spread: float


class Listener:
    """Is told of a training, in this order; each method does nothing unless a class says otherwise.

    A method may raise: UserError ends the training, OSError counts as a file that could not be written.
    """

    def begin(self, losses: np.ndarray) -> None:
        """The training begins, or goes on after steps with these losses, float32 [2, steps]."""

    def begin_epoch(self, epoch: int, done: int) -> None:
        """An epoch begins, or goes on after `done` steps of it."""

    def steps(self, steps: Steps) -> None:
        """Steps were taken."""

    def end_epoch(self, end: EpochEnd) -> None:
        """An epoch is over."""

    def health(self, end: EpochEnd, health: Health) -> None:
        """The run's health was measured after an epoch."""

    def picture(self, step: int, path: str) -> None:
        """A picture was drawn after so many steps."""

    def finish(self, pictures: List[str]) -> None:
        """The last step was taken; the paths of the run's pictures. More may be drawn now."""

    def end(self) -> None:
        """Everything is written."""

    def close(self) -> None:
        """The training is over, however it ended."""


def _forwarded(name: str) -> Callable[..., None]:
    def tell(self: "Listeners", *what: Any) -> None:
        for listener in self.listeners:
            getattr(listener, name)(*what)

    tell.__name__, tell.__doc__ = name, f"Tells every listener; see Listener.{name}."
    return tell


class Listeners(Listener):
    """Several listeners, each told in turn.

    Args:
      listeners: in the order in which they are told.
    """

    def __init__(self, listeners: Sequence[Listener] = ()) -> None:
        self.listeners = list(listeners)

    def add(self, listener: Listener) -> None:
        """Tells one more from now on, after those that are there."""
        self.listeners.append(listener)

    begin = _forwarded("begin")
    begin_epoch = _forwarded("begin_epoch")
    steps = _forwarded("steps")
    end_epoch = _forwarded("end_epoch")
    health = _forwarded("health")
    picture = _forwarded("picture")
    finish = _forwarded("finish")
    end = _forwarded("end")

    def close(self) -> None:
        """Closes every listener, the later ones too where one fails."""
        error = None
        for listener in self.listeners:
            try:
                listener.close()
            except Exception as e:
                error = error or e
        if error is not None:
            raise error


class LossRows(Listener):
    """Writes losses.csv.

    Args:
      directory: the run's, locked.
    """

    def __init__(self, directory: "RunDirectory") -> None:
        self._directory = directory

    def steps(self, steps: Steps) -> None:
        self._directory.append_losses(steps.first, steps.epoch, steps.d_losses, steps.g_losses)


class FiniteLosses(Listener):
    """Ends the training at the first loss that is not a finite number.

    Args:
      error: function of the number of the step and of what is wrong, that returns the NonFiniteLoss.
    """

    def __init__(self, error: Callable[[int, str], NonFiniteLoss]) -> None:
        self._error = error
        self._last: Optional[np.ndarray] = None  # the losses of the last step that was told

    def begin(self, losses: np.ndarray) -> None:
        self._last = losses[:, -1] if losses.size else None

    def steps(self, steps: Steps) -> None:
        losses = np.stack([steps.d_losses, steps.g_losses])
        finite = np.isfinite(losses).all(0)
        if not finite.all():
            bad = int(np.argmin(finite))
            before = losses[:, bad - 1] if bad else self._last
            last = tr("nothing") if before is None else "D loss {:.4}, G loss {:.4}".format(*map(float, before))
            raise self._error(
                steps.first + bad,
                tr("a loss is not a finite number any more (before it: {losses})").format(losses=last),
            )
        self._last = losses[:, -1]


class Progress(Listener):
    """A progress bar on standard error, on a terminal only.

    Args:
      total: training steps in all.
    """

    def __init__(self, total: int) -> None:
        self._total, self._done = total, 0
        self._bar: Any = None  # tqdm's, from the first epoch on

    def begin(self, losses: np.ndarray) -> None:
        self._done = losses.shape[1]

    def begin_epoch(self, epoch: int, done: int) -> None:
        if self._bar is None:
            self._bar = console.bar(self._total, self._done)

    def steps(self, steps: Steps) -> None:
        self._bar.update(len(steps.d_losses))

    def finish(self, pictures: List[str]) -> None:
        self.close()

    def close(self) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None
