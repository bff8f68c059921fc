"""tf.contrib.legacy_seq2seq's decoders: a cell along a list of inputs, with embedding and attention."""

import tensorflow.compat.v1 as tf
from tensorflow.python.util import nest

from legacy_gan.tf1.rnn_cell.linear import Linear, affine


def rnn_decoder(decoder_inputs, initial_state, cell, loop_function=None, scope=None):
    """A cell along a list of inputs, or along its own outputs.

    Args:
      decoder_inputs: list of float [batch, n].
      initial_state: the cell's state before the first step.
      loop_function: function (output before, k) -> input k, which replaces every input but the
        first; None reads decoder_inputs.
      scope: the variable scope, `rnn_decoder` without one.
    Returns:
      (outputs, a list of [batch, output_size], the state after the last step).
    """
    with tf.variable_scope(scope or "rnn_decoder"):
        state, outputs = initial_state, []
        for k, inputs in enumerate(decoder_inputs):
            if loop_function is not None and outputs:
                with tf.variable_scope("loop_function", reuse=True):
                    inputs = loop_function(outputs[-1], k)
            if k > 0:
                tf.get_variable_scope().reuse_variables()
            output, state = cell(inputs, state)
            outputs.append(output)
    return outputs, state


def embedding_rnn_decoder(
    decoder_inputs,
    initial_state,
    cell,
    num_symbols,
    embedding_size,
    output_projection=None,
    feed_previous=False,
    update_embedding_for_previous=True,
    scope=None,
):
    """rnn_decoder on integers, each looked up in an embedding.

    Args:
      decoder_inputs: list of int [batch].
      num_symbols: int, how many integers there are; embedding_size: int, each one's vector.
      output_projection: (weights [output_size, num_symbols], biases [num_symbols]) that make
        logits of an output where it is fed back; None takes the output itself.
      feed_previous: bool; True feeds the likeliest symbol of each output as the next input.
      update_embedding_for_previous: bool; False gives symbols that are fed back no gradient.
    Returns:
      (outputs, state) as rnn_decoder. Variables: `embedding_rnn_decoder/embedding`, and the
      cell's in `embedding_rnn_decoder/rnn_decoder/...`.
    """
    with tf.variable_scope(scope or "embedding_rnn_decoder") as scope:
        _check_projection(output_projection, num_symbols, scope.dtype)
        embedding = tf.get_variable("embedding", [num_symbols, embedding_size])
        return rnn_decoder(
            _embed(embedding, decoder_inputs),
            initial_state,
            cell,
            _loop_function(embedding, output_projection, update_embedding_for_previous, feed_previous),
        )


