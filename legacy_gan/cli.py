"""The command line: argv to a command of legacy_gan.commands, errors to lines and exit statuses."""

import sys
from typing import List, Optional

from legacy_gan import commands, console
from legacy_gan.commands.grammar import Outcome, did_you_mean
from legacy_gan.commands.versions import versions
from legacy_gan.errors import UserError
from legacy_gan.translation import tr


def main(argv: Optional[List[str]] = None, prog: str = "legacy-gan") -> int:
    """Runs a command.

    Args:
      argv: the arguments; None for the command line's.
      prog: the program's name in help and errors; run_basic.py and run_conditional.py give
        theirs with `["train", MODEL] + flags`.
    Returns:
      The exit status: 0 done, 1 what was checked or compared is not as it should be, or a program's
      exception, 2 bad input or a refusal, 3 a loss that is no finite number, 4 a file that could not be
      written while training (a full disk), 5 a collapse that was not to go on, 130 or 143 interrupted.
    """
    argv = list(sys.argv[1:] if argv is None else argv)
    try:
        outcome = _carry_out(argv, prog)
        if outcome.text:
            console.say(outcome.text)
    except KeyboardInterrupt:
        return _fail(prog, [tr("interrupted")], 130)
    except OSError as e:
        return _fail(prog, [f"{e.filename or tr('a file')}: {e.strerror or e}"], 2)
    except MemoryError as e:
        return _fail(prog, [tr("not enough memory: {why}").format(why=str(e) or tr("smaller sizes may fit"))], 2)
    except UserError as e:  # any other exception is a bug
        return _fail(prog, e.lines, e.status)
    return outcome.status


def _fail(prog: str, lines: List[str], status: int) -> int:
    """Prints why a command failed, a line for each reason; returns the exit status."""
    for line in lines:
        console.warn(f"{prog}: {' '.join(str(line).split())}")
    return status


def _carry_out(argv: List[str], prog: str) -> Outcome:
    name, rest = (argv[0], argv[1:]) if argv else ("", [])
    if name in ("-h", "--help"):
        return Outcome(_help())
    if name == "--version":
        return Outcome(versions())
    if name not in commands.NAMES:
        raise _unknown_command(name, argv)
    return commands.command(name).carry_out(rest, prog)


def _unknown_command(name: str, argv: List[str]) -> UserError:
    """Returns the error for a first word that is no command; it asks for what may be meant."""
    from legacy_gan import registry  # what a right command may do without

    question = did_you_mean(name, commands.NAMES)
    if name in registry.MODELS:
        question = " " + tr("did you mean {word}?").format(word=f"train {name}")
    usage = f"legacy-gan {'|'.join(commands.NAMES)}"
    return UserError(
        tr("expected {usage}, got {got!r};{question} see --help").format(
            usage=usage, got=" ".join(argv), question=question
        )
    )


def _help() -> str:
    """Returns the usage of every command."""
    usages = [usage for name in commands.NAMES for usage in commands.command(name).usages()]
    return "\n".join(
        [tr("usage:")]
        + [f"  {usage}" for usage in usages]
        + [tr("--version: all versions; legacy-gan COMMAND --help: its options")]
    )
