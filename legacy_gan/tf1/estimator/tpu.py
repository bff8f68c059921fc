"""tf.contrib.tpu's Estimator on a CPU or GPU: what use_tpu=False does with programs that are written for a TPU.

Source: the interface, defaults and log lines of tf.contrib.tpu in TensorFlow 1.15.
"""

import collections
import inspect
import math
import re

import tensorflow.compat.v1 as tf

from legacy_gan.errors import NotServed
from legacy_gan.tf1.estimator.estimators import Estimator
from legacy_gan.tf1.estimator.inputs import arguments_of
from legacy_gan.tf1.estimator.run_config import RunConfig as _RunConfig
from legacy_gan.tf1.estimator.spec import EstimatorSpec, ModeKeys, checked_hooks

__all__ = ["InputPipelineConfig", "RunConfig", "TPUConfig", "TPUEstimator", "TPUEstimatorSpec"]

_NO_TPU = "a TPU needs TensorFlow 1.15 itself: give use_tpu=False"
_RESERVED = ("batch_size", "context")


class InputPipelineConfig:
    """How often a TPU's hosts call an input_fn; a CPU calls it once."""

    PER_SHARD_V1 = 1
    PER_HOST_V1 = 2
    PER_HOST_V2 = 3
    BROADCAST = 4
    SLICED = 5


class TPUConfig(
    collections.namedtuple(
        "TPUConfig",
        [
            "iterations_per_loop",
            "num_shards",
            "num_cores_per_replica",
            "per_host_input_for_training",
            "tpu_job_name",
            "initial_infeed_sleep_secs",
            "input_partition_dims",
            "eval_training_input_configuration",
            "experimental_host_call_every_n_steps",
        ],
    )
):
    """How a TPU would train. Of it a CPU uses iterations_per_loop, for how often the speed is logged.

    Args:
      iterations_per_loop: int, or a time as text: "30s", "5m", "1h".
    """

    def __new__(
        cls,
        iterations_per_loop=2,
        num_shards=None,
        num_cores_per_replica=None,
        per_host_input_for_training=True,
        tpu_job_name=None,
        initial_infeed_sleep_secs=None,
        input_partition_dims=None,
        eval_training_input_configuration=InputPipelineConfig.PER_HOST_V1,
        experimental_host_call_every_n_steps=1,
    ):
        _iterations(iterations_per_loop)
        if num_shards is not None:
            _check_positive(num_shards, "TPUConfig num_shards")
        cores = (1, 2, 4, 8, 16, 32, 64, 128)
        if num_cores_per_replica is not None and num_cores_per_replica not in cores:
            raise ValueError(f"num_cores_per_replica must be {', '.join(map(str, cores))}; got {num_cores_per_replica}")
        if isinstance(per_host_input_for_training, bool):
            by_host = (
                InputPipelineConfig.PER_HOST_V1 if per_host_input_for_training else InputPipelineConfig.PER_SHARD_V1
            )
            per_host_input_for_training = by_host
        return super().__new__(
            cls,
            iterations_per_loop,
            num_shards,
            num_cores_per_replica,
            per_host_input_for_training,
            tpu_job_name,
            initial_infeed_sleep_secs,
            input_partition_dims,
            eval_training_input_configuration,
            experimental_host_call_every_n_steps,
        )


class RunConfig(_RunConfig):
    """A RunConfig with a TPUConfig.

    Args:
      tpu_config: TPUConfig. master, evaluation_master: addresses, None or "" for this process.
      cluster: None: a cluster is a TPU's.
    """

    def __init__(self, tpu_config=None, evaluation_master=None, master=None, cluster=None, **kwargs):
        if cluster is not None or master or evaluation_master:
            raise NotServed("tf.contrib.tpu.RunConfig(cluster=..., master=...)", _NO_TPU)
        super().__init__(**kwargs)
        self._tpu_config = tpu_config or TPUConfig()
        self._cluster = None

    tpu_config = property(lambda self: self._tpu_config)
    cluster = property(lambda self: self._cluster)

    def replace(self, **changed):
        """Returns a copy with other values; tpu_config may be among them."""
        tpu_config = changed.pop("tpu_config", self._tpu_config)
        copy = super().replace(**changed)
        copy._tpu_config = tpu_config
        return copy


