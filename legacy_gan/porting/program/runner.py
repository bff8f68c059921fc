"""`legacy-gan run LISTING.py [args]`: executes an untouched TensorFlow 1 program.

The listing, and what it imports that is no installed package, sees its own builtins, whose `import`
serves what it names as tensorflow: `import tensorflow as tf` is the door's `tf`, tensorflow.contrib and
tensorflow.examples are there again. Nobody else's import changes: TensorFlow and every installed package
get what is installed. The process is the listing's from then on: call `run` once in it.
"""

import builtins
import functools
import importlib
import importlib.machinery
import inspect
import os
import signal
import site
import sys
import sysconfig
import threading
import time
import types

import tensorflow.compat.v1 as _v1
from tensorflow.python.client import session
from tensorflow.python.training import optimizer

import legacy_gan
from legacy_gan.errors import CannotImport, DataError, NotServed
from legacy_gan.porting import python2
from legacy_gan.porting.program import removed_apis
from legacy_gan.porting.traces import TraceError
from legacy_gan.tf1 import mnist_data, namespace, tf
from legacy_gan.tf1.namespace import Namespace

__all__ = ["run"]

VERSION = "1.15.5"  # what tf.__version__ says: listings ask it which names and orders they may use


def run(path, args=(), data_dir=None, offline=False, figures=None, steps_limit=None, time_limit=None, around=None):
    """Executes a listing as `python path args...` would, with TF 1's tensorflow.

    Args:
      path: str, the listing. args: list of str, its arguments.
      data_dir: str, where MNIST is if the folder that the listing names holds none; None: the usual place.
      offline: bool; True opens no connection for MNIST.
      figures: str, folder for what plt.show() shows; None: the working directory, and only if there is
        no display.
      steps_limit: int; the listing is ended where it starts the training step after so many.
      time_limit: float, seconds after which it is ended.
      around: an object with `install(tf)`, called with the listing's namespace before the listing
        starts, and `close()`, called when it has ended, however it did. To see what is run, `install`
        wraps `run` of tensorflow.python.client.session.BaseSession, which every session comes to; the
        limits are counted outside of that wrapper.
    Returns:
      int, the exit status: 0; 1 after an exception, whose traceback has been printed; 2 for what is not
      served; 130 after Ctrl-C.
    Raises:
      SystemExit: the listing's own.
    """
    _as_tf1()
    listing = _Listing(path)
    shown = _Figures(figures)
    listing.after_import += [removed_apis.after_import, shown.take_over]
    mnist_data.data_dir, mnist_data.offline = data_dir, offline
    removed_apis.put_back()
    limits = _Limits(steps_limit, time_limit)
    if around is not None:
        around.install(tf)
    try:
        limits.start()
        listing.execute(args)
    except _Ended:
        shown.save_open()
    except SystemExit:
        raise
    except KeyboardInterrupt:
        listing.report(*sys.exc_info())
        return 130
    except BaseException:
        return listing.report(*sys.exc_info())
    finally:
        limits.stop()
        if around is not None:
            around.close()
        shown.close()
    return 0


def _as_tf1():
    """Makes this process TF 1.15's: reference variables, control flow and shapes of then, float32."""
    from tensorflow.python.util import deprecation

    os.environ.setdefault("TF_FORCE_GPU_ALLOW_GROWTH", "true")  # read when the first GPU is opened
    before = _v1.logging.get_verbosity()
    _v1.logging.set_verbosity(_v1.logging.ERROR)  # it warns of itself
    _v1.disable_v2_behavior()
    _v1.logging.set_verbosity(_v1.logging.WARN if before > _v1.logging.WARN else before)
    deprecation.silence().__enter__()  # what is deprecated is what a listing is made of
    # Of a lambda that it cannot rewrite, and need not
    _v1.get_logger().addFilter(lambda record: "AutoGraph" not in str(record.msg))
    _gate_gradients()
    if hasattr(_v1.config.experimental, "enable_tensor_float_32_execution"):
        _v1.config.experimental.enable_tensor_float_32_execution(False)
    tf.__name__, tf.__version__, tf.VERSION = "tensorflow", VERSION, VERSION
    tf.version = Namespace("tf.version", {"VERSION": VERSION}, _v1.version)
    for name, value in namespace.names_by_import_only().items():
        setattr(tf, name, value)
    flags = _v1.flags.FLAGS
    for name in flags:  # absl's own, as log_dir and v, are a listing's to define
        flags[name].allow_override = True
    _v1.flags.FlagValues._parse_flags = lambda flags, args=None: flags(
        sys.argv if args is None else sys.argv[:1] + list(args), known_only=True
    )  # until TF 1.4


