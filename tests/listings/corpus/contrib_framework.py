# arg_scope, get_variables, assign_from_values, nest: tf.contrib.framework
from __future__ import print_function
import collections
import numpy as np
import tensorflow as tf
from tensorflow.contrib import framework
from tensorflow.contrib.framework import arg_scope, add_arg_scope, nest
from tensorflow.contrib.framework.python.ops import add_arg_scope as same_add_arg_scope
from tensorflow.python.util import nest as other_nest

Pair = collections.namedtuple('Pair', 'first second')


@add_arg_scope
def block(x, units, scale=1.0, name=None):
    with tf.variable_scope(name, 'block', [x]):
        w = framework.model_variable('w', [x.get_shape()[-1].value, units],
                                     initializer=tf.constant_initializer(0.5))
        b = tf.contrib.framework.variable('b', [units], initializer=tf.zeros_initializer(), trainable=False)
        return scale * tf.matmul(x, w) + b


x = tf.placeholder(tf.float32, [None, 3])
with arg_scope([block], scale=2.0):
    with arg_scope([block], units=4) as sc:
        y = block(x)
        y = block(y, scale=0.25, name='last')
with arg_scope(sc):
    z = block(x, name='other')

print([v.op.name for v in framework.get_variables()])
print([v.op.name for v in framework.get_trainable_variables('last')], len(framework.get_model_variables()))
print([v.name for v in framework.get_variables_by_suffix('b')],
      framework.get_unique_variable('last/w').get_shape(), framework.get_name_scope() == '')

structure = {'a': [1, 2], 'b': Pair(3, (4, 5))}
print(nest.flatten(structure), nest.is_sequence([1]), nest.map_structure(lambda v: v * 10, structure)['b'])
print(other_nest.pack_sequence_as(structure, list('abcde')), same_add_arg_scope is not None)

global_step = framework.get_or_create_global_step()
init_assign_op, init_feed_dict = framework.assign_from_values(
    {'block/w': np.arange(12).reshape(3, 4) / 10., 'last/w': np.eye(4)})
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    print(sess.run(y, {x: [[1, 2, 3]]}), sess.run(z, {x: [[1, 2, 3]]}))
    sess.run(init_assign_op, init_feed_dict)
    print(sess.run(y, {x: [[1, 2, 3]]}), sess.run(global_step))
    path = tf.train.Saver().save(sess, 'framework.ckpt')
    sess.run(tf.global_variables_initializer())
    framework.assign_from_checkpoint_fn(path, framework.get_variables_to_restore(include=['block']))(sess)
    print(sess.run('block/w:0')[1], sess.run('last/w:0')[1])
    print(framework.list_variables(path)[:2], framework.load_variable(path, 'last/w').shape)
