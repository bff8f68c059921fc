"""An LSTM that is unrolled in the graph."""

import numpy as np
import tensorflow as tf
from timing import Steps

rng = np.random.RandomState(1)
X, Y = tf.placeholder(tf.float32, [None, 28, 28]), tf.placeholder(tf.int64, [None])
outputs, _ = tf.nn.static_rnn(tf.nn.rnn_cell.BasicLSTMCell(128), tf.unstack(X, 28, 1), dtype=tf.float32)
logits = tf.layers.dense(outputs[-1], 10)
loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(logits=logits, labels=Y))
train = tf.train.AdamOptimizer(0.001).minimize(loss)
x, y = rng.uniform(size=[128, 28, 28]), rng.randint(10, size=128)
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    steps = Steps()
    while steps.more():
        sess.run([train, loss], {X: x, Y: y})
