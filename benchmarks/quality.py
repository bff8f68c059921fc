"""Images of the book's listings on TensorFlow 1.15 and of this port, before one judge: docs/quality.md.

    export LEGACY_GAN_MNIST=DIR PYTHON37=a Python with TensorFlow 1.15.5 and this package
    python benchmarks/quality.py train FOLDER [--who listing compiled feed] [--seeds 0-4] [--models ...]
    python benchmarks/quality.py judge FOLDER RESULTS.jsonl [RUN...]
    python benchmarks/quality.py table RESULTS.jsonl

`train` makes FOLDER/MODEL.WHO.SEED.npz, 10,000 images each, for what is not there yet, a process a core.
*listing* is tests/listings/listing1.py or listing2.py, word for word, on TensorFlow 1.15.5, with
`np.random.seed(SEED)` after its data are read and `tf.set_random_seed(SEED)`; *compiled* and *feed* are
`legacy-gan train MODEL --seed SEED --engine ...`. `judge` adds a line for each file, for the images in
tests/golden of the author's own runs (2,000 each: their MNIST-FD is a little too large), and for each RUN (a
run's folder). `table` prints a row for each.
"""

import argparse
import collections
import json
import os
import shutil
import subprocess
import sys
import tempfile

import numpy as np

import rows

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
LISTINGS = {"basic": 1, "conditional": 2}
WHO = ("author", "listing", "feed", "compiled")
COUNT, EPOCHS = 10000, 100


def generated(made, labels):
    """Writes images (float [n, 784] in 0..1) as they are shown to the judge; returns the path."""
    path = tempfile.mkstemp(".npz")[1]
    images = np.rint(255 * np.clip(made, 0, 1)).astype(np.uint8)
    np.savez_compressed(path, images=images, **({} if labels is None else {"labels": labels}))
    return path


def train_listing(model, seed):
    """Runs a listing as it is on TensorFlow 1.15; returns its images' path."""
    import matplotlib
    import tensorflow as tf

    assert tf.__version__.startswith("1.15"), tf.__version__
    matplotlib.use("Agg")
    with open(os.path.join(ROOT, "tests", "listings", "listing%d.py" % LISTINGS[model]),
              encoding="utf-8") as f:
        text = f.read()
    reads = 'mnist = input_data.read_data_sets("./mnist/data/", one_hot=True)\n'
    assert text.count(reads) == 1
    text = text.replace(reads, reads.replace('"./mnist/data/"', repr(os.environ["LEGACY_GAN_MNIST"]))
                        + "np.random.seed({0})\ntf.set_random_seed({0})\n".format(seed))
    names = {"__name__": "__main__"}
    os.chdir(tempfile.mkdtemp())
    exec(compile(text, "listing", "exec"), names)
    noise = names["get_noise"](COUNT, names["n_noise"])
    feeds, labels = {names["Z"]: noise}, None
    if model == "conditional":
        labels = np.arange(COUNT) % 10
        feeds[names["Y"]] = np.eye(10)[labels]
    return generated(names["sess"].run(names["G"], feeds), labels)


def train_ours(model, seed, engine, run_dir):
    import legacy_gan
    from legacy_gan.training import generating

    legacy_gan.train(model, epochs=EPOCHS, seed=seed, engine=engine, run_dir=run_dir,
                     samples_dir=os.path.join(run_dir, "samples"), sample_every=EPOCHS,
                     data_dir=os.environ["LEGACY_GAN_MNIST"], device="cpu")
    with generating.opened(run_dir) as run:
        labels = np.arange(COUNT) % 10 if run.conditional else None
        return generated(run.draw(None if labels is None else list(labels), COUNT), labels)


def train(folder, models, whos, seeds):
    """Trains what FOLDER lacks, one process a core."""
    jobs = [(model, who, seed) for seed in seeds for model in models for who in whos
            if not os.path.exists(os.path.join(folder, "{}.{}.{}.npz".format(model, who, seed)))]

    def work(job, core):
        model, who, seed = job
        python = os.environ["PYTHON37"] if who == "listing" else sys.executable
        name = os.path.join(os.path.abspath(folder), "{}.{}.{}".format(model, who, seed))
        with open(name + ".log", "w") as log:
            status = subprocess.call(
                [python, os.path.abspath(__file__), "one", model, who, str(seed), name],
                stdout=log, stderr=log, preexec_fn=lambda: os.sched_setaffinity(0, [core]))
        print("{} {} seed {}: {}".format(model, who, seed, "done" if not status else name + ".log"))

    rows.on_every_core(jobs, work)


