"""Ends a program after some training steps, or some seconds, as sys.exit() would; if need be by force.

At the limit the program's main thread is interrupted by an exception, ProgramStop, and may close what it has open.
A Session.run that is under way ends at the deadline, in every thread. A program that then is still there after
GRACE seconds (one operation takes long, an `except:` goes on, a thread waits for ever) is ended with its process.
"""

import _thread
import atexit
import contextlib
import functools
import gc
import io
import multiprocessing
import os
import signal
import sys
import threading
import time
from typing import Any, Callable, Dict, Iterator, Optional

import tensorflow.compat.v1 as _v1
from tensorflow.python.client import session

__all__ = ["GRACE", "Limits", "ProgramStop"]

GRACE = 1.3  # seconds from the limit to the end by force


class ProgramStop(SystemExit):
    """A limit ended the program; 0 wherever it is caught."""

    def __init__(self) -> None:
        super().__init__(0)


_EXITS = (SystemExit, KeyboardInterrupt)


class Limits:
    """Ends the program after some training steps or seconds.

    A step is a Session.run that changes trainable variables, other than by initialising or restoring
    them.

    Args:
      steps: the program ends where it starts the step after so many; None for no limit.
      seconds: it ends so many after `start`; None for no limit.
      finish: called by another thread, before this process is ended, where the program does not end by itself; it
        saves what is to be kept, once. None leaves such a program, and the process, to itself.
    Attributes:
      reached: what ended the program: "5 training steps"; None before that.
    """

    def __init__(self, steps: Optional[int], seconds: Optional[float], finish: Optional[Callable[[], None]] = None):
        self._steps, self._seconds, self._finish = steps, seconds, finish
        self.reached: Optional[str] = None
        self._done = 0
        self._changes: Dict[Any, bool] = {}  # whether an operation changes trainable variables
        self._lock = threading.Lock()
        self._is_told = False  # whether the main thread has had its exception
        self._inside = 0  # how many runs the main thread is in
        self._is_over = False
        self._timer: Optional[threading.Timer] = None
        self._deadline: Optional[float] = None
        self._is_paused = False
        self._signal: Any = None  # how SIGALRM was handled before
        self._wrapped: Dict[str, Any] = {}

    def start(self) -> None:
        if self._steps is None and self._seconds is None:
            return
        if hasattr(signal, "pthread_kill"):
            self._signal = signal.signal(signal.SIGALRM, lambda number, frame: self._tell())
        if self._finish is not None:
            atexit.register(self._at_exit)  # before the program's: called after them
        self._wrap()
        if self._seconds is not None:
            self._set_timer(self._seconds)

    def _set_timer(self, seconds):
        self._deadline = time.monotonic() + seconds
        self._timer = threading.Timer(seconds, self._time_is_up)
        self._timer.daemon = True
        self._timer.start()

    @contextlib.contextmanager
    def paused(self) -> Iterator[None]:
        """The context of what is not the program's: its time does not count."""
        if self._timer is None or self._is_paused or self.reached or self._is_over or not _is_main_thread():
            yield
            return
        left = self._deadline - time.monotonic()
        self._timer.cancel()
        self._is_paused = True
        try:
            yield
        finally:
            self._is_paused = False
            if not self.reached and not self._is_over:
                self._set_timer(max(left, 0.0))

    def stop(self) -> None:
        """Ends the counting; what the program does from now on is not interrupted."""
        self._is_over = True
        if self._timer is not None:
            self._timer.cancel()
        if self.reached and self._finish is not None:
            return  # other threads may still train: they are ended with the process
        for name, function in self._wrapped.items():
            owner = session.BaseSession._Callable if name.startswith("__") else session.BaseSession
            setattr(owner, name, function)
        self._wrapped = {}
        if self._signal is not None:
            signal.signal(signal.SIGALRM, self._signal)
            self._signal = None

    def ended(self, error: BaseException) -> bool:
        """Whether an exception that ended the program comes from the limit."""
        seen = set()
        link: Optional[BaseException] = error
        while self.reached and link is not None and id(link) not in seen:
            seen.add(id(link))
            if isinstance(link, (*_EXITS, _v1.errors.CancelledError, _v1.errors.DeadlineExceededError)):
                return True
            link = link.__cause__ or link.__context__
        return False

    # What sessions are asked for

    def _wrap(self):
        base, one = session.BaseSession, session.BaseSession._Callable
        self._wrapped = {
            "run": base.run,
            "make_callable": base.make_callable,
            "__init__": one.__init__,
            "__call__": one.__call__,
        }
        run, make_callable, begin, call = self._wrapped.values()

        @functools.wraps(run)
        def limited_run(self_, fetches, feed_dict=None, options=None, run_metadata=None):
            with self._counted(self_.graph, fetches):
                return run(self_, fetches, feed_dict, self._until_deadline(options), run_metadata)

        @functools.wraps(make_callable)
        def limited_make_callable(self_, fetches, feed_list=None, accept_options=False):
            made = make_callable(self_, fetches, feed_list, accept_options)
            if feed_list is not None:  # it calls run
                return made

            def limited(*args, **named):
                with self._counted(self_.graph, fetches):
                    return made(*args, **named)

            return limited

        @functools.wraps(begin)
        def limited_begin(self_, owner, options):
            begin(self_, owner, options)
            self_.limited_to = list(options.fetch) + list(options.target)

        @functools.wraps(call)
        def limited_call(self_, *args, **named):
            with self._counted(self_._session.graph, getattr(self_, "limited_to", ())):
                return call(self_, *args, **named)

        base.run, base.make_callable, one.__init__, one.__call__ = (
            limited_run,
            limited_make_callable,
            limited_begin,
            limited_call,
        )

    @contextlib.contextmanager
    def _counted(self, graph, fetches):
        """The context of one run of a session."""
        self._before(graph, fetches)
        is_main = _is_main_thread()
        self._inside += is_main
        try:
            yield
        except _v1.errors.DeadlineExceededError:
            if self._is_late() and not is_main:
                self._after_limit()
                raise SystemExit(0) from None  # ends a thread without a word
            raise
        finally:
            self._inside -= is_main
            # What interrupts the main thread waits for TensorFlow's C++, which cannot bear an exception of ours.
            if is_main and (self.reached or self._is_late()):
                self._after_limit()

    def _before(self, graph, fetches):
        """Counts a training step; ends the program where it would be one too many."""
        if self._is_late():
            self._after_limit()
        if self._steps is not None and self._trains(graph, fetches):
            with self._lock:
                self._done += 1
                is_one_too_many = self._done > self._steps
            if is_one_too_many:
                self._reach(f"{self._steps} training steps")
                self._is_told = self._is_told or _is_main_thread()
                raise ProgramStop() if _is_main_thread() else SystemExit(0)

    def _is_late(self):
        return self._deadline is not None and not self._is_paused and time.monotonic() >= self._deadline

    def _until_deadline(self, options):
        """Returns the options of a run that ends at the deadline."""
        left = None if self._deadline is None else self._deadline - time.monotonic()
        if left is None or left <= 0:  # the program's last words
            return options
        limited = _v1.RunOptions()
        if options is not None:
            limited.CopyFrom(options)
        milliseconds = int(left * 1000) + 1
        if not 0 < limited.timeout_in_ms < milliseconds:
            limited.timeout_in_ms = milliseconds
        return limited

    def _time_is_up(self):
        if not self._is_paused:
            self._reach(f"{self._seconds:g} seconds")

    def _after_limit(self):
        """Ends the main thread, once: what ends the program may need the session for its last words."""
        if self._is_late():
            self._reach(f"{self._seconds:g} seconds")
        if _is_main_thread():
            self._tell()

    # The end

    def _reach(self, what):
        """Says that the limit is reached, and has the main thread told, once."""
        with self._lock:
            if self.reached or self._is_over:
                return
            self.reached = what
            sys.stderr.write(f"legacy-gan: ended after {what}, as requested\n")
            sys.stderr.flush()
        if self._finish is not None:
            threading.Thread(target=self._end_by_force, daemon=True).start()
        if not _is_main_thread():
            if self._signal is not None:
                signal.pthread_kill(threading.main_thread().ident, signal.SIGALRM)
            else:
                _thread.interrupt_main()

    def _tell(self):
        if not (self._is_told or self._is_over or self._inside):
            self._is_told = True
            raise ProgramStop()

    def _end_by_force(self):
        time.sleep(GRACE)
        try:
            self._finish()
            for child in multiprocessing.active_children():
                child.terminate()
        finally:
            _leave()

    def _at_exit(self):
        """Ends the process once the program's own last functions have run: what Python clears takes seconds."""
        with self._lock:  # the message is written
            if self.reached:
                _leave()

    def _trains(self, graph, fetches):
        """Whether what is fetched changes trainable variables."""
        if isinstance(fetches, dict):
            return any(self._trains(graph, fetch) for fetch in fetches.values())
        if isinstance(fetches, (list, tuple)):
            return any(self._trains(graph, fetch) for fetch in fetches)
        try:
            element = graph.as_graph_element(fetches)
        except (TypeError, ValueError, KeyError):
            return False  # a sparse tensor, or what the session itself refuses
        operation = getattr(element, "op", element)
        if operation not in self._changes:
            self._changes[operation] = _changes_weights(operation)
        return self._changes[operation]


