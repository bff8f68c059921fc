"""The language of what the program says: English, or Korean where LEGACY_GAN_LANG or the locale asks for it.

What the listings print, config.json and all other files stay as they are in every language.
"""

import functools
import gettext
import locale
import os
import sys

DOMAIN = "legacy_gan"
FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "locale")
VARIABLE = "LEGACY_GAN_LANG"
LANGUAGES = ("en", "ko")


def tr(text: str) -> str:
    """Returns an English text in the language that is asked for, or the text itself.

    Args:
      text: a constant, with {names} that the caller fills in after the translation.
    """
    language = wanted()
    return text if language == "en" or not text else _catalogue(language).gettext(text)


def wanted() -> str:
    """Returns one of LANGUAGES: that of the variable, else of the locale if the console can show it, else English."""
    named = os.environ.get(VARIABLE)
    if named:
        return _known(named)
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if os.environ.get(variable):
            named = os.environ[variable]
            break
    else:
        named = locale.getlocale()[0] or ""
    language = _known(named)
    return language if language == "en" or _can_show("한", sys.stderr) and _can_show("한", sys.stdout) else "en"


def _known(name: str) -> str:
    """Returns the language of a locale's name, as ko_KR.UTF-8 or Korean_Korea; English for any other."""
    return next((language for language in LANGUAGES if name.lower().startswith(language)), "en")


def _can_show(text: str, stream: object) -> bool:
    """Whether a stream's encoding has the letters of a text."""
    try:
        text.encode(getattr(stream, "encoding", None) or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


@functools.lru_cache(maxsize=None)
def _catalogue(language: str) -> gettext.NullTranslations:
    return gettext.translation(DOMAIN, FOLDER, [language], fallback=True)
