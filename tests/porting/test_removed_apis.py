"""What `legacy-gan run` puts back of other packages, and which exceptions of a program it explains by Python 2."""

import textwrap

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
        (NameError("name 'xs' is not defined"), False),
        (ValueError("xrange"), False),
    ],
)
def test_errors_of_python_2_are_told_from_others(error, hint):
    assert bool(python2.hint(error)) is hint


# What is put back into packages, in a program of its own: the values are those of TensorFlow 1.15.5's environment
# (Python 3.7, SciPy 1.1 and 1.7, scikit-learn 1.0, Pillow 9.5, matplotlib 3.5, h5py 2.10).

STANDARD_LIBRARY = """\
    import array, base64, collections, imp, inspect, json, random, threading, time, unittest
    import xml.etree.ElementTree as E
    from distutils.version import LooseVersion
    from distutils.util import strtobool
    print(threading.Thread(target=print).isAlive(), base64.encodestring(b"a"), json.loads("{}", encoding="utf-8"))
    random.seed(3)
    numbers = [1, 2, 3, 4]
    random.shuffle(numbers, random.random)
    print(numbers, random.sample({1, 2, 3}, 2), random.randint(0, 9.0), random.randrange(5.0))
    random.seed((1, 2) if False else 7)
    print([child.tag for child in E.fromstring("<a><b/></a>").getchildren()], open(__file__, "rU").read(6))
    print(LooseVersion("1.15.5") < "1.16", LooseVersion("2.0.0-beta1").version, int(strtobool("yes")))
    print(array.array("b", [1]).tostring(), imp.new_module("m").__name__, inspect.getargspec(lambda a, *b: 0).varargs)
    print(collections.Mapping.__name__, time.clock() > 0, hasattr(unittest.TestCase, "assertEquals"))
"""
GRAPHICS = """\
    import matplotlib; matplotlib.use("Agg")
    import matplotlib.pyplot as plt, numpy as np, h5py
    from mpl_toolkits.mplot3d import Axes3D
    from PIL import Image, ImageDraw, ImageFont
    font = ImageFont.load_default()
    draw = ImageDraw.Draw(Image.new("L", (9, 9)))
    print(font.getsize("ab"), draw.textsize("ab"), draw.textsize("ab\\ncde"), Image.ANTIALIAS == Image.LANCZOS)
    figure = plt.figure(figsize=(1, 1)); figure.canvas.draw()
    pixels = np.frombuffer(figure.canvas.tostring_rgb(), np.uint8)
    print(pixels.shape, pixels.min())
    figure = plt.figure(figsize=(1, 1))
    axes = Axes3D(figure)
    axes.plot([0, 1], [0, 1], [0, 1])
    figure.canvas.draw()
    print(len(figure.axes), np.asarray(figure.canvas.buffer_rgba())[..., :3].min() < 255, axes.w_xaxis is axes.xaxis)
    figure = plt.figure()
    other = plt.figure()
    other.add_subplot(111, projection="3d")
    print(figure.gca(projection="3d").name, plt.gca().name, len(figure.axes), len(other.axes))
    figure, axes = plt.subplots()
    lines = axes.plot([1, 2], label="a")
    print(len(axes.legend().legendHandles), axes.lines.remove(lines[0]), len(axes.lines))
    figure.canvas.set_window_title("a"); plt.hold(True)
    print(plt.cm.get_cmap("gray").name, "seaborn" in plt.style.library)
    with h5py.File("a.h5") as f:
        f["x"] = [1, 2]
    print(h5py.File("a.h5", "r")["x"].value.tolist())
"""
SCIENCE = """\
    import numpy as np
    import scipy, scipy.sparse as sp
    import scipy.misc
    from scipy import integrate, linalg, ndimage, signal, stats
    from scipy.misc import derivative, imfilter, imsave
    from scipy.sparse.linalg.eigen.arpack import eigsh
    from scipy.sparse.linalg import cg
    from sklearn.cluster import KMeans
    from sklearn.cross_validation import KFold, train_test_split
    from sklearn.externals import joblib
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.manifold import TSNE
    from sklearn.manifold.t_sne import TSNE as same
    from sklearn.metrics import mean_squared_error
    from sklearn.preprocessing import Imputer, OneHotEncoder
    from sklearn.utils.linear_assignment_ import linear_assignment
    print(round(float(eigsh(sp.diags([1.0, 2.0, 3.0, 2.0, 1.0]), 1, which="LM")[0][0]), 3))
    imsave("a.png", np.zeros((4, 4, 3), np.uint8))
    print(ndimage.imread("a.png").shape, round(derivative(lambda x: x ** 3, 2.0, dx=1e-3), 3))
    print(imfilter(np.zeros((4, 4), np.uint8), "blur").shape, scipy.sqrt(4.0), scipy.array([1]).tolist())
    print(round(integrate.simps([0.0, 1.0, 4.0, 9.0]), 6), integrate.trapz([0.0, 1.0, 4.0]), signal.hann(3).tolist())
    root, error = linalg.sqrtm(np.array([[4.0, 0.0], [0.0, 9.0]]), disp=False)
    print(root.tolist(), error < 1e-12, stats.mode([1, 2, 2])[0].tolist(), stats.itemfreq([1, 2, 2]).tolist())
    print(cg(np.eye(2), np.ones(2), tol=1e-8)[0].tolist(), linalg.eigh(np.diag([1.0, 2.0]), eigvals=(1, 1))[0].tolist())
    points = np.random.RandomState(0).rand(6, 3)
    print(TSNE(perplexity=2, n_components=2, init="pca", n_iter=250).fit_transform(points).shape, same is TSNE)
    print(TSNE().get_params()["init"], KMeans(2, n_jobs=1).n_init, len(list(KFold(4, n_folds=2))))
    print(mean_squared_error([1.0], [3.0], squared=False), Imputer().fit_transform([[1.0], [np.nan]]).tolist())
    print(OneHotEncoder(sparse=False).fit_transform([[0], [1]]).tolist(), linear_assignment([[1, 0], [0, 1]]).tolist())
    vectorizer = CountVectorizer()
    vectorizer.fit(["a bc de"])
    print(vectorizer.get_feature_names(), joblib.dump.__name__)
"""
PUT_BACK = {
    "standard_library": (
        STANDARD_LIBRARY,
        """\
        False b'YQ==\\n' {}
        [3, 4, 2, 1] [3, 2] 9 0
        ['b'] import
        True [2, 0, 0, '-', 'beta', 1] 1
        b'\\x01' m b
        Mapping True True
        """,
    ),
    "graphics": (
        GRAPHICS,
        """\
        (12, 11) (12, 11) (18, 26) True
        (30000,) 255
        1 True True
        3d 3d 1 1
        1 None 0
        gray True
        [1, 2]
        """,
    ),
    "science": (
        SCIENCE,
        """\
        3.0
        (4, 4, 3) 12.0
        (4, 4) 2.0 [1]
        9.166667 3.0 [0.0, 1.0, 0.0]
        [[2.0, 0.0], [0.0, 3.0]] True [2] [[1, 1], [2, 2]]
        [1.0, 1.0] [2.0]
        (6, 2) True
        random 10 2
        2.0 [[1.0], [1.0]]
        [[1.0, 0.0], [0.0, 1.0]] [[0, 1], [1, 0]]
        ['bc', 'de'] dump
        """,
    ),
}


@pytest.mark.tensorflow
@pytest.mark.newest
@pytest.mark.python
@pytest.mark.parametrize("name", sorted(PUT_BACK))
def test_what_packages_took_out_is_there_again(name, tmp_path, forked):
    text, expected = PUT_BACK[name]
    for package in {"science": ("sklearn",), "graphics": ("h5py", "mpl_toolkits"), "standard_library": ()}[name]:
        pytest.importorskip(package)
    path = tmp_path / "main.py"
    path.write_text(textwrap.dedent(text))
    status, out, err = forked.run("run", path)
    assert (status, out) == (0, textwrap.dedent(expected)), err
