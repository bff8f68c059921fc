"""Every setting and option: its default (the source's), its range, its line of help.

A *setting* changes the mathematics; a run directory remembers it. An option of the run (folders,
targets, which pictures) is free to change from one command to the next. Both are closed tuples:
an unknown name is an error.
"""

import dataclasses
import math
import os

from legacy_gan.errors import UserError

# A seed that gives a healthy run of both models on all of MNIST and on the embedded digits
# (docs/seeds.md has the runs); about one seed in eight collapses the conditional model.
DEFAULT_SEED = 9
MAX_SEED = 2**32 - 1


class OptionError(UserError, ValueError):
    """A value that an option does not take."""


SOURCE = "source"  # how --allow-change names the model's page
# What a checkpoint can be trained on with: the sizes, the seed and the data are in it.
CHANGEABLE = (
    "learning_rate",
    "d_learning_rate",
    "g_learning_rate",
    "d_steps",
    "g_steps",
    "skip_d_below",
    "label_smoothing",
    "gradient_penalty",
    "mismatched_labels",
    "beta1",
    "loss",
    "momentum",
    "dropout",
    "precision",
    SOURCE,
)
# Settings that came after the first run directories, which had what is their default now.
ADDED = (
    "precision",
    "loss",
    "optimizer",
    "momentum",
    "average",
    "decay_steps",
    "gradient_penalty",
    "mismatched_labels",
)

# The groups of --help, in its order.
BOOK = "the listing's numbers"
FILES = "pictures and files"
HOW = "how it runs"
RESUME = "when a run goes on"
CURES = "against a collapse (docs/training-trouble.md)"
LOOK = "to look at"
SPEED = "speed (docs/performance.md)"
THEORY = "as the 2014 paper prints it (docs/theory.md)"


def option(
    default, help, group=BOOK, metavar="N", low=None, high=None, above=None, choices=(), word=None, expected="a path"
):
    """Returns one field of an options class.

    `low` and `high` are allowed, `above` is not, `word` is taken besides numbers. `expected` says what
    a text must be.
    """
    return dataclasses.field(
        default=default,
        metadata=dict(
            help=help,
            group=group,
            metavar=metavar,
            low=low,
            high=high,
            above=above,
            choices=choices,
            word=word,
            expected=expected,
        ),
    )


@dataclasses.dataclass(frozen=True)
class Settings:
    """What every model takes."""

    batch_size: int = option(100, "images in a training step", low=1, high=60000)
    learning_rate: float = option(0.0002, "the optimizer's learning rate", metavar="X", above=0, high=100)
    noise: int = option(128, "length of the noise vector", low=1, high=65536)
    seed: int = option(
        DEFAULT_SEED, "seed of every random number", metavar="N|random", low=0, high=MAX_SEED, word="random"
    )
    d_learning_rate: float = option(None, "D's own learning rate", CURES, "X", above=0, high=100)
    g_learning_rate: float = option(None, "G's own learning rate", CURES, "X", above=0, high=100)
    d_steps: int = option(1, "steps of D in a training step", CURES, low=1, high=100)
    g_steps: int = option(1, "steps of G in a training step", CURES, low=1, high=100)
    skip_d_below: float = option(None, "no step of D while its loss is less", CURES, "LOSS", above=0, high=100)
    label_smoothing: float = option(0.0, "real images count as 1 - X for D", CURES, "X", low=0, high=0.5)
    gradient_penalty: float = option(0.0, "for D's steepness at real images", CURES, "X", low=0, high=10**6)
    beta1: float = option(0.9, "Adam's first decay rate", CURES, "X", low=0, high=0.9999)
    average: float = option(0.0, "draw with the average of G's weights", CURES, "DECAY", low=0, high=0.99999)
    decay_steps: int = option(None, "rates fall: X / (1 + step / N)", CURES, low=1, high=10**9)
    loss: str = option(
        "non_saturating", "G's; the minimax one is saturating", THEORY, "NAME", choices=("non_saturating", "saturating")
    )
    optimizer: str = option(
        "adam", "adam as the listing has it, or momentum", THEORY, "NAME", choices=("adam", "momentum")
    )
    momentum: float = option(0.5, "of --optimizer momentum", THEORY, "X", low=0, high=0.9999)
    precision: str = option(
        "float32", "of the products: float32 or bfloat16", SPEED, "NAME", choices=("float32", "bfloat16")
    )


