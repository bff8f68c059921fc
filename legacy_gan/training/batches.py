"""What a training draws, in the listing's order: batches of images, noise. Ahead of time, too."""

import concurrent.futures
from typing import Any, Callable, List, NamedTuple, Optional, Sequence, Tuple

import numpy as np

from legacy_gan import options
from legacy_gan.data.dataset import DataSet, Position
from legacy_gan.errors import UserError
from legacy_gan.gan import LastBatch, Mask, Schedule

# What np.random.RandomState.get_state returns: name, keys uint32 [624], position, has_gauss, cached_gaussian.
StreamState = Tuple[str, np.ndarray, int, int, float]

MOST_MASKED = 1 << 29  # bytes, a value each


class StepPlan(NamedTuple):
    """Which draw serves which step of a network within one training step.

    A training step draws `batches` batches, `noises` noises and, for dropout, `masks` masks; all count from 0.
    The others have an entry a step of D or of G: the number of the draw that it takes.
    """

    batches: int
    noises: int
    masks: int
    d_batch: Tuple[int, ...]
    d_noise: Tuple[int, ...]
    d_mask: Tuple[int, ...]
    g_batch: Tuple[int, ...]  # G sees no image, but a conditional G the labels of this batch
    g_noise: Tuple[int, ...]
    g_mask: Tuple[int, ...]


def step_plan(schedule: Schedule, d_steps: int, g_steps: int) -> StepPlan:
    """Returns the StepPlan of a schedule with so many steps of each network in a training step.

    Every step of D has a batch and noise of its own. G's first step takes the noise of D's last one, unless the
    schedule is FRESH_NOISE; every further step of G has its own. The first step of G shares the masks of D's last
    one in every schedule, because both may be one pass.
    """
    last = d_steps - 1
    first_noise = last + 1 if schedule is Schedule.FRESH_NOISE else last
    each_d = tuple(range(d_steps))
    g_noise = tuple(range(first_noise, first_noise + g_steps))
    g_mask = tuple(range(last, last + g_steps))
    return StepPlan(
        d_steps, g_noise[-1] + 1, g_mask[-1] + 1, each_d, each_d, each_d, (last,) * g_steps, g_noise, g_mask
    )


class Draws(NamedTuple):
    """What training steps need; the first axis of the arrays is that of the steps.

    indices: int32 [steps, batches, size], where each image stands in the data's original order.
    noise: float32 [steps, noises, rows, n_noise].
    masks: list of bool [steps, masks, batch_size, ...], what each call of dropout keeps; a shorter batch
      uses the first of them.
    plan: which of the batches, noises and masks serves which step of a network.
    """

    indices: np.ndarray
    noise: np.ndarray
    masks: List[np.ndarray]
    plan: StepPlan

    def of_step(self, n: int) -> "Draws":
        """Returns the Draws of step n alone."""
        return self._replace(
            indices=self.indices[n : n + 1], noise=self.noise[n : n + 1], masks=[m[n : n + 1] for m in self.masks]
        )


def check_masks(settings: options.Settings, schedule: Schedule, masks: Sequence[Mask]) -> None:
    """Refuses what dropout would fill the memory with.

    Args:
      settings, schedule, masks: as for Batches.
    Raises:
      UserError: if a training step has more than MOST_MASKED values to choose from.
    """
    count = step_plan(schedule, settings.d_steps, settings.g_steps).masks
    of_step = sum(count * settings.batch_size * int(np.prod(mask.shape)) for mask in masks)
    if of_step > MOST_MASKED:
        raise UserError(
            f"expected at most {MOST_MASKED:,} values for dropout to choose from in a training step, got {of_step:,}; "
            "give a smaller --batch-size, --filters, --d-steps or --g-steps"
        )


class _Ahead(NamedTuple):
    """What a thread draws before it is asked for."""

    asked: Tuple[int, Optional[int]]  # the steps and the room that `take` is expected to ask for
    answer: "concurrent.futures.Future[Draws]"
    before: Tuple[StreamState, Position, int]  # where stream, data and steps stood: what `resume` takes


