"""Recording a program's sessions, and replaying the record."""

import glob
import os

import numpy as np
import pytest

from legacy_gan.errors import TraceError
from legacy_gan.porting import compare, traces
from legacy_gan.porting.program import recording
from legacy_gan.tf1 import tf
from tests.support import traced

# Rounding: seen 4e-6 at most in these 30 steps, on TF 2.21 against 1.15.5; one wrong digit of the learning
# rate makes more (test_wrong_hyper_parameter_is_beyond_the_bound).
ROUNDING = 2e-5


SEEDS = (("tf.set_random_seed(1)", "tf.set_random_seed(2)"), ("RandomState(1)", "RandomState(2)"))


def changed(name, *changes):
    """Returns the text of a program of tests/support/traced.py with some of its text replaced."""
    text = traced.PROGRAMS[name]
    for old, new in changes:
        assert old in text or (old, new) in SEEDS, old
        text = text.replace(old, new)
    return text


# What a trace holds


def test_trace_is_an_npz_of_arrays_by_name():
    names = traced.tiny(record="t.npz")
    with np.load("t.npz", allow_pickle=False) as npz:
        assert {"about", "initial/w", "final/w", "calls/0/feeds/x:0", "calls/4/values/1"} <= set(npz.files)
        assert npz["initial/w"].shape == (3, 2) and npz["calls/0/feeds/x:0"].dtype == np.float32
        # The last step: plain gradient descent on sum (x w)^2, whose gradient is 2 x^T (x w).
        w = npz["initial/w"].astype(np.float64)
        for i in range(5):
            x = npz[f"calls/{i}/feeds/x:0"].astype(np.float64)
            w -= 0.1 * 2 * x.T @ (x @ w)
        np.testing.assert_allclose(npz["final/w"], w, rtol=1e-3, atol=1e-5)  # float32, steps that amplify
        np.testing.assert_array_equal(npz["calls/4/values/1"], names["out"])
    trace = traces.read("t.npz")
    assert trace.tensorflow == tf.version.VERSION and list(trace.initial) == ["w"]
    assert [call["fetches"] for call in trace.calls] == [[names["step"].name, names["y"].name]] * 5
    assert all(call["values"][0] is None for call in trace.calls)


def test_trace_has_only_the_first_steps_and_the_weights_after_them():
    traced.tiny(record="all.npz")
    traced.tiny(record="two.npz", steps=2)
    whole, part = traces.read("all.npz"), traces.read("two.npz")
    assert [len(t.calls) for t in (whole, part)] == [5, 2]
    np.testing.assert_array_equal(whole.reached["w"], whole.final["w"])
    np.testing.assert_array_equal(part.final["w"], whole.final["w"])
    assert not np.array_equal(part.reached["w"], part.final["w"])


def test_nested_fetches_and_odd_feeds_are_recorded_in_order():
    traced.run(
        """
import tensorflow as tf
import collections
a, b = tf.placeholder(tf.float32, name="a"), tf.placeholder(tf.int32, name="b")
s, text = tf.sparse_placeholder(tf.float32, name="s"), tf.placeholder(tf.string)
pair = collections.namedtuple("pair", "p q")
with tf.Session() as sess:
    got = sess.run(
        {"one": [a + 1.0, (text,)], "two": pair(tf.identity(b), s), "three": tf.no_op()},
        {"a:0": 2, b: [3, 4], text: "words", s: ([[0, 1]], [7.0], [2, 3])})
""",
        record="t.npz",
    )
    (call,) = traces.read("t.npz").calls
    values = [None if value is None else value.tolist() for value in call["values"]]
    assert values == [3.0, None, [3, 4], [[0, 1]], [7.0], [2, 3], None]
    fed = {name.split(":")[0]: value.tolist() for name, value in call["feeds"].items()}
    assert fed == {"a": 2.0, "b": [3, 4], "s/indices": [[0, 1]], "s/values": [7.0], "s/shape": [2, 3]}


