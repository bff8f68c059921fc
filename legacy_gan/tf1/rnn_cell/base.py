"""What every cell of tf.nn.rnn_cell stands on: RNNCell, its scope, its variables and states, its checks."""

import contextlib
import copy
import inspect
import re
from typing import Any, Optional

import tensorflow.compat.v1 as tf
from tensorflow.python.util import nest

from legacy_gan.tf1.layers import base as layer_base


class RNNCell:
    """The base of every cell, also of a listing's own.

    A subclass has the properties `state_size` (an int, a tf.TensorShape, or a structure of them)
    and `output_size`, and the method `call(inputs, state)`, which returns (output, new state) and
    makes variables by tf.get_variable. They stand in the scope that the first call finds, under
    the class's name in snake case or `name`. A subclass may define `__call__` itself instead.

    Args:
      trainable: bool, whether variables made by add_variable are trained.
      name: str, the cell's scope.
      dtype: of the variables; None takes that of the first inputs.
    """

    # Set here too, because a listing's own class may not call this __init__.
    trainable = True
    built = False
    _name = _dtype = _reuse = _scope = _outer_scope = None
    _inputs_rank: Optional[int] = None  # the rank that inputs must have, None for any

    def __init__(self, trainable=True, name=None, dtype=None, **kwargs):
        self._reuse = kwargs.pop("_reuse", None)
        scope = kwargs.pop("_scope", None)
        if kwargs:
            raise TypeError(
                "{}: keyword argument not understood: {}".format(type(self).__name__, ", ".join(sorted(kwargs)))
            )
        self.trainable = trainable
        self._name = name.name if isinstance(name, tf.VariableScope) else name
        self._dtype = None if dtype is None else tf.as_dtype(dtype).name
        if scope:
            with tf.variable_scope(scope) as self._scope:
                pass

    def __call__(self, inputs, state, scope=None):
        """Runs one step.

        Args:
          inputs: [batch, n], or what `call` takes.
          state: a tensor [batch, state_size], or a structure of them like state_size.
          scope: the variable scope, a name or an object; None for the class's name.
        Returns:
          (output [batch, output_size], new state, a structure like `state`).
        """
        if scope is None:
            if self._outer_scope is None:
                self._outer_scope = tf.get_variable_scope()
            outer = self._outer_scope
        else:
            outer = scope
        # What `call` takes by get_variable counts as the cell's.
        with tf.variable_scope(outer, custom_getter=self._record_variable) as outer:
            return self._step(inputs, state, scope=None if scope is None else outer)

    def _step(self, inputs, state, *args, **kwargs):
        """Builds the variables where this is the first call, and returns `call(inputs, state)`."""
        self._set_scope(kwargs.pop("scope", None))
        with self._enter_scope() as scope:
            inputs = nest.map_structure(tf.convert_to_tensor, inputs)
            self._check_inputs(inputs)
            if not self.built:
                if self._dtype is None:
                    self._dtype = nest.flatten(inputs)[0].dtype.base_dtype.name
                self.build(nest.map_structure(lambda tensor: tensor.shape, inputs))
                self.built = True
            if "scope" in inspect.signature(self.call).parameters:
                kwargs["scope"] = scope
            return self.call(inputs, state, *args, **kwargs)

    def _check_inputs(self, inputs):
        if self._inputs_rank is not None and inputs.shape.ndims not in (None, self._inputs_rank):
            raise ValueError(
                "{}: inputs must have {} dimensions, got shape {}; {}".format(
                    self.name,
                    self._inputs_rank,
                    inputs.shape,
                    "a cell takes one time step, tf.nn.dynamic_rnn a sequence",
                )
            )

    def _set_scope(self, scope):
        """Fixes the cell's scope at its first use; with reuse it is the one that is there."""
        if self._scope is None:
            if self._reuse:
                entered = tf.variable_scope(self._base_name if scope is None else scope)
            else:
                entered = tf.variable_scope(scope, default_name=self._base_name)
            with entered as self._scope:
                pass

    @contextlib.contextmanager
    def _enter_scope(self):
        """Enters the cell's scope; what was built once is reused from then on."""
        reuse = True if self.built else self._reuse
        with tf.variable_scope(self._scope, reuse=reuse, auxiliary_name_scope=False) as scope:
            with tf.name_scope(scope.original_name_scope):
                yield scope

    def _record_variable(self, getter, *args, **kwargs):
        variable = getter(*args, **kwargs)
        weights = self._weights(_variables_of(variable)[0].trainable)
        if all(variable is not other for other in weights):
            weights.append(variable)
        return variable

    def _weights(self, trained):
        name = "_trainable_weights" if trained else "_non_trainable_weights"
        return self.__dict__.setdefault(name, [])

    def build(self, inputs_shape):
        """Makes the variables that every call shares; called once, before `call`."""

    def call(self, inputs, state):
        """The step itself; a subclass's."""
        raise NotImplementedError(f"{type(self).__name__} must define call(inputs, state)")

    def add_variable(
        self,
        name,
        shape,
        dtype=None,
        initializer=None,
        regularizer=None,
        trainable=True,
        constraint=None,
        use_resource=None,
        partitioner=None,
    ):
        """Makes or finds a variable `<scope>/name`, for `build` and `call`."""
        self._set_scope(None)
        if isinstance(shape, tf.TensorShape):
            shape = shape.as_list()
        with tf.init_scope():
            before = set(map(id, tf.global_variables()))
        with self._enter_scope():
            variable = tf.get_variable(
                name,
                shape=shape,
                dtype=tf.as_dtype(dtype or self._dtype or tf.float32),
                initializer=layer_base.initializer_of(initializer),
                trainable=bool(trainable) and self.trainable,
                constraint=constraint,
                use_resource=use_resource,
                partitioner=partitioner,
            )
        if regularizer is not None and id(_variables_of(variable)[0]) not in before:
            with tf.init_scope(), tf.name_scope(f"{name}/Regularizer"):  # not inside a loop over time
                loss = regularizer(variable)
            if loss is not None:
                tf.add_to_collection(tf.GraphKeys.REGULARIZATION_LOSSES, loss)
        self._record_variable(lambda: variable)
        return variable

    add_weight = add_variable

    @property
    def state_size(self):
        """The size of the state: an int, a tf.TensorShape, or a structure of them."""
        raise NotImplementedError(f"{type(self).__name__} must define state_size")

    @property
    def output_size(self):
        """The size of the output: an int or a tf.TensorShape."""
        raise NotImplementedError(f"{type(self).__name__} must define output_size")

    def zero_state(self, batch_size, dtype):
        """Returns zeros [batch_size, size] in the structure of state_size.

        Args:
          batch_size: int, or an int tensor.
          dtype: of the zeros.
        """
        with tf.name_scope(f"{type(self).__name__}ZeroState"):
            return nest.map_structure(lambda size: _zeros(batch_size, size, dtype), self.state_size)

    def get_initial_state(self, inputs=None, batch_size=None, dtype=None):
        """Returns zero_state for the batch size and dtype of the inputs, or for those given."""
        if inputs is not None:
            inputs = tf.convert_to_tensor(inputs)
            known = inputs.shape.as_list()[0]
            batch_size = tf.shape(inputs)[0] if known is None else known
            dtype = inputs.dtype
        if batch_size is None or dtype is None:
            raise ValueError(
                "get_initial_state: give inputs, or batch_size and dtype; got "
                f"batch_size={batch_size} and dtype={dtype}"
            )
        return self.zero_state(batch_size, dtype)

    @property
    def _base_name(self):
        return self._name or _snake_case(type(self).__name__)

    @property
    def name(self):
        """The cell's name, str: its scope's default."""
        return self._base_name

    @property
    def scope_name(self):
        """The full name of the cell's variable scope; there after the first call."""
        if self._scope is None:
            raise ValueError(f"{self.name}: scope_name is known after the first call")
        return self._scope.name

    @property
    def dtype(self):
        """The name of the variables' type, None before it is known."""
        return self._dtype

    @property
    def trainable_weights(self):
        """The variables that the cell made and that are trained, a list."""
        return list(self._weights(True)) if self.trainable else []

    @property
    def non_trainable_weights(self):
        """The cell's other variables."""
        fixed = list(self._weights(False))
        return fixed if self.trainable else list(self._weights(True)) + fixed

    @property
    def weights(self):
        """All variables that the cell made, those that are trained first."""
        return self.trainable_weights + self.non_trainable_weights

    @property
    def variables(self):
        """The same as weights."""
        return self.weights

    @property
    def trainable_variables(self):
        """The same as trainable_weights."""
        return self.trainable_weights

    @property
    def non_trainable_variables(self):
        """The same as non_trainable_weights."""
        return self.non_trainable_weights

    def __deepcopy__(self, memo):
        """A cell of its own; tensors, variables and a scope that is fixed are shared."""
        copied = type(self).__new__(type(self))
        memo[id(self)] = copied
        for name, value in self.__dict__.items():
            if not any(_is_of_a_graph(part) for part in nest.flatten(value)):
                value = copy.deepcopy(value, memo)
            elif nest.is_nested(value):
                value = copy.copy(value)
            copied.__dict__[name] = value
        return copied


