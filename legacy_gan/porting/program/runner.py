"""`legacy-gan run PROGRAM.py [args]`: executes an untouched TensorFlow 1 program in this process.

The program sees its own `import` (imports.py) in a process that behaves as TensorFlow 1.15 did (process.py).
The process is the program's from then on: call `run` once in it.
"""

import sys
import threading
from typing import Any, Optional, Sequence

from legacy_gan.porting import notebooks
from legacy_gan.porting.program import process, removed_apis
from legacy_gan.porting.program.execution import Program
from legacy_gan.porting.program.figures import Figures
from legacy_gan.porting.program.limits import Limits
from legacy_gan.porting.program.notebook import Notebook
from legacy_gan.porting.program.python2 import translation
from legacy_gan.tf1 import mnist_data, tf

__all__ = ["run"]


def run(
    path: str,
    args: Sequence[str] = (),
    data_dir: Optional[str] = None,
    offline: bool = False,
    figures: Optional[str] = None,
    steps_limit: Optional[int] = None,
    time_limit: Optional[float] = None,
    around: Any = None,
    is_module: bool = False,
    is_python_2: bool = False,
    also: Sequence[str] = (),
    to_html: Optional[str] = None,
) -> int:
    """Executes a program as `python path args...` would, with TF 1's tensorflow.

    Args:
      path: the program. args: its arguments.
      data_dir: where MNIST is if the folder that the program names holds none; None: the usual place.
      offline: True opens no connection for MNIST.
      figures: folder for what plt.show() shows; None: the working directory, and only if there is
        no display.
      steps_limit: the program is ended where it starts the training step after so many.
      time_limit: seconds after which it is ended.
      around: an object with `install(tf, unlimited)`, called with the program's namespace before the program
        starts, and `close()`, called when it has ended, however it did; time in a context `unlimited()` is not the
        program's, whose limit leaves it out. To see what is run, `install`
        wraps `run` of tensorflow.python.client.session.BaseSession, which every session comes to; the
        limits are counted outside of that wrapper.
      is_module: True executes the module of that name, as `python -m path args...` would.
      is_python_2: True translates the program, and its modules, from Python 2.
      to_html: where the executed notebook is written as HTML; of a notebook only.
      also: names of installed packages that see TensorFlow 1, too.
    Returns:
      the exit status: 0; 1 after an exception, whose traceback has been printed; 2 for what is not
      served; 130 after Ctrl-C.
    Raises:
      CannotRun: if what translates Python 2, or writes HTML, is not installed.
      Unreadable: if a notebook is none.
      SystemExit: the program's own.
    """
    if is_python_2:
        translation.require_fissix()
    process.behave_as_tensorflow_1()
    is_notebook = notebooks.is_notebook(path) and not is_module
    shown = Figures(figures, is_notebook)
    options: Any = dict(after_import=[shown.take_over], also=also, is_python_2=is_python_2)
    if is_notebook:
        program: Program = Notebook(path, shown, to_html, **options)
    else:
        program = Program(path, is_module=is_module, **options)
    mnist_data.data_dir, mnist_data.offline = data_dir, offline
    removed_apis.put_back()
    kept = _Kept(around, shown, program)
    limits = Limits(steps_limit, time_limit, kept.save_at_limit)
    if around is not None:
        around.install(tf, limits.paused)
    try:
        limits.start()
        program.execute(args)
    except BaseException as e:
        if limits.ended(e):
            kept.save_at_limit()
        elif isinstance(e, SystemExit):
            raise
        else:
            status = program.report(*sys.exc_info())
            return 130 if isinstance(e, KeyboardInterrupt) else status
    finally:
        limits.stop()
        kept.save()
    return 0


class _Kept:
    """What is left of a program: its record and its figures, saved once, by whichever thread ends it.

    Args:
      around: as for `run`. shown: Figures. program: what is executed.
    """

    def __init__(self, around: Any, shown: Figures, program: Program):
        self._around, self._shown, self._program = around, shown, program
        self._lock = threading.RLock()
        self._is_saved = False

    def save(self, is_at_limit: bool = False) -> None:
        with self._lock:
            if self._is_saved:
                return
            self._is_saved = True
            try:
                if is_at_limit:
                    self._shown.save_open()
            finally:
                if self._around is not None:
                    self._around.close()
                self._shown.close()
                self._program.save()

    def save_at_limit(self) -> None:
        """Saves it where a limit ends the program: also figures that it has not shown."""
        self.save(is_at_limit=True)
