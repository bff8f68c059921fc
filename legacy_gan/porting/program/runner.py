"""`legacy-gan run LISTING.py [args]`: executes an untouched TensorFlow 1 program in this process.

The program sees its own `import` (imports.py) in a process that behaves as TensorFlow 1.15 did (process.py).
The process is the program's from then on: call `run` once in it.
"""

import sys
from typing import Any, Optional, Sequence

from legacy_gan.porting.program import process, removed_apis
from legacy_gan.porting.program.execution import Program
from legacy_gan.porting.program.figures import Figures
from legacy_gan.porting.program.limits import Limits, ProgramStop
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
      around: an object with `install(tf)`, called with the program's namespace before the program
        starts, and `close()`, called when it has ended, however it did. To see what is run, `install`
        wraps `run` of tensorflow.python.client.session.BaseSession, which every session comes to; the
        limits are counted outside of that wrapper.
    Returns:
      the exit status: 0; 1 after an exception, whose traceback has been printed; 2 for what is not
      served; 130 after Ctrl-C.
    Raises:
      SystemExit: the program's own.
    """
    process.behave_as_tensorflow_1()
    shown = Figures(figures)
    program = Program(path, after_import=[removed_apis.after_import, shown.take_over])
    mnist_data.data_dir, mnist_data.offline = data_dir, offline
    removed_apis.put_back()
    limits = Limits(steps_limit, time_limit)
    if around is not None:
        around.install(tf)
    try:
        limits.start()
        program.execute(args)
    except ProgramStop:
        shown.save_open()
    except SystemExit:
        raise
    except KeyboardInterrupt:
        program.report(*sys.exc_info())
        return 130
    except BaseException:
        return program.report(*sys.exc_info())
    finally:
        limits.stop()
        if around is not None:
            around.close()
        shown.close()
    return 0
