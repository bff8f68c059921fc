"""How training steps are executed: the listings' own loop, or compiled, many steps at once.

Both engines carry out the same steps on the same batches and noise; what differs is rounding.
"""

import time

import numpy as np

from legacy_gan import console
from legacy_gan.gan import Schedule
from legacy_gan.tf1 import can_compile, compiled, tf
from legacy_gan.training import weights


SECONDS = 0.5  # a slice, about: so long an interruption may wait
PIXEL = np.float32(1 / 255)  # as input_data scales a byte


class FeedEngine(object):
    """The book's loop: per batch one sess.run for D's step and one for G's, through feed_dict.

    Args:
      session: tf.Session with the variables initialised.
      gan: legacy_gan.gan.GAN.
      data: legacy_gan.input_data.DataSet that the batches are of.
      batches: legacy_gan.training.batches.Batches.
      settings: the model's settings (batch_size, d_steps, g_steps, skip_d_below).
      per_epoch: int, training steps that are asked for at a time at most.
    """

    MOST = 25  # steps of a slice

    def __init__(self, session, gan, data, batches, settings, per_epoch):
        _expect_same_noise(gan)
        self._session, self._gan, self._settings = session, gan, settings
        self._batches = batches
        self._images, self._labels = data.originals()
        self._count = 1  # steps of a slice

    def train(self, steps):
        """Trains `steps` times, each with one batch a step of D.

        Yields:
          (d_losses, g_losses) of the next some steps, float32 [n] each, with the listing's signs;
          of several steps of a network in one training step the last.
        """
        done = 0
        while done < steps:
            count = min(self._count, steps - done)
            begin = time.perf_counter()
            losses = [self.once(*drawn) for drawn in zip(*self._batches.take(count))]
            self._count = _paced(time.perf_counter() - begin, count, self.MOST)
            done += count
            yield tuple(np.array(losses, np.float32).T)

    def once(self, indices, noise):
        """Takes one training step on a batch that is given.

        Args:
          indices: int32 [batches, batch_size]. noise: float32 [noises, batch_size, n_noise].
        Returns:
          (d_loss, g_loss), floats.
        """
        gan, settings = self._gan, self._settings
        labels = {}
        for chosen, z in zip(indices, noise):
            if gan.labels is not None:
                labels = {gan.labels: self._labels[chosen]}
            # Errata 11 and 12: both steps take the noise as Z, and both results are unpacked.
            d_loss = self._train_d({gan.real: self._images[chosen], gan.noise: z, **labels})
        for z in noise[settings.d_steps - 1 :]:
            _, g_loss = self._session.run([gan.train_g, gan.g_loss], {gan.g_noise: z, **labels})
        return d_loss, g_loss

    def _train_d(self, feeds):
        """Takes a step of D, unless its loss is low enough; returns the loss before the step."""
        gan, limit = self._gan, self._settings.skip_d_below
        if limit is None:
            return self._session.run([gan.train_d, gan.d_loss], feeds)[1]
        loss = self._session.run(gan.d_loss, feeds)
        if not abs(loss) < limit:  # a maximised loss is at most 0
            self._session.run(gan.train_d, feeds)
        return loss


