"""`legacy-gan train`: trains a model; its flags are the model's settings and the options of a run."""

from typing import List, Sequence

import legacy_gan
from legacy_gan import option_types, options, registry
from legacy_gan.commands import grammar
from legacy_gan.commands.grammar import Outcome
from legacy_gan.commands.versions import versions
from legacy_gan.errors import UserError
from legacy_gan.translation import tr

# The groups of flags that `train MODEL --help` shows, which fill a screen, and those of --help-all besides.
_GROUPS = (option_types.BOOK, options.FILES, options.HOW)
_MORE_GROUPS = (options.SPEED, options.LOOK, options.RESUME, options.AGAINST_COLLAPSE, options.THEORY)


class TrainCommand:
    """As grammar.Command, but the first argument, the model, decides which flags there are."""

    @property
    def usage(self) -> str:
        """Its line in `legacy-gan --help`."""
        return f"legacy-gan train {'|'.join(registry.MODELS)} [flags]"

    def usages(self) -> List[str]:
        """Returns the usage, as a list of one."""
        return [self.usage]

    def carry_out(self, argv: List[str], prog: str) -> Outcome:
        """Parses and trains, or shows help or versions; as grammar.Command.carry_out."""
        if argv[:1] in (["-h"], ["--help"]):
            return Outcome(self._help())
        if not argv or argv[0] not in registry.MODELS:
            question = grammar.did_you_mean(argv[0], list(registry.MODELS)) if argv else ""
            got = " ".join(["train"] + argv)
            raise UserError(
                tr("expected {usage}, got {got!r}").format(usage=self.usage, got=got)
                + (f";{question}" if question else "")
            )
        model = registry.model(argv[0])
        given, shown = grammar.parse(argv[1:], model.fields())
        if shown == "help":
            return Outcome(_help_of(model, prog, _GROUPS))
        if shown == "help_all":
            return Outcome(_help_of(model, prog, _GROUPS + _MORE_GROUPS))
        if shown == "version":
            return Outcome(versions())
        model.checked(given)  # bad values are refused before anything is loaded
        legacy_gan.train(model.name, **given)
        return Outcome(None)

    def _help(self) -> str:
        """Returns what `train --help` prints: the models."""
        models = [f"  {model.name:<13}{tr(model.about)}" for model in registry.MODELS.values()]
        return "\n".join(
            [f"{tr('usage:')} {self.usage}"]
            + models
            + [tr("--version: all versions; legacy-gan train MODEL --help: its options")]
        )


def _help_of(model: registry.Model, prog: str, groups: Sequence[str]) -> str:
    """Returns the flags of some groups, each under its heading; those of _GROUPS fill a screen."""
    start = f"python {prog}" if prog.endswith(".py") else f"{prog} train {model.name}"
    lines = [f"{tr('usage:')} {start} [flags]", tr(model.about)]
    run_dir = f"runs/{model.name}"
    own = {"run_dir": run_dir, "samples_dir": model.pictures_folder(run_dir)}
    for group in groups:
        fields = [field for field in model.fields() if field.metadata["group"] == group]
        if fields:
            lines.append(f"{tr(group)}:")
            lines += [grammar.help_line(field, own.get(field.name, field.default)) for field in fields]
    more = tr("--help-all: also speed, collapse, continuing a run.") + " " if groups == _GROUPS else ""
    lines.append(more + tr("--version: all versions."))
    return "\n".join(lines)


COMMAND = TrainCommand()
