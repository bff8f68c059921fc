"""Images of the book's listings on TensorFlow 1.15 and of this port, before one judge: docs/quality.md.

    export LEGACY_GAN_MNIST=DIR PYTHON37=a Python with TensorFlow 1.15.5 and this package
    python benchmarks/quality.py run RESULTS.jsonl [--who listing compiled feed] [--seeds 0-4]
                                                   [--models basic conditional] [--epochs 100]
                                                   [--count 10000]
    python benchmarks/quality.py table RESULTS.jsonl

`run` trains and judges what RESULTS does not have yet, one process a core, and adds a JSON line for each.
*listing* is tests/listings/listing1.py or listing2.py on TensorFlow 1.15.5, word for word but for the number of
epochs, with `np.random.seed(SEED)` after its data are read and `tf.set_random_seed(SEED)`; *compiled* and *feed*
are `legacy-gan train MODEL --seed SEED --engine ...`. *author* stands for the images in tests/golden of the
author's own runs (2,000 each: their MNIST-FD is a little too large). `table` prints a row for each, their means
and ranges beside the listing's, and a table of the other models from docs/pictures; it needs SciPy.

tests/golden/short_runs.jsonl, from which tests/book/test_quality.py takes its bands, is what these add to an empty
file.

    run="python benchmarks/quality.py run tests/golden/short_runs.jsonl --who listing --seeds 0-11 --count 2000"
    $run --models basic --epochs 25
    $run --models conditional --epochs 20
"""

import argparse
import collections
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading

import numpy as np
import rows

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
LISTINGS = {"basic": 1, "conditional": 2}
WHO = ("author", "listing", "feed", "compiled")
EPOCHS = 100


def generated(made, labels):
    """Writes images (float [n, 784] in 0..1) as they are shown to the judge; returns the path."""
    handle, path = tempfile.mkstemp(".npz")
    os.close(handle)
    images = np.rint(255 * np.clip(made, 0, 1)).astype(np.uint8)
    np.savez_compressed(path, images=images, **({} if labels is None else {"labels": labels}))
    return path


def train_listing(model, seed, epochs, count):
    """Runs a listing on TensorFlow 1.15; returns its images' path."""
    import matplotlib
    import tensorflow as tf

    assert tf.__version__.startswith("1.15"), tf.__version__
    matplotlib.use("Agg")
    with open(os.path.join(ROOT, "tests", "listings", f"listing{LISTINGS[model]}.py"), encoding="utf-8") as f:
        text = f.read()
    reads = 'mnist = input_data.read_data_sets("./mnist/data/", one_hot=True)\n'
    assert text.count(reads) == 1
    text = text.replace(
        reads,
        reads.replace('"./mnist/data/"', repr(os.environ["LEGACY_GAN_MNIST"]))
        + f"np.random.seed({seed})\ntf.set_random_seed({seed})\n",
    )
    assert text.count("total_epoch = 100\n") == 1
    text = text.replace("total_epoch = 100\n", f"total_epoch = {epochs}\n")
    names = {"__name__": "__main__"}
    os.chdir(tempfile.mkdtemp())
    exec(compile(text, "listing", "exec"), names)
    noise = names["get_noise"](count, names["n_noise"])
    feeds, labels = {names["Z"]: noise}, None
    if model == "conditional":
        labels = np.arange(count) % 10
        feeds[names["Y"]] = np.eye(10)[labels]
    return generated(names["sess"].run(names["G"], feeds), labels)


def train_ours(model, who, seed, epochs, count):
    """Trains this port; returns its images' path."""
    import legacy_gan
    from legacy_gan.images import run_model

    folder = tempfile.mkdtemp()
    try:
        run = legacy_gan.train(
            model,
            epochs=epochs,
            seed=seed,
            run_dir=os.path.join(folder, "run"),
            samples_dir=folder,
            sample_every=epochs,
            data_dir=os.environ["LEGACY_GAN_MNIST"],
            device="cpu",
            engine=who,
        )
        with run_model.open_run(run.run_dir) as opened:
            labels = np.arange(count) % 10 if opened.conditional else None
            return generated(opened.draw(None if labels is None else list(labels), count), labels)
    finally:
        shutil.rmtree(folder)


