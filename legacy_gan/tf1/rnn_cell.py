"""tf.nn.rnn_cell as TensorFlow 1.15 had it, written on get_variable: no Keras on any version.

A cell is one time step: `output, new_state = cell(inputs, state)`. Its first call makes its
variables in the enclosing variable_scope, under the names, initial distributions and reuse of
TF 1.15; every later call of the same object, wherever it stands, uses the same ones.

Source: the interface and defaults of tf.nn.rnn_cell in TensorFlow 1.15.5.
"""

import collections
import contextlib
import copy
import hashlib
import inspect
import itertools
import numbers
import re

import tensorflow.compat.v1 as tf
from tensorflow.python.util import nest

from legacy_gan.tf1.backend import precision
from legacy_gan.tf1.layers import base as layer_base
from legacy_gan.tf1.namespace import refusal

__all__ = [
    "BasicLSTMCell",
    "BasicRNNCell",
    "DeviceWrapper",
    "DropoutWrapper",
    "GRUCell",
    "LSTMCell",
    "LSTMStateTuple",
    "MultiRNNCell",
    "RNNCell",
    "ResidualWrapper",
]


__getattr__ = refusal("tf.nn.rnn_cell", __all__)


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
    _inputs_rank = None  # the rank that inputs must have, None for any

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
        with tf.variable_scope(outer, custom_getter=self._recorded) as outer:
            return self._step(inputs, state, scope=None if scope is None else outer)

    def _step(self, inputs, state, *args, **kwargs):
        """Builds the variables where this is the first call, and returns `call(inputs, state)`."""
        self._set_scope(kwargs.pop("scope", None))
        with self._opened_scope() as scope:
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
    def _opened_scope(self):
        """Enters the cell's scope; what was built once is reused from then on."""
        reuse = True if self.built else self._reuse
        with tf.variable_scope(self._scope, reuse=reuse, auxiliary_name_scope=False) as scope:
            with tf.name_scope(scope.original_name_scope):
                yield scope

    def _recorded(self, getter, *args, **kwargs):
        variable = getter(*args, **kwargs)
        weights = self._weights(_parts(variable)[0].trainable)
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
        with self._opened_scope():
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
        if regularizer is not None and id(_parts(variable)[0]) not in before:
            with tf.init_scope(), tf.name_scope(f"{name}/Regularizer"):  # not inside a loop over time
                loss = regularizer(variable)
            if loss is not None:
                tf.add_to_collection(tf.GraphKeys.REGULARIZATION_LOSSES, loss)
        self._recorded(lambda: variable)
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


class BasicRNNCell(LayerRNNCell):
    """The plainest cell: output = new state = activation([inputs, state] @ kernel + bias).

    Args:
      num_units: int, the size of output and state.
      activation: a function of a tensor, or its name in tf.nn; None is tanh.
      reuse: bool, whether the variables are there already.
      name: the scope; None is `basic_rnn_cell`.
    Variables: `kernel` [n + num_units, num_units], `bias` [num_units].
    """

    _inputs_rank = 2

    def __init__(self, num_units, activation=None, reuse=None, name=None, dtype=None, **kwargs):
        super().__init__(_reuse=reuse, name=name, dtype=dtype, **kwargs)
        _check_floating(self, dtype)
        self._num_units = num_units
        self._activation = _activation(activation)

    @property
    def state_size(self):
        return self._num_units

    @property
    def output_size(self):
        return self._num_units

    def build(self, inputs_shape):
        size = _depth(self, inputs_shape) + self._num_units
        self._kernel = self.add_variable("kernel", [size, self._num_units])
        self._bias = self.add_variable("bias", [self._num_units], initializer=tf.zeros_initializer())

    def call(self, inputs, state):
        _check_floating(self, inputs.dtype)
        output = self._activation(_affine([inputs, state], self._kernel, self._bias))
        return output, output