def _mismatched_labels():
    return option(0.0, "for D's belief in wrong labels", CURES, "X", low=0, high=10**6)


@dataclasses.dataclass(frozen=True)
class Basic(Settings):
    """Settings of listing 1; the defaults are the book's."""

    hidden: int = option(256, "width of the hidden layers", low=1, high=65536)


@dataclasses.dataclass(frozen=True)
class Conditional(Basic):
    """Settings of listing 2; the learning rate is the default of tf.train.AdamOptimizer."""

    learning_rate: float = option(0.001, "the optimizer's learning rate", metavar="X", above=0, high=100)
    mismatched_labels: float = _mismatched_labels()


@dataclasses.dataclass(frozen=True)
class Vanilla(Basic):
    """Settings of the PyTorch tutorial's GAN."""

    noise: int = option(64, "length of the noise vector", low=1, high=65536)


@dataclasses.dataclass(frozen=True)
class Mlp(Basic):
    """Settings of the seminar's MLP GAN."""

    batch_size: int = option(512, "images in a training step", low=1, high=60000)
    noise: int = option(100, "length of the noise vector", low=1, high=65536)


@dataclasses.dataclass(frozen=True)
class Convolutional(Settings):
    """What both DCGANs take."""

    noise: int = option(100, "length of the noise vector", low=1, high=65536)
    filters: int = option(64, "channels next to the images; 2 N and 4 N further in", low=1, high=4096)
    first_layer: str = option(
        "dense", "G's: dense, or transposed as in the seminar", metavar="NAME", choices=("dense", "transposed")
    )


@dataclasses.dataclass(frozen=True)
class Dcgan(Convolutional):
    """Settings of the TF2 tutorial's DCGAN."""

    batch_size: int = option(256, "images in a training step", low=1, high=60000)
    learning_rate: float = option(0.0001, "the optimizer's learning rate", metavar="X", above=0, high=100)
    dropout: float = option(0.3, "share of D's values that is dropped", metavar="X", low=0, high=0.99)


@dataclasses.dataclass(frozen=True)
class Cdcgan(Convolutional):
    """Settings of the conditional DCGAN; batches and Adam's are the DCGAN paper's."""

    batch_size: int = option(128, "images in a training step", low=1, high=60000)
    beta1: float = option(0.5, "Adam's first decay rate", CURES, "X", low=0, high=0.9999)
    mismatched_labels: float = _mismatched_labels()


