"""Keras 2 for graphs: where it comes from, tf.keras, and the package `keras` as a program of its time knows it.

TensorFlow 1.15 to 2.15 bring Keras 2. With Keras 3, from TensorFlow 2.16 on, Keras 2 is the package tf_keras, which the
Keras team keeps; TensorFlow serves it as tf.keras if the variable TF_USE_LEGACY_KERAS is set before TensorFlow is
loaded. Keras 3 builds no graphs of TensorFlow 1: what it makes there are symbolic tensors that train nothing.
"""

import functools
import importlib
import importlib.util
import types
import warnings
from typing import Any, Dict, Optional

import tensorflow.compat.v1 as _v1

from legacy_gan.errors import CannotImport, NotServed
from legacy_gan.tf1.namespace import LazyValue, Namespace

__all__ = ["how_to_have_it", "installed", "module", "standalone", "tf_keras"]


@functools.lru_cache(maxsize=None)
def installed() -> Optional[types.ModuleType]:
    """Returns Keras 2 with the names of TensorFlow 1, None if there is only Keras 3, or none."""
    found = _v1.keras
    try:
        version = getattr(found, "__version__", "2")
        dir(found.layers)  # a lazy module: here it is loaded
    except (AttributeError, ImportError):
        return None
    return None if version.startswith("3") else found


def how_to_have_it() -> str:
    """Returns what a person must do to have Keras 2, with the pip command."""
    if importlib.util.find_spec("tf_keras") is not None:
        return "set TF_USE_LEGACY_KERAS=1 before TensorFlow is imported, as legacy-gan run does"
    version = ".".join(_v1.__version__.split(".")[:2])
    return f'Keras 3 builds no graphs of TensorFlow 1; install Keras 2: pip install "tf_keras~={version}.0"'


@functools.lru_cache(maxsize=None)
def tf_keras() -> Namespace:
    """Returns tf.keras over Keras 2."""
    base = installed()
    if _v1.__version__.startswith("1."):
        return Namespace("tf.keras", {}, base, advice={})
    _put_back_methods()
    own = {
        "utils": LazyValue(_over, "tf.keras.utils", "utils", _UTILS),
        "wrappers": LazyValue(_wrappers, "tf.keras.wrappers"),
        "__version__": "2.2.4-tf",  # as TensorFlow 1.15 says
    }
    return Namespace("tf.keras", own, base, advice={})


def _over(place: str, name: str, own: Dict[str, Any]) -> Namespace:
    return Namespace(place, dict(own), getattr(installed(), name), advice={})


def _put_back_methods() -> None:
    """Puts back the methods of a Sequential that Keras 2.6 took out; silences tf_keras about its graph mode."""
    warnings.filterwarnings("ignore", module=r"(tf_keras|keras)\.")
    sequential = installed().Sequential
    if not hasattr(sequential, "predict_classes"):
        sequential.predict_proba = _predict_proba
        sequential.predict_classes = _predict_classes


def _predict_proba(self, x, batch_size=None, verbose=0):
    """Returns the model's outputs, as Sequential.predict_proba did."""
    return self.predict(x, batch_size, verbose)


def _predict_classes(self, x, batch_size=None, verbose=0):
    """Returns the class of each row: the largest output, or of a single output whether it is above 0.5."""
    probabilities = self.predict(x, batch_size, verbose)
    if probabilities.shape[-1] > 1:
        return probabilities.argmax(axis=-1)
    return (probabilities > 0.5).astype("int32")


def _multi_gpu_model(model, gpus=None, cpu_merge=True, cpu_relocation=False):
    """Returns the model itself: one device computes the same numbers from the whole batch."""
    return model


_UTILS = {"multi_gpu_model": _multi_gpu_model}


def _wrappers(place: str) -> Namespace:
    below = f"{place}.scikit_learn"
    return Namespace(
        place,
        {"scikit_learn": Namespace(below, {}, advice={"": "use KerasClassifier and KerasRegressor of scikeras"})},
        advice={},
    )


# The package keras

# The modules of keras.layers that Keras 2 had; each shows all layers.
_LAYER_MODULES = (
    "advanced_activations",
    "convolutional",
    "convolutional_recurrent",
    "core",
    "cudnn_recurrent",
    "embeddings",
    "local",
    "merge",
    "noise",
    "normalization",
    "pooling",
    "recurrent",
    "wrappers",
)


@functools.lru_cache(maxsize=None)
def standalone() -> Namespace:
    """Returns `keras` as the package Keras 2.3 was: other names, arguments and defaults than tf.keras had.

    Raises:
      CannotImport: if there is no Keras 2.
    """
    base = installed()
    if base is None:
        raise CannotImport("keras", how_to_have_it())
    from legacy_gan.tf1 import keras_arguments

    _put_back_methods()
    keras_arguments.take_old_arguments(base)
    layers = _layers(base)
    models = Namespace("keras.models", {"Input": base.Input}, base.models, advice={})
    losses = Namespace("keras.losses", {}, base.losses, advice={})
    old_names = {"one": base.initializers.ones, "zero": base.initializers.zeros}
    initializers = Namespace("keras.initializers", old_names, base.initializers, advice={})
    own = {
        "__version__": "2.3.1",
        "applications": LazyValue(_applications),
        "backend": _backend(base),
        "engine": _engine(base, layers, models),
        "initializations": initializers,
        "initializers": initializers,
        "layers": layers,
        "losses": losses,
        "models": models,
        "objectives": losses,
        "optimizers": _optimizers(base),
        "utils": _utils(base),
        "wrappers": LazyValue(_wrappers, "keras.wrappers"),
    }
    return Namespace("keras", own, base, advice={})


