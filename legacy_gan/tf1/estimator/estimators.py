"""tf.estimator.Estimator with a model_fn of one's own, over monitored sessions.

Source: the interface, defaults, names and log lines of tf.estimator in TensorFlow 1.15.
"""

import copy
import os
import tempfile
import time

import numpy as np
import tensorflow.compat.v1 as tf

from legacy_gan.errors import NotServed
from legacy_gan.tf1.estimator import export as exporting
from legacy_gan.tf1.estimator.inputs import arguments_of, features_and_labels
from legacy_gan.tf1.estimator.run_config import RunConfig, default_session_config
from legacy_gan.tf1.estimator.spec import EstimatorSpec, ModeKeys, checked_hooks
from legacy_gan.tf1.estimator.warm_start import settings_of

__all__ = ["Estimator"]


class Estimator:
    """Trains, evaluates and predicts with a graph that model_fn builds anew each time.

    Args:
      model_fn: a function of features and, as far as it has such arguments, labels, mode, params and
        config; returns an EstimatorSpec.
      model_dir: str, folder for checkpoints and summaries; None for a temporary one.
      config: RunConfig. params: what model_fn is given, a dict or an object.
      warm_start_from: a checkpoint, an exported model or WarmStartSettings: the values that a training begins with.
    Raises:
      ValueError: if model_fn takes other arguments, or config names another folder.
    """

    def __init__(self, model_fn, model_dir=None, config=None, params=None, warm_start_from=None):
        if config is not None and not isinstance(config, RunConfig):
            raise ValueError(f"config must be an instance of `RunConfig`, but provided {config}.")
        config = config or RunConfig()
        if model_dir is not None and config.model_dir is not None and model_dir != config.model_dir:
            raise ValueError(
                "`model_dir` are set both in constructor and `RunConfig`, but with different values. "
                f"In constructor: '{model_dir}', in `RunConfig`: '{config.model_dir}' "
            )
        model_dir = model_dir or config.model_dir
        if model_dir is None:
            model_dir = tempfile.mkdtemp()
            tf.logging.warning("Using temporary folder as model directory: %s", model_dir)
        self._config = config.replace(model_dir=model_dir)
        tf.logging.info("Using config: %s", str(vars(self._config)))
        self._model_dir = model_dir
        self._session_config = self._config.session_config or default_session_config()
        if model_fn is None:
            raise ValueError("model_fn must be provided to Estimator.")
        _check_model_fn(model_fn, params)
        self._model_fn = model_fn
        self._params = copy.deepcopy(params or {})
        self._warm_start_settings = settings_of(warm_start_from)

    model_dir = property(lambda self: self._model_dir)
    config = property(lambda self: copy.copy(self._config))
    params = property(lambda self: copy.deepcopy(self._params))

    @property
    def model_fn(self):
        """The model_fn with its params, a function of features, labels, mode and config."""
        return lambda features, labels, mode, config: self._call_model_fn(features, labels, mode, config)

    # Training

    def train(self, input_fn, hooks=None, steps=None, max_steps=None, saving_listeners=None):
        """Trains for `steps` more, or up to the global step `max_steps`, or until the input ends.

        Returns:
          itself.
        """
        if steps is not None and max_steps is not None:
            raise ValueError("Can not provide both steps and max_steps: they exclude each other.")
        for name, value in (("steps", steps), ("max_steps", max_steps)):
            if value is not None and value <= 0:
                raise ValueError(f"Must specify {name} > 0, given: {value}")
        if max_steps is not None and self._global_step() >= max_steps:
            tf.logging.info("Skipping training since max_steps has already saved.")
            return self
        hooks = list(checked_hooks(hooks))
        if steps is not None or max_steps is not None:
            hooks.append(tf.train.StopAtStepHook(steps, max_steps))
        with tf.Graph().as_default() as graph, graph.device(self._config.device_fn):
            tf.set_random_seed(self._config.tf_random_seed)
            self._create_global_step(graph)
            _read_global_step(graph)
            features, labels, input_hooks = features_and_labels(self._call_input_fn(input_fn, ModeKeys.TRAIN))
            spec = self._call_model_fn(features, labels, ModeKeys.TRAIN, self.config)
            loss = self._train_with(spec, input_hooks + hooks, list(saving_listeners or ()))
        tf.logging.info("Loss for final step: %s.", loss)
        return self

    def _train_with(self, spec, hooks, saving_listeners):
        """Trains the model of the default graph; returns the last step's loss."""
        config, graph = self._config, tf.get_default_graph()
        if self._warm_start_settings and self.latest_checkpoint() is None:
            tf.logging.info("Warm-starting with WarmStartSettings: %s", self._warm_start_settings)
            tf.train.warm_start(*self._warm_start_settings)
        if not any(summary.op.name == "loss" for summary in tf.get_collection(tf.GraphKeys.SUMMARIES)):
            tf.summary.scalar("loss", spec.loss)
        hooks.append(tf.train.NanTensorHook(spec.loss))
        if config.log_step_count_steps is not None:
            shown = {"loss": spec.loss, "step": tf.train.get_global_step(graph)}
            hooks.append(tf.train.LoggingTensorHook(shown, every_n_iter=config.log_step_count_steps))
        hooks += spec.training_hooks
        if spec.scaffold.saver is None and not tf.get_collection(tf.GraphKeys.SAVERS):
            saver = tf.train.Saver(
                sharded=True,
                max_to_keep=config.keep_checkpoint_max,
                keep_checkpoint_every_n_hours=config.keep_checkpoint_every_n_hours,
                defer_build=True,
                save_relative_paths=True,
            )
            tf.add_to_collection(tf.GraphKeys.SAVERS, saver)
        chief_hooks = self._saver_hooks(spec, hooks, saving_listeners) + list(spec.training_chief_hooks)
        with tf.train.MonitoredTrainingSession(
            checkpoint_dir=self._model_dir,
            scaffold=spec.scaffold,
            hooks=hooks,
            chief_only_hooks=chief_hooks,
            save_checkpoint_secs=0,  # by a hook
            save_summaries_steps=config.save_summary_steps,
            log_step_count_steps=config.log_step_count_steps,
            config=self._session_config,
            max_wait_secs=config.session_creation_timeout_secs,
        ) as session:
            loss, any_step_done = None, False
            while not session.should_stop():
                _, loss = session.run([spec.train_op, spec.loss])
                any_step_done = True
        if not any_step_done:
            tf.logging.warning("Training with estimator made no steps. Perhaps input is empty or misspecified.")
        return loss

    def _saver_hooks(self, spec, hooks, listeners):
        """Returns the hook that saves checkpoints, [] if there is one already; it tells the listeners."""
        config, made = self._config, []
        known = [hook for hook in hooks + list(spec.training_chief_hooks) if isinstance(hook, _SAVER_HOOK)]
        if not known and (config.save_checkpoints_secs or config.save_checkpoints_steps):
            made = [
                _SAVER_HOOK(
                    self._model_dir,
                    save_secs=config.save_checkpoints_secs,
                    save_steps=config.save_checkpoints_steps,
                    scaffold=spec.scaffold,
                )
            ]
        if listeners and not known + made:
            raise ValueError(
                "There should be a CheckpointSaverHook to use saving_listeners. Please set one of the "
                "RunConfig.save_checkpoints_steps or RunConfig.save_checkpoints_secs."
            )
        for listener in listeners:
            told = (known + made)[0]._listeners
            if listener not in told:
                told.append(listener)
        return made

    # Evaluation and prediction

    def eval_dir(self, name=None):
        """Returns the folder of an evaluation's summaries."""
        return os.path.join(self._model_dir, f"eval_{name}" if name else "eval")

    def evaluate(self, input_fn, steps=None, hooks=None, checkpoint_path=None, name=None):
        """Evaluates the last checkpoint, or another, on `steps` batches or all.

        Returns:
          dict of the names of eval_metric_ops, "loss" (the batches' mean) and "global_step" to values.
        """
        if steps is not None and steps <= 0:
            raise ValueError(f"Must specify steps > 0, given: {steps}")
        checkpoint_path = checkpoint_path or self._trained("evaluate")
        with tf.Graph().as_default() as graph:
            tf.set_random_seed(self._config.tf_random_seed)
            self._create_global_step(graph)
            features, labels, all_hooks = features_and_labels(self._call_input_fn(input_fn, ModeKeys.EVAL))
            spec = self._call_model_fn(features, labels, ModeKeys.EVAL, self.config)
            metrics = dict(spec.eval_metric_ops)
            for reserved in ("loss", tf.GraphKeys.GLOBAL_STEP):
                if reserved in metrics:
                    raise ValueError(
                        f'Metric with name "{reserved}" is not allowed, because Estimator already defines a default '
                        "metric with the same name."
                    )
            metrics["loss"] = tf.metrics.mean(spec.loss)
            values = {key: metrics[key][0] for key in sorted(metrics)}
            values[tf.GraphKeys.GLOBAL_STEP] = tf.train.get_global_step(graph)
            updates = [tf.group(*[metrics[key][1] for key in sorted(metrics)])]
            updates.append(tf.assign_add(_eval_step(), 1, use_locking=True))
            all_hooks += checked_hooks(hooks)
            if steps is not None:
                with tf.control_dependencies(updates):
                    all_hooks.append(_StopAfterBatches(steps, tf.identity(_eval_step().read_value())))
            final = tf.train.FinalOpsHook(values)
            all_hooks += list(spec.evaluation_hooks) + [final]
            tf.logging.info("Starting evaluation at %s", time.strftime("%Y-%m-%dT%H:%M:%SZ", time.localtime()))
            with self._open_session(spec.scaffold, checkpoint_path, all_hooks) as session:
                while not session.should_stop():
                    session.run(updates)
            tf.logging.info("Finished evaluation at %s", time.strftime("%Y-%m-%d-%H:%M:%S", time.localtime()))
        results = final.final_ops_values
        self._write_results(results, self.eval_dir(name), checkpoint_path)
        return results

    def predict(self, input_fn, predict_keys=None, hooks=None, checkpoint_path=None, yield_single_examples=True):
        """Yields predictions: one example's each, or with yield_single_examples=False a batch's."""
        checkpoint_path = checkpoint_path or self._trained("predict")
        with tf.Graph().as_default() as graph:
            tf.set_random_seed(self._config.tf_random_seed)
            self._create_global_step(graph)
            fed = self._call_input_fn(input_fn, ModeKeys.PREDICT)
            if isinstance(fed, (list, tuple)):
                fed = fed[0]
            features, _, all_hooks = features_and_labels(fed)
            if not _ends(graph):
                tf.logging.warning(
                    "Input graph does not use tf.data.Dataset or contain a QueueRunner. That means predict yields "
                    "forever. This is probably a mistake."
                )
            spec = self._call_model_fn(features, None, ModeKeys.PREDICT, self.config)
            predictions = _selected(spec.predictions, predict_keys)
            all_hooks += list(checked_hooks(hooks)) + list(spec.prediction_hooks)
            with self._open_session(spec.scaffold, checkpoint_path, all_hooks) as session:
                while not session.should_stop():
                    batch = session.run(predictions)
                    if not yield_single_examples:
                        yield batch
                    elif isinstance(batch, dict):
                        for i in range(_batch_length(batch)):
                            yield {key: value[i] for key, value in batch.items()}
                    else:
                        yield from batch

    def _trained(self, what):
        """Returns the last checkpoint; without one says that initial values serve."""
        path = self.latest_checkpoint()
        if path is None:
            tf.logging.info(
                f"Could not find trained model in model_dir: {self._model_dir}, running initialization to {what}."
            )
        return path

    def _open_session(self, scaffold, checkpoint_path, hooks):
        """Opens a session on a checkpoint, or on initial values where there is none."""
        if checkpoint_path is None and self._warm_start_settings:
            tf.train.warm_start(*self._warm_start_settings)
        creator = tf.train.ChiefSessionCreator(
            scaffold=scaffold, config=self._session_config, checkpoint_filename_with_path=checkpoint_path
        )
        return tf.train.MonitoredSession(creator, hooks=hooks)

    def _write_results(self, results, folder, checkpoint_path):
        """Logs an evaluation's numbers and writes them as summaries."""
        step = results[tf.GraphKeys.GLOBAL_STEP]
        shown = (f"{key} = {value}" for key, value in sorted(results.items()) if not isinstance(value, bytes))
        tf.logging.info("Saving dict for global step %d: %s", step, ", ".join(shown))
        summary = tf.Summary()
        for key, value in sorted(results.items()):
            if isinstance(value, bytes):
                summary.value.extend(tf.Summary.FromString(value).value)
            elif key != tf.GraphKeys.GLOBAL_STEP and np.ndim(value) == 0 and np.asarray(value).dtype.kind in "biuf":
                summary.value.add(tag=key, simple_value=float(value))
        with tf.Graph().as_default():
            writer = tf.summary.FileWriterCache.get(folder)
            writer.add_summary(summary, step)
            if checkpoint_path:
                tf.logging.info("Saving 'checkpoint_path' summary for global step %d: %s", step, checkpoint_path)
                path = tf.make_tensor_proto(checkpoint_path, dtype=tf.string)
                writer.add_summary(tf.Summary(value=[tf.Summary.Value(tag="checkpoint_path", tensor=path)]), step)
            writer.flush()

    # Checkpoints and exports

    def latest_checkpoint(self):
        """Returns the path of the last checkpoint, None if there is none."""
        return tf.train.latest_checkpoint(self._model_dir)

    def get_variable_names(self):
        """Returns the names of what the last checkpoint holds."""
        return [name for name, _ in tf.train.list_variables(self._checkpoint_of("get_variable_names"))]

    def get_variable_value(self, name):
        """Returns an array of the last checkpoint."""
        return tf.train.load_variable(self._checkpoint_of("get_variable_value"), name)

    def _checkpoint_of(self, method):
        path = self.latest_checkpoint()
        if path is None:
            raise ValueError(f"Estimator.{method}: could not find trained model in model_dir: {self._model_dir}.")
        return path

    def export_saved_model(
        self,
        export_dir_base,
        serving_input_receiver_fn,
        assets_extra=None,
        as_text=False,
        checkpoint_path=None,
        experimental_mode=ModeKeys.PREDICT,
    ):
        """Writes the model as a SavedModel into a new folder, named by the second, below export_dir_base.

        Args:
          serving_input_receiver_fn: returns what the model is fed, of tf.estimator.export.
          assets_extra: dict of a place below assets.extra to a file.
        Returns:
          bytes, the folder.
        """
        if experimental_mode != ModeKeys.PREDICT:
            raise NotServed("tf.estimator.Estimator.export_saved_model(experimental_mode=...)", "export for prediction")
        return self._export(export_dir_base, serving_input_receiver_fn, assets_extra, as_text, checkpoint_path, True)

    def export_savedmodel(
        self,
        export_dir_base,
        serving_input_receiver_fn,
        assets_extra=None,
        as_text=False,
        checkpoint_path=None,
        strip_default_attrs=False,
    ):
        """Does what export_saved_model does, under its former name."""
        args = (assets_extra, as_text, checkpoint_path, strip_default_attrs)
        return self._export(export_dir_base, serving_input_receiver_fn, *args)

    def _export(self, base, receiver_fn, assets_extra, as_text, checkpoint_path, strip_default_attrs):
        if not receiver_fn:
            raise ValueError("An input_receiver_fn must be defined.")
        checkpoint_path = checkpoint_path or self._checkpoint_of("export_saved_model")
        folder, unfinished = exporting.new_folder(base)
        builder = tf.saved_model.builder.SavedModelBuilder(unfinished)
        with tf.Graph().as_default() as graph:
            self._create_global_step(graph)
            tf.set_random_seed(self._config.tf_random_seed)
            receiver = receiver_fn()
            spec = self._call_model_fn(receiver.features, None, ModeKeys.PREDICT, self.config)
            signatures = exporting.signatures_of(receiver, spec.export_outputs)
            with tf.Session(config=self._session_config) as session:
                saver = spec.scaffold.saver or tf.train.Saver(sharded=True)
                saver.restore(session, checkpoint_path)
                builder.add_meta_graph_and_variables(
                    session,
                    tags=[tf.saved_model.tag_constants.SERVING],
                    signature_def_map=signatures,
                    assets_collection=tf.get_collection(tf.GraphKeys.ASSET_FILEPATHS),
                    main_op=spec.scaffold.local_init_op or tf.train.Scaffold.default_local_init_op(),
                    saver=saver,
                    strip_default_attrs=strip_default_attrs,
                )
        builder.save(as_text)
        exporting.copy_extra_assets(unfinished, assets_extra)
        tf.gfile.Rename(unfinished, folder)
        return folder

    # The graph

    def _create_global_step(self, graph):
        return tf.train.create_global_step(graph)

    def _global_step(self):
        path = self.latest_checkpoint()
        return 0 if path is None else int(tf.train.load_variable(path, tf.GraphKeys.GLOBAL_STEP))

    def _call_input_fn(self, input_fn, mode):
        """Returns what an input_fn returns, which is given mode, params and config as far as it takes them."""
        given = {"mode": mode, "params": self.params, "config": self.config}
        takes = arguments_of(input_fn)
        with tf.device("/cpu:0"):
            return input_fn(**{name: value for name, value in given.items() if name in takes})

    def _call_model_fn(self, features, labels, mode, config):
        """Returns the EstimatorSpec of a model that model_fn builds in the default graph."""
        takes = arguments_of(self._model_fn)
        given = {"labels": labels, "mode": mode, "params": self.params, "config": config}
        if labels is not None and "labels" not in takes:
            raise ValueError("model_fn does not take labels, but input_fn returns labels.")
        tf.logging.info("Calling model_fn.")
        spec = self._model_fn(features=features, **{name: value for name, value in given.items() if name in takes})
        tf.logging.info("Done calling model_fn.")
        if not isinstance(spec, EstimatorSpec):
            raise ValueError("model_fn should return an EstimatorSpec.")
        return spec


