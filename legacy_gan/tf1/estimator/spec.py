"""What a model_fn is called for, ModeKeys, and what it returns, EstimatorSpec.

Source: the interface, defaults and error texts of tf.estimator in TensorFlow 1.15.
"""

import collections

import tensorflow.compat.v1 as tf

from legacy_gan.tf1.estimator.export import outputs_of

__all__ = ["EstimatorSpec", "ModeKeys", "checked_hooks"]


class ModeKeys:
    """What a model_fn is called for."""

    TRAIN = "train"
    EVAL = "eval"
    PREDICT = "infer"


_SpecFields = collections.namedtuple(
    "EstimatorSpec",
    [
        "mode",
        "predictions",
        "loss",
        "train_op",
        "eval_metric_ops",
        "export_outputs",
        "training_chief_hooks",
        "training_hooks",
        "scaffold",
        "evaluation_hooks",
        "prediction_hooks",
    ],
)


class EstimatorSpec(_SpecFields):
    """What a model_fn returns: the tensors and operations that its mode needs.

    Args:
      mode: one of ModeKeys.
      predictions: a tensor, or a dict of them. loss: a tensor of one number. train_op: an operation or a tensor.
      eval_metric_ops: dict of a name to (value, update operation), or to a metric of tf.keras.
      export_outputs: dict of a signature's name to an output of tf.estimator.export.
      scaffold: tf.train.Scaffold. The hooks: tf.train.SessionRunHook.
    Raises:
      ValueError, TypeError: if what the mode needs is missing or of another type.
    """

    def __new__(
        cls,
        mode,
        predictions=None,
        loss=None,
        train_op=None,
        eval_metric_ops=None,
        export_outputs=None,
        training_chief_hooks=None,
        training_hooks=None,
        scaffold=None,
        evaluation_hooks=None,
        prediction_hooks=None,
    ):
        needed = {
            ModeKeys.TRAIN: {"loss": loss, "train_op": train_op},
            ModeKeys.EVAL: {"loss": loss},
            ModeKeys.PREDICT: {"predictions": predictions},
        }
        if mode not in needed:
            raise TypeError(f"EstimatorSpec: mode must be one of ModeKeys, got {mode!r}")
        for name, value in needed[mode].items():
            if value is None:
                raise ValueError(f"Missing {name} of an EstimatorSpec for mode {mode!r}")
        predictions = {} if predictions is None else predictions
        if mode == ModeKeys.PREDICT:
            export_outputs = outputs_of(export_outputs, predictions)
        return super().__new__(
            cls,
            mode,
            predictions,
            _scalar(loss),
            train_op,
            _metrics(eval_metric_ops),
            export_outputs,
            checked_hooks(training_chief_hooks),
            checked_hooks(training_hooks),
            scaffold or tf.train.Scaffold(),
            checked_hooks(evaluation_hooks),
            checked_hooks(prediction_hooks),
        )


def checked_hooks(hooks):
    """Returns hooks as a tuple.

    Raises:
      TypeError: if one is no SessionRunHook.
    """
    for hook in hooks or ():
        if not isinstance(hook, tf.train.SessionRunHook):
            raise TypeError(f"All hooks must be SessionRunHook instances, given: {hook}")
    return tuple(hooks or ())


def _scalar(loss):
    """Returns a loss of one number as a scalar."""
    if loss is None:
        return None
    shape = loss.shape if hasattr(loss, "shape") else tf.TensorShape(None)
    if shape.num_elements() not in (None, 1):
        raise ValueError(f"Loss must be scalar, given: {loss}")
    return loss if shape.is_compatible_with(tf.TensorShape([])) else tf.reshape(loss, [])


def _metrics(metrics):
    """Returns dict of name to (value, update) of what a model_fn gives as eval_metric_ops."""
    checked = {}
    for name, metric in (metrics or {}).items():
        if hasattr(metric, "result") and hasattr(metric, "updates"):  # of Keras
            checked[name] = metric.result(), metric.updates[0]
        elif isinstance(metric, (tuple, list)) and len(metric) == 2:
            checked[name] = metric
        else:
            raise TypeError(f"Values of eval_metric_ops must be (metric_value, update_op) tuples, given: {metric}")
    return checked
