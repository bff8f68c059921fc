"""What a command takes: arguments and flags as it declares them; its usage, its help and its parser come from that."""

import argparse
import dataclasses
import difflib
from typing import Any, Callable, Dict, List, NamedTuple, NoReturn, Optional, Sequence, Tuple

from legacy_gan import option_types
from legacy_gan.commands.versions import versions
from legacy_gan.errors import UserError
from legacy_gan.translation import tr


class Outcome(NamedTuple):
    """What a command leaves to print, None for nothing, and its exit status."""

    text: Optional[str]
    status: int = 0


class Argument(NamedTuple):
    """An argument without a flag.

    Fields:
      name: what the usage and errors call it.
      is_path: whether it must be something that can be a path.
      further: how the usage shows that it may be repeated; None where it is given once.
      is_optional: whether it may be left out; the command gets None for it. Only the last one may.
    """

    name: str
    is_path: bool = True
    further: Optional[str] = None
    is_optional: bool = False


class Command(NamedTuple):
    """A command, or one of a group, with the same flags whatever its arguments are.

    Fields:
      name: the words that call it. about: its line of help, or several.
      execute: function of the arguments in their order (a list for a repeated one), then a list of the
        program's arguments if the command has them, then the options if it has any; it returns an Outcome.
      arguments: the arguments without a flag; the last one may be repeated.
      options: the class of its options; None where it takes none.
      program_arguments: how the usage shows that everything after the last argument belongs to the program
        that is named there; all flags of the command stand before it. None for an ordinary command.
    """

    name: str
    about: str
    execute: Callable[..., Outcome]
    arguments: Tuple[Argument, ...] = ()
    options: Optional[type] = None
    program_arguments: Optional[str] = None

    @property
    def usage(self) -> str:
        """Its line in `legacy-gan --help`."""
        arguments = " ".join(
            (f"[{argument.name}]" if argument.is_optional else argument.name)
            + (f" [{argument.further} ...]" if argument.further else "")
            for argument in self.arguments
        )
        flags = "[flags]" if self._fields_of_options() else ""
        if self.program_arguments:
            words = [flags, arguments, f"[{self.program_arguments}]"]
        else:
            words = [arguments, flags]
        return " ".join(["legacy-gan", self.name] + [word for word in words if word])

    def usages(self) -> List[str]:
        """Returns the usage, as a list of one."""
        return [self.usage]

    def help(self) -> str:
        """Returns what `--help` prints: usage, what it does, and the flags."""
        lines = [help_line(field) for field in self._fields_of_options()]
        return "\n".join([f"{tr('usage:')} {self.usage}", tr(self.about), ""] + lines)

    def carry_out(self, argv: List[str], prog: str) -> Outcome:
        """Parses and executes, or shows help or versions.

        Args:
          argv: what follows the command's name. prog: the program's name; help shows legacy-gan.
        Raises:
          UserError: for what the command does not take.
        """
        argv, of_program = self._split(argv)
        fields = self._fields_of_options()
        given, shown = parse(argv, fields, takes_arguments=True)
        if shown in ("help", "help_all"):
            return Outcome(self.help())
        if shown == "version":
            return Outcome(versions())
        values = self._checked_arguments(given.pop("arguments", []), argv)
        if self.program_arguments:
            values.append(of_program)
        if self.options:
            known = {field.name: field for field in fields}
            values.append(
                self.options(**{name: option_types.checked(known[name], value) for name, value in given.items()})
            )
        return self.execute(*values)

    def _fields_of_options(self) -> "Tuple[dataclasses.Field[Any], ...]":
        return dataclasses.fields(self.options) if self.options else ()

    def _split(self, argv: List[str]) -> Tuple[List[str], List[str]]:
        """Returns the command's part of argv and the program's."""
        if not self.program_arguments:
            return argv, []
        takes_value = {
            option_types.flag(field.name) for field in self._fields_of_options() if option_types.kind(field) is not bool
        }
        at = 0
        while at < len(argv) and argv[at].startswith("-"):
            at += 2 if argv[at] in takes_value else 1
        return argv[: at + 1], argv[at + 1 :]

    def _checked_arguments(self, given: List[str], argv: List[str]) -> List[Any]:
        """Returns the value of each declared argument; UserError for too few, too many or no path."""
        is_repeated = bool(self.arguments) and self.arguments[-1].further is not None
        may_lack = bool(self.arguments) and self.arguments[-1].is_optional
        missing = len(self.arguments) - len(given)
        if missing > may_lack or missing < 0 and not is_repeated:
            raise UserError(
                tr("expected {usage}, got {got!r}").format(usage=self.usage, got=" ".join([self.name] + argv))
            )
        for n, value in enumerate(given):
            argument = self.arguments[min(n, len(self.arguments) - 1)]
            if argument.is_path and not option_types.is_path(value):
                raise option_types.refused_path(argument.name, value)
        if not is_repeated:
            return list(given) + [None] * missing
        last = len(self.arguments) - 1
        return given[:last] + [given[last:]]


