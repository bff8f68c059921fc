"""Reads a folder of the reader's own pictures as 28x28 grey images with labels.

    pictures/*.png              every label is 0
    pictures/cats/*.jpg         the sub-folders are the labels: at most ten, in natural order
    pictures/dogs/*.jpg         (a2 before a10); sub-folders named 0 to 9 keep their numbers

A picture is turned as its EXIF data say, made grey, and shrunk or enlarged until it fits, whole,
into 28x28; what its form leaves free is filled with the grey of its own border. Nothing is cut off:
crop before, if only the middle counts. A picture of 28x28 grey pixels stays as it is. Transparent
pictures are laid on black, MNIST's ground; a drawing too dark to be seen there is laid on white. Of
an animation the first frame is taken.

Hidden files, hidden folders, files whose suffix is no picture's, and what lies deeper than one
sub-folder are passed over.
"""

import logging
import os
import re
import unicodedata
import warnings
from typing import Any, Dict, List, Optional, Tuple

import numpy as np

from legacy_gan.data import arrays
from legacy_gan.data.arrays import Arrays
from legacy_gan.errors import DataError

SUFFIXES = tuple(
    ".avif .bmp .dib .gif .heic .heif .ico .j2k .jfif .jp2 .jpe .jpeg .jpg .pbm .pcx .pgm .png .pnm "
    ".ppm .tga .tif .tiff .webp".split()
)
SIZE = 28  # pixels, both ways
_DARK = 64  # of 255: ink below that is lost on black

logging.getLogger("PIL").addHandler(logging.NullHandler())  # else Pillow's warnings are printed


def read(folder: str) -> Tuple[Optional[Arrays], Dict[int, str]]:
    """Reads a folder of pictures, and splits it the same way every time.

    Of every label one picture in ten, at least one, is for tests, chosen by a fixed shuffle.

    Args:
      folder: str, a folder that exists.
    Returns:
      ((train images, train labels, test images, test labels), names): uint8 [n, 28, 28] and [n],
      shuffled; dict of label (int) to its sub-folder's name. (None, {}): the folder has no pictures.
    Raises:
      DataError: for a picture that cannot be read, or folders that do not say what the labels are.
    """
    groups, names = _labelled(folder)
    if not groups:
        return None, {}
    for paths in groups.values():
        if len(paths) == 1:
            raise DataError(
                f"{paths[0]}: expected at least two pictures of each label, one for training and one for "
                "tests, got no other beside it; add some, or move it away"
            )
    images = _images([path for paths in groups.values() for path in paths], folder)
    labels = np.repeat(np.array(list(groups), np.uint8), [len(paths) for paths in groups.values()])
    return arrays.with_tests(images, labels, folder), names


# Which pictures, and their labels.


def _labelled(folder: str) -> Tuple[Dict[int, List[str]], Dict[int, str]]:
    """Returns (dict of label to list of paths, dict of label to sub-folder's name), both in order."""
    folders, pictures, unreadable = _listed(folder)
    inside = {path: _listed(path) for path in folders}
    for path, why in [(folder, unreadable)] + [(path, inside[path][2]) for path in folders]:
        if why:
            raise DataError(f"{path}: cannot be read: {why}; move it away")
    labelled = [path for path in folders if inside[path][1]]
    if pictures and labelled:
        raise DataError(
            f"{folder}: expected pictures either in the folder itself or in its sub-folders, got "
            f"{os.path.basename(pictures[0])} and {os.path.relpath(inside[labelled[0]][1][0], folder)}; "
            "move one kind away"
        )
    if pictures:
        return {0: pictures}, {}
    if not labelled:
        _refuse_deeper(folder, [path for found in inside.values() for path in found[0]])
        return {}, {}
    if len(labelled) > 10:
        raise DataError(
            f"{folder}: expected at most 10 sub-folders with pictures, one for each label, got {len(labelled)}; move "
            "some away, or put all pictures into one folder (then every label is 0)"
        )
    names = [os.path.basename(path) for path in labelled]
    are_numbers = all(re.match("[0-9]$", name) for name in names)
    labels = [int(name) for name in names] if are_numbers else range(len(names))
    return ({label: inside[path][1] for label, path in zip(labels, labelled)}, dict(zip(labels, names)))


def _listed(folder: str) -> Tuple[List[str], List[str], Optional[str]]:
    """Returns (sub-folders, pictures, why not in words or None): two lists of paths, sorted."""
    try:
        names = sorted((name for name in os.listdir(folder) if name[:1] != "."), key=_natural)
    except OSError as e:
        return [], [], e.strerror or str(e)
    pictures = [name for name in names if name.lower().endswith(SUFFIXES)]
    others = [os.path.join(folder, name) for name in names if not name.lower().endswith(SUFFIXES)]
    return ([path for path in others if os.path.isdir(path)], [os.path.join(folder, name) for name in pictures], None)


