"""tf.contrib.training: HParams and training steps.

Source: the interface and formulas of tf.contrib.training in TensorFlow 1.15.5.
"""

import json
import numbers
import re

import tensorflow.compat.v1 as tf

from legacy_gan.tf1.contrib.bucketing import bucket, bucket_by_sequence_length
from legacy_gan.tf1.contrib.evaluation_loops import (
    StopAfterNEvalsHook,
    SummaryAtEndHook,
    checkpoints_iterator,
    evaluate_once,
    evaluate_repeatedly,
    get_or_create_eval_step,
    train,
    wait_for_new_checkpoint,
)
from legacy_gan.tf1.contrib.layers.optimizers import scaled_gradients
from legacy_gan.tf1.namespace import refusal

__all__ = [
    "HParams",
    "StopAfterNEvalsHook",
    "SummaryAtEndHook",
    "add_gradients_summaries",
    "bucket",
    "bucket_by_sequence_length",
    "checkpoints_iterator",
    "clip_gradient_norms",
    "clip_gradient_norms_fn",
    "create_train_op",
    "evaluate_once",
    "evaluate_repeatedly",
    "get_or_create_eval_step",
    "multiply_gradients",
    "train",
    "wait_for_new_checkpoint",
]

__getattr__ = refusal("tf.contrib.training")

USE_GLOBAL_STEP = 0  # what the default of global_step means


def clip_gradient_norms(gradients_to_variables, max_norm):
    """Clips each gradient of [(gradient, variable)] to the norm on its own."""
    clipped = []
    for gradient, variable in gradients_to_variables:
        if isinstance(gradient, tf.IndexedSlices):
            gradient = tf.IndexedSlices(
                tf.clip_by_norm(gradient.values, max_norm), gradient.indices, gradient.dense_shape
            )
        elif gradient is not None:
            gradient = tf.clip_by_norm(gradient, max_norm)
        clipped.append((gradient, variable))
    return clipped


def clip_gradient_norms_fn(max_norm):
    """Returns clip_gradient_norms as a function of the gradients alone."""
    return lambda gradients: clip_gradient_norms(gradients, max_norm)


def multiply_gradients(grads_and_vars, gradient_multipliers):
    """Multiplies the gradients of [(gradient, variable)] by {variable or its name: float}."""
    if not isinstance(grads_and_vars, list):
        raise ValueError(f"multiply_gradients: grads_and_vars must be a list, got {grads_and_vars!r}")
    if not gradient_multipliers or not isinstance(gradient_multipliers, dict):
        raise ValueError(
            f"multiply_gradients: gradient_multipliers must be a dict that is not empty, got {gradient_multipliers!r}"
        )
    return scaled_gradients(grads_and_vars, gradient_multipliers)


def add_gradients_summaries(grads_and_vars):
    """Adds a histogram and the norm of each gradient to the summaries; returns them."""
    summaries = []
    for gradient, variable in grads_and_vars:
        if gradient is None:
            tf.logging.info("Var %s has no gradient", variable.op.name)
            continue
        values = getattr(gradient, "values", gradient)
        summaries.append(tf.summary.histogram(f"{variable.op.name}_gradient", values))
        summaries.append(tf.summary.scalar(f"{variable.op.name}_gradient_norm", tf.global_norm([values])))
    return summaries


def create_train_op(
    total_loss,
    optimizer,
    global_step=USE_GLOBAL_STEP,
    update_ops=None,
    variables_to_train=None,
    transform_grads_fn=None,
    summarize_gradients=False,
    gate_gradients=tf.train.Optimizer.GATE_OP,
    aggregation_method=None,
    colocate_gradients_with_ops=False,
    check_numerics=True,
):
    """Makes one training step, after the operations in UPDATE_OPS.

    Args:
      total_loss: scalar tensor.
      optimizer: tf.train.Optimizer.
      global_step: the variable to count in; None for none, by default the graph's, made if there is none.
      update_ops: operations to run before; None for UPDATE_OPS.
      variables_to_train: list; None for all trainable ones.
      transform_grads_fn: function of [(gradient, variable)].
      check_numerics: bool, whether a loss that is not finite is an error.
    Returns:
      The loss, a tensor that also takes the step; it joins the collection TRAIN_OP.
    """
    if global_step is USE_GLOBAL_STEP:
        global_step = tf.train.get_or_create_global_step()
    everything = tf.get_collection(tf.GraphKeys.UPDATE_OPS)
    update_ops = everything if update_ops is None else list(update_ops)
    if any(all(each is not update for update in update_ops) for each in everything):
        tf.logging.warning("update_ops in create_train_op does not contain all the update_ops in GraphKeys.UPDATE_OPS")
    if update_ops:
        with tf.control_dependencies(update_ops):
            barrier = tf.no_op(name="update_barrier")
        with tf.control_dependencies([barrier]):
            total_loss = tf.identity(total_loss)
    variables = tf.trainable_variables() if variables_to_train is None else variables_to_train
    if not variables:
        raise ValueError("create_train_op: there are no variables to train")
    gradients = optimizer.compute_gradients(
        total_loss,
        variables,
        gate_gradients=gate_gradients,
        aggregation_method=aggregation_method,
        colocate_gradients_with_ops=colocate_gradients_with_ops,
    )
    if transform_grads_fn:
        gradients = transform_grads_fn(gradients)
    if summarize_gradients:
        with tf.name_scope("summarize_grads"):
            add_gradients_summaries(gradients)
    step = optimizer.apply_gradients(gradients, global_step=global_step)
    with tf.name_scope("train_op"):
        if check_numerics:
            total_loss = tf.check_numerics(total_loss, "LossTensor is inf or nan")
        with tf.control_dependencies([step]):
            train_op = tf.identity(total_loss)
    tf.add_to_collection(tf.GraphKeys.TRAIN_OP, train_op)
    return train_op