class Batches:
    """The one random stream of a training, and the place in the data that goes with it.

    A training step draws, for each step of D, a batch and noise; then noise for each step of G, but
    for the first one where the model gives it D's last. What dropout keeps comes from a stream of each
    step's own, so that it is the same after a resume.

    Args:
      data: the training images; it shuffles with this stream from now on.
      get_noise: the model's function (batch_size, n_noise, rng) -> noise.
      settings: the model's settings (batch_size, noise, d_steps, g_steps, seed).
      schedule, last_batch, masks: of the legacy_gan.gan.GAN that is drawn for.
    Attributes:
      plan: which draw serves which step of a network.
    """

    def __init__(
        self,
        data: DataSet,
        get_noise: Callable[..., np.ndarray],
        settings: options.Settings,
        schedule: Schedule = Schedule.SAME_NOISE,
        last_batch: LastBatch = LastBatch.GOES_ON,
        masks: Sequence[Mask] = (),
    ) -> None:
        self._data, self._get_noise, self._settings = data, get_noise, settings
        self._last_batch, self._of_masks = last_batch, masks
        self._rng = np.random.RandomState(settings.seed)
        self._step = 0  # training steps drawn
        data.use(self._rng)
        self.plan = step_plan(schedule, settings.d_steps, settings.g_steps)
        self._thread = concurrent.futures.ThreadPoolExecutor(1)
        self._ahead: Optional[_Ahead] = None

    @property
    def steps_per_epoch(self) -> int:
        """The training steps of an epoch, with one step of D in each."""
        return self._last_batch.steps_per_epoch(self._settings.batch_size, self._data.examples_per_epoch)

    @property
    def step(self) -> int:
        """Training steps that were taken."""
        return self._ahead.before[2] if self._ahead else self._step

    def shape(self, step: int) -> Tuple[int, int]:
        """Returns how many (images, noises) the batch of a training step has; steps count from 0."""
        whole = self._settings.batch_size
        size = self._last_batch.size(step, whole, self._data.examples_per_epoch)
        return size, whole if self._last_batch is LastBatch.SHORT_OF_IMAGES else size

    def alike(self, steps: int) -> int:
        """Returns how many of the next `steps`, at least 1, have batches of one shape."""
        first, shape = self.step, self.shape(self.step)
        return next((n for n in range(1, steps) if self.shape(first + n) != shape), steps)

    def take(self, steps: int, room: Optional[int] = None) -> Draws:
        """Returns what the next training steps need, which have batches of one shape.

        Args:
          steps: how many. room: the length of what is returned, at least `steps`.
        Returns:
          Draws; zeros after `steps`.
        """
        if self._ahead is None or self._ahead.asked != (steps, room):
            self._draw_nothing_ahead()
            return self._draw(steps, room)
        drawn, self._ahead = self._ahead.answer.result(), None
        return drawn

    def draw_ahead(self, steps: int, room: Optional[int] = None) -> None:
        """Draws in a thread what the next `take` is expected to ask for.

        If something else is asked for first, it is as if this had not been called.
        """
        self._draw_nothing_ahead()
        before = (*self.state(), self._step)
        try:
            answer = self._thread.submit(self._draw, steps, room)
        except RuntimeError:  # the main thread has ended and this one trains on
            return
        self._ahead = _Ahead((steps, room), answer, before)

    def example(self, rng: np.random.RandomState, step: int = 0) -> Draws:
        """Returns Draws as of one training step, drawn from another RandomState at random."""
        size, rows = self.shape(step)
        indices = rng.randint(self._data.num_examples, size=(1, self.plan.batches, size)).astype(np.int32)
        noise = [self._get_noise(rows, self._settings.noise, rng) for _ in range(self.plan.noises)]
        return Draws(indices, np.array(noise, np.float32)[None], self._masks(step, 1, 1), self.plan)

    def noise(self, count: int) -> np.ndarray:
        """Returns noise of the stream for pictures, float64 [count, n_noise]."""
        self._draw_nothing_ahead()
        return self._get_noise(count, self._settings.noise, self._rng)

    def state(self) -> Tuple[StreamState, Position]:
        """Returns (RandomState's get_state, DataSet's position) after what was taken."""
        return self._ahead.before[:2] if self._ahead else (self._stream_state(), self._data.position())

    def resume(self, random_state: StreamState, position: Position, step: int) -> None:
        """Goes on from what `state` returned after so many training steps."""
        self._draw_nothing_ahead()
        self._rng.set_state(random_state)
        self._data.resume(*position)
        self._step = step

    def _stream_state(self) -> StreamState:
        state: Any = self._rng.get_state()  # NumPy's own hint allows a dict, too, which has to be asked for
        return tuple(state)

    def _draw_nothing_ahead(self) -> None:
        """Goes back to before what was drawn ahead and not taken."""
        if self._ahead is None:
            return
        ahead, self._ahead = self._ahead, None
        ahead.answer.result()
        self.resume(*ahead.before)

    def _draw(self, steps: int, room: Optional[int]) -> Draws:
        size, rows = self.shape(self._step)
        n_noise = self._settings.noise
        indices = np.zeros((room or steps, self.plan.batches, size), np.int32)
        noise = np.zeros((room or steps, self.plan.noises, rows, n_noise), np.float32)
        for step in range(steps):
            for n in range(self.plan.noises):
                if n < self.plan.batches:
                    indices[step, n] = self._data.next_indices(size)
                noise[step, n] = self._get_noise(rows, n_noise, self._rng)
        masks = self._masks(self._step, steps, room or steps)
        self._step += steps
        return Draws(indices, noise, masks, self.plan)

    def _masks(self, first: int, steps: int, room: int) -> List[np.ndarray]:
        """Returns the masks of training steps from `first` on."""
        kept = [
            np.zeros((room, self.plan.masks, self._settings.batch_size) + mask.shape, bool) for mask in self._of_masks
        ]
        for step in range(steps if kept else 0):
            for n in range(self.plan.masks):
                # Raw bits of SFC64 are the same for ever, too, and come quicker than numbers.
                seed = np.random.SeedSequence([self._settings.seed, 5, first + step, n])
                stream = np.random.SFC64(seed)
                for mask, array in zip(self._of_masks, kept):
                    part = array[step, n]
                    bits = stream.random_raw(-(-part.size // 4)).astype("<u8", copy=False)
                    random = bits.view("<u2")[: part.size].reshape(part.shape)
                    np.greater_equal(random, round(65536 * mask.rate), out=part)
        return kept
