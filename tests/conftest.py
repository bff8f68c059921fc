"""What the tests share: which data and which TensorFlow they need, made data, the program."""

import importlib.util
import os
import re
import shutil

import pytest

from tests.support import synthetic_mnist

try:
    import selenium
except ImportError:
    selenium = None
HAS_ONNX = all(importlib.util.find_spec(name) for name in ("tf2onnx", "onnxruntime"))

MNIST = os.environ.get("LEGACY_GAN_MNIST")


def pytest_addoption(parser):
    parser.addoption(
        "--require",
        default="",
        metavar="MARKERS",
        help="comma-separated markers (browser, mnist, onnx, tf1) whose tests must run: a skip is an error",
    )
    parser.addoption(
        "--slow",
        action="store_true",
        help="also the tests marked slow, which go through more combinations of what the others test",
    )


def tensorflow_is_1():
    from legacy_gan import cli

    return "\ntensorflow 1." in cli._versions()


def pytest_collection_modifyitems(config, items):
    needs = {
        "mnist": (bool(MNIST), "needs the full MNIST: set LEGACY_GAN_MNIST to its folder"),
        "browser": (
            bool(shutil.which("chromium") and shutil.which("chromedriver") and selenium),
            "needs a browser: apt install chromium chromium-driver; pip install -e .[browser]",
        ),
        "onnx": (HAS_ONNX, "needs tf2onnx and onnxruntime: pip install -e .[onnx-test]"),
        "tf1": (tensorflow_is_1(), "needs TensorFlow 1.15 itself: pip install -e .[tf1]"),
    }
    if not config.getoption("--slow"):
        slow = [item for item in items if item.get_closest_marker("slow")]
        items[:] = [item for item in items if not item.get_closest_marker("slow")]
        config.hook.pytest_deselected(items=slow)
    required = [name for name in config.getoption("--require").split(",") if name]
    for name in required:
        if not needs[name][0]:
            raise pytest.UsageError(f"--require {name}: {needs[name][1]}")
    for item in items:
        for name, (there, why) in needs.items():
            if item.get_closest_marker(name) and not there:
                item.add_marker(pytest.mark.skip(reason=why))


@pytest.fixture(scope="session")
def mnist_folder():
    """The folder with the full MNIST; only for tests marked `mnist`."""
    return MNIST


@pytest.fixture(scope="session")
def made_folder(tmp_path_factory):
    """A folder in MNIST's format with 5,600 made training images (600 train) and 100 for tests."""
    folder = tmp_path_factory.mktemp("made-mnist")
    synthetic_mnist.write_folder(folder)
    return str(folder)


@pytest.fixture(scope="session")
def trained_run(made_folder, tmp_path_factory):
    """Puts a run of three steps of a small model where a test wants it, a copy: trained_run("basic", "run")."""
    import legacy_gan

    made_runs = {}

    def put(model, to):
        if model not in made_runs:
            folder = str(tmp_path_factory.mktemp("trained") / model)
            sizes = {"filters": 2, "batch_size": 20} if "dcgan" in model else {"hidden": 6}
            legacy_gan.train(
                model,
                data_dir=made_folder,
                steps=3,
                noise=5,
                engine="feed",
                run_dir=folder,
                samples_dir=os.path.join(folder, "samples"),
                **sizes,
            )
            made_runs[model] = folder
        shutil.copytree(made_runs[model], to)

    return put


@pytest.fixture(autouse=True)
def own_home(monkeypatch, tmp_path_factory):
    """No test sees the user's own Keras cache or working directory, nor opens a connection."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path_factory.mktemp("keras")))
    monkeypatch.chdir(tmp_path_factory.mktemp("work"))
    monkeypatch.setattr("legacy_gan.data.download.MIRRORS", ("http://127.0.0.1:9/",))


@pytest.fixture
def program(capfd):
    """Runs a command in this process: program("train", "basic", ...) -> (status, out, err)."""
    from legacy_gan import cli

    def run(*argv, **options):
        capfd.readouterr()
        argv = [str(part) for part in argv]
        if argv[:1] == ["train"] and len(argv) > 1 and "--engine" not in argv:
            argv[2:2] = ["--engine", "feed"]  # compiling takes seconds; what is about it says so
        status = cli.main(argv, **options)
        out, err = capfd.readouterr()
        return status, out, err

    return run


@pytest.fixture
def refused(program):
    """Runs a command that must be refused; returns its one line on standard error."""

    def run(*argv):
        status, out, err = program(*argv)
        assert status == 2, (status, out, err)
        assert "Traceback" not in err
        lines = [line for line in err.splitlines() if not re.match(r"legacy_gan: no MNIST", line)]
        assert len(lines) == 1, err
        return lines[0]

    return run
