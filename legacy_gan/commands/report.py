"""`legacy-gan report`: writes one HTML file that shows a run, or several side by side."""

import dataclasses
from typing import List, Optional

from legacy_gan import quiet, shared_options
from legacy_gan.commands.grammar import Argument, Command, Outcome
from legacy_gan.option_types import option
from legacy_gan.translation import tr


@dataclasses.dataclass(frozen=True)
class ReportOptions:
    """Options of `legacy-gan report`."""

    out: Optional[str] = option(
        None, "output file (report.html in the run's folder; of several runs gallery.html)", metavar="FILE.html"
    )
    count: int = shared_options.judged_count("images to judge")
    data_dir: Optional[str] = shared_options.data_dir("the run's")
    judge: Optional[str] = shared_options.judge()
    offline: bool = shared_options.offline()
    device: str = shared_options.device()


def _execute(runs: List[str], options: ReportOptions) -> Outcome:
    with quiet.tensorflow_kept_quiet():
        from legacy_gan.extras import gallery, report

    path = report.write(runs[0], options) if len(runs) == 1 else gallery.write(runs, options)
    return Outcome(tr("wrote {path}").format(path=path))


COMMAND = Command(
    "report",
    "writes one HTML file that shows a run, a folder or a model's name for runs/NAME, or several runs side by side",
    _execute,
    arguments=(Argument("RUN", further="RUN2"),),
    options=ReportOptions,
)
