"""tf.contrib.legacy_seq2seq (before TF 1.0: tf.nn.seq2seq) as TensorFlow 1.15 had it.

Everything here is unrolled: inputs, outputs and targets are lists with one tensor a time step.

Source: the interface and defaults of tf.contrib.legacy_seq2seq in TensorFlow 1.15.5.
"""

import copy

import tensorflow.compat.v1 as tf
from tensorflow.python.util import nest

from legacy_gan.tf1.contrib.rnn import EmbeddingWrapper, OutputProjectionWrapper
from legacy_gan.tf1.namespace import refusal
from legacy_gan.tf1.rnn import static_rnn
from legacy_gan.tf1.rnn_cell import _affine, _Linear, assert_like_rnncell

__all__ = [
    "attention_decoder",
    "basic_rnn_seq2seq",
    "embedding_attention_decoder",
    "embedding_attention_seq2seq",
    "embedding_rnn_decoder",
    "embedding_rnn_seq2seq",
    "embedding_tied_rnn_seq2seq",
    "model_with_buckets",
    "one2many_rnn_seq2seq",
    "rnn_decoder",
    "sequence_loss",
    "sequence_loss_by_example",
    "tied_rnn_seq2seq",
]


__getattr__ = refusal("tf.contrib.legacy_seq2seq", __all__)


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


def basic_rnn_seq2seq(encoder_inputs, decoder_inputs, cell, dtype=tf.float32, scope=None):
    """An encoder whose last state starts a decoder with weights of its own.

    Args:
      encoder_inputs, decoder_inputs: lists of float [batch, n].
      cell: the decoder's; the encoder's is a copy.
      dtype: of the encoder's zero state.
    Returns:
      (outputs, a list of [batch, output_size], the decoder's last state). Variables:
      `basic_rnn_seq2seq/rnn/...` and `basic_rnn_seq2seq/rnn_decoder/...`.
    """
    with tf.variable_scope(scope or "basic_rnn_seq2seq"):
        _, state = static_rnn(copy.deepcopy(cell), encoder_inputs, dtype=dtype)
        return rnn_decoder(decoder_inputs, state, cell)


def tied_rnn_seq2seq(encoder_inputs, decoder_inputs, cell, loop_function=None, dtype=tf.float32, scope=None):
    """basic_rnn_seq2seq whose encoder and decoder are one cell with one set of weights.

    Returns:
      (outputs, state) as rnn_decoder. Variables: `combined_tied_rnn_seq2seq/tied_rnn_seq2seq/...`.
    """
    with tf.variable_scope("combined_tied_rnn_seq2seq"):
        scope = scope or "tied_rnn_seq2seq"
        _, state = static_rnn(cell, encoder_inputs, dtype=dtype, scope=scope)
        tf.get_variable_scope().reuse_variables()
        return rnn_decoder(decoder_inputs, state, cell, loop_function=loop_function, scope=scope)


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
            _embedded(embedding, decoder_inputs),
            initial_state,
            cell,
            _feeding(embedding, output_projection, update_embedding_for_previous, feed_previous),
        )


def embedding_rnn_seq2seq(
    encoder_inputs,
    decoder_inputs,
    cell,
    num_encoder_symbols,
    num_decoder_symbols,
    embedding_size,
    output_projection=None,
    feed_previous=False,
    dtype=None,
    scope=None,
):
    """basic_rnn_seq2seq on integers, with an embedding for each side.

    Args:
      encoder_inputs, decoder_inputs: lists of int [batch].
      output_projection, feed_previous: as for embedding_rnn_decoder; without a projection the
        outputs are logits [batch, num_decoder_symbols]. feed_previous may be a bool tensor.
    Returns:
      (outputs, the decoder's last state).
    """
    with tf.variable_scope(scope or "embedding_rnn_seq2seq") as scope:
        if dtype is not None:
            scope.set_dtype(dtype)
        encoder = EmbeddingWrapper(copy.deepcopy(cell), num_encoder_symbols, embedding_size)
        _, state = static_rnn(encoder, encoder_inputs, dtype=scope.dtype)
        if output_projection is None:
            cell = OutputProjectionWrapper(cell, num_decoder_symbols)

        def decoder(feed_previous, update=True):
            return embedding_rnn_decoder(
                decoder_inputs,
                state,
                cell,
                num_decoder_symbols,
                embedding_size,
                output_projection,
                feed_previous,
                update,
            )

        return _either(feed_previous, decoder, update=False)


