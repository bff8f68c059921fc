"""What the tests share: which data and which TensorFlow they need, made data, the program."""

import importlib.util
import os
import re
import shutil

import pytest

pytest.register_assert_rewrite("tests.support")
os.environ["LEGACY_GAN_LANG"] = "en"  # whatever the locale; tests/commands/test_translation.py asks for Korean

from tests.support import environment, synthetic_mnist  # noqa: E402  its assertions say what was compared

try:
    import selenium
except ImportError:
    selenium = None
HAS_KERAS_2 = importlib.util.find_spec("tf_keras") is not None
HAS_FISSIX = importlib.util.find_spec("fissix") is not None
HAS_NOTEBOOKS = all(importlib.util.find_spec(name) for name in ("IPython", "nbformat", "nbconvert"))
HAS_ADVICE = all(
    importlib.util.find_spec(name)
    for name in ("tensorboard", "tensorflow_probability", "tensorflow_model_optimization")
)
HAS_JUPYTER = all(importlib.util.find_spec(name) for name in ("ipykernel", "jinja2", "mlxtend", "nbclient"))
HAS_ONNX = all(importlib.util.find_spec(name) for name in ("tf2onnx", "onnxruntime"))

MNIST = os.environ.get("LEGACY_GAN_MNIST")


def pytest_addoption(parser):
    parser.addoption(
        "--require",
        default="",
        metavar="MARKERS",
        help="comma-separated markers (advice, browser, jupyter, mnist, notebooks, onnx, programs, python2, tf1) whose "
        "tests must run: a skip is an error",
    )
    parser.addoption(
        "--environment",
        choices=sorted(environment.ENVIRONMENTS),
        help="only what .ci/run runs there: "
        + "; ".join(f"{name}, {what}" for name, what in sorted(environment.ENVIRONMENTS.items())),
    )
    parser.addoption(
        "--slow",
        action="store_true",
        help="also the tests marked slow, which go through more combinations of what the others test",
    )


def _without_tensorflow(config):
    """Whether this is a run of the tests marked no_tensorflow: -m no_tensorflow, or and more."""
    return re.match(r"no_tensorflow\b(?!.*\bor\b)", config.getoption("markexpr"))


def pytest_configure(config):
    if _without_tensorflow(config):
        environment.block_tensorflow()


def pytest_ignore_collect(collection_path, config):
    """A file with no such test is not even imported where TensorFlow cannot be."""
    if _without_tensorflow(config) and collection_path.suffix == ".py":
        return "no_tensorflow" not in collection_path.read_text(encoding="utf-8") or None
    return None


def pytest_collection_modifyitems(config, items):
    for item in items:
        if not environment.runs_in(item, "oldest") and item.get_closest_marker("tf1"):
            raise pytest.UsageError(f"{item.nodeid} is marked tf1 and {environment.place(item)}: it would run nowhere")
    needs = {
        "advice": (HAS_ADVICE, "needs the packages that refusals name: pip install -e .[advice-test]"),
        "mnist": (bool(MNIST), "needs the full MNIST: set LEGACY_GAN_MNIST to its folder"),
        "browser": (
            bool(shutil.which("chromium") and shutil.which("chromedriver") and selenium),
            "needs a browser: apt install chromium chromium-driver; pip install -e .[browser]",
        ),
        "jupyter": (HAS_JUPYTER, "needs ipykernel and nbclient: pip install -e .[offline,notebooks]"),
        "notebooks": (HAS_NOTEBOOKS, "needs IPython, nbformat and nbconvert: pip install -e .[programs]"),
        "onnx": (HAS_ONNX, "needs tf2onnx and onnxruntime: pip install -e .[onnx-test]"),
        "python2": (HAS_FISSIX, "needs fissix: pip install -e .[programs]"),
        "programs": (HAS_KERAS_2, "needs tf_keras: pip install -e .[programs]"),
        "tf1": (environment.tensorflow_is_1(), "needs TensorFlow 1.15 itself: pip install -e .[tf1]"),
    }
    chosen, others = [], []
    for item in items:
        further = item.get_closest_marker("slow") and not config.getoption("--slow")
        wanted = not further and environment.runs_in(item, config.getoption("--environment"))
        if _without_tensorflow(config):
            wanted = wanted and environment.needs_no_tensorflow(item)
        (chosen if wanted else others).append(item)
    items[:] = chosen
    config.hook.pytest_deselected(items=others)
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
    monkeypatch.setenv("TF_USE_LEGACY_KERAS", "")  # undone after the test: `legacy-gan run` sets it for its process
    monkeypatch.delenv("TF_USE_LEGACY_KERAS")
    monkeypatch.setenv("KERAS_HOME", str(tmp_path_factory.mktemp("keras")))
    monkeypatch.chdir(tmp_path_factory.mktemp("work"))
    monkeypatch.setattr("legacy_gan.data.download.MIRRORS", ("http://127.0.0.1:9/",))


@pytest.fixture(scope="session")
def forked():
    """Commands in processes of their own that need not load TensorFlow: see tests/support/forked.py."""
    from tests.support.forked import Server

    server = Server()
    yield server
    server.close()


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
