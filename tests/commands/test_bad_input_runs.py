"""Runs that training refuses to go on with: exit status 2, one line, nothing lost or half written.

A row is what is given (flags), what was there before (prepare) and words of the line it must get.
"""

import os
import shutil

import pytest

from tests.support import bad_input
from tests.support.bad_input import (
    FURTHER,
    IMAGES,
    MUST_WRITE,
    RUN,
    UNREADABLE,
    Row,
    config_edited,
    data_with,
    folder_there,
    link_there,
    mortal,
    other_file,
    posix,
    run_with,
    set_at,
    there,
    write,
)

pytestmark = [pytest.mark.both_ends, pytest.mark.python]

# config.json


def config_text(data):
    return run_with(lambda world: write(RUN + "/config.json", data))


def delete_at(*keys):
    def change(config):
        for key in keys[:-1]:
            config = config[key]
        del config[keys[-1]]

    return change


def other_config(change):
    """config.json is something else than a file."""

    def edit(world):
        os.unlink(RUN + "/config.json")
        change(RUN + "/config.json")

    return run_with(edit)


NO_CONFIG = RUN + "/config.json is not a settings file of this program"

CONFIGS = (
    [
        Row(FURTHER, NO_CONFIG, config_text(data), "config " + what)
        for what, data in [
            ("empty", b""),
            ("cut", b'{"model": "bas'),
            ("no json", b"model = basic"),
            ("a list", b"[]"),
            ("null", b"null"),
            ("a number", b"3"),
            ("a text", b'"basic"'),
            ("without keys", b"{}"),
            ("with one key", b'{"model": "basic"}'),
            ("a NUL", b"\0"),
            ("no UTF-8", b'{"model": "\xff\xfe"}'),
            ("a web page", b"<html></html>"),
            ("nested deeply", b"[" * 200000),
        ]
    ]
    + [
        Row(FURTHER + flags, NO_CONFIG, config_edited(change), "config " + what)
        for what, change, flags in [
            ("of no model", set_at("model", "dcgan"), []),
            ("model a list", set_at("model", ["basic"]), []),
            ("settings a list", set_at("settings", [1, 2]), []),
            ("unknown setting", set_at("settings", "depth", 3), []),
            ("without hidden", delete_at("settings", "hidden"), ["--hidden", "8"]),
            ("without hidden, not asked for", delete_at("settings", "hidden"), []),
            ("hidden negative", set_at("settings", "hidden", -8), []),
            ("hidden null", set_at("settings", "hidden", None), []),
            ("hidden a list", set_at("settings", "hidden", [8]), []),
            ("hidden huge", set_at("settings", "hidden", 10**30), []),
            ("rate NaN", set_at("settings", "learning_rate", float("nan")), []),
            ("rate infinite", set_at("settings", "learning_rate", float("inf")), []),
            ("seed random", set_at("settings", "seed", "random"), []),
            ("target a number", set_at("target", 100), []),
            ("target without steps", delete_at("target", "steps"), []),
            ("target negative", set_at("target", "epochs", -1), []),
            ("data null", set_at("data", None), []),
            ("data without sum", delete_at("data", "sha256"), []),
            ("data folder a number", set_at("data", "dir", 5), []),
            ("images a text", set_at("data", "training_images", "600"), []),
            ("steps per epoch a text", set_at("steps_per_epoch", "6"), []),
            (
                "both counts texts",
                lambda c: (set_at("steps_per_epoch", "6")(c), set_at("data", "training_images", "6")(c)),
                [],
            ),
            ("steps per epoch negative", set_at("steps_per_epoch", -6), []),
            ("steps per epoch 0", set_at("steps_per_epoch", 0), []),
            ("steps per epoch a fraction", set_at("steps_per_epoch", 6.5), []),
            ("steps per epoch beyond a float", set_at("steps_per_epoch", 10**400), []),
            ("pictures a text", set_at("pictures", "000.png"), []),
            ("pictures of null", set_at("pictures", [None]), []),
            ("changes of numbers", set_at("changes", [5]), []),
            ("started null", set_at("started", None), []),
            ("started without step", delete_at("started", 0, "step"), []),
            ("started at a number", set_at("started", 0, "time", 5), []),
            ("started with a version of null", set_at("started", 0, "versions", "numpy", None), []),
            ("no seed tried", set_at("seeds_tried", []), []),
            ("weights a text", set_at("initial_weights", "w.npz"), []),
            ("weights without path", set_at("initial_weights", {"sha256": "0"}), []),
        ]
    ]
    + [
        Row(FURTHER, NO_CONFIG, other_config(os.makedirs), "config a folder"),
        Row(FURTHER + ["--restart"], NO_CONFIG, other_config(os.makedirs), "config a folder, --restart"),
        Row(
            FURTHER,
            NO_CONFIG,
            other_config(lambda path: os.symlink("nowhere", path)),
            "config a dangling link",
            mark=posix,
        ),
        Row(
            FURTHER + ["--restart"],
            NO_CONFIG,
            other_config(lambda path: os.symlink("config.json", path)),
            "config a link to itself, --restart",
            mark=posix,
        ),
        Row(
            FURTHER,
            NO_CONFIG,
            other_config(lambda path: (write(path), os.chmod(path, 0))),
            "config unreadable",
            mark=mortal,
        ),
    ]
)


