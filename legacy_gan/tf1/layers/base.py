"""What every layer of tf.layers is built with: its scope, variables, class form and checks."""

import contextlib
import inspect
import numbers
import re
from typing import Any, Callable, List, Optional, Sequence, Tuple, Type

import tensorflow.compat.v1 as tf

from legacy_gan.tf1.argument_types import dimension

__all__ = ["Layer", "layer_class"]


class Layer:
    """A layer as an object: its first call makes its variables, later calls share them.

    A layer of one's own defines `call(inputs)`, and `build(input_shape)` if it has variables,
    which `add_variable` makes. A layer of `layer_class` calls its function of tf.layers.

    Args:
      trainable: bool, of all its variables.
      name: str, its variable scope, made unique; None for the class's name in snake case.
      dtype: of the variables; None for the inputs'.
      _scope, _reuse: as name and reuse of the functions of tf.layers.
    Source: tf.layers.Layer of TensorFlow 1.15.5.
    """

    def __init__(self, trainable=True, name=None, dtype=None, _scope=None, _reuse=None, **ignored):
        unknown = set(ignored) - {"activity_regularizer", "input_shape", "batch_input_shape"}
        if unknown:
            raise TypeError(f"{type(self).__name__}: got an unexpected argument {sorted(unknown)[0]!r}")
        self.trainable, self.dtype, self.built = trainable, dtype, False
        self.losses, self.updates = [], []
        self._name, self._given_scope, self._reuse = name, _scope, _reuse
        self._scope, self._made_variables = None, {}

    def build(self, input_shape):
        """Makes the variables, before the first call."""

    def call(self, inputs, *args, **kwargs):
        """Computes the outputs."""
        return inputs

    def __call__(self, inputs, *args, **kwargs):
        with self._enter_scope():
            if not self.built:
                first = tf.nest.flatten(inputs)[0]
                self.build(tf.convert_to_tensor(first).shape)
            outputs = self.call(inputs, *args, **kwargs)
        self.built = True
        return outputs

    apply = __call__

    @contextlib.contextmanager
    def _enter_scope(self):
        """Enters the layer's scope, the same at every call, and notes what is made in it."""
        if self._scope is None:
            # The name of a scope opened without reuse is made unique, a given scope is not.
            base = self._name or _snake_case(type(self).__name__)
            scope = self._given_scope or (base if self._reuse else None)
            with tf.variable_scope(scope, default_name=base) as self._scope:
                pass
        keys = [(self.losses, tf.GraphKeys.REGULARIZATION_LOSSES), (self.updates, tf.GraphKeys.UPDATE_OPS)]
        before = [len(tf.get_collection(key)) for _, key in keys]
        scope = tf.variable_scope(
            self._scope,
            reuse=True if self.built else self._reuse,
            custom_getter=self._record_variable,
            auxiliary_name_scope=False,
        )
        with scope, tf.name_scope(self._scope.original_name_scope):
            yield
        for (noted, key), count in zip(keys, before):
            noted += tf.get_collection(key)[count:]

    def _record_variable(self, getter, name, *args, **kwargs):
        variable = getter(name, *args, **kwargs)
        self._made_variables[name.rsplit("/", 1)[-1]] = variable
        return variable

    def add_weight(
        self, name, shape, dtype=None, initializer=None, regularizer=None, trainable=True, constraint=None, **ignored
    ):
        """Returns the layer's variable `name`, made at the first call."""
        return variable_of(
            name,
            shape,
            dtype or self.dtype or tf.float32,
            initializer,
            regularizer,
            constraint,
            trainable and self.trainable,
        )

    add_variable = add_weight

    def add_loss(self, losses, inputs=None):
        """Adds tensors to the layer's losses and to the collection of regularization losses."""
        _collect(losses, tf.GraphKeys.REGULARIZATION_LOSSES)

    def add_update(self, updates, inputs=None):
        """Adds operations to the layer's updates and to the collection of update operations."""
        _collect(updates, tf.GraphKeys.UPDATE_OPS)

    def __getattr__(self, name):
        made = self.__dict__.get("_made_variables", {})
        if name in made:
            return made[name]
        if name in self.__dict__.get("options", {}):
            return self.options[name]
        if name in ("bias", "beta", "gamma") and self.__dict__.get("built"):
            return None  # switched off
        raise AttributeError(
            "{}: no attribute {!r}{}".format(
                type(self).__name__, name, "" if made else "; variables are there after the first call"
            )
        )

    @property
    def name(self):
        """str, the last part of the scope, after the first call; before it the name given."""
        return self._name if self._scope is None else self._scope.name.rsplit("/", 1)[-1]

    @property
    def scope_name(self):
        """str, the variable scope, known after the first call."""
        if self._scope is None:
            raise ValueError(f"{type(self).__name__}: call the layer before you ask for scope_name")
        return self._scope.name

    @property
    def variables(self):
        """The layer's variables, the trainable ones first."""
        return self.trainable_variables + self.non_trainable_variables

    weights = variables

    @property
    def trainable_variables(self):
        return [v for v in self._made_variables.values() if _is_trainable(v)]

    @property
    def non_trainable_variables(self):
        return [v for v in self._made_variables.values() if not _is_trainable(v)]

    trainable_weights, non_trainable_weights = trainable_variables, non_trainable_variables

    def count_params(self) -> int:
        """Returns how many numbers the variables hold."""
        return sum(v.shape.num_elements() for v in self.variables)


