"""Programs with Keras: with Keras 2 (tf_keras) they have the numbers of TensorFlow 1.15, without it they say so.

tests/golden/keras/*.txt is what the programs of tests/listings/keras print on TensorFlow 1.15.5, those of the package
keras with Keras 2.3.1.
"""

import os
import re
import subprocess
import sys
import textwrap

import pytest

from tests.support.paths import GOLDEN, LISTINGS, ROOT

NAMES = ("keras_package", "keras_in_tensorflow")

# One line for each use of Keras: none may go on with Keras 3.
USES = ("import keras.backend as K", "import tensorflow as tf; tf.keras.layers.Dense(3)")
MORE_USES = (
    "import keras",
    "from keras.layers import Dense",
    "from tensorflow.keras import backend",
    "from tensorflow.python.keras.layers import Dense",
    "import tensorflow as tf; tf.keras.initializers.glorot_uniform()",
)


@pytest.fixture
def listing(tmp_path):
    """Returns a function that writes a file of a program: listing("main.py", text) -> path."""

    def write(name, text):
        (tmp_path / name).write_text(textwrap.dedent(text), encoding="utf-8")
        return str(tmp_path / name)

    return write


def run(path, *folders):
    """Runs a program in a process of its own, with more folders of modules; returns (status, out, err)."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "legacy_gan", "run", path],
        capture_output=True,
        text=True,
        env=dict(os.environ, PYTHONPATH=os.pathsep.join((ROOT,) + folders), MPLBACKEND="agg"),
        timeout=300,
    )
    # TensorFlow 2 speaks of the graphics card that is not there when the first session opens.
    err = "\n".join(line for line in done.stderr.splitlines() if "cuInit" not in line and line.strip())
    return done.returncode, done.stdout, err


def numbers(text):
    return [float(number) for number in re.findall(r"-?\d+\.\d+", text)]


def words(text):
    return re.sub(r"-?\d+\.\d+", "#", text)


@pytest.mark.programs
@pytest.mark.newest
@pytest.mark.parametrize("name", NAMES)
def test_a_program_with_keras_prints_what_it_printed_on_tensorflow_1(name):
    status, out, err = run(os.path.join(LISTINGS, "keras", f"{name}.py"))
    assert status == 0, err  # Keras warns of arguments of Keras 1
    with open(os.path.join(GOLDEN, "keras", f"{name}.txt"), encoding="utf-8") as f:
        expected = f.read()
    assert words(out) == words(expected)
    # float32, five places: the last one may be rounded the other way, and some steps of training amplify it
    assert numbers(out) == pytest.approx(numbers(expected), abs=3e-5)


@pytest.mark.programs
@pytest.mark.newest
def test_a_program_has_its_own_module_of_the_name_keras(listing):
    listing("keras.py", "here = 'beside the program'\n")
    assert run(listing("main.py", "import keras\nprint(keras.here)\n"))[:2] == (0, "beside the program\n")


@pytest.mark.programs
@pytest.mark.newest
def test_every_module_of_the_package_keras_is_there(listing):
    path = listing(
        "modules.py",
        """\
        import keras
        import keras.layers.normalization, keras.utils.vis_utils, keras.applications.vgg16, keras.wrappers
        from keras import activations, applications, callbacks, constraints, datasets, initializations, metrics
        from keras.applications.resnet50 import ResNet50, preprocess_input
        from keras.backend import tensorflow_backend as KTF
        from keras.backend.tensorflow_backend import set_session
        from keras.datasets import cifar10, imdb, mnist
        from keras.engine import InputSpec, Layer
        from keras.engine.base_layer import Layer as same
        from keras.engine.training import Model
        from keras.layers import *
        from keras.layers.convolutional import Convolution2D, Deconvolution2D, UpSampling2D, ZeroPadding2D
        from keras.layers.core import Dense as dense
        from keras.layers.embeddings import Embedding
        from keras.layers.merge import add, concatenate
        from keras.layers.noise import GaussianNoise
        from keras.layers.recurrent import LSTM
        from keras.layers.wrappers import Bidirectional, TimeDistributed
        from keras.objectives import binary_crossentropy
        from keras.optimizers import SGD, adam, rmsprop
        import tensorflow as tf
        from tensorflow.python.keras.engine.training import Model as inner
        from tensorflow.python.keras.layers import Dense as inner_dense, Dropout
        from tensorflow.python.keras.layers.core import Dense as innermost
        from tensorflow.python.keras.optimizer_v2.adam import Adam
        assert inner is tf.keras.Model and inner_dense is innermost is tf.keras.layers.Dense
        assert Adam is tf.keras.optimizers.Adam
        from keras.preprocessing import image, sequence, text
        from keras.regularizers import l1, l1_l2, l2
        from keras.utils.data_utils import get_file
        from keras.utils.generic_utils import Progbar
        from keras.utils.np_utils import to_categorical
        from keras.utils.vis_utils import model_to_dot, plot_model
        assert adam is keras.optimizers.Adam and rmsprop is keras.optimizers.RMSprop
        assert Layer is same and Dense is dense and KTF.set_session is set_session and keras.models.Model is Model
        try:
            from keras.layers import Denser
        except ImportError as e:
            print(e)
        try:
            from tensorflow.python.keras.engine import training_utils
        except ImportError as e:
            assert "tf.keras.engine is not served" in str(e)
        try:
            import keras.spam
        except ImportError as e:
            print(e)
        """,
    )
    status, out, err = run(path)
    assert (status, err) == (0, "")
    assert out.splitlines()[0] == "cannot import name 'Denser' from 'keras.layers'"
    assert out.splitlines()[1].startswith("keras.spam is not served")


@pytest.mark.newest
@pytest.mark.parametrize("use", USES + tuple(pytest.param(use, marks=pytest.mark.slow) for use in MORE_USES))
def test_without_keras_2_a_program_ends_with_one_line_that_has_the_pip_command(use, listing, tmp_path):
    hidden = tmp_path / "hidden" / "sitecustomize.py"  # the package, where it is installed
    hidden.parent.mkdir()
    hidden.write_text(
        "import importlib.util\nfound = importlib.util.find_spec\n"
        "importlib.util.find_spec = lambda name, *rest: None if name == 'tf_keras' else found(name, *rest)\n"
    )
    path = listing("main.py", f"{use}\nprint('went on')\n")
    status, out, err = run(path, str(hidden.parent))
    assert (status, out) == (2, "")
    assert re.fullmatch(r'legacy-gan: .*main.py:1: .*pip install "tf_keras~=2\.\d+\.0"', err.splitlines()[-1]), err
