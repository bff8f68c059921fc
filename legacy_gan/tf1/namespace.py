"""Overlays over tensorflow.compat.v1: what was lost is put back, what is not served is a named error.

A `Namespace` is a module that has names of its own over those of another module, its base, and lets
everything else of the base through. A name that neither has is a `NotServed` that says what to use
instead. `door()` makes the whole tree of them, the `tf` of `legacy_gan.tf1`; what is heavy (contrib,
the recurrent networks, Keras) is loaded by its first use.
"""

import collections
import difflib
import functools
import importlib
import types

import tensorflow.compat.v1 as _v1

from legacy_gan.tf1 import layers, old_names
from legacy_gan.tf1.backend import precision
from legacy_gan.tf1.errors import NotServed

__all__ = ["Later", "Namespace", "contrib_aliases", "door", "module", "recurrent"]

_RNN = (
    "bidirectional_dynamic_rnn",
    "dynamic_rnn",
    "raw_rnn",
    "static_bidirectional_rnn",
    "static_rnn",
    "static_state_saving_rnn",
)
# Names of 0.x for functions of rnn.py.
_OLD_RNN = {
    "bidirectional_rnn": "static_bidirectional_rnn",
    "rnn": "static_rnn",
    "state_saving_rnn": "static_state_saving_rnn",
}


class Later:
    """A value of a Namespace that is made when it is first asked for.

    Args:
      make: a function.
      args: its arguments.
    """

    def __init__(self, make, *args):
        self.make = functools.partial(make, *args)


class Namespace(types.ModuleType):
    """A module over another one.

    Args:
      symbol: str, its name in a listing: "tf.nn".
      own: dict of name to value; a `Later` is made when it is first asked for.
      base: a module whose names are let through, or None.
      instead: dict of name to what to use instead of it, for what is not served; these names are
        not let through. The name "" stands for every other.
    """

    def __init__(self, symbol, own, base=None, instead=None):
        super().__init__(f"legacy_gan.tf1.{symbol}", getattr(base, "__doc__", None))
        vars(self).update(_symbol=symbol, _own=own, _base=base, _instead=instead or {})

    def __getattr__(self, name):
        if name in self._own:
            value = self._own[name]
            if isinstance(value, Later):
                value = value.make()
            setattr(self, name, value)
            return value
        if name == "__all__":  # what `from ... import *` takes
            return [public for public in dir(self) if not public.startswith("_")]
        if name == "__path__":  # it has no files of its own
            raise AttributeError(name)
        if name not in self._instead and self._base is not None:
            try:
                return getattr(self._base, name)
            except NotServed:
                raise
            except AttributeError:
                pass
        raise NotServed(f"{self._symbol}.{name}", self._advice(name))

    def __dir__(self):
        base = () if self._base is None else dir(self._base)
        return sorted((set(base) | set(self._own)) - set(self._instead))

    def _advice(self, name):
        """Returns what to use instead of a name (str)."""
        if name in self._instead:
            return self._instead[name]
        close = difflib.get_close_matches(name, self.__all__, n=1, cutoff=0.85)
        if close:
            return f"did you mean {self._symbol}.{close[0]}?"
        return self._instead.get("", "TensorFlow 1.15 has no such name")


def module(name, symbol):
    """Returns a module of legacy_gan.tf1 as a Namespace with what is in its __all__.

    Args:
      name: str: "rnn_cell", "contrib.layers".
      symbol: str, its name in a listing: "tf.nn.rnn_cell".
    """
    found = _loaded(name)
    return Namespace(symbol, {public: getattr(found, public) for public in found.__all__})


def _loaded(name):
    """Returns a module of legacy_gan.tf1."""
    return importlib.import_module(f"legacy_gan.tf1.{name}")


def contrib_aliases():
    """Returns where the parts of tf.contrib stood inside of TensorFlow: a dict of place to short place."""
    return dict(
        _loaded("contrib").ALIASES,
        **{
            "learn.preprocessing": "learn.preprocessing",
            "learn.python.learn": "learn",
            "learn.python.learn.preprocessing": "learn.preprocessing",
        },
    )