def judged(path, model, who, seed, epochs, count):
    """Returns the row (dict) of images that lie in a file."""
    from legacy_gan.extras import evaluate

    result = evaluate.evaluate(path, count, data_dir=os.environ["LEGACY_GAN_MNIST"])
    if model == "basic":  # the labels beside the author's images were asked of nobody
        for name in ("right_digit", "right_digit_each"):
            result["metrics"].pop(name, None)
    return {
        "model": model,
        "who": who,
        "seed": seed,
        "epochs": epochs,
        "count": result["images"]["count"],
        "judge": result["judge"]["name"],
        "metrics": result["metrics"],
    }


def run(results, models, whos, seeds, epochs, count):
    """Trains and judges what RESULTS lacks, one process a core."""
    done = {(row["model"], row["who"], row["seed"], row["epochs"], row["count"]) for row in rows.read(results)}
    jobs = [
        (model, "author", 1, EPOCHS)
        for model in models
        if epochs == EPOCHS and (model, "author", 1, EPOCHS, 2000) not in done
    ] + [(model, who, seed, epochs) for who in whos for seed in seeds for model in models]
    lock = threading.Lock()

    def work(job, core):
        model, who, seed, epochs = job
        told = [model, who, str(seed), str(epochs), str(count)]

        def one(python, command, *more):
            made = subprocess.run(
                [python, os.path.abspath(__file__), command] + told + list(more),
                capture_output=True,
                preexec_fn=lambda: os.sched_setaffinity(0, [core]),
            )
            if made.returncode:
                sys.stderr.write(f"{' '.join(told)}: {made.stderr.decode()[-2000:]}\n")
                return None
            return made.stdout.decode().splitlines()[-1]

        if who == "author":
            path = os.path.join(ROOT, "tests", "golden", f"book_samples_{model}.npz")
        else:
            path = one(os.environ["PYTHON37"] if who == "listing" else sys.executable, "train")
        row = path and one(sys.executable, "judge", path)
        if path and who != "author":
            os.remove(path)
        if row:
            with lock, open(results, "a") as f:
                f.write(f"{row}\n")
            print(f"{model} {who} seed {seed}, {epochs} epochs", flush=True)

    rows.on_every_core([job for job in jobs if job + (count,) not in done], work)


COLUMNS = [
    "right_digit",
    "clear",
    "kl_to_uniform",
    "mnist_fd",
    "kernel_distance",
    "precision",
    "recall",
    "density",
    "coverage",
    "to_training",
    "near_copies",
]
GOOD = dict.fromkeys(COLUMNS, "up")  # the way to better; the listing's own range where neither way is
GOOD.update(
    kl_to_uniform="down",
    mnist_fd="down",
    kernel_distance="down",
    near_copies="down",
    density="same",
    to_training="same",
)


def table(measured):
    """Prints for each model a row a run of the longest trainings."""

    def place(row):
        return WHO.index(row["who"]), row["seed"]

    judges = {row["judge"] for row in measured}
    assert len(judges) == 1, f"numbers of different judges are not to be compared: {judges}"
    print(f"Everything was seen by {judges.pop()}.")
    for model in sorted({row["model"] for row in measured}):
        mine = [row for row in measured if row["model"] == model and row["epochs"] == EPOCHS]
        columns = [c for c in COLUMNS if c in mine[0]["metrics"]]
        print(f"\n| {model} | seed | images | {' | '.join(columns)} |")
        print(f"{'|---' * (3 + len(columns))}|")
        for row in sorted(mine, key=place):
            print(
                "| {who} | {seed} | {count:,} | ".format(**row)
                + " | ".join(
                    f"{row['metrics'][c]['value']:.4g} +- {row['metrics'][c]['standard_error']:.1g}" for c in columns
                )
                + " |"
            )
        beside_the_listing(model, mine, columns)


def outside(value, error, listing, good):
    """Says whether a value is worse than each of the listing's by more than its error: bool."""
    below, above = min(listing) - value, value - max(listing)
    return {"up": below, "down": above, "same": max(below, above)}[good] > error


