"""tf.estimator.train_and_evaluate in one process, and what it is told by: TrainSpec and EvalSpec.

Source: the interface, defaults and order of evaluations of tf.estimator in TensorFlow 1.15.
"""

import collections
import os

import tensorflow.compat.v1 as tf

from legacy_gan.tf1.estimator.estimators import Estimator
from legacy_gan.tf1.estimator.spec import checked_hooks

__all__ = ["EvalSpec", "TrainSpec", "train_and_evaluate"]


class TrainSpec(collections.namedtuple("TrainSpec", ["input_fn", "max_steps", "hooks"])):
    """On what is trained: input_fn, up to the global step max_steps, with hooks."""

    def __new__(cls, input_fn, max_steps=None, hooks=None):
        if max_steps is not None and max_steps <= 0:
            raise ValueError(f"Must specify max_steps > 0, given: {max_steps}")
        return super().__new__(cls, input_fn, max_steps, checked_hooks(hooks))


class EvalSpec(
    collections.namedtuple(
        "EvalSpec", ["input_fn", "steps", "name", "hooks", "exporters", "start_delay_secs", "throttle_secs"]
    )
):
    """On what is evaluated: input_fn, so many batches, at most every throttle_secs; exporters write the model then."""

    def __new__(
        cls, input_fn, steps=100, name=None, hooks=None, exporters=None, start_delay_secs=120, throttle_secs=600
    ):
        if steps is not None and steps <= 0:
            raise ValueError(f"Must specify steps > 0, given: {steps}")
        if throttle_secs < 0:
            raise ValueError(f"Must specify throttle_secs >= 0, given: {throttle_secs}")
        exporters = tuple(exporters) if isinstance(exporters, (list, tuple)) else (exporters,) if exporters else ()
        names = [exporter.name for exporter in exporters]
        if len(set(names)) != len(names):
            raise ValueError(f"`exporters` must have unique names. Given names: {names}")
        return super().__new__(
            cls, input_fn, steps, name, checked_hooks(hooks), exporters, start_delay_secs, throttle_secs
        )


class _EvaluateAtCheckpoints(tf.train.CheckpointSaverListener):
    """Evaluates at checkpoints, but the first, and at the end of the training."""

    results, exports = None, None

    def __init__(self, estimator, train_spec, eval_spec):
        self._estimator, self._train_spec, self._eval_spec = estimator, train_spec, eval_spec

    def begin(self):
        self._timer = tf.train.SecondOrStepTimer(every_secs=self._eval_spec.throttle_secs)
        self._is_first = True

    def after_save(self, session, global_step_value):
        if self._is_first:
            self._is_first = False
        elif self._timer.should_trigger_for_step(global_step_value):
            self._evaluate(global_step_value)
        else:
            tf.logging.info(
                f"Skip the current checkpoint eval due to throttle secs ({self._eval_spec.throttle_secs} secs)."
            )

    def end(self, session, global_step_value):
        if global_step_value != self._timer.last_triggered_step():
            self._evaluate(global_step_value)

    def _evaluate(self, step):
        self._timer.update_last_triggered_step(step)
        estimator, spec = self._estimator, self._eval_spec
        checkpoint = estimator.latest_checkpoint()
        self.results = estimator.evaluate(spec.input_fn, spec.steps, spec.hooks, checkpoint, spec.name)
        max_steps = self._train_spec.max_steps
        is_last = bool(max_steps) and self.results[tf.GraphKeys.GLOBAL_STEP] >= max_steps
        self.exports = [
            exporter.export(
                estimator=estimator,
                export_path=os.path.join(tf.compat.as_str(estimator.model_dir), "export", exporter.name),
                checkpoint_path=checkpoint,
                eval_result=self.results,
                is_the_final_export=is_last,
            )
            for exporter in spec.exporters
        ]


def train_and_evaluate(estimator, train_spec, eval_spec):
    """Trains up to train_spec.max_steps, evaluating at checkpoints and at the end.

    Returns:
      (results of the last evaluation, what its exporters returned); (None, None) if nothing was trained.
    """
    if not isinstance(estimator, Estimator):
        raise TypeError(f"`estimator` must have type `tf.estimator.Estimator`, given {type(estimator)}")
    for name, spec, kind in (("train_spec", train_spec, TrainSpec), ("eval_spec", eval_spec, EvalSpec)):
        if not isinstance(spec, kind):
            raise TypeError(f"`{name}` must have type `tf.estimator.{kind.__name__}`, given {type(spec)}")
    config = estimator.config
    tf.logging.info("Running training and evaluation locally (non-distributed).")
    tf.logging.info(
        "Start train and evaluate loop. The evaluate will happen after every checkpoint. Checkpoint frequency is "
        f"determined based on RunConfig arguments: save_checkpoints_steps {config.save_checkpoints_steps} or "
        f"save_checkpoints_secs {config.save_checkpoints_secs}."
    )
    listener = _EvaluateAtCheckpoints(estimator, train_spec, eval_spec)
    estimator.train(
        train_spec.input_fn, hooks=train_spec.hooks, max_steps=train_spec.max_steps, saving_listeners=[listener]
    )
    return listener.results, listener.exports
