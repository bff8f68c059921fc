"""`legacy-gan compare`: how far two recorded traces are apart."""

import dataclasses
from typing import Optional

from legacy_gan.commands.grammar import Argument, Command, Outcome
from legacy_gan.option_types import option


@dataclasses.dataclass(frozen=True)
class CompareOptions:
    """Options of `legacy-gan compare`; without a bound porting.compare.BOUNDS hold."""

    bound: Optional[float] = option(
        None,
        "the largest relative difference, instead of that of the program's kinds (docs/porting.md)",
        metavar="X",
        low=0,
        high=10**6,
    )
    steps: Optional[int] = option(None, "compare the first N steps only, and no weights", low=1, high=10**9)


def _execute(a: str, b: str, options: CompareOptions) -> Outcome:
    from legacy_gan.porting import compare, traces

    text, ok = compare.compare(traces.read(a), traces.read(b), options.bound, options.steps)
    return Outcome(text, 0 if ok else 1)


COMMAND = Command(
    "compare",
    "shows how far two traces of legacy-gan run --record are apart, the second one recorded with "
    "--replay of the\nfirst. The exit status is 1 beyond the bound",
    _execute,
    arguments=(Argument("A.npz"), Argument("B.npz")),
    options=CompareOptions,
)
