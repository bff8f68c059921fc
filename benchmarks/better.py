"""What makes the book's images better, with its layers and its number of steps: docs/quality.md.

    LEGACY_GAN_MNIST=DIR python benchmarks/better.py run RESULTS.jsonl conditional|basic SEED [FLAGS of train ...]
    python benchmarks/better.py table RESULTS.jsonl

`run` trains a model for 100 epochs with such flags and adds a JSON line: what the shipped judge says of 10,000
images. `table` prints a row for each line.
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
        subprocess.check_call(command + [
            "train", model, "--seed", str(seed), "--data-dir", data, "--run-dir", os.path.join(folder, "run"),
            "--samples-dir", folder, "--sample-every", "100", "--checkpoint-every", "25"] + flags)
        judged = json.loads(subprocess.check_output(
            command + ["evaluate", os.path.join(folder, "run"), "--data-dir", data, "--json"]).decode())
    finally:
        shutil.rmtree(folder)
    with open(results, "a") as f:
        f.write(json.dumps({
            "model": model, "seed": seed, "flags": " ".join(flags), "judge": judged["judge"]["name"],
            "metrics": {name: round(judged["metrics"][name]["value"], 4)
                        for name in COLUMNS if name in judged["metrics"]}}) + "\n")


def table(measured):
    for model in ("conditional", "basic"):
        mine = [row for row in measured if row["model"] == model]
        columns = [name for name in COLUMNS if any(name in row["metrics"] for row in mine)]
        print("\n| {} | seed | {} |".format(model, " | ".join(columns)))
        print("|---" * (2 + len(columns)) + "|")
        for row in mine:
            print("| {} | {} | {} |".format(
                "`{}`".format(row["flags"]) if row["flags"] else "as the book", row["seed"],
                " | ".join("{:.4g}".format(row["metrics"][name]) for name in columns)))


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
