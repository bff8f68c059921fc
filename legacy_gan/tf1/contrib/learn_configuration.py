"""tf.contrib.learn's names for what its estimators are run for and with: ModeKeys, RunConfig and their like.

Source: the values and defaults of tf.contrib.learn in TensorFlow 1.15.5.
"""

import tensorflow.compat.v1 as tf

from legacy_gan.errors import NotServed
from legacy_gan.tf1 import by_version

__all__ = ["ModeKeys", "PredictionKey", "ProblemType", "RunConfig", "TaskType"]


class ModeKeys:
    """What a model_fn is called for."""

    TRAIN = "train"
    EVAL = "eval"
    INFER = "infer"

    @classmethod
    def validate(cls, key):
        """Refuses what is none of them."""
        if key not in (cls.TRAIN, cls.EVAL, cls.INFER):
            raise ValueError(f"Invalid mode {key}.")


class PredictionKey:
    """Names of predictions."""

    CLASSES = "classes"
    PROBABILITIES = "probabilities"
    LOGITS = "logits"
    LOGISTIC = "logistic"
    SCORES = "scores"
    TOP_K = "top_k"
    GENERIC = "output"


class ProblemType:
    """What a model solves."""

    UNSPECIFIED = 0
    CLASSIFICATION = 1
    LINEAR_REGRESSION = 2
    LOGISTIC_REGRESSION = 3


class TaskType:
    """What a process of a cluster does."""

    MASTER = "master"
    PS = "ps"
    WORKER = "worker"


class RunConfig(by_version.estimator().RunConfig):
    """A tf.estimator.RunConfig with the arguments of tf.contrib.learn's.

    Args:
      num_cores: int, threads of a session; 0 for as many as there are. gpu_memory_fraction: float, 1 for all.
      session_config: tf.ConfigProto, instead of what these make.
      The rest: as of tf.estimator.RunConfig; save_checkpoints_secs=0 stands for 600.
    """

    def __init__(
        self,
        master=None,
        num_cores=0,
        log_device_placement=False,
        gpu_memory_fraction=1,
        tf_random_seed=None,
        save_summary_steps=100,
        save_checkpoints_secs=0,
        save_checkpoints_steps=None,
        keep_checkpoint_max=5,
        keep_checkpoint_every_n_hours=10000,
        log_step_count_steps=100,
        protocol=None,
        evaluation_master="",
        model_dir=None,
        session_config=None,
        session_creation_timeout_secs=7200,
    ):
        if master or evaluation_master:
            raise NotServed("tf.contrib.learn.RunConfig(master=...)", "train in one process")
        if save_checkpoints_secs == 0 and save_checkpoints_steps is None:
            save_checkpoints_secs = 600
        if save_checkpoints_steps is not None:
            save_checkpoints_secs = None if save_checkpoints_secs == 0 else save_checkpoints_secs
        if session_config is None:
            session_config = tf.ConfigProto(
                log_device_placement=log_device_placement,
                inter_op_parallelism_threads=num_cores,
                intra_op_parallelism_threads=num_cores,
                gpu_options=tf.GPUOptions(per_process_gpu_memory_fraction=gpu_memory_fraction),
            )
        super().__init__(
            model_dir=model_dir,
            tf_random_seed=tf_random_seed,
            save_summary_steps=save_summary_steps,
            save_checkpoints_steps=save_checkpoints_steps,
            save_checkpoints_secs=save_checkpoints_secs,
            session_config=session_config,
            keep_checkpoint_max=keep_checkpoint_max,
            keep_checkpoint_every_n_hours=keep_checkpoint_every_n_hours,
            log_step_count_steps=log_step_count_steps,
            protocol=protocol,
            session_creation_timeout_secs=session_creation_timeout_secs,
        )
