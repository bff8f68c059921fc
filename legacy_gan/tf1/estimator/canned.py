"""The ready-made estimators of tf.estimator: linear models, networks of dense layers, both together, a constant.

Source: the interface, formulas, defaults, names of variables and of summaries of tf.estimator in TensorFlow 1.15.
"""

import math

import tensorflow.compat.v1 as tf

from legacy_gan.errors import NotServed
from legacy_gan.tf1 import layers
from legacy_gan.tf1.estimator.estimators import Estimator
from legacy_gan.tf1.estimator.heads import SUM, classification_head, regression_head
from legacy_gan.tf1.estimator.spec import ModeKeys

__all__ = [
    "BaselineClassifier",
    "BaselineRegressor",
    "DNNClassifier",
    "DNNEstimator",
    "DNNLinearCombinedClassifier",
    "DNNLinearCombinedEstimator",
    "DNNLinearCombinedRegressor",
    "DNNRegressor",
    "LinearClassifier",
    "LinearEstimator",
    "LinearRegressor",
    "classifier_parse_example_spec",
    "regressor_parse_example_spec",
]

_OPTIMIZERS = {
    "Adagrad": tf.train.AdagradOptimizer,
    "Adam": tf.train.AdamOptimizer,
    "Ftrl": tf.train.FtrlOptimizer,
    "RMSProp": tf.train.RMSPropOptimizer,
    "SGD": tf.train.GradientDescentOptimizer,
}


def optimizer_of(optimizer, learning_rate):
    """Returns a tf.train.Optimizer of one, of its name, which then has the learning rate, or of what makes one.

    Raises:
      ValueError: for another name or object.
    """
    if isinstance(optimizer, str):
        if optimizer not in _OPTIMIZERS:
            raise ValueError(
                f"Unsupported optimizer name: {optimizer}. Supported names are: {tuple(sorted(_OPTIMIZERS))}"
            )
        return _OPTIMIZERS[optimizer](learning_rate=learning_rate)
    if callable(optimizer):
        optimizer = optimizer()
    if not isinstance(optimizer, tf.train.Optimizer):
        raise ValueError(f"The given object is not an Optimizer instance. Given: {optimizer}")
    return optimizer


# Logits


def dnn_logits(features, mode, units, hidden_units, columns, activation_fn, dropout, batch_norm, input_partitioner):
    """Returns the logits [batch, units] of dense layers; in the variable scope of the network.

    Args: as of DNNClassifier.
    """
    scope = tf.get_variable_scope().name
    training = mode == ModeKeys.TRAIN
    with tf.variable_scope("input_from_feature_columns", partitioner=input_partitioner):
        net = tf.feature_column.input_layer(features, columns)
    for number, width in enumerate(hidden_units):
        name = f"hiddenlayer_{number}"
        net = layers.dense(
            net, width, activation=activation_fn, kernel_initializer=tf.glorot_uniform_initializer(), name=name
        )
        if dropout is not None and training:
            net = layers.dropout(net, rate=dropout, training=True)
        if batch_norm:
            with tf.variable_scope(name, auxiliary_name_scope=False):
                net = layers.batch_normalization(net, momentum=0.999, training=training, name=f"batchnorm_{number}")
        _summarize(net, f"{scope}/{name}")
    logits = layers.dense(net, units, kernel_initializer=tf.glorot_uniform_initializer(), name="logits")
    _summarize(logits, f"{scope}/logits")
    return logits


def _summarize(value, tag):
    tf.summary.scalar(f"{tag}/fraction_of_zero_values", tf.nn.zero_fraction(value))
    tf.summary.histogram(f"{tag}/activation", value)


def linear_logits(features, units, columns, sparse_combiner):
    """Returns the logits [batch, units] of a linear model; in its variable scope."""
    variables = {}
    logits = tf.feature_column.linear_model(
        features, columns, units=units, sparse_combiner=sparse_combiner, cols_to_vars=variables
    )
    bias = variables.pop("bias")
    weights = [weight for several in variables.values() for weight in several]
    if units > 1:
        tf.summary.histogram("bias", bias)
    else:
        tf.summary.scalar("bias", bias[0][0])
    sizes = [tf.cast(tf.size(weight), tf.float32) for weight in weights]
    zeros = tf.add_n([tf.nn.zero_fraction(weight) * size for weight, size in zip(weights, sizes)])
    tf.summary.scalar("fraction_of_zero_weights", zeros / tf.add_n(sizes))
    return logits


# Models


def _parts(config, min_slice_size=256 << 10):
    """Returns what divides variables among parameter servers; of one process, into one part that is named so."""
    return tf.min_max_variable_partitioner(
        max_partitions=config.num_ps_replicas if config else 0, min_slice_size=min_slice_size
    )


def _check_features(features):
    if not isinstance(features, dict):
        raise ValueError(f"features should be a dictionary of `Tensor`s. Given type: {type(features)}")


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
            _check_features(features)
            with tf.variable_scope("dnn", values=tuple(features.values()), partitioner=_parts(config)):
                partitioner = input_layer_partitioner or _parts(config, 64 << 20)
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
            _check_features(features)
            parts = partitioner or _parts(config, 64 << 20)
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


