"""The curves of a report: what is drawn where."""

import re

import numpy as np
import pytest

from legacy_gan.extras import charts

pytestmark = [pytest.mark.no_tensorflow, pytest.mark.newest]


def points_of(path):
    return np.array([[float(number) for number in point.split(",")] for point in re.split("[MLZ]", path) if point])


def test_losses_of_d_and_g_have_a_plot_each_with_one_axis_of_epochs():
    values = np.array([np.linspace(1, 0, 1000), np.linspace(0, 20, 1000)])
    d_chart, g_chart = charts.losses(values, 100)
    assert d_chart.x == g_chart.x and [tick.text for tick in d_chart.x] == ["0", "2", "4", "6", "8", "10"]
    assert [line.color for line in d_chart.lines + g_chart.lines] == ["d", "g"]
    assert [tick.text for tick in g_chart.y] == ["0", "5", "10", "15", "20"]
    down, up = points_of(d_chart.lines[0].path), points_of(g_chart.lines[0].path)
    assert (np.diff(down[:, 1]) > 0).all() and (np.diff(up[:, 1]) < 0).all()  # the page's y goes down
    assert down[-1, 0] == charts.SIDE
    assert charts.losses(np.zeros((2, 0)), 100) == []


def test_rare_spikes_do_not_flatten_a_curve():
    row = np.where(np.arange(40000) == 20000, 1e6, np.sin(np.arange(40000) / 3000))
    spiked = charts.losses(np.array([row, row]), 400)[0]
    assert max(float(tick.text) for tick in spiked.y) > 1e3  # the mean of its stretch is to be seen
    band_only = row.copy()
    band_only[20000:20002] = 50, -50  # of mean 0
    calm = charts.losses(np.array([band_only, band_only]), 400)[0]
    assert max(float(tick.text) for tick in calm.y) <= 1


def test_what_is_not_finite_leaves_a_gap():
    values = np.array([1.0, 2, np.nan, 4, np.inf, 6])
    chart = charts.chart("", "", [charts.Curve("", "d", np.arange(1.0, 7), values)])
    path = chart.lines[0].path
    assert path.count("M") == 3 and len(points_of(path)) == 2 + 2 + 2  # a lone point is a line of two
    nothing = charts.chart("", "", [charts.Curve("", "d", np.arange(1.0, 3), np.array([np.nan, np.nan]))])
    assert nothing.lines[0].path == "" and nothing.lines[0].last == "-" and nothing.y


def test_health_shows_data_generated_images_and_one_half():
    believed, apart = charts.health(np.array([[100, 0, 0.9, 0.1, 0.4], [200, 1, 0.8, 0.2, 1.5]]), 100)
    assert [(line.color, line.last) for line in believed.lines] == [("real", "0.800"), ("g", "0.200")]
    assert believed.level == pytest.approx(50) and 60 < apart.level < 70  # 1 of 1.5
    assert charts.health(np.zeros((0, 5)), 100) == []


@pytest.mark.parametrize(
    "number, text",
    [(0.07731, "0.0773"), (7.4, "7.40"), (-123.4, "-123"), (12345.6, "12,346"), (0, "0"), (2e-7, "≈ 0")]
    + [(float("nan"), "-"), (float("-inf"), "-")],
)
def test_readable_numbers(number, text):
    assert charts.readable(number) == text


@pytest.mark.parametrize("steps", [1, 399, 400, 401, 700, 799, 55000])
def test_losses_are_drawn_in_stretches_of_one_length(steps):
    """Means of fewer steps would look wilder than others."""
    parts = charts.stretches(steps)
    assert np.array_equal(np.concatenate(parts), np.arange(steps)) and len(parts) <= charts.STRETCHES
    assert len({len(part) for part in parts[:-1]}) <= 1 and len(parts[-1]) <= len(parts[0])
