"""legacy_gan.tf1.import_statements: with tf1.tf, a person's own files import TensorFlow 1's modules."""

import os
import subprocess
import sys
import textwrap

import pytest
import tensorflow.compat.v1 as v1

from legacy_gan.errors import CannotImport
from legacy_gan.porting import symbols
from legacy_gan.porting.finding import NEEDS_TF1, NOT_SERVED
from legacy_gan.tf1 import import_statements, namespace, tf
from tests.support.paths import ROOT

pytestmark = pytest.mark.skipif(v1.version.VERSION.startswith("1."), reason="TensorFlow 1 has these modules itself")


def test_the_forms_of_import_that_programs_have():
    import tensorflow.contrib.layers
    import tensorflow.contrib.slim as slim
    import tensorflow.examples.tutorials.mnist.input_data as mnist_reader
    from tensorflow.contrib import rnn
    from tensorflow.contrib.layers import xavier_initializer
    from tensorflow.contrib.layers.python.layers import batch_norm
    from tensorflow.contrib.learn.python.learn import preprocessing
    from tensorflow.examples.tutorials.mnist import input_data
    from tensorflow.python.layers.core import Dense
    from tensorflow.python.ops import array_ops, rnn_cell
    from tensorflow.python.ops.rnn_cell import LSTMCell

    assert rnn is tf.contrib.rnn and slim is tf.contrib.slim and batch_norm is tf.contrib.layers.batch_norm
    assert xavier_initializer is tensorflow.contrib.layers.xavier_initializer is tf.contrib.layers.xavier_initializer
    assert preprocessing is tf.contrib.learn.preprocessing and Dense is tf.layers.Dense
    assert LSTMCell is rnn_cell.LSTMCell is rnn.LSTMCell and array_ops.identity is not None
    assert callable(input_data.read_data_sets) and mnist_reader is input_data


def test_every_place_that_the_table_has_is_found_by_an_import_statement():
    from legacy_gan.tf1 import names

    for place in names.SERVED:
        name = place.replace("tf.", "tensorflow.", 1) if place.startswith("tf.") else place
        if name.startswith(("tensorflow.contrib.", "tensorflow.examples.", "tensorflow.models.", "tensorflow.python.")):
            package, _, last = name.rpartition(".")
            space = {"__file__": __file__}
            exec(f"from {package} import {last} as found", space)
            assert space["found"] is namespace.look_up(place)


@pytest.mark.newest
def test_door_has_what_check_says_that_it_serves():
    """Every name that the table calls served, and today's TensorFlow lacks, by an import statement."""
    for module, names in symbols.names_by_module().items():
        wanted = [
            name
            for name in names
            if module.split(".")[0] == "tf"
            and symbols.classify(f"{module}.{name}") == (NEEDS_TF1, f"{module}.{name}", "")
        ]
        if wanted and not module.startswith("tf.python"):
            package = "tensorflow" + module[len("tf") :]
            space = {"__file__": __file__}
            exec(f"from {package} import {', '.join(wanted)}", space)
            assert set(wanted) <= set(space)
            if symbols.classify(module)[0] != NOT_SERVED:
                exec(f"import {package} as module", space)


@pytest.mark.newest
def test_door_leaves_what_todays_tensorflow_has():
    space = {"__file__": __file__}
    exec(
        "from tensorflow import placeholder, Variable\nfrom tensorflow import float32 as f\nimport tensorflow as now",
        space,
    )
    assert space["placeholder"] is tf.placeholder and space["f"] is tf.float32
    assert not hasattr(space["now"], "placeholder")
    with pytest.raises(ImportError, match="tf.nothing is not served"):
        exec("from tensorflow import nothing", space)
    with pytest.raises(ImportError, match="tf.nothing is not served"):
        exec("import tensorflow.nothing", space)


def test_a_name_that_is_not_served_is_an_import_error_with_advice():
    with pytest.raises(CannotImport, match="tf.contrib.nothing is not served; use"):
        exec("from tensorflow.contrib import nothing", {"__file__": __file__})
    with pytest.raises(ImportError):
        exec("import tensorflow.contrib.boosted_trees.python.nothing", {"__file__": __file__})


def test_tensorflow_itself_and_installed_packages_find_what_is_installed(tmp_path):
    (tmp_path / "site-packages").mkdir()
    (tmp_path / "site-packages" / "of_others.py").write_text(
        textwrap.dedent(
            """
            import tensorflow
            assert not hasattr(tensorflow, "contrib")
            try:
                import tensorflow.contrib
                found = True
            except ImportError:
                found = False
            """
        )
    )
    (tmp_path / "own.py").write_text("from tensorflow.contrib import slim\n")
    code = """
        import sys
        sys.path[:0] = ["site-packages", "."]
        from legacy_gan.tf1 import tf
        import tensorflow, of_others, own
        assert tensorflow.__version__.startswith("2.") and not of_others.found
        assert own.slim is tf.contrib.slim and "tensorflow.contrib" not in sys.modules
        """
    command = [sys.executable, "-W", "ignore", "-c", textwrap.dedent(code)]
    subprocess.run(command, cwd=str(tmp_path), check=True, env=dict(os.environ, PYTHONPATH=ROOT))


def test_files_are_told_apart_from_installed_packages():
    assert import_statements.is_installed(subprocess.__file__)
    assert import_statements.is_installed(v1.__file__)
    assert not import_statements.is_installed(__file__)
