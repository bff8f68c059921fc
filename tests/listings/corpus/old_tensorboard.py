# Summaries with the names of TensorFlow 0.x
from __future__ import print_function
import os
import numpy as np
import tensorflow as tf

rng = np.random.RandomState(13)
xy = np.array([[1, 0, 0, 0], [1, 0, 1, 1], [1, 1, 0, 1], [1, 1, 1, 0]], 'float32')
x_data, y_data = xy[:, 0:3], xy[:, 3:]

X = tf.placeholder(tf.float32, name='X-input')
Y = tf.placeholder(tf.float32, name='Y-input')

W1 = tf.Variable(rng.uniform(-1.0, 1.0, [3, 5]).astype('float32'), name="Weight1")
W2 = tf.Variable(rng.uniform(-1.0, 1.0, [5, 1]).astype('float32'), name="Weight2")
b2 = tf.Variable(tf.zeros([1]), name="Bias2")

# Our hypothesis
with tf.name_scope("layer2") as scope:
    L2 = tf.sigmoid(tf.matmul(X, W1))
with tf.name_scope("layer3") as scope:
    hypothesis = tf.sigmoid(tf.add(tf.matmul(L2, W2), b2))

with tf.name_scope("cost") as scope:
    cost = tf.neg(tf.reduce_mean(tf.add(tf.mul(Y, tf.log(hypothesis)),
                                        tf.mul(tf.sub(1., Y), tf.log(1 - hypothesis)))))
    cost_summ = tf.scalar_summary("cost", cost)

with tf.name_scope("train") as scope:
    optimizer = tf.train.GradientDescentOptimizer(0.8)
    train = optimizer.minimize(cost)

# Add histogram and an image
w1_hist = tf.histogram_summary("weights1", W1)
y_hist = tf.histogram_summary("y", Y)
picture = tf.image_summary("weights", tf.reshape(W1, [1, 3, 5, 1]), max_images=1)
some = tf.merge_summary([cost_summ, w1_hist])

with tf.Session() as sess:
    merged = tf.merge_all_summaries()
    writer = tf.train.SummaryWriter("./logs/xor", sess.graph)
    tf.initialize_all_variables().run()

    for step in range(61):
        sess.run(train, feed_dict={X: x_data, Y: y_data})
        if step % 20 == 0:
            summary, part = sess.run([merged, some], feed_dict={X: x_data, Y: y_data})
            writer.add_summary(summary, step)
            writer.add_summary(part, step)
            print(step, "%.6f" % sess.run(cost, feed_dict={X: x_data, Y: y_data}))
    writer.flush()
    writer.close()

    correct_prediction = tf.equal(tf.floor(hypothesis + 0.5), Y)
    accuracy = tf.reduce_mean(tf.cast(correct_prediction, "float"))
    print(sess.run(hypothesis, feed_dict={X: x_data}))
    print("Accuracy:", accuracy.eval({X: x_data, Y: y_data}))

events = [os.path.join("./logs/xor", name) for name in os.listdir("./logs/xor")]
values = [v.simple_value for e in tf.train.summary_iterator(events[0]) for v in e.summary.value
          if v.tag.endswith("cost")]
print(len(events), " ".join("%.5f" % v for v in values[::2]))
