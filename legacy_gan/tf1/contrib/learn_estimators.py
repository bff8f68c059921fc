"""tf.contrib.learn's Estimator, SKCompat, ModelFnOps and MetricSpec, over tf.estimator's Estimator.

Source: the interface, the batches of arrays, and the keys of tf.contrib.learn in TensorFlow 1.15.5.
"""

import collections
import copy

import numpy as np
import tensorflow.compat.v1 as tf

from legacy_gan.tf1 import by_version
from legacy_gan.tf1.contrib.learn_configuration import ModeKeys, RunConfig
from legacy_gan.tf1.contrib.learn_monitors import replace_monitors_with_hooks
from legacy_gan.tf1.estimator.inputs import arguments_of

__all__ = ["Estimator", "MetricSpec", "ModelFnOps", "NotFittedError", "SKCompat"]


class NotFittedError(ValueError, AttributeError):
    """An estimator was asked for what it has not learnt yet."""


_Fields = collections.namedtuple(
    "ModelFnOps",
    [
        "predictions",
        "loss",
        "train_op",
        "eval_metric_ops",
        "output_alternatives",
        "training_chief_hooks",
        "training_hooks",
        "scaffold",
        "mode",
    ],
)


class ModelFnOps(_Fields):
    """What a model_fn returns.

    Args:
      mode: one of tf.contrib.learn.ModeKeys. predictions: a tensor or a dict of them.
      loss: a tensor of one number. train_op: an operation or a tensor.
      eval_metric_ops: dict of a name to a tensor or to (value, update operation).
    Raises:
      ValueError: if the mode's are missing.
    """

    def __new__(
        cls,
        mode,
        predictions=None,
        loss=None,
        train_op=None,
        eval_metric_ops=None,
        output_alternatives=None,
        training_chief_hooks=None,
        training_hooks=None,
        scaffold=None,
    ):
        if train_op is None and mode == ModeKeys.TRAIN:
            raise ValueError("Missing train_op.")
        if loss is None and mode in (ModeKeys.TRAIN, ModeKeys.EVAL):
            raise ValueError("Missing loss.")
        if predictions is None and mode in (ModeKeys.INFER, ModeKeys.EVAL):
            raise ValueError("Missing predictions.")
        return super().__new__(
            cls,
            predictions,
            loss,
            train_op,
            dict(eval_metric_ops or {}),
            output_alternatives,
            list(training_chief_hooks or ()),
            list(training_hooks or ()),
            scaffold,
            mode,
        )

    def estimator_spec(self, default_serving_output_alternative_key=None):
        """Returns the same as a tf.estimator.EstimatorSpec."""
        metrics = {
            name: metric if isinstance(metric, (tuple, list)) else (metric, tf.no_op())
            for name, metric in self.eval_metric_ops.items()
        }
        return by_version.estimator().EstimatorSpec(
            self.mode,
            self.predictions,
            self.loss,
            self.train_op,
            metrics,
            training_chief_hooks=self.training_chief_hooks,
            training_hooks=self.training_hooks,
            scaffold=self.scaffold,
        )


class MetricSpec:
    """A metric of chosen labels and predictions.

    Args:
      metric_fn: a function, of tf.metrics or tf.contrib.metrics for example, of labels and predictions, by these
        names or label, target, targets, prediction, logit, logits; else of predictions first.
      prediction_key, label_key, weight_key: str, which of the predictions, labels and features; None if there is one.
    """

    def __init__(self, metric_fn, prediction_key=None, label_key=None, weight_key=None):
        self.metric_fn = metric_fn
        self.prediction_key, self.label_key, self.weight_key = prediction_key, label_key, weight_key

    def create_metric_ops(self, inputs, labels, predictions):
        """Returns what the metric makes of features, labels and predictions."""
        prediction = _chosen("prediction", predictions, self.prediction_key)
        label = _chosen("label", labels, self.label_key)
        names = arguments_of(self.metric_fn)
        args, named = [], {}
        for value, known in (
            (prediction, ("predictions", "prediction", "logits", "logit")),
            (label, ("labels", "label", "targets", "target")),
        ):
            name = next((name for name in known if name in names), None)
            if name is not None:
                named[name] = value
            elif value is prediction:
                args.append(value)
        if args and names and names[0] in named:  # labels come first, and by position
            args.insert(0, named.pop(names[0]))
        if self.weight_key:
            name = next((name for name in ("weights", "weight") if name in names), None)
            if name is None:
                raise ValueError(
                    f"MetricSpec: {self.metric_fn} takes no weights, and weight_key is {self.weight_key!r}"
                )
            named[name] = inputs[self.weight_key]
        return self.metric_fn(*args, **named)


