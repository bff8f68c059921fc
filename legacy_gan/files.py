"""Files that are never half-written, and folders proved writable before they are needed."""

import contextlib
import os
import shutil
import tempfile
from typing import Any, Iterator

from legacy_gan.errors import UserError

_UNFINISHED = ".legacy_gan-"  # how the names of unfinished files and folders begin


def temporary_prefix() -> str:
    """Returns how this process names what is unfinished."""
    return f"{_UNFINISHED}{os.getpid()}-"


def is_unfinished(name: str) -> bool:
    """Whether a name is that of a file or folder that was never finished."""
    return name.startswith(_UNFINISHED)


@contextlib.contextmanager
def replacing(path: str, suffix: str = "") -> Iterator[str]:
    """Yields a temporary path beside `path` and renames it to `path` when the block succeeds.

    Args:
      path: where the finished file goes; its folder is made.
      suffix: of the temporary name, for writers that look at it.
    """
    folder = os.path.dirname(path) or "."
    os.makedirs(folder, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix=temporary_prefix(), suffix=suffix, dir=folder)
    os.close(handle)
    try:
        yield temporary
        sync(temporary)
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(temporary, 0o666 & ~mask)
        os.replace(temporary, path)
    except BaseException as e:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        if isinstance(e, OSError) and e.filename in (None, temporary):
            raise OSError(e.errno, e.strerror or str(e), path) from e
        raise


def tidy(folder: str, shared: bool = True) -> None:
    """Removes what processes that died left unfinished in a folder, if it is there.

    Args:
      folder: its path.
      shared: True spares what a living process may be writing.
    """
    for name in os.listdir(folder) if os.path.isdir(folder) else ():
        if is_unfinished(name) and not (shared and _may_live(name)):
            path = os.path.join(folder, name)
            shutil.rmtree(path) if os.path.isdir(path) else os.unlink(path)


def _may_live(name: str) -> bool:
    """Whether the process that an unfinished file's name tells may be alive."""
    number = name[len(_UNFINISHED) :].split("-")[0]
    if os.name == "nt" or not number.isdigit():  # there is no harmless way to ask Windows
        return True
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return False
    except OSError:
        pass
    return int(number) != os.getpid()


def sync(path: str) -> None:
    """Brings a file's or a folder's content to the disk."""
    if os.path.isdir(path):
        if os.name == "nt":  # Windows opens no folders
            return
        handle = os.open(path, os.O_RDONLY)
    else:
        handle = os.open(path, os.O_RDWR | getattr(os, "O_BINARY", 0))
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def why(error: Any) -> str:
    """Returns in words why TensorFlow could not read or write a file.

    Args:
      error: a tf.errors.OpError; TensorFlow is not loaded here.
    """
    lines = [line for line in error.message.splitlines() if line] or [type(error).__name__]
    # A newer one says first where in the graph it was. The file's path comes before the last semicolon.
    nodes = [n for n, line in enumerate(lines[:-1]) if line.startswith("Node: ")]
    found: str = lines[nodes[-1] + 1 if nodes else 0]
    return found.split("; ")[-1]


def prove_file(path: str, flag: str) -> None:
    """Proves that a file can be written, by its folder and its name.

    Args:
      path: of the file. flag: the option that names it, for the error.
    Raises:
      UserError: if it cannot, or is a folder.
    """
    if os.path.isdir(path):
        raise UserError(f"{flag} {path}: expected a file, got a folder")
    prove_writable(os.path.dirname(os.path.abspath(path)), flag)
    try:
        os.lstat(path)
    except FileNotFoundError:
        pass
    except OSError as e:
        raise UserError(f"{flag} {path}: {e.strerror or e}; name another") from None


def prove_writable(folder: str, flag: str) -> None:
    """Makes a folder and writes a file in it, so that no training ends because it cannot write.

    Args:
      folder: its path.
      flag: the option that names it, for the error.
    Raises:
      UserError: if it cannot be made or written.
    """
    try:
        os.makedirs(folder, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as f:
            f.write(b"x")
    except OSError as e:
        raise UserError(
            f"{flag} must be a folder that can be written, {folder}: {e.strerror or e}; name another"
        ) from None
