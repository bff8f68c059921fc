"""What one command does: begin a run, go on with one, refuse, or answer from one that is complete.

No TensorFlow is loaded before it is needed, so refusals come at once.
"""

import collections
import dataclasses
import hashlib
import importlib
import importlib.util
import os
import platform
import time

import numpy as np

from legacy_gan import __version__, console, files, input_data, options
from legacy_gan.errors import Collapsed, UserError
from legacy_gan.training import rundir

Trained = collections.namedtuple("Trained", ["run_dir", "steps", "d_loss", "g_loss", "pictures"])
Trained.__doc__ = """A complete run.

run_dir: str. steps: int. d_loss, g_loss: float32 [steps], with the listing's signs, nats.
pictures: list of str, the paths that the run's training wrote or, for a run complete before, that
this command wrote.
"""

_TAKES_FROM = {"cdcgan": ("cdcgan", "dcgan")}  # a model's page and those that it imports
MOST_SEEDS = 10  # that --on-collapse retry tries


def train(model, **given):
    """Trains a model as the programs do: begins a run, goes on with one, or answers from one.

    Args:
      model: one of legacy_gan.options.SETTINGS.
      **given: any of the flags, with underscores: epochs=20, run_dir="runs/demo", seed=3, ...
    Returns:
      A Trained.
    Raises:
      UserError, input_data.DataError: for bad input or a refusal; `status` is the exit status.
    """
    tried = []
    while True:
        command = _Command(model, given, tried)
        try:
            with rundir.Lock(command.directory) as lock:
                return command.carry_out(lock)
        except Collapsed as e:
            if command.run.on_collapse != "retry":
                raise
            tried = command.config["seeds_tried"]
            if len(tried) >= MOST_SEEDS:
                raise Collapsed(f"{e}; {len(tried)} seeds were tried") from None
            seed = (command.settings.seed + 1) % (options.MAX_SEED + 1)
            console.note(f"{e}; beginning over with seed {seed}")
            given = command.everything_given(seed)


def read_data(model, data_dir, offline, embedded=True):
    """Returns the datasets of a folder, labels one-hot, as many training images as the model's source has."""

    def read(validation_size):
        return input_data.read_data_sets(
            data_dir, one_hot=True, offline=offline, validation_size=validation_size, embedded=embedded
        )

    try:
        mnist = read(options.validation_size(model))
    except input_data.ValidationSizeError:
        mnist = None
    if mnist is None or not mnist.train.num_examples:
        # A set of the reader's own: the book's 5,000 for validation would leave none to train on.
        mnist = read(0)
    return mnist


