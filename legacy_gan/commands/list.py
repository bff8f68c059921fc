"""`legacy-gan list`: the models, and the runs in a folder."""

from typing import Optional

from legacy_gan.commands.grammar import Argument, Command, Outcome


def _execute(folder: Optional[str]) -> Outcome:
    from legacy_gan.extras import run_list

    return Outcome(run_list.text("runs" if folder is None else folder))


COMMAND = Command(
    "list",
    "shows the models, and the runs in the folder DIR (runs): model, steps, last losses, health and the best\n"
    "number that `legacy-gan evaluate` has kept",
    _execute,
    arguments=(Argument("DIR", is_optional=True),),
)
