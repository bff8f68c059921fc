"""Heads: what the ready-made estimators make of logits: predictions, a loss, metrics, a training step, exports.

Source: the interface, formulas, keys and error conditions of tf.estimator's heads in TensorFlow 1.15.
"""

import collections

import tensorflow.compat.v1 as tf

from legacy_gan.tf1.estimator.export import DEFAULT, ClassificationOutput, PredictOutput, RegressionOutput
from legacy_gan.tf1.estimator.inputs import arguments_of
from legacy_gan.tf1.estimator.spec import EstimatorSpec, ModeKeys

__all__ = [
    "Head",
    "LossSpec",
    "binary_classification_head",
    "classification_head",
    "multi_class_head",
    "regression_head",
]

SUM = tf.losses.Reduction.SUM

LossSpec = collections.namedtuple("LossSpec", ["training_loss", "unreduced_loss", "weights", "processed_labels"])


class Head:
    """What is common to all heads.

    Args:
      logits_dimension: int, the width of the logits.
      weight_column: the name of the feature, or the tf.feature_column.numeric_column, that weighs the examples.
      loss_reduction: one of tf.losses.Reduction, not NONE.
      loss_fn: a function of labels, logits and, if it has such an argument, features; None for the head's own loss.
      name: str, which is appended to the keys of metrics and summaries.
    Raises:
      ValueError: for another reduction.
    """

    labels_dimension = 1

    def __init__(self, logits_dimension, weight_column=None, loss_reduction=SUM, loss_fn=None, name=None):
        if loss_reduction not in tf.losses.Reduction.all() or loss_reduction == tf.losses.Reduction.NONE:
            raise ValueError(f"Invalid loss_reduction: {loss_reduction}")
        self._logits_dimension, self._weight_column = logits_dimension, weight_column
        self._loss_reduction, self._loss_fn, self._name = loss_reduction, loss_fn, name

    name = property(lambda self: self._name)
    logits_dimension = property(lambda self: self._logits_dimension)

    # What differs from head to head

    def _predictions(self, logits):
        """Returns (logits as they are checked, a dict of predictions)."""
        raise NotImplementedError

    def _exports(self, predictions):
        """Returns a dict of a signature's name to an output."""
        raise NotImplementedError

    def _labels(self, labels):
        """Returns labels of the shape of the logits as the loss takes them."""
        raise NotImplementedError

    def _losses(self, labels, logits):
        """Returns the loss of each example."""
        raise NotImplementedError

    def _metrics(self, labels, predictions, spec):
        """Returns a dict of metrics besides the mean loss."""
        raise NotImplementedError

    # What does not

    def create_loss(self, features, mode, logits, labels):
        """Returns a LossSpec."""
        logits = tf.convert_to_tensor(logits)
        labels = self._labels(_like_logits(labels, logits, self.labels_dimension))
        if self._loss_fn is None:
            losses = self._losses(labels, logits)
        else:
            more = {"features": features} if "features" in arguments_of(self._loss_fn) else {}
            losses = self._loss_fn(labels=labels, logits=logits, **more)
        weights = _weights(features, self._weight_column, logits)
        loss = tf.losses.compute_weighted_loss(losses, weights, reduction=self._loss_reduction)
        return LossSpec(loss, losses, weights, labels)

    def create_estimator_spec(
        self, features, mode, logits, labels=None, optimizer=None, train_op_fn=None, regularization_losses=None
    ):
        """Returns the EstimatorSpec of a model.

        Args:
          optimizer: tf.train.Optimizer, or train_op_fn: a function of the loss that returns an operation; one of them.
          regularization_losses: losses that are added.
        """
        with tf.name_scope(self._name, "head"):
            logits, predictions = self._predictions(logits)
            if mode == ModeKeys.PREDICT:
                return EstimatorSpec(mode, predictions, export_outputs=self._exports(predictions))
            spec = self.create_loss(features, mode, logits, labels)
            penalty = tf.add_n(regularization_losses) if regularization_losses else None
            loss = spec.training_loss if penalty is None else tf.add_n([spec.training_loss, penalty])
            if mode == ModeKeys.EVAL:
                with tf.name_scope(None, "metrics"):
                    metrics = {"average_loss": tf.metrics.mean(spec.unreduced_loss, spec.weights, name="average_loss")}
                    metrics.update(self._metrics(spec.processed_labels, predictions, spec))
                    if penalty is not None:
                        metrics["regularization_loss"] = tf.metrics.mean(penalty)
                metrics = {self._key(name): metric for name, metric in metrics.items()}
                return EstimatorSpec(mode, predictions, loss, eval_metric_ops=metrics)
            if (optimizer is None) == (train_op_fn is None):
                both = "both be None" if optimizer is None else "both be set"
                raise ValueError(f"train_op_fn and optimizer cannot {both}.")
            if optimizer is not None:
                train_op = optimizer.minimize(loss, global_step=tf.train.get_global_step())
            else:
                train_op = train_op_fn(loss)
            updates = tf.get_collection(tf.GraphKeys.UPDATE_OPS)
            train_op = tf.group(train_op, *updates) if updates else train_op
            shown = {"loss": loss}
            if self._loss_reduction == SUM:
                count = tf.reduce_sum(spec.weights * tf.ones_like(spec.unreduced_loss))
                shown["average_loss"] = spec.training_loss / count
            if penalty is not None:
                shown["regularization_loss"] = penalty
        with tf.name_scope(""):
            for name, value in shown.items():
                tf.summary.scalar(self._key(name), value)
        return EstimatorSpec(mode, predictions, loss, train_op)

    def _key(self, name):
        return f"{name}/{self._name}" if self._name else name