def _gate_gradients():
    """Lets every optimizer have its loss and all its gradients before it changes a variable.

    TensorFlow 1 waits for what an operation's own gradients need. A gradient of a gradient, or a weight decay in
    the loss that is fetched, reads a reference variable later than that, and finds it changed or not as the
    threads have it: a WGAN with a gradient penalty came to either of two losses. On 1.15 those of this order
    were seen nearly always.
    """
    compute = optimizer.Optimizer.compute_gradients
    signature = inspect.signature(compute)

    @functools.wraps(compute)
    def gated(*args, **named):
        given = signature.bind(*args, **named).arguments
        pairs = compute(*args, **named)
        loss, gate = given["loss"], given.get("gate_gradients", optimizer.Optimizer.GATE_OP)
        gradients, variables = [list(part) for part in zip(*pairs)] if pairs else ([], [])
        if (
            gate == optimizer.Optimizer.GATE_NONE
            or not isinstance(loss, _v1.Tensor)
            or not any(gradient is not None for gradient in gradients)
        ):
            return pairs
        return list(zip(_v1.tuple(gradients, control_inputs=[loss]), variables))

    optimizer.Optimizer.compute_gradients = gated


# What a listing names by its place in the tensorflow package

# Of these packages what is no name above is imported from the installed TensorFlow.
_INSTALLED = ("tensorflow.core.", "tensorflow.python.", "tensorflow.compat.v2", "tensorflow.tools.", "tensorflow.lite")


def _imported(name):
    """Returns what `tensorflow...` stands for in a listing's import statement.

    Raises:
      CannotImport: for what is not served.
    """
    parts = namespace.usual_place("tf" + name[len("tensorflow") :]).split(".")[1:]
    found, path = tf, "tensorflow"
    for part in parts:
        path += f".{part}"
        try:
            found = getattr(found, part)
        except AttributeError as e:
            found = _installed(path)
            if found is None and isinstance(e, NotServed):
                raise CannotImport(e.symbol, e.instead) from None
            if found is None:
                raise CannotImport(path, "the installed TensorFlow has no such module") from None
    return found


def _installed(name):
    """Returns a module of the installed TensorFlow, None if there is none or listings are not to see it."""
    if not name.startswith(_INSTALLED):
        return None
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


