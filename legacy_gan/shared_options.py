"""Options that several commands have; functions that are called with the same values check them against these."""

from typing import Any

from legacy_gan.option_types import BOOK, MAX_SEED, option


def device(group: str = BOOK) -> Any:
    """Returns --device."""
    return option("auto", "auto, cpu or gpu", group, "NAME", choices=("auto", "cpu", "gpu"))


def noise_seed() -> Any:
    """Returns --seed of generated images."""
    return option(None, "seed of the noise (the run's)", low=0, high=MAX_SEED)


def judged_count(help: str) -> Any:
    """Returns --count of images that a judge is shown."""
    return option(10000, help, low=20, high=10**5)


def data_dir(default: str) -> Any:
    """Returns --data-dir; `default` says in words what it is where it is not given."""
    return option(None, f"folder with MNIST's files or pictures ({default})", metavar="DIR")


def judge() -> Any:
    """Returns --judge."""
    return option(None, "another judge than the package's", metavar="FILE.npz")


def offline(group: str = BOOK) -> Any:
    """Returns --offline."""
    return option(False, "open no network connection", group, "")
