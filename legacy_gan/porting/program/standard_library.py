"""Python's standard library as it was with TensorFlow 1 (Python 3.7), for a program on today's Python.

What is put back are names and arguments that are gone: what runs on today's Python does not ask for them.
"""

import base64
import collections
import collections.abc
import configparser
import ctypes
import fractions
import functools
import gc
import importlib
import importlib.util
import inspect
import json
import locale
import math
import os
import platform
import random
import re
import shutil
import sys
import threading
import time
import types
import unittest
import xml.etree.ElementTree
from typing import Any, Callable, Dict, List

__all__ = ["GONE_MODULES", "SERVED", "add_to_type", "program_open", "put_back"]

_ArgSpec = collections.namedtuple("ArgSpec", "args varargs keywords defaults")


def _getargspec(func):
    return _ArgSpec(*inspect.getfullargspec(func)[:4])


def _linux_distribution(*_, **__):
    """(name, version, codename) of a Linux, from /etc/os-release."""
    release = getattr(platform, "freedesktop_os_release", dict)
    try:
        found = release()
    except OSError:
        found = {}
    return found.get("ID", ""), found.get("VERSION_ID", ""), found.get("VERSION_CODENAME", "")


def _format(percent, value, grouping=False, monetary=False, *additional):
    return locale.format_string(percent, value, grouping, monetary)


# Names that are gone: where, name, what it is, until which Python.
_NAMES = (
    (base64, "encodestring", base64.encodebytes),  # 3.8
    (base64, "decodestring", base64.decodebytes),  # 3.8
    (configparser, "SafeConfigParser", configparser.ConfigParser),  # 3.11
    (configparser.RawConfigParser, "readfp", lambda self, fp, filename=None: self.read_file(fp, filename)),  # 3.11
    (fractions, "gcd", math.gcd),  # 3.8
    (inspect, "getargspec", _getargspec),  # 3.10
    (locale, "format", _format),  # 3.11
    (platform, "dist", _linux_distribution),  # 3.7
    (platform, "linux_distribution", _linux_distribution),  # 3.7
    (sys, "getcheckinterval", lambda: 100),  # 3.8
    (sys, "setcheckinterval", lambda interval: None),  # 3.8
    (threading.Thread, "isAlive", threading.Thread.is_alive),  # 3.8
    (time, "clock", time.process_time),  # 3.7 (2): seconds of this process
    (unittest, "makeSuite", lambda case, prefix="test", **_: unittest.defaultTestLoader.loadTestsFromTestCase(case)),
)
_ASSERTIONS = dict(  # of unittest.TestCase, until 3.11
    assertEquals="assertEqual",
    assertNotEquals="assertNotEqual",
    assertAlmostEquals="assertAlmostEqual",
    assertNotAlmostEquals="assertNotAlmostEqual",
    assertRegexpMatches="assertRegex",
    assertNotRegexpMatches="assertNotRegex",
    assertRaisesRegexp="assertRaisesRegex",
    assert_="assertTrue",
    failUnless="assertTrue",
    failIf="assertFalse",
    failUnlessEqual="assertEqual",
    failIfEqual="assertNotEqual",
    failUnlessAlmostEqual="assertAlmostEqual",
    failUnlessRaises="assertRaises",
)

SERVED: List[str] = [f"{place.__name__}.{name}" for place, name, _ in _NAMES if isinstance(place, types.ModuleType)]
SERVED += [f"collections.{name}" for name in collections.abc.__all__ if name not in ("Buffer", "ByteString")]


def put_back() -> None:
    """Puts the names and arguments back, for the rest of the process."""
    for place, name, value in _NAMES:
        if not hasattr(place, name):
            setattr(place, name, value)
    for name in collections.abc.__all__:  # until 3.9
        if not hasattr(collections, name):
            setattr(collections, name, getattr(collections.abc, name))
    for old, new in _ASSERTIONS.items():
        if not hasattr(unittest.TestCase, old):
            setattr(unittest.TestCase, old, getattr(unittest.TestCase, new))
    _elements()
    if sys.version_info >= (3, 9):
        _ignore_argument(json, "loads", "encoding")
        _ignore_argument(json, "load", "encoding")
        array = importlib.import_module("array").array
        add_to_type(array, tostring=array.tobytes, fromstring=array.frombytes)
    if sys.version_info >= (3, 11):
        _random()


