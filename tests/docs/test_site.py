"""docs/site.py: the pages of the site. That MkDocs takes them, links and anchors included, `make site` shows."""

import importlib.util
import posixpath

import pytest

from tests.support.paths import DOCS

pytestmark = [pytest.mark.no_tensorflow, pytest.mark.newest]


@pytest.fixture(scope="module")
def site():
    spec = importlib.util.spec_from_file_location("site_of_the_documents", f"{DOCS}/site.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_link_of_a_page_leads_to_a_page_in_some_language(site):
    pages = site.pages()
    assert "index.md" in pages and "running.ko.md" in pages and "source/legacy_gan/models/basic_py.md" in pages
    for name, text in pages.items():
        if isinstance(text, str):
            for link in site.links(text):
                if ":" not in link and not link.startswith("#"):
                    target = posixpath.normpath(posixpath.join(posixpath.dirname(name), link.partition("#")[0]))
                    assert target in pages, (name, link)


@pytest.mark.parametrize(
    "page, text, wanted",
    [
        (
            "README.md",
            "[a](docs/lab.md#x) ![](samples/0.png) [한국어](README.ko.md)",
            "[a](lab.md#x) ![](source/samples/0.png)",
        ),
        ("docs/lab.md", "see [`m`](../legacy_gan/models/m.py#L3).", "see [`m`](source/legacy_gan/models/m_py.md)."),
        (
            "docs/lab.md",
            "[t](../tests/listings) [c](../CHANGELOG.md)",
            "[t](source/tests/listings.md) [c](source/CHANGELOG.md)",
        ),
        ("docs/lab.ko.md", "[a](run.ko.md#가) [English](lab.md)", "[a](run.md#가)"),
        ("CHANGELOG.md", "[d](docs/lab.md) [r](README.md)", "[d](../lab.md) [r](../index.md)"),
        ("docs/lab.md", "`[a](b.md)` [w](https://example.org/b.md) [h](#here)", None),
        ("docs/lab.md", "<details><summary>a</summary>", '<details markdown="1"><summary>a</summary>'),
        ("docs/lab.md", "```\n[a](b.md)\n```\n", None),
    ],
)
def test_links_lead_to_the_pages_of_the_site(site, page, text, wanted):
    assert site.for_the_site(page, text) == (text if wanted is None else wanted)


def test_files_that_are_right_stay_and_old_ones_go(site, tmp_path, monkeypatch):
    monkeypatch.setattr(site, "pages", lambda: {"index.md": "new", "a/b.png": b"picture"})
    site.write(tmp_path)
    before = (tmp_path / "index.md").stat().st_mtime_ns
    (tmp_path / "old.md").write_text("old")
    (tmp_path / "a" / "b.png").write_bytes(b"other")
    site.write(tmp_path)
    assert (tmp_path / "index.md").stat().st_mtime_ns == before
    assert (tmp_path / "a" / "b.png").read_bytes() == b"picture" and not (tmp_path / "old.md").exists()
