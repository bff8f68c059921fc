"""Names and argument orders of TensorFlow 0.x that stand in books and old programs.

`ROOT`, `NN`, `TRAIN` and `IMAGE` are what legacy_gan.tf1.names puts over tf, tf.nn, tf.train and tf.image: a dict
of name to function each. Where an order of arguments changed before 1.0, the function tells the two by the
types of what it is given, and takes the names of both. Where a later version infers less of a shape
than 1.15 did, the function knows the rest.

Source: the interfaces of TensorFlow 0.12.1 and 1.15.5.
"""

import numbers

import numpy as np
import tensorflow.compat.v1 as tf
from tensorflow.python.framework import tensor_util

__all__ = ["IMAGE", "NN", "ROOT", "TRAIN"]


# Renamed


def mul(x, y, name=None):
    """tf.multiply, until 0.12."""
    return tf.multiply(x, y, name=name)


def sub(x, y, name=None):
    """tf.subtract, until 0.12."""
    return tf.subtract(x, y, name=name)


def neg(x, name=None):
    """tf.negative, until 0.12."""
    return tf.negative(x, name=name)


def inv(x, name=None):
    """tf.reciprocal, until 0.12."""
    return tf.reciprocal(x, name=name)


def complex_abs(x, name=None):
    """tf.abs of a complex tensor, until 0.12."""
    return tf.abs(x, name=name)


def pack(values, axis=0, name="pack"):
    """tf.stack, until 0.12."""
    return tf.stack(values, axis=axis, name=name)


def unpack(value, num=None, axis=0, name="unpack"):
    """tf.unstack, until 0.12."""
    return tf.unstack(value, num=num, axis=axis, name=name)


def select(condition, t, e, name=None):
    """tf.where of three arguments, until 0.12: a condition of rank 1 chooses rows."""
    return tf.where(condition, t, e, name=name)


def listdiff(x, y, out_idx=tf.int32, name=None):
    """tf.setdiff1d, until 0.12."""
    return tf.setdiff1d(x, y, index_dtype=out_idx, name=name)


def batch_matmul(x, y, adj_x=False, adj_y=False, name=None):
    """tf.matmul of the last two axes, until 0.12."""
    return tf.matmul(x, y, adjoint_a=adj_x, adjoint_b=adj_y, name=name)


# Summaries: the tag stands in the event file as it is given, no scope before it, and may be a tensor


def scalar_summary(tags, values, collections=None, name=None):
    """A summary of numbers, each under its tag (str, or as many as values)."""
    with tf.name_scope(name, "ScalarSummary", [tags, values]) as scope:
        return _collected(tf.raw_ops.ScalarSummary(tags=tags, values=values, name=scope), collections)


def histogram_summary(tag, values, collections=None, name=None):
    """A summary of how values are distributed."""
    with tf.name_scope(name, "HistogramSummary", [tag, values]) as scope:
        return _collected(tf.raw_ops.HistogramSummary(tag=tag, values=values, name=scope), collections)


def image_summary(tag, tensor, max_images=3, collections=None, name=None):
    """A summary of images [batch, height, width, channels], float32 or uint8."""
    with tf.name_scope(name, "ImageSummary", [tag, tensor]) as scope:
        summary = tf.raw_ops.ImageSummary(tag=tag, tensor=tensor, max_images=max_images, name=scope)
        return _collected(summary, collections)


def audio_summary(tag, tensor, sample_rate, max_outputs=3, collections=None, name=None):
    """A summary of sounds [batch, frames] or [batch, frames, channels], -1 to 1."""
    with tf.name_scope(name, "AudioSummary", [tag, tensor]) as scope:
        summary = tf.raw_ops.AudioSummaryV2(
            tag=tag, tensor=tensor, sample_rate=tf.cast(sample_rate, tf.float32), max_outputs=max_outputs, name=scope
        )
        return _collected(summary, collections)


def merge_summary(inputs, collections=None, name=None):
    """tf.summary.merge, until 0.11."""
    return tf.summary.merge(inputs, collections=collections, name=name)


def merge_all_summaries(key=tf.GraphKeys.SUMMARIES):
    """tf.summary.merge_all, until 0.11."""
    return tf.summary.merge_all(key=key)


def _collected(summary, collections):
    for key in [tf.GraphKeys.SUMMARIES] if collections is None else collections:
        tf.add_to_collection(key, summary)
    return summary


