"""The table of names: what hangs where in `tf`, what serves it, since when it was gone, and advice for the rest.

Data only. `legacy_gan.tf1.namespace` makes the tf namespace and its refusals from it, benchmarks/symbols.py writes
porting/symbols.txt, which `legacy-gan check` reads, from the namespace, and tests/docs/test_porting.py compares
the table of symbols in docs/porting.md with it. After a change here run benchmarks/symbols.py.

A *place* is the dotted name of a module as a program says it: "tf.contrib.layers". Places that begin with
"tensorflow." are reached by an import statement only: TensorFlow 1.15 had no `tf.examples`.
"""

from typing import Dict, NamedTuple

__all__ = [
    "ADVICE",
    "AFTER_A_GUESS",
    "EVERY_OTHER",
    "INNER_PLACES",
    "ITS_NAMES",
    "OF_THE_API",
    "OLD_NAMES",
    "OTHERWISE",
    "OVER",
    "REFUSED",
    "SERVED",
    "Served",
]


class Served(NamedTuple):
    """What serves a name.

    Attributes:
      by: str:
        "contrib.slim"       a module of legacy_gan.tf1, as it is;
        "rnn_cell:*"         a namespace of the names in a module's __all__, and of those that stand below it here;
        "rnn:dynamic_rnn"    one value of a module;
        "by_version:keras()" what a function of a module returns;
        "tensorflow.core"    a module of the installed TensorFlow;
        "= tf.layers"        the same object as another name.
      gone: str, the first TensorFlow without the name, or in which it no longer works; "" for a name that
        every TensorFlow still has, or whose last version is not known.
    """

    by: str
    gone: str = ""


# Modules that are let through: whatever has no row here is looked up in them.
OVER: Dict[str, str] = {
    "tf": "tensorflow.compat.v1",
    "tf.compat": "tensorflow.compat.v1.compat",
    "tf.image": "tensorflow.compat.v1.image",
    "tf.nn": "tensorflow.compat.v1.nn",
    "tf.train": "tensorflow.compat.v1.train",
    "tensorflow.python": "tensorflow.python",
    "tensorflow.python.framework": "tensorflow.python.framework",
    "tensorflow.python.framework.graph_util": "tensorflow.python.framework.graph_util",
    "tensorflow.python.framework.ops": "tensorflow.python.framework.ops",
    "tensorflow.python.framework.tensor_shape": "tensorflow.python.framework.tensor_shape",
    "tensorflow.python.ops": "tensorflow.python.ops",
    "tensorflow.python.ops.array_ops": "tensorflow.python.ops.array_ops",
    "tensorflow.python.ops.control_flow_ops": "tensorflow.python.ops.control_flow_ops",
    "tensorflow.python.ops.nn": "tensorflow.python.ops.nn",
    "tensorflow.python.ops.random_ops": "tensorflow.python.ops.random_ops",
    "tensorflow.python.ops.variables": "tensorflow.python.ops.variables",
    "tensorflow.python.pywrap_tensorflow": "tensorflow.python.pywrap_tensorflow",
    "tensorflow.python.training": "tensorflow.python.training",
    "tensorflow.python.training.checkpoint_management": "tensorflow.python.training.checkpoint_management",
    "tensorflow.python.util": "tensorflow.python.util",
    "tensorflow.python.util.nest": "tensorflow.python.util.nest",
}

# Names of 0.x, and functions whose arguments had another order or shape then: each a dict of name to value.
OLD_NAMES: Dict[str, Served] = {
    "tf": Served("old_names:ROOT", "1.0"),
    "tf.image": Served("old_names:IMAGE", "1.0"),
    "tf.nn": Served("old_names:NN", "1.0"),
    "tf.train": Served("old_names:TRAIN", "1.0"),
}

