"""A convolutional network of tf.nn, with pooling and dropout."""

import numpy as np
import tensorflow as tf
from timing import Steps

rng = np.random.RandomState(1)
X, Y = tf.placeholder(tf.float32, [None, 28, 28, 1]), tf.placeholder(tf.int64, [None])
keep = tf.placeholder(tf.float32)
h = X
for fan_in, size in ((1, 32), (32, 64)):
    W = tf.Variable(tf.random_normal([3, 3, fan_in, size], stddev=0.05))
    h = tf.nn.max_pool(tf.nn.relu(tf.nn.conv2d(h, W, [1, 1, 1, 1], "SAME")), [1, 2, 2, 1], [1, 2, 2, 1], "SAME")
h = tf.nn.dropout(tf.layers.dense(tf.reshape(h, [-1, 7 * 7 * 64]), 256, tf.nn.relu), keep)
loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(logits=tf.layers.dense(h, 10), labels=Y))
train = tf.train.AdamOptimizer(0.001).minimize(loss)
x, y = rng.uniform(size=[64, 28, 28, 1]), rng.randint(10, size=64)
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    steps = Steps()
    while steps.more():
        sess.run([train, loss], {X: x, Y: y, keep: 0.7})
