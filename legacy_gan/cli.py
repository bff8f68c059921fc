"""The command line: flags made from legacy_gan.options, errors of one line, exit statuses."""

import argparse
import dataclasses
import os
import platform
import sys

from legacy_gan import __version__, console, files, options
from legacy_gan.errors import UserError

_MODELS = {
    "basic": "the book's listing 1, the basic GAN",
    "conditional": "the book's listing 2, the conditional GAN",
    "vanilla": "the PyTorch tutorial's GAN",
    "mlp": "the seminar's MLP GAN",
    "dcgan": "the TF2 tutorial's DCGAN",
    "cdcgan": "a DCGAN that is told the digit",
}
_PACKAGES = ("tensorflow", "numpy", "matplotlib", "tqdm", "mlxtend")
_MODEL_NAMES = "|".join(_MODELS)
_COMMANDS = {
    "train": f"legacy-gan train {_MODEL_NAMES} [flags]",
    "generate": "legacy-gan generate RUN [flags]",
    "evaluate": "legacy-gan evaluate RUN|IMAGES.npz [flags]",
    "report": "legacy-gan report RUN [flags]",
    "export": "legacy-gan export RUN DIR|FILE.onnx",
    "judge train": "legacy-gan judge train [flags]",
    "judge test": "legacy-gan judge test [flags]",
    "theory": "legacy-gan theory [flags]",
    "run": "legacy-gan run [flags] LISTING.py [args]",
    "check": "legacy-gan check LISTING.py [more.py ...]",
    "compare": "legacy-gan compare A.npz B.npz [flags]",
}


def main(argv=None, prog="legacy-gan"):
    """Runs a command.

    Args:
      argv: list of str, the arguments; None for the command line's.
      prog: str, the program's name in help and errors; run_basic.py and run_conditional.py give
        theirs with `["train", MODEL] + flags`.
    Returns:
      int, the exit status: 0 done, 1 what was checked or compared is not as it should be, or a listing's
      exception, 2 bad input or a refusal, 3 a loss that is no finite number, 4 a file that could not be
      written while training (a full disk), 5 a collapse that was not to go on, 130 or 143 interrupted.
    """
    argv = list(sys.argv[1:] if argv is None else argv)
    try:
        text = _run(argv, prog)
        text, status = text if isinstance(text, tuple) else (text, 0)
        if text:
            console.say(text)
    except KeyboardInterrupt:
        return _fail(prog, "interrupted", 130)
    except OSError as e:
        return _fail(prog, f"{e.filename or 'a file'}: {e.strerror or e}", 2)
    except MemoryError as e:
        return _fail(prog, f"not enough memory: {str(e) or 'smaller sizes may fit'}", 2)
    except UserError as e:  # any other exception is a bug
        return _fail(prog, e, e.status)
    return status


def _fail(prog, text, status):
    for line in getattr(text, "lines", [text]):  # a refusal may have several reasons
        console.note(f"{prog}: {' '.join(str(line).split())}")
    return status


def _run(argv, prog):
    """Carries a command out; returns what is left to print (str), or None, or (that, the exit status)."""
    command, rest = (argv[0], argv[1:]) if argv else (None, [])
    if command in ("-h", "--help"):
        return "\n".join(
            ["usage:"]
            + [f"  {usage}" for usage in _COMMANDS.values()]
            + ["--version: of everything; legacy-gan COMMAND --help: more of it"]
        )
    if command == "--version":
        return _versions()
    commands = {
        "generate": _generate,
        "evaluate": _evaluate,
        "report": _report,
        "export": _export,
        "judge": _judge,
        "theory": _theory,
        "run": _run_listing,
        "check": _check,
        "compare": _compare,
    }
    if command == "train":
        return _train(rest, prog)
    if command not in commands:
        raise UserError(
            "expected legacy-gan {}, got {!r}; see --help".format("|".join(["train"] + list(commands)), " ".join(argv))
        )
    return commands[command](rest)


def _train(argv, prog):
    if argv[:1] in (["-h"], ["--help"]):
        return "usage: {}\n{}\n--version: of everything; {} MODEL --help: its flags".format(
            _COMMANDS["train"], "\n".join("  {:<13}{}".format(*row) for row in _MODELS.items()), "legacy-gan train"
        )
    if not argv or argv[0] not in _MODELS:
        raise UserError(f"expected {_COMMANDS['train']}, got {' '.join(['train'] + argv)!r}")
    model = argv[0]
    given = vars(_parser(options.fields(model)).parse_args(argv[1:]))
    if given.pop("help", False):
        return _help(model, prog, _GROUPS)
    if given.pop("help_all", False):
        return _help(model, prog, _GROUPS + _MORE_GROUPS)
    if given.pop("version", False):
        return _versions()
    options.given_options(model, given)  # bad values are refused before anything is loaded
    from legacy_gan.training import execute

    execute.train(model, **given)
    return None


