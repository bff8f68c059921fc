"""tf.contrib.learn's Experiment and learn_runner: trains and evaluates an estimator by a schedule, in one process.

Source: the interface, defaults and schedules of tf.contrib.learn in TensorFlow 1.15.5.
"""

import time

import tensorflow.compat.v1 as tf

from legacy_gan.errors import NotServed
from legacy_gan.tf1 import by_version
from legacy_gan.tf1.contrib.learn_monitors import ValidationMonitor, replace_monitors_with_hooks

__all__ = ["Experiment", "run"]


class Experiment:
    """An estimator with the data that it is trained and evaluated on.

    Args:
      estimator: of tf.contrib.learn or of tf.estimator.
      train_input_fn, eval_input_fn: functions that return features and labels.
      eval_metrics: dict of MetricSpec; with an estimator of tf.contrib.learn only.
      train_steps: int, the step at which a training ends; None for no end. eval_steps: int, batches.
      train_monitors, eval_hooks: lists. min_eval_frequency: int, steps between looks for a checkpoint to evaluate.
      eval_delay_secs: float, what evaluate() waits before it begins.
    """

    def __init__(
        self,
        estimator,
        train_input_fn,
        eval_input_fn,
        eval_metrics=None,
        train_steps=None,
        eval_steps=100,
        train_monitors=None,
        eval_hooks=None,
        local_eval_frequency=None,
        eval_delay_secs=120,
        continuous_eval_throttle_secs=60,
        min_eval_frequency=None,
        delay_workers_by_global_step=False,
        export_strategies=None,
        train_steps_per_iteration=None,
        checkpoint_and_export=False,
        saving_listeners=None,
        check_interval_secs=5,
    ):
        self._is_core = isinstance(estimator, by_version.estimator().Estimator)
        if self._is_core and eval_metrics is not None:
            raise ValueError(
                "`eval_metrics` must be `None` with `tf.estimator.Estimator`. "
                "Use `eval_metric_ops` in `tf.estimator.EstimatorSpec` instead."
            )
        if not self._is_core and not (hasattr(estimator, "fit") and hasattr(estimator, "evaluate")):
            raise ValueError("`estimator` must be of `tf.contrib.learn` or a `tf.estimator.Estimator`.")
        if not self._is_core and saving_listeners is not None:
            raise ValueError("`saving_listeners` must be `None` with `tf.contrib.learn.Estimator`.")
        if export_strategies or checkpoint_and_export:
            instead = "export with tf.estimator.Estimator.export_savedmodel after the training"
            raise NotServed("tf.contrib.learn.Experiment(export_strategies=...)", instead)
        self._estimator, self._eval_metrics = estimator, eval_metrics
        self._train_input_fn, self._eval_input_fn = train_input_fn, eval_input_fn
        self._train_steps, self._eval_steps = train_steps, eval_steps
        self._train_monitors, self._eval_hooks = list(train_monitors or ()), list(eval_hooks or ())
        self._local_eval_frequency, self._eval_delay_secs = local_eval_frequency, eval_delay_secs
        self._min_eval_frequency = 1 if min_eval_frequency is None else min_eval_frequency
        self._saving_listeners, self._check_interval_secs = saving_listeners, check_interval_secs

    estimator = property(lambda self: self._estimator)
    eval_metrics = property(lambda self: self._eval_metrics)
    train_steps = property(lambda self: self._train_steps)
    eval_steps = property(lambda self: self._eval_steps)

    def extend_train_hooks(self, additional_hooks):
        """Adds to what looks at a training."""
        self._train_monitors.extend(additional_hooks)

    def train(self, delay_secs=None):
        """Trains; returns the estimator."""
        if delay_secs:
            time.sleep(delay_secs)
        return self._train(self._train_monitors, max_steps=self._train_steps)

    def evaluate(self, delay_secs=None, name=None):
        """Evaluates, after eval_delay_secs; returns a dict."""
        delay_secs = self._eval_delay_secs if delay_secs is None else delay_secs
        if delay_secs:
            tf.logging.info("Waiting %d secs before starting eval.", delay_secs)
            time.sleep(delay_secs)
        return self._evaluate(name or "one_pass")

    def train_and_evaluate(self):
        """Trains, evaluates new checkpoints on the way and the last one; returns (its dict, [])."""
        return self._train_and_evaluate(self._min_eval_frequency)

    def local_run(self):
        """Does the same, and looks for checkpoints every local_eval_frequency steps."""
        return self._train_and_evaluate(self._local_eval_frequency)

    def test(self):
        """Trains and evaluates for a step; returns the evaluation's dict."""
        self._train(self._train_monitors, steps=1)
        return self._evaluate("one_pass", 1)

    def continuous_eval(self, **ignored):
        """Refuses: it evaluates what another process trains."""
        raise NotServed("tf.contrib.learn.Experiment.continuous_eval", "use train_and_evaluate, in one process")

    def _train_and_evaluate(self, frequency):
        monitors = list(self._train_monitors)
        if frequency:
            monitors.append(
                ValidationMonitor(
                    input_fn=self._eval_input_fn,
                    eval_steps=self._eval_steps,
                    metrics=self._eval_metrics,
                    every_n_steps=frequency,
                    check_interval_secs=self._check_interval_secs,
                    hooks=self._eval_hooks,
                )
            )
        self._train(monitors, max_steps=self._train_steps)
        return self._evaluate(None), []

    def _train(self, monitors, **steps):
        if not self._is_core:
            return self._estimator.fit(input_fn=self._train_input_fn, monitors=monitors, **steps)
        hooks = replace_monitors_with_hooks(monitors, self._estimator)
        return self._estimator.train(self._train_input_fn, hooks, saving_listeners=self._saving_listeners, **steps)

    def _evaluate(self, name, steps=None):
        options = dict(input_fn=self._eval_input_fn, steps=steps or self._eval_steps, name=name, hooks=self._eval_hooks)
        if not self._is_core:
            options["metrics"] = self._eval_metrics
        return self._estimator.evaluate(**options)


def run(experiment_fn, output_dir=None, schedule=None, run_config=None, hparams=None):
    """Makes an Experiment and carries out a schedule, the name of one of its methods.

    Args:
      experiment_fn: a function of output_dir; with run_config, of run_config and hparams.
      schedule: str, train_and_evaluate unless another is given.
    Returns:
      what the method returns.
    Raises:
      ValueError, TypeError: for other combinations of arguments, and for what is no method.
    """
    if (output_dir is None) == (run_config is None):
        both = "Must set value for" if run_config is None else "Cannot provide both"
        raise ValueError(f"{both} `output_dir` or `run_config`")
    if not callable(experiment_fn):
        raise TypeError(f'Experiment builder "{experiment_fn}" is not callable.')
    if run_config is not None:
        if not run_config.model_dir:
            raise ValueError("Must specify a model directory in `run_config`.")
        experiment = experiment_fn(run_config=run_config, hparams=hparams)
    else:
        if hparams is not None:
            raise ValueError("Must set `hparams` as None for `experiment_fn` with `output_dir`.")
        experiment = experiment_fn(output_dir=output_dir)
    if not isinstance(experiment, Experiment):
        raise TypeError(f"Experiment builder did not return an Experiment instance, got {type(experiment)} instead.")
    task = getattr(experiment, schedule or "train_and_evaluate", None)
    if task is None:
        raise ValueError(f"Schedule references non-existent task {schedule}")
    if not callable(task):
        raise TypeError(f"Schedule references non-callable member {schedule}")
    return task()
