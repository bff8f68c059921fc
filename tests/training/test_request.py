"""What a training command decides, as a table: no TensorFlow, no disk, no training."""

import dataclasses

import pytest

from legacy_gan import options, registry
from legacy_gan.errors import OptionError, RefusedResume, UserError
from legacy_gan.training import request
from legacy_gan.training.request import Answer, Begin, Change, Resume, Target

pytestmark = pytest.mark.no_tensorflow

BROKEN = UserError("runs/basic/config.json is not a settings file of this program")
HASH = "the hash of the page"


def config(model="basic", **changed):
    """Returns what config.json holds of a run, as far as a decision looks at it."""
    settings = dict(vars(registry.model(model).settings(seed=3)), **changed.pop("settings", {}))
    made = {
        "model": model,
        "settings": settings,
        "target": {"epochs": 20, "steps": None},
        "steps_per_epoch": 10,
        "source_sha256": HASH,
        "seeds_tried": [3],
    }
    return dict(made, **changed)


class FakeDisk(request.Disk):
    """A run directory that need not exist; it counts how often a checkpoint was asked for."""

    path = "runs/basic"

    def __init__(self, found=None, step=None, page_hash=HASH):
        self._found, self._step, self._hash, self.asked = found, step, page_hash, 0

    def config(self):
        if isinstance(self._found, Exception):
            raise self._found
        return self._found

    def has_settings_file(self):
        return self._found is not None

    def page_hash(self):
        return self._hash

    def newest_step(self, settings, found):
        self.asked += 1
        if isinstance(self._step, Exception):
            raise self._step
        return self._step


def decide(disk, model="basic", **given):
    return request.decide(request.parse(model, given), disk)


# What is on the disk, the newest checkpoint's step, what is given: the decision
TABLE = {
    "nothing is there": (None, None, {}, Begin, Target(100, None)),
    "nothing, with a target": (None, None, {"epochs": 3, "steps": 7}, Begin, Target(3, 7)),
    "nothing, to be begun anew": (None, None, {"restart": True}, Begin, Target(100, None)),
    "an unfinished run": (config(), 40, {}, Resume, Target(100, None)),
    "a run without a checkpoint": (config(), None, {}, Resume, Target(100, None)),
    "a run that has reached its steps": (config(), 40, {"steps": 40}, Answer, None),
    "a run beyond its steps": (config(), 50, {"steps": 40}, Answer, None),
    "a run that has reached its epochs": (config(), 30, {"epochs": 3}, Answer, None),
    "one step is left": (config(), 29, {"epochs": 3}, Resume, Target(3, None)),
    "no step is wanted": (config(), 0, {"steps": 0}, Answer, None),
    "whichever comes first": (config(), 25, {"epochs": 3, "steps": 25}, Answer, None),
    "a run to be begun anew": (config(), 40, {"restart": True, "steps": 40}, Begin, Target(100, 40)),
    "a broken run to be begun anew": (BROKEN, None, {"restart": True}, Begin, Target(100, None)),
    "its own settings given": (config(), 40, {"seed": 3, "hidden": 256}, Resume, Target(100, None)),
    "a seed at random that was drawn": (config(), 40, {"seed": "random"}, Resume, Target(100, None)),
}


@pytest.mark.parametrize("case", sorted(TABLE))
def test_decision(case):
    found, step, given, kind, target = TABLE[case]
    disk = FakeDisk(found, step)
    decision = decide(disk, **given)
    assert type(decision) is kind
    if kind is Answer:
        assert decision.step == step and decision.config is found
    else:
        assert decision.target == target
    if kind is Resume:
        assert decision.step == step and decision.config is found and list(decision.changes) == []
        assert decision.settings == options.Basic(seed=3)
    if kind is Begin:
        assert not disk.asked
        assert decision.aside == ({} if found is BROKEN else found)
        assert decision.settings == options.Basic(**{k: v for k, v in given.items() if k in ("seed", "hidden")})


def test_a_digit_without_a_target_takes_the_runs_own():
    """A complete run draws the digit, an unfinished one is finished first."""
    found = config("conditional")
    assert type(decide(FakeDisk(found, 200), "conditional", digit=5)) is Answer
    unfinished = decide(FakeDisk(found, 199), "conditional", digit=5)
    assert type(unfinished) is Resume and unfinished.target == Target(20, None)
    assert decide(FakeDisk(found, 200), "conditional", digit=5, epochs=21).target == Target(21, None)
    assert type(decide(FakeDisk(found, 200), "conditional")) is Resume  # to the book's 100 epochs


