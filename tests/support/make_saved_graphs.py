"""Writes tests/golden/saved_graphs, on TensorFlow 1.15.5: python tests/support/make_saved_graphs.py FOLDER.

Small graphs with weights as MetaGraphs, SavedModels and frozen graphs, and what they compute.
"""

import json
import os
import sys

import numpy as np
import tensorflow as tf

random = np.random.RandomState(7)


def dense(x):
    return tf.layers.dense(tf.layers.dropout(tf.layers.flatten(x), 0.5), 3, tf.nn.relu)


def batch_norm(x):
    training = tf.placeholder_with_default(True, [], "training")
    y = tf.layers.batch_normalization(tf.layers.conv2d(x, 3, 2, padding="same"), training=training)
    return tf.layers.batch_normalization(tf.layers.dense(tf.layers.flatten(y), 3), training=training)


def lstm(x):
    return tf.nn.dynamic_rnn(tf.nn.rnn_cell.BasicLSTMCell(3), x[:, :, :, 0], dtype=tf.float32)[0][:, -1]


def loop(x):
    w = tf.get_variable("w", [3, 3])
    return tf.while_loop(lambda i, y: i < 3, lambda i, y: (i + 1, tf.tanh(tf.matmul(y, w))), [0, x[:, 0, 0]])[1]


def queue(x):
    fifo = tf.FIFOQueue(10, tf.float32, [2, 3], name="fifo")
    tf.train.add_queue_runner(tf.train.QueueRunner(fifo, [fifo.enqueue(tf.ones([2, 3]))]))
    return fifo.dequeue() * tf.get_variable("w", [3]) + x[:, 0, 0]


folder, expected = sys.argv[1], {}
for build in (dense, batch_norm, lstm, loop, queue):
    name = build.__name__
    tf.reset_default_graph()
    tf.set_random_seed(1)
    x = tf.placeholder(tf.float32, [2, 4, 4, 3], "x")
    y = tf.identity(build(x), "y")
    loss = tf.reduce_mean(tf.square(y - 1), name="loss")
    train = tf.train.AdamOptimizer(0.1).minimize(loss, name="train")
    fed = {x: random.uniform(-1, 1, (2, 4, 4, 3))}
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        coordinator = tf.train.Coordinator()
        threads = tf.train.start_queue_runners(session, coordinator)
        tf.train.Saver().save(session, os.path.join(folder, name))
        tf.saved_model.simple_save(session, os.path.join(folder, name + "_saved_model"), {"x": x}, {"y": y})
        frozen = tf.graph_util.convert_variables_to_constants(session, session.graph_def, ["y"])
        with open(os.path.join(folder, name + ".pb"), "wb") as f:
            f.write(frozen.SerializeToString())
        first = session.run(y, fed)
        session.run(train, fed)
        expected[name] = {"x": fed[x].tolist(), "y": first.tolist(), "trained": float(session.run(loss, fed))}
        coordinator.request_stop()
with open(os.path.join(folder, "expected.json"), "w") as f:
    json.dump(expected, f)
    f.write("\n")
