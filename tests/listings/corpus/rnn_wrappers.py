# Time series: static networks of tf.nn, wrappers of tf.contrib.rnn, a state carried by hand
from __future__ import print_function, division
import numpy as np
import tensorflow as tf

num_epochs, total_series_length, truncated_backprop_length = 3, 240, 6
state_size, num_classes, echo_step, batch_size = 5, 2, 2, 5
num_batches = total_series_length // batch_size // truncated_backprop_length
rng = np.random.RandomState(55)


def generateData():
    x = np.array(rng.randint(0, 2, total_series_length))
    y = np.roll(x, echo_step)
    y[0:echo_step] = 0
    return x.reshape((batch_size, -1)), y.reshape((batch_size, -1))

batchX_placeholder = tf.placeholder(tf.float32, [batch_size, truncated_backprop_length])
batchY_placeholder = tf.placeholder(tf.int32, [batch_size, truncated_backprop_length])
cell_state = tf.placeholder(tf.float32, [batch_size, state_size])
hidden_state = tf.placeholder(tf.float32, [batch_size, state_size])
init_state = tf.nn.rnn_cell.LSTMStateTuple(cell_state, hidden_state)

W2 = tf.Variable(rng.rand(state_size, num_classes), dtype=tf.float32)
b2 = tf.Variable(np.zeros((1, num_classes)), dtype=tf.float32)

# Unpack columns
inputs_series = tf.split(batchX_placeholder, truncated_backprop_length, axis=1)
labels_series = tf.unstack(batchY_placeholder, axis=1)

# Forward passes
cell = tf.nn.rnn_cell.BasicLSTMCell(state_size, state_is_tuple=True)
states_series, current_state = tf.nn.static_rnn(cell, inputs_series, init_state)

logits_series = [tf.matmul(state, W2) + b2 for state in states_series]
predictions_series = [tf.nn.softmax(logits) for logits in logits_series]
losses = [tf.nn.sparse_softmax_cross_entropy_with_logits(logits=logits, labels=labels)
          for logits, labels in zip(logits_series, labels_series)]
total_loss = tf.reduce_mean(losses)
train_step = tf.train.AdagradOptimizer(0.3).minimize(total_loss)

# Other networks on the same series
with tf.variable_scope('both'):
    out, fw, bw = tf.nn.static_bidirectional_rnn(
        tf.nn.rnn_cell.BasicRNNCell(3), tf.contrib.rnn.BasicRNNCell(4, activation=tf.nn.relu),
        inputs_series, dtype=tf.float32)
with tf.variable_scope('wrapped'):
    wrapped = tf.contrib.rnn.OutputProjectionWrapper(
        tf.contrib.rnn.BasicRNNCell(num_units=7, activation=tf.nn.relu), output_size=1)
    projected, _ = tf.nn.dynamic_rnn(wrapped, tf.expand_dims(batchX_placeholder, 2), dtype=tf.float32)
with tf.variable_scope('deep'):
    deep = tf.contrib.rnn.MultiRNNCell([
        tf.contrib.rnn.GRUCell(4),
        tf.contrib.rnn.ResidualWrapper(tf.contrib.rnn.GRUCell(4)),
        tf.contrib.rnn.LayerNormBasicLSTMCell(4)])
    embedded = tf.contrib.rnn.EmbeddingWrapper(deep, embedding_classes=2, embedding_size=3)
    last, _ = tf.contrib.rnn.static_rnn(embedded, [tf.cast(x, tf.int32) for x in inputs_series],
                                        dtype=tf.float32)

with tf.Session() as sess:
    sess.run(tf.initialize_all_variables())
    for v in tf.trainable_variables()[2:]:
        print(v.op.name, v.get_shape().as_list())
        v.load(rng.uniform(-0.5, 0.5, v.get_shape().as_list()), sess)

    for epoch_idx in range(num_epochs):
        x, y = generateData()
        _current_cell_state = np.zeros((batch_size, state_size))
        _current_hidden_state = np.zeros((batch_size, state_size))
        for batch_idx in range(num_batches):
            start_idx = batch_idx * truncated_backprop_length
            end_idx = start_idx + truncated_backprop_length
            _total_loss, _train_step, _current_state = sess.run(
                [total_loss, train_step, current_state],
                feed_dict={
                    batchX_placeholder: x[:, start_idx:end_idx],
                    batchY_placeholder: y[:, start_idx:end_idx],
                    cell_state: _current_cell_state,
                    hidden_state: _current_hidden_state
                })
            _current_cell_state, _current_hidden_state = _current_state
        print("epoch", epoch_idx, "Loss", "%.5f" % _total_loss, "state %.5f" % _current_state.h.mean())

    feed = {batchX_placeholder: x[:, :truncated_backprop_length]}
    print("%.5f %.5f %.5f" % tuple(np.sum(v) for v in sess.run([out[-1], fw, bw], feed)))
    print(sess.run(projected, feed)[0].ravel())
    print(sess.run(last[-1], feed)[0])
