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
    scaled(traces.read("a.npz"), 3, 1.00005).write("b.npz")
    status, out, err = program("compare", "a.npz", "a.npz")
    assert (status, err) == (0, "") and len(out.splitlines()) == 11 and "in all 5 steps" in out
    status, out, _ = program("compare", "a.npz", "b.npz")
    assert status == 0  # 5e-5 at step 4, where 1e-4 is allowed
    status, out, _ = program("compare", "a.npz", "b.npz", "--bound", "1e-5")
    assert status == 1
    assert "beyond the bound (1e-05) at step 4; within it up to step 3" in out
    status, out, _ = program("compare", "a.npz", "b.npz", "--bound", "1e-5", "--steps", 3)
    assert status == 0 and "weights after" not in out
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


# What is said of the differences

TRAINED = """
import numpy as np
import tensorflow as tf
rng = np.random.RandomState(1)
x, y = tf.placeholder(tf.float32, [None, 6, 6, 2]), tf.placeholder(tf.int64, [None])
h = tf.layers.conv2d(x, 8, 3, kernel_initializer=tf.random_normal_initializer(0, 0.1, seed=1))
h = tf.nn.relu(tf.layers.batch_normalization(h, training=True))
logits = tf.layers.dense(tf.layers.flatten(h), 3, kernel_initializer=tf.random_normal_initializer(seed=2))
loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(logits=logits, labels=y))
accuracy = tf.reduce_mean(tf.cast(tf.equal(tf.argmax(logits, 1), y), tf.float32))
with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
    train = tf.train.AdamOptimizer(0.002).minimize(loss)
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for i in range(12):
        images = rng.normal(size=[16, 6, 6, 2])
        sess.run([train, FETCHES], {x: images, y: np.argmax(images.mean((1, 2)), 1)})
"""


def trained(fetches="loss", also=(), **options):
    text = TRAINED.replace("FETCHES", fetches)
    for old, new in also:
        assert old in text, old
        text = text.replace(old, new)
    traced.run(text, **options)


UNCORRECTED = (
    'type("Uncorrected", (tf.train.AdamOptimizer,), dict(_finish=lambda self, ops, name: tf.group(*ops), '
    "_get_beta_accumulators=lambda self: (tf.constant(0.0), tf.constant(0.0))))(0.002)"
)


@pytest.mark.newest
def test_slips_of_a_port_are_seen(program):
    trained(record="a.npz")
    trained(replay="a.npz", record="same.npz")
    text, ok = compare.compare(traces.read("a.npz"), traces.read("same.npz"))
    assert ok, text
    for new, words in (
        ("tf.train.AdamOptimizer(0.002, epsilon=1e-7)", "first changes of the weights"),
        ("tf.train.AdamOptimizer(0.002, epsilon=1e-4)", "first changes of the weights"),
        ("tf.train.AdamOptimizer(0.002, 0.999, 0.9)", "averages and moments"),
        ("tf.train.AdamOptimizer(0.002, 0.5)", "averages and moments"),
        ("tf.train.AdamOptimizer(0.00202)", "first changes of the weights"),
        (UNCORRECTED, "first changes of the weights"),
    ):
        trained(replay="a.npz", record="b.npz", also=[("tf.train.AdamOptimizer(0.002)", new)])
        text, ok = compare.compare(traces.read("a.npz"), traces.read("b.npz"))
        assert not ok and any(words in line and "beyond" in line for line in text.splitlines()), (new, text)
    for new, words in (("epsilon=1e-5", "gradients of the first steps"), ("momentum=0.01", "averages and moments")):
        trained(replay="a.npz", record="b.npz", also=[("training=True", f"training=True, {new}")])
        text, ok = compare.compare(traces.read("a.npz"), traces.read("b.npz"))
        assert not ok and any(words in line and "beyond" in line for line in text.splitlines()), (new, text)


@pytest.mark.newest
def test_a_gradient_that_is_rounding_is_named_and_not_judged():
    trained(record="a.npz")
    b = traces.read("a.npz")
    # What another machine makes of the bias before the batch normalization: another direction.
    first = b.steps[0]
    assert np.abs(first["gradients"]["conv2d/bias"]).max() < 1e-5
    first["gradients"]["conv2d/bias"] = -first["gradients"]["conv2d/bias"]
    first["updated"]["conv2d/bias"] = -first["updated"]["conv2d/bias"]
    b.early["conv2d/bias"] = -b.early["conv2d/bias"]
    b.early_state["batch_normalization/moving_mean"] = b.early_state["batch_normalization/moving_mean"] * 2
    b.early_state["conv2d/bias/Adam"] = b.early_state["conv2d/bias/Adam"] * 2
    text, ok = compare.compare(traces.read("a.npz"), b)
    assert ok and "the gradient of conv2d/bias is rounding around zero" in text, text
    # A gradient that is none, of a weight that counts, is no rounding.
    first["gradients"]["conv2d/kernel"] = -first["gradients"]["conv2d/kernel"]
    text, ok = compare.compare(traces.read("a.npz"), b)
    assert not ok and "gradients of the first steps differ by up to 2.0e+00 (relative), conv2d/kernel" in text, text


@pytest.mark.newest
def test_compare_says_where_no_loss_was_compared():
    trained("tf.no_op()", record="a.npz")
    text, ok = compare.compare(traces.read("a.npz"), traces.read("a.npz"))
    assert ok and "no loss was compared: no step returned a number with a fraction" in text
    assert "first changes of the weights differ by up to 0.0e+00" in text
    bare = traces.read("a.npz")
    bare.reached, bare.early, bare.calls = {}, {}, [dict(call, gradients={}, updated={}) for call in bare.calls]
    text, ok = compare.compare(bare, bare)
    assert not ok and "but not nothing" not in text and "nothing was compared" in text


@pytest.mark.newest
def test_what_counts_is_not_judged():
    trained("(loss, accuracy)", record="a.npz")
    b = traces.read("a.npz")
    assert b.steps[0]["counts"] == [False, False, True] and b.kinds == ["convolution", "normalization"]
    b.steps[3]["values"][2] = b.steps[3]["values"][2] + np.float32(1 / 16)  # one image is taken for another
    text, ok = compare.compare(traces.read("a.npz"), b)
    assert ok and "not judged, because it counts or chooses and rounding makes it jump: Mean_1:0" in text, text
    b.steps[3]["values"][1] = b.steps[3]["values"][1] * np.float32(1.1)
    assert not compare.compare(traces.read("a.npz"), b)[1]
