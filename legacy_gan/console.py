"""What the package says: lines that no console's encoding or closed pipe turns into an exception.

Standard output has what the listings print; everything else goes to standard error.
"""

import contextlib
import os
import sys
import tempfile
from typing import Any, ContextManager, Iterator, Optional, TextIO

CLOSING = "최적화 완료!"  # as the listings end
CLOSING_IN_ASCII = "Optimization finished!"
_is_quiet = False


def say(text: str) -> None:
    """Prints a line on standard output; OSError where that is a file on a full disk."""
    try:
        _write(sys.stdout, text)
    except OSError as e:
        _lead_nowhere(sys.stdout)
        raise OSError(e.errno, e.strerror, "standard output") from None


def note(text: str) -> None:
    """Prints a line on standard error, if it can be written and nobody asked for quiet."""
    if not _is_quiet:
        warn(text)


def warn(text: str) -> None:
    """Prints a line that nobody should miss on standard error, if it can be written."""
    try:
        _write(sys.stderr, text)
    except OSError:  # a full disk, and nobody to tell
        _lead_nowhere(sys.stderr)


@contextlib.contextmanager
def quiet(wanted: bool) -> Iterator[None]:
    """Leaves out notes and progress bars meanwhile, if that is wanted."""
    global _is_quiet
    before, _is_quiet = _is_quiet, _is_quiet or wanted
    try:
        yield
    finally:
        _is_quiet = before


def close() -> None:
    """Prints the listings' last line, in English where the console cannot show Korean."""
    try:
        CLOSING.encode(getattr(sys.stdout, "encoding", None) or "ascii")
        say(CLOSING)
    except UnicodeEncodeError:
        say(CLOSING_IN_ASCII)


def bar(total: int, done: int = 0) -> Any:
    """Returns tqdm's progress bar of training steps, on standard error, on a terminal only.

    Args:
      total: steps in all. done: those that were taken before.
    """
    from tqdm import tqdm  # as long in loading as all else that --help needs

    nobody = True if sys.stderr is None or _is_quiet else None  # None: shown on a terminal only
    return tqdm(total=total, initial=done, unit="step", disable=nobody, dynamic_ncols=True, smoothing=0.05)


def _write(stream: Optional[TextIO], text: str) -> None:
    if stream is None:  # pythonw has no console
        return
    encoding = getattr(stream, "encoding", None) or "utf-8"
    text = text.encode(encoding, "backslashreplace").decode(encoding)
    try:
        with _bars_aside(stream):
            stream.write(f"{text}\n")
            stream.flush()
    except BrokenPipeError:
        # The reader has gone (`| head`): go on working, to nobody.
        _lead_nowhere(stream)


def _bars_aside(stream: TextIO) -> ContextManager[None]:
    """Returns a context in which no progress bar stands where a line is written."""
    tqdm = getattr(sys.modules.get("tqdm"), "tqdm", None)  # without it there is no bar
    aside: ContextManager[None] = contextlib.nullcontext() if tqdm is None else tqdm.external_write_mode(file=stream)
    return aside


def _lead_nowhere(stream: TextIO) -> None:
    """Lets a stream write to nobody from now on; else Python tries again what it holds when it ends."""
    with contextlib.suppress(OSError):  # a notebook's is no file
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


@contextlib.contextmanager
def held_back() -> Iterator[None]:
    """Holds back what is said on standard error meanwhile, unless an error ends it.

    TensorFlow greets, and tells of its first compilation, on the file descriptor itself, whatever
    was set. With TF_CPP_MIN_LOG_LEVEL=0 in the environment nothing is held back.
    """
    if os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2") == "0" or sys.stderr is None:
        yield
        return
    stderr = os.dup(2)
    with tempfile.TemporaryFile() as held:
        sys.stderr.flush()
        os.dup2(held.fileno(), 2)
        try:
            yield
        except BaseException:
            held.seek(0)
            os.write(stderr, held.read())
            raise
        finally:
            os.dup2(stderr, 2)
            os.close(stderr)
