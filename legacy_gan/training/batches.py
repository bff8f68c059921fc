"""What a training draws, in the listing's order: batches of images, noise. Ahead of time, too."""

import concurrent.futures

import numpy as np


class Batches(object):
    """The one random stream of a training, and the place in the data that goes with it.

    A training step draws, for each step of D, a batch and noise; G's first step takes the last of
    these noises, each further one its own.

    Args:
      data: legacy_gan.input_data.DataSet.
      get_noise: the model's function (batch_size, n_noise, rng) -> noise.
      settings: the model's settings (batch_size, noise, d_steps, g_steps, seed).
    Attributes:
      per_step: (batches, noises), ints, that a training step draws.
    """

    def __init__(self, data, get_noise, settings):
        self._data, self._get_noise, self._settings = data, get_noise, settings
        self._rng = np.random.RandomState(settings.seed)
        data.use(self._rng)
        self.per_step = settings.d_steps, settings.d_steps + settings.g_steps - 1
        self._thread = concurrent.futures.ThreadPoolExecutor(1)
        self._ahead = None  # what was asked of it, and its answer to come
        self._state = None  # before what is drawn ahead

    def take(self, steps, room=None):
        """Returns what the next training steps need.

        Args:
          steps: int. room: int, the length of what is returned, at least `steps`.
        Returns:
          (indices, noise): int32 [room, batches, batch_size], where each image stands in the data's
          original order; float32 [room, noises, batch_size, n_noise]; zeros after `steps`.
        """
        if self._ahead is None or self._ahead[0] != (steps, room):
            self._draw_nothing_ahead()
            return self._draw(steps, room)
        drawn, self._ahead, self._state = self._ahead[1].result(), None, None
        return drawn

    def draw_ahead(self, steps, room=None):
        """Draws in a thread what the next `take` is expected to ask for.

        If something else is asked for first, it is as if this had not been called.
        """
        self._draw_nothing_ahead()
        state = self.state()
        try:
            self._ahead = (steps, room), self._thread.submit(self._draw, steps, room)
        except RuntimeError:  # the main thread has ended and this one trains on
            return
        self._state = state

    def example(self, rng):
        """Returns (indices, noise) as of one step, drawn from another RandomState at random."""
        size, n_noise = self._settings.batch_size, self._settings.noise
        batches, noises = self.per_step
        indices = rng.randint(self._data.num_examples, size=(batches, size)).astype(np.int32)
        noise = [self._get_noise(size, n_noise, rng) for _ in range(noises)]
        return indices, np.array(noise, np.float32)

    def noise(self, count):
        """Returns noise of the stream for pictures, float64 [count, n_noise]."""
        self._draw_nothing_ahead()
        return self._get_noise(count, self._settings.noise, self._rng)

    def state(self):
        """Returns (RandomState's get_state, DataSet's position) after what was taken."""
        return self._state or (self._rng.get_state(), self._data.position())

    def resume(self, random_state, position):
        """Goes on from what `state` returned."""
        self._draw_nothing_ahead()
        self._rng.set_state(random_state)
        self._data.resume(*position)

    def _draw_nothing_ahead(self):
        """Goes back to before what was drawn ahead and not taken."""
        if self._ahead is None:
            return
        state, ahead = self._state, self._ahead[1]
        self._ahead = self._state = None
        ahead.result()
        self.resume(*state)

    def _draw(self, steps, room):
        size, n_noise = self._settings.batch_size, self._settings.noise
        batches, noises = self.per_step
        indices = np.zeros((room or steps, batches, size), np.int32)
        noise = np.zeros((room or steps, noises, size, n_noise), np.float32)
        for step in range(steps):
            for n in range(noises):
                if n < batches:
                    indices[step, n] = self._data.next_indices(size)
                noise[step, n] = self._get_noise(size, n_noise, self._rng)
        return indices, noise
