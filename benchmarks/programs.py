"""Old programs on TensorFlow 1.15.5 and, through `legacy-gan run`, on today's: ms a training step.

    python benchmarks/programs.py --old PYTHON37 [--new PYTHON] [--rounds 5] [NAMES ...]
    python benchmarks/programs.py --old PYTHON37 --xla

PYTHON37 has TensorFlow 1.15.5 and nothing of this project is used there; PYTHON has this project and, for keras_cnn,
tf_keras. The programs are those of benchmarks/programs/. Each is a process of its own that warms up and times its
steps; the two take turns, so that a noisy moment hits both. Prints the median over the rounds of each process'
median step, and the median over the rounds of the quotient. --xla adds `legacy-gan run --xla`, and 1.15.5 with the
same flags of TensorFlow.
"""

import argparse
import json
import os
import subprocess
import sys

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
FOLDER = os.path.join(HERE, "programs")
NAMES = sorted(name[:-3] for name in os.listdir(FOLDER) if name.endswith(".py") and name != "timing.py")
XLA = "--tf_xla_auto_jit=2 --tf_xla_cpu_global_jit"


def contenders(old, new, xla):
    """Returns {name: (command before the program, environment)}."""
    plain = dict(os.environ, TF_CPP_MIN_LOG_LEVEL="3")
    ours = dict(plain, PYTHONPATH=os.path.dirname(HERE))
    run = [new, "-W", "ignore", "-m", "legacy_gan", "run"]
    found = {"1.15.5": ([old, "-W", "ignore"], plain), "today": (run, ours)}
    if xla:
        found["1.15.5, XLA"] = ([old, "-W", "ignore"], dict(plain, TF_XLA_FLAGS=XLA))
        found["today, --xla"] = ([*run, "--xla"], ours)
    return found


def timed(command, environment, name):
    """Returns ms a step of one process, None with what it said where it failed."""
    ended = subprocess.run([*command, f"{name}.py"], cwd=FOLDER, env=environment, capture_output=True, timeout=600)
    lines = [line for line in ended.stdout.decode().splitlines() if line.startswith('{"ms"')]
    if ended.returncode or not lines:
        print(f"{name}: {ended.stderr.decode()[-400:]}", file=sys.stderr)
        return None
    return json.loads(lines[0])["ms"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAMES", help=", ".join(NAMES))
    parser.add_argument("--old", required=True)
    parser.add_argument("--new", default=sys.executable)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--xla", action="store_true")
    given = parser.parse_args()
    chosen = contenders(given.old, given.new, given.xla)
    rest = [name for name in chosen if name != "1.15.5"]
    print("| program | 1.15.5 | " + " | ".join(f"{name} | of 1.15.5" for name in rest) + " |")
    print("|---|---|" + "---|---|" * len(rest), flush=True)
    for name in given.names or NAMES:
        times = {one: [] for one in chosen}
        for _ in range(given.rounds):
            for one, (command, environment) in chosen.items():
                times[one].append(timed(command, environment, name) or np.nan)
        base = np.array(times["1.15.5"])
        cells = [f"{np.median(base):.2f}"]
        for one in rest:
            cells += [f"{np.median(times[one]):.2f}", f"{np.median(np.array(times[one]) / base):.2f}"]
        print(f"| {name} | " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
