"""Runs public TensorFlow 1 repositories on TensorFlow 1.15.5 and here, and compares their first losses.

    python benchmarks/repositories.py FOLDER --tensorflow-1 PYTHON3.7 [--only NAMES] [--workplace DIR]

FOLDER holds work trees of the repositories of the folder corpus, as OWNER+NAME or OWNER/NAME; one that is
missing keeps the row that it has. Each entry is executed in a copy of its repository beside a little made
input: with `legacy-gan run --record` by PYTHON3.7, which has TensorFlow 1.15.5, then with
`--replay --record` by the Python that executes this script. The weights and feeds are then the same, and the
first numbers that a training step returned are compared. Writes repositories.jsonl beside this script, a
line an entry, and docs/repositories.md from it. `--table` only writes docs/repositories.md.

What a repository needs besides TensorFlow stands in its row of the table and has to be installed for both
Pythons; an entry whose packages are missing on TensorFlow 1.15.5 says so in its row.
"""

import argparse
import contextlib
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile

import corpus
import numpy as np
import rows

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, ROOT)

from legacy_gan.porting import compare, traces  # noqa: E402

RESULTS = os.path.join(ROOT, "benchmarks", "repositories.jsonl")
PAGE = os.path.join(ROOT, "docs", "repositories.md")
SECONDS = 420  # after which `legacy-gan run` ends a program
SMALL = 1e-3  # a smaller loss counts as this: what is 0 but for rounding has no relative difference
BOUND = 4e-4  # the largest relative difference of a first loss that is called equal: compare's bound
ENVIRONMENT = {
    "CUDA_VISIBLE_DEVICES": "",
    "MPLBACKEND": "Agg",
    "OPENBLAS_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
    "TF_CPP_MIN_LOG_LEVEL": "3",
}


def work_tree(folder, repository):
    """Returns where a repository lies under `folder`, or None."""
    for name in (repository.replace("/", "+"), repository):
        path = os.path.join(folder, *name.split("/"))
        if os.path.isdir(path):
            return path
    return None


def commit_of(tree):
    """Returns the commit of a work tree, "" where Git knows none."""
    answer = subprocess.run(["git", "-C", tree, "rev-parse", "HEAD"], capture_output=True, text=True)
    return answer.stdout.strip()


def prepare(entry, tree, to):
    """Copies a repository without its history to `to`, makes the inputs and the edits of an entry."""
    copied = os.path.join(to, entry.package)
    shutil.copytree(tree, copied, symlinks=True, ignore=shutil.ignore_patterns(".git", "*.mp4", "*.gif"))
    for name, old, new in entry.edits:
        path = os.path.join(copied, name)
        with open(path, encoding="utf-8") as f:
            text = f.read()
        if old not in text:
            sys.exit(f"repositories.py: expected the text {old!r} in {entry.repository}, {name}, to edit it")
        with open(path, "w", encoding="utf-8") as f:
            f.write(text.replace(old, new))
    with contextlib.ExitStack() as stack:
        stack.callback(os.chdir, os.getcwd())
        os.chdir(os.path.join(to, entry.folder))
        np.random.seed(1)
        for make in entry.inputs:
            make()


def execute(python, flags, command, tree, folder, seconds):
    """Executes a program of `tree` in its `folder` through `python -m legacy_gan run`.

    Returns:
      (status, what it printed); a status of None where it took longer than `seconds`.
    """
    command = [python, "-m", "legacy_gan", "run", *flags, *shlex.split(command)]
    environment = dict(os.environ, **ENVIRONMENT)
    environment["PYTHONPATH"] = os.pathsep.join([ROOT, tree])
    environment["HOME"] = tree  # where some look for data sets
    environment["MPLCONFIGDIR"] = os.path.join(os.path.dirname(tree), "matplotlib")
    folder = os.path.join(tree, folder)
    with tempfile.TemporaryFile() as printed:
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=printed,
            stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        try:
            status = process.wait(seconds)
        except subprocess.TimeoutExpired:
            status = None
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # what it started, too
        process.wait()
        printed.seek(0)
        return status, printed.read().decode("utf-8", "replace")


def last_line(printed, workplace):
    """Returns the line that says why a program ended, without this machine's folders.

    That is the last exception's or refusal's, else the last one.
    """
    lines = [line.strip() for line in printed.splitlines() if line.strip()]
    told = [re.search(r"legacy-gan: .*|^[\w.]*(Error|Exception|Interrupt)\b.*", line) for line in lines]
    line = ([match.group() for match in told if match] or lines or ["nothing"])[-1]
    line = re.sub(re.escape(workplace) + r"/[^/\s]*/", "", line)
    return re.sub(r"(/[\w.+-]+){2,}/(?=[\w.+-]+)", "", line)[:200]


