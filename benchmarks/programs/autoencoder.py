"""A variational autoencoder with random numbers in its graph."""

import numpy as np
import tensorflow as tf
from timing import Steps

rng = np.random.RandomState(1)
X = tf.placeholder(tf.float32, [None, 784])
h = tf.layers.dense(tf.layers.dense(X, 500, tf.nn.softplus), 500, tf.nn.softplus)
mean, log_variance = tf.layers.dense(h, 20), tf.layers.dense(h, 20)
z = mean + tf.exp(log_variance / 2) * tf.random_normal(tf.shape(mean))
logits = tf.layers.dense(tf.layers.dense(tf.layers.dense(z, 500, tf.nn.softplus), 500, tf.nn.softplus), 784)
told = tf.reduce_sum(tf.nn.sigmoid_cross_entropy_with_logits(labels=X, logits=logits), 1)
apart = -0.5 * tf.reduce_sum(1 + log_variance - tf.square(mean) - tf.exp(log_variance), 1)
loss = tf.reduce_mean(told + apart)
train = tf.train.AdamOptimizer(0.001).minimize(loss)
x = rng.uniform(size=[100, 784])
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    steps = Steps()
    while steps.more():
        sess.run([train, loss], {X: x})
