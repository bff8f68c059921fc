"""The modules of Python 2: cPickle, Queue, StringIO, urllib2, ... and what string, itertools, math and random had."""

import functools
import importlib
import io
import itertools
import math
import operator
import os
import pickle
import random
import string
import sys
import types
from typing import Any, Callable, Dict, Optional, Tuple

from legacy_gan.porting.program.python2 import operations

__all__ = ["module", "put_back"]


class _Module(types.ModuleType):
    """A module of Python 2: names of its own, then those of modules of today, in their order.

    Args:
      name: str. today: names of modules. own: dict of name to value.
    """

    def __init__(self, name: str, today: Tuple[str, ...], own: Dict[str, Any]):
        super().__init__(name)
        vars(self).update(own, _today=today)

    def __getattr__(self, name: str) -> Any:
        if name == "__all__":
            return sorted({public for public in dir(self) if not public.startswith("_")})
        if not name.startswith("__"):
            for today in self._today:
                found = importlib.import_module(today)
                if hasattr(found, name):
                    return getattr(found, name)
        raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")

    def __dir__(self):
        return list(vars(self)) + [name for today in self._today for name in dir(importlib.import_module(today))]


# Of Python 2 to where its names are.
_TODAY = {
    "BaseHTTPServer": "http.server",
    "CGIHTTPServer": "http.server",
    "ConfigParser": "configparser",
    "Cookie": "http.cookies",
    "HTMLParser": "html.parser html",
    "Queue": "queue",
    "SimpleHTTPServer": "http.server",
    "SocketServer": "socketserver",
    "StringIO": "io",
    "Tkinter": "tkinter",
    "UserDict": "collections",
    "UserList": "collections",
    "UserString": "collections",
    "anydbm": "dbm",
    "cPickle": "pickle",
    "cStringIO": "io",
    "commands": "subprocess",
    "cookielib": "http.cookiejar",
    "copy_reg": "copyreg",
    "csv": "csv",
    "dummy_thread": "_thread",
    "dummy_threading": "threading",
    "exceptions": "builtins",
    "future_builtins": "builtins",
    "hashlib": "hashlib",
    "htmlentitydefs": "html.entities",
    "httplib": "http.client",
    "itertools": "itertools",
    "math": "math",
    "md5": "hashlib",
    "operator": "operator",
    "pickle": "pickle",
    "random": "random",
    "robotparser": "urllib.robotparser",
    "sets": "builtins",
    "sha": "hashlib",
    "string": "string",
    "thread": "_thread",
    "tkFileDialog": "tkinter.filedialog",
    "tkMessageBox": "tkinter.messagebox",
    "types": "types",
    "urllib": "urllib.request urllib.parse urllib.error urllib",
    "urllib2": "urllib.request urllib.error urllib.parse",
    "urlparse": "urllib.parse",
    "xmlrpclib": "xmlrpc.client",
}


@functools.lru_cache(maxsize=None)
def module(name: str) -> Optional[types.ModuleType]:
    """Returns a module of Python 2 that Python 3 does not have, or has otherwise; None for every other one."""
    if name not in _TODAY:
        return None
    return _Module(name, tuple(_TODAY[name].split()), _OWN[name]() if name in _OWN else {})


def put_back() -> None:
    """Puts back what modules lost that a program shares with everybody."""
    for package, name, value in (
        (sys, "maxint", sys.maxsize),
        (sys, "setdefaultencoding", lambda encoding: None),
        (sys, "exc_clear", lambda: None),
        (os, "getcwdu", os.getcwd),
    ):
        if not hasattr(package, name):
            setattr(package, name, value)


# pickle


def _raw(file):
    """Returns the bytes below a file of text."""
    return getattr(file, "buffer", file)


class _Unpickler(pickle.Unpickler):
    """Reads what Python 2 wrote: its str, of bytes, becomes text of the same characters, arrays included."""

    def __init__(self, file: Any, **named: Any):
        super().__init__(_raw(file), encoding="latin1", **named)

    def find_class(self, module_name, name):
        if module_name in _TODAY:
            found = module(module_name)
            if hasattr(found, name):
                return getattr(found, name)
        return super().find_class({"__builtin__": "builtins"}.get(module_name, module_name), name)


def _loads(data):
    return _Unpickler(io.BytesIO(data.encode("latin1") if isinstance(data, str) else data)).load()


def _pickle():
    return dict(
        load=lambda file: _Unpickler(file).load(),
        loads=_loads,
        dump=lambda obj, file, protocol=0: pickle.dump(obj, _raw(file), min(protocol, 2)),
        dumps=lambda obj, protocol=0: pickle.dumps(obj, min(protocol, 2)),
        Unpickler=_Unpickler,
        Pickler=lambda file, protocol=0: pickle.Pickler(_raw(file), min(protocol, 2)),
    )


# StringIO