def _chosen(what, given, key):
    """Returns the one tensor of a dict or tensor that a MetricSpec is about."""
    if key:
        if not isinstance(given, dict):
            raise ValueError(f"MetricSpec with {what}_key specified requires {what}s dict, got {given}.")
        if key not in given:
            raise KeyError(f"Key '{key}' missing from {list(given)}.")
        return given[key]
    if isinstance(given, dict):
        if len(given) != 1:
            raise ValueError(f"MetricSpec without specified {what}_key requires {what}s tensor, got {list(given)}")
        return next(iter(given.values()))
    return given


def _metrics_of(metrics, features, labels, predictions):
    """Returns dict of name to what each of `metrics` makes: MetricSpecs, or functions of predictions and labels."""
    made = {}
    for name, metric in sorted(metrics.items(), key=lambda item: str(item[0])):
        if isinstance(metric, MetricSpec):
            made[name] = metric.create_metric_ops(features, labels, predictions)
        elif isinstance(name, tuple):
            made[name[0]] = metric(predictions[name[1]], _chosen("label", labels, None))
        elif isinstance(predictions, dict):
            raise ValueError(f"Metrics passed provide only name, no prediction, but predictions are dict: {metrics}")
        else:
            made[name] = metric(predictions, _chosen("label", labels, None))
    return made


