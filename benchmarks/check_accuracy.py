"""How right `legacy-gan check` is: what it says of many programs, and what becomes of them under `legacy-gan run`.

    python benchmarks/check_accuracy.py run ROWS.jsonl FOLDER... [--data-dir MNIST] [--reference PYTHON]
    python benchmarks/check_accuracy.py table ROWS.jsonl

`run` takes the programs of the folders, those that import TensorFlow or Keras, and adds a JSON line for each that ROWS
does not have yet. Each one is executed in a copy of its FOLDER, from the folder that it stands in, without arguments,
without a network, in a process that was forked from one that has loaded TensorFlow. A program that check calls fine
gets --steps-limit; one that it does not gets a time limit alone. One that needs --python2 gets that. `table` prints the
tables of docs/porting.md.

What ends a program is sorted by its exit status, its last exception and the innermost file of the traceback:

    ended, steps, time      exit status 0, at its end or at one of the limits
    library                 TensorFlow, Keras, NumPy, SciPy, matplotlib or Pillow: not served, gone, or refused
    data, package, network,
    arguments, display      what the program needs besides is not here: not counted
    its own                 an exception of the program's own, or of another package

A program that fails with `library` is executed in the same way by --reference, which has TensorFlow 1.15.5: `old` says
how it ended there.
"""

import argparse
import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import rows

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, ROOT)

from legacy_gan.porting import check  # noqa: E402

LIBRARIES = ("tensorflow", "tensorflow_core", "keras", "tf_keras", "numpy", "scipy", "matplotlib", "PIL", "legacy_gan")
RAN = ("ended", "steps", "time")
ENVIRONMENT = dict(os.environ)  # TensorFlow adds to it when it is loaded
NOT_COUNTED = ("data", "package", "network", "arguments", "display")


def programs(folder, left_out):
    """Returns the Checked programs of a folder that import TensorFlow or Keras."""
    found = []
    for program in check.checked([folder]).programs:
        imported = {name.split(".")[0] for file in program.files for name in file.imported}
        if imported & {"tensorflow", "keras"} and not any(
            re.search(pattern, name_of(program, folder)) for pattern in left_out
        ):
            found.append(program)
    return found


def name_of(program, folder):
    """Returns what a row calls a program: its path from the folder above its folder."""
    return os.path.join(os.path.basename(os.path.abspath(folder)), os.path.relpath(program.path, folder))


# Executing one


def execute(path, folder, verdict, args, python=None):
    """Executes a program in a copy of its folder.

    Args:
      path: of the program. folder: that was named. verdict: what check says of it.
      python: another interpreter; None for this one.
    Returns:
      (status, text of standard error, seconds); status None where it did not end.
    """
    with tempfile.TemporaryDirectory() as scratch:
        copy = os.path.join(scratch, "copy")
        shutil.copytree(folder, copy, symlinks=True, ignore=shutil.ignore_patterns(".git"))
        program = os.path.join(copy, os.path.relpath(path, folder))
        err = os.path.join(scratch, "err")
        begun = time.time()
        ended_by = begun + args.time_limit + args.grace
        if python:
            child = subprocess.Popen(
                [python, "-m", "legacy_gan", *run_flags(program, verdict, args)],
                cwd=os.path.dirname(program),
                env=environment(scratch, PYTHONPATH=ROOT),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=open(err, "w"),
                start_new_session=True,
            ).pid
        else:
            child = os.fork()
            if not child:
                in_child(program, scratch, err, verdict, args)
        status = waited(child, ended_by)
        with open(err, errors="replace") as f:
            return status, f.read(), time.time() - begun


def run_flags(program, verdict, args):
    """Returns the command line of `legacy-gan run` for a program."""
    argv = ["run", "--time-limit", str(args.time_limit), "--offline"]
    argv += ["--data-dir", os.path.abspath(args.data_dir)] if args.data_dir else []
    argv += ["--steps-limit", str(args.steps_limit)] if verdict != check.CHANGE else []
    argv += ["--python2"] if verdict == check.WITH_PYTHON2 else []
    return argv + [os.path.basename(program)]


def environment(scratch, **more):
    """Returns the variables of a program: no home, no display, a network that leads nowhere."""
    nowhere = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), "http://127.0.0.1:9")
    return dict(ENVIRONMENT, HOME=scratch, MPLBACKEND="Agg", TF_CPP_MIN_LOG_LEVEL="3", **nowhere, **more)


