"""Arguments of the package Keras 2.3 that tf.keras never took, and its defaults where tf.keras has other ones.

Keras 2 still took the arguments of Keras 1: `Dense(output_dim=3)`, `Convolution2D(32, 3, 3)`. Where the numbers of
the package and of tf.keras differ (the rate of Adadelta, the gates of an LSTM, the variance that batch normalization
keeps, clipnorm), a program with `import keras` has the package's. The classes themselves are changed, once in a
process, so that layers and optimizers made from a name or a file are the same.
"""

import functools
import inspect
import types
from typing import Any, Callable, Dict, Iterable, List, Tuple

import tensorflow.compat.v1 as _v1

__all__ = ["take_old_arguments"]

_ORDER = {"tf": "channels_last", "th": "channels_first", "default": None}

_WEIGHTS = {
    "W_constraint": "kernel_constraint",
    "W_regularizer": "kernel_regularizer",
    "b_constraint": "bias_constraint",
    "b_regularizer": "bias_regularizer",
    "bias": "use_bias",
    "init": "kernel_initializer",
}
_CONVOLUTION = dict(
    _WEIGHTS, nb_filter="filters", border_mode="padding", dim_ordering="data_format", subsample="strides"
)
_POOLING = {"border_mode": "padding", "dim_ordering": "data_format"}
_RECURRENT = {
    "U_regularizer": "recurrent_regularizer",
    "W_regularizer": "kernel_regularizer",
    "b_regularizer": "bias_regularizer",
    "dropout_U": "recurrent_dropout",
    "dropout_W": "dropout",
    "init": "kernel_initializer",
    "inner_activation": "recurrent_activation",
    "inner_init": "recurrent_initializer",
    "output_dim": "units",
}

# By class: the arguments of Keras 1 and what Keras 2 calls them.
_RENAMED: Dict[str, Dict[str, str]] = {
    "AveragePooling1D": {"border_mode": "padding", "pool_length": "pool_size", "stride": "strides"},
    "AveragePooling2D": _POOLING,
    "AveragePooling3D": _POOLING,
    "BatchNormalization": {"beta_init": "beta_initializer", "gamma_init": "gamma_initializer"},
    "Conv1D": dict(_CONVOLUTION, filter_length="kernel_size", subsample_length="strides", atrous_rate="dilation_rate"),
    "Conv2D": dict(_CONVOLUTION, atrous_rate="dilation_rate"),
    "Conv2DTranspose": _CONVOLUTION,
    "Conv3D": _CONVOLUTION,
    "Conv3DTranspose": _CONVOLUTION,
    "ConvLSTM2D": dict(_CONVOLUTION, **{k: v for k, v in _RECURRENT.items() if k != "output_dim"}),
    "Cropping2D": {"dim_ordering": "data_format"},
    "Cropping3D": {"dim_ordering": "data_format"},
    "Dense": dict(_WEIGHTS, output_dim="units"),
    "Dropout": {"p": "rate"},
    "Embedding": {
        "W_constraint": "embeddings_constraint",
        "W_regularizer": "embeddings_regularizer",
        "init": "embeddings_initializer",
    },
    "GRU": _RECURRENT,
    "GaussianDropout": {"p": "rate"},
    "GaussianNoise": {"sigma": "stddev"},
    "GlobalAveragePooling2D": {"dim_ordering": "data_format"},
    "GlobalMaxPooling2D": {"dim_ordering": "data_format"},
    "LSTM": _RECURRENT,
    "MaxPooling1D": {"border_mode": "padding", "pool_length": "pool_size", "stride": "strides"},
    "MaxPooling2D": _POOLING,
    "MaxPooling3D": _POOLING,
    "PReLU": {"init": "alpha_initializer"},
    "SeparableConv2D": dict(_CONVOLUTION),
    "SimpleRNN": _RECURRENT,
    "SpatialDropout1D": {"p": "rate"},
    "SpatialDropout2D": {"p": "rate", "dim_ordering": "data_format"},
    "SpatialDropout3D": {"p": "rate", "dim_ordering": "data_format"},
    "UpSampling1D": {"length": "size"},
    "UpSampling2D": {"dim_ordering": "data_format"},
    "UpSampling3D": {"dim_ordering": "data_format"},
    "ZeroPadding2D": {"dim_ordering": "data_format"},
    "ZeroPadding3D": {"dim_ordering": "data_format"},
}

# Convolutions by how many sizes a kernel has: Keras 1 took each as an argument of its own.
_KERNELS: Dict[str, Tuple[str, ...]] = {
    "Conv2D": ("nb_row", "nb_col"),
    "Conv2DTranspose": ("nb_row", "nb_col"),
    "ConvLSTM2D": ("nb_row", "nb_col"),
    "SeparableConv2D": ("nb_row", "nb_col"),
    "Conv3D": ("kernel_dim1", "kernel_dim2", "kernel_dim3"),
    "Conv3DTranspose": ("kernel_dim1", "kernel_dim2", "kernel_dim3"),
}

# Keras 2.3's own defaults where tf.keras of 1.15 has others.
_LAYER_DEFAULTS: Dict[str, Dict[str, Any]] = {
    "GRU": {"recurrent_activation": "sigmoid"},
    "GRUCell": {"recurrent_activation": "sigmoid"},
    "LSTM": {"recurrent_activation": "sigmoid"},
    "LSTMCell": {"recurrent_activation": "sigmoid"},
}
_OPTIMIZER_DEFAULTS: Dict[str, Dict[str, Any]] = {
    "Adadelta": {"learning_rate": 1.0},
    "Adagrad": {"learning_rate": 0.01, "initial_accumulator_value": 0.0},
    "Adam": {},
    "Adamax": {"learning_rate": 0.002},
    "Nadam": {"learning_rate": 0.002},
    "RMSprop": {},
    "SGD": {},
}

