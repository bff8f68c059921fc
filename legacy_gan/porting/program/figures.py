"""Has matplotlib save a program's figures to files where there is no display: figure_backend.py takes over."""

import importlib
import os
import sys
from typing import Any, Optional

__all__ = ["Figures"]

BACKEND = "legacy_gan.porting.program.figure_backend"


class Figures:
    """Where there is no display, or a folder is given, plt.show() saves figures to files.

    Args:
      folder: None for the working directory, and only if there is no display.
    """

    def __init__(self, folder: Optional[str]):
        self._folder = folder
        self._backend: Any = None  # the module of BACKEND, once it has taken over
        display = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
        has_display = display or os.name == "nt" or sys.platform == "darwin"
        self._are_saved = folder is not None or not has_display

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
            pyplot.switch_backend(f"module://{self._backend.__name__}")
            _ignore_choice(pyplot, "switch_backend")

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
