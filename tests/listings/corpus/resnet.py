# A residual net for small pictures, batch norm and its update ops
import numpy as np
import tensorflow as tf

_BATCH_NORM_DECAY = 0.9
_BATCH_NORM_EPSILON = 1e-5


def batch_norm_relu(inputs, is_training):
    inputs = tf.layers.batch_normalization(
        inputs=inputs, axis=3, momentum=_BATCH_NORM_DECAY, epsilon=_BATCH_NORM_EPSILON,
        center=True, scale=True, training=is_training, fused=True)
    return tf.nn.relu(inputs)


def fixed_padding(inputs, kernel_size):
    pad_total = kernel_size - 1
    pad_beg = pad_total // 2
    pad_end = pad_total - pad_beg
    return tf.pad(inputs, [[0, 0], [pad_beg, pad_end], [pad_beg, pad_end], [0, 0]])


def conv2d_fixed_padding(inputs, filters, kernel_size, strides):
    if strides > 1:
        inputs = fixed_padding(inputs, kernel_size)
    return tf.layers.conv2d(
        inputs=inputs, filters=filters, kernel_size=kernel_size, strides=strides,
        padding=('SAME' if strides == 1 else 'VALID'), use_bias=False,
        kernel_initializer=tf.variance_scaling_initializer(),
        kernel_regularizer=tf.contrib.layers.l2_regularizer(2e-4))


def building_block(inputs, filters, is_training, projection, strides):
    shortcut = inputs
    inputs = batch_norm_relu(inputs, is_training)
    if projection:
        shortcut = conv2d_fixed_padding(inputs, filters, 1, strides)
    inputs = conv2d_fixed_padding(inputs, filters, 3, strides)
    inputs = batch_norm_relu(inputs, is_training)
    inputs = conv2d_fixed_padding(inputs, filters, 3, 1)
    return inputs + shortcut


def model(images, is_training):
    net = tf.identity(conv2d_fixed_padding(images, 4, 3, 1), 'initial_conv')
    net = building_block(net, 4, is_training, False, 1)
    net = building_block(net, 8, is_training, True, 2)
    net = batch_norm_relu(net, is_training)
    net = tf.layers.average_pooling2d(inputs=net, pool_size=4, strides=1, padding='VALID')
    net = tf.reshape(net, [-1, 8])
    return tf.layers.dense(inputs=net, units=3, kernel_regularizer=tf.contrib.layers.l2_regularizer(2e-4))


x = tf.placeholder(tf.float32, [None, 8, 8, 3])
y = tf.placeholder(tf.int32, [None])
is_training = tf.placeholder(tf.bool, name='is_training')

logits = model(x, is_training)
cross_entropy = tf.losses.sparse_softmax_cross_entropy(labels=y, logits=logits)
total_loss = cross_entropy + tf.add_n(tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES))

global_step = tf.train.get_or_create_global_step()
boundaries, values = [3, 5], [0.1, 0.01, 0.001]
learning_rate = tf.train.piecewise_constant(global_step, boundaries, values)
optimizer = tf.train.MomentumOptimizer(learning_rate=learning_rate, momentum=0.9, use_nesterov=True)

# Batch norm requires update ops to be added as a dependency to the train_op
update_ops = tf.get_collection(tf.GraphKeys.UPDATE_OPS)
with tf.control_dependencies(update_ops):
    train_op = optimizer.minimize(total_loss, global_step)

rng = np.random.RandomState(50)
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for v in tf.trainable_variables():
        if 'kernel' in v.op.name:
            sess.run(v.assign(rng.normal(0, 0.3, v.shape.as_list())))
    for i in range(6):
        feed = {x: rng.normal(size=[10, 8, 8, 3]), y: rng.randint(0, 3, 10), is_training: True}
        loss, ce, lr = sess.run([total_loss, cross_entropy, learning_rate], feed)
        sess.run(train_op, feed)
        print("step %d total %.5f cross entropy %.5f lr %.4f" % (i, loss, ce, lr))
    print(len(update_ops), len(tf.losses.get_regularization_losses()), tf.train.global_step(sess, global_step))
    feed[is_training] = False
    print(sess.run(tf.nn.softmax(logits), feed)[:3])
    print([v.op.name for v in tf.global_variables() if 'batch_normalization_2/' in v.op.name])
    print(sess.run([v for v in tf.global_variables() if 'moving_mean' in v.name][-1]))