def _command(name, argv, kind, about, carry_out):
    """Parses the flags of a command and carries it out; returns what is left to print (str).

    Args:
      name: str, one of _COMMANDS, whose words in capitals are arguments without a flag; with "..." more
        may follow.
      kind: a class of legacy_gan.options. about: str, for help.
      carry_out: takes the arguments (str each) and a `kind`.
    """
    usage = _COMMANDS[name]
    fields = dataclasses.fields(kind)
    parser = _parser(fields)
    parser.add_argument("arguments", nargs="*")
    given = vars(parser.parse_args(argv))
    if given.pop("help", False) or given.pop("help_all", False):
        return "\n".join([f"usage: {usage}", about, ""] + [_line(field) for field in fields])
    if given.pop("version", False):
        return _versions()
    arguments = given.pop("arguments", [])
    words = [word for word in usage.split() if word[0].isupper()]
    missing = len(words) - len(arguments)
    if missing > 0 or missing < 0 and "..." not in usage:
        raise UserError(f"expected {usage}, got {' '.join([name] + argv)!r}")
    for n, argument in enumerate(arguments):
        if not options.is_path(argument):
            raise UserError(f"{words[min(n, len(words) - 1)]} takes a path, got {argument!r}")
    known = {field.name: field for field in fields}
    return carry_out(*arguments, kind(**{name: options.checked(known[name], value) for name, value in given.items()}))


def _generate(argv):
    def carry_out(run, wanted):
        with console.tensorflow_kept_quiet():
            from legacy_gan.images import generate

        return "\n".join(f"wrote {path}" for path in generate.write(run, wanted))

    return _command(
        "generate",
        argv,
        options.Wanted,
        "draws from a run: its folder, or a model's name for runs/NAME; no data set is needed",
        carry_out,
    )


def _evaluate(argv):
    def carry_out(source, wanted):
        with console.tensorflow_kept_quiet():
            from legacy_gan.extras import evaluate

        return evaluate.write(source, wanted)

    return _command(
        "evaluate",
        argv,
        options.Evaluation,
        "measures generated images: a run's, a model's for runs/NAME, or those of a file (docs/quality.md)",
        carry_out,
    )


def _report(argv):
    def carry_out(source, wanted):
        with console.tensorflow_kept_quiet():
            from legacy_gan.extras import report

        return f"wrote {report.write(source, wanted)}"

    return _command(
        "report",
        argv,
        options.Reporting,
        "writes one HTML file that shows a run: a folder, or a model's name for runs/NAME",
        carry_out,
    )


def _export(argv):
    def carry_out(source, path, wanted):
        with console.tensorflow_kept_quiet():
            from legacy_gan.extras import export

        path, inputs = export.export(source, path)
        return "wrote {}: {} takes {} and returns images [n, 784]".format(
            path,
            "ONNX, which" if path.endswith(".onnx") else "a SavedModel whose serving_default",
            " and ".join(f"{name} [n, {shape[1]}]" for name, shape in inputs),
        )

    return _command(
        "export",
        argv,
        options.Export,
        "writes a run's generator as a SavedModel, into a new folder DIR, or as ONNX, into a new file",
        carry_out,
    )


def _judge(argv):
    kinds = {"train": options.JudgeTraining, "test": options.JudgeTesting}
    what = argv[0] if argv else ""
    if what in ("-h", "--help"):
        return "\n".join(f"usage: {_COMMANDS[f'judge {what}']}" for what in kinds)
    if what not in kinds:
        raise UserError(f"expected legacy-gan judge {'|'.join(kinds)}, got {' '.join(['judge'] + argv)!r}")

    def carry_out(wanted):
        with console.tensorflow_kept_quiet():
            from legacy_gan.extras import judge

        return {"train": judge.write, "test": judge.test}[what](wanted)

    return _command(
        f"judge {what}",
        argv[1:],
        kinds[what],
        f"{what}s a judge, the classifier of MNIST's digits that `legacy-gan evaluate` shows images to",
        carry_out,
    )


def _theory(argv):
    def carry_out(wanted):
        files.prove_writable(wanted.out, "--out")
        with console.tensorflow_kept_quiet():
            from legacy_gan.extras import theory

        return "\n".join(f"wrote {path}" for path in theory.main(wanted.out, wanted.seed))

    return _command(
        "theory",
        argv,
        options.Theory,
        "shows what the texts state of GANs in numbers, and draws it (docs/theory.md)",
        carry_out,
    )


