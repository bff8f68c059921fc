import tensorflow as tf
import numpy as np
import matplotlib.pyplot as plt

from tensorflow.examples.tutorials.mnist import input_data
mnist = input_data.read_data_sets("./mnist/data/", one_hot=True)

learning_rate = 0.01
training_epoch = 3
batch_size = 100
n_hidden = 32
n_input = 28*28

X = tf.placeholder(tf.float32, [None, n_input])

np.random.seed(1)
W_encode = tf.Variable(np.random.normal(0, 0.05, [n_input, n_hidden]), dtype=tf.float32)
b_encode = tf.Variable(np.random.normal(0, 0.05, [n_hidden]), dtype=tf.float32)
encoder = tf.nn.sigmoid(tf.add(tf.matmul(X, W_encode), b_encode))

W_decode = tf.Variable(np.random.normal(0, 0.05, [n_hidden, n_input]), dtype=tf.float32)
b_decode = tf.Variable(np.random.normal(0, 0.05, [n_input]), dtype=tf.float32)
decoder = tf.nn.sigmoid(tf.add(tf.matmul(encoder, W_decode), b_decode))

cost = tf.reduce_mean(tf.pow(X - decoder, 2))
optimizer = tf.train.RMSPropOptimizer(learning_rate).minimize(cost)

init = tf.global_variables_initializer()
sess = tf.Session()
sess.run(init)

total_batch = int(mnist.train.num_examples/batch_size)

for epoch in range(training_epoch):
    total_cost = 0
    for i in range(total_batch):
        batch_xs = mnist.train.images[i * batch_size:(i + 1) * batch_size]
        _, cost_val = sess.run([optimizer, cost], feed_dict={X: batch_xs})
        total_cost += cost_val
    print('Epoch:', '%04d' % (epoch + 1),
          'Avg. cost =', '{:.4f}'.format(total_cost / total_batch))

sample_size = 10
samples = sess.run(decoder, feed_dict={X: mnist.test.images[:sample_size]})
print(samples.mean(axis=1))

fig, ax = plt.subplots(2, sample_size, figsize=(sample_size, 2))

for i in range(sample_size):
    ax[0][i].set_axis_off()
    ax[1][i].set_axis_off()
    ax[0][i].imshow(np.reshape(mnist.test.images[i], (28, 28)))
    ax[1][i].imshow(np.reshape(samples[i], (28, 28)))

plt.show()
