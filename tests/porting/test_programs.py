"""The corpus of TF1 programs: each prints through the runner what it printed on its own TensorFlow.

The expected outputs are in tests/golden/listings, made by tests/support/make_corpus_goldens.py on TF 1.15.5 and,
for the names of before 1.0, on TF 0.12.1. Words and integers must be the same. Other numbers may differ
by as much as the program's own arithmetic makes of roundings: golden/listings/made.json says how far its
numbers move when all that it draws is off by 1e-6 (its drift), and the tolerance is three times that, or
1e-6, and one unit of the last printed place. See tests/support/corpus.py.
"""

import ast
import importlib.util
import os
import sys

import pytest

from tests.support import corpus
from tests.support.paths import ROOT

PROGRAMS = corpus.programs()
PLAIN = [name for name in PROGRAMS if not corpus.is_old(name)]  # those that TF 1.15 itself can run

# These end with a named error and exit status 2: {name: the symbol that is not served}.
NOT_SERVED = {"learn_dnn": "tf.contrib.layers.real_valued_column"}


def same(output, name):
    """Asserts that a program ended well and printed what is expected of it."""
    status, text, err = output
    assert status == 0, err
    expected, tolerance, _ = corpus.golden(name)
    found, _ = corpus.differences(text, expected, tolerance)
    assert not found, "\n".join(found + [err])


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return corpus.make_data(str(tmp_path_factory.mktemp("data") / "made"))


@pytest.fixture(scope="module")
def plain_outputs(data, tmp_path_factory):
    """What the programs of TF 1 do as `python PROGRAM.py`, on TF 1.15."""
    folder = str(tmp_path_factory.mktemp("plain"))
    paths = {name: PROGRAMS[name] for name in PLAIN}
    return corpus.run_all([sys.executable], "plain", paths, folder, data)


# TensorFlow 2's own tf.estimator, there until 2.15, differs from 1.15's: its BestExporter always exports its first
# evaluation, its TPUConfig has more fields.
OF_OUR_ESTIMATOR = ("estimator_exports", "estimator_tpu")


@pytest.mark.tensorflow_2
@pytest.mark.parametrize("name", list(PROGRAMS))
def test_the_command_prints_what_the_listing_printed_on_tensorflow_1(name, data, tmp_path, forked):
    if name in OF_OUR_ESTIMATOR and importlib.util.find_spec("tensorflow_estimator"):
        pytest.skip("TensorFlow's own tf.estimator differs here")
    work = corpus.prepare(str(tmp_path), data)
    status, text, err = forked.run("run", PROGRAMS[name], folder=work, **corpus.VARIABLES)
    if name not in NOT_SERVED:
        same((status, text, err), name)
    else:
        assert status == 2
        with open(PROGRAMS[name]) as f:
            line = [NOT_SERVED[name] in line for line in f].index(True) + 1
        assert f"{name}.py:{line}: {NOT_SERVED[name]} is not served; " in err
        assert corpus.golden(name)[0].startswith(text)


@pytest.mark.tf1
@pytest.mark.parametrize("name", PLAIN)
def test_a_listing_prints_on_tensorflow_1_itself_what_is_recorded(name, plain_outputs):
    status, _, err = plain_outputs[name]
    if status and "'scipy.misc'" in err:
        pytest.skip("needs the last scipy that has scipy.misc.imread: pip install scipy==1.1.0")
    same(plain_outputs[name], name)


@pytest.mark.parametrize(
    "command",
    [
        pytest.param([], marks=pytest.mark.tf1, id="python"),
        pytest.param(["-m", "legacy_gan", "run"], id="legacy-gan run"),
    ],
)
def test_arguments_and_exit_status_are_the_listings_own(command, data, tmp_path):
    work = corpus.prepare(str(tmp_path), data)
    status, out, err = corpus.run(
        [sys.executable] + command + [PROGRAMS["exit_status"], "3", "--epoch"], work, PYTHONPATH=ROOT
    )
    assert status == 3, err
    assert "__main__ exit_status.py exit_status.py ['3', '--epoch']\n" in out


# The corpus as a whole: every name that is promised stands in a listing.

