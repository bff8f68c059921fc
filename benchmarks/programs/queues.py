"""Input by queue runners: slices of arrays, shuffled batches."""

import numpy as np
import tensorflow as tf
from timing import Steps

rng = np.random.RandomState(1)
images, labels = rng.uniform(size=[1000, 784]).astype(np.float32), rng.randint(10, size=1000)
image, label = tf.train.slice_input_producer([images, labels])
x, y = tf.train.shuffle_batch([image, label], 64, capacity=600, min_after_dequeue=200, num_threads=2)
logits = tf.layers.dense(tf.layers.dense(x, 256, tf.nn.relu), 10)
loss = tf.losses.sparse_softmax_cross_entropy(y, logits)
train = tf.train.GradientDescentOptimizer(0.1).minimize(loss)
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    coordinator = tf.train.Coordinator()
    threads = tf.train.start_queue_runners(sess, coordinator)
    steps = Steps()
    while steps.more():
        sess.run([train, loss])
    coordinator.request_stop()
    coordinator.join(threads)