class _Command:
    """One command: what was given, and what the run directory adds to it.

    Args:
      model: str. given: dict of options. tried: list of int, the seeds that collapsed before.
    """

    def __init__(self, model, given, tried):
        self.model, self._tried = model, tried
        self._settings_given, self._run_given = options.given_options(model, given)
        self.run = options.RUNS[model](**self._run_given)
        if self.run.preset is not None:
            if self._settings_given.get("optimizer", "adam") != "adam":
                raise UserError(
                    "--preset {} is of --optimizer adam, got --optimizer {}".format(
                        self.run.preset, self._settings_given["optimizer"]
                    )
                )
            # A flag of its own goes before what the preset says.
            self._settings_given = dict(options.BETTER[model], **self._settings_given)
        self.directory = rundir.RunDirectory(os.path.normpath(self.run.run_dir or os.path.join("runs", model)))
        self._samples_dir = self.run.samples_dir or options.samples_dir(model, self.directory.path)
        self._allowed = _allowed(model, self.run.allow_change)
        self.settings = self.config = None

    def carry_out(self, lock):
        """Does it; returns a Trained. The lock is held if the folder is there."""
        model, run, directory = self.model, self.run, self.directory
        old = _old_config(directory, run.restart)
        before = None if run.restart else old
        self.settings, changes = self._settings(before)

        self._refuse_own_names()
        target = {"epochs": run.epochs, "steps": run.steps}
        if before and run.digit is not None and not {"epochs", "steps"} & set(self._run_given):
            target = before["target"]
        if run.save_weights is not None:
            _check_save_weights(run.save_weights)
            # By links, or the old run's folder, it may lead elsewhere when that was moved aside.
            folder, name = os.path.split(run.save_weights)
            run = dataclasses.replace(run, save_weights=os.path.join(os.path.realpath(folder), name))

        checkpoint = built = None
        if before:
            built, checkpoint = self._newest(before)
            if checkpoint and checkpoint.step >= steps_of(target, before["steps_per_epoch"]):
                return self._answer(before, built, checkpoint, changes)

        data_dir, mnist = self._data(before)
        self._advise(mnist, target)
        loop = _loaded("training.loop")
        device = _loaded("images.sampling").device(run.device)
        built = built or _loaded("training.model_graph").Built(model, self.settings)
        _loaded("training.batches").check_masks(self.settings, built.gan.masks)
        start, initial_weights = self._start(before, built, checkpoint)
        step = checkpoint.step if checkpoint else 0
        self.config = self._new_config(before, target, data_dir, mnist, step, changes, device, built)
        self.config["initial_weights"] = initial_weights
        # Everything that can be refused has been; from here on files change.
        files.prove_writable(os.path.dirname(os.path.abspath(directory.path)), "--run-dir")
        _check_samples_dir(self._samples_dir)
        if before is None:
            self._make_room(old, lock)
            _check_samples_dir(self._samples_dir)  # it may have been in the folder that was moved
        files.prove_writable(directory.path, "--run-dir")
        if run.tensorboard:
            files.prove_writable(directory.file(rundir.TENSORBOARD), "--tensorboard")
        directory.tidy()
        files.tidy(self._samples_dir)
        directory.write_config(self.config)
        self._announce(mnist, target, checkpoint, device)
        training = loop.Training(
            built, run, mnist, directory, self._samples_dir, self.config, device, self._watchers(built)
        )
        return training.run_to(target, start)

    def _watchers(self, built):
        """Returns what is to be told of the training; loaded only where it was asked for."""
        if not self.run.tensorboard:
            return []
        tensorboard = importlib.import_module("legacy_gan.extras.tensorboard")
        return [tensorboard.Board(self.directory.file(rundir.TENSORBOARD), built)]

    def _advise(self, mnist, target):
        """Says what is known to go wrong with this model on these data."""
        if self.model == "conditional" and mnist.train.source == input_data.EMBEDDED:
            if target["epochs"] > 50 and target["steps"] is None:
                console.note(
                    "so few digits are soon learned by heart: here the conditional model is best "
                    "after 30 to 50 epochs (--epochs 50; docs/seeds.md)"
                )

    def _new_config(self, before, target, data_dir, mnist, step, changes, device, built):
        """Returns what config.json is to hold (dict), but for `initial_weights`."""
        old = before or {
            "seeds_tried": self._tried + [self.settings.seed],
            "changes": [],
            "pictures": [],
            "started": [],
        }
        started = {
            "step": step,
            "time": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
            "device": device,
            "versions": _versions(),
        }
        # A change counts from here if the checkpoint that it was made at is no more.
        changes = old["changes"] + [dict(change, step=step) for change in changes]
        return {
            "model": self.model,
            "settings": vars(self.settings),
            "target": target,
            "options": dict(vars(self.run), samples_dir=self._samples_dir, run_dir=self.directory.path),
            "data": {
                "source": mnist.train.source,
                "dir": os.path.abspath(data_dir) if data_dir != options.Run.data_dir else None,
                "training_images": mnist.train.num_examples,
                "sha256": mnist.train.fingerprint(),
            },
            "source_sha256": _source_hash(self.model),
            "steps_per_epoch": built.gan.last_batch.steps_per_epoch(
                self.settings.batch_size, mnist.train.examples_per_epoch
            ),
            "seeds_tried": old["seeds_tried"],
            "changes": [dict(change, step=min(change["step"], step)) for change in changes],
            "pictures": old["pictures"],
            "started": old["started"] + [started],
        }

    def everything_given(self, seed):
        """Returns the options of this command, whole, with another seed and --restart."""
        given = dict(vars(self.settings), **self._run_given)
        given.update(self.config["target"], seed=seed, restart=True)
        if self.config["data"]["dir"] is not None:
            given["data_dir"] = self.config["data"]["dir"]
        if self.config["initial_weights"] is not None:
            given["initial_weights"] = self.config["initial_weights"]["path"]
        return given

    def _refuse_own_names(self):
        """Raises UserError where a flag gives away a name that the run needs for a file of its own."""
        for flag, path in (("--samples-dir", self._samples_dir), ("--save-weights", self.run.save_weights)):
            for name in rundir.OWN:
                own = self.directory.file(name)
                if path and os.path.join(os.path.abspath(path), "").startswith(os.path.join(os.path.abspath(own), "")):
                    raise UserError(f"{flag} must not be {own}, which is the run's own; name another")

    def _settings(self, before):
        """Returns the settings (those given, else the run's, else the book's), and what changes.

        Raises:
          _Refused: where a run would go on with another mathematics.
        """
        kind, given = options.SETTINGS[self.model], self._settings_given
        if before is None:
            settings = kind(**given)
            if settings.seed == "random":
                seed = int.from_bytes(os.urandom(4), "little")
                console.note(f"--seed random: seed {seed}")
                settings = kind(**dict(given, seed=seed))
            _refuse_idle(given, settings)
            return settings, []
        if before["model"] != self.model:
            raise _Refused(self.directory, [("the model", before["model"], self.model)])
        values, changes, refused = dict(before["settings"]), [], []
        if before["source_sha256"] != _source_hash(self.model):
            page = _pages(self.model)
            changes.append({"setting": options.SOURCE, "from": before["source_sha256"], "to": _source_hash(self.model)})
            if options.SOURCE not in self._allowed:
                refused.append((page, "as it was then", "an edited file", options.SOURCE))
        for name, value in given.items():
            was = values[name]
            if value == was or name == "seed" and value in ("random", before["seeds_tried"][0]):
                continue  # the command that began the run may be given again
            values[name] = value
            changes.append({"setting": name, "from": was, "to": value})
            if name not in self._allowed:
                refused.append((options.flag(name), was, value, name))
        settings = kind(**values)
        _refuse_idle([change["setting"] for change in changes], settings)
        if refused:
            raise _Refused(self.directory, refused)
        return settings, changes

    def _newest(self, before):
        """Returns (built, checkpoint) of the run that is there; (None, None) for no checkpoint."""
        checkpoints = _loaded("training.checkpoints")
        built = _loaded("training.model_graph").Built(self.model, self.settings)
        return built, checkpoints.newest(self.directory, built.kept, before["data"]["training_images"])

    def _data(self, before):
        """Returns (folder, datasets): the folder named, else the run's, else the book's."""
        run = self.run
        data_dir = run.data_dir
        if "data_dir" not in self._run_given and before and before["data"]["dir"]:
            data_dir = before["data"]["dir"]
        mnist = read_data(self.model, data_dir, run.offline)
        self._refuse_other_data(mnist, before)
        if getattr(self.settings, "mismatched_labels", 0) and (mnist.train.labels[0] == mnist.train.labels).all():
            console.note(
                f"--mismatched-labels {self.settings.mismatched_labels} changes nothing: all training images of {mnist.train.source} have one label"
            )
        if self.settings.batch_size > mnist.train.num_examples:
            raise UserError(
                f"--batch-size must be at most the {mnist.train.num_examples} training images of {mnist.train.source}, got {self.settings.batch_size}"
            )
        if run.digit is not None and not (mnist.test.labels.argmax(1) == run.digit).any():
            raise UserError(f"--digit {run.digit}: the test images of {mnist.test.source} hold none")
        return data_dir, mnist

    def _refuse_other_data(self, mnist, before):
        if before and mnist.train.fingerprint() != before["data"]["sha256"]:
            was, got = before["data"]["source"], mnist.train.source
            raise _Refused(self.directory, [("the training images", was, f"others, {got}")])

    def _start(self, before, built, checkpoint):
        """Returns what the training starts from, and what config.json says of initial weights."""
        path, was = self.run.initial_weights, before and before["initial_weights"]
        if path is None and not checkpoint:
            path = (was or {}).get("path")
        arrays, described = None, was
        if path is not None:
            weights = _loaded("training.weights")
            arrays = weights.load(path, built.gan.model_vars, self.settings)
            described = {"path": os.path.abspath(path), "sha256": weights.fingerprint(arrays)}
            self._refuse_other_weights(described, before)
        if checkpoint:
            return checkpoint, was
        if arrays is None:
            # The second stream of the seed: weights, apart from batches and noise.
            rng = np.random.RandomState([self.settings.seed, 1])
            arrays = built.module.initial_weights(built.gan.model_vars, rng)
        return arrays, described

    def _refuse_other_weights(self, described, before):
        """Raises _Refused if a run was not begun with these --initial-weights."""
        was = before and before["initial_weights"]
        if before and described["sha256"] != (was or {}).get("sha256"):
            raise _Refused(
                self.directory,
                [("--initial-weights", was["path"] if was else "the model's own", f"others, {described['path']}")],
            )

    def _make_room(self, old, lock):
        """Makes the folder of a new run, moves an old one aside, and locks it."""
        directory = self.directory
        if old is not None:
            if os.name == "nt":  # Windows renames no folder with an open file
                lock.release()
            aside = directory.move_aside(old)
            console.note(f"{directory}: the old run moved aside to {aside}; beginning anew")
        files.prove_writable(directory.path, "--run-dir")
        lock.take()
        if directory.config() is not None:
            raise UserError(f"{directory}: another process has begun a run there; give the command again")

    def _announce(self, mnist, target, checkpoint, device):
        config, step = self.config, checkpoint.step if checkpoint else 0
        console.note(
            "{}: {} steps, {} an epoch{}, seed {}; {} training images from {}; TensorFlow {} on {}; "
            "run directory {}{}".format(
                self.model,
                steps_of(target, config["steps_per_epoch"]),
                config["steps_per_epoch"],
                "" if mnist.train.examples_per_epoch == mnist.train.num_examples else " as on MNIST",
                self.settings.seed,
                mnist.train.num_examples,
                mnist.train.source,
                config["started"][-1]["versions"]["tensorflow"],
                device,
                self.directory,
                f"; going on from step {step}" if checkpoint else "",
            )
        )
        if self.run.preset is not None:
            console.note(
                "with --preset {}: {}".format(
                    self.run.preset,
                    " ".join(
                        f"{options.flag(name)} {getattr(self.settings, name)}" for name in options.BETTER[self.model]
                    ),
                )
            )
        for change in config["changes"]:
            if change["step"] == step:
                console.note(
                    "{}: from step {} on {}, before {}".format(
                        change["setting"].replace("_", "-"), step, change["to"], change["from"]
                    )
                )

    def _animated(self, before):
        """Makes the animation of a run that has pictures for it and lacks it; returns a list of its path."""
        if self.model in options.SAMPLES_DIRS:
            return []
        if os.path.exists(os.path.join(self._samples_dir, f"{self.model}.gif")):
            return []
        here = [
            path
            for path in self.directory.pictures(before)
            if os.path.abspath(os.path.dirname(path)) == os.path.abspath(self._samples_dir)
        ]
        path = _loaded("training.printers").animate(self.model, here, self._samples_dir)
        return [] if path is None else [path]

    def _answer(self, before, built, checkpoint, changes):
        """Serves a command from a complete run: nothing is trained, a picture is drawn."""
        run, directory, samples_dir = self.run, self.directory, self._samples_dir
        if "data_dir" in self._run_given:
            mnist = read_data(self.model, run.data_dir, run.offline)
            self._refuse_other_data(mnist, before)
        if run.initial_weights is not None:
            self._start(before, built, checkpoint)
        _check_samples_dir(samples_dir)
        with _loaded("images.sampling").Restored(built, checkpoint, run.device) as restored:
            picture = restored.draw_strip(run.digit, samples_dir)
            if run.save_weights is not None:
                restored.save_weights(run.save_weights)
        drawn = [picture] + self._animated(before)
        is_new = [directory.record_picture(before, path) for path in drawn]
        if any(is_new) and os.access(directory.path, os.W_OK):
            directory.write_config(before)
        console.say(
            f"{directory} is complete: {checkpoint.step} steps, seed {self.settings.seed}; drew {picture} from its model. To begin anew: "
            "--restart (the old run is moved aside)"
        )
        if run.save_weights is not None:
            console.say(f"{run.save_weights}: the weights of {directory}")
        if changes:
            console.note(
                "{}: nothing was trained, so {} stays as it was; the change takes a further --epochs".format(
                    directory, ", ".join(change["setting"].replace("_", "-") for change in changes)
                )
            )
        if run.tensorboard and not os.path.isdir(directory.file(rundir.TENSORBOARD)):
            console.note(
                f"{directory}: nothing was trained, so there is nothing for --tensorboard to write; it takes a "
                "further --epochs, or --restart"
            )
        d_loss, g_loss = (part[: checkpoint.step] for part in directory.losses())
        return Trained(directory.path, checkpoint.step, d_loss, g_loss, drawn)


