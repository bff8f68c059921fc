# ACGAN: the discriminator also names the class
import numpy as np
import tensorflow as tf
import tensorflow.contrib.slim as slim
from tensorflow.examples.tutorials.mnist import input_data

mnist = input_data.read_data_sets("MNIST_data/", one_hot=False)
batch, z_size, classes = 16, 12, 10


def lrelu(x, leak=0.2, name="lrelu"):
    with tf.variable_scope(name):
        f1 = 0.5 * (1 + leak)
        f2 = 0.5 * (1 - leak)
        return f1 * x + f2 * abs(x)


initializer = tf.truncated_normal_initializer(stddev=0.02)


def generator(z):
    zP = slim.fully_connected(z, 4*4*16, normalizer_fn=slim.batch_norm,
                              activation_fn=tf.nn.relu, scope='g_project', weights_initializer=initializer)
    zCon = tf.reshape(zP, [-1, 4, 4, 16])
    gen1 = slim.convolution2d_transpose(
        zCon, num_outputs=8, kernel_size=[5, 5], stride=[2, 2],
        padding="SAME", normalizer_fn=slim.batch_norm,
        activation_fn=tf.nn.relu, scope='g_conv1', weights_initializer=initializer)
    gen2 = slim.conv2d_transpose(
        gen1, num_outputs=4, kernel_size=[5, 5], stride=[2, 2],
        padding="SAME", normalizer_fn=slim.batch_norm,
        activation_fn=tf.nn.relu, scope='g_conv2', weights_initializer=initializer)
    g_out = slim.convolution2d_transpose(
        gen2, num_outputs=1, kernel_size=[16, 16], padding="SAME",
        biases_initializer=None, activation_fn=tf.nn.tanh,
        scope='g_out', weights_initializer=initializer)
    return g_out


def discriminator(bottom, reuse=False):
    with slim.arg_scope([slim.convolution2d], kernel_size=[4, 4], stride=[2, 2], padding="SAME",
                        activation_fn=lrelu, weights_initializer=initializer):
        dis1 = slim.convolution2d(bottom, 4, biases_initializer=None, reuse=reuse, scope='d_conv1')
        dis2 = slim.convolution2d(dis1, 8, normalizer_fn=slim.batch_norm, reuse=reuse, scope='d_conv2')
    h = slim.flatten(dis2)
    d_out = slim.fully_connected(h, 1, activation_fn=tf.nn.sigmoid, reuse=reuse, scope='d_out',
                                 weights_initializer=initializer)
    cls = slim.fully_connected(h, classes, activation_fn=None, reuse=reuse, scope='d_cls',
                               weights_initializer=initializer)
    return d_out, cls


tf.reset_default_graph()

z_in = tf.placeholder(shape=[None, z_size + classes], dtype=tf.float32)
real_in = tf.placeholder(shape=[None, 16, 16, 1], dtype=tf.float32)
label_in = tf.placeholder(shape=[None], dtype=tf.int32)

Gz = generator(z_in)
Dx, Cx = discriminator(real_in)
Dg, Cg = discriminator(Gz, reuse=True)

c_loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=label_in, logits=Cx)) \
    + tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=label_in, logits=Cg))
d_loss = -tf.reduce_mean(tf.log(Dx) + tf.log(1. - Dg))
g_loss = -tf.reduce_mean(tf.log(Dg))

tvars = tf.trainable_variables()
d_vars = [v for v in tvars if v.op.name.startswith('d_')]
g_vars = [v for v in tvars if v.op.name.startswith('g_')]
trainerD = tf.train.AdamOptimizer(learning_rate=0.002, beta1=0.5)
trainerG = tf.train.AdamOptimizer(learning_rate=0.002, beta1=0.5)
d_grads = trainerD.compute_gradients(d_loss + c_loss, d_vars)
g_grads = trainerG.compute_gradients(g_loss + c_loss, g_vars)
update_D = trainerD.apply_gradients(d_grads)
update_G = trainerG.apply_gradients(g_grads)

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    np.random.seed(4)
    slim.get_or_create_global_step()
    for v in slim.get_trainable_variables():
        if not v.op.name.endswith('beta'):
            sess.run(v.assign(np.random.normal(0, 0.1, v.get_shape().as_list())))
    print([v.op.name for v in slim.get_model_variables()][:6])
    for i in range(5):
        labels = mnist.train.labels[i*batch:(i+1)*batch]
        xs = mnist.train.images[i*batch:(i+1)*batch].reshape([batch, 28, 28, 1])
        xs = np.lib.pad((xs[:, ::2, ::2] - 0.5) * 2.0, ((0, 0), (1, 1), (1, 1), (0, 0)), 'constant',
                        constant_values=(-1, -1))
        zs = np.concatenate([np.random.uniform(-1.0, 1.0, [batch, z_size]), np.eye(classes)[labels]], 1)
        feed = {z_in: zs.astype(np.float32), real_in: xs, label_in: labels}
        _, dLoss = sess.run([update_D, d_loss], feed)
        _, gLoss, cLoss = sess.run([update_G, g_loss, c_loss], feed)
        print("Gen Loss: %.5f Disc Loss: %.5f Class: %.5f" % (gLoss, dLoss, cLoss))
    print(tf.trainable_variables()[0].name, len(tf.get_collection(tf.GraphKeys.UPDATE_OPS)))
