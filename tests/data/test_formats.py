"""legacy_gan.data.idx and npz: broken files are one error that names the file."""

import gzip
import io
import os

import numpy as np
import pytest

from tests.support.small_sets import (
    GZIP,
    NAMES,
    PAGE,
    assert_refused,
    flipped,
    idx_files,
    images_of,
    keras_cache,
    put,
    read,
    some_digits,
    write_idx,
    write_npz,
)

pytestmark = [pytest.mark.no_tensorflow, pytest.mark.both_ends, pytest.mark.python]

# Each broken file is one error that names it; the file stays, and nothing replaces it.


def recount(data, by):
    """Changes the number of images or labels in a header."""
    return data[:4] + (int.from_bytes(data[4:8], "big") + by).to_bytes(4, "big") + data[8:]


# (what is wrong, the file's suffix, its bytes made from the unpacked good ones, the files, text)
IMAGES, LABELS, ALL = NAMES[::2], NAMES[1::2], NAMES
BROKEN = [
    ("truncated gzip", ".gz", lambda data: gzip.compress(data)[:-9], ALL, GZIP),
    ("gzip cut in its header", ".gz", lambda data: gzip.compress(data)[:5], ALL, GZIP),
    ("gzip with a wrong checksum", ".gz", lambda data: flipped(gzip.compress(data), -6), ALL, GZIP),
    ("gzip with a wrong length", ".gz", lambda data: flipped(gzip.compress(data), -1), ALL, GZIP),
    ("gzip damaged inside", ".gz", lambda data: flipped(gzip.compress(data), 14), ALL, GZIP),
    ("gzip with junk behind", ".gz", lambda data: gzip.compress(data) + b"junk", ALL, GZIP),
    (
        "labels in the images' place",
        ".gz",
        lambda data: gzip.compress(b"\0\0\x08\1" + data[4:]),
        IMAGES,
        "expected MNIST images (magic number 2051), got magic number 2049",
    ),
    (
        "images in the labels' place",
        "",
        lambda data: b"\0\0\x08\3" + data[4:],
        LABELS,
        "expected MNIST labels (magic number 2049), got magic number 2051",
    ),
    (
        "something else",
        "",
        lambda data: b"version https://git-lfs.github.com/spec/v1",
        ALL,
        "got magic number 1986359923",
    ),
    ("a web page", ".gz", lambda data: PAGE, ALL, "got a web page"),
    ("a packed web page", ".gz", lambda data: gzip.compress(PAGE), ALL, "got a web page"),
    ("an unpacked web page", "", lambda data: b"\r\n  " + PAGE, ALL, "got a web page"),
    ("an empty file", "", lambda data: b"", ALL, "got 0 bytes"),
    ("an empty .gz", ".gz", lambda data: b"", ALL, "got 0 bytes"),
    ("an empty file packed", ".gz", lambda data: gzip.compress(b""), ALL, "got 0 bytes"),
    ("less than a header", "", lambda data: data[:7], ALL, "got 7 bytes"),
    (
        "more images announced",
        "",
        lambda data: recount(data, 1),
        IMAGES[:1],
        "expected 24304 bytes for its 31 images, got 23520",
    ),
    (
        "fewer images announced",
        ".gz",
        lambda data: gzip.compress(recount(data, -1)),
        IMAGES[1:],
        "expected 14896 bytes for its 19 images, got 15680",
    ),
    (
        "more labels announced",
        ".gz",
        lambda data: gzip.compress(recount(data, 1)),
        LABELS[1:],
        "expected 21 bytes for its 21 labels, got 20",
    ),
    (
        "fewer labels announced",
        "",
        lambda data: recount(data, -1),
        LABELS[:1],
        "expected 29 bytes for its 29 labels, got 30",
    ),
    ("an image cut", "", lambda data: data[:-1], IMAGES[:1], "for its 30 images, got 23519"),
    (
        "a label for each image but one",
        "",
        lambda data: recount(data[:-1], -1),
        LABELS[:1],
        "expected 30 labels, one for each image of ",
    ),
    (
        "a label too many",
        "",
        lambda data: recount(data + b"\0", 1),
        LABELS[1:],
        "expected 20 labels, one for each image of ",
    ),
    ("a label above 9", "", lambda data: data[:-1] + b"\x0a", LABELS, "expected labels from 0 to 9, got 10"),
    ("images of 27x29", "", lambda data: images_of((30, 27, 29)), IMAGES, "expected images of 28x28 pixels, got 27x29"),
    ("images of 56x14", "", lambda data: images_of((30, 56, 14)), IMAGES, "expected images of 28x28 pixels, got 56x14"),
    ("no images", "", lambda data: images_of((0, 28, 28)), IMAGES, "expected at least one image, got none"),
]


@pytest.mark.parametrize(
    "suffix, broken, name, text",
    [
        pytest.param(suffix, broken, name, text, id=f"{what} for {name[:10]}")
        for what, suffix, broken, names, text in BROKEN
        for name in names
    ],
)
def test_broken_file_is_one_error_and_stays(tmp_path, connections, capfd, suffix, broken, name, text):
    files = idx_files(some_digits())
    write_idx(tmp_path, some_digits())
    os.unlink(str(tmp_path / (name + ".gz")))
    path = put(tmp_path / (name + suffix), broken(files[name]))
    assert_refused(lambda **options: read(tmp_path, **options), path, text, tmp_path, connections, capfd)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("suffix", [".gz", ""])
