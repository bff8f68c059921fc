"""Says of a symbol of TensorFlow 1 whether it is served and what to use instead, from the table symbols.txt.

benchmarks/symbols.py writes the table off the modules themselves, so that a program is checked without TensorFlow.
"""

import collections
import difflib
import functools
import glob
import importlib.util
import os
import re
from typing import DefaultDict, Dict, List, Mapping, Optional, Tuple

from legacy_gan.porting.finding import CHANGED, NEEDS_KERAS, NEEDS_TF1, NOT_SERVED

__all__ = ["SYMBOLS", "classify", "has_keras_2", "names_by_module", "symbol_of", "table"]

SYMBOLS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "symbols.txt")


@functools.lru_cache(maxsize=None)
def table() -> Tuple[Dict[str, str], Dict[str, str], Dict[str, str]]:
    """Reads symbols.txt; benchmarks/symbols.py, which writes it, says what is in it.

    Returns:
      (marks, advice, usual): dicts of "tf.nn.relu" to its marks, to what to use instead of it, and to
      its usual name.
    """
    marks: Dict[str, str] = {}
    advice: Dict[str, str] = {}
    usual: Dict[str, str] = {}
    with open(SYMBOLS, encoding="utf-8") as f:
        for line in f:
            row, _, instead = line.rstrip("\n").partition(" | ")
            names = row.split(" ")
            if names[0] == "=":
                usual[names[1]] = names[2]
                continue
            for name in names[2:]:
                name = name if names[0] == "." else f"{names[0]}.{name}"
                if names[1] != "-":
                    marks[name] = names[1]
                if instead:
                    advice[name] = instead
    return marks, advice, usual


@functools.lru_cache(maxsize=None)
def names_by_module() -> Mapping[str, List[str]]:
    """Returns the names of every module of the table."""
    modules: DefaultDict[str, List[str]] = collections.defaultdict(list)
    for name in table()[0]:
        module, _, last = name.rpartition(".")
        modules[module].append(last)
    return modules


def classify(symbol: str) -> Tuple[Optional[str], str, str]:
    """Says whether a symbol of TensorFlow is served.

    Args:
      symbol: "tf.nn.relu" or "keras.layers.Dense"; what is asked of a class or a function is that class or function.
    Returns:
      (kind, symbol, advice): NEEDS_TF1, CHANGED, NEEDS_KERAS, NOT_SERVED, or None for what every TensorFlow has; the
      symbol as far as it was looked at; what to use instead (str), "" if there is nothing to do.
    """
    marks, _, usual_names = table()
    if (f"{symbol}.").startswith("tf.core."):  # protocol buffers, of the TensorFlow that is installed
        return None, symbol, ""
    usual = symbol = "tf" if symbol == "tf.compat.v1" else symbol.replace("tf.compat.v1.", "tf.")
    parts = symbol.split(".")
    for size in range(len(parts), 1, -1):
        beginning = ".".join(parts[:size])
        if beginning in usual_names:
            usual = ".".join([usual_names[beginning]] + parts[size:])
            break
    parts = usual.split(".")
    of_keras = parts[0] == "keras" or parts[:2] == ["tf", "keras"]
    for size in range(1 if parts[0] == "keras" else 2, len(parts) + 1):
        name = ".".join(parts[:size])
        if name not in marks and parts[size - 1].startswith("__"):
            return None, name, ""
        if of_keras and has_keras_2() and name not in marks and name not in names_by_module():
            return NOT_SERVED, name, _guess(name, "Keras 2.3")
        if name not in marks and name not in names_by_module():
            return NOT_SERVED, name, _advice_on(name) or _guess(name)
        if name in names_by_module() and size < len(parts):
            continue
        if "k" in marks.get(name, "") and "s" not in marks[name] and has_keras_2():
            return NEEDS_KERAS, name if usual == symbol else symbol, ""
        if "k" in marks.get(name, "") and "s" not in marks[name]:
            return NOT_SERVED, "keras" if parts[0] == "keras" else "tf.keras", _advice_on(name)
        if "s" not in marks.get(name, ""):
            return NOT_SERVED, name, _advice_on(name)
        there = "2" if usual.startswith("tf.python.") else marks[name] if usual == symbol else "s"
        kind = None if "2" in there else CHANGED if "d" in there else NEEDS_TF1
        return kind, name if usual == symbol else symbol, ""
    return None, symbol, ""


def _advice_on(symbol: str) -> str:
    """Returns what to use instead of a symbol, or of the module that it stands in."""
    advice = table()[1]
    while symbol:
        if symbol in advice:
            return advice[symbol]
        symbol = symbol.rpartition(".")[0]
    return ""


def _guess(symbol: str, of: str = "TensorFlow 1.15") -> str:
    """Returns advice on a name that the table does not have."""
    module, _, name = symbol.rpartition(".")
    close = difflib.get_close_matches(name, names_by_module()[module], n=1, cutoff=0.8)
    if close:
        return f"did you mean {module}.{close[0]}?"
    return f"{of} has no such name"


@functools.lru_cache(maxsize=None)
def has_keras_2() -> bool:
    """Whether what is installed builds graphs with Keras: tf_keras, or a TensorFlow before 2.16."""
    if any(importlib.util.find_spec(package) for package in ("tf_keras", "tensorflow_core")):
        return True
    spec = importlib.util.find_spec("tensorflow")
    for folder in spec.submodule_search_locations or () if spec else ():
        for beside in glob.glob(os.path.join(os.path.dirname(folder), "tensorflow*-*.dist-info")):
            version = re.match(r"tensorflow(?:_cpu|_gpu|_intel|_macos)?-(\d+)\.(\d+)", os.path.basename(beside))
            if version:
                return (int(version.group(1)), int(version.group(2))) < (2, 16)
    return False


def symbol_of(name: str) -> Optional[str]:
    """Returns "tf.x" for "tensorflow.x", under whichever name it is imported, and names of keras; else None."""
    if name == "keras" or name.startswith("keras."):
        return name
    for package in ("tensorflow.compat.v1", "tensorflow_core", "tensorflow"):
        if name == package or name.startswith(f"{package}."):
            return f"tf{name[len(package) :]}"
    return None
