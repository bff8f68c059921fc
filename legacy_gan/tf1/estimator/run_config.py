"""RunConfig: how an Estimator runs, as a program asks for it and as the variable TF_CONFIG says.

Source: the interface and defaults of tf.estimator in TensorFlow 1.15.
"""

import json
import os

import tensorflow.compat.v1 as tf

from legacy_gan.errors import NotServed

__all__ = ["RunConfig", "TaskType", "default_session_config"]

_SHOWN = (
    "cluster_spec",
    "device_fn",
    "evaluation_master",
    "eval_distribute",
    "experimental_max_worker_delay_secs",
    "global_id_in_cluster",
    "is_chief",
    "keep_checkpoint_every_n_hours",
    "keep_checkpoint_max",
    "log_step_count_steps",
    "master",
    "model_dir",
    "num_ps_replicas",
    "num_worker_replicas",
    "protocol",
    "save_checkpoints_secs",
    "save_checkpoints_steps",
    "save_summary_steps",
    "service",
    "session_config",
    "session_creation_timeout_secs",
    "task_id",
    "task_type",
    "tf_random_seed",
    "train_distribute",
)
_GIVEN = object()  # save_checkpoints_secs and save_checkpoints_steps as they are if nothing is said


class TaskType:
    """What a process of a cluster does."""

    MASTER = "master"
    PS = "ps"
    WORKER = "worker"
    CHIEF = "chief"
    EVALUATOR = "evaluator"


class RunConfig:
    """How an Estimator runs: seeds, checkpoints, summaries; one process.

    Args:
      model_dir: str. tf_random_seed: int, the graphs' seed, or None.
      save_checkpoints_secs: float, 600 unless save_checkpoints_steps is given; None of both: no checkpoints.
      session_config: tf.ConfigProto.
      train_distribute, eval_distribute: a tf.distribute.Strategy of one device, which is left out.
    Raises:
      ValueError: for both kinds of checkpoints. NotServed: for more processes or devices than one.
    """

    def __init__(
        self,
        model_dir=None,
        tf_random_seed=None,
        save_summary_steps=100,
        save_checkpoints_steps=_GIVEN,
        save_checkpoints_secs=_GIVEN,
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
        if save_checkpoints_steps is _GIVEN and save_checkpoints_secs is _GIVEN:
            save_checkpoints_steps, save_checkpoints_secs = None, 600
        elif save_checkpoints_secs is _GIVEN:
            save_checkpoints_secs = None
        elif save_checkpoints_steps is _GIVEN:
            save_checkpoints_steps = None
        elif save_checkpoints_steps is not None and save_checkpoints_secs is not None:
            raise ValueError("RunConfig: save_checkpoints_steps and save_checkpoints_secs exclude each other")
        environment = json.loads(os.environ.get("TF_CONFIG") or "{}")
        _one_process(environment, train_distribute, eval_distribute, experimental_distribute)
        vars(self).update(
            _model_dir=_model_dir(model_dir, environment),
            _tf_random_seed=tf_random_seed,
            _save_summary_steps=save_summary_steps,
            _save_checkpoints_steps=save_checkpoints_steps,
            _save_checkpoints_secs=save_checkpoints_secs,
            _session_config=session_config,
            _keep_checkpoint_max=keep_checkpoint_max,
            _keep_checkpoint_every_n_hours=keep_checkpoint_every_n_hours,
            _log_step_count_steps=log_step_count_steps,
            _train_distribute=None,
            _device_fn=device_fn,
            _protocol=protocol,
            _eval_distribute=None,
            _experimental_distribute=None,
            _experimental_max_worker_delay_secs=experimental_max_worker_delay_secs,
            _session_creation_timeout_secs=session_creation_timeout_secs,
            _service=environment.get("service"),
            _cluster_spec=tf.train.ClusterSpec({}),
            _task_type=TaskType.WORKER,
            _task_id=0,
            _global_id_in_cluster=0,
            _master="",
            _evaluation_master="",
            _is_chief=True,
            _num_ps_replicas=0,
            _num_worker_replicas=1,
        )

    def replace(self, **changed):
        """Returns a copy with other values of what __init__ takes.

        Raises:
          ValueError: for other names, and for both kinds of checkpoints.
        """
        copy = type(self).__new__(type(self))
        vars(copy).update(vars(self))
        for name, value in changed.items():
            if name not in _SHOWN or name in ("cluster_spec", "is_chief", "master", "task_id", "task_type"):
                raise ValueError(f"Replacing {name} is not supported: RunConfig.replace takes what RunConfig takes")
            setattr(copy, "_" + name, value)
        if copy.save_checkpoints_steps is not None and copy.save_checkpoints_secs is not None:
            if {"save_checkpoints_steps", "save_checkpoints_secs"} <= set(changed):
                raise ValueError("RunConfig: save_checkpoints_steps and save_checkpoints_secs exclude each other")
            given = "steps" if "save_checkpoints_steps" in changed else "secs"
            setattr(copy, "_save_checkpoints_" + ("secs" if given == "steps" else "steps"), None)
        return copy


for _name in _SHOWN:
    setattr(RunConfig, _name, property(lambda self, name="_" + _name: getattr(self, name)))


def default_session_config():
    """Returns the tf.ConfigProto of an Estimator whose RunConfig has none."""
    config = tf.ConfigProto(allow_soft_placement=True)
    config.graph_options.rewrite_options.meta_optimizer_iterations = 1
    return config


def _model_dir(given, environment):
    """Returns the folder that is given or that TF_CONFIG names, None if neither is."""
    of_environment = environment.get("model_dir")
    if given is not None and of_environment and given != of_environment:
        raise ValueError(f"RunConfig: model_dir is {given!r}, and TF_CONFIG names {of_environment!r}")
    return given if given is not None else of_environment


def _one_process(environment, *strategies):
    """Refuses a cluster of more than one task, and strategies of more than one device."""
    tasks = [task for tasks in environment.get("cluster", {}).values() for task in tasks]
    if len(tasks) > 1 or environment.get("task", {}).get("type") == TaskType.EVALUATOR:
        raise NotServed("tf.estimator with a cluster in TF_CONFIG", "train in one process: unset TF_CONFIG")
    for strategy in strategies:
        strategy = getattr(strategy, "train_distribute", strategy)  # of a DistributeConfig
        if strategy is not None and getattr(strategy, "num_replicas_in_sync", 2) != 1:
            raise NotServed("tf.estimator.RunConfig(train_distribute=...)", "train on one device")