def embedding_tied_rnn_seq2seq(
    encoder_inputs,
    decoder_inputs,
    cell,
    num_symbols,
    embedding_size,
    num_decoder_symbols=None,
    output_projection=None,
    feed_previous=False,
    dtype=None,
    scope=None,
):
    """embedding_rnn_seq2seq with one embedding and one cell for both sides.

    Args:
      num_symbols: int, how many integers there are; num_decoder_symbols: int, how many of them
        the decoder's logits have, None for all.
    Returns:
      (outputs, the decoder's last state).
    """
    with tf.variable_scope(scope or "embedding_tied_rnn_seq2seq", dtype=dtype) as scope:
        dtype = scope.dtype
        _check_projection(output_projection, num_symbols, dtype)
        embedding = tf.get_variable("embedding", [num_symbols, embedding_size], dtype=dtype)
        encoder_inputs = _embedded(embedding, encoder_inputs)
        decoder_inputs = _embedded(embedding, decoder_inputs)
        if output_projection is None:
            cell = OutputProjectionWrapper(cell, num_symbols if num_decoder_symbols is None else num_decoder_symbols)

        def decoder(feed_previous, update=True):
            return tied_rnn_seq2seq(
                encoder_inputs,
                decoder_inputs,
                cell,
                _feeding(embedding, output_projection, update, feed_previous),
                dtype,
            )

        return _either(feed_previous, decoder, update=False)


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
                    compared = tf.reshape(_Linear(query, size, True)(query), [-1, 1, 1, size])
                    compared = tf.tanh(features[head] + tf.cast(compared, dtype))
                    shares = tf.nn.softmax(tf.reduce_sum(scales[head] * compared, [2, 3]))
                    attention = tf.reduce_sum(tf.reshape(shares, [-1, length, 1, 1]) * places, [1, 2])
                    attentions.append(tf.reshape(attention, [-1, size]))
            return attentions

        def linear(parts, size):
            parts = [tf.cast(part, dtype) for part in parts]
            return _Linear(parts, size, True)(parts)

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
            _embedded(embedding, decoder_inputs),
            initial_state,
            attention_states,
            cell,
            output_size,
            num_heads,
            _feeding(embedding, output_projection, update_embedding_for_previous, feed_previous),
            initial_state_attention=initial_state_attention,
        )


def embedding_attention_seq2seq(
    encoder_inputs,
    decoder_inputs,
    cell,
    num_encoder_symbols,
    num_decoder_symbols,
    embedding_size,
    num_heads=1,
    output_projection=None,
    feed_previous=False,
    dtype=None,
    scope=None,
    initial_state_attention=False,
):
    """embedding_rnn_seq2seq whose decoder attends to the encoder's outputs.

    Args: those of embedding_rnn_seq2seq and of attention_decoder.
    Returns:
      (outputs, the decoder's last state).
    """
    with tf.variable_scope(scope or "embedding_attention_seq2seq", dtype=dtype) as scope:
        encoder = EmbeddingWrapper(copy.deepcopy(cell), num_encoder_symbols, embedding_size)
        encoded, state = static_rnn(encoder, encoder_inputs, dtype=scope.dtype)
        attention_states = tf.concat([tf.reshape(output, [-1, 1, cell.output_size]) for output in encoded], 1)
        output_size = None
        if output_projection is None:
            cell = OutputProjectionWrapper(cell, num_decoder_symbols)
            output_size = num_decoder_symbols

        def decoder(feed_previous, update=True):
            return embedding_attention_decoder(
                decoder_inputs,
                state,
                attention_states,
                cell,
                num_decoder_symbols,
                embedding_size,
                num_heads,
                output_size,
                output_projection,
                feed_previous,
                update,
                initial_state_attention=initial_state_attention,
            )

        return _either(feed_previous, decoder, update=False)


