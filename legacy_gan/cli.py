"""The command line: flags made from legacy_gan.options, errors of one line, exit statuses."""

import argparse
import platform
import sys

from legacy_gan import __version__, console, options
from legacy_gan.errors import UserError

_MODELS = {
    "basic": "the book's listing 1, the basic GAN",
    "conditional": "the book's listing 2, the conditional GAN",
}
_PACKAGES = ("tensorflow", "numpy", "matplotlib", "tqdm", "mlxtend")
_COMMAND = "legacy-gan train basic|conditional [flags]"


def main(argv=None, prog="legacy-gan"):
    """Runs a command.

    Args:
      argv: list of str, the arguments; None for the command line's.
      prog: str, the program's name in help and errors; run_basic.py and run_conditional.py give
        theirs with `["train", MODEL] + flags`.
    Returns:
      int, the exit status: 0 done, 2 bad input or a refusal, 3 a loss that is no finite number,
      4 a file that could not be written while training (a full disk), 5 a collapse that was not to
      go on, 130 or 143 interrupted.
    """
    argv = list(sys.argv[1:] if argv is None else argv)
    try:
        text = _run(argv, prog)
    except KeyboardInterrupt:
        return _fail(prog, "interrupted", 130)
    except OSError as e:
        return _fail(prog, "{}: {}".format(e.filename or "a file", e.strerror or e), 2)
    except Exception as e:
        # UserError and DataError are for the person at the keyboard; anything else is a bug.
        if not hasattr(e, "status"):
            raise
        return _fail(prog, e, e.status)
    if text:
        console.say(text)
    return 0


def _fail(prog, text, status):
    for line in getattr(text, "lines", [text]):  # a refusal may have several reasons
        console.note("{}: {}".format(prog, " ".join(str(line).split())))
    return status


def _run(argv, prog):
    """Carries a command out; returns what is left to print (str), or None."""
    command, model, flags = argv[:1], argv[1:2], argv[2:]
    if {"-h", "--help"} & set(command + model):
        return "usage: {}\n{}\n--version: of everything; {} MODEL --help: its flags".format(
            _COMMAND, "\n".join("  {:<13}{}".format(*row) for row in sorted(_MODELS.items())),
            "legacy-gan train",
        )
    if command == ["--version"]:
        return _versions()
    if command != ["train"] or not model or model[0] not in _MODELS:
        raise UserError("expected {}, got {!r}".format(_COMMAND, " ".join(argv)))
    model = model[0]
    given = vars(_parser(model).parse_args(flags))
    if given.pop("help", False):
        return _help(model, prog, _GROUPS)
    if given.pop("help_all", False):
        return _help(model, prog, _GROUPS + _MORE_GROUPS)
    if given.pop("version", False):
        return _versions()
    options.given_options(model, given)  # bad values are refused before anything is loaded
    from legacy_gan.training import program

    program.train(model, **given)
    return None


class _Parser(argparse.ArgumentParser):
    """argparse with errors of one line."""

    def error(self, message):
        raise UserError(message + "; see --help")


def _parser(model):
    parser = _Parser(add_help=False, allow_abbrev=False, argument_default=argparse.SUPPRESS)
    for field in options.fields(model):
        action = {"action": "store_true"} if field.type is bool else {}
        parser.add_argument(options.flag(field.name), dest=field.name, **action)
    parser.add_argument("-h", "--help", action="store_true")
    parser.add_argument("--help-all", action="store_true")
    parser.add_argument("--version", action="store_true")
    return parser


def _help(model, prog, groups):
    """Returns the flags of some groups, each under its heading; those of _GROUPS fill a screen."""
    start = "python " + prog if prog.endswith(".py") else "{} train {}".format(prog, model)
    lines = ["usage: {} [flags]".format(start), _MODELS[model]]
    group = None
    fields = [f for f in options.fields(model) if f.metadata["group"] in groups]
    for field in sorted(fields, key=lambda f: groups.index(f.metadata["group"])):
        if field.metadata["group"] != group:
            group = field.metadata["group"]
            lines.append(group + ":")
        default = options.SAMPLES_DIRS[model] if field.name == "samples_dir" else field.default
        default = "runs/" + model if field.name == "run_dir" else default
        shown = "" if default is None or default is False else " ({})".format(default)
        name = "{} {}".format(options.flag(field.name), field.metadata["metavar"])
        lines.append("  {:<25}{}{}".format(name.rstrip(), field.metadata["help"], shown))
    if groups == _GROUPS:
        lines.append("--help-all: also speed, cures for a collapse, and how a run goes on.")
    lines.append("--version prints the versions of everything.")
    return "\n".join(lines)


_GROUPS = (options.BOOK, options.FILES, options.HOW)
_MORE_GROUPS = (options.SPEED, options.RESUME, options.CURES)


def _versions():
    """Returns the versions of everything, without loading any of it."""
    try:
        from importlib.metadata import PackageNotFoundError, version
    except ImportError:  # Python 3.7
        from pkg_resources import DistributionNotFound as PackageNotFoundError, get_distribution

        def version(name):
            return get_distribution(name).version

    lines = ["legacy_gan {}".format(__version__), "python {}".format(platform.python_version())]
    for package in _PACKAGES:
        names = [package]
        if package == "tensorflow":  # it comes under several names
            names += ["tensorflow-cpu", "tensorflow-gpu", "tensorflow-macos", "tf-nightly"]
        for name in names:
            try:
                lines.append("{} {}".format(name, version(name)))
                break
            except PackageNotFoundError:
                continue
        else:
            lines.append("{} not installed".format(package))
    return "\n".join(lines)
