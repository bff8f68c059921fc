"""What benchmarks that train many runs share: one process a core, and a file with a JSON line a run."""

import json
import os
import queue
import threading


def read(results):
    """Returns the rows of a file, none where there is none: list of dict."""
    if not os.path.exists(results):
        return []
    with open(results) as f:
        return [json.loads(line) for line in f]


def spread(values):
    """Returns a value, or the mean of several with the least and the greatest (str)."""
    mean, least, most = (f"{value:.4g}" for value in (sum(values) / len(values), min(values), max(values)))
    return mean if len(values) == 1 else f"{mean} ({least} to {most})"


def on_every_core(jobs, work):
    """Calls work(job, core) for every job, one at a time on each core."""
    left = queue.Queue()
    for job in jobs:
        left.put(job)

    def on(core):
        while True:
            try:
                job = left.get_nowait()
            except queue.Empty:
                return
            work(job, core)

    workers = [threading.Thread(target=on, args=[core]) for core in sorted(os.sched_getaffinity(0))]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
