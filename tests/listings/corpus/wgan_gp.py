# Improved WGAN: penalty on the gradient of the critic
import numpy as np
import tensorflow as tf
import tensorflow.contrib.layers as tcl

LAMBDA = 10.
N, DIM, Z_DIM = 16, 12, 6
npr = np.random.RandomState(31)


def leaky_relu(x, alpha=0.2):
    return tf.maximum(tf.minimum(0.0, alpha * x), x)


class Generator(object):
    def __init__(self):
        self.name = 'toy/g_net'

    def __call__(self, z):
        with tf.variable_scope(self.name) as vs:
            fc = tcl.fully_connected(z, 24, activation_fn=tf.identity)
            fc = leaky_relu(fc)
            fc = tcl.fully_connected(
                fc, DIM,
                weights_initializer=tf.random_normal_initializer(stddev=0.02),
                activation_fn=tf.tanh
            )
            return fc

    @property
    def vars(self):
        return [var for var in tf.global_variables() if self.name in var.name]


class Critic(object):
    def __init__(self):
        self.name = 'toy/d_net'

    def __call__(self, x, reuse=True):
        with tf.variable_scope(self.name) as vs:
            if reuse:
                vs.reuse_variables()
            fc = tcl.fully_connected(x, 24, activation_fn=tf.identity,
                                     weights_initializer=tcl.xavier_initializer())
            fc = leaky_relu(fc)
            return tcl.fully_connected(fc, 1, activation_fn=tf.identity)

    @property
    def vars(self):
        return [var for var in tf.global_variables() if self.name in var.name]


class WassersteinGAN(object):
    def __init__(self, g_net, d_net):
        self.g_net, self.d_net = g_net, d_net
        self.x = tf.placeholder(tf.float32, [None, DIM], name='x')
        self.z = tf.placeholder(tf.float32, [None, Z_DIM], name='z')
        self.epsilon = tf.placeholder(tf.float32, [None, 1])

        self.x_ = self.g_net(self.z)
        self.d = self.d_net(self.x, reuse=False)
        self.d_ = self.d_net(self.x_)

        self.g_loss = tf.reduce_mean(self.d_)
        self.d_loss = tf.reduce_mean(self.d) - tf.reduce_mean(self.d_)

        x_hat = self.epsilon * self.x + (1 - self.epsilon) * self.x_
        d_hat = self.d_net(x_hat)
        ddx = tf.gradients(d_hat, x_hat)[0]
        ddx = tf.sqrt(tf.reduce_sum(tf.square(ddx), axis=1))
        self.penalty = tf.reduce_mean(tf.square(ddx - 1.0) * LAMBDA)
        self.d_loss = self.d_loss + self.penalty

        self.d_adam, self.g_adam = None, None
        with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
            self.d_adam = tf.train.AdamOptimizer(learning_rate=1e-3, beta1=0.5, beta2=0.9)\
                .minimize(self.d_loss, var_list=self.d_net.vars,
                          gate_gradients=tf.train.Optimizer.GATE_GRAPH)
            self.g_adam = tf.train.AdamOptimizer(learning_rate=1e-3, beta1=0.5, beta2=0.9)\
                .minimize(self.g_loss, var_list=self.g_net.vars)

        gpu_options = tf.GPUOptions(allow_growth=True)
        self.sess = tf.Session(config=tf.ConfigProto(gpu_options=gpu_options))

    def feed(self):
        return {self.x: npr.normal(1., 0.5, (N, DIM)), self.z: npr.randn(N, Z_DIM),
                self.epsilon: npr.uniform(size=(N, 1))}

    def train(self, num_batches=6):
        self.sess.run(tf.global_variables_initializer())
        for var in tf.trainable_variables():
            print(var.name)
            self.sess.run(tf.assign(var, npr.normal(0, 0.2, var.get_shape().as_list()).astype('f')))
        for t in range(0, num_batches):
            for _ in range(3):
                self.sess.run(self.d_adam, feed_dict=self.feed())
            self.sess.run(self.g_adam, feed_dict=self.feed())

            if t % 2 == 1:
                d_loss, g_loss, gp = self.sess.run(
                    [self.d_loss, self.g_loss, self.penalty], feed_dict=self.feed())
                print('Iter [%8d] d_loss [%.4f] g_loss [%.4f] gp [%.4f]' % (t, d_loss, g_loss, gp))


if __name__ == '__main__':
    WassersteinGAN(Generator(), Critic()).train()
