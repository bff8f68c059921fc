"""Runs many programs, each in a process of its own, for tests and for goldens.

Importing TensorFlow takes seconds, so it is imported once, and every program gets a child forked from
here, before any session is opened: graph, modules and sys.argv are its own. POSIX only; Python 2.7 (for
TensorFlow 0.12) and 3.

    python tests/support/corpus_children.py HOW < jobs > statuses

HOW is `runner`, through legacy_gan.porting.program.runner; `plain`, as `python PROGRAM` does; or a number, the seed: as
plain, but every float that NumPy draws is off by up to PERTURBATION, relative, at random.
`jobs` is a JSON list of [program, working directory]; a child's output comes to the files stdout and
stderr above its working directory. `statuses` is the JSON list of the exit statuses.
"""

import json
import os
import runpy
import signal
import sys
import traceback

AT_ONCE = 2
SECONDS = 200  # a child that takes longer hangs

# 16 units in the last place of a float32: what another order of a sum over hundreds of terms costs.
PERTURBATION = 1e-6
DRAWS = ("rand", "randn", "random_sample", "normal", "uniform", "standard_normal")


def _perturb(seed):
    """Makes NumPy's draws, by the global generator and by RandomState, off by a little."""
    import numpy as np

    uniform = np.random.RandomState(seed).uniform

    def off(function):
        def draw(*args, **named):
            values = function(*args, **named)
            moved = values * (1 + PERTURBATION * uniform(-1, 1, np.shape(values)))
            return float(moved) if isinstance(values, float) else moved

        return draw

    class RandomState(np.random.RandomState):
        def __getattribute__(self, name):
            found = super().__getattribute__(name)
            return off(found) if name in DRAWS else found

    for name in DRAWS:
        setattr(np.random, name, off(getattr(np.random, name)))
    np.random.RandomState = RandomState


def _plain(path):
    sys.argv[:] = [path]
    sys.path[0] = os.path.dirname(path)
    runpy.run_path(path, run_name="__main__")
    return 0


def _child(path, work, run):
    """Becomes a program; never returns."""
    status = 1
    try:
        signal.alarm(SECONDS)
        os.chdir(work)
        for stream, name in ((1, "stdout"), (2, "stderr")):
            opened = os.open(os.path.join("..", name), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
            os.dup2(opened, stream)
        try:
            status = run(path)
        except SystemExit as e:
            status = e.code if isinstance(e.code, int) else int(e.code is not None)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def main(how):
    jobs = json.load(sys.stdin)
    if how == "runner":
        from legacy_gan.porting.program.runner import run
    else:
        import tensorflow as tf

        tf.contrib.layers  # TF 1.15 loads it when it is used; it takes as long as the rest
        run = _plain
        if how != "plain":
            _perturb(int(how))

    statuses, running = [None] * len(jobs), {}
    for position, (path, work) in enumerate(jobs):
        pid = os.fork()
        if not pid:
            _child(path, work, run)
        running[pid] = position
        while len(running) >= AT_ONCE or (running and position == len(jobs) - 1):
            pid, status = os.wait()
            killed = os.WIFSIGNALED(status)
            statuses[running.pop(pid)] = -os.WTERMSIG(status) if killed else os.WEXITSTATUS(status)
    json.dump(statuses, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1])