# What TensorFlow 2 has moved inside: the inner module that had it, and its names, which tf still has.
_MOVED = {
    "tensorflow.python.framework.graph_util": ("graph_util", "convert_variables_to_constants"),
    "tensorflow.python.framework.ops": (
        "",
        "IndexedSlices Tensor convert_to_tensor_or_indexed_slices register_tensor_conversion_function",
    ),
    "tensorflow.python.ops.array_ops": ("", "stack unstack"),
    "tensorflow.python.ops.control_flow_ops": ("", "Assert case cond while_loop"),
    "tensorflow.python.ops.nn": (
        "nn",
        "bidirectional_dynamic_rnn dynamic_rnn raw_rnn static_rnn static_state_saving_rnn",
    ),
    "tensorflow.python.ops.random_ops": ("", "random_crop"),
    "tensorflow.python.ops.variables": ("", "is_variable_initialized"),
    "tensorflow.python.pywrap_tensorflow": ("train", "NewCheckpointReader"),
    "tensorflow.python.training.checkpoint_management": (
        "train",
        "checkpoint_exists get_checkpoint_state latest_checkpoint update_checkpoint_state",
    ),
}

SERVED: Dict[str, Served] = {
    "tf.Tensor": Served("by_version:tensor()"),
    "tf.compat.v1": Served("= tf"),  # programs of 2019 say `import tensorflow.compat.v1 as tf`
    "tf.estimator": Served("by_version:estimator()", "2.16"),
    "tf.keras": Served("by_version:keras()", "2.16"),
    "tf.layers": Served("layers:*", "2.16"),
    "tf.matmul": Served("backend.precision:matmul"),
    # Recurrent networks
    "tf.nn.bidirectional_dynamic_rnn": Served("rnn:bidirectional_dynamic_rnn"),
    "tf.nn.bidirectional_rnn": Served("rnn:static_bidirectional_rnn", "1.0"),
    "tf.nn.dynamic_rnn": Served("rnn:dynamic_rnn"),
    "tf.nn.raw_rnn": Served("rnn:raw_rnn"),
    "tf.nn.rnn": Served("rnn:static_rnn", "1.0"),
    "tf.nn.rnn_cell": Served("rnn_cell:*", "2.16"),
    "tf.nn.seq2seq": Served("= tf.contrib.legacy_seq2seq", "1.0"),
    "tf.nn.state_saving_rnn": Served("rnn:static_state_saving_rnn", "1.0"),
    "tf.nn.static_bidirectional_rnn": Served("rnn:static_bidirectional_rnn"),
    "tf.nn.static_rnn": Served("rnn:static_rnn"),
    "tf.nn.static_state_saving_rnn": Served("rnn:static_state_saving_rnn"),
    "tensorflow.models.rnn.rnn": Served("= tensorflow.python.ops.rnn"),
    "tensorflow.models.rnn.rnn_cell": Served("= tensorflow.python.ops.rnn_cell"),
    "tensorflow.models.rnn.rnn_cell_impl": Served("= tensorflow.python.ops.rnn_cell"),
    "tensorflow.models.rnn.seq2seq": Served("= tf.contrib.legacy_seq2seq"),
    "tensorflow.python.ops.rnn": Served("rnn:*"),
    "tensorflow.python.ops.rnn.bidirectional_rnn": Served("rnn:static_bidirectional_rnn", "1.0"),
    "tensorflow.python.ops.rnn.rnn": Served("rnn:static_rnn", "1.0"),
    "tensorflow.python.ops.rnn.state_saving_rnn": Served("rnn:static_state_saving_rnn", "1.0"),
    "tensorflow.python.ops.rnn.rnn_cell_impl": Served("= tensorflow.python.ops.rnn_cell", "2.16"),
    "tensorflow.python.ops.rnn_cell": Served("rnn_cell:*", "2.16"),
    "tensorflow.python.ops.rnn_cell_impl": Served("= tensorflow.python.ops.rnn_cell", "2.16"),
    "tensorflow.python.ops.seq2seq": Served("= tf.contrib.legacy_seq2seq", "1.0"),
    "tensorflow.python.util.nest.is_sequence": Served("by_version:is_sequence()"),
    # tf.layers' modules
    "tensorflow.python.layers.convolutional": Served("= tf.layers", "2.16"),
    "tensorflow.python.layers.core": Served("= tf.layers", "2.16"),
    "tensorflow.python.layers.layers": Served("= tf.layers", "2.16"),
    "tensorflow.python.layers.normalization": Served("= tf.layers", "2.16"),
    "tensorflow.python.layers.pooling": Served("= tf.layers", "2.16"),
    # tf.contrib
    "tf.contrib.cluster_resolver": Served("by_version:cluster_resolver()", "2.0"),
    "tf.contrib.crf": Served("contrib.crf", "2.0"),
    "tf.contrib.cudnn_rnn": Served("contrib.cudnn_rnn", "2.0"),
    "tf.contrib.data": Served("contrib.data", "2.0"),
    "tf.contrib.distributions": Served("contrib.distributions", "2.0"),
    "tf.contrib.factorization": Served("contrib.factorization", "2.0"),
    "tf.contrib.framework": Served("contrib.framework", "2.0"),
    "tf.contrib.gan": Served("contrib.gan", "1.15"),
    "tf.contrib.image": Served("contrib.image", "2.0"),
    "tf.contrib.keras": Served("= tf.keras", "2.0"),
    "tf.contrib.layers": Served("contrib.layers", "2.0"),
    "tf.contrib.learn.Estimator": Served("contrib.learn_estimators:Estimator", "2.0"),
    "tf.contrib.learn.Experiment": Served("contrib.learn_experiment:Experiment", "2.0"),
    "tf.contrib.learn.MetricSpec": Served("contrib.learn_estimators:MetricSpec", "2.0"),
    "tf.contrib.learn.ModeKeys": Served("contrib.learn_configuration:ModeKeys", "2.0"),
    "tf.contrib.learn.ModelFnOps": Served("contrib.learn_estimators:ModelFnOps", "2.0"),
    "tf.contrib.learn.NanLossDuringTrainingError": Served("= tf.train.NanLossDuringTrainingError", "2.0"),
    "tf.contrib.learn.NotFittedError": Served("contrib.learn_estimators:NotFittedError", "2.0"),
    "tf.contrib.learn.PredictionKey": Served("contrib.learn_configuration:PredictionKey", "2.0"),
    "tf.contrib.learn.ProblemType": Served("contrib.learn_configuration:ProblemType", "2.0"),
    "tf.contrib.learn.RunConfig": Served("contrib.learn_configuration:RunConfig", "2.0"),
    "tf.contrib.learn.SKCompat": Served("contrib.learn_estimators:SKCompat", "2.0"),
    "tf.contrib.learn.TaskType": Served("contrib.learn_configuration:TaskType", "2.0"),
    "tf.contrib.learn.datasets.base.Dataset": Served("mnist_data:Dataset", "2.0"),
    "tf.contrib.learn.datasets.base.Datasets": Served("mnist_data:Datasets", "2.0"),
    "tf.contrib.learn.datasets.load_dataset": Served("mnist_data:load_dataset", "2.0"),
    "tf.contrib.learn.datasets.mnist": Served("mnist_data:*", "2.0"),
    "tf.contrib.learn.learn_runner.run": Served("contrib.learn_experiment:run", "2.0"),
    "tf.contrib.learn.monitors": Served("contrib.learn_monitors", "2.0"),
    "tf.contrib.learn.preprocessing": Served("contrib.learn_preprocessing", "2.0"),
    "tf.contrib.legacy_seq2seq": Served("contrib.legacy_seq2seq", "2.0"),
    "tf.contrib.lookup": Served("contrib.lookup", "2.0"),
    "tf.contrib.losses": Served("contrib.losses", "2.0"),
    "tf.contrib.memory_stats": Served("contrib.memory_stats", "2.0"),
    "tf.contrib.metrics": Served("contrib.metrics", "2.0"),
    "tf.contrib.opt": Served("contrib.opt", "2.0"),
    "tf.contrib.predictor": Served("contrib.predictor", "2.0"),
    "tf.contrib.rnn": Served("contrib.rnn", "2.0"),
    "tf.contrib.seq2seq": Served("contrib.seq2seq", "2.0"),
    "tf.contrib.signal": Served("contrib.signal", "2.0"),
    "tf.contrib.slim": Served("contrib.slim", "2.0"),
    "tf.contrib.staging": Served("contrib.staging", "2.0"),
    "tf.contrib.stateless": Served("contrib.stateless", "2.0"),
    "tf.contrib.summary": Served("contrib.summary", "2.0"),
    "tf.contrib.tensorboard": Served("contrib.tensorboard", "2.0"),
    "tf.contrib.tpu": Served("by_version:contrib_tpu()", "2.0"),
    "tf.contrib.training": Served("contrib.training", "2.0"),
    "tf.contrib.util": Served("contrib.util", "2.0"),
    **{
        f"{module}.{name}": Served(f"= tf.{place}.{name}" if place else f"= tf.{name}")
        for module, (place, moved) in _MOVED.items()
        for name in moved.split()
    },
    "tensorflow.python.framework.tensor_shape.matrix": Served("shapes:matrix"),
    "tensorflow.python.framework.tensor_shape.scalar": Served("shapes:scalar"),
    "tensorflow.python.framework.tensor_shape.vector": Served("shapes:vector"),
    "tensorflow.python.ops.variables.VariableV1": Served("= tf.Variable"),
    # The rest of the package that programs name
    "tensorflow.core": Served("tensorflow.core"),
    "tensorflow.examples.tutorials.mnist.input_data": Served("mnist_data:*", "2.0"),
    "tensorflow.examples.tutorials.mnist.mnist": Served("mnist_tutorial:*", "2.0"),
}