def judge(folder, results, runs):
    from legacy_gan.extras import evaluate

    done = {(row["model"], row["who"], row["seed"]) for row in rows.read(results)}
    jobs = collections.OrderedDict()
    for model in LISTINGS:
        jobs[model, "author", 1] = os.path.join(ROOT, "tests", "golden", "book_samples_%s.npz" % model)
    for name in sorted(os.listdir(folder)):
        parts = name.split(".")
        if parts[-1] == "npz":
            jobs[parts[0], parts[1], int(parts[2])] = os.path.join(folder, name)
    for run in runs:
        with open(os.path.join(run, "config.json")) as f:
            config = json.load(f)
        who = "{} epochs".format(config["target"]["epochs"])
        if config["settings"]["precision"] != "float32":
            who += ", " + config["settings"]["precision"]
        jobs[config["model"], who, config["settings"]["seed"]] = run
    for (model, who, seed), source in jobs.items():
        if (model, who, seed) in done:
            continue
        result = evaluate.evaluate(source, COUNT, data_dir=os.environ["LEGACY_GAN_MNIST"])
        row = {"model": model, "who": who, "seed": seed, "count": result["images"]["count"],
               "judge": result["judge"]["name"], "metrics": result["metrics"]}
        with open(results, "a") as f:
            f.write(json.dumps(row) + "\n")
        print("{} {} seed {}".format(model, who, seed), flush=True)


COLUMNS = ["right_digit", "clear", "kl_to_uniform", "mnist_fd", "kernel_distance", "precision", "recall",
           "density", "coverage", "to_training", "near_copies"]


def table(measured):
    """Prints for each model a row a run."""
    def place(row):
        return (WHO + (row["who"],)).index(row["who"]), row["who"], row["seed"]

    judges = {row["judge"] for row in measured}
    assert len(judges) == 1, "numbers of different judges are not to be compared: {}".format(judges)
    print("Everything was seen by " + judges.pop() + ".")
    for model in sorted({row["model"] for row in measured}):
        mine = [row for row in measured if row["model"] == model]
        columns = [c for c in COLUMNS if c in mine[0]["metrics"]]
        print("\n| {} | seed | images | {} |".format(model, " | ".join(columns)))
        print("|---" * (3 + len(columns)) + "|")
        for row in sorted(mine, key=place):
            print("| {who} | {seed} | {count:,} | ".format(**row) + " | ".join(
                "{:.4g} +- {:.1g}".format(row["metrics"][c]["value"], row["metrics"][c]["standard_error"])
                for c in columns) + " |")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command")
    command = commands.add_parser("train")
    command.add_argument("folder")
    command.add_argument("--models", nargs="*", default=list(LISTINGS))
    command.add_argument("--who", nargs="*", default=list(WHO[1:]))
    command.add_argument("--seeds", default="0-4")
    command = commands.add_parser("judge")
    command.add_argument("folder")
    command.add_argument("results")
    command.add_argument("runs", nargs="*")
    command = commands.add_parser("table")
    command.add_argument("results")
    one = commands.add_parser("one")
    for name, kind in (("model", str), ("who", str), ("seed", int), ("name", str)):
        one.add_argument(name, type=kind)
    given = parser.parse_args()
    if given.command == "train":
        os.makedirs(given.folder, exist_ok=True)
        first, last = map(int, given.seeds.split("-"))
        train(given.folder, given.models, given.who, range(first, last + 1))
    elif given.command == "judge":
        judge(given.folder, given.results, given.runs)
    elif given.command == "table":
        table(rows.read(given.results))
    elif given.who == "listing":
        shutil.move(train_listing(given.model, given.seed), given.name + ".npz")
    else:
        shutil.move(train_ours(given.model, given.seed, given.who, given.name), given.name + ".npz")


if __name__ == "__main__":
    main()
