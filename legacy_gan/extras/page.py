"""An HTML page with everything in it: its template, in the language of the command, and its file."""

import os
from typing import Any

from legacy_gan import files, translation
from legacy_gan.errors import UserError
from legacy_gan.translation import tr
from legacy_gan.version import __version__

FOLDER = os.path.dirname(os.path.abspath(__file__))


def template(name: str) -> Any:
    """Returns a Jinja2 template of this folder that knows `tr`, `language` and `version`.

    Raises:
      UserError: if Jinja2 is not installed.
    """
    try:
        import jinja2
    except ImportError:
        raise UserError(
            tr('a report needs Jinja2, which is not installed; pip install "legacy-gan[report]", or pip install jinja2')
        ) from None
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(tr=tr, language=translation.wanted(), version=__version__)
    return environment.get_template(name)


def output(path: str) -> str:
    """Returns the path of a page; UserError for one that does not end in .html."""
    if not path.endswith(".html"):
        raise UserError(tr("--out must be a file that ends in .html, got {path}").format(path=path))
    return path


def write(path: str, text: str) -> None:
    """Writes a page whole or not at all."""
    with files.replacing(path, ".html") as temporary, open(temporary, "w", encoding="utf-8") as f:
        f.write(text)