class _Listing:
    """A program of a user: its code, what it imports, and what is said where it fails.

    Attributes:
      after_import: list of functions, each called after every import of the program.
    """

    def __init__(self, path):
        self._path = path
        self._folder = os.path.dirname(os.path.realpath(path))
        self.after_import = []
        self._builtins = types.ModuleType("builtins", builtins.__doc__)
        vars(self._builtins).update(vars(builtins), __import__=self._import)
        names = ("stdlib", "platstdlib", "purelib", "platlib")
        self._installed = {sysconfig.get_path(name) for name in names}
        self._installed.update(getattr(site, "getsitepackages", list)())
        self._installed.add(os.path.dirname(os.path.abspath(legacy_gan.__file__)))
        self._installed = tuple(os.path.join(os.path.realpath(folder), "") for folder in self._installed if folder)

    def execute(self, args):
        """Executes it as the module __main__, with its arguments and its folder first in sys.path."""
        main = types.ModuleType("__main__")
        path = os.path.abspath(self._path) if sys.version_info >= (3, 9) else self._path
        loader = _Loader("__main__", path)
        vars(main).update(__file__=path, __builtins__=self._builtins, __cached__=None, __loader__=loader)
        self._program = sys.modules["__main__"]  # ours; it stays alive
        sys.modules["__main__"] = main
        sys.argv[:] = [self._path] + list(args)
        if not getattr(sys.flags, "safe_path", False):  # python -P
            sys.path[0] = self._folder
        finders = sys.meta_path
        finders.insert(finders.index(importlib.machinery.PathFinder), self)
        exec(loader.compiled(), vars(main))

    def find_spec(self, name, path=None, target=None):
        """As of sys.meta_path: a module of the user's own gets the listing's builtins."""
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec is None or type(spec.loader) is not importlib.machinery.SourceFileLoader:
            return None
        place = os.path.realpath(spec.origin)
        if place.startswith(self._installed) or {"site-packages", "dist-packages"} & set(place.split(os.sep)):
            return None
        spec.loader = _Loader(spec.loader.name, spec.loader.path)
        spec.loader.builtins = self._builtins
        return spec

    def _import(self, name, globals=None, locals=None, fromlist=(), level=0):
        """The listing's __import__."""
        if level == 0 and name.split(".")[0] == "tensorflow":
            found = _imported(name)
            for item in fromlist or ():
                if item != "*" and not hasattr(found, item):
                    found_item = _imported(f"{name}.{item}")
                    setattr(found, item, found_item)
            return found if fromlist else tf
        if level == 0 and name == "builtins":
            return self._builtins
        served = removed_apis.imported(name, fromlist) if level == 0 else None
        if served is None:
            served = builtins.__import__(name, globals, locals, fromlist, level)
        for function in self.after_import:
            function()
        return served

    def report(self, kind, error, trace):
        """Says what ended the listing, on standard error.

        Returns:
          int, the exit status: 2 for what is not served, in one line; else 1, with the traceback.
        """
        if isinstance(error, (NotServed, CannotImport, DataError, TraceError)):
            where = "{}:{}: ".format(*self._line(trace))
            sys.stderr.write(f"legacy-gan: {where}{' '.join(str(error).split())}\n")
            return error.status
        seen = set()
        link = error
        while link is not None and id(link) not in seen:
            seen.add(id(link))
            link.__traceback__ = _without_ours(link.__traceback__)
            link = link.__cause__ or link.__context__
        sys.excepthook(kind, error, error.__traceback__)
        hint = python2.hint(error)
        if hint:
            sys.stderr.write(f"legacy-gan: {hint}; `legacy-gan check {self._path}` lists it all\n")
        return 1

    def _line(self, trace):
        """Returns the file and the line of the listing's last call (str, int)."""
        place = (self._path, 0)
        while trace is not None:
            if trace.tb_frame.f_globals.get("__builtins__") is self._builtins:
                place = (trace.tb_frame.f_code.co_filename, trace.tb_lineno)
            trace = trace.tb_next
        main = os.path.realpath(place[0]) == os.path.realpath(self._path)
        return self._path if main else place[0], place[1]


class _Loader(importlib.machinery.SourceFileLoader):
    """Loads a module of the user's own, with the listing's builtins."""

    def exec_module(self, module):
        vars(module)["__builtins__"] = self.builtins
        super().exec_module(module)

    def get_code(self, fullname):
        # What Python keeps of a module in __pycache__ is what other programs find there.
        if removed_apis.rewritten(self.get_data(self.path)) is None:
            return super().get_code(fullname)
        return self.compiled()

    def compiled(self):
        """Returns the code of its file."""
        source = self.get_data(self.path)
        tree = removed_apis.rewritten(source)
        return compile(source if tree is None else tree, self.path, "exec", dont_inherit=True)


def _without_ours(trace):
    """Returns a traceback without this file's frames and the import system's."""
    if trace is None:
        return None
    rest = _without_ours(trace.tb_next)
    name = trace.tb_frame.f_code.co_filename
    if name == _without_ours.__code__.co_filename or name.startswith("<frozen importlib"):
        return rest
    return types.TracebackType(rest, trace.tb_frame, trace.tb_lasti, trace.tb_lineno)


