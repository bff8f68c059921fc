"""The errata of the other texts: a row, how its listing runs with the printed form put back, the page of rows."""

import ast
import builtins
import os
import re

import numpy as np
import pytest

from tests.support.paths import LISTINGS, ROOT

ROWS_OF = {"lecture": range(34, 80), "seminar": range(80, 96), "notes": range(96, 110)}  # a test file each

PAGE = os.path.join(ROOT, "docs", "errata-other-texts.md")


def unresolved(text):
    """Returns the names that a piece of code reads and never makes, in the order of their reading."""
    made, read = set(dir(builtins)), []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            read.append((node.lineno, node.col_offset, node.id))
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            made.add(node.name)
        elif isinstance(node, ast.alias):
            made.add(node.asname or node.name)
        elif isinstance(node, (ast.Name, ast.arg)):
            made.add(node.id if isinstance(node, ast.Name) else node.arg)
    return list(dict.fromkeys(name for _, _, name in sorted(read) if name not in made))


class Row:
    """One erratum: its number, its listing, its changes, and what the printed form does.

    `changes` is [(meant, printed)], put back together; `places` a list of those, each put back
    alone. `error` is (exception type's name, text in its message); `check` is a function of `run`
    for a form that runs and does something else, or for a formula.
    """

    def __init__(self, number, listing=None, changes=None, places=None, error=None, check=None):
        self.number, self.listing, self.error, self.check = number, listing, error, check
        self.places = places or [changes]

    def __repr__(self):
        return f"erratum-{self.number}"


def syntax(number, listing, *places):
    """A row whose places are each, alone, a SyntaxError."""
    return Row(number, listing, places=[[place] for place in places], error=("SyntaxError", ""))


def indentation(number, listing, *places):
    return Row(number, listing, places=[[place] for place in places], error=("IndentationError", ""))


def underscores(number, *places):
    """A row of the lecture's lost underscores: (a line's part that stands once, the name in it)."""
    for part, name in places:
        assert part.count(name) == 1 and "_" in name, part
    return syntax(number, "dcgan_keras", *[(part, part.replace(name, name.replace("_", " "))) for part, name in places])


def close(value, meant, tolerance=1e-6):
    return abs(value - meant) <= tolerance


def source(listing):
    with open(os.path.join(LISTINGS, listing + ".py"), encoding="utf-8") as f:
        return f.read()


def value(real_logits, fake_logits):
    """V = mean log D(x) + mean log(1 - D(G(z))), from logits, float64."""
    return -np.mean(np.logaddexp(0, -real_logits)) - np.mean(np.logaddexp(0, fake_logits))


def best_d(p_data, p_g):
    """The largest V of two distributions over the same points, searched and not taken from the formula."""
    d = np.linspace(0.0005, 0.9995, 1999)[:, None]
    terms = p_data * np.log(d) + p_g * np.log(1 - d)
    return terms.max(axis=0).sum(), d[terms.argmax(axis=0), 0]


def noise_is_not_drawn_from_p_g(run):
    """z drawn from p_g is an image: it does not fit G; where it does, G's law is another one."""
    image, first_kernel = np.zeros((2, 784)), np.zeros((100, 256))
    with pytest.raises(ValueError):
        image @ first_kernel
    assert (np.zeros((2, 100)) @ first_kernel).shape == (2, 256)
    z = np.random.RandomState(0).normal(size=100001)
    G = np.exp
    generated = G(z)  # z ~ p_z: p_g is the lognormal law, its median 1
    assert close(np.median(generated), 1, 0.02)  # the median's spread is 0.004
    assert close(np.median(G(generated)), np.e, 0.05)  # z ~ p_g


def slope(function, at, step=1e-6):
    return (function(at + step) - function(at - step)) / (2 * step)


DCGAN, VANILLA, SEMINAR = "dcgan_keras", "vanilla_torch", "seminar_torch"


def page():
    with open(PAGE, encoding="utf-8") as f:
        return f.read()


def listed(text):
    """Returns the numbers in a text as "38 to 40, 42 and 79", a set of int."""
    numbers = set()
    for first, last in re.findall(r"(\d+)(?: to (\d+))?", text):
        numbers |= set(range(int(first), int(last or first) + 1))
    return numbers


def places():
    """Returns (file or other place, rows) of the last section, a list."""
    section = page().split("## Where the comments go")[1]
    cells = re.findall(r"(?m)^\| (`?[\w./]+`?) \| ([\d, to]+) \|", section)
    return [(place, listed(rows)) for place, rows in cells]


def check(row, run):
    """Asserts that a row's printed form does what the page says, and that the meant form does not."""
    if row.error is None:
        row.check(run)
        return
    run(row.listing)  # as it is meant it runs
    for changes in row.places:
        with pytest.raises(Exception) as caught:
            run(row.listing, changes)
        assert caught.type.__name__ == row.error[0], (changes, caught.value)
        assert row.error[1] in str(caught.value), changes


def check_page(rows, text):
    """Asserts that the rows are those of a text, each with its error on the page."""
    lines = dict(re.findall(r"(?m)^\| (\d+) \|(.*)$", page()))
    assert [row.number for row in rows] == list(ROWS_OF[text])
    for row in rows:
        if row.error:
            assert row.error[0] in lines[str(row.number)], row
