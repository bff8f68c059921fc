"""tf.estimator.Estimator with a model_fn of one's own, on a plain session; canned estimators are not served.

Source: the interface, defaults and names of tf.estimator in TensorFlow 1.15.
"""

import collections
import inspect
import os
import tempfile
import time
import types

import numpy as np
import tensorflow.compat.v1 as tf

from legacy_gan.errors import NotServed

__all__ = [
    "CheckpointSaverHook",
    "CheckpointSaverListener",
    "Estimator",
    "EstimatorSpec",
    "EvalSpec",
    "FinalOpsHook",
    "LoggingTensorHook",
    "ModeKeys",
    "NanTensorHook",
    "ProfilerHook",
    "RunConfig",
    "SessionRunArgs",
    "SessionRunContext",
    "SessionRunHook",
    "SessionRunValues",
    "StepCounterHook",
    "StopAtStepHook",
    "SummarySaverHook",
    "TrainSpec",
    "inputs",
    "train_and_evaluate",
]

CheckpointSaverHook = tf.train.CheckpointSaverHook
CheckpointSaverListener = tf.train.CheckpointSaverListener
FinalOpsHook = tf.train.FinalOpsHook
LoggingTensorHook = tf.train.LoggingTensorHook
NanTensorHook = tf.train.NanTensorHook
ProfilerHook = tf.train.ProfilerHook
SessionRunArgs = tf.train.SessionRunArgs
SessionRunContext = tf.train.SessionRunContext
SessionRunHook = tf.train.SessionRunHook
SessionRunValues = tf.train.SessionRunValues
StepCounterHook = tf.train.StepCounterHook
StopAtStepHook = tf.train.StopAtStepHook
SummarySaverHook = tf.train.SummarySaverHook


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
    """What a model_fn returns: the tensors and operations that its mode needs."""

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
        return super().__new__(
            cls,
            mode,
            {} if predictions is None else predictions,
            loss,
            train_op,
            eval_metric_ops or {},
            export_outputs,
            tuple(training_chief_hooks or ()),
            tuple(training_hooks or ()),
            scaffold,
            tuple(evaluation_hooks or ()),
            tuple(prediction_hooks or ()),
        )


class RunConfig:
    """How an Estimator runs: seeds, checkpoints, summaries; one process.

    Args:
      model_dir: str. tf_random_seed: int, the graphs' seed, or None.
      save_checkpoints_secs: float, 600 unless save_checkpoints_steps is given.
      session_config: tf.ConfigProto.
    """

    def __init__(
        self,
        model_dir=None,
        tf_random_seed=None,
        save_summary_steps=100,
        save_checkpoints_steps=None,
        save_checkpoints_secs=None,
        session_config=None,
        keep_checkpoint_max=5,
        keep_checkpoint_every_n_hours=10000,
        log_step_count_steps=100,
        train_distribute=None,
        device_fn=None,
        protocol=None,
        eval_distribute=None,
        experimental_distribute=None,
        experimental_max_worker_delay_secs=None,
        session_creation_timeout_secs=7200,
    ):
        if train_distribute or eval_distribute or experimental_distribute:
            raise NotServed("tf.estimator.RunConfig(train_distribute=...)", "train in one process")
        if save_checkpoints_steps is not None and save_checkpoints_secs is not None:
            raise ValueError("RunConfig: save_checkpoints_steps and save_checkpoints_secs exclude each other")
        if save_checkpoints_steps is None and save_checkpoints_secs is None:
            save_checkpoints_secs = 600
        self.model_dir = model_dir
        self.tf_random_seed = tf_random_seed
        self.save_summary_steps = save_summary_steps
        self.save_checkpoints_steps = save_checkpoints_steps
        self.save_checkpoints_secs = save_checkpoints_secs
        self.session_config = session_config
        self.keep_checkpoint_max = keep_checkpoint_max
        self.keep_checkpoint_every_n_hours = keep_checkpoint_every_n_hours
        self.log_step_count_steps = log_step_count_steps
        self.device_fn = device_fn
        self.is_chief = True
        self.num_worker_replicas = 1

    def replace(self, **changed):
        """Returns a copy with other values."""
        copy = RunConfig()
        vars(copy).update(vars(self), **changed)
        return copy


