"""Writes synthetic data in MNIST's format, so that the tests need no download."""

import gzip
import os
import struct

import numpy as np

TRAIN, TEST = "train", "t10k"


def digits(count, seed):
    """Returns synthetic images and labels: uint8 [count, 28, 28], uint8 [count], labels 0 1 ... 9 0.

    Every label has a bright block at a place of its own on a noisy ground.
    """
    rng = np.random.RandomState(seed)
    labels = np.arange(count, dtype=np.uint8) % 10
    images = rng.randint(0, 40, size=(count, 28, 28)).astype(np.uint8)
    for image, label in zip(images, labels):
        row, column = divmod(int(label), 4)
        image[9 * row : 9 * row + 9, 7 * column : 7 * column + 7] += 200
    return images, labels


def images_bytes(images, magic=2051, count=None):
    count = len(images) if count is None else count
    return struct.pack(">4I", magic, count, *images.shape[1:]) + images.tobytes()


def labels_bytes(labels, magic=2049, count=None):
    return struct.pack(">2I", magic, len(labels) if count is None else count) + labels.tobytes()


def write(folder, name, data, packed=True):
    """Writes one file, gzip-packed or plain; returns its path."""
    path = os.path.join(str(folder), name + (".gz" if packed else ""))
    with open(path, "wb") as f:
        f.write(gzip.compress(data, 1) if packed else data)
    return path


def write_folder(folder, train=5600, test=100, packed=True):
    """Writes the four files; returns (train images, train labels, test images, test labels)."""
    arrays = digits(train, 1) + digits(test, 2)
    for prefix, images, labels in ((TRAIN,) + arrays[:2], (TEST,) + arrays[2:]):
        write(folder, prefix + "-images-idx3-ubyte", images_bytes(images), packed)
        write(folder, prefix + "-labels-idx1-ubyte", labels_bytes(labels), packed)
    return arrays
