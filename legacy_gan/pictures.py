"""Everything that is drawn: the listings' strips of digits. The only file that uses matplotlib."""

import matplotlib
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from legacy_gan import files


def save_strip(path, rows):
    """Writes rows of digits as the listings draw them: viridis, no axes, an inch a digit.

    Each digit is scaled by its own smallest and largest pixel, which is what imshow does. No
    display is used and no matplotlibrc changes the picture.

    Args:
      path: of the PNG, written whole or not at all.
      rows: float [rows, columns, 784].
    """
    rows = np.asarray(rows)
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        figure = Figure(figsize=(rows.shape[1], rows.shape[0]), dpi=100)
        FigureCanvasAgg(figure)
        axes = figure.subplots(rows.shape[0], rows.shape[1], squeeze=False)
        for axis, image in zip(axes.ravel(), rows.reshape(-1, 28, 28)):
            axis.set_axis_off()
            axis.imshow(image, cmap="viridis", interpolation="nearest")
        with files.replacing(path, ".png") as temporary:
            figure.savefig(temporary, format="png", bbox_inches="tight")
