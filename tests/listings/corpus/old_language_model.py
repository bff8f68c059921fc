# A small language model in the manner of 0.x: tf.nn.rnn_cell, tf.nn.seq2seq
from __future__ import print_function
import numpy as np
import tensorflow as tf

text = "the quick brown fox jumps over the lazy dog and the dog sleeps "
chars = sorted(set(text))
ids = np.array([chars.index(c) for c in text], dtype=np.int32)

class PTBModel(object):
    """The model, as a class of properties."""

    def __init__(self, is_training, batch_size=3, num_steps=5, size=12, vocab_size=len(chars)):
        self.batch_size, self.num_steps = batch_size, num_steps
        self._input_data = tf.placeholder(tf.int32, [batch_size, num_steps])
        self._targets = tf.placeholder(tf.int32, [batch_size, num_steps])

        cells = []
        for _ in range(2):
            lstm_cell = tf.nn.rnn_cell.BasicLSTMCell(size, forget_bias=0.0, state_is_tuple=True)
            if is_training:
                lstm_cell = tf.nn.rnn_cell.DropoutWrapper(lstm_cell, output_keep_prob=1.0)
            cells.append(lstm_cell)
        cell = tf.nn.rnn_cell.MultiRNNCell(cells, state_is_tuple=True)
        self._initial_state = cell.zero_state(batch_size, tf.float32)

        embedding = tf.get_variable("embedding", [vocab_size, size])
        inputs = tf.nn.embedding_lookup(embedding, self._input_data)
        inputs = [tf.squeeze(input_, [1]) for input_ in tf.split(1, num_steps, inputs)]
        outputs, state = tf.nn.rnn(cell, inputs, initial_state=self._initial_state)

        output = tf.reshape(tf.concat(1, outputs), [-1, size])
        softmax_w = tf.get_variable("softmax_w", [size, vocab_size])
        softmax_b = tf.get_variable("softmax_b", [vocab_size])
        logits = tf.matmul(output, softmax_w) + softmax_b
        loss = tf.nn.seq2seq.sequence_loss_by_example(
            [logits], [tf.reshape(self._targets, [-1])], [tf.ones([batch_size * num_steps])])
        self._cost = cost = tf.reduce_sum(loss) / batch_size
        self._final_state = state

        if not is_training:
            return

        self._lr = tf.Variable(0.0, trainable=False)
        tvars = tf.trainable_variables()
        grads, _ = tf.clip_by_global_norm(tf.gradients(cost, tvars), 5)
        optimizer = tf.train.GradientDescentOptimizer(self._lr)
        self._train_op = optimizer.apply_gradients(zip(grads, tvars))

    def assign_lr(self, session, lr_value):
        session.run(tf.assign(self._lr, lr_value))

    @property
    def cost(self):
        return self._cost

def run_epoch(session, m, eval_op):
    costs, iters = 0.0, 0
    state = session.run(m._initial_state)
    for start in range(0, 45, m.num_steps):
        x = np.array([ids[start + k:start + k + m.num_steps] for k in range(m.batch_size)])
        y = np.array([ids[start + k + 1:start + k + 1 + m.num_steps] for k in range(m.batch_size)])
        feed = {m._input_data: x, m._targets: y}
        for (c, h), value in zip(m._initial_state, state):
            feed[c], feed[h] = value
        cost, state, _ = session.run([m.cost, m._final_state, eval_op], feed)
        costs += cost
        iters += m.num_steps
    return np.exp(costs / iters)

with tf.Graph().as_default(), tf.Session() as session:
    initializer = tf.random_uniform_initializer(-0.1, 0.1)
    with tf.variable_scope("model", reuse=None, initializer=initializer):
        m = PTBModel(is_training=True)
    with tf.variable_scope("model", reuse=True, initializer=initializer):
        mvalid = PTBModel(is_training=False)

    tf.initialize_all_variables().run()
    rng = np.random.RandomState(20)
    shapes = sorted((v.get_shape().as_list(), k) for k, v in enumerate(tf.trainable_variables()))
    for shape, k in shapes:
        session.run(tf.trainable_variables()[k].assign(rng.uniform(-0.3, 0.3, shape)))
    print(len(tf.trainable_variables()), [shape for shape, _ in shapes])
    for i in range(4):
        m.assign_lr(session, 1.0 * 0.5 ** max(i - 2, 0.0))
        print("Epoch: %d Train Perplexity: %.4f" % (i + 1, run_epoch(session, m, m._train_op)))
    print("Valid Perplexity: %.4f" % run_epoch(session, mvalid, tf.no_op()))