def _collect(values, key):
    """Adds one value, or a list of them, to a collection; what it holds already is not added again."""
    for value in values if isinstance(values, (list, tuple)) else [values]:
        if not any(value is known for known in tf.get_collection(key)):
            tf.add_to_collection(key, value)


def _snake_case(name: str) -> str:
    """Returns max_pooling2d for MaxPooling2D."""
    name = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", name).lower()


def _is_trainable(variable: tf.Variable) -> bool:
    return any(variable is other for other in variable.graph.get_collection(tf.GraphKeys.TRAINABLE_VARIABLES))


def layer_class(name: str, function: Callable[..., tf.Tensor], last: Sequence[str] = ()) -> Type[Layer]:
    """Makes the class form of a function of tf.layers.

    Args:
      name: str, the class's name; its snake case is the function's.
      function: has the arguments inputs, some options, perhaps training, name and reuse.
      last: names of the options in which the class's order ends, where it is not the function's.
    Returns:
      A subclass of Layer with the function's options as the arguments of __init__, `name` last;
      `training` is an argument of the call.
    """
    options = list(inspect.signature(function).parameters.values())[1:]
    order = [p for p in options if p.name not in ("training", "reuse", "name") + tuple(last)]
    order += [p for want in tuple(last) + ("name",) for p in options if p.name == want]
    signature = inspect.Signature(order)
    trains = any(p.name == "training" for p in options)

    def __init__(self, *args, **kwargs):
        of_layer = {key: kwargs.pop(key) for key in list(kwargs) if key not in signature.parameters}
        bound = signature.bind(*args, **kwargs)
        bound.apply_defaults()
        self.options = dict(bound.arguments)
        Layer.__init__(self, name=self.options.pop("name"), trainable=self.options.get("trainable", True), **of_layer)

    def call(self, inputs, **training):
        return function(inputs, name=self, **dict(self.options, **training))

    def call_in_training(self, inputs, training=False):
        return function(inputs, name=self, training=training, **self.options)

    return type(
        name,
        (Layer,),
        {
            "__init__": __init__,
            "call": call_in_training if trains else call,
            "__doc__": f"The class form of tf.layers.{function.__name__}: same options, called with the inputs.",
            "__module__": function.__module__,
            "__signature__": signature,
        },
    )


@contextlib.contextmanager
def layer_scope(name, default_name, reuse=None):
    """Enters the variable scope of one layer as TF 1.15 named it.

    Without a name the scope is `dense`, then `dense_1`, ...; with `reuse` on the call itself it
    is `dense` each time, since a reusing layer must find what was made before. A Layer in place
    of the name has entered its scope already.
    """
    if isinstance(name, Layer):
        yield
        return
    if reuse:
        scope = tf.variable_scope(default_name if name is None else name, reuse=reuse)
    else:
        scope = tf.variable_scope(name, default_name=default_name, reuse=reuse)
    with scope:
        yield


