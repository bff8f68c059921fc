"""What listings use of other packages that is gone: np.float, scipy.misc.imsave, time.clock, ...

Only `legacy-gan run` puts it back, in its own process.
"""

import collections
import collections.abc
import time

import numpy as np

__all__ = ["imported", "put_back", "python2"]


def put_back():
    """Puts back what NumPy and the standard library took out and a listing may use."""
    for name, value in _NUMPY.items():
        if name not in vars(np):
            setattr(np, name, value)
    if not hasattr(time, "clock"):  # until Python 3.7: of this process, in seconds
        time.clock = time.process_time
    for name in collections.abc.__all__:  # until Python 3.9
        if not hasattr(collections, name):
            setattr(collections, name, getattr(collections.abc, name))


_NUMPY = dict(
    bool=bool, complex=complex, float=float, int=int, long=int, object=object, str=str, unicode=str,
)


def imported(name, fromlist):
    """Returns what the import of a module that is gone stands for, None for every other module."""
    return None


def python2(error):
    """Returns a hint (str) where an error comes of Python 2, else None."""
    if isinstance(error, SyntaxError):
        return "if that line is Python 2"
    return None
