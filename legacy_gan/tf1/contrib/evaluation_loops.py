"""tf.contrib.training's loops: training and evaluation with hooks, and waiting for checkpoints.

Source: the interface of tf.contrib.training in TensorFlow 1.15.5.
"""

import tensorflow.compat.v1 as tf
from tensorflow.python.training import evaluation as _evaluation

__all__ = [
    "StopAfterNEvalsHook",
    "SummaryAtEndHook",
    "checkpoints_iterator",
    "evaluate_once",
    "evaluate_repeatedly",
    "get_or_create_eval_step",
    "train",
    "wait_for_new_checkpoint",
]

StopAfterNEvalsHook = _evaluation._StopAfterNEvalsHook
checkpoints_iterator = tf.train.checkpoints_iterator
evaluate_once = _evaluation._evaluate_once
get_or_create_eval_step = _evaluation._get_or_create_eval_step


def wait_for_new_checkpoint(checkpoint_dir, last_checkpoint=None, seconds_to_sleep=1, timeout=None):
    """Waits until the newest checkpoint of a folder is another one; returns its path, or None after the timeout (s)."""
    # tf.train's looks once a second.
    for found in tf.train.checkpoints_iterator(checkpoint_dir, timeout=timeout):
        if found != last_checkpoint:
            return found
    return None


class SummaryAtEndHook(tf.train.SessionRunHook):
    """Writes a summary when a session ends.

    Args:
      log_dir: str, the folder, or summary_writer: tf.summary.FileWriter.
      summary_op: None for all summaries of the graph.
      feed_dict: for the summary.
    """

    def __init__(self, log_dir=None, summary_writer=None, summary_op=None, feed_dict=None):
        if log_dir is None and summary_writer is None:
            raise ValueError("SummaryAtEndHook: give log_dir or summary_writer")
        self._log_dir, self._writer, self._feed_dict = log_dir, summary_writer, feed_dict
        self._given, self._summary_op = summary_op, summary_op

    def begin(self):
        """Makes the summary."""
        if self._given is None:
            self._summary_op = tf.summary.merge_all()
        self._global_step = tf.train.get_or_create_global_step()

    def after_create_session(self, session, coord):
        """Opens the writer."""
        if self._writer is None:
            self._writer = tf.summary.FileWriterCache.get(self._log_dir)

    def end(self, session):
        """Writes the summary."""
        if self._summary_op is not None:
            summary = session.run(self._summary_op, self._feed_dict)
            self._writer.add_summary(summary, tf.train.global_step(session, self._global_step))
        self._writer.flush()


def evaluate_repeatedly(
    checkpoint_dir,
    master="",
    scaffold=None,
    eval_ops=None,
    feed_dict=None,
    final_ops=None,
    final_ops_feed_dict=None,
    eval_interval_secs=60,
    hooks=None,
    config=None,
    max_number_of_evaluations=None,
    timeout=None,
    timeout_fn=None,
):
    """Evaluates each new checkpoint of a folder.

    Args:
      checkpoint_dir: str.
      eval_ops: operations to run until a hook stops them, as StopAfterNEvalsHook; None for none.
      final_ops: what is run at the end, with final_ops_feed_dict.
      eval_interval_secs: float, the least time between two evaluations' starts, s.
      max_number_of_evaluations: int, or None for no end.
      timeout, timeout_fn: as for checkpoints_iterator.
    Returns:
      The values of the last final_ops.
    """
    step = get_or_create_eval_step()
    hooks = list(hooks or [])
    if eval_ops is not None:
        update = tf.assign_add(step, 1)
        for hook in hooks:
            if isinstance(hook, StopAfterNEvalsHook):
                hook._set_evals_completed_tensor(update)
        if isinstance(eval_ops, dict):
            eval_ops["update_eval_step"] = update
        else:
            eval_ops = [*(eval_ops if isinstance(eval_ops, (tuple, list)) else [eval_ops]), update]
    last = tf.train.FinalOpsHook(final_ops, final_ops_feed_dict)
    found = checkpoints_iterator(checkpoint_dir, eval_interval_secs, timeout=timeout, timeout_fn=timeout_fn)
    for count, path in enumerate(found, 1):
        creator = tf.train.ChiefSessionCreator(
            scaffold=scaffold, checkpoint_filename_with_path=path, master=master, config=config
        )
        with tf.train.MonitoredSession(session_creator=creator, hooks=hooks + [last]) as session:
            while eval_ops is not None and not session.should_stop():
                session.run(eval_ops, feed_dict)
        if max_number_of_evaluations is not None and count >= max_number_of_evaluations:
            break
    return last.final_ops_values


def train(
    train_op,
    logdir,
    master="",
    is_chief=True,
    scaffold=None,
    hooks=None,
    chief_only_hooks=None,
    save_checkpoint_secs=600,
    save_summaries_steps=100,
    config=None,
    max_wait_secs=7200,
    run_metadata=None,
):
    """Runs a training operation until a hook stops it, in a tf.train.MonitoredTrainingSession; returns its last value.

    Args:
      train_op: as of tf.contrib.training.create_train_op.
      logdir: str, the folder of checkpoints and summaries; None for none, with both intervals None or 0.
      The rest: as tf.train.MonitoredTrainingSession's.
    """
    if logdir is None and is_chief and (save_summaries_steps or save_checkpoint_secs):
        raise ValueError("train: without a logdir, save_summaries_steps and save_checkpoint_secs must be None")
    with tf.train.MonitoredTrainingSession(
        master=master,
        is_chief=is_chief,
        checkpoint_dir=logdir,
        scaffold=scaffold,
        hooks=hooks,
        chief_only_hooks=chief_only_hooks,
        save_checkpoint_secs=save_checkpoint_secs,
        save_summaries_steps=save_summaries_steps,
        config=config,
        max_wait_secs=max_wait_secs,
    ) as session:
        loss = None
        while not session.should_stop():
            loss = session.run(train_op, run_metadata=run_metadata)
    return loss
