"""A process that carries commands out in children and kills them: python -m tests.support.killed JOBS.json

TensorFlow is imported once, here, and each child is a fork, so that a test can afford many deaths.
JOBS is a list of {"argv", "folder", "after", "at"}: the command and where it runs. The first is not
killed: the others' moments are shares of it, from 0 to 1. `after` kills the child so much later than its
first training steps (its losses.csv has changed its size). `at` makes it kill itself on entering that
one of its operations on files (open for writing, write of losses, fsync, rename, unlink, ...). Both
null: it runs to its end. Prints for each, as JSON, the exit status, negative for a signal, how many
operations there were, and the seconds from its first steps to its end.
"""

import builtins
import json
import math
import os
import signal
import sys
import time

from legacy_gan import cli
from legacy_gan.training import loop  # noqa: F401  TensorFlow, once

WATCHED = ["open", "fsync", "rename", "replace", "unlink", "mkdir", "rmdir", "chmod"]


def watch(at, counter):
    """Makes the n-th operation on files the process's last."""

    def watched(function, writes):
        def call(*args, **named):
            if writes(*args, **named):
                counter[0] += 1
                if counter[0] == at:
                    os.kill(os.getpid(), signal.SIGKILL)
            return function(*args, **named)

        return call

    for name in WATCHED[1:]:
        setattr(os, name, watched(getattr(os, name), lambda *args, **named: True))
    builtins.open = watched(open, lambda path, mode="r", *args, **named: mode[0] in "wa")


ENDED = os.WEXITED | os.WNOHANG | os.WNOWAIT


def size(path):
    return os.path.getsize(path) if os.path.exists(path) else None


def carry_out(job, operations, seconds):
    """Runs one job in a child, its moments being shares of those; returns (status, operations, seconds)."""
    losses = os.path.join(job["folder"], "runs", job["argv"][1], "losses.csv")
    before = size(losses)
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        status, counter = 1, [0]
        try:
            os.chdir(job["folder"])
            log = os.open("log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
            os.dup2(log, 1)
            os.dup2(log, 2)
            watch(None if job["at"] is None else math.ceil(job["at"] * operations), counter)
            status = cli.main(job["argv"])
            os.write(write, b"%d" % counter[0])
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)
    os.close(write)
    while size(losses) == before and os.waitid(os.P_PID, child, ENDED) is None:
        time.sleep(0.002)
    begin = time.perf_counter()
    if job["after"] is not None:
        time.sleep(job["after"] * seconds)
        os.kill(child, signal.SIGKILL)  # one that has ended is still there until it is waited for
    status = os.waitpid(child, 0)[1]
    with os.fdopen(read) as f:
        operations = f.read()
    status = -os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)
    return status, int(operations or 0), time.perf_counter() - begin


def main(path):
    with open(path) as f:
        jobs = json.load(f)
    whole = carry_out(jobs[0], 0, 0)
    print(json.dumps(whole), flush=True)
    for job in jobs[1:]:
        print(json.dumps(carry_out(job, *whole[1:])), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
