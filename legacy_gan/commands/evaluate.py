"""`legacy-gan evaluate`: measures generated images."""

import dataclasses
from typing import Optional

from legacy_gan import quiet, shared_options
from legacy_gan.commands.grammar import Argument, Command, Outcome
from legacy_gan.option_types import option


@dataclasses.dataclass(frozen=True)
class EvaluateOptions:
    """Options of `legacy-gan evaluate`."""

    count: int = shared_options.judged_count("images to generate, or at most to take of a file")
    seed: Optional[int] = shared_options.noise_seed()
    data_dir: Optional[str] = shared_options.data_dir("the run's")
    judge: Optional[str] = shared_options.judge()
    json: bool = option(False, "print JSON", metavar="")
    offline: bool = shared_options.offline()
    device: str = shared_options.device()


def _execute(source: str, options: EvaluateOptions) -> Outcome:
    with quiet.tensorflow_kept_quiet():
        from legacy_gan.extras import evaluate

    return Outcome(evaluate.write(source, options))


COMMAND = Command(
    "evaluate",
    "measures generated images: a run's, a model's for runs/NAME, or those of a file (docs/quality.md)",
    _execute,
    arguments=(Argument("RUN|IMAGES.npz"),),
    options=EvaluateOptions,
)