class TPUEstimatorSpec(
    collections.namedtuple(
        "TPUEstimatorSpec",
        [
            "mode",
            "predictions",
            "loss",
            "train_op",
            "eval_metrics",
            "export_outputs",
            "scaffold_fn",
            "host_call",
            "training_hooks",
            "evaluation_hooks",
            "prediction_hooks",
        ],
    )
):
    """What a TPU's model_fn returns.

    Args:
      eval_metrics, host_call: (a function, its tensors as a list or a dict); the first returns eval_metric_ops, the
        second what is run beside every step.
      scaffold_fn: a function that returns a tf.train.Scaffold. The rest as in EstimatorSpec.
    """

    def __new__(
        cls,
        mode,
        predictions=None,
        loss=None,
        train_op=None,
        eval_metrics=None,
        export_outputs=None,
        scaffold_fn=None,
        host_call=None,
        training_hooks=None,
        evaluation_hooks=None,
        prediction_hooks=None,
    ):
        for name, call in (("eval_metrics", eval_metrics), ("host_call", host_call)):
            if call is not None:
                _check_host_call(name, call)
        return super().__new__(
            cls,
            mode,
            predictions,
            loss,
            train_op,
            eval_metrics,
            export_outputs,
            scaffold_fn,
            host_call,
            checked_hooks(training_hooks),
            checked_hooks(evaluation_hooks),
            checked_hooks(prediction_hooks),
        )

    def as_estimator_spec(self):
        """Returns the EstimatorSpec of a CPU or GPU."""
        metrics = None if self.eval_metrics is None else _called("eval_metrics", self.eval_metrics)
        hooks = () if self.host_call is None else (_RunBeside(_called("host_call", self.host_call)),)
        return EstimatorSpec(
            mode=self.mode,
            predictions=self.predictions,
            loss=self.loss,
            train_op=self.train_op,
            eval_metric_ops=metrics,
            export_outputs=self.export_outputs,
            scaffold=self.scaffold_fn() if self.scaffold_fn else None,
            training_hooks=self.training_hooks + hooks,
            evaluation_hooks=self.evaluation_hooks + hooks,
            prediction_hooks=self.prediction_hooks + hooks,
        )


class _RunBeside(tf.train.SessionRunHook):
    """Runs operations beside every step."""

    def __init__(self, fetches):
        self._fetches = fetches

    def before_run(self, run_context):
        return tf.train.SessionRunArgs(self._fetches)


class _ExamplesPerSecond(tf.train.StepCounterHook):
    """Logs steps and examples a second."""

    def __init__(self, batch_size, every_n_steps, every_n_secs, output_dir):
        super().__init__(every_n_steps=every_n_steps, every_n_secs=every_n_secs, output_dir=output_dir)
        self._batch_size = batch_size

    def _log_and_record(self, elapsed_steps, elapsed_time, global_step):
        speeds = {"global_step/sec": elapsed_steps / elapsed_time}
        speeds["examples/sec"] = self._batch_size * speeds["global_step/sec"]
        for name, value in speeds.items():
            if self._summary_writer is not None:
                summary = tf.Summary(value=[tf.Summary.Value(tag=name, simple_value=value)])
                self._summary_writer.add_summary(summary, global_step)
            tf.logging.info("%s: %g", name, value)


