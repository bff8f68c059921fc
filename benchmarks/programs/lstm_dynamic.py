"""A language model: two LSTMs in a loop, dropout, clipped gradients."""

import numpy as np
import tensorflow as tf
from timing import Steps

rng = np.random.RandomState(1)
words, size = 2000, 128
X, Y = tf.placeholder(tf.int32, [20, 35]), tf.placeholder(tf.int32, [20, 35])
cells = [tf.nn.rnn_cell.DropoutWrapper(tf.nn.rnn_cell.LSTMCell(size), output_keep_prob=0.8) for _ in range(2)]
cell = tf.nn.rnn_cell.MultiRNNCell(cells)
state = cell.zero_state(20, tf.float32)
inputs = tf.nn.embedding_lookup(tf.get_variable("embedding", [words, size]), X)
outputs, _ = tf.nn.dynamic_rnn(cell, inputs, initial_state=state)
logits = tf.layers.dense(outputs, words)
loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(logits=logits, labels=Y))
variables = tf.trainable_variables()
gradients, _ = tf.clip_by_global_norm(tf.gradients(loss, variables), 5)
train = tf.train.GradientDescentOptimizer(0.5).apply_gradients(zip(gradients, variables))
x = rng.randint(words, size=[20, 36])
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    steps = Steps()
    while steps.more():
        sess.run([train, loss], {X: x[:, :-1], Y: x[:, 1:]})