class _StringIO(io.BytesIO):
    """A buffer of text or of bytes, whichever it is given."""

    def __init__(self, value: Any = ""):
        self._is_text = isinstance(value, str)
        super().__init__(value.encode("utf-8") if self._is_text else value)

    def _shown(self, data):
        if self._is_text:
            try:
                return data.decode("utf-8")
            except UnicodeDecodeError:
                pass
        return data

    def write(self, data):
        if not isinstance(data, str):
            self._is_text = False
        return super().write(data.encode("utf-8") if isinstance(data, str) else data)

    def writelines(self, lines):
        for line in lines:
            self.write(line)

    def read(self, *args):
        return self._shown(super().read(*args))

    def readline(self, *args):
        return self._shown(super().readline(*args))

    def readlines(self, *args):
        return [self._shown(line) for line in super().readlines(*args)]

    def __next__(self):
        return self._shown(super().__next__())

    next = __next__

    def getvalue(self):
        return self._shown(super().getvalue())


# csv, hashlib


def _csv():
    import csv

    def lines(file):
        return io.TextIOWrapper(file, encoding="utf-8", newline="") if isinstance(file, io.BufferedIOBase) else file

    def row_reader(kind):
        class Reader(kind):
            def __init__(self, file, *args, **named):
                super().__init__(lines(file), *args, **named)

        return Reader

    return dict(
        reader=lambda file, *args, **named: csv.reader(lines(file), *args, **named),
        DictReader=row_reader(csv.DictReader),
    )


def _hashes():
    import hashlib

    def of_text(function):
        def made(data=b"", *args, **named):
            made_hash = function(b"", *args, **named)
            made_hash.update(data.encode("utf-8") if isinstance(data, str) else data)
            return made_hash

        return made

    return {name: of_text(getattr(hashlib, name)) for name in ("md5", "sha1", "sha224", "sha256", "sha384", "sha512")}


def _hash(name):
    made = _hashes()[name]
    return {"new": made, name: made, "sha": made} if name == "sha1" else {"new": made, name: made}


# Numbers


class _Random(random.Random):
    """Draws whole numbers as Python 2 does: from the same stream, in another way."""

    def _randbelow(self, n):
        return int(self.random() * n)

    def seed(self, a=None, *args):
        super().seed(a if a is None or isinstance(a, (int, float, str, bytes)) else hash(a), *args)


def _random():
    one = _Random()
    names = (name for name in random.__all__ if name[0].islower() and callable(getattr(one, name, None)))
    return dict({name: getattr(one, name) for name in names}, Random=_Random)


def _math():
    return dict(floor=lambda x: float(math.floor(x)), ceil=lambda x: float(math.ceil(x)))


# Names that moved


def _method(name: str) -> Callable[..., Any]:
    return lambda text, *args: getattr(text, name)(*args)


def _string():
    methods = "capitalize center count expandtabs find index ljust lower lstrip replace rfind rindex rjust rsplit "
    methods += "rstrip split strip swapcase translate upper zfill"
    return dict(
        {name: _method(name) for name in methods.split()},
        letters=string.ascii_letters,
        lowercase=string.ascii_lowercase,
        uppercase=string.ascii_uppercase,
        maketrans=str.maketrans,
        join=lambda words, sep=" ": sep.join(words),
        joinfields=lambda words, sep=" ": sep.join(words),
        splitfields=lambda text, *args: text.split(*args),
        atoi=int,
        atol=int,
        atof=float,
    )


def _types():
    return dict(
        BooleanType=bool,
        BuiltinFunctionType=types.BuiltinFunctionType,
        ComplexType=complex,
        DictType=dict,
        DictionaryType=dict,
        FileType=io.IOBase,
        FloatType=float,
        IntType=int,
        ListType=list,
        LongType=int,
        NoneType=type(None),
        ObjectType=object,
        StringType=str,
        StringTypes=(str, bytes),
        TupleType=tuple,
        TypeType=type,
        UnicodeType=str,
    )


def _itertools():
    return dict(
        izip=zip, imap=map, ifilter=filter, ifilterfalse=itertools.filterfalse, izip_longest=itertools.zip_longest
    )


def _operator():
    return dict(
        div=operations.divide,
        idiv=operations.divide,
        isCallable=callable,
        sequenceIncludes=operator.contains,
        isSequenceType=lambda x: hasattr(x, "__getitem__") and not hasattr(x, "keys"),
        isMappingType=lambda x: hasattr(x, "keys"),
        isNumberType=lambda x: isinstance(x, (int, float, complex)),
    )


def _config_parser():
    import configparser

    return dict(
        SafeConfigParser=configparser.ConfigParser,
        ConfigParser=functools.partial(configparser.ConfigParser, strict=False),
    )


_OWN: Dict[str, Callable[[], Dict[str, Any]]] = {
    "ConfigParser": _config_parser,
    "StringIO": lambda: {"StringIO": _StringIO},
    "UserDict": lambda: {"IterableUserDict": importlib.import_module("collections").UserDict},
    "cPickle": _pickle,
    "cStringIO": lambda: {"StringIO": _StringIO},
    "csv": _csv,
    "future_builtins": lambda: {"map": map, "filter": filter, "zip": zip},
    "hashlib": _hashes,
    "itertools": _itertools,
    "math": _math,
    "md5": lambda: _hash("md5"),
    "operator": _operator,
    "pickle": _pickle,
    "random": _random,
    "sets": lambda: {"Set": set, "ImmutableSet": frozenset},
    "sha": lambda: _hash("sha1"),
    "string": _string,
    "types": _types,
}
