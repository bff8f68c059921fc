"""What makes the book's images better, with its layers and its number of steps: docs/quality.md.

    LEGACY_GAN_MNIST=DIR python benchmarks/better.py run RESULTS.jsonl conditional|basic SEED [FLAGS of train ...]
    python benchmarks/better.py table RESULTS.jsonl
    LEGACY_GAN_MNIST=DIR python benchmarks/better.py cost

`run` trains a model for 100 epochs with such flags and adds a JSON line: what the shipped judge says of 10,000
images, and whether the run's own watch saw a collapse. `table` prints a row for all that had the same flags.
`cost` trains both models for six epochs and for one, as the book and with --preset better, three times in turn, and
prints the median of how many times as long five epochs take.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

import rows

COLUMNS = ["right_digit", "clear", "kl_to_uniform", "mnist_fd", "precision", "recall", "density", "coverage"]


def run(results, model, seed, flags):
    folder = tempfile.mkdtemp()
    command, data = [sys.executable, "-m", "legacy_gan"], os.environ["LEGACY_GAN_MNIST"]
    try:
        trained = subprocess.run(
            command
            + [
                "train",
                model,
                "--seed",
                str(seed),
                "--data-dir",
                data,
                "--run-dir",
                os.path.join(folder, "run"),
                "--samples-dir",
                folder,
                "--sample-every",
                "100",
                "--checkpoint-every",
                "25",
            ]
            + flags,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        if trained.returncode:
            sys.exit(trained.stderr)
        judged = json.loads(
            subprocess.check_output(
                command + ["evaluate", os.path.join(folder, "run"), "--data-dir", data, "--json"]
            ).decode()
        )
    finally:
        shutil.rmtree(folder)
    with open(results, "a") as f:
        f.write(
            json.dumps(
                {
                    "model": model,
                    "seed": seed,
                    "flags": " ".join(flags),
                    "judge": judged["judge"]["name"],
                    "collapsed": "warning: epoch" in trained.stderr,  # to the eyes of the run's watch
                    "metrics": {
                        name: round(judged["metrics"][name]["value"], 4)
                        for name in COLUMNS
                        if name in judged["metrics"]
                    },
                }
            )
            + "\n"
        )


def table(measured):
    for model in ("conditional", "basic"):
        mine = [row for row in measured if row["model"] == model]
        columns = [name for name in COLUMNS if any(name in row["metrics"] for row in mine)]
        print(f"\n| {model} | seeds | collapsed | {' | '.join(columns)} |")
        print(f"{'|---' * (3 + len(columns))}|")
        for flags in dict.fromkeys(row["flags"] for row in mine):  # in their order
            same = [row for row in mine if row["flags"] == flags]
            # The first rows were kept without it.
            known = [row["collapsed"] for row in same if "collapsed" in row]
            print(
                "| {} | {} | {} | {} |".format(
                    f"`{flags}`" if flags else "as the book",
                    ", ".join(str(row["seed"]) for row in same),
                    f"{sum(known)} of {len(known)}" if known else "",
                    " | ".join(rows.spread([row["metrics"][name] for row in same]) for name in columns),
                )
            )


def cost():
    def seconds(model, preset, epochs):
        folder = tempfile.mkdtemp()
        begin = time.time()
        try:
            subprocess.check_call(
                [
                    sys.executable,
                    "-m",
                    "legacy_gan",
                    "train",
                    model,
                    "--epochs",
                    str(epochs),
                    "--data-dir",
                    os.environ["LEGACY_GAN_MNIST"],
                    "--run-dir",
                    os.path.join(folder, "run"),
                    "--samples-dir",
                    folder,
                ]
                + preset,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            return time.time() - begin
        finally:
            shutil.rmtree(folder)

    for model in ("conditional", "basic"):
        ratios = []
        for _ in range(3):
            book, better = (
                seconds(model, preset, 6) - seconds(model, preset, 1) for preset in ([], ["--preset", "better"])
            )
            ratios.append(better / book)
        print(
            "{}: {:.2f} times as long ({})".format(
                model, sorted(ratios)[1], ", ".join(f"{ratio:.2f}" for ratio in ratios)
            ),
            flush=True,
        )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command")
    commands.required = True
    command = commands.add_parser("run")
    command.add_argument("results")
    command.add_argument("model", choices=["conditional", "basic"])
    command.add_argument("seed", type=int)
    command = commands.add_parser("table")
    command.add_argument("results")
    commands.add_parser("cost")
    given, flags = parser.parse_known_args()
    if flags and given.command != "run":
        parser.error(f"unrecognized arguments: {' '.join(flags)}")
    if given.command == "run":
        run(given.results, given.model, given.seed, flags)
    elif given.command == "cost":
        cost()
    else:
        table(rows.read(given.results))


if __name__ == "__main__":
    main()
