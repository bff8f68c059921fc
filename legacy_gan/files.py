"""Files that are never half-written, and folders proved writable before they are needed."""

import contextlib
import os
import shutil
import tempfile

from legacy_gan.errors import UserError

_UNFINISHED = ".legacy_gan-"  # how the names of unfinished files and folders begin


def temporary_prefix():
    """Returns how this process names what is unfinished."""
    return "{}{}-".format(_UNFINISHED, os.getpid())


def is_unfinished(name):
    """Whether a name is that of a file or folder that was never finished."""
    return name.startswith(_UNFINISHED)


@contextlib.contextmanager
def replacing(path, suffix=""):
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
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


def tidy(folder, shared=True):
    """Removes what processes that died left unfinished in a folder, if it is there.

    Args:
      folder: path.
      shared: bool; True spares what a living process may be writing.
    """
    for name in os.listdir(folder) if os.path.isdir(folder) else ():
        if is_unfinished(name) and not (shared and _may_live(name)):
            path = os.path.join(folder, name)
            shutil.rmtree(path) if os.path.isdir(path) else os.unlink(path)


def _may_live(name):
    """Whether the process that an unfinished file's name tells may be alive."""
    number = name[len(_UNFINISHED):].split("-")[0]
    if os.name == "nt" or not number.isdigit():  # there is no harmless way to ask Windows
        return True
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return False
    except OSError:
        pass
    return int(number) != os.getpid()


def sync(path):
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


def prove_writable(folder, flag):
    """Makes a folder and writes a file in it, so that no training ends at a closed door.

    Args:
      folder: path of the folder.
      flag: str, the option that names it, for the error.
    Raises:
      UserError: if it cannot be made or written.
    """
    try:
        os.makedirs(folder, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as f:
            f.write(b"x")
    except OSError as e:
        raise UserError(
            "{} must be a folder that can be written, {}: {}; name another".format(
                flag, folder, e.strerror or e
            )
        ) from None
