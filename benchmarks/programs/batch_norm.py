"""A residual network with batch normalization under a placeholder."""

import numpy as np
import tensorflow as tf
from timing import Steps

rng = np.random.RandomState(1)
X, Y = tf.placeholder(tf.float32, [None, 32, 32, 3]), tf.placeholder(tf.int64, [None])
training = tf.placeholder(tf.bool)


def convolution(x, size, strides=1):
    x = tf.layers.conv2d(x, size, 3, strides, "same", use_bias=False)
    return tf.layers.batch_normalization(x, training=training)


h = tf.nn.relu(convolution(X, 16))
for size, strides in ((16, 1), (32, 2), (64, 2)):
    side = tf.layers.conv2d(h, size, 1, strides)
    h = tf.nn.relu(side + convolution(tf.nn.relu(convolution(h, size, strides)), size))
logits = tf.layers.dense(tf.reduce_mean(h, [1, 2]), 10)
loss = tf.losses.sparse_softmax_cross_entropy(Y, logits)
with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
    train = tf.train.MomentumOptimizer(0.01, 0.9).minimize(loss)
x, y = rng.uniform(size=[32, 32, 32, 3]), rng.randint(10, size=32)
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    steps = Steps()
    while steps.more():
        sess.run([train, loss], {X: x, Y: y, training: True})