# A run that may not be gone on with, a folder that is none, a lock that another holds


def folder_instead(name):
    def change(world):
        path = os.path.join(RUN, name)
        if os.path.exists(path):
            os.unlink(path)
        os.makedirs(path)

    return run_with(change)


def no_checkpoints_folder(make):
    def change(world):
        shutil.rmtree(RUN + "/checkpoints")
        make(RUN + "/checkpoints")

    return run_with(change)


def foreign(world):
    write("mine/thesis.txt", b"years of work")
    write("mine/checkpoints/step-00000002", b"not yours")


def locked(make):
    """Another holds the folder's lock."""

    def prepare(world):
        import fcntl

        make(world)
        held = open(RUN + "/lock", "a+b")
        world.held.append(held)
        fcntl.flock(held, fcntl.LOCK_EX)
        held.truncate(0)
        held.write(b"4242\n")
        held.flush()

    return prepare


def edited_page(world):
    world.run()
    world.monkeypatch.setattr("legacy_gan.training.pages.text_hash", lambda model: "another")


def weights_there(world):
    world.run()
    shutil.copy(world.run_of("basic") + ".npz", "in.npz")


def other_data_there(world):
    world.run()
    shutil.copytree(world.other_data(), "other")


def a_run(world):
    world.run()


NO_RUN = "mine holds files but no config.json, so it is no run of this program; name another"