class LayerRNNCell(RNNCell):
    """The base of cells whose `build` makes all variables, by add_variable."""

    def __call__(self, inputs, state, scope=None, *args, **kwargs):
        """Runs one step, as RNNCell does."""
        return self._step(inputs, state, *args, scope=scope, **kwargs)


def assert_like_rnncell(what: str, cell: Any) -> None:
    """Raises a TypeError where `cell` cannot be used as a cell; `what` is the argument's name."""
    lacks = [name for name in ("output_size", "state_size") if not hasattr(cell, name)]
    if not hasattr(cell, "zero_state") and not hasattr(cell, "get_initial_state"):
        lacks.append("zero_state")
    if not callable(cell):
        lacks.append("__call__")
    if lacks:
        raise TypeError(f"{what} must be an RNNCell, got {cell!r}, which lacks {', '.join(lacks)}")


def known_depth(cell: RNNCell, inputs_shape: Any) -> int:
    """Returns the known size of a cell's inputs."""
    size = tf.TensorShape(inputs_shape).as_list()[-1]
    if size is None:
        raise ValueError(f"{cell.name}: the last size of inputs must be known, got shape {inputs_shape}")
    return size


def check_floating(cell: RNNCell, dtype: Any) -> None:
    """Raises a ValueError unless `dtype` is None, floating or complex."""
    if dtype is not None:
        dtype = tf.as_dtype(dtype)
        if not dtype.is_floating and not dtype.is_complex:
            raise ValueError(f"{cell.name}: inputs must be of a floating type, got {dtype.name}; tf.cast them")