class Estimator:
    """Trains, evaluates and predicts with the graph of a model_fn; data may be arrays.

    Args:
      model_fn: a function of features, labels and, as far as it has such arguments, mode, params, config and
        model_dir; returns ModelFnOps, or (predictions, loss, train_op).
      model_dir: str, folder for checkpoints. config: RunConfig. params: dict.
      feature_engineering_fn: a function of features and labels that returns others, which model_fn is given.
    """

    def __init__(self, model_fn=None, model_dir=None, config=None, params=None, feature_engineering_fn=None):
        takes = arguments_of(model_fn)
        if params is not None and "params" not in takes:
            raise ValueError(
                f"Estimator's model_fn ({model_fn}) does not have a params argument, but params ({params}) were passed "
                "to the Estimator's constructor."
            )
        self._model_fn, self.params, self._takes = model_fn, params, takes
        self._engineered = feature_engineering_fn or (lambda features, labels: (features, labels))
        self._metrics = {}

        def spec_of(features, labels, mode, config):
            return self._call_model_fn(features, labels, mode, config).estimator_spec()

        self._core = by_version.estimator().Estimator(spec_of, model_dir, config or RunConfig())

    model_dir = property(lambda self: self._core.model_dir)
    config = property(lambda self: copy.deepcopy(self._core.config))

    @property
    def model_fn(self):
        """The model_fn with its params, a function of features, labels, mode and config."""
        return self._call_model_fn

    def _call_model_fn(self, features, labels, mode, config=None):
        features, labels = self._engineered(features, labels)
        given = {"mode": mode, "params": self.params, "config": config or self.config, "model_dir": self.model_dir}
        made = self._model_fn(features, labels, **{name: given[name] for name in given if name in self._takes})
        if not isinstance(made, ModelFnOps):
            if not isinstance(made, tuple) or len(made) != 3:
                raise ValueError("Unrecognized value returned by model_fn, please return ModelFnOps.")
            made = ModelFnOps(mode, *made)
        if mode != ModeKeys.EVAL:
            return made
        metrics = dict(made.eval_metric_ops, **_metrics_of(self._metrics, features, labels, made.predictions))
        # tf.estimator's own is called loss.
        return made._replace(eval_metric_ops={_OWN_LOSS if name == "loss" else name: metrics[name] for name in metrics})

    # Training

    def fit(self, x=None, y=None, input_fn=None, steps=None, batch_size=None, monitors=None, max_steps=None):
        """Trains for `steps` more, or up to the step max_steps, on arrays or on what input_fn returns.

        Args:
          x: array [examples, ...] or dict of them; y: array. batch_size: int, None for all of them at a time.
          monitors: hooks, and monitors of tf.contrib.learn.monitors.
        Returns:
          itself.
        """
        if steps is not None and max_steps is not None:
            raise ValueError("Can not provide both steps and max_steps.")
        input_fn, hooks = _fed(x, y, input_fn, batch_size, True, None)
        hooks += replace_monitors_with_hooks(monitors, self)
        self._core.train(input_fn, hooks, steps=steps, max_steps=max_steps)
        return self

    def partial_fit(self, x=None, y=None, input_fn=None, steps=1, batch_size=None, monitors=None):
        """Trains for one step, or `steps`."""
        return self.fit(x, y, input_fn, steps, batch_size, monitors)

    # Evaluation and prediction

    def evaluate(
        self,
        x=None,
        y=None,
        input_fn=None,
        feed_fn=None,
        batch_size=None,
        steps=None,
        metrics=None,
        name=None,
        checkpoint_path=None,
        hooks=None,
        log_progress=True,
    ):
        """Evaluates on arrays or on what input_fn returns.

        Args:
          metrics: dict of a name to a MetricSpec; for predictions that are no dict, to a function of them and labels.
        Returns:
          dict of the metrics, "loss" (the batches' mean) and "global_step".
        """
        if metrics is not None and not isinstance(metrics, dict):
            raise ValueError(f"Metrics argument should be None or dict. Got {metrics}.")
        self._check_fitted(checkpoint_path)
        input_fn, fed = _fed(x, y, input_fn, batch_size, False, 1)
        fed += [tf.train.FeedFnHook(feed_fn)] if feed_fn else []
        self._metrics = metrics or {}
        try:
            found = self._core.evaluate(input_fn, steps or None, fed + list(hooks or ()), checkpoint_path, name)
        finally:
            self._metrics = {}
        if _OWN_LOSS in found:
            found["loss"] = found.pop(_OWN_LOSS)
        return found

    def predict(self, x=None, input_fn=None, batch_size=None, outputs=None, as_iterable=True, iterate_batches=False):
        """Returns what yields the prediction of each example, or with as_iterable=False all of them as arrays.

        Args:
          outputs: names of predictions, None for all. iterate_batches: bool, whether a whole batch is yielded.
        """
        self._check_fitted(None)
        if x is not None and not as_iterable:
            return SKCompat(self).predict(x, batch_size, outputs)
        input_fn, hooks = _fed(x, None, input_fn, batch_size, False, 1)
        hooks = hooks or [_OneBatchOfConstants()]
        whole = iterate_batches or not as_iterable
        found = self._core.predict(input_fn, outputs, hooks, yield_single_examples=not whole)
        return found if as_iterable else next(found)

    def _check_fitted(self, checkpoint_path):
        if not checkpoint_path and tf.train.latest_checkpoint(self.model_dir) is None:
            raise NotFittedError(f"Couldn't find trained model at {self.model_dir}.")

    def get_variable_names(self):
        """Returns the names of what the last checkpoint holds."""
        return self._core.get_variable_names()

    def get_variable_value(self, name):
        """Returns an array of the last checkpoint."""
        return self._core.get_variable_value(name)


_OWN_LOSS = "loss of model_fn"


class SKCompat:
    """An Estimator with the interface of scikit-learn: arrays, 128 examples at a time."""

    def __init__(self, estimator):
        self._estimator = estimator

    def fit(self, x, y, batch_size=128, steps=None, max_steps=None, monitors=None):
        """Trains; returns itself."""
        self._estimator.fit(x, y, None, steps, batch_size, monitors, max_steps)
        return self

    def score(self, x, y, batch_size=128, steps=None, metrics=None, name=None):
        """Evaluates; returns a dict."""
        return self._estimator.evaluate(x, y, batch_size=batch_size, steps=steps, metrics=metrics, name=name)

    def predict(self, x, batch_size=128, outputs=None):
        """Returns the predictions of all examples: an array, or a dict of arrays."""
        batches = list(self._estimator.predict(x, None, batch_size, outputs, iterate_batches=True))
        if not isinstance(batches[0], dict):
            return np.concatenate(batches)
        return {key: np.concatenate([batch[key] for batch in batches]) for key in batches[0]}