def _loaded(name):
    """Returns a module of legacy_gan that loads TensorFlow."""
    with console.tensorflow_kept_quiet():
        return importlib.import_module(f"legacy_gan.{name}")


def _versions():
    from legacy_gan.tf1 import tf

    return {
        "legacy_gan": __version__,
        "tensorflow": tf.version.VERSION,
        "numpy": np.__version__,
        "python": platform.python_version(),
    }


def _allowed(model, names):
    """Returns the settings that --allow-change names, as a set of str."""
    if names is None:
        return set()
    fields = {f.name: f for f in options.fields(model)}
    changeable = [name for name in options.CHANGEABLE if name in fields or name == options.SOURCE]
    allowed = {name.strip().lstrip("-").replace("-", "_") for name in names.split(",")}
    if not allowed <= set(changeable):
        raise UserError(
            "--allow-change takes one or more of {}, with commas, got {!r}".format(
                ", ".join(name.replace("_", "-") for name in changeable), names
            )
        )
    return allowed


def _refuse_idle(given, settings):
    """Raises UserError where a setting that was given would change nothing with the others."""
    for name, optimizer in (("momentum", "momentum"), ("beta1", "adam")):
        is_default = getattr(settings, name) == getattr(type(settings), name)
        if name in given and not is_default and settings.optimizer != optimizer:
            raise UserError(f"{options.flag(name)} is of --optimizer {optimizer}, got --optimizer {settings.optimizer}")
    if "mismatched_labels" in given and settings.mismatched_labels and settings.batch_size == 1:
        raise UserError("--mismatched-labels wants batches of two images or more, got --batch-size 1")