TrainSpec = collections.namedtuple("TrainSpec", ["input_fn", "max_steps", "hooks"])
TrainSpec.__new__.__defaults__ = (None, ())
EvalSpec = collections.namedtuple(
    "EvalSpec", ["input_fn", "steps", "name", "hooks", "exporters", "start_delay_secs", "throttle_secs"]
)
EvalSpec.__new__.__defaults__ = (100, None, (), (), 120, 600)


class Estimator:
    """Trains, evaluates and predicts with a graph that model_fn builds anew each time.

    Args:
      model_fn: a function of features and, as far as it has such arguments, labels, mode, params and
        config; returns an EstimatorSpec.
      model_dir: str, folder for checkpoints and summaries; None for a temporary one.
      config: RunConfig. params: dict that model_fn is given.
    """

    def __init__(self, model_fn, model_dir=None, config=None, params=None, warm_start_from=None):
        if warm_start_from is not None:
            raise NotServed(
                "tf.estimator.Estimator(warm_start_from=...)", "call tf.train.init_from_checkpoint in model_fn"
            )
        self._config = config or RunConfig()
        model_dir = model_dir or self._config.model_dir
        if model_dir is None:
            model_dir = tempfile.mkdtemp()
            tf.logging.warn("Using temporary folder as model directory: %s", model_dir)
        self._config = self._config.replace(model_dir=model_dir)
        self._model_fn, self._params = model_fn, dict(params or {})

    model_dir = property(lambda self: self._config.model_dir)
    config = property(lambda self: self._config)
    params = property(lambda self: dict(self._params))
    model_fn = property(lambda self: lambda features, labels, mode, config: self._call_model_fn(features, labels, mode))

    def train(self, input_fn, hooks=None, steps=None, max_steps=None, saving_listeners=None):
        """Trains for `steps` more, or up to the global step `max_steps`, or until the input ends.

        Returns:
          itself.
        """
        if steps is not None and max_steps is not None:
            raise ValueError("Estimator.train: steps and max_steps exclude each other")
        config = self._config
        if max_steps is not None and self._global_step() >= max_steps:
            tf.logging.info("Skipping training since max_steps has already saved.")
            return self
        with tf.Graph().as_default():
            spec, global_step = self._build(input_fn, ModeKeys.TRAIN)
            tf.summary.scalar("loss", spec.loss)
            every = dict(every_n_iter=config.log_step_count_steps or 100)
            hooks = (
                list(hooks or ())
                + list(spec.training_hooks)
                + list(spec.training_chief_hooks)
                + [NanTensorHook(spec.loss), LoggingTensorHook({"loss": spec.loss, "step": global_step}, **every)]
            )
            if steps is not None or max_steps is not None:
                hooks.append(StopAtStepHook(num_steps=steps, last_step=max_steps))
            scaffold = spec.scaffold or tf.train.Scaffold()
            if scaffold.saver is None and not tf.get_collection(tf.GraphKeys.SAVERS):
                tf.add_to_collection(
                    tf.GraphKeys.SAVERS,
                    tf.train.Saver(
                        max_to_keep=config.keep_checkpoint_max,
                        sharded=True,
                        keep_checkpoint_every_n_hours=config.keep_checkpoint_every_n_hours,
                    ),
                )
            hooks.append(
                CheckpointSaverHook(
                    self.model_dir,
                    save_secs=config.save_checkpoints_secs,
                    save_steps=config.save_checkpoints_steps,
                    scaffold=scaffold,
                    listeners=list(saving_listeners or ()),
                )
            )
            with tf.train.MonitoredTrainingSession(
                checkpoint_dir=self.model_dir,
                scaffold=scaffold,
                hooks=hooks,
                save_checkpoint_secs=None,
                save_checkpoint_steps=None,
                save_summaries_steps=config.save_summary_steps,
                log_step_count_steps=config.log_step_count_steps,
                config=self._session_config(),
            ) as session:
                loss = None
                while not session.should_stop():
                    _, loss = session.run([spec.train_op, spec.loss])
            tf.logging.info("Loss for final step: %s.", loss)
        return self

    def evaluate(self, input_fn, steps=None, hooks=None, checkpoint_path=None, name=None):
        """Evaluates the last checkpoint, or another, on `steps` batches or all.

        Returns:
          dict of the names of eval_metric_ops, "loss" (the batches' mean) and "global_step" to values.
        """
        checkpoint_path = checkpoint_path or self.latest_checkpoint()
        with tf.Graph().as_default():
            spec, global_step = self._build(input_fn, ModeKeys.EVAL)
            metrics = dict(spec.eval_metric_ops)
            metrics.setdefault("loss", tf.metrics.mean(spec.loss))
            values = dict({key: value for key, (value, _) in metrics.items()}, global_step=global_step)
            update = tf.group(*[update for _, update in metrics.values()])
            with self._open_session(spec, checkpoint_path, list(hooks or ()) + list(spec.evaluation_hooks)) as session:
                done = 0
                while (steps is None or done < steps) and not session.should_stop():
                    try:
                        session.run(update)
                    except tf.errors.OutOfRangeError:
                        break
                    done += 1
                results = session._tf_sess().run(values)
        tf.logging.info(
            "Saving dict for global step %d: %s",
            results["global_step"],
            ", ".join(f"{key} = {results[key]}" for key in sorted(results)),
        )
        self._write_summaries(results, "eval" if name is None else f"eval_{name}")
        return results

    def predict(self, input_fn, predict_keys=None, hooks=None, checkpoint_path=None, yield_single_examples=True):
        """Yields predictions: one example's each, or with yield_single_examples=False a batch's."""
        checkpoint_path = checkpoint_path or self.latest_checkpoint()
        if checkpoint_path is None:
            raise ValueError(f"Could not find trained model in model_dir: {self.model_dir}.")
        with tf.Graph().as_default():
            spec, _ = self._build(input_fn, ModeKeys.PREDICT)
            predictions = spec.predictions
            if predict_keys is not None:
                predictions = {key: value for key, value in predictions.items() if key in predict_keys}
            with self._open_session(spec, checkpoint_path, list(hooks or ()) + list(spec.prediction_hooks)) as session:
                while not session.should_stop():
                    try:
                        batch = session.run(predictions)
                    except tf.errors.OutOfRangeError:
                        break
                    if not yield_single_examples:
                        yield batch
                    elif isinstance(batch, dict):
                        for i in range(len(next(iter(batch.values())))):
                            yield {key: value[i] for key, value in batch.items()}
                    else:
                        yield from batch

    def latest_checkpoint(self):
        """Returns the path of the last checkpoint, None if there is none."""
        return tf.train.latest_checkpoint(self.model_dir)

    def get_variable_names(self):
        """Returns the names of what the last checkpoint holds."""
        return [name for name, _ in tf.train.list_variables(self.model_dir)]

    def get_variable_value(self, name):
        """Returns an array of the last checkpoint."""
        return tf.train.load_variable(self.model_dir, name)

    def export_saved_model(self, *args, **named):
        raise NotServed(
            "tf.estimator.Estimator.export_saved_model",
            "restore latest_checkpoint() and call tf.saved_model.simple_save",
        )

    export_savedmodel = export_saved_model

    def _global_step(self):
        path = self.latest_checkpoint()
        return 0 if path is None else int(tf.train.load_variable(path, tf.GraphKeys.GLOBAL_STEP))

    def _build(self, input_fn, mode):
        """Returns (EstimatorSpec, the global step) of a model in the default graph."""
        tf.set_random_seed(self._config.tf_random_seed)
        global_step = tf.train.create_global_step()
        features, labels = _call_input_fn(input_fn, mode, self._config, self._params)
        return self._call_model_fn(features, labels, mode), global_step

    def _call_model_fn(self, features, labels, mode):
        takes = inspect.signature(self._model_fn).parameters
        given = {"labels": labels, "mode": mode, "params": dict(self._params), "config": self._config}
        if labels is not None and "labels" not in takes:
            raise ValueError("model_fn does not take labels, but input_fn returns labels.")
        spec = self._model_fn(features, **{name: value for name, value in given.items() if name in takes})
        if not isinstance(spec, EstimatorSpec):
            raise ValueError(f"model_fn should return an EstimatorSpec, got {type(spec).__name__!r}")
        return spec

    def _session_config(self):
        return self._config.session_config or tf.ConfigProto(allow_soft_placement=True)

    def _open_session(self, spec, checkpoint_path, hooks):
        """Opens a session on a checkpoint, or on initial values where there is none."""
        return tf.train.MonitoredSession(
            tf.train.ChiefSessionCreator(
                scaffold=spec.scaffold, config=self._session_config(), checkpoint_filename_with_path=checkpoint_path
            ),
            hooks=hooks,
        )

    def _write_summaries(self, results, folder):
        """Writes an evaluation's numbers as summaries."""
        numbers = {key: float(value) for key, value in results.items() if key != "global_step" and np.ndim(value) == 0}
        summary = tf.Summary(
            value=[tf.Summary.Value(tag=key, simple_value=value) for key, value in sorted(numbers.items())]
        )
        with tf.Graph().as_default(), tf.summary.FileWriter(os.path.join(self.model_dir, folder)) as writer:
            writer.add_summary(summary, results["global_step"])


