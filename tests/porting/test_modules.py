"""legacy-gan run -m: a module is executed as `python -m` executes it."""

import subprocess
import sys

import pytest

from legacy_gan.errors import CannotRun

pytestmark = pytest.mark.python

SAYS = """\
import os, pickle, sys
from . import part
from .part import squared
from package import again

class Kept(object):
    pass

if __name__ == "__main__":
    assert again.part is part and type(pickle.loads(pickle.dumps(Kept()))) is Kept
    print(__name__, __package__, __spec__.name, __file__, sys.argv, sys.path[0], os.getcwd(), squared(3))
"""
FILES = {
    "package/__init__.py": "import sys\nprint('seen', sys.argv)\n",
    "package/again.py": "from package import part\n",
    "package/part.py": "def squared(x):\n    return x * x\n",
    "package/main.py": SAYS,
    "package/__main__.py": SAYS,
    "package/below/__init__.py": "",
    "package/broken.py": "import package.missing\n",
    "package/wrong/__init__.py": "import missing_from_everywhere\n",
    "package/wrong/main.py": "",
}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("module", ["package.main", "package"])
def test_a_module_sees_what_it_sees_under_python(module, folder, forked):
    own = subprocess.run([sys.executable, "-m", module, "3", "--epochs"], capture_output=True, text=True, check=True)
    assert forked.run("run", "-m", module, "3", "--epochs")[:2] == (0, own.stdout)


@pytest.fixture
def program(folder, monkeypatch):
    """Returns a function that makes a Program of a module, in this process."""
    from legacy_gan.porting.program.execution import Program

    for name in ("argv", "path", "meta_path"):
        monkeypatch.setattr(sys, name, list(getattr(sys, name)))
    before = set(sys.modules)
    yield lambda name: Program(name, is_module=True)
    for name in set(sys.modules) - before:
        del sys.modules[name]


@pytest.mark.parametrize(
    "name, wrong",
    [
        ("nothing", "'nothing'"),
        ("nothing.main", "'nothing.main'"),
        ("package.nothing", "'package.nothing'"),
        ("package/main.py", "'package/main.py'"),
        ("package.below", "'package.below.__main__' (a package, which needs a __main__)"),
        (".main", "'.main'"),
    ],
)
def test_a_module_that_is_not_there_is_one_line(name, wrong, program, capsys):
    wanted = program(name)
    with pytest.raises(CannotRun) as e:
        wanted.execute([])
    assert wanted.report(CannotRun, e.value, None) == 2
    line = capsys.readouterr().err.splitlines()[-1]
    assert line.startswith(f"legacy-gan: expected a module, got {wrong}: there is none in ")


@pytest.mark.parametrize(
    "name, missing", [("package.broken", "package.missing"), ("package.wrong.main", "missing_from")]
)
def test_what_a_module_itself_misses_is_its_own_exception(name, missing, program):
    with pytest.raises(ImportError, match=missing):
        program(name).execute([])
