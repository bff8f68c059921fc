""" Bi-directional Recurrent Neural Network, static and dynamic. """
from __future__ import print_function

import tensorflow as tf
from tensorflow.contrib import rnn
import numpy as np

num_input, timesteps, num_hidden, num_classes, batch = 7, 9, 11, 3, 10

npr = np.random.RandomState(14)
X = tf.placeholder("float", [None, timesteps, num_input])
Y = tf.placeholder("float", [None, num_classes])
length = tf.placeholder(tf.int32, [None])

weights = tf.Variable(npr.randn(2*num_hidden, num_classes).astype('f4'))
biases = tf.Variable(npr.randn(num_classes).astype('f4'))


def BiRNN(x):
    x = tf.unstack(x, timesteps, 1)
    lstm_fw_cell = rnn.BasicLSTMCell(num_hidden, forget_bias=1.0)
    lstm_bw_cell = rnn.BasicLSTMCell(num_hidden, forget_bias=1.0)
    try:
        outputs, _, _ = rnn.static_bidirectional_rnn(lstm_fw_cell, lstm_bw_cell, x,
                                              dtype=tf.float32)
    except Exception: # Old TensorFlow version only returns outputs not states
        outputs = rnn.static_bidirectional_rnn(lstm_fw_cell, lstm_bw_cell, x,
                                        dtype=tf.float32)
    return tf.matmul(outputs[-1], weights) + biases


def BiGRU(x, length):
    with tf.variable_scope('dynamic'):
        (out_fw, out_bw), (state_fw, state_bw) = tf.nn.bidirectional_dynamic_rnn(
            tf.nn.rnn_cell.GRUCell(num_hidden), tf.nn.rnn_cell.GRUCell(num_hidden), x,
            sequence_length=length, dtype=tf.float32)
        return tf.concat([out_fw, out_bw], 2), tf.concat([state_fw, state_bw], -1)


logits = BiRNN(X)
outputs, state = BiGRU(X, length)
logits2 = tf.layers.dense(state, num_classes, name='out')

loss_op = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(logits=logits, labels=Y)) + \
    tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(logits=logits2, labels=Y))
train_op = tf.train.MomentumOptimizer(0.1, 0.9).minimize(loss_op)

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for v in tf.trainable_variables():
        print(v.name, v.get_shape().as_list())
        sess.run(v.assign(npr.normal(0, 0.3, v.get_shape().as_list())))

    for step in range(1, 7):
        batch_y = np.eye(num_classes)[npr.randint(0, num_classes, batch)]
        batch_x = npr.normal(size=(batch, timesteps, num_input)) + batch_y[:, :1, np.newaxis]
        feed = {X: batch_x, Y: batch_y, length: npr.randint(1, timesteps + 1, batch)}
        sess.run(train_op, feed_dict=feed)
        if step % 2 == 0:
            print("Step", step, "Loss= {:.5f}".format(sess.run(loss_op, feed_dict=feed)))
    feed[length] = [4] * batch
    out = sess.run(outputs, feed)
    print(out.shape, abs(out[:, 4:]).max(), '%.5f' % out[:, :4].std())