class GRUCell(LayerRNNCell):
    """A gated recurrent unit.

        r, u = sigmoid([inputs, state] @ gates/kernel + gates/bias)
        c = activation([inputs, r * state] @ candidate/kernel + candidate/bias)
        output = new state = u * state + (1 - u) * c

    Args:
      num_units: int, the size of output and state.
      activation: a function of a tensor, or its name in tf.nn; None is tanh.
      kernel_initializer: None takes the scope's, and without one glorot_uniform.
      bias_initializer: None is 1 for the gates and 0 for the candidate.
    Source: Cho et al. 2014.
    """

    _inputs_rank = 2
    _names = ("gates/kernel", "gates/bias", "candidate/kernel", "candidate/bias")

    def __init__(
        self,
        num_units,
        activation=None,
        reuse=None,
        kernel_initializer=None,
        bias_initializer=None,
        name=None,
        dtype=None,
        **kwargs,
    ):
        super().__init__(_reuse=reuse, name=name, dtype=dtype, **kwargs)
        _check_floating(self, dtype)
        self._num_units = num_units
        self._activation = _activation(activation)
        self._kernel_initializer = kernel_initializer
        self._bias_initializer = bias_initializer

    @property
    def state_size(self):
        return self._num_units

    @property
    def output_size(self):
        return self._num_units

    def build(self, inputs_shape):
        size = _depth(self, inputs_shape) + self._num_units

        def affine(names, width, bias):
            kernel = self.add_variable(names[0], [size, width], initializer=self._kernel_initializer)
            return kernel, self.add_variable(names[1], [width], initializer=self._bias_initializer or bias)

        self._gates = affine(self._names[:2], 2 * self._num_units, tf.ones_initializer())
        self._candidate = affine(self._names[2:], self._num_units, tf.zeros_initializer())

    def call(self, inputs, state):
        _check_floating(self, inputs.dtype)
        r, u = tf.split(tf.sigmoid(_affine([inputs, state], *self._gates)), 2, axis=1)
        candidate = self._activation(_affine([inputs, r * state], *self._candidate))
        output = u * state + (1 - u) * candidate
        return output, output


class LSTMStateTuple(collections.namedtuple("LSTMStateTuple", ("c", "h"))):
    """The state of an LSTM: the memory c and the output h."""

    __slots__ = ()

    @property
    def dtype(self):
        """The type of both."""
        if self.c.dtype != self.h.dtype:
            raise TypeError(f"LSTMStateTuple: c and h must be of one type, got {self.c.dtype} and {self.h.dtype}")
        return self.c.dtype


class BasicLSTMCell(LayerRNNCell):
    """A long short-term memory without clipping, projection and peepholes.

        i, j, f, o = split([inputs, h] @ kernel + bias)
        c' = sigmoid(f + forget_bias) * c + sigmoid(i) * activation(j)
        output = h' = sigmoid(o) * activation(c')

    Args:
      num_units: int, the size of output, c and h.
      forget_bias: float, added to the forget gate; the variable `bias` starts at 0.
      state_is_tuple: bool; False takes and returns one tensor, [c, h] side by side.
      activation: a function of a tensor, or its name in tf.nn; None is tanh.
      reuse: bool, whether the variables are there already.
      name: the scope; None is `basic_lstm_cell`.
    Variables: `kernel` [n + num_units, 4 num_units], `bias` [4 num_units].
    Source: Zaremba et al. 2014.
    """

    _inputs_rank = 2

    def __init__(
        self,
        num_units,
        forget_bias=1.0,
        state_is_tuple=True,
        activation=None,
        reuse=None,
        name=None,
        dtype=None,
        **kwargs,
    ):
        super().__init__(_reuse=reuse, name=name, dtype=dtype, **kwargs)
        _check_floating(self, dtype)
        self._num_units = num_units
        self._forget_bias = forget_bias
        self._state_is_tuple = state_is_tuple
        self._activation = _activation(activation)

    @property
    def state_size(self):
        return _lstm_size(self._num_units, self._num_units, self._state_is_tuple)

    @property
    def output_size(self):
        return self._num_units

    def build(self, inputs_shape):
        size = _depth(self, inputs_shape) + self._num_units
        self._kernel = self.add_variable("kernel", [size, 4 * self._num_units])
        self._bias = self.add_variable("bias", [4 * self._num_units], initializer=tf.zeros_initializer())

    def call(self, inputs, state):
        _check_floating(self, inputs.dtype)
        c, h = state if self._state_is_tuple else tf.split(state, 2, axis=1)
        gates = _affine([inputs, h], self._kernel, self._bias)
        c, h = lstm_step(gates, c, self._forget_bias, self._activation)
        return h, LSTMStateTuple(c, h) if self._state_is_tuple else tf.concat([c, h], 1)