def beside_the_listing(model, mine, columns):
    """Prints a row for each metric, and what of the port lies outside of the listing's range.

    A run that has collapsed is counted and left out: fewer than half of its digits are those asked for. p is that of
    the two-sided Mann-Whitney test, whether the port's runs come from where the listing's come from.
    """
    from scipy import stats

    collapsed = [row for row in mine if row["metrics"].get("right_digit", {"value": 1})["value"] < 0.5]
    mine = [row for row in mine if row not in collapsed]

    def of(who, metric, what="value"):
        return [row["metrics"][metric][what] for row in mine if row["who"] == who]

    seeds = {who: [row["seed"] for row in mine if row["who"] == who] for who in WHO[1:]}
    ports = [who for who in ("compiled", "feed") if seeds[who]]
    print(
        "\n| {} | listing, {} runs | {} |".format(
            model, len(seeds["listing"]), " | ".join(f"{who}, {len(seeds[who])} runs | p" for who in ports)
        )
    )
    print(f"{'|---' * (2 + 2 * len(ports))}|")
    of_means, of_runs = [], collections.defaultdict(list)
    for c in columns:
        listing = of("listing", c)
        cells = [c, rows.spread(listing)]
        for who in ports:
            values = of(who, c)
            cells += [rows.spread(values), f"{stats.mannwhitneyu(values, listing).pvalue:.2g}"]
            if len(values) > 1 and outside(np.mean(values), stats.sem(values), listing, GOOD[c]):
                of_means.append(f"{who} {c}")
            for seed, value, error in zip(seeds[who], values, of(who, c, "standard_error")):
                if outside(value, error, listing, GOOD[c]):
                    of_runs[who, seed].append(f"{c} {value:.4g} +- {error:.1g}")
        print(f"| {' | '.join(cells)} |")
    runs = sum(len(seeds[who]) for who in ports)
    print("\nWorse than the listing's range (density, to_training: outside of it) by more than a standard error:")
    print(f"- of {len(columns) * len(ports)} means: {', '.join(of_means) or 'none'}")
    print(f"- of {runs} runs {len(of_runs)}, of their {runs * len(columns)} numbers {sum(map(len, of_runs.values()))}:")
    for (who, seed), metrics in sorted(of_runs.items()):
        print(f"  - {who} {seed}: {', '.join(metrics)}")
    print("\nCollapsed, left out: {}".format(", ".join("{who} {seed}".format(**row) for row in collapsed) or "none"))


OTHERS = {  # of a page of docs/pictures: a column, and how evaluate's line begins
    "clear": "clear",
    "covered digits": "covered digits",
    "mnist_fd": "MNIST-FD",
    "kernel_distance": "kernel distance",
    "precision": "precision",
    "recall": "recall",
    "density": "density",
    "coverage": "coverage",
    "to_training": "distance to nearest training image",
}


def table_of_others():
    """Prints a row for each model that docs/pictures has a page of (benchmarks/models.sh)."""
    print(f"\n| model | epochs | steps | {' | '.join(OTHERS)} |")
    print(f"{'|---' * (3 + len(OTHERS))}|")
    for model in ("mlp", "vanilla", "dcgan", "cdcgan"):
        with open(os.path.join(ROOT, "docs", "pictures", model, "RUN.md"), encoding="utf-8") as f:
            text = f.read()
        row = [model, re.search(r"--epochs (\d+)", text).group(1), re.search(r"images of step (\d+)", text).group(1)]
        for begins in OTHERS.values():
            value, error = re.search(
                f"^{begins}" + ".*?  +([\\d.]+(?: %)?)  +([\\d.e-]+(?: %)?)  ", text, re.M
            ).groups()
            row.append(f"{value} +- {error}")
        print(f"| {' | '.join(row)} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command")
    commands.required = True
    for name in ("run", "table"):
        command = commands.add_parser(name)
        command.add_argument("results")
    command = commands.choices["run"]
    command.add_argument("--models", nargs="*", default=list(LISTINGS))
    command.add_argument("--who", nargs="*", default=list(WHO[1:]))
    command.add_argument("--seeds", default="0-4")
    command.add_argument("--epochs", type=int, default=EPOCHS)
    command.add_argument("--count", type=int, default=10000)
    for name in ("train", "judge"):  # what `run` starts
        one = commands.add_parser(name)
        for word, kind in (("model", str), ("who", str), ("seed", int), ("epochs", int), ("count", int)):
            one.add_argument(word, type=kind)
    one.add_argument("path")
    given = parser.parse_args()
    if given.command == "run":
        first, last = map(int, given.seeds.split("-"))
        run(given.results, given.models, given.who, range(first, last + 1), given.epochs, given.count)
    elif given.command == "table":
        table(rows.read(given.results))
        table_of_others()
    elif given.command == "judge":
        print(json.dumps(judged(given.path, given.model, given.who, given.seed, given.epochs, given.count)))
    elif given.who == "listing":
        print(train_listing(given.model, given.seed, given.epochs, given.count))
    else:
        print(train_ours(given.model, given.who, given.seed, given.epochs, given.count))


if __name__ == "__main__":
    main()
