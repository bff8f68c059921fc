"""What of `tf` depends on the installed TensorFlow: tf.keras and tf.estimator are let through where they work."""

from typing import Any, Callable

import tensorflow.compat.v1 as _v1
from tensorflow.python.framework import ops
from tensorflow.python.util import nest

from legacy_gan.tf1 import keras2, names
from legacy_gan.tf1.namespace import Namespace

__all__ = ["cluster_resolver", "contrib_tpu", "estimator", "is_sequence", "keras", "tensor"]


def tensor() -> type:
    """Returns tf.Tensor: the type of what a graph is made of, as in `type(x) is tf.Tensor`.

    Since TensorFlow 2.12 or so that is a class below the one that TensorFlow calls Tensor.
    """
    return getattr(ops, "SymbolicTensor", _v1.Tensor)


def keras() -> Namespace:
    """Returns tf.keras: all of Keras 2; of Keras 3, which has no graphs, what needs none."""
    if keras2.installed() is not None:
        return keras2.tf_keras()
    served = ("datasets", "utils", "__version__")
    own = {name: getattr(_v1.keras, name) for name in served if hasattr(_v1.keras, name)}
    return Namespace("tf.keras", own, advice={names.AFTER_A_GUESS: keras2.how_to_have_it()})


def estimator() -> Namespace:
    """Returns tf.estimator; this package's own where TensorFlow has none, from 2.16 on."""
    if _has_estimator():
        return Namespace("tf.estimator", {}, _v1.estimator, advice={})
    from legacy_gan.tf1 import estimator as ours
    from legacy_gan.tf1.estimator import early_stopping, export, tpu

    own = {name: getattr(ours, name) for name in ours.__all__}
    for name, module in (("experimental", early_stopping), ("export", export), ("tpu", tpu)):
        place = f"tf.estimator.{name}"
        own[name] = Namespace(place, {public: getattr(module, public) for public in module.__all__})
    own["inputs"] = Namespace(
        "tf.estimator.inputs", {name: own.pop(name) for name in ("numpy_input_fn", "pandas_input_fn")}
    )
    return Namespace("tf.estimator", own)


def is_sequence() -> Callable[[Any], bool]:
    """Returns nest.is_sequence, whether something is a structure: is_nested in TensorFlow 2."""
    return getattr(nest, "is_sequence", None) or nest.is_nested


def contrib_tpu() -> Namespace:
    """Returns tf.contrib.tpu: the Estimator of tf.estimator.tpu, and what tf.tpu has."""
    of_estimator = estimator().tpu
    names = ("InputPipelineConfig", "RunConfig", "TPUConfig", "TPUEstimator", "TPUEstimatorSpec")
    own = {name: getattr(of_estimator, name) for name in names}
    own.update((name, getattr(_v1.tpu, name)) for name in _OF_TPU)
    own["export_estimator_savedmodel"] = _export_estimator_savedmodel
    return Namespace("tf.contrib.tpu", own)


_OF_TPU = (
    "CrossShardOptimizer",
    "batch_parallel",
    "bfloat16_scope",
    "core",
    "cross_replica_sum",
    "initialize_system",
    "outside_compilation",
    "replicate",
    "rewrite",
    "shard",
    "shutdown_system",
)


def cluster_resolver() -> Namespace:
    """Returns tf.contrib.cluster_resolver, which is tf.distribute.cluster_resolver now."""
    there = _v1.distribute.cluster_resolver
    kinds = ("", "GCE", "Kubernetes", "Simple", "Slurm", "TFConfig", "TPU")
    names = [f"{kind}ClusterResolver" for kind in kinds]
    own = {name: getattr(there, name) for name in names if hasattr(there, name)}
    own["UnionClusterResolver"] = there.UnionResolver
    return Namespace("tf.contrib.cluster_resolver", own)


def _export_estimator_savedmodel(estimator, export_dir_base, serving_input_receiver_fn, *args, **named):
    """Writes the model of a TPUEstimator as a SavedModel; returns bytes, its folder."""
    return estimator.export_savedmodel(export_dir_base, serving_input_receiver_fn, *args, **named)


def _has_estimator():
    try:
        return _v1.estimator.Estimator is not None
    except (AttributeError, ImportError):
        return False