def _run_listing(argv):
    """Runs a listing; its flags are those before it, all that follows it are its own arguments."""
    takes_value = {options.flag(field.name) for field in dataclasses.fields(options.Running) if field.type is not bool}
    at = 0
    while at < len(argv) and argv[at].startswith("-"):
        at += 2 if argv[at] in takes_value else 1

    def carry_out(listing, wanted):
        if not os.path.isfile(listing):
            raise UserError(f"expected a listing, a file, got {listing!r}")
        with console.tensorflow_kept_quiet():
            from legacy_gan.porting.program import runner

        given = dataclasses.asdict(wanted)
        record, replay, steps = [given.pop(name) for name in ("record", "replay", "record_steps")]
        if record or replay:
            from legacy_gan.porting.program.recording import Recording

            given["around"] = Recording(record, replay, steps, listing)
        status = runner.run(listing, argv[at + 1 :], **given)
        if status:
            raise SystemExit(status)

    return _command(
        "run",
        argv[: at + 1],
        options.Running,
        "executes an untouched TensorFlow 1 program on today's TensorFlow (docs/porting.md)",
        carry_out,
    )


def _check(argv):
    def carry_out(*given):
        from legacy_gan.porting import check

        text, ok = check.main(given[:-1])
        return text, 0 if ok else 1

    return _command(
        "check",
        argv,
        options.Check,
        "reads TensorFlow 1 listings, and the modules beside them, without running them: what needs "
        "legacy-gan run,\nwhat it does not serve, what is Python 2. The exit status is 1 where something is "
        "to be changed first",
        carry_out,
    )


def _compare(argv):
    def carry_out(a, b, wanted):
        from legacy_gan.porting import traces

        text, ok = traces.compare(traces.read(a), traces.read(b), wanted.bound, wanted.steps)
        return text, 0 if ok else 1

    return _command(
        "compare",
        argv,
        options.Comparison,
        "shows how far two traces of legacy-gan run --record are apart, the second one recorded with "
        "--replay of the\nfirst. The exit status is 1 beyond the bound",
        carry_out,
    )


class _Parser(argparse.ArgumentParser):
    """argparse with errors of one line."""

    def error(self, message):
        raise UserError(f"{message}; see --help")


def _parser(fields):
    parser = _Parser(add_help=False, allow_abbrev=False, argument_default=argparse.SUPPRESS)
    for field in fields:
        action = {"action": "store_true"} if field.type is bool else {}
        parser.add_argument(options.flag(field.name), dest=field.name, **action)
    parser.add_argument("-h", "--help", action="store_true")
    parser.add_argument("--help-all", action="store_true")
    parser.add_argument("--version", action="store_true")
    return parser


def _help(model, prog, groups):
    """Returns the flags of some groups, each under its heading; those of _GROUPS fill a screen."""
    start = f"python {prog}" if prog.endswith(".py") else f"{prog} train {model}"
    lines = [f"usage: {start} [flags]", _MODELS[model]]
    group = None
    fields = [f for f in options.fields(model) if f.metadata["group"] in groups]
    for field in sorted(fields, key=lambda f: groups.index(f.metadata["group"])):
        if field.metadata["group"] != group:
            group = field.metadata["group"]
            lines.append(f"{group}:")
        own = {"run_dir": f"runs/{model}", "samples_dir": options.samples_dir(model, f"runs/{model}")}
        lines.append(_line(field, own.get(field.name, field.default)))
    more = "--help-all: also speed, cures, how a run goes on. " if groups == _GROUPS else ""
    lines.append(f"{more}--version: all versions.")
    return "\n".join(lines)


def _line(field, default=None):
    """Returns a line of help on a flag."""
    default = field.default if default is None else default
    shown = "" if default is None or default is False else f" ({default})"
    name = f"{options.flag(field.name)} {field.metadata['metavar']}"
    return f"  {name.rstrip():<25}{field.metadata['help']}{shown}"


_GROUPS = (options.BOOK, options.FILES, options.HOW)
_MORE_GROUPS = (options.SPEED, options.LOOK, options.RESUME, options.CURES, options.THEORY)


def _versions():
    """Returns the versions of everything, without loading any of it."""
    try:
        from importlib.metadata import PackageNotFoundError, version
    except ImportError:  # Python 3.7
        from pkg_resources import DistributionNotFound as PackageNotFoundError, get_distribution

        def version(name):
            return get_distribution(name).version

    lines = [f"legacy_gan {__version__}", f"python {platform.python_version()}"]
    for package in _PACKAGES:
        names = [package]
        if package == "tensorflow":  # it comes under several names
            names += ["tensorflow-cpu", "tensorflow-gpu", "tensorflow-macos", "tf-nightly"]
        for name in names:
            try:
                lines.append(f"{name} {version(name)}")
                break
            except PackageNotFoundError:
                continue
        else:
            lines.append(f"{package} not installed")
    return "\n".join(lines)
