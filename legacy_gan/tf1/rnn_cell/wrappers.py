"""tf.nn.rnn_cell's wrappers: dropout, residual connections or a device around a cell."""

import hashlib
import itertools

import tensorflow.compat.v1 as tf
from tensorflow.python.util import nest

from legacy_gan.tf1.rnn_cell.base import RNNCell, assert_like_rnncell
from legacy_gan.tf1.rnn_cell.cells import LSTMStateTuple


class CellWrapper(RNNCell):
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


class DropoutWrapper(CellWrapper):
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
                self._noise[what] = _map_enumerated(
                    lambda k, size, what=what: tf.random_uniform(
                        [1] + tf.TensorShape(size).as_list(), seed=self._seed_of(what, k), dtype=dtype
                    ),
                    size,
                    size,
                )

    def __call__(self, inputs, state, scope=None):
        """Runs one step of the cell inside, with dropout around it."""
        if self._keep["input"] != 1.0:
            inputs = self._drop("input", inputs, inputs)
        output, new_state = self.cell(inputs, state, scope=scope)
        if self._keep["state"] != 1.0:
            which = nest.get_traverse_shallow_structure(self._is_dropped, new_state)
            new_state = self._drop("state", new_state, which)
        if self._keep["output"] != 1.0:
            output = self._drop("output", output, output)
        return output, new_state

    def _drop(self, what, values, which):
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
        return _map_enumerated(drop, which, which, values, *noise)

    def _seed_of(self, what, k):
        """Returns the seed of the k-th mask of "input", "state" or "output", as in TF 1.15."""
        if self._seed is None:
            return None
        text = f"{self._seed}{what}_{k}"
        return int(hashlib.md5(text.encode("utf-8")).hexdigest()[:8], 16) & 0x7FFFFFFF


class ResidualWrapper(CellWrapper):
    """A cell whose inputs are added to its outputs.

    Args:
      cell: the cell inside.
      residual_fn: function (inputs, outputs) -> outputs; None adds them.
    """

    def __init__(self, cell, residual_fn=None, **kwargs):
        super().__init__(cell, **kwargs)
        self._residual_fn = residual_fn or _add_inputs

    def __call__(self, inputs, state, scope=None):
        """Runs one step of the cell inside and adds its inputs."""
        outputs, new_state = self.cell(inputs, state, scope=scope)
        return self._residual_fn(inputs, outputs), new_state


class DeviceWrapper(CellWrapper):
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


def _add_inputs(inputs, outputs):
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


def _map_enumerated(function, above, *structures):
    """Maps function(k, part of each structure ...) over the k-th parts of the structure `above`."""
    count = itertools.count()
    return nest.map_structure_up_to(above, lambda *parts: function(next(count), *parts), *structures)
