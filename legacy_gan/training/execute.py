"""Carries a training command out: begins a run, goes on with one, or answers from one that is complete.

Nothing that loads TensorFlow is loaded before it is needed, so refusals come at once.
"""

import dataclasses
import os
from typing import TYPE_CHECKING, Any, Callable, Dict, List, Mapping, NamedTuple, Optional, Tuple, Union

import numpy as np

from legacy_gan import console, files, option_types, options, quiet, registry
from legacy_gan.data.dataset import Datasets
from legacy_gan.data.embedded import EMBEDDED
from legacy_gan.errors import Collapsed, OptionError, UserError
from legacy_gan.training import config as run_config, config_file, pages, request, run_data, run_files, rundir
from legacy_gan.training.listeners import Listener
from legacy_gan.training.request import Answer, Begin, Config, Request, Resume, Target
from legacy_gan.training.result import TrainingResult
from legacy_gan.translation import tr

if TYPE_CHECKING:
    from legacy_gan.training.checkpoints import Checkpoint
    from legacy_gan.training.model_graph import ModelGraph
    from legacy_gan.training.on_epoch import Epoch

MOST_SEEDS = 10  # that --on-collapse retry tries


def train(model: str, *, on_epoch: "Optional[Callable[[Epoch], Any]]" = None, **given: Any) -> TrainingResult:
    """Trains a model as the command line does: begins a run, goes on with one, or answers from one.

    Args:
      model: the name of one of legacy_gan.registry.MODELS.
      on_epoch: called with a legacy_gan.training.on_epoch.Epoch after every whole epoch that is trained; what it raises
        ends the training, which the same call continues from its last checkpoint.
      **given: any of the flags, with underscores: epochs=20, run_dir="runs/demo", seed=3, ...
    Raises:
      UserError: for bad input or a refusal; `status` is the exit status.
    """
    if on_epoch is not None and not callable(on_epoch):
        raise OptionError(
            tr("{name} takes {expected}, got {value!r}").format(
                name="on_epoch", expected=tr("a function of one argument"), value=on_epoch
            )
        )
    given = config_file.merged(model, given)
    with console.quiet(given.get("quiet") is True):
        return _train(model, given, on_epoch)


def _train(model: str, given: Dict[str, Any], on_epoch: "Optional[Callable[[Epoch], Any]]") -> TrainingResult:
    """Trains; begins over with another seed where --on-collapse retry asks for it."""
    seeds_tried: Tuple[int, ...] = ()
    while True:
        execution = Execution(request.parse(model, given, seeds_tried), on_epoch)
        try:
            with rundir.Lock(execution.directory) as lock:
                return execution.carry_out(lock)
        except Collapsed as e:
            if execution.request.run.on_collapse != "retry":
                raise
            seeds_tried = tuple(execution.config["seeds_tried"])
            if len(seeds_tried) >= MOST_SEEDS:
                raise Collapsed(tr("{why}; {count} seeds were tried").format(why=e, count=len(seeds_tried))) from None
            seed = (execution.settings.seed + 1) % (option_types.MAX_SEED + 1)
            console.warn(tr("{why}; starting again with seed {seed}").format(why=e, seed=seed))
            given = execution.everything_given(seed)


class RunDisk(request.Disk):
    """What `decide` asks of a run directory; it keeps the model and the checkpoint that it had to read.

    Args:
      directory: what is read. model: the command's.
    Attributes:
      model_graph, checkpoint: what newest_step read, or None.
    """

    def __init__(self, directory: rundir.RunDirectory, model: registry.Model) -> None:
        self._directory, self._model = directory, model
        self.path = directory.path
        self.model_graph: Optional[ModelGraph] = None
        self.checkpoint: Optional[Checkpoint] = None

    def config(self) -> Optional[Config]:
        return self._directory.config()

    def has_settings_file(self) -> bool:
        return os.path.isfile(self._directory.file(run_files.CONFIG))

    def page_hash(self) -> str:
        return pages.text_hash(self._model)

    def newest_step(self, settings: options.Settings, config: Config) -> Optional[int]:
        with quiet.tensorflow_kept_quiet():
            from legacy_gan.training import checkpoints, model_graph

        self.model_graph = model_graph.ModelGraph(self._model.name, settings)
        self.checkpoint = checkpoints.newest(self._directory, self.model_graph.kept, config["data"]["training_images"])
        return None if self.checkpoint is None else self.checkpoint.step


class _InitialWeights(NamedTuple):
    arrays: Dict[str, np.ndarray]  # float32, by name
    described: Dict[str, str]  # their path and sha256, as config.json has them