def _zeros(batch_size, size, dtype):
    """Returns zeros of [batch_size, size], each an int, a tf.TensorShape or an int tensor."""
    tensors = []
    for part in (batch_size, size):
        if tf.is_tensor(part):
            tensors.append(tf.reshape(tf.cast(part, tf.int32), [-1]))
            continue
        shape = tf.TensorShape(part)
        if not shape.is_fully_defined():
            raise ValueError(
                f"zero_state: batch_size and the cell's state_size must be known or tensors, got {batch_size} and "
                f"{size}; tf.shape(inputs)[0] is the batch size of a placeholder"
            )
        tensors.append(tf.constant(shape.as_list(), tf.int32))
    return tf.zeros(tf.concat(tensors, 0), dtype)


def _snake_case(name):
    """BasicLSTMCell -> basic_lstm_cell; _Own -> private__own, since no scope starts with "_"."""
    name = re.sub("(.)([A-Z][a-z0-9]+)", r"\1_\2", name)
    name = re.sub("([a-z])([A-Z])", r"\1_\2", name).lower()
    return f"private{name}" if name.startswith("_") else name


def _variables_of(variable):
    """Returns the variables that a partitioned variable consists of, or [variable]."""
    return list(variable) if hasattr(variable, "as_tensor") else [variable]


def _is_of_a_graph(value):
    return tf.is_tensor(value) or isinstance(value, tf.VariableScope) or hasattr(value, "as_tensor")
