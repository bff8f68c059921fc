"""tf.contrib.layers' summaries of tensors, activations and collections.

Source: the interface, defaults and variable names of tf.contrib.layers in TensorFlow 1.15.5.
"""

import re

import tensorflow.compat.v1 as tf


def summarize_tensor(tensor, tag=None):
    """Adds a summary: of a scalar its value, of more a histogram, of strings and bools none."""
    if tensor.dtype.base_dtype in (tf.string, tf.bool):
        return None
    summary = tf.summary.scalar if tensor.shape.ndims == 0 else tf.summary.histogram
    return summary(tag or f"{tensor.op.name}_summary", tensor)


def summarize_activation(op):
    """Adds a histogram of an activation, and the share of its zeros if it is a relu."""
    if op.op.type in ("Relu", "Softplus", "Relu6"):
        before = op.op.inputs[0]
        below = tf.cast(before < tf.cast(0.0, before.dtype), tf.float32)
        tf.summary.scalar(f"{op.op.name}/zeros", tf.reduce_mean(below))
        if op.op.type == "Relu6":
            above = tf.cast(before > tf.cast(6.0, before.dtype), tf.float32)
            tf.summary.scalar(f"{op.op.name}/sixes", tf.reduce_mean(above))
    return tf.summary.histogram(f"{op.op.name}/activation", op)


def summarize_tensors(tensors, summarizer=summarize_tensor):
    """Returns the summaries of all the tensors."""
    return [summarizer(tensor) for tensor in tensors]


def summarize_collection(collection, name_filter=None, summarizer=summarize_tensor):
    """Returns the summaries of a collection's tensors whose names match the filter."""
    return summarize_tensors(
        [
            tensor
            for tensor in tf.get_collection(collection)
            if name_filter is None or re.match(name_filter, tensor.op.name)
        ],
        summarizer,
    )


def summarize_activations(name_filter=None, summarizer=summarize_activation):
    """Returns the summaries of the collection ACTIVATIONS."""
    return summarize_collection(tf.GraphKeys.ACTIVATIONS, name_filter, summarizer)
