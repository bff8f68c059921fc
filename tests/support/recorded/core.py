"""Recorded scripts of the parts of tf.contrib that the core has too: signal, stateless, lookup, staging."""

import os
import tempfile

from legacy_gan.tf1 import tf
from tests.support.graphs import draw
from tests.support.recorded import Case

__all__ = ["lookup", "signal", "staging", "stateless"]


def signal(T):
    S = T.contrib.signal
    x = tf.get_variable("x", initializer=draw((2, 200), 1))
    spectrum = S.stft(x, 32, 16, window_fn=S.hamming_window, pad_end=True)
    mel = S.linear_to_mel_weight_matrix(8, 17, 8000, 80.0, 3000.0)
    log_mel = tf.log(tf.tensordot(tf.abs(spectrum), mel, 1) + 1e-3)
    back = S.inverse_stft(spectrum, 32, 16, window_fn=S.inverse_stft_window_fn(16))
    frames = S.frame(x, 7, 3, pad_end=True, pad_value=0.5)
    return Case(
        [tf.abs(spectrum), mel, S.mfccs_from_log_mel_spectrograms(log_mel), back, frames, S.overlap_and_add(frames, 3)],
        scale=0,
        gradients=False,
    )


def stateless(T):
    S, seed = T.contrib.stateless, tf.constant([3, 5], tf.int32)
    logits = tf.log([[0.1, 0.2, 0.7], [0.5, 0.25, 0.25]])
    return Case(
        [
            S.stateless_random_uniform([7], seed),
            S.stateless_random_normal([7], seed, 1.0, 2.0),
            S.stateless_truncated_normal([7], seed),
            S.stateless_multinomial(logits, 9, seed),
            S.stateless_random_uniform([7], seed, 2, 90, tf.int32),
        ]
    )


def lookup(T):
    L, words = T.contrib.lookup, tf.constant(["b", "z", "a", "d"])
    path = os.path.join(tempfile.mkdtemp(), "vocabulary.txt")
    with open(path, "w") as f:
        f.write("a\nb\nc\n")
    return Case(
        [
            L.index_table_from_file(path, num_oov_buckets=3).lookup(words),
            L.index_table_from_tensor(["a", "b"], 5, hasher_spec=L.StrongHashSpec((3, 4))).lookup(words),
            L.string_to_index(words, ["a", "b"]),
            tf.strings.length(L.index_to_string_table_from_file(path).lookup(tf.constant([0, 7], tf.int64))),
            L.HashTable(L.TextFileIdTableInitializer(path), -2).lookup(words),
        ]
    )


def staging(T):
    """A value is put before it is taken."""
    area = T.contrib.staging.StagingArea([tf.float32, tf.int64], shapes=[[3], []])
    put = area.put([tf.constant([1.0, 2, 3]), tf.constant(4, tf.int64)])
    with tf.control_dependencies([put]):
        size = tf.identity(area.size())
    with tf.control_dependencies([size]):
        return Case([size, area.get()])
