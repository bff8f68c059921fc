"""What makes the book's images better, with its layers and its number of steps: docs/quality.md.

    LEGACY_GAN_MNIST=DIR python benchmarks/better.py run RESULTS.jsonl conditional|basic SEED [FLAGS of train ...]
    python benchmarks/better.py table RESULTS.jsonl

`run` trains a model for 100 epochs with such flags and adds a JSON line: what the shipped judge says of 10,000
images, and whether the run's own watch saw a collapse. `table` prints a row for all that had the same flags.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile

import rows

COLUMNS = ["right_digit", "clear", "kl_to_uniform", "mnist_fd", "precision", "recall", "density", "coverage"]


def run(results, model, seed, flags):
    folder = tempfile.mkdtemp()
    command, data = [sys.executable, "-m", "legacy_gan"], os.environ["LEGACY_GAN_MNIST"]
    try:
        trained = subprocess.run(command + [
            "train", model, "--seed", str(seed), "--data-dir", data, "--run-dir", os.path.join(folder, "run"),
            "--samples-dir", folder, "--sample-every", "100", "--checkpoint-every", "25"] + flags,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, universal_newlines=True)
        if trained.returncode:
            sys.exit(trained.stderr)
        judged = json.loads(subprocess.check_output(
            command + ["evaluate", os.path.join(folder, "run"), "--data-dir", data, "--json"]).decode())
    finally:
        shutil.rmtree(folder)
    with open(results, "a") as f:
        f.write(json.dumps({
            "model": model, "seed": seed, "flags": " ".join(flags), "judge": judged["judge"]["name"],
            "collapsed": "warning: epoch" in trained.stderr,  # to the eyes of the run's watch
            "metrics": {name: round(judged["metrics"][name]["value"], 4)
                        for name in COLUMNS if name in judged["metrics"]}}) + "\n")


def table(measured):
    for model in ("conditional", "basic"):
        mine = [row for row in measured if row["model"] == model]
        columns = [name for name in COLUMNS if any(name in row["metrics"] for row in mine)]
        print("\n| {} | seeds | collapsed | {} |".format(model, " | ".join(columns)))
        print("|---" * (3 + len(columns)) + "|")
        for flags in dict.fromkeys(row["flags"] for row in mine):  # in their order
            same = [row for row in mine if row["flags"] == flags]
            # The first rows were kept without it.
            known = [row["collapsed"] for row in same if "collapsed" in row]
            print("| {} | {} | {} | {} |".format(
                "`{}`".format(flags) if flags else "as the book", ", ".join(str(row["seed"]) for row in same),
                sum(known) if known else "",
                " | ".join(_shown([row["metrics"][name] for row in same]) for name in columns)))


def _shown(values):
    """Returns a value, or the mean of several with the least and the greatest (str)."""
    mean, *more = ("{:.4g}".format(value) for value in (sum(values) / len(values), min(values), max(values)))
    return mean if len(values) == 1 else "{} ({} to {})".format(mean, *more)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command")
    command = commands.add_parser("run")
    command.add_argument("results")
    command.add_argument("model", choices=["conditional", "basic"])
    command.add_argument("seed", type=int)
    command = commands.add_parser("table")
    command.add_argument("results")
    given, flags = parser.parse_known_args()
    if given.command == "run":
        run(given.results, given.model, given.seed, flags)
    else:
        table(rows.read(given.results))


if __name__ == "__main__":
    main()
