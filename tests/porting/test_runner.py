"""legacy-gan run: an untouched program runs as under `python PROGRAM.py`, with TF 1's tensorflow."""

import os
import shutil
import signal
import subprocess
import sys
import textwrap
import time

import numpy as np
import pytest

from tests.support.paths import ROOT

pytestmark = pytest.mark.python


@pytest.fixture
def written(tmp_path):
    """Returns a function that writes files of a program: written("name.py", text) -> path."""

    def write(name, text):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text), encoding="utf-8")
        return str(path)

    return write


@pytest.fixture
def executed(monkeypatch, capsys):
    """Returns a function that executes a program in this process: executed(path) -> (status, out, err)."""
    from legacy_gan.porting.program.execution import Program
    from legacy_gan.porting.program.limits import Limits, ProgramStop
    from legacy_gan.tf1 import namespace, tf

    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
    for name in ("argv", "path", "meta_path"):
        monkeypatch.setattr(sys, name, list(getattr(sys, name)))
    before = set(sys.modules)
    for name, value in namespace.names_by_import_only().items():
        monkeypatch.setitem(vars(tf), name, value)

    def execute(path, *args, **limits):
        program, status = Program(path), 0
        limited = Limits(limits.get("steps"), limits.get("seconds"))
        try:
            limited.start()
            program.execute(args)
        except ProgramStop:
            pass
        except Exception as e:
            status = program.report(type(e), e.with_traceback(e.__traceback__.tb_next), e.__traceback__)
        finally:
            limited.stop()
        return (status,) + tuple(capsys.readouterr())

    yield execute
    for name in set(sys.modules) - before:
        if not name.startswith(("legacy_gan", "tensorflow")):
            del sys.modules[name]


def command(*argv):
    return [sys.executable, "-W", "ignore", "-m", "legacy_gan", "run"] + [str(part) for part in argv]


def environment(**more):
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DISPLAY", "WAYLAND_DISPLAY", "LEGACY_GAN_MNIST")
    }
    return dict(kept, PYTHONPATH=ROOT, MPLBACKEND="agg", **more)


