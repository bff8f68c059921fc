"""The corpus of TF1 programs in tests/listings/corpus: where they are, how they run, how outputs compare.

A program is one file, or a folder with modules beside the main one. Its expected output is what it
printed on the TensorFlow it was written for, in tests/golden/listings (made by tests/support/make_corpus_goldens.py).
Nothing here imports TensorFlow.
"""

import json
import os
import re
import subprocess

from tests.support import synthetic_mnist
from tests.support.paths import GOLDEN as GOLDENS, LISTINGS, TESTS

FOLDER = os.path.join(LISTINGS, "corpus")
GOLDEN = os.path.join(GOLDENS, "listings")
MAIN_FILES = ("main.py", "train.py", "agent.py")  # the main file of a folder

# The programs name their data folder in these ways; ".." is inside the folder that prepare() is given.
DATA_FOLDERS = ("MNIST_data", os.path.join("mnist", "data"), os.path.join("..", "..", "MNIST_data"))

# 16 roundings of float32, relative: what sums in another order cost where nothing amplifies them.
ROUNDING = 1e-6
# The drift is the largest of two draws: a third of the same size may be a little larger.
MARGIN = 3
# Numbers smaller than this are held to an absolute bound: their relative error may be of cancellation.
SMALL = 0.01

NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")


def programs():
    """Returns {name: path} of the corpus, sorted by name."""
    found = {}
    for entry in sorted(os.listdir(FOLDER)):
        path = os.path.join(FOLDER, entry)
        if entry.endswith(".py"):
            found[entry[:-3]] = path
        for main in MAIN_FILES:
            if os.path.exists(os.path.join(path, main)):
                found[entry] = os.path.join(path, main)
    return found


def is_old(name):
    """Whether a program is of TensorFlow 0.x, whose names TF 1.15 has not."""
    return name.startswith("old_")


def sources(path):
    """Returns the paths of a program and of the modules beside it."""
    folder = os.path.dirname(path)
    if folder == FOLDER:
        return [path]
    return sorted(os.path.join(folder, name) for name in os.listdir(folder) if name.endswith(".py"))


def make_data(folder):
    """Writes the small made MNIST that the programs are run on; returns its folder."""
    os.makedirs(folder)
    synthetic_mnist.write_folder(folder)
    return folder


def prepare(folder, data):
    """Makes an empty working directory below `folder` where every data folder is `data`; returns it."""
    work = os.path.join(folder, "below", "work")
    os.makedirs(work)
    for name in DATA_FOLDERS:
        link = os.path.normpath(os.path.join(work, name))
        if not os.path.isdir(os.path.dirname(link)):
            os.makedirs(os.path.dirname(link))
        os.symlink(data, link)
    return work


# No display, no GPU.
VARIABLES = dict(MPLBACKEND="Agg", CUDA_VISIBLE_DEVICES="-1", TF_CPP_MIN_LOG_LEVEL="2", PYTHONIOENCODING="utf-8")


def environment(**more):
    """Returns the environment of a program: no display, no GPU, the same hashes in every run."""
    variables = dict(os.environ, PYTHONHASHSEED="0", PYTHONDONTWRITEBYTECODE="1", **VARIABLES)
    variables.update(more)
    return variables


def run(command, work, **more):
    """Runs a command in a working directory; returns (exit status, stdout, stderr) as str."""
    process = subprocess.Popen(
        command, cwd=work, env=environment(**more), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    out, err = process.communicate()
    return process.returncode, out.decode("utf-8"), err.decode("utf-8")


def run_all(command, how, paths, folder, data, **more):
    """Runs programs, each in a process of its own but TensorFlow imported once: corpus_children.py.

    Args:
      command: list, the interpreter. how: str, "runner", "plain" or a seed. paths: {name: path}.
      folder: where the working directories are made. data: the folder of made data.
    Returns:
      {name: (exit status, stdout, stderr)}.
    """
    jobs = [(path, prepare(os.path.join(folder, name), data)) for name, path in paths.items()]
    process = subprocess.Popen(
        command + [os.path.join(TESTS, "support", "corpus_children.py"), how],
        env=environment(**more),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    out, err = process.communicate(json.dumps(jobs).encode("utf-8"))
    if process.returncode:
        raise RuntimeError(err.decode("utf-8"))
    found = {}
    for name, (_, work), status in zip(paths, jobs, json.loads(out.decode("utf-8"))):
        texts = []
        for stream in ("stdout", "stderr"):
            with open(os.path.join(work, "..", stream), "rb") as f:
                texts.append(f.read().decode("utf-8"))
        found[name] = (status,) + tuple(texts)
    return found


def lines_of(text):
    """Returns the lines of an output without what input_data says of its files."""
    return [line for line in text.splitlines() if not line.startswith("Extracting ")]


def words(line):
    """Returns a line with # for every number, and single spaces."""
    return " ".join(NUMBER.sub("#", line).replace("[", "[ ").replace("]", " ]").split())


def unit(number):
    """Returns the unit of the last printed place; 0 for an integer."""
    mantissa, _, exponent = number.lower().partition("e")
    if "." not in mantissa:
        return 10.0 ** int(exponent) if exponent else 0.0
    return 10.0 ** (int(exponent or 0) - len(mantissa.partition(".")[2]))


def deviation(number, expected):
    """Returns how far one printed number is from another, beyond what printing rounds off."""
    off = abs(float(number) - float(expected)) - min(unit(number), unit(expected)) * 1.001
    return max(off, 0.0) / max(abs(float(expected)), SMALL)


def differences(text, expected, tolerance):
    """Returns the differences of two outputs as lines to read, and the largest deviation of a number.

    Words must be the same, integers too; other numbers within `tolerance`, relative.
    """
    found, largest = [], 0.0
    ours, theirs = lines_of(text), lines_of(expected)
    if len(ours) != len(theirs):
        found.append(f"{len(ours)} lines, expected {len(theirs)}")
    for position, (line, golden) in enumerate(zip(ours, theirs), 1):
        off = float("inf")
        if words(line) == words(golden):
            pairs = list(zip(NUMBER.findall(line), NUMBER.findall(golden)))
            off = max([deviation(*pair) for pair in pairs] or [0.0])
            if any(
                unit(golden_number) == 0 and float(number) != float(golden_number) for number, golden_number in pairs
            ):
                off = float("inf")
        if off > tolerance:
            found.append(f"line {position}: {line!r}, expected {golden!r}")
        largest = max(largest, off)
    return found, largest


def golden(name):
    """Returns (expected output, tolerance, on which TensorFlow) of a program."""
    with open(os.path.join(GOLDEN, name + ".txt"), "rb") as f:
        text = f.read().decode("utf-8")
    with open(os.path.join(GOLDEN, "made.json")) as f:
        entry = json.load(f)[name]
    return text, max(ROUNDING, MARGIN * entry["drift"]), entry["tensorflow"]
