"""The training settings and the options of a run: the default (the source's), the range, the line of help.

A *setting* changes the mathematics; a run directory remembers it. An option of the run (folders,
targets, which pictures) is free to change from one command to the next. Both are closed tuples:
an unknown name is an error.
"""

import dataclasses
from typing import Any, Optional

from legacy_gan import shared_options
from legacy_gan.option_types import DEFAULT_SEED, MAX_SEED, option

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

# The groups of --help besides option_types.BOOK, where option() puts what names no other.
FILES = "pictures and files"
HOW = "how it runs"
RESUME = "when a run continues"
AGAINST_COLLAPSE = "against a collapse (docs/training-trouble.md)"
LOOK = "to look at"
SPEED = "speed (docs/performance.md)"
THEORY = "as the 2014 paper prints it (docs/theory.md)"


# Options that several models have, each with the default of its source.


def _batch_size(default: int) -> Any:
    return option(default, "images in a training step", low=1, high=60000)


def _learning_rate(default: float) -> Any:
    return option(default, "the optimizer's learning rate", metavar="X", above=0, high=100)


def _noise(default: int) -> Any:
    return option(default, "length of the noise vector", low=1, high=65536)


def _beta1(default: float) -> Any:
    return option(default, "Adam's first decay rate", AGAINST_COLLAPSE, "X", low=0, high=0.9999)


def _mismatched_labels() -> Any:
    return option(0.0, "weight of D's loss on wrong labels", AGAINST_COLLAPSE, "X", low=0, high=10**6)


def _epochs(default: int) -> Any:
    return option(default, "passes through the data", low=1, high=10**6)


def _sample_every(default: int) -> Any:
    return option(default, "epochs between two pictures", FILES, low=1, high=10**6)


def _checkpoint_every(default: int) -> Any:
    return option(default, "epochs between two checkpoints", RESUME, low=1, high=10**6)


@dataclasses.dataclass(frozen=True)
class Settings:
    """What every model takes."""

    batch_size: int = _batch_size(100)
    learning_rate: float = _learning_rate(0.0002)
    noise: int = _noise(128)
    seed: int = option(
        DEFAULT_SEED, "seed of every random number", metavar="N|random", low=0, high=MAX_SEED, word="random"
    )
    d_learning_rate: Optional[float] = option(None, "D's own learning rate", AGAINST_COLLAPSE, "X", above=0, high=100)
    g_learning_rate: Optional[float] = option(None, "G's own learning rate", AGAINST_COLLAPSE, "X", above=0, high=100)
    d_steps: int = option(1, "steps of D in a training step", AGAINST_COLLAPSE, low=1, high=100)
    g_steps: int = option(1, "steps of G in a training step", AGAINST_COLLAPSE, low=1, high=100)
    skip_d_below: Optional[float] = option(
        None, "skip D's step while its loss is smaller", AGAINST_COLLAPSE, "LOSS", above=0, high=100
    )
    label_smoothing: float = option(0.0, "real images count as 1 - X for D", AGAINST_COLLAPSE, "X", low=0, high=0.5)
    gradient_penalty: float = option(0.0, "weight of D's steepness (R1)", AGAINST_COLLAPSE, "X", low=0, high=10**6)
    beta1: float = _beta1(0.9)
    average: float = option(0.0, "draw with averaged weights of G", AGAINST_COLLAPSE, "DECAY", low=0, high=0.99999)
    decay_steps: Optional[int] = option(None, "decrease rates: X / (1 + step / N)", AGAINST_COLLAPSE, low=1, high=10**9)
    loss: str = option(
        "non_saturating",
        "saturating is the minimax loss of G",
        THEORY,
        "NAME",
        choices=("non_saturating", "saturating"),
    )
    optimizer: str = option(
        "adam", "adam as the listing has it, or momentum", THEORY, "NAME", choices=("adam", "momentum")
    )
    momentum: float = option(0.5, "with --optimizer momentum", THEORY, "X", low=0, high=0.9999)
    precision: str = option(
        "float32", "of matrix products: float32 or bfloat16", SPEED, "NAME", choices=("float32", "bfloat16")
    )

    @property
    def weight_of_mismatched_labels(self) -> float:
        """`mismatched_labels`; 0 for a model without labels."""
        weight: float = getattr(self, "mismatched_labels", 0.0)
        return weight


@dataclasses.dataclass(frozen=True)
class Basic(Settings):
    """Settings of listing 1; the defaults are the book's."""

    hidden: int = option(256, "width of the hidden layers", low=1, high=65536)


