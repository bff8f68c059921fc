# Numbers back to front: encoder, attention, tf.contrib.seq2seq decoders
import numpy as np
import tensorflow as tf
from tensorflow.contrib import seq2seq
from tensorflow.python.layers.core import Dense

PAD, GO, EOS, VOCAB = 0, 1, 2, 8
batch, length, units = 6, 5, 12
rng = np.random.RandomState(65)

source = tf.placeholder(tf.int32, [None, None], name='source')
source_length = tf.placeholder(tf.int32, [None])
target = tf.placeholder(tf.int32, [None, None], name='target')
target_length = tf.placeholder(tf.int32, [None])

embeddings = tf.get_variable('embeddings', [VOCAB, 7])
encoder_cell = tf.contrib.rnn.GRUCell(units)
encoder_outputs, encoder_state = tf.nn.dynamic_rnn(
    encoder_cell, tf.nn.embedding_lookup(embeddings, source), sequence_length=source_length, dtype=tf.float32)

go = tf.fill([tf.shape(target)[0], 1], GO)
decoder_input = tf.concat([go, tf.strided_slice(target, [0, 0], [batch, -1], [1, 1])], 1)

output_layer = Dense(VOCAB, kernel_initializer=tf.truncated_normal_initializer(mean=0.0, stddev=0.1), name='out')
attention = seq2seq.BahdanauAttention(num_units=units, memory=encoder_outputs,
                                      memory_sequence_length=source_length)
cell = seq2seq.AttentionWrapper(tf.contrib.rnn.GRUCell(units), attention, attention_layer_size=9)
initial_state = cell.zero_state(batch, tf.float32).clone(cell_state=encoder_state)

with tf.variable_scope('decode'):
    helper = seq2seq.TrainingHelper(tf.nn.embedding_lookup(embeddings, decoder_input), target_length)
    decoder = seq2seq.BasicDecoder(cell, helper, initial_state, output_layer)
    outputs, _, _ = seq2seq.dynamic_decode(decoder, impute_finished=True)
with tf.variable_scope('decode', reuse=True):
    helper = seq2seq.GreedyEmbeddingHelper(embeddings, tf.fill([batch], GO), EOS)
    decoder = seq2seq.BasicDecoder(cell, helper, initial_state, output_layer)
    inferred, _, lengths = seq2seq.dynamic_decode(decoder, maximum_iterations=length + 2)

logits = tf.identity(outputs.rnn_output, 'logits')
masks = tf.sequence_mask(target_length, dtype=tf.float32, name='masks')
cost = seq2seq.sequence_loss(logits, target, masks)
optimizer = tf.train.AdamOptimizer(0.02)
gradients = optimizer.compute_gradients(cost)
capped_gradients = [(tf.clip_by_value(grad, -5., 5.), var) for grad, var in gradients if grad is not None]
train_op = optimizer.apply_gradients(capped_gradients)

sess = tf.Session()
sess.run(tf.global_variables_initializer())
for v in tf.trainable_variables():
    print(v.op.name)
    sess.run(v.assign(rng.uniform(-0.4, 0.4, v.get_shape().as_list())))
for step in range(9):
    lengths_ = rng.randint(2, length, batch)
    lengths_[0] = length - 1
    x = np.zeros([batch, length - 1], int)
    y = np.zeros([batch, length], int)
    for row, n in enumerate(lengths_):
        x[row, :n] = rng.randint(3, VOCAB, n)
        y[row, :n], y[row, n] = x[row, :n][::-1], EOS
    feed = {source: x, source_length: lengths_, target: y, target_length: lengths_ + 1}
    _, loss = sess.run([train_op, cost], feed)
    if step % 4 == 0:
        print('step %d loss %.5f' % (step, loss))
print(sess.run(logits, feed).shape, '%.5f' % np.abs(sess.run(logits, feed)).sum())
print(sess.run(inferred.sample_id, feed).shape[0], sess.run(lengths, feed).max())