def test_recording_adds_nothing_to_the_listings_graph():
    text = traced.PROGRAMS["gan"]
    operations = [
        [op.name for op in traced.run(text, **how)["fake"].graph.get_operations()]
        for how in (dict(record="t.npz"), dict(replay=traced.golden("gan")), {})
    ]
    assert operations[0] == operations[1] == operations[2]


def test_listing_that_fails_leaves_a_whole_trace():
    text = traced.TINY.replace("SEED", "1").replace("out = sess.run", "out = 1 // (3 - i), sess.run")
    with pytest.raises(ZeroDivisionError):
        traced.run(text.replace("_, out = ", "out = "), record="t.npz")
    trace = traces.read("t.npz")
    assert len(trace.calls) == 3 and list(trace.final) == ["w"]
    assert os.listdir(".") == ["t.npz"]


def test_sessions_are_as_before_when_a_recording_has_ended():
    from tensorflow.python.client.session import BaseSession

    before = BaseSession.run, BaseSession.close, BaseSession._extend_graph
    traced.tiny(record="t.npz")
    assert (BaseSession.run, BaseSession.close, BaseSession._extend_graph) == before


def test_large_arrays_are_left_out_beyond_the_limit(monkeypatch):
    monkeypatch.setattr(traces, "LIMIT", 200)  # bytes: four feeds of 48
    traced.tiny(record="t.npz")
    trace = traces.read("t.npz")
    kinds = [type(call["feeds"]["x:0"]).__name__ for call in trace.calls]
    assert kinds == ["ndarray"] * 2 + ["Omitted"] * 3  # with the results, 32 bytes each
    value = trace.calls[3]["feeds"]["x:0"]
    assert tuple(value.shape) == (4, 3) and value.norm > 0
    # The same feeds may be replayed, others not.
    traced.tiny(replay="t.npz", record="again.npz")
    text, ok = compare.compare(trace, traces.read("again.npz"), ROUNDING)
    assert ok, text
    with pytest.raises(TraceError, match="run 3 of the trace the feed of x:0 was too large"):
        traced.tiny(seed=2, replay="t.npz")


def test_array_that_comes_again_is_stored_once():
    traced.tiny(record="t.npz", also=[("{x: rng.normal(size=[4, 3])}", "{x: np.ones([4, 3])}")])
    with np.load("t.npz", allow_pickle=False) as npz:
        assert [name for name in npz.files if "feeds" in name] == ["calls/0/feeds/x:0"]
    assert [call["feeds"]["x:0"].sum() for call in traces.read("t.npz").calls] == [12] * 5


# Replay


@pytest.mark.parametrize("name", sorted(traced.PROGRAMS))
def test_replay_of_tensorflow_1_15_drifts_by_rounding_only(name):
    # Another seed: its own weights, dropout and feeds would be others.
    text = changed(name, *SEEDS)
    traced.run(text, replay=traced.golden(name), record="t.npz")
    ours = traces.read("t.npz")
    assert list(ours.final) == list(ours.initial)  # gan leaves its session open
    assert len(ours.steps) == traced.STEPS and ours.tensorflow == tf.version.VERSION
    text, ok = compare.compare(traces.read(traced.golden(name)), ours, ROUNDING)
    assert ok, text


@pytest.mark.parametrize(
    "change",
    [
        ("learning_rate=0.01, epsilon=1e-8", "learning_rate=0.01, epsilon=1e-3"),
        ("learning_rate=0.01", "learning_rate=0.012"),
        ("Adam", "RMSProp"),
    ],
)
def test_wrong_hyper_parameter_is_beyond_the_bound(change):
    traced.run(changed("mlp", change), replay=traced.golden("mlp"), record="t.npz")
    text, ok = compare.compare(traces.read(traced.golden("mlp")), traces.read("t.npz"))
    assert not ok and "beyond" in text