def _ignore_argument(place, function_name, argument):
    function = getattr(place, function_name)

    @functools.wraps(function)
    def call(*args, **named):
        named.pop(argument, None)
        return function(*args, **named)

    setattr(place, function_name, call)


def add_to_type(kind: type, **methods: Callable) -> None:
    """Gives a type that is written in C methods that it lacks; setattr refuses."""
    (namespace,) = gc.get_referents(vars(kind))
    for name, method in methods.items():
        namespace.setdefault(name, method)
    ctypes.pythonapi.PyType_Modified(ctypes.py_object(kind))


def _elements():
    """Element.getchildren() and getiterator(), until 3.8."""
    etree = xml.etree.ElementTree
    if not hasattr(etree.Element, "getchildren"):

        def getiterator(self, tag=None):
            return list(self.iter(tag))

        etree.ElementTree.getiterator = getiterator
        add_to_type(etree.Element, getchildren=lambda self: list(self), getiterator=getiterator)


def _random():
    """random took sets, a function to shuffle with, whole floats and any seed, until 3.10."""
    kind: Any = random.Random
    sample, shuffle, randrange, seed = kind.sample, kind.shuffle, kind.randrange, kind.seed

    @functools.wraps(sample)
    def sample_of(self, population, k, **named):
        return sample(
            self, tuple(population) if isinstance(population, collections.abc.Set) else population, k, **named
        )

    @functools.wraps(shuffle)
    def shuffle_by(self, x, random=None):
        if random is None:
            shuffle(self, x)
            return
        for i in reversed(range(1, len(x))):
            j = int(random() * (i + 1))
            x[i], x[j] = x[j], x[i]

    @functools.wraps(randrange)
    def randrange_of(self, *bounds, **named):
        whole = [int(b) if isinstance(b, float) and b == int(b) else b for b in bounds]
        return randrange(self, *whole, **named)

    @functools.wraps(seed)
    def seed_of(self, a=None, version=2):
        known = a is None or isinstance(a, (int, float, str, bytes, bytearray))
        seed(self, a if known else hash(a), version)

    for name, function in dict(sample=sample_of, shuffle=shuffle_by, randrange=randrange_of, seed=seed_of).items():
        setattr(kind, name, function)
        setattr(random, name, getattr(random._inst, name))  # type: ignore[attr-defined]


def program_open(open_: Callable) -> Callable:
    """Returns open() that takes the mode "U", which every text file has been read in since Python 3, until 3.10."""
    if sys.version_info < (3, 11):
        return open_

    @functools.wraps(open_)
    def call(file, mode="r", *args, **named):
        if isinstance(mode, str) and "U" in mode:
            mode = mode.replace("U", "")
            mode = mode if "r" in mode else f"r{mode}"
        return open_(file, mode, *args, **named)

    return call


# Modules


class _LooseVersion:
    """A version's numbers and words, compared one by one."""

    def __init__(self, vstring=None):
        self.vstring = vstring
        if vstring:
            self.parse(vstring)

    def parse(self, vstring):
        self.vstring = vstring
        parts = re.split(r"(\d+|[a-z]+|\.)", vstring)
        self.version = [int(part) if part.isdigit() else part for part in parts if part not in ("", ".")]

    def __str__(self):
        return self.vstring

    def __repr__(self):
        return f"LooseVersion ('{self}')"

    def _other(self, other):
        return (type(self)(other) if isinstance(other, str) else other).version

    def __eq__(self, other):
        return self.version == self._other(other)

    def __lt__(self, other):
        return self.version < self._other(other)

    def __le__(self, other):
        return self.version <= self._other(other)

    def __gt__(self, other):
        return self.version > self._other(other)

    def __ge__(self, other):
        return self.version >= self._other(other)


