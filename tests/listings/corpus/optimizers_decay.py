"""All the optimizers on one small problem; decaying rates; clipped gradients; moving averages."""
from __future__ import absolute_import, division, print_function

import sys
import numpy as np
import tensorflow as tf

RNG = np.random.RandomState(77)
W0 = RNG.normal(size=[5, 2]).astype(np.float32)
XS = RNG.normal(size=[20, 5]).astype(np.float32)
YS = XS.dot(RNG.normal(size=[5, 2])).astype(np.float32)

OPTIMIZERS = [
    ('GradientDescent', lambda lr: tf.train.GradientDescentOptimizer(lr)),
    ('Momentum', lambda lr: tf.train.MomentumOptimizer(lr, momentum=0.9)),
    ('Adam', lambda lr: tf.train.AdamOptimizer(lr)),
    ('RMSProp', lambda lr: tf.train.RMSPropOptimizer(lr, decay=0.9, momentum=0.5, epsilon=1e-6)),
    ('centered', lambda lr: tf.train.RMSPropOptimizer(lr, centered=True)),
    ('Adagrad', lambda lr: tf.train.AdagradOptimizer(lr)),
    ('Adadelta', lambda lr: tf.train.AdadeltaOptimizer(lr)),
    ('Ftrl', lambda lr: tf.train.FtrlOptimizer(lr, l1_regularization_strength=0.01)),
]


def train(name, make):
    with tf.Graph().as_default():
        x = tf.placeholder(tf.float32, [None, 5])
        y = tf.placeholder(tf.float32, [None, 2])
        w = tf.get_variable('w', initializer=tf.constant(W0))
        b = tf.get_variable('b', [2], initializer=tf.zeros_initializer())
        loss = tf.losses.mean_squared_error(y, tf.matmul(x, w) + b)

        global_step = tf.Variable(0, trainable=False)
        rate = tf.train.exponential_decay(0.1, global_step, 3, 0.5, staircase=True)
        opt = make(rate)
        gvs = opt.compute_gradients(loss)
        capped_gvs = [(tf.clip_by_norm(grad, 1.5), var) for grad, var in gvs]
        train_op = opt.apply_gradients(capped_gvs, global_step=global_step)
        ema = tf.train.ExponentialMovingAverage(0.7)
        with tf.control_dependencies([train_op]):
            train_op = ema.apply([b])

        with tf.Session() as sess:
            sess.run(tf.global_variables_initializer())
            for _ in range(7):
                sess.run(train_op, {x: XS, y: YS})
            print('%-15s' % name, '%.6f %.6f %.4f' % tuple(sess.run([loss, ema.average(b)[0], rate],
                                                                    {x: XS, y: YS})), ema.average_name(b))


def rates():
    step = tf.placeholder(tf.int64, [])
    decays = [tf.train.exponential_decay(0.1, step, 10, 0.96), tf.train.polynomial_decay(0.1, step, 20, 0.01, 2.),
              tf.train.inverse_time_decay(0.1, step, 10, 0.5), tf.train.natural_exp_decay(0.1, step, 10, 0.5),
              tf.train.cosine_decay(0.1, step, 20)]
    with tf.Session() as sess:
        print(np.array(sess.run(decays, {step: 7})))


def main(argv):
    for name, make in OPTIMIZERS:
        train(name, make)
    rates()
    return 0


if __name__ == '__main__':
    sys.exit(main(sys.argv))
