"""`legacy-gan generate`: draws from a run."""

import dataclasses
from typing import Optional

from legacy_gan import quiet, shared_options
from legacy_gan.commands.grammar import Argument, Command, Outcome
from legacy_gan.option_types import option
from legacy_gan.translation import tr


@dataclasses.dataclass(frozen=True)
class GenerateOptions:
    """Options of `legacy-gan generate`."""

    digit: Optional[int] = option(None, "the digit, of a conditional model", metavar="0..9", low=0, high=9)
    count: Optional[int] = option(None, "how many images, or noises to go through (10)", low=1, high=10**5)
    seed: Optional[int] = shared_options.noise_seed()
    grid: bool = option(False, "10 x 10; of a conditional model a digit a row", metavar="")
    interpolate: bool = option(False, "from each noise, or digit, to the next: .png and .gif", metavar="")
    out: Optional[str] = option(None, "output file (in the run's folder)", metavar="FILE")
    device: str = shared_options.device()


def _execute(run: str, options: GenerateOptions) -> Outcome:
    with quiet.tensorflow_kept_quiet():
        from legacy_gan.images import generate

    return Outcome("\n".join(tr("wrote {path}").format(path=path) for path in generate.write(run, options)))


COMMAND = Command(
    "generate",
    "draws from a run: its folder, or a model's name for runs/NAME; no data set is needed",
    _execute,
    arguments=(Argument("RUN"),),
    options=GenerateOptions,
)