def test_replay_feeds_weights_and_data_of_the_trace():
    traced.tiny(record="one.npz")
    traced.tiny(seed=2, record="two.npz")
    traced.tiny(seed=2, replay="one.npz", record="again.npz")
    one, two, again = [traces.read(name + ".npz") for name in ("one", "two", "again")]
    assert not np.array_equal(one.initial["w"], two.initial["w"])
    np.testing.assert_array_equal(one.initial["w"], again.initial["w"])
    for x, y in zip(one.calls, again.calls):
        np.testing.assert_array_equal(x["feeds"]["x:0"], y["feeds"]["x:0"])
        np.testing.assert_array_equal(x["values"][1], y["values"][1])  # the same machine and version
    with pytest.raises(TraceError, match="as initial value of w"):
        compare.compare(one, two)


def test_replay_goes_by_order_where_names_differ():
    traced.tiny(record="t.npz")
    traced.tiny(
        seed=2, replay="t.npz", record="again.npz", also=[('name="w"', 'name="other"'), ('name="x"', 'name="data"')]
    )
    text, ok = compare.compare(traces.read("t.npz"), traces.read("again.npz"), 0)
    assert ok, text


@pytest.mark.parametrize(
    "old, new, words",
    [
        ("[step, y]", "[step, y, w]", "expected 2 fetches, .*got 3: .*; the trace is of another listing"),
        ("[step, y]", "[y, step]", "expected a fetch like GradientDescent, no number, got MatMul:0"),
        ("[3, 2]", "[3, 4]", r"expected a trainable variable like w \[3, 2\], got w \[3, 4\]"),
        (
            "y = tf.matmul(x, w)",
            "y = tf.matmul(x, w) + tf.Variable(0.0)",
            "expected 1 trainable variables, w, got 2: w, Variable; the trace is of another listing",
        ),
        ("{x: rng", "{step.inputs[0] if 0 else w: np.ones([3, 2]), x: rng", "expected 1 feeds, x:0, got 2"),
        ("[None, 3]", "[5, 3]", r"expected a feed like x:0 \[4, 3\], got x:0 \(5, 3\)"),
    ],
)
def test_replay_of_another_listing_is_refused(old, new, words):
    traced.tiny(record="t.npz")
    with pytest.raises(TraceError, match="--replay: .*" + words):
        traced.tiny(replay="t.npz", also=[(old, new)])


def test_replay_ends_with_the_trace_and_the_listing_goes_on():
    traced.tiny(record="t.npz", steps=2)
    names = traced.tiny(seed=2, replay="t.npz", record="again.npz")
    assert names["i"] == 4 and len(traces.read("again.npz").calls) == 2


PIPELINE = """
import numpy as np
import tensorflow as tf
data = tf.placeholder(tf.float32, [6, 2])
dataset = tf.data.Dataset.from_tensor_slices(data).shuffle(6, SEED).batch(4)
iterator = tf.data.make_initializable_iterator(dataset)
batch = iterator.get_next()
w = tf.get_variable("w", [2], initializer=tf.random_normal_initializer())
average = tf.train.ExponentialMovingAverage(0.9)
cost = tf.reduce_sum(batch * w)
step = tf.train.GradientDescentOptimizer(0.1).minimize(cost)
with tf.control_dependencies([step]):
    step = average.apply([w])
rounds = 0
sess = tf.Session()
sess.run(tf.global_variables_initializer())
for epoch in range(2):
    sess.run(iterator.initializer, {data: np.arange(12).reshape([6, 2])})
    while True:
        try:
            sess.run([step, batch])
            rounds += 1
        except tf.errors.OutOfRangeError:
            break
shadow = sess.run(average.average(w))
"""


def test_iterators_and_averages_are_replayed():
    traced.run(PIPELINE.replace("SEED", "1"), record="t.npz")
    names = traced.run(PIPELINE.replace("SEED", "2"), replay="t.npz", record="again.npz")
    one, again = traces.read("t.npz"), traces.read("again.npz")
    assert names["rounds"] == 4 and [call["raised"] for call in one.calls].count("OutOfRangeError") == 2
    assert [call["setup"] for call in one.calls].count(True) == 2  # the iterator's, with its feed
    text, ok = compare.compare(one, again, 0)  # the shadow variable too: the last value that is fetched
    assert ok, text


