"""tf.contrib.rnn's fused cells, which run a whole sequence in one call."""

import tensorflow.compat.v1 as tf

from legacy_gan.tf1.contrib.rnn.cells import LSTMBlockCell
from legacy_gan.tf1.rnn import dynamic_rnn, static_rnn
from legacy_gan.tf1.rnn_cell.base import RNNCell
from legacy_gan.tf1.rnn_cell.cells import LSTMStateTuple


class FusedRNNCell:
    """The base of what runs a whole sequence: outputs, state = fused(inputs, ...).

    Its inputs and outputs are [time, batch, n], or a list of [batch, n].
    """

    def __call__(self, inputs, initial_state=None, dtype=None, sequence_length=None, scope=None):
        """Runs the sequence; a subclass's."""
        raise NotImplementedError(f"{type(self).__name__} must define __call__")


class FusedRNNCellAdaptor(FusedRNNCell):
    """A cell along a sequence, by static_rnn or dynamic_rnn."""

    def __init__(self, cell, use_dynamic_rnn=False):
        self._cell = cell
        self._use_dynamic_rnn = use_dynamic_rnn

    def __call__(self, inputs, initial_state=None, dtype=None, sequence_length=None, scope=None):
        is_list = isinstance(inputs, list)
        options = dict(sequence_length=sequence_length, initial_state=initial_state, dtype=dtype, scope=scope)
        if self._use_dynamic_rnn:
            inputs = tf.stack(inputs) if is_list else inputs
            outputs, state = dynamic_rnn(self._cell, inputs, time_major=True, **options)
            return tf.unstack(outputs) if is_list else outputs, state
        inputs = inputs if is_list else tf.unstack(inputs)
        outputs, state = static_rnn(self._cell, inputs, **options)
        return outputs if is_list else tf.stack(outputs), state


class TimeReversedFusedRNN(FusedRNNCell):
    """A fused cell from the end of the sequence to its start; outputs stand in the inputs' order."""

    def __init__(self, cell):
        self._cell = cell

    def __call__(self, inputs, initial_state=None, dtype=None, sequence_length=None, scope=None):
        def reverse(values):
            if isinstance(values, list):
                return list(reversed(values))
            if sequence_length is None:
                return tf.reverse(values, [0])
            return tf.reverse_sequence(values, sequence_length, 0, batch_axis=1)

        outputs, state = self._cell(
            reverse(inputs), initial_state=initial_state, dtype=dtype, sequence_length=sequence_length, scope=scope
        )
        return reverse(outputs), state


class LSTMBlockFusedCell(LSTMBlockCell, FusedRNNCell):
    """LSTMBlockCell along a sequence: outputs, state = fused(inputs, ...).

    Args: as LSTMBlockCell's.
    Variables: LSTMBlockCell's, in `lstm_fused_cell`.
    """

    _inputs_rank = 3

    def __init__(
        self,
        num_units,
        forget_bias=1.0,
        cell_clip=None,
        use_peephole=False,
        reuse=None,
        dtype=None,
        name="lstm_fused_cell",
    ):
        super().__init__(num_units, forget_bias, cell_clip, use_peephole, dtype, reuse, name)

    def __call__(self, inputs, initial_state=None, dtype=None, sequence_length=None, scope=None):
        """Runs the sequence.

        Args:
          inputs: [time, batch, n], or a list of [batch, n].
          initial_state: (c, h), or None for zeros of `dtype`.
          sequence_length: int [batch], or None for the whole time; outputs after it are zeros.
        Returns:
          (outputs, laid out as the inputs, the LSTMStateTuple after each sequence's end).
        """
        is_list = isinstance(inputs, list)
        outputs, state = self._step(
            tf.stack(inputs) if is_list else inputs, initial_state, dtype, sequence_length, scope=scope
        )
        return tf.unstack(outputs) if is_list else outputs, state

    def call(self, inputs, state, dtype, sequence_length):
        if state is None and dtype is None:
            raise ValueError("LSTMBlockFusedCell: give initial_state or dtype, got neither")
        step = super().call
        return dynamic_rnn(
            _Step(step, self.state_size, self.output_size),
            inputs,
            sequence_length,
            None if state is None else LSTMStateTuple(*state),
            dtype,
            time_major=True,
        )


class _Step(RNNCell):
    """A function (inputs, state) -> (output, new state) as a cell."""

    state_size = output_size = None

    def __init__(self, function, state_size, output_size):
        super().__init__()
        self.call, self.state_size, self.output_size = function, state_size, output_size