def first_numbers(one, other):
    """Returns how far the first losses of two traces are apart, relatively; None where no call returned numbers.

    The losses are the floating-point scalars of the first call that also executed an operation (it trains), else
    of the first call that returned any; without scalars the arrays of the first call.
    """
    calls = []  # (executed an operation, has scalars, largest difference)
    for a, b in zip(one.steps, other.steps):
        both = [(x, y) for x, y in zip(a["values"], b["values"]) if x is not None and y is not None]
        floats = [(x, y) for x, y in both if x.dtype.kind == "f"]
        scalars = [(x, y) for x, y in floats if x.shape == ()]
        if floats:
            apart = max(
                apart_by(*compare.difference(x, y)) if x.shape == y.shape else float("inf")
                for x, y in scalars or floats
            )
            calls.append((len(both) < len(a["values"]), bool(scalars), apart))
    for wanted in ((True, True), (False, True), (True, False), (False, False)):
        for *kind, apart in calls:
            if tuple(kind) == wanted:
                return apart
    return None


def apart_by(absolute, relative):
    """Returns the relative difference, the absolute one over SMALL where the numbers are smaller than that."""
    return min(relative, absolute / SMALL)


def printed_numbers(pattern, one, other):
    """The same of the first number that two outputs show where `pattern` finds it."""
    found = [re.search(pattern, printed) for printed in (one, other)]
    if not all(found):
        return None
    a, b = (float(match.group(1)) for match in found)
    return 0.0 if a == b else abs(a - b) / max(abs(a), abs(b))


def measure(entry, tree, python, workplace, recorded=None):
    """Executes an entry on both TensorFlows; returns its row.

    `recorded` is the row of an earlier run whose record of TensorFlow 1.15.5 still lies in the workplace.
    """
    row = {"repository": entry.repository, "entry": entry.command, "commit": commit_of(tree)}
    base = os.path.join(workplace, entry.slug)
    start = base + "-start"
    shutil.rmtree(start, ignore_errors=True)
    prepare(entry, tree, start)
    for before in entry.before:
        status, printed = execute(python, entry.flags, before, start, entry.folder, SECONDS)
        if status != 0:
            row["tf1"] = "before it: " + last_line(printed, workplace)
            return row
    records, outputs = [], []
    for name, interpreter in (("tf1", python), ("here", sys.executable)):
        place = f"{base}-{name}"
        if name == "tf1" and recorded and os.path.exists(place + ".npz"):
            records.append(place + ".npz")
            with open(place + ".txt", encoding="utf-8") as f:
                outputs.append(f.read())
            row[name] = recorded[name]
            continue
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(start, place, symlinks=True)
        records.append(place + ".npz")
        with contextlib.suppress(FileNotFoundError):
            os.unlink(records[-1])
        flags = ["--record", records[-1], "--steps-limit", str(entry.steps), "--time-limit", str(SECONDS), *entry.flags]
        if name == "here" and os.path.exists(records[0]):
            flags = ["--replay", records[0], *flags]
        status, printed = execute(interpreter, flags, entry.command, place, entry.folder, SECONDS + 60)
        with open(place + ".txt", "w", encoding="utf-8") as f:
            f.write(printed)
        outputs.append(printed)
        row[name] = "runs" if status == 0 else "no end" if status is None else last_line(printed, workplace)
        shutil.rmtree(place, ignore_errors=True)
        if status != 0:
            break
    shutil.rmtree(start, ignore_errors=True)
    if row.get("here") == "runs":
        row["first"] = printed_numbers(entry.line, *outputs) if entry.line else None
        if row["first"] is None and all(os.path.exists(record) for record in records):
            one, other = (traces.read(record) for record in records)
            row["steps"] = len(other.steps)
            row["first"] = first_numbers(one, other)
    return row


def text_of(row, entry):
    """Returns a row of the page's table."""
    ours, first = row.get("here", ""), row.get("first")
    equal = "" if ours != "runs" else "no number" if first is None else "yes" if first <= BOUND else "no"
    why = entry.note or (row["tf1"] if row["tf1"] != "runs" else ours if ours != "runs" else "")
    cells = [
        f"[{entry.repository}](https://github.com/{entry.repository})",
        f"`{entry.command}`",
        "yes" if row["tf1"] == "runs" else "no",
        {"runs": "yes", "": ""}.get(ours, "no"),
        equal + (f" ({first:.0e})" if first is not None else ""),
        why.replace("|", "\\|"),
    ]
    return "| " + " | ".join(cells) + " |"


