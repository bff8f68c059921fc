"""The ready-made estimators of tf.estimator: linear models, networks of dense layers, a constant.

Source: the interface, formulas, defaults, names of variables and of summaries of tf.estimator in TensorFlow 1.15.
"""

import math

import tensorflow.compat.v1 as tf

from legacy_gan.errors import NotServed
from legacy_gan.tf1.estimator.estimators import Estimator
from legacy_gan.tf1.estimator.heads import SUM, classification_head, regression_head
from legacy_gan.tf1.estimator.logits import check_features, dnn_logits, linear_logits, optimizer_of, partitioner_of

__all__ = [
    "BaselineClassifier",
    "BaselineRegressor",
    "DNNClassifier",
    "DNNEstimator",
    "DNNRegressor",
    "LinearClassifier",
    "LinearEstimator",
    "LinearRegressor",
    "classifier_parse_example_spec",
    "regressor_parse_example_spec",
]


class _DNN(Estimator):
    """A network of dense layers under a head."""

    def __init__(
        self,
        head,
        hidden_units,
        feature_columns,
        model_dir,
        optimizer,
        activation_fn,
        dropout,
        input_layer_partitioner,
        config,
        warm_start_from,
        batch_norm,
    ):
        columns = tuple(feature_columns or ())

        def model_fn(features, labels, mode, config):
            made = optimizer_of(optimizer, 0.05)
            check_features(features)
            with tf.variable_scope("dnn", values=tuple(features.values()), partitioner=partitioner_of(config)):
                partitioner = input_layer_partitioner or partitioner_of(config, 64 << 20)
                logits = dnn_logits(
                    features,
                    mode,
                    head.logits_dimension,
                    hidden_units,
                    columns,
                    activation_fn,
                    dropout,
                    batch_norm,
                    partitioner,
                )
                return head.create_estimator_spec(features, mode, logits, labels, made)

        super().__init__(model_fn, model_dir, config, warm_start_from=warm_start_from)


class DNNEstimator(_DNN):
    """A network of dense layers under a head of one's own."""

    def __init__(
        self,
        head,
        hidden_units,
        feature_columns,
        model_dir=None,
        optimizer="Adagrad",
        activation_fn=tf.nn.relu,
        dropout=None,
        input_layer_partitioner=None,
        config=None,
        warm_start_from=None,
        batch_norm=False,
    ):
        super().__init__(
            head,
            hidden_units,
            feature_columns,
            model_dir,
            optimizer,
            activation_fn,
            dropout,
            input_layer_partitioner,
            config,
            warm_start_from,
            batch_norm,
        )


class DNNClassifier(_DNN):
    """A network of dense layers that tells classes.

    Args:
      hidden_units: the widths of the layers.
      feature_columns: columns of tf.feature_column that have tensors.
      n_classes: int. weight_column: as of a head.
      label_vocabulary: list of str, where labels are str.
      optimizer: tf.train.Optimizer, its name (then with a learning rate of 0.05), or a function that makes it.
      dropout: float, the part that is left out of each layer in training; None for no dropout.
      loss_reduction: of tf.losses.Reduction; the sum over the batch unless another is given.
    """

    def __init__(
        self,
        hidden_units,
        feature_columns,
        model_dir=None,
        n_classes=2,
        weight_column=None,
        label_vocabulary=None,
        optimizer="Adagrad",
        activation_fn=tf.nn.relu,
        dropout=None,
        input_layer_partitioner=None,
        config=None,
        warm_start_from=None,
        loss_reduction=SUM,
        batch_norm=False,
    ):
        super().__init__(
            classification_head(n_classes, weight_column, label_vocabulary, loss_reduction),
            hidden_units,
            feature_columns,
            model_dir,
            optimizer,
            activation_fn,
            dropout,
            input_layer_partitioner,
            config,
            warm_start_from,
            batch_norm,
        )


class DNNRegressor(_DNN):
    """A network of dense layers that tells numbers, label_dimension of them; the rest as of DNNClassifier."""

    def __init__(
        self,
        hidden_units,
        feature_columns,
        model_dir=None,
        label_dimension=1,
        weight_column=None,
        optimizer="Adagrad",
        activation_fn=tf.nn.relu,
        dropout=None,
        input_layer_partitioner=None,
        config=None,
        warm_start_from=None,
        loss_reduction=SUM,
        batch_norm=False,
    ):
        super().__init__(
            regression_head(weight_column, label_dimension, loss_reduction),
            hidden_units,
            feature_columns,
            model_dir,
            optimizer,
            activation_fn,
            dropout,
            input_layer_partitioner,
            config,
            warm_start_from,
            batch_norm,
        )


class _Linear(Estimator):
    """A linear model under a head."""

    def __init__(
        self, head, feature_columns, model_dir, optimizer, config, partitioner, warm_start_from, sparse_combiner
    ):
        if hasattr(optimizer, "get_train_step"):
            raise NotServed("tf.estimator.experimental.LinearSDCA", "use an optimizer of tf.train")
        columns = tuple(feature_columns or ())

        def model_fn(features, labels, mode, config):
            check_features(features)
            parts = partitioner or partitioner_of(config, 64 << 20)
            with tf.variable_scope("linear", values=tuple(features.values()), partitioner=parts):
                logits = linear_logits(features, head.logits_dimension, columns, sparse_combiner)
                rate = min(0.2, 1 / math.sqrt(len(columns)))
                made = optimizer_of(optimizer, 0.2) if optimizer else tf.train.FtrlOptimizer(rate)
                return head.create_estimator_spec(features, mode, logits, labels, made)

        super().__init__(model_fn, model_dir, config, warm_start_from=warm_start_from)


