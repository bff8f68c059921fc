"""The commands of the command line: one file a command, imported when its command is asked for.

Each file has a COMMAND, an `AnyCommand`: a grammar.Command, a grammar.Group, or a class of the file's own.
"""

import importlib
from typing import TYPE_CHECKING, List

if TYPE_CHECKING:
    from typing import Protocol

    from legacy_gan.commands.grammar import Outcome

    class AnyCommand(Protocol):
        """What the command line asks of a command."""

        def usages(self) -> List[str]:
            """Returns its lines in `legacy-gan --help`."""

        def carry_out(self, argv: List[str], prog: str) -> Outcome:
            """Parses what follows the command's name and does it, or shows help or versions."""


# In the order of --help: the files of this folder that are commands.
NAMES = ("train", "list", "generate", "evaluate", "report", "export", "judge", "theory", "run", "check", "compare")


def command(name: str) -> "AnyCommand":
    """Returns the COMMAND of one of NAMES."""
    found: AnyCommand = importlib.import_module(f"legacy_gan.commands.{name}").COMMAND
    return found
