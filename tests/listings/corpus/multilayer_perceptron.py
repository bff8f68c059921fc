'''
A Multilayer Perceptron, weights in dictionaries.
'''

from __future__ import print_function

import numpy as np
import tensorflow as tf
from tensorflow.examples.tutorials.mnist import input_data
mnist = input_data.read_data_sets("./mnist/data/", one_hot=True)

# Parameters
learning_rate = 0.001
training_epochs = 3
batch_size = 60
display_step = 1

# Network Parameters
n_hidden_1 = 64 # 1st layer number of neurons
n_hidden_2 = 48 # 2nd layer number of neurons
n_input = 784 # MNIST data input (img shape: 28*28)
n_classes = 10 # MNIST total classes (0-9 digits)

X = tf.placeholder("float", [None, n_input])
Y = tf.placeholder("float", [None, n_classes])

np.random.seed(0)
def weight(*shape):
    return tf.Variable(np.random.normal(0, 0.1, shape).astype(np.float32))

# Store layers weight & bias
weights = {
    'h1': weight(n_input, n_hidden_1),
    'h2': weight(n_hidden_1, n_hidden_2),
    'out': weight(n_hidden_2, n_classes)
}
biases = {
    'b1': weight(n_hidden_1),
    'b2': weight(n_hidden_2),
    'out': weight(n_classes)
}

# Create model
def multilayer_perceptron(x):
    layer_1 = tf.nn.relu(tf.add(tf.matmul(x, weights['h1']), biases['b1']))
    layer_2 = tf.nn.relu(tf.add(tf.matmul(layer_1, weights['h2']), biases['b2']))
    out_layer = tf.matmul(layer_2, weights['out']) + biases['out']
    return out_layer

logits = multilayer_perceptron(X)

loss_op = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(
    logits=logits, labels=Y))
optimizer = tf.train.AdamOptimizer(learning_rate=learning_rate)
train_op = optimizer.minimize(loss_op)
init = tf.global_variables_initializer()

with tf.Session() as sess:
    sess.run(init)

    for epoch in range(training_epochs):
        avg_cost = 0.
        total_batch = int(mnist.train.num_examples/batch_size)
        for i in range(total_batch):
            batch_x = mnist.train.images[i*batch_size:(i+1)*batch_size]
            batch_y = mnist.train.labels[i*batch_size:(i+1)*batch_size]
            _, c = sess.run([train_op, loss_op], feed_dict={X: batch_x, Y: batch_y})
            avg_cost += c / total_batch
        if epoch % display_step == 0:
            print("Epoch:", '%04d' % (epoch+1), "cost={:.9f}".format(avg_cost))
    print("Optimization Finished!")

    pred = tf.nn.softmax(logits)
    correct_prediction = tf.equal(tf.argmax(pred, 1), tf.argmax(Y, 1))
    accuracy = tf.reduce_mean(tf.cast(correct_prediction, "float"))
    print("Accuracy:", accuracy.eval({X: mnist.test.images, Y: mnist.test.labels}))
    print(sess.run(pred, {X: mnist.test.images[:2]}))
