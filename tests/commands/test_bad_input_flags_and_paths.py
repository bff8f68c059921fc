"""Flags and paths that training refuses: exit status 2, one line, nothing lost or half written.

A row is what is given (flags), what was there before (prepare) and words of the line it must get.
"""

import os
import shutil

import pytest

from tests.support import bad_input
from tests.support.bad_input import (
    LONG_KOREAN,
    LONG_NAME,
    LONG_PATH,
    MUST_WRITE,
    RUN,
    Row,
    folder_there,
    link_there,
    linux,
    mortal,
    posix,
    there,
)

pytestmark = [pytest.mark.both_ends, pytest.mark.python]

# Flags: out of range, of a wrong type, contradictory, unknown.

FLAGS = (
    [
        Row(["--epochs", "0"], "--epochs takes a whole number from 1 to 1000000, got '0'"),
        Row(["--epochs", "-1"], "--epochs takes a whole number from 1 to 1000000, got '-1'"),
        Row(["--epochs", "1000001"], "--epochs takes"),
        Row(["--epochs", "1.5"], "--epochs takes"),
        Row(["--epochs", "ten"], "--epochs takes"),
        Row(["--epochs", ""], "--epochs takes"),
        Row(["--epochs", "1e400"], "--epochs takes"),
        Row(["--epochs", "9" * 5000], "--epochs takes", id="--epochs of 5000 digits"),
        Row(["--epochs"], "argument --epochs: expected one argument; see --help"),
        Row(["--epochs", "1", "--epochs", "0"], "--epochs takes"),
        Row(["--batch-size", "0"], "--batch-size takes a whole number from 1 to 60000"),
        Row(["--batch-size", "60001"], "--batch-size takes"),
        Row(["--batch-size", "nan"], "--batch-size takes"),
        Row(["--batch-size", "601"], "--batch-size must be at most the 600 training images of"),
        Row(["--learning-rate", "0"], "--learning-rate takes a number above 0, at most 100, got '0'"),
        Row(["--learning-rate", "-0.1"], "--learning-rate takes"),
        Row(["--learning-rate", "101"], "--learning-rate takes"),
        Row(["--learning-rate", "nan"], "--learning-rate takes"),
        Row(["--learning-rate", "inf"], "--learning-rate takes"),
        Row(["--learning-rate=-inf"], "--learning-rate takes"),
        Row(["--learning-rate", "1e400"], "--learning-rate takes"),
        Row(["--learning-rate", "1e-400"], "--learning-rate takes"),
        Row(["--learning-rate", ""], "--learning-rate takes"),
        Row(["--learning-rate", "0,001"], "--learning-rate takes"),
        Row(["--hidden", "0"], "--hidden takes a whole number from 1 to 65536"),
        Row(["--hidden", "65537"], "--hidden takes"),
        Row(["--noise", "0"], "--noise takes a whole number from 1 to 65536"),
        Row(["--noise", "0x10"], "--noise takes"),
        Row(["--seed", "-1"], "--seed takes a whole number from 0 to 4294967295 or 'random', got '-1'"),
        Row(["--seed", "4294967296"], "--seed takes"),
        Row(["--seed", "Random"], "--seed takes"),
        Row(["--steps", "-1"], "--steps takes a whole number from 0 to 1000000000"),
        Row(["--steps", "inf"], "--steps takes"),
        Row(["--sample-every", "0"], "--sample-every takes a whole number from 1 to 1000000"),
        Row(["--checkpoint-every", "0"], "--checkpoint-every takes a whole number from 1 to 1000000"),
        Row(["--checkpoint-every", "0.5"], "--checkpoint-every takes"),
        Row(["--d-steps", "0"], "--d-steps takes a whole number from 1 to 100, got '0'"),
        Row(["--d-steps", "101"], "--d-steps takes"),
        Row(["--g-steps", "-3"], "--g-steps takes a whole number from 1 to 100, got '-3'"),
        Row(["--g-steps", "two"], "--g-steps takes"),
        Row(["--engine", "xla"], "--engine takes one of feed, compiled, got 'xla'"),
        Row(["--engine", ""], "--engine takes one of"),
        Row(["--precision", "float16"], "--precision takes one of float32, bfloat16, got 'float16'"),
        Row(["--device", "tpu"], "--device takes one of auto, cpu, gpu, got 'tpu'"),
        Row(["--device", ""], "--device takes"),
        Row(["--gradient-penalty", "-0.1"], "--gradient-penalty takes a number from 0 to"),
        Row(["--gradient-penalty", "nan"], "--gradient-penalty takes a number from 0 to"),
        Row(["--mismatched-labels", "1"], "unrecognized arguments: --mismatched-labels 1"),  # listing 1 has no labels
        Row(["--decay-steps", "0"], "--decay-steps takes a whole number from 1 to"),
        Row(["--decay-steps", "1.5"], "--decay-steps takes a whole number from 1 to"),
        Row(["--on-collapse", "explode"], "--on-collapse takes one of warn, stop, retry"),
        Row(["--on-collapse", ""], "--on-collapse takes one of"),
        Row(["--on-collapse", "Stop"], "--on-collapse takes one of"),
        Row(["--allow-change", "hidden"], "--allow-change takes one or more of learning-rate,"),
        Row(["--allow-change", "seed,beta1"], "--allow-change takes one or more of"),
        Row(["--allow-change", "beta1,"], "--allow-change takes one or more of"),
        Row(["--allow-change", ""], "--allow-change takes one or more of"),
        Row(["--allow-change", "beta1\0"], "--allow-change takes one or more of"),
        Row(["--preset", "best"], "--preset takes 'better', got 'best'"),
        Row(
            ["--preset", "better", "--optimizer", "momentum"],
            "--preset better requires --optimizer adam; the optimizer is momentum",
        ),
        Row(
            ["--preset", "better", "--batch-size", "1"],
            "--mismatched-labels needs batches of two images or more, got --batch-size 1",
            model="conditional",
        ),
        Row(["--no-such-flag"], "unrecognized arguments: --no-such-flag; see --help"),
        Row(["--epoch", "3"], "unrecognized arguments: --epoch 3"),
        Row(["--d_steps", "3"], "unrecognized arguments: --d_steps 3"),
        Row(["-e", "3"], "unrecognized arguments: -e 3"),
        Row(["stray"], "unrecognized arguments: stray"),
        Row(["--offline", "yes"], "unrecognized arguments: yes"),
        Row(["--restart=yes"], "argument --restart: ignored explicit argument 'yes'"),
        Row(["--digit", "5"], "unrecognized arguments: --digit 5"),  # listing 1 has no labels
    ]
    + [
        Row([flag, value], flag + " takes a number above 0, at most 100, got " + repr(value))
        for flag in ("--d-learning-rate", "--g-learning-rate", "--skip-d-below")
        for value in ("0", "-0.5", "100.1", "nan", "inf", "1e400", "", "low")
    ]
    + [
        Row([flag, value], f"{flag} takes a number from 0 to {high}, got {value!r}")
        for flag, high in (
            ("--label-smoothing", "0.5"),
            ("--beta1", "0.9999"),
            ("--momentum", "0.9999"),
            ("--average", "0.99999"),
        )
        for value in ("-0.1", "1", "nan", "inf", "1e400", "", "half")
    ]
    + [
        Row(["--digit", value], "--digit takes a whole number from 0 to 9", model="conditional")
        for value in ("10", "-1", "five", "5.0", "nan", "")
    ]
    + [
        Row(["--mismatched-labels", "-1"], "--mismatched-labels takes a number from 0 to", model="conditional"),
        Row(["--beta1", "1"], "--beta1 takes", model="conditional"),
        Row(["--g-steps", "0"], "--g-steps takes", model="conditional"),
        Row(["--tensorboard=yes"], "argument --tensorboard: ignored explicit argument 'yes'"),
        Row(["--loss", "minimax"], "--loss takes one of non_saturating, saturating, got 'minimax'"),
        Row(["--loss", ""], "--loss takes one of"),
        Row(["--optimizer", "sgd"], "--optimizer takes one of adam, momentum, got 'sgd'"),
        Row(["--filters", "3"], "unrecognized arguments: --filters 3"),
        Row(["--hidden", "3"], "unrecognized arguments: --hidden 3", model="dcgan"),
        Row(["--digit", "3"], "unrecognized arguments: --digit 3", model="vanilla"),
        Row(["--filters", "0"], "--filters takes a whole number from 1 to 4096, got '0'", model="dcgan"),
        Row(["--dropout", "1"], "--dropout takes a number from 0 to 0.99, got '1'", model="dcgan"),
        Row(["--first-layer", "conv"], "--first-layer takes one of dense, transposed", model="dcgan"),
        Row(["--digit", "10"], "--digit takes a whole number from 0 to 9", model="cdcgan"),
        Row(["--allow-change", "dropout"], "--allow-change takes one or more of", model="vanilla"),
        Row(["--quiet=yes"], "argument --quiet: ignored explicit argument 'yes'"),
        Row(["--config", "no.json"], "--config no.json: No such file or directory; expected the config.json of a run"),
        Row(["--config", "list.json"], "--config list.json: expected", there("list.json", b"[]")),
        Row(["--config", "text.json"], "--config text.json: it is not JSON", there("text.json", b"{")),
        Row(
            ["--config", "other.json"],
            "--config other.json: --hidden takes a whole number from 1 to 65536, got 0",
            there("other.json", b'{"settings": {"hidden": 0}}'),
        ),
        Row(
            ["--config", "more.json"],
            "--config more.json: basic has no option 'filters'",
            there("more.json", b'{"settings": {"filters": 2}}'),
        ),
        Row(
            ["--config", "of.json"],
            "--config of.json is of the model dcgan, got basic",
            there("of.json", b'{"model": "dcgan"}'),
        ),
        Row(["--config", "any.json", "--preset", "better"], "--config and --preset both give settings"),
        # Contradictory: they would change nothing.
        Row(["--momentum", "0.9"], "--momentum requires --optimizer momentum; the optimizer is adam"),
        Row(["--momentum", "0.9"], "--momentum requires --optimizer momentum", model="cdcgan"),
        Row(
            ["--optimizer", "momentum", "--beta1", "0.5"],
            "--beta1 requires --optimizer adam; the optimizer is momentum",
        ),
    ]
)