class _Combined(Estimator):
    """A linear model and a network of dense layers whose logits are added, under a head."""

    def __init__(
        self,
        head,
        model_dir,
        linear_feature_columns,
        linear_optimizer,
        dnn_feature_columns,
        dnn_optimizer,
        dnn_hidden_units,
        dnn_activation_fn,
        dnn_dropout,
        input_layer_partitioner,
        config,
        warm_start_from,
        batch_norm,
        linear_sparse_combiner,
    ):
        wide, deep = tuple(linear_feature_columns or ()), tuple(dnn_feature_columns or ())
        if not wide and not deep:
            raise ValueError("Either linear_feature_columns or dnn_feature_columns must be defined.")
        if deep and not dnn_hidden_units:
            raise ValueError("dnn_hidden_units must be defined when dnn_feature_columns is specified.")

        def model_fn(features, labels, mode, config):
            _check_features(features)
            partitioner = input_layer_partitioner or _parts(config, 64 << 20)
            values, units = tuple(features.values()), head.logits_dimension
            logits, trained = [], []  # of each of the two; (optimizer, scope)
            if deep:
                trained.append((optimizer_of(dnn_optimizer, 0.001), "dnn"))
                with tf.variable_scope("dnn", values=values, partitioner=_parts(config)):
                    logits.append(
                        dnn_logits(
                            features,
                            mode,
                            units,
                            dnn_hidden_units,
                            deep,
                            dnn_activation_fn,
                            dnn_dropout,
                            batch_norm,
                            partitioner,
                        )
                    )
            if wide:
                trained.append((optimizer_of(linear_optimizer, min(0.005, 1 / math.sqrt(len(wide)))), "linear"))
                with tf.variable_scope("linear", values=values, partitioner=partitioner):
                    logits.append(linear_logits(features, units, wide, linear_sparse_combiner))
                    _summarize(logits[-1], "linear")

            def train_op_fn(loss):
                steps = [
                    made.minimize(loss, var_list=tf.get_collection(tf.GraphKeys.TRAINABLE_VARIABLES, scope=scope))
                    for made, scope in trained
                ]
                with tf.control_dependencies([tf.group(*steps)]):
                    return tf.assign_add(tf.train.get_global_step(), 1).op

            both = logits[0] + logits[1] if len(logits) == 2 else logits[0]
            return head.create_estimator_spec(features, mode, both, labels, train_op_fn=train_op_fn)

        super().__init__(model_fn, model_dir, config, warm_start_from=warm_start_from)


class DNNLinearCombinedEstimator(_Combined):
    """A linear model and a network of dense layers together, under a head of one's own."""

    def __init__(
        self,
        head,
        model_dir=None,
        linear_feature_columns=None,
        linear_optimizer="Ftrl",
        dnn_feature_columns=None,
        dnn_optimizer="Adagrad",
        dnn_hidden_units=None,
        dnn_activation_fn=tf.nn.relu,
        dnn_dropout=None,
        input_layer_partitioner=None,
        config=None,
        linear_sparse_combiner="sum",
    ):
        super().__init__(
            head,
            model_dir,
            linear_feature_columns,
            linear_optimizer,
            dnn_feature_columns,
            dnn_optimizer,
            dnn_hidden_units,
            dnn_activation_fn,
            dnn_dropout,
            input_layer_partitioner,
            config,
            None,
            False,
            linear_sparse_combiner,
        )


class DNNLinearCombinedClassifier(_Combined):
    """A linear model and a network of dense layers together ("wide and deep") that tell classes.

    Args:
      linear_optimizer, dnn_optimizer: by name with learning rates of 0.005 (less for many columns) and 0.001.
      The rest: as of LinearClassifier and DNNClassifier.
    """

    def __init__(
        self,
        model_dir=None,
        linear_feature_columns=None,
        linear_optimizer="Ftrl",
        dnn_feature_columns=None,
        dnn_optimizer="Adagrad",
        dnn_hidden_units=None,
        dnn_activation_fn=tf.nn.relu,
        dnn_dropout=None,
        n_classes=2,
        weight_column=None,
        label_vocabulary=None,
        input_layer_partitioner=None,
        config=None,
        warm_start_from=None,
        loss_reduction=SUM,
        batch_norm=False,
        linear_sparse_combiner="sum",
    ):
        super().__init__(
            classification_head(n_classes, weight_column, label_vocabulary, loss_reduction),
            model_dir,
            linear_feature_columns,
            linear_optimizer,
            dnn_feature_columns,
            dnn_optimizer,
            dnn_hidden_units,
            dnn_activation_fn,
            dnn_dropout,
            input_layer_partitioner,
            config,
            warm_start_from,
            batch_norm,
            linear_sparse_combiner,
        )


class DNNLinearCombinedRegressor(_Combined):
    """A linear model and a network of dense layers together that tell numbers."""

    def __init__(
        self,
        model_dir=None,
        linear_feature_columns=None,
        linear_optimizer="Ftrl",
        dnn_feature_columns=None,
        dnn_optimizer="Adagrad",
        dnn_hidden_units=None,
        dnn_activation_fn=tf.nn.relu,
        dnn_dropout=None,
        label_dimension=1,
        weight_column=None,
        input_layer_partitioner=None,
        config=None,
        warm_start_from=None,
        loss_reduction=SUM,
        batch_norm=False,
        linear_sparse_combiner="sum",
    ):
        super().__init__(
            regression_head(weight_column, label_dimension, loss_reduction),
            model_dir,
            linear_feature_columns,
            linear_optimizer,
            dnn_feature_columns,
            dnn_optimizer,
            dnn_hidden_units,
            dnn_activation_fn,
            dnn_dropout,
            input_layer_partitioner,
            config,
            warm_start_from,
            batch_norm,
            linear_sparse_combiner,
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
