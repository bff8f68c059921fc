"""tf.contrib.learn.monitors: what looks at a training of a tf.contrib.learn.Estimator, ValidationMonitor above all.

Source: the interface and the steps at which monitors act, of tf.contrib.learn in TensorFlow 1.15.5.
"""

import copy
import time

import tensorflow.compat.v1 as tf

from legacy_gan.tf1 import by_version
from legacy_gan.tf1.namespace import refusal

__all__ = [
    "BaseMonitor",
    "EveryN",
    "PrintTensor",
    "RunHookAdapterForMonitors",
    "StopAtStep",
    "ValidationMonitor",
    "replace_monitors_with_hooks",
]

__getattr__ = refusal("tf.contrib.learn.monitors")


class BaseMonitor:
    """What is called around each step; a monitor of one's own overrides some of its methods."""

    def __init__(self):
        self._estimator = None
        self._max_steps = None

    run_on_all_workers = property(lambda self: False)

    def set_estimator(self, estimator):
        """Is told of the estimator that is trained."""
        self._estimator = estimator

    def begin(self, max_steps=None):
        """Is called when the training begins."""
        self._max_steps = max_steps

    def end(self, session=None):
        """Is called when it has ended."""

    def epoch_begin(self, epoch):
        """Is never called: an estimator has no epochs."""

    def epoch_end(self, epoch):
        """Is never called: an estimator has no epochs."""

    def step_begin(self, step):
        """Returns a list of tensors, or their names, to be computed with the step."""
        return []

    def step_end(self, step, output):
        """Returns whether the training is to stop; output: dict of what step_begin asked for to its value."""
        return False

    def post_step(self, step, session):
        """Is called after the step."""


class EveryN(BaseMonitor):
    """A monitor that acts every so many steps.

    Args:
      every_n_steps: int. first_n_steps: int, at each of the first steps, too.
    """

    def __init__(self, every_n_steps=100, first_n_steps=1):
        super().__init__()
        self._every_n_steps, self._first_n_steps = every_n_steps, first_n_steps
        self._last_successful_step, self._last_active_step, self._is_active = None, 0, False

    def every_n_step_begin(self, step):
        """Returns what is to be computed with the step."""
        return []

    def every_n_step_end(self, step, outputs):
        """Returns whether the training is to stop."""
        return False

    def every_n_post_step(self, step, session):
        """Is called after such a step, and at the end."""

    def step_begin(self, step):
        super().step_begin(step)
        due = step >= self._every_n_steps + self._last_active_step
        self._is_active = step <= self._first_n_steps or due or step == self._max_steps
        return self.every_n_step_begin(step) if self._is_active else []

    def step_end(self, step, output):
        super().step_end(step, output)
        return self.every_n_step_end(step, output) if self._is_active else False

    def post_step(self, step, session):
        super().post_step(step, session)
        if self._is_active:
            self.every_n_post_step(step, session)
            self._last_active_step = step
        self._last_successful_step = step

    def end(self, session=None):
        super().end(session=session)
        if self._last_successful_step != self._last_active_step:
            self.every_n_post_step(self._last_successful_step, session)


class PrintTensor(EveryN):
    """Logs tensors: names as a list, or as a dict of what is shown to the name."""

    def __init__(self, tensor_names, every_n=100, first_n=1):
        super().__init__(every_n, first_n)
        shown = tensor_names if isinstance(tensor_names, dict) else {name: name for name in tensor_names}
        self._names = dict(shown)

    def every_n_step_begin(self, step):
        super().every_n_step_begin(step)
        return list(self._names.values())

    def every_n_step_end(self, step, outputs):
        super().every_n_step_end(step, outputs)
        values = [f"{shown} = {outputs[name]}" for shown, name in self._names.items() if name in outputs]
        tf.logging.info("Step %d: %s", step, ", ".join(values))
        return False


class StopAtStep(BaseMonitor):
    """Stops a training after num_steps steps, or at the step last_step."""

    def __init__(self, num_steps=None, last_step=None):
        super().__init__()
        if (num_steps is None) == (last_step is None):
            raise ValueError("Exactly one of num_steps and last_step must be specified.")
        self._num_steps, self._last_step = num_steps, last_step

    def step_begin(self, step):
        super().step_begin(step)
        if self._last_step is None:
            self._last_step = step + self._num_steps - 1
        return []

    def step_end(self, step, output):
        super().step_end(step, output)
        return step >= self._last_step


