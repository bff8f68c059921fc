"""slim.queues: the queue runners of a graph while a `with` lasts."""

import contextlib
import threading

import tensorflow.compat.v1 as tf

__all__ = ["NestedQueueRunnerError", "QueueRunners"]

_running = threading.Lock()


class NestedQueueRunnerError(Exception):
    """QueueRunners inside of QueueRunners."""


@contextlib.contextmanager
def QueueRunners(session):
    """Starts the queue runners of the graph, and stops them at the end."""
    if not _running.acquire(False):
        raise NestedQueueRunnerError("QueueRunners: expected none inside of another one")
    coordinator = tf.train.Coordinator()
    threads = []
    for runner in tf.get_collection(tf.GraphKeys.QUEUE_RUNNERS):
        threads.extend(runner.create_threads(session, coord=coordinator, daemon=True, start=True))
    try:
        yield
    finally:
        coordinator.request_stop()
        try:
            coordinator.join(threads, stop_grace_period_secs=120)
        except RuntimeError:  # threads that wait for a queue end with the session
            session.close()
        _running.release()