class LSTMCell(LayerRNNCell):
    """A long short-term memory with optional peepholes, clipping and projection.

    As BasicLSTMCell, and with peepholes the gates i and f see w_diag * c, the gate o sees
    w_o_diag * c'; c' is clipped to +-cell_clip; h' is projected to num_proj, then clipped to
    +-proj_clip.

    Args:
      num_units: int, the size of c.
      use_peepholes: bool.
      cell_clip, proj_clip: float, or None for no clipping.
      initializer: of the kernels and peepholes; None takes the scope's, else glorot_uniform.
      num_proj: int, the size of output and h; None is num_units, without a projection.
      num_unit_shards, num_proj_shards: int, parts that the kernels are stored in.
      forget_bias, state_is_tuple, activation, reuse: as for BasicLSTMCell.
      name: the scope; None is `lstm_cell`.
    Variables: `kernel`, `bias`, `w_f_diag`, `w_i_diag`, `w_o_diag`, `projection/kernel`.
    Source: Sak et al. 2014.
    """

    _inputs_rank = 2

    def __init__(
        self,
        num_units,
        use_peepholes=False,
        cell_clip=None,
        initializer=None,
        num_proj=None,
        proj_clip=None,
        num_unit_shards=None,
        num_proj_shards=None,
        forget_bias=1.0,
        state_is_tuple=True,
        activation=None,
        reuse=None,
        name=None,
        dtype=None,
        **kwargs,
    ):
        super().__init__(_reuse=reuse, name=name, dtype=dtype, **kwargs)
        _check_floating(self, dtype)
        self._num_units = num_units
        self._use_peepholes = use_peepholes
        self._cell_clip = cell_clip
        self._initializer = initializer
        self._num_proj = num_proj
        self._proj_clip = proj_clip
        self._num_unit_shards = num_unit_shards
        self._num_proj_shards = num_proj_shards
        self._forget_bias = forget_bias
        self._state_is_tuple = state_is_tuple
        self._activation = _activation(activation)

    @property
    def state_size(self):
        return _lstm_size(self._num_units, self.output_size, self._state_is_tuple)

    @property
    def output_size(self):
        return self._num_proj or self._num_units

    def build(self, inputs_shape):
        def matrix(name, shape, shards):
            return self.add_variable(
                name,
                shape,
                initializer=self._initializer,
                partitioner=None if shards is None else tf.fixed_size_partitioner(shards),
            )

        size = _depth(self, inputs_shape) + self.output_size
        self._kernel = matrix("kernel", [size, 4 * self._num_units], self._num_unit_shards)
        self._bias = self.add_variable("bias", [4 * self._num_units], initializer=tf.zeros_initializer())
        self._peepholes = None
        if self._use_peepholes:
            f, i, o = [matrix(f"w_{gate}_diag", [self._num_units], None) for gate in "fio"]
            self._peepholes = (i, f, o)
        if self._num_proj:
            self._proj_kernel = matrix("projection/kernel", [self._num_units, self._num_proj], self._num_proj_shards)

    def call(self, inputs, state):
        _check_floating(self, inputs.dtype)
        if self._state_is_tuple:
            c, h = state
        else:
            c, h = tf.split(state, [self._num_units, self.output_size], axis=1)
        gates = _affine([inputs, h], self._kernel, self._bias)
        c, h = lstm_step(gates, c, self._forget_bias, self._activation, self._peepholes, self._cell_clip)
        if self._num_proj:
            h = precision.matmul(h, self._proj_kernel)
            if self._proj_clip is not None:
                h = tf.clip_by_value(h, -self._proj_clip, self._proj_clip)
        return h, LSTMStateTuple(c, h) if self._state_is_tuple else tf.concat([c, h], 1)


