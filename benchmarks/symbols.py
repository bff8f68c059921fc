"""Writes legacy_gan/tf1/symbols.txt: the public names of TensorFlow 1.15.5 and of today's TensorFlow.

    python benchmarks/symbols.py        once with TensorFlow 1.15.5 and once with 2.21.0

Each run writes what its TensorFlow has and leaves the other's marks as they are. A line of the file is
`module marks name name ...`; the marks of a name:

    1   TensorFlow 1.15.5 has it
    c   tensorflow.compat.v1 of 2.21.0 has it
    2   `import tensorflow as tf` of 2.21.0 has it, and it is the same thing as compat.v1's
    d   `import tensorflow as tf` of 2.21.0 has another thing under this name

The modules below tf.python and tf.contrib.X.python, which are TensorFlow's inner ones, are listed as
far as listings import them: three levels of modules, without what is in them (c stands for both there).
"""

import os
import sys
import types

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from legacy_gan.tf1 import check  # noqa: E402

INNER_LEVELS = 3


def public(namespace, root="tf"):
    """Returns {"tf.nn.relu": value}: what a TensorFlow shows, but its inner modules."""
    names, seen, todo = {}, set(), [(root, namespace)]
    while todo:
        todo.sort(key=lambda item: ("contrib" in item[0], item[0].count("."), item[0]))
        path, module = todo.pop(0)  # a module is listed under its shortest name
        for name in dir(module):
            if name.startswith("_") or (path, name) in _HIDDEN:
                continue
            try:
                value = getattr(module, name)
            except Exception:  # a lazy module that Keras 3 does not have
                continue
            names["{}.{}".format(path, name)] = value
            if _is_public_module(value, "{}.{}".format(path, name)) and id(value) not in seen:
                seen.add(id(value))
                todo.append(("{}.{}".format(path, name), value))
    return names


# Ways into TensorFlow's inside, and the namespaces that are `tf` once more.
_HIDDEN = {("tf", name) for name in ("python", "core", "compiler", "tools", "dtensor", "include", "lite",
                                     "pywrap_tensorflow", "tsl", "experimental", "mlir", "tpu", "raw_ops")}
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
        starts.append(("tf.contrib.{}.python".format(name), os.path.join(contrib, name, "python")))
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
        names["{}.{}".format(path, stem)] = None
        if is_package and levels > 1:
            names.update(_modules("{}.{}".format(path, stem), below, levels - 1))
    return names


def installed():
    """Returns ({name: marks} of the TensorFlow installed, the marks that it decides)."""
    import tensorflow
    import tensorflow.compat.v1 as v1

    if v1.version.VERSION.startswith("1."):
        from tensorflow import contrib  # loads it

        assert contrib
        names = dict.fromkeys(public(tensorflow), "1")
        names.update(dict.fromkeys(inner(os.path.dirname(sys.modules["tensorflow_core"].__file__)), "1"))
        return names, "1"
    old, new = public(v1), public(tensorflow)
    names = dict.fromkeys(old, "c")
    for name, value in new.items():
        same = name not in old or old[name] is value or isinstance(value, types.ModuleType)
        names[name] = names.get(name, "") + ("2" if same else "d")
    names.update(dict.fromkeys(inner(os.path.dirname(tensorflow.__file__)), "c"))
    return names, "c2d"


def lines(symbols):
    """Returns the file's lines of {name: marks}."""
    grouped = {}
    for name, marks in symbols.items():
        module, _, last = name.rpartition(".")
        grouped.setdefault((module, "".join(sorted(marks, key="1c2d".index))), []).append(last)
    return ["{} {} {}\n".format(module, marks, " ".join(sorted(names)))
            for (module, marks), names in sorted(grouped.items())]


def main():
    names, decided = installed()
    known = check.symbols() if os.path.exists(check.SYMBOLS) else {}
    merged = {}
    for name in set(known) | set(names):
        marks = "".join(mark for mark in known.get(name, "") if mark not in decided) + names.get(name, "")
        only_today = "1" not in marks and ("c" not in marks or name.startswith("tf.keras."))
        if not only_today:
            merged[name] = marks
    with open(check.SYMBOLS, "w", encoding="utf-8") as f:
        f.writelines(lines(merged))
    print("{} names in {}".format(len(merged), check.SYMBOLS))


if __name__ == "__main__":
    main()
