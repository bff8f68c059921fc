"""`legacy-gan check`: reads TensorFlow 1 programs without running them."""

import dataclasses
from typing import List

from legacy_gan import console
from legacy_gan.commands.grammar import Argument, Command, Outcome
from legacy_gan.errors import Unreadable
from legacy_gan.option_types import option


@dataclasses.dataclass(frozen=True)
class CheckOptions:
    """Options of `legacy-gan check`."""

    problems: bool = option(False, "only what is to be changed, and the summary", metavar="")
    json: bool = option(False, "the report as JSON, for other programs", metavar="")


def _execute(paths: List[str], options: CheckOptions) -> Outcome:
    from legacy_gan.porting import check

    report = check.checked(tuple(paths))
    text = ""
    if options.json:
        text = report.json()
    elif report.programs:
        text = report.text(options.problems)
    if report.unreadable:
        if report.programs:
            console.say(text)
        raise Unreadable("\n".join(report.unreadable))
    return Outcome(text, 0 if report.is_fine else 1)


COMMAND = Command(
    "check",
    "reads TensorFlow 1 listings, notebooks and folders of them, with the modules beside them, without running\n"
    "them: what needs legacy-gan run, what it does not serve, what is Python 2. The exit status is 1 where\n"
    "something is to be changed first, or --python2 is needed; 2 where something that was named cannot be read",
    _execute,
    arguments=(Argument("PATH", further="PATH"),),
    options=CheckOptions,
)
