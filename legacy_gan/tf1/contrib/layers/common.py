"""What the layers of tf.contrib.layers share: scopes, variables under contrib's names, collections, outputs."""

import tensorflow.compat.v1 as tf

from legacy_gan.tf1.contrib.framework import model_variable
from legacy_gan.tf1.contrib.layers import utils

ZEROS = tf.zeros_initializer()
CONTRIB_NAMES = {"kernel": "weights", "bias": "biases"}


def _renaming_getter(renamed):
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


def layer_scope(scope, default_name, inputs, reuse=None, renamed=None):
    """Opens a layer's variable scope; `renamed` is for the variables of core layers in it."""
    getter = None if renamed is None else _renaming_getter(renamed)
    return tf.variable_scope(scope, default_name, [inputs], reuse=reuse, custom_getter=getter)


def parameter_of(name, shape, dtype, initializer, regularizer, trainable, variables_collections):
    """Makes a model variable in the collections for its name."""
    return model_variable(
        name,
        shape=shape,
        dtype=dtype,
        initializer=initializer,
        regularizer=regularizer,
        trainable=trainable,
        collections=utils.get_variable_collections(variables_collections, name),
    )


def collect_variables(layer, variables_collections, parts):
    """Puts a core layer's variables into the collections for their names; parts: list of (attribute, name)."""
    for attribute, name in parts:
        variable = getattr(layer, attribute)
        for key in utils.get_variable_collections(variables_collections, name) or []:
            if variable is not None and not any(variable is v for v in tf.get_collection(key)):
                tf.add_to_collection(key, variable)


def finish(scope, outputs, activation_fn, outputs_collections, normalizer_fn=None, normalizer_params=None):
    """Normalizes, activates and collects the outputs of a layer."""
    if normalizer_fn is not None:
        outputs = normalizer_fn(outputs, **(normalizer_params or {}))
    if activation_fn is not None:
        outputs = activation_fn(outputs)
    return utils.collect_named_outputs(outputs_collections, getattr(scope, "name", scope), outputs)


def core_data_format(data_format, rank=2):
    """Returns the core layers' name of a data format: NCHW, NHWC, or those of 1-D and 3-D; or None."""
    space = {1: "W", 2: "HW", 3: "DHW"}[rank]
    if data_format not in (None, f"N{space}C", f"NC{space}"):
        raise ValueError(f"data_format must be N{space}C or NC{space}, got {data_format!r}")
    return "channels_first" if data_format and data_format.startswith("NC") else "channels_last"


def weighted_layer(
    make,
    default_scope,
    inputs,
    num_outputs,
    activation_fn,
    normalizer_fn,
    normalizer_params,
    weights_initializer,
    weights_regularizer,
    biases_initializer,
    biases_regularizer,
    reuse,
    variables_collections,
    outputs_collections,
    trainable,
    scope,
    **options,
):
    """Applies a core layer with a kernel and a bias under contrib's options and names.

    Args:
      make: the class of tf.layers; its first argument is num_outputs. options: its other arguments.
      default_scope: str, the scope's name without `scope`.
      inputs and the rest: as for the layers of tf.contrib.layers.
    Returns:
      the outputs, normalized and activated.
    """
    with layer_scope(scope, default_scope, inputs, reuse, CONTRIB_NAMES) as sc:
        layer = make(
            num_outputs,
            use_bias=not normalizer_fn and biases_initializer is not None,
            kernel_initializer=weights_initializer,
            bias_initializer=biases_initializer,
            kernel_regularizer=weights_regularizer,
            bias_regularizer=biases_regularizer,
            trainable=trainable,
            _scope=sc,
            _reuse=reuse,
            **options,
        )
        outputs = layer(inputs)
        collect_variables(layer, variables_collections, [("kernel", "weights"), ("bias", "biases")])
        return finish(sc, outputs, activation_fn, outputs_collections, normalizer_fn, normalizer_params)
