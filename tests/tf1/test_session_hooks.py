"""legacy_gan.tf1.session_hooks: a monitored session runs what TensorFlow 1.15's ran."""

from legacy_gan.tf1 import tf


def test_a_step_that_saves_nothing_is_one_run(tmp_path):
    runs = []
    with tf.Graph().as_default():
        tf.get_variable_scope().set_use_resource(True)  # read before a step changes it
        step = tf.train.get_or_create_global_step()
        train = tf.assign_add(step, 1)
        hook = tf.train.CheckpointSaverHook(str(tmp_path), save_steps=4)
        with tf.train.MonitoredSession(tf.train.ChiefSessionCreator(), [hook]) as session:
            inner = session._tf_sess()
            run = inner.run
            inner.run = lambda *args, **named: runs.append(args) or run(*args, **named)
            for _ in range(3):
                session.run(train)
            assert len(runs) == 3
            session.run(train)
            assert len(runs) > 4 and tf.train.latest_checkpoint(str(tmp_path)).endswith("-4")