class Execution:
    """One command, carried out.

    Args:
      command: what is asked for. on_epoch: see `train`.
    Attributes:
      request: as given. directory: of the run.
      settings: of the run, from its decision on. config: what config.json holds, from the training's start on.
    """

    settings: options.Settings
    config: Config

    def __init__(self, command: Request, on_epoch: "Optional[Callable[[Epoch], Any]]" = None) -> None:
        self._on_epoch = on_epoch
        self.request, self.directory = command, rundir.RunDirectory(command.run_dir)
        self._model = command.model
        self._disk = RunDisk(self.directory, command.model)

    def carry_out(self, lock: rundir.Lock) -> TrainingResult:
        """Does what is decided. The lock is held if the folder is there."""
        decision = request.decide(self.request, self._disk)
        self.settings = self._with_a_seed(decision.settings)
        if self.request.run.save_weights is not None:
            files.prove_file(self.request.run.save_weights, "--save-weights")
        if isinstance(decision, Answer):
            return self._answer(decision)
        return self._train(decision, lock)

    @staticmethod
    def _with_a_seed(settings: options.Settings) -> options.Settings:
        """Returns settings whose seed is a number, drawn for "random"."""
        if settings.seed != "random":
            return settings
        seed = int.from_bytes(os.urandom(4), "little")
        console.note(f"--seed random: seed {seed}")
        return dataclasses.replace(settings, seed=seed)

    # Begin, Resume

    def _train(self, decision: Union[Begin, Resume], lock: rundir.Lock) -> TrainingResult:
        """Trains to the target. What can be refused is refused before any file changes."""
        command, run = self.request, self.request.run
        before = decision.config if isinstance(decision, Resume) else None
        if run.save_weights is not None:
            # By links, or the old run's folder, it may lead elsewhere when that was moved aside.
            folder, name = os.path.split(run.save_weights)
            run = dataclasses.replace(run, save_weights=os.path.join(os.path.realpath(folder), name))
        data_dir, mnist = self._data(before)
        self._advise(mnist, decision.target)
        with quiet.tensorflow_kept_quiet():
            from legacy_gan.images import sampling
            from legacy_gan.training import batches, loop, model_graph

        device = sampling.device(run.device)
        model = self._disk.model_graph or model_graph.ModelGraph(self._model.name, self.settings)
        batches.check_masks(self.settings, model.gan.schedule, model.gan.masks)
        start, initial_weights = self._start(before, model)
        step = self._disk.checkpoint.step if self._disk.checkpoint else 0
        self.config = run_config.new(
            command, decision, self.settings, data_dir, mnist, model.gan.last_batch, device, step, initial_weights
        )
        self._prepare(decision, lock)
        self._announce(mnist, decision.target, device, step)
        listeners: List[Listener] = []
        if self._on_epoch is not None:
            from legacy_gan.training.on_epoch import OnEpoch

            steps = decision.target.in_steps(self.config["steps_per_epoch"])
            listeners.append(OnEpoch(self._on_epoch, model, steps))
        if run.tensorboard:
            from legacy_gan.extras import tensorboard

            listeners.append(tensorboard.Board(self.directory.file(run_files.TENSORBOARD), model))
            tensorboard.advise_installing(self.directory.path)
        training = loop.Training(model, run, mnist, self.directory, command.samples_dir, self.config, device, listeners)
        return training.run_to(decision.target, start)

    def _prepare(self, decision: Union[Begin, Resume], lock: rundir.Lock) -> None:
        """Makes room for what the run writes: from here on files change."""
        directory, samples_dir = self.directory, self.request.samples_dir
        files.prove_writable(os.path.dirname(os.path.abspath(directory.path)), "--run-dir")
        _check_samples_dir(samples_dir)
        if not isinstance(decision, Resume):
            self._make_room(decision.aside, lock)
            _check_samples_dir(samples_dir)  # it may have been in the folder that was moved
        files.prove_writable(directory.path, "--run-dir")
        if self.request.run.tensorboard:
            files.prove_writable(directory.file(run_files.TENSORBOARD), "--tensorboard")
        directory.tidy()
        files.tidy(samples_dir)
        directory.write_config(self.config)

    def _make_room(self, old: Optional[Config], lock: rundir.Lock) -> None:
        """Makes the folder of a new run, moves an old one (its config, or None) aside, and locks it."""
        directory = self.directory
        if old is not None:
            if os.name == "nt":  # Windows renames no folder with an open file
                lock.release()
            aside = directory.move_aside(old)
            console.note(
                tr("{run}: the old run moved aside to {aside}; starting again").format(run=directory, aside=aside)
            )
        files.prove_writable(directory.path, "--run-dir")
        lock.take()
        if directory.config() is not None:
            raise UserError(
                tr("{run}: another process has begun a run there; give the command again").format(run=directory)
            )

    def _data(self, before: Optional[Config]) -> Tuple[Optional[str], Datasets]:
        """Returns (folder, Datasets): the folder named, else the run's, else None for the book's."""
        run = self.request.run
        data_dir = run_data.folder_of(before) if before else None
        if "data_dir" in self.request.run_given:
            data_dir = run.data_dir
        mnist = run_data.read(self._model, data_dir, run.offline)
        self._refuse_other_data(mnist, before)
        train, test = mnist.train, mnist.test
        mismatched = self.settings.weight_of_mismatched_labels
        if mismatched and (train.labels[0] == train.labels).all():
            console.note(
                tr(
                    "--mismatched-labels {weight} changes nothing: all training images of {source} have one label"
                ).format(weight=mismatched, source=train.source)
            )
        if self.settings.batch_size > train.num_examples:
            raise UserError(
                tr("--batch-size must be at most the {count} training images of {source}, got {size}").format(
                    count=train.num_examples, source=train.source, size=self.settings.batch_size
                )
            )
        if run.digit is not None and not (test.labels.argmax(1) == run.digit).any():
            raise UserError(
                tr("--digit {digit}: the test images of {source} hold none").format(digit=run.digit, source=test.source)
            )
        return data_dir, mnist

    def _refuse_other_data(self, mnist: Datasets, before: Optional[Config]) -> None:
        """Raises RefusedResume if a run was not begun with these training images."""
        if before and mnist.train.fingerprint() != before["data"]["sha256"]:
            was, got = before["data"]["source"], mnist.train.source
            raise request.refused(self.directory.path, [("the training images", was, f"others, {got}", None)])

    def _start(
        self, before: Optional[Config], model: "ModelGraph"
    ) -> "Tuple[Union[Checkpoint, Dict[str, np.ndarray]], Optional[Dict[str, str]]]":
        """Returns what the training starts from, and what config.json says of initial weights."""
        initial = self._initial_weights(before, model)
        if self._disk.checkpoint:
            return self._disk.checkpoint, before and before["initial_weights"]
        if initial is not None:
            return initial
        # The second stream of the seed: weights, apart from batches and noise.
        rng = np.random.RandomState([self.settings.seed, 1])
        return model.module.initial_weights(model.gan.model_vars, rng), None

    def _initial_weights(self, before: Optional[Config], model: "ModelGraph") -> Optional[_InitialWeights]:
        """Reads --initial-weights, or those that a run without a checkpoint has to begin with again; None for none.

        Raises:
          RefusedResume: if the run was not begun with them.
        """
        path = self.request.run.initial_weights
        if path is None and before and before["initial_weights"] and not self._disk.checkpoint:
            path = before["initial_weights"]["path"]
        if path is None:
            return None
        with quiet.tensorflow_kept_quiet():
            from legacy_gan.training import weights

        arrays = weights.load(path, model.gan.model_vars, self.settings)
        described = {"path": os.path.abspath(path), "sha256": weights.fingerprint(arrays)}
        self._refuse_other_weights(described, before)
        return _InitialWeights(arrays, described)

    def _refuse_other_weights(self, described: Mapping[str, str], before: Optional[Config]) -> None:
        """Raises RefusedResume if a run was not begun with these --initial-weights."""
        was = before and before["initial_weights"]
        if before and described["sha256"] != (was or {}).get("sha256"):
            own = was["path"] if was else "the model's own"
            raise request.refused(
                self.directory.path, [("--initial-weights", own, f"others, {described['path']}", None)]
            )

    def _advise(self, mnist: Datasets, target: Target) -> None:
        """Says what is known to go wrong with this model on these data."""
        best = self._model.best_on_few_digits
        if best is not None and mnist.train.source == EMBEDDED:
            first, last = best
            if target.epochs > last and target.steps is None:
                console.note(
                    tr(
                        "so few digits are soon learned by heart: here the {model} model is best after {first} to "
                        "{last} epochs (--epochs {last}; docs/seeds.md)"
                    ).format(model=self._model.name, first=first, last=last)
                )

    def _announce(self, mnist: Datasets, target: Target, device: str, step: int) -> None:
        """Says what begins: steps, seed, data, device, folder; what a preset stands for; what changes here."""
        config, train = self.config, mnist.train
        per_epoch = config["steps_per_epoch"]
        if train.examples_per_epoch == train.num_examples:
            an_epoch = tr("{count} an epoch").format(count=per_epoch)
        else:
            an_epoch = tr("{count} an epoch as on MNIST").format(count=per_epoch)
        line = tr(
            "{model}: {steps} steps, {an_epoch}, seed {seed}; {images} training images from {source}; "
            "TensorFlow {version} on {device}; run directory {run}"
        ).format(
            model=self._model.name,
            steps=target.in_steps(per_epoch),
            an_epoch=an_epoch,
            seed=self.settings.seed,
            images=train.num_examples,
            source=tr(str(train.source)),
            version=config["started"][-1]["versions"]["tensorflow"],
            device=device,
            run=self.directory,
        )
        if self._disk.checkpoint:
            line += tr("; continuing from step {step}").format(step=step)
        console.note(line)
        preset = self.request.run.preset
        if preset is not None:
            console.note(
                tr("with --preset {preset}: {options}").format(
                    preset=preset,
                    options=" ".join(
                        f"{option_types.flag(name)} {getattr(self.settings, name)}"
                        for name in self._model.presets[preset]
                    ),
                )
            )
        for change in config["changes"]:
            if change["step"] == step:
                console.note(
                    tr("{setting}: from step {step} on {to}, before {was}").format(
                        setting=change["setting"].replace("_", "-"), step=step, to=change["to"], was=change["from"]
                    )
                )

    def everything_given(self, seed: int) -> Dict[str, Any]:
        """Returns the options of this command, whole, with another seed and --restart."""
        given = dict(vars(self.settings), **self.request.run_given)
        given.update(self.config["target"], seed=seed, restart=True)
        if self.config["data"]["dir"] is not None:
            given["data_dir"] = self.config["data"]["dir"]
        if self.config["initial_weights"] is not None:
            given["initial_weights"] = self.config["initial_weights"]["path"]
        return given

    # Answer

    def _answer(self, decision: Answer) -> TrainingResult:
        """Serves a command from a complete run: nothing is trained, a picture is drawn."""
        run, directory, samples_dir = self.request.run, self.directory, self.request.samples_dir
        model, checkpoint, before = self._disk.model_graph, self._disk.checkpoint, decision.config
        assert model is not None and checkpoint is not None  # read before it was decided that the run is complete
        if "data_dir" in self.request.run_given:
            self._refuse_other_data(run_data.read(self._model, run.data_dir, run.offline), before)
        if run.initial_weights is not None:
            self._initial_weights(before, model)
        _check_samples_dir(samples_dir)
        with quiet.tensorflow_kept_quiet():
            from legacy_gan.images import run_model

        with run_model.RunModel(model, checkpoint, run.device) as restored:
            picture = restored.draw_strip(run.digit, samples_dir)
            if run.save_weights is not None:
                restored.save_weights(run.save_weights)
        drawn = [picture] + self._animation(before)
        is_new = [directory.record_picture(before, path) for path in drawn]
        if any(is_new) and os.access(directory.path, os.W_OK):
            directory.write_config(before)
        self._say_what_was_answered(decision, picture)
        d_loss, g_loss = (part[: checkpoint.step] for part in directory.losses())
        return TrainingResult(directory.path, checkpoint.step, d_loss, g_loss, drawn)

    def _animation(self, before: Config) -> List[str]:
        """Makes the animation of a run that lacks it, where its text makes one; returns a list of its path."""
        samples_dir = self.request.samples_dir
        if os.path.exists(os.path.join(samples_dir, f"{self._model.name}.gif")):
            return []
        from legacy_gan.training import printers

        here = [
            path
            for path in self.directory.pictures(before)
            if os.path.abspath(os.path.dirname(path)) == os.path.abspath(samples_dir)
        ]
        path = printers.of_model(self._model).animate(self._model.name, here, samples_dir)
        return [] if path is None else [path]

    def _say_what_was_answered(self, decision: Answer, picture: str) -> None:
        run, directory = self.request.run, self.directory
        console.say(
            tr(
                "{run} is complete: {steps} steps, seed {seed}; drew {picture} from its model. To start again: "
                "--restart (the old run is moved aside)"
            ).format(run=directory, steps=decision.step, seed=self.settings.seed, picture=picture)
        )
        if run.save_weights is not None:
            console.say(tr("{path}: the weights of {run}").format(path=run.save_weights, run=directory))
        if decision.changes:
            changed = ", ".join(change.setting.replace("_", "-") for change in decision.changes)
            console.note(
                tr(
                    "{run}: nothing was trained, so {settings} stays as it was; to apply the change, raise --epochs"
                ).format(run=directory, settings=changed)
            )
        if run.tensorboard and not os.path.isdir(directory.file(run_files.TENSORBOARD)):
            console.note(
                tr(
                    "{run}: nothing was trained, so there is nothing for --tensorboard to write; raise --epochs, or "
                    "use --restart"
                ).format(run=directory)
            )


def _check_samples_dir(path: str) -> None:
    """Raises UserError unless pictures can be written there."""
    files.prove_writable(path, "--samples-dir")
    for name in os.listdir(path):
        if name.endswith((".png", ".gif")) and os.path.isdir(os.path.join(path, name)):
            raise UserError(f"--samples-dir {path}: {name} is a folder; move it away or name another")
