"""`legacy-gan run`: executes an untouched TensorFlow 1 program."""

import dataclasses
import importlib.util
import os
from typing import List, Optional

from legacy_gan import quiet
from legacy_gan.commands.grammar import Argument, Command, Outcome
from legacy_gan.errors import UserError
from legacy_gan.option_types import option


@dataclasses.dataclass(frozen=True)
class RunOptions:
    """Options of `legacy-gan run`; what follows the program is the program's."""

    m: bool = option(False, "LISTING.py is a module, package.main, as in python -m", metavar="")
    python2: bool = option(False, "it is Python 2: translate it in memory (needs fissix)", metavar="")
    also: Optional[str] = option(
        None,
        "installed packages, a,b, that see TensorFlow 1 too",
        metavar="PACKAGES",
        expected="names of packages: a,b",
    )
    data_dir: Optional[str] = option(None, "MNIST, if the listing's folder has none", metavar="DIR")
    offline: bool = option(False, "open no connection for MNIST", metavar="")
    figures: Optional[str] = option(None, "save what plt.show() shows there", metavar="DIR")
    to_html: Optional[str] = option(None, "write the executed notebook there", metavar="FILE.html")
    xla: bool = option(False, "have TensorFlow compile what it can by XLA", metavar="")
    steps_limit: Optional[int] = option(None, "end it after N training steps", low=1, high=10**9)
    time_limit: Optional[float] = option(None, "end it after so many seconds", metavar="SECONDS", above=0, high=10**7)
    record: Optional[str] = option(None, "write weights, feeds, results there", metavar="FILE.npz")
    record_steps: int = option(100, "steps that are recorded", low=1, high=10**6)
    replay: Optional[str] = option(None, "take weights and feeds from a record", metavar="FILE.npz")


def _execute(program: str, arguments: List[str], options: RunOptions) -> Outcome:
    """Runs a program.

    Raises:
      SystemExit: with the program's own status, unless that is 0.
    """
    if not options.m and not os.path.isfile(program):
        raise UserError(f"expected a listing, a file, got {program!r}")
    if options.to_html is not None and (options.m or not program.endswith(".ipynb")):
        raise UserError(f"--to-html needs a notebook, NAME.ipynb, got {program!r}")
    _ask_for_keras_2()
    if options.xla:
        _ask_for_xla()
    with quiet.tensorflow_kept_quiet():
        from legacy_gan.porting.program import runner

    given = dataclasses.asdict(options)
    given["is_module"], given["is_python_2"] = given.pop("m"), given.pop("python2")
    given["also"] = _packages(given["also"])
    del given["xla"]
    record, replay, steps = [given.pop(name) for name in ("record", "replay", "record_steps")]
    if record or replay:
        from legacy_gan.porting.program.recording import Recording

        given["around"] = Recording(record, replay, steps, program)
    status = runner.run(program, arguments, **given)
    if status:
        raise SystemExit(status)
    return Outcome(None)


def _packages(names: Optional[str]) -> List[str]:
    """Returns the names of --also; UserError for what is no name of a package."""
    packages = [] if names is None else [name.strip() for name in names.split(",")]
    for name in packages:
        if not name.isidentifier():
            raise UserError(f"--also takes names of packages as import has them, a,b, got {names!r}")
        if name in ("tensorflow", "keras", "numpy", "legacy_gan"):
            raise UserError(
                f"--also takes packages that import TensorFlow 1, got {name!r}, which the program sees anyway"
            )
    return packages


def _ask_for_keras_2() -> None:
    """Has TensorFlow serve tf.keras from the package tf_keras, if that is installed, once it is loaded."""
    if importlib.util.find_spec("tf_keras") is not None:
        os.environ["TF_USE_LEGACY_KERAS"] = "1"


def _ask_for_xla() -> None:
    """Has TensorFlow, which reads this once, compile clusters of operations; on the processor too."""
    flags = os.environ.get("TF_XLA_FLAGS", "")
    os.environ["TF_XLA_FLAGS"] = f"{flags} --tf_xla_auto_jit=2 --tf_xla_cpu_global_jit".strip()


COMMAND = Command(
    "run",
    "executes an untouched TensorFlow 1 program on today's TensorFlow (docs/porting.md)",
    _execute,
    arguments=(Argument("LISTING.py"),),
    options=RunOptions,
    program_arguments="args",
)
