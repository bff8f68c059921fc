"""`legacy-gan theory`: what the texts state of GANs, in numbers and plots."""

import dataclasses

from legacy_gan import files, quiet
from legacy_gan.commands.grammar import Command, Outcome
from legacy_gan.option_types import DEFAULT_SEED, MAX_SEED, option
from legacy_gan.translation import tr


@dataclasses.dataclass(frozen=True)
class TheoryOptions:
    """Options of `legacy-gan theory`."""

    out: str = option("theory", "folder for the plots", metavar="DIR")
    seed: int = option(DEFAULT_SEED, "seed of the noise", low=0, high=MAX_SEED)


def _execute(options: TheoryOptions) -> Outcome:
    files.prove_writable(options.out, "--out")
    with quiet.tensorflow_kept_quiet():
        from legacy_gan.extras import theory

    return Outcome("\n".join(tr("wrote {path}").format(path=path) for path in theory.main(options.out, options.seed)))


COMMAND = Command(
    "theory",
    "shows what the texts state of GANs in numbers, and draws it (docs/theory.md)",
    _execute,
    options=TheoryOptions,
)