Change = Callable[[List[Any], Dict[str, Any]], None]


def take_old_arguments(keras: types.ModuleType) -> None:
    """Has the classes of Keras 2 take the arguments of Keras 1, and have the defaults of the package keras."""
    layers = keras.layers
    for name in sorted(set(_RENAMED) | set(_LAYER_DEFAULTS)):
        changes = []  # type: List[Change]
        if name in _KERNELS:
            changes.append(functools.partial(_one_kernel_size, _KERNELS[name]))
        if name in _RENAMED:
            changes.append(functools.partial(_rename, _RENAMED[name]))
        if name in _LAYER_DEFAULTS:
            changes.append(_defaults(getattr(layers, name), _LAYER_DEFAULTS[name]))
        _before(getattr(layers, name), "__init__", changes)
    for name, defaults in _OPTIMIZER_DEFAULTS.items():
        optimizer = getattr(keras.optimizers, name)
        _before(optimizer, "__init__", [_defaults(optimizer, defaults), _clip_by_all])
    _take_old_model_arguments(keras)
    _keep_the_packages_variance(layers.BatchNormalization)
    if not hasattr(_v1.Tensor, "_keras_shape"):
        _v1.Tensor._keras_shape = property(keras.backend.int_shape)
        _v1.Tensor._uses_learning_phase = False


def _before(owner: type, name: str, changes: Iterable[Change]) -> None:
    """Has a method change its arguments first."""
    method, changes = getattr(owner, name), list(changes)

    @functools.wraps(method)
    def changed(self, *args, **named):
        given = list(args)
        for change in changes:
            change(given, named)
        return method(self, *given, **named)

    setattr(owner, name, changed)


def _rename(names: Dict[str, str], args: List[Any], named: Dict[str, Any]) -> None:
    """Gives arguments their names of Keras 2."""
    for old in ("consume_less", "forget_bias_init", "mode"):
        if old not in names and old in named:
            value = named.pop(old)
            if old == "forget_bias_init":
                named["unit_forget_bias"] = value == "one"
            elif old == "mode" and value != 0:
                raise TypeError(f"BatchNormalization: mode={value} was an argument of Keras 1 only")
    for old, new in names.items():
        if old in named:
            value = named.pop(old)
            named[new] = _ORDER[value] if old == "dim_ordering" else value


def _one_kernel_size(sizes: Tuple[str, ...], args: List[Any], named: Dict[str, Any]) -> None:
    """Makes Convolution2D(32, 3, 3) and nb_row=3, nb_col=3 one kernel_size; drops output_shape."""
    named.pop("output_shape", None)
    last = 1 + len(sizes)
    if len(args) >= last and all(isinstance(size, int) for size in args[1:last]):
        args[1:last] = [tuple(args[1:last])]
    elif sizes[-1] in named:
        given = args[1:]  # the sizes that have no name
        del args[1:]
        named["kernel_size"] = tuple(given + [named.pop(size) for size in sizes[len(given) :]])


def _defaults(owner: type, defaults: Dict[str, Any]) -> Change:
    """Returns what gives arguments that are left out these values."""
    order = list(inspect.signature(owner.__init__).parameters)[1:]

    def fill(args: List[Any], named: Dict[str, Any]) -> None:
        for name, value in defaults.items():
            if len(args) <= order.index(name) and not (name == "learning_rate" and "lr" in named):
                named.setdefault(name, value)

    return fill


def _clip_by_all(args: List[Any], named: Dict[str, Any]) -> None:
    """The package clips by the norm of all gradients together, tf.keras by each one's own."""
    if "clipnorm" in named:
        named["global_clipnorm"] = named.pop("clipnorm")
    if named.get("epsilon", 0) is None:
        del named["epsilon"]


def _take_old_model_arguments(keras: types.ModuleType) -> None:
    """Has Model take input= and output=, and its generator methods the arguments of Keras 1."""
    renamed = functools.partial(_rename, {"input": "inputs", "output": "outputs"})
    model = keras.Model
    make = model.__new__

    def made(cls, *args, **named):
        renamed([], named)
        return make(cls, *args, **named)

    model.__new__ = made
    functional = _functional(model)
    if functional is not None:
        _before(functional, "__init__", [renamed])


def _functional(model: type) -> Any:
    """Returns the class of models that are made from inputs and outputs."""
    for below in model.__subclasses__():
        if below.__name__ == "Functional":
            return below
    return None


def _keep_the_packages_variance(batch_normalization: type) -> None:
    """Has batch normalization keep the variance that Keras 2.3 kept: n / (n - 1 - epsilon) times the batch's."""
    call, assign = batch_normalization.call, batch_normalization._assign_moving_average

    @functools.wraps(call)
    def called(self, inputs, *args, **named):
        self._batch = inputs
        try:
            return call(self, inputs, *args, **named)
        finally:
            del self._batch

    @functools.wraps(assign)
    def assigned(self, variable, value, *args, **named):
        if variable is self.moving_variance and hasattr(self, "_batch"):
            size = _v1.cast(_v1.size(self._batch), value.dtype) / _v1.cast(_v1.size(value), value.dtype)
            value = value * (size / (size - (1.0 + self.epsilon)))
        return assign(self, variable, value, *args, **named)

    batch_normalization.call, batch_normalization._assign_moving_average = called, assigned
