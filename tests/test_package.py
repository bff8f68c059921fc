"""The package as a whole: quick to import, quick to help, one version."""

import subprocess
import sys

import legacy_gan


def loaded_after(code):
    """Returns the names of the modules that a fresh Python has loaded after `code`."""
    out = subprocess.run(
        [sys.executable, "-c", code + "\nimport sys\nprint(' '.join(sys.modules))"],
        stdout=subprocess.PIPE, check=True, universal_newlines=True,
    ).stdout
    return set(out.splitlines()[-1].split())


def test_import_loads_no_tensorflow_and_no_matplotlib():
    loaded = loaded_after("import legacy_gan")
    assert "legacy_gan" in loaded
    assert not loaded & {"tensorflow", "numpy", "matplotlib"}