def lstm_step(gates, c, forget_bias, activation, peepholes=None, cell_clip=None):
    """What an LSTM makes of its four gates before their sigmoids.

        c' = clip(sigmoid(f + forget_bias + w_f * c) * c + sigmoid(i + w_i * c) * activation(j))
        h' = sigmoid(o + w_o * c') * activation(c')

    Args:
      gates: float [batch, 4 units]: i, j, f, o.
      c: float [batch, units].
      peepholes: None, or (w_i, w_f, w_o), each float [units].
      cell_clip: float, or None.
    Returns:
      (c', h'), each float [batch, units].
    """
    i, j, f, o = tf.split(gates, 4, axis=1)
    f = f + forget_bias
    if peepholes is not None:
        w_i, w_f, w_o = peepholes
        i, f = i + w_i * c, f + w_f * c
    c = tf.sigmoid(f) * c + tf.sigmoid(i) * activation(j)
    if cell_clip is not None:
        c = tf.clip_by_value(c, -cell_clip, cell_clip)
    if peepholes is not None:
        o = o + w_o * c
    return c, tf.sigmoid(o) * activation(c)


class MultiRNNCell(RNNCell):
    """Cells on top of one another, each one's output the next one's input.

    Args:
      cells: list of cells, the lowest first. One object twice shares its weights.
      state_is_tuple: bool; True has a tuple of the cells' states, False one tensor with all of
        them side by side.
    Variables: those of cell k in `multi_rnn_cell/cell_k/...`.
    Raises:
      ValueError: for no cells, or states that are tuples with state_is_tuple=False.
    """

    def __init__(self, cells, state_is_tuple=True):
        super().__init__()
        if not nest.is_nested(cells):
            raise TypeError(f"MultiRNNCell: cells must be a list of cells, got {cells}")
        if not cells:
            raise ValueError("MultiRNNCell: cells must have at least one cell, got none")
        for cell in cells:
            assert_like_rnncell("cells", cell)
        if len(set(map(id, cells))) < len(cells):
            tf.logging.warn("MultiRNNCell: one object stands for several cells, which share its weights")
        self._cells = cells
        self._state_is_tuple = state_is_tuple
        if not state_is_tuple and any(nest.is_nested(cell.state_size) for cell in cells):
            raise ValueError(
                "MultiRNNCell: with state_is_tuple=False the cells' states must be single tensors, "
                f"got {[cell.state_size for cell in cells]}; give the cells state_is_tuple=False too"
            )

    @property
    def state_size(self):
        sizes = tuple(cell.state_size for cell in self._cells)
        return sizes if self._state_is_tuple else sum(sizes)

    @property
    def output_size(self):
        return self._cells[-1].output_size

    def zero_state(self, batch_size, dtype):
        if not self._state_is_tuple:
            return super().zero_state(batch_size, dtype)
        with tf.name_scope(f"{type(self).__name__}ZeroState"):
            return tuple(cell.zero_state(batch_size, dtype) for cell in self._cells)

    @property
    def trainable_weights(self):
        if not self.trainable:
            return []
        return self._of_cells("trainable_weights")

    @property
    def non_trainable_weights(self):
        fixed = self._of_cells("non_trainable_weights")
        return fixed if self.trainable else self._of_cells("trainable_weights") + fixed

    def _of_cells(self, kind):
        return [variable for cell in self._cells if isinstance(cell, RNNCell) for variable in getattr(cell, kind)]

    def call(self, inputs, state):
        if self._state_is_tuple:
            if not nest.is_nested(state) or len(state) != len(self._cells):
                raise ValueError(f"MultiRNNCell: state must be a tuple of {len(self._cells)} states, got {state}")
        else:
            state = tf.split(state, [cell.state_size for cell in self._cells], axis=1)
        states = []
        for k, cell in enumerate(self._cells):
            with tf.variable_scope(f"cell_{k}"):
                inputs, new_state = cell(inputs, state[k])
                states.append(new_state)
        return inputs, tuple(states) if self._state_is_tuple else tf.concat(states, 1)