class ValidationMonitor(EveryN):
    """Evaluates the newest checkpoint while the estimator is trained; stops a training that gets no better.

    Args:
      x, y, input_fn, batch_size, eval_steps, metrics, hooks, name: as of the estimator's evaluate.
      every_n_steps: int, how often it looks for a new checkpoint.
      early_stopping_rounds: int, the number of steps without a better value after which the training stops.
      early_stopping_metric: str, whose value. early_stopping_metric_minimize: bool, whether less is better.
      check_interval_secs: float, the least time between two looks; None for none.
    """

    def __init__(
        self,
        x=None,
        y=None,
        input_fn=None,
        batch_size=None,
        eval_steps=None,
        every_n_steps=100,
        metrics=None,
        hooks=None,
        early_stopping_rounds=None,
        early_stopping_metric="loss",
        early_stopping_metric_minimize=True,
        name=None,
        check_interval_secs=5,
    ):
        super().__init__(every_n_steps=every_n_steps, first_n_steps=-1)
        if x is None and input_fn is None:
            raise ValueError("Either x or input_fn should be provided.")
        self._data = dict(x=x, y=y, batch_size=batch_size, metrics=metrics)
        self._evaluation = dict(input_fn=input_fn, steps=eval_steps, hooks=hooks, name=name)
        self.early_stopping_rounds, self.early_stopping_metric = early_stopping_rounds, early_stopping_metric
        self.early_stopping_metric_minimize, self._check_interval_secs = (
            early_stopping_metric_minimize,
            check_interval_secs,
        )
        self._best_step = self._best_value = self._best_metrics = self._newest = self._looked = None
        self._early_stopped = False

    early_stopped = property(lambda self: self._early_stopped)
    best_step = property(lambda self: self._best_step)
    best_value = property(lambda self: self._best_value)
    best_metrics = property(lambda self: self._best_metrics)

    def _evaluate(self):
        if not isinstance(self._estimator, by_version.estimator().Estimator):
            return self._estimator.evaluate(**self._data, **self._evaluation)
        if any(value is not None for value in self._data.values()):
            raise ValueError("tf.estimator.Estimator does not support following arguments: x, y, batch_size, metrics.")
        return self._estimator.evaluate(**self._evaluation)

    def every_n_step_end(self, step, outputs):
        super().every_n_step_end(step, outputs)
        now, interval = time.time(), self._check_interval_secs
        if interval is not None and self._looked is not None and now - self._looked <= interval:
            return False
        self._looked = now
        newest = tf.train.latest_checkpoint(self._estimator.model_dir)
        if newest is None or newest == self._newest:
            return False
        self._newest = newest
        found = self._evaluate()
        shown = ", ".join(f"{name} = {value}" for name, value in found.items())
        tf.logging.info("Validation (step %d): %s", step, shown)
        return self.early_stopping_rounds is not None and self._is_over(step, found)

    def _is_over(self, step, found):
        """Notes a better value; returns whether there has been none for too long."""
        metric = self.early_stopping_metric
        if metric not in found:
            raise ValueError(f"Metric {metric} missing from outputs {set(found)}.")
        value, best = found[metric], self._best_value
        if best is None or (value < best if self.early_stopping_metric_minimize else value > best):
            self._best_value, self._best_metrics, self._best_step = value, copy.deepcopy(found), step
        if step - self._best_step < self.early_stopping_rounds:
            return False
        tf.logging.info(f"Stopping. Best step: {self._best_step} with {metric} = {self._best_value}.")
        self._early_stopped = True
        return True


class RunHookAdapterForMonitors(tf.train.SessionRunHook):
    """A hook that has monitors act."""

    def __init__(self, monitors):
        self._monitors, self._step = monitors, None

    def begin(self):
        self._step, self._global_step = None, tf.train.get_global_step()
        for monitor in self._monitors:
            monitor.begin(max_steps=None)

    def before_run(self, run_context):
        if self._step is None:
            self._step = run_context.session.run(self._global_step) + 1
        asked = [one for monitor in self._monitors for one in monitor.step_begin(self._step) or []]
        graph = tf.get_default_graph()
        fetches = {one: graph.as_graph_element(one) for one in asked}
        return tf.train.SessionRunArgs(fetches) if fetches else None

    def after_run(self, run_context, run_values):
        output = run_values.results or {}
        for monitor in self._monitors:
            if monitor.step_end(self._step, output):
                run_context.request_stop()
        for monitor in self._monitors:
            monitor.post_step(self._step, run_context.session)
        self._step = run_context.session.run(self._global_step) + 1

    def end(self, session):
        self._step = None
        for monitor in self._monitors:
            monitor.end(session=session)


def replace_monitors_with_hooks(monitors_or_hooks, estimator):
    """Returns hooks: those of a list, and one for all monitors in it, which are told of the estimator."""
    several = list(monitors_or_hooks or ())
    hooks = [one for one in several if isinstance(one, tf.train.SessionRunHook)]
    monitors = [one for one in several if not isinstance(one, tf.train.SessionRunHook)]
    for monitor in monitors:
        monitor.set_estimator(estimator)
    return hooks + ([RunHookAdapterForMonitors(monitors)] if monitors else [])