@dataclasses.dataclass(frozen=True)
class Run:
    """Options of a training: how far, on what, and where things go."""

    epochs: int = option(100, "passes through the data", low=1, high=10**6)
    digit: int = option(None, "also draw ten of this digit", metavar="0..9", low=0, high=9)
    sample_every: int = option(10, "epochs between two pictures", FILES, low=1, high=10**6)
    samples_dir: str = option(None, "folder for the pictures", FILES, "DIR")
    run_dir: str = option(None, "folder for losses, config, model", FILES, "DIR")
    data_dir: str = option("./mnist/data/", "folder with MNIST's files or pictures", FILES, "DIR")
    initial_weights: str = option(None, "begin with an .npz or TF checkpoint", FILES, "FILE")
    save_weights: str = option(None, "write the final weights there", FILES, "FILE.npz")
    tensorboard: bool = option(False, "also write tensorboard/ in the run's folder", LOOK, "")
    preset: str = option(None, "better: settings that make better images", HOW, "NAME", choices=("better",))
    steps: int = option(None, "stop after N training steps in all", HOW, low=0, high=10**9)
    checkpoint_every: int = option(1, "epochs between two checkpoints", RESUME, low=1, high=10**6)
    allow_change: str = option(
        None,
        "settings that may change from here on",
        RESUME,
        "NAMES",
        expected=f"one or more of {', '.join(name.replace('_', '-') for name in CHANGEABLE)}, with commas",
    )
    on_collapse: str = option(
        "warn", "warn, stop, or retry with the next seed", CURES, "WHAT", choices=("warn", "stop", "retry")
    )
    restart: bool = option(False, "begin anew; the old run is moved aside", HOW, "")
    offline: bool = option(False, "open no network connection", HOW, "")
    engine: str = option(
        "compiled", "compiled by XLA, or feed as the book does", SPEED, "NAME", choices=("feed", "compiled")
    )
    device: str = option("auto", "auto, cpu or gpu", HOW, "NAME", choices=("auto", "cpu", "gpu"))


@dataclasses.dataclass(frozen=True)
class VanillaRun(Run):
    """As the PyTorch tutorial's: a grid every epoch."""

    epochs: int = option(200, "passes through the data", low=1, high=10**6)
    sample_every: int = option(1, "epochs between two pictures", FILES, low=1, high=10**6)


@dataclasses.dataclass(frozen=True)
class MlpRun(Run):
    """As the seminar's."""

    sample_every: int = option(1, "epochs between two pictures", FILES, low=1, high=10**6)


@dataclasses.dataclass(frozen=True)
class DcganRun(Run):
    """As the TF2 tutorial's: a grid every epoch, a checkpoint every 15."""

    epochs: int = option(50, "passes through the data", low=1, high=10**6)
    sample_every: int = option(1, "epochs between two pictures", FILES, low=1, high=10**6)
    # Errata 45, 65 and 66: after the last step there is one too, whatever the number
    checkpoint_every: int = option(15, "epochs between two checkpoints", RESUME, low=1, high=10**6)


def _device():
    return option("auto", "auto, cpu or gpu", metavar="NAME", choices=("auto", "cpu", "gpu"))


@dataclasses.dataclass(frozen=True)
class Wanted:
    """Options of `legacy-gan generate`."""

    digit: int = option(None, "the digit, of a conditional model", metavar="0..9", low=0, high=9)
    count: int = option(None, "how many images, or noises to go through (10)", low=1, high=10**5)
    seed: int = option(None, "of the noise (the run's)", low=0, high=MAX_SEED)
    grid: bool = option(False, "10 x 10; of a conditional model a digit a row", metavar="")
    interpolate: bool = option(False, "from each noise, or digit, to the next: .png and .gif", metavar="")
    out: str = option(None, "where to (in the run's folder)", metavar="FILE", expected="a path")
    device: str = _device()


_DATA_DIR = "folder with MNIST's files or pictures"


@dataclasses.dataclass(frozen=True)
class JudgeTraining:
    """Options of `legacy-gan judge train`."""

    data_dir: str = option(None, f"{_DATA_DIR} (./mnist/data/)", metavar="DIR")
    out: str = option("runs/judge.npz", "where to", metavar="FILE.npz")
    epochs: int = option(15, "passes through the training images", low=1, high=10**4)
    seed: int = option(1, "of its weights and its training", low=0, high=MAX_SEED)
    offline: bool = option(False, "open no network connection", metavar="")
    device: str = _device()


@dataclasses.dataclass(frozen=True)
class JudgeTesting:
    """Options of `legacy-gan judge test`."""

    data_dir: str = option(None, f"{_DATA_DIR} (./mnist/data/)", metavar="DIR")
    judge: str = option(None, "another judge than the package's", metavar="FILE.npz")
    offline: bool = option(False, "open no network connection", metavar="")
    device: str = _device()


