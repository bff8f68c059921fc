"""legacy_gan.data.idx and npz: broken files are one error that names the file; others than MNIST's are read."""

import gzip
import io
import os

import numpy as np
import pytest

from legacy_gan import input_data
from tests.support.small_sets import (
    GZIP,
    NAMES,
    PAGE,
    assert_holds,
    assert_identical,
    assert_refused,
    flipped,
    idx_files,
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
    "float images of any size": (
        lambda: npz_bytes(x_train=X * 1.5),
        "(x_train): expected pixels from 0 to 255, or from 0 to 1, got 0 to ",
    ),
    "images from -1 to 1": (
        lambda: npz_bytes(x_train=X / 127.5 - 1),
        "(x_train): expected pixels from 0 to 255, or from 0 to 1, got -1 to ",
    ),
    "images without a number": (lambda: npz_bytes(x_train=X * np.nan), "(x_train): expected pixels from 0 to 255, or"),
    "flat images of no square": (
        lambda: npz_bytes(x_test=X[:20].reshape(20, 784)[:, :783]),
        "(x_test): expected grey images, numbers [n, height, width], got uint8 [20, 783]",
    ),
    "coloured images": (
        lambda: npz_bytes(x_train=np.stack([X] * 3, 3)),
        "(x_train): expected grey images, numbers [n, height, width], got uint8 [30, 28, 28, 3]",
    ),
    "one-hot labels": (
        lambda: npz_bytes(y_train=np.eye(10, dtype=np.uint8)[Y]),
        "(y_train): expected labels, a number for each image [n], got uint8 [30, 10]",
    ),
    "labels that are no whole numbers": (
        lambda: npz_bytes(y_train=Y + 0.5),
        "(y_train): expected whole numbers from 0 to 255, got 0.5 to 9.5",
    ),
    "negative labels": (
        lambda: npz_bytes(y_test=Y[:20].astype(int) - 1),
        "(y_test): expected whole numbers from 0 to 255, got -1 to 8",
    ),
    "a label for each image but one": (
        lambda: npz_bytes(y_train=Y[:-1]),
        "(y_train): expected 30 labels, one for each image of ",
    ),
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


# What TF 1.15 reads, which is more than the models train with.


def test_sizes_labels_and_counts_are_those_of_the_files(tmp_path):
    arrays = (
        np.arange(7 * 27 * 29).reshape(7, 27, 29).astype(np.uint8),
        np.array([1, 26, 255, 0, 9, 10, 3], np.uint8),
        np.arange(3 * 56 * 14).reshape(3, 56, 14).astype(np.uint8),
        np.array([200, 0, 11], np.uint8),
    )
    write_idx(tmp_path, arrays)
    mnist = read(tmp_path, validation_size=2, reshape=False)
    for data, images, labels in zip(
        mnist, (arrays[0][2:], arrays[0][:2], arrays[2]), (arrays[1][2:], arrays[1][:2], arrays[3])
    ):
        assert_identical(data.images, images[..., None])
        assert_identical(data.labels, labels)
    assert read(tmp_path, validation_size=2).train.images.shape == (5, 27 * 29)


def test_a_set_may_be_empty(tmp_path):
    images, labels = some_digits()[:2]
    write_idx(tmp_path, (images, labels, images[:0], labels[:0]))
    assert read(tmp_path).test.num_examples == 0


def test_one_hot_labels_beyond_9_are_tf_115s(tmp_path, capfd):
    """As TF 1.15 did: the 15 of the first row marks column 5 of the second, the 17 column 7 of the last."""
    images = np.zeros((5, 28, 28), np.uint8)
    labels = np.array([15, 5, 8, 17, 0], np.uint8)
    write_idx(tmp_path, (images, labels, images, labels % 10))
    rows = input_data.read_data_sets(tmp_path, one_hot=True, validation_size=1).train.labels
    expected = np.zeros((5, 10))
    expected[[1, 1, 2, 4, 4], [5, 5, 8, 7, 0]] = 1
    assert_identical(rows, expected[1:])  # split after that, as there
    assert "labels up to 17, but one_hot gives ten columns: as in TensorFlow 1.15" in capfd.readouterr().err
    write_idx(tmp_path, (images, labels[::-1].copy(), images, labels % 10))
    with pytest.raises(IndexError, match="index 55 is out of bounds for (axis 0 with )?size 50"):
        input_data.read_data_sets(tmp_path, one_hot=True, validation_size=1)


@pytest.mark.parametrize(
    "code, kind", [(8, "u1"), (9, "i1"), (11, ">i2"), (12, ">i4"), (13, ">f4"), (14, ">f8")], ids=str
)
def test_idx_files_of_every_type_are_read(tmp_path, code, kind):
    images, labels, test_images, test_labels = some_digits()
    images, test_images = images // 2, test_images // 2  # i1
    for name, array in zip(NAMES, (images, labels, test_images, test_labels)):
        header = bytes([0, 0, code, array.ndim]) + np.array(array.shape, ">u4").tobytes()
        put(tmp_path / name, header + array.astype(kind).tobytes())
    assert_holds(read(tmp_path), (images, labels, test_images, test_labels))


AS_THEY_ARE_SAVED = {
    "uint8": lambda x: x,
    "float64 from 0 to 1": lambda x: x / 255.0,
    "float32 from 0 to 1": lambda x: (x / 255.0).astype(np.float32),
    "256ths": lambda x: (x / 256.0).astype(np.float32),
    "float32 from 0 to 255": lambda x: x.astype(np.float32),
    "int64": lambda x: x.astype(np.int64),
    "flat": lambda x: x.reshape(len(x), 784),
    "with a channel": lambda x: x[..., None],
}


@pytest.mark.parametrize("saved", sorted(AS_THEY_ARE_SAVED))
@pytest.mark.parametrize("labels", ["int64", "float32", "column"])
def test_npz_is_the_same_however_it_was_saved(tmp_path, capfd, saved, labels):
    x, y, test_x, test_y = some_digits()
    as_saved = AS_THEY_ARE_SAVED[saved]
    y_saved = y[:, None] if labels == "column" else y.astype(labels)
    write_npz(tmp_path / "mnist.npz", (as_saved(x), y_saved, as_saved(test_x), test_y))
    assert_holds(read(tmp_path), (x, y, test_x, test_y))
    assert capfd.readouterr() == ("", "")


def test_pixels_between_two_greys_are_rounded_and_that_is_said(tmp_path, capfd):
    x, y, test_x, test_y = some_digits()
    write_npz(tmp_path / "mnist.npz", (x * 0.999 / 255, y, test_x, test_y))
    images = read(tmp_path, validation_size=0).train.images
    assert np.abs(images.reshape(x.shape) - x * 0.999).max() <= 0.5
    assert capfd.readouterr().err == (
        f"legacy_gan: {tmp_path / 'mnist.npz'} (x_train): pixels of float64 are rounded to 256 greys\n"
    )
