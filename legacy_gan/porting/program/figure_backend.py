"""A matplotlib backend for a machine without a display: what is shown is saved as figure-1.png, ...

`legacy-gan run` chooses it. plt.show() saves every open figure and closes them, as closing their windows
would; where it does not wait (plt.ion(), plt.pause(), block=False) a figure keeps its file, which is
brought up to date at most once a second and at the end.
"""

import os
import sys
import time
import weakref
from typing import Any, List, MutableMapping

import matplotlib
from matplotlib._pylab_helpers import Gcf
from matplotlib.backend_bases import FigureManagerBase
from matplotlib.backends.backend_agg import FigureCanvasAgg

__all__ = ["FigureCanvas", "FigureManager", "begin_cell", "end_cell", "save_open", "save_shown", "show"]

folder = ""  # where to; it is made when there is something to save

why = "no display: "  # why figures are saved, as it is said
_cell = [""]  # how the names of a cell's figures begin

_REST = 1.0  # seconds between two versions of a figure that stays open
_paths: MutableMapping[Any, str] = weakref.WeakKeyDictionary()  # figure to its file
_saved: MutableMapping[Any, float] = weakref.WeakKeyDictionary()  # figure to when, in seconds
_count = [0]
_saved_in_cell: List[str] = []


def begin_cell(number):
    """Names the figures from now on as those of a cell of a notebook: cell-3-figure-1.png."""
    _cell[0], _count[0] = f"cell-{number}-", 0
    _saved_in_cell.clear()


def end_cell():
    """Saves and closes what is open; returns the paths of all that was saved since the cell began."""
    save_open()
    Gcf.destroy_all()
    return list(_saved_in_cell)


class FigureManager(FigureManagerBase):
    """A figure without a window."""

    def show(self):  # what Figure.show() calls
        _save(self.canvas.figure, rest=_REST)


class FigureCanvas(FigureCanvasAgg):
    """A canvas whose user never presses a key."""

    manager_class = FigureManager

    def start_event_loop(self, timeout=0):
        pass  # nobody would end it

    def set_window_title(self, title):  # until matplotlib 3.5
        pass


def show(block=None):
    """plt.show()."""
    waits = not matplotlib.is_interactive() if block is None else block
    for manager in Gcf.get_all_fig_managers():
        _save(manager.canvas.figure, rest=0 if waits else _REST)
    if waits:
        Gcf.destroy_all()


def save_open():
    """Saves every figure that is open, shown or not."""
    for manager in Gcf.get_all_fig_managers():
        _save(manager.canvas.figure)


def save_shown():
    """Saves figures that were shown and have stayed open, as they are now."""
    for manager in Gcf.get_all_fig_managers():
        if manager.canvas.figure in _paths:
            _save(manager.canvas.figure)


def _save(figure, rest=0):
    """Saves a figure under its number, unless that was done less than `rest` seconds ago."""
    if figure not in _paths:
        _count[0] += 1
        _paths[figure] = os.path.join(folder, f"{_cell[0]}figure-{_count[0]}.png")
        _saved_in_cell.append(_paths[figure])
        sys.stderr.write(f"legacy-gan: {why}saving {_paths[figure]}\n")
    elif time.monotonic() - _saved[figure] < rest:
        return
    if folder:
        os.makedirs(folder, exist_ok=True)
    figure.savefig(_paths[figure])
    _saved[figure] = time.monotonic()