def _old_config(directory, restart):
    """Returns the config of the run that is there (dict), None for none; {} if only to be moved."""
    try:
        return directory.config()
    except UserError:
        # A broken settings file is no obstacle to moving the run away.
        if restart and os.path.isfile(directory.file(rundir.CONFIG)):
            return {}
        raise


class _Refused(UserError):
    """A run directory is not gone on with in another mathematics; a line for each difference.

    Args:
      directory: the RunDirectory.
      differing: list of (what, expected, got), or with a fourth, the setting for --allow-change.
    """

    def __init__(self, directory, differing):
        self.lines = [
            f"{directory}: expected {what} {was}, got {got}; {_way_out(*setting)}"
            for what, was, got, *setting in differing
        ]
        super().__init__("\n".join(self.lines))


def _way_out(setting=None):
    way = "another --run-dir, or --restart to begin anew"
    if setting in options.CHANGEABLE:
        way += f", or --allow-change {setting.replace('_', '-')} to go on with it"
    return way


def steps_of(target, steps_per_epoch):
    """Returns the training steps of a target: whichever of --epochs and --steps comes first."""
    steps = target["epochs"] * steps_per_epoch
    return steps if target["steps"] is None else min(steps, target["steps"])


def _source_hash(model):
    """Returns the SHA-256 (str) of a model's page, and of those it takes from, whatever their line ends."""
    digest = hashlib.sha256()
    for page in _TAKES_FROM.get(model, (model,)):
        with open(importlib.util.find_spec(f"legacy_gan.models.{page}").origin, "rb") as f:
            digest.update(f.read().replace(b"\r\n", b"\n"))
    return digest.hexdigest()


def _pages(model):
    """Returns the names of the files that `_source_hash` reads."""
    return " or ".join(f"legacy_gan/models/{page}.py" for page in _TAKES_FROM.get(model, (model,)))


def note_edited_page(directory, config):
    """Says so where a model's page is not the one that a run was trained with."""
    if config["source_sha256"] != _source_hash(config["model"]):
        console.note(
            "{}: {} was edited since this run was trained; its weights are used with the page as it is now".format(
                directory, _pages(config["model"])
            )
        )


def _check_samples_dir(path):
    files.prove_writable(path, "--samples-dir")
    for name in os.listdir(path):
        if name.endswith((".png", ".gif")) and os.path.isdir(os.path.join(path, name)):
            raise UserError(f"--samples-dir {path}: {name} is a folder; move it away or name another")


def _check_save_weights(path):
    if not path.endswith(".npz"):
        raise UserError(f"--save-weights must end in .npz, got {path}")
    files.prove_file(path, "--save-weights")