@pytest.mark.newest
def test_what_no_replay_repeats_is_said(capsys):
    program = """
import numpy as np
import tensorflow as tf
numbers = tf.train.input_producer(tf.constant([1.0, 2.0, 3.0]), shuffle=True)
w = tf.get_variable("w", [], initializer=tf.ones_initializer())
drawn = tf.cond(w > 0, numbers.dequeue, lambda: 0.0)
step = w.assign_add(drawn + tf.py_func(lambda: np.float32(RANDOM), [], tf.float32))
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    threads = tf.train.start_queue_runners(sess, tf.train.Coordinator())
    for _ in range(3):
        sess.run(step)
"""
    traced.run(program.replace("RANDOM", "1"), record="a.npz")
    said = capsys.readouterr().err
    assert said.count("legacy-gan: --record: what cond/") == 1 and "is repeated by no replay" in said
    assert traces.read("a.npz").steps[0]["functions"] == ["PyFunc"]
    traced.run(program.replace("RANDOM", "5"), replay="a.npz", record="b.npz")
    text, ok = compare.compare(traces.read("a.npz"), traces.read("b.npz"))
    assert not ok and "this does not show that the programs differ: from step 1 on cond/" in text, text


@pytest.mark.newest
def test_weights_are_assigned_in_one_run(monkeypatch):
    from tensorflow.python.client.session import BaseSession

    program = """
import tensorflow as tf
begin = tf.random_normal([2])
weights = [tf.Variable(begin) for _ in range(3)] + [tf.Variable(tf.random_normal([2])) for _ in range(20)]
train = tf.train.AdamOptimizer().minimize(tf.add_n([tf.reduce_sum(w) for w in weights]))
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    sess.run(train)
"""
    traced.run(program, record="a.npz")
    runs, run = [], BaseSession.run
    monkeypatch.setattr(BaseSession, "run", lambda *args, **named: runs.append(args) or run(*args, **named))
    traced.run(program, replay="a.npz", record="b.npz")
    # Three share what initialises them, and take three runs; the rest reads, and is the program's.
    assert len(runs) < 20
    a, b = traces.read("a.npz"), traces.read("b.npz")
    assert compare.compare(a, b, 0)[1] and len(a.initial) == 23 and len(a.early_state) == 48


def test_monitored_sessions_are_recorded():
    text = traced.TINY.replace("SEED", "1")
    for old, new in (
        ("tf.Session()", "tf.train.MonitoredTrainingSession()"),
        ("    sess.run(tf.global_variables_initializer())\n", ""),
        ("with tf", "tf.train.get_or_create_global_step()\nwith tf"),
    ):
        text = text.replace(old, new)
    traced.run(text, record="t.npz")
    trace = traces.read("t.npz")
    assert len(trace.calls) == 5 and list(trace.initial) == list(trace.final) == ["w"]
    traced.run(text, replay="t.npz", record="again.npz")
    assert compare.compare(trace, traces.read("again.npz"), 0)[1]


# The commands


def test_a_graph_that_evaluates_what_was_trained_has_the_trained_weights():
    program = """
import tensorflow as tf
for training in (True, False):
    with tf.Graph().as_default(), tf.Session() as sess:
        w = tf.get_variable("w", [2])
        saver = tf.train.Saver()
        if training:
            step = w.assign_add([1.0, 2.0])
            sess.run(tf.global_variables_initializer())
            for _ in range(3):
                sess.run(step)
            saver.save(sess, "./model")
        else:
            saver.restore(sess, "./model")
            result = sess.run(w * 1)
"""
    first = traced.run(program, record="a.npz")["result"]
    again = traced.run(program, replay="a.npz", record="b.npz")["result"]
    np.testing.assert_array_equal(again, first)
    np.testing.assert_array_equal(traces.read("b.npz").reached["w"], first)