def plain_scope(name, default_name):
    """Enters the scope of a layer without variables, whose name is made unique even if given."""
    if isinstance(name, Layer):
        return layer_scope(name, default_name)
    return layer_scope(None, name or default_name)


def variable_of(name, shape, dtype, initializer, regularizer, constraint, trainable):
    """get_variable, with the layer's regularizer counted once, when the variable is made."""
    before = len(tf.global_variables())
    variable = tf.get_variable(
        name,
        shape=shape,
        dtype=dtype,
        initializer=initializer_of(initializer),
        trainable=trainable,
        constraint=constraint,
    )
    if regularizer is not None and len(tf.global_variables()) > before:
        with tf.name_scope(f"{name}/Regularizer"):
            loss = regularizer(variable)
        if loss is not None:
            tf.add_to_collection(tf.GraphKeys.REGULARIZATION_LOSSES, loss)
    return variable


@contextlib.contextmanager
def unpartitioned():
    """Variables within are whole, whatever the scope's partitioner says."""
    scope = tf.get_variable_scope()
    partitioner = scope.partitioner
    scope.set_partitioner(None)
    try:
        yield
    finally:
        scope.set_partitioner(partitioner)


def initializer_of(value: Any) -> Any:
    """Returns what an initializer or the name of one stands for."""
    if not isinstance(value, str):
        return value
    # By name TF 1.15 makes Keras' version of these three, which is narrower than its own.
    if value in ("random_normal", "truncated_normal"):
        return getattr(tf.initializers, value)(stddev=0.05)
    if value == "random_uniform":
        return tf.initializers.random_uniform(-0.05, 0.05)
    return _function_named(tf.initializers, value, "initializer")()


def activation_of(value: Any) -> Optional[Callable[..., tf.Tensor]]:
    """Returns the function, or None for linear, that an activation or its name stands for."""
    if not isinstance(value, str):
        return value
    return None if value == "linear" else _function_named(tf.nn, value, "activation")


def finish(
    outputs: tf.Tensor,
    activation: Optional[Callable[..., tf.Tensor]],
    activity_regularizer: Optional[Callable[..., tf.Tensor]],
) -> tf.Tensor:
    """Applies the activation; an activity regularizer joins the collection, a mean per example."""
    if activation is not None:
        outputs = activation(outputs)
    if activity_regularizer is not None:
        with tf.name_scope("ActivityRegularizer"):
            loss = activity_regularizer(outputs)
            loss /= tf.cast(tf.shape(outputs)[0], loss.dtype)
        tf.add_to_collection(tf.GraphKeys.REGULARIZATION_LOSSES, loss)
    return outputs


def _function_named(namespace, name, what):
    """Returns the function that tf.nn or tf.initializers has under `name`."""
    if not hasattr(namespace, name):
        raise ValueError(f"{what} {name!r} is unknown; give a function instead")
    return getattr(namespace, name)


def floating(inputs: Any, layer: str) -> tf.Tensor:
    """Returns `inputs` as a tensor of a floating type."""
    inputs = tf.convert_to_tensor(inputs)
    if not inputs.dtype.is_floating:
        raise TypeError(f"{layer}: inputs must be of a floating type, got {inputs.dtype.name}")
    return inputs


def known_rank(inputs: tf.Tensor, layer: str, min_rank: int) -> int:
    """Returns the number of axes of `inputs`."""
    if inputs.shape.ndims is None or inputs.shape.ndims < min_rank:
        raise ValueError(f"{layer}: inputs must have at least {min_rank} dimensions, got shape {inputs.shape}")
    return inputs.shape.ndims


def known_size(inputs: tf.Tensor, axis: int, layer: str, min_rank: int = 1) -> int:
    """Returns the static size of one axis of `inputs`."""
    rank = known_rank(inputs, layer, min_rank)
    sizes = inputs.shape.as_list()
    if not -rank <= axis < rank or sizes[axis] is None:
        raise ValueError(f"{layer}: the size of axis {axis} must be known, got shape {inputs.shape}")
    return sizes[axis]


