""" Recurrent Neural Network over the rows of a digit: static_rnn of one LSTM. """
from __future__ import print_function

import numpy as np
import tensorflow as tf
from tensorflow.contrib import rnn

from tensorflow.examples.tutorials.mnist import input_data
mnist = input_data.read_data_sets("MNIST_data/", one_hot=True)

learning_rate = 0.05
training_steps = 8
batch_size = 25
display_step = 2

num_input = 28 # MNIST data input (img shape: 28*28)
timesteps = 28 # timesteps
num_hidden = 20 # hidden layer num of features
num_classes = 10

X = tf.placeholder("float", [None, timesteps, num_input])
Y = tf.placeholder("float", [None, num_classes])

rng = np.random.RandomState(2)
weights = {
    'out': tf.Variable(rng.randn(num_hidden, num_classes).astype(np.float32))
}
biases = {
    'out': tf.Variable(rng.randn(num_classes).astype(np.float32))
}


def RNN(x, weights, biases):
    # Unstack to get a list of 'timesteps' tensors of shape (batch_size, n_input)
    x = tf.unstack(x, timesteps, 1)
    lstm_cell = rnn.BasicLSTMCell(num_hidden, forget_bias=1.0)
    outputs, states = rnn.static_rnn(lstm_cell, x, dtype=tf.float32)
    return tf.matmul(outputs[-1], weights['out']) + biases['out']

logits = RNN(X, weights, biases)
prediction = tf.nn.softmax(logits)

loss_op = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(logits=logits, labels=Y))
optimizer = tf.train.GradientDescentOptimizer(learning_rate=learning_rate)
train_op = optimizer.minimize(loss_op)

correct_pred = tf.equal(tf.argmax(prediction, 1), tf.argmax(Y, 1))
accuracy = tf.reduce_mean(tf.cast(correct_pred, tf.float32))

init = tf.global_variables_initializer()

with tf.Session() as sess:
    sess.run(init)
    for v in tf.trainable_variables():
        print(v.name, v.get_shape())
        if 'lstm' in v.name:
            sess.run(v.assign(rng.uniform(-0.1, 0.1, v.get_shape().as_list())))

    for step in range(1, training_steps+1):
        batch_x, batch_y = mnist.train.next_batch(batch_size, shuffle=False)
        batch_x = batch_x.reshape((batch_size, timesteps, num_input))
        sess.run(train_op, feed_dict={X: batch_x, Y: batch_y})
        if step % display_step == 0 or step == 1:
            loss, acc = sess.run([loss_op, accuracy], feed_dict={X: batch_x, Y: batch_y})
            print("Step " + str(step) + ", Minibatch Loss= " + \
                  "{:.4f}".format(loss) + ", Training Accuracy= " + \
                  "{:.3f}".format(acc))

    test_data = mnist.test.images[:64].reshape((-1, timesteps, num_input))
    print("Testing Accuracy:", \
        sess.run(accuracy, feed_dict={X: test_data, Y: mnist.test.labels[:64]}))
