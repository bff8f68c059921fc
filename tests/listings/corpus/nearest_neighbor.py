from __future__ import print_function

import numpy as np
import tensorflow as tf

from tensorflow.examples.tutorials.mnist import input_data
mnist = input_data.read_data_sets("MNIST_data", one_hot=True)

# In this example, we limit mnist data
Xtr, Ytr = mnist.train.images[:200], mnist.train.labels[:200] # candidates
Xte, Yte = mnist.test.images[:12], mnist.test.labels[:12]

xtr = tf.placeholder("float", [None, 784])
xte = tf.placeholder("float", [784])

# L1 distance
distance = tf.reduce_sum(tf.abs(tf.add(xtr, tf.negative(xte))), reduction_indices=1)
# Prediction: index of the nearest
pred = tf.arg_min(distance, 0)

accuracy = 0.
init = tf.global_variables_initializer()

with tf.Session() as sess:
    sess.run(init)
    for i in range(len(Xte)):
        nn_index, nn_distance = sess.run([pred, tf.reduce_min(distance)],
                                         feed_dict={xtr: Xtr, xte: Xte[i, :]})
        print("Test", i, "Prediction:", np.argmax(Ytr[nn_index]),
              "True Class:", np.argmax(Yte[i]), "Distance: %.3f" % nn_distance)
        if np.argmax(Ytr[nn_index]) == np.argmax(Yte[i]):
            accuracy += 1./len(Xte)
    print("Done!")
    print("Accuracy:", accuracy)
