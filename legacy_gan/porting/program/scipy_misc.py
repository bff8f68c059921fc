"""scipy.misc's functions for pictures, which SciPy 1.2 took out, on Pillow; and its numerical derivative.

Arrays that are not uint8 are stretched so that their smallest number becomes 0 and their largest 255:
the pictures that a program saved then are the ones it saves now.

Source: the interface and the semantics of SciPy 1.1.0.
"""

import numpy as np

__all__ = [
    "bytescale",
    "central_diff_weights",
    "derivative",
    "fromimage",
    "imfilter",
    "imread",
    "imresize",
    "imrotate",
    "imsave",
    "imshow",
    "toimage",
]

_RESAMPLE = {"nearest": 0, "lanczos": 1, "bilinear": 2, "bicubic": 3, "cubic": 3}  # as Pillow numbers them
_CHANNELS = {"RGB": 3, "YCbCr": 3, "RGBA": 4, "CMYK": 4}


def bytescale(data, cmin=None, cmax=None, high=255, low=0):
    """Returns uint8, data with cmin to cmax stretched over low to high; uint8 as it is.

        (data - cmin) * (high - low) / (cmax - cmin) + low, held to low..high, rounded

    Args:
      data: array. cmin, cmax: numbers; None for the smallest and the largest of data.
      high, low: 0 <= low <= high <= 255.
    """
    if data.dtype == np.uint8:
        return data
    if not 0 <= low <= high <= 255:
        raise ValueError(f"bytescale: expected 0 <= low <= high <= 255, got {low} and {high}")
    cmin = data.min() if cmin is None else cmin
    cmax = data.max() if cmax is None else cmax
    if cmax < cmin:
        raise ValueError(f"bytescale: expected cmin <= cmax, got {cmin} and {cmax}")
    scale = float(high - low) / ((cmax - cmin) or 1)
    return (((data - cmin) * scale + low).clip(low, high) + 0.5).astype(np.uint8)


def toimage(arr, high=255, low=0, cmin=None, cmax=None, pal=None, mode=None, channel_axis=None):
    """Returns a PIL image of an array [height, width] or of one with three or four channels.

    Args:
      high, low, cmin, cmax: see bytescale.
      pal: uint8 [n, 3], a palette, for two axes.
      mode: Pillow's: None, L, P, 1, F or I for two axes; RGB, YCbCr, RGBA or CMYK for three.
      channel_axis: int; None for the first axis of three, then of four, channels.
    """
    data = np.asarray(arr)
    if np.iscomplexobj(data):
        raise ValueError("toimage: expected real numbers, got complex ones")
    if data.ndim == 2:
        return _grey(data, high, low, cmin, cmax, pal, mode)
    if data.ndim != 3 or not {3, 4} & set(data.shape):
        raise ValueError(f"toimage: expected [height, width] or 3 or 4 channels, got shape {data.shape}")
    if channel_axis is None:
        channel_axis = data.shape.index(3 if 3 in data.shape else 4)
    channels = data.shape[channel_axis]
    mode = mode or {3: "RGB", 4: "RGBA"}.get(channels)
    if _CHANNELS.get(mode) != channels:
        raise ValueError(f"toimage: mode {mode} does not fit {channels} channels on axis {channel_axis}")
    data = np.moveaxis(bytescale(data, cmin, cmax, high, low), channel_axis, 2)
    return _image(mode, data)


def _grey(data, high, low, cmin, cmax, pal, mode):
    """Returns a PIL image of [height, width]."""
    if mode == "F":
        return _image(mode, data.astype(np.float32))
    if mode in (None, "L", "P"):
        image = _image("L", bytescale(data, cmin, cmax, high, low))
        if mode == "P" and pal is None:
            pal = np.repeat(np.arange(256)[:, None], 3, axis=1)
        if pal is not None:
            image.putpalette(np.asarray(pal, np.uint8).tobytes())
        return image
    if mode == "1":
        return _image("L", np.where(data > high, 255, 0).astype(np.uint8)).convert("1")
    if mode == "I":
        cmin = data.min() if cmin is None else cmin
        cmax = data.max() if cmax is None else cmax
        data = (data * 1.0 - cmin) * (high - low) / (cmax - cmin) + low
        return _image(mode, data.astype(np.uint32))
    raise ValueError(f"toimage: mode {mode} does not fit two axes")


