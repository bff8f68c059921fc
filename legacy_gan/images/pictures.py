"""Digits that are drawn: strips, grids and GIFs. Curves are extras/plots.py's and extras/charts.py's."""

import io
from typing import IO, Any, List, Sequence, Union

import matplotlib
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from legacy_gan import files


def save_strip(path: str, rows: np.ndarray, colors: str = "viridis") -> None:
    """Writes rows of digits as the book's listings draw them: no axes, an inch a digit.

    Each digit is scaled by its own smallest and largest pixel, which is what imshow does. No
    display is used and no matplotlibrc changes the picture.

    Args:
      path: of the PNG, written whole or not at all.
      rows: float [rows, columns, 784].
      colors: the name of a colour map.
    """
    _save(path, rows, colors, bbox_inches="tight")


def save_squares(path: str, rows: np.ndarray) -> None:
    """Writes rows of digits as the TF2 tutorial draws them: grey, no axes, an inch a digit with margins.

    Args:
      path, rows: as for `save_strip`.
    """
    _save(path, rows, "gray")


def _save(path: str, rows: np.ndarray, colors: str, **how: Any) -> None:
    rows = np.asarray(rows)
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        figure = Figure(figsize=(rows.shape[1], rows.shape[0]), dpi=100)
        FigureCanvasAgg(figure)
        axes = figure.subplots(rows.shape[0], rows.shape[1], squeeze=False)
        for axis, image in zip(axes.ravel(), rows.reshape(-1, 28, 28)):
            axis.set_axis_off()
            axis.imshow(image, cmap=colors, interpolation="nearest")
        with files.replacing(path, ".png") as temporary:
            figure.savefig(temporary, format="png", **how)


def save_grid(path: str, images: np.ndarray, columns: int) -> None:
    """Writes images side by side, pixel for pixel and grey, as torchvision's save_image does.

    Args:
      path: of the PNG, written whole or not at all.
      images: float [n, 784] in 0..1; what is outside is cut off.
      columns: images of a row.
    """
    with files.replacing(path, ".png") as temporary:
        write_grid(temporary, images, columns)


def write_grid(file: Union[str, IO[bytes]], images: np.ndarray, columns: int) -> None:
    """As `save_grid`, to a path or an open binary file."""
    Image.fromarray(grid(images, columns)).save(file, format="PNG")


def grid(images: np.ndarray, columns: int, padding: int = 2) -> np.ndarray:
    """Returns what `save_grid` writes, uint8 [height, width]; padding: black pixels around each."""
    images = np.clip(255 * np.asarray(images) + 0.5, 0, 255).astype(np.uint8).reshape(-1, 28, 28)
    columns = min(columns, len(images))
    side = 28 + padding
    canvas = np.zeros((-(-len(images) // columns) * side + padding, columns * side + padding), np.uint8)
    for n, image in enumerate(images):
        top, left = (padding + side * place for place in divmod(n, columns))
        canvas[top : top + 28, left : left + 28] = image
    return canvas


def as_grey(path: str) -> bytes:
    """Returns a strip as a PNG on any background: grey as the other pictures of a report, what is around digits clear.

    Args:
      path: of a PNG that `save_strip` or `save_squares` wrote. Viridis becomes black to white in even steps.
    """
    with Image.open(path) as image:
        pixels = np.array(image.convert("RGB"))
    viridis = matplotlib.colormaps["viridis"]
    table = viridis(np.arange(256), bytes=True)[:, :3].astype(np.int16)
    found, where = np.unique(pixels.reshape(-1, 3), axis=0, return_inverse=True)
    off = np.abs(found[:, None].astype(np.int16) - table).max(-1)  # another matplotlib's rounding may be off by one
    place = off.argmin(1)[where.ravel()].reshape(pixels.shape[:2])
    is_viridis = (off.min(1) <= 1)[where.ravel()].reshape(pixels.shape[:2])
    is_grey = (pixels == pixels[..., :1]).all(-1)
    grey = np.where(is_viridis, place, pixels.mean(-1)).astype(np.uint8)
    # What is around is white over a whole row or column, or no colour of the map: the blended edge of a digit.
    is_white = (pixels == 255).all(-1)
    around = is_white.all(0)[None, :] | is_white.all(1)[:, None] | ~(is_viridis | is_grey)
    if is_viridis.any():
        around |= ~is_viridis
    with io.BytesIO() as f:
        Image.fromarray(np.dstack([grey, np.where(around, 0, 255).astype(np.uint8)]), "LA").save(f, format="PNG")
        return f.getvalue()


def is_whole(path: str) -> bool:
    """Whether there is a picture that can be read."""
    try:
        with Image.open(path) as image:
            image.load()
        return True
    except (OSError, ValueError, SyntaxError):  # Pillow's for a broken PNG
        return False


def save_gif(path: str, frames: Sequence[Union[str, np.ndarray]], seconds: float = 0.1) -> None:
    """Writes an animation that begins over and over.

    Args:
      path: of the GIF, written whole or not at all.
      frames: paths of pictures, or uint8 arrays [height, width].
      seconds: how long each is shown.
    """
    shown: List[Image.Image] = [
        Image.fromarray(frame) if isinstance(frame, np.ndarray) else Image.open(frame).convert("L") for frame in frames
    ]
    with files.replacing(path, ".gif") as temporary:
        shown[0].save(
            temporary, format="GIF", save_all=True, append_images=shown[1:], loop=0, duration=int(1000 * seconds)
        )