# Paths: a folder for a file and a file for a folder, what cannot be written, impossible names.


PATHS = (
    [
        Row([flag, value], flag + " takes a path", id=f"{flag} {value!r}")
        for flag in ("--run-dir", "--samples-dir", "--data-dir", "--initial-weights", "--save-weights")
        for value in ("", "a\0b")
    ]
    + [Row(["--run-dir", "caf\udce9"], "'caf\\udce9', which is not UTF-8; rename it")]
    + [
        Row([flag, path], words, prepare, id=f"{flag} {what}", mark=mark)
        for flag, words in MUST_WRITE.items()
        for path, what, prepare, mark in [
            ("file/below", "below a file", there("file", b"mine"), ()),
            (LONG_NAME, "of 300 letters", None, ()),
            (LONG_KOREAN, "of 100 Korean letters", None, posix),
            (LONG_PATH, "of 5000 letters", None, ()),
            ("/proc/version/below", "below /proc/version", None, linux),
            ("/proc/legacy_gan", "in /proc", None, linux),
        ]
    ]
    + [
        Row(["--run-dir", "file"], "--run-dir must be a folder, file is a file", there("file", b"mine")),
        Row(["--run-dir", "/proc/version"], "--run-dir must be a folder", mark=linux),
        Row(["--run-dir", "/"], "--run-dir / holds files but no config.json", mark=posix),
        Row(["--run-dir", "/proc"], "--run-dir /proc holds files but no config.json", mark=linux),
        Row(["--run-dir", "."], "--run-dir . holds files but no config.json", there("thesis", b"mine")),
        Row(
            ["--run-dir", "link"],
            "--run-dir must be a folder",
            link_there("link", "nowhere"),
            "--run-dir dangling link",
            mark=posix,
        ),
        Row(
            ["--run-dir", "link"],
            "--run-dir must be a folder",
            link_there("link", "link"),
            "--run-dir link to itself",
            mark=posix,
        ),
        Row(["--samples-dir", "file"], MUST_WRITE["--samples-dir"], there("file", b"mine")),
        Row(["--samples-dir", "/dev/null"], MUST_WRITE["--samples-dir"], mark=posix),
        Row(
            ["--samples-dir", "link"],
            MUST_WRITE["--samples-dir"],
            link_there("link", "nowhere"),
            "--samples-dir dangling link",
            mark=posix,
        ),
        Row(
            ["--samples-dir", "link"],
            MUST_WRITE["--samples-dir"],
            link_there("link", "link"),
            "--samples-dir link to itself",
            mark=posix,
        ),
        Row(
            ["--samples-dir", "s"],
            "--samples-dir s: 000.png is a folder; move it away",
            folder_there("s/000.png"),
            "--samples-dir with a folder 000.png",
        ),
    ]
    + [
        # A folder of that name would close the run directory for good.
        Row([flag, f"{RUN}/{name}{more}"], f"{flag} must not be {RUN}/{name}, which is the run's own")
        for flag, more in (("--samples-dir", ""), ("--samples-dir", "/below"), ("--save-weights", "/w.npz"))
        for name in ("config.json", "losses.csv", "health.csv", "lock", "checkpoints")
    ]
    + [
        Row(["--data-dir", "file"], "file: expected a folder for MNIST's files, got a file", there("file", b"mine")),
        Row(["--data-dir", "/proc/version"], "expected a folder for MNIST's files", mark=linux),
        # None of these is a folder that is only not there yet, so embedded digits do not stand in for it.
        Row(
            ["--data-dir", "link"],
            "link: expected a folder for MNIST's files, got a link to nowhere",
            link_there("link", "gone"),
            "--data-dir dangling link",
            mark=posix,
        ),
        Row(
            ["--data-dir", "link/"],
            "expected a folder for MNIST's files, got a link to nowhere",
            link_there("link", "gone"),
            "--data-dir dangling link with a slash",
            mark=posix,
        ),
        Row(
            ["--data-dir", "link"],
            "link: cannot be read: Too many levels",
            link_there("link", "link"),
            "--data-dir link to itself",
            mark=posix,
        ),
        Row(
            ["--data-dir", LONG_NAME], "cannot be read: File name too long", id="--data-dir of 300 letters", mark=posix
        ),
        Row(
            ["--data-dir", LONG_PATH], "cannot be read: File name too long", id="--data-dir of 5000 letters", mark=posix
        ),
        Row(
            ["--data-dir", "closed/data"],
            "closed/data: cannot be read: Permission denied",
            lambda world: os.makedirs("closed", 0),
            "--data-dir in a closed folder",
            mark=mortal,
        ),
        Row(
            ["--data-dir", "closed"],
            "closed: cannot be read: Permission denied",
            lambda world: os.makedirs("closed", 0o444),
            "--data-dir that may only be listed",
            mark=mortal,
        ),
        Row(["--save-weights", "w.txt"], "--save-weights must end in .npz, got w.txt"),
        Row(
            ["--save-weights", "there.npz"],
            "--save-weights there.npz: expected a file, got a folder",
            folder_there("there.npz"),
        ),
        Row(
            ["--save-weights", "file/w.npz"],
            "--save-weights must be a folder that can be written",
            there("file", b"mine"),
        ),
        Row(
            ["--save-weights", LONG_NAME + "/w.npz"],
            "--save-weights must be a folder that can be",
            id="--save-weights in a folder of 300 letters",
        ),
        # Else it would be found out after the training.
        Row(["--save-weights", LONG_NAME + ".npz"], "--save-weights", id="--save-weights of 300 letters"),
        Row(
            ["--save-weights", LONG_PATH + "/w.npz"],
            "--save-weights must be a folder that can be",
            id="--save-weights of 5000 letters",
        ),
        Row(["--save-weights", "/proc/w.npz"], "--save-weights must be a folder that can be written", mark=linux),
        Row(
            ["--run-dir", "closed/run"],
            MUST_WRITE["--run-dir"],
            lambda world: os.makedirs("closed", 0o555),
            "--run-dir in a read-only folder",
            mark=mortal,
        ),
        Row(
            ["--samples-dir", "closed"],
            MUST_WRITE["--samples-dir"],
            lambda world: os.makedirs("closed", 0o555),
            "--samples-dir read-only",
            mark=mortal,
        ),
        Row(
            ["--save-weights", "closed/w.npz"],
            "--save-weights must be a folder that can be written",
            lambda world: os.makedirs("closed", 0o555),
            "--save-weights in a read-only folder",
            mark=mortal,
        ),
    ]
)


