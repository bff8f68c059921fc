"""`legacy-gan report`: writes one HTML file that shows a run."""

import dataclasses
from typing import Optional

from legacy_gan import quiet, shared_options
from legacy_gan.commands.grammar import Argument, Command, Outcome
from legacy_gan.option_types import option
from legacy_gan.translation import tr


@dataclasses.dataclass(frozen=True)
class ReportOptions:
    """Options of `legacy-gan report`."""

    out: Optional[str] = option(None, "output file (report.html in the run's folder)", metavar="FILE.html")
    count: int = shared_options.judged_count("images to judge")
    data_dir: Optional[str] = shared_options.data_dir("the run's")
    judge: Optional[str] = shared_options.judge()
    offline: bool = shared_options.offline()
    device: str = shared_options.device()


def _execute(run: str, options: ReportOptions) -> Outcome:
    with quiet.tensorflow_kept_quiet():
        from legacy_gan.extras import report

    return Outcome(tr("wrote {path}").format(path=report.write(run, options)))


COMMAND = Command(
    "report",
    "writes one HTML file that shows a run: a folder, or a model's name for runs/NAME",
    _execute,
    arguments=(Argument("RUN"),),
    options=ReportOptions,
)
