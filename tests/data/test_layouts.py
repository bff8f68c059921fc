"""The folders that people have, torchvision's, Kaggle's, EMNIST's, tables, pickles: read, and which of them train."""

import gzip
import os
import pickle

import numpy as np
import pytest

from legacy_gan import input_data, registry
from legacy_gan.training import run_data
from tests.support.small_sets import (
    NAMES,
    assert_holds,
    assert_identical,
    assert_refused,
    files_in,
    idx_files,
    put,
    read,
    some_digits,
    write_idx,
    write_npz,
)

pytestmark = [pytest.mark.no_tensorflow, pytest.mark.both_ends, pytest.mark.python]


def write_emnist(folder, arrays, kind="digits", pack=gzip.compress, suffix=".gz"):
    """EMNIST's names; the pictures lie on their side."""
    x, y, test_x, test_y = arrays
    os.makedirs(str(folder), exist_ok=True)
    for name, data in idx_files((x.transpose(0, 2, 1), y, test_x.transpose(0, 2, 1), test_y)).items():
        put(os.path.join(str(folder), f"emnist-{kind}-{name.replace('t10k', 'test')}{suffix}"), pack(data))


def write_unpacked(folder, arrays):
    os.makedirs(str(folder))
    for name, data in idx_files(arrays).items():
        put(os.path.join(str(folder), name), data)


def kaggles_folders(folder, arrays):
    for name, data in idx_files(arrays).items():
        (folder / name).mkdir()
        put(folder / name / name, data)


def kaggles_folders_and_files(folder, arrays):
    kaggles_folders(folder, some_digits(seed=77))
    for name, data in idx_files(arrays).items():
        put(folder / name.replace("-idx", ".idx"), data)


def kmnist(folder, arrays, kind="kmnist"):
    for name, array in zip(("train-imgs", "train-labels", "test-imgs", "test-labels"), arrays):
        np.savez_compressed(str(folder / f"{kind}-{name}.npz"), array)


def table(images, labels):
    return np.concatenate([labels[:, None].astype(int), images.reshape(len(images), -1)], 1)


def tables(header="", names=("mnist_train.csv", "mnist_test.csv"), turn=False):
    def write(folder, arrays):
        for name, images, labels in ((names[0],) + arrays[:2], (names[1],) + arrays[2:]):
            images = images.transpose(0, 2, 1) if turn else images
            np.savetxt(str(folder / name), table(images, labels), fmt="%d", delimiter=",", header=header, comments="")

    return write


COLUMNS = ",".join(["label"] + [f"{row}x{column}" for row in range(28) for column in range(28)])


def label_last(folder, arrays):
    for name, images, labels in (("train.csv",) + arrays[:2], ("test.csv",) + arrays[2:]):
        rows = np.roll(table(images, labels), -1, 1)
        header = ",".join([f"pixel{i}" for i in range(784)] + ["class"])
        np.savetxt(str(folder / name), rows, fmt="%d", delimiter=",", header=header, comments="")


def packed_tables(folder, arrays):
    tables(names=("train.csv", "test.csv"))(folder, arrays)
    for name in ("train.csv", "test.csv"):
        data = (folder / name).read_bytes().replace(b"\n", b"\r\n")
        put(folder / (name + ".gz"), gzip.compress(data))
        os.unlink(str(folder / name))


def pickled(packed=True, protocol=2, as_dict=False, flat=True):
    def write(folder, arrays):
        x, y, test_x, test_y = arrays
        if flat:  # as deeplearning.net's: 256ths, and three sets
            x, test_x = ((part.reshape(len(part), 784) / 256.0).astype(np.float32) for part in (x, test_x))
        held = ((x[:20], y[:20].astype(np.int64)), (x[20:], y[20:].astype(np.int64)), (test_x, test_y))
        if as_dict:
            held = {"training_images": x, "training_labels": y, "test_images": test_x, "test_labels": test_y}
        data = pickle.dumps(held, protocol)
        put(folder / ("mnist.pkl" + ".gz" * packed), gzip.compress(data) if packed else data)

    return write


LAYOUTS = {
    "torchvision": lambda folder, arrays: write_unpacked(folder / "MNIST" / "raw", arrays),
    "torchvision's MNIST": lambda folder, arrays: write_unpacked(folder / "raw", arrays),
    "torchvision's EMNIST": lambda folder, arrays: write_emnist(
        folder / "EMNIST" / "raw", arrays, "mnist", lambda data: data, ""
    ),
    "kaggle's files": lambda folder, arrays: [
        put(folder / name.replace("-idx", ".idx"), data) for name, data in idx_files(arrays).items()
    ],
    "kaggle's folders": kaggles_folders,
    "kaggle's folders and files": kaggles_folders_and_files,
    "emnist": write_emnist,
    "kmnist": kmnist,
    "k49": lambda folder, arrays: kmnist(folder, arrays, "k49"),
    "csv": tables(),
    "csv with a header": tables(COLUMNS),
    "csv with a quoted header": tables('"label",' + COLUMNS[6:]),
    "fashion's csv": tables(COLUMNS, ("fashion-mnist_train.csv", "fashion-mnist_test.csv")),
    "emnist's csv": tables("", ("emnist-digits-train.csv", "emnist-digits-test.csv"), turn=True),
    "csv with the label last": label_last,
    "packed csv": packed_tables,
    "pickle": pickled(),
    "unpacked pickle": pickled(packed=False),
    "pickle in text": pickled(protocol=0),
    "newest pickle": pickled(protocol=pickle.HIGHEST_PROTOCOL),
    "pickled dict": pickled(as_dict=True, flat=False),
}