def one2many_rnn_seq2seq(
    encoder_inputs,
    decoder_inputs_dict,
    enc_cell,
    dec_cells_dict,
    num_encoder_symbols,
    num_decoder_symbols_dict,
    embedding_size,
    feed_previous=False,
    dtype=None,
    scope=None,
):
    """embedding_rnn_seq2seq with several decoders.

    Args:
      decoder_inputs_dict, dec_cells_dict, num_decoder_symbols_dict: what embedding_rnn_seq2seq
        has once, by the decoders' names.
    Returns:
      (outputs, last states), each a dict by the decoders' names.
    Raises:
      ValueError: if the dicts' names differ.
    """
    assert_like_rnncell("enc_cell", enc_cell)
    if set(dec_cells_dict) != set(decoder_inputs_dict):
        raise ValueError(
            "one2many_rnn_seq2seq: dec_cells_dict must have the names of "
            f"decoder_inputs_dict, got {sorted(dec_cells_dict)} and {sorted(decoder_inputs_dict)}"
        )
    outputs, states = {}, {}
    with tf.variable_scope(scope or "one2many_rnn_seq2seq", dtype=dtype) as scope:
        encoder = EmbeddingWrapper(enc_cell, num_encoder_symbols, embedding_size)
        _, state = static_rnn(encoder, encoder_inputs, dtype=scope.dtype)
        for name, decoder_inputs in decoder_inputs_dict.items():
            symbols = num_decoder_symbols_dict[name]
            with tf.variable_scope(f"one2many_decoder_{name!s}"):
                cell = OutputProjectionWrapper(dec_cells_dict[name], symbols)

                def decoder(feed_previous, update=True):
                    return embedding_rnn_decoder(
                        decoder_inputs,
                        state,
                        cell,
                        symbols,
                        embedding_size,
                        feed_previous=feed_previous,
                        update_embedding_for_previous=update,
                    )

                outputs[name], states[name] = _either(feed_previous, decoder, update=True)
    return outputs, states


def sequence_loss_by_example(
    logits, targets, weights, average_across_timesteps=True, softmax_loss_function=None, name=None
):
    """Cross-entropy of each example over its time steps.

        loss = sum over time of weights * -log softmax(logits)[targets]  [/ sum of weights]

    Args:
      logits: list of float [batch, symbols].
      targets: list of int [batch], as long.
      weights: list of float [batch], as long.
      average_across_timesteps: bool, whether to divide by the sum of weights.
      softmax_loss_function: function (labels=..., logits=...) -> [batch]; None is the softmax's.
    Returns:
      float [batch], in nats.
    Raises:
      ValueError: if the lists' lengths differ.
    """
    if not len(logits) == len(targets) == len(weights):
        raise ValueError(
            "sequence_loss: logits, targets and weights must be lists of one length, got "
            f"{len(logits)}, {len(targets)} and {len(weights)}"
        )
    with tf.name_scope(name, "sequence_loss_by_example", logits + targets + weights):
        losses = []
        for logit, target, weight in zip(logits, targets, weights):
            if softmax_loss_function is None:
                loss = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=tf.reshape(target, [-1]), logits=logit)
            else:
                loss = softmax_loss_function(labels=target, logits=logit)
            losses.append(loss * weight)
        loss = tf.add_n(losses)
        if average_across_timesteps:
            loss /= tf.add_n(weights) + 1e-12  # all weights may be 0
    return loss


