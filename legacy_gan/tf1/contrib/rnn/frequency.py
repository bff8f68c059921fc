"""tf.contrib.rnn's cells along time and frequency: one LSTM along both, or one for each, in one or both directions.

Source: Li, Mohamed, Zweig, Gong 2015 and 2016; Sainath and Li 2016.
"""

import collections

import tensorflow.compat.v1 as tf

from legacy_gan.tf1.contrib.rnn.shards import sharded_variable
from legacy_gan.tf1.rnn_cell.base import RNNCell, known_depth
from legacy_gan.tf1.rnn_cell.linear import affine


def _zeros(inputs, size):
    known = inputs.shape.as_list()[0]
    return tf.zeros([tf.shape(inputs)[0] if known is None else known, size], inputs.dtype)


class TimeFreqLSTMCell(RNNCell):
    """An LSTM that goes along the frequencies in each time step; its state has c and h of each frequency.

    Args:
      num_units, use_peepholes, cell_clip, forget_bias: as for LSTMCell.
      feature_size: int, the width of a window of frequencies.
      frequency_skip: int, how far a window is from the next one.
    Variables: `W_0`, `B`, `W_F_diag`, `W_I_diag`, `W_O_diag`, in `time_freq_lstm_cell`.
    """

    def __init__(
        self,
        num_units,
        use_peepholes=False,
        cell_clip=None,
        initializer=None,
        num_unit_shards=1,
        forget_bias=1.0,
        feature_size=None,
        frequency_skip=1,
        reuse=None,
    ):
        super().__init__(_reuse=reuse)
        self._num_units, self._use_peepholes, self._cell_clip = num_units, use_peepholes, cell_clip
        self._shards, self._forget_bias = num_unit_shards, forget_bias
        self._feature_size, self._frequency_skip = feature_size, frequency_skip

    @property
    def state_size(self):
        return 2 * self._num_units

    @property
    def output_size(self):
        return self._num_units

    def call(self, inputs, state):
        units, size = self._num_units, known_depth(self, inputs.shape)
        count = (size - self._feature_size) // self._frequency_skip + 1
        windows = [inputs[:, k * self._frequency_skip :][:, : self._feature_size] for k in range(count)]
        kernel = sharded_variable("W", [self._feature_size + 2 * units, 4 * units], inputs.dtype, self._shards)
        bias = tf.get_variable("B", [4 * units], inputs.dtype, tf.zeros_initializer())
        of_f = of_i = of_o = None
        if self._use_peepholes:
            of_f, of_i, of_o = (tf.get_variable(f"W_{g}_diag", [units], inputs.dtype) for g in "FIO")

        def seen(gate, weights, c):
            return gate if weights is None else gate + weights * c

        below, outputs, states = _zeros(inputs, units), [], []
        for k, window in enumerate(windows):
            c, h = state[:, 2 * k * units : (2 * k + 1) * units], state[:, (2 * k + 1) * units : (2 * k + 2) * units]
            i, j, f, o = tf.split(affine([window, h, below], kernel, bias), 4, axis=1)
            f = tf.sigmoid(seen(f + self._forget_bias, of_f, c))
            c = f * c + tf.sigmoid(seen(i, of_i, c)) * tf.tanh(j)
            if self._cell_clip is not None:
                c = tf.clip_by_value(c, -self._cell_clip, self._cell_clip)
            below = tf.sigmoid(seen(o, of_o, c)) * tf.tanh(c)
            outputs.append(below)
            states += [c, below]
        return tf.concat(outputs, 1), tf.concat(states, 1)