class _Wrapper(RNNCell):
    """A cell around a cell: its variables, sizes and scope are those of the cell inside."""

    def __init__(self, cell, **kwargs):
        super().__init__(**kwargs)
        assert_like_rnncell("cell", cell)
        self.cell = cell

    @property
    def wrapped_cell(self):
        """The cell inside."""
        return self.cell

    @property
    def state_size(self):
        return self.cell.state_size

    @property
    def output_size(self):
        return self.cell.output_size

    def zero_state(self, batch_size, dtype):
        with tf.name_scope(f"{type(self).__name__}ZeroState"):
            return self.cell.zero_state(batch_size, dtype)


class DropoutWrapper(_Wrapper):
    """Dropout on a cell's inputs, outputs and outgoing state.

    Each value is kept with its probability and then scaled by 1 / probability, else 0; a number
    1 leaves the graph as it is. Of an LSTMStateTuple only h is dropped, never c.

    Args:
      cell: the cell inside.
      input_keep_prob, output_keep_prob, state_keep_prob: float, 0 to 1, or a scalar tensor.
      variational_recurrent: bool; True draws one mask, for all time steps and all of the batch,
        anew in every session.run.
      input_size: int or tf.TensorShape, needed for variational_recurrent with input dropout.
      dtype: needed for variational_recurrent.
      seed: int, or None.
      dropout_state_filter_visitor: function of a part of the state, which returns whether it is
        dropped, or a structure of that.
    Raises:
      ValueError: for a probability outside 0 to 1, or a missing dtype or input_size.
    """

    def __init__(
        self,
        cell,
        input_keep_prob=1.0,
        output_keep_prob=1.0,
        state_keep_prob=1.0,
        variational_recurrent=False,
        input_size=None,
        dtype=None,
        seed=None,
        dropout_state_filter_visitor=None,
        **kwargs,
    ):
        super().__init__(cell, dtype=dtype, **kwargs)
        if dropout_state_filter_visitor is not None and not callable(dropout_state_filter_visitor):
            raise TypeError(
                f"DropoutWrapper: dropout_state_filter_visitor must be a function, got {dropout_state_filter_visitor!r}"
            )
        self._is_dropped = dropout_state_filter_visitor or _all_but_memories
        with tf.name_scope("DropoutWrapperInit"):
            self._keep = {
                what: _probability(what, value)
                for what, value in (
                    ("input", input_keep_prob),
                    ("state", state_keep_prob),
                    ("output", output_keep_prob),
                )
            }
        self._seed = seed
        self._noise = None
        if variational_recurrent:
            if dtype is None:
                raise ValueError("DropoutWrapper: variational_recurrent=True needs dtype")
            if self._keep["input"] != 1.0 and input_size is None:
                raise ValueError(
                    "DropoutWrapper: variational_recurrent=True with input_keep_prob below 1 needs input_size"
                )
            sizes = [("state", cell.state_size), ("output", cell.output_size)]
            if self._keep["input"] != 1.0:
                sizes.insert(0, ("input", input_size))
            self._noise = {}
            for what, size in sizes:
                self._noise[what] = _enumerated(
                    lambda k, size, what=what: tf.random_uniform(
                        [1] + tf.TensorShape(size).as_list(), seed=self._seed_of(what, k), dtype=dtype
                    ),
                    size,
                    size,
                )

    def __call__(self, inputs, state, scope=None):
        """Runs one step of the cell inside, with dropout around it."""
        if self._keep["input"] != 1.0:
            inputs = self._dropped("input", inputs, inputs)
        output, new_state = self.cell(inputs, state, scope=scope)
        if self._keep["state"] != 1.0:
            which = nest.get_traverse_shallow_structure(self._is_dropped, new_state)
            new_state = self._dropped("state", new_state, which)
        if self._keep["output"] != 1.0:
            output = self._dropped("output", output, output)
        return output, new_state

    def _dropped(self, what, values, which):
        """Drops of `values` the parts that are not False in `which`, a structure above them."""
        keep = self._keep[what]

        def drop(k, dropped, value, noise=None):
            if dropped is False:
                return value
            if noise is None:
                return tf.nn.dropout(value, rate=1.0 - keep, seed=self._seed_of(what, k))
            outcome = value / keep * tf.floor(keep + noise)
            outcome.set_shape(value.shape)
            return outcome

        noise = [] if self._noise is None else [self._noise[what]]
        return _enumerated(drop, which, which, values, *noise)

    def _seed_of(self, what, k):
        """Returns the seed of the k-th mask of "input", "state" or "output", as in TF 1.15."""
        if self._seed is None:
            return None
        text = f"{self._seed}{what}_{k}"
        return int(hashlib.md5(text.encode("utf-8")).hexdigest()[:8], 16) & 0x7FFFFFFF


