"""Files that are never half-written, and folders proved writable before they are needed."""

import contextlib
import os
import tempfile

from legacy_gan.errors import UserError


@contextlib.contextmanager
def replacing(path, suffix=""):
    """Yields a temporary path beside `path` and renames it to `path` when the block succeeds.

    Args:
      path: where the finished file goes.
      suffix: of the temporary name, for writers that look at it.
    """
    folder = os.path.dirname(path) or "."
    handle, temporary = tempfile.mkstemp(prefix=".", suffix=suffix, dir=folder)
    os.close(handle)
    try:
        yield temporary
        with open(temporary, "rb+") as f:
            os.fsync(f.fileno())
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(temporary, 0o666 & ~mask)
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


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