def classification_head(n_classes, weight_column, label_vocabulary, loss_reduction):
    """Returns the head of a classifier: of two classes one logit, else as many as classes."""
    more = dict(weight_column=weight_column, label_vocabulary=label_vocabulary, loss_reduction=loss_reduction)
    return binary_classification_head(**more) if n_classes == 2 else multi_class_head(n_classes, **more)


class _Classifier(Head):
    """A head of classes."""

    def __init__(self, n_classes, logits_dimension, label_vocabulary, **options):
        super().__init__(logits_dimension, **options)
        if label_vocabulary is not None and not isinstance(label_vocabulary, (list, tuple)):
            raise ValueError(f"label_vocabulary should be a list or a tuple. Given type: {type(label_vocabulary)}")
        self._n_classes, self._vocabulary = n_classes, label_vocabulary

    def _classes(self, all_logits):
        """Returns the predictions that all classifiers have, of logits of all classes."""
        probabilities = tf.nn.softmax(all_logits, name="probabilities")
        class_ids = tf.expand_dims(tf.argmax(all_logits, axis=-1, name="class_ids"), -1)
        batch = tf.shape(all_logits)[0]
        if self._vocabulary:
            table = tf.lookup.StaticHashTable(
                tf.lookup.KeyValueTensorInitializer(
                    tf.range(self._n_classes, dtype=tf.int64), tf.constant(list(self._vocabulary))
                ),
                "UNK",
            )
            classes = table.lookup(class_ids)
        else:
            classes = tf.as_string(class_ids, name="str_classes")
        return {
            "probabilities": probabilities,
            "class_ids": class_ids,
            "classes": classes,
            "all_class_ids": tf.tile(tf.expand_dims(tf.range(self._n_classes), 0), [batch, 1]),
            "all_classes": self._all_names(batch),
        }

    def _all_names(self, batch):
        names = tf.constant(list(self._vocabulary)) if self._vocabulary else tf.as_string(tf.range(self._n_classes))
        return tf.tile(tf.expand_dims(names, 0), [batch, 1])

    def _exports(self, predictions):
        scores = predictions["probabilities"]
        classes = ClassificationOutput(scores, self._all_names(tf.shape(scores)[0]))
        return {DEFAULT: classes, "classification": classes, "predict": PredictOutput(predictions)}

    def _class_ids(self, labels):
        """Returns labels as numbers of classes."""
        if self._vocabulary is None:
            return labels
        if labels.dtype != tf.string:
            raise ValueError(f"Labels dtype should be string if there is a vocabulary. Instead got {labels.dtype}")
        keys = tf.constant(list(self._vocabulary))
        initializer = tf.lookup.KeyValueTensorInitializer(keys, tf.range(self._n_classes, dtype=tf.int64))
        return tf.lookup.StaticHashTable(initializer, -1).lookup(labels)