@pytest.mark.parametrize("layout", sorted(LAYOUTS))
def test_layout_is_read_to_the_pixel_and_trains(tmp_path, connections, capfd, layout):
    arrays = some_digits()
    LAYOUTS[layout](tmp_path, arrays)
    before = files_in(tmp_path)
    assert_holds(read(tmp_path), arrays)
    trained = run_data.read(registry.model("conditional"), str(tmp_path), True).train
    assert_identical(trained.images, arrays[0].reshape(30, 784).astype(np.float32) * np.float32(1 / 255.0))
    assert trained.labels.argmax(1).tolist() == arrays[1].tolist()
    assert str(tmp_path) in trained.source
    assert connections == [] and files_in(tmp_path) == before and capfd.readouterr() == ("", "")


def with_labels_to(most):
    x, y, test_x, test_y = some_digits()
    return x, np.linspace(1, most, 30).astype(np.uint8), test_x, np.linspace(1, most, 20).astype(np.uint8)


LETTERS = {
    "emnist": lambda folder: write_emnist(folder, with_labels_to(26), "letters"),
    "kmnist": lambda folder: kmnist(folder, with_labels_to(48)),
    "csv": lambda folder: tables()(folder, with_labels_to(24)),
    "npz": lambda folder: write_npz(folder / "mnist.npz", with_labels_to(25)),
    "pickle": lambda folder: pickled()(folder, with_labels_to(25)),
}


@pytest.mark.parametrize("layout", sorted(LETTERS))
def test_letters_are_read_with_a_column_each_and_do_not_train(tmp_path, connections, capfd, layout):
    LETTERS[layout](tmp_path)
    labels = read(tmp_path, validation_size=0).train.labels
    one_hot = input_data.read_data_sets(tmp_path, one_hot=True, validation_size=0).train.labels
    assert one_hot.shape == (30, labels.max() + 1) and one_hot.argmax(1).tolist() == labels.tolist()
    assert_refused(
        lambda offline: run_data.read(registry.model("conditional"), str(tmp_path), offline),
        str(tmp_path),
        f"expected labels from 0 to 9, got {labels.max()}; name another folder",
        tmp_path,
        connections,
        capfd,
    )


@pytest.mark.parametrize(
    "arrays, text",
    [
        ((np.zeros((30, 32, 32), np.uint8),) + some_digits()[1:], "expected images of 28x28 pixels, got 32x32"),
        (some_digits()[:2] + (np.zeros((20, 27, 28), np.uint8), some_digits()[3]), "28x28 pixels, got 27x28"),
        (some_digits()[:3] + (some_digits()[3] + 1,), "expected labels from 0 to 9, got 10"),
        ((np.zeros((0, 28, 28), np.uint8), np.zeros(0, np.uint8)) + some_digits()[2:], "expected at least one image"),
        (some_digits()[:2] + (np.zeros((0, 28, 28), np.uint8), np.zeros(0, np.uint8)), "expected at least one image"),
    ],
    ids=["32x32", "27x28 to test", "label 10 to test", "no images", "no tests"],
)
def test_what_the_models_cannot_train_with_is_refused_though_it_is_read(tmp_path, connections, capfd, arrays, text):
    write_idx(tmp_path, arrays)
    assert read(tmp_path, validation_size=0).train.num_examples == len(arrays[0])
    assert_refused(
        lambda offline: run_data.read(registry.model("basic"), str(tmp_path), offline),
        str(tmp_path),
        text,
        tmp_path,
        connections,
        capfd,
    )


# Tables without tests.


@pytest.mark.parametrize("test_table", [False, True], ids=["no test table", "test table without labels"])
def test_tables_without_labels_for_tests_keep_a_tenth_for_them(tmp_path, connections, capfd, test_table):
    images, labels = some_digits(train=200)[:2]
    np.savetxt(str(tmp_path / "train.csv"), table(images, labels), fmt="%d", delimiter=",", header=COLUMNS, comments="")
    if test_table:  # as Kaggle's digit recognizer
        np.savetxt(str(tmp_path / "test.csv"), images.reshape(200, 784)[:50], fmt="%d", delimiter=",")
        put(tmp_path / "sample_submission.csv", b"ImageId,Label\n1,0\n")
    mnist = run_data.read(registry.model("conditional"), str(tmp_path), True)
    assert [data.num_examples for data in mnist] == [180, 0, 20]
    assert np.bincount(mnist.test.labels.argmax(1)).tolist() == [2] * 10
    together = np.concatenate([mnist.train.images, mnist.test.images])
    assert {bytes(image) for image in np.rint(together * 255).astype(np.uint8)} == {bytes(image) for image in images}
    err = capfd.readouterr().err
    assert err.count("\n") == 1 and "of each label one image in ten is kept for tests" in err


