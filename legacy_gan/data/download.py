"""Downloads MNIST's files from its mirrors; no other module opens a network connection."""

import hashlib
import os
import sys
import tempfile
import threading
import urllib.error
import urllib.request
from typing import Any, Dict, List, Mapping, Optional, Sequence

# TF 1.15's default; it means "MNIST", so every mirror may serve it.
DEFAULT_SOURCE_URL = "https://storage.googleapis.com/cvdf-datasets/mnist/"
MIRRORS = (DEFAULT_SOURCE_URL, "https://ossci-datasets.s3.amazonaws.com/mnist/")

# The MD5 of each file as published. Downloads from the mirrors are verified against it, nothing else is.
MD5S = {
    "train-images-idx3-ubyte": "f68b3c2dcbeaaa9fbdd348bbdeb94873",
    "train-labels-idx1-ubyte": "d53e105ee54ea40749a09fcbcd1e9432",
    "t10k-images-idx3-ubyte": "9fb629c4189551a2d022fa330f9573f3",
    "t10k-labels-idx1-ubyte": "ec29112dd5afa0611ce80d1b7f02629c",
}

# The MD5 of what is in each file: MNIST's own, unpacked or packed anew.
UNPACKED_MD5S = {
    "train-images-idx3-ubyte": "6bbc9ace898e44ae57da46a324031adb",
    "train-labels-idx1-ubyte": "a25bea736e30d166cdddb491f175f624",
    "t10k-images-idx3-ubyte": "2646ac647ad5339dbf082846283269ea",
    "t10k-labels-idx1-ubyte": "27ae3e4e09519cfbb04c329615203637",
}

CONNECT_SECONDS = 5  # until a mirror answers; then the next one is tried
STALL_SECONDS = 10  # without a byte; then the next mirror is tried


class DownloadError(Exception):
    """No mirror gave the files; the message says why, mirror by mirror."""


class _MirrorError(Exception):
    """One mirror did not give one file."""


def fetch(names: Sequence[str], source_url: Optional[str] = None) -> Dict[str, bytes]:
    """Fetches files: all of them or none. What one mirror gave is not asked of the next.

    Args:
      names: of the files, without .gz.
      source_url: the only address to ask, whose files have no known MD5; None for MNIST's mirrors.
    Returns:
      dict of name to packed bytes.
    Raises:
      DownloadError: if a file is to be had nowhere.
    """
    contents: Dict[str, bytes] = {}
    reasons: List[str] = []
    for mirror in MIRRORS if source_url is None else (source_url,):
        try:
            for name in names:
                if name not in contents:
                    contents[name] = _fetch(mirror, name, MD5S[name] if source_url is None else None)
            return contents
        except _MirrorError as e:
            host = mirror.split("/")[2] if "//" in mirror else mirror
            reasons.append(f"{host}: {' '.join(str(e).split())}")
    raise DownloadError(f"no mirror gave it: {'; '.join(reasons)}")


def keep(folder: str, contents: Mapping[str, bytes]) -> None:
    """Writes downloaded files, each whole or not at all, safe beside another process.

    Args:
      folder: where to; it is made.
      contents: dict of name to packed bytes.
    Raises:
      OSError: if they cannot be written.
    """
    os.makedirs(folder, exist_ok=True)
    for name, data in contents.items():
        handle, temporary = tempfile.mkstemp(prefix=name, suffix=".part", dir=folder)
        try:
            with os.fdopen(handle, "wb") as f:
                f.write(data)
                f.flush()
                os.fsync(f.fileno())
            os.chmod(temporary, 0o644)
            os.replace(temporary, os.path.join(folder, f"{name}.gz"))
        except BaseException:
            os.unlink(temporary)
            raise


def _fetch(mirror: str, name: str, md5: Optional[str]) -> bytes:
    """Returns the bytes of one file from one mirror, verified against its MD5."""
    response = _open(f"{mirror.rstrip('/')}/{name}.gz")
    blocks = []
    try:
        with response:
            size = int(response.headers.get("Content-Length") or 0)
            with _bar(name, size) as bar:
                while True:
                    block = response.read(1 << 16)
                    if not block:
                        break
                    blocks.append(block)
                    bar.update(len(block))
    except (OSError, ValueError) as e:
        raise _MirrorError(f"{name} broke off: {e}") from e
    except Exception as e:  # http.client.IncompleteRead and its kin
        raise _MirrorError(f"{name} broke off: {type(e).__name__}") from e
    data = b"".join(blocks)
    if md5 and hashlib.md5(data).hexdigest() != md5:
        page = data[:64].lstrip()[:1] == b"<"
        raise _MirrorError(f"{name}.gz has the wrong MD5{' (a web page)' if page else ''}")
    return data


def _open(url: str) -> Any:
    """Opens a URL; gives up after CONNECT_SECONDS, also where the name look-up hangs."""
    answer: List[Any] = []

    def connect() -> None:
        try:
            answer.append(urllib.request.urlopen(url, timeout=STALL_SECONDS))
        except urllib.error.HTTPError as e:
            e.close()  # it is a response too
            answer.append(e)
        except Exception as e:
            answer.append(e)

    thread = threading.Thread(target=connect, daemon=True)
    thread.start()
    thread.join(CONNECT_SECONDS)
    if not answer:
        raise _MirrorError(f"no answer in {CONNECT_SECONDS} seconds")
    if isinstance(answer[0], Exception):
        raise _MirrorError(str(getattr(answer[0], "reason", "") or answer[0]))
    return answer[0]


def _bar(name: str, size: int) -> Any:
    """A progress bar on a terminal, nothing in a pipe."""
    from tqdm import tqdm

    nobody = True if sys.stderr is None else None  # None: shown on a terminal only
    return tqdm(desc=f"{name}.gz", total=size or None, unit="B", unit_scale=True, disable=nobody)