def _image(mode, data):
    from PIL import Image

    return Image.frombytes(mode, (data.shape[1], data.shape[0]), np.ascontiguousarray(data).tobytes())


def fromimage(im, flatten=False, mode=None):
    """Returns a PIL image as an array: [height, width], or [height, width, channels].

    Args:
      flatten: bool; True makes grey float32 of it. mode: str, Pillow's, to convert to; None for its own.
    """
    if mode is not None:
        im = im if im.mode == mode else im.convert(mode)
    elif im.mode == "P":
        im = im.convert("RGBA" if "transparency" in im.info else "RGB")
    if flatten:
        im = im.convert("F")
    elif im.mode == "1":
        im = im.convert("L")
    return np.array(im)


def imread(name, flatten=False, mode=None):
    """Returns a picture of a file (its name, or opened), see fromimage."""
    from PIL import Image

    with Image.open(name) as image:
        return fromimage(image, flatten=flatten, mode=mode)


def imsave(name, arr, format=None):
    """Writes an array as a picture, see toimage; channels are the last axis."""
    image = toimage(arr, channel_axis=2)
    if format is None:
        image.save(name)
    else:
        image.save(name, format)


def imresize(arr, size, interp="bilinear", mode=None):
    """Returns an array as a picture of another size, uint8 in most modes.

    Args:
      size: int, in percent; float, as a fraction; or (height, width).
      interp: nearest, lanczos, bilinear, bicubic or cubic.
      mode: see toimage.
    """
    image = toimage(arr, mode=mode)
    if isinstance(size, (int, np.signedinteger)):
        size = (np.array(image.size) * (size / 100.0)).astype(int)
    elif isinstance(size, (float, np.floating)):
        size = (np.array(image.size) * size).astype(int)
    else:
        size = (size[1], size[0])
    return fromimage(image.resize(tuple(int(side) for side in size), resample=_RESAMPLE[interp]))


def imrotate(arr, angle, interp="bilinear"):
    """Returns an array as a picture turned counter-clockwise by `angle` degrees."""
    return fromimage(toimage(arr).rotate(angle, resample=_RESAMPLE[interp]))


def imfilter(arr, ftype):
    """Returns an array as a picture after one of Pillow's filters, "blur" or "find_edges", ..."""
    from PIL import ImageFilter

    kind = getattr(ImageFilter, ftype.upper(), None)
    if kind is None:
        raise ValueError(f"imfilter: expected a filter of Pillow as blur or sharpen, got {ftype!r}")
    return fromimage(toimage(arr).filter(kind))


def imshow(arr):
    """Shows an array: through matplotlib, whose figure `legacy-gan run` saves without a display."""
    from matplotlib import pyplot

    image = toimage(arr)
    pyplot.figure()
    pyplot.imshow(image, cmap="gray" if image.mode == "L" else None)
    pyplot.axis("off")
    pyplot.show()


def central_diff_weights(Np, ndiv=1):
    """Returns the weights of Np values, an odd number, in a central difference of order ndiv."""
    if Np < ndiv + 1 or Np % 2 == 0:
        raise ValueError(f"central_diff_weights: expected an odd number of points above {ndiv}, got {Np}")
    places = np.arange(-(Np // 2), Np // 2 + 1.0)
    powers = places[:, None] ** np.arange(Np)
    return np.prod(np.arange(1, ndiv + 1)) * np.linalg.inv(powers)[ndiv]


def derivative(func, x0, dx=1.0, n=1, args=(), order=3):
    """Returns the n-th derivative of a function at x0, by a central difference of `order` points dx apart."""
    weights = central_diff_weights(order, n)
    values = [func(x0 + (place - order // 2) * dx, *args) for place in range(order)]
    return sum(weight * value for weight, value in zip(weights, values)) / dx**n
