"""What usual advice does to the book's conditional GAN: many seeds, the full MNIST, one judge.

    LEGACY_GAN_MNIST=DIR python benchmarks/cures.py run RESULTS.jsonl --epochs 20 --seeds 0-11
    LEGACY_GAN_MNIST=DIR python benchmarks/cures.py table RESULTS.jsonl

`run` trains each cure with each seed that RESULTS does not have yet, one process a core, and adds a
JSON line for each: losses (the mean over every epoch), health.csv's columns, and what a judge says
of 1,000 images (100 a digit): the label of the nearest of MNIST's 55,000 training images in squared
pixel distance (nearest neighbour; 95 % right on MNIST's first 5,000 test
images). `table` prints the tables of
docs/training-trouble.md.
"""

import argparse
import collections
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading

import numpy as np
import rows

CURES = collections.OrderedDict(
    [
        ("as the book", {}),
        ("--beta1 0.5", {"beta1": 0.5}),
        ("--label-smoothing 0.1", {"label_smoothing": 0.1}),
        ("--skip-d-below 0.1", {"skip_d_below": 0.1}),
        ("--g-steps 2", {"g_steps": 2}),
        ("--d-learning-rate 0.0002", {"d_learning_rate": 0.0002}),
        ("--g-learning-rate 0.0002", {"g_learning_rate": 0.0002}),
        ("--learning-rate 0.0002", {"learning_rate": 0.0002}),
        ("--d-steps 2", {"d_steps": 2}),
    ]
)
# Taken up by a run that began as the book's: flags with --allow-change, and after how many epochs.
LATER = collections.OrderedDict(
    [
        ("--learning-rate 0.0001 after 2 epochs", ({"learning_rate": 0.0001}, 2)),
        ("--learning-rate 0.0001 after 10 epochs", ({"learning_rate": 0.0001}, 10)),
        ("--learning-rate 0.0001 after 20 epochs", ({"learning_rate": 0.0001}, 20)),
        ("--label-smoothing 0.1 after 20 epochs", ({"label_smoothing": 0.1}, 20)),
    ]
)
ALL = list(CURES) + list(LATER)
DIGIT_IMAGES = 100  # images that are judged, of each digit
# A run is counted as collapsed if so few of its digits are right (chance: 0.1) and its images are so
# far from any real one; real test images are 20 from the nearest training image.
COLLAPSED_RIGHT, COLLAPSED_DISTANCE = 0.25, 50


def nearest(images, real):
    """Returns (index, squared distance) of each image's nearest real image."""
    distances = (real**2).sum(1) - 2 * images @ real.T
    index = distances.argmin(1)
    return index, ((images - real[index]) ** 2).sum(1)


def deviation(images):
    return np.sqrt(images.var(axis=0).mean())


def train_one(cure, seed, epochs):
    """Trains and judges one run; returns its row (dict)."""
    import legacy_gan
    from legacy_gan import input_data

    data = os.environ["LEGACY_GAN_MNIST"]
    real = input_data.read_data_sets(data).train
    folder = tempfile.mkdtemp()
    try:
        options = dict(
            run_dir=os.path.join(folder, "run"), samples_dir=folder, data_dir=data, sample_every=epochs, device="cpu"
        )
        flags, after = LATER[cure] if cure in LATER else (CURES[cure], 0)
        if after:
            legacy_gan.train("conditional", epochs=after, seed=seed, **options)
            options["allow_change"] = ",".join(flags)
        else:
            options["seed"] = seed
        run = legacy_gan.train("conditional", epochs=epochs, **options, **flags)
        health = np.loadtxt(os.path.join(run.run_dir, "health.csv"), delimiter=",", skiprows=1, ndmin=2)
        right, far, apart = [], [], []
        for digit in range(10):
            images = legacy_gan.generate(run.run_dir, digit, DIGIT_IMAGES)
            index, distance = nearest(images, real.images)
            right.append(np.mean(real.labels[index] == digit))
            far.append(distance.mean())
            apart.append(deviation(images) / deviation(real.images[real.labels == digit]))
    finally:
        shutil.rmtree(folder)
    epoch_means = [losses.reshape(epochs, -1).mean(1) for losses in (run.d_loss, run.g_loss)]
    return {
        "cure": cure,
        "seed": seed,
        "epochs": epochs,
        "after": after,
        "d_loss": np.round(epoch_means[0], 6).tolist(),
        "g_loss": np.round(epoch_means[1], 4).tolist(),
        "d_real": health[:, 2].tolist(),
        "d_fake": health[:, 3].tolist(),
        "spread": np.round(health[:, 4], 5).tolist(),
        "right": round(float(np.mean(right)), 4),
        "distance": round(float(np.mean(far)), 3),
        "spread_in_digit": round(float(np.mean(apart)), 4),
    }


def run(results, cures, epochs, seeds):
    """Trains what RESULTS lacks, one process a core."""
    done = {(row["cure"], row["seed"], row["epochs"]) for row in rows.read(results)}
    jobs = [(cure, seed) for cure in cures for seed in seeds if (cure, seed, epochs) not in done]
    lock = threading.Lock()

    def work(job, core):
        made = subprocess.run(
            [sys.executable, os.path.abspath(__file__), "one", job[0], str(job[1]), str(epochs)],
            capture_output=True,
            preexec_fn=lambda: os.sched_setaffinity(0, [core]),
        )
        if made.returncode:
            sys.stderr.write(made.stderr.decode())
            return
        with lock, open(results, "ab") as f:
            f.write(made.stdout.splitlines()[-1] + b"\n")

    rows.on_every_core(jobs, work)


def table(measured):
    """Prints a row for each cure and number of epochs: medians, with the range of the seeds."""
    groups = collections.OrderedDict()
    for row in measured:
        groups.setdefault((row["epochs"], row["cure"]), []).append(row)
    print("| epochs | flags | right digit: median (least to most) | collapsed | under 50 % | distance | variety |")
    print("|---|---|---|---|---|---|---|")
    for (epochs, cure), runs in sorted(groups.items(), key=lambda g: (g[0][0], ALL.index(g[0][1]))):
        right = np.array([run["right"] for run in runs])
        far = np.array([run["distance"] for run in runs])
        print(
            "| {} | {} | {:.0%} ({:.0%} to {:.0%}) | {} of {} | {} | {:.0f} | {:.2f} |".format(
                epochs,
                cure if cure == "as the book" else f"`{cure}`",
                np.median(right),
                right.min(),
                right.max(),
                int(((right < COLLAPSED_RIGHT) & (far > COLLAPSED_DISTANCE)).sum()),
                len(runs),
                int((right < 0.5).sum()),
                np.median(far),
                np.median([run["spread_in_digit"] for run in runs]),
            )
        )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("run", "table"):
        command = commands.add_parser(name)
        command.add_argument("results")
    command = commands.choices["run"]
    command.add_argument("--epochs", type=int, default=20)
    command.add_argument("--seeds", default="0-11")
    command.add_argument("--cures", nargs="*", default=ALL, choices=ALL)
    one = commands.add_parser("one")
    for name, kind in (("cure", str), ("seed", int), ("epochs", int)):
        one.add_argument(name, type=kind)
    given = parser.parse_args()
    if given.command == "one":
        print(json.dumps(train_one(given.cure, given.seed, given.epochs)))
    elif given.command == "run":
        first, last = map(int, given.seeds.split("-"))
        run(given.results, given.cures, given.epochs, range(first, last + 1))
    else:
        table(rows.read(given.results))


if __name__ == "__main__":
    main()
