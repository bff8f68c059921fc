# Stacked cells: LSTM with peepholes and projection, dropout between the layers, GRU
import numpy as np
import tensorflow as tf

np.random.seed(21)
batch_size, n_steps, n_in = 5, 8, 6
n_layers = 2

x = tf.placeholder(tf.float32, [batch_size, n_steps, n_in])
keep_prob = tf.placeholder_with_default(1.0, [])


def lstm_cell():
    cell = tf.contrib.rnn.LSTMCell(10, use_peepholes=True, num_proj=7, cell_clip=3.0, forget_bias=0.5,
                                   initializer=tf.random_uniform_initializer(-0.1, 0.1),
                                   state_is_tuple=True)
    return tf.contrib.rnn.DropoutWrapper(cell, output_keep_prob=keep_prob)


with tf.variable_scope('stacked', initializer=tf.orthogonal_initializer()):
    stack = tf.contrib.rnn.MultiRNNCell([lstm_cell() for _ in range(n_layers)], state_is_tuple=True)
    initial_state = stack.zero_state(batch_size, tf.float32)
    outputs, final_state = tf.nn.dynamic_rnn(stack, x, initial_state=initial_state)

with tf.variable_scope('plain'):
    cells = [tf.nn.rnn_cell.BasicRNNCell(6), tf.nn.rnn_cell.GRUCell(9)]
    cells = [tf.nn.rnn_cell.DropoutWrapper(c, input_keep_prob=1.0, output_keep_prob=1.0) for c in cells]
    out2, state2 = tf.nn.dynamic_rnn(tf.nn.rnn_cell.MultiRNNCell(cells), tf.transpose(x, [1, 0, 2]),
                                     dtype=tf.float32, time_major=True)

# by hand, one step after another
with tf.variable_scope('byhand') as scope:
    cell = tf.nn.rnn_cell.LSTMCell(4)
    state = cell.zero_state(batch_size, tf.float32)
    for t in range(n_steps):
        if t > 0:
            tf.get_variable_scope().reuse_variables()
        out3, state = cell(x[:, t, :], state)

total = tf.reduce_mean(tf.square(outputs)) + tf.reduce_mean(out2) + tf.reduce_sum(state.h)
tvars = tf.trainable_variables()
grads, norm = tf.clip_by_global_norm(tf.gradients(total, tvars), 0.5)
optimizer = tf.train.AdagradOptimizer(0.1)
train_op = optimizer.apply_gradients(zip(grads, tvars))

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for v in tvars:
        print(v.op.name)
        v.load(np.random.normal(0, 0.5, v.get_shape().as_list()), sess)
    feed = {x: np.random.randn(batch_size, n_steps, n_in)}
    for i in range(4):
        value, size, _ = sess.run([total, norm, train_op], feed)
        print('%.6f %.6f' % (value, size))
    last = sess.run(final_state, feed)
    print(type(last[0]).__name__, last[0].c.shape, last[0].h.shape, '%.6f' % last[1].c.sum())
    print(sess.run(state2, feed)[1].sum(axis=1))
    print(stack.state_size, stack.output_size)
    dropped = sess.run(outputs, {x: feed[x], keep_prob: 0.5})
    print((dropped == 0).any())
