# MonitoredTrainingSession with hooks, metrics, local variables; import of compat.v1
import numpy as np
import tensorflow.compat.v1 as tf
tf.disable_v2_behavior()


class _LoggerHook(tf.train.SessionRunHook):
    """Prints the loss."""

    def __init__(self, loss):
        self.loss = loss

    def begin(self):
        self._step = -1

    def before_run(self, run_context):
        self._step += 1
        return tf.train.SessionRunArgs(self.loss)

    def after_run(self, run_context, run_values):
        if self._step % 3 == 0:
            print('step %d, loss = %.5f' % (self._step, run_values.results))


rng = np.random.RandomState(100)
data = rng.normal(size=[16, 4]).astype(np.float32)
target = (data.sum(1, keepdims=True) > 0).astype(np.float32)

with tf.Graph().as_default():
    global_step = tf.train.get_or_create_global_step()
    w = tf.get_variable('w', initializer=rng.normal(size=[4, 1]).astype(np.float32))
    b = tf.get_variable('b', [1], initializer=tf.zeros_initializer, regularizer=tf.nn.l2_loss)
    logits = tf.matmul(tf.constant(data), w) + b
    loss = tf.losses.sigmoid_cross_entropy(target, logits)
    tf.summary.scalar('loss', loss)
    train_op = tf.train.GradientDescentOptimizer(0.5).minimize(loss, global_step=global_step)
    _, update = tf.metrics.accuracy(target, tf.cast(logits > 0, tf.float32))

    with tf.train.MonitoredTrainingSession(
            checkpoint_dir='train_dir', save_summaries_steps=5, log_step_count_steps=None,
            hooks=[tf.train.StopAtStepHook(last_step=10), tf.train.NanTensorHook(loss), _LoggerHook(loss)]) as mon_sess:
        while not mon_sess.should_stop():
            mon_sess.run(train_op)

    with tf.Session() as sess:
        sess.run([tf.global_variables_initializer(), tf.local_variables_initializer()])
        tf.train.Saver().restore(sess, tf.train.latest_checkpoint('train_dir'))
        print(sess.run(global_step), '%.5f' % sess.run(loss), sess.run(update), sess.run(w).ravel())
    sv = tf.train.Supervisor(logdir='train_dir', summary_op=None, save_model_secs=0)
    with sv.managed_session() as sess:
        print('%.5f' % sess.run(loss), sv.should_stop())
