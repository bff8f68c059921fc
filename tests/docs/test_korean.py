"""The Korean pages hold to docs/ko-terms.md: one word for one thing."""

import json
import os
import re

import pytest

from tests.support.paths import DOCS, ROOT

pytestmark = [pytest.mark.no_tensorflow, pytest.mark.newest]

PAGES = ["README.ko.md"] + sorted(f"docs/{name}" for name in os.listdir(DOCS) if name.endswith(".ko.md"))
NOTEBOOK = "notebooks/legacy_gan.ko.ipynb"
BESIDE = "판별자(책의 구분자)"  # where the book's word stands once


def terms():
    """Returns {a word that is not used: the one that is} of the glossary."""
    with open(f"{DOCS}/ko-terms.md", encoding="utf-8") as f:
        rows = [line.strip("| \n").split(" | ") for line in f if line.startswith("| ")][1:]
    return {word: used for _, used, others in rows for word in re.findall("`([^`]+)`", others)}


def prose(text):
    """Returns a text without code, paths and addresses."""
    text = re.sub(r"(?ms)^```.*?^```|^    .*?$", "", text)
    text = re.sub(r"`[^`\n]*`", "", text)
    return re.sub(r"\]\([^)]*\)", "]", text).replace(BESIDE, "")


def wrong_words(text):
    """Returns the words of a text that the glossary replaces: [(word, the one to use)]."""
    found = [
        (re.search(rf"\b{word}" if word.isascii() else re.escape(word), text), word, used)
        for word, used in terms().items()
    ]
    return [(word, used) for match, word, used in found if match]


def test_glossary_is_read():
    found = terms()
    assert found["구분자"].startswith("판별자") and found["단계"] == "스텝" and len(found) > 20
    assert wrong_words(prose("다음 단계 `단계` 판별자(책의 구분자)\n```\n단계\n```\n")) == [("단계", "스텝")]


@pytest.mark.parametrize("page", [*PAGES, NOTEBOOK])
def test_page_uses_the_words_of_the_glossary(page):
    with open(os.path.join(ROOT, page), encoding="utf-8") as f:
        text = f.read()
    if page == NOTEBOOK:
        cells = [cell["source"] for cell in json.loads(text)["cells"] if cell["cell_type"] == "markdown"]
        text = "\n".join("".join(cell) for cell in cells)
    assert wrong_words(prose(text)) == []
