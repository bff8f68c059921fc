"""tf.contrib.rnn's gated cells: NAS, update gate, intersection, coupled gates, phased, grouped and simple recurrent."""

import math

import tensorflow.compat.v1 as tf

from legacy_gan.tf1.backend import precision
from legacy_gan.tf1.contrib.layers.normalizers import layer_norm
from legacy_gan.tf1.contrib.rnn.shards import sharded_variable
from legacy_gan.tf1.rnn_cell.base import LayerRNNCell, RNNCell, known_depth
from legacy_gan.tf1.rnn_cell.cells import LSTMStateTuple
from legacy_gan.tf1.rnn_cell.linear import Linear, affine


class NASCell(LayerRNNCell):
    """The cell that an architecture search found: eight pairs of products, joined in a tree.

    Args:
      num_units: int, the size of c.
      num_proj: int, the size that h is projected to; None for num_units without a projection.
      use_bias: bool, whether the products with h have a bias.
    Variables: `recurrent_kernel`, `kernel`, `bias`, `projection_weights`, in `nas_cell`.
    Source: Zoph and Le 2017.
    """

    def __init__(self, num_units, num_proj=None, use_bias=False, reuse=None, **kwargs):
        super().__init__(_reuse=reuse, **kwargs)
        self._num_units, self._num_proj, self._use_bias = num_units, num_proj, use_bias

    @property
    def state_size(self):
        return LSTMStateTuple(self._num_units, self.output_size)

    @property
    def output_size(self):
        return self._num_units if self._num_proj is None else self._num_proj

    def build(self, inputs_shape):
        size, width = known_depth(self, inputs_shape), 8 * self._num_units
        self.recurrent_kernel = self.add_variable("recurrent_kernel", [self.output_size, width])
        self.kernel = self.add_variable("kernel", [size, width])
        self.bias = self.projection_weights = None
        if self._use_bias:
            self.bias = self.add_variable("bias", [width], initializer=tf.zeros_initializer())
        if self._num_proj is not None:
            self.projection_weights = self.add_variable("projection_weights", [self._num_units, self._num_proj])

    def call(self, inputs, state):
        c, h = state
        of_state = tf.split(affine([h], self.recurrent_kernel, self.bias), 8, axis=1)
        of_inputs = tf.split(precision.matmul(inputs, self.kernel), 8, axis=1)
        x, s = of_inputs, of_state
        gates = [
            tf.tanh(tf.sigmoid(x[0] + s[0]) * tf.nn.relu(x[1] + s[1])),
            tf.tanh(tf.sigmoid(x[2] + s[2]) + tf.nn.relu(x[3] * s[3])),
            tf.tanh(tf.tanh(x[4] + s[4]) * tf.sigmoid(x[5] + s[5])),
            tf.sigmoid(tf.tanh(x[6] + s[6]) + tf.sigmoid(x[7] + s[7])),
        ]
        c = tf.tanh(gates[0] + c) * gates[1]
        h = tf.tanh(c * tf.tanh(gates[2] + gates[3]))
        if self.projection_weights is not None:
            h = precision.matmul(h, self.projection_weights)
        return h, LSTMStateTuple(c, h)


class UGRNNCell(RNNCell):
    """A cell with one gate: new state = output = g * state + (1 - g) * activation(c).

    Variables: `kernel` and `bias`, of g and then c, in `ugrnn_cell`.
    Source: Collins, Sohl-Dickstein, Sussillo 2017.
    """

    _linear = None

    def __init__(self, num_units, initializer=None, forget_bias=1.0, activation=tf.tanh, reuse=None):
        super().__init__(_reuse=reuse)
        self._num_units, self._initializer = num_units, initializer
        self._forget_bias, self._activation = forget_bias, activation

    @property
    def state_size(self):
        return self._num_units

    @property
    def output_size(self):
        return self._num_units

    def call(self, inputs, state):
        known_depth(self, inputs.shape)
        joined = tf.concat([inputs, state], 1)
        with tf.variable_scope(tf.get_variable_scope(), initializer=self._initializer):
            if self._linear is None:
                self._linear = Linear(joined, 2 * self._num_units, True)
            g, c = tf.split(self._linear(joined), 2, axis=1)
        g = tf.sigmoid(g + self._forget_bias)
        state = g * state + (1.0 - g) * self._activation(c)
        return state, state