class ResidualWrapper(_Wrapper):
    """A cell whose inputs are added to its outputs.

    Args:
      cell: the cell inside.
      residual_fn: function (inputs, outputs) -> outputs; None adds them.
    """

    def __init__(self, cell, residual_fn=None, **kwargs):
        super().__init__(cell, **kwargs)
        self._residual_fn = residual_fn or _sum

    def __call__(self, inputs, state, scope=None):
        """Runs one step of the cell inside and adds its inputs."""
        outputs, new_state = self.cell(inputs, state, scope=scope)
        return self._residual_fn(inputs, outputs), new_state


class DeviceWrapper(_Wrapper):
    """A cell that runs on a device, given as to tf.device."""

    def __init__(self, cell, device, **kwargs):
        super().__init__(cell, **kwargs)
        self._device = device

    def zero_state(self, batch_size, dtype):
        with tf.device(self._device):
            return super().zero_state(batch_size, dtype)

    def __call__(self, inputs, state, scope=None):
        """Runs one step of the cell inside on the device."""
        with tf.device(self._device):
            return self.cell(inputs, state, scope=scope)


class _Linear:
    """concat(args) @ kernel + bias, with the variables made once, in the scope of this place.

    Args:
      args: tensor [batch, n], or a list of them; what it is called with has the same sizes.
      output_size: int.
      build_bias: bool, whether there is a bias.
      bias_initializer: None is 0; before TF 1.2 a number stood here, which is taken, too.
      kernel_initializer: None takes the scope's, else glorot_uniform.
    """

    def __init__(self, args, output_size, build_bias, bias_initializer=None, kernel_initializer=None):
        args = args if nest.is_nested(args) else [args]
        if not args or args[0] is None:
            raise ValueError("linear: args must be one tensor or more, got none")
        sizes = [arg.shape.as_list() if arg.shape.ndims == 2 else None for arg in args]
        if any(size is None or size[1] is None for size in sizes):
            raise ValueError(f"linear: args must be [batch, n] with n known, got shapes {[arg.shape for arg in args]}")
        if bias_initializer is None or isinstance(bias_initializer, numbers.Real):
            bias_initializer = tf.constant_initializer(bias_initializer or 0.0)
        self._kernel = tf.get_variable(
            "kernel",
            [sum(size[1] for size in sizes), int(output_size)],
            dtype=args[0].dtype,
            initializer=kernel_initializer,
        )
        self._bias = None
        if build_bias:
            with tf.variable_scope(tf.get_variable_scope()) as scope:
                scope.set_partitioner(None)
                self._bias = tf.get_variable(
                    "bias", [int(output_size)], dtype=args[0].dtype, initializer=bias_initializer
                )

    def __call__(self, args):
        args = args if nest.is_nested(args) else [args]
        return _affine(args, self._kernel, self._bias)


