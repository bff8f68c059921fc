"""The models: one record each, with the names of what belongs to it; nothing else lists them.

A model is a page (legacy_gan/models/) and a record here. A record names the page and the printer instead of
holding them: nothing but the settings' classes is loaded before a model is built.
"""

import collections
import dataclasses
import os
from typing import Any, Dict, List, Mapping, NamedTuple, Optional, Tuple, Type

from legacy_gan import option_types, options
from legacy_gan.errors import OptionError


class Model(NamedTuple):
    """All that the package knows of a model before it is built.

    Fields:
      name: what the command line calls it. about: its line of help.
      page: the module with its `build`, `get_noise` and `initial_weights`.
      settings, run: its options classes: what changes its mathematics, and how a training goes.
      printer: what prints and draws while it trains: module and class, loaded when a training starts.
      takes_from: the modules that the page imports from legacy_gan.models; a run's config.json has the
        hash of page and takes_from together.
      same_text: hashes of earlier texts of the page and takes_from that differ from today's in comments only: a
        run with one of these is gone on with.
      samples_dir: the folder of the book's listing for its pictures; None for samples/ in the run's folder.
      presets: the settings that each value of --preset stands for; empty where there is no --preset.
      is_conditional: whether it takes a digit.
      is_books: whether it is one of the book's listings, which keep 5,000 images for validation and whose
        pictures are the book's strips.
      best_on_few_digits: (from, to), the epochs after which it is best on the 5,000 embedded digits, where it
        is known to learn them by heart later; else None.
    """

    name: str
    about: str
    page: str
    settings: Type[options.Settings]
    run: Type[options.Run]
    printer: str
    takes_from: Tuple[str, ...] = ()
    same_text: Tuple[str, ...] = ()
    samples_dir: Optional[str] = None
    presets: Mapping[str, Mapping[str, Any]] = {}
    is_conditional: bool = False
    is_books: bool = False
    best_on_few_digits: Optional[Tuple[int, int]] = None

    @property
    def pages(self) -> Tuple[str, ...]:
        """The modules whose text is part of a run's settings."""
        return (self.page,) + self.takes_from

    @property
    def validation_size(self) -> int:
        """How many of the training images are kept apart: the book's, or none."""
        return 5000 if self.is_books else 0

    def pictures_folder(self, run_dir: str) -> str:
        """Returns the folder for a run's pictures where none is named."""
        return self.samples_dir or os.path.join(run_dir, "samples")

    def fields(self) -> "List[dataclasses.Field[Any]]":
        """Returns the options that the model takes, in the order of --help: epochs, settings, the rest."""
        taken = {"digit": self.is_conditional, "preset": bool(self.presets)}
        run = [f for f in dataclasses.fields(self.run) if taken.get(f.name, True)]
        common = len(dataclasses.fields(options.Settings))
        settings = list(dataclasses.fields(self.settings))
        # Its own settings after the first two that all models have.
        return run[:1] + settings[:2] + settings[common:] + settings[2:common] + run[1:]

    def checked(self, given: Mapping[str, Any]) -> Tuple[Dict[str, Any], Dict[str, Any]]:
        """Checks options by name and splits them.

        Args:
          given: option name to value.
        Returns:
          (settings, run): two dicts with the checked values that were given.
        Raises:
          OptionError: for an unknown option, or a value out of range.
        """
        known = {f.name: f for f in self.fields()}
        for name in given:
            if name not in known:
                raise OptionError(f"{self.name} has no option {name!r}; it takes {', '.join(known)}")
        values = {name: option_types.checked(known[name], value) for name, value in given.items()}
        settings = {f.name for f in dataclasses.fields(self.settings)}
        return (
            {name: value for name, value in values.items() if name in settings},
            {name: value for name, value in values.items() if name not in settings},
        )


MODELS: "Dict[str, Model]" = collections.OrderedDict()  # in the order of --help


def register(record: Model) -> Model:
    """Adds a model; ValueError for a name that is taken."""
    if record.name in MODELS:
        raise ValueError(f"a model named {record.name} is registered already")
    MODELS[record.name] = record
    return record


def model(name: str) -> Model:
    """Returns the record of a model; OptionError for a name that no model has."""
    if name not in MODELS:
        raise OptionError(f"the model must be one of {', '.join(sorted(MODELS))}, got {name!r}")
    return MODELS[name]


register(
    Model(
        name="basic",
        about="the book's listing 1, the basic GAN",
        page="legacy_gan.models.basic",
        settings=options.Basic,
        run=options.Run,
        printer="legacy_gan.training.printers.Book",
        samples_dir="samples",
        # docs/quality.md says how the presets were found.
        presets={"better": dict(learning_rate=0.001, gradient_penalty=0.03, beta1=0.0, d_steps=2, average=0.9995)},
        is_books=True,
    )
)
register(
    Model(
        name="conditional",
        about="the book's listing 2, the conditional GAN",
        page="legacy_gan.models.conditional",
        settings=options.Conditional,
        run=options.Run,
        printer="legacy_gan.training.printers.Book",
        samples_dir="samples2",
        presets={"better": dict(gradient_penalty=0.003, mismatched_labels=10.0, beta1=0.5, d_steps=2, average=0.9995)},
        is_conditional=True,
        is_books=True,
        best_on_few_digits=(30, 50),
    )
)
register(
    Model(
        name="vanilla",
        about="the PyTorch tutorial's GAN",
        page="legacy_gan.models.vanilla",
        settings=options.Vanilla,
        run=options.VanillaRun,
        printer="legacy_gan.training.printers.Vanilla",
        same_text=(
            "cf22496d3b809d1136fb7af9c224ec38962af8dbe29eac463462bf8dfdfc6e65",
        ),  # the printer's file was reports.py
    )
)
register(
    Model(
        name="mlp",
        about="the seminar's MLP GAN",
        page="legacy_gan.models.mlp",
        settings=options.Mlp,
        run=options.MlpRun,
        printer="legacy_gan.training.printers.Seminar",
    )
)
register(
    Model(
        name="dcgan",
        about="the TF2 tutorial's DCGAN",
        page="legacy_gan.models.dcgan",
        settings=options.Dcgan,
        run=options.DcganRun,
        printer="legacy_gan.training.printers.Tutorial",
    )
)
register(
    Model(
        name="cdcgan",
        about="a DCGAN that is told the digit",
        page="legacy_gan.models.cdcgan",
        takes_from=("legacy_gan.models.dcgan",),
        settings=options.Cdcgan,
        run=options.DcganRun,
        printer="legacy_gan.training.printers.Tutorial",
        is_conditional=True,
    )
)