# Where the parts of tf.contrib lived inside of TensorFlow: programs import from there, too.
INNER_PLACES: Dict[str, str] = {
    "tf.contrib.cudnn_rnn.python.ops.cudnn_rnn_ops": "tf.contrib.cudnn_rnn",
    "tf.contrib.distributions.python.ops": "tf.contrib.distributions",
    "tf.contrib.factorization.python.ops.clustering_ops": "tf.contrib.factorization",
    "tf.contrib.framework.python.framework": "tf.contrib.framework",
    "tf.contrib.framework.python.framework.checkpoint_utils": "tf.contrib.framework",
    "tf.contrib.framework.python.ops": "tf.contrib.framework",
    "tf.contrib.framework.python.ops.arg_scope": "tf.contrib.framework",
    "tf.contrib.framework.python.ops.variables": "tf.contrib.framework",
    "tf.contrib.gan.python": "tf.contrib.gan",
    "tf.contrib.gan.python.namedtuples": "tf.contrib.gan",
    "tf.contrib.gan.python.train": "tf.contrib.gan",
    "tf.contrib.keras.api.keras": "tf.keras",
    "tf.contrib.keras.python.keras": "tf.keras",
    "tf.contrib.layers.python.layers": "tf.contrib.layers",
    "tf.contrib.layers.python.layers.initializers": "tf.contrib.layers",
    "tf.contrib.layers.python.layers.layers": "tf.contrib.layers",
    "tf.contrib.layers.python.layers.normalization": "tf.contrib.layers",
    "tf.contrib.layers.python.layers.optimizers": "tf.contrib.layers",
    "tf.contrib.layers.python.layers.regularizers": "tf.contrib.layers",
    "tf.contrib.layers.python.layers.summaries": "tf.contrib.layers",
    "tf.contrib.layers.python.layers.utils": "tf.contrib.layers.utils",
    "tf.contrib.learn.python.learn": "tf.contrib.learn",
    "tf.contrib.learn.python.learn.estimators": "tf.contrib.learn",
    "tf.contrib.learn.python.learn.estimators.estimator": "tf.contrib.learn",
    "tf.contrib.learn.python.learn.estimators.model_fn": "tf.contrib.learn",
    "tf.contrib.learn.python.learn.estimators.run_config": "tf.contrib.learn",
    "tf.contrib.learn.python.learn.experiment": "tf.contrib.learn",
    "tf.contrib.learn.python.learn.learn_runner": "tf.contrib.learn.learn_runner",
    "tf.contrib.learn.python.learn.metric_spec": "tf.contrib.learn",
    "tf.contrib.learn.python.learn.monitors": "tf.contrib.learn.monitors",
    "tf.contrib.learn.python.learn.preprocessing": "tf.contrib.learn.preprocessing",
    "tf.contrib.legacy_seq2seq.python.ops.seq2seq": "tf.contrib.legacy_seq2seq",
    "tf.contrib.losses.python.losses": "tf.contrib.losses",
    "tf.contrib.losses.python.losses.loss_ops": "tf.contrib.losses",
    "tf.contrib.metrics.python.ops.metric_ops": "tf.contrib.metrics",
    "tf.contrib.rnn.python.ops": "tf.contrib.rnn",
    "tf.contrib.rnn.python.ops.core_rnn_cell": "tf.contrib.rnn",
    "tf.contrib.rnn.python.ops.core_rnn_cell_impl": "tf.contrib.rnn",
    "tf.contrib.rnn.python.ops.rnn": "tf.contrib.rnn",
    "tf.contrib.rnn.python.ops.rnn_cell": "tf.contrib.rnn",
    "tf.contrib.seq2seq.python.ops": "tf.contrib.seq2seq",
    "tf.contrib.seq2seq.python.ops.attention_wrapper": "tf.contrib.seq2seq",
    "tf.contrib.seq2seq.python.ops.basic_decoder": "tf.contrib.seq2seq",
    "tf.contrib.seq2seq.python.ops.beam_search_decoder": "tf.contrib.seq2seq",
    "tf.contrib.seq2seq.python.ops.beam_search_ops": "tf.contrib.seq2seq",
    "tf.contrib.seq2seq.python.ops.decoder": "tf.contrib.seq2seq",
    "tf.contrib.seq2seq.python.ops.helper": "tf.contrib.seq2seq",
    "tf.contrib.seq2seq.python.ops.loss": "tf.contrib.seq2seq",
    "tf.contrib.slim.python.slim": "tf.contrib.slim",
    "tf.contrib.slim.python.slim.data": "tf.contrib.slim",
    "tf.contrib.slim.python.slim.learning": "tf.contrib.slim.learning",
    "tf.contrib.slim.python.slim.nets": "tf.contrib.slim.nets",
    "tf.contrib.tpu.python.tpu.tpu_config": "tf.contrib.tpu",
    "tf.contrib.tpu.python.tpu.tpu_estimator": "tf.contrib.tpu",
    "tf.contrib.training.python.training": "tf.contrib.training",
    "tf.contrib.training.python.training.hparam": "tf.contrib.training",
}