class _OneBatchOfConstants(tf.train.SessionRunHook):
    """Ends a prediction after one batch if the input has no queue, and so would never end."""

    def after_run(self, run_context, run_values):
        if not tf.get_default_graph().get_collection(tf.GraphKeys.QUEUE_RUNNERS):
            run_context.request_stop()


# Arrays


def _fed(x, y, input_fn, batch_size, shuffle, epochs):
    """Returns (an input_fn, hooks that feed it) of arrays, or of an input_fn.

    Raises:
      ValueError: for both or neither.
    """
    if (x is None) == (input_fn is None):
        raise ValueError("Can not provide both input_fn and x or y." if x is not None else "Either x or input_fn.")
    if x is None:
        if y is not None or batch_size is not None:
            raise ValueError("Can not provide y or batch_size with input_fn.")
        return input_fn, []
    arrays = _Arrays(x, y, batch_size, shuffle, epochs)
    return arrays.placeholders, [tf.train.FeedFnHook(arrays.next_batch)]


class _Arrays:
    """Batches of arrays, shuffled by NumPy's RandomState(42) as tf.contrib.learn does.

    Args:
      x: array, table of pandas, or dict of arrays. y: array or None. epochs: int, or None for no end.
    """

    def __init__(self, x, y, batch_size, shuffle, epochs):
        self._x = {key: np.asarray(value) for key, value in x.items()} if isinstance(x, dict) else np.asarray(x)
        self._y = None if y is None else np.asarray(y)
        self._length = len(next(iter(self._x.values())) if isinstance(x, dict) else self._x)
        self._size = self._length if batch_size is None else batch_size
        if self._size <= 0:
            raise ValueError(f"Invalid batch_size {self._size}.")
        self._shuffle, self._epochs = shuffle, epochs
        self._random = np.random.RandomState(42)
        self._offset, self._epoch, self._order = 0, 0, self._next_order()

    def _next_order(self):
        return self._random.permutation(self._length) if self._shuffle else np.arange(self._length)

    def placeholders(self):
        """Returns the placeholders of a graph: (features, labels or None)."""

        def placeholder(array, shape, name):
            return tf.placeholder(tf.as_dtype(array.dtype), [None] + shape, name=name)

        if isinstance(self._x, dict):
            features = {
                key: placeholder(value, list(value.shape[1:]) or [1], f"input_{key}") for key, value in self._x.items()
            }
        else:
            features = placeholder(self._x, list(self._x.shape[1:]) or [1], "input")
        labels = None if self._y is None else placeholder(self._y, self._label_shape(), "output")
        self._placeholders = features, labels
        return features, labels

    def _label_shape(self):
        shape = list(self._y.shape[1:])
        return shape[1:] if shape and shape[0] == 1 else shape

    def next_batch(self):
        """Returns what is fed for the next batch.

        Raises:
          tf.errors.OutOfRangeError: after the last one.
        """
        if self._epochs is not None and self._epoch >= self._epochs:
            raise tf.errors.OutOfRangeError(None, None, "the arrays are at their end")
        chosen = self._order[self._offset : self._offset + self._size]
        self._offset += self._size
        if self._offset >= self._length:
            self._offset, self._epoch, self._order = 0, self._epoch + 1, self._next_order()
        features, labels = self._placeholders
        if isinstance(features, dict):
            fed = {features[key]: _rows(self._x[key], chosen) for key in features}
        else:
            fed = {features: _rows(self._x, chosen)}
        if labels is not None:
            fed[labels] = self._y[chosen].reshape([len(chosen)] + self._label_shape())
        return fed


def _rows(array, chosen):
    rows = array[chosen]
    return rows.reshape(-1, 1) if rows.ndim == 1 else rows
