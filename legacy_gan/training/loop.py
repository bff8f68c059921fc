"""The training loop: epochs, what is printed, when pictures are made and what is kept."""

import os
import platform
import signal
import threading
import time

import numpy as np

from legacy_gan import __version__, console, gan as contract, pictures
from legacy_gan.errors import Interrupted, NonFiniteLoss, StorageLost
from legacy_gan.tf1 import session as open_session, tf
from legacy_gan.training import engines, sampling, weights
from legacy_gan.training.program import Trained, steps_of

SAMPLE_SIZE = 10  # digits in a strip
SLICE = 25  # steps between two looks at the keyboard, the bar and the losses


class Training(object):
    """One run of a model, built and checked; `run_to` trains it.

    Args:
      model: str, the model's name.
      settings: legacy_gan.options.Basic or Conditional.
      run: legacy_gan.options.Run.
      mnist: legacy_gan.input_data.Datasets, labels one-hot.
      directory: legacy_gan.training.rundir.RunDirectory, not touched before run_to.
      samples_dir: path of the folder for the strips.
      config: dict that becomes config.json; completed here.
      initial_weights: path of an .npz or a checkpoint, or None for the model's own.
    Raises:
      UserError: for weights that do not fit, or a GPU that is not there.
    """

    def __init__(self, model, settings, run, mnist, directory, samples_dir, config,
                 initial_weights):
        self._settings, self._run, self._mnist = settings, run, mnist
        self._directory, self._samples_dir, self._config = directory, samples_dir, config
        self._module = sampling.module_of(model)
        self._device = sampling.device(run.device)
        self._graph = tf.Graph()
        with self._graph.as_default():
            self._gan = contract.build(self._module, settings)
            self._saver = tf.train.Saver()
            self._initializer = tf.global_variables_initializer()
        variables = self._gan.model_vars
        if initial_weights is None:
            # The second stream of the seed: weights, apart from batches and noise.
            rng = np.random.RandomState([settings.seed, 1])
            self._weights = self._module.initial_weights(variables, rng)
            config["initial_weights"] = None
        else:
            self._weights = weights.load(initial_weights, variables)
            config["initial_weights"] = {
                "path": os.path.abspath(initial_weights),
                "sha256": weights.fingerprint(self._weights),
            }
        config["versions"] = {
            "legacy_gan": __version__,
            "tensorflow": tf.version.VERSION,
            "numpy": np.__version__,
            "python": platform.python_version(),
        }
        config["device"] = self._device

    def run_to(self, target):
        """Trains to a target from the first step, writes everything, prints what the book prints.

        Args:
          target: dict with `epochs` (int) and `steps` (int or None).
        Returns:
          A Trained.
        Raises:
          NonFiniteLoss: at the first loss that is not a finite number.
          StorageLost: if a file cannot be written.
          Interrupted: at the end of a step, by Ctrl-C or SIGTERM.
        """
        self._config["pictures"] = []
        self._directory.write_config(self._config)
        self._directory.start_losses()
        try:
            trained = self._train(target)
        except (OSError, tf.errors.OpError) as e:  # TensorFlow's for a checkpoint
            raise StorageLost(
                "{}: {}; the run stops here".format(
                    getattr(e, "filename", None) or self._directory,
                    getattr(e, "strerror", None) or str(e).splitlines()[0],
                )
            ) from e
        console.close()
        return trained

    def _train(self, target):
        """The loop of run_to."""
        settings, config, directory = self._settings, self._config, self._directory
        per_epoch = config["steps_per_epoch"]
        steps = steps_of(target, per_epoch)
        rng = np.random.RandomState(settings.seed)
        self._mnist.train.use(rng)
        console.note(
            "{}: {} steps, {} an epoch, seed {}; {} training images from {}; TensorFlow {} on {}; "
            "run directory {}".format(
                config["model"], steps, per_epoch, settings.seed, self._mnist.train.num_examples,
                self._mnist.train.source, tf.version.VERSION, self._device, directory,
            )
        )
        losses = np.empty((2, steps), np.float32)
        with open_session(self._graph, use_gpu=self._device != "cpu") as session:
            session.run(self._initializer)
            weights.assign(session, self._gan.model_vars, self._weights)
            engine = engines.FeedEngine(
                session, self._gan, self._mnist.train, self._module.get_noise, settings, rng
            )
            with console.bar(steps) as bar, _Signals() as signals:
                step, epoch = 0, 0
                while step < steps:
                    end = min((epoch + 1) * per_epoch, steps)
                    while step < end:
                        count = min(SLICE, end - step)
                        part = losses[:, step : step + count]
                        part[:] = engine.run(count)
                        directory.append_losses(step + 1, epoch, *part)
                        self._check_finite(losses, step, count)
                        step += count
                        bar.update(count)
                        if step < steps:  # at the last step it is sooner to finish than to stop
                            signals.check("step {} of {}: {{}}; an unfinished run begins anew with "
                                          "the same command".format(step, steps))
                    if step == (epoch + 1) * per_epoch:
                        self._end_epoch(session, epoch, step == steps, losses[:, step - 1], rng)
                    epoch += 1
            self._finish(session, steps)
        return Trained(directory.path, steps, losses[0], losses[1], config["pictures"])

    def _check_finite(self, losses, step, count):
        finite = np.isfinite(losses[:, step : step + count]).all(0)
        if not finite.all():
            bad = step + int(np.argmin(finite))
            last = "D loss {:.4}, G loss {:.4}".format(*map(float, losses[:, bad - 1]))
            raise NonFiniteLoss(
                "step {}: a loss is not a finite number any more (before it: {}); the run in {} "
                "stops here; --restart with a smaller --learning-rate may help".format(
                    bad + 1, last if bad else "nothing", self._directory
                )
            )

    def _end_epoch(self, session, epoch, is_last, losses, rng):
        """Prints the listing's line and makes the pictures that are due."""
        loss_D, loss_G = losses
        console.say(" ".join([
            "Epoch:", "%04d" % epoch,
            "D loss: {:.4}".format(float(loss_D)), "G loss: {:.4}".format(float(loss_G)),
        ]))
        # The listing draws this noise from the training's stream at epochs 0, 9, 19, ...: it is
        # drawn whether or not a picture is made, so that looking never changes the training.
        if epoch == 0 or (epoch + 1) % 10 == 0:
            noise = self._module.get_noise(SAMPLE_SIZE, self._settings.noise, rng)
        else:
            side_stream = np.random.RandomState([self._settings.seed, 2, epoch])
            noise = self._module.get_noise(SAMPLE_SIZE, self._settings.noise, side_stream)
        if epoch == 0 or (epoch + 1) % self._run.sample_every == 0 or is_last:
            path = os.path.join(self._samples_dir, "{}.png".format(str(epoch).zfill(3)))
            pictures.save_strip(path, self._strip(session, noise))
            self._config["pictures"].append(path)
            self._directory.write_config(self._config)

    def _strip(self, session, noise):
        """Returns the rows of a strip, float32 [1 or 2, 10, 784], as the listing composes them."""
        if self._gan.labels is None:
            return sampling.images(session, self._gan, noise)[None]
        test = self._mnist.test
        shown = np.arange(SAMPLE_SIZE) % test.num_examples
        if self._run.digit is not None:
            of_digit = np.flatnonzero(test.labels.argmax(1) == self._run.digit)
            shown = np.resize(of_digit, SAMPLE_SIZE)
        generated = sampling.images(session, self._gan, noise, test.labels[shown])
        return np.stack([test.images[shown], generated])

    def _finish(self, session, steps):
        """Saves the model, the weights and the digit, then marks the run complete."""
        directory, config = self._directory, self._config
        directory.save_model(session, self._saver)
        config["completed"] = {"step": steps, "time": time.strftime("%Y-%m-%dT%H:%M:%S%z")}
        directory.write_config(config)
        if self._run.save_weights is not None:
            arrays = weights.fetch(session, self._gan.model_vars)
            weights.save_npz(self._run.save_weights, arrays)
        if self._run.digit is not None:
            config["pictures"].append(
                sampling.draw_digit(
                    session, self._gan, self._module, self._settings, self._run.digit,
                    self._samples_dir,
                )
            )
            directory.write_config(config)
        count = len(config["pictures"])
        console.note("{} picture{} in {}; losses, settings and model in {}".format(
            count, "" if count == 1 else "s", self._samples_dir, directory))


class _Signals(object):
    """Ctrl-C and SIGTERM wait for `check`, so that none strikes in the middle of a step.

    A second Ctrl-C does not wait. Outside the main thread signals are its caller's affair.
    """

    _STATUS = {signal.SIGINT: 130, signal.SIGTERM: 143}

    def __enter__(self):
        self._came, self._previous = None, {}
        if threading.current_thread() is threading.main_thread():
            for number in self._STATUS:
                self._previous[number] = signal.signal(number, self._come)
        return self

    def __exit__(self, *error):
        for number, handler in self._previous.items():
            signal.signal(number, handler)

    def _come(self, number, frame):
        self._came = number
        signal.signal(signal.SIGINT, signal.default_int_handler)

    def check(self, message):
        """Raises Interrupted if a signal came; {} in the message becomes what it was."""
        if self._came is not None:
            words = "interrupted" if self._came == signal.SIGINT else "ended by SIGTERM"
            raise Interrupted(message.format(words), self._STATUS[self._came])
