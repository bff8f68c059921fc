# Straight line, TensorFlow 0.x
from __future__ import print_function
import numpy as np
import tensorflow as tf

np.random.seed(3)
x_data = np.random.rand(50).astype("float32")
y_data = x_data * 0.1 + 0.3

W = tf.Variable(np.random.uniform(-1.0, 1.0, [1]).astype("float32"))
b = tf.Variable(tf.zeros([1]))
y = tf.add(tf.mul(W, x_data), b)

error = tf.sub(y, y_data)
loss = tf.reduce_mean(tf.square(error))
opposite = tf.neg(loss)
train = tf.train.GradientDescentOptimizer(0.5).minimize(loss)

init = tf.initialize_all_variables()
sess = tf.Session()
sess.run(init)

for step in xrange(41) if str is bytes else range(41):
    sess.run(train)
    if step % 10 == 0:
        print(step, "W = %.6f b = %.6f" % (sess.run(W)[0], sess.run(b)[0]))
print("%.6e %.6e" % tuple(sess.run([loss, opposite])))
print(len(tf.all_variables()), sess.run(tf.is_variable_initialized(W)))
sess.close()