def _natural(name: str) -> Tuple[List[Any], str]:
    """The key that sorts a2 before a10, and the same on file systems that store names otherwise."""
    parts = re.split("([0-9]+)", unicodedata.normalize("NFC", name))
    parts[1::2] = [int(part) for part in parts[1::2]]
    return parts, name


def _refuse_deeper(folder: str, folders: List[str]) -> None:
    """Raises DataError where the labels are one folder deeper: it was meant, and MNIST was not."""
    for path in folders:
        pictures = _listed(path)[1]
        if pictures:
            raise DataError(
                f"{folder}: expected pictures in the folder or in its sub-folders, got them deeper "
                f"({os.path.relpath(pictures[0], folder)}); name {os.path.dirname(path)}, or another folder for MNIST"
            )


# From a file to 28x28 pixels.


def _images(paths: List[str], folder: str) -> np.ndarray:
    """Returns the pictures, uint8 [n, 28, 28]."""
    try:
        from PIL import Image
    except ImportError:
        raise DataError(f"{folder}: pictures are read with Pillow, which is missing; pip install pillow") from None
    images = np.empty((len(paths), SIZE, SIZE), np.uint8)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        for image, path in zip(images, paths):
            image[:] = _read(path, Image)
    return images


def _read(path: str, Image: Any) -> np.ndarray:
    """Returns one picture, uint8 [28, 28]."""
    try:
        with open(path, "rb") as f, Image.open(f) as image:
            image.draft(None, (8 * SIZE, 8 * SIZE))  # large JPEGs: at least so large, many times faster
            image.load()
            grey, ground = _grey(_upright(image), image.format, Image)
            return _fitted(grey, ground, Image)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise DataError(
            f"{path}: expected a picture of at most {Image.MAX_IMAGE_PIXELS} pixels, got a larger one; "
            "make it smaller, or move it away"
        ) from None
    except Exception as e:  # Pillow raises a dozen types for a broken file
        if isinstance(e, OSError) and e.errno:
            why = e.strerror
        elif "cannot identify" in str(e):
            why = "something else, or a format that this Pillow does not know"
        else:
            why = " ".join(str(e).split()) or type(e).__name__
        raise DataError(
            f"{path}: expected a whole picture, got one that cannot be read ({why}); save it as PNG, or move it away"
        ) from None


def _upright(image: Any) -> Any:
    """Returns the picture turned as its EXIF data say; broken ones say nothing."""
    from PIL import ImageOps

    if image.format == "TIFF":  # Pillow has turned it, and before version 10 does not say so
        return image
    try:
        return ImageOps.exif_transpose(image)
    except Exception:
        return image


def _grey(image: Any, file_format: Optional[str], Image: Any) -> Tuple[Any, Optional[int]]:
    """Returns (mode L, the grey around it: 0, 255, or None for that of its border)."""
    if image.mode.startswith("I;16") or image.mode == "I" and file_format in ("PNG", "PPM"):
        return Image.fromarray(((np.array(image).astype(np.int64) + 128) // 257).astype(np.uint8)), None
    if image.mode in ("I", "F"):
        raise ValueError("more than 16 bits a pixel")
    if image.mode[-1] not in "AaP" and "transparency" not in image.info:
        return (image if image.mode == "L" else image.convert("RGB").convert("L")), None
    image = image.convert("RGBA")
    alpha = image.getchannel("A")
    if alpha.getextrema()[0] == 255:
        return image.convert("RGB").convert("L"), None
    ink = image.convert("RGB").convert("L")
    for ground in (0, 255):
        grey = Image.new("L", ink.size, ground)
        grey.paste(ink, mask=alpha)
        if np.mean(grey) * 255 >= _DARK * np.mean(alpha):  # on black: ink times alpha
            break
    return grey, ground


def _fitted(grey: Any, ground: Optional[int], Image: Any) -> np.ndarray:
    """Returns a grey picture whole and centred, uint8 [28, 28]."""
    scale = SIZE / max(grey.size)
    size = tuple(max(1, int(round(side * scale))) for side in grey.size)
    inner = np.asarray(grey.resize(size, Image.LANCZOS))  # 28x28 stays as it is
    if ground is None:
        right, bottom = grey.size
        sides = ((0, 0, right, 1), (0, bottom - 1, right, bottom), (0, 0, 1, bottom), (right - 1, 0, right, bottom))
        ground = int(np.median(np.concatenate([np.ravel(grey.crop(side)) for side in sides])))
    image = np.full((SIZE, SIZE), ground, np.uint8)
    top, left = ((SIZE - side) // 2 for side in inner.shape)
    image[top : top + inner.shape[0], left : left + inner.shape[1]] = inner
    return image