REFUSED = {
    "another model": (config("conditional"), {}, ["the model conditional, got basic; another --run-dir"]),
    "another setting": (config(), {"batch_size": 5}, ["--batch-size 100, got 5; another --run-dir, or --restart"]),
    "two settings": (
        config(),
        {"hidden": 5, "learning_rate": 1},
        ["--hidden 256, got 5", "--learning-rate 0.0002, got 1.0"],
    ),
    "another seed": (config(), {"seed": 4}, ["--seed 3, got 4"]),
    "the seed of a later try": (config(seeds_tried=[3, 4], settings={"seed": 4}), {"seed": 5}, ["--seed 4, got 5"]),
    "a preset": (
        config(),
        {"preset": "better"},
        ["--learning-rate", "--gradient-penalty", "--beta1", "--d-steps", "--average"],
    ),
}


@pytest.mark.parametrize("case", sorted(REFUSED))
def test_refusal_has_a_line_for_each_difference(case):
    found, given, expected = REFUSED[case]
    disk = FakeDisk(found, 40)
    with pytest.raises(RefusedResume) as refusal:
        decide(disk, **given)
    assert len(refusal.value.lines) == len(expected)
    for line, part in zip(refusal.value.lines, expected):
        assert line.startswith("runs/basic: expected ") and part in line
    assert not disk.asked  # a refusal comes before TensorFlow is loaded


def test_the_seed_that_began_a_run_may_be_given_again():
    found = config(seeds_tried=[3, 4], settings={"seed": 4})
    assert decide(FakeDisk(found, 40), seed=3).settings.seed == 4


def test_an_edited_page_is_refused_unless_it_is_allowed():
    disk = FakeDisk(config(), 40, page_hash="another")
    with pytest.raises(RefusedResume, match=r"legacy_gan/models/basic\.py as it was then, got an edited file"):
        decide(disk)
    decision = decide(disk, allow_change="source")
    assert decision.changes == [Change("source", HASH, "another")]


def test_a_page_whose_comments_alone_have_changed_is_gone_on_with():
    earlier = registry.model("vanilla").same_text[0]
    found = config("vanilla", source_sha256=earlier)
    decision = decide(FakeDisk(found, 40), "vanilla")
    assert type(decision) is Resume and list(decision.changes) == []
    with pytest.raises(RefusedResume):
        decide(FakeDisk(config(source_sha256=earlier), 40))  # it is another model's


def test_allowed_change_is_taken_and_told():
    decision = decide(FakeDisk(config(), 40), allow_change="learning-rate,beta1", learning_rate=0.5)
    assert type(decision) is Resume and decision.settings.learning_rate == 0.5
    assert decision.changes == [Change("learning_rate", 0.0002, 0.5)]
    complete = decide(FakeDisk(config(), 40), allow_change="learning-rate", learning_rate=0.5, steps=40)
    assert type(complete) is Answer and complete.changes == decision.changes


ERRORS = {
    "a broken run": (BROKEN, None, {}, "is not a settings file"),
    "a folder of something else": (UserError("holds files but no config.json"), None, {}, "no config.json"),
    "no whole checkpoint": (config(), UserError("cannot be used"), {}, "cannot be used"),
    "momentum for Adam": (None, None, {"momentum": 0.9}, "--momentum requires --optimizer momentum"),
    "a preset for another optimizer": (
        None,
        None,
        {"preset": "better", "optimizer": "momentum"},
        "--preset better requires --optimizer adam; the optimizer is momentum",
    ),
    "pictures over a file of the run": (None, None, {"samples_dir": "runs/basic/losses.csv"}, "--samples-dir must not"),
    "weights among the checkpoints": (
        None,
        None,
        {"save_weights": "runs/basic/checkpoints/w.npz"},
        "--save-weights must not be runs/basic/checkpoints",
    ),
    "weights of another kind": (None, None, {"save_weights": "w.h5"}, "--save-weights must end in .npz, got w.h5"),
    "a setting that cannot change": (None, None, {"allow_change": "hidden"}, "--allow-change takes one or more of"),
}


@pytest.mark.parametrize("case", sorted(ERRORS))
def test_error(case):
    found, step, given, words = ERRORS[case]
    with pytest.raises(UserError) as error:
        decide(FakeDisk(found, step), **given)
    assert words in str(error.value) and error.value.status == 2


def test_unknown_option_and_model():
    with pytest.raises(OptionError, match="basic has no option 'digit'"):
        request.parse("basic", {"digit": 5})
    with pytest.raises(OptionError, match="the model must be one of"):
        request.parse("gan", {})


def test_a_flag_of_its_own_goes_before_what_the_preset_says():
    given = request.parse("basic", {"preset": "better", "d_steps": 4}).settings_given
    assert given == dict(registry.model("basic").presets["better"], d_steps=4)


def test_nothing_is_changed_by_a_decision():
    """The same request and the same disk come to the same decision, again and again."""
    found = config()
    before = {name: dict(value) if isinstance(value, dict) else value for name, value in found.items()}
    disk = FakeDisk(found, 40)
    decisions = [decide(disk, allow_change="learning-rate", learning_rate=0.5) for _ in range(2)]
    assert decisions[0] == decisions[1]
    assert found == before
    assert dataclasses.asdict(options.Basic(seed=3)) == found["settings"]
