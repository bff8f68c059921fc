"""Curves within a page of HTML: where they stand, and losses that cannot be drawn."""

import re

import numpy as np
import pytest

from legacy_gan.images import inline

pytestmark = [pytest.mark.no_tensorflow, pytest.mark.newest]


def places(svg):
    """Returns the points of each curve, a list of arrays [n, 2]."""
    lines = re.findall('points="([^"]*)"', svg)
    return [np.array([point.split(",") for point in line.split()], float).reshape(-1, 2) for line in lines]


def test_curves_are_scaled_to_both_losses():
    d, g = places(inline.curves(np.array([0.0, 1.0, 2.0]), np.array([4.0, 4.0, 4.0])))
    middle = (inline.MARGIN + inline.HEIGHT - inline.MARGIN) / 2
    assert d[0].tolist() == [inline.MARGIN, inline.HEIGHT - inline.MARGIN]  # the lowest of both
    assert d[2].tolist() == [inline.WIDTH - inline.MARGIN, middle]
    assert set(g[:, 1]) == {inline.MARGIN}


def test_long_curves_are_means_of_stretches():
    d, _ = places(inline.curves(np.arange(1000.0), np.zeros(1000)))
    assert len(d) == 250 and (np.diff(d[:, 1]) < 0).all()


@pytest.mark.parametrize("losses, points", [([], None), ([np.nan, np.inf], None), ([np.nan, 1.0], 1), ([3.0], 1)])
def test_losses_that_are_no_numbers_are_left_out(losses, points):
    svg = inline.curves(np.array(losses), np.array(losses))
    assert svg == "" if points is None else [len(curve) for curve in places(svg)] == [points] * 2
