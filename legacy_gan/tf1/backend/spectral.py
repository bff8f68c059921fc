"""Convolutions of small images as matrix products, one for each frequency: less to compute on a CPU.

A cyclic grid that is larger than the image by the kernel's reach holds a convolution without wrapping
around. On it the discrete Fourier transform makes a convolution a product of matrices [batch, channels]
and [channels, filters] for each frequency, exactly; only the rounding differs. For 5x5 kernels on 7x7
images it is a sixth of the multiplications. Of the frequencies of a real image half are the others'
conjugates, and each complex product is made of three real ones.

With stride s an image is taken as s x s images of every s-th pixel, as so many channels more.
"""

import contextlib
import functools
import itertools
import threading
from typing import Any, Iterator, List, Sequence

import numpy as np
import tensorflow.compat.v1 as tf

__all__ = ["conv2d", "conv2d_transpose", "serves", "small_convolutions"]

_here = threading.local()
_LARGEST, _FEWEST = 64, 16  # points of an output, channels: beyond these direct convolution is faster


@contextlib.contextmanager
def small_convolutions() -> Iterator[None]:
    """Convolutions of tf.layers that are built inside are computed this way where it is faster."""
    before = getattr(_here, "on", False)
    _here.on = True
    try:
        yield
    finally:
        _here.on = before


