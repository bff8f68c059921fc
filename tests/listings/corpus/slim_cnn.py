"""A small VGG with slim: arg_scope, repeat, end points, regularisation losses."""
from __future__ import absolute_import
from __future__ import division
from __future__ import print_function

import numpy as np
import tensorflow as tf

slim = tf.contrib.slim


def vgg_arg_scope(weight_decay=0.0005):
  with slim.arg_scope([slim.conv2d, slim.fully_connected],
                      activation_fn=tf.nn.relu,
                      weights_regularizer=slim.l2_regularizer(weight_decay),
                      biases_initializer=tf.zeros_initializer()):
    with slim.arg_scope([slim.conv2d], padding='SAME') as arg_sc:
      return arg_sc


def vgg_small(inputs, num_classes=5, is_training=True, dropout_keep_prob=0.5, scope='vgg_s', reuse=None):
  with tf.variable_scope(scope, 'vgg_s', [inputs], reuse=reuse) as sc:
    end_points_collection = sc.original_name_scope + '_end_points'
    # Collect outputs for conv2d, fully_connected and max_pool2d.
    with slim.arg_scope([slim.conv2d, slim.fully_connected, slim.max_pool2d],
                        outputs_collections=end_points_collection):
      net = slim.repeat(inputs, 2, slim.conv2d, 6, [3, 3], scope='conv1')
      net = slim.max_pool2d(net, [2, 2], scope='pool1')
      net = slim.conv2d(net, 8, [3, 3], rate=2, normalizer_fn=slim.batch_norm,
                        normalizer_params={'is_training': is_training, 'decay': 0.9, 'scale': True}, scope='conv2')
      net = slim.avg_pool2d(net, [2, 2], scope='pool2')
      # Use conv2d instead of fully_connected layers.
      net = slim.conv2d(net, 12, [3, 3], padding='VALID', scope='fc6')
      net = slim.dropout(net, dropout_keep_prob, is_training=is_training, scope='dropout6')
      net = slim.conv2d(net, num_classes, [1, 1],
                        activation_fn=None,
                        normalizer_fn=None,
                        scope='fc8')
      # Convert end_points_collection into a end_point dict.
      end_points = slim.utils.convert_collection_to_dict(end_points_collection)
      net = tf.squeeze(net, [1, 2], name='fc8/squeezed')
      end_points[sc.name + '/fc8'] = net
      return net, end_points


def main(_):
  rng = np.random.RandomState(40)
  images = tf.placeholder(tf.float32, [None, 12, 12, 3])
  labels = tf.placeholder(tf.int64, [None])
  with slim.arg_scope(vgg_arg_scope()):
    logits, end_points = vgg_small(images, dropout_keep_prob=1.0)
    test_logits, _ = vgg_small(images, is_training=False, reuse=True)
  print('\n'.join(sorted(end_points)))

  slim.losses.softmax_cross_entropy(logits, slim.one_hot_encoding(labels, 5))
  total_loss = slim.losses.get_total_loss()
  regularization = tf.add_n(slim.losses.get_regularization_losses())

  global_step = slim.create_global_step()
  optimizer = tf.train.MomentumOptimizer(0.02, 0.9)
  train_op = slim.learning.create_train_op(total_loss, optimizer, global_step=global_step)

  with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for v in slim.get_variables(scope='vgg_s', suffix='weights'):
      sess.run(v.assign(rng.normal(0, 0.2, v.get_shape().as_list())))
    for _ in range(4):
      feed = {images: rng.normal(size=[9, 12, 12, 3]), labels: rng.randint(0, 5, 9)}
      loss, reg = sess.run([total_loss, regularization], feed)
      sess.run(train_op, feed)
      print('loss %.5f regularization %.6f step %d' % (loss, reg, sess.run(global_step)))
    print(sess.run(tf.argmax(test_logits, 1), feed), slim.get_model_variables('vgg_s/conv2')[-1].op.name)
    print('%.5f' % sess.run(test_logits, feed).std())
    print(len(slim.get_variables_to_restore(exclude=['vgg_s/fc8'])), len(slim.get_variables_by_name('weights')))


if __name__ == '__main__':
  tf.app.run()