def test_each_graph_with_weights_of_its_own_has_them_in_a_replay():
    # As a translator does that decodes in one graph before it trains in another.
    program = """
import tensorflow as tf
results = []
for _ in range(3):
    with tf.Graph().as_default(), tf.Session() as sess:
        w, b = tf.get_variable("w", [2]), tf.get_variable("b", [1], trainable=False)
        sess.run(tf.global_variables_initializer())
        results.append(sess.run([w.assign_add([1.0, 2.0]), b * 1]))
"""
    first = traced.run(program, record="a.npz")["results"]
    again = traced.run(program, replay="a.npz", record="b.npz")["results"]
    for (w, b), (other_w, other_b) in zip(first, again):
        np.testing.assert_array_equal(other_w, w)
        np.testing.assert_array_equal(other_b, b)
    assert list(traces.read("a.npz").initial) == ["w", "w of graph 2", "w of graph 3"]
    assert compare.compare(traces.read("a.npz"), traces.read("b.npz"))[1]


def test_variable_that_the_first_step_initialises_is_no_weight_of_another_listing():
    # As progressive GAN counts its losses.
    program = """
import tensorflow as tf
w, count = tf.get_variable("w", [2]), tf.Variable(tf.zeros(2))
update = tf.cond(tf.is_variable_initialized(count), lambda: tf.assign_add(count, w), lambda: tf.assign(count, w))
results = []
with tf.Session() as sess:
    sess.run(w.initializer)
    sess.run(w * 1), sess.run(w * 2)  # a recording looks for new variables before the first steps
    results.append(sess.run([update, w.assign_add([1.0, 2.0])])[1])
"""
    first = traced.run(program, record="a.npz")["results"]
    again = traced.run(program, replay="a.npz", record="b.npz")["results"]
    np.testing.assert_array_equal(again, first)


def test_weights_that_begin_with_a_checkpoints_values_are_replayed():
    program = """
import tensorflow as tf
import os
if not os.path.exists("from.index"):
    with tf.Graph().as_default(), tf.Session() as sess:
        v = tf.get_variable("w", [2])
        sess.run(tf.global_variables_initializer())
        tf.train.Saver().save(sess, "./from")
with tf.Graph().as_default(), tf.Session() as sess:
    w = tf.get_variable("w", [2])
    tf.train.init_from_checkpoint("./from", {"w": "w"})
    sess.run(tf.global_variables_initializer())
    result = sess.run(w.assign_add([1.0, 2.0]))
"""
    first = traced.run(program, record="a.npz")["result"]
    os.remove("from.index")
    np.testing.assert_array_equal(traced.run(program, replay="a.npz")["result"], first)


def test_run_replays_and_records_and_compare_judges(forked):
    with open("gan.py", "w") as f:
        f.write(changed("gan", ("RandomState(1)", "RandomState(2)")))
    golden = traced.golden("gan")
    status, _, err = forked.run("run", "--replay", golden, "--record", "t.npz", "--record-steps", 20, "gan.py")
    assert status == 0, err
    text, ok = compare.compare(traces.read(golden), traces.read("t.npz"), ROUNDING, 20)
    assert ok, text
    assert not glob.glob(".*")


@pytest.mark.slow
def test_run_with_a_trace_of_another_listing_ends_with_2(forked):
    with open("gan.py", "w") as f:
        f.write(traced.PROGRAMS["gan"])
    status, _, err = forked.run("run", "--replay", traced.golden("mlp"), "gan.py")
    assert status == 2
    last = err.splitlines()[-1]
    assert last.startswith("legacy-gan: gan.py:") and "expected 4 trainable variables" in last


@pytest.mark.parametrize(
    "flags, words",
    [
        (["--record", "nowhere/t.npz"], "--record must be a file that can be written"),
        (["--record", "."], "--record must be a file that can be written"),
        (["--replay", "nowhere.npz"], "expected a trace of legacy-gan run --record, got nowhere.npz"),
        (["--record-steps", "0"], "--record-steps takes a whole number"),
    ],
)
def test_bad_flags_of_a_recording_are_refused(flags, words, refused):
    with open("gan.py", "w") as f:
        f.write("raise SystemExit('never run')")
    assert words in refused("run", *(flags + ["gan.py"]))


def test_recording_alone_proves_its_file_writable():
    with pytest.raises(TraceError):
        recording.Recording(record="nowhere/t.npz")
