"""Has matplotlib save a program's figures to files where there is no display: figure_backend.py takes over."""

import importlib
import os
import sys
from typing import Any, List, Optional

__all__ = ["Figures"]

BACKEND = "legacy_gan.porting.program.figure_backend"


class Figures:
    """Where there is no display, or a folder is given, plt.show() saves figures to files.

    Args:
      folder: None for the working directory, and only if there is no display.
      is_notebook: True saves them in any case, and those of each cell under its number when the cell ends.
    """

    def __init__(self, folder: Optional[str], is_notebook: bool = False):
        self._folder = folder
        self._backend: Any = None  # the module of BACKEND, once it has taken over
        display = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
        has_display = display or os.name == "nt" or sys.platform == "darwin"
        self._are_saved = folder is not None or is_notebook or not has_display
        self._is_notebook = is_notebook
        self._cell = 0

    def take_over(self) -> None:
        """Makes figure_backend.py the backend, if the program has loaded matplotlib by now."""
        if not self._are_saved or "matplotlib.pyplot" not in sys.modules:
            if self._are_saved and "matplotlib" in sys.modules:
                _ignore_choice(sys.modules["matplotlib"], "use")
            return
        if self._backend is None:
            pyplot = importlib.import_module("matplotlib.pyplot")
            _ignore_choice(sys.modules["matplotlib"], "use")
            self._backend = importlib.import_module(BACKEND)
            self._backend.folder = self._folder or ""
            if self._is_notebook:
                self._backend.why = ""
                self._backend.begin_cell(self._cell)
            pyplot.switch_backend(f"module://{self._backend.__name__}")
            _ignore_choice(pyplot, "switch_backend")

    def begin_cell(self, number: int) -> None:
        """Has the figures from now on saved as those of a cell."""
        self._cell = number
        if self._backend is not None:
            self._backend.begin_cell(number)

    def end_cell(self) -> List[str]:
        """Saves and closes the figures that a cell leaves open; returns the files of all that it has drawn."""
        return [] if self._backend is None else self._backend.end_cell()

    def save_open(self) -> None:
        """Saves every figure that is open, shown or not."""
        if self._backend is not None:
            self._backend.save_open()

    def close(self) -> None:
        """Saves figures that were shown and have stayed open, as they are now."""
        if self._backend is not None:
            self._backend.save_shown()


def _ignore_choice(module, name):
    """Lets a program ask for another backend, in vain."""
    setattr(module, name, lambda *args, **named: None)
