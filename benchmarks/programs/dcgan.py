"""A DCGAN: two training steps by turns."""

import numpy as np
import tensorflow as tf
from timing import Steps

rng = np.random.RandomState(1)
batch = 32
X, Z = tf.placeholder(tf.float32, [batch, 28, 28, 1]), tf.placeholder(tf.float32, [batch, 100])


def normalized(x):
    return tf.layers.batch_normalization(x, training=True)


def generator(z):
    with tf.variable_scope("G"):
        h = tf.nn.relu(normalized(tf.reshape(tf.layers.dense(z, 7 * 7 * 64), [-1, 7, 7, 64])))
        h = tf.nn.relu(normalized(tf.layers.conv2d_transpose(h, 32, 5, 2, "same")))
        return tf.tanh(tf.layers.conv2d_transpose(h, 1, 5, 2, "same"))


def discriminator(x, reuse=False):
    with tf.variable_scope("D", reuse=reuse):
        h = tf.nn.leaky_relu(tf.layers.conv2d(x, 32, 5, 2, "same"))
        h = tf.nn.leaky_relu(normalized(tf.layers.conv2d(h, 64, 5, 2, "same")))
        return tf.layers.dense(tf.layers.flatten(h), 1)


real, fake = discriminator(X), discriminator(generator(Z), True)
loss_D = tf.reduce_mean(tf.nn.softplus(-real)) + tf.reduce_mean(tf.nn.softplus(fake))
loss_G = tf.reduce_mean(tf.nn.softplus(-fake))
train_D, train_G = [
    tf.train.AdamOptimizer(0.0002, 0.5).minimize(
        loss, var_list=[v for v in tf.trainable_variables() if v.name.startswith(name)]
    )
    for loss, name in ((loss_D, "D"), (loss_G, "G"))
]
x, z = rng.uniform(-1, 1, size=[batch, 28, 28, 1]), rng.normal(size=[batch, 100])
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    steps = Steps()
    while steps.more():
        sess.run([train_D, loss_D], {X: x, Z: z})
        sess.run([train_G, loss_G], {Z: z})