class GridLSTMCell(RNNCell):
    """Two LSTMs in each time step, one along the frequencies and one along time, for each block of frequencies.

    Args:
      num_units, use_peepholes, cell_clip, forget_bias: as for LSTMCell.
      share_time_frequency_weights: bool, whether both have the same weights.
      feature_size, frequency_skip: int, the windows' width and distance.
      num_frequency_blocks: list of int, how many windows each block has.
      start_freqindex_list, end_freqindex_list: lists of int, where each block's frequencies begin and end; None
        for one block of all.
      couple_input_forget_gates: bool, whether the forget gate is 1 - the input gate.
    Variables: `W_f_0_0`, `B_f_0`, `W_t_0_0`, `B_t_0`, ... with the block's number, in `grid_lstm_cell`.
    """

    _directions = ("",)

    def __init__(
        self,
        num_units,
        use_peepholes=False,
        share_time_frequency_weights=False,
        cell_clip=None,
        initializer=None,
        num_unit_shards=1,
        forget_bias=1.0,
        feature_size=None,
        frequency_skip=None,
        num_frequency_blocks=None,
        start_freqindex_list=None,
        end_freqindex_list=None,
        couple_input_forget_gates=False,
        state_is_tuple=True,
        reuse=None,
    ):
        super().__init__(_reuse=reuse)
        if num_frequency_blocks is None:
            raise ValueError(f"{type(self).__name__}: give num_frequency_blocks, a list of int")
        self._num_units, self._use_peepholes, self._cell_clip = num_units, use_peepholes, cell_clip
        self._shared, self._shards, self._forget_bias = share_time_frequency_weights, num_unit_shards, forget_bias
        self._feature_size, self._frequency_skip = feature_size, frequency_skip
        self._blocks = [int(count) for count in num_frequency_blocks]
        self._starts, self._ends = start_freqindex_list, end_freqindex_list
        self._coupled, self._state_is_tuple = couple_input_forget_gates, state_is_tuple
        names = [
            f"{direction}state_f{window:02d}_b{block:02d}_{part}"
            for direction in self._directions
            for block, count in enumerate(self._blocks)
            for window in range(count)
            for part in "cm"
        ]
        self._state_type = collections.namedtuple(self._state_name, names)

    _state_name = "GridLSTMStateTuple"

    @property
    def state_tuple_type(self):
        """The type of the state; None where it is one tensor."""
        return self._state_type if self._state_is_tuple else None

    @property
    def state_size(self):
        sizes = [self._num_units] * len(self._state_type._fields)
        return self._state_type(*sizes) if self._state_is_tuple else sum(sizes)

    @property
    def output_size(self):
        return self._num_units * len(self._state_type._fields)

    def call(self, inputs, state):
        outputs, states = self._direction(self._windows(inputs, 0), state, "")
        new_state = self._state_type(*states) if self._state_is_tuple else tf.concat(states, 1)
        return tf.concat(outputs, 1), new_state

    def _direction(self, blocks, state, direction):
        """Returns (outputs, states), lists of [batch, num_units], of all blocks of windows."""
        outputs, states = [], []
        for block, windows in enumerate(blocks):
            if self._state_is_tuple:
                parts = [
                    [getattr(state, f"{direction}state_f{window:02d}_b{block:02d}_{part}") for part in "cm"]
                    for window in range(len(windows))
                ]
            else:
                # As in 1.15, each block begins at the first part again.
                cut = tf.split(state, self.state_size // self._num_units, axis=1)
                parts = [cut[2 * window : 2 * window + 2] for window in range(len(windows))]
            of_block = self._block(windows, parts, block)
            outputs += of_block[0]
            states += of_block[1]
        return outputs, states

    def _peepholes(self, block, dtype):
        """Makes the diagonal weights; returns {"freq": {gate: (of c along frequency, along time)}, "time": ...}."""
        if not self._use_peepholes:
            return None

        def pair(gate, kind):
            names = [f"W_{gate}_diag_{kind}{along}_{block}" for along in "ft"]
            return [tf.get_variable(name, [self._num_units], dtype) for name in names]

        gates = "IO" if self._coupled else "FIO"
        freq = {gate: pair(gate, "freq") for gate in gates}
        return {"freq": freq, "time": freq if self._shared else {gate: pair(gate, "time") for gate in gates}}

    def _block(self, windows, parts, block):
        units, count, dtype = self._num_units, 3 if self._coupled else 4, windows[0].dtype
        shape = [windows[0].shape.as_list()[1] + 2 * units, count * units]

        def weights(kind):
            kernel = sharded_variable(f"W_{kind}_{block}", shape, dtype, self._shards)
            return kernel, tf.get_variable(f"B_{kind}_{block}", [count * units], dtype, tf.zeros_initializer())

        freq = weights("f")
        time = freq if self._shared else weights("t")
        diagonals = self._peepholes(block, dtype)

        def seen(gate, kind, name, c_freq, c_time):
            if diagonals is None:
                return tf.sigmoid(gate)
            along_freq, along_time = diagonals[kind][name]
            return tf.sigmoid(gate + along_freq * c_freq + along_time * c_time)

        def memory(gates, kind, c, c_freq, c_time):
            i = seen(gates[0], kind, "I", c_freq, c_time)
            f = 1.0 - i if self._coupled else seen(gates[2] + self._forget_bias, kind, "F", c_freq, c_time)
            c = f * c + i * tf.tanh(gates[1])
            return c if self._cell_clip is None else tf.clip_by_value(c, -self._cell_clip, self._cell_clip)

        h_freq = c_freq = _zeros(windows[0], units)
        outputs, states = [], []
        for window, (c_time, h_time) in zip(windows, parts):
            joined = [window, h_time, h_freq]
            of_freq = tf.split(affine(joined, *freq), count, axis=1)
            of_time = of_freq if self._shared else tf.split(affine(joined, *time), count, axis=1)
            c_freq, c_time = (
                memory(of_freq, "freq", c_freq, c_freq, c_time),
                memory(of_time, "time", c_time, c_freq, c_time),
            )
            h_freq = seen(of_freq[-1], "freq", "O", c_freq, c_time) * tf.tanh(c_freq)
            h_time = seen(of_time[-1], "time", "O", c_freq, c_time) * tf.tanh(c_time)
            outputs += [h_time, h_freq]
            states += [c_time, h_time]
        return outputs, states

    def _windows(self, inputs, offset):
        """Returns the windows of each block, a list of lists, shifted by `offset` frequencies, zeros outside."""
        size, who = known_depth(self, inputs.shape), type(self).__name__
        if offset > 0:
            inputs = tf.pad(inputs, [[0, 0], [0, offset]])
        elif offset < 0:
            inputs, offset = tf.pad(inputs, [[0, 0], [-offset, 0]]), 0
        starts, ends = self._starts or [0], (self._ends or []) if self._starts else [size]
        if not len(self._blocks) == len(starts) == len(ends):
            raise ValueError(
                f"{who}: num_frequency_blocks, start_freqindex_list and end_freqindex_list must be of one length, "
                f"got {len(self._blocks)}, {len(starts)} and {len(ends)}"
            )
        blocks = []
        for start, end, count in zip(starts, ends, self._blocks):
            there = int((end - start - self._feature_size) / self._frequency_skip) + 1
            if count != there:
                raise ValueError(
                    f"{who}: frequencies {start} to {end} have {there} windows, num_frequency_blocks {count}"
                )
            first = start + offset
            blocks.append(
                [
                    tf.slice(inputs, [0, first + k * self._frequency_skip], [-1, self._feature_size])
                    for k in range(count)
                ]
            )
        return blocks


class BidirectionalGridLSTMCell(GridLSTMCell):
    """GridLSTMCell along the frequencies in both directions.

    Args: as GridLSTMCell's, and
      backward_slice_offset: int, how far the windows of the backward direction are shifted.
    Variables: GridLSTMCell's, in `fwd` and `bwd` of `bidirectional_grid_lstm_cell`.
    """

    _directions = ("fwd_", "bwd_")
    _state_name = "BidirectionalGridLSTMStateTuple"

    def __init__(
        self,
        num_units,
        use_peepholes=False,
        share_time_frequency_weights=False,
        cell_clip=None,
        initializer=None,
        num_unit_shards=1,
        forget_bias=1.0,
        feature_size=None,
        frequency_skip=None,
        num_frequency_blocks=None,
        start_freqindex_list=None,
        end_freqindex_list=None,
        couple_input_forget_gates=False,
        backward_slice_offset=0,
        reuse=None,
    ):
        super().__init__(
            num_units,
            use_peepholes,
            share_time_frequency_weights,
            cell_clip,
            initializer,
            num_unit_shards,
            forget_bias,
            feature_size,
            frequency_skip,
            num_frequency_blocks,
            start_freqindex_list,
            end_freqindex_list,
            couple_input_forget_gates,
            True,
            reuse,
        )
        self._backward_offset = int(backward_slice_offset)

    def call(self, inputs, state):
        forward = self._windows(inputs, 0)
        backward = self._windows(inputs, self._backward_offset) if self._backward_offset else forward
        with tf.variable_scope("fwd"):
            outputs, states = self._direction(forward, state, "fwd_")
        with tf.variable_scope("bwd"):
            reversed_blocks = [windows[::-1] for windows in backward]
            more_outputs, more_states = self._direction(reversed_blocks, state, "bwd_")
        return tf.concat(outputs + more_outputs, 1), self._state_type(*(states + more_states))
