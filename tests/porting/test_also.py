"""legacy-gan run --also: installed packages that were written for TensorFlow 1 see what the program sees."""

import sys

import pytest

pytestmark = pytest.mark.python

PACKAGE = {
    "oldlayers/__init__.py": "import tensorflow as tf\nfrom . import rnn\n"
    "def fed():\n    return tf.contrib.layers.flatten\n"
    "def missing():\n    raise AttributeError(\"module 'tensorflow.python.ops.x' has no attribute 'y'\")\n",
    "oldlayers/rnn.py": "from tensorflow.python.ops.rnn import rnn_cell_impl, dynamic_rnn\n"
    "from tensorflow.python.util.nest import is_sequence\n\nCELL = rnn_cell_impl.GRUCell.__name__, is_sequence([1])\n",
}


@pytest.fixture
def executed(tmp_path, monkeypatch, capsys):
    """Returns a function that executes a program beside an installed package: executed(also) -> (status, out, err)."""
    from legacy_gan.porting.program.execution import Program
    from legacy_gan.tf1 import namespace, tf

    site = tmp_path / "site-packages"
    for name, text in PACKAGE.items():
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_text(text)
    path = tmp_path / "main.py"
    path.write_text(
        "import oldlayers\nprint(oldlayers.fed().__name__, *oldlayers.rnn.CELL)\nif ASKS:\n    oldlayers.missing()\n"
    )
    for name, value in namespace.names_by_import_only().items():
        monkeypatch.setitem(vars(tf), name, value)
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
    for name in ("argv", "path", "meta_path"):
        monkeypatch.setattr(sys, name, list(getattr(sys, name)))
    sys.path.insert(1, str(site))

    def execute(also, asks=False):
        path.write_text(path.read_text().replace("ASKS", str(asks)))
        program, status = Program(str(path), also=also), 0
        try:
            program.execute([])
        except Exception as e:
            status = program.report(type(e), e, e.__traceback__)
        return (status,) + tuple(capsys.readouterr())

    yield execute
    for name in [name for name in sys.modules if name.startswith("oldlayers")]:
        del sys.modules[name]


def test_an_installed_package_sees_tensorflow_1(executed):
    assert executed(["oldlayers"]) == (0, "flatten GRUCell True\n", "")


@pytest.mark.newest
def test_a_package_that_has_it_and_fails_is_not_told_of_it(executed):
    status, _, err = executed(["oldlayers"], asks=True)
    assert status == 1 and "has no attribute 'y'" in err.splitlines()[-1] and "--also" not in err


@pytest.mark.newest
def test_without_it_a_line_says_how(executed):
    status, out, err = executed([])
    assert (status, out) == (1, "")
    assert "`legacy-gan run --also oldlayers` gives it what the program sees" in err.splitlines()[-1]


@pytest.mark.parametrize("names", ["a b", "", "a,,b", "tensorflow", "a-b"])
def test_names_of_packages_are_what_import_takes(names, refused, tmp_path):
    (tmp_path / "main.py").write_text("")
    assert "--also takes " in refused("run", "--also", names, str(tmp_path / "main.py"))
