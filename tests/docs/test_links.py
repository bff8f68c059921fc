"""The documents: links and anchors lead somewhere, README is short, a page and its translation link to each other."""

import os
import re

import pytest

from tests.support.paths import DOCS, ROOT

pytestmark = [pytest.mark.no_tensorflow, pytest.mark.newest]

PAGES = sorted(
    [name for name in os.listdir(ROOT) if name.endswith(".md")]
    + [f"docs/{name}" for name in os.listdir(DOCS) if name.endswith(".md")]
)


def text_of(page):
    with open(os.path.join(ROOT, page), encoding="utf-8") as f:
        return f.read()


def anchors(text):
    """Returns the anchors that GitHub makes of a page's headings."""
    text = re.sub(r"(?ms)^```.*?^```", "", text)
    found = set()
    for heading in re.findall(r"(?m)^#+ (.*)$", text):
        heading = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading)
        found.add(re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-"))
    return found


def links(text):
    """Returns (path, anchor) of each relative link, "" for none."""
    text = re.sub(r"(?ms)^```.*?^```|^    .*?$|`[^`\n]*`", "", text)
    targets = re.findall(r"\]\(([^)\s]+)\)", text)
    return [target.partition("#")[::2] for target in targets if not re.match(r"\w+:", target)]


@pytest.mark.parametrize("page", PAGES)
def test_every_link_and_anchor_leads_somewhere(page):
    for path, anchor in links(text_of(page)):
        target = os.path.normpath(os.path.join(os.path.dirname(page), path)) if path else page
        assert os.path.exists(os.path.join(ROOT, target)), (page, path)
        if anchor:
            assert anchor in anchors(text_of(target)), (page, path, anchor)


def test_anchors_are_githubs():
    assert anchors("# A b: c-d\n## [Link](x.md), `code`\n### 종료 코드\n```\n# not this\n```") == {
        "a-b-c-d",
        "link-code",
        "종료-코드",
    }


@pytest.mark.parametrize("page", ["README.md", "README.ko.md"])
def test_readme_is_short(page):
    assert len(text_of(page).splitlines()) <= 130


@pytest.mark.parametrize("page", [page for page in PAGES if page.endswith(".ko.md")])
def test_page_and_its_translation_link_to_each_other(page):
    english = page.replace(".ko.md", ".md")
    assert f"[English]({os.path.basename(english)})" in text_of(page)
    assert f"[한국어]({os.path.basename(page)})" in text_of(english)
