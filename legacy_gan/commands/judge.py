"""`legacy-gan judge train` and `judge test`: the classifier that evaluate shows images to."""

import dataclasses
from typing import Optional

from legacy_gan import quiet, shared_options
from legacy_gan.commands.grammar import Command, Group, Outcome
from legacy_gan.option_types import MAX_SEED, option

_ABOUT = "{}s a judge, the classifier of MNIST's digits that `legacy-gan evaluate` shows images to"


@dataclasses.dataclass(frozen=True)
class JudgeTrainOptions:
    """Options of `legacy-gan judge train`."""

    data_dir: Optional[str] = shared_options.data_dir("./mnist/data/")
    out: str = option("runs/judge.npz", "output file", metavar="FILE.npz")
    epochs: int = option(15, "passes through the training images", low=1, high=10**4)
    seed: int = option(1, "seed of its weights and its training", low=0, high=MAX_SEED)
    offline: bool = shared_options.offline()
    device: str = shared_options.device()


@dataclasses.dataclass(frozen=True)
class JudgeTestOptions:
    """Options of `legacy-gan judge test`."""

    data_dir: Optional[str] = shared_options.data_dir("./mnist/data/")
    judge: Optional[str] = shared_options.judge()
    offline: bool = shared_options.offline()
    device: str = shared_options.device()


def _train(options: JudgeTrainOptions) -> Outcome:
    with quiet.tensorflow_kept_quiet():
        from legacy_gan.extras import judge

    return Outcome(judge.write(options))


def _test(options: JudgeTestOptions) -> Outcome:
    with quiet.tensorflow_kept_quiet():
        from legacy_gan.extras import judge

    return Outcome(judge.test(options))


COMMAND = Group(
    "judge",
    (
        Command("judge train", _ABOUT.format("train"), _train, options=JudgeTrainOptions),
        Command("judge test", _ABOUT.format("test"), _test, options=JudgeTestOptions),
    ),
)
