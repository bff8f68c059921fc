# The other layers: conv1d, separable, pooling, padding, in functions and as classes
import numpy as np
import tensorflow as tf

rng = np.random.RandomState(9)
sound = tf.placeholder(tf.float32, [None, 20, 3])
image = tf.placeholder(tf.float32, [None, 10, 10, 3])
label = tf.placeholder(tf.int64, [None])

# sound
h = tf.layers.conv1d(sound, filters=6, kernel_size=5, strides=2, padding='same', activation=tf.nn.relu)
h = tf.layers.max_pooling1d(h, pool_size=2, strides=2)
h = tf.layers.conv1d(h, 4, 3, dilation_rate=2, padding='same', use_bias=False, name='dilated')
h = tf.layers.average_pooling1d(h, 2, 2, padding='same')
h = tf.layers.flatten(h)

# image
g = tf.layers.separable_conv2d(image, 8, (3, 3), padding='same', depth_multiplier=2, activation=tf.nn.elu)
g = tf.layers.max_pooling2d(g, 3, 2, padding='valid')
g = tf.layers.separable_conv2d(g, 5, [2, 2], strides=[2, 2], name='sep')
conv = tf.layers.Conv2D(4, 2, activation=tf.nn.selu, kernel_initializer=tf.glorot_normal_initializer(),
                        bias_initializer=tf.constant_initializer(0.1), name='conv')
g = conv(g)
g = tf.layers.batch_normalization(g, momentum=0.8, training=True, name='bn')
up = tf.layers.conv2d_transpose(g, 3, 3, strides=2, padding='valid', use_bias=False)
g = tf.reduce_mean(g, [1, 2])

both = tf.concat([h, g], axis=1)
dense = tf.layers.Dense(4, kernel_constraint=lambda w: tf.clip_by_norm(w, 2.0),
                        activity_regularizer=tf.contrib.layers.l1_regularizer(0.01))
logits = dense(both)
loss = tf.losses.sparse_softmax_cross_entropy(label, logits) + tf.reduce_mean(tf.square(up))

with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
    step = tf.train.RMSPropOptimizer(0.01).minimize(loss)

sess = tf.Session()
sess.run(tf.global_variables_initializer())
for var in tf.trainable_variables():
    print(var.name, var.shape)
    if not var.name.startswith('bn'):
        sess.run(var.assign(rng.normal(0, 0.3, var.shape.as_list())))
for i in range(5):
    feed = {sound: rng.normal(size=(7, 20, 3)), image: rng.normal(size=(7, 10, 10, 3)),
            label: rng.randint(0, 4, 7)}
    print('%.5f' % sess.run(loss, feed))
    sess.run(step, feed)
print(len(tf.losses.get_losses()), conv.kernel.name, dense.bias.shape, h.shape, up.shape.as_list())
print(tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES) != [])
print(sess.run('bn/moving_mean:0'))
sess.close()
