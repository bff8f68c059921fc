"""What the layers of tf.contrib.layers share: scopes, variables under contrib's names, collections, outputs."""

import tensorflow.compat.v1 as tf

from legacy_gan.tf1.contrib.framework import model_variable
from legacy_gan.tf1.contrib.layers import utils

_ZEROS = tf.zeros_initializer()
_RENAMED = {"kernel": "weights", "bias": "biases"}


def _getter(renamed):
    """Makes the custom getter that gives a core layer's variables their names and collections."""

    def get(
        getter,
        name,
        shape=None,
        dtype=None,
        initializer=None,
        regularizer=None,
        trainable=True,
        collections=None,
        caching_device=None,
        partitioner=None,
        use_resource=None,
        synchronization=tf.VariableSynchronization.AUTO,
        aggregation=tf.VariableAggregation.NONE,
        **others,
    ):
        scope, _, last = name.rpartition("/")
        name = (f"{scope}/" if scope else "") + renamed.get(last, last)
        return model_variable(
            name,
            shape=shape,
            dtype=dtype,
            initializer=initializer,
            regularizer=regularizer,
            trainable=trainable,
            collections=collections,
            caching_device=caching_device,
            partitioner=partitioner,
            custom_getter=getter,
            use_resource=use_resource,
            synchronization=synchronization,
            aggregation=aggregation,
        )

    return get


def _layer_scope(scope, default_name, inputs, reuse=None, renamed=None):
    """Opens a layer's variable scope; `renamed` is for the variables of core layers in it."""
    getter = None if renamed is None else _getter(renamed)
    return tf.variable_scope(scope, default_name, [inputs], reuse=reuse, custom_getter=getter)


def _parameter(name, shape, dtype, initializer, regularizer, trainable, variables_collections):
    """A model variable in the collections for its name."""
    return model_variable(
        name,
        shape=shape,
        dtype=dtype,
        initializer=initializer,
        regularizer=regularizer,
        trainable=trainable,
        collections=utils.get_variable_collections(variables_collections, name),
    )


def _collect(layer, variables_collections, parts):
    """Puts a core layer's variables into the collections for their names, {attribute: name}."""
    for attribute, name in parts:
        variable = getattr(layer, attribute)
        for key in utils.get_variable_collections(variables_collections, name) or []:
            if variable is not None and not any(variable is v for v in tf.get_collection(key)):
                tf.add_to_collection(key, variable)


def _finish(scope, outputs, activation_fn, outputs_collections, normalizer_fn=None, normalizer_params=None):
    """Normalizes, activates and collects the outputs of a layer."""
    if normalizer_fn is not None:
        outputs = normalizer_fn(outputs, **(normalizer_params or {}))
    if activation_fn is not None:
        outputs = activation_fn(outputs)
    return utils.collect_named_outputs(outputs_collections, getattr(scope, "name", scope), outputs)


def _format(data_format, rank=2):
    """Returns the core layers' name of a data format: NCHW, NHWC, or those of 1-D and 3-D; or None."""
    space = {1: "W", 2: "HW", 3: "DHW"}[rank]
    if data_format not in (None, f"N{space}C", f"NC{space}"):
        raise ValueError(f"data_format must be N{space}C or NC{space}, got {data_format!r}")
    return "channels_first" if data_format and data_format.startswith("NC") else "channels_last"
