"""tf.estimator.export: what a SavedModel of an Estimator is fed and returns, and how it is written.

Source: the interface, names of tensors and signatures of tf.estimator.export in TensorFlow 1.15.
"""

import collections
import os
import time

import tensorflow.compat.v1 as tf

__all__ = [
    "ClassificationOutput",
    "ExportOutput",
    "PredictOutput",
    "RegressionOutput",
    "ServingInputReceiver",
    "TensorServingInputReceiver",
    "build_parsing_serving_input_receiver_fn",
    "build_raw_serving_input_receiver_fn",
]

DEFAULT = tf.saved_model.signature_constants.DEFAULT_SERVING_SIGNATURE_DEF_KEY
_signatures = tf.saved_model.signature_def_utils

# What a model returns


class ExportOutput:
    """An output of an exported model; `as_signature_def` tells how it is called."""

    def as_signature_def(self, receiver_tensors):
        """Returns the SignatureDef of the model that is fed with a dict of tensors."""
        raise NotImplementedError


class PredictOutput(ExportOutput):
    """Any tensors: {name: tensor}, or one, which is then named "output"."""

    def __init__(self, outputs):
        self._outputs = _named(outputs, "output")

    outputs = property(lambda self: self._outputs)

    def as_signature_def(self, receiver_tensors):
        return _signatures.predict_signature_def(receiver_tensors, self._outputs)


class ClassificationOutput(ExportOutput):
    """Classes: scores (float) or classes (strings) or both, each [batch, classes]."""

    def __init__(self, scores=None, classes=None):
        if scores is None and classes is None:
            raise ValueError("At least one of scores and classes must be set.")
        self._scores, self._classes = scores, classes

    scores = property(lambda self: self._scores)
    classes = property(lambda self: self._classes)

    def as_signature_def(self, receiver_tensors):
        examples = _only_examples(receiver_tensors, "Classification")
        return _signatures.classification_signature_def(examples, self._classes, self._scores)


class RegressionOutput(ExportOutput):
    """A number for each example: value, float [batch] or [batch, 1]."""

    def __init__(self, value):
        if not (isinstance(value, tf.Tensor) and value.dtype.is_floating):
            raise ValueError(f"Regression output value must be a float32 Tensor; got {value}")
        self._value = value

    value = property(lambda self: self._value)

    def as_signature_def(self, receiver_tensors):
        return _signatures.regression_signature_def(_only_examples(receiver_tensors, "Regression"), self._value)


def outputs_of(export_outputs, predictions):
    """Returns the outputs that a model_fn names, with one of them under the default's name.

    Raises:
      TypeError: for what is no dict of ExportOutput. ValueError: if several are named and none is the default.
    """
    if not export_outputs:
        return {DEFAULT: PredictOutput(predictions)}
    if not isinstance(export_outputs, dict):
        raise TypeError(f"export_outputs must be dict, given: {export_outputs}")
    for value in export_outputs.values():
        if not hasattr(value, "as_signature_def"):
            raise TypeError(f"Values in export_outputs must be ExportOutput objects. Given: {export_outputs}")
    if len(export_outputs) == 1:
        return dict({DEFAULT: next(iter(export_outputs.values()))}, **export_outputs)
    if DEFAULT not in export_outputs:
        raise ValueError(
            f"Multiple export_outputs were provided, but none of them is specified as the default: {DEFAULT}"
        )
    return dict(export_outputs)


def _only_examples(receiver_tensors, what):
    tensors = list(receiver_tensors.values())
    if len(tensors) != 1 or tensors[0].dtype != tf.string:
        raise ValueError(f"{what} input must be a single string Tensor; got {receiver_tensors}")
    return tensors[0]


def _named(tensors, name):
    """Returns a dict of str to tensor of such a dict, or of one tensor."""
    if not isinstance(tensors, dict):
        return {name: tensors}
    return {key if isinstance(key, str) else "/".join(map(str, key)): value for key, value in tensors.items()}