RUNS = [
    Row(
        ["--run-dir", RUN],
        "expected the model basic, got conditional; another --run-dir",
        a_run,
        "run of another model",
        model="conditional",
    ),
    Row(FURTHER + ["--seed", "5"], "runs/basic: expected --seed 9, got 5; another --run-dir", a_run),
    Row(
        FURTHER + ["--steps", "2", "--noise", "5"],
        "expected --noise 4, got 5",
        a_run,
        "other settings for a complete run",
    ),
    Row(
        FURTHER + ["--hidden", "9", "--noise", "5", "--beta1", "0.5"],
        (
            "expected --hidden 8, got 9; another",
            "expected --noise 4, got 5; another",
            "expected --beta1 0.9, got 0.5; another --run-dir, or --restart to start again, or --allow-change beta1",
        ),
        a_run,
        "three other settings",
    ),
    Row(
        FURTHER + ["--learning-rate", "1", "--beta1", "0.5", "--allow-change", "beta1"],
        "expected --learning-rate 0.0002, got 1.0",
        a_run,
        "one of two changes allowed",
    ),
    Row(FURTHER + ["--hidden", "9", "--allow-change", "hidden"], "--allow-change takes", a_run),
    Row(
        FURTHER + ["--average", "0.9"],
        "expected --average 0.0, got 0.9; another --run-dir, or --restart",
        a_run,
        "an average that was not kept from the start",
    ),
    Row(FURTHER + ["--decay-steps", "9"], "expected --decay-steps None, got 9; another --run-dir, or --restart", a_run),
    Row(FURTHER + ["--gradient-penalty", "1"], "or --allow-change gradient-penalty to go on with it", a_run),
    Row(FURTHER + ["--average", "0.9", "--allow-change", "average"], "--allow-change takes one or more of", a_run),
    Row(FURTHER, "legacy_gan/models/basic.py as it was then, got an edited file", edited_page, "edited page"),
    Row(
        FURTHER + ["--d-steps", "2"],
        ("legacy_gan/models/basic.py as it was then", "expected --d-steps 1, got 2"),
        edited_page,
        "edited page and another setting",
    ),
    Row(FURTHER + ["--data-dir", "other"], "expected the training images", other_data_there),
    Row(
        ["--steps", "2", "--data-dir", "other"],
        "expected the training images",
        other_data_there,
        "other data for a complete run",
    ),
    Row(
        FURTHER + ["--data-dir", "nowhere", "--offline"],
        "nowhere: expected MNIST's files there, found none (offline was asked for); name their folder",
        a_run,
        "nothing in the folder named for a run",
    ),
    Row(
        FURTHER + ["--initial-weights", "in.npz"],
        "expected --initial-weights the model's own, got others",
        weights_there,
    ),
    Row(
        ["--steps", "2", "--initial-weights", "in.npz"],
        "expected --initial-weights the model's own, got others",
        weights_there,
    ),
    Row(
        FURTHER + ["--initial-weights", "in.npz"],
        "--initial-weights in.npz: " + UNREADABLE,
        a_run,
        "absent weights for a run",
    ),
    Row(FURTHER + ["--save-weights", "w.txt"], "--save-weights must end in .npz", a_run),
    Row(
        FURTHER + ["--samples-dir", "file"],
        MUST_WRITE["--samples-dir"],
        lambda world: (world.run(), write("file", b"mine")),
        "file for --samples-dir of a run",
    ),
    Row(
        ["--steps", "2", "--samples-dir", "file"],
        MUST_WRITE["--samples-dir"],
        lambda world: (world.run(), write("file", b"mine")),
        "the same of a complete run",
    ),
    Row(
        ["--restart", "--samples-dir", "file"],
        MUST_WRITE["--samples-dir"],
        lambda world: (world.run(), write("file", b"mine")),
        "the same with --restart",
    ),
    Row(
        ["--restart", "--initial-weights", "in.npz"],
        "--initial-weights in.npz: " + UNREADABLE,
        a_run,
        "absent weights with --restart",
    ),
    Row(["--restart", "--batch-size", "601"], "--batch-size must be at most the 600", a_run),
    Row(
        ["--restart", "--data-dir", "data", "--offline"],
        "got a web page",
        lambda world: (world.run(), data_with(other_file(IMAGES, b"<html>"))(world)),
        "broken data with --restart",
    ),
    Row(["--run-dir", "mine"], NO_RUN, foreign),
    Row(["--run-dir", "mine", "--restart"], NO_RUN, foreign),
    Row(["--run-dir", "mine", "--restart", "--allow-change", "source"], NO_RUN, foreign),
    Row(["--run-dir", "mine/checkpoints"], "holds files but no config.json", foreign),
    Row(["--run-dir", RUN + "/checkpoints"], "holds files but no config.json", a_run, "--run-dir inside a run"),
    Row(["--run-dir", RUN + "/config.json"], "--run-dir must be a folder", a_run, "--run-dir a run's config"),
    Row(
        FURTHER,
        "runs/basic is in use by another process (4242); wait until it ends, or name",
        locked(a_run),
        "locked run",
        mark=posix,
    ),
    Row(
        ["--restart"],
        "runs/basic is in use by another process (4242)",
        locked(a_run),
        "locked run, --restart",
        mark=posix,
    ),
    Row(
        ["--steps", "2"],
        "runs/basic is in use by another process (4242)",
        locked(a_run),
        "locked complete run",
        mark=posix,
    ),
    Row(
        [],
        "runs/basic is in use by another process (4242)",
        locked(folder_there(RUN)),
        "locked folder of a run that begins",
        mark=posix,
    ),
    Row(FURTHER, "runs/basic/lock", folder_instead("lock"), "lock a folder"),
    Row([], "runs/basic/lock", folder_there(RUN + "/lock"), "lock a folder, new run"),
    Row(FURTHER, "runs/basic/losses.csv", folder_instead("losses.csv"), "losses.csv a folder"),
    Row(["--steps", "2"], "runs/basic/losses.csv", folder_instead("losses.csv"), "losses.csv a folder, complete run"),
    Row(FURTHER, "runs/basic/health.csv", folder_instead("health.csv"), "health.csv a folder"),
    Row(
        FURTHER + ["--tensorboard"],
        "--tensorboard must be a folder that can be written",
        run_with(there(RUN + "/tensorboard", b"mine")),
        "tensorboard a file",
    ),
    Row(
        FURTHER + ["--tensorboard"],
        "--tensorboard must be a folder that can be written",
        run_with(link_there(RUN + "/tensorboard", "nowhere")),
        "tensorboard a dangling link",
        mark=posix,
    ),
    Row(
        FURTHER + ["--momentum", "0.9", "--allow-change", "momentum"],
        "--momentum requires --optimizer momentum; the optimizer is adam",
        a_run,
        "momentum of a run with Adam",
    ),
    Row(FURTHER, "runs/basic/checkpoints", no_checkpoints_folder(lambda path: write(path, b"x")), "checkpoints a file"),
    Row(
        FURTHER,
        "runs/basic/checkpoints",
        no_checkpoints_folder(lambda path: os.symlink("nowhere", path)),
        "checkpoints a dangling link",
        mark=posix,
    ),
    Row(
        FURTHER,
        "runs/basic/checkpoints",
        no_checkpoints_folder(lambda path: os.symlink("checkpoints", path)),
        "checkpoints a link to itself",
        mark=posix,
    ),
    Row(
        FURTHER,
        "runs/basic/checkpoints",
        run_with(lambda world: os.chmod(RUN + "/checkpoints", 0)),
        "checkpoints unreadable",
        mark=mortal,
    ),
]


@bad_input.cases(CONFIGS + RUNS)
def test_bad_input_is_one_line_and_status_2(row, program, world):
    bad_input.check(row, program, world)
