# Python in the graph, templates, printing, gradients of one's own
from __future__ import print_function
import numpy as np
import tensorflow as tf
from tensorflow.python.framework import ops

sess = tf.InteractiveSession()
x = tf.constant(np.linspace(-2, 2, 5).astype(np.float32))


def np_square(value):
    return (value * value).astype(np.float32)


squared, = tf.py_func(np_square, [x], [tf.float32])
squared.set_shape(x.get_shape())
print(squared.eval())


# a sign with the gradient of the identity
@tf.RegisterGradient("StraightThrough")
def _straight_through(op, grad):
    return grad * 3.0

with sess.graph.gradient_override_map({"Sign": "StraightThrough"}):
    signed = tf.sign(x)
print(tf.gradients(signed, x)[0].eval())


# py_func with a gradient
def py_func(func, inp, Tout, stateful=True, name=None, grad=None):
    rnd_name = 'PyFuncGrad' + str(77)
    tf.RegisterGradient(rnd_name)(grad)
    g = tf.get_default_graph()
    with g.gradient_override_map({"PyFunc": rnd_name}):
        return tf.py_func(func, inp, Tout, stateful=stateful, name=name)


def cube(value):
    return (value ** 3).astype(np.float32)

cubed, = py_func(cube, [x], [tf.float32], name='Cube', grad=lambda op, grad: grad * 3 * tf.square(op.inputs[0]))
print(tf.gradients(cubed, x)[0].eval())


# variables made once
def scale_by_y(x):
    v = tf.get_variable('v', shape=[], initializer=tf.constant_initializer(1.5))
    w = tf.get_variable('w', shape=[x.get_shape()[-1].value], initializer=tf.ones_initializer())
    return v * x * w

scale = tf.make_template('scale', scale_by_y)
once, twice = scale(x), scale(scale(x))
print([v.name for v in tf.trainable_variables()])
tf.global_variables_initializer().run()
print(once.eval(), twice.eval())

shown = tf.Print(once, [tf.reduce_sum(once), tf.shape(once)], message='seen: ', summarize=5)
with tf.control_dependencies([tf.assert_less_equal(x, 2.0), tf.Assert(tf.reduce_all(x > -3), [x])]):
    checked = tf.identity(shown)
print(checked.eval(), tf.check_numerics(x, 'bad').eval()[0])


@ops.RegisterGradient("FlipGradient")
def _flip(op, grad):
    return [tf.negative(grad) * 0.5]

with tf.get_default_graph().gradient_override_map({"Identity": "FlipGradient"}):
    flipped = tf.identity(x)
print(tf.gradients(flipped * 2., x)[0].eval())
try:
    tf.matmul(tf.ones([2, 3]), tf.ones([2, 3]))
except ValueError as e:
    print('ValueError', 'Dimensions must be equal' in str(e))
try:
    tf.get_variable('scale/v', [3])
    sess.run(tf.placeholder(tf.float32, name='empty') + 1)
except tf.errors.InvalidArgumentError as e:
    print(type(e).__name__, e.op.name)
except ValueError as e:
    print('already' in str(e))
sess.close()