# Keras inside of TensorFlow, as editors complete its imports; its modules show all that the public one has.
INNER_PLACES["tf.python.keras"] = "tf.keras"
INNER_PLACES.update(
    (f"tf.python.keras.{inner}.{name}", f"tf.keras.{public}")
    for inner, public, below in (
        ("engine", "layers", "base_layer input_layer input_spec"),
        ("engine", "models", "sequential training"),
        (
            "layers",
            "layers",
            "advanced_activations convolutional convolutional_recurrent core cudnn_recurrent embeddings local merge "
            "noise normalization pooling recurrent wrappers",
        ),
        ("optimizer_v2", "optimizers", "adadelta adagrad adam adamax gradient_descent nadam rmsprop"),
        ("utils", "utils", "conv_utils data_utils generic_utils layer_utils np_utils vis_utils"),
    )
    for name in below.split()
)

# The parts of tf.contrib.gan, each with files of two names: conditioning_utils and conditioning_utils_impl.
_OF_GAN = {
    "estimator": ("gan_estimator", "head", "latent_gan_estimator", "stargan_estimator"),
    "eval": ("classifier_metrics", "eval_utils", "sliced_wasserstein", "summaries"),
    "features": (
        "clip_weights",
        "conditioning_utils",
        "random_tensor_pool",
        "spectral_normalization",
        "virtual_batchnorm",
    ),
    "losses": ("tuple_losses",),
}
for _part, _files in _OF_GAN.items():
    _place = f"tf.contrib.gan.python.{_part}.python"
    INNER_PLACES[_place] = f"tf.contrib.gan.{_part}"
    for _file in _files:
        INNER_PLACES.update({f"{_place}.{_file}{end}": f"tf.contrib.gan.{_part}" for end in ("", "_impl")})
