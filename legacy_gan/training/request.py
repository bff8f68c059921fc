"""What a training command asks for, and the decision: begin a run, go on with one, answer from one, or refuse.

Nothing here loads TensorFlow, reads or writes a file, or prints: `decide` is given what is on the disk.
"""

import os
from typing import Any, Container, Dict, FrozenSet, List, Mapping, NamedTuple, Optional, Sequence, Tuple, Union

from legacy_gan import option_types, options, registry
from legacy_gan.errors import RefusedResume, UserError
from legacy_gan.training import run_files
from legacy_gan.translation import tr

Config = Dict[str, Any]  # what config.json holds


class Target(NamedTuple):
    """How far a run is to be trained: whichever comes first."""

    epochs: int
    steps: Optional[int]

    def in_steps(self, steps_per_epoch: int) -> int:
        """Returns the training steps of the target, in all."""
        steps = self.epochs * steps_per_epoch
        return steps if self.steps is None else min(steps, self.steps)


class Request(NamedTuple):
    """A command, parsed and checked: which model, and what was given."""

    model: registry.Model
    settings_given: Mapping[str, Any]  # settings by name, those of --preset too
    run: options.Run  # the options of the run, defaults filled in
    run_given: Mapping[str, Any]  # those that were given
    run_dir: str  # the run's folder, that given or runs/MODEL
    samples_dir: str  # the folder for the pictures
    allowed: FrozenSet[str]  # the settings that --allow-change names
    seeds_tried: Tuple[int, ...] = ()  # that collapsed before, with --on-collapse retry


class Change(NamedTuple):
    """A setting that a run goes on with that is not the one it had."""

    setting: str
    was: Any
    becomes: Any


class Begin(NamedTuple):
    """Begin a run; an old one is moved aside."""

    settings: options.Settings  # its seed may be "random"
    target: Target
    aside: Optional[Config]  # the config of the run that is moved aside, {} for a broken one; None: nothing is there


class Resume(NamedTuple):
    """Go on with the run that is there, from its newest checkpoint."""

    settings: options.Settings
    target: Target
    config: Config
    step: Optional[int]  # the newest checkpoint's; None: the run has none and begins at its first step
    changes: Sequence[Change]


class Answer(NamedTuple):
    """Train nothing: the run has reached its target, draw from it."""

    settings: options.Settings
    config: Config
    step: int
    changes: Sequence[Change]  # asked for, and without effect


Decision = Union[Begin, Resume, Answer]


class Disk:
    """What `decide` asks of the run directory; legacy_gan.training.execute.RunDisk reads a real one."""

    path: str

    def config(self) -> Optional[Config]:
        """Returns what config.json holds; None where no run has begun; UserError if it cannot be used."""
        raise NotImplementedError

    def has_settings_file(self) -> bool:
        """Whether there is a config.json, readable or not."""
        raise NotImplementedError

    def page_hash(self) -> str:
        """Returns the SHA-256 of the model's page and of those that it imports, as they are now."""
        raise NotImplementedError

    def newest_step(self, settings: options.Settings, config: Config) -> Optional[int]:
        """Returns the step of the newest checkpoint that is whole; None where there is none.

        UserError if there are checkpoints and none can be used.
        """
        raise NotImplementedError


def parse(model: str, given: Mapping[str, Any], seeds_tried: Sequence[int] = ()) -> Request:
    """Returns the Request of a training command.

    Args:
      model: the name of one.
      given: option name to value, texts of the command line or Python values.
      seeds_tried: those that collapsed before this command was made of another.
    Raises:
      OptionError, UserError: for what no such command takes.
    """
    record = registry.model(model)
    settings, run_given = record.checked(given)
    run = record.run(**run_given)
    if run.preset is not None:
        if settings.get("optimizer", "adam") != "adam":
            raise UserError(
                f"--preset {run.preset} requires --optimizer adam; the optimizer is {settings['optimizer']}"
            )
        # A flag of its own goes before what the preset says.
        settings = dict(record.presets[run.preset], **settings)
    run_dir = os.path.normpath(run.run_dir or os.path.join("runs", record.name))
    samples_dir = run.samples_dir or record.pictures_folder(run_dir)
    allowed = _allowed(record, run.allow_change)
    return Request(record, settings, run, run_given, run_dir, samples_dir, allowed, tuple(seeds_tried))


def decide(request: Request, disk: Disk) -> Decision:
    """Decides what a command is to do with a run directory. Nothing is changed, anywhere.

    Args:
      request: from `parse`. disk: what is there.
    Returns:
      a Begin, Resume or Answer.
    Raises:
      RefusedResume: where a run would go on with another mathematics, a line for each difference.
      UserError: where the folder holds something else, or the settings contradict each other.
    """
    found = _old_config(disk, request.run.restart)
    target = Target(request.run.epochs, request.run.steps)
    if found is None or request.run.restart:
        settings = request.model.settings(**request.settings_given)
        _refuse_idle(request.settings_given, settings)
        _refuse_paths(request)
        return Begin(settings, target, found)
    settings, changes = _settings_of(request, found, disk)
    _refuse_paths(request)
    if request.run.digit is not None and not {"epochs", "steps"} & set(request.run_given):
        target = Target(**found["target"])
    step = disk.newest_step(settings, found)
    if step is not None and step >= target.in_steps(found["steps_per_epoch"]):
        return Answer(settings, found, step, changes)
    return Resume(settings, target, found, step, changes)


