"""tensorflow.examples.tutorials.mnist.mnist: the two-layer network of the tutorials' feed examples.

Source: the interface, variable names and initial distributions of TensorFlow 1.0 to 1.14.
"""

import tensorflow.compat.v1 as tf

__all__ = ["IMAGE_PIXELS", "IMAGE_SIZE", "NUM_CLASSES", "evaluation", "inference", "loss", "training"]

NUM_CLASSES = 10
IMAGE_SIZE = 28
IMAGE_PIXELS = IMAGE_SIZE * IMAGE_SIZE


def inference(images: tf.Tensor, hidden1_units: int, hidden2_units: int) -> tf.Tensor:
    """Returns logits float32 [batch, 10] of images float32 [batch, 784]."""
    hidden1 = tf.nn.relu(_linear(images, IMAGE_PIXELS, hidden1_units, "hidden1"))
    hidden2 = tf.nn.relu(_linear(hidden1, hidden1_units, hidden2_units, "hidden2"))
    return _linear(hidden2, hidden2_units, NUM_CLASSES, "softmax_linear")


def loss(logits: tf.Tensor, labels: tf.Tensor) -> tf.Tensor:
    """Returns the mean cross entropy in nats of labels, int [batch]."""
    entropy = tf.nn.sparse_softmax_cross_entropy_with_logits(
        labels=tf.cast(labels, tf.int64), logits=logits, name="xentropy"
    )
    return tf.reduce_mean(entropy, name="xentropy_mean")


def training(loss: tf.Tensor, learning_rate: float) -> tf.Operation:
    """Returns the operation of a step of gradient descent, which counts in `global_step`."""
    tf.summary.scalar("loss", loss)
    global_step = tf.Variable(0, name="global_step", trainable=False)
    return tf.train.GradientDescentOptimizer(learning_rate).minimize(loss, global_step=global_step)


def evaluation(logits: tf.Tensor, labels: tf.Tensor) -> tf.Tensor:
    """Returns how many examples have their label's logit as the largest, int32."""
    return tf.reduce_sum(tf.cast(tf.nn.in_top_k(logits, labels, 1), tf.int32))


def _linear(inputs, rows, columns, scope):
    """Returns inputs @ weights + biases, with variables `<scope>/weights` and `<scope>/biases`."""
    with tf.name_scope(scope):
        initial = tf.truncated_normal([rows, columns], stddev=float(rows) ** -0.5)
        weights = tf.Variable(initial, name="weights")
        biases = tf.Variable(tf.zeros([columns]), name="biases")
        return tf.matmul(inputs, weights) + biases
