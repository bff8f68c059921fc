"""A perceptron, fed by feed_dict."""

import numpy as np
import tensorflow as tf
from timing import Steps

rng = np.random.RandomState(1)
X, Y = tf.placeholder(tf.float32, [None, 784]), tf.placeholder(tf.float32, [None, 10])
h = X
for fan_in, size in ((784, 256), (256, 256)):
    W = tf.Variable(tf.random_normal([fan_in, size], stddev=0.05))
    h = tf.nn.relu(tf.matmul(h, W) + tf.Variable(tf.zeros([size])))
logits = tf.matmul(h, tf.Variable(tf.random_normal([256, 10], stddev=0.05)))
loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(logits=logits, labels=Y))
train = tf.train.AdamOptimizer(0.001).minimize(loss)
x, y = rng.uniform(size=[128, 784]), np.eye(10)[rng.randint(10, size=128)]
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    steps = Steps()
    while steps.more():
        sess.run([train, loss], {X: x, Y: y})