def sizes_of(value: Any, count: int, what: str) -> List[int]:
    """Returns a list of `count` ints for an int or for so many of them."""
    try:
        given = [value] * count if isinstance(value, (numbers.Integral, str)) else list(value)
        values = [dimension(each) for each in given if not isinstance(each, (str, type(None)))]
    except (TypeError, ValueError):
        values = []
    if len(values) != count:
        words = {1: "one", 2: "two", 3: "three"}
        raise ValueError(f"{what} must be an int or {words[count]}, got {value!r}")
    return values


def padding_of(padding: str, layer: str, allowed: Sequence[str] = ("valid", "same")) -> str:
    """Returns VALID or SAME, or another that the layer allows, in capitals."""
    if str(padding).lower() not in allowed:
        raise ValueError(f'{layer}: padding must be "valid" or "same", got {padding!r}')
    return padding.upper()


def check_data_format(data_format: str, layer: str) -> None:
    if data_format not in ("channels_last", "channels_first"):
        raise ValueError(f'{layer}: data_format must be "channels_last" or "channels_first", got {data_format!r}')


def channels_last(inputs: tf.Tensor, data_format: str, layer: str, rank: int = 2) -> tf.Tensor:
    """Returns [batch, sizes of `rank` axes, channels], which every device computes."""
    check_data_format(data_format, layer)
    if inputs.shape.ndims != rank + 2:
        raise ValueError(f"{layer}: inputs must have {rank + 2} dimensions, got shape {inputs.shape}")
    if data_format == "channels_first":
        return tf.transpose(inputs, [0] + list(range(2, rank + 2)) + [1])
    return inputs


def back_to(data_format: str, outputs: tf.Tensor) -> tf.Tensor:
    """Undoes channels_last."""
    if data_format == "channels_first":
        rank = outputs.shape.ndims - 2
        return tf.transpose(outputs, [0, rank + 1] + list(range(1, rank + 1)))
    return outputs


def static(value: Any) -> Optional[bool]:
    """Returns True or False where `value` is known as the graph is built, else None."""
    if not tf.is_tensor(value) and not hasattr(value, "dtype"):
        return bool(value)
    constant = tf.get_static_value(tf.convert_to_tensor(value))
    return None if constant is None else bool(constant)


def cond(condition: Any, when_true: Callable[[], Any], when_false: Callable[[], Any]) -> Any:
    """tf.cond, or just one of the two where the condition is known."""
    known = static(condition)
    if known is None:
        return tf.cond(tf.cast(condition, tf.bool), when_true, when_false)
    return when_true() if known else when_false()


def convolution_arguments(
    layer: str, rank: int, inputs: Any, data_format: str, kernel_size: Any, strides: Any
) -> Tuple[tf.Tensor, int, List[int], List[int]]:
    """Returns (inputs with the channels last, how many channels, kernel_size and strides as lists), checked."""
    inputs = channels_last(floating(inputs, layer), data_format, layer, rank)
    channels = known_size(inputs, -1, layer)
    return inputs, channels, sizes_of(kernel_size, rank, "kernel_size"), sizes_of(strides, rank, "strides")


def pad_inputs(
    inputs: tf.Tensor, padding: str, layer: str, rank: int, kernel_size: List[int], dilation_rate: List[int]
) -> Tuple[tf.Tensor, str]:
    """Returns the inputs and VALID or SAME; in 1-D the zeros of "causal" are put before them."""
    padding = padding_of(padding, layer, ("valid", "same", "causal")[: 3 if rank == 1 else 2])
    if padding == "CAUSAL":
        before = (kernel_size[0] - 1) * dilation_rate[0]
        return tf.pad(inputs, [[0, 0], [before, 0], [0, 0]]), "VALID"
    return inputs, padding


def add_bias(outputs, filters, trainable, use_bias, bias_initializer, bias_regularizer, bias_constraint):
    """Adds the variable `bias` to [..., filters], if there is one."""
    if not use_bias:
        return outputs
    bias = variable_of(
        "bias", [int(filters)], outputs.dtype, bias_initializer, bias_regularizer, bias_constraint, trainable
    )
    return tf.nn.bias_add(outputs, bias)