class binary_classification_head(_Classifier):
    """The head of two classes, one logit: sigmoid cross-entropy.

    Args:
      thresholds: floats between 0 and 1, for accuracy, precision and recall at them.
    """

    def __init__(
        self, weight_column=None, thresholds=None, label_vocabulary=None, loss_reduction=SUM, loss_fn=None, name=None
    ):
        options = dict(weight_column=weight_column, loss_reduction=loss_reduction, loss_fn=loss_fn, name=name)
        super().__init__(2, 1, label_vocabulary, **options)
        self._thresholds = tuple(thresholds or ())
        if any(not 0 < threshold < 1 for threshold in self._thresholds):
            raise ValueError(f"thresholds not in (0, 1): {self._thresholds}.")

    def _predictions(self, logits):
        with tf.name_scope(None, "predictions", [logits]):
            logits = _checked_logits(logits, 1)
            logistic = tf.sigmoid(logits, name="logistic")
            both = tf.concat([tf.zeros_like(logits), logits], -1, name="two_class_logits")
            return logits, dict({"logits": logits, "logistic": logistic}, **self._classes(both))

    def _exports(self, predictions):
        return dict(super()._exports(predictions), regression=RegressionOutput(predictions["logistic"]))

    def _labels(self, labels):
        return _in_range(tf.cast(self._class_ids(labels), tf.float32), 2)

    def _losses(self, labels, logits):
        return tf.nn.sigmoid_cross_entropy_with_logits(labels=labels, logits=logits)

    def _metrics(self, labels, predictions, spec):
        class_ids, logistic, weights = predictions["class_ids"], predictions["logistic"], spec.weights
        logistic = tf.cast(logistic, tf.float32)
        each = tf.ones_like(labels) * weights
        mean, update = label_mean = tf.metrics.mean(labels, each)
        metrics = {
            "accuracy": tf.metrics.accuracy(labels, class_ids, weights, name="accuracy"),
            "precision": tf.metrics.precision(labels, class_ids, weights, name="precision"),
            "recall": tf.metrics.recall(labels, class_ids, weights, name="recall"),
            "prediction/mean": tf.metrics.mean(logistic, each),
            "label/mean": label_mean,
            "accuracy_baseline": (tf.maximum(mean, 1 - mean), tf.maximum(update, 1 - update)),
            "auc": tf.metrics.auc(labels, logistic, each, name="auc"),
            "auc_precision_recall": tf.metrics.auc(labels, logistic, each, curve="PR", name="auc_precision_recall"),
        }
        for threshold in self._thresholds:
            above = tf.cast(logistic >= threshold, tf.float32)
            metrics[f"accuracy/positive_threshold_{threshold:g}"] = tf.metrics.accuracy(labels, above, weights)
            for name in ("precision", "recall"):
                metric = getattr(tf.metrics, f"{name}_at_thresholds")(labels, logistic, (threshold,), weights)
                metrics[f"{name}/positive_threshold_{threshold:g}"] = tuple(tf.squeeze(each) for each in metric)
        return metrics


class multi_class_head(_Classifier):
    """The head of more than two classes: softmax cross-entropy."""

    def __init__(
        self, n_classes, weight_column=None, label_vocabulary=None, loss_reduction=SUM, loss_fn=None, name=None
    ):
        if n_classes is None or n_classes <= 2:
            raise ValueError(f"n_classes must be > 2: {n_classes}.")
        options = dict(weight_column=weight_column, loss_reduction=loss_reduction, loss_fn=loss_fn, name=name)
        super().__init__(n_classes, n_classes, label_vocabulary, **options)

    def _predictions(self, logits):
        logits = _checked_logits(logits, self._n_classes)
        with tf.name_scope(None, "predictions", [logits]):
            return logits, dict({"logits": logits}, **self._classes(logits))

    def _labels(self, labels):
        class_ids = self._class_ids(labels)
        if not class_ids.dtype.is_integer:
            raise ValueError(f"Labels dtype should be integer. Instead got {class_ids.dtype}.")
        return _in_range(class_ids, self._n_classes)

    def _losses(self, labels, logits):
        losses = tf.losses.sparse_softmax_cross_entropy(labels, logits, reduction=tf.losses.Reduction.NONE)
        return tf.expand_dims(losses, -1)

    def _metrics(self, labels, predictions, spec):
        return {"accuracy": tf.metrics.accuracy(labels, predictions["class_ids"], spec.weights, name="accuracy")}


