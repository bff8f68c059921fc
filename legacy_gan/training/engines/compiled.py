"""The same training steps in one loop inside TensorFlow, compiled by XLA, no Python between them."""

import time
from typing import Any, Callable, ContextManager, Dict, Iterator, List, Optional, Sequence, Tuple, Union

import numpy as np

from legacy_gan import options
from legacy_gan.data.dataset import DataSet
from legacy_gan.gan import GAN, Schedule, probability
from legacy_gan.tf1 import tf
from legacy_gan.tf1.backend import xla
from legacy_gan.tf1.backend.build_hooks import averages_kept, dropped_by
from legacy_gan.tf1.backend.spectral import small_convolutions
from legacy_gan.training.batches import Batches, Draws, StepPlan
from legacy_gan.training.engines.pace import steps_of_a_slice

PIXEL = np.float32(1 / 255)  # as a DataSet scales a byte

_Tensors = List[tf.Tensor]
_Number = Union[int, tf.Tensor]  # of a step: an int, or a scalar in a loop


class CompiledEngine:
    """The same steps in one loop inside TensorFlow, no Python between them, compiled by XLA.

    The data live where the loop runs. D's and G's steps are built once more from the model's
    networks, on the same variables, so that the generated images are computed once for both. XLA is
    slow at convolutions on a processor: there TensorFlow runs the graph of such a step itself, with the
    convolutions of small images as matrix products (legacy_gan.tf1.backend.spectral).

    Args: as for FeedEngine; the default graph is that of the session. use_gpu: whether the session may use one.
    """

    ROOM = 16 << 20  # bytes, noise of a slice

    def __init__(
        self,
        session: tf.Session,
        gan: GAN,
        data: DataSet,
        batches: Batches,
        settings: options.Settings,
        per_epoch: int,
        use_gpu: bool = False,
    ) -> None:
        self._session, self._gan, self._settings = session, gan, settings
        self._batches, self._per_epoch = batches, per_epoch
        self._is_compiled = uses_xla(session.graph, use_gpu)
        self._count = 1  # steps of a slice
        self._following: Optional[int] = None  # steps that were drawn ahead
        images, labels = data.originals()
        self._images = _resident(session, _bytes_of(images))
        self._labels = _resident(session, labels.astype(np.float32))
        # By the shape of the batches: how many steps at a time at most, placeholders, results; see `_steps`.
        self._loops: Dict[Tuple[int, int], Tuple[int, _Tensors, _Tensors]] = {}
        with tf.variable_scope(tf.get_variable_scope(), reuse=True):
            for shape in {batches.shape(step) for step in (0, per_epoch - 1)}:
                self._loops[shape] = self._steps(*shape)

    def train(self, steps: int) -> Iterator[Tuple[np.ndarray, ...]]:
        """As FeedEngine's."""
        done, step = 0, self._batches.step
        while done < steps:
            most, inputs, outputs = self._loops[self._batches.shape(step + done)]
            count = self._batches.alike(min(self._following or self._count, most, steps - done))
            draws = self._batches.take(count, most)
            # Past the end, too: what the caller does before it goes on takes time.
            after = self._loops[self._batches.shape(step + done + count)][0]
            self._following = self._batches.alike(min(self._count, after, steps - done - count or self._count))
            self._batches.draw_ahead(self._following, after)
            begin = time.perf_counter()
            results = self._run(inputs, outputs, draws, count)
            self._count = steps_of_a_slice(time.perf_counter() - begin, count, most)
            done += count
            yield tuple(part[:count] for part in results)

    def once(self, draws: Draws) -> Tuple[float, ...]:
        """As FeedEngine's."""
        shape = draws.indices.shape[2], draws.noise.shape[2]
        most, inputs, outputs = self._loops[shape]
        draws = draws._replace(
            indices=_padded(draws.indices, most),
            noise=_padded(draws.noise, most),
            masks=[_padded(part, most) for part in draws.masks],
        )
        return tuple(part[0] for part in self._run(inputs, outputs, draws, 1))

    def _run(self, inputs: _Tensors, outputs: _Tensors, draws: Draws, count: int) -> List[np.ndarray]:
        given: List[Any] = [draws.indices, draws.noise, *draws.masks, count]
        return self._session.run(outputs, dict(zip(inputs, given)))

    def _steps(self, size: int, rows: int) -> Tuple[int, _Tensors, _Tensors]:
        """Builds the steps on batches of `size` images and `rows` noises.

        Returns:
          (most, inputs, outputs): how many steps it takes at a time at most; placeholders for
          what Draws holds, and for their number; float32 [most] each, see `train`.
        """
        settings, plan = self._settings, self._batches.plan
        masks = [(plan.masks, settings.batch_size) + mask.shape for mask in self._gan.masks]
        bytes_of_step = 4 * plan.noises * rows * settings.noise + sum(int(np.prod(m)) for m in masks)
        # A batch of another shape comes once an epoch.
        most = 1 if size != settings.batch_size else max(1, min(self._per_epoch, self.ROOM // bytes_of_step))
        inputs = (
            [
                tf.placeholder(tf.int32, [most, plan.batches, size]),
                tf.placeholder(tf.float32, [most, plan.noises, rows, settings.noise]),
            ]
            + [tf.placeholder(tf.bool, (most,) + shape) for shape in masks]
            + [tf.placeholder(tf.int32, [])]
        )
        if self._is_compiled:
            return most, inputs, xla.compiled(self._loop, inputs)
        with small_convolutions():
            return most, inputs, self._loop(*inputs)

    def _loop(self, *inputs: tf.Tensor) -> _Tensors:
        """Builds the loop over a slice's steps; returns their results, float32 [most] each."""
        images, labels = self._images.read_value(), self._labels.read_value()
        drawn_tensors, count = inputs[:-1], inputs[-1]
        most = drawn_tensors[0].shape.as_list()[0]
        if most == 1:
            results = self._step(images, labels, *[tf.gather(part, 0) for part in drawn_tensors])
            return [tf.reshape(value, [1]) for value in results]

        def body(step: tf.Tensor, *so_far: tf.Tensor) -> Tuple[tf.Tensor, ...]:
            results = self._step(images, labels, *[tf.gather(part, step) for part in drawn_tensors])
            here = tf.equal(tf.range(most), step)
            return (step + 1,) + tuple(
                tf.where(here, tf.fill([most], value), before) for value, before in zip(results, so_far)
            )

        zeros = tf.zeros([most])
        return tf.while_loop(
            lambda step, *_: step < count, body, [tf.constant(0)] + 4 * [zeros], parallel_iterations=1
        )[1:]

    def _step(
        self, images: tf.Tensor, labels: tf.Tensor, chosen: tf.Tensor, noise: tf.Tensor, *masks: tf.Tensor
    ) -> Tuple[tf.Tensor, ...]:
        """Builds one training step; returns its results, see `train`."""
        gan, settings = self._gan, self._settings
        draws = _TensorDraws(gan, self._batches.plan, images, labels, chosen, noise, masks)
        training_step = {
            Schedule.SAME_NOISE: self._same_noise,
            Schedule.FRESH_NOISE: self._fresh_noise,
            Schedule.TOGETHER: self._together,
        }[gan.schedule]
        last = settings.d_steps - 1
        before = _repeated(lambda n: self._d_step(draws, n)[0], 0, last)
        with tf.control_dependencies([before]):
            d_results, g_loss = training_step(draws, last)
        with tf.control_dependencies(list(d_results) + [g_loss]):
            g_loss = _repeated(lambda n: self._g_step(draws, n), 1, settings.g_steps, g_loss)
        with tf.control_dependencies([g_loss]):
            sign = -1 if gan.maximised else 1
            d_loss, d_real, d_fake = d_results
            return sign * d_loss, sign * g_loss, tf.identity(d_real), tf.identity(d_fake)

    # One method a schedule: D's last step of a training step, and G's first one

    def _same_noise(self, draws: "_TensorDraws", last: int) -> Tuple[_Tensors, tf.Tensor]:
        """D, then G with the updated D, on the same noise: the images are generated once for both."""
        label = draws.d_label(last)
        generated, updates = self._generated(draws.d_noise(last), label)
        d_results = self._train_d(draws.real(last), generated, label, draws.d_dropout(last))
        with tf.control_dependencies(d_results):
            return d_results, self._train_g(generated, updates, label, draws.g_dropout(0))

    def _fresh_noise(self, draws: "_TensorDraws", last: int) -> Tuple[_Tensors, tf.Tensor]:
        """D, then G with the updated D, on noise of its own."""
        d_results = self._d_step(draws, last)
        with tf.control_dependencies(d_results):
            return d_results, self._g_step(draws, 0)

    def _together(self, draws: "_TensorDraws", last: int) -> Tuple[_Tensors, tf.Tensor]:
        """Both gradients from one forward pass, before either update."""
        label = draws.d_label(last)
        generated, updates = self._generated(draws.d_noise(last), label)
        return self._train_both(draws.real(last), generated, updates, label, draws.d_dropout(last))

    def _d_step(self, draws: "_TensorDraws", n: _Number) -> _Tensors:
        """Builds D's step n on a batch and noise of its own; returns its results."""
        label = draws.d_label(n)
        with averages_kept():  # they move with G's steps
            generated, _ = self._generated(draws.d_noise(n), label)
        return self._train_d(draws.real(n), generated, label, draws.d_dropout(n))

    def _g_step(self, draws: "_TensorDraws", n: _Number) -> tf.Tensor:
        """Builds G's step n on noise of its own; returns its loss."""
        label = draws.g_label(n)
        generated, updates = self._generated(draws.g_noise(n), label)
        return self._train_g(generated, updates, label, draws.g_dropout(n))

    # What a step is made of

    def _generated(self, noise: tf.Tensor, label: _Tensors) -> Tuple[tf.Tensor, List[tf.Operation]]:
        """Builds G's images; returns them and the operations that move batch norm's averages."""
        before = len(tf.get_collection(tf.GraphKeys.UPDATE_OPS))
        images = self._gan.generator(noise, *label)
        return images, tf.get_collection(tf.GraphKeys.UPDATE_OPS)[before:]

    def _gradients(self, loss: tf.Tensor, variables: Sequence[tf.Variable]) -> List[Optional[tf.Tensor]]:
        """Returns the gradients of a loss, None for a variable it does not depend on."""
        gradients = tf.gradients(loss, variables)
        return _waiting(gradients) if self._is_compiled else gradients

    def _d_results(
        self, real: tf.Tensor, generated: tf.Tensor, label: _Tensors, dropped: "_Dropout"
    ) -> Tuple[_Tensors, tf.Tensor]:
        """Builds D on both; returns [loss, mean D(x), mean D(G(z))], and D's logits on what is generated."""
        gan = self._gan
        with dropped.on_real():
            real_logits = gan.discriminator(real, *label)
        with dropped.on_fake():
            fake_logits = gan.discriminator(generated, *label)
        loss, _ = gan.losses(real_logits, fake_logits)
        if gan.d_penalty is not None:
            loss += gan.d_penalty(real, real_logits, *label)
        scores = [tf.reduce_mean(probability(x)) for x in (real_logits, fake_logits)]
        return [loss] + scores, fake_logits

    def _train_d(self, real: tf.Tensor, generated: tf.Tensor, label: _Tensors, dropped: "_Dropout") -> _Tensors:
        """Builds D's step; returns its loss and scores, which are there when the step is done."""
        gan, limit = self._gan, self._settings.skip_d_below
        results, _ = self._d_results(real, generated, label, dropped)

        def update() -> _Tensors:
            gradients = self._gradients(results[0], gan.d_vars)
            return _updated(gan.d_optimizer, gradients, gan.d_vars, results)

        if limit is None:
            return update()
        return tf.cond(results[0] < limit, lambda: [tf.identity(x) for x in results], update)

    def _train_g(
        self, generated: tf.Tensor, updates: List[tf.Operation], label: _Tensors, dropped: "_Dropout"
    ) -> tf.Tensor:
        """As `_train_d`, for G; returns its loss."""
        gan = self._gan
        with dropped.on_g():
            logits = gan.discriminator(generated, *label)
        _, loss = gan.losses(logits, logits)
        return _updated(gan.g_optimizer, self._gradients(loss, gan.g_vars), gan.g_vars, [loss], updates)[0]

    def _train_both(
        self, real: tf.Tensor, generated: tf.Tensor, updates: List[tf.Operation], label: _Tensors, dropped: "_Dropout"
    ) -> Tuple[_Tensors, tf.Tensor]:
        """Builds both steps from one forward pass; returns D's results and G's loss."""
        gan, limit = self._gan, self._settings.skip_d_below
        d_results, logits = self._d_results(real, generated, label, dropped)
        _, g_loss = gan.losses(logits, logits)
        d_gradients = self._gradients(d_results[0], gan.d_vars)
        g_gradients = self._gradients(g_loss, gan.g_vars)
        with tf.control_dependencies([g for g in d_gradients + g_gradients if g is not None]):
            (g_loss,) = _updated(gan.g_optimizer, g_gradients, gan.g_vars, [g_loss], updates)

            def update() -> _Tensors:
                return _updated(gan.d_optimizer, d_gradients, gan.d_vars, d_results)

            if limit is None:
                return update(), g_loss
            return tf.cond(d_results[0] < limit, lambda: [tf.identity(x) for x in d_results], update), g_loss


class _TensorDraws:
    """What one training step draws, as tensors; the plan says which draw serves which step of a network.

    Args:
      gan: the model. plan: which draw serves which step.
      images, labels: the data, [examples, ...].
      chosen: int32 [batches, size]. noise: float32 [noises, rows, n_noise]. masks: bool tensors
        [masks, batch_size, ...].
    """

    def __init__(
        self,
        gan: GAN,
        plan: StepPlan,
        images: tf.Tensor,
        labels: tf.Tensor,
        chosen: tf.Tensor,
        noise: tf.Tensor,
        masks: Sequence[tf.Tensor],
    ) -> None:
        self._gan, self._plan = gan, plan
        self._images, self._labels, self._chosen, self._noise, self._masks = images, labels, chosen, noise, masks

    def real(self, n: _Number) -> tf.Tensor:
        """Returns the real images of D's step n, in the model's range."""
        return self._gan.normalize(_pixels(tf.gather(self._images, self._batch(self._plan.d_batch, n))))

    def d_label(self, n: _Number) -> _Tensors:
        """Returns a list of the labels of D's step n, an empty one for a model without labels."""
        return self._label(self._plan.d_batch, n)

    def g_label(self, n: _Number) -> _Tensors:
        return self._label(self._plan.g_batch, n)

    def d_noise(self, n: _Number) -> tf.Tensor:
        return tf.gather(self._noise, _entry(self._plan.d_noise, n))

    def g_noise(self, n: _Number) -> tf.Tensor:
        return tf.gather(self._noise, _entry(self._plan.g_noise, n))

    def d_dropout(self, n: _Number) -> "_Dropout":
        return _Dropout(self._gan, self._masks, _entry(self._plan.d_mask, n))

    def g_dropout(self, n: _Number) -> "_Dropout":
        return _Dropout(self._gan, self._masks, _entry(self._plan.g_mask, n))

    def _batch(self, numbers: Tuple[int, ...], n: _Number) -> tf.Tensor:
        return tf.gather(self._chosen, _entry(numbers, n))

    def _label(self, numbers: Tuple[int, ...], n: _Number) -> _Tensors:
        return [] if self._gan.labels is None else [tf.gather(self._labels, self._batch(numbers, n))]


def _entry(numbers: Tuple[int, ...], n: _Number) -> _Number:
    """Returns numbers[n]."""
    return numbers[n] if isinstance(n, int) else tf.gather(tf.constant(numbers), n)


class _Dropout:
    """What dropout keeps in a step of a network, call by call: D on real images, on generated ones.

    Args:
      gan: the model. masks: bool tensors [masks, batch_size, ...]. number: which of them.
    """

    def __init__(self, gan: GAN, masks: Sequence[tf.Tensor], number: _Number) -> None:
        self._masks, self._number = masks, number
        # G's own pass through D comes third where it has noise of its own.
        self._passes = 3 if gan.schedule is Schedule.FRESH_NOISE else 2

    def on_real(self) -> ContextManager[None]:
        return self._on(0)

    def on_fake(self) -> ContextManager[None]:
        return self._on(1)

    def on_g(self) -> ContextManager[None]:
        return self._on(self._passes - 1)

    def _on(self, number: int) -> ContextManager[None]:
        count = len(self._masks) // self._passes
        masks = iter(self._masks[number * count : (number + 1) * count])
        return dropped_by(lambda inputs, rate: tf.gather(next(masks), self._number)[: inputs.shape[0]])


def _padded(array: np.ndarray, most: int) -> np.ndarray:
    """Returns an array as long as `most`, with zeros at its end."""
    return np.concatenate([array, np.zeros((most - len(array),) + array.shape[1:], array.dtype)])


def uses_xla(graph: tf.Graph, use_gpu: bool) -> bool:
    """Whether XLA is to compile the steps of this graph's model."""
    return use_gpu or not any(op.type.startswith("Conv2D") for op in graph.get_operations())


def _resident(session: tf.Session, array: np.ndarray) -> tf.Variable:
    """Returns a variable with an array's content where the session computes."""
    content = tf.placeholder(array.dtype, array.shape)
    variable = tf.Variable(content, trainable=False, collections=[])
    session.run(variable.initializer, {content: array})
    return variable


def _bytes_of(images: np.ndarray) -> np.ndarray:
    """Returns images as uint8 where that is what they were, a quarter to hold and to read, or float32."""
    images = images.astype(np.float32, copy=False)
    # A GPU knows no variables of bytes on TF 1.x.
    if tf.version.VERSION.startswith("1.") or not (images.min() >= 0 and images.max() <= 1):
        return images
    small = np.empty(images.shape, np.uint8)
    for start in range(0, len(images), 1000):  # not all at once, for the memory's sake
        part, bytes_of_part = images[start : start + 1000], small[start : start + 1000]
        bytes_of_part[:] = np.rint(255 * part)
        if not np.array_equal(PIXEL * bytes_of_part, part):
            return images
    return small


def _pixels(images: tf.Tensor) -> tf.Tensor:
    """Returns what `_bytes_of` was given, float32."""
    return PIXEL * tf.cast(images, tf.float32) if images.dtype == tf.uint8 else images


def _updated(
    optimizer: Any,
    gradients: Sequence[Optional[tf.Tensor]],
    variables: Sequence[tf.Variable],
    results: _Tensors,
    updates: Sequence[tf.Operation] = (),
) -> _Tensors:
    """Builds one step of an optimizer; returns results from before, there when it is done.

    Args:
      optimizer: a tf.train.Optimizer, or what has its apply_gradients.
      updates: operations that belong to the step.
    """
    pairs = [pair for pair in zip(gradients, variables) if pair[0] is not None]
    with tf.control_dependencies([optimizer.apply_gradients(pairs)] + list(updates)):
        return [tf.identity(result) for result in results]


def _waiting(gradients: List[Optional[tf.Tensor]]) -> List[Optional[tf.Tensor]]:
    """Returns gradients that are there, to XLA's eyes, when the first of them is.

    A layer's weights must not change before the gradients of the layers below are computed from
    them. XLA makes sure of it by a copy of the weights, unless it sees in the data that they wait:
    hence the condition, which always holds (NaN included) and which the compiler cannot know.
    """
    first = next(n for n, gradient in enumerate(gradients) if gradient is not None)
    one = tf.reshape(gradients[first], [-1])[0]
    is_there = tf.logical_or(tf.equal(one, one), tf.not_equal(one, one))
    return gradients[: first + 1] + [
        None if g is None else tf.where(tf.fill(g.shape, is_there), g, tf.zeros_like(g)) for g in gradients[first + 1 :]
    ]


def _repeated(
    step: Callable[[tf.Tensor], tf.Tensor], start: int, end: int, loss: Union[float, tf.Tensor] = 0.0
) -> tf.Tensor:
    """Builds a loop of `loss = step(n)` for n from `start` to `end`; returns the last loss."""
    if start == end:
        return tf.convert_to_tensor(loss)
    return tf.while_loop(
        lambda n, _: n < end, lambda n, _: (n + 1, step(n)), [tf.constant(start), loss], parallel_iterations=1
    )[1]