def _strtobool(val):
    word = val.lower()
    if word in ("y", "yes", "t", "true", "on", "1"):
        return 1
    if word in ("n", "no", "f", "false", "off", "0"):
        return 0
    raise ValueError(f"invalid truth value {val!r}")


def _copy_tree(src, dst, *_, **__):
    shutil.copytree(src, dst, dirs_exist_ok=True)  # type: ignore[call-arg]  # since 3.8
    return [os.path.join(folder, name) for folder, _, names in os.walk(dst) for name in names]


def _mkpath(name, mode=0o777, *_, **__):
    os.makedirs(name, mode, exist_ok=True)
    return [name]


def _load_source(name, pathname, file=None):
    spec: Any = importlib.util.spec_from_file_location(name, pathname)
    found = importlib.util.module_from_spec(spec)
    sys.modules[name] = found
    spec.loader.exec_module(found)
    return found


def _find_module(name, path=None):
    from importlib.machinery import PathFinder

    spec = PathFinder.find_spec(name, path)
    if spec is None or spec.origin is None:
        raise ImportError(f"No module named {name!r}", name=name)
    if spec.submodule_search_locations:
        return None, os.path.dirname(spec.origin), ("", "", 5)
    return open(spec.origin), spec.origin, (os.path.splitext(spec.origin)[1], "r", 1)


def _load_module(name, file, filename, details):
    return _load_source(name, os.path.join(filename, "__init__.py") if details[2] == 5 else filename)


def _picture_kind(file, h=None):
    """The kind of a picture by its first bytes: png, jpeg, gif, bmp, tiff, webp; None for another."""
    if h is None:
        if isinstance(file, (str, os.PathLike)):
            with open(file, "rb") as f:
                h = f.read(32)
        else:
            place = file.tell()
            h = file.read(32)
            file.seek(place)
    for kind, is_it in (
        ("png", h.startswith(b"\211PNG\r\n\032\n")),
        ("jpeg", h.startswith(b"\xff\xd8\xff") or h[6:10] in (b"JFIF", b"Exif")),
        ("gif", h[:6] in (b"GIF87a", b"GIF89a")),
        ("bmp", h.startswith(b"BM")),
        ("tiff", h[:2] in (b"MM", b"II")),
        ("webp", h.startswith(b"RIFF") and h[8:12] == b"WEBP"),
    ):
        if is_it:
            return kind
    return None


def _escape(s, quote=None):
    html = importlib.import_module("html")
    return html.escape(s, bool(quote))


# What programs use of modules that are gone.
_MODULES: Dict[str, Dict[str, Any]] = {
    "cgi": dict(escape=_escape),
    "distutils": {},
    "distutils.dir_util": dict(
        copy_tree=_copy_tree, mkpath=_mkpath, remove_tree=lambda directory, *_, **__: shutil.rmtree(directory)
    ),
    "distutils.file_util": dict(copy_file=lambda src, dst, *_, **__: (shutil.copy2(src, dst), 1)),
    "distutils.spawn": dict(find_executable=lambda executable, path=None: shutil.which(executable, path=path)),
    "distutils.util": dict(strtobool=_strtobool),
    "distutils.version": dict(LooseVersion=_LooseVersion, StrictVersion=_LooseVersion),
    "imghdr": dict(what=_picture_kind),
    "imp": dict(
        PY_SOURCE=1,
        PKG_DIRECTORY=5,
        find_module=_find_module,
        load_module=_load_module,
        load_source=_load_source,
        new_module=types.ModuleType,
        reload=importlib.reload,
    ),
    "pipes": dict(quote=importlib.import_module("shlex").quote),
}
GONE_MODULES = {name: (None, names) for name, names in _MODULES.items()}
SERVED += [name for name in _MODULES if name not in ("cgi", "distutils")]  # of these only what is named
SERVED += [f"{name}.{of}" for name, names in _MODULES.items() for of in names]
