"""The CIFAR tutorial's manner: losses in a collection, weight decay, towers that share variables."""
from __future__ import absolute_import, division, print_function

import re
import numpy as np
import tensorflow as tf

tf.app.flags.DEFINE_integer('num_gpus', 2, """How many GPUs to use.""")
tf.app.flags.DEFINE_string('tower_name', 'tower', """Names the towers""")
FLAGS = tf.app.flags.FLAGS
RNG = np.random.RandomState(70)


def _variable_on_cpu(name, shape, initializer):
  with tf.device('/cpu:0'):
    var = tf.get_variable(name, shape, initializer=initializer, dtype=tf.float32)
  return var


def _variable_with_weight_decay(name, shape, stddev, wd):
  var = _variable_on_cpu(name, shape, tf.constant_initializer(RNG.normal(0, stddev, shape)))
  if wd is not None:
    weight_decay = tf.multiply(tf.nn.l2_loss(var), wd, name='weight_loss')
    tf.add_to_collection('losses', weight_decay)
  return var


def inference(images):
  with tf.variable_scope('conv1') as scope:
    kernel = _variable_with_weight_decay('weights', shape=[5, 5, 3, 6], stddev=5e-2, wd=None)
    conv = tf.nn.conv2d(images, kernel, [1, 1, 1, 1], padding='SAME')
    biases = _variable_on_cpu('biases', [6], tf.constant_initializer(0.0))
    pre_activation = tf.nn.bias_add(conv, biases)
    conv1 = tf.nn.relu(pre_activation, name=scope.name)

  pool1 = tf.nn.max_pool(conv1, ksize=[1, 3, 3, 1], strides=[1, 2, 2, 1], padding='SAME', name='pool1')
  norm1 = tf.nn.lrn(pool1, 4, bias=1.0, alpha=0.001 / 9.0, beta=0.75, name='norm1')

  with tf.variable_scope('local3') as scope:
    reshape = tf.reshape(norm1, [images.get_shape()[0].value, -1])
    dim = reshape.get_shape()[1].value
    weights = _variable_with_weight_decay('weights', shape=[dim, 16], stddev=0.04, wd=0.004)
    biases = _variable_on_cpu('biases', [16], tf.constant_initializer(0.1))
    local3 = tf.nn.relu(tf.matmul(reshape, weights) + biases, name=scope.name)

  with tf.variable_scope('softmax_linear') as scope:
    weights = _variable_with_weight_decay('weights', [16, 4], stddev=0.2, wd=None)
    biases = _variable_on_cpu('biases', [4], tf.constant_initializer(0.0))
    softmax_linear = tf.add(tf.matmul(local3, weights), biases, name=scope.name)
  return softmax_linear


def tower_loss(scope, images, labels):
  logits = inference(images)
  cross_entropy = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits)
  tf.add_to_collection('losses', tf.reduce_mean(cross_entropy, name='cross_entropy'))
  losses = tf.get_collection('losses', scope)
  total_loss = tf.add_n(losses, name='total_loss')
  for l in losses + [total_loss]:
    loss_name = re.sub('%s_[0-9]*/' % FLAGS.tower_name, '', l.op.name)
    tf.summary.scalar(loss_name, l)
  return total_loss


def average_gradients(tower_grads):
  average_grads = []
  for grad_and_vars in zip(*tower_grads):
    grads = []
    for g, _ in grad_and_vars:
      expanded_g = tf.expand_dims(g, 0)
      grads.append(expanded_g)
    grad = tf.concat(axis=0, values=grads)
    grad = tf.reduce_mean(grad, 0)
    v = grad_and_vars[0][1]
    average_grads.append((grad, v))
  return average_grads


def main(argv=None):  # pylint: disable=unused-argument
  with tf.Graph().as_default(), tf.device('/cpu:0'):
    global_step = tf.get_variable('global_step', [], initializer=tf.constant_initializer(0), trainable=False)
    lr = tf.train.exponential_decay(0.1, global_step, 2, 0.5, staircase=True)
    opt = tf.train.GradientDescentOptimizer(lr)

    images = tf.placeholder(tf.float32, [6, 8, 8, 3])
    labels = tf.placeholder(tf.int32, [6])
    standard = tf.map_fn(tf.image.per_image_standardization, images)
    tower_grads = []
    with tf.variable_scope(tf.get_variable_scope()):
      for i, (x, y) in enumerate(zip(tf.split(standard, FLAGS.num_gpus), tf.split(labels, FLAGS.num_gpus))):
        with tf.name_scope('%s_%d' % (FLAGS.tower_name, i)) as scope:
          loss = tower_loss(scope, x, y)
          tf.get_variable_scope().reuse_variables()
          summaries = tf.get_collection(tf.GraphKeys.SUMMARIES, scope)
          tower_grads.append(opt.compute_gradients(loss))

    grads = average_gradients(tower_grads)
    summaries.append(tf.summary.scalar('learning_rate', lr))
    apply_gradient_op = opt.apply_gradients(grads, global_step=global_step)

    variable_averages = tf.train.ExponentialMovingAverage(0.9, global_step)
    with tf.control_dependencies([apply_gradient_op]):
      train_op = variable_averages.apply(tf.trainable_variables())

    saver = tf.train.Saver(variable_averages.variables_to_restore())
    summary_op = tf.summary.merge(summaries)
    config = tf.ConfigProto(allow_soft_placement=True, log_device_placement=False)
    sess = tf.Session(config=config)
    sess.run(tf.global_variables_initializer())
    print([v.op.name for v in tf.trainable_variables()])
    print(sorted(variable_averages.variables_to_restore())[:3])

    for step in range(5):
      feed = {images: RNG.uniform(0, 255, [6, 8, 8, 3]), labels: RNG.randint(0, 4, 6)}
      loss_value = sess.run(loss, feed)
      sess.run(train_op, feed)
      assert not np.isnan(loss_value), 'Model diverged with loss = NaN'
      if step % 2 == 0:
        print('step %d, loss = %.5f, rate = %.3f' % (step, loss_value, sess.run(lr)))
        print(len(sess.run(summary_op, feed)) > 100)
    saver.save(sess, 'model.ckpt', global_step=global_step)
    saver.restore(sess, 'model.ckpt-5')
    print('%.6f' % sess.run(tf.reduce_sum(tf.abs(tf.trainable_variables()[2]))))


if __name__ == '__main__':
  tf.app.run()