def text(data):
    return lambda folder: put(folder / "mnist_train.csv", data)


def two_emnists(folder):
    write_emnist(folder, some_digits(), "digits")
    write_emnist(folder, some_digits(), "letters")


def half_of(write, name):
    def halved(folder):
        write(folder, some_digits())
        os.unlink(str(folder / name))

    return halved


def two_torchvisions(folder):
    write_unpacked(folder / "MNIST" / "raw", some_digits())
    write_unpacked(folder / "FashionMNIST" / "raw", some_digits())


def half_torchvision(folder):
    write_unpacked(folder / "MNIST" / "raw", some_digits())
    os.unlink(str(folder / "MNIST" / "raw" / NAMES[1]))


def two_tables(folder):
    for name in ("mnist_train.csv", "fashion-mnist_train.csv"):
        put(folder / name, b"0,1,2,3,4\n")


def two_pickles(folder):
    pickled()(folder, some_digits())
    pickled(packed=False)(folder, some_digits())


BROKEN = {
    "two of EMNIST's sets": (
        two_emnists,
        "expected the four files of one of EMNIST's sets, got those of digits, letters",
    ),
    "a part of EMNIST": (
        half_of(write_emnist, "emnist-digits-train-labels-idx1-ubyte.gz"),
        "expected EMNIST's four files, emnist-digits-train-labels-idx1-ubyte missing",
    ),
    "a part of KMNIST": (half_of(kmnist, "kmnist-test-imgs.npz"), "expected four files, kmnist-test-imgs.npz missing"),
    "two of torchvision's sets": (two_torchvisions, "expected one set, got "),
    "a part of torchvision's": (half_torchvision, f"expected MNIST's four files, {NAMES[1]} missing"),
    "two tables": (
        two_tables,
        "expected one table to train with and at most one for tests, got fashion-mnist_train.csv",
    ),
    "two pickles": (two_pickles, "expected one pickle, got mnist.pkl, mnist.pkl.gz"),
    "a table of words": (
        text(b"sepal,petal,name\n1,2,setosa\n"),
        "expected a table of numbers, got one that cannot be read",
    ),
    "a table of few columns": (
        text(b"1,2,3\n4,5,6\n"),
        "expected a label and the pixels of a square image in each row",
    ),
    "rows of several lengths": (text(b"1,2,3,4,5\n1,2,3,4\n"), "expected 5 numbers in each row"),
    "a header alone": (text(b"label,a,b,c,d\n"), "it has no rows"),
    "an empty table": (text(b""), "expected a table of numbers"),
    "a table that is a web page": (text(b"<html>\n</html>\n"), "expected a table of numbers"),
    "one row": (text(b"1,2,3,4,5\n"), "expected two images of a label"),
    "half a pickle": (
        lambda folder: put(folder / "mnist.pkl", pickle.dumps(np.zeros((30, 784)))[:-100]),
        "got one that cannot be read",
    ),
    "a pickle of something else": (lambda folder: put(folder / "mnist.pkl", pickle.dumps([1])), "got something else"),
    "an empty pickle": (lambda folder: put(folder / "mnist.pkl", b""), "got one that cannot be read"),
}


@pytest.mark.parametrize("what", sorted(BROKEN))
def test_broken_layout_is_one_error_and_stays(tmp_path, connections, capfd, what):
    write, words = BROKEN[what]
    write(tmp_path)
    assert_refused(
        lambda offline: read(tmp_path, offline=offline, named=True), str(tmp_path), words, tmp_path, connections, capfd
    )


class Trap:
    """Unpickled without care, it makes a file."""

    def __init__(self, function, *arguments):
        self._made_by = function, arguments

    def __reduce__(self):
        return self._made_by


TRAPS = {
    "open": lambda: Trap(open, "unpickled", "w"),
    "os.system": lambda: Trap(os.system, "touch unpickled"),
    "eval": lambda: Trap(eval, "open('unpickled', 'w')"),
    "numpy's own functions": lambda: Trap(np.savetxt, "unpickled", [1]),
    "inside an array": lambda: np.array([Trap(open, "unpickled", "w")], dtype=object),
    "a class": lambda: registry.Model,
}


@pytest.mark.parametrize("protocol", [0, 2, pickle.HIGHEST_PROTOCOL])
@pytest.mark.parametrize("what", sorted(TRAPS))
def test_nothing_but_arrays_is_unpickled(tmp_path, connections, capfd, what, protocol):
    put(tmp_path / "mnist.pkl.gz", gzip.compress(pickle.dumps((TRAPS[what](), some_digits()), protocol)))
    assert_refused(
        lambda offline: read(tmp_path, offline=offline, named=True),
        str(tmp_path / "mnist.pkl.gz"),
        "which is not loaded",
        tmp_path,
        connections,
        capfd,
    )
    assert not os.path.exists("unpickled")