def serves(
    large: List[Any], kernel: List[int], strides: Sequence[int], padding: str, dilation: Sequence[int] = (1, 1)
) -> bool:
    """Whether a convolution is to be computed this way.

    Args:
      large: list of int or None [batch, height, width, channels], the side with more points.
      kernel: list of int [height, width, channels, filters]. strides: two ints. padding: "SAME"...
    """
    if not getattr(_here, "on", False) or padding != "SAME" or list(dilation) != [1, 1]:
        return False
    sizes = large[1:3]
    if None in sizes or any(size % stride for size, stride in zip(sizes, strides)):
        return False
    points = np.prod([size // stride for size, stride in zip(sizes, strides)])
    return bool(points <= _LARGEST and min(kernel[2:]) >= _FEWEST)


def conv2d(inputs: tf.Tensor, kernel: tf.Tensor, strides: Sequence[int]) -> tf.Tensor:
    """tf.nn.conv2d with padding "SAME".

    Args:
      inputs: float [batch, height, width, channels], sizes multiples of the strides.
      kernel: float [height, width, channels, filters]. strides: two ints.
    Returns:
      float [batch, height / stride, width / stride, filters].
    """
    _, height, width, channels = inputs.shape.as_list()
    points = height // strides[0], width // strides[1]
    there, taps, back = _matrices(points, tuple(kernel.shape.as_list()[:2]), tuple(strides))
    spectra = tf.matmul(_left(there, _split(inputs, points, strides)), _spectra(taps, kernel, len(there)))
    return _joined(_left(back, spectra), points, (1, 1))


def conv2d_transpose(inputs: tf.Tensor, kernel: tf.Tensor, strides: Sequence[int]) -> tf.Tensor:
    """tf.nn.conv2d_transpose with padding "SAME", to sizes that are the strides' multiples.

    Args:
      inputs: float [batch, height, width, channels].
      kernel: float [height, width, filters, channels]. strides: two ints.
    Returns:
      float [batch, height * stride, width * stride, filters].
    """
    points = tuple(inputs.shape.as_list()[1:3])
    there, taps, back = _matrices(points, tuple(kernel.shape.as_list()[:2]), tuple(strides))
    spectra = tf.matmul(
        _left(back.T, _split(inputs, points, (1, 1))), _spectra(taps, kernel, len(there)), transpose_b=True
    )
    return _joined(_left(there.T, spectra), points, strides)


def _split(images, points, strides):
    """Returns [points, batch, strides' pixels * channels] of [batch, height, width, channels]."""
    channels = images.shape.as_list()[3]
    parts = tf.reshape(images, [-1, points[0], strides[0], points[1], strides[1], channels])
    parts = tf.transpose(parts, [1, 3, 0, 2, 4, 5])
    return tf.reshape(parts, [points[0] * points[1], -1, strides[0] * strides[1] * channels])


def _joined(parts, points, strides):
    """Undoes `_split`."""
    channels = parts.shape.as_list()[2] // (strides[0] * strides[1])
    parts = tf.reshape(parts, [points[0], points[1], -1, strides[0], strides[1], channels])
    images = tf.transpose(parts, [2, 0, 3, 1, 4, 5])
    return tf.reshape(images, [-1, points[0] * strides[0], points[1] * strides[1], channels])


def _spectra(taps, kernel, count):
    """Returns a kernel at so many frequencies, [count, strides' pixels * channels, filters]."""
    height, width, channels, filters = kernel.shape.as_list()
    spectra = _left(taps, tf.reshape(kernel, [height * width, channels, filters]))
    return tf.reshape(spectra, [count, -1, filters])


def _left(matrix, values):
    """Returns a constant matrix times all that is behind the values' first axis."""
    _, second, third = values.shape.as_list()
    flat = tf.reshape(values, [matrix.shape[1], -1])
    product = tf.matmul(tf.constant(matrix, values.dtype), flat)
    return tf.reshape(product, [len(matrix), -1 if second is None else second, third])


@functools.lru_cache(None)
def _matrices(points, size, strides):
    """Returns the constants of a convolution, `back @ ((there @ x) * (taps @ k))`, float32.

    Args: the output's points, the kernel's size and the strides, two ints each.
    Returns:
      there [m, points]; taps [m * strides' pixels, kernel's size]; back [points, m].
    """
    per_axis = [_offsets(*given) for given in zip(points, size, strides)]
    reach = [max(abs(offset) for row in rows for _, offset in row) for rows in per_axis]
    grid = [n + more for n, more in zip(points, reach)]
    places = list(itertools.product(*map(range, points)))
    there, taps, back, seen = [], [], [], set()
    for wave in itertools.product(*map(range, grid)):
        conjugate = tuple(-w % n for w, n in zip(wave, grid))
        if conjugate in seen:
            continue
        seen.add(wave)
        x = _phases(wave, places, grid)
        y = x.conj() / np.prod(grid)
        k = np.zeros((strides[0] * strides[1], size[0] * size[1]), complex)
        for (p, row), (q, column) in itertools.product(*map(enumerate, per_axis)):
            for (t, down), (u, right) in itertools.product(row, column):
                phase = _phases(wave, [(down, right)], grid).conj()
                k[p * strides[1] + q, t * size[1] + u] = phase[0]
        if wave == conjugate:
            there += [x.real]
            taps += [k.real]
            back += [y.real]
        else:  # (a + ib)(c + id) from ac, bd and (a + b)(c + d); twice its real part comes back
            there += [x.real, x.imag, x.real + x.imag]
            taps += [k.real, k.imag, k.real + k.imag]
            back += [2 * (y.real + y.imag), 2 * (y.imag - y.real), -2 * y.imag]
    taps = np.array(taps).reshape(-1, size[0] * size[1])
    return tuple(np.ascontiguousarray(m, np.float32) for m in (there, taps, np.transpose(back)))


def _offsets(points, size, stride):
    """Returns for each of `stride` pixels which taps meet it, and how many points away.

    Output i has tap t on pixel stride * i + t - before, which is pixel p of point i + offset.
    """
    before = max((points - 1) * stride + size - points * stride, 0) // 2
    return [
        [(t, (t - before - p) // stride) for t in range(size) if (t - before - p) % stride == 0] for p in range(stride)
    ]


def _phases(wave, places, grid):
    turns = np.array(places) @ (np.array(wave) / grid)
    return np.exp(-2j * np.pi * turns)