def _old_config(disk: Disk, restart: bool) -> Optional[Config]:
    """Returns the config of the run that is there, None for none; {} if it can only be moved aside."""
    try:
        return disk.config()
    except UserError:
        # A broken settings file is no obstacle to moving the run away.
        if restart and disk.has_settings_file():
            return {}
        raise


def _settings_of(request: Request, config: Config, disk: Disk) -> Tuple[options.Settings, List[Change]]:
    """Returns the settings that a run goes on with (those given, else its own), and what changes."""
    if config["model"] != request.model.name:
        raise refused(disk.path, [("the model", config["model"], request.model.name, None)])
    values, changes, differing = dict(config["settings"]), [], []
    page_hash = disk.page_hash()
    if not is_same_text(request.model, config["source_sha256"], page_hash):
        changes.append(Change(options.SOURCE, config["source_sha256"], page_hash))
        if options.SOURCE not in request.allowed:
            differing.append((page_names(request.model), "as it was then", "an edited file", options.SOURCE))
    for name, value in request.settings_given.items():
        was = values[name]
        if value == was or name == "seed" and value in ("random", config["seeds_tried"][0]):
            continue  # the command that began the run may be given again
        values[name] = value
        changes.append(Change(name, was, value))
        if name not in request.allowed:
            differing.append((option_types.flag(name), was, value, name))
    settings = request.model.settings(**values)
    _refuse_idle([change.setting for change in changes], settings)
    if differing:
        raise refused(disk.path, differing)
    return settings, changes


def _refuse_paths(request: Request) -> None:
    """Raises UserError where a flag names a file of the run's own, or --save-weights no .npz."""
    save_weights = request.run.save_weights
    for flag, path in (("--samples-dir", request.samples_dir), ("--save-weights", save_weights)):
        for name in run_files.OWN:
            own = os.path.join(request.run_dir, name)
            if path and _with_separator(path).startswith(_with_separator(own)):
                raise UserError(f"{flag} must not be {own}, which is the run's own; name another")
    if save_weights is not None and not save_weights.endswith(".npz"):
        raise UserError(f"--save-weights must end in .npz, got {save_weights}")


def _with_separator(path: str) -> str:
    """Returns the whole path with a separator at its end, which the paths of what is below it begin with."""
    return os.path.join(os.path.abspath(path), "")


def refused(path: str, differing: Sequence[Tuple[str, Any, Any, Optional[str]]]) -> RefusedResume:
    """Returns the error that refuses to go on with a run, a line for each difference.

    Args:
      path: of the run directory.
      differing: (what, expected, got, the setting that --allow-change would name or None) each.
    """
    return RefusedResume(
        [
            tr("{run}: expected {what} {was}, got {got}; {way_out}").format(
                run=path, what=what, was=was, got=got, way_out=_way_out(setting)
            )
            for what, was, got, setting in differing
        ]
    )


def _way_out(setting: Optional[str]) -> str:
    way = tr("another --run-dir, or --restart to start again")
    if setting in options.CHANGEABLE:
        way += tr(", or --allow-change {setting} to go on with it").format(setting=str(setting).replace("_", "-"))
    return way


def is_same_text(model: registry.Model, was: str, now: str) -> bool:
    """Whether a page says what it said: by its hash then, and its hash now."""
    return was in (now,) + model.same_text


def page_names(model: registry.Model) -> str:
    """Returns the names of the files whose text is part of a run's settings, for a message."""
    return " or ".join(page.replace(".", "/") + ".py" for page in model.pages)


def _allowed(model: registry.Model, names: Optional[str]) -> FrozenSet[str]:
    """Returns the settings that --allow-change names."""
    if names is None:
        return frozenset()
    fields = {f.name for f in model.fields()}
    changeable = [name for name in options.CHANGEABLE if name in fields or name == options.SOURCE]
    allowed = {name.strip().lstrip("-").replace("-", "_") for name in names.split(",")}
    if not allowed <= set(changeable):
        raise UserError(
            "--allow-change takes one or more of {}, with commas, got {!r}".format(
                ", ".join(name.replace("_", "-") for name in changeable), names
            )
        )
    return frozenset(allowed)


def _refuse_idle(given: Container[str], settings: options.Settings) -> None:
    """Raises UserError where a setting that was given would change nothing with the others.

    Args:
      given: the names of those that were given.
    """
    for name, optimizer in (("momentum", "momentum"), ("beta1", "adam")):
        is_default = getattr(settings, name) == getattr(type(settings), name)
        if name in given and not is_default and settings.optimizer != optimizer:
            raise UserError(
                tr("{option} requires --optimizer {optimizer}; the optimizer is {got}").format(
                    option=option_types.flag(name), optimizer=optimizer, got=settings.optimizer
                )
            )
    if "mismatched_labels" in given and settings.weight_of_mismatched_labels and settings.batch_size == 1:
        raise UserError("--mismatched-labels needs batches of two images or more, got --batch-size 1")
