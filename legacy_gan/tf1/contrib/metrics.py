"""tf.contrib.metrics: the streaming_* functions, which became tf.metrics, with the predictions first.

Source: the interface of tf.contrib.metrics in TensorFlow 1.15.5.
"""

import functools

import tensorflow.compat.v1 as tf

from legacy_gan.tf1.namespace import refusal

# What takes (predictions, labels, ...) here and (labels, predictions, ...) in tf.metrics.
_OF_LABELS = (
    "accuracy",
    "auc",
    "false_negatives",
    "false_positives",
    "mean_absolute_error",
    "mean_iou",
    "mean_relative_error",
    "mean_squared_error",
    "precision",
    "recall",
    "root_mean_squared_error",
    "true_negatives",
    "true_positives",
)

__all__ = [
    "accuracy",
    "aggregate_metric_map",
    "aggregate_metrics",
    "confusion_matrix",
    "streaming_mean",
    "streaming_mean_tensor",
    "streaming_percentage_less",
]
__all__ += [f"streaming_{name}" for name in _OF_LABELS]

__getattr__ = refusal("tf.contrib.metrics")


def _streaming(name):
    metric = getattr(tf.metrics, name)

    @functools.wraps(metric)
    def streaming(predictions, labels, *args, **kwargs):
        return metric(labels, predictions, *args, **kwargs)

    streaming.__name__ = f"streaming_{name}"
    return streaming


for _name in _OF_LABELS:
    globals()[f"streaming_{_name}"] = _streaming(_name)
streaming_mean = tf.metrics.mean
streaming_mean_tensor = tf.metrics.mean_tensor
streaming_percentage_less = tf.metrics.percentage_below


def accuracy(predictions, labels, weights=None, name=None):
    """Returns the share of predictions, of an integer type, bool or string, that equal the labels."""
    predictions, labels = tf.convert_to_tensor(predictions), tf.convert_to_tensor(labels)
    if not (labels.dtype.is_integer or labels.dtype in (tf.bool, tf.string)):
        raise ValueError(f"accuracy: labels must be of an integer type, bool or string, got {labels.dtype.name}")
    if labels.dtype != predictions.dtype:
        raise ValueError(
            f"accuracy: predictions are {predictions.dtype.name}, labels {labels.dtype.name}; cast one of them"
        )
    with tf.name_scope(name, "accuracy", [predictions, labels]):
        correct = tf.cast(tf.equal(predictions, labels), tf.float32)
        if weights is None:
            return tf.reduce_mean(correct)
        return tf.reduce_sum(correct * weights) / tf.reduce_sum(weights * tf.ones_like(correct))


def confusion_matrix(labels, predictions, num_classes=None, dtype=tf.int32, name=None, weights=None):
    """tf.confusion_matrix: rows are labels, columns predictions."""
    return tf.confusion_matrix(labels, predictions, num_classes, dtype=dtype, name=name, weights=weights)


def aggregate_metrics(*value_update_tuples):
    """Returns (values, updates) of (value, update) tuples, two lists."""
    values, updates = zip(*value_update_tuples)
    return list(values), list(updates)


def aggregate_metric_map(names_to_tuples):
    """Returns ({name: value}, {name: update}) of {name: (value, update)}."""
    return (
        {name: pair[0] for name, pair in names_to_tuples.items()},
        {name: pair[1] for name, pair in names_to_tuples.items()},
    )
