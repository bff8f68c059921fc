"""The tf namespace: TensorFlow 1's names over tensorflow.compat.v1, made from the table in names.py.

A `Namespace` is a module that has names of its own over those of another module, its base, and lets
everything else of the base through; the base's own modules (tf.summary) as Namespaces, too. A name that
neither has is a `NotServed` that says what to use instead. `tensorflow_1()` makes the whole tree of them, the
`tf` of `legacy_gan.tf1`; the first use of a name loads what serves it. A module of this package that stands for a
place of TensorFlow refuses the names that it lacks in the same way: its `__getattr__` is what `refusal` returns.
"""

import difflib
import functools
import importlib
import re
import types
from typing import Any, Callable, Dict, Iterable, Mapping, Optional

import tensorflow.compat.v1 as _v1

from legacy_gan.errors import NotServed
from legacy_gan.tf1 import names

__all__ = ["LazyValue", "Namespace", "look_up", "names_by_import_only", "refusal", "tensorflow_1", "usual_place"]


_OF_THE_API = re.compile(
    r"\._api\.v\d\.compat\.v1\.(?!compat\.)"
)  # in the name of a module: tensorflow.compat.v1.summary


class LazyValue:
    """A value of a Namespace that is made when it is first asked for.

    Args:
      make: a function.
      args: its arguments.
    """

    def __init__(self, make: Callable[..., Any], *args: Any):
        self.make = functools.partial(make, *args)


class Namespace(types.ModuleType):
    """A module over another one.

    Args:
      place: str, its name in a program: "tf.nn".
      own: dict of name to value; a `LazyValue` is made when it is first asked for.
      base: a module whose names are let through, or None.
      advice: dict of name to what to use instead of it, for what is not served, as a row of names.ADVICE;
        these names are not let through. None: the row of this place.
    """

    def __init__(
        self,
        place: str,
        own: Dict[str, Any],
        base: Optional[types.ModuleType] = None,
        advice: Optional[Mapping[str, str]] = None,
    ):
        super().__init__(f"legacy_gan.tf1.{place}", getattr(base, "__doc__", None))
        advice = names.ADVICE.get(place, {}) if advice is None else advice
        vars(self).update(_place=place, _own=own, _base=base, _advice=advice)

    def __getattr__(self, name: str) -> Any:
        if name in self._own:
            value = self._own[name]
            if isinstance(value, LazyValue):
                value = value.make()
            setattr(self, name, value)
            return value
        if name == "__all__":  # what `from ... import *` takes
            return [public for public in dir(self) if not public.startswith("_")]
        if name == "__path__":  # it has no files of its own
            raise AttributeError(name)
        if name not in self._advice and self._base is not None:
            try:
                return self._let_through(name, getattr(self._base, name))
            except NotServed:
                raise
            except AttributeError:
                pass
        below = f"{self._place}.{name}"
        if below in names.REFUSED:
            value = Namespace(below, {}, advice={names.EVERY_OTHER: names.REFUSED[below]})
            setattr(self, name, value)
            return value
        raise NotServed(below, _advice_on(name, self._place, self._advice, self.__all__))

    def _let_through(self, name: str, value: Any) -> Any:
        """Returns a value of the base; over a module of TensorFlow's own a Namespace, whose other names are refused."""
        if not isinstance(value, types.ModuleType) or not _OF_THE_API.search(vars(value).get("__name__", "")):
            return value
        below = f"{self._place}.{name}"
        value = Namespace(below, {}, value, names.ADVICE.get(below, names.OF_THE_API))
        setattr(self, name, value)
        return value

    def __dir__(self) -> Iterable[str]:
        base = () if self._base is None else dir(self._base)
        return sorted((set(base) | set(self._own)) - set(self._advice))


def _advice_on(name: str, place: str, advice: Mapping[str, str], known: Iterable[str]) -> str:
    """Returns what to use instead of a name, or which of the known names is close to it."""
    for row in (name, names.EVERY_OTHER):
        if row in advice:
            return f"{place} has {', '.join(known)}" if advice[row] == names.ITS_NAMES else advice[row]
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.85)
    if close:
        return f"did you mean {place}.{close[0]}?"
    return advice.get(names.AFTER_A_GUESS, "TensorFlow 1.15 has no such name")