for _file in ("losses_impl", "losses_wargs"):
    INNER_PLACES[f"tf.contrib.gan.python.losses.python.{_file}"] = "tf.contrib.gan.losses.wargs"

# What to use instead of what is not served, by place and name. Names with a row are not let through.
EVERY_OTHER = "*"  # the advice for every other name of the place
AFTER_A_GUESS = ""  # the same, for names that are not close to one that the place has
ITS_NAMES = "its names"  # as advice: a list of the names that the place has
OTHERWISE = "use TensorFlow 1.15 itself, or write it with tf.layers, tf.nn and tf.get_variable"

# The advice for what today's TensorFlow has no longer, of its own modules without a row: tf.summary, tf.losses.
OF_THE_API: Dict[str, str] = {AFTER_A_GUESS: "the installed TensorFlow has no such name"}

_COLUMNS = "use the column of tf.feature_column that it became"
_NETS = "take the file of the network from tensorflow/models, research/slim/nets, beside the program"
_FROZEN = "give run_inception a graph that get_graph_def_from_disk reads: nothing is downloaded"
_SEQUENCES = "cut the sequences into batches with tf.data"

ADVICE: Dict[str, Dict[str, str]] = {
    "tf": {
        # tf.layers' objects share their weights by the graph's variable scopes: eagerly they would not
        "enable_eager_execution": "listings run as graphs: use placeholders and a Session, or TensorFlow 2"
    },
    "tf.estimator": {AFTER_A_GUESS: "write a model_fn for tf.estimator.Estimator, or the training loop over a Session"},
    "tf.keras": {
        AFTER_A_GUESS: "Keras 3 builds no graphs of TensorFlow 1; install Keras 2: the package tf_keras, "
        "of TensorFlow's own version, which is in the extra [programs]"
    },
    "tf.layers": {EVERY_OTHER: ITS_NAMES},
    # tf.contrib, and what its parts that are served lack
    "tf.contrib": {EVERY_OTHER: OTHERWISE},
    "tf.contrib.cluster_resolver": {EVERY_OTHER: "use tf.distribute.cluster_resolver"},
    "tf.contrib.cudnn_rnn": {
        EVERY_OTHER: "use CudnnCompatibleLSTMCell or CudnnCompatibleGRUCell with tf.nn.dynamic_rnn"
    },
    "tf.contrib.data": {EVERY_OTHER: "use tf.data"},
    "tf.contrib.distributions": {
        EVERY_OTHER: "use the package tensorflow_probability (from Python 3.12 on it needs setuptools), or write its "
        "log_prob and sample with tf.random_normal and its kind"
    },
    "tf.contrib.factorization": {EVERY_OTHER: "use KMeans, sklearn.cluster.KMeans or sklearn.mixture.GaussianMixture"},
    "tf.contrib.framework": {EVERY_OTHER: OTHERWISE},
    "tf.contrib.framework.nest": {EVERY_OTHER: OTHERWISE},
    "tf.contrib.gan": {EVERY_OTHER: OTHERWISE},
    "tf.contrib.gan.estimator": {"TPUGANEstimator": "use GANEstimator", EVERY_OTHER: OTHERWISE},
    "tf.contrib.gan.eval": {
        "frechet_inception_distance": f"{_FROZEN}; then frechet_classifier_distance",
        "get_graph_def_from_resource": _FROZEN,
        "get_graph_def_from_url_tarball": _FROZEN,
        "inception_score": f"{_FROZEN}; then classifier_score",
        "kernel_inception_distance": f"{_FROZEN}; then kernel_classifier_distance",
        "kernel_inception_distance_and_std": f"{_FROZEN}; then kernel_classifier_distance_and_std",
        EVERY_OTHER: OTHERWISE,
    },
    "tf.contrib.gan.features": {EVERY_OTHER: OTHERWISE},
    "tf.contrib.gan.losses": {EVERY_OTHER: OTHERWISE},
    "tf.contrib.gan.losses.wargs": {EVERY_OTHER: OTHERWISE},
    "tf.contrib.image": {EVERY_OTHER: "use scipy.ndimage or PIL.Image before the pictures are fed, or tf.image"},
    "tf.contrib.layers": {
        "bucketized_column": _COLUMNS,
        "crossed_column": _COLUMNS,
        "embedding_column": _COLUMNS,
        "input_from_feature_columns": _COLUMNS,
        "one_hot_column": _COLUMNS,
        "real_valued_column": _COLUMNS,
        "sparse_column_with_hash_bucket": _COLUMNS,
        "sparse_column_with_integerized_feature": _COLUMNS,
        "sparse_column_with_keys": _COLUMNS,
        "weighted_sparse_column": _COLUMNS,
        EVERY_OTHER: OTHERWISE,
    },
    "tf.contrib.layers.utils": {EVERY_OTHER: OTHERWISE},
    "tf.contrib.learn": {
        **{
            name: f"use tf.estimator.{name}, with the columns of tf.feature_column"
            for name in (
                "DNNClassifier",
                "DNNLinearCombinedClassifier",
                "DNNLinearCombinedRegressor",
                "DNNRegressor",
                "LinearClassifier",
                "LinearRegressor",
            )
        },
        EVERY_OTHER: "use tf.contrib.learn.Estimator with a model_fn, or write the training loop over a tf.Session",
    },
    "tf.contrib.learn.learn_runner": {EVERY_OTHER: "use learn_runner.run"},
    "tf.contrib.learn.monitors": {EVERY_OTHER: "use the hook of tf.train that it became"},
    "tf.contrib.learn.datasets.base": {
        AFTER_A_GUESS: "read the file with numpy.genfromtxt or the module csv, and download it by hand"
    },
    "tf.contrib.learn.preprocessing": {EVERY_OTHER: "write it with numpy, or use sklearn.feature_extraction.text"},
    "tf.contrib.lookup": {EVERY_OTHER: "use tf.lookup"},
    "tf.contrib.losses": {"metric_learning": "write it with tf.nn", EVERY_OTHER: OTHERWISE},
    "tf.contrib.metrics": {EVERY_OTHER: "use tf.metrics, whose labels come before its predictions"},
    "tf.contrib.opt": {EVERY_OTHER: "use an optimizer of tf.train"},
    "tf.contrib.predictor": {EVERY_OTHER: "export a SavedModel and use from_saved_model"},
    "tf.contrib.seq2seq": {EVERY_OTHER: "write it with tf.while_loop, or use tf.contrib.legacy_seq2seq"},
    "tf.contrib.slim": {EVERY_OTHER: OTHERWISE},
    "tf.contrib.slim.nets": {EVERY_OTHER: _NETS},
    "tf.contrib.slim.evaluation": {EVERY_OTHER: OTHERWISE},
    "tf.contrib.slim.learning": {EVERY_OTHER: OTHERWISE},
    "tf.contrib.slim.model_analyzer": {EVERY_OTHER: OTHERWISE},
    "tf.contrib.tensorboard": {EVERY_OTHER: "use the package tensorboard"},
    "tf.contrib.tensorboard.plugins": {EVERY_OTHER: OTHERWISE},
    "tf.contrib.tensorboard.plugins.projector": {EVERY_OTHER: OTHERWISE},
    "tf.contrib.training": {
        "SequenceQueueingStateSaver": _SEQUENCES,
        "batch_sequences_with_states": _SEQUENCES,
        "stratified_sample": "use tf.data.experimental.rejection_resample",
        EVERY_OTHER: OTHERWISE,
    },
    "tf.contrib.tpu": {EVERY_OTHER: "a TPU needs TensorFlow 1.15 itself"},
    "tf.contrib.util": {EVERY_OTHER: "use tf.graph_util"},
}

