# MNIST by an RNN: one row of pixels after another
import tensorflow as tf
import numpy as np

from tensorflow.examples.tutorials.mnist import input_data
mnist = input_data.read_data_sets("./mnist/data/", one_hot=True)

learning_rate = 0.001
total_epoch = 2
batch_size = 64

n_input = 28
n_step = 28
n_hidden = 24
n_class = 10

X = tf.placeholder(tf.float32, [None, n_step, n_input])
Y = tf.placeholder(tf.float32, [None, n_class])

np.random.seed(3)
W = tf.Variable(np.random.normal(size=[n_hidden, n_class]).astype(np.float32))
b = tf.Variable(np.random.normal(size=[n_class]).astype(np.float32))

cell = tf.nn.rnn_cell.BasicRNNCell(n_hidden)
outputs, states = tf.nn.dynamic_rnn(cell, X, dtype=tf.float32)

# outputs : [batch_size, n_step, n_hidden] -> [n_step, batch_size, n_hidden]
outputs = tf.transpose(outputs, [1, 0, 2])
# -> [batch_size, n_hidden]
outputs = outputs[-1]
model = tf.matmul(outputs, W) + b

cost = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(logits=model, labels=Y))
optimizer = tf.train.AdamOptimizer(learning_rate).minimize(cost)

sess = tf.Session()
sess.run(tf.global_variables_initializer())
kernel, bias = [v for v in tf.trainable_variables() if v.name.startswith('rnn/')]
print(kernel.name, bias.name)
sess.run(tf.assign(kernel, np.random.uniform(-0.3, 0.3, kernel.get_shape().as_list())))

total_batch = int(mnist.train.num_examples/batch_size)

for epoch in range(total_epoch):
    total_cost = 0

    for i in range(total_batch):
        batch_xs, batch_ys = mnist.train.next_batch(batch_size, shuffle=False)
        batch_xs = batch_xs.reshape((batch_size, n_step, n_input))

        _, cost_val = sess.run([optimizer, cost], feed_dict={X: batch_xs, Y: batch_ys})
        total_cost += cost_val

    print('Epoch:', '%04d' % (epoch + 1),
          'Avg. cost =', '{:.3f}'.format(total_cost / total_batch))

test_batch_size = 50
test_xs = mnist.test.images[:test_batch_size].reshape(test_batch_size, n_step, n_input)
print(sess.run(model, feed_dict={X: test_xs[:2]}))
print(np.abs(sess.run(states, feed_dict={X: test_xs}) - sess.run(outputs, feed_dict={X: test_xs})).max())
