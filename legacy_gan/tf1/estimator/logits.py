"""What ready-made estimators are made of: optimizers by name, logits of dense layers and of a linear model.

Source: the interface, formulas, defaults, names of variables and of summaries of tf.estimator in TensorFlow 1.15.
"""

import tensorflow.compat.v1 as tf

from legacy_gan.tf1 import layers
from legacy_gan.tf1.estimator.spec import ModeKeys

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
        summarize(net, f"{scope}/{name}")
    logits = layers.dense(net, units, kernel_initializer=tf.glorot_uniform_initializer(), name="logits")
    summarize(logits, f"{scope}/logits")
    return logits


def summarize(value, tag):
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


def partitioner_of(config, min_slice_size=256 << 10):
    """Returns what divides variables among parameter servers; of one process, into one part that is named so."""
    return tf.min_max_variable_partitioner(
        max_partitions=config.num_ps_replicas if config else 0, min_slice_size=min_slice_size
    )


def check_features(features):
    if not isinstance(features, dict):
        raise ValueError(f"features should be a dictionary of `Tensor`s. Given type: {type(features)}")
