"""docs/porting.md and porting.ko.md: their table of symbols says what legacy_gan.tf1.names says."""

import re

import pytest

from legacy_gan.tf1 import names, old_names
from tests.support.paths import ROOT

PATHS = {"en": f"{ROOT}/docs/porting.md", "ko": f"{ROOT}/docs/porting.ko.md"}
NAMED_ERROR = {"en": "a named error that says what to use instead", "ko": "대신 쓸 것을 알려 주는 오류"}


def table(language):
    """Returns the rows of the table of symbols: a list of (symbols, version or None, text of the last column)."""
    with open(PATHS[language], encoding="utf-8") as f:
        lines = [line.strip() for line in f]
    start = next(i for i, line in enumerate(lines) if line.startswith(("| TensorFlow 1 |", "| 텐서플로 1 |")))
    rows = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            return rows
        first, today, here = [cell.strip() for cell in line.strip("|").split("|")]
        symbols = [re.sub(r"(\.\*|\(.*\))$", "", symbol) for symbol in re.findall("`([^`]+)`", first)]
        symbols = [symbol if symbol.startswith("tf.") else f"tf.contrib.{symbol}" for symbol in symbols]
        version = re.search(r"\d+\.\d+", today)
        rows.append((symbols, version and version.group(), here))
    raise AssertionError("the document ends within the table")


def gone(symbol):
    """Returns since when a symbol was gone, None for one that has no row of its own in the table of names."""
    place, _, name = symbol.rpartition(".")
    if place in names.OLD_NAMES and name in getattr(old_names, names.OLD_NAMES[place].by.partition(":")[2]):
        return names.OLD_NAMES[place].gone
    for row, served in names.SERVED.items():
        row = re.sub("^tensorflow[.]", "tf.", row)
        if f"{row}.".startswith(f"{symbol}."):
            return served.gone
    return None


def is_refused(symbol):
    """Whether there is advice for a symbol, in place of the symbol."""
    place, _, name = symbol.rpartition(".")
    advice = names.ADVICE.get(place, {})
    return symbol in names.REFUSED or gone(symbol) is None and (name in advice or names.EVERY_OTHER in advice)


@pytest.mark.parametrize("language", PATHS)
def test_table_of_symbols_says_what_is_served_and_since_when_it_was_gone(language):
    rows = table(language)
    assert len(rows) >= 9
    for symbols, version, here in rows:
        assert symbols
        for symbol in symbols:
            assert is_refused(symbol) == (here == NAMED_ERROR[language]), symbol
            if is_refused(symbol):
                assert version == "2.0", symbol  # as all of tf.contrib
            else:
                assert gone(symbol) in ((None,) if version is None else ("", version)), symbol


@pytest.mark.parametrize("language", PATHS)
def test_table_of_symbols_names_every_place_that_is_served(language):
    documented = {symbol for symbols, _, _ in table(language) for symbol in symbols}
    for row, served in names.SERVED.items():
        if served.gone and not served.by.startswith("= ") and not row.startswith("tensorflow.python"):
            row = re.sub("^tensorflow[.]", "tf.", row)
            at_all = [symbol for symbol in documented if f"{row}.".startswith(f"{symbol}.")]
            assert at_all or served.gone == "1.0" and row.startswith("tf.nn."), row  # of 0.x there are examples


def test_the_two_tables_of_symbols_are_the_same():
    assert [row[:2] for row in table("en")] == [row[:2] for row in table("ko")]
