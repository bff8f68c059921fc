"""docs/errata-other-texts.md has each row that the tests of the other texts have, and its place in the package."""

import os
import re

import pytest

from tests.support.other_texts import ROWS_OF, listed, page, places
from tests.support.paths import ROOT

PACKAGE = os.path.join(ROOT, "legacy_gan")

pytestmark = [pytest.mark.no_tensorflow, pytest.mark.newest]


def numbers():
    """Returns the numbers of all rows that the tests have, a list of int."""
    return [number for rows in ROWS_OF.values() for number in rows]


def test_page_has_each_row():
    assert list(map(int, re.findall(r"(?m)^\| (\d+) \|", page()))) == numbers()


def test_page_gives_every_row_a_place():
    assert set().union(*[rows for _, rows in places()]) == set(numbers())


def test_comments_stand_where_the_page_says():
    files = {place.strip("`") for place, _ in places() if place != "nowhere"}
    assert len(files) == 6
    for name in files:
        with open(os.path.join(PACKAGE, name), encoding="utf-8") as f:
            commented = set().union(*map(listed, re.findall(r"[Ee]rrat(?:um|a) ([\d, andto]+)", f.read())))
        assert commented == set().union(*[rows for place, rows in places() if place == f"`{name}`"]), name