def in_child(program, scratch, err, verdict, args):
    """Executes a program with `legacy-gan run`; never returns."""
    status = 70
    try:
        os.setsid()
        for number, name in ((0, os.devnull), (1, os.devnull), (2, err)):
            os.dup2(os.open(name, os.O_RDWR | os.O_CREAT), number)
        os.environ.update(environment(scratch))
        os.chdir(os.path.dirname(program))
        from legacy_gan import cli

        try:
            status = cli.main(run_flags(program, verdict, args))
        except SystemExit as e:
            status = e.code if isinstance(e.code, int) else int(e.code is not None)
            if isinstance(e.code, str):
                sys.stderr.write(e.code)
        sys.stderr.flush()
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        os._exit(status or 0)


def waited(child, ended_by):
    """Returns the exit status of a process, None for one that was ended because its time was over."""
    while time.time() < ended_by:
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid:
            end(child)  # what it has started and left
            return os.WEXITSTATUS(status) if os.WIFEXITED(status) else -os.WTERMSIG(status)
        time.sleep(0.05)
    end(child)
    os.waitpid(child, 0)
    return None


def end(child):
    """Ends the processes of a program's session, as far as there are any."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child, signal.SIGKILL)


# Sorting what came


def outcome(status, err):
    """Returns (how it ended, the line that says why)."""
    lines = [line for line in err.splitlines() if line.strip()]
    ours = [line for line in lines if line.startswith("legacy-gan: ")]
    if status is None:
        return "library", "did not end at its limit"
    if status == 0:
        limit = re.search(r"^legacy-gan: ended after .*?(training steps?|seconds?)\b", err, re.M)
        return "ended" if not limit else "steps" if "step" in limit.group(1) else "time", ""
    if status < 0:
        return "library", f"ended by signal {-status}"
    if status == 2 and ours and "Traceback" not in err:
        kind = (
            "data" if re.search(r"no data|expected (MNIST|data|a folder)|--offline|holds no", ours[-1]) else "library"
        )
        return kind, ours[-1]
    if re.search(r"^usage: ", err, re.M) and "Traceback" not in err:
        return "arguments", lines[-1]
    if "Traceback" not in err:
        return "its own", lines[-1] if lines else f"exit status {status}"
    trace = err[err.rindex("Traceback (most recent") :].splitlines()[1:]
    at = next((n for n, line in enumerate(trace) if line and not line[0].isspace()), len(trace) - 1)
    error, _, message = "\n".join(trace[at:]).partition(":")
    error = error.split(".")[-1]
    last = trace[at]
    return sorted_by(error, message, err), last


def short(why):
    """Returns the beginning of a reason, without the folders of a machine."""
    return re.sub(r"(?:/[\w.+@-]+){2,}(?=/)", "...", why)[:200]


def sorted_by(error, message, err):
    """Returns how a program ended that an exception ended."""
    if error == "ModuleNotFoundError":
        name = re.search(r"No module named '([\w.]+)", message)
        return "library" if name and name.group(1).split(".")[0] in LIBRARIES else "package"
    if error in ("URLError", "HTTPError", "ConnectionError", "ConnectionRefusedError", "gaierror", "ProxyError"):
        return "network"
    if re.search(r"127\.0\.0\.1|Connection refused|URL fetch failure|urlopen|getaddrinfo|resolve", message):
        return "network"
    if error in (
        "FileNotFoundError",
        "NotADirectoryError",
        "EOFError",
        "NotFoundError",
        "DataError",
        "BadZipFile",
        "StopIteration",
    ):
        return "data"
    if re.search(r"(?i)no such file|does not exist|not found|no files|No image|cannot find|nltk_data", message):
        return "data"
    if error in ("TclError",) or "display" in message.lower():
        return "display"
    if error == "ImportError" and "pip install" in message:
        return "package"
    if error in ("UsageError", "ArgumentError") or re.search(
        r"(?i)required (flag|argument)|must be specified|not specified", message
    ):
        return "arguments"
    files = re.findall(r'^  File "([^"]+)", line', err[err.rindex("Traceback (most recent") :], re.M)
    inner = files[-1] if files else ""
    package = re.search(r"(?:site|dist)-packages/([^/]+)", inner)
    name = package.group(1) if package else "legacy_gan" if inner.startswith(ROOT + os.sep + "legacy_gan") else ""
    if name in LIBRARIES:
        return "library"
    if name:
        return "package"
    if error in ("AttributeError", "ImportError") and re.search("|".join(LIBRARIES), message):
        return "library"
    if error in ("TypeError", "ValueError", "AttributeError", "IndexError"):
        return "library"  # an array or a tensor, until the reference says otherwise
    return "its own"


# The commands


def run(args):
    known = {row["program"] for row in rows.read(args.rows)}
    todo = []
    for folder in args.folders:
        for program in programs(folder.rstrip(os.sep), args.leave_out):
            name = name_of(program, folder)
            if name not in known and (not args.only or re.search(args.only, name)) and program.verdict in args.says:
                todo.append((name, folder.rstrip(os.sep), program))
    print(f"{len(todo)} programs to run", file=sys.stderr)
    from legacy_gan.commands import run as run_command

    run_command._ask_for_keras_2()
    from legacy_gan.porting.program import runner

    assert runner
    for name, folder, program in todo:
        status, err, seconds = execute(program.path, folder, program.verdict, args)
        how, why = outcome(status, err)
        row = {"program": name, "check": program.verdict, "ended": how, "why": short(why), "seconds": round(seconds, 1)}
        row["stops"] = [
            f"{os.path.basename(file.path)}:{file.place(stop.line)}: {stop.what}"
            for file in program.files
            for stop in check.stops(file)
        ][:4]
        if how == "library" and args.reference:
            status, old_err, _ = execute(program.path, folder, program.verdict, args, args.reference)
            row["old"] = "ran" if status == 0 else short(outcome(status, old_err)[1])
        with open(args.rows, "a") as f:
            f.write(json.dumps(row, ensure_ascii=False) + "\n")
        if args.errors:
            with open(os.path.join(args.errors, name.replace("/", "+") + ".txt"), "w") as f:
                f.write(err)
        print(f"{name}: {row['check']}, {how} ({seconds:.0f} s) {why[:120]}", flush=True)


def table(args):
    print("\n".join(lines_of(rows.read(args.rows))))


SAID = [
    (check.FINE, "can be expected to run"),
    (check.WITH_PYTHON2, "can be expected to run with `--python2`"),
    (check.CHANGE, "is to be changed first"),
]


def lines_of(found):
    """Returns the table, what it was made of, and the list of the wrong answers."""
    lines = [
        "| `check` says that a program | programs | not counted | ended | at 3 steps | at the time limit "
        "| its own error | a library's error | on 1.15.5, too | wrong |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    wrong = []
    for verdict, words in SAID:
        of = [row for row in found if row["check"] == verdict]
        left_out = [row for row in of if row["ended"] in NOT_COUNTED]
        by = {how: [row for row in of if row["ended"] == how] for how in (*RAN, "its own", "library")}
        on_both = [row for row in by["library"] if fails_on_1_15(row)]
        # What check calls not served may stand behind the time limit: that program is no mistake and no proof.
        mistakes = (
            by["ended"] + by["steps"]
            if verdict == check.CHANGE
            else [row for row in by["library"] if row not in on_both]
        )
        counted = len(of) - len(left_out) - (len(by["time"]) if verdict == check.CHANGE else 0)
        wrong += mistakes
        figures = [len(of), len(left_out)] + [len(rows_of) for rows_of in by.values()] + [len(on_both)]
        share = f"{len(mistakes)} / {counted} ({100 * len(mistakes) / max(counted, 1):.1f} %)"
        lines.append(f"| {words} | {' | '.join(map(str, figures))} | {share} |")
    repositories = sorted({repository(row) for row in found})
    lines += ["", f"{len(found)} programs of {len(repositories)} repositories: {', '.join(repositories)}.", ""]
    return lines + [f"- wrong: {row['program']}: {row['ended']} {row['why']}".rstrip() for row in wrong]


def repository(row):
    """Returns owner/name of the repository that a program is of."""
    return row["program"].split("/")[0].replace("+", "/")


def fails_on_1_15(row):
    """Whether TensorFlow 1.15.5 ends a program with the same exception; what is not served is ours on both."""
    return (
        not row["why"].startswith("legacy-gan")
        and row.get("old", "ran").split(":")[0].split(".")[-1] == row["why"].split(":")[0].split(".")[-1]
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    of_run = commands.add_parser("run")
    of_run.add_argument("rows", metavar="ROWS.jsonl")
    of_run.add_argument("folders", nargs="+", metavar="FOLDER")
    of_run.add_argument("--data-dir", help="MNIST")
    of_run.add_argument("--reference", metavar="PYTHON", help="interpreter with TensorFlow 1.15.5")
    of_run.add_argument("--steps-limit", type=int, default=3)
    of_run.add_argument("--time-limit", type=float, default=40)
    of_run.add_argument(
        "--grace", type=float, default=60, help="seconds after the limit that a program may take to end"
    )
    of_run.add_argument(
        "--leave-out", action="append", default=[], metavar="REGEX", help="programs that are of no TensorFlow 1"
    )
    of_run.add_argument("--only", metavar="REGEX", help="only these programs")
    of_run.add_argument(
        "--says",
        nargs="+",
        default=[verdict for verdict, _ in SAID],
        help="only programs of which check says one of this",
    )
    of_run.add_argument("--errors", metavar="DIR", help="keep what each program wrote to standard error")
    of_table = commands.add_parser("table")
    of_table.add_argument("rows", metavar="ROWS.jsonl")
    args = parser.parse_args()
    {"run": run, "table": table}[args.command](args)


if __name__ == "__main__":
    main()
