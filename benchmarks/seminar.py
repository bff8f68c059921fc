"""The losses of the seminar's MLP GAN beside what a judge says of its images: docs/quality.md.

    LEGACY_GAN_MNIST=DIR python benchmarks/seminar.py RUN_FOLDER

Trains `mlp` to 1, 10, 30 and 100 epochs in a new folder and prints a row for each: the
means of the epoch's losses, of D(x) and of D(G(z)), and what the shipped judge says of 10,000 images. After 30
epochs it has taken about as many steps as the DCGAN of docs/pictures/dcgan/RUN.md.
"""

import os
import sys

import legacy_gan
from legacy_gan.extras import evaluate
from legacy_gan.training.rundir import RunDirectory


def main():
    (run,) = sys.argv[1:]
    assert not os.path.exists(run), f"{run} is there already"
    data_dir = os.environ["LEGACY_GAN_MNIST"]
    columns = ["clear", "mnist_fd", "precision", "recall", "density", "coverage"]
    table = [
        f"| epochs | steps | loss_d | loss_g | D(x) | D(G(z)) | {' | '.join(columns)} |",
        f"{'|---' * (6 + len(columns))}|",
    ]
    for epochs in (1, 10, 30, 100):
        trained = legacy_gan.train("mlp", epochs=epochs, data_dir=data_dir, run_dir=run, sample_every=epochs)
        steps = trained.steps // epochs
        d_real, d_fake = RunDirectory(run).health()[-1][2:4]
        metrics = evaluate.evaluate(run, 10000, data_dir=data_dir)["metrics"]
        table.append(
            "| {} | {:,} | {:.3f} | {:.3f} | {:.2f} | {:.2f} | {} |".format(
                epochs,
                trained.steps,
                trained.d_loss[-steps:].mean(),
                trained.g_loss[-steps:].mean(),
                d_real,
                d_fake,
                " | ".join("{:.4g}".format(metrics[name]["value"]) for name in columns),
            )
        )
    print("\n".join(table))


if __name__ == "__main__":
    main()
