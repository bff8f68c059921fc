"""What one command does: begin a run, refuse, or answer from a run that is complete.

No TensorFlow is loaded before it is needed, so refusals and answers come at once.
"""

import collections
import hashlib
import importlib
import importlib.util
import os

from legacy_gan import console, files, input_data, options
from legacy_gan.errors import UserError
from legacy_gan.training import rundir

Trained = collections.namedtuple("Trained", ["run_dir", "steps", "d_loss", "g_loss", "pictures"])
Trained.__doc__ = """A complete run.

run_dir: str. steps: int. d_loss, g_loss: float32 [steps], with the listing's signs, nats.
pictures: list of str, the paths that this command wrote or, for a run complete before, that the
run's training wrote.
"""


def train(model, **given):
    """Trains a model as the programs do, or answers from its complete run.

    Args:
      model: "basic" or "conditional".
      **given: any of the flags, with underscores: epochs=20, run_dir="runs/demo", seed=3, ...
    Returns:
      A Trained.
    Raises:
      UserError, input_data.DataError: for bad input or a refusal; `status` is the exit status.
    """
    settings_given, run_given = options.given_options(model, given)
    run = options.Run(**run_given)
    directory = rundir.RunDirectory(run.run_dir or os.path.join("runs", model))
    samples_dir = run.samples_dir or options.SAMPLES_DIRS[model]
    old = _old_config(directory, run.restart)
    config = None if run.restart else old
    settings = _settings(model, settings_given, config, directory)

    target = {"epochs": run.epochs, "steps": run.steps}
    if config and run.digit is not None and not {"epochs", "steps"} & set(run_given):
        target = config["target"]
    if run.save_weights is not None:
        _check_save_weights(run.save_weights)

    if config and _is_complete(config, target):
        return _answer(model, settings, run, run_given, directory, samples_dir, config)

    data_dir = _data_dir(run, run_given, config)
    mnist = input_data.read_data_sets(data_dir, one_hot=True, offline=run.offline)
    _refuse_other_data(mnist, run_given, config, directory)
    if settings.batch_size > mnist.train.num_examples:
        raise UserError(
            "--batch-size must be at most the {} training images of {}, got {}".format(
                mnist.train.num_examples, mnist.train.source, settings.batch_size
            )
        )
    if run.digit is not None and not (mnist.test.labels.argmax(1) == run.digit).any():
        raise UserError(
            "--digit {}: the test images of {} hold none".format(run.digit, mnist.test.source)
        )
    if model == "conditional" and mnist.train.source == input_data.EMBEDDED:
        if target["epochs"] > 50 and target["steps"] is None:
            console.note(
                "so few digits are soon learned by heart: here the conditional model is best after "
                "30 to 50 epochs (--epochs 50; docs/seeds.md)"
            )
    initial_weights = run.initial_weights
    if initial_weights is None and config:
        initial_weights = (config["initial_weights"] or {}).get("path")

    with console.tensorflow_kept_quiet():
        loop = importlib.import_module("legacy_gan.training.loop")
    new_config = {
        "model": model,
        "settings": vars(settings),
        "target": target,
        "options": dict(vars(run), samples_dir=samples_dir, run_dir=directory.path),
        "data": {
            "source": mnist.train.source,
            "dir": os.path.abspath(data_dir) if "data_dir" in run_given else None,
            "training_images": mnist.train.num_examples,
            "sha256": mnist.train.fingerprint(),
        },
        "source_sha256": _source_hash(model),
        "steps_per_epoch": mnist.train.examples_per_epoch // settings.batch_size,
    }
    training = loop.Training(
        model, settings, run, mnist, directory, samples_dir, new_config, initial_weights
    )
    if config and _weights_hash(config) != _weights_hash(new_config):
        raise _other_weights(directory, initial_weights)
    # Everything that can be refused has been; from here on files change.
    files.prove_writable(os.path.dirname(os.path.abspath(directory.path)), "--run-dir")
    files.prove_writable(samples_dir, "--samples-dir")
    if old is not None:
        aside = directory.move_aside(old)
        console.note(
            "{}: {} run moved aside to {}; beginning anew".format(
                directory, "the old" if run.restart or old.get("completed") else "an unfinished",
                aside,
            )
        )
    files.prove_writable(directory.path, "--run-dir")
    return training.run_to(target)


def _old_config(directory, restart):
    """Returns the config of the run that is there (dict), None for none; {} if only to be moved."""
    try:
        return directory.config()
    except UserError:
        # A broken settings file is no obstacle to moving the run away.
        if restart and os.path.isfile(directory.file(rundir.CONFIG)):
            return {}
        raise


