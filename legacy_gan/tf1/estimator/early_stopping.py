"""tf.estimator.experimental's hooks that end a training when an evaluation's numbers say so.

Source: the interface and rules of tf.estimator.experimental in TensorFlow 1.15.
"""

import collections
import functools
import glob
import operator
import os

import tensorflow.compat.v1 as tf

__all__ = [
    "make_early_stopping_hook",
    "make_stop_at_checkpoint_step_hook",
    "stop_if_higher_hook",
    "stop_if_lower_hook",
    "stop_if_no_decrease_hook",
    "stop_if_no_increase_hook",
]


class _StopIf(tf.train.SessionRunHook):
    """Asks a function now and then, and ends the training if it returns True."""

    def __init__(self, should_stop_fn, run_every_secs, run_every_steps):
        self._should_stop = should_stop_fn
        self._timer = tf.train.SecondOrStepTimer(every_secs=run_every_secs, every_steps=run_every_steps)

    def before_run(self, run_context):
        return tf.train.SessionRunArgs(tf.train.get_global_step())

    def after_run(self, run_context, run_values):
        step = run_values.results
        if self._timer.should_trigger_for_step(step):
            self._timer.update_last_triggered_step(step)
            if self._should_stop():
                tf.logging.info("Requesting early stopping at global step %d", step)
                run_context.request_stop()


def make_early_stopping_hook(estimator, should_stop_fn, run_every_secs=60, run_every_steps=None):
    """Returns a hook that ends a training if should_stop_fn() is true, asked every so many seconds or steps."""
    if not callable(should_stop_fn):
        raise TypeError("`should_stop_fn` must be callable.")
    if run_every_secs is not None and run_every_steps is not None:
        raise ValueError("Only one of `run_every_secs` and `run_every_steps` must be set.")
    return _StopIf(should_stop_fn, run_every_secs, run_every_steps)


def _results(folder):
    """Returns [(global step, {name: number})] of the evaluations whose summaries stand in a folder."""
    found = collections.defaultdict(dict)
    for path in glob.glob(os.path.join(folder, "*.tfevents.*")):
        for event in tf.train.summary_iterator(path):
            numbers = {one.tag: one.simple_value for one in event.summary.value if one.HasField("simple_value")}
            if numbers:
                found[event.step].update(numbers)
    return sorted(found.items())


def _if_crossed(is_beyond):
    def stop_hook(
        estimator, metric_name, threshold, eval_dir=None, min_steps=0, run_every_secs=60, run_every_steps=None
    ):
        folder = eval_dir or estimator.eval_dir()

        def crossed():
            return any(
                step >= min_steps and is_beyond(numbers[metric_name], threshold) for step, numbers in _results(folder)
            )

        return make_early_stopping_hook(estimator, crossed, run_every_secs, run_every_steps)

    return stop_hook


def _if_not_improved(is_better):
    def stop_hook(
        estimator,
        metric_name,
        max_steps_without_decrease,
        eval_dir=None,
        min_steps=0,
        run_every_secs=60,
        run_every_steps=None,
    ):
        folder = eval_dir or estimator.eval_dir()

        def not_improved():
            best, best_step = None, None
            for step, numbers in _results(folder):
                if step < min_steps:
                    continue
                if best is None or is_better(numbers[metric_name], best):
                    best, best_step = numbers[metric_name], step
                if step - best_step >= max_steps_without_decrease:
                    return True
            return False

        return make_early_stopping_hook(estimator, not_improved, run_every_secs, run_every_steps)

    return stop_hook


stop_if_higher_hook = _if_crossed(operator.gt)
stop_if_lower_hook = _if_crossed(operator.lt)
stop_if_no_decrease_hook = _if_not_improved(operator.lt)


@functools.wraps(stop_if_no_decrease_hook)
def stop_if_no_increase_hook(estimator, metric_name, max_steps_without_increase, *args, **named):
    return _if_not_improved(operator.gt)(estimator, metric_name, max_steps_without_increase, *args, **named)


def make_stop_at_checkpoint_step_hook(estimator, last_step, wait_after_file_check_secs=30):
    """Returns a hook that ends a training at last_step."""
    return tf.train.StopAtStepHook(last_step=last_step)