def refusal(place: str, served: Iterable[str] = ()) -> Callable[[str], Any]:
    """Makes the `__getattr__` of a module that stands for a place: names that it lacks are named errors.

    Args:
      place: str, "tf.contrib.slim".
      served: names of the module, which the error lists where names.ADVICE has no advice for the place.
    """

    def __getattr__(name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        advice = {names.EVERY_OTHER: f"{place} has {', '.join(served)}"} if served else names.ADVICE[place]
        raise NotServed(f"{place}.{name}", _advice_on(name, place, advice, ()))

    return __getattr__


# From the table to the tree


@functools.lru_cache(maxsize=None)
def tensorflow_1() -> Namespace:
    """Returns the tf namespace: a Namespace over tensorflow.compat.v1, the same one every time."""
    return _namespace_of("tf")


def names_by_import_only() -> Dict[str, Any]:
    """Returns what a program reaches as tensorflow.NAME and TensorFlow 1.15 had no tf.NAME for."""
    package = _package()
    return {name: getattr(package, name) for name in package.__all__}


@functools.lru_cache(maxsize=None)
def _package() -> Namespace:
    return _namespace_of("tensorflow")


def look_up(symbol: str) -> Any:
    """Returns what a symbol stands for, also where it stood inside of TensorFlow.

    Args:
      symbol: str, "tf.nn.relu" or "tf.contrib.layers.python.layers.batch_norm".
    Raises:
      NotServed: if there is none.
    """
    root, *path = usual_place(symbol).split(".")
    found = tensorflow_1() if root == "tf" else _package()
    for name in path:
        found = getattr(found, name)
    return found


def usual_place(symbol: str) -> str:
    """Returns tf.contrib.layers.python.layers.batch_norm as tf.contrib.layers.batch_norm."""
    parts = symbol.split(".")
    for size in range(len(parts), 0, -1):
        place = ".".join(parts[:size])
        if place in names.INNER_PLACES:
            return ".".join([names.INNER_PLACES[place]] + parts[size:])
    return symbol


def _namespace_of(place: str) -> Namespace:
    """Makes the Namespace of a place from its rows in the table."""
    over = names.OVER.get(place)
    return Namespace(place, _own(place), None if over is None else _installed(over))


def _own(place: str) -> Dict[str, Any]:
    """Returns what the table hangs below a place: a dict of name to value."""
    own = {}  # type: Dict[str, Any]
    if place in names.OLD_NAMES:
        own.update(_served_by(names.OLD_NAMES[place].by))
    if place in names.SERVED:
        module = _served_by(names.SERVED[place].by.partition(":")[0])
        own.update((public, getattr(module, public)) for public in module.__all__)
    start = f"{place}."
    for symbol in list(names.SERVED) + list(names.OVER):
        if symbol.startswith(start):
            name = symbol[len(start) :].partition(".")[0]
            own[name] = LazyValue(_value, start + name)
    return own


def _value(symbol: str) -> Any:
    """Returns what the table says of a symbol, or the Namespace of what stands below it."""
    served = names.SERVED.get(symbol)
    if served is None or served.by.endswith(":*"):
        return _namespace_of(symbol)
    return _served_by(served.by)


def _served_by(by: str) -> Any:
    """Returns what `Served.by` stands for."""
    if by.startswith("= "):
        return look_up(by[2:])
    if by.startswith("tensorflow."):
        return _installed(by)
    name, _, attribute = by.partition(":")
    module = importlib.import_module(f"legacy_gan.tf1.{name}")
    if not attribute:
        return module
    value = getattr(module, attribute.replace("()", ""))
    return value() if attribute.endswith("()") else value


def _installed(path: str) -> Any:
    """Returns a module of the installed TensorFlow."""
    start = "tensorflow.compat.v1"
    if not f"{path}.".startswith(f"{start}."):
        return importlib.import_module(path)
    found = _v1
    for name in path[len(start) + 1 :].split("."):
        found = getattr(found, name) if name else found
    return found