@pytest.mark.no_tensorflow
@bad_input.cases(FLAGS)
def test_bad_flag_is_one_line_and_status_2(row, program, world):
    bad_input.check(row, program, world)


@bad_input.cases(PATHS)
def test_bad_path_is_one_line_and_status_2(row, program, world):
    bad_input.check(row, program, world)


def test_folder_that_is_gone_is_one_line(program, made_folder):
    """The shell stands in a folder that somebody has removed."""
    here = os.getcwd()
    os.makedirs("gone")
    os.chdir("gone")
    try:
        os.rmdir(os.path.join(here, "gone"))
        status, _, err = program("train", "basic", "--data-dir", made_folder)
    except OSError:
        pytest.skip("this system keeps the folder")
    finally:
        os.chdir(here)
    assert status == 2 and len(err.splitlines()) == 1
    assert "No such file or directory" in err


@linux
@pytest.mark.parametrize(
    "flag, ending", [("--run-dir", ""), ("--samples-dir", ""), ("--save-weights", ".npz"), ("--data-dir", "")]
)
def test_path_that_is_no_text_is_used_or_refused(flag, ending, program, made_folder):
    path = os.fsdecode(b"\xff\xfe") + ending
    if flag == "--data-dir":
        shutil.copytree(made_folder, path)
    data = [] if flag == "--data-dir" else ["--data-dir", made_folder]
    status, _, err = program("train", "basic", *(data + ["--steps", 1, flag, path]))
    assert "Traceback" not in err
    if status == 0:
        assert os.path.exists(path)
    else:
        assert status == 2 and len(err.splitlines()) == 1 and flag in err


def test_there_are_rows_for_every_flag():
    """A new flag needs rows of its own."""
    from legacy_gan import option_types, registry

    given = {part.split("=")[0] for row in FLAGS + PATHS for part in row.flags if part.startswith("--")}
    known = {option_types.flag(field.name) for model in registry.MODELS for field in registry.model(model).fields()}
    assert known <= given and len(FLAGS + PATHS) >= 70
