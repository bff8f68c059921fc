"""legacy_gan.porting as a package: what importing it loads."""

import os
import subprocess
import sys

import pytest

from tests.support.paths import ROOT

pytestmark = [pytest.mark.no_tensorflow, pytest.mark.both_ends]

NEED_NUMPY = {"compare", "traces"}


@pytest.mark.parametrize("module", ["", "check", "compare", "finding", "python2", "scan", "symbols", "traces"])
def test_importing_porting_loads_no_tensorflow(module):
    code = f"import {f'legacy_gan.porting.{module}'.rstrip('.')}, sys\nprint(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code],
        env=dict(os.environ, PYTHONPATH=ROOT),
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    ).stdout.split()
    assert "legacy_gan.porting" in loaded
    assert not {"tensorflow", "matplotlib", "legacy_gan.tf1"} & set(loaded)
    assert ("numpy" in loaded) == (module in NEED_NUMPY)
