"""The training loop: epochs of steps, listeners told of them, checkpoints, what ends a training early."""

from typing import Dict, Optional, Sequence, Union

import numpy as np

from legacy_gan import console, files, options
from legacy_gan.data.dataset import Datasets
from legacy_gan.errors import Collapsed, NonFiniteLoss, StorageLost, UserError
from legacy_gan.images import sampling
from legacy_gan.tf1 import tf
from legacy_gan.tf1.backend.precision import lacks_bfloat16
from legacy_gan.tf1.backend.session import session as open_session
from legacy_gan.training import averages, checkpoints, engines, printers, weights
from legacy_gan.training.batches import Batches
from legacy_gan.training.collapse import CollapseWatch
from legacy_gan.training.health import HealthListener, Probe
from legacy_gan.training.listeners import EpochEnd, FiniteLosses, Listener, Listeners, LossRows, Progress, Steps
from legacy_gan.training.model_graph import ModelGraph
from legacy_gan.training.request import Config, Target
from legacy_gan.training.result import TrainingResult
from legacy_gan.training.rundir import RunDirectory
from legacy_gan.training.signals import Signals
from legacy_gan.translation import tr

EARLY = 1650  # steps, three of the book's epochs: before that images are nearer to noise than to digits


class Training:
    """One run of a model; `run_to` trains it from where it stands.

    Args:
      model_graph: the model, built.
      run: the options of the training.
      mnist: the data, labels one-hot, of which no batch was drawn.
      directory: the run's, locked.
      samples_dir: path of the folder for the pictures.
      config: what config.json holds; its `pictures` grow.
      device: "cpu" or the name of a GPU.
      listeners: more that are told of the training.
    """

    def __init__(
        self,
        model_graph: ModelGraph,
        run: options.Run,
        mnist: Datasets,
        directory: RunDirectory,
        samples_dir: str,
        config: Config,
        device: str,
        listeners: Sequence[Listener] = (),
    ) -> None:
        self._model_graph, self._run, self._mnist = model_graph, run, mnist
        self._gan, self._settings, self._module = model_graph.gan, model_graph.settings, model_graph.module
        self._directory, self._samples_dir, self._config = directory, samples_dir, config
        self._device, self._step = device, 0
        self._saved: Optional[str] = None  # the folder of the last checkpoint
        self._batches = Batches(
            mnist.train,
            self._module.get_noise,
            self._settings,
            self._gan.schedule,
            self._gan.last_batch,
            self._gan.masks,
        )
        printer = printers.of_model(model_graph.record)(model_graph, run, mnist, self._batches, samples_dir, self._drew)
        with model_graph.graph.as_default():
            probe = Probe(self._gan, self._module.get_noise, self._settings, mnist.train.images, mnist.train.labels)
        self._health = HealthListener(probe, CollapseWatch(self._settings), directory, self._settings)
        # In the order in which they are told: what is kept, what can end the training, what is printed and drawn.
        self._listeners = Listeners(
            [LossRows(directory), *listeners, FiniteLosses(self._not_finite), printer, self._health]
        )
        self._health.tell = self._listeners

    def run_to(self, target: Target, start: Union[checkpoints.Checkpoint, Dict[str, np.ndarray]]) -> TrainingResult:
        """Trains to a target, writes everything, prints what the book prints.

        Args:
          target: how far.
          start: a checkpoint to go on from; or the initial weights, arrays by name, to begin with.
        Raises:
          NonFiniteLoss: at the first loss that is not a finite number.
          Collapsed: if the run collapses and --on-collapse is not warn.
          UserError: if the device has too little memory.
          StorageLost: if a file cannot be written.
          Interrupted: at the end of a step, by Ctrl-C or SIGTERM; what was done is saved.
        """
        steps = target.in_steps(self._config["steps_per_epoch"])
        self._listeners.add(Progress(steps))
        try:
            try:
                result = self._train(steps, start)
            finally:
                self._listeners.close()
        except tf.errors.ResourceExhaustedError as e:
            raise UserError(
                f"{self._directory}: not enough memory on {self._device} for a step ({files.why(e)}); "
                "a smaller --batch-size or smaller networks may fit"
            ) from e
        except OSError as e:
            raise StorageLost(
                tr(
                    "{path}: {why}; the run stops here; with room on the disk {command} continues from {checkpoint}"
                ).format(
                    path=e.filename or self._directory,
                    why=e.strerror or e,
                    command=self._again(),
                    checkpoint=self._last(),
                )
            ) from e
        self._listeners.end()
        return result

    def _train(self, steps: int, start: Union[checkpoints.Checkpoint, Dict[str, np.ndarray]]) -> TrainingResult:
        """Trains to a number of steps; the loop of run_to."""
        per_epoch = self._config["steps_per_epoch"]
        use_gpu = self._device != "cpu"
        with open_session(self._model_graph.graph, use_gpu=use_gpu) as session, Signals() as signals:
            session.run(self._model_graph.initializer)
            engine = self._engine(session, use_gpu, per_epoch)
            step = self._begin(session, start)
            losses = np.empty((2, steps), np.float32)
            losses[:, :step] = self._directory.losses()
            self._listeners.begin(losses[:, :step])
            self._health.see_again(losses, self._config)
            if step:
                self._act_on_collapse()
            else:
                self._save(session, 0)
            while step < steps:
                epoch = step // per_epoch
                self._listeners.begin_epoch(epoch, step - epoch * per_epoch)
                end = min((epoch + 1) * per_epoch, steps)
                for results in engine.train(end - step):
                    count = len(results[0])
                    losses[:, step : step + count] = results[:2]
                    self._listeners.steps(Steps(step + 1, epoch, step - epoch * per_epoch, *results))
                    step += count
                    if signals.came:
                        break
                is_whole = step == (epoch + 1) * per_epoch
                if is_whole:
                    self._step = step
                    self._listeners.end_epoch(
                        EpochEnd(session, epoch, step, losses[:, :step], per_epoch, is_last=step == steps)
                    )
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
                        tr("step {step} of {steps}: {what}; saved: {command} continues from {checkpoint}").format(
                            step=step, steps=steps, what="{}", command=self._again(), checkpoint=self._saved
                        ),
                    )
            self._finish(session, steps)
        return TrainingResult(self._directory.path, steps, losses[0], losses[1], self._directory.pictures(self._config))

    def _engine(self, session: tf.Session, use_gpu: bool, per_epoch: int) -> engines.Engine:
        """Returns the engine; the variables have their initial values again."""
        if self._settings.precision == "bfloat16" and lacks_bfloat16(use_gpu):
            console.note(
                f"TensorFlow {tf.version.VERSION} on {self._device} has no units for bfloat16: "
                "--precision float32 is faster here"
            )
        initial = self._module.initial_weights(self._gan.model_vars, np.random.RandomState(1))
        with self._model_graph.graph.as_default():
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
        session.run(self._model_graph.initializer)
        return engine

    def _begin(self, session: tf.Session, start: Union[checkpoints.Checkpoint, Dict[str, np.ndarray]]) -> int:
        """Gives the variables their values; returns the step they are of."""
        directory = self._directory
        if isinstance(start, checkpoints.Checkpoint):
            weights.assign(session, self._model_graph.kept, start.arrays)
            self._batches.resume(*checkpoints.drawn(start.arrays), step=start.step)
            directory.cut(start.step)
            checkpoints.remove_after(directory, start.step)
            self._saved = start.path
            return start.step
        weights.assign(session, self._gan.named_vars, start)
        directory.start()
        return 0

    def _save(self, session: tf.Session, step: int) -> None:
        """Makes a checkpoint; the rows of losses.csv are on the disk before it is."""
        if self._saved == checkpoints.path_of(self._directory, step):
            return
        arrays = weights.fetch(session, self._model_graph.kept)
        for name, array in arrays.items():
            if not np.isfinite(array).all():
                raise self._not_finite(step, f"{name} holds numbers that are not finite")
        epoch = step // self._config["steps_per_epoch"]
        arrays.update(checkpoints.training_state(step, epoch, self._batches.state(), self._mnist.train.num_examples))
        self._directory.sync()
        self._saved = checkpoints.save(self._directory, arrays)

    def _not_finite(self, step: int, what: str) -> NonFiniteLoss:
        return NonFiniteLoss(
            tr(
                "step {step}: {what}; the run in {run} stops here, the checkpoint before it: {checkpoint}; --restart "
                "with a smaller --learning-rate may help"
            ).format(step=step, what=what, run=self._directory, checkpoint=self._last())
        )

    def _again(self) -> str:
        """Returns in words which command continues the run."""
        return tr("the same command without --restart") if self._run.restart else tr("the same command")

    def _last(self) -> str:
        """Returns the last checkpoint in words."""
        return self._saved or tr("its first step: there is no checkpoint yet")

    def _ends_in_collapse(self) -> bool:
        return self._health.collapse is not None and self._run.on_collapse != "warn"

    def _act_on_collapse(self) -> None:
        """Ends a run that has collapsed, if that is wanted; its checkpoint is saved."""
        if self._ends_in_collapse():
            raise Collapsed(
                tr("{run} {saw}; it stops here ({checkpoint})").format(
                    run=self._directory, saw=self._health.collapse, checkpoint=self._saved
                )
            )

    def _drew(self, path: str) -> None:
        """Records a picture in config.json."""
        if self._directory.record_picture(self._config, path):
            self._directory.write_config(self._config)
        self._listeners.picture(self._step, path)

    def _finish(self, session: tf.Session, steps: int) -> None:
        """Writes the weights and the digit, if they were asked for, and a picture if there is none."""
        with averages.in_use(session, self._gan):
            if self._run.save_weights is not None:
                arrays = weights.fetch(session, self._gan.named_vars)
                weights.save_npz(self._run.save_weights, arrays)
            if self._run.digit is not None:
                self._drew(sampling.draw_strip(session, self._model_graph, self._run.digit, self._samples_dir))
            if not self._config["pictures"]:  # the training ended within its first epoch
                self._drew(sampling.draw_strip(session, self._model_graph, None, self._samples_dir))
        self._listeners.finish(self._directory.pictures(self._config))
        count = len(self._config["pictures"])
        words = (
            tr("{count} picture in {folder}; losses, settings and model in {run}")
            if count == 1
            else tr("{count} pictures in {folder}; losses, settings and model in {run}")
        )
        console.note(words.format(count=count, folder=self._samples_dir, run=self._directory))
        self._say_if_early(steps)

    def _say_if_early(self, steps: int) -> None:
        """Says that images are still noise, and how to go on, where an epoch of few images has few steps."""
        if steps < EARLY and self._run.steps is None:
            epochs = -(-EARLY // self._config["steps_per_epoch"])
            console.note(
                tr(
                    "{steps} steps are few: images are mostly noise until about {early}. Look again then: {command}, "
                    "with --epochs {epochs}, continues"
                ).format(steps=steps, early=EARLY, command=self._again(), epochs=epochs)
            )
