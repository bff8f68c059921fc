"""An Estimator with a model function and a hook."""

import tempfile

import numpy as np
import tensorflow as tf
from timing import Steps

rng = np.random.RandomState(1)
images, labels = rng.uniform(size=[1000, 784]).astype(np.float32), rng.randint(10, size=1000)


def model(features, labels, mode):
    logits = tf.layers.dense(tf.layers.dense(features["x"], 256, tf.nn.relu), 10)
    loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
    train = tf.train.AdamOptimizer(0.001).minimize(loss, tf.train.get_global_step())
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train)


class Timed(tf.train.SessionRunHook):
    steps = Steps()

    def before_run(self, context):
        if not self.steps.more():
            context.request_stop()


tf.logging.set_verbosity(tf.logging.ERROR)
inputs = tf.estimator.inputs.numpy_input_fn({"x": images}, labels, 128, num_epochs=None, shuffle=True)
tf.estimator.Estimator(model, tempfile.mkdtemp()).train(inputs, hooks=[Timed()])