def sequence_loss(
    logits,
    targets,
    weights,
    average_across_timesteps=True,
    average_across_batch=True,
    softmax_loss_function=None,
    name=None,
):
    """The sum of sequence_loss_by_example, by default divided by the batch size; a scalar."""
    with tf.name_scope(name, "sequence_loss", logits + targets + weights):
        loss = tf.reduce_sum(
            sequence_loss_by_example(logits, targets, weights, average_across_timesteps, softmax_loss_function)
        )
        if average_across_batch:
            loss /= tf.cast(tf.shape(targets[0])[0], loss.dtype)
    return loss


def model_with_buckets(
    encoder_inputs,
    decoder_inputs,
    targets,
    weights,
    buckets,
    seq2seq,
    softmax_loss_function=None,
    per_example_loss=False,
    name=None,
):
    """One model at several lengths, with shared weights.

    Args:
      encoder_inputs, decoder_inputs, targets, weights: lists as long as the last bucket, or longer.
      buckets: list of (encoder length, decoder length), shortest first.
      seq2seq: function (encoder_inputs, decoder_inputs) -> (outputs, state).
      per_example_loss: bool; True has sequence_loss_by_example, False sequence_loss.
    Returns:
      (outputs, losses), lists with an entry a bucket.
    Raises:
      ValueError: if a list is shorter than the last bucket.
    """
    for what, given, needed in (
        ("encoder_inputs", encoder_inputs, buckets[-1][0]),
        ("targets", targets, buckets[-1][1]),
        ("weights", weights, buckets[-1][1]),
    ):
        if len(given) < needed:
            raise ValueError(
                f"model_with_buckets: {what} must have the last bucket's length {needed}, got {len(given)}"
            )
    loss = sequence_loss_by_example if per_example_loss else sequence_loss
    outputs, losses = [], []
    with tf.name_scope(name, "model_with_buckets", encoder_inputs + decoder_inputs + targets + weights):
        for k, (encoder_length, length) in enumerate(buckets):
            with tf.variable_scope(tf.get_variable_scope(), reuse=True if k > 0 else None):
                outputs.append(seq2seq(encoder_inputs[:encoder_length], decoder_inputs[:length])[0])
                losses.append(
                    loss(outputs[-1], targets[:length], weights[:length], softmax_loss_function=softmax_loss_function)
                )
    return outputs, losses


def _extract_argmax_and_embed(embedding, output_projection=None, update_embedding=True):
    """Returns the loop_function that embeds the likeliest symbol of the output before."""

    def loop_function(output, _):
        if output_projection is not None:
            output = _affine([output], *output_projection)
        embedded = tf.nn.embedding_lookup(embedding, tf.argmax(output, 1))
        return embedded if update_embedding else tf.stop_gradient(embedded)

    return loop_function


def _feeding(embedding, output_projection, update_embedding, feed_previous):
    if not feed_previous:
        return None
    return _extract_argmax_and_embed(embedding, output_projection, update_embedding)


def _embedded(embedding, symbols):
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


def _either(feed_previous, decoder, update):
    """Returns decoder(feed_previous) of a bool, or a tf.cond of both where it is a tensor.

    Args:
      decoder: function (feed_previous, update) -> (list of outputs, state).
      update: bool, what `update` is where feed_previous is a tensor.
    """
    if isinstance(feed_previous, bool):
        return decoder(feed_previous)
    structure = []

    def branch(feed):
        with tf.variable_scope(tf.get_variable_scope(), reuse=None if feed else True):
            outputs, state = decoder(feed, update)
        structure[:] = [state]
        return outputs + nest.flatten(state)

    flat = tf.cond(feed_previous, lambda: branch(True), lambda: branch(False))
    count = len(flat) - len(nest.flatten(structure[0]))
    return flat[:count], nest.pack_sequence_as(structure[0], flat[count:])
