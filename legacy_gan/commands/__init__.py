"""The commands of the command line: one file a command, imported when its command is asked for.

Each file has a COMMAND with two methods: `usages()`, its lines in `legacy-gan --help`, and
`carry_out(argv, prog)`, which returns a `grammar.Outcome`.
"""

import importlib
from typing import Any

# In the order of --help: the files of this folder that are commands.
NAMES = ("train", "generate", "evaluate", "report", "export", "judge", "theory", "run", "check", "compare")


def command(name: str) -> Any:
    """Returns the COMMAND of one of NAMES."""
    return importlib.import_module(f"legacy_gan.commands.{name}").COMMAND