def summary_writer(logdir, graph=None, max_queue=10, flush_secs=120, graph_def=None):
    """tf.summary.FileWriter, until 0.11; `graph` may be a GraphDef, as sess.graph_def was."""
    if isinstance(graph, tf.GraphDef):
        graph, graph_def = None, graph
    writer = tf.summary.FileWriter(logdir, graph, max_queue, flush_secs)
    if graph_def is not None:
        event = tf.Event(graph_def=graph_def.SerializeToString())
        writer.add_event(event)
    return writer


# Another order


def concat(*args, **named):
    """tf.concat(values, axis, name="concat"), and tf.concat(concat_dim, values, name) of 0.x."""
    named = _named(named, {"concat_dim": "axis"})
    old = args and _is_scalar(args[0]) and (len(args) < 2 or not _is_scalar(args[1]))
    return _call(tf.concat, ("axis", "values", "name") if old else ("values", "axis", "name"), args, named)


def split(*args, **named):
    """tf.split(value, num_or_size_splits, axis=0), and tf.split(split_dim, num_split, value) of 0.x."""
    named = _named(named, {"split_dim": "axis", "num_split": "num_or_size_splits"})
    old = args and _is_scalar(args[0])
    new_order = ("value", "num_or_size_splits", "axis", "num", "name")
    old_order = ("axis", "num_or_size_splits", "value", "name")
    return _call(tf.split, old_order if old else new_order, args, named)


def reverse(tensor, axis=None, name=None, dims=None):
    """tf.reverse: the axes by number, or, as until 0.12, a bool for every axis."""
    axis = dims if axis is None else axis
    which = axis if tf.is_tensor(axis) else np.asarray(axis)
    if tf.as_dtype(which.dtype).base_dtype == tf.bool:
        return tf.raw_ops.Reverse(tensor=tensor, dims=axis, name=name)
    return tf.reverse(tensor, axis, name=name)


def softmax_cross_entropy_with_logits(*args, **named):
    """As of 1.15, by name; by position as until 0.12: (logits, labels)."""
    return _entropy(tf.nn.softmax_cross_entropy_with_logits, args, named, ("logits", "labels", "dim", "name"))


def sparse_softmax_cross_entropy_with_logits(*args, **named):
    """As of 1.15, by name; by position as until 0.12: (logits, labels)."""
    function = tf.nn.sparse_softmax_cross_entropy_with_logits
    return _entropy(function, args, named, ("logits", "labels", "name"))


def sigmoid_cross_entropy_with_logits(*args, **named):
    """As of 1.15, by name; by position as until 0.12: (logits, targets)."""
    named = _named(named, {"targets": "labels"})
    return _entropy(tf.nn.sigmoid_cross_entropy_with_logits, args, named, ("logits", "labels", "name"))


def _entropy(function, args, named, old_order):
    # TF 1.x has a sentinel for its first argument, which nobody gives but as None.
    if args and args[0] is None:
        return function(*args, **named)
    return _call(function, old_order, args, named)


def nce_loss(*args, **named):
    """tf.nn.nce_loss(weights, biases, labels, inputs, ...), and with inputs before labels as in 0.x."""
    return _labels_first(tf.nn.nce_loss, args, named)


def sampled_softmax_loss(*args, **named):
    """tf.nn.sampled_softmax_loss(weights, biases, labels, inputs, ...), and the 0.x order."""
    return _labels_first(tf.nn.sampled_softmax_loss, args, named)


def _labels_first(function, args, named):
    """Calls with labels before inputs: labels are whole numbers, inputs are not."""
    args = list(args)
    if len(args) > 3 and _is_floating(args[2]) and not _is_floating(args[3]):
        args[2], args[3] = args[3], args[2]
    return function(*args, **named)


def ctc_loss(*args, **named):
    """tf.nn.ctc_loss(labels, inputs, sequence_length, ...), and with inputs before labels as in 0.x."""
    args = list(args)
    if len(args) > 1 and isinstance(args[1], tf.SparseTensor):
        args[0], args[1] = args[1], args[0]
    return tf.nn.ctc_loss(*args, **named)


def conv2d_transpose(value=None, filter=None, output_shape=None, *args, **named):
    """tf.nn.conv2d_transpose, whose static shape is output_shape: later versions forget its batch size."""
    outputs = tf.nn.conv2d_transpose(value, filter, output_shape, *args, **named)
    return _shaped(outputs, output_shape)


def conv3d_transpose(value, filter=None, output_shape=None, *args, **named):
    """tf.nn.conv3d_transpose, whose static shape is output_shape."""
    return _shaped(tf.nn.conv3d_transpose(value, filter, output_shape, *args, **named), output_shape)


