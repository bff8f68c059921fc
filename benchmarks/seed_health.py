"""Whether runs are healthy: their losses at the end, and whether the digits are those asked for.

    LEGACY_GAN_MNIST=DIR python benchmarks/seed_health.py RUN...

For each run directory, one row of the table in docs/seeds.md: the losses averaged over
the last ten epochs' last batches (as printed), and for the conditional model the share of 1,000
generated images (100 a digit) whose nearest real image, among MNIST's 55,000 training images in
squared pixel distance, has the label that was asked for.
"""

import os
import sys

import numpy as np

import legacy_gan
from legacy_gan import input_data
from legacy_gan.training.rundir import RunDirectory


def nearest_labels(images, real, labels):
    """Returns the label of each image's nearest real image, int [n]."""
    distances = (real**2).sum(1) - 2 * images @ real.T
    return labels[distances.argmin(1)]


def main(runs):
    mnist = input_data.read_data_sets(os.environ["LEGACY_GAN_MNIST"])
    print("| model | TensorFlow | training images | seed | epochs | D loss | G loss | right digit |")
    print("|---|---|---|---|---|---|---|---|")
    for path in runs:
        directory = RunDirectory(path)
        config = directory.config()
        per_epoch = config["steps_per_epoch"]
        losses = directory.losses()
        d_loss, g_loss = (part[per_epoch - 1 :: per_epoch][-10:] for part in losses)
        right = ""
        if config["model"] == "conditional":
            shares = [
                nearest_labels(legacy_gan.generate(path, digit, 100), mnist.train.images, mnist.train.labels) == digit
                for digit in range(10)
            ]
            right = f"{np.mean(shares):.0%}"
        print(
            "| {} | {} | {} | {} | {} | {:.3g} | {:.3g} | {} |".format(
                config["model"],
                config["started"][-1]["versions"]["tensorflow"],
                config["data"]["training_images"],
                config["settings"]["seed"],
                len(losses[0]) // per_epoch,
                d_loss.mean(),
                g_loss.mean(),
                right,
            )
        )


if __name__ == "__main__":
    main(sys.argv[1:])