_PRUNING = "use the package tensorflow_model_optimization (from Python 3.12 on it needs setuptools)"

# Parts of tf.contrib of which nothing is served: what to use instead.
REFUSED: Dict[str, str] = {
    "tf.contrib.autograph": "use tf.autograph",
    "tf.contrib.boosted_trees": "use sklearn.ensemble.GradientBoostingClassifier or GradientBoostingRegressor",
    "tf.contrib.checkpoint": "use tf.train.Checkpoint",
    "tf.contrib.cloud": "copy the files with gsutil before the program runs",
    "tf.contrib.distribute": "use tf.distribute",
    "tf.contrib.eager": "use TensorFlow 2, which runs eagerly, or build a graph and run it in a tf.Session",
    "tf.contrib.estimator": "use tf.layers with a tf.Session, or TensorFlow 1.15 itself",
    "tf.contrib.feature_column": "use tf.feature_column",
    "tf.contrib.ffmpeg": "use tf.audio.decode_wav",
    "tf.contrib.graph_editor": "use tf.graph_util or tf.import_graph_def with an input_map",
    "tf.contrib.grid_rnn": "use tf.nn.rnn_cell",
    "tf.contrib.input_pipeline": "use tf.data",
    "tf.contrib.integrate": "use scipy.integrate.odeint",
    "tf.contrib.kernel_methods": "use sklearn.kernel_approximation",
    "tf.contrib.model_pruning": _PRUNING,
    "tf.contrib.nn": "use tf.nn",
    "tf.contrib.quantize": _PRUNING,
    "tf.contrib.resampler": "use tf.gather_nd",
    "tf.contrib.saved_model": "use tf.saved_model",
    "tf.contrib.tensor_forest": "use sklearn.ensemble.RandomForestClassifier",
    "tf.contrib.tensorrt": "use tf.experimental.tensorrt",
    "tf.contrib.timeseries": "use the package statsmodels",
}
