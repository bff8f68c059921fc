# tf.contrib.legacy_seq2seq: buckets of encoder and decoder inputs as lists
from __future__ import print_function
import numpy as np
import tensorflow as tf

seq_length, batch_size, vocab_size, embedding_dim, memory_dim = 4, 5, 7, 6, 9
rng = np.random.RandomState(75)

enc_inp = [tf.placeholder(tf.int32, shape=(None,), name="inp%i" % t) for t in range(seq_length)]
labels = [tf.placeholder(tf.int32, shape=(None,), name="labels%i" % t) for t in range(seq_length)]
weights = [tf.ones_like(labels_t, dtype=tf.float32) for labels_t in labels]

# Decoder input: prepend some "GO" token and drop the final token of the encoder input
dec_inp = ([tf.zeros_like(enc_inp[0], dtype=np.int32, name="GO")] + labels[:-1])

make_cell = lambda: tf.contrib.rnn.GRUCell(memory_dim)
with tf.variable_scope('plain'):
    dec_outputs, dec_memory = tf.contrib.legacy_seq2seq.embedding_rnn_seq2seq(
        enc_inp, dec_inp, make_cell(), vocab_size, vocab_size, embedding_dim)
with tf.variable_scope('plain', reuse=True):
    test_outputs, _ = tf.contrib.legacy_seq2seq.embedding_rnn_seq2seq(
        enc_inp, dec_inp, make_cell(), vocab_size, vocab_size, embedding_dim, feed_previous=True)
with tf.variable_scope('attentive'):
    att_outputs, _ = tf.contrib.legacy_seq2seq.embedding_attention_seq2seq(
        enc_inp, dec_inp, tf.contrib.rnn.BasicLSTMCell(memory_dim), vocab_size, vocab_size, embedding_dim)

loss = tf.contrib.legacy_seq2seq.sequence_loss(dec_outputs, labels, weights, vocab_size)
att_loss = tf.contrib.legacy_seq2seq.sequence_loss(att_outputs, labels, weights, vocab_size)
tf.summary.scalar("loss", loss)
train_op = tf.train.MomentumOptimizer(0.1, 0.9).minimize(loss + att_loss)

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for v in tf.trainable_variables():
        print(v.op.name)
        sess.run(v.assign(rng.normal(0, 0.3, v.get_shape().as_list())))
    for t in range(7):
        X = [rng.choice(vocab_size, size=(seq_length,), replace=False) for _ in range(batch_size)]
        Y = X[:]
        # Dimshuffle to seq_len * batch_size
        X = np.array(X).T
        Y = np.array(Y).T
        feed_dict = {enc_inp[t]: X[t] for t in range(seq_length)}
        feed_dict.update({labels[t]: Y[t] for t in range(seq_length)})
        _, loss_t, att_t = sess.run([train_op, loss, att_loss], feed_dict)
        if t % 3 == 0:
            print('%d %.5f %.5f' % (t, loss_t, att_t))
    print(np.array(sess.run(test_outputs, feed_dict)).sum(axis=(0, 2)))
