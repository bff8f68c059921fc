"""The command line: help, versions, consoles, exit statuses. Bad input: test_bad_input_*.py."""

import os
import re
import subprocess
import sys

import pytest

from legacy_gan import __version__, console, option_types, registry
from tests.support.paths import ROOT

pytestmark = [pytest.mark.no_tensorflow, pytest.mark.both_ends, pytest.mark.python]

BOOK = ["--epochs", "--batch-size", "--learning-rate", "--hidden", "--noise", "--seed"]


def flags_of(text):
    return re.findall(r"^  (--[a-z0-9-]+)", text, re.M)


@pytest.mark.newest
@pytest.mark.parametrize("model", ["basic", "conditional"])
def test_help_fits_a_screen_with_the_books_flags_first(model, program):
    status, out, err = program("train", model, "--help")
    assert (status, err) == (0, "")
    lines = out.splitlines()
    assert len(lines) <= 24 and max(map(len, lines)) <= 80
    assert flags_of(out)[: len(BOOK)] == BOOK
    assert "--help-all" in out
    _, out, _ = program("train", model, "--help-all")
    assert max(map(len, out.splitlines())) <= 80
    assert sorted(flags_of(out)) == sorted(option_types.flag(f.name) for f in registry.model(model).fields())


@pytest.mark.parametrize("model, rate", [("basic", "0.0002"), ("conditional", "0.001")])
def test_help_shows_the_listings_defaults(model, rate, program):
    _, out, _ = program("train", model, "--help")
    for flag, default in zip(BOOK, ["100", "100", rate, "256", "128", "9"]):
        assert re.search(rf"^  {flag} .*\({re.escape(default)}\)$", out, re.M), flag


@pytest.mark.tensorflow
def test_version_names_everything(program):
    status, out, _ = program("--version")
    assert status == 0
    assert out.splitlines()[0] == "legacy_gan " + __version__
    assert [line.split()[0] for line in out.splitlines()[1:]] == [
        "python",
        "tensorflow",
        "numpy",
        "matplotlib",
        "tqdm",
        "mlxtend",
    ]
    assert "tensorflow not installed" not in out


@pytest.mark.parametrize("argv", [[], ["train"], ["train", "dcgann"], ["generate"], ["basic"]])
def test_unknown_command_is_told_what_there_is(argv, refused):
    line = refused(*argv)
    assert "expected legacy-gan train" in line or "expected legacy-gan generate RUN" in line


@pytest.mark.tensorflow
def test_too_little_memory_is_one_line(refused, made_folder, monkeypatch):
    def allocate(*args):
        raise MemoryError("Unable to allocate 32.0 GiB for an array with shape (65536, 65536)")

    monkeypatch.setattr("legacy_gan.models.basic.initial_weights", allocate)
    line = refused("train", "basic", "--data-dir", made_folder, "--hidden", "65536", "--noise", "65536")
    assert line.startswith("legacy-gan: not enough memory: Unable to allocate 32.0 GiB")
    assert not os.path.exists("runs")


@pytest.mark.tensorflow
def test_gpu_that_is_not_there_is_an_error(refused, made_folder, monkeypatch):
    monkeypatch.setattr("legacy_gan.images.sampling.gpus", lambda: [])
    line = refused("train", "basic", "--data-dir", made_folder, "--device", "gpu")
    assert "--device gpu: TensorFlow" in line and "sees no GPU" in line
    assert not os.path.exists("runs")


# Consoles


class Western:
    """A console with a Western code page."""

    encoding = "cp1252"

    def __init__(self):
        self.text = ""

    def write(self, text):
        text.encode(self.encoding)
        self.text += text

    def flush(self):
        pass


def test_console_without_korean_gets_english(monkeypatch):
    monkeypatch.setattr(sys, "stdout", Western())
    console.close()
    assert sys.stdout.text == "Optimization finished!\n"


def test_path_that_a_console_cannot_show_is_no_exception(monkeypatch):
    monkeypatch.setattr(sys, "stderr", Western())
    console.note("runs/숫자")
    assert sys.stderr.text == "runs/\\uc22b\\uc790\n"


@pytest.mark.tensorflow
def test_korean_paths_work(program, made_folder):
    status, _, _ = program(
        "train", "basic", "--data-dir", made_folder, "--steps", 6, "--run-dir", "실험/기본", "--samples-dir", "그림"
    )
    assert status == 0
    assert os.listdir("그림") == ["000.png"] and os.path.exists("실험/기본/config.json")


