"""What an option is: its default, its range, its line of help; and how a value is checked against it."""

import dataclasses
import math
import os
from typing import Any, Optional, Tuple

from legacy_gan.errors import OptionError
from legacy_gan.translation import tr

# A seed that gives a healthy run of both of the book's models on all of MNIST and on the embedded digits
# (docs/seeds.md has the runs); about one seed in eight collapses the conditional model.
DEFAULT_SEED = 9
MAX_SEED = 2**32 - 1
_RENAME = ", which is not UTF-8; rename it"  # what an error on a path says besides
BOOK = "the listing's numbers"  # the group of --help that an option stands in if no other is named


def option(
    default: Any,
    help: str,
    group: str = BOOK,
    metavar: str = "N",
    low: Optional[float] = None,
    high: Optional[float] = None,
    above: Optional[float] = None,
    choices: Tuple[str, ...] = (),
    word: Optional[str] = None,
    expected: str = "a path",
) -> Any:
    """Returns one field of an options class.

    Args:
      default: the value where none is given; it has the field's type, or is None for an Optional field.
      help: its line of help. group: the heading that it stands under. metavar: what help calls a value, "" for none.
      low, high: the least and the largest number allowed. above: the number that is already too small.
      choices: the texts that are allowed; empty where any path is.
      word: a text that is taken besides numbers.
      expected: what an error says that a text must be.
    """
    return dataclasses.field(
        default=default,
        metadata=dict(
            help=help,
            group=group,
            metavar=metavar,
            low=low,
            high=high,
            above=above,
            choices=choices,
            word=word,
            expected=expected,
        ),
    )


def named(name: str, annotated: Any, field: Any) -> "dataclasses.Field[Any]":
    """Returns a field that stands in no class, for `checked`: the argument of a function."""
    field.name, field.type = name, annotated
    return field


def kind(field: "dataclasses.Field[Any]") -> type:
    """Returns the type of a field's values: bool, int, float or str, of Optional[int] int."""
    annotated: Any = field.type
    optional = type(None) in getattr(annotated, "__args__", ())
    value_type: type = annotated.__args__[0] if optional else annotated
    return value_type


def flag(name: str) -> str:
    """Returns the command line's spelling of an option's name: --data-dir, -m."""
    return f"--{name.replace('_', '-')}" if len(name) > 1 else f"-{name}"


def expected(field: "dataclasses.Field[Any]") -> str:
    """Returns in words what a field takes."""
    facts = field.metadata
    if len(facts["choices"]) == 1:
        return repr(facts["choices"][0])
    if facts["choices"]:
        return tr("one of {choices}").format(choices=", ".join(facts["choices"]))
    values = kind(field)
    if values in (bool, str):
        return tr("True or False") if values is bool else tr(facts["expected"])
    what = {int: tr("a whole number"), float: tr("a number")}[values]
    if facts["above"] is not None:
        words = tr("{what} above {above}, at most {high}")
    else:
        words = tr("{what} from {low} to {high}")
    words = words.format(what=what, above=facts["above"], low=facts["low"], high=facts["high"])
    return tr("{what} or {word!r}").format(what=words, word=facts["word"]) if facts["word"] else words


def checked(field: "dataclasses.Field[Any]", value: Any) -> Any:
    """Returns `value` as the field's type.

    Args:
      field: of an options class, or `named`.
      value: a str from the command line, or a Python value.
    Raises:
      OptionError: naming the flag, what it takes and what it got.
    """
    facts = field.metadata
    if value is None and field.default is None or facts["word"] and value == facts["word"]:
        return value
    try:
        converted = _converted(field, value)
    except (TypeError, ValueError, OverflowError):
        converted = None
    if converted is None:
        way_out = tr(_RENAME) if isinstance(value, str) and not facts["choices"] and not _is_utf8(value) else ""
        raise OptionError(_takes(flag(field.name), expected(field), value) + way_out)
    return converted


def _converted(field: "dataclasses.Field[Any]", value: Any) -> Any:
    """Returns `value` as the field's type, None if it is out of range; ValueError if no such."""
    facts = field.metadata
    values = kind(field)
    if values is bool:
        return value if isinstance(value, bool) else None
    if values is str:
        value = os.fspath(value)
        allowed = value in facts["choices"] if facts["choices"] else is_path(value)
        return value if allowed else None
    if isinstance(value, bool):
        return None
    number = values(value)
    if not isinstance(value, str) and number != value:  # 2.5 epochs
        return None
    is_above = facts["above"] is None or number > facts["above"]
    is_low_enough = number <= facts["high"]
    is_high_enough = facts["low"] is None or number >= facts["low"]
    return number if math.isfinite(number) and is_above and is_high_enough and is_low_enough else None


def is_path(text: str) -> bool:
    """Whether a str can be a path; TensorFlow takes none whose bytes are not UTF-8."""
    return _is_utf8(text) and bool(text) and "\0" not in text


def refused_path(name: str, value: str) -> OptionError:
    """Returns the error for an argument that cannot be a path."""
    return OptionError(_takes(name, tr("a path"), value) + ("" if _is_utf8(value) else tr(_RENAME)))


def _takes(name: str, expected: str, value: Any) -> str:
    """Returns what is said of a value that an option or argument does not take."""
    return tr("{name} takes {expected}, got {value!r}").format(name=name, expected=expected, value=value)


def _is_utf8(text: str) -> bool:
    """Whether a str is text: Python has one surrogate for each byte of a path that is not UTF-8."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