class regression_head(Head):
    """The head of numbers: squared error.

    Args:
      label_dimension: int, how many numbers an example has.
      inverse_link_fn: a function from logits to predictions.
    """

    def __init__(
        self, weight_column=None, label_dimension=1, loss_reduction=SUM, loss_fn=None, inverse_link_fn=None, name=None
    ):
        if label_dimension < 1:
            raise ValueError(f"Invalid label_dimension {label_dimension}.")
        super().__init__(label_dimension, weight_column, loss_reduction, loss_fn, name)
        self.labels_dimension, self._inverse_link_fn = label_dimension, inverse_link_fn

    def _predictions(self, logits):
        logits = _checked_logits(logits, self._logits_dimension)
        if self._inverse_link_fn is None:
            return logits, {"predictions": logits}
        return logits, {"predictions": self._inverse_link_fn(logits), "logits": logits}

    def _exports(self, predictions):
        numbers = RegressionOutput(predictions["predictions"])
        return {DEFAULT: numbers, "regression": numbers, "predict": PredictOutput(predictions)}

    def _labels(self, labels):
        return tf.cast(labels, tf.float32)

    def _losses(self, labels, logits):
        return tf.losses.mean_squared_error(labels, logits, reduction=tf.losses.Reduction.NONE)

    def _metrics(self, labels, predictions, spec):
        predicted = tf.cast(predictions["predictions"], tf.float32)
        each = tf.ones_like(predicted) * spec.weights
        return {
            "prediction/mean": tf.metrics.mean(predicted, each),
            "label/mean": tf.metrics.mean(labels, spec.weights),
        }


# Tools


def _checked_logits(logits, width):
    """Returns logits as float32 [..., width]."""
    logits = tf.cast(logits, tf.float32)
    if logits.shape.ndims is not None and (logits.shape.ndims < 2 or logits.shape.as_list()[-1] not in (None, width)):
        raise ValueError(f"logits shape must be [D0, D1, ... DN, {width}], got {logits.shape}.")
    return logits


def _like_logits(labels, logits, width):
    """Returns labels as [..., width], of as many axes as the logits."""
    if labels is None:
        raise ValueError("You must provide a labels Tensor. Given: None. Check that your input_fn returns labels.")
    if isinstance(labels, tf.SparseTensor):
        raise ValueError(f"SparseTensor labels are not supported; expected a Tensor [batch_size, {width}]")
    labels = tf.convert_to_tensor(labels)
    if labels.shape.ndims is not None and labels.shape.ndims == logits.shape.ndims - 1:
        labels = tf.expand_dims(labels, -1)
    if labels.shape.ndims is not None and labels.shape.as_list()[-1] not in (None, width):
        raise ValueError(
            f"Mismatched label shape. Expected labels dimension={width}.  Received {labels.shape.as_list()[-1]}. "
            "Check the n_classes argument of the estimator and the shape of the labels."
        )
    message = f"labels shape must be [D0, D1, ... DN, {width}]"
    expected = tf.concat([tf.shape(logits)[:-1], [width]], 0)
    with tf.control_dependencies([tf.assert_equal(expected, tf.shape(labels), message=message)]):
        return tf.identity(labels)


def _weights(features, column, logits):
    """Returns the weights of examples, [..., 1] or as the logits; 1 without a column."""
    if column is None:
        return 1.0
    column = tf.feature_column.numeric_column(column) if isinstance(column, str) else column
    if not hasattr(column, "normalizer_fn"):
        raise TypeError(f"Weight column must be either a string or NumericColumn. Given type: {type(column)}.")
    weights = tf.convert_to_tensor(features[column.key])
    if not (weights.dtype.is_floating or weights.dtype.is_integer):
        raise ValueError(f"Weight column should be castable to float. Given dtype: {weights.dtype}")
    weights = tf.cast(weights, tf.float32)
    weights = weights if column.normalizer_fn is None else column.normalizer_fn(weights)
    return tf.expand_dims(weights, -1) if weights.shape.ndims == logits.shape.ndims - 1 else weights


def _in_range(labels, n_classes):
    """Returns labels that are numbers of classes, as a running graph sees."""
    checks = [
        tf.assert_less_equal(labels, tf.cast(n_classes - 1, labels.dtype), message="Labels must <= n_classes - 1"),
        tf.assert_non_negative(labels, message="Labels must >= 0"),
    ]
    with tf.control_dependencies(checks):
        return tf.identity(labels)
