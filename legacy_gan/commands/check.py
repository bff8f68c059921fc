"""`legacy-gan check`: reads TensorFlow 1 programs without running them."""

from typing import List

from legacy_gan.commands.grammar import Argument, Command, Outcome


def _execute(programs: List[str]) -> Outcome:
    from legacy_gan.porting import check

    text, ok = check.main(tuple(programs))
    return Outcome(text, 0 if ok else 1)


COMMAND = Command(
    "check",
    "reads TensorFlow 1 listings, and the modules beside them, without running them: what needs "
    "legacy-gan run,\nwhat it does not serve, what is Python 2. The exit status is 1 where something is "
    "to be changed first",
    _execute,
    arguments=(Argument("LISTING.py", further="more.py"),),
)