def train_and_evaluate(estimator, train_spec, eval_spec):
    """Trains up to train_spec.max_steps, evaluating at checkpoints and at the end.

    Returns:
      (results of the last evaluation, []: what exporters return, which are not served).
    """
    if eval_spec.exporters:
        raise NotServed("tf.estimator.EvalSpec(exporters=...)", "export after the training")
    results = []

    def evaluate():
        results[:] = [estimator.evaluate(eval_spec.input_fn, eval_spec.steps, eval_spec.hooks, None, eval_spec.name)]

    class EvaluationListener(CheckpointSaverListener):
        last = time.time()

        def after_save(self, session, global_step_value):
            if time.time() - self.last >= eval_spec.throttle_secs:
                evaluate()
                self.last = time.time()

    estimator.train(
        train_spec.input_fn,
        hooks=train_spec.hooks,
        max_steps=train_spec.max_steps,
        saving_listeners=[EvaluationListener()],
    )
    evaluate()
    return results[0], []


def _call_input_fn(input_fn, mode, config, params):
    """Returns (features, labels or None) of what an input_fn returns."""
    given = {"mode": mode, "config": config, "params": dict(params)}
    function = getattr(input_fn, "func", input_fn)  # functools.partial
    takes = inspect.signature(input_fn).parameters if function is input_fn else {}
    fed = input_fn(
        **{
            name: value
            for name, value in given.items()
            if name in takes and takes[name].default is inspect.Parameter.empty
        }
    )
    if (
        isinstance(fed, (tf.data.Dataset, getattr(tf, "DatasetV2", tf.data.Dataset)))
        or hasattr(fed, "output_types")
        and not hasattr(fed, "get_next")
    ):
        iterator = tf.data.make_initializable_iterator(fed)
        tf.add_to_collection(tf.GraphKeys.TABLE_INITIALIZERS, iterator.initializer)
        fed = iterator.get_next()
    if isinstance(fed, (list, tuple)):
        if len(fed) != 2:
            raise ValueError(f"input_fn should return (features, labels), a tuple of 2, got {len(fed)}")
        return tuple(fed)
    return fed, None


