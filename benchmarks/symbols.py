"""Writes legacy_gan/porting/symbols.txt: the names of TensorFlow 1.15.5, of today's, and what legacy_gan.tf1 serves.

    python benchmarks/symbols.py            once with TensorFlow 1.15.5, then with 2.21.0
    python benchmarks/symbols.py --check    writes nothing; ends with 1 if it would, with 3 on another version

Each run writes what its TensorFlow decides and leaves the rest as it is; the marks k stay where tf_keras is
missing. A line of the file is
`module marks name name ... | what to use instead`. The marks of a name:

    1   TensorFlow 1.15.5 has it
    s   legacy_gan.tf1 serves it: `tf` of a program under `legacy-gan run`, on 2.21.0
    2   `import tensorflow as tf` of 2.21.0 has the same thing
    d   `import tensorflow as tf` of 2.21.0 has another thing under this name
    k   legacy_gan.tf1 serves it where Keras 2, the package tf_keras, is installed: keras and tf.keras
    -   none of these: it is told what to use instead

`= tf.long.name tf.name` is a second name. TensorFlow's inner modules, below tf.python and
tf.contrib.X.python, are listed as far as programs import them: three levels, without what is in them.
Names of other packages are those that are gone from them.
"""

import importlib.util
import json
import os
import subprocess
import sys
import types

import numpy

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from legacy_gan.porting import symbols  # noqa: E402

VERSIONS = ("1.15.5", "2.21.0")
INNER_LEVELS = 3


def public(namespace, root="tf"):
    """Returns {"tf.nn.relu": value}: what a TensorFlow shows, but its inner modules."""
    names, todo = {}, [(root, (namespace,))]
    while todo:
        path, above = todo.pop()
        for name in _names(above[-1]):
            if name.startswith("_") or (path, name) in _HIDDEN:
                continue
            try:
                value = getattr(above[-1], name)
            except Exception:  # a lazy module that Keras 3 does not have
                continue
            below = f"{path}.{name}"
            names[below] = value
            if _is_public_module(value, below) and not any(value is module for module in above):
                todo.append((below, above + (value,)))
    return names


def _names(module):
    """Returns what a module shows: of one of ours that is no overlay, what it names itself."""
    ours = getattr(module, "__file__", None) and module.__name__.startswith("legacy_gan.")
    return module.__all__ if ours and "__dir__" not in vars(module) else dir(module)


# Ways into TensorFlow's inside, and the namespaces that are `tf` once more.
_HIDDEN = {
    ("tf", name)
    for name in (
        "python",
        "core",
        "compiler",
        "tools",
        "dtensor",
        "include",
        "lite",
        "pywrap_tensorflow",
        "tsl",
        "experimental",
        "mlir",
        "tpu",
        "raw_ops",
    )
}
_INSIDE = ("python", "client", "proto", "ops", "contrib.quantization", "contrib.testing", "keras.api")
_HIDDEN |= {("tf.compat", "v1"), ("tf.compat", "v2")}


def _is_public_module(value, path):
    """Whether a value is a module that shows names of its own: the API's, or one of contrib's."""
    if not isinstance(value, types.ModuleType):
        return False
    try:
        name = value.__name__.replace("tensorflow_core", "tensorflow")
    except Exception:  # a lazy module that Keras 3 does not have
        return False
    if name.startswith("legacy_gan."):
        return True
    if path.startswith("tf.contrib"):
        own = path.count(".") <= 2 or name == path.replace("tf.", "tensorflow.")
        return own and not path.endswith(_INSIDE)
    of_the_api = "_api.v" in name or "api._v" in name or name.startswith("keras.")
    return of_the_api or path.count(".") == 1 and "python" not in name


def inner(folder):
    """Returns {"tf.python.ops": None}: the inner modules that stand in an installed TensorFlow's folder."""
    names = {}
    starts = [("tf.python", os.path.join(folder, "python"))]
    contrib = os.path.join(folder, "contrib")
    for name in sorted(os.listdir(contrib)) if os.path.isdir(contrib) else []:
        starts.append((f"tf.contrib.{name}.python", os.path.join(contrib, name, "python")))
    for path, start in starts:
        if os.path.isdir(start):
            names[path] = None
            names.update(_modules(path, start, INNER_LEVELS))
    return names


def _modules(path, folder, levels):
    names = {}
    for entry in sorted(os.listdir(folder)):
        stem, extension = os.path.splitext(entry)
        below = os.path.join(folder, entry)
        is_package = os.path.isfile(os.path.join(below, "__init__.py"))
        if stem.startswith("_") or stem.endswith("_test") or not (extension == ".py" or is_package):
            continue
        names[f"{path}.{stem}"] = None
        if is_package and levels > 1:
            names.update(_modules(f"{path}.{stem}", below, levels - 1))
    return names


