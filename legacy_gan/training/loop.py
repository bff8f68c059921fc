"""The training loop: epochs, what is printed, when pictures and checkpoints are made."""

import contextlib
import signal
import threading

import numpy as np

from legacy_gan import console, files
from legacy_gan.errors import Collapsed, Interrupted, NonFiniteLoss, StorageLost, UserError
from legacy_gan.images import sampling
from legacy_gan.tf1 import tf
from legacy_gan.tf1.backend.precision import lacks_bfloat16
from legacy_gan.tf1.backend.session import session as open_session
from legacy_gan.training import averages, checkpoints, engines, health, printers, weights
from legacy_gan.training.batches import Batches
from legacy_gan.training.program import Trained, steps_of


class Training:
    """One run of a model; `run_to` trains it from where it stands.

    Args:
      built: legacy_gan.training.model_graph.Built.
      run: legacy_gan.options.Run.
      mnist: legacy_gan.input_data.Datasets, labels one-hot, of which no batch was drawn.
      directory: legacy_gan.training.rundir.RunDirectory, locked.
      samples_dir: path of the folder for the pictures.
      config: dict that config.json holds; its `pictures` grow.
      device: "cpu" or the name of a GPU.
      watchers: objects that are told what happens, with methods begin(step), steps(first, d_losses,
        g_losses), epoch(session, step, health), picture(step, path) and close(), as
        legacy_gan.extras.tensorboard.Board has them.
    """

    def __init__(self, built, run, mnist, directory, samples_dir, config, device, watchers=()):
        self._built, self._run, self._mnist = built, run, mnist
        self._gan, self._settings, self._module = built.gan, built.settings, built.module
        self._directory, self._samples_dir, self._config = directory, samples_dir, config
        self._device, self._watchers, self._step = device, watchers, 0
        self._saved = None  # the folder of the last checkpoint
        self._batches = Batches(
            mnist.train,
            built.module.get_noise,
            built.settings,
            built.gan.schedule,
            built.gan.last_batch,
            built.gan.masks,
        )
        self._report = printers.REPORTS[built.model](built, run, mnist, self._batches, samples_dir, self._drew)
        self._watch = health.Watch(built.settings)
        with built.graph.as_default():
            self._probe = health.Probe(
                built.gan, built.module.get_noise, built.settings, mnist.train.images, mnist.train.labels
            )

    def run_to(self, target, start):
        """Trains to a target, writes everything, prints what the book prints.

        Args:
          target: dict with `epochs` (int) and `steps` (int or None).
          start: a checkpoints.Checkpoint to go on from; or the initial weights, arrays by name, to
            begin with.
        Returns:
          A Trained.
        Raises:
          NonFiniteLoss: at the first loss that is not a finite number.
          Collapsed: if the run collapses and --on-collapse is not warn.
          UserError: if the device has too little memory.
          StorageLost: if a file cannot be written.
          Interrupted: at the end of a step, by Ctrl-C or SIGTERM; what was done is saved.
        """
        try:
            with contextlib.ExitStack() as stack:
                for watcher in self._watchers:
                    stack.callback(watcher.close)
                trained = self._train(target, start)
        except tf.errors.ResourceExhaustedError as e:
            raise UserError(
                f"{self._directory}: not enough memory on {self._device} for a step ({files.why(e)}); a smaller --batch-size or "
                "smaller networks may fit"
            ) from e
        except OSError as e:
            raise StorageLost(
                f"{e.filename or self._directory}: {e.strerror or e}; the run stops here; with room on the disk the same command {self._again()}goes on from "
                f"{self._last()}"
            ) from e
        self._report.end()
        return trained

    def _again(self):
        """Returns what the same command must be without to go on."""
        return "without --restart " if self._run.restart else ""

    def _last(self):
        """Returns the last checkpoint in words."""
        return self._saved or "its first step: there is no checkpoint yet"

    def _train(self, target, start):
        """The loop of run_to."""
        config, directory = self._config, self._directory
        per_epoch = config["steps_per_epoch"]
        steps = steps_of(target, per_epoch)
        use_gpu = self._device != "cpu"
        with open_session(self._built.graph, use_gpu=use_gpu) as session, _Signals() as signals:
            session.run(self._built.initializer)
            engine = self._engine(session, use_gpu, per_epoch)
            step = self._begin(session, start)
            for watcher in self._watchers:
                watcher.begin(step)
            losses = np.empty((2, steps), np.float32)
            losses[:, :step] = directory.losses()
            list(health.seen(self._watch, directory.health(), losses, config))  # and said before
            if step:
                self._act_on_collapse()
            else:
                self._save(session, 0)
            with console.bar(steps, step) as bar:
                while step < steps:
                    epoch = step // per_epoch
                    self._report.begin_epoch(step - epoch * per_epoch)
                    end = min((epoch + 1) * per_epoch, steps)
                    for part in engine.train(end - step):
                        count = len(part[0])
                        losses[:, step : step + count] = part[:2]
                        directory.append_losses(step + 1, epoch, *part[:2])
                        for watcher in self._watchers:
                            watcher.steps(step + 1, *part[:2])
                        self._check_finite(losses, step, count)
                        self._report.steps(epoch, step - epoch * per_epoch, part)
                        step += count
                        bar.update(count)
                        if signals.came:
                            break
                    is_whole = step == (epoch + 1) * per_epoch
                    if is_whole:
                        self._end_epoch(session, epoch, step == steps, losses[:, :step])
                    # A signal that comes from here on waits for the next time.
                    came = signals.came
                    due = is_whole and (epoch + 1) % self._run.checkpoint_every == 0
                    if due or step == steps or came or self._ends_in_collapse():
                        self._save(session, step)
                    self._act_on_collapse()
                    # At the last step it is sooner to finish than to stop.
                    if step < steps:
                        signals.check(
                            came,
                            f"step {step} of {steps}: {{}}; saved: the same command {self._again()}goes on from "
                            f"{self._saved}",
                        )
            self._finish(session)
        return Trained(directory.path, steps, losses[0], losses[1], directory.pictures(config))

    def _engine(self, session, use_gpu, per_epoch):
        """Returns the engine; the variables have their initial values again."""
        if self._settings.precision == "bfloat16" and lacks_bfloat16(use_gpu):
            console.note(
                f"TensorFlow {tf.version.VERSION} on {self._device} has no units for bfloat16: --precision float32 is faster "
                "here"
            )
        initial = self._module.initial_weights(self._gan.model_vars, np.random.RandomState(1))
        with self._built.graph.as_default():
            engine = engines.choose(
                self._run.engine,
                use_gpu,
                initial,
                session,
                self._gan,
                self._mnist.train,
                self._batches,
                self._settings,
                per_epoch,
            )
        session.run(self._built.initializer)
        return engine

    def _begin(self, session, start):
        """Gives the variables their values; returns the step they are of."""
        directory = self._directory
        if isinstance(start, checkpoints.Checkpoint):
            weights.assign(session, self._built.kept, start.arrays)
            self._batches.resume(*checkpoints.drawn(start.arrays), step=start.step)
            directory.cut(start.step)
            checkpoints.remove_after(directory, start.step)
            self._saved = start.path
            return start.step
        weights.assign(session, self._gan.named_vars, start)
        directory.start()
        return 0

    def _save(self, session, step):
        """Makes a checkpoint; the rows of losses.csv are on the disk before it is."""
        if self._saved == checkpoints.path_of(self._directory, step):
            return
        arrays = weights.fetch(session, self._built.kept)
        for name, array in arrays.items():
            if not np.isfinite(array).all():
                raise self._not_finite(step, f"{name} holds numbers that are not finite")
        epoch = step // self._config["steps_per_epoch"]
        arrays.update(checkpoints.training_state(step, epoch, self._batches.state(), self._mnist.train.num_examples))
        self._directory.sync()
        self._saved = checkpoints.save(self._directory, arrays)

    def _check_finite(self, losses, step, count):
        finite = np.isfinite(losses[:, step : step + count]).all(0)
        if not finite.all():
            bad = step + int(np.argmin(finite))
            last = "D loss {:.4}, G loss {:.4}".format(*map(float, losses[:, bad - 1]))
            raise self._not_finite(
                bad + 1, "a loss is not a finite number any more (before it: {})".format(last if bad else "nothing")
            )

    def _not_finite(self, step, what):
        return NonFiniteLoss(
            f"step {step}: {what}; the run in {self._directory} stops here, the checkpoint before it: {self._last()}; --restart with a "
            "smaller --learning-rate may help"
        )

    def _end_epoch(self, session, epoch, is_last, losses):
        """Looks at the run's health, and lets the report print and draw.

        Args:
          losses: float32 [2, steps so far].
        """
        per_epoch = self._config["steps_per_epoch"]
        step = self._step = losses.shape[1]
        with averages.in_use(session, self._gan):
            self._report.end_epoch(session, epoch, *losses[:, -per_epoch:], is_last=is_last)
        measured = self._probe.measure(session)
        for watcher in self._watchers:
            watcher.epoch(session, step, measured)
        self._directory.append_health(step, epoch, measured)
        saw = self._watch.look(step, measured, health.of_epoch(losses, step, per_epoch))
        if saw is not None:
            console.note(
                f"warning: epoch {epoch}: {self._directory} {saw}. What cures it: {health.cure(self._settings)} (docs/training-trouble.md)"
            )

    def _ends_in_collapse(self):
        return self._watch.saw is not None and self._run.on_collapse != "warn"

    def _act_on_collapse(self):
        """Ends a run that has collapsed, if that is wanted; its checkpoint is saved."""
        if self._ends_in_collapse():
            raise Collapsed(f"{self._directory} {self._watch.saw}; it stops here ({self._saved})")

    def _drew(self, path):
        """Records a picture in config.json."""
        if self._directory.record_picture(self._config, path):
            self._directory.write_config(self._config)
        for watcher in self._watchers:
            watcher.picture(self._step, path)

    def _finish(self, session):
        """Writes the weights and the digit, if they were asked for."""
        with averages.in_use(session, self._gan):
            if self._run.save_weights is not None:
                arrays = weights.fetch(session, self._gan.named_vars)
                weights.save_npz(self._run.save_weights, arrays)
            if self._run.digit is not None:
                self._drew(sampling.draw_strip(session, self._built, self._run.digit, self._samples_dir))
        self._report.finish(self._directory.pictures(self._config))
        count = len(self._config["pictures"])
        console.note(
            "{} picture{} in {}; losses, settings and model in {}".format(
                count, "" if count == 1 else "s", self._samples_dir, self._directory
            )
        )


class _Signals:
    """Ctrl-C and SIGTERM wait for `check`, so that none strikes in the middle of a step.

    A second Ctrl-C does not wait. Outside the main thread signals are its caller's affair.
    """

    _STATUS = {signal.SIGINT: 130, signal.SIGTERM: 143}

    def __init__(self):
        self.came = None

    def __enter__(self):
        self._previous = {}
        if threading.current_thread() is threading.main_thread():
            for number in self._STATUS:
                self._previous[number] = signal.signal(number, self._come)
        return self

    def __exit__(self, *error):
        for number, handler in self._previous.items():
            signal.signal(number, handler)

    def _come(self, number, frame):
        self.came = number
        signal.signal(signal.SIGINT, signal.default_int_handler)

    def check(self, came, message):
        """Raises Interrupted if a signal (a number) came; {} in the message becomes what it was."""
        if came is not None:
            words = "interrupted" if came == signal.SIGINT else "ended by SIGTERM"
            raise Interrupted(message.format(words), self._STATUS[came])