class IntersectionRNNCell(RNNCell):
    """A cell with one gate through time and one through depth.

    Args:
      num_units: int, the size of the state, the output and, without num_in_proj, of the inputs.
      num_in_proj: int; inputs of another size are projected to num_units, in `in_projection`.
      y_activation: function of the candidate of the output.
    Source: Collins, Sohl-Dickstein, Sussillo 2017.
    """

    _projection = _linear = None

    def __init__(
        self, num_units, num_in_proj=None, initializer=None, forget_bias=1.0, y_activation=tf.nn.relu, reuse=None
    ):
        super().__init__(_reuse=reuse)
        self._num_units, self._num_in_proj, self._initializer = num_units, num_in_proj, initializer
        self._forget_bias, self._y_activation = forget_bias, y_activation

    @property
    def state_size(self):
        return self._num_units

    @property
    def output_size(self):
        return self._num_units

    def call(self, inputs, state):
        size = known_depth(self, inputs.shape)
        with tf.variable_scope(tf.get_variable_scope(), initializer=self._initializer):
            if size != self._num_units:
                if not self._num_in_proj:
                    raise ValueError(
                        f"IntersectionRNNCell: inputs must have num_units={self._num_units} columns, got {size}; "
                        "set num_in_proj to num_units"
                    )
                with tf.variable_scope("in_projection"):
                    if self._projection is None:
                        self._projection = Linear(inputs, self._num_units, True)
                    inputs = self._projection(inputs)
            joined = tf.concat([inputs, state], 1)
            if self._linear is None:
                self._linear = Linear(joined, 4 * self._num_units, True)
            gate_h, h, gate_y, y = tf.split(self._linear(joined), 4, axis=1)
        gate_h, gate_y = tf.sigmoid(gate_h + self._forget_bias), tf.sigmoid(gate_y + self._forget_bias)
        state = gate_h * state + (1.0 - gate_h) * tf.tanh(h)
        return gate_y * inputs + (1.0 - gate_y) * self._y_activation(y), state


class CoupledInputForgetGateLSTMCell(RNNCell):
    """An LSTM whose input gate is 1 - its forget gate.

    Args: as for LSTMCell, and
      layer_norm: bool; True normalizes the gates and c in place of the bias.
      norm_gain, norm_shift: float, where gamma and beta start.
    Variables: `W_0` (and more with num_unit_shards), `B`, `W_F_diag`, `W_O_diag`, `W_P_0`, in
      `coupled_input_forget_gate_lstm_cell`.
    Source: Greff et al. 2015.
    """

    def __init__(
        self,
        num_units,
        use_peepholes=False,
        initializer=None,
        num_proj=None,
        proj_clip=None,
        num_unit_shards=1,
        num_proj_shards=1,
        forget_bias=1.0,
        state_is_tuple=True,
        activation=tf.tanh,
        reuse=None,
        layer_norm=False,
        norm_gain=1.0,
        norm_shift=0.0,
    ):
        super().__init__(_reuse=reuse)
        self._num_units, self._use_peepholes = num_units, use_peepholes
        self._num_proj, self._proj_clip = num_proj, proj_clip
        self._shards, self._proj_shards = num_unit_shards, num_proj_shards
        self._forget_bias, self._state_is_tuple, self._activation = forget_bias, state_is_tuple, activation
        self._layer_norm, self._norm_gain, self._norm_shift = layer_norm, norm_gain, norm_shift

    @property
    def state_size(self):
        sizes = LSTMStateTuple(self._num_units, self.output_size)
        return sizes if self._state_is_tuple else sum(sizes)

    @property
    def output_size(self):
        return self._num_proj or self._num_units

    def _normalized(self, values, scope):
        if not self._layer_norm:
            return values
        with tf.variable_scope(scope):
            for name, start in (("gamma", self._norm_gain), ("beta", self._norm_shift)):
                tf.get_variable(name, values.shape[-1:], initializer=tf.constant_initializer(start))
        return layer_norm(values, reuse=True, scope=scope)

    def call(self, inputs, state):
        if not self._state_is_tuple:
            state = tf.split(state, [self._num_units, self.output_size], axis=1)
        c, h = state
        size = known_depth(self, inputs.shape)
        kernel = sharded_variable("W", [size + self.output_size, 3 * self._num_units], inputs.dtype, self._shards)
        bias = tf.get_variable("B", [3 * self._num_units], inputs.dtype, tf.zeros_initializer())
        gates = affine([inputs, h], kernel, None if self._layer_norm else bias)
        j, f, o = [
            self._normalized(gate, scope)
            for gate, scope in zip(tf.split(gates, 3, axis=1), ("transform", "forget", "output"))
        ]
        f = f + self._forget_bias
        if self._use_peepholes:
            of_f, of_o = (tf.get_variable(f"W_{g}_diag", [self._num_units], inputs.dtype) for g in "FO")
            f = f + of_f * c
        f = tf.sigmoid(f)
        c = self._normalized(f * c + (1 - f) * self._activation(j), "state")
        if self._use_peepholes:
            o = o + of_o * c
        h = tf.sigmoid(o) * self._activation(c)
        if self._num_proj is not None:
            weights = sharded_variable("W_P", [self._num_units, self._num_proj], inputs.dtype, self._proj_shards)
            h = precision.matmul(h, weights)
            if self._proj_clip is not None:
                h = tf.clip_by_value(h, -self._proj_clip, self._proj_clip)
        return h, LSTMStateTuple(c, h) if self._state_is_tuple else tf.concat([c, h], 1)


