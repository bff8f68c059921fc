"""Translation: an encoder, a decoder with attention in tf.while_loop."""

import numpy as np
import tensorflow as tf
from tensorflow.contrib import seq2seq
from timing import Steps

rng = np.random.RandomState(1)
words, size, batch = 500, 64, 32
X, Y = tf.placeholder(tf.int32, [batch, 20]), tf.placeholder(tf.int32, [batch, 21])
lengths = tf.fill([batch], 20)
embedding = tf.get_variable("embedding", [words, size])
memory, state = tf.nn.dynamic_rnn(
    tf.nn.rnn_cell.GRUCell(size), tf.nn.embedding_lookup(embedding, X), lengths, dtype=tf.float32
)
attention = seq2seq.BahdanauAttention(size, memory, lengths)
cell = seq2seq.AttentionWrapper(tf.nn.rnn_cell.GRUCell(size), attention, size)
helper = seq2seq.TrainingHelper(tf.nn.embedding_lookup(embedding, Y[:, :-1]), lengths)
begin = cell.zero_state(batch, tf.float32).clone(cell_state=state)
decoder = seq2seq.BasicDecoder(cell, helper, begin, tf.layers.Dense(words))
outputs, _, _ = seq2seq.dynamic_decode(decoder)
loss = seq2seq.sequence_loss(outputs.rnn_output, Y[:, 1:], tf.ones([batch, 20]))
train = tf.train.AdamOptimizer(0.001).minimize(loss)
x, y = rng.randint(words, size=[batch, 20]), rng.randint(words, size=[batch, 21])
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    steps = Steps()
    while steps.more():
        sess.run([train, loss], {X: x, Y: y})