def interruptible():
    """A shell lets what it starts in the background ignore Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def run(*argv, **more):
    """Runs a program in a process of its own; returns (status, out, err)."""
    done = subprocess.run(command(*argv), capture_output=True, text=True, env=environment(**more), timeout=120)
    # TensorFlow 2 speaks of the graphics card that is not there when the first session opens.
    err = "\n".join(line for line in done.stderr.splitlines() if "cuInit" not in line and line.strip())
    return done.returncode, done.stdout, err


def test_listing_is_the_program_and_its_neighbours_share_its_tensorflow(written, tmp_path):
    written(
        "ops.py",
        """\
        import tensorflow as tf
        from model import net
        def linear(x):
            return tf.mul(x, 2)
        """,
    )
    written("model/__init__.py", "")
    written("model/net.py", "import tensorflow.compat.v1 as tf\nfrom . import deep\n")
    written("model/deep.py", "import tensorflow\nfrom tensorflow.contrib import slim\n")
    path = written(
        "program/../main.py",
        """\
        '''A listing.'''
        from __future__ import print_function
        import os, pickle, sys
        import tensorflow as tf
        import tensorflow
        import tensorflow.contrib.slim as slim
        import tensorflow.contrib.layers
        from tensorflow.contrib.layers.python.layers import utils
        from tensorflow.python.framework import ops as graph_ops
        from tensorflow.core.framework import summary_pb2
        from tensorflow.python.ops import rnn_cell, rnn
        from tensorflow.models.rnn import rnn_cell as older
        from tensorflow.examples.tutorials.mnist import input_data, mnist as tutorial
        import tensorflow.examples.tutorials.mnist.input_data as same
        from tensorflow.contrib.learn.python.learn.datasets.mnist import read_data_sets
        from ops import *
        import model.deep

        class Kept(object):
            pass

        flags = tf.app.flags
        flags.DEFINE_integer("batch_size", 64, "")
        flags.DEFINE_boolean("offline", False, "also one of the runner's")
        flags.DEFINE_string("log_dir", "/tmp", "absl has one of that name")
        FLAGS = flags.FLAGS
        before = FLAGS.batch_size  # parses
        FLAGS._parse_flags()

        def main(argv):
            print(argv[1:], FLAGS.batch_size, before, FLAGS.__flags["batch_size"].value)
            return 3

        if __name__ == "__main__":
            assert tensorflow is tf and model.net.tf is tf and model.deep.tensorflow is tf
            assert slim is tensorflow.contrib.slim is tf.contrib.slim is model.deep.slim
            assert same is input_data and input_data.read_data_sets is read_data_sets
            assert rnn_cell.GRUCell is older.GRUCell is tf.nn.rnn_cell.GRUCell
            assert rnn.dynamic_rnn is tf.nn.dynamic_rnn and rnn.rnn is tf.nn.static_rnn and tutorial.IMAGE_PIXELS == 784
            assert graph_ops.get_default_graph() is tf.get_default_graph()
            assert sys.modules["tensorflow"] is tf
            assert sys.modules["__main__"].Kept is Kept and type(pickle.loads(pickle.dumps(Kept()))) is Kept
            print(__doc__, os.path.basename(__file__), os.path.basename(sys.path[0]) == FOLDER, tf.__version__)
            v = tf.Variable(tf.zeros([2, 3]), name="w")
            print(v.op.type, v.get_shape()[1].value, linear(3.0).get_shape().ndims)
            with tf.Session() as sess:
                sess.run(tf.initialize_all_variables())
                print(sess.run([tf.reduce_sum(v), linear(2.5)]))
                assert sess.graph.get_tensor_by_name("w:0").dtype.name == "float32_ref"
            tf.app.run()
        """.replace("FOLDER", repr(tmp_path.name)),
    )
    status, out, err = run(path, "--batch_size=7", "rest", "--offline")
    assert (status, err) == (3, "")
    assert out.splitlines() == ["A listing. main.py True 1.15.5", "VariableV2 3 0", "[0.0, 5.0]", "['rest'] 7 7 7"]
    assert not [name for name in os.listdir(str(tmp_path)) if name.endswith(".png")]


def test_training_runs_until_its_limit_on_data_from_the_usual_place(written, made_folder, tmp_path):
    path = written(
        "train.py",
        """\
        import collections, time
        import matplotlib
        matplotlib.use("TkAgg")
        import matplotlib.pyplot as plt
        import numpy as np
        import tensorflow as tf
        from tensorflow.examples.tutorials.mnist import input_data
        mnist = input_data.read_data_sets("MNIST_data/", one_hot=True)
        print(mnist.train.images.shape, mnist.train.labels.dtype.name)
        np.random.seed(5)
        expected = np.arange(600); np.random.shuffle(expected); after = np.random.rand()
        np.random.seed(5)
        images = mnist.train.images
        assert np.array_equal(mnist.train.next_batch(11)[0], images[expected[:11]])
        assert np.random.rand() == after  # NumPy's global generator, as in TF 1.15

        x, y = tf.placeholder(tf.float32, [None, 784]), tf.placeholder(tf.float32, [None, 10])
        w = tf.Variable(tf.zeros([784, 10]))
        copy = tf.Variable(tf.zeros([784, 10]), trainable=False)
        loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(tf.matmul(x, w), y))
        step = tf.train.AdamOptimizer(0.01).minimize(loss)
        saver = tf.train.Saver()

        from scipy.misc import imread, imsave
        import scipy.misc
        import scipy
        from scipy import misc
        from PIL import Image
        assert misc is scipy.misc and misc.imsave is imsave and misc.imresize and Image.ANTIALIAS is not None
        assert np.float is float and np.int is int and np.object is object and collections.Mapping
        assert time.clock() > 0 and np.asscalar(np.array([2])) == 2 and np.random.rand(3).shape == (3,)
        assert np.array([[1, 2], [3]]).shape == (2,) and np.float32([1]).tostring() == np.float32([1]).tobytes()
        import sys, numpy.matlib
        names = {}
        exec("from numpy import *", names)
        assert np.matlib and names["array"] is np.array and isinstance(np.ones(3), names["ndarray"])
        assert sys.version_info < (3, 10) or not hasattr(sys.modules["numpy"], "float")  # nobody else's
        imsave("grey.png", np.array([[0., 1.], [2., 4.]]))
        print(imread("grey.png").tolist(), [np.float32(0.5)])

        plt.hold(True)
        plt.plot([1, 2]); plt.show(); plt.show()
        plt.ion()
        figure, axis = plt.subplots()
        for i in range(3):
            axis.plot([i, 2 * i]); plt.draw(); plt.pause(0.001)
        figure.show(); plt.waitforbuttonpress()
        plt.figure()
        done = 0
        with open("closed.txt", "w") as f, tf.Session() as sess:
            f.write("written")
            sess.run(tf.global_variables_initializer())
            saver.save(sess, "./model"); saver.restore(sess, "./model")
            sess.run(copy.assign(w))
            try:
                while True:
                    bx, by = mnist.train.next_batch(11)
                    _, value = sess.run([step, {"loss": loss}], {x: bx, y: by})
                    sess.run(loss, {x: bx, y: by})
                    done += 1
            except Exception:
                print("not an Exception")
            finally:
                print("steps", done)
        """,
    )
    with open(path) as f:
        before = f.read()
    os.chdir(str(tmp_path))
    status, out, err = run("--data-dir", made_folder, "--steps-limit", 5, "--figures", "shown", path)
    assert (status, out.splitlines()) == (0, ["(600, 784) float64", "[[0, 64], [128, 255]] [0.5]", "steps 5"]), err
    assert "ended after 5 training steps" in err
    # One that was shown, one that stayed open, and, since the limit ended it, one that was not shown yet
    assert sorted(os.listdir("shown")) == ["figure-1.png", "figure-2.png", "figure-3.png"]
    assert err.count("saving") == 3
    with open("closed.txt") as f:
        assert f.read() == "written"
    with open(path) as f:
        assert f.read() == before


@pytest.mark.parametrize(
    "statement,place,symbol",
    [
        ("import spoon", "spoon.py:3", "tf.contrib.spoon"),  # in a module beside the main one
        ("tf.spam(1)", "main.py:7", "tf.spam"),
        ("from tensorflow.contrib.spoon import bend", "main.py:7", "tf.contrib.spoon"),
        ("tf.contrib.learn.datasets.load_dataset('mnist')", "main.py:7", None),
    ],
)
def test_what_is_not_served_is_one_line_with_its_place(written, executed, monkeypatch, statement, place, symbol):
    monkeypatch.setattr("legacy_gan.tf1.mnist_data.data_dir", __file__)  # no folder
    written("spoon.py", "import tensorflow as tf\n\ntf.contrib.spoon\n")
    path = written(
        "main.py",
        f"""\
        import tensorflow as tf
        for statement in ("tf.contrib.spoon", "import tensorflow.spam", "from tensorflow.python.ops import spam"):
            try:
                exec(statement)
            except (AttributeError, ImportError) as e:
                print(e)
        {statement}
        """,
    )
    status, out, err = executed(path)
    assert status == 2
    assert [line.split(" is not served; ")[0] for line in out.splitlines()] == [
        "tf.contrib.spoon",
        "tf.spam",
        "tensorflow.python.ops.spam",
    ]
    assert len(err.splitlines()) == 1
    assert place + ": " in err
    assert symbol is None or f"{place}: {symbol} is not served; " in err


def test_exception_is_reported_as_python_does(written, executed):
    written("helper.py", "def fail(x):\n    return 1 / x\n")
    path = written(
        "main.py",
        """\
        import sys
        from helper import fail
        try:
            fail(0)
        except ZeroDivisionError as e:
            import missing_from_everywhere
        """,
    )
    status, out, err = executed(path)
    plain = subprocess.run([sys.executable, path], capture_output=True, text=True)
    assert (status, out, err) == (plain.returncode, "", plain.stderr)


def test_traceback_has_no_frame_of_the_runner(written, executed):
    written("helper.py", "import tensorflow as tf\n\nwith tf.Session(graph=tf.Graph()) as sess:\n    sess.run(3)\n")
    status, _, err = executed(written("main.py", "import helper\n"), steps=5)
    assert status == 1 and "main.py" in err and "helper.py" in err and "client/session.py" in err.replace("\\", "/")
    assert "legacy_gan" not in err  # no importing, no counting of steps


@pytest.mark.parametrize("name", ["main.py", "beside.py"])
def test_python_2_is_a_syntax_error_with_a_hint(written, executed, name):
    path = written("main.py", "import tensorflow as tf\nimport beside\n")
    written("beside.py", "")
    written(name, "import tensorflow as tf\nprint 'hello'\n")
    status, out, err = executed(path)
    assert (status, out) == (1, "")
    assert f'{name}", line 2' in err
    assert "SyntaxError" in err
    assert "legacy-gan check " in err.splitlines()[-1]


def test_a_syntax_error_of_every_python_is_not_called_python_2(written, executed):
    status, _, err = executed(written("main.py", "if True:\nx = 1\n"))
    assert status == 1 and "IndentationError" in err and "legacy-gan" not in err.splitlines()[-1]


def test_exit_status_and_interrupt_are_the_listing_s(written):
    path = written(
        "main.py",
        """\
        import sys, time
        import tensorflow as tf
        try:
            print("ready")
            sys.stdout.flush()
            time.sleep(60)
        except KeyboardInterrupt:
            sys.exit("said at the end")
        """,
    )
    waiting = subprocess.Popen(
        command("--time-limit", 50, path),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        universal_newlines=True,
        env=environment(),
        preexec_fn=interruptible,
    )
    assert waiting.stdout.readline() == "ready\n"
    waiting.send_signal(signal.SIGINT)
    out, err = waiting.communicate(timeout=30)
    assert waiting.returncode == 1
    assert err.endswith("said at the end\n")


def test_interrupt_that_nobody_catches_is_130(written, capsys, executed, monkeypatch):
    from legacy_gan.porting.program import runner

    for name in ("process.behave_as_tensorflow_1", "removed_apis.put_back"):
        monkeypatch.setattr("legacy_gan.porting.program.runner." + name, lambda: None)
    path = written("main.py", "raise KeyboardInterrupt\n")
    assert runner.run(path) == 130
    assert capsys.readouterr().err.endswith("    raise KeyboardInterrupt\nKeyboardInterrupt\n")


@pytest.mark.newest
def test_what_is_not_the_programs_own_has_time_without_limit():
    from legacy_gan.porting.program.limits import Limits, ProgramStop

    limits = Limits(None, 0.4)
    with pytest.raises(ProgramStop):
        try:
            limits.start()
            with limits.paused(), limits.paused():  # assigning a replay's weights, for example
                time.sleep(0.8)
                assert limits.reached is None
            while True:
                time.sleep(0.01)
        finally:
            limits.stop()
    assert limits.reached == "0.4 seconds"


def test_time_limit_ends_what_does_not_train(written, executed):
    path = written(
        "main.py",
        """\
        import tensorflow as tf
        with tf.Graph().as_default(), tf.Session() as sess:
            one = tf.constant(1)
            try:
                while True:
                    sess.run(one)
            finally:
                print(sess.run(one))
        """,
    )
    started = time.monotonic()
    status, out, err = executed(path, seconds=0.5)
    assert (status, out) == (0, "1\n")
    assert "ended after 0.5 seconds" in err
    assert 0.5 <= time.monotonic() - started < 20


@pytest.mark.newest
@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs POSIX: forks")
def test_xla_compiles_clusters_of_a_program(written, forked):
    path = written(
        "main.py",
        """\
        import tensorflow as tf
        x = tf.placeholder(tf.float32, [8])
        y = tf.reduce_sum(tf.tanh(x) * tf.sigmoid(x) + tf.square(x))
        about = tf.RunMetadata()
        with tf.Session() as sess:
            print("%.4f" % sess.run(y, {x: [0.5] * 8}, tf.RunOptions(output_partition_graphs=True), about))
        print(any("XlaRun" in node.op for graph in about.partition_graphs for node in graph.node))
        """,
    )
    status, out, err = forked.run("run", "--xla", path)
    assert (status, out) == (0, "4.3012\nTrue\n"), err
    assert forked.run("run", path)[1] == "4.3012\nFalse\n"


def test_what_changes_weights_is_a_training_step():
    from legacy_gan.porting.program.limits import _changes_weights
    from legacy_gan.tf1 import tf

    with tf.Graph().as_default():
        w, kept = tf.Variable([1.0, 2.0]), tf.Variable(0.0, trainable=False)
        loss = tf.reduce_sum(tf.square(w))
        average = tf.train.ExponentialMovingAverage(0.9).apply([w])
        saver = tf.train.Saver()
        with tf.control_dependencies([tf.train.GradientDescentOptimizer(0.1).minimize(loss)]):
            after = tf.identity(loss)
        trains = [
            after.op,
            tf.train.AdamOptimizer().minimize(loss),
            tf.assign(w, w * 0.9).op,
            tf.assign_sub(w, [0.1, 0.1]).op,
            tf.scatter_update(w, [0], [1.0]).op,
        ]
        does_not = [
            loss.op,
            w.initializer,
            tf.global_variables_initializer(),
            tf.assign_add(kept, 1.0).op,
            average,
            tf.get_default_graph().get_operation_by_name(saver.saver_def.restore_op_name),
        ]
        assert [_changes_weights(operation) for operation in trains] == [True] * len(trains)
        assert [_changes_weights(operation) for operation in does_not] == [False] * len(does_not)


def test_data_come_from_the_first_place_that_holds_some(made_folder, monkeypatch, tmp_path, capfd):
    from legacy_gan.tf1 import mnist_data

    assert mnist_data._folder("MNIST_data") == "MNIST_data"  # none does: it is downloaded there
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "cat.png").write_bytes(b"")
    other = str(tmp_path / "other")
    assert mnist_data._folder(other) == mnist_data.USUAL_FOLDER  # not for pictures of cats
    assert mnist_data._folder(other, own_source=True) == other
    assert capfd.readouterr().err == ""
    shutil.copytree(made_folder, mnist_data.USUAL_FOLDER)
    assert mnist_data._folder("MNIST_data") == mnist_data.USUAL_FOLDER
    assert capfd.readouterr().err == "legacy_gan: no MNIST in MNIST_data: using that in ./mnist/data/\n"
    assert mnist_data._folder("fashion", own_source=True) == "fashion"  # MNIST is not what the program asks for
    monkeypatch.setattr(mnist_data, "data_dir", made_folder)
    assert mnist_data._folder("MNIST_data") == made_folder
    assert mnist_data._folder(other) == made_folder
    monkeypatch.setattr(mnist_data, "data_dir", str(tmp_path))
    assert mnist_data._folder(made_folder) == made_folder
    assert mnist_data._folder("MNIST_data") == str(tmp_path)  # which holds none: --data-dir never gives way


def test_graph_s_seed_is_the_shuffles(made_folder):
    from legacy_gan.tf1 import mnist_data, tf

    with tf.Graph().as_default():
        tf.set_random_seed(7)
        first = mnist_data.read_data_sets(made_folder).train.next_batch(11)[1].tolist()
        assert mnist_data.read_data_sets(made_folder).train.next_batch(11)[1].tolist() == first
        assert mnist_data.read_data_sets(made_folder, seed=8).train.next_batch(11)[1].tolist() != first


def test_files_of_mnist_are_taken_apart_as_its_module_did(made_folder):
    from legacy_gan.tf1 import mnist_data

    data = mnist_data.read_data_sets(made_folder, validation_size=0, reshape=False, dtype=np.uint8)
    with open(os.path.join(made_folder, "train-images-idx3-ubyte.gz"), "rb") as f:
        np.testing.assert_array_equal(mnist_data.extract_images(f), data.train.images)
    with open(os.path.join(made_folder, "t10k-labels-idx1-ubyte.gz"), "rb") as f:
        labels = mnist_data.extract_labels(f)
        f.seek(0)
        one_hot = mnist_data.extract_labels(f, one_hot=True)
        f.seek(0)
        with pytest.raises(ValueError, match="2049.*expected 2051"):
            mnist_data.extract_images(f)
    np.testing.assert_array_equal(labels, data.test.labels)
    assert one_hot.shape == (100, 10) and one_hot.argmax(1).tolist() == labels.tolist()


def test_command_refuses_what_it_cannot_run(refused):
    assert "expected a listing" in refused("run", "nothing.py")
    assert "run [flags] LISTING.py [args]" in refused("run")
    assert "--steps-limit takes a whole number" in refused("run", "--steps-limit", "x", "nothing.py")


def test_what_tensorflow_1_came_to_by_chance_is_one_result(written, forked):
    """Weights are read before they change, for a gradient of a gradient (four times) and for the loss itself."""
    with open(os.path.join(ROOT, "tests", "listings", "corpus", "wgan_gp.py")) as f:
        text = f.read()
    asked = "gate_gradients=tf.train.Optimizer.GATE_GRAPH"
    assert text.count(asked) == 1
    written("wgan_gp.py", text.replace(asked, ""))
    path = written(
        "four_times.py",
        """
        import os
        import tensorflow as tf
        with open(os.path.join(os.path.dirname(__file__), "wgan_gp.py")) as f:
            code = f.read()
        for _ in range(4):
            tf.reset_default_graph()
            exec(code, {"__name__": "__main__", "__builtins__": __builtins__})
        # A loss with weight decay, fetched beside the step: its value is needed for no gradient.
        x = tf.placeholder(tf.float32, [None, 3])
        weights = [tf.Variable(tf.ones(shape)) for shape in ((3, 2), (2, 1))]
        y = tf.matmul(tf.matmul(x, weights[0]), weights[1])
        loss = tf.reduce_mean(y) + sum([tf.nn.l2_loss(w) for w in weights])
        unused = tf.Variable(1.0)
        step = tf.train.MomentumOptimizer(0.1, 0.9).minimize(loss)

        def before(operation):
            seen, waiting = set(), [operation]
            while waiting:
                one = waiting.pop()
                if one not in seen:
                    seen.add(one)
                    waiting += [t.op for t in one.inputs] + list(one.control_inputs)
            return seen

        applied = [op for op in before(step) if "ApplyMomentum" in op.type]
        print("applied", len(applied), all([loss.op in before(op) for op in applied]))
        tf.data.Dataset.range(3).map(lambda i: i * i).filter(lambda i: i < 3)
        """,
    )
    status, out, err = forked.run("run", path)
    assert status == 0, err
    with open(os.path.join(ROOT, "tests", "golden", "listings", "wgan_gp.txt")) as f:
        last = f.read().splitlines()[-1]
    assert [line for line in out.splitlines() if line.startswith(last.split("]")[0])] == 4 * [last]
    assert out.splitlines()[-1] == "applied 2 True"
    assert "AutoGraph" not in err


def test_importlib_and_sys_modules_show_what_import_statements_find(written, executed):
    written("beside.py", "import tensorflow as tf\nfound = tf.placeholder\n")
    path = written(
        "program.py",
        """
        import importlib
        import importlib.util
        import sys
        from importlib import import_module

        import tensorflow as tf

        print(importlib.import_module("tensorflow") is tf, import_module("tensorflow.contrib.slim") is tf.contrib.slim)
        print(sys.modules["tensorflow"] is tf, "tensorflow" in sys.modules, sys.modules.get("tensorflow.nn") is tf.nn)
        print(__import__("tensorflow") is tf, __import__("tensorflow.contrib", fromlist=["slim"]) is tf.contrib)
        print(import_module("beside").found is tf.placeholder, sys.modules["beside"].__name__, end=" ")
        print(import_module(".abc", "collections"))
        print(sys.modules[__name__].path_of_this, importlib.util.find_spec("none_such"), importlib.reload(tf) is tf)
        sys.modules["mine"] = importlib
        import mine
        del sys.modules["mine"]
        print(mine is importlib, "mine" in sys.modules, sorted(sys.modules)[0] in sys.modules, len(sys.modules) > 100)
        try:
            import_module("tensorflow.contrib.nothing")
        except ImportError as e:
            print(type(e).__name__)
        try:
            import_module("tensorflow.train.AdamOptimizer")
        except ModuleNotFoundError as e:
            print(e.name)
        print(sys.modules.get("tensorflow.nothing"), sys.modules.get("tensorflow.nn.relu"))
        del sys.modules["tensorflow"]
        """.replace("        import sys\n", "        import sys\n        path_of_this = 7\n"),
    )
    status, out, err = executed(path)
    expected = ["True True"] * 1 + ["True True True", "True True"]
    assert out.splitlines()[:3] == expected
    assert out.splitlines()[3].startswith("True beside <module ")
    assert out.splitlines()[4:] == [
        "7 None True",
        "True False True True",
        "CannotImport",
        "tensorflow.train.AdamOptimizer",
        "None None",
    ]
    assert status == 2 and "leave the modules of TensorFlow as they are" in err
