# Control flow in the graph
from __future__ import print_function
import numpy as np
import tensorflow as tf

# Collatz: how many steps to 1
n = tf.placeholder(tf.int32, [])


def collatz(i, count):
    return tf.cond(tf.equal(i % 2, 0), lambda: i // 2, lambda: 3 * i + 1), count + 1

_, steps = tf.while_loop(lambda i, count: tf.greater(i, 1), collatz, [n, tf.constant(0)])

# A sum of powers of a matrix with a TensorArray, and its gradient through the loop
A = tf.constant(np.random.RandomState(5).uniform(-0.5, 0.5, [3, 3]).astype(np.float32))
powers = tf.TensorArray(tf.float32, size=4)


def body(t, power, out):
    return t + 1, tf.matmul(power, A), out.write(t, power)

_, last, powers = tf.while_loop(lambda t, *_: t < 4, body, (0, tf.eye(3), powers))
stacked = powers.stack()
grad, = tf.gradients(tf.reduce_sum(last), A)

# scan, map_fn, foldl, case
fib = tf.scan(lambda a, _: (a[1], a[0] + a[1]), tf.range(10), initializer=(0, 1))
squares = tf.map_fn(lambda x: x * x, tf.constant([1., 2., 3.]))
folded = tf.foldl(lambda a, x: 2 * a + x, tf.constant([1, 0, 1, 1]))
x = tf.placeholder_with_default(0.5, [])
chosen = tf.case([(tf.less(x, 0.), lambda: tf.constant(-1.)), (x > 1., lambda: tf.constant(1.))],
                 default=lambda: tf.square(x))

total = tf.Variable(0.0, name='total')
add = tf.assign_add(total, x)
with tf.control_dependencies([add]):
    twice = total.read_value() * 2

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    print([int(sess.run(steps, {n: k})) for k in (1, 6, 7, 27)])
    print(sess.run(stacked).sum(axis=(1, 2)))
    print(sess.run(grad))
    print(sess.run(fib[0]), sess.run(squares), sess.run(folded))
    print([float(sess.run(chosen, {x: v})) for v in (-3., 0.5, 4.)])
    print(sess.run(twice), sess.run(twice, {x: 2.}), sess.run(total))