def write_page(known):
    """Writes docs/repositories.md from the rows that are known, {(repository, entry): row}."""
    chosen = [(entry, known[entry.key]) for entry in corpus.ENTRIES if entry.key in known]
    on_1 = [row for _, row in chosen if row["tf1"] == "runs"]
    here = [row for row in on_1 if row.get("here") == "runs"]
    compared = [row for row in here if row.get("first") is not None]
    equal = [row for row in compared if row["first"] <= BOUND]
    lines = [
        "# Public repositories",
        "",
        "`benchmarks/repositories.py` executes these programs of public repositories twice, untouched but for the",
        "edits that the files of `benchmarks/corpus` list (sizes, paths): on TensorFlow 1.15.5 and, from the same",
        "weights with the same feeds, on today's TensorFlow. Their data are small and made. None of their code is in",
        "this project.",
        "*First loss equal* is the largest relative difference of the scalars that the first training step returned;",
        f"up to {BOUND:g} it counts as equal. A number below {SMALL:g} is taken as {SMALL:g} for that.",
        "",
        f"{len({entry.repository for entry, _ in chosen})} repositories, {len(chosen)} entries: {len(on_1)} run on "
        f"1.15.5, {len(here)} of these here; a loss could be compared in {len(compared)}, and is equal "
        f"in {len(equal)}.",
        "",
        "| repository | entry | 1.15.5 | ours | first loss equal | why not |",
        "|---|---|---|---|---|---|",
        *(text_of(row, entry) for entry, row in chosen),
    ]
    if corpus.NOT_HAD:
        lines += ["", "Not to be had, or not a program of TensorFlow 1 that could be tried:", ""]
        lines += ["| repository | why |", "|---|---|"]
        lines += [f"| {repository} | {why} |" for repository, why in corpus.NOT_HAD]
    with open(PAGE, "w", encoding="utf-8") as f:
        f.write("\n".join(lines) + "\n")


def chosen_entries(options, known):
    """Yields (entry, its work tree) of what the options ask for."""
    parts, seen = options.only.lower().split(","), set()
    for entry in corpus.ENTRIES:
        name = f"{entry.repository} {entry.command}".lower()
        if options.new and entry.key in known or not any(part in name for part in parts):
            continue
        if options.one_each and (entry.repository in seen or any(key[0] == entry.repository for key in known)):
            continue
        seen.add(entry.repository)
        tree = work_tree(options.folder, entry.repository)
        if tree is None:
            print(f"{entry.repository}: not under {options.folder}")
        else:
            yield entry, tree


def run_all(options, known, workplace):
    """Executes the entries that the options ask for; adds their rows to `known` and writes them."""
    for entry, tree in chosen_entries(options, dict(known)):
        recorded = known.get(entry.key) if options.again else None
        recorded = recorded if recorded and recorded["tf1"] == "runs" else None
        row = known[entry.key] = measure(entry, tree, options.tensorflow_1, workplace, recorded)
        print(" | ".join(str(row.get(name)) for name in ("repository", "entry", "tf1", "here", "first")))
        sys.stdout.flush()
        with open(RESULTS, "w", encoding="utf-8") as f:
            for one in corpus.ENTRIES:
                if one.key in known:
                    f.write(json.dumps(known[one.key]) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", help="the folder with the repositories")
    parser.add_argument("--tensorflow-1", help="a Python that has TensorFlow 1.15.5")
    parser.add_argument("--only", default="", help="parts of entries' names, a,b")
    parser.add_argument("--workplace", help="a folder that keeps records and what was printed")
    parser.add_argument("--again", action="store_true", help="take the records of 1.15.5 that the workplace keeps")
    parser.add_argument("--new", action="store_true", help="only entries that have no row yet")
    parser.add_argument("--one-each", action="store_true", help="one entry of each repository that has no row yet")
    parser.add_argument("--table", action="store_true", help="write docs/repositories.md from the rows, run nothing")
    options = parser.parse_args()
    known = {(row["repository"], row["entry"]): row for row in rows.read(RESULTS)}
    if not options.table:
        if not (options.folder and options.tensorflow_1):
            parser.error("expected FOLDER and --tensorflow-1 PYTHON, or --table")
        with tempfile.TemporaryDirectory() as made:
            workplace = os.path.abspath(options.workplace or made)
            os.makedirs(workplace, exist_ok=True)
            run_all(options, known, workplace)
    write_page(known)


if __name__ == "__main__":
    main()
