"""tf.contrib.slim.summaries: summaries of tensors, named after them.

Source: the interface, names and collections of tf.contrib.slim in TensorFlow 1.15.5.
"""

import tensorflow.compat.v1 as tf

from legacy_gan.tf1.namespace import refusal

__all__ = [
    "add_histogram_summaries",
    "add_histogram_summary",
    "add_image_summaries",
    "add_image_summary",
    "add_scalar_summaries",
    "add_scalar_summary",
    "add_zero_fraction_summaries",
    "add_zero_fraction_summary",
]

__getattr__ = refusal("tf.contrib.slim.summaries", __all__)


def add_histogram_summary(tensor, name=None, prefix=None):
    """Adds a summary of how values are distributed, under name (the tensor's) below prefix."""
    return tf.summary.histogram(_tag(tensor, name, prefix), tensor)


def add_image_summary(tensor, name=None, prefix=None, print_summary=False):
    """Adds a summary of images [batch, height, width, channels]; print_summary prints the tensor, too."""
    return _printed(tf.summary.image, tensor, _tag(tensor, name, prefix), print_summary)


def add_scalar_summary(tensor, name=None, prefix=None, print_summary=False):
    """Adds a summary of one number."""
    return _printed(tf.summary.scalar, tensor, _tag(tensor, name, prefix), print_summary)


def add_zero_fraction_summary(tensor, name=None, prefix=None, print_summary=False):
    """Adds a summary of the fraction of zeros, under name/Fraction_of_Zero_Values."""
    tag = f"{_tag(tensor, name, prefix)}/Fraction_of_Zero_Values"
    return add_scalar_summary(tf.nn.zero_fraction(tensor), tag, print_summary=print_summary)


def add_histogram_summaries(tensors, prefix=None):
    """Adds one of each tensor; returns them."""
    return [add_histogram_summary(tensor, prefix=prefix) for tensor in tensors]


def add_image_summaries(tensors, prefix=None):
    """Adds one of each tensor; returns them."""
    return [add_image_summary(tensor, prefix=prefix) for tensor in tensors]


def add_scalar_summaries(tensors, prefix=None, print_summary=False):
    """Adds one of each tensor; returns them."""
    return [add_scalar_summary(tensor, prefix=prefix, print_summary=print_summary) for tensor in tensors]


def add_zero_fraction_summaries(tensors, prefix=None):
    """Adds one of each tensor; returns them."""
    return [add_zero_fraction_summary(tensor, prefix=prefix) for tensor in tensors]


def _tag(tensor, name, prefix):
    name = name or tensor.op.name
    return f"{prefix}/{name}" if prefix else name


def _printed(summarize, tensor, tag, print_summary):
    if not print_summary:
        return summarize(tag, tensor)
    summary = tf.Print(summarize(tag, tensor, collections=[]), [tensor], tag)
    tf.add_to_collection(tf.GraphKeys.SUMMARIES, summary)
    return summary
