# tf.contrib.layers: a variational autoencoder with convolutions
import numpy as np
import tensorflow as tf
from tensorflow.contrib import layers
from tensorflow.contrib.layers import xavier_initializer, variance_scaling_initializer, batch_norm

np.random.seed(1)
x = tf.placeholder(tf.float32, [None, 64])
phase = tf.placeholder(tf.bool, name='phase')
noise = tf.placeholder(tf.float32, [None, 4])


def encoder(input_tensor, output_size):
    net = tf.reshape(input_tensor, [-1, 8, 8, 1])
    net = layers.conv2d(net, 8, 5, stride=2)
    net = layers.convolution2d(net, 12, [3, 3], stride=[2, 2], padding='VALID',
                               weights_initializer=layers.xavier_initializer_conv2d(),
                               biases_initializer=tf.constant_initializer(0.05),
                               normalizer_fn=batch_norm,
                               normalizer_params={'is_training': phase, 'center': True, 'decay': 0.8,
                                                  'updates_collections': None})
    net = layers.dropout(net, keep_prob=0.9, is_training=False)
    net = layers.flatten(net)
    return layers.fully_connected(net, output_size, activation_fn=None,
                                  weights_regularizer=layers.l2_regularizer(scale=0.001))


def decoder(z):
    net = tf.expand_dims(z, 1)
    net = tf.expand_dims(net, 1)
    net = layers.conv2d_transpose(net, 12, 2, padding='VALID', activation_fn=tf.nn.elu)
    net = layers.convolution2d_transpose(net, 8, 3, stride=2, weights_initializer=variance_scaling_initializer())
    net = layers.batch_norm(net, is_training=phase, scope='bn', activation_fn=tf.nn.relu)
    net = layers.conv2d_transpose(net, 1, 5, stride=2, activation_fn=tf.nn.sigmoid)
    return layers.flatten(net)


with tf.variable_scope("model") as scope:
    encoded = encoder(x, 8)
    mean = encoded[:, :4]
    stddev = tf.sqrt(tf.exp(encoded[:, 4:]))
    output = decoder(mean + noise * stddev)
with tf.variable_scope('head'):
    hidden = layers.stack(mean, layers.fully_connected, [6, 5], scope='fc')
    hidden = layers.layer_norm(hidden)
    logit = layers.linear(hidden, 1)
    side = layers.relu(hidden, 3, weights_initializer=tf.truncated_normal_initializer(stddev=0.1))

rec_loss = tf.reduce_sum(-x * tf.log(output + 1e-8) - (1.0 - x) * tf.log(1.0 - output + 1e-8))
vae_loss = tf.reduce_sum(0.5 * (tf.square(mean) + tf.square(stddev) - 2.0 * tf.log(stddev + 1e-8) - 1.0))
reg = tf.add_n(tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES))
other = tf.reduce_mean(tf.square(logit - 1.)) + tf.reduce_mean(side)
applied = layers.apply_regularization(layers.l1_regularizer(1e-4), tf.trainable_variables())
loss = (rec_loss + vae_loss) / 100. + reg + other + applied

update_ops = tf.get_collection(tf.GraphKeys.UPDATE_OPS)
with tf.control_dependencies(update_ops):
    train = tf.contrib.layers.optimize_loss(loss, tf.train.get_or_create_global_step(), learning_rate=0.01,
                                            optimizer='Adam', clip_gradients=5.0, update_ops=[])

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for v in tf.trainable_variables():
        print(v.name, v.get_shape())
        if 'weights' in v.name:
            sess.run(v.assign(np.random.normal(0, 0.2, v.get_shape().as_list())))
    for i in range(4):
        feed = {x: np.random.rand(10, 64) > 0.5, noise: np.random.randn(10, 4), phase: True}
        sess.run(train, feed)
        print('%.5f %.5f %.6f %.6f' % tuple(sess.run([rec_loss, vae_loss, reg, applied], feed)))
    feed[phase] = False
    print('%.6f' % sess.run(output, feed).std(), len(update_ops))
    print(sess.run([v for v in tf.global_variables() if 'moving_variance' in v.name][0])[:5])