class PhasedLSTMCell(RNNCell):
    """An LSTM whose state is open to change in a part of a period only; its inputs are (time [batch, 1], x).

    Args:
      leak: float, how far the gate is open in the rest of the period, in training.
      ratio_on: float, the part of the period in which it is open.
      trainable_ratio_on: bool.
      period_init_min, period_init_max: float, the periods' limits at the start.
    Variables: `mask_gates/...`, `new_input/...`, `output_gate/...`, `period`, `phase`, `ratio_on`, in
      `phased_lstm_cell`.
    Source: Neil, Pfeiffer, Liu 2016.
    """

    def __init__(
        self,
        num_units,
        use_peepholes=False,
        leak=0.001,
        ratio_on=0.1,
        trainable_ratio_on=True,
        period_init_min=1.0,
        period_init_max=1000.0,
        reuse=None,
    ):
        super().__init__(_reuse=reuse)
        self._num_units, self._use_peepholes, self._leak = num_units, use_peepholes, leak
        self._ratio_on, self._trainable_ratio_on = ratio_on, trainable_ratio_on
        self._period = (period_init_min, period_init_max)
        self._linears = {}

    @property
    def state_size(self):
        return LSTMStateTuple(self._num_units, self._num_units)

    @property
    def output_size(self):
        return self._num_units

    def _linear(self, scope, parts, size):
        with tf.variable_scope(scope):
            if scope not in self._linears:
                self._linears[scope] = Linear(parts, size, True)
            return self._linears[scope](parts)

    def _first_periods(self, shape, dtype=tf.float32, partition_info=None):
        return tf.exp(tf.random_uniform(shape, *(math.log(each) for each in self._period), dtype=dtype))

    def call(self, inputs, state):
        (time, x), (c, h) = inputs, state
        seen = [x, h, c] if self._use_peepholes else [x, h]
        gates = tf.sigmoid(self._linear("mask_gates", seen, 2 * self._num_units))
        i, f = tf.split(gates, 2, axis=1)
        new_c = c * f + i * tf.tanh(self._linear("new_input", [x, h], self._num_units))
        seen = [x, h, new_c] if self._use_peepholes else [x, h]
        new_h = tf.tanh(new_c) * tf.sigmoid(self._linear("output_gate", seen, self._num_units))
        openness = self._openness(time)
        c, h = openness * new_c + (1 - openness) * c, openness * new_h + (1 - openness) * h
        return h, LSTMStateTuple(c, h)

    def _openness(self, time):
        """Returns how far the time gate is open, float [batch, num_units]."""
        size = [self._num_units]
        period = tf.get_variable("period", size, initializer=self._first_periods)
        first_phase = tf.random_uniform_initializer(0.0, period.initial_value)
        phase = tf.get_variable("phase", size, initializer=first_phase)
        ratio_on = tf.get_variable(
            "ratio_on", size, initializer=tf.constant_initializer(self._ratio_on), trainable=self._trainable_ratio_on
        )
        shifted = time - tf.cast(phase, time.dtype)
        length = tf.cast(period, time.dtype)
        rest = tf.stop_gradient(tf.mod(shifted, length) - shifted) + shifted  # its slope is that of the time
        place = tf.cast(rest / length, tf.float32)
        up = 2 * place / ratio_on
        openness = tf.where(place < ratio_on, 2 - up, self._leak * place)
        return tf.where(place < 0.5 * ratio_on, up, openness)


