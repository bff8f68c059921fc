"""legacy_gan.tf1.names: every row of the table leads somewhere, and symbols.txt has no other names."""

import os
import types

import pytest
import tensorflow.compat.v1 as v1

from legacy_gan.porting import symbols
from legacy_gan.porting.finding import NOT_SERVED
from legacy_gan.tf1 import by_version, names, namespace, tf

# Served, though a place that TensorFlow 1.15 has had no such names of its own then.
EARLIER = {
    "tf.contrib.data.Dataset",  # until 1.4
    "tf.contrib.data.FixedLengthRecordDataset",
    "tf.contrib.data.Iterator",
    "tf.contrib.data.TFRecordDataset",
    "tf.contrib.data.TextLineDataset",
    "tf.contrib.layers.adaptive_clipping_fn",  # reached by way of contrib.layers.python.layers
    "tf.contrib.layers.pool",
    "tf.contrib.layers.utils",
    "tf.contrib.slim.nets",  # there once it is imported
}


def shown(symbol):
    """Returns a symbol as symbols.txt has it."""
    return symbol.replace("tensorflow.", "tf.", 1)


def places():
    """Returns all symbols of the table and the places above them, as symbols.txt has them."""
    found = set()
    for symbol in list(names.SERVED) + list(names.OVER) + list(names.OLD_NAMES):
        parts = shown(symbol).split(".")
        found.update(".".join(parts[:size]) for size in range(1, len(parts) + 1))
    return found


def only_served():
    """Returns the names of tf in symbols.txt that neither TensorFlow 1.15.5 nor today's has."""
    marks, _, _ = symbols.table()
    return {
        name for name, mark in marks.items() if name.startswith("tf.") and "s" in mark and not set("12d") & set(mark)
    }


@pytest.mark.parametrize("symbol", sorted(names.SERVED))
def test_row_leads_to_what_it_says(symbol):
    value = namespace.look_up(symbol)
    by = names.SERVED[symbol].by
    if by.startswith("= "):
        assert value is namespace.look_up(by[2:])
    elif by.endswith(":*"):
        assert isinstance(value, namespace.Namespace) and value.__all__
    elif ":" not in by:
        assert isinstance(value, types.ModuleType)
    assert symbols.classify(shown(symbol))[0] != NOT_SERVED


@pytest.mark.parametrize("place", sorted(names.OLD_NAMES))
def test_old_names_are_served(place):
    marks, _, _ = symbols.table()
    old = namespace._served_by(names.OLD_NAMES[place].by)
    assert old and all("s" in marks[f"{place}.{name}"] for name in old)
    assert all(getattr(namespace.look_up(place), name) is value for name, value in old.items())


def test_advice_is_on_what_is_not_served():
    for place, rows in names.ADVICE.items():
        served = dir(namespace.look_up(place)) if not place.startswith("tf.estimator.") else []
        assert rows and all(rows.values())
        assert not set(rows) & set(served), place
    for place, advice in names.REFUSED.items():
        assert place not in places() and advice
        assert place.rpartition(".")[2] not in dir(tf.contrib)


@pytest.mark.skipif(not v1.version.VERSION.startswith("2.21."), reason="symbols.txt is of TensorFlow 1.15.5 and 2.21.0")
def test_every_name_that_only_this_package_serves_is_explained():
    marks, _, _ = symbols.table()
    old = {f"{place}.{name}" for place, row in names.OLD_NAMES.items() for name in namespace._served_by(row.by)}
    of_1_15 = {name.rpartition(".")[0] for name, mark in marks.items() if "1" in mark}
    left = set()
    for name in only_served() - places() - old:
        place, _, last = name.rpartition(".")
        # A module that TensorFlow 1.15 has at another place, or that is older: it names what is in it.
        if place not in of_1_15 and last in at(place).__all__:
            continue
        if not reached(v1, name):
            left.add(name)
    assert left == EARLIER


def at(place):
    """Returns the module at a place, as symbols.txt has it."""
    by_import_only = place.startswith(("tf.examples.", "tf.models.", "tf.python."))
    return namespace.look_up(place.replace("tf.", "tensorflow.", 1) if by_import_only else place)


def reached(root, name):
    """Whether a module has what a name says, below `tf`."""
    for part in name.split(".")[1:]:
        root = getattr(root, part, None)
    return root is not None


def test_no_internal_name_is_served():
    """Neither what the namespaces are made with nor a module of this package under its own name."""
    marks, _, second = symbols.table()
    of_1_15 = {name for name, mark in marks.items() if "1" in mark}
    tools = {"ALIASES", "INSTEAD", "module"}  # once they were
    for module in (names, namespace, by_version):
        tools.update(module.__all__)
    tools -= {part for name in of_1_15 for part in name.split(".")}
    assert {"ALIASES", "LazyValue", "REFUSED", "refusal"} <= tools
    modules = set()
    for part in ("tf", "tf.contrib"):
        folder = os.path.join(os.path.dirname(namespace.__file__), part[len("tf.") :])
        modules.update(f"{part}.{os.path.splitext(name)[0]}" for name in os.listdir(folder))
    modules -= of_1_15 | places()
    assert {"tf.mnist_data", "tf.contrib.learn_preprocessing"} <= modules
    served = {name for name, mark in marks.items() if "s" in mark} | set(second.values())
    assert not {name for name in served if name.startswith("tf.") and set(name.split(".")) & tools}
    assert not served & modules
    assert not {f"tf.contrib.{name}" for name in dir(tf.contrib)} & modules


@pytest.mark.parametrize("place", ["tf.contrib.layers", "tf.contrib.legacy_seq2seq", "tf.contrib.rnn"])
def test_no_file_of_a_package_answers_where_a_name_of_1_15_is_refused(place):
    marks, _, _ = symbols.table()
    refused = {name for name, mark in marks.items() if "1" in mark and "s" not in mark}
    files = {os.path.splitext(name)[0] for name in os.listdir(namespace.look_up(place).__path__[0])}
    assert len(files) > 3 and any(name.startswith(f"{place}.") for name in refused)
    assert not {f"{place}.{name}" for name in files} & refused
