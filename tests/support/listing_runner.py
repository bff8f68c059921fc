"""Runs the transcribed listings of tests/listings, with the two import lines changed or as printed."""

import contextlib
import io
import os

import matplotlib

from tests.support.paths import LISTINGS as FOLDER

# The two lines that a reader changes.
IMPORT_LINES = (
    ("import tensorflow as tf\n", "from legacy_gan.tf1 import tf\n"),
    ("from tensorflow.examples.tutorials.mnist import input_data\n", "from legacy_gan import input_data\n"),
)


def source(number):
    """Returns the text of a listing as it is meant."""
    with open(os.path.join(FOLDER, f"listing{number}.py"), encoding="utf-8") as f:
        return f.read()


def replaced(text, changes):
    """Applies (old, new) pairs; each old text must stand exactly once."""
    for old, new in changes:
        assert text.count(old) == 1, (text.count(old), old)
        text = text.replace(old, new)
    return text


def run(text, data, epochs=1, ours=True):
    """Executes a listing on a small data set, in a graph of its own.

    Args:
      text: str, the listing.
      data: folder with data in MNIST's format.
      epochs: int, instead of the listing's 100.
      ours: bool; True changes the two import lines to this package, False leaves them (TF 1.15 only).
    Returns:
      dict, the listing's names, with what it printed as lines under "stdout".
    """
    from legacy_gan.tf1 import tf

    text = replaced(text, IMPORT_LINES if ours else ())
    text = text.replace("total_epoch = 100\n", f"total_epoch = {epochs}\n")
    text = text.replace('"./mnist/data/"', repr(data))
    matplotlib.use("Agg", force=True)
    names, printed = {"__name__": "__main__"}, io.StringIO()
    if not ours:
        tf.disable_resource_variables()  # as TF 1.15 itself starts
    try:
        with tf.Graph().as_default(), contextlib.redirect_stdout(printed):
            tf.set_random_seed(1)
            exec(compile(text, "listing", "exec"), names)
    finally:
        if "sess" in names:
            names["sess"].close()
        tf.enable_resource_variables()
    names["stdout"] = [line for line in printed.getvalue().splitlines() if not line.startswith("Extracting")]
    return names
