"""tensorflow.examples.tutorials.mnist.input_data in a program: where its data come from, and TF 1.15's own values."""

import os
import shutil
import textwrap

import pytest


@pytest.fixture
def listing(tmp_path):
    """Returns a function that writes a program: listing("name.py", text) -> path."""

    def write(name, text):
        path = tmp_path / name
        path.write_text(textwrap.dedent(text), encoding="utf-8")
        return str(path)

    return write


@pytest.fixture
def run(forked):
    """Returns a function that runs `legacy-gan` in a process of its own: run(...) -> (status, out, err)."""

    def run(*argv):
        status, out, err = forked.run(*argv)
        # TensorFlow speaks of the graphics card that is not there.
        return status, out, "".join(f"{line}\n" for line in err.splitlines() if "cuInit" not in line and line.strip())

    return run


@pytest.mark.parametrize("there", [None, "readme.txt"])
def test_data_dir_never_gives_way_to_other_data(run, listing, made_folder, there):
    shutil.copytree(made_folder, "mnist/data")
    if there:
        os.makedirs("named")
        open(os.path.join("named", there), "w").close()
    path = listing(
        "reads.py",
        """\
        from tensorflow.examples.tutorials.mnist import input_data
        print(input_data.read_data_sets("MNIST_data").train.num_examples)
        """,
    )
    status, out, err = run("run", "--data-dir", "named", "--offline", path)
    assert (status, out) == (2, "") and "Traceback" not in err
    assert err.startswith("legacy-gan: ") and "named: expected MNIST's files" in err and err.count("\n") == 1
    assert run("run", "--offline", path)[1] == "600\n"


def test_note_on_the_embedded_digits_names_the_program_s_folder(run, listing):
    os.makedirs("digits_of_mine")
    open(os.path.join("digits_of_mine", "readme.txt"), "w").close()
    path = listing(
        "reads.py",
        """\
        from tensorflow.examples.tutorials.mnist import input_data
        print(input_data.read_data_sets("digits_of_mine").train.num_examples)
        """,
    )
    status, out, err = run("run", "--offline", path)
    assert (status, out) == (0, "4000\n")
    assert err.startswith("legacy_gan: no MNIST in digits_of_mine (offline was asked for): using the 5,000 embedded")


def test_a_program_reads_what_tensorflow_1_read(run, listing):
    """Letters, and images of 32x32: values of TF 1.15.5."""
    path = listing(
        "reads.py",
        """\
        import gzip, os, struct
        import numpy as np
        from tensorflow.examples.tutorials.mnist import input_data
        from tensorflow.contrib.learn.python.learn.datasets.mnist import DataSet

        def made(folder, labels, side):
            os.makedirs(folder)
            for k, n, part in ((0, 6000, "train"), (2, 50, "t10k")):
                for seed, what, array in (
                    (k, "images-idx3", lambda r: (r.rand(n, side, side) * 255).astype(np.uint8)),
                    (k, "labels-idx1", lambda r: r.randint(labels[0], labels[1], n).astype(np.uint8)),
                ):
                    array = array(np.random.RandomState(seed))
                    with gzip.open("%s/%s-%s-ubyte.gz" % (folder, part, what), "wb", 1) as f:
                        f.write(struct.pack(">BBBB", 0, 0, 8, array.ndim))
                        f.write(struct.pack(">%dI" % array.ndim, *array.shape) + array.tobytes())

        def batch(folder, **options):
            m = input_data.read_data_sets(folder, **options)
            x, y = m.train.next_batch(4, shuffle=False)
            print(x.shape, y.tolist(), m.train.num_examples, m.test.images.shape, "%.2f" % x.sum())

        made("big26", (1, 27), 28)
        made("big32", (0, 10), 32)
        batch("big26")
        batch("big32")
        batch("big32", reshape=False)
        try:
            batch("big26", one_hot=True)
        except IndexError as e:
            print(e)
        mine = DataSet(np.arange(5 * 4, dtype=np.uint8).reshape(5, 2, 2, 1), np.arange(5), seed=3)
        np.random.seed(4)
        print(mine.next_batch(5)[1].tolist())
        """,
    )
    status, out, err = run("run", "--offline", path)
    assert status == 0, err
    assert out.splitlines() == [
        "(4, 784) [15, 5, 8, 17] 1000 (50, 784) 1578.02",
        "(4, 1024) [5, 1, 4, 3] 1000 (50, 1024) 2042.02",
        "(4, 32, 32, 1) [5, 1, 4, 3] 1000 (50, 32, 32, 1) 2042.02",
        "index 60002 is out of bounds for size 60000",
        "[0, 3, 1, 4, 2]",
    ]
    assert err.count("labels up to 26, but one_hot gives ten columns") == 1


def test_what_is_read_is_a_data_set_of_contrib():
    import numpy as np

    from legacy_gan.data import dataset
    from legacy_gan.tf1 import tf

    read = dataset.DataSet(np.zeros([3, 28, 28, 1], np.uint8), np.zeros(3, np.uint8))
    assert isinstance(read, tf.contrib.learn.datasets.mnist.DataSet)
    assert not isinstance(3, tf.contrib.learn.datasets.mnist.DataSet)