def _settings(model, given, config, directory):
    """Returns the settings: those given, else those of the run, else the book's."""
    kind = options.SETTINGS[model]
    if config is None:
        settings = kind(**given)
        if settings.seed == "random":
            seed = int.from_bytes(os.urandom(4), "little")
            console.note("--seed random: seed {}".format(seed))
            settings = kind(**dict(given, seed=seed))
        return settings
    differing = []
    if config["model"] != model:
        differing.append("model {}, got {}".format(config["model"], model))
    elif config.get("source_sha256") != _source_hash(model):
        differing.append(
            "legacy_gan/models/{}.py as it was then, got a changed file".format(model)
        )
    for name, value in given.items():
        was = config["settings"].get(name)
        if value != was:
            differing.append("{} {}, got {}".format(options.flag(name), was, value))
    if differing:
        raise _Refused(directory, differing)
    return kind(**config["settings"])


class _Refused(UserError):
    """A run directory is not continued with another mathematics."""

    def __init__(self, directory, differing):
        super(_Refused, self).__init__(
            "{} was begun otherwise: expected {}; name another --run-dir, or --restart to begin "
            "anew".format(directory, "; expected ".join(differing))
        )


def _is_complete(config, target):
    """Whether a run has reached a target."""
    done = config.get("completed")
    if not done:
        return False
    return done["step"] >= steps_of(target, config["steps_per_epoch"])


def steps_of(target, steps_per_epoch):
    """Returns the training steps of a target: whichever of --epochs and --steps comes first."""
    steps = target["epochs"] * steps_per_epoch
    return steps if target["steps"] is None else min(steps, target["steps"])


def _data_dir(run, run_given, config):
    """Returns the folder named, else the one the run was begun with, else the book's."""
    if "data_dir" not in run_given and config and config["data"].get("dir"):
        return config["data"]["dir"]
    return run.data_dir


def _refuse_other_data(mnist, run_given, config, directory):
    if config and "data_dir" in run_given:
        if mnist.train.fingerprint() != config["data"]["sha256"]:
            raise _Refused(
                directory,
                ["the training images of {}, got others in {}".format(
                    config["data"]["source"], mnist.train.source)],
            )


def _weights_hash(config):
    """Returns the fingerprint of a run's --initial-weights, None for the model's own."""
    return (config["initial_weights"] or {}).get("sha256")


def _other_weights(directory, path):
    return _Refused(
        directory,
        ["the --initial-weights that it was begun with, got those of {}".format(path)],
    )


def _source_hash(model):
    """Returns the SHA-256 (str) of a model's page, whatever its line ends."""
    path = importlib.util.find_spec("legacy_gan.models." + model).origin
    with open(path, "rb") as f:
        return hashlib.sha256(f.read().replace(b"\r\n", b"\n")).hexdigest()


def _check_save_weights(path):
    if not path.endswith(".npz"):
        raise UserError("--save-weights must end in .npz, got {}".format(path))
    if os.path.isdir(path):
        raise UserError("--save-weights {}: expected a file, got a folder".format(path))
    files.prove_writable(os.path.dirname(os.path.abspath(path)), "--save-weights")


def _answer(model, settings, run, run_given, directory, samples_dir, config):
    """Serves a command from a complete run: nothing is trained."""
    if "data_dir" in run_given:
        mnist = input_data.read_data_sets(run.data_dir, one_hot=True, offline=run.offline)
        _refuse_other_data(mnist, run_given, config, directory)
    steps = config["completed"]["step"]
    try:
        d_loss, g_loss = directory.losses()
    except (OSError, ValueError) as e:
        raise UserError(
            "{}: expected the losses of a complete run, cannot read them ({}); --restart trains "
            "anew".format(directory.file(rundir.LOSSES), e)
        ) from None
    pictures = config["pictures"]
    wanted = (run.initial_weights, run.digit, run.save_weights)
    if run.device == "gpu" or any(option is not None for option in wanted):
        with console.tensorflow_kept_quiet():
            sampling = importlib.import_module("legacy_gan.training.sampling")
        if run.digit is not None:
            files.prove_writable(samples_dir, "--samples-dir")
        with sampling.Restored(directory, config, run.device) as restored:
            if run.initial_weights is not None:
                if _weights_hash(config) != restored.fingerprint_of(run.initial_weights):
                    raise _other_weights(directory, run.initial_weights)
            if run.digit is not None:
                pictures = [restored.draw_digit(run.digit, samples_dir)]
            if run.save_weights is not None:
                restored.save_weights(run.save_weights)
    text = "{} is complete: {} steps, seed {}".format(directory, steps, settings.seed)
    if run.digit is not None:
        if pictures[0] not in config["pictures"]:
            config["pictures"] += pictures
            directory.write_config(config)
        console.say("{}; drew {} from its model".format(text, pictures[0]))
    else:
        console.say(
            "{}; its pictures: {}. To begin anew: --restart (the old run is moved aside)".format(
                text, ", ".join(_shortened(pictures)) or "none"
            )
        )
    if run.save_weights is not None:
        console.say("{}: the weights of {}".format(run.save_weights, directory))
    return Trained(directory.path, steps, d_loss, g_loss, pictures)


def _shortened(names, most=4):
    """Returns a long list's first and last names."""
    return names if len(names) <= most else names[:2] + ["..."] + names[-1:]