def door():
    """Returns the TF1 namespace: a Namespace over tensorflow.compat.v1."""
    nn = dict(
        old_names.NN,
        rnn_cell=Later(module, "rnn_cell", "tf.nn.rnn_cell"),
        seq2seq=Later(_loaded, "contrib.legacy_seq2seq"),
    )
    for name in _RNN:
        nn[name] = Later(_from, "rnn", name)
    for name, new in _OLD_RNN.items():
        nn[name] = Later(_from, "rnn", new)
    own = dict(
        old_names.ROOT,
        contrib=Later(_contrib),
        estimator=Later(_estimator),
        image=Namespace("tf.image", old_names.IMAGE, _v1.image),
        keras=Later(_keras),
        layers=layers,
        matmul=precision.matmul,
        nn=Namespace("tf.nn", nn, _v1.nn),
        train=Namespace("tf.train", old_names.TRAIN, _v1.train),
    )
    tf = Namespace(
        "tf",
        own,
        _v1,
        instead={
            # tf.layers' objects share their weights by the graph's variable scopes: eagerly they would not
            "enable_eager_execution": "listings run as graphs: use placeholders and a Session, or TensorFlow 2"
        },
    )
    # compat.v1 is this namespace too: listings of 2019 say `import tensorflow.compat.v1 as tf`
    own["compat"] = Namespace("tf.compat", {"v1": tf}, _v1.compat)
    return tf


def recurrent():
    """Returns the module tensorflow.python.ops.rnn, with its names of 0.x."""
    networks = _loaded("rnn")
    own = {name: getattr(networks, name) for name in networks.__all__}
    own.update((old, own[new]) for old, new in _OLD_RNN.items())
    return Namespace("tensorflow.python.ops.rnn", own)


def _from(name, attribute):
    return getattr(_loaded(name), attribute)


def _contrib():
    """Returns tf.contrib, each of whose parts is loaded by its first use."""
    mnist = Later(module, "mnist_data", "tf.contrib.learn.datasets.mnist")
    base = Namespace(
        "tf.contrib.learn.datasets.base",
        {
            "Dataset": collections.namedtuple("Dataset", ["data", "target"]),
            "Datasets": Later(_from, "mnist_data", "Datasets"),
        },
        instead={"": "read the file with numpy.genfromtxt or the module csv, and download it by hand"},
    )
    datasets = Namespace(
        "tf.contrib.learn.datasets",
        {"base": base, "load_dataset": Later(_from, "mnist_data", "load_dataset"), "mnist": mnist},
    )
    preprocessing = Later(_loaded, "contrib.learn_preprocessing")
    contrib = _loaded("contrib")
    learn = Namespace("tf.contrib.learn", {"datasets": datasets, "preprocessing": preprocessing}, contrib.learn)
    return Namespace("tf.contrib", {"learn": learn}, contrib)


def _keras():
    """Returns tf.keras: all of Keras 2; of Keras 3, which has no graphs, what needs none."""
    keras = _v1.keras
    version = getattr(keras, "__version__", "2")
    if not version.startswith("3"):
        return Namespace("tf.keras", {}, keras)
    own = {name: getattr(keras, name) for name in ("datasets", "utils", "__version__") if hasattr(keras, name)}
    return Namespace(
        "tf.keras",
        own,
        instead={"": "Keras 3 does not build TensorFlow 1 graphs; write it with tf.layers, or install TensorFlow 2.15"},
    )


def _estimator():
    """Returns tf.estimator; the door's own where TensorFlow has none, from 2.16 on."""
    try:
        return Namespace("tf.estimator", {}, _v1.estimator)
    except (AttributeError, ImportError):
        own = dict(vars(module("estimator", "tf.estimator"))["_own"])
        own["inputs"] = Namespace(
            "tf.estimator.inputs",
            {"numpy_input_fn": own["inputs"].numpy_input_fn},
            instead={"pandas_input_fn": "use numpy_input_fn with df[column].values"},
        )
        return Namespace(
            "tf.estimator",
            own,
            instead={"": "write a model_fn for tf.estimator.Estimator, or the training loop over a Session"},
        )