@dataclasses.dataclass(frozen=True)
class Evaluation:
    """Options of `legacy-gan evaluate`."""

    count: int = option(10000, "images to generate, or at most to take of a file", low=20, high=10**5)
    seed: int = option(None, "of the noise (the run's)", low=0, high=MAX_SEED)
    data_dir: str = option(None, f"{_DATA_DIR} (the run's)", metavar="DIR")
    judge: str = option(None, "another judge than the package's", metavar="FILE.npz")
    json: bool = option(False, "print JSON", metavar="")
    offline: bool = option(False, "open no network connection", metavar="")
    device: str = _device()


@dataclasses.dataclass(frozen=True)
class Reporting:
    """Options of `legacy-gan report`."""

    out: str = option(None, "where to (report.html in the run's folder)", metavar="FILE.html")
    count: int = option(10000, "images to judge", low=20, high=10**5)
    data_dir: str = option(None, f"{_DATA_DIR} (the run's)", metavar="DIR")
    judge: str = option(None, "another judge than the package's", metavar="FILE.npz")
    offline: bool = option(False, "open no network connection", metavar="")
    device: str = _device()


@dataclasses.dataclass(frozen=True)
class Export:
    """`legacy-gan export` takes none."""


@dataclasses.dataclass(frozen=True)
class Check:
    """`legacy-gan check` takes none."""


@dataclasses.dataclass(frozen=True)
class Comparison:
    """Options of `legacy-gan compare`; without a bound traces.BOUNDS holds."""

    bound: float = option(
        None,
        "the largest relative difference (4e-4, 2e-3, 2e-2, 0.1 up to step 3, 10, 50, beyond)",
        metavar="X",
        low=0,
        high=10**6,
    )
    steps: int = option(None, "compare the first N steps only, and no weights", low=1, high=10**9)


@dataclasses.dataclass(frozen=True)
class Theory:
    """Options of `legacy-gan theory`."""

    out: str = option("theory", "folder for the plots", metavar="DIR")
    seed: int = option(DEFAULT_SEED, "of the noise", low=0, high=MAX_SEED)


@dataclasses.dataclass(frozen=True)
class Running:
    """Options of `legacy-gan run`; what follows the listing is the listing's."""

    data_dir: str = option(None, "MNIST, if the listing's folder has none", metavar="DIR")
    offline: bool = option(False, "open no connection for MNIST", metavar="")
    figures: str = option(None, "save what plt.show() shows there", metavar="DIR")
    steps_limit: int = option(None, "end it after N training steps", low=1, high=10**9)
    time_limit: float = option(None, "end it after so many seconds", metavar="SECONDS", above=0, high=10**7)
    record: str = option(None, "write weights, feeds, results there", metavar="FILE.npz")
    record_steps: int = option(100, "steps that are recorded", low=1, high=10**6)
    replay: str = option(None, "take weights and feeds from a record", metavar="FILE.npz")


SETTINGS = {
    "basic": Basic,
    "conditional": Conditional,
    "vanilla": Vanilla,
    "mlp": Mlp,
    "dcgan": Dcgan,
    "cdcgan": Cdcgan,
}
RUNS = {"basic": Run, "conditional": Run, "vanilla": VanillaRun, "mlp": MlpRun, "dcgan": DcganRun, "cdcgan": DcganRun}
CONDITIONAL = ("conditional", "cdcgan")  # they take a digit
# What --preset better stands for, of the models that have one: docs/quality.md says how it was found.
BETTER = {
    "basic": dict(learning_rate=0.001, gradient_penalty=0.03, beta1=0.0, d_steps=2, average=0.9995),
    "conditional": dict(gradient_penalty=0.003, mismatched_labels=10.0, beta1=0.5, d_steps=2, average=0.9995),
}

# Where the book's listings put their pictures; the others' go under their run directory.
SAMPLES_DIRS = {"basic": "samples", "conditional": "samples2"}


