"""tf.contrib.layers' repeat and stack: several layers in a row."""

import contextlib

import tensorflow.compat.v1 as tf


@contextlib.contextmanager
def _numbering_scope(scope, default_name, inputs, layer):
    """Opens the scope of several layers; gives (inputs, the name that their scopes are numbered from)."""
    with tf.variable_scope(scope, default_name, [inputs]):
        function = layer if hasattr(layer, "__name__") else getattr(layer, "func", None)
        yield tf.convert_to_tensor(inputs), scope or getattr(function, "__name__", default_name.lower())


def repeat(inputs, repetitions, layer, *args, **kwargs):
    """Applies a layer several times: repeat(x, 2, conv2d, 64, 3, scope="conv1") makes conv1/conv1_1, ..."""
    with _numbering_scope(kwargs.pop("scope", None), "Repeat", inputs, layer) as (outputs, name):
        for number in range(1, repetitions + 1):
            outputs = layer(outputs, *args, scope=f"{name}_{number}", **kwargs)
        return outputs


def stack(inputs, layer, stack_args, **kwargs):
    """Applies a layer once with each of the arguments: `stack(x, fully_connected, [32, 64], scope="fc")`."""
    if not isinstance(stack_args, (list, tuple)):
        raise ValueError(f"stack: stack_args must be a list, got {stack_args!r}")
    with _numbering_scope(kwargs.pop("scope", None), "Stack", inputs, layer) as (outputs, name):
        for number, args in enumerate(stack_args, 1):
            args = args if isinstance(args, (list, tuple)) else [args]
            outputs = layer(outputs, *args, scope=f"{name}_{number}", **kwargs)
        return outputs
