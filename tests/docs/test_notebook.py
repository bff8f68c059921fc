"""notebooks/: both languages have the same code, nothing is kept of a run, and the notebook runs from top to bottom."""

import json
import os
import re
import subprocess
import sys

import pytest

from tests.support import environment
from tests.support.paths import ROOT

pytestmark = pytest.mark.newest

NOTEBOOKS = [f"{ROOT}/notebooks/{name}" for name in ("legacy_gan.ipynb", "legacy_gan.ko.ipynb")]


def cells(path):
    with open(path, encoding="utf-8") as f:
        return json.load(f)["cells"]


@pytest.mark.no_tensorflow
def test_both_languages_have_the_same_code():
    english, korean = map(cells, NOTEBOOKS)
    assert [cell["cell_type"] for cell in english] == [cell["cell_type"] for cell in korean]
    for one, other in zip(english, korean):
        assert (one["source"] == other["source"]) == (one["cell_type"] == "code")
        assert one["cell_type"] == "code" or re.search("[가-힣]", "".join(other["source"]))


@pytest.mark.no_tensorflow
@pytest.mark.parametrize("path", NOTEBOOKS)
def test_no_output_is_kept(path):
    code = [cell for cell in cells(path) if cell["cell_type"] == "code"]
    assert len(code) > 5
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code)


EXECUTE = """
import sys, nbclient, nbformat
book = nbformat.read(sys.argv[1], 4)
nbclient.NotebookClient(book, timeout=300, kernel_name="python3").execute()
nbformat.write(book, sys.argv[2])
"""


@pytest.mark.jupyter
@pytest.mark.slow
def test_notebook_runs_from_top_to_bottom(tmp_path):
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", EXECUTE, NOTEBOOKS[0], str(tmp_path / "done.ipynb")],
        stderr=subprocess.PIPE,
        env=environment.child(LEGACY_GAN_NOTEBOOK_EPOCHS="1", IPYTHONDIR=str(tmp_path)),
        timeout=580,
    )
    assert done.returncode == 0, done.stderr.decode()[-3000:]
    shown = [json.dumps(cell["outputs"]) for cell in cells(tmp_path / "done.ipynb") if cell["cell_type"] == "code"]
    live = [text for text in shown if text.count("basic, epoch 0") or text.count("conditional, epoch 0")]
    assert len(live) == 3 and all("<polyline" in text for text in live)  # two models, and the one with a slip
    assert sum("image/gif" in text for text in shown) == 1 and "image/png" in shown[4]
    assert "discriminator/dense/kernel (784, 256)" in shown[-2] and "srcdoc" in shown[-1]
    assert sorted(os.listdir("runs")) == [
        "notebook-basic",
        "notebook-conditional",
        "notebook-slip",
        "notebook-slip.npz",
    ]