class Table:
    """What the file holds.

    Attributes:
      marks: dict of a name to its marks. instead: dict of a name to what to use instead.
      second: dict of a second name to the usual one.
    """

    def __init__(self, known=None):
        self.marks, self.instead, self.second = known or ({}, {}, {})

    def mark(self, names, marks):
        """Gives names, a dict of name to marks, these of all `marks`, and takes them from the others."""
        for name in set(self.marks) | set(names):
            kept = "".join(mark for mark in self.marks.get(name, "") if mark not in marks)
            self.marks[name] = "".join(sorted(kept + names.get(name, ""), key="1s2dk".index))

    def lines(self):
        grouped = {}
        for name, marks in self.marks.items():
            module, _, last = name.rpartition(".")
            inner_today = marks == "s" and module.startswith("tf.python") and name not in self.second
            if marks and marks not in ("2", "d") and not inner_today:  # what today's alone has is of no use
                instead = "" if "s" in marks else self.instead.get(name, "")
                grouped.setdefault((module or ".", marks, instead), []).append(last)
        for name, instead in self.instead.items():
            if not self.marks.get(name):
                module, _, last = name.rpartition(".")
                grouped.setdefault((module or ".", "-", instead), []).append(last)
        lines = [
            "{} {} {}{}\n".format(module, marks, " ".join(sorted(names)), instead and " | " + instead)
            for (module, marks, instead), names in sorted(grouped.items())
        ]
        return lines + ["= {} {}\n".format(*pair) for pair in sorted(self.second.items())]


def of_1_15(table):
    """Writes what TensorFlow 1.15.5 has into a Table."""
    import tensorflow
    from tensorflow import contrib  # loads it

    names = set(public(tensorflow)) | set(inner(os.path.dirname(sys.modules["tensorflow_core"].__file__)))
    assert contrib
    table.mark(dict.fromkeys(names, "1"), "1")


def of_today(table):
    """Writes what today's TensorFlow has, and what legacy_gan.tf1 serves, into a Table."""
    import tensorflow
    import tensorflow.compat.v1 as v1

    from legacy_gan.porting.program import process
    from legacy_gan.tf1 import names as names_of_tf1, tf

    process.behave_as_tensorflow_1()
    old, new, served = public(v1), public(tensorflow), public(tf)
    for name in ("examples", "models"):  # reached by an import only
        served["tf." + name] = getattr(tf, name)
        served.update(public(getattr(tf, name), "tf." + name))
    marks = dict.fromkeys(served, "s")
    for name, value in new.items():
        same = name not in old or old[name] is value or isinstance(value, types.ModuleType)
        marks[name] = marks.get(name, "") + ("2" if same else "d")
    marks.update(dict.fromkeys(inner(os.path.dirname(tensorflow.__file__)), "s"))
    of_numpy = [name for name in table.marks if name.startswith("numpy.")]
    second_of_keras = {name: usual for name, usual in table.second.items() if name.startswith("keras.")}
    table.second, table.instead = _second_names(names_of_tf1.SERVED), {}
    for name in [name for name in table.marks if name.startswith("tf.contrib.") and ".python" in name]:
        usual = _usual_module(name)
        if usual:
            table.second[name] = usual
    inner_places = names_of_tf1.INNER_PLACES.items()
    table.second.update((name, usual) for name, usual in inner_places if name.startswith("tf.python."))
    for name in table.second:
        marks[name] = "s"
    for name, usual in names_of_tf1.INNER_PLACES.items():
        if name.startswith("tf.contrib.gan."):  # which 1.15.5 had taken out
            table.second[name] = usual
    for name in [name for name in table.marks if "1" in table.marks[name] and "s" not in marks.get(name, "")]:
        instead = _instead(tf, names_of_tf1, name)
        if instead is not None:
            table.instead[name] = instead
    for name, instead in names_of_tf1.REFUSED.items():  # of parts that 1.15.5 had taken out, too
        table.instead.setdefault(name, instead)
    for place, rows in names_of_tf1.ADVICE.items():
        if place.startswith("tf.contrib.gan."):
            named = {name: advice for name, advice in rows.items() if name != names_of_tf1.EVERY_OTHER}
            table.instead.update((f"{place}.{name}", advice) for name, advice in named.items())
    table.mark(marks, "s2d")
    _of_other_packages(table)
    if NUMPY.startswith("1."):  # which still has some of what NumPy 2 has taken out
        table.marks.update(dict.fromkeys(of_numpy, "s"))
    table.second.update(second_of_keras)
    _of_keras(table)