class GLSTMCell(RNNCell):
    """An LSTM whose inputs and h are cut into groups, each with a kernel of its own.

    Args:
      number_of_groups: int, divides num_units, num_proj and the size of the inputs.
    Variables: `group0/kernel`, ..., `bias_i`, `bias_j`, `bias_f`, `bias_o`, `projection/kernel`, in `glstm_cell`.
    Source: Kuchaiev and Ginsburg 2017.
    """

    _projection = None

    def __init__(
        self,
        num_units,
        initializer=None,
        num_proj=None,
        number_of_groups=1,
        forget_bias=1.0,
        activation=tf.tanh,
        reuse=None,
    ):
        super().__init__(_reuse=reuse)
        for name, value in (("num_units", num_units), ("num_proj", num_proj or 0)):
            if value % number_of_groups:
                raise ValueError(f"GLSTMCell: {name}={value} must be divisible by number_of_groups={number_of_groups}")
        self._num_units, self._initializer, self._num_proj = num_units, initializer, num_proj
        self._groups, self._forget_bias, self._activation = number_of_groups, forget_bias, activation
        self._linears = [None] * number_of_groups

    @property
    def state_size(self):
        return LSTMStateTuple(self._num_units, self.output_size)

    @property
    def output_size(self):
        return self._num_proj or self._num_units

    def call(self, inputs, state):
        c, h = state
        size = known_depth(self, inputs.shape)
        if size % self._groups:
            raise ValueError(f"GLSTMCell: the inputs' size {size} must be divisible by {self._groups} groups")
        with tf.variable_scope(tf.get_variable_scope(), initializer=self._initializer):
            gates = []
            pairs = zip(tf.split(inputs, self._groups, axis=1), tf.split(h, self._groups, axis=1))
            for k, pair in enumerate(pairs):
                with tf.variable_scope(f"group{k}"):
                    joined = tf.concat(pair, 1)
                    if self._linears[k] is None:
                        self._linears[k] = Linear(joined, 4 * self._num_units // self._groups, False)
                    gates.append(tf.split(self._linears[k](joined), 4, axis=1))
            i, j, f, o = [
                tf.nn.bias_add(
                    tf.concat([group[k] for group in gates], 1),
                    tf.get_variable(f"bias_{gate}", [self._num_units], inputs.dtype, tf.constant_initializer(0.0)),
                )
                for k, gate in enumerate("ijfo")
            ]
        c = tf.sigmoid(f + self._forget_bias) * c + tf.sigmoid(i) * tf.tanh(j)
        h = tf.sigmoid(o) * self._activation(c)
        if self._num_proj is not None:
            with tf.variable_scope("projection"):
                if self._projection is None:
                    self._projection = Linear(h, self._num_proj, False)
                h = self._projection(h)
        return h, LSTMStateTuple(c, h)


class SRUCell(LayerRNNCell):
    """A cell whose gates see the inputs alone: the simple recurrent unit.

    Variables: `kernel` [n, 4 * num_units], `bias` [2 * num_units], in `sru_cell`.
    Source: Lei and Zhang 2017.
    """

    _inputs_rank = 2

    def __init__(self, num_units, activation=None, reuse=None, name=None, **kwargs):
        super().__init__(_reuse=reuse, name=name, **kwargs)
        self._num_units, self._activation = num_units, activation or tf.tanh

    @property
    def state_size(self):
        return self._num_units

    @property
    def output_size(self):
        return self._num_units

    def build(self, inputs_shape):
        self._kernel = self.add_variable("kernel", [known_depth(self, inputs_shape), 4 * self._num_units])
        self._bias = self.add_variable("bias", [2 * self._num_units], initializer=tf.zeros_initializer())

    def call(self, inputs, state):
        candidate, f, r, x = tf.split(precision.matmul(inputs, self._kernel), 4, axis=1)
        f, r = tf.split(tf.sigmoid(tf.nn.bias_add(tf.concat([f, r], 1), self._bias)), 2, axis=1)
        state = f * state + (1.0 - f) * candidate
        return r * self._activation(state) + (1.0 - r) * x, state
