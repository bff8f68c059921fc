"""tf.contrib.rnn's stacks of bidirectional networks, and the swap of batch and time."""

import tensorflow.compat.v1 as tf

from legacy_gan.tf1.rnn import bidirectional_dynamic_rnn as _bidirectional_dynamic_rnn, static_bidirectional_rnn


def stack_bidirectional_dynamic_rnn(
    cells_fw,
    cells_bw,
    inputs,
    initial_states_fw=None,
    initial_states_bw=None,
    dtype=None,
    sequence_length=None,
    parallel_iterations=None,
    time_major=False,
    scope=None,
    swap_memory=False,
):
    """Layers of bidirectional_dynamic_rnn, each on both outputs of the one below, side by side.

    Args:
      cells_fw, cells_bw: lists of cells, one a layer.
      initial_states_fw, initial_states_bw: lists of states, one a layer, or None for zeros.
      inputs and the rest: as for tf.nn.bidirectional_dynamic_rnn.
    Returns:
      (outputs [batch, time, 2 sizes], forward states, backward states), states a tuple of layers.
    Raises:
      ValueError: for lists that are empty or of different lengths.
    """

    def layer(cell_fw, cell_bw, inputs, state_fw, state_bw, scope):
        outputs, states = _bidirectional_dynamic_rnn(
            cell_fw,
            cell_bw,
            inputs,
            sequence_length,
            state_fw,
            state_bw,
            dtype,
            parallel_iterations,
            swap_memory,
            time_major,
        )
        return (tf.concat(outputs, 2),) + tuple(states)

    return _stack_layers(layer, cells_fw, cells_bw, inputs, initial_states_fw, initial_states_bw, scope)


def stack_bidirectional_rnn(
    cells_fw,
    cells_bw,
    inputs,
    initial_states_fw=None,
    initial_states_bw=None,
    dtype=None,
    sequence_length=None,
    scope=None,
):
    """The same by static_bidirectional_rnn; inputs and outputs are lists of [batch, n]."""

    def layer(cell_fw, cell_bw, inputs, state_fw, state_bw, scope):
        return static_bidirectional_rnn(cell_fw, cell_bw, inputs, state_fw, state_bw, dtype, sequence_length, scope)

    return _stack_layers(layer, cells_fw, cells_bw, inputs, initial_states_fw, initial_states_bw, scope)


def _stack_layers(layer, cells_fw, cells_bw, inputs, states_fw, states_bw, scope):
    lists = [cells_fw, cells_bw] + [given for given in (states_fw, states_bw) if given is not None]
    if not cells_fw or any(not isinstance(given, list) or len(given) != len(cells_fw) for given in lists):
        raise ValueError(
            "stack_bidirectional: cells_fw, cells_bw and initial states, where given, must "
            f"be lists of one cell or state a layer, got {lists}"
        )
    states = []
    with tf.variable_scope(scope or "stack_bidirectional_rnn"):
        for k, cells in enumerate(zip(cells_fw, cells_bw)):
            starts = [given[k] if given else None for given in (states_fw, states_bw)]
            with tf.variable_scope(f"cell_{k}") as cell_scope:
                outputs = layer(cells[0], cells[1], inputs, starts[0], starts[1], cell_scope)
            inputs = outputs[0]
            states.append(outputs[1:])
    return (inputs,) + tuple(zip(*states))


def transpose_batch_time(x):
    """Makes [time, batch, ...] of [batch, time, ...], and back."""
    x = tf.convert_to_tensor(x)
    if x.shape.ndims is None:
        return x
    return tf.transpose(x, [1, 0] + list(range(2, x.shape.ndims)))


def best_effort_input_batch_size(flat_input):
    """Returns the first known batch size of inputs [time, batch, ...], an int, else that of the first, a tensor."""
    for each in flat_input:
        known = each.shape.as_list()[1] if each.shape.ndims and each.shape.ndims >= 2 else None
        if known is not None:
            return known
    return tf.shape(flat_input[0])[1]
