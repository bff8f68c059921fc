"""Input by tf.data, shuffled with a seed, with a function of the program's graph."""

import numpy as np
import tensorflow as tf
from timing import Steps

rng = np.random.RandomState(1)
images, labels = rng.uniform(size=[1000, 28, 28, 1]).astype(np.float32), rng.randint(10, size=1000)
data = tf.data.Dataset.from_tensor_slices((images, labels)).shuffle(500, seed=1).repeat()
data = data.map(lambda x, y: (tf.image.random_flip_left_right(x), y)).batch(64).prefetch(1)
x, y = data.make_one_shot_iterator().get_next()
h = tf.layers.max_pooling2d(tf.layers.conv2d(x, 16, 5, activation=tf.nn.relu), 2, 2)
loss = tf.losses.sparse_softmax_cross_entropy(y, tf.layers.dense(tf.layers.flatten(h), 10))
train = tf.train.AdamOptimizer(0.001).minimize(loss)
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    steps = Steps()
    while steps.more():
        sess.run([train, loss])