def _shaped(outputs, output_shape):
    """Returns outputs with what is known of their shape as the graph is built."""
    shape = tensor_util.constant_value_as_shape(tf.convert_to_tensor(output_shape, tf.int32))
    outputs.set_shape(outputs.shape.merge_with(shape))
    return outputs


def resize_images(*args, **named):
    """tf.image.resize_images(images, size, method, ...), and (images, height, width, ...) of 0.x."""
    if "new_height" in named or len(args) > 2 and _is_scalar(args[1]):
        args = list(args)
        images = args.pop(0) if args else named.pop("images")
        height = args.pop(0) if args else named.pop("new_height")
        width = args.pop(0) if args else named.pop("new_width")
        args = [images, tf.stack([height, width]) if _tensors(height, width) else [height, width]] + args
    return tf.image.resize_images(*args, **named)


def per_image_whitening(image):
    """tf.image.per_image_standardization, until 0.11."""
    return tf.image.per_image_standardization(image)


# Tools


def _is_scalar(value):
    """Whether a value is one number, an axis for example: an int or a tensor or array of rank 0."""
    if isinstance(value, numbers.Number):
        return True
    shape = getattr(value, "shape", None)
    if shape is None:
        return False
    return (shape.ndims if isinstance(shape, tf.TensorShape) else len(shape)) == 0


def _is_floating(value):
    dtype = getattr(value, "dtype", None)
    if dtype is None:
        dtype = np.asarray(value).dtype
    return tf.as_dtype(dtype).is_floating


def _tensors(*values):
    return any(tf.is_tensor(value) for value in values)


def _named(named, renamed):
    """Returns named arguments with the old names replaced."""
    return {renamed.get(name, name): value for name, value in named.items()}


def _call(function, order, args, named):
    """Calls `function` with positional arguments that are in `order`."""
    if len(args) > len(order):
        raise TypeError(f"{function.__name__}() takes at most {len(order)} arguments, got {len(args)}")
    for name, value in zip(order, args):
        if name in named:
            raise TypeError(f"{function.__name__}() got two values for {name!r}")
        named[name] = value
    return function(**named)


def _batch_names():
    """Returns what had a name of its own for batches until 0.11, as tf.batch_cholesky."""
    same = (
        "cholesky cholesky_solve fft fft2d fft3d ifft ifft2d ifft3d matrix_band_part matrix_determinant "
        "matrix_diag matrix_diag_part matrix_inverse matrix_set_diag matrix_solve matrix_solve_ls "
        "matrix_transpose matrix_triangular_solve self_adjoint_eig self_adjoint_eigvals svd"
    )
    return {f"batch_{name}": getattr(tf, name) for name in same.split()}


ROOT = dict(
    _batch_names(),
    audio_summary=audio_summary,
    batch_matmul=batch_matmul,
    complex_abs=complex_abs,
    concat=concat,
    concat_v2=tf.concat,
    histogram_summary=histogram_summary,
    image_summary=image_summary,
    inv=inv,
    list_diff=listdiff,
    listdiff=listdiff,
    merge_all_summaries=merge_all_summaries,
    merge_summary=merge_summary,
    mul=mul,
    neg=neg,
    pack=pack,
    reverse=reverse,
    scalar_summary=scalar_summary,
    select=select,
    split=split,
    split_v=tf.split,
    sub=sub,
    unpack=unpack,
)
NN = dict(
    conv2d_transpose=conv2d_transpose,
    conv3d_transpose=conv3d_transpose,
    ctc_loss=ctc_loss,
    nce_loss=nce_loss,
    sampled_softmax_loss=sampled_softmax_loss,
    sigmoid_cross_entropy_with_logits=sigmoid_cross_entropy_with_logits,
    softmax_cross_entropy_with_logits=softmax_cross_entropy_with_logits,
    sparse_softmax_cross_entropy_with_logits=sparse_softmax_cross_entropy_with_logits,
)
TRAIN = dict(
    SummaryWriter=summary_writer,
    SummaryWriterCache=tf.summary.FileWriterCache,
    audio_summary=audio_summary,
    histogram_summary=histogram_summary,
    image_summary=image_summary,
    merge_all_summaries=merge_all_summaries,
    merge_summary=merge_summary,
    scalar_summary=scalar_summary,
)
IMAGE = dict(per_image_whitening=per_image_whitening, resize_images=resize_images)
