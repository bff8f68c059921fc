"""tf.estimator with a model function of one's own."""
from __future__ import absolute_import
from __future__ import division
from __future__ import print_function

import numpy as np
import tensorflow as tf

tf.logging.set_verbosity(tf.logging.ERROR)


def model_fn(features, labels, mode, params):
    """Model function for a small net"""
    def init(seed, *shape):
        return tf.constant_initializer(np.random.RandomState(seed).normal(0, 0.3, shape))
    net = tf.layers.dense(features["x"], 10, activation=tf.nn.relu, kernel_initializer=init(1, 8, 10))
    net = tf.layers.dropout(inputs=net, rate=0.4, training=False)
    logits = tf.layers.dense(inputs=net, units=3, kernel_initializer=init(2, 10, 3))

    predictions = {
        "classes": tf.argmax(input=logits, axis=1),
        "probabilities": tf.nn.softmax(logits, name="softmax_tensor")
    }
    if mode == tf.estimator.ModeKeys.PREDICT:
        return tf.estimator.EstimatorSpec(mode=mode, predictions=predictions)

    loss = tf.losses.sparse_softmax_cross_entropy(labels=labels, logits=logits)

    if mode == tf.estimator.ModeKeys.TRAIN:
        optimizer = tf.train.GradientDescentOptimizer(learning_rate=params["rate"])
        train_op = optimizer.minimize(loss=loss, global_step=tf.train.get_global_step())
        return tf.estimator.EstimatorSpec(mode=mode, loss=loss, train_op=train_op)

    eval_metric_ops = {
        "accuracy": tf.metrics.accuracy(labels=labels, predictions=predictions["classes"])}
    return tf.estimator.EstimatorSpec(mode=mode, loss=loss, eval_metric_ops=eval_metric_ops)


def main(unused_argv):
    rng = np.random.RandomState(90)
    x = rng.normal(size=[30, 8]).astype(np.float32)
    y = (x[:, 0] > 0).astype(np.int32) + (x[:, 1] > 0).astype(np.int32)

    classifier = tf.estimator.Estimator(model_fn=model_fn, model_dir="convnet_model", params={"rate": 0.1})
    train_input_fn = tf.estimator.inputs.numpy_input_fn(
        x={"x": x}, y=y, batch_size=10, num_epochs=None, shuffle=False)
    classifier.train(input_fn=train_input_fn, steps=12)

    eval_input_fn = tf.estimator.inputs.numpy_input_fn(
        x={"x": x}, y=y, num_epochs=1, shuffle=False)
    eval_results = classifier.evaluate(input_fn=eval_input_fn)
    print("loss %.5f accuracy %.4f step %d" % (eval_results["loss"], eval_results["accuracy"],
                                               eval_results["global_step"]))
    predictions = list(classifier.predict(input_fn=tf.estimator.inputs.numpy_input_fn(
        x={"x": x[:4]}, num_epochs=1, shuffle=False)))
    for p in predictions:
        print(p["classes"], p["probabilities"])


if __name__ == "__main__":
    tf.app.run()
