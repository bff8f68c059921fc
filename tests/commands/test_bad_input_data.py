"""A --data-dir that training refuses: exit status 2, one line, nothing lost or half written.

A row is what is given (flags), what was there before (prepare) and words of the line it must get.
"""

import os
import pickle
import shutil
import subprocess
import sys

import numpy as np
import pytest

from tests.support import bad_input, synthetic_mnist
from tests.support.bad_input import (
    IMAGES,
    LABELS,
    TEST_LABELS,
    Row,
    Trap,
    data_with,
    mortal,
    other_file,
    posix,
    read,
    snapshot,
    there,
    write,
)
from tests.support.paths import ROOT

pytestmark = [pytest.mark.no_tensorflow, pytest.mark.both_ends, pytest.mark.python]


def truncated_gz(folder):
    path = os.path.join(folder, IMAGES + ".gz")
    write(path, read(path)[:-1000])


def folder_for_file(folder):
    os.unlink(os.path.join(folder, IMAGES + ".gz"))
    os.makedirs(os.path.join(folder, IMAGES + ".gz"))


def dangling_file(folder):
    os.unlink(os.path.join(folder, IMAGES + ".gz"))
    os.symlink("nowhere", os.path.join(folder, IMAGES + ".gz"))


def without_file(name):
    return lambda folder: os.unlink(os.path.join(folder, name + ".gz"))


def only_npz(data):
    def prepare(world):
        os.makedirs("data")
        if isinstance(data, bytes):
            write("data/mnist.npz", data)
        else:
            np.savez("data/mnist.npz", **data)

    return prepare


IMAGE_20 = np.zeros((20, 28, 28), np.uint8)
LABEL_20 = np.zeros(20, np.uint8)
KERAS = dict(x_train=IMAGE_20, y_train=LABEL_20, x_test=IMAGE_20, y_test=LABEL_20)


def no_fives(world):
    shutil.copytree(world.data, "data")
    other_file(TEST_LABELS, synthetic_mnist.labels_bytes(np.arange(100, dtype=np.uint8) % 5))("data")