def numpy_input_fn(x, y=None, batch_size=128, num_epochs=1, shuffle=None, queue_capacity=1000, num_threads=1):
    """Returns an input_fn that goes through arrays.

    Args:
      x: an array, or a dict of them. y: labels, an array or a dict, or None.
      num_epochs: int; None for ever. Batches go across the epochs' ends; the last one may be smaller.
      shuffle: bool. queue_capacity: int, so many examples are mixed at a time.
    """
    if not isinstance(shuffle, bool):
        raise ValueError(f"numpy_input_fn: shuffle must be True or False, got {shuffle!r}")
    parts = [x] if y is None else [x, y]
    names = [sorted(part) if isinstance(part, dict) else None for part in parts]
    arrays = [
        np.asarray(array)
        for part, keys in zip(parts, names)
        for array in ([part] if keys is None else [part[key] for key in keys])
    ]
    if len({len(array) for array in arrays}) != 1:
        raise ValueError(f"numpy_input_fn: expected arrays of one length, got {[len(array) for array in arrays]}")

    def input_fn():
        indices = tf.data.Dataset.range(len(arrays[0]))
        if shuffle:
            indices = indices.shuffle(max(queue_capacity, 1))
        indices = indices.repeat(num_epochs).batch(batch_size)
        iterator = tf.data.make_initializable_iterator(indices)
        tf.add_to_collection(tf.GraphKeys.TABLE_INITIALIZERS, iterator.initializer)
        # The arrays stay out of the graph, which the checkpoints hold.
        tensors = tf.py_func(
            lambda chosen: [array[chosen] for array in arrays], [iterator.get_next()], [array.dtype for array in arrays]
        )
        for tensor, array in zip(tensors, arrays):
            tensor.set_shape([None] + list(array.shape[1:]))
        tensors = iter(tensors)
        fed = [next(tensors) if keys is None else {key: next(tensors) for key in keys} for keys in names]
        return fed[0] if y is None else tuple(fed)

    return input_fn


inputs = types.SimpleNamespace(numpy_input_fn=numpy_input_fn)