def attention_decoder(
    decoder_inputs,
    initial_state,
    attention_states,
    cell,
    output_size=None,
    num_heads=1,
    loop_function=None,
    dtype=None,
    scope=None,
    initial_state_attention=False,
):
    """rnn_decoder that looks up the encoder's outputs at every step.

        shares = softmax(V . tanh(W attention_states + U [new state]))
        attention = sum(shares * attention_states)
        new state = cell([input, attention before] @ kernel + bias, state)
        output = [cell's output, attention] @ kernel + bias

    Args:
      decoder_inputs: list of float [batch, n].
      attention_states: float [batch, length, size], size known.
      output_size: int; None is the cell's.
      num_heads: int, how many attentions there are.
      loop_function: as for rnn_decoder.
      initial_state_attention: bool; True attends by initial_state before the first step, False
        starts with zeros.
    Returns:
      (outputs, a list of [batch, output_size], the cell's last state).
    Raises:
      ValueError: for no inputs, no heads, or an unknown size.
    Source: Vinyals et al. 2015.
    """
    if not decoder_inputs:
        raise ValueError("attention_decoder: decoder_inputs must have at least one step, got none")
    if num_heads < 1:
        raise ValueError(
            f"attention_decoder: num_heads must be at least 1, got {num_heads}; rnn_decoder has no attention"
        )
    _, length, size = attention_states.shape.as_list()
    if size is None:
        raise ValueError(
            f"attention_decoder: the last size of attention_states must be known, got shape {attention_states.shape}"
        )
    output_size = cell.output_size if output_size is None else output_size
    with tf.variable_scope(scope or "attention_decoder", dtype=dtype) as scope:
        dtype = scope.dtype
        if length is None:
            length = tf.shape(attention_states)[1]
        places = tf.reshape(attention_states, [-1, length, 1, size])
        features, scales = [], []
        for head in range(num_heads):
            # W on every place is a convolution with a 1x1 kernel.
            weights = tf.get_variable(f"AttnW_{head}", [1, 1, size, size], dtype=dtype)
            features.append(tf.nn.conv2d(places, weights, [1, 1, 1, 1], "SAME"))
            scales.append(tf.get_variable(f"AttnV_{head}", [size], dtype=dtype))

        def attend(state):
            query = tf.concat(nest.flatten(state), 1)
            attentions = []
            for head in range(num_heads):
                with tf.variable_scope(f"Attention_{head}"):
                    compared = tf.reshape(Linear(query, size, True)(query), [-1, 1, 1, size])
                    compared = tf.tanh(features[head] + tf.cast(compared, dtype))
                    shares = tf.nn.softmax(tf.reduce_sum(scales[head] * compared, [2, 3]))
                    attention = tf.reduce_sum(tf.reshape(shares, [-1, length, 1, 1]) * places, [1, 2])
                    attentions.append(tf.reshape(attention, [-1, size]))
            return attentions

        def linear(parts, size):
            parts = [tf.cast(part, dtype) for part in parts]
            return Linear(parts, size, True)(parts)

        if initial_state_attention:
            attentions = attend(initial_state)
        else:
            zeros = tf.zeros(tf.stack([tf.shape(decoder_inputs[0])[0], size]), dtype)
            zeros.set_shape([None, size])
            attentions = [zeros] * num_heads
        state, outputs = initial_state, []
        for k, inputs in enumerate(decoder_inputs):
            if k > 0:
                tf.get_variable_scope().reuse_variables()
            if loop_function is not None and outputs:
                with tf.variable_scope("loop_function", reuse=True):
                    inputs = loop_function(outputs[-1], k)
            seen = linear([inputs] + attentions, inputs.shape.as_list()[1])
            output, state = cell(seen, state)
            reuse = True if k == 0 and initial_state_attention else None
            with tf.variable_scope(tf.get_variable_scope(), reuse=reuse):
                attentions = attend(state)
            with tf.variable_scope("AttnOutputProjection"):
                outputs.append(linear([output] + attentions, output_size))
    return outputs, state


def embedding_attention_decoder(
    decoder_inputs,
    initial_state,
    attention_states,
    cell,
    num_symbols,
    embedding_size,
    num_heads=1,
    output_size=None,
    output_projection=None,
    feed_previous=False,
    update_embedding_for_previous=True,
    dtype=None,
    scope=None,
    initial_state_attention=False,
):
    """attention_decoder on integers; the arguments are those of it and of embedding_rnn_decoder."""
    if output_size is None:
        output_size = cell.output_size
    with tf.variable_scope(scope or "embedding_attention_decoder", dtype=dtype) as scope:
        _check_projection(output_projection, num_symbols, scope.dtype)
        embedding = tf.get_variable("embedding", [num_symbols, embedding_size])
        return attention_decoder(
            _embed(embedding, decoder_inputs),
            initial_state,
            attention_states,
            cell,
            output_size,
            num_heads,
            _loop_function(embedding, output_projection, update_embedding_for_previous, feed_previous),
            initial_state_attention=initial_state_attention,
        )


def _extract_argmax_and_embed(embedding, output_projection=None, update_embedding=True):
    """Returns the loop_function that embeds the likeliest symbol of the output before."""

    def loop_function(output, _):
        if output_projection is not None:
            output = affine([output], *output_projection)
        embedded = tf.nn.embedding_lookup(embedding, tf.argmax(output, 1))
        return embedded if update_embedding else tf.stop_gradient(embedded)

    return loop_function


def _loop_function(embedding, output_projection, update_embedding, feed_previous):
    if not feed_previous:
        return None
    return _extract_argmax_and_embed(embedding, output_projection, update_embedding)


def _embed(embedding, symbols):
    return [tf.nn.embedding_lookup(embedding, symbol) for symbol in symbols]


def _check_projection(output_projection, num_symbols, dtype):
    if output_projection is None:
        return
    weights, biases = [tf.convert_to_tensor(part, dtype=dtype) for part in output_projection]
    for part, expected in ((weights, [None, num_symbols]), (biases, [num_symbols])):
        if not part.shape.is_compatible_with(expected):
            raise ValueError(
                f"output_projection must be weights [output_size, {num_symbols}] and biases [{num_symbols}], got "
                f"shapes {weights.shape} and {biases.shape}"
            )
