"""legacy-gan compare: how far two traces are apart, and which ones are not compared."""

import numpy as np
import pytest

from legacy_gan.porting import compare, traces
from tests.support import traced


def values(*arrays):
    return [np.asarray(array) for array in arrays]


@pytest.mark.parametrize(
    "a, b, absolute, relative",
    [
        ([1.0, 2.0], [1.0, 2.0], 0, 0),
        ([1.0, 2.0], [1.0, 2.5], 0.5, 0.2),
        ([0.0, 1e-9], [0.0, 0.0], 1e-9, 1),
        ([np.nan, np.inf, 1.0], [np.nan, np.inf, 1.0], 0, 0),
        ([np.nan, np.inf, 1.0], [np.nan, np.inf, 2.0], 1, 0.5),
        ([np.nan, 1.0], [1.0, 1.0], np.inf, np.inf),
        ([1, 2, 3, 4], [1, 2, 3, 9], 5, 0.25),
        ([True, False], [True, True], 1, 0.5),
        ([], [], 0, 0),
    ],
)
def test_difference_is_in_closed_form(a, b, absolute, relative):
    for x, y in (values(a, b), values(b, a)):
        assert compare.difference(x, y) == pytest.approx((absolute, relative), abs=1e-15)


def scaled(trace, step, factor):
    """Changes what one step of a trace returned."""
    call = trace.calls[step]
    call["values"] = [value if value is None else value * np.float32(factor) for value in call["values"]]
    return trace


def test_compare_says_up_to_which_step_the_bound_holds(program):
    traced.tiny(record="a.npz")
    scaled(traces.read("a.npz"), 3, 1.001).write("b.npz")
    status, out, err = program("compare", "a.npz", "a.npz")
    assert (status, err) == (0, "") and len(out.splitlines()) == 8 and "in all 5 steps" in out
    status, out, _ = program("compare", "a.npz", "b.npz")
    assert status == 0  # 1e-3 at step 4, where 2e-3 is allowed
    status, out, _ = program("compare", "a.npz", "b.npz", "--bound", "1e-4")
    assert status == 1
    assert "beyond the bound (0.0001) at step 4; within it up to step 3" in out
    status, out, _ = program("compare", "a.npz", "b.npz", "--bound", "1e-4", "--steps", 3)
    assert status == 0 and "weights" not in out
    large, larger = [scaled(traces.read(name), 3, 1e6) for name in ("a.npz", "b.npz")]
    assert compare.compare(large, larger)[1]  # it is the relative difference that counts
    scaled(traces.read("a.npz"), 0, 1.001).write("b.npz")
    assert program("compare", "a.npz", "b.npz")[0] == 1  # at step 1 it is not


def test_compare_looks_at_the_weights(program):
    traced.tiny(record="a.npz")
    trace = traces.read("a.npz")
    trace.reached["w"] = trace.reached["w"] * np.float32(1.1)
    trace.write("b.npz")
    status, out, _ = program("compare", "a.npz", "b.npz")
    assert status == 1 and "norms of all differ by 9.1e-02 (relative), beyond 0.01" in out


def test_compare_refuses_what_is_no_trace(refused):
    traced.tiny(record="a.npz")
    with open("a.npz", "rb") as f:
        content = f.read()
    with open("half.npz", "wb") as f:
        f.write(content[: len(content) // 2])
    np.savez("foreign.npz", x=np.ones(3))
    with open("text.npz", "w") as f:
        f.write("no archive")
    for name in ("half.npz", "foreign.npz", "text.npz", "missing.npz", "."):
        line = refused("compare", "a.npz", name)
        assert "expected a trace of legacy-gan run --record, got " + name in line
    assert "--bound takes" in refused("compare", "a.npz", "a.npz", "--bound", "-1")


@pytest.mark.parametrize(
    "changes, words",
    [
        (
            [("_, out = sess.run([step, y]", "sess.run([step, y, w]")],
            "2 fetches in one and 3 fetches in the other at step 1",
        ),
        ([("range(5)", "range(4)")], "5 steps in one and 4 steps in the other in all"),
        ([("[4, 3]", "[6, 3]")], r"shape (4, 2) in one and shape (6, 2) in the other at step 1 for"),
        ([("rng.normal", "rng.uniform")], "one array in one and another in the other at step 1 fed to x:0"),
        ([("y = tf.", "u = tf.Variable(1.0); y = tf.")], "1 trainable variables in one and 2 trainable variables"),
    ],
)
def test_compare_names_the_first_difference_of_listings(changes, words, refused):
    traced.tiny(record="a.npz")
    traced.tiny(record="b.npz", also=changes)
    assert words in refused("compare", "a.npz", "b.npz")