def _linear(args, output_size, bias, bias_initializer=None, kernel_initializer=None):
    """_Linear of `args`, called with them."""
    return _Linear(args, output_size, bias, bias_initializer, kernel_initializer)(args)


def assert_like_rnncell(what, cell):
    """Raises a TypeError where `cell` cannot be used as a cell; `what` is the argument's name."""
    lacks = [name for name in ("output_size", "state_size") if not hasattr(cell, name)]
    if not hasattr(cell, "zero_state") and not hasattr(cell, "get_initial_state"):
        lacks.append("zero_state")
    if not callable(cell):
        lacks.append("__call__")
    if lacks:
        raise TypeError(f"{what} must be an RNNCell, got {cell!r}, which lacks {', '.join(lacks)}")


def _affine(parts, kernel, bias):
    inputs = parts[0] if len(parts) == 1 else tf.concat(parts, 1)
    outputs = precision.matmul(inputs, kernel)
    return outputs if bias is None else tf.nn.bias_add(outputs, bias)


def _activation(value):
    """Returns the function that an activation or its name stands for, tanh without one."""
    if not value:
        return tf.tanh
    return layer_base.activation_of(value) or tf.identity


def _sum(inputs, outputs):
    def add(inputs, outputs):
        if not inputs.shape.is_compatible_with(outputs.shape):
            raise ValueError(
                f"ResidualWrapper: the cell's outputs must have its inputs' shape {inputs.shape}, got {outputs.shape}"
            )
        return inputs + outputs

    return nest.map_structure(add, inputs, outputs)


def _all_but_memories(state):
    """Says what dropout drops of a part of a state: everything but the c of an LSTM."""
    if isinstance(state, LSTMStateTuple):
        return LSTMStateTuple(c=False, h=True)
    return not isinstance(state, tf.TensorArray)


def _probability(what, value):
    """Returns a keep probability as a float where it is known, else as a tensor."""
    tensor = tf.convert_to_tensor(value)
    known = tf.get_static_value(tensor)
    if known is None:
        return tensor
    if not 0 <= known <= 1:
        raise ValueError(f"DropoutWrapper: {what}_keep_prob must be from 0 to 1, got {known}")
    return float(known)


def _enumerated(function, above, *structures):
    """Maps function(k, part of each structure ...) over the k-th parts of the structure `above`."""
    count = itertools.count()
    return nest.map_structure_up_to(above, lambda *parts: function(next(count), *parts), *structures)


def _lstm_size(memory, output, is_tuple):
    return LSTMStateTuple(memory, output) if is_tuple else memory + output


def _depth(cell, inputs_shape):
    """Returns the known size of a cell's inputs."""
    size = tf.TensorShape(inputs_shape).as_list()[-1]
    if size is None:
        raise ValueError(f"{cell.name}: the last size of inputs must be known, got shape {inputs_shape}")
    return size


def _check_floating(cell, dtype):
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


def _parts(variable):
    """Returns the variables that a partitioned variable consists of, or [variable]."""
    return list(variable) if hasattr(variable, "as_tensor") else [variable]


def _is_of_a_graph(value):
    return tf.is_tensor(value) or isinstance(value, tf.VariableScope) or hasattr(value, "as_tensor")
