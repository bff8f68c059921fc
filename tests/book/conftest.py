"""What the tests of the other texts' errata share: a listing that runs with stand-ins."""

import contextlib
import io
import os
import sys

import pytest

from tests.support import listing_runner
from tests.support.paths import LISTINGS
from tests.support.stand_ins import keras_modules, torch_modules


@pytest.fixture
def run(monkeypatch, tmp_path_factory):
    """Runs a listing in an empty folder: run("dcgan_keras", [(meant, printed)]) -> its names.

    With them come "stdout", the lines it printed; "events", the optimizers' updates in order;
    "shown", what the notebook displayed; and "files", what lies in its folder afterwards.
    """

    def run(listing, changes=(), data=300):
        with open(os.path.join(LISTINGS, listing + ".py"), encoding="utf-8") as f:
            text = f.read()
        text = listing_runner.replaced(text, list(changes))
        # As many epochs as tell; Keras' stand-in is quick and has the listing's own 50.
        for printed, few in (
            ("num_epochs = 200\n", "num_epochs = 2\n"),
            ("\nEPOCHS = 100\n", "\nEPOCHS = 2\n"),
            ("(i+1) % 200", "(i+1) % 3"),
        ):
            text = text.replace(printed, few)
        monkeypatch.chdir(tmp_path_factory.mktemp("listing"))
        events, shown, printed = [], [], io.StringIO()
        names = {"__name__": "__main__"}
        with monkeypatch.context() as patch, contextlib.redirect_stdout(printed):
            made = keras_modules(events, shown) if "keras" in listing else torch_modules(events, data)
            for name, stand_in in made.items():
                patch.setitem(sys.modules, name, stand_in)
            exec(compile(text, listing, "exec"), names)
        names.update(stdout=printed.getvalue().splitlines(), events=events, shown=shown)
        names["files"] = sorted(os.path.join(d, f)[2:] for d, _, files in os.walk(".") for f in files)
        return names

    return run