def samples_dir(model, run_dir):
    """Returns the folder for a run's pictures where none is named."""
    return SAMPLES_DIRS.get(model) or os.path.join(run_dir, "samples")


def validation_size(model):
    """Returns how many of the training images are kept apart: the book's, or none."""
    return 5000 if model in SAMPLES_DIRS else 0


def fields(model):
    """Returns the fields (dataclasses.Field) that `model` takes: epochs, settings, the rest."""
    models = {"digit": CONDITIONAL, "preset": BETTER}  # of the options that not all have
    run = [f for f in dataclasses.fields(RUNS[model]) if model in models.get(f.name, RUNS)]
    common = len(dataclasses.fields(Settings))
    settings = list(dataclasses.fields(SETTINGS[model]))
    # Its own settings after the first two that all models have.
    return run[:1] + settings[:2] + settings[common:] + settings[2:common] + run[1:]


def flag(name):
    """Returns the command line's spelling of an option's name."""
    return f"--{name.replace('_', '-')}"


def expected(field):
    """Returns in words what a field takes."""
    facts = field.metadata
    if facts["choices"]:
        return f"one of {', '.join(facts['choices'])}"
    if field.type in (bool, str):
        return {bool: "True or False", str: facts["expected"]}[field.type]
    words = {int: "a whole number", float: "a number"}[field.type]
    if facts["above"] is not None:
        words += f" above {facts['above']}, at most {facts['high']}"
    else:
        words += f" from {facts['low']} to {facts['high']}"
    return words + (f" or {facts['word']!r}" if facts["word"] else "")


def checked(field, value):
    """Returns `value` as the field's type.

    Args:
      field: one of `fields(model)`.
      value: a str from the command line, or a Python value.
    Raises:
      OptionError: naming the flag, what it takes and what it got.
    """
    facts = field.metadata
    if value is None and field.default is None or facts["word"] and value == facts["word"]:
        return value
    try:
        converted = _converted(field, value)
    except (TypeError, ValueError, OverflowError):
        converted = None
    if converted is None:
        raise OptionError(f"{flag(field.name)} takes {expected(field)}, got {value!r}")
    return converted


def _converted(field, value):
    """Returns `value` as the field's type, None if it is out of range; ValueError if no such."""
    facts = field.metadata
    if field.type is bool:
        return value if isinstance(value, bool) else None
    if field.type is str:
        value = os.fspath(value)
        allowed = value in facts["choices"] if facts["choices"] else is_path(value)
        return value if allowed else None
    if isinstance(value, bool):
        return None
    number = field.type(value)
    if not isinstance(value, str) and number != value:  # 2.5 epochs
        return None
    above = facts["above"] is None or number > facts["above"]
    low = facts["low"] is None or number >= facts["low"]
    return number if math.isfinite(number) and above and low and number <= facts["high"] else None


def is_path(text):
    """Whether a str can be a path; one that is no text cannot be kept in config.json."""
    try:
        text.encode("utf-8")
    except ValueError:
        return False
    return bool(text) and "\0" not in text


def given_options(model, options):
    """Checks options by name and splits them.

    Args:
      model: one of SETTINGS.
      options: dict of option name to value.
    Returns:
      (settings, run): two dicts with the checked values that were given.
    Raises:
      OptionError: for an unknown model or option, or a value out of range.
    """
    if model not in SETTINGS:
        raise OptionError(f"the model must be one of {', '.join(sorted(SETTINGS))}, got {model!r}")
    known = {f.name: f for f in fields(model)}
    for name in options:
        if name not in known:
            raise OptionError(f"{model} has no option {name!r}; it takes {', '.join(known)}")
    values = {name: checked(known[name], value) for name, value in options.items()}
    settings = {f.name for f in dataclasses.fields(SETTINGS[model])}
    return (
        {name: value for name, value in values.items() if name in settings},
        {name: value for name, value in values.items() if name not in settings},
    )
