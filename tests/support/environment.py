"""Which TensorFlow a test has, which environment of the support matrix it runs in, and an import that fails."""

import importlib.util
import os
import sys

from tests.support.paths import TESTS

# The markers that say where a test runs. The one nearest to the test counts: a function's before its file's.
NEWEST, TENSORFLOW_2, BOTH_ENDS, EVERY_TENSORFLOW = "newest", "tensorflow_2", "both_ends", "every_tensorflow"

# --environment NAME: README's line has none, and runs everything on the newest TensorFlow.
ENVIRONMENTS = {
    "oldest": "TensorFlow 1.15.5 on Python 3.7",
    "between": "TensorFlow 2.15 on Python 3.11",
    "python": "the newest TensorFlow on the newest Python, beside a run of everything on another Python",
}
FURTHER = (
    "slow",
    "advice",
    "mnist",
    "browser",
    "notebooks",
    "onnx",
    "programs",
    "python2",
)  # README's line leaves these out

BLOCKED = os.path.join(TESTS, "support", "without_tensorflow")


def tensorflow_is_1():
    """Tells without loading it: of the two, only 1.15 has its code in a package of this name."""
    return importlib.util.find_spec("tensorflow_core") is not None


def place(item):
    """Returns which of these markers a test has, str."""
    for mark in item.iter_markers():  # from the nearest to the farthest
        if mark.name in (NEWEST, TENSORFLOW_2, BOTH_ENDS, EVERY_TENSORFLOW):
            return mark.name
    return EVERY_TENSORFLOW


def needs_no_tensorflow(item):
    """Returns whether a test is marked no_tensorflow, and not, nearer to it, tensorflow."""
    for mark in item.iter_markers():
        if mark.name in ("no_tensorflow", "tensorflow"):
            return mark.name == "no_tensorflow"
    return False


def runs_in(item, environment):
    """Returns whether a test runs in one of the ENVIRONMENTS, or in README's line (environment None)."""
    if environment == "oldest":
        return place(item) not in (NEWEST, TENSORFLOW_2)
    if environment == "between":
        return place(item) in (TENSORFLOW_2, EVERY_TENSORFLOW) and not needs_no_tensorflow(item)
    if environment == "python":
        return any(item.get_closest_marker(name) for name in ("python",) + FURTHER)
    return True


def block_tensorflow():
    """From here on `import tensorflow` is an ImportError, in this process and in those that it starts."""
    if any(name.split(".")[0] == "tensorflow" for name in sys.modules):
        raise RuntimeError("TensorFlow is loaded already")
    sys.path.insert(0, BLOCKED)
    os.environ["PYTHONPATH"] = os.pathsep.join([BLOCKED] + os.environ.get("PYTHONPATH", "").split(os.pathsep))


def child(**variables):
    """Returns the environment for a child process that imports the package as this clone has it: a dict."""
    paths = [os.path.dirname(TESTS)] + os.environ.get("PYTHONPATH", "").split(os.pathsep)
    return dict(os.environ, PYTHONPATH=os.pathsep.join(filter(None, paths)), **variables)
