"""A script of tf.contrib.learn whose figures are recorded from TensorFlow 1.15.5.

`python -m tests.support.recorded.learn`, on TensorFlow 1.15.5, writes tests/golden/contrib/learn.npz.
"""

import os
import tempfile

import numpy as np
import tensorflow.compat.v1 as tf

from tests.support.graphs import draw
from tests.support.recorded import path

X = draw((37, 3), 1)
CLASSES = np.arange(37) * 3 % 7 % 2
NUMBERS = (X.dot(np.float32([[1], [-2], [0.5]])) + 1).astype(np.float32)


def figures(T):
    """Returns {key: array} of what tf.contrib.learn of a tensorflow comes to."""
    learn, found = T.contrib.learn, {}

    def classes(features, labels, mode, params):
        weights = tf.get_variable("weights", initializer=draw((3, 2), 5))
        logits = tf.matmul(features, weights)
        predictions = {"classes": tf.argmax(logits, 1), "probabilities": tf.nn.softmax(logits)}
        loss = train_op = None
        if mode != learn.ModeKeys.INFER:
            loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
        if mode == learn.ModeKeys.TRAIN:
            train_op = tf.train.GradientDescentOptimizer(params["rate"]).minimize(loss, tf.train.get_global_step())
        return learn.ModelFnOps(mode, predictions, loss, train_op)

    def numbers(features, labels):
        weights = tf.get_variable("weights", initializer=draw((3, 1), 6))
        predictions = tf.matmul(features["x"], weights)
        loss = tf.reduce_mean(tf.square(predictions - labels)) if labels is not None else None
        step = tf.train.get_global_step()
        train_op = tf.train.GradientDescentOptimizer(0.1).minimize(loss, step) if labels is not None else None
        return predictions, loss, train_op

    def constants():
        return {"x": tf.constant(X)}, tf.constant(NUMBERS)

    def experiment(output_dir):
        config = learn.RunConfig(model_dir=output_dir, save_checkpoints_steps=4)
        estimator = learn.Estimator(numbers, config=config)
        metrics = {"error": learn.MetricSpec(T.contrib.metrics.streaming_mean_squared_error)}
        return learn.Experiment(estimator, constants, constants, metrics, train_steps=9, eval_steps=1)

    with tempfile.TemporaryDirectory() as folder:
        config = learn.RunConfig(save_checkpoints_steps=4)
        estimator = learn.Estimator(classes, os.path.join(folder, "classes"), config, {"rate": 0.5})
        monitor = learn.monitors.ValidationMonitor(
            X,
            CLASSES,
            every_n_steps=3,
            early_stopping_rounds=9,
            early_stopping_metric_minimize=False,
            check_interval_secs=None,
        )
        learn.SKCompat(estimator).fit(X, CLASSES, batch_size=11, steps=30, monitors=[monitor])
        found["stopped"] = [monitor.early_stopped, monitor.best_step, monitor.best_value]
        metrics = {
            "accuracy": learn.MetricSpec(tf.metrics.accuracy, prediction_key="classes"),
            "loss": learn.MetricSpec(T.contrib.metrics.streaming_mean, "probabilities"),
        }
        estimator.fit(X, CLASSES, steps=2)
        for name, options in (("own", {}), ("metrics", {"metrics": metrics})):
            evaluation = estimator.evaluate(X, CLASSES, batch_size=10, **options)
            found.update((f"{name} {key}", value) for key, value in evaluation.items())
        found["predicted"] = learn.SKCompat(estimator).predict(X, batch_size=10)["probabilities"]
        yielded = list(estimator.predict(X, batch_size=10, outputs=["classes"]))
        found["yielded"] = [each["classes"] for each in yielded]
        evaluation, _ = learn.learn_runner.run(experiment, os.path.join(folder, "numbers"))
        found.update((f"experiment {key}", value) for key, value in evaluation.items())
        estimator = learn.Estimator(numbers, os.path.join(folder, "numbers"))
        found["of constants"] = list(estimator.predict(input_fn=lambda: {"x": tf.constant(X)}))
        found["names"] = np.array(sorted(estimator.get_variable_names()), dtype=str)
    return {key: np.asarray(value) for key, value in found.items()}


def main():
    import tensorflow

    assert tensorflow.VERSION == "1.15.5", f"the figures are those of 1.15.5, this is {tensorflow.VERSION}"
    tf.disable_control_flow_v2()
    tf.disable_resource_variables()
    np.savez_compressed(path("learn"), **figures(tensorflow))


if __name__ == "__main__":
    main()