def _leave():
    """Ends the process with 0 as it is, but for what its open files hold back."""
    try:
        for stream in gc.get_objects():
            if type(stream) in (io.TextIOWrapper, io.BufferedWriter, io.BufferedRandom) and not stream.closed:
                with contextlib.suppress(OSError, ValueError):
                    stream.flush()
            elif type(stream).__name__ == "EventFileWriter":  # what tf.summary.FileWriter writes with
                thread = threading.Thread(target=stream.flush, daemon=True)
                thread.start()
                thread.join(0.2)
    finally:
        os._exit(0)


def _is_main_thread():
    return threading.current_thread() is threading.main_thread()


def _changes_weights(operation):
    """Whether an operation, or one that it needs, changes trainable variables."""
    collected, keys = operation.graph.get_collection, _v1.GraphKeys
    trainable = {variable.op for variable in collected(keys.TRAINABLE_VARIABLES)}
    initializers = {getattr(v.initializer, "op", v.initializer) for v in collected(keys.GLOBAL_VARIABLES)}
    seen, waiting = set(), [operation]
    while waiting:
        one = waiting.pop()
        if one in seen:
            continue
        seen.add(one)
        if "Apply" in one.type and one.type.replace("Resource", "").replace("Sparse", "").startswith("Apply"):
            return True
        if one.type.startswith(("Assign", "Scatter", "ResourceScatter")) and one not in initializers:
            if one.inputs[0].op in trainable and not _is_restored(one.inputs[1].op):
                return True
        waiting.extend(tensor.op for tensor in one.inputs)
        waiting.extend(one.control_inputs)
    return False


def _is_restored(operation):
    """Whether an operation is what a Saver reads from a checkpoint."""
    while operation.type == "Identity":
        operation = operation.inputs[0].op
    return operation.type == "RestoreV2"
