"""tf.contrib.summary: summaries that the graph writes itself; the events are those of TensorFlow 1.15.5."""

import os

import numpy as np
import pytest

from legacy_gan.tf1 import tf

pytestmark = pytest.mark.usefixtures("own_graph")


def written(folder):
    """Yields (step, tag, number) of the summaries in a folder's one file of events."""
    (name,) = os.listdir(folder)
    for event in tf.train.summary_iterator(os.path.join(folder, name)):
        for value in event.summary.value:
            tensor = tf.make_ndarray(value.tensor).sum() if value.HasField("tensor") else value.simple_value
            yield event.step, value.tag, tensor


def test_the_graph_writes_summaries_of_every_other_step():
    summary = tf.contrib.summary
    step = tf.train.get_or_create_global_step()
    x = tf.get_variable("x", initializer=3.0)
    with summary.create_file_writer("logs").as_default(), summary.record_summaries_every_n_global_steps(2):
        summary.scalar("twice", x * 2, step=step)
        summary.scalar("once", x, family="f")
        summary.generic("two", tf.ones([2]))
        train = tf.group(x.assign_add(1.0), step.assign_add(1))
        with tf.Session() as sess:
            sess.run(tf.global_variables_initializer())
            summary.initialize(graph=tf.get_default_graph(), session=sess)
            for _ in range(4):
                sess.run(summary.all_summary_ops())
                sess.run(train)
            sess.run(summary.flush())
    got = sorted(written("logs"))
    # What 1.15.5 wrote.
    assert got == [
        (0, "f/f/once", np.float32(3)),
        (0, "twice", np.float32(6)),
        (0, "two", np.float32(2)),
        (2, "f/f/once", np.float32(5)),
        (2, "twice", np.float32(10)),
        (2, "two", np.float32(2)),
    ]
