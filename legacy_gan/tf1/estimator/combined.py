"""Ready-made estimators that have a linear model and a network of dense layers together.

Source: the interface, formulas, defaults, names of variables and of summaries of tf.estimator in TensorFlow 1.15.
"""

import math

import tensorflow.compat.v1 as tf

from legacy_gan.tf1.estimator.estimators import Estimator
from legacy_gan.tf1.estimator.heads import SUM, classification_head, regression_head
from legacy_gan.tf1.estimator.logits import (
    check_features,
    dnn_logits,
    linear_logits,
    optimizer_of,
    partitioner_of,
    summarize,
)

__all__ = ["DNNLinearCombinedClassifier", "DNNLinearCombinedEstimator", "DNNLinearCombinedRegressor"]


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
            check_features(features)
            partitioner = input_layer_partitioner or partitioner_of(config, 64 << 20)
            values, units = tuple(features.values()), head.logits_dimension
            logits, trained = [], []  # of each of the two; (optimizer, scope)
            if deep:
                trained.append((optimizer_of(dnn_optimizer, 0.001), "dnn"))
                with tf.variable_scope("dnn", values=values, partitioner=partitioner_of(config)):
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
                    summarize(logits[-1], "linear")

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
