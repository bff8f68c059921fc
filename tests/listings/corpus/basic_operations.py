from __future__ import print_function

import tensorflow as tf

# Constants
a = tf.constant(2)
b = tf.constant(3)
hello = tf.constant('Hello, TensorFlow!')

with tf.Session() as sess:
    print("a=2, b=3")
    print("Addition with constants: %i" % sess.run(a+b))
    print("Multiplication with constants: %i" % sess.run(a*b))
    print(sess.run(hello).decode())

# Placeholders
a = tf.placeholder(tf.int16)
b = tf.placeholder(tf.int16)
add = tf.add(a, b)
mul = tf.multiply(a, b)
with tf.Session() as sess:
    print("Addition with variables: %i" % sess.run(add, feed_dict={a: 2, b: 3}))
    print("Multiplication with variables: %i" % sess.run(mul, feed_dict={a: 2, b: 3}))

# Shapes and tensors, as they print
X = tf.placeholder(tf.float32, [None, 3])
W = tf.Variable(tf.ones([3, 2]), name='W')
expr = tf.matmul(X, W) + tf.constant([[1.5], [2.]])
print(X)
print(expr)
print(X.get_shape(), W.get_shape(), X.get_shape()[1].value, X.get_shape().as_list())
print(W.dtype, W.name, expr.dtype, int(W.get_shape()[0]))
sess = tf.Session()
sess.run(tf.global_variables_initializer())
print(sess.run(expr, feed_dict={X: [[1, 2, 3], [4, 5, 6]]}))
print(sess.run([tf.reduce_sum(expr), tf.reduce_mean(expr)], {X: [[1, 2, 3], [4, 5, 6]]}))
print(tf.get_default_graph() is sess.graph, tf.convert_to_tensor([[1., 2.]]).shape)
