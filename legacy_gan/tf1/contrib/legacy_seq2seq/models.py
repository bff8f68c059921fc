"""tf.contrib.legacy_seq2seq's models: an encoder whose last state starts a decoder."""

import copy

import tensorflow.compat.v1 as tf
from tensorflow.python.util import nest

from legacy_gan.tf1.contrib.legacy_seq2seq.decoders import (
    _check_projection,
    _embed,
    _loop_function,
    embedding_attention_decoder,
    embedding_rnn_decoder,
    rnn_decoder,
)
from legacy_gan.tf1.contrib.rnn import EmbeddingWrapper, OutputProjectionWrapper
from legacy_gan.tf1.rnn import static_rnn
from legacy_gan.tf1.rnn_cell.base import assert_like_rnncell


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

        return _feed_either(feed_previous, decoder, update=False)


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
        encoder_inputs = _embed(embedding, encoder_inputs)
        decoder_inputs = _embed(embedding, decoder_inputs)
        if output_projection is None:
            cell = OutputProjectionWrapper(cell, num_symbols if num_decoder_symbols is None else num_decoder_symbols)

        def decoder(feed_previous, update=True):
            return tied_rnn_seq2seq(
                encoder_inputs,
                decoder_inputs,
                cell,
                _loop_function(embedding, output_projection, update, feed_previous),
                dtype,
            )

        return _feed_either(feed_previous, decoder, update=False)


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

        return _feed_either(feed_previous, decoder, update=False)


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

        def decode(name, decoder_inputs):
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

                return _feed_either(feed_previous, decoder, update=True)

        for name, decoder_inputs in decoder_inputs_dict.items():
            outputs[name], states[name] = decode(name, decoder_inputs)
    return outputs, states


def _feed_either(feed_previous, decoder, update):
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
