"""legacy-gan run --time-limit and --steps-limit: they end every kind of loop, exit status 0, and keep what there is."""

import textwrap
import time

import numpy as np
import pytest

pytestmark = pytest.mark.newest

TRAIN = """
import threading, time
import numpy as np
import tensorflow as tf
fed = tf.Variable(1.0, trainable=False)
def graph(fed):
    weight = tf.Variable(1.0)
    with tf.control_dependencies([weight.initializer]):
        loss = tf.reduce_mean(tf.square(fed * weight))
    step = tf.train.get_or_create_global_step()
    return tf.train.GradientDescentOptimizer(0.1).minimize(loss, step)
def queued():
    number = tf.train.string_input_producer(["1.0", "2.0"], capacity=4)
    return tf.train.batch([tf.string_to_number(number.dequeue())], 2, capacity=8)
"""
SESSION = "train = graph(fed)\nsess = tf.Session()\nsess.run(tf.global_variables_initializer())\n"

# Loops that never end. The limits of those beside them end all; what they print at their end is beside them.
LOOPS = {
    "a run that lasts": (
        SESSION
        + """
with tf.control_dependencies([train]):
    for_ever = tf.while_loop(lambda i: i > -1.0, lambda i: i * 1.0, [tf.constant(1.0)], back_prop=False)
try:
    sess.run(for_ever)
finally:
    print("last words", sess.run(fed))
""",
        "seconds",
        "last words 1.0\n",
    ),
    "one operation that lasts": (
        SESSION
        + """
import matplotlib.pyplot as plt
plt.plot([1, 2])
file = open("text.txt", "w")
file.write("written")
sess.run(train)
sess.run(tf.py_func(lambda: np.float32(time.sleep(100) or 1), [], tf.float32))
""",
        "seconds",
        "",
    ),
    "queue runners": (
        "train = graph(queued())"
        + """
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    coord = tf.train.Coordinator()
    threads = tf.train.start_queue_runners(sess, coord)
    try:
        while not coord.should_stop():
            sess.run(train)
    finally:
        coord.request_stop()
        coord.join(threads)
        print("joined")
""",
        "seconds steps",
        "joined\n",
    ),
    "a Supervisor": (
        "train = graph(queued())"
        + """
with tf.train.Supervisor(logdir=None, saver=None).managed_session() as sess:
    while True:
        sess.run(train)
""",
        "seconds steps",
        "",
    ),
    "a MonitoredTrainingSession": (
        "train = graph(queued())"
        + """
with tf.train.MonitoredTrainingSession(checkpoint_dir="kept") as sess:
    while not sess.should_stop():
        sess.run(train)
""",
        "seconds steps",
        "",
    ),
    "an Estimator": (
        """
def model_fn(features, labels, mode):
    return tf.estimator.EstimatorSpec(mode, loss=tf.constant(1.0), train_op=graph(features["x"]))
inputs = tf.estimator.inputs.numpy_input_fn({"x": np.ones((8, 3), np.float32)}, batch_size=2, num_epochs=None,
                                            shuffle=True)
tf.estimator.Estimator(model_fn, "kept").train(inputs)
""",
        "seconds steps",
        "",
    ),
    "threads": (
        SESSION
        + """
def work():
    while True:
        sess.run(train)
threads = [threading.Thread(target=work) for _ in range(2)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
""",
        "seconds steps",
        "",
    ),
    "what catches everything": (
        SESSION
        + """
while True:
    try:
        sess.run(train)
    except:
        pass
""",
        "steps",
        "",
    ),
    "no TensorFlow": (
        """
import atexit
atexit.register(print, "at exit")
n = 0
while True:
    n += 1
""",
        "seconds",
        "at exit\n",
    ),
    "Keras": (
        """
model = tf.keras.Sequential([tf.keras.layers.Dense(3, input_shape=(4,)), tf.keras.layers.Dense(1)])
model.compile("sgd", "mse")
class Count(tf.keras.callbacks.Callback):
    batches = 0
    def on_batch_end(self, batch, logs=None):
        Count.batches += 1
try:
    model.fit(np.ones((64, 4)), np.ones((64, 1)), batch_size=4, epochs=10**6, verbose=0, callbacks=[Count()])
finally:
    print(min(Count.batches, 4))
""",
        "seconds steps",
        "4\n",
    ),
}
MARKS = {"Keras": [pytest.mark.programs], "queue runners": [pytest.mark.both_ends]}
# One of each kind: in the foreground, in an operation, by a Coordinator, by hooks, without TensorFlow.
FURTHER = ("a run that lasts", "a Supervisor", "a MonitoredTrainingSession", "threads")
SECONDS = {"no TensorFlow": 2, "one operation that lasts": 10}  # others: 6, in which a slow machine begins its loop
FLAGS = {"seconds": ["--time-limit", "{}"], "steps": ["--steps-limit", "4"]}


@pytest.mark.parametrize(
    "name, limit",
    [
        pytest.param(name, limit, marks=[pytest.mark.slow] * (n > 0 or name in FURTHER) + MARKS.get(name, []))
        for name, (_, limits, _) in LOOPS.items()
        for n, limit in enumerate(limits.split())
    ],
)
def test_a_limit_ends(name, limit, tmp_path, forked):
    text, _, expected = LOOPS[name]
    (tmp_path / "main.py").write_text(TRAIN + textwrap.dedent(text), encoding="utf-8")
    seconds = SECONDS.get(name, 6)
    argv = ["run", "--record", "kept.npz", *[part.format(seconds) for part in FLAGS[limit]], "main.py"]
    process = forked.start(*argv, folder=str(tmp_path), DISPLAY=None, WAYLAND_DISPLAY=None)
    try:
        said = []
        for line in process.stderr:
            said.append(line)
            if line.startswith("legacy-gan: ended after"):
                break
        started = time.monotonic()
        out, err = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 0, "".join(said) + err
    after = f"{seconds} seconds" if limit == "seconds" else "4 training steps"
    assert said[-1] == f"legacy-gan: ended after {after}, as requested\n"
    assert out == expected and "Traceback" not in err
    # Two seconds are promised; the grace of a Coordinator is 120, and the machine may be busy.
    assert time.monotonic() - started < 30
    with np.load(str(tmp_path / "kept.npz")) as trace:
        assert trace.files
    if name == "one operation that lasts":
        assert (tmp_path / "figure-1.png").exists() and (tmp_path / "text.txt").read_text() == "written"
