"""tf.nn.rnn_cell's cells: the basic one, GRU, LSTM, and cells on top of one another."""

import collections

import tensorflow.compat.v1 as tf
from tensorflow.python.util import nest

from legacy_gan.tf1.backend import precision
from legacy_gan.tf1.layers import base as layer_base
from legacy_gan.tf1.rnn_cell.base import LayerRNNCell, RNNCell, assert_like_rnncell, check_floating, known_depth
from legacy_gan.tf1.rnn_cell.linear import affine


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
        check_floating(self, dtype)
        self._num_units = num_units
        self._activation = activation_of(activation)

    @property
    def state_size(self):
        return self._num_units

    @property
    def output_size(self):
        return self._num_units

    def build(self, inputs_shape):
        size = known_depth(self, inputs_shape) + self._num_units
        self._kernel = self.add_variable("kernel", [size, self._num_units])
        self._bias = self.add_variable("bias", [self._num_units], initializer=tf.zeros_initializer())

    def call(self, inputs, state):
        check_floating(self, inputs.dtype)
        output = self._activation(affine([inputs, state], self._kernel, self._bias))
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
        check_floating(self, dtype)
        self._num_units = num_units
        self._activation = activation_of(activation)
        self._kernel_initializer = kernel_initializer
        self._bias_initializer = bias_initializer

    @property
    def state_size(self):
        return self._num_units

    @property
    def output_size(self):
        return self._num_units

    def build(self, inputs_shape):
        size = known_depth(self, inputs_shape) + self._num_units

        def affine(names, width, bias):
            kernel = self.add_variable(names[0], [size, width], initializer=self._kernel_initializer)
            return kernel, self.add_variable(names[1], [width], initializer=self._bias_initializer or bias)

        self._gates = affine(self._names[:2], 2 * self._num_units, tf.ones_initializer())
        self._candidate = affine(self._names[2:], self._num_units, tf.zeros_initializer())

    def call(self, inputs, state):
        check_floating(self, inputs.dtype)
        r, u = tf.split(tf.sigmoid(affine([inputs, state], *self._gates)), 2, axis=1)
        candidate = self._activation(affine([inputs, r * state], *self._candidate))
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
        check_floating(self, dtype)
        self._num_units = num_units
        self._forget_bias = forget_bias
        self._state_is_tuple = state_is_tuple
        self._activation = activation_of(activation)

    @property
    def state_size(self):
        return _lstm_size(self._num_units, self._num_units, self._state_is_tuple)

    @property
    def output_size(self):
        return self._num_units

    def build(self, inputs_shape):
        size = known_depth(self, inputs_shape) + self._num_units
        self._kernel = self.add_variable("kernel", [size, 4 * self._num_units])
        self._bias = self.add_variable("bias", [4 * self._num_units], initializer=tf.zeros_initializer())

    def call(self, inputs, state):
        check_floating(self, inputs.dtype)
        c, h = state if self._state_is_tuple else tf.split(state, 2, axis=1)
        gates = affine([inputs, h], self._kernel, self._bias)
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
        check_floating(self, dtype)
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
        self._activation = activation_of(activation)

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

        size = known_depth(self, inputs_shape) + self.output_size
        self._kernel = matrix("kernel", [size, 4 * self._num_units], self._num_unit_shards)
        self._bias = self.add_variable("bias", [4 * self._num_units], initializer=tf.zeros_initializer())
        self._peepholes = None
        if self._use_peepholes:
            f, i, o = [matrix(f"w_{gate}_diag", [self._num_units], None) for gate in "fio"]
            self._peepholes = (i, f, o)
        if self._num_proj:
            self._proj_kernel = matrix("projection/kernel", [self._num_units, self._num_proj], self._num_proj_shards)

    def call(self, inputs, state):
        check_floating(self, inputs.dtype)
        if self._state_is_tuple:
            c, h = state
        else:
            c, h = tf.split(state, [self._num_units, self.output_size], axis=1)
        gates = affine([inputs, h], self._kernel, self._bias)
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


def activation_of(value):
    """Returns the function that an activation or its name stands for, tanh without one."""
    if not value:
        return tf.tanh
    return layer_base.activation_of(value) or tf.identity


def _lstm_size(memory, output, is_tuple):
    return LSTMStateTuple(memory, output) if is_tuple else memory + output