# Modules that TensorFlow 1.15 has twice, of which the table of names makes two: the inner one, and the usual one.
_USUAL = {"tensorflow.python.ops.rnn": "tf.nn", "tensorflow.python.ops.rnn_cell": "tf.nn.rnn_cell"}


def _second_names(table):
    """Returns {second name: usual name} of the inner modules that legacy_gan.tf1.names.SERVED shows again."""
    found = {}
    for name, served in table.items():
        if name.startswith("tensorflow."):
            usual = served.by[2:] if served.by.startswith("= ") else name
            usual = _USUAL.get(usual, usual)
            if usual != name:
                found[name.replace("tensorflow.", "tf.", 1)] = usual
    return found


def _usual_module(name):
    """Returns the usual name of the module that legacy_gan.tf1 has for an inner module of contrib, None without one."""
    from legacy_gan.tf1 import namespace

    try:
        module = namespace.look_up(name)
    except AttributeError:
        return None
    return namespace.usual_place(name) if isinstance(module, types.ModuleType) else None


def _instead(tf, names, symbol):
    """Returns what legacy_gan.tf1 says to use instead of a name, None if it says nothing."""
    from legacy_gan.errors import NotServed

    value = tf
    for part in symbol.split(".")[1:]:
        try:
            value = getattr(value, part)
        except NotServed as e:
            return e.instead
        except AttributeError:
            return None
    return names.REFUSED.get(symbol)


def _of_other_packages(table):
    """Writes what is gone from other packages, whichever is installed: served, or told what to use instead."""
    from legacy_gan.porting.program import removed_apis

    table.marks.update(dict.fromkeys(removed_apis.SERVED, "s"))
    table.instead.update((f"{name}", "import " + today) for name, today in removed_apis.RENAMED.items())


def _of_keras(table):
    """Writes what is served where Keras 2 is installed: asked of a process that finds it, if there is one."""
    from legacy_gan.tf1 import keras2

    table.instead["keras"] = keras2.how_to_have_it()
    if HAS_KERAS_2:
        told = subprocess.run(
            [sys.executable, os.path.abspath(__file__), KERAS_NAMES],
            env=dict(os.environ, TF_USE_LEGACY_KERAS="1"),
            stdout=subprocess.PIPE,
            check=True,
        )
        served, second = json.loads(told.stdout.decode().splitlines()[-1])
        table.mark(dict.fromkeys(served, "k"), "k")
        second_of_keras = {name: usual for name, usual in table.second.items() if name.startswith("keras.")}
        for name in second_of_keras:
            del table.second[name]
        table.second.update(second)


def keras_names():
    """Prints what is served below keras and tf.keras, and {second name: usual name}, as JSON."""
    from legacy_gan.porting.program import process
    from legacy_gan.tf1 import keras2, tf

    process.behave_as_tensorflow_1()
    served = dict(public(tf.keras, "tf.keras"), **public(keras2.standalone(), "keras"))
    served.update({"tf.keras": tf.keras, "keras": keras2.standalone()})
    below = {}  # a module -> its names
    for name in served:
        module, _, last = name.rpartition(".")
        below.setdefault(module, set()).add(last)
    second = {}
    for place in ("keras.layers", "keras.utils", "keras.backend", "keras.engine"):
        modules = [name for name in below if name.rpartition(".")[0] == place]
        for module in modules:
            if below[module] <= below[place]:
                second[module] = place
    served = [
        name for name in served if not any(f"{name}.".startswith(f"{other}.") and name != other for other in second)
    ]
    print(json.dumps([sorted(served), second]))


NUMPY = numpy.version.version
HAS_KERAS_2 = importlib.util.find_spec("tf_keras") is not None
KERAS_NAMES = "--keras-names"


def main():
    if KERAS_NAMES in sys.argv:
        return keras_names()
    sys.modules["tf_keras"] = None  # the table is of a machine without it, whatever is installed here
    from tensorflow.compat.v1 import version

    if version.VERSION not in VERSIONS:
        print("symbols.txt is of TensorFlow {}, not of {}".format(" and ".join(VERSIONS), version.VERSION))
        return 3
    table = Table(symbols.table() if os.path.exists(symbols.SYMBOLS) else None)
    (of_1_15 if version.VERSION.startswith("1.") else of_today)(table)
    lines = table.lines()
    if "--check" in sys.argv:
        with open(symbols.SYMBOLS, encoding="utf-8") as f:
            committed = f.readlines()
        for line in sorted(set(committed) ^ set(lines)):
            print("{} {}".format("committed:" if line in committed else "found:", line.rstrip()))
        return int(committed != lines)
    with open(symbols.SYMBOLS, "w", encoding="utf-8") as f:
        f.writelines(lines)
    print(f"{len(table.marks)} names in {symbols.SYMBOLS}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