PROMISED = """
tf.layers.dense tf.layers.conv1d tf.layers.conv2d tf.layers.conv2d_transpose tf.layers.separable_conv2d
tf.layers.max_pooling2d tf.layers.average_pooling2d tf.layers.max_pooling1d tf.layers.average_pooling1d
tf.layers.batch_normalization tf.layers.dropout tf.layers.flatten tf.GraphKeys.UPDATE_OPS

tf.nn.rnn_cell.BasicRNNCell tf.nn.rnn_cell.BasicLSTMCell tf.nn.rnn_cell.LSTMCell tf.nn.rnn_cell.GRUCell
tf.nn.rnn_cell.MultiRNNCell tf.nn.rnn_cell.DropoutWrapper tf.nn.dynamic_rnn tf.nn.static_rnn
tf.nn.bidirectional_dynamic_rnn tf.nn.static_bidirectional_rnn

tf.contrib.layers.fully_connected tf.contrib.layers.conv2d tf.contrib.layers.conv2d_transpose
tf.contrib.layers.batch_norm tf.contrib.layers.flatten tf.contrib.layers.xavier_initializer
tf.contrib.layers.l2_regularizer tf.contrib.layers.variance_scaling_initializer

tf.contrib.slim.arg_scope tf.contrib.slim.conv2d tf.contrib.slim.conv2d_transpose
tf.contrib.slim.fully_connected tf.contrib.slim.batch_norm tf.contrib.slim.flatten
tf.contrib.slim.max_pool2d tf.contrib.slim.avg_pool2d tf.contrib.slim.dropout

tf.contrib.rnn.BasicRNNCell tf.contrib.rnn.BasicLSTMCell tf.contrib.rnn.LSTMCell tf.contrib.rnn.GRUCell
tf.contrib.rnn.MultiRNNCell tf.contrib.rnn.DropoutWrapper tf.contrib.rnn.static_rnn
tf.contrib.rnn.static_bidirectional_rnn
tf.contrib.framework.arg_scope tf.contrib.framework.get_variables tf.contrib.framework.nest
tf.contrib.seq2seq.sequence_loss

tf.initialize_all_variables tf.mul tf.sub tf.neg tf.pack tf.unpack tf.concat(0, tf.concat(1,
tf.train.SummaryWriter tf.scalar_summary tf.merge_all_summaries tf.histogram_summary
tf.nn.softmax_cross_entropy_with_logits(a,b)

np.float np.int np.bool
scipy.misc.imread scipy.misc.imsave scipy.misc.imresize scipy.misc.toimage

tf.estimator.Estimator
tensorflow.examples.tutorials.mnist.input_data tensorflow.contrib.learn.python.learn.datasets.mnist
tensorflow.compat.v1
""".split()

ROOTS = {"tensorflow": "tf", "numpy": "np"}


def names_in(source):
    """Returns the full names that a program uses: "tf.layers.dense", "np.float", and imported modules.

    A call tf.concat(0, ...) also counts as "tf.concat(0,", and two positional arguments of
    softmax_cross_entropy_with_logits as "...(a,b)".
    """
    tree = ast.parse(source)
    known, found = {}, set()

    def spelled(name):
        first, dot, rest = name.partition(".")
        return ROOTS.get(first, first) + dot + rest

    def full(node):
        if isinstance(node, ast.Name):
            return known.get(node.id)
        if isinstance(node, ast.Attribute):
            owner = full(node.value)
            return owner and owner + "." + node.attr
        return None

    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for item in node.names:
                found.add(item.name)
                known[item.asname or item.name.partition(".")[0]] = spelled(
                    item.name if item.asname else item.name.partition(".")[0]
                )
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for item in node.names:
                found.update([node.module, node.module + "." + item.name])
                known[item.asname or item.name] = spelled(node.module + "." + item.name)
    for node in ast.walk(tree):  # slim = tf.contrib.slim
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name = full(node.value)
            if name and "contrib" in name:
                known[node.targets[0].id] = name
    for node in ast.walk(tree):
        name = full(node)
        if name:
            found.add(spelled(name.replace("tf.compat.v1", "tf")))
        if isinstance(node, ast.Call) and full(node.func):
            name = full(node.func)
            if name == "tf.concat" and node.args:
                try:
                    found.add(f"tf.concat({ast.literal_eval(node.args[0])},")
                except ValueError:
                    pass
            if len(node.args) == 2:
                found.add(name + "(a,b)")
    return found


def test_the_corpus_uses_every_name_that_is_promised():
    found = set()
    for path in PROGRAMS.values():
        for source in corpus.sources(path):
            with open(source, encoding="utf-8") as f:
                found |= names_in(f.read())
    assert [name for name in PROMISED if name not in found] == []
    assert len(PROGRAMS) >= 40


def test_every_listing_has_its_golden_and_every_golden_its_listing():
    recorded = {name[:-4] for name in os.listdir(corpus.GOLDEN) if name.endswith(".txt")}
    assert recorded == set(PROGRAMS)
    for name in PROGRAMS:
        text, tolerance, version = corpus.golden(name)
        assert version.startswith("0.12" if corpus.is_old(name) else "1.15")
        assert 1 <= len(text.splitlines()) <= 60 and tolerance < 0.01, name


def test_differences_sees_words_numbers_and_lines():
    golden = "step 10 loss 0.5012 [1.5 2.]\n"
    assert corpus.differences(golden, golden, 0.0) == ([], 0.0)
    assert corpus.differences("Extracting x.gz\nstep 10 loss 0.5013 [1.5   2.]\n", golden, 1e-6)[0] == []
    for other in (
        "step 10 loss 0.5022 [1.5 2.]\n",
        "step 11 loss 0.5012 [1.5 2.]\n",
        "\n",
        "Step 10 loss 0.5012 [1.5 2.]\n",
        golden + golden,
        "step 10 loss 0.5012 [1.5 2.02]\n",
    ):
        assert corpus.differences(other, golden, 1e-4)[0] != [], other
