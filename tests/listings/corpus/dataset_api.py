""" The Dataset API: one_shot and initializable iterators """
from __future__ import print_function

import numpy as np
import tensorflow as tf

rng = np.random.RandomState(44)
features = rng.normal(size=(40, 6)).astype(np.float32)
targets = (features.sum(axis=1) > 0).astype(np.int64)

# a placeholder, because tf.data makes constants of arrays
_data = tf.placeholder(tf.float32, [None, 6])
_labels = tf.placeholder(tf.int64, [None])
dataset = tf.data.Dataset.from_tensor_slices((_data, _labels))
dataset = dataset.map(lambda x, y: (x * 2.0, tf.one_hot(y, 2)))
dataset = dataset.repeat()
dataset = dataset.batch(8)
dataset = dataset.prefetch(2)
iterator = dataset.make_initializable_iterator()
X, Y = iterator.get_next()

counter = tf.data.Dataset.range(5).map(lambda i: i * i).filter(lambda i: i < 10).make_one_shot_iterator().get_next()


def gen():
    for i in range(3):
        yield i, [1.] * i

ragged = tf.data.Dataset.from_generator(gen, (tf.int32, tf.float32), (tf.TensorShape([]), tf.TensorShape([None])))
ragged = ragged.padded_batch(3, padded_shapes=([], [None])).make_one_shot_iterator().get_next()


def net(x, reuse, is_training):
    with tf.variable_scope('Net', reuse=reuse):
        fc = tf.layers.dense(x, 12, activation=tf.nn.tanh)
        fc = tf.layers.dropout(fc, rate=0.25, training=is_training)
        out = tf.layers.dense(fc, 2)
        # softmax_cross_entropy applies it
        return tf.nn.softmax(out) if not is_training else out

logits_test = net(X, False, False)
loss_op = tf.reduce_mean(tf.square(logits_test - Y))
train_op = tf.train.AdamOptimizer(learning_rate=0.01).minimize(loss_op)
logits_train = net(X, True, True)

sess = tf.Session()
sess.run(tf.global_variables_initializer())
for v in tf.trainable_variables():
    v.load(rng.normal(0, 0.5, v.get_shape().as_list()).astype(np.float32), sess)
sess.run(iterator.initializer, feed_dict={_data: features, _labels: targets})

for step in range(1, 11):
    loss, _ = sess.run([loss_op, train_op])
    if step % 5 == 0 or step == 1:
        print("Step %d Loss= %.6f" % (step, loss))
print(dataset.output_shapes, dataset.output_types, logits_train.get_shape())
try:
    while True:
        print(sess.run(counter), end=' ')
except tf.errors.OutOfRangeError:
    print('end of sequence')
print(sess.run(ragged))
