"""What `legacy-gan run` puts back of SciPy, and which exceptions of a program it explains by Python 2."""

import numpy as np
import pytest

from legacy_gan.porting import python2
from legacy_gan.porting.program import scipy_misc

pytestmark = pytest.mark.no_tensorflow

FLOATS = np.array([[91.06794177, 3.39058326, 84.4221549], [73.88003259, 80.91433048, 4.88878881]])


@pytest.mark.parametrize(
    "options,expected",
    [
        ({}, [[255, 0, 236], [205, 225, 4]]),
        (dict(high=200, low=100), [[200, 100, 192], [180, 188, 102]]),
        (dict(cmin=0, cmax=255), [[91, 3, 84], [74, 81, 5]]),
    ],
)
def test_bytescale_stretches_smallest_to_largest(options, expected):
    assert scipy_misc.bytescale(FLOATS, **options).tolist() == expected  # SciPy 1.1's numbers


def test_bytescale_leaves_uint8_and_survives_a_flat_picture():
    data = np.uint8([[7, 9]])
    assert scipy_misc.bytescale(data) is data
    assert scipy_misc.bytescale(np.full((2, 2), 3.0)).tolist() == [[0, 0], [0, 0]]
    with pytest.raises(ValueError, match="0 <= low <= high <= 255"):
        scipy_misc.bytescale(FLOATS, high=300)


def test_saved_picture_is_read_back(tmp_path):
    path = str(tmp_path / "picture.png")
    colours = np.arange(5 * 7 * 3, dtype=np.uint8).reshape(5, 7, 3)
    scipy_misc.imsave(path, colours)
    np.testing.assert_array_equal(scipy_misc.imread(path), colours)
    grey = colours @ np.array([0.299, 0.587, 0.114])
    flat = scipy_misc.imread(path, flatten=True)
    assert flat.dtype == np.float32
    np.testing.assert_allclose(flat, grey, atol=1e-3)  # Pillow's weights have three digits
    assert scipy_misc.imread(path, mode="L").dtype == np.uint8
    scipy_misc.imsave(path, FLOATS)
    assert scipy_misc.imread(path).tolist() == [[255, 0, 236], [205, 225, 4]]


def test_image_has_the_mode_and_the_axis_of_its_channels():
    data = np.random.RandomState(0).uniform(size=(5, 7, 3))
    assert scipy_misc.toimage(data).mode == "RGB"
    moved = scipy_misc.toimage(np.moveaxis(data, 2, 0))
    np.testing.assert_array_equal(np.array(moved), np.array(scipy_misc.toimage(data)))
    assert scipy_misc.toimage(data[:, :, 0]).size == (7, 5)
    assert scipy_misc.toimage(data[:, :, 0], mode="F").getpixel((1, 0)) == np.float32(data[0, 1, 0])
    with pytest.raises(ValueError, match="3 or 4 channels.*5, 7, 2"):
        scipy_misc.toimage(data[:, :, :2])


@pytest.mark.parametrize(
    "size,expected",
    [(50, (2, 4)), (np.int64(200), (10, 16)), (0.5, (2, 4)), (np.float32(2), (10, 16)), ((3, 11), (3, 11))],
)
def test_imresize_takes_percent_a_fraction_or_a_size(size, expected):
    data = np.arange(40, dtype=np.uint8).reshape(5, 8)
    assert scipy_misc.imresize(data, size).shape == expected


def test_imresize_knows_its_interpolations():
    data = np.uint8([[0, 200], [100, 50]])
    assert scipy_misc.imresize(data, 200, "nearest").tolist() == [[0, 0, 200, 200]] * 2 + [[100, 100, 50, 50]] * 2
    results = {
        name: scipy_misc.imresize(data, 200, name).tobytes() for name in ("nearest", "bilinear", "bicubic", "lanczos")
    }
    assert len(set(results.values())) == 4
    assert scipy_misc.imresize(data, 200, "cubic").tobytes() == results["bicubic"]
    assert scipy_misc.imresize(data, 200).tobytes() == results["bilinear"]


@pytest.mark.parametrize(
    "error,hint",
    [
        (NameError("name 'xrange' is not defined"), True),
        (ImportError("No module named 'cPickle'"), True),
        (AttributeError("'dict' object has no attribute 'iteritems'"), True),
        (SyntaxError("Missing parentheses in call to 'print'"), True),
        (NameError("name 'xs' is not defined"), False),
        (ValueError("xrange"), False),
    ],
)
def test_errors_of_python_2_are_told_from_others(error, hint):
    assert bool(python2.hint(error)) is hint