# As a user starts them: one subprocess for each way and exit status


def start(*argv, **environment):
    return subprocess.run(
        [sys.executable] + list(argv), capture_output=True, env=dict(os.environ, PYTHONPATH=ROOT, **environment)
    )


@pytest.mark.tensorflow
@pytest.mark.parametrize("script, model", [("run_basic", "basic"), ("run_conditional", "conditional")])
def test_run_files_are_the_same_programs(script, model, program, made_folder):
    flags = ["--data-dir", made_folder, "--epochs", "1"]
    ours = start(os.path.join(ROOT, script + ".py"), *flags, PYTHONIOENCODING="utf-8")
    assert ours.returncode == 0, ours.stderr
    status, out, err = program("train", model, "--run-dir", "m", "--engine", "compiled", *flags)
    assert status == 0, err
    assert out == ours.stdout.decode("utf-8")
    assert ours.stdout.decode("utf-8").splitlines()[-1] == "최적화 완료!"
    # TensorFlow's greetings are kept from the reader: one line of ours, and two at the end.
    assert len(ours.stderr.decode("utf-8").splitlines()) == 3, ours.stderr


def test_bad_input_ends_the_process_with_2_before_tensorflow_is_loaded():
    ended = start(os.path.join(ROOT, "run_basic.py"), "--epochs", "0", PYTHONPROFILEIMPORTTIME="1")
    assert ended.returncode == 2
    lines = ended.stderr.decode().splitlines()
    assert lines[-1].startswith("run_basic.py: --epochs takes")
    assert not any("tensorflow" in line for line in lines)


@pytest.mark.parametrize("argv", [["--help"], ["--version"], ["train", "basic", "--help"]])
def test_help_and_version_load_no_tensorflow(argv):
    ended = start("-m", "legacy_gan", *argv, PYTHONPROFILEIMPORTTIME="1")
    assert ended.returncode == 0
    assert not re.search(rb"\| +(tensorflow|numpy|matplotlib)\b", ended.stderr)


@pytest.mark.newest
@pytest.mark.tensorflow
def test_books_path_stays_small(made_folder):
    """What run_basic.py loads of the package, whole: nothing of another model or of extras."""
    ended = start(
        "-c",
        "import sys; from legacy_gan import cli; status = cli.main(sys.argv[1:]);print(*sys.modules); sys.exit(status)",
        "train",
        "basic",
        "--data-dir",
        made_folder,
        "--steps",
        "1",
    )
    assert ended.returncode == 0, ended.stderr
    names = ended.stdout.decode("utf-8", "replace").splitlines()[-1].split()
    loaded = {name.split(".", 1)[1] for name in names if name.startswith("legacy_gan.")}
    assert "training.loop" in loaded and "models.basic" in loaded
    rooms = {name.split(".")[0] for name in loaded}
    assert not rooms & {"extras", "porting"}
    assert {name for name in loaded if name.startswith("models.")} == {"models.basic"}
    ours = {"commands.train", "commands.grammar", "commands.versions"}
    assert {name for name in loaded if name.startswith("commands.")} <= ours
    heavy = ("tf1.contrib", "tf1.rnn", "tf1.estimator", "data.picture_folder", "images.generate")
    assert not [name for name in loaded if name.startswith(heavy)]
    assert len(loaded) < 85


@pytest.mark.newest
@pytest.mark.tensorflow
@pytest.mark.skipif(os.name == "nt", reason="needs a POSIX shell")
def test_training_ends_in_english_on_a_western_console_and_with_standard_error_closed(made_folder):
    command = '"{}" "{}" --data-dir "{}" --steps 1 --engine feed 2>&-'.format(
        sys.executable, os.path.join(ROOT, "run_basic.py"), made_folder
    )
    ended = subprocess.run(
        ["sh", "-c", command], stdout=subprocess.PIPE, env=dict(os.environ, PYTHONPATH=ROOT, PYTHONIOENCODING="cp1252")
    )
    assert ended.returncode == 0
    assert ended.stdout.splitlines()[-1] == b"Optimization finished!"


def test_help_of_train_names_the_models(program):
    status, out, _ = program("train", "--help")
    assert status == 0 and "basic" in out and "conditional" in out
