"""Ready-made estimators of which TensorFlow 1.15.5's variables, evaluation, predictions and tags are recorded.

`python -m tests.support.recorded.estimators`, on TensorFlow 1.15.5, writes tests/golden/contrib/estimators.npz.
"""

import glob
import os
import tempfile

import numpy as np
import tensorflow.compat.v1 as tf

from tests.support.graphs import draw
from tests.support.recorded import path

X = draw((37, 2), 1)
COLOURS = np.array(["red", "green", "blue", "green", "black"])[np.arange(37) * 7 % 5]
SIZES = np.arange(37) * 5 % 4
WEIGHTS = (1 + np.arange(37) % 3).astype(np.float32)
LABELS = (np.arange(37) * 3 % 7 % 2).astype(np.int32)
CLASSES = np.arange(37) * 3 % 7 % 3
WORDS = np.array(["no", "yes", "maybe"])[CLASSES]
NUMBERS = X.dot(np.float32([[1, -2], [0.5, 3]])) + 1

_column = tf.feature_column


def _dense():
    colours = _column.categorical_column_with_vocabulary_list("colours", ["red", "green", "blue"], num_oov_buckets=1)
    sizes = _column.categorical_column_with_identity("sizes", 4)
    return [_column.numeric_column("x", [2]), _column.embedding_column(colours, 3), _column.indicator_column(sizes)]


def _sparse():
    colours = _column.categorical_column_with_hash_bucket("colours", 6)
    bounds = _column.bucketized_column(_column.numeric_column("weights"), [1.5, 2.5])
    crossed = _column.crossed_column(["colours", "sizes"], 8)
    return [_column.numeric_column("x", [2]), colours, bounds, crossed]


_MEAN = tf.losses.Reduction.SUM_OVER_BATCH_SIZE

# name: (what makes the estimator of a tf.estimator, labels)
SCRIPTS = {
    "baseline": (lambda E, **o: E.BaselineClassifier(n_classes=3, **o), CLASSES),
    "baseline_regressor": (lambda E, **o: E.BaselineRegressor(**o), NUMBERS[:, 0]),
    "combined": (
        lambda E, **o: E.DNNLinearCombinedClassifier(
            linear_feature_columns=_sparse(), dnn_feature_columns=_dense(), dnn_hidden_units=[5, 3], **o
        ),
        LABELS,
    ),
    "combined_regressor": (
        lambda E, **o: E.DNNLinearCombinedRegressor(
            linear_feature_columns=_sparse(),
            linear_optimizer="SGD",
            dnn_feature_columns=_dense(),
            dnn_hidden_units=[4],
            dnn_optimizer=tf.train.AdamOptimizer(0.05),
            label_dimension=2,
            loss_reduction=_MEAN,
            **o,
        ),
        NUMBERS,
    ),
    "dnn": (lambda E, **o: E.DNNClassifier([5, 3], _dense(), weight_column="weights", **o), LABELS),
    "dnn_batch_norm": (lambda E, **o: E.DNNRegressor([5], _dense(), batch_norm=True, **o), NUMBERS[:, :1]),
    "dnn_classes": (
        lambda E, **o: E.DNNClassifier(
            [5],
            _dense(),
            n_classes=3,
            label_vocabulary=["no", "yes", "maybe"],
            optimizer=lambda: tf.train.RMSPropOptimizer(0.01),
            activation_fn=tf.nn.tanh,
            loss_reduction=_MEAN,
            **o,
        ),
        WORDS,
    ),
    "linear": (lambda E, **o: E.LinearClassifier(_sparse(), **o), LABELS),
    "linear_classes": (
        lambda E, **o: E.LinearClassifier(_sparse(), n_classes=3, optimizer=None, weight_column="weights", **o),
        CLASSES,
    ),
    "linear_regressor": (lambda E, **o: E.LinearRegressor(_sparse(), **o), NUMBERS[:, 0]),
}


class _SetWeights(tf.train.SessionRunHook):
    """Gives trained variables values that do not depend on TensorFlow's random numbers."""

    def begin(self):
        self._variables = sorted(tf.trainable_variables(), key=lambda v: v.op.name)

    def after_create_session(self, session, coord):
        for seed, variable in enumerate(self._variables, 50):
            variable.load(draw(variable.shape.as_list(), seed) * np.float32(0.5), session)


def figures(name, E):
    """Returns {key: array} of what an estimator of E, a tf.estimator, comes to."""
    make, labels = SCRIPTS[name]
    features = {"x": X, "colours": COLOURS, "sizes": SIZES, "weights": WEIGHTS}

    def data():
        return tf.data.Dataset.from_tensor_slices((dict(features), labels)).repeat().batch(11)

    with tempfile.TemporaryDirectory() as folder:
        config = E.RunConfig(folder, save_summary_steps=1)
        model = make(E, config=config)
        model.train(data, hooks=[_SetWeights()], steps=5)
        found = {f"variable {key}": model.get_variable_value(key) for key in model.get_variable_names()}
        found.update((f"evaluation {key}", value) for key, value in model.evaluate(data, steps=4).items())
        predicted = next(model.predict(data, yield_single_examples=False))
        found.update((f"prediction {key}", value) for key, value in predicted.items())
        found["tags"] = np.array(sorted(_tags(folder)))
    return {
        key: np.asarray(value, str) if np.asarray(value).dtype.kind == "O" else value for key, value in found.items()
    }


def _tags(folder):
    tags = set()
    for file in glob.glob(os.path.join(folder, "events*")):
        for event in tf.train.summary_iterator(file):
            tags.update(value.tag for value in event.summary.value)
    return tags


def main():
    assert tf.VERSION == "1.15.5", f"the figures are those of 1.15.5, this is {tf.VERSION}"
    tf.disable_control_flow_v2()
    tf.disable_resource_variables()
    tf.logging.set_verbosity(tf.logging.ERROR)
    kept = {f"{name}/{key}": value for name in SCRIPTS for key, value in figures(name, tf.estimator).items()}
    np.savez_compressed(path("estimators"), **kept)


if __name__ == "__main__":
    main()