class Group(NamedTuple):
    """Commands that share their first word, as `legacy-gan judge train` and `judge test`."""

    name: str
    commands: Tuple[Command, ...]

    def usages(self) -> List[str]:
        """Returns the usage of each command."""
        return [command.usage for command in self.commands]

    def carry_out(self, argv: List[str], prog: str) -> Outcome:
        """Carries one of the commands out; as Command.carry_out."""
        members = {command.name.split()[-1]: command for command in self.commands}
        word = argv[0] if argv else ""
        if word in ("-h", "--help"):
            return Outcome("\n".join(f"{tr('usage:')} {usage}" for usage in self.usages()))
        if word not in members:
            question = did_you_mean(word, list(members))
            usage, got = f"legacy-gan {self.name} {'|'.join(members)}", " ".join([self.name] + argv)
            raise UserError(
                tr("expected {usage}, got {got!r}").format(usage=usage, got=got) + (f";{question}" if question else "")
            )
        return members[word].carry_out(argv[1:], prog)


class _Parser(argparse.ArgumentParser):
    """argparse with errors of one line."""

    def error(self, message: str) -> NoReturn:
        raise UserError(f"{message}; see --help")


_SHOWN = ("help", "help_all", "version")  # the flags of every command that show something instead


def parse(
    argv: Sequence[str], fields: "Sequence[dataclasses.Field[Any]]", takes_arguments: bool = False
) -> Tuple[Dict[str, Any], Optional[str]]:
    """Parses what follows a command's name.

    Args:
      argv: the arguments. fields: of the command's options.
      takes_arguments: whether arguments without a flag may stand among them.
    Returns:
      (given, shown): dict of option name to the text that was given (True for a flag without a value), with the
      list `arguments`; and "help", "help_all" or "version" where that is to be shown instead, else None.
    Raises:
      UserError: for an unknown flag, a flag without its value, or an argument where none is taken.
    """
    parser = _flags_parser(fields)
    if takes_arguments:
        parser.add_argument("arguments", nargs="*")
    found, unknown = parser.parse_known_args(argv)
    if unknown:
        flags = [option_types.flag(field.name) for field in fields]
        raise UserError(
            tr("unrecognized arguments: {arguments};{question} see --help").format(
                arguments=" ".join(unknown), question=_meant_flag(unknown[0], flags)
            )
        )
    given = vars(found)
    asked = [name for name in _SHOWN if given.pop(name, False)]
    return given, asked[0] if asked else None


_OTHER_NAMES = {  # what other programs call a flag
    "--batch": "--batch-size",
    "--bs": "--batch-size",
    "--data": "--data-dir",
    "--gpu": "--device",
    "--log-dir": "--run-dir",
    "--lr": "--learning-rate",
    "--num-epochs": "--epochs",
    "--output": "--out",
    "--output-dir": "--run-dir",
    "--silent": "--quiet",
}


def meant(word: str, known: Sequence[str]) -> Optional[str]:
    """Returns which of the known words is so much like a wrong one that it may be meant, None for none."""
    near = difflib.get_close_matches(word, known, 1, 0.8 if word.startswith("--") else 0.75)
    return near[0] if near else None


def did_you_mean(word: str, known: Sequence[str]) -> str:
    """Returns the question for a wrong word, with a space before it; empty where no known word is like it."""
    found = meant(word, known)
    return " " + tr("did you mean {word}?").format(word=found) if found else ""


def _meant_flag(unknown: str, flags: Sequence[str]) -> str:
    """Returns the question for an unknown argument, as did_you_mean; none for what is no flag."""
    flag = unknown.split("=")[0].replace("_", "-")
    if not flag.startswith("--"):
        return ""
    flag = _OTHER_NAMES.get(flag, flag)
    return did_you_mean(flag, [*flags, "--help", "--help-all", "--version"])


def _flags_parser(fields: "Sequence[dataclasses.Field[Any]]") -> argparse.ArgumentParser:
    """Returns a parser of the fields' flags and of those that _SHOWN names; its result has only what was given."""
    parser = _Parser(add_help=False, allow_abbrev=False, argument_default=argparse.SUPPRESS)
    for field in fields:
        flag = option_types.flag(field.name)
        if option_types.kind(field) is bool:
            parser.add_argument(flag, dest=field.name, action="store_true")
        else:
            parser.add_argument(flag, dest=field.name)
    parser.add_argument("-h", "--help", action="store_true")
    parser.add_argument("--help-all", action="store_true")
    parser.add_argument("--version", action="store_true")
    return parser


def help_line(field: "dataclasses.Field[Any]", default: Any = None) -> str:
    """Returns a line of help on a flag; `default` where it is not the field's."""
    default = field.default if default is None else default
    shown = "" if default is None or default is False else f" ({default})"
    name = f"{option_types.flag(field.name)} {field.metadata['metavar']}"
    return f"  {name.rstrip():<25}{tr(field.metadata['help'])}{shown}"