class CompiledEngine(object):
    """The same steps in one loop inside TensorFlow, compiled by XLA, no Python between them.

    The data live where the loop runs. D's and G's steps are built once more from the model's
    networks, on the same variables, so that the generated images are computed once for both.

    Args: as for FeedEngine; the default graph is that of the session.
    """

    ROOM = 16 << 20  # bytes, noise of a slice

    def __init__(self, session, gan, data, batches, settings, per_epoch):
        _expect_same_noise(gan)
        self._session, self._gan, self._settings = session, gan, settings
        self._batches = batches
        n_batches, n_noises = batches.per_step
        size, n_noise = settings.batch_size, settings.noise
        self._most = max(1, min(per_epoch, self.ROOM // (4 * n_noises * size * n_noise)))
        self._count = 1  # steps of a slice
        self._following = None  # steps that were drawn ahead
        images, labels = data.originals()
        self._images = _resident(session, _bytes_of(images))
        self._labels = _resident(session, labels.astype(np.float32))
        self._inputs = [
            tf.placeholder(tf.int32, [self._most, n_batches, size]),
            tf.placeholder(tf.float32, [self._most, n_noises, size, n_noise]),
            tf.placeholder(tf.int32, []),
        ]
        with tf.variable_scope(tf.get_variable_scope(), reuse=True):
            self._losses = compiled(self._loop, self._inputs)

    def train(self, steps):
        """As FeedEngine's."""
        done, count = 0, min(self._following or self._count, steps)
        while done < steps:
            inputs = self._batches.take(count, self._most) + (count,)
            # Past the end, too: what the caller does before it goes on takes time.
            self._following = min(self._count, steps - done - count or self._count)
            self._batches.draw_ahead(self._following, self._most)
            begin = time.perf_counter()
            losses = self._session.run(self._losses, dict(zip(self._inputs, inputs)))
            self._count = _paced(time.perf_counter() - begin, count, self._most)
            done += count
            yield tuple(part[:count] for part in losses)
            count = self._following

    def once(self, indices, noise):
        """As FeedEngine's."""
        inputs = [np.zeros(x.shape.as_list(), x.dtype.as_numpy_dtype) for x in self._inputs]
        inputs[0][0], inputs[1][0], inputs[2] = indices, noise, 1
        d_losses, g_losses = self._session.run(self._losses, dict(zip(self._inputs, inputs)))
        return d_losses[0], g_losses[0]

    def _loop(self, indices, noise, count):
        """Builds the loop over a slice's steps; returns their losses, float32 [most] each."""
        images, labels = self._images.read_value(), self._labels.read_value()

        def body(step, d_losses, g_losses):
            chosen, z = tf.gather(indices, step), tf.gather(noise, step)
            d_loss, g_loss = self._step(images, labels, chosen, z)
            here = tf.equal(tf.range(self._most), step)
            return (step + 1, tf.where(here, tf.fill([self._most], d_loss), d_losses),
                    tf.where(here, tf.fill([self._most], g_loss), g_losses))

        zeros = tf.zeros([self._most])
        _, d_losses, g_losses = tf.while_loop(
            lambda step, *_: step < count, body, [tf.constant(0), zeros, zeros],
            parallel_iterations=1,
        )
        return d_losses, g_losses

    def _step(self, images, labels, chosen, noise):
        """Builds one training step; returns its losses with the listing's signs."""
        settings = self._settings
        last = settings.d_steps - 1

        def d_step(n):
            label = [] if self._gan.labels is None else [tf.gather(labels, tf.gather(chosen, n))]
            generated = self._gan.generator(tf.gather(noise, n), *label)
            real = _pixels(tf.gather(images, tf.gather(chosen, n)))
            return self._train_d(real, generated, label), generated, label

        def g_step(n):
            return self._train_g(self._gan.generator(tf.gather(noise, n), *label), label)

        before = _repeated(lambda n: d_step(n)[0], 0, last)
        with tf.control_dependencies([before]):
            d_loss, generated, label = d_step(last)
        with tf.control_dependencies([d_loss]):
            g_loss = self._train_g(generated, label)
        with tf.control_dependencies([g_loss]):
            g_loss = _repeated(g_step, last + 1, last + settings.g_steps, g_loss)
        with tf.control_dependencies([g_loss]):
            sign = -1 if self._gan.maximised else 1
            return sign * d_loss, sign * g_loss

    def _train_d(self, real, generated, label):
        """Builds D's step; returns its loss, which is there when the step is done."""
        gan, limit = self._gan, self._settings.skip_d_below
        loss, _ = gan.losses(
            gan.discriminator(real, *label), gan.discriminator(generated, *label)
        )
        if limit is None:
            return _updated(gan.d_optimizer, loss, gan.d_vars)
        return tf.cond(
            loss < limit, lambda: tf.identity(loss),
            lambda: _updated(gan.d_optimizer, loss, gan.d_vars),
        )

    def _train_g(self, generated, label):
        """As `_train_d`, for G."""
        logits = self._gan.discriminator(generated, *label)
        _, loss = self._gan.losses(logits, logits)
        return _updated(self._gan.g_optimizer, loss, self._gan.g_vars)


def _paced(seconds, count, most):
    """Returns how many steps take about SECONDS if `count` took so long."""
    return int(min(max(SECONDS * count / seconds, 1), most))


def _resident(session, array):
    """Returns a variable with an array's content where the session computes."""
    content = tf.placeholder(array.dtype, array.shape)
    variable = tf.Variable(content, trainable=False, collections=[])
    session.run(variable.initializer, {content: array})
    return variable


def _bytes_of(images):
    """Returns images as uint8 where that is what they were, a quarter to hold and to read, or float32."""
    images = images.astype(np.float32, copy=False)
    # A GPU knows no variables of bytes on TF 1.x.
    if tf.version.VERSION.startswith("1.") or not (images.min() >= 0 and images.max() <= 1):
        return images
    small = np.rint(255 * images).astype(np.uint8)
    return small if np.array_equal(PIXEL * small, images) else images


def _pixels(images):
    """Returns what `_bytes_of` was given, float32."""
    return PIXEL * tf.cast(images, tf.float32) if images.dtype == tf.uint8 else images


def _updated(optimizer, loss, variables):
    """Builds one step of an optimizer; returns the loss from before, there when it is done.

    A layer's weights must not change before the gradients of the layers below are computed from
    them. XLA makes sure of it by a copy of the weights, unless it sees in the data that they wait:
    hence the condition, which always holds (NaN included) and which the compiler cannot know.
    """
    pairs = [pair for pair in zip(tf.gradients(loss, variables), variables) if pair[0] is not None]
    one = tf.reshape(pairs[0][0], [-1])[0]
    is_there = tf.logical_or(tf.equal(one, one), tf.not_equal(one, one))
    for n, (gradient, variable) in enumerate(pairs[1:], 1):
        waited = tf.fill(gradient.shape, is_there)
        pairs[n] = tf.where(waited, gradient, tf.zeros_like(gradient)), variable
    with tf.control_dependencies([optimizer.apply_gradients(pairs)]):
        return tf.identity(loss)


def _repeated(step, start, end, loss=0.0):
    """Builds a loop of `loss = step(n)` for n from `start` to `end`; returns the last loss."""
    if start == end:
        return tf.convert_to_tensor(loss)
    return tf.while_loop(
        lambda n, _: n < end, lambda n, _: (n + 1, step(n)), [tf.constant(start), loss],
        parallel_iterations=1,
    )[1]


ENGINES = {"feed": FeedEngine, "compiled": CompiledEngine}


def choose(name, use_gpu, initial, session, gan, data, batches, settings, per_epoch):
    """Returns the engine of that name, or the feed engine where only that one can do it, with a note.

    The compiled engine builds the steps once more, from the page's networks, losses and optimizers:
    it is taken only if it was seen to do what the page's own train_d and train_g do.

    Args:
      name: "feed" or "compiled".
      use_gpu: bool, whether the session may use one.
      initial: dict of name to array, weights of the model to try it on; the variables are changed.
      session, gan, data, batches, settings, per_epoch: as for the engines.
    Raises:
      what a step of the page's own raises.
    """
    given = (session, gan, data, batches, settings, per_epoch)
    feed = FeedEngine(*given)
    if name == "feed":
        return feed
    with console.held_back():
        is_able = can_compile(use_gpu)
    if not is_able:
        console.note(
            "this TensorFlow has no XLA for this machine: training with --engine feed, which does the "
            "same, slower"
        )
        return feed
    weights.assign(session, gan.named_vars, initial)
    before = weights.fetch(session, dict(gan.named_vars, **gan.optimizer_vars))
    drawn = batches.example(np.random.RandomState(1))
    by_page = _trial(feed, session, gan, before, drawn)
    with console.held_back():
        try:
            engine = CompiledEngine(*given)
            compiled_so = _trial(engine, session, gan, before, drawn)
            difference = _difference(before, by_page, compiled_so, gan, settings)
        except (tf.errors.ResourceExhaustedError, MemoryError):
            raise
        except Exception as e:  # whatever a changed page leads to
            difference = "{}: {:.100}".format(type(e).__name__, (str(e).splitlines() or [""])[0])
    if difference is None:
        return engine
    console.note(
        "the model's page trains in a way that --engine compiled cannot repeat ({}): training with "
        "--engine feed, which runs the page's own steps".format(difference)
    )
    return feed


def _trial(engine, session, gan, before, drawn):
    """Takes one step from given values; returns its losses, and the values after it."""
    variables = dict(gan.named_vars, **gan.optimizer_vars)
    weights.assign(session, variables, before)
    losses = engine.once(*drawn)
    return losses, weights.fetch(session, variables)


def _difference(before, by_page, compiled_so, gan, settings):
    """Returns in words how two `_trial`s differ, None if only by rounding."""
    is_exact = settings.precision == "float32"
    for what, loss, other in zip(("D loss", "G loss"), by_page[0], compiled_so[0]):
        if not np.allclose(loss, other, 1e-4 if is_exact else 0.05, equal_nan=True):
            return "{} {:.6g}, compiled {:.6g}".format(what, loss, other)
    for name, old in before.items():
        change, other = (after[name].astype(np.float64) - old for _, after in (by_page, compiled_so))
        # Adam's first step makes much of a gradient that is nothing but rounding; its slots do not.
        near = 0.5 if name in gan.named_vars else 2e-3 if is_exact else 0.2
        if not np.linalg.norm(change - other) <= near * np.linalg.norm(change):
            return "another step of {}".format(name)
    return None


def _expect_same_noise(gan):
    if gan.schedule is not Schedule.SAME_NOISE:
        raise NotImplementedError("the engines carry out SAME_NOISE, got " + gan.schedule.name)