# --- HParams ----------------------------------------------------------------------------------

# name=value or name[index]=value or name=[values], up to a comma or the end
_PARAMETER = re.compile(
    r"(?P<name>[a-zA-Z][\w.]*)(\[\s*(?P<index>\d+)\s*\])?\s*=\s*"
    r"((?P<value>[^,\[]*)|\[(?P<values>[^\]]*)\])($|,\s*)"
)


def _parsed(text, kind, name):
    """Returns the value that a text stands for, of the kind of the parameter."""
    try:
        if kind is bool:
            return text.lower() == "true" if text in ("true", "True", "false", "False") else bool(int(text))
        return kind(text)
    except ValueError:
        raise ValueError(f"HParams: {name} must be of type {kind.__name__}, got {text!r}") from None


class HParams:
    """Parameters with names, types and values: `HParams(rate=0.1, sizes=[3, 5])`, then `.rate`."""

    def __init__(self, hparam_def=None, model_structure=None, **kwargs):
        if hparam_def is not None:
            raise NotImplementedError("HParams: hparam_def, a protocol buffer, is not served; give the values")
        self._hparam_types, self._model_structure = {}, model_structure
        for name, value in kwargs.items():
            self.add_hparam(name, value)

    def add_hparam(self, name, value):
        """Adds a parameter; its type, or that of its list, is the value's."""
        if getattr(self, name, None) is not None:
            raise ValueError(f"HParams: the name {name} is taken")
        is_list = isinstance(value, (list, tuple))
        if is_list and not value:
            raise ValueError(f"HParams: the list {name} must not be empty")
        self._hparam_types[name] = (type(value[0] if is_list else value), is_list)
        setattr(self, name, value)

    def _cast(self, name, value):
        kind = self._hparam_types[name][0]
        if kind is type(None) or type(value) is kind:
            return value
        strings, whole = (str, bytes), issubclass(kind, numbers.Integral)
        fits = not (
            issubclass(kind, strings)
            and not isinstance(value, strings)
            or issubclass(kind, bool) != isinstance(value, bool)
            or whole
            and not isinstance(value, numbers.Integral)
            or issubclass(kind, numbers.Number)
            and not isinstance(value, numbers.Number)
        )
        if not fits:
            raise ValueError(f"HParams: {name} must be of type {kind.__name__}, got {value!r}")
        return kind(value)

    def set_hparam(self, name, value):
        """Gives a parameter a value of its type."""
        is_list = self._hparam_types[name][1]
        if isinstance(value, list) != is_list:
            raise ValueError(f"HParams: {name} must {'' if is_list else 'not '}be a list, got {value!r}")
        setattr(self, name, [self._cast(name, v) for v in value] if is_list else self._cast(name, value))

    def del_hparam(self, name):
        """Takes a parameter out."""
        if hasattr(self, name):
            delattr(self, name)
            del self._hparam_types[name]

    def parse(self, values):
        """Sets parameters from a text, "rate=0.5,sizes=[1,2],sizes[0]=3"; returns itself."""
        found, place = {}, 0
        while place < len(values):
            match = _PARAMETER.match(values, place)
            if not match:
                raise ValueError(f"HParams: cannot read {values[place:]!r}")
            place, name = match.end(), match.group("name")
            if name not in self._hparam_types:
                raise ValueError(
                    "HParams: there is no parameter {}; there are {}".format(
                        name, ", ".join(sorted(self._hparam_types))
                    )
                )
            kind = self._hparam_types[name][0]
            if match.group("index"):
                found.setdefault(name, list(getattr(self, name)))[int(match.group("index"))] = _parsed(
                    match.group("value"), kind, name
                )
            elif name in found:
                raise ValueError(f"HParams: {name} is given twice in {values!r}")
            elif match.group("values") is not None:
                parts = [part for part in re.split("[ ,]", match.group("values")) if part]
                found[name] = [_parsed(part, kind, name) for part in parts]
            else:
                found[name] = _parsed(match.group("value"), kind, name)
        return self.override_from_dict(found)

    def override_from_dict(self, values_dict):
        """Sets parameters from a dict; returns itself."""
        for name, value in values_dict.items():
            self.set_hparam(name, value)
        return self

    set_from_map = override_from_dict

    def parse_json(self, values_json):
        """Sets parameters from JSON; returns itself."""
        return self.override_from_dict(json.loads(values_json))

    def to_json(self, indent=None, separators=None, sort_keys=False):
        """Returns the values as JSON."""
        return json.dumps(self.values(), indent=indent, separators=separators, sort_keys=sort_keys)

    def set_model_structure(self, model_structure):
        self._model_structure = model_structure

    def get_model_structure(self):
        return self._model_structure

    def values(self):
        """Returns {name: value}."""
        return {name: getattr(self, name) for name in self._hparam_types}

    def get(self, key, default=None):
        """Returns a parameter's value, or the default where there is none."""
        return getattr(self, key) if key in self._hparam_types else default

    def __contains__(self, key):
        return key in self._hparam_types

    def __str__(self):
        return ",".join(f"{name}={value}" for name, value in self.values().items())

    def __repr__(self):
        return f"HParams({sorted(self.values().items())})"
