# The CNN by tf.layers, which is much shorter than with tf.nn
import numpy as np
import tensorflow as tf

from tensorflow.examples.tutorials.mnist import input_data
mnist = input_data.read_data_sets("./mnist/data/", one_hot=True)

#########
# Model
######
X = tf.placeholder(tf.float32, [None, 28, 28, 1])
Y = tf.placeholder(tf.float32, [None, 10])
is_training = tf.placeholder(tf.bool)

L1 = tf.layers.conv2d(X, 8, [3, 3], activation=tf.nn.relu)
L1 = tf.layers.max_pooling2d(L1, [2, 2], [2, 2])
L1 = tf.layers.dropout(L1, 0.7, is_training)

L2 = tf.layers.conv2d(L1, 12, [3, 3], activation=tf.nn.relu)
L2 = tf.layers.max_pooling2d(L2, [2, 2], [2, 2])
L2 = tf.layers.dropout(L2, 0.7, is_training)

L3 = tf.contrib.layers.flatten(L2)
L3 = tf.layers.dense(L3, 32, activation=tf.nn.relu)
L3 = tf.layers.dropout(L3, 0.5, is_training)

model = tf.layers.dense(L3, 10, activation=None)

cost = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(logits=model, labels=Y))
optimizer = tf.train.AdamOptimizer(0.001).minimize(cost)

#########
# Training
######
init = tf.global_variables_initializer()
sess = tf.Session()
sess.run(init)

np.random.seed(7)
for v in tf.trainable_variables():
    print(v.name, v.get_shape().as_list())
    sess.run(v.assign(np.random.normal(0.0, 0.1, v.get_shape().as_list())))

batch_size = 20
total_batch = 6

for epoch in range(2):
    total_cost = 0

    for i in range(total_batch):
        batch_xs = mnist.train.images[i*batch_size:(i+1)*batch_size].reshape(-1, 28, 28, 1)
        batch_ys = mnist.train.labels[i*batch_size:(i+1)*batch_size]
        # no dropout: its masks are drawn anew each time
        _, cost_val = sess.run([optimizer, cost], feed_dict={X: batch_xs,
                                                             Y: batch_ys,
                                                             is_training: False})
        total_cost += cost_val

    print('Epoch:', '%04d' % (epoch + 1),
          'Avg. cost =', '{:.4f}'.format(total_cost / total_batch))

dropped = sess.run(L3, {X: mnist.test.images[:4].reshape(-1, 28, 28, 1), is_training: True})
print('dropped some:', (dropped == 0).mean() > 0.3, dropped.shape)

is_correct = tf.equal(tf.argmax(model, 1), tf.argmax(Y, 1))
accuracy = tf.reduce_mean(tf.cast(is_correct, tf.float32))
print('accuracy:', sess.run(accuracy, feed_dict={X: mnist.test.images.reshape(-1, 28, 28, 1),
                                                 Y: mnist.test.labels,
                                                 is_training: False}))
