"""What a whole program costs besides its training steps: time, start-up, memory.

    LEGACY_GAN_MNIST=DIR python benchmarks/program.py [--epochs 100] [--models basic conditional]

For each engine runs `legacy-gan train MODEL` whole, in a process of its own, and prints: seconds in
all, how many of them were training steps, the rest (start-up, compiling, the look at the run's
health, checkpoints, pictures), how long it took to the first step, and the peak of the memory; then
the peaks of a run of 5 and of 50 epochs, which must not differ (memory that grows is a leak).
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def one(begun, argv):
    """Carries a command out; prints its figures as JSON. `begun`: when its process was started."""
    import resource

    from legacy_gan import cli
    from legacy_gan.training import engines

    figures = {"steps": 0, "step_seconds": 0.0, "first_step": None}

    def timed(train):
        def call(self, steps):
            parts = train(self, steps)
            while True:
                start = time.time()
                figures["first_step"] = figures["first_step"] or start - begun
                try:
                    part = next(parts)
                except StopIteration:
                    return
                figures["step_seconds"] += time.time() - start
                figures["steps"] += len(part[0])
                yield part

        return call

    for engine in engines.ENGINES.values():
        engine.train = timed(engine.train)
    status = cli.main(argv)
    figures["seconds"] = time.time() - begun
    figures["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0
    print(json.dumps(figures))
    return status


def measure(model, engine, epochs):
    folder = tempfile.mkdtemp()
    try:
        command = [
            sys.executable,
            os.path.abspath(__file__),
            "one",
            repr(time.time()),
            "train",
            model,
            "--engine",
            engine,
            "--epochs",
            str(epochs),
            "--data-dir",
            os.environ["LEGACY_GAN_MNIST"],
            "--run-dir",
            os.path.join(folder, "run"),
            "--samples-dir",
            folder,
            "--device",
            "cpu",
        ]
        out = subprocess.run(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            check=True,
            env=dict(os.environ, PYTHONPATH=ROOT),
        ).stdout
    finally:
        shutil.rmtree(folder)
    return json.loads(out.splitlines()[-1].decode("ascii"))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--epochs", type=int, default=100)
    parser.add_argument("--models", nargs="*", default=["basic", "conditional"])
    parser.add_argument("--engines", nargs="*", default=["compiled", "feed"])
    given = parser.parse_args()
    print(
        "| model, engine | epochs | seconds | training steps | the rest | to the first step | "
        "peak MB | peak MB, 5 and 50 epochs |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for model in given.models:
        for engine in given.engines:
            whole = measure(model, engine, given.epochs)
            few, many = (measure(model, engine, epochs)["peak_mb"] for epochs in (5, 50))
            rest = whole["seconds"] - whole["step_seconds"]
            print(
                "| {}, {} | {} | {:.0f} | {:.0f} ({:.2f} ms each) | {:.1f} ({:.1%}) | {:.1f} s | "
                "{:.0f} | {:.0f}, {:.0f} ({:+.1%}) |".format(
                    model,
                    engine,
                    given.epochs,
                    whole["seconds"],
                    whole["step_seconds"],
                    1000 * whole["step_seconds"] / whole["steps"],
                    rest,
                    rest / whole["seconds"],
                    whole["first_step"],
                    whole["peak_mb"],
                    few,
                    many,
                    many / few - 1,
                ),
                flush=True,
            )


if __name__ == "__main__":
    if sys.argv[1:2] == ["one"]:
        sys.exit(one(float(sys.argv[2]), sys.argv[3:]))
    main()
