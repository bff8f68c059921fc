# least squares, tf.layers with reuse
import os
import tensorflow as tf
import numpy as np
from tensorflow.contrib.learn.python.learn.datasets.mnist import read_data_sets

mnist = read_data_sets('MNIST_data', one_hot=True, reshape=False)
print(mnist.train.images.shape)

def G(z, isTrain=True, reuse=False):
    with tf.variable_scope('generator', reuse=reuse):
        h = tf.layers.dense(z, 7*7*8)
        h = tf.reshape(h, [-1, 7, 7, 8])
        h = tf.nn.relu(tf.layers.batch_normalization(h, training=isTrain))
        h = tf.layers.conv2d_transpose(h, 6, [5, 5], strides=(2, 2), padding='same')
        h = tf.nn.relu(tf.layers.batch_normalization(h, training=isTrain))
        h = tf.layers.conv2d_transpose(h, 1, [5, 5], strides=(2, 2), padding='same',
                                       kernel_initializer=tf.contrib.layers.xavier_initializer_conv2d())
        return tf.nn.tanh(h)

def D(x, isTrain=True, reuse=False):
    with tf.variable_scope('discriminator', reuse=reuse):
        h = tf.nn.leaky_relu(tf.layers.conv2d(x, 6, [5, 5], strides=(2, 2), padding='same'), 0.2)
        h = tf.layers.conv2d(h, 8, [5, 5], strides=(2, 2), padding='same')
        h = tf.nn.leaky_relu(tf.layers.batch_normalization(h, training=isTrain), 0.2)
        return tf.layers.dense(tf.layers.flatten(h), 1)

x = tf.placeholder(tf.float32, shape=(None, 28, 28, 1))
z = tf.placeholder(tf.float32, shape=(None, 16))
isTrain = tf.placeholder(dtype=tf.bool)

G_z = G(z, isTrain)
D_real = D(x, isTrain)
D_fake = D(G_z, isTrain, reuse=True)

D_loss = 0.5 * (tf.reduce_mean(tf.square(D_real - 1)) + tf.reduce_mean(tf.square(D_fake)))
G_loss = 0.5 * tf.reduce_mean(tf.square(D_fake - 1))

T_vars = tf.trainable_variables()
D_vars = [var for var in T_vars if var.name.startswith('discriminator')]
G_vars = [var for var in T_vars if var.name.startswith('generator')]

with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
    D_optim = tf.train.AdamOptimizer(0.0002, beta1=0.5).minimize(D_loss, var_list=D_vars)
    G_optim = tf.train.AdamOptimizer(0.0002, beta1=0.5).minimize(G_loss, var_list=G_vars)

sess = tf.InteractiveSession()
tf.global_variables_initializer().run()
rng = np.random.RandomState(17)
for v in T_vars:
    if 'gamma' not in v.name:
        v.load(rng.normal(0, 0.1, v.get_shape().as_list()), sess)

train_set = (mnist.train.images - 0.5) / 0.5
for step in range(6):
    x_ = train_set[step*20:(step+1)*20]
    z_ = rng.normal(0, 1, (20, 16))
    loss_d_, _ = sess.run([D_loss, D_optim], {x: x_, z: z_, isTrain: True})
    z_ = rng.normal(0, 1, (20, 16))
    loss_g_, _ = sess.run([G_loss, G_optim], {z: z_, x: x_, isTrain: True})
    print('step %d d %.4f g %.4f' % (step, loss_d_, loss_g_))
print('%.5f' % np.abs(G_z.eval({z: z_, isTrain: False})).mean())
print([v.name for v in tf.global_variables() if 'moving' in v.name])
sess.close()
