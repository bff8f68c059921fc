"""tf.estimator: Estimator with a model_fn of one's own, also as TPUs have it, and the ready-made ones.

Source: the interface, defaults and names of tf.estimator in TensorFlow 1.15.
"""

import tensorflow.compat.v1 as tf

from legacy_gan.tf1.estimator import canned, combined
from legacy_gan.tf1.estimator.estimators import Estimator
from legacy_gan.tf1.estimator.exporters import BestExporter, Exporter, FinalExporter, LatestExporter
from legacy_gan.tf1.estimator.inputs import numpy_input_fn, pandas_input_fn
from legacy_gan.tf1.estimator.run_config import RunConfig
from legacy_gan.tf1.estimator.spec import EstimatorSpec, ModeKeys
from legacy_gan.tf1.estimator.training import EvalSpec, TrainSpec, train_and_evaluate
from legacy_gan.tf1.estimator.warm_start import VocabInfo, WarmStartSettings

_HOOKS = [
    "CheckpointSaverHook",
    "CheckpointSaverListener",
    "FeedFnHook",
    "FinalOpsHook",
    "GlobalStepWaiterHook",
    "LoggingTensorHook",
    "NanLossDuringTrainingError",
    "NanTensorHook",
    "ProfilerHook",
    "SecondOrStepTimer",
    "SessionRunArgs",
    "SessionRunContext",
    "SessionRunHook",
    "SessionRunValues",
    "StepCounterHook",
    "StopAtStepHook",
    "SummarySaverHook",
]
globals().update((name, getattr(tf.train, name)) for name in _HOOKS)
globals().update((name, getattr(module, name)) for module in (canned, combined) for name in module.__all__)

__all__ = [
    "BestExporter",
    "Estimator",
    "EstimatorSpec",
    "EvalSpec",
    "Exporter",
    "FinalExporter",
    "LatestExporter",
    "ModeKeys",
    "RunConfig",
    "TrainSpec",
    "VocabInfo",
    "WarmStartSettings",
    "numpy_input_fn",
    "pandas_input_fn",
    "train_and_evaluate",
]
__all__ += _HOOKS + canned.__all__ + combined.__all__
