"""Small made inputs for the repositories of repository_table.py: pictures, digits, texts, networks' weights.

Each function returns a function without arguments, which writes into the current folder. What is written is the
same in every run.
"""

import functools
import gzip
import json
import os
import pickle
import shutil
import struct
import wave

import numpy as np

WORDS = "the cat sat on a mat and saw one red bird near old water while some dog ran by green trees today".split()


def _made(function):
    """A function with arguments as one that is called with them later."""

    @functools.wraps(function)
    def later(*args, **kwargs):
        return functools.partial(function, *args, **kwargs)

    return later


def _parent(path):
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)


@_made
def folders(*paths):
    """Makes empty folders."""
    for path in paths:
        os.makedirs(path, exist_ok=True)


@_made
def copy(name, to):
    """Copies a file of the repository."""
    _parent(to)
    shutil.copyfile(name, to)


@_made
def text(path, content):
    """Writes a text as it is."""
    _parent(path)
    with open(path, "w", encoding="utf-8") as f:
        f.write(content)


@_made
def sentences(path, lines=100, words=8, template="{}", seed=1):
    """Writes lines of made sentences, each in `template`."""
    _parent(path)
    rng = np.random.RandomState(seed)
    with open(path, "w", encoding="utf-8") as f:
        for number in range(lines):
            chosen = [WORDS[i] for i in rng.randint(len(WORDS), size=words)]
            f.write(template.format(" ".join(chosen), number=number, label=number % 2) + "\n")


@_made
def as_json(path, value):
    """Writes a value as JSON."""
    _parent(path)
    with open(path, "w", encoding="utf-8") as f:
        json.dump(value, f)


def _picture(rng, width, height, channels=3):
    """A picture of soft colours: little noise, so that it survives JPEG."""
    coarse = rng.randint(0, 256, (4, 4, channels)).astype(np.float32)
    rows, columns = np.arange(height) * 4 // height, np.arange(width) * 4 // width
    return np.squeeze(coarse[rows][:, columns].astype(np.uint8))


@_made
def pictures(pattern, count, width, height=None, channels=3):
    """Writes pictures to pattern.format(0), ..."""
    from PIL import Image

    rng = np.random.RandomState(2)
    for number in range(count):
        path = pattern.format(number)
        _parent(path)
        Image.fromarray(_picture(rng, width, height or width, channels)).save(path)


