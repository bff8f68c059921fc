"""One table: ms a training step of ours, the plain port, PyTorch, JAX, and the floor.

    pip install -e ".[bench]"
    LEGACY_GAN_MNIST=DIR python benchmarks/speed.py [--repeats 9] [--models basic conditional]
    LEGACY_GAN_MNIST=DIR python benchmarks/speed.py --cores 0      the same on one core
    LEGACY_GAN_MNIST=DIR python benchmarks/speed.py --scale        by batch and by width
    LEGACY_GAN_MNIST=DIR python benchmarks/speed.py --models dcgan against Keras and PyTorch

All contenders are there at once, each in a process of its own that sleeps until it is its turn; they
take turns, an epoch of 550 steps each time (of the DCGAN ten steps), so that a noisy moment hits no
one alone. The first turn compiles and warms up and is not counted; after it, losses must be those of a
model that learns. Prints medians, with the least and the most, and the median over the turns of how many times
as slow each was as the compiled engine in that turn.

--scale trains the basic model with other batches and widths and prints how much arithmetic a second
that is, beside one large matrix product with the same library and PyTorch's.
"""

import argparse
import json
import os
import subprocess
import sys
import time

import contenders
import dcgan_contenders
import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
OURS = "ours, compiled engine"
BOOKS = [
    "ours, feed engine",
    OURS,
    "plain port",
    "PyTorch, eager",
    "PyTorch, fused Adam",
    "PyTorch, torch.compile",
    "JAX, jit a step",
    "JAX, lax.scan",
    "floor",
]
NAMES = {"basic": BOOKS, "conditional": BOOKS, "dcgan": list(dcgan_contenders.CONTENDERS)}
SCRIPTS = {"dcgan": "dcgan_contenders.py"}
STEPS = {"basic": 550, "conditional": 550, "dcgan": 10}
# Mean losses of the last hundred steps of the first turn, both to be minimised, must lie there.
BANDS = {
    "basic": ((0.1, 0.9), (1.2, 4.0)),
    "conditional": ((0.0005, 0.2), (4.0, 12.0)),
    "dcgan": ((0.3, 1.6), (0.3, 3.0)),
}


class Contender:
    """A process of a model's script; `sizes` are batch and hidden, of the book's models only."""

    def __init__(self, name, model, cores=None, **sizes):
        self.name, self.model = name, model
        script = SCRIPTS.get(model, "contenders.py")
        command = [sys.executable, os.path.join(HERE, script), name, model]
        if cores:
            command = ["taskset", "-c", cores] + command
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            universal_newlines=True,
            env=dict(os.environ, **{f"BENCH_{k.upper()}": str(v) for k, v in sizes.items()}),
        )
        if self._process.stdout.readline() != "ready\n":
            raise RuntimeError(f"{name} did not start; run {' '.join(command)}")

    def train(self, steps):
        self._process.stdin.write(f"{steps}\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def close(self):
        self._process.stdin.close()
        self._process.wait()


def measure(model, names, repeats, cores=None):
    """Returns ms a step of each repeat by contender, and the floor's parts, a list a repeat."""
    contenders = []
    for name in names:
        try:
            contenders.append(Contender(name, model, cores))
        except RuntimeError as e:
            print(e, file=sys.stderr)
    times, parts = {c.name: [] for c in contenders}, []
    if OURS not in times:
        raise SystemExit(f"{model}: without {OURS!r} there is nothing to compare with")
    for c in contenders:
        answer = c.train(STEPS[model])
        if "losses" in answer:
            for loss, (low, high) in zip(answer["losses"], BANDS[model]):
                if not low < loss < high:
                    raise SystemExit(f"{c.name} does not learn: losses {answer['losses']}")
            print(
                "{} {}: losses after the first turn {:.3f}, {:.3f}".format(model, c.name, *answer["losses"]),
                file=sys.stderr,
            )
    for _ in range(repeats):
        for c in contenders:
            time.sleep(0.3)  # the last one's threads fall asleep
            answer = c.train(STEPS[model])
            times[c.name].append(1000 * answer["seconds"] / STEPS[model])
            parts += [answer["parts"]] if "parts" in answer else []
    for c in contenders:
        c.close()
    return times, parts


def table(model, times, parts):
    ours = np.array(times[OURS])
    print(f"\n| {model} | ms a step: median (least to most) | times as slow as compiled |")
    print("|---|---|---|")
    for name, values in times.items():
        print(
            f"| {name} | {np.median(values):.2f} ({min(values):.2f} to {max(values):.2f}) | "
            f"{np.median(values / ours):.2f} |"
        )
    if parts:
        print(
            "\nThe floor's parts: "
            + ", ".join(f"{name} {1000 * np.median([p[name] for p in parts]):.2f} ms" for name in parts[0])
        )


def scale(repeats, cores=None):
    """Prints ms a step and GFLOP/s of the compiled engine for other batches and widths."""
    peak = Contender("one large product", "basic", cores)
    peaks = [peak.train(1)["gflops"] for _ in range(repeats)]
    peak.close()
    print(
        "One product of 4,096 x 4,096 matrices: "
        + ", ".join(f"{name} {np.median([p[name] for p in peaks]):.0f} GFLOP/s" for name in peaks[0])
    )
    print("\n| batch | hidden | ms a step: median (least to most) | GFLOP/s in products |")
    print("|---|---|---|---|")
    sizes = [(batch, 256) for batch in (10, 100, 1000, 10000)]
    sizes += [(100, hidden) for hidden in (64, 1024, 4096)]
    for batch, hidden in sizes:
        contender = Contender(OURS, "basic", cores, batch=batch, hidden=hidden)
        begin = time.perf_counter()
        contender.train(5)
        steps = 5
        while time.perf_counter() - begin < 5:  # compiled, and how fast it is
            steps = max(5, int(2 * steps / contender.train(steps)["seconds"]))
        times = [1000 * contender.train(steps)["seconds"] / steps for _ in range(repeats)]
        contender.close()
        flops = sum(2 * m * k * n for m, k, n in contenders.products("basic", batch, hidden))
        print(
            f"| {batch:,} | {hidden:,} | {np.median(times):.2f} ({min(times):.2f} to {max(times):.2f}) | "
            f"{flops / np.median(times) / 1e6:.0f} |",
            flush=True,
        )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--models", nargs="*", default=["basic", "conditional"])
    parser.add_argument("--repeats", type=int, default=9)
    parser.add_argument("--names", nargs="*", help="contenders; all of the model's without it")
    parser.add_argument("--cores", help="for taskset: 0, or 0,1")
    parser.add_argument("--scale", action="store_true")
    given = parser.parse_args()
    if given.scale:
        return scale(given.repeats, given.cores)
    for model in given.models:
        names = given.names or NAMES[model]
        table(model, *measure(model, names, given.repeats, given.cores))


if __name__ == "__main__":
    main()