def module(name: str) -> Any:
    """Returns what `keras...` stands for in an import statement of a program.

    Raises:
      CannotImport: for what there is not.
    """
    found = standalone()
    for part in name.split(".")[1:]:
        try:
            found = getattr(found, part)
        except NotServed as e:
            raise CannotImport(e.symbol, e.instead) from None
        except AttributeError:
            raise CannotImport(name, "Keras 2.3 has no such module") from None
    return found


def _layers(base: types.ModuleType) -> Namespace:
    """Returns keras.layers with its modules."""
    have = base.layers
    own = {"Deconvolution2D": have.Conv2DTranspose, "Deconvolution3D": have.Conv3DTranspose}
    for name in ("AtrousConvolution1D", "AtrousConvolution2D"):
        own[name] = getattr(have, name.replace("Atrous", ""))
    layers = Namespace("keras.layers", own, have, advice={})
    for name in _LAYER_MODULES:
        own[name] = Namespace(f"keras.layers.{name}", dict(own), have, advice={})
    return layers


def _engine(base: types.ModuleType, layers: Namespace, models: Namespace) -> Namespace:
    """Returns keras.engine: topology, training and the rest show layers, models and Input."""
    names = {
        "Input": base.Input,
        "InputLayer": layers.InputLayer,
        "InputSpec": layers.InputSpec,
        "Layer": layers.Layer,
        "Model": base.Model,
        "Network": base.Model,
        "Container": base.Model,
        "Sequential": base.Sequential,
        "get_source_inputs": base.utils.get_source_inputs,
    }
    own = dict(names)
    for name in ("base_layer", "input_layer", "network", "saving", "sequential", "topology", "training"):
        own[name] = Namespace(f"keras.engine.{name}", dict(names), base.models, advice={})
    return Namespace("keras.engine", own, None, advice={})


def _utils(base: types.ModuleType) -> Namespace:
    """Returns keras.utils; its modules np_utils, generic_utils and the rest show all utilities."""
    own = dict(_UTILS, print_summary=lambda model, *args, **named: model.summary(*args, **named))
    if not hasattr(base.utils, "normalize_data_format"):
        own["normalize_data_format"] = lambda value: value or base.backend.image_data_format()
    utils = Namespace("keras.utils", own, base.utils, advice={})
    shown = dict(own, plot=base.utils.plot_model)
    for name in (
        "conv_utils",
        "data_utils",
        "generic_utils",
        "io_utils",
        "layer_utils",
        "multi_gpu_utils",
        "np_utils",
        "training_utils",
        "vis_utils",
        "visualize_util",
    ):
        own[name] = Namespace(f"keras.utils.{name}", dict(shown), base.utils, advice={})
    return utils


def _backend(base: types.ModuleType) -> Namespace:
    """Returns keras.backend, which is keras.backend.tensorflow_backend as well."""
    from legacy_gan.tf1 import tf

    have = base.backend
    own = {
        "_BACKEND": "tensorflow",
        "_EPSILON": 1e-7,
        "_get_available_gpus": lambda: [],
        "control_dependencies": tf.control_dependencies,
        "get_variable_shape": have.int_shape,
        "identity": tf.identity,
        "image_dim_ordering": lambda: "tf" if have.image_data_format() == "channels_last" else "th",
        "is_placeholder": lambda x: getattr(getattr(x, "op", None), "type", "") == "Placeholder",
        "is_tensor": tf.is_tensor,
        "is_variable": lambda x: isinstance(x, tf.Variable),
        "logsumexp": lambda x, axis=None, keepdims=False: tf.reduce_logsumexp(x, axis, keepdims),
        "set_image_dim_ordering": lambda order: have.set_image_data_format(
            {"tf": "channels_last", "th": "channels_first"}[order]
        ),
        "size": lambda x, name=None: tf.size(x, name=name),
        "slice": lambda x, start, size: tf.slice(x, start, size),
        "symbolic": lambda function: function,
        "eager": lambda function: function,
        "tf": tf,
    }
    backend = Namespace("keras.backend", own, have, advice={})
    own["common"] = backend
    own["load_backend"] = backend
    own["tensorflow_backend"] = backend
    return backend


def _optimizers(base: types.ModuleType) -> Namespace:
    """Returns keras.optimizers, in which each one has a second name without capitals."""
    names = ("Adadelta", "Adagrad", "Adam", "Adamax", "Nadam", "RMSprop", "SGD")
    own = {name.lower(): getattr(base.optimizers, name) for name in names}
    return Namespace("keras.optimizers", dict(own, TFOptimizer=_tf_optimizer), base.optimizers, advice={})


def _tf_optimizer(optimizer, iterations=None):
    """Returns an optimizer of tf.train as Model.compile takes it."""
    return optimizer


def _applications() -> Namespace:
    """Returns keras.applications; the module of a network of Keras 2.3 is where tf.keras has it."""
    return Namespace("keras.applications", {}, installed().applications, advice={})