@_made
def digits(folder, packed=True, train=60000, test=10000):
    """Writes made digits as MNIST's four files: a bright square whose place is the label."""
    os.makedirs(folder, exist_ok=True)
    rng = np.random.RandomState(3)
    for name, count in (("train", train), ("t10k", test)):
        labels = rng.randint(10, size=count).astype(np.uint8)
        images = np.zeros((count, 28, 28), np.uint8)
        for label in range(10):
            row, column = 2 + 12 * (label // 5), 1 + 5 * (label % 5)
            images[labels == label, row : row + 10, column : column + 5] = 250
        images[:, 13, :] = rng.randint(256, size=(count, 1))
        for suffix, header, data in (
            ("images-idx3", struct.pack(">4i", 2051, count, 28, 28), images),
            ("labels-idx1", struct.pack(">2i", 2049, count), labels),
        ):
            path = os.path.join(folder, f"{name}-{suffix}-ubyte")
            if packed:
                with gzip.GzipFile(path + ".gz", "wb", compresslevel=1, mtime=0) as f:
                    f.write(header + data.tobytes())
            else:
                with open(path, "wb") as f:
                    f.write(header + data.tobytes())


@_made
def digits_pickle(path):
    """Writes made digits as the pickle of the tutorials of Theano: three pairs of pictures in [0, 1] and labels."""
    rng = np.random.RandomState(13)
    parts = [(rng.uniform(size=(n, 784)).astype(np.float32), rng.randint(10, size=n)) for n in (500, 100, 100)]
    with gzip.open(path, "wb", compresslevel=1) as f:
        pickle.dump(parts, f, protocol=2)


@_made
def arrays(path, **shapes):
    """Writes an npz of float32 arrays of these shapes, between 0 and 1."""
    _parent(path)
    rng = np.random.RandomState(4)
    np.savez(path, **{name: rng.uniform(size=shape).astype(np.float32) for name, shape in shapes.items()})


@_made
def pickled(path, make):
    """Writes what `make(RandomState)` returns as a pickle that Python 3.7 reads."""
    _parent(path)
    with open(path, "wb") as f:
        pickle.dump(make(np.random.RandomState(8)), f, protocol=2)


@_made
def array(path, make):
    """Writes what `make(RandomState)` returns as npy."""
    _parent(path)
    np.save(path, make(np.random.RandomState(9)))


@_made
def hdf5(path, make):
    """Writes the arrays that `make(RandomState)` returns, by name, as HDF5."""
    import h5py

    _parent(path)
    with h5py.File(path, "w") as f:
        for name, value in make(np.random.RandomState(10)).items():
            f.create_dataset(name, data=value)


@_made
def table(path, columns, rows, names=True):
    """Writes a CSV of numbers between 0 and 1; a column whose name ends with "?" has 0 and 1 only."""
    _parent(path)
    rng = np.random.RandomState(11)
    with open(path, "w", encoding="utf-8") as f:
        if names:
            f.write(",".join(name.rstrip("?") for name in columns) + "\n")
        for number in range(rows):
            values = rng.uniform(size=len(columns))
            cells = [
                str(number) if name == "id" else str(int(x > 0.5)) if name.endswith("?") else f"{x:.4f}"
                for name, x in zip(columns, values)
            ]
            f.write(",".join(cells) + "\n")


@_made
def frames(path, clips=12, size=16):
    """Writes short films of made digits in the form that the programs after PredRNN read."""
    rng = np.random.RandomState(14)
    starts = np.arange(clips) * 20
    place = np.stack([np.stack([starts, np.full(clips, 10)], 1), np.stack([starts + 10, np.full(clips, 10)], 1)])
    films = rng.uniform(size=(clips * 20, 1, size, size)).astype(np.float32)
    np.savez(path, clips=place.astype(np.int32), dims=np.array([[1, size, size]], np.int32), input_raw_data=films)


@_made
def cifar_10(folder):
    """Writes made pictures in the form of CIFAR-10's pickles."""
    rng = np.random.RandomState(12)
    os.makedirs(folder, exist_ok=True)
    for name in ("data_batch_1", "data_batch_2", "data_batch_3", "data_batch_4", "data_batch_5", "test_batch"):
        coarse = rng.randint(0, 256, (10000, 3, 4, 4)).astype(np.uint8)
        data = coarse.repeat(8, axis=2).repeat(8, axis=3).reshape(10000, 3072)
        with open(os.path.join(folder, name), "wb") as f:
            pickle.dump({"data": data, "labels": rng.randint(10, size=10000).tolist()}, f, protocol=2)


@_made
def waves(pattern, count, samples=8000):
    """Writes sounds of 16 bits in one channel at 16 kHz."""
    rng = np.random.RandomState(15)
    for number in range(count):
        path = pattern.format(number)
        _parent(path)
        with wave.open(path, "wb") as f:
            f.setnchannels(1)
            f.setsampwidth(2)
            f.setframerate(16000)
            tone = np.sin(np.arange(samples) * rng.uniform(0.05, 0.3)) * 20000
            f.writeframes(tone.astype("<i2").tobytes())


VGG19 = (64, 64, "pool", 128, 128, "pool", *(256,) * 4, "pool", *(512,) * 4, "pool", *(512,) * 4, "pool")


@_made
def vgg_19(path, divided_by=8, order=("weights", "name", "type")):
    """Writes random weights in the form of imagenet-vgg-verydeep-19.mat, with fewer channels, no dense layers.

    `order` is that of the fields, which differs between the file's versions.
    """
    import scipy.io

    _parent(path)
    rng = np.random.RandomState(5)
    layers, channels, block, number = [], 3, 1, 1
    for kind in VGG19:
        if kind == "pool":
            layers.append({"name": f"pool{block}", "type": "pool"})
            block, number = block + 1, 1
            continue
        size = max(4, kind // divided_by)
        kernel = (rng.normal(size=(3, 3, channels, size)) * np.sqrt(2 / (9 * channels))).astype(np.float32)
        weights = np.empty((1, 2), object)
        weights[0, 0], weights[0, 1] = kernel, np.zeros((size, 1), np.float32)
        layers.append({"weights": weights, "name": f"conv{block}_{number}", "type": "conv"})
        layers.append({"name": f"relu{block}_{number}", "type": "relu"})
        channels, number = size, number + 1
    fields = [[(name, object) for name in order if name in layer] for layer in layers]
    cells = np.empty((1, len(layers)), object)
    for i, (layer, names) in enumerate(zip(layers, fields)):
        cell = np.empty((1, 1), names)
        for name, value in layer.items():
            cell[name][0, 0] = value
        cells[0, i] = cell
    mean = np.zeros((1, 1), [("averageImage", object)])
    mean["averageImage"][0, 0] = np.full((8, 8, 3), 120.0)
    scipy.io.savemat(path, {"layers": cells, "normalization": mean})


def _example(**features):
    """A serialized tf.train.Example: bytes, ints or floats by name. Needs no TensorFlow."""

    def field(number, payload):  # length-delimited
        return _varint(number << 3 | 2) + _varint(len(payload)) + payload

    def feature(value):
        if isinstance(value, bytes):
            return field(1, field(1, value))
        if isinstance(value[0], float):
            return field(2, field(1, np.asarray(value, "<f4").tobytes()))
        return field(3, field(1, b"".join(_varint(int(x)) for x in value)))

    entries = b"".join(field(1, field(1, name.encode()) + field(2, feature(x))) for name, x in features.items())
    return field(1, entries)


def _varint(value):
    out = bytearray()
    value &= 2**64 - 1
    while True:
        out.append(value & 127 | (128 if value > 127 else 0))
        value >>= 7
        if not value:
            return bytes(out)


def _crc32c(data):
    """The masked checksum of a TFRecord."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc = _CRC[(crc ^ byte) & 255] ^ crc >> 8
    crc ^= 0xFFFFFFFF
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


def _crc_table():
    table = []
    for byte in range(256):
        for _ in range(8):
            byte = byte >> 1 ^ (0x82F63B78 if byte & 1 else 0)
        table.append(byte)
    return table


_CRC = _crc_table()


def _write_records(path, examples):
    _parent(path)
    with open(path, "wb") as f:
        for example in examples:
            length = struct.pack("<Q", len(example))
            f.write(length + struct.pack("<I", _crc32c(length)) + example + struct.pack("<I", _crc32c(example)))


@_made
def picture_records(path, count, size, name="image/encoded_image"):
    """Writes a TFRecord of JPEG pictures."""
    import io

    from PIL import Image

    rng = np.random.RandomState(6)
    examples = []
    for number in range(count):
        jpeg = io.BytesIO()
        Image.fromarray(_picture(rng, size, size)).save(jpeg, "JPEG")
        examples.append(_example(**{name: jpeg.getvalue(), "image/file_name": f"{number}.jpg".encode()}))
    _write_records(path, examples)


@_made
def progressive_records(folder, name, resolution=16, count=32):
    """Writes the TFRecords of progressive GANs: pictures of every power of two up to `resolution`."""
    rng = np.random.RandomState(7)
    whole = rng.randint(0, 256, (count, 3, resolution, resolution)).astype(np.uint8)
    size = resolution
    while size >= 4:
        examples = [_example(shape=list(image.shape), data=image.tobytes()) for image in whole]
        _write_records(os.path.join(folder, f"{name}-r{int(np.log2(size)):02d}.tfrecords"), examples)
        whole, size = whole[:, :, ::2, ::2], size // 2