_SAVER_HOOK = tf.train.CheckpointSaverHook


class _StopAfterBatches(tf.train.SessionRunHook):
    """Ends an evaluation after so many batches, which a tensor counts."""

    def __init__(self, batches, done):
        self._batches, self._done = batches, done

    def before_run(self, run_context):
        return tf.train.SessionRunArgs(self._done)

    def after_run(self, run_context, run_values):
        done = run_values.results
        if done % (1 if self._batches < 20 else self._batches // 10) == 0 or done == self._batches:
            tf.logging.info("Evaluation [%d/%d]", done, self._batches)
        if done >= self._batches:
            run_context.request_stop()


def _eval_step():
    """Returns the variable that counts the batches of an evaluation, the same one for a graph."""
    known = tf.get_collection(tf.GraphKeys.EVAL_STEP)
    if known:
        return known[0]
    return tf.get_variable(
        "eval_step",
        [],
        tf.int64,
        tf.zeros_initializer(),
        trainable=False,
        collections=[tf.GraphKeys.LOCAL_VARIABLES, tf.GraphKeys.EVAL_STEP],
    )


def _check_model_fn(model_fn, params):
    """Refuses a model_fn that takes other arguments than it is given."""
    takes = arguments_of(model_fn)
    if "features" not in takes:
        raise ValueError(f"model_fn ({model_fn}) must include features argument.")
    if params is not None and "params" not in takes:
        raise ValueError(
            f"model_fn ({model_fn}) does not include params argument, but params ({params}) is passed to Estimator."
        )
    if params is None and "params" in takes:
        tf.logging.warning(
            "Estimator's model_fn (%s) includes params argument, but params are not passed to Estimator.", model_fn
        )
    others = set(takes) - {"features", "labels", "mode", "params", "self", "config"}
    if others:
        raise ValueError(f"model_fn ({model_fn}) has following not expected args: {sorted(others)}")


def _read_global_step(graph):
    """Makes the reading of the step that hooks share, before the model is built, as TensorFlow 1.15 does."""
    from tensorflow.python.training import training_util

    training_util._get_or_create_global_step_read(graph)


def _ends(graph):
    """Whether a graph's input can end: a data set or a queue."""
    data = any(one.type in ("IteratorGetNext", "OneShotIterator") for one in graph.get_operations())
    return data or bool(graph.get_collection(tf.GraphKeys.QUEUE_RUNNERS))


def _selected(predictions, keys):
    """Returns those of a dict of predictions that are asked for."""
    if not keys:
        return predictions
    if not isinstance(predictions, dict):
        raise ValueError("predict_keys argument is not valid in case of non-dict predictions.")
    chosen = {key: value for key, value in predictions.items() if key in keys}
    if not chosen:
        raise ValueError(f"Expected to run at least one output from {list(predictions)}, provided {keys}.")
    return chosen


def _batch_length(batch):
    """Returns how many examples a dict of predictions is of."""
    lengths = {key: value.shape[0] for key, value in batch.items()}
    first = next(iter(lengths.values()))
    for key, length in lengths.items():
        if length != first:
            raise ValueError(
                f"Batch length of predictions should be same. {key} has different batch length than others."
            )
    return first