# What it is fed


class ServingInputReceiver(
    collections.namedtuple("ServingInputReceiver", ["features", "receiver_tensors", "receiver_tensors_alternatives"])
):
    """What an exported model is fed.

    Args:
      features: {name: tensor} for the model_fn, or one tensor, named "feature" then.
      receiver_tensors: {name: placeholder}, or one, named "input" then.
      receiver_tensors_alternatives: {name: such a dict}, other ways to feed it.
    """

    def __new__(cls, features, receiver_tensors, receiver_tensors_alternatives=None):
        features = _named(features, "feature")
        return super().__new__(cls, features, _named(receiver_tensors, "input"), receiver_tensors_alternatives)


class TensorServingInputReceiver(
    collections.namedtuple(
        "TensorServingInputReceiver", ["features", "receiver_tensors", "receiver_tensors_alternatives"]
    )
):
    """A ServingInputReceiver whose features are one tensor, which the model_fn is given as it is."""

    def __new__(cls, features, receiver_tensors, receiver_tensors_alternatives=None):
        return super().__new__(cls, features, _named(receiver_tensors, "input"), receiver_tensors_alternatives)


def build_raw_serving_input_receiver_fn(features, default_batch_size=None):
    """Returns a function that makes placeholders like the tensors of a dict (or like one tensor)."""

    def serving_input_receiver_fn():
        fed = {}
        for name, tensor in _named(features, "feature").items():
            shape = tensor.shape.as_list()
            shape[0] = default_batch_size
            fed[name] = tf.placeholder(tensor.dtype, shape, name=tensor.op.name)
        return ServingInputReceiver(fed, dict(fed))

    return serving_input_receiver_fn


def build_parsing_serving_input_receiver_fn(feature_spec, default_batch_size=None):
    """Returns a function that makes a placeholder for serialized tf.Example, and parses them."""

    def serving_input_receiver_fn():
        serialized = tf.placeholder(tf.string, [default_batch_size], name="input_example_tensor")
        return ServingInputReceiver(tf.parse_example(serialized, feature_spec), {"examples": serialized})

    return serving_input_receiver_fn


# How it is written


def signatures_of(receiver, outputs):
    """Returns dict of name to SignatureDef of a model that a receiver feeds; an output that it cannot feed has none."""
    feedings = {"": receiver.receiver_tensors}
    feedings.update(receiver.receiver_tensors_alternatives or {})
    found, refused = {}, {}
    for feeding, tensors in feedings.items():
        for name, output in outputs.items():
            shown = f"{feeding}:{name}" if feeding else name
            try:
                found[shown] = output.as_signature_def(tensors)
            except ValueError as error:
                refused[shown] = str(error)
    for name in ("classify", "regress", "predict"):
        keys = [key for key, signature in found.items() if signature.method_name == f"tensorflow/serving/{name}"]
        tf.logging.info(f"Signatures INCLUDED in export for {name.capitalize()}: {keys or None}")
    for key, reason in refused.items():
        tf.logging.info(f"Signatures EXCLUDED from export, which TensorFlow Serving cannot serve: {key!r}: {reason}")
    return found


def new_folder(base):
    """Returns (a folder for an export, named by the second; where it is written first), as bytes."""
    while True:
        name = str(int(time.time()))
        found = os.path.join(tf.compat.as_bytes(base), tf.compat.as_bytes(name))
        if not tf.gfile.Exists(found):
            return found, os.path.join(os.path.dirname(found), b"temp-" + os.path.basename(found))
        time.sleep(1)


def copy_extra_assets(folder, assets):
    """Copies files, {place below assets.extra: path}, beside a model."""
    for place, path in (assets or {}).items():
        target = os.path.join(tf.compat.as_bytes(folder), b"assets.extra", tf.compat.as_bytes(place))
        tf.gfile.MakeDirs(os.path.dirname(target))
        tf.gfile.Copy(path, target)
