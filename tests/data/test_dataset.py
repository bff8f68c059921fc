"""legacy_gan.data.dataset and read_data_sets: TF 1.15's batches to the pixel."""

import hashlib
import inspect
import json
import os

import numpy as np
import pytest

from legacy_gan import input_data
from tests.support import synthetic_mnist
from tests.support.paths import GOLDEN
from tests.support.small_sets import SETS, assert_identical, read, some_digits, write_idx

pytestmark = [pytest.mark.no_tensorflow, pytest.mark.both_ends, pytest.mark.python]

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


@pytest.mark.tensorflow
def test_tf_dtypes_are_taken(tmp_path):
    from legacy_gan.tf1 import tf

    write_idx(tmp_path, some_digits())
    assert read(tmp_path, dtype=tf.float32).train.images.dtype == np.float32
    assert read(tmp_path, dtype=tf.uint8).train.images.dtype == np.uint8


def test_arguments_stand_in_the_order_of_tf_115():
    reading = inspect.signature(input_data.read_data_sets).parameters
    assert tuple(reading)[:8] == SIGNATURE
    defaults = [parameter.default for parameter in reading.values()]
    url = input_data.DEFAULT_SOURCE_URL
    assert defaults[1:3] + defaults[4:] == [False, False, True, 5000, None, url, False, False, False, None]
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


@pytest.mark.tensorflow
@pytest.mark.tf1
@pytest.mark.parametrize("script", sorted(SCRIPTS))
def test_batches_are_tf_115s(tensorflows, made_folder, script):
    ours = input_data.read_data_sets(made_folder, seed=17)
    theirs = tensorflows.read_data_sets(made_folder, seed=17)
    assert_same_play(ours, theirs, SCRIPTS[script])


@pytest.mark.tensorflow
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


@pytest.mark.tensorflow
@pytest.mark.tf1
@pytest.mark.parametrize("seed", [0, 1, 2**31 - 1, 2**31, 2**32 + 5, -1])
def test_seeds_are_tf_115s(tensorflows, made_folder, seed):
    ours = input_data.read_data_sets(made_folder, seed=seed)
    theirs = tensorflows.read_data_sets(made_folder, seed=seed)
    assert_same_play(ours, theirs, SCRIPTS["batches that wrap"])


@pytest.mark.tensorflow
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


@pytest.mark.tensorflow
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


@pytest.mark.tensorflow
@pytest.mark.tf1
@pytest.mark.parametrize("size", [-1, 5601])
def test_validation_size_out_of_range_reads_as_on_tf_115(tensorflows, made_folder, size):
    errors = []
    for module in (input_data, tensorflows):
        with pytest.raises(ValueError) as caught:
            module.read_data_sets(made_folder, validation_size=size)
        errors.append(str(caught.value))
    assert errors[0].startswith(errors[1])


@pytest.mark.tensorflow
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