class LinearEstimator(_Linear):
    """A linear model under a head of one's own."""

    def __init__(
        self,
        head,
        feature_columns,
        model_dir=None,
        optimizer="Ftrl",
        config=None,
        partitioner=None,
        sparse_combiner="sum",
    ):
        super().__init__(head, feature_columns, model_dir, optimizer, config, partitioner, None, sparse_combiner)


class LinearClassifier(_Linear):
    """A linear model that tells classes.

    Args:
      feature_columns: any columns of tf.feature_column.
      optimizer: as of DNNClassifier; by its name with a learning rate of 0.2, None for Ftrl of less for many columns.
      sparse_combiner: "sum", "mean" or "sqrtn", of several values of a category.
      The rest: as of DNNClassifier.
    """

    def __init__(
        self,
        feature_columns,
        model_dir=None,
        n_classes=2,
        weight_column=None,
        label_vocabulary=None,
        optimizer="Ftrl",
        config=None,
        partitioner=None,
        warm_start_from=None,
        loss_reduction=SUM,
        sparse_combiner="sum",
    ):
        head = classification_head(n_classes, weight_column, label_vocabulary, loss_reduction)
        super().__init__(
            head, feature_columns, model_dir, optimizer, config, partitioner, warm_start_from, sparse_combiner
        )


class LinearRegressor(_Linear):
    """A linear model that tells numbers; the rest as of LinearClassifier."""

    def __init__(
        self,
        feature_columns,
        model_dir=None,
        label_dimension=1,
        weight_column=None,
        optimizer="Ftrl",
        config=None,
        partitioner=None,
        warm_start_from=None,
        loss_reduction=SUM,
        sparse_combiner="sum",
    ):
        head = regression_head(weight_column, label_dimension, loss_reduction)
        super().__init__(
            head, feature_columns, model_dir, optimizer, config, partitioner, warm_start_from, sparse_combiner
        )


class _Baseline(Estimator):
    """A model that looks at no feature: a constant for each logit."""

    def __init__(self, head, model_dir, optimizer, config):
        def model_fn(features, labels, mode, config):
            tensors = list(features.values()) if isinstance(features, dict) else [features]
            with tf.variable_scope("baseline"):
                width = head.logits_dimension
                bias = tf.get_variable("bias", [width], initializer=tf.zeros_initializer())
                logits = bias * tf.ones([tf.shape(tensors[0])[0], width])
            made = optimizer_of(optimizer, 0.3)
            return head.create_estimator_spec(features, mode, logits, labels, made)

        super().__init__(model_fn, model_dir, config)


class BaselineClassifier(_Baseline):
    """Tells each class as often as it occurs, by training: what other classifiers have to do better than."""

    def __init__(
        self,
        model_dir=None,
        n_classes=2,
        weight_column=None,
        label_vocabulary=None,
        optimizer="Ftrl",
        config=None,
        loss_reduction=SUM,
    ):
        head = classification_head(n_classes, weight_column, label_vocabulary, loss_reduction)
        super().__init__(head, model_dir, optimizer, config)


class BaselineRegressor(_Baseline):
    """Tells the mean of the labels, by training."""

    def __init__(
        self, model_dir=None, label_dimension=1, weight_column=None, optimizer="Ftrl", config=None, loss_reduction=SUM
    ):
        super().__init__(regression_head(weight_column, label_dimension, loss_reduction), model_dir, optimizer, config)


# What is read from files of tf.Example


def classifier_parse_example_spec(
    feature_columns, label_key, label_dtype=tf.int64, label_default=None, weight_column=None
):
    """Returns what tf.parse_example takes for a classifier: its columns', the label, the weight."""
    return _parse_spec(feature_columns, label_key, tf.FixedLenFeature((1,), label_dtype, label_default), weight_column)


def regressor_parse_example_spec(
    feature_columns, label_key, label_dtype=tf.float32, label_default=None, label_dimension=1, weight_column=None
):
    """Returns what tf.parse_example takes for a regressor: its columns', the label, the weight."""
    label = tf.FixedLenFeature((label_dimension,), label_dtype, label_default)
    return _parse_spec(feature_columns, label_key, label, weight_column)


def _parse_spec(columns, label_key, label, weight_column):
    spec = tf.feature_column.make_parse_example_spec(columns)
    if label_key in spec:
        raise ValueError(f"label should not be used as feature. label_key: {label_key}, features: {list(spec)}")
    spec[label_key] = label
    if weight_column is not None:
        if isinstance(weight_column, str):
            weight_column = tf.feature_column.numeric_column(weight_column)
        if weight_column.key in spec:
            raise ValueError(f"weight_column should not be used as feature. weight_column: {weight_column.key}")
        spec.update(tf.feature_column.make_parse_example_spec([weight_column]))
    return spec