class TPUEstimator(Estimator):
    """An Estimator whose input_fn and model_fn find the batch size of their mode as params["batch_size"].

    Args:
      model_fn, model_dir, params, warm_start_from: as of Estimator. config: the RunConfig of this module.
      use_tpu: False. train_batch_size, eval_batch_size, predict_batch_size: int.
      The rest is a TPU's.
    Raises:
      NotServed: for use_tpu=True.
    """

    def __init__(
        self,
        model_fn=None,
        model_dir=None,
        config=None,
        params=None,
        use_tpu=True,
        train_batch_size=None,
        eval_batch_size=None,
        predict_batch_size=None,
        batch_axis=None,
        eval_on_tpu=True,
        export_to_tpu=True,
        export_to_cpu=True,
        warm_start_from=None,
        embedding_config_spec=None,
        export_saved_model_api_version=None,
    ):
        if use_tpu:
            raise NotServed("tf.contrib.tpu.TPUEstimator(use_tpu=True)", _NO_TPU)
        if embedding_config_spec is not None:
            raise NotServed("tf.contrib.tpu.TPUEstimator(embedding_config_spec=...)", _NO_TPU)
        if not isinstance(config, RunConfig):
            raise ValueError("`config` must be provided with type `tpu_config.RunConfig`")
        if params is not None and any(name in params for name in _RESERVED):
            raise ValueError(f"{_RESERVED} are reserved keys but existed in params {params}.")
        self._batch_sizes = {
            ModeKeys.TRAIN: train_batch_size,
            ModeKeys.EVAL: eval_batch_size,
            ModeKeys.PREDICT: predict_batch_size,
        }
        self._has_input = False  # of the graph that is built: an export has none, and no batch size
        self._logged = config.log_step_count_steps  # by a hook of its own
        super().__init__(model_fn, model_dir, config.replace(log_step_count_steps=None), params or {}, warm_start_from)
        tf.logging.info("_TPUContext: eval_on_tpu %s", eval_on_tpu)
        if eval_on_tpu:
            tf.logging.warning("eval_on_tpu ignored because use_tpu is False.")

    def train(self, input_fn, hooks=None, steps=None, max_steps=None, saving_listeners=None):
        """Trains as Estimator.train does."""
        super().train(input_fn, hooks, steps, max_steps, saving_listeners)
        tf.logging.info("training_loop marked as finished")
        return self

    def evaluate(self, input_fn, steps=None, hooks=None, checkpoint_path=None, name=None):
        """Evaluates as Estimator.evaluate does."""
        results = super().evaluate(input_fn, steps, hooks, checkpoint_path, name)
        tf.logging.info("evaluation_loop marked as finished")
        return results

    def predict(self, *args, **named):
        """Predicts as Estimator.predict does."""
        yield from super().predict(*args, **named)
        tf.logging.info("prediction_loop marked as finished")

    def _call_input_fn(self, input_fn, mode):
        takes = arguments_of(input_fn)
        if "params" not in takes:
            raise ValueError(
                f"input_fn ({input_fn}) does not include params argument, required by TPUEstimator to pass batch size "
                'as params["batch_size"]'
            )
        self._has_input = True
        given = {"params": self._params_of(mode), "config": self.config, "mode": mode}
        with tf.device("/device:CPU:0"):
            return input_fn(**{name: value for name, value in given.items() if name in takes})

    def _call_model_fn(self, features, labels, mode, config):
        takes = arguments_of(self._model_fn)
        if labels is not None and "labels" not in takes:
            raise ValueError("model_fn does not take labels, but input_fn returns labels.")
        if "params" not in takes:
            raise ValueError(
                f"model_fn ({self._model_fn}) does not include params argument, required by TPUEstimator to pass "
                "batch size as params['batch_size']"
            )
        params = _with_item(self._params_of(mode if self._has_input else None), "use_tpu", False)
        self._has_input = False
        given = {"labels": labels, "mode": mode, "params": params, "config": config}
        tf.logging.info("Calling model_fn.")
        tf.logging.info("Running %s on CPU", mode)
        spec = self._model_fn(features=features, **{name: value for name, value in given.items() if name in takes})
        if isinstance(spec, TPUEstimatorSpec):
            spec = spec.as_estimator_spec()
        if not isinstance(spec, EstimatorSpec):
            raise ValueError("model_fn should return an EstimatorSpec.")
        if self._logged is not None:
            spec = spec._replace(training_hooks=spec.training_hooks + (self._speed_hook(mode),))
        tf.logging.info("Done calling model_fn.")
        return spec

    def _create_global_step(self, graph):
        """Makes the global step a resource variable, which hooks read before a step changes it."""
        with tf.variable_scope(tf.get_variable_scope(), use_resource=True):
            return super()._create_global_step(graph)

    def _params_of(self, mode):
        """Returns the params of a mode, with its batch size; None for an export's, without one."""
        params, size = self.params, self._batch_sizes.get(mode)
        return params if size is None else _with_item(params, "batch_size", size)

    def _speed_hook(self, mode):
        count, seconds = _iterations(self._config.tpu_config.iterations_per_loop)
        return _ExamplesPerSecond(
            self._batch_sizes[mode] or 0,
            None if seconds else int(math.ceil(float(self._logged) / count)),
            seconds,
            self._model_dir if self._config.save_summary_steps else None,
        )


def _with_item(params, name, value):
    """Returns params, a dict or HParams, with one more item."""
    if hasattr(params, "set_hparam"):
        (params.set_hparam if name in params else params.add_hparam)(name, value)
    else:
        params[name] = value
    return params


def _check_positive(value, name):
    if value <= 0:
        raise ValueError(f"{name} must be positive, got {value}")


def _iterations(value):
    """Returns (steps, None) or (None, seconds) of iterations_per_loop."""
    if isinstance(value, str) and not value.isdigit():
        match = re.fullmatch(r"([1-9]\d*)([smh])", value)
        if match is None:
            raise ValueError(f"Invalid TPUConfig `iterations_per_loop` value {value}. Value must be positive.")
        return None, int(match.group(1)) * {"s": 1, "m": 60, "h": 3600}[match.group(2)]
    _check_positive(int(value), "TPUConfig iterations_per_loop")
    return int(value), None


def _check_host_call(name, call):
    """Refuses what is no (function, tensors)."""
    if not isinstance(call, (tuple, list)):
        raise ValueError(f"{name} should be tuple or list")
    if len(call) != 2:
        raise ValueError(f"{name} should have two elements.")
    function, tensors = call
    if not callable(function):
        raise TypeError(f"{name}[0] should be callable.")
    if not isinstance(tensors, (tuple, list, dict)):
        raise ValueError(f"{name}[1] should be tuple or list, or dict.")
    kinds = [one.kind for one in inspect.signature(function).parameters.values()]
    if isinstance(tensors, dict) or inspect.Parameter.VAR_POSITIONAL in kinds:
        return
    takes = arguments_of(function)
    if len(tensors) != len(takes):
        raise RuntimeError(
            f"In TPUEstimatorSpec.{name}, length of tensors {len(tensors)} does not match method args of the function, "
            f"which takes {len(takes)}."
        )


def _called(name, call):
    """Returns what the function of a host call returns for its tensors."""
    function, tensors = call
    _check_host_call(name, call)
    return function(**tensors) if isinstance(tensors, dict) else function(*tensors)