# Ending a listing early


class _Ended(SystemExit):
    """A limit ended the listing; 0 wherever it is caught."""

    def __init__(self):
        super().__init__(0)


class _Limits:
    """Ends the listing after some training steps or seconds, as sys.exit() would.

    A step is a Session.run that changes trainable variables, other than by initialising or restoring
    them.
    """

    def __init__(self, steps, seconds):
        self._steps, self._seconds = steps, seconds
        self._done = 0
        self._changes = {}  # operation to bool
        self._ended = set()  # threads that have been told
        self._run = session.BaseSession.run

    def start(self):
        if self._steps is None and self._seconds is None:
            return
        self._deadline = None if self._seconds is None else time.monotonic() + self._seconds
        if self._deadline is not None and hasattr(signal, "setitimer"):
            signal.signal(signal.SIGALRM, lambda number, frame: self._check_time())
            signal.setitimer(signal.ITIMER_REAL, self._seconds)
        run = self._run = session.BaseSession.run

        @functools.wraps(run)
        def limited(self_, fetches, *args, **named):
            self._check_time()
            if self._steps is not None and self._trains(self_.graph, fetches):
                if self._done >= self._steps:
                    self._end(f"{self._steps} training steps")
                self._done += 1
            return run(self_, fetches, *args, **named)

        session.BaseSession.run = limited

    def stop(self):
        session.BaseSession.run = self._run
        if self._seconds is not None and hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_REAL, 0)

    def _check_time(self):
        # Once in a thread: what ends it may need the session for its last words.
        if self._deadline is not None and time.monotonic() >= self._deadline:
            if threading.get_ident() not in self._ended:
                self._end(f"{self._seconds:g} seconds")

    def _end(self, what):
        if not self._ended:
            sys.stderr.write(f"legacy-gan: ended after {what}, as it was asked for\n")
        self._ended.add(threading.get_ident())
        if threading.current_thread() is not threading.main_thread():
            raise SystemExit(0)  # ends a thread without a word
        raise _Ended()

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


def _changes_weights(operation):
    """Whether an operation, or one that it needs, changes trainable variables."""
    collected, keys = operation.graph.get_collection, _v1.GraphKeys
    trainable = {variable.op for variable in collected(keys.TRAINABLE_VARIABLES)}
    initializers = {variable.initializer for variable in collected(keys.GLOBAL_VARIABLES)}
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


# What is shown without a display


class _Figures:
    """Where there is no display, or a folder is given, plt.show() saves figures to files.

    Args:
      folder: str, or None for the working directory.
    """

    def __init__(self, folder):
        self._folder = folder
        self._mine = None  # legacy_gan.porting.program.figures once it has taken over
        display = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
        has_display = display or os.name == "nt" or sys.platform == "darwin"
        self._wanted = folder is not None or not has_display

    def take_over(self):
        """Makes figures.py the backend of a matplotlib that is there now."""
        if not self._wanted or "matplotlib.pyplot" not in sys.modules:
            if self._wanted and "matplotlib" in sys.modules:
                _none_chosen(sys.modules["matplotlib"], "use")
            return
        if self._mine is None:
            pyplot = importlib.import_module("matplotlib.pyplot")
            _none_chosen(sys.modules["matplotlib"], "use")
            self._mine = importlib.import_module("legacy_gan.porting.program.figures")
            self._mine.folder = self._folder or ""
            pyplot.switch_backend(f"module://{self._mine.__name__}")
            _none_chosen(pyplot, "switch_backend")

    def save_open(self):
        if self._mine is not None:
            self._mine.save_open()

    def close(self):
        if self._mine is not None:
            self._mine.save_shown()


def _none_chosen(module, name):
    """Lets a listing ask for another backend, in vain."""
    setattr(module, name, lambda *args, **named: None)
