"""tf.contrib as TensorFlow 1.15 had it, as far as it is served; each part is loaded when it is used.

`tf.contrib.layers`, `slim`, `framework`, ... are modules of this package. What is not served answers
with a legacy_gan.tf1.errors.NotServed that names the symbol and what to use instead, when a name in
it is asked for: `tf.contrib.learn.DNNClassifier`, not `import tensorflow.contrib.learn`.

Source: the interface of tf.contrib in TensorFlow 1.15.5.
"""

import importlib
import types

from legacy_gan.tf1.errors import NotServed

__all__ = ["ALIASES", "module"]

SERVED = (
    "data",
    "distributions",
    "framework",
    "layers",
    "legacy_seq2seq",
    "lookup",
    "losses",
    "metrics",
    "rnn",
    "seq2seq",
    "slim",
    "tensorboard",
    "training",
    "util",
)

# Where the parts lived inside of TensorFlow: listings import from there, too.
ALIASES = {
    "distributions.python.ops": "distributions",
    "framework.python.framework": "framework",
    "framework.python.ops": "framework",
    "framework.python.ops.arg_scope": "framework",
    "framework.python.ops.variables": "framework",
    "framework.python.framework.checkpoint_utils": "framework",
    "layers.python.layers": "layers",
    "layers.python.layers.initializers": "layers",
    "layers.python.layers.layers": "layers",
    "layers.python.layers.normalization": "layers",
    "layers.python.layers.optimizers": "layers",
    "layers.python.layers.regularizers": "layers",
    "layers.python.layers.summaries": "layers",
    "layers.python.layers.utils": "layers.utils",
    "learn.preprocessing": "learn_preprocessing",
    "learn.python.learn.preprocessing": "learn_preprocessing",
    "legacy_seq2seq.python.ops.seq2seq": "legacy_seq2seq",
    "losses.python.losses": "losses",
    "losses.python.losses.loss_ops": "losses",
    "metrics.python.ops.metric_ops": "metrics",
    "rnn.python.ops": "rnn",
    "rnn.python.ops.core_rnn_cell": "rnn",
    "rnn.python.ops.core_rnn_cell_impl": "rnn",
    "rnn.python.ops.rnn": "rnn",
    "rnn.python.ops.rnn_cell": "rnn",
    "seq2seq.python.ops": "seq2seq",
    "seq2seq.python.ops.attention_wrapper": "seq2seq",
    "seq2seq.python.ops.basic_decoder": "seq2seq",
    "seq2seq.python.ops.decoder": "seq2seq",
    "seq2seq.python.ops.helper": "seq2seq",
    "seq2seq.python.ops.loss": "seq2seq",
    "slim.python.slim": "slim",
    "slim.python.slim.learning": "slim.learning",
    "training.python.training": "training",
    "training.python.training.hparam": "training",
}

# What became of the parts that are not served.
INSTEAD = {
    "autograph": "use tf.autograph",
    "boosted_trees": "use the package tensorflow_decision_forests, or xgboost",
    "checkpoint": "use tf.train.Checkpoint",
    "cluster_resolver": "use tf.distribute.cluster_resolver",
    "crf": "use tensorflow_addons.text.crf, or write the forward algorithm with tf.scan",
    "cudnn_rnn": "use tf.nn.rnn_cell.LSTMCell or GRUCell with tf.nn.dynamic_rnn",
    "distribute": "use tf.distribute",
    "eager": "use TensorFlow 2, which runs eagerly, or build a graph and run it in a tf.Session",
    "estimator": "use tf.layers with a tf.Session, or TensorFlow 1.15 itself",
    "factorization": "use sklearn.cluster.KMeans or sklearn.mixture.GaussianMixture",
    "feature_column": "use tf.feature_column",
    "ffmpeg": "use tf.audio.decode_wav",
    "gan": "use the package tensorflow_gan, or write the losses with tf.losses",
    "graph_editor": "use tf.graph_util or tf.import_graph_def with an input_map",
    "grid_rnn": "use tf.nn.rnn_cell",
    "image": "turn the pictures with scipy.ndimage or PIL.Image before they are fed, or use tf.image",
    "input_pipeline": "use tf.data",
    "integrate": "use scipy.integrate.odeint, or the package tensorflow_probability",
    "keras": "use tf.keras",
    "kernel_methods": "use sklearn.kernel_approximation",
    "learn": "its estimators are gone: write the training loop with tf.layers and a tf.Session",
    "memory_stats": "use tf.config.experimental.get_memory_info",
    "model_pruning": "use the package tensorflow_model_optimization",
    "nn": "use tf.nn",
    "opt": "use an optimizer of tf.train",
    "predictor": "use tf.saved_model.loader.load in a tf.Session",
    "quantize": "use the package tensorflow_model_optimization",
    "resampler": "use tf.gather_nd",
    "saved_model": "use tf.saved_model",
    "signal": "use tf.signal",
    "stateless": "use tf.random.stateless_uniform, stateless_normal, ...",
    "summary": "use tf.summary.scalar and its kind with a tf.summary.FileWriter",
    "tensor_forest": "use sklearn.ensemble.RandomForestClassifier, or tensorflow_decision_forests",
    "tensorrt": "use tf.experimental.tensorrt",
    "timeseries": "use the package statsmodels or tensorflow_probability",
    "tpu": "use tf.distribute.TPUStrategy of TensorFlow 2",
}
OTHERWISE = "use TensorFlow 1.15 itself, or write it with tf.layers, tf.nn and tf.get_variable"


class _Unserved(types.ModuleType):
    """A part of tf.contrib that is not served: whatever is asked of it is a named error."""

    def __init__(self, symbol, instead):
        super().__init__(symbol)
        self._instead = instead

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        raise NotServed(f"{self.__name__}.{name}", self._instead)


def refusal(part, instead=None, otherwise=OTHERWISE):
    """Makes the `__getattr__` of a served part: names it lacks are named errors.

    Args:
      part: str, the part's name in tf.contrib.
      instead: dict from a name to what to use instead of it.
    """

    def __getattr__(name):
        if name.startswith("__"):
            raise AttributeError(name)
        raise NotServed(f"tf.contrib.{part}.{name}", (instead or {}).get(name, otherwise))

    return __getattr__


def __getattr__(name):
    if name in SERVED:
        return importlib.import_module(f"{__name__}.{name}")
    if name.startswith("__"):
        raise AttributeError(name)
    if name in INSTEAD:
        part = _Unserved(f"tf.contrib.{name}", INSTEAD[name])
        globals()[name] = part
        return part
    raise NotServed(f"tf.contrib.{name}", OTHERWISE)


def __dir__():
    return sorted(__all__ + list(SERVED))


def module(path):
    """Returns the part at a dotted path after `tensorflow.contrib.`, also where it lived inside.

    Args:
      path: str, as "layers" or "layers.python.layers.utils".
    Raises:
      NotServed: if there is none.
    """
    names = ALIASES.get(path, path).split(".")
    if names == ["learn_preprocessing"]:
        return importlib.import_module(f"{__name__}.{names[0]}")
    found = __getattr__(names[0])
    for name in names[1:]:
        found = getattr(found, name)
    return found