@dataclasses.dataclass(frozen=True)
class Conditional(Basic):
    """Settings of listing 2; the learning rate is the default of tf.train.AdamOptimizer."""

    learning_rate: float = _learning_rate(0.001)
    mismatched_labels: float = _mismatched_labels()


@dataclasses.dataclass(frozen=True)
class Vanilla(Basic):
    """Settings of the PyTorch tutorial's GAN."""

    noise: int = _noise(64)


@dataclasses.dataclass(frozen=True)
class Mlp(Basic):
    """Settings of the seminar's MLP GAN."""

    batch_size: int = _batch_size(512)
    noise: int = _noise(100)


@dataclasses.dataclass(frozen=True)
class Convolutional(Settings):
    """What both DCGANs take."""

    noise: int = _noise(100)
    filters: int = option(64, "channels next to the images; 2 N and 4 N further in", low=1, high=4096)
    first_layer: str = option(
        "dense", "G's: dense, or transposed as in the seminar", metavar="NAME", choices=("dense", "transposed")
    )


@dataclasses.dataclass(frozen=True)
class Dcgan(Convolutional):
    """Settings of the TF2 tutorial's DCGAN."""

    batch_size: int = _batch_size(256)
    learning_rate: float = _learning_rate(0.0001)
    dropout: float = option(0.3, "share of D's values that is dropped", metavar="X", low=0, high=0.99)


@dataclasses.dataclass(frozen=True)
class Cdcgan(Convolutional):
    """Settings of the conditional DCGAN; batches and Adam's are the DCGAN paper's."""

    batch_size: int = _batch_size(128)
    beta1: float = _beta1(0.5)
    mismatched_labels: float = _mismatched_labels()


@dataclasses.dataclass(frozen=True)
class Run:
    """Options of a training: how far, on what, and where things go."""

    epochs: int = _epochs(100)
    digit: Optional[int] = option(None, "also draw ten of this digit", metavar="0..9", low=0, high=9)
    sample_every: int = _sample_every(10)
    samples_dir: Optional[str] = option(None, "folder for the pictures", FILES, "DIR")
    run_dir: Optional[str] = option(None, "folder for losses, config, model", FILES, "DIR")
    data_dir: str = option("./mnist/data/", "folder with MNIST's files or pictures", FILES, "DIR")
    initial_weights: Optional[str] = option(None, "start from an .npz or TF checkpoint", FILES, "FILE")
    save_weights: Optional[str] = option(None, "save the final weights to this file", FILES, "FILE.npz")
    tensorboard: bool = option(False, "also write tensorboard/ in the run's folder", LOOK, "")
    preset: Optional[str] = option(None, "better: settings that make better images", HOW, "NAME", choices=("better",))
    steps: Optional[int] = option(None, "stop after N training steps in all", HOW, low=0, high=10**9)
    checkpoint_every: int = _checkpoint_every(1)
    allow_change: Optional[str] = option(
        None,
        "settings that may change when it continues",
        RESUME,
        "NAMES",
        expected=f"one or more of {', '.join(name.replace('_', '-') for name in CHANGEABLE)}, with commas",
    )
    on_collapse: str = option(
        "warn", "warn, stop, or retry with the next seed", AGAINST_COLLAPSE, "WHAT", choices=("warn", "stop", "retry")
    )
    config: Optional[str] = option(None, "settings and target of a run's config.json", RESUME, "FILE")
    restart: bool = option(False, "start again; the old run is moved aside", HOW, "")
    offline: bool = shared_options.offline(HOW)
    quiet: bool = option(False, "print the listing's lines and errors only", LOOK, "")
    engine: str = option(
        "compiled", "compiled by XLA, or feed as the book does", SPEED, "NAME", choices=("feed", "compiled")
    )
    device: str = shared_options.device(HOW)


@dataclasses.dataclass(frozen=True)
class VanillaRun(Run):
    """As the PyTorch tutorial's: a grid every epoch."""

    epochs: int = _epochs(200)
    sample_every: int = _sample_every(1)


@dataclasses.dataclass(frozen=True)
class MlpRun(Run):
    """As the seminar's."""

    sample_every: int = _sample_every(1)


@dataclasses.dataclass(frozen=True)
class DcganRun(Run):
    """As the TF2 tutorial's: a grid every epoch, a checkpoint every 15."""

    epochs: int = _epochs(50)
    sample_every: int = _sample_every(1)
    # Errata 45, 65 and 66: after the last step there is one too, whatever the number
    checkpoint_every: int = _checkpoint_every(15)