def test_directory_in_a_files_place_is_one_error(tmp_path, connections, capfd, name, suffix):
    write_idx(tmp_path, some_digits())
    os.unlink(str(tmp_path / (name + ".gz")))
    path = tmp_path / (name + suffix)
    path.mkdir()
    assert_refused(
        lambda **options: read(tmp_path, **options), str(path), "cannot be read", tmp_path, connections, capfd
    )
    assert path.is_dir()


def test_broken_file_is_an_error_though_good_ones_stand_beside_it(tmp_path, connections, capfd):
    arrays = some_digits()
    write_idx(tmp_path, arrays)
    for name, data in idx_files(arrays).items():
        put(tmp_path / name, data)
    write_npz(tmp_path / "mnist.npz", arrays)
    write_npz(keras_cache(), arrays)
    path = put(tmp_path / (NAMES[0] + ".gz"), PAGE)
    assert_refused(lambda **options: read(tmp_path, **options), path, "got a web page", tmp_path, connections, capfd)


def npz_bytes(**changes):
    """Returns Keras' mnist.npz with some arrays changed, or left out where None is given."""
    arrays = dict(zip(("x_train", "y_train", "x_test", "y_test"), some_digits()), **changes)
    f = io.BytesIO()
    np.savez(f, **{name: array for name, array in arrays.items() if array is not None})
    return f.getvalue()


def npy_bytes(array):
    f = io.BytesIO()
    np.save(f, array)
    return f.getvalue()


X, Y = some_digits()[:2]
NPZ = "expected Keras' mnist.npz with x_train, y_train, x_test, y_test, got "


BROKEN_NPZ = {
    "a truncated npz": (lambda: npz_bytes()[:-50], NPZ),
    "an npz damaged inside": (lambda: flipped(npz_bytes(), 5000), NPZ),
    "a web page": (lambda: PAGE, NPZ),
    "an empty file": (lambda: b"", NPZ),
    "an npy": (lambda: npy_bytes(X), NPZ),
    "no x_train": (lambda: npz_bytes(x_train=None), NPZ + "KeyError: "),
    "no y_test": (lambda: npz_bytes(y_test=None), NPZ + "KeyError: "),
    "pickled labels": (lambda: npz_bytes(y_train=Y.astype(object)), NPZ + "ValueError: Object"),
    # NumPy 2 refuses this in three lines, NumPy 1 reads it.
    "a long header": (lambda: npz_bytes(x_train=np.zeros(9, [("a" * 20000, np.uint8)])), "x_train"),
    "float images": (
        lambda: npz_bytes(x_train=X / 255.0),
        "expected x_train as uint8 [n, 28, 28], got float64 [30, 28, 28]",
    ),
    "int64 labels": (lambda: npz_bytes(y_test=Y[:20].astype(np.int64)), "expected y_test as uint8 [n], got int64 [20]"),
    "flat images": (
        lambda: npz_bytes(x_test=X[:20].reshape(20, 784)),
        "expected x_test as uint8 [n, 28, 28], got uint8 [20, 784]",
    ),
    "images of 27x28": (
        lambda: npz_bytes(x_train=X[:, 1:].copy()),
        "expected x_train as uint8 [n, 28, 28], got uint8 [30, 27, 28]",
    ),
    "one-hot labels": (
        lambda: npz_bytes(y_train=np.eye(10, dtype=np.uint8)[Y]),
        "expected y_train as uint8 [n], got uint8 [30, 10]",
    ),
    "a label for each image but one": (
        lambda: npz_bytes(y_train=Y[:-1]),
        "(y_train): expected 30 labels, one for each image of ",
    ),
    "labels above 9": (lambda: npz_bytes(y_test=Y[:20] + 1), "(y_test): expected labels from 0 to 9, got 10"),
    "no images": (lambda: npz_bytes(x_train=X[:0], y_train=Y[:0]), "(x_train): expected at least one image, got none"),
}


@pytest.mark.parametrize("place", ["folder", "cache"])
@pytest.mark.parametrize("what", sorted(BROKEN_NPZ))
def test_broken_npz_is_one_error_and_stays(tmp_path, connections, capfd, what, place):
    broken, text = BROKEN_NPZ[what]
    path = {"folder": str(tmp_path / "mnist.npz"), "cache": keras_cache()}[place]
    os.makedirs(os.path.dirname(path), exist_ok=True)
    put(path, broken())
    assert_refused(lambda **options: read(tmp_path, **options), path, text, os.path.dirname(path), connections, capfd)


@pytest.mark.parametrize("place", ["folder", "cache"])
def test_directory_in_an_npzs_place_is_one_error(tmp_path, connections, capfd, place):
    path = {"folder": str(tmp_path / "mnist.npz"), "cache": keras_cache()}[place]
    os.makedirs(path)
    assert_refused(lambda **options: read(tmp_path, **options), path, NPZ, tmp_path, connections, capfd)
    assert os.path.isdir(path)