DATA = [
    Row(["--data-dir", "data", "--offline"], words, prepare, "data " + what, mark=mark)
    for what, words, prepare, mark in [
        (
            "a web page",
            IMAGES + ": expected MNIST images, got a web page; move it away",
            data_with(other_file(IMAGES, b"<html>404 Not Found</html>")),
            (),
        ),
        (
            "labels a web page",
            LABELS + ".gz: expected MNIST labels, got a web page",
            data_with(other_file(LABELS, b"<!DOCTYPE html>", packed=True)),
            (),
        ),
        (
            "truncated gz",
            IMAGES + ".gz: expected a whole gzip file, got a truncated or corrupt",
            data_with(truncated_gz),
            (),
        ),
        (
            "no gz behind its first bytes",
            "expected a whole gzip file",
            data_with(other_file(IMAGES, b"\x1f\x8b and no more")),
            (),
        ),
        ("empty images", IMAGES + ": expected MNIST images, got 0 bytes", data_with(other_file(IMAGES, b"")), ()),
        (
            "empty labels",
            TEST_LABELS + ": expected MNIST labels, got 0 bytes",
            data_with(other_file(TEST_LABELS, b"")),
            (),
        ),
        (
            "of no images",
            "expected at least one image, got none",
            data_with(
                lambda folder: (
                    other_file(IMAGES, synthetic_mnist.images_bytes(IMAGE_20[:0]))(folder),
                    other_file(LABELS, synthetic_mnist.labels_bytes(LABEL_20[:0]))(folder),
                )
            ),
            (),
        ),
        (
            "fewer labels",
            LABELS + ": expected 20 labels, one for each image of",
            data_with(other_file(LABELS, synthetic_mnist.labels_bytes(LABEL_20[:19]))),
            (),
        ),
        (
            "more labels",
            "data/t10k-labels-idx1-ubyte: expected 10 labels, one for each image of",
            data_with(other_file(TEST_LABELS, synthetic_mnist.labels_bytes(LABEL_20))),
            (),
        ),
        (
            "fewer bytes than it says",
            "expected 16464 bytes for its 21 images, got 15680",
            data_with(other_file(IMAGES, synthetic_mnist.images_bytes(IMAGE_20, count=21))),
            (),
        ),
        (
            "more images than memory",
            "bytes for its 4294967295 images, got 15680",
            data_with(other_file(IMAGES, synthetic_mnist.images_bytes(IMAGE_20, count=2**32 - 1))),
            (),
        ),
        (
            "wrong magic number",
            "expected MNIST images (magic number 2051), got magic number 2049",
            data_with(other_file(IMAGES, synthetic_mnist.images_bytes(IMAGE_20, magic=2049))),
            (),
        ),
        (
            "images for labels",
            "expected MNIST labels (magic number 2049), got magic number 2051",
            data_with(other_file(LABELS, synthetic_mnist.images_bytes(IMAGE_20))),
            (),
        ),
        (
            "wrong size",
            "expected images of 28x28 pixels, got 32x32",
            data_with(other_file(IMAGES, synthetic_mnist.images_bytes(np.zeros((20, 32, 32), np.uint8)))),
            (),
        ),
        (
            "label 10",
            LABELS + ": expected labels from 0 to 9, got 10",
            data_with(other_file(LABELS, synthetic_mnist.labels_bytes(LABEL_20 + 10))),
            (),
        ),
        (
            "label 255",
            TEST_LABELS + ": expected labels from 0 to 9, got 255",
            data_with(other_file(TEST_LABELS, synthetic_mnist.labels_bytes(LABEL_20[:10] + 255))),
            (),
        ),
        ("a folder for a file", IMAGES + ".gz: cannot be read", data_with(folder_for_file), posix),
        ("a dangling link", "expected MNIST's four files, " + IMAGES + ".gz missing", data_with(dangling_file), posix),
        (
            "images only missing",
            "expected MNIST's four files, " + IMAGES + ".gz missing",
            data_with(without_file(IMAGES)),
            (),
        ),
        (
            "three missing",
            "expected MNIST's four files, " + IMAGES + ".gz and",
            data_with(lambda folder: [without_file(name)(folder) for name in (IMAGES, LABELS, TEST_LABELS)]),
            (),
        ),
        (
            "too few",
            "--batch-size must be at most the 20 training images of data, got 100",
            data_with(lambda folder: None),
            (),
        ),
        (
            "unreadable",
            IMAGES + ".gz: cannot be read: Permission denied",
            data_with(lambda folder: os.chmod(os.path.join(folder, IMAGES + ".gz"), 0)),
            mortal,
        ),
        ("npz a text", "expected Keras' mnist.npz", only_npz(b"no archive"), ()),
        ("npz empty", "expected Keras' mnist.npz", only_npz(b""), ()),
        ("npz of other names", "expected Keras' mnist.npz", only_npz({"images": IMAGE_20}), ()),
        ("npz pickled", "expected Keras' mnist.npz", only_npz(dict(KERAS, y_train=np.array([Trap()] * 20))), ()),
        (
            "npz of colours",
            "expected grey images, numbers [n, height, width], got uint8 [20, 28, 28, 3]",
            only_npz(dict(KERAS, x_train=np.zeros((20, 28, 28, 3), np.uint8))),
            (),
        ),
        (
            "npz of floats beyond 255",
            "expected pixels from 0 to 255, or from 0 to 1, got 0 to 700",
            only_npz(dict(KERAS, x_train=IMAGE_20 + 700.0 * np.eye(28))),
            (),
        ),
        ("missing", "data: expected MNIST's files there, found none (offline was asked for)", None, ()),
        ("empty", "data: expected MNIST's files there, found none (offline", lambda world: os.makedirs("data"), ()),
        (
            "unknown files",
            "data: expected MNIST's files or pictures, got files that are not known; name another folder",
            there("data/readme.txt", b"x"),
            (),
        ),
        (
            "letters",
            "expected labels from 0 to 9, got 26; name another folder",
            only_npz(dict(KERAS, y_train=np.linspace(1, 26, 20).astype(np.int64))),
            (),
        ),
        (
            "a pickle with more than arrays",
            "expected a pickle of images with labels, ((images, labels), ...) of two or three sets, got one with "
            f"{open.__module__}.open, which is not loaded",  # io or _io: the Python's
            there("data/mnist.pkl", pickle.dumps((Trap(), Trap()), 2)),
            (),
        ),
        ("npz with label 11", "expected labels from 0 to 9, got 11", only_npz(dict(KERAS, y_train=LABEL_20 + 11)), ()),
    ]
] + [
    Row(
        ["--data-dir", "data"],
        "data: expected MNIST's files there, found none (no mirror gave it: 127.0.0.1:9: ",
        id="data missing, no network",
    ),
    Row(
        ["--data-dir", "data"],
        "data: expected MNIST's files or pictures, got files that are not known",
        there("data/readme.txt", b"x"),
        id="data unknown files, no network",
    ),
    Row(
        ["--data-dir", "./mnist/data/", "--offline"],
        "./mnist/data/: expected MNIST's files there, found none",
        id="the usual folder, named",
    ),
    Row(
        ["--data-dir", "data", "--digit", "7"],
        "--digit 7: the test images of data hold none",
        no_fives,
        "digit that no test image has",
        model="conditional",
    ),
]


@bad_input.cases(DATA)
def test_bad_input_is_one_line_and_status_2(row, program, world):
    bad_input.check(row, program, world)


def test_started_anywhere_with_a_relative_path_it_is_the_same():
    """As a process of its own, from another folder than the repository."""
    data_with(other_file(IMAGES, b"<html>"))(None)
    before = snapshot()
    script = os.path.join(ROOT, "run_conditional.py")
    ended = subprocess.run(
        [sys.executable, script, "--data-dir", "data"], capture_output=True, env=dict(os.environ, PYTHONPATH=ROOT)
    )
    assert (ended.returncode, ended.stdout) == (2, b"")
    (line,) = ended.stderr.decode().splitlines()
    assert line.startswith("run_conditional.py: " + os.path.join("data", IMAGES))
    assert "expected MNIST images, got a web page" in line
    assert snapshot() == before
