# Conditional GAN, TensorFlow 0.12 names
from __future__ import print_function, division
import numpy as np
import tensorflow as tf

rng = np.random.RandomState(30)
batch, z_dim, y_dim, x_dim = 12, 5, 3, 10


def init(*shape):
    return tf.Variable(rng.normal(0, 0.3, shape).astype(np.float32))

G_W1, G_b1, G_W2, G_b2 = init(z_dim + y_dim, 16), init(16), init(16, x_dim), init(x_dim)
D_W1, D_b1, D_W2, D_b2 = init(x_dim + y_dim, 16), init(16), init(16, 1), init(1)

x = tf.placeholder(tf.float32, [None, x_dim])
z = tf.placeholder(tf.float32, [None, z_dim])
y = tf.placeholder(tf.float32, [None, y_dim])


def generator(z, y):
    h = tf.nn.relu(tf.matmul(tf.concat(1, [z, y]), G_W1) + G_b1)
    return tf.nn.tanh(tf.matmul(h, G_W2) + G_b2)


def discriminator(x, y):
    h = tf.nn.relu(tf.matmul(tf.concat(1, [x, y]), D_W1) + D_b1)
    return tf.matmul(h, D_W2) + D_b2

fake = generator(z, y)
both = discriminator(tf.concat(0, [x, fake]), tf.concat(0, [y, y]))
real_logits, fake_logits = tf.split(0, 2, both)

d_loss = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(real_logits, tf.ones_like(real_logits))) + \
    tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(fake_logits, tf.zeros_like(fake_logits)))
g_loss = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(fake_logits, tf.ones_like(fake_logits)))
distance = tf.sqrt(tf.reduce_sum(tf.square(tf.sub(x, fake)), 1))

d_step = tf.train.AdamOptimizer(0.01, beta1=0.5).minimize(d_loss, var_list=[D_W1, D_b1, D_W2, D_b2])
g_step = tf.train.AdamOptimizer(0.01, beta1=0.5).minimize(g_loss, var_list=[G_W1, G_b1, G_W2, G_b2])

with tf.Session() as sess:
    sess.run(tf.initialize_all_variables())
    for i in range(9):
        labels = np.eye(y_dim)[rng.randint(0, y_dim, batch)]
        feed = {x: np.tanh(rng.normal(0, 0.2, [batch, x_dim]) + labels[:, :1]), y: labels,
                z: rng.uniform(-1, 1, [batch, z_dim])}
        _, d = sess.run([d_step, d_loss], feed_dict=feed)
        _, g = sess.run([g_step, g_loss], feed_dict=feed)
        if i % 4 == 0:
            print("step %d d_loss %.5f g_loss %.5f distance %.4f" % (i, d, g, sess.run(distance, feed).mean()))
