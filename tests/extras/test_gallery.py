"""legacy-gan report RUN RUN2 ...: several runs side by side in one file."""

import html
import json
import os
import re

import pytest

pytestmark = pytest.mark.newest

pytest.importorskip("jinja2")


@pytest.fixture(scope="module")
def gallery(made_folder, tmp_path_factory):
    """Two small runs with other settings, one without steps, and their gallery: (paths, page, text)."""
    import legacy_gan
    from legacy_gan.commands.report import ReportOptions
    from legacy_gan.extras import gallery

    folder = str(tmp_path_factory.mktemp("gallery"))
    paths = [os.path.join(folder, name) for name in ("small", "large", "unbegun")]
    options = dict(data_dir=made_folder, engine="feed", samples_dir=os.path.join(folder, "samples"))
    legacy_gan.train("conditional", epochs=2, hidden=8, run_dir=paths[0], **options)
    legacy_gan.train("conditional", epochs=1, hidden=9, run_dir=paths[1], loss="saturating", **options)
    legacy_gan.train("basic", steps=0, hidden=8, run_dir=paths[2], **options)
    page = gallery.write(paths, ReportOptions(count=40, out=os.path.join(folder, "all.html")))
    with open(page, encoding="utf-8") as f:
        return paths, page, f.read()


def test_runs_are_rows_with_a_verdict_and_ten_images_each(gallery):
    paths, _, text = gallery
    rows = re.findall(r'(?s)<section class="run run(\d)">(.*?)</section>', text)
    assert [int(number) for number, _ in rows] == [0, 1, 2]
    for (_, row), path in zip(rows, paths):
        assert f"<h2>{path}</h2>" in row and row.count("data:image/png") == 1 and 'class="verdict ' in row
    assert not re.search(r'(src|href)\s*=\s*"(?!data:image/png;base64,|#)', text)


def test_curves_of_all_runs_that_have_steps_are_in_one_plot(gallery):
    _, _, text = gallery
    plots = re.findall(r"(?s)<svg.*?</svg>", text)
    assert len(plots) == 3  # D's losses, G's, and how far images lie apart
    for plot in plots:
        assert re.findall(r'<path class="(run\d)"', plot) == ["run0", "run1"]


def test_numbers_are_a_table_and_the_best_of_a_row_is_marked(gallery):
    paths, _, text = gallery
    results = []
    for path in paths:
        with open(os.path.join(path, "quality.json")) as f:
            results.append(json.load(f)["metrics"])
    table = html.unescape(re.search(r'(?s)<table id="metrics">(.*?)</table>', text).group(1))
    rows = {re.search("<td>([^<]*)", row).group(1): row for row in table.split("<tr>")[2:]}
    cells = re.findall(r'<td class="number( best)?">', rows["MNIST-FD"])
    values = [result["mnist_fd"]["value"] for result in results]
    assert [bool(best) for best in cells] == [value == min(values) for value in values] + [False]  # and real ones
    asked = re.findall(r'(?s)<td class="number[^"]*">(.*?)</td>', rows["the digit asked for"])
    assert asked[2] == "-" and "±" in asked[0]  # the basic model has no label
    assert "best" not in rows["precision"]  # where all images are alike it is high


def test_settings_that_differ_are_named(gallery):
    _, _, text = gallery
    table = re.search(r'(?s)<table id="settings">(.*?)</table>', text).group(1)
    rows = dict(re.findall(r"(?s)<tr><td><code>(--[a-z-]+)</code></td>(.*?)</tr>", table))
    assert re.findall(">([^<]+)<", rows["--hidden"]) == ["8", "9", "8"]
    assert re.findall(">([^<]+)<", rows["--loss"])[:2] == ["non_saturating", "saturating"]
    assert "--batch-size" not in rows


def test_gallery_speaks_the_language_of_its_command(gallery, program, monkeypatch):
    from legacy_gan.extras import evaluate
    from tests.support import catalogue

    paths, _, english = gallery
    assert '<html lang="en">' in english and "3 runs side by side" in english
    monkeypatch.setattr(evaluate, "evaluate", None)  # the numbers are those that are kept
    monkeypatch.setenv("LEGACY_GAN_LANG", "ko")
    status, out, err = program("report", *paths, "--count", "40")
    assert (status, out) == (0, "저장: gallery.html\n"), err
    with open("gallery.html", encoding="utf-8") as f:
        words = re.sub(r"(?s)<(script|style).*?</\1>|<code>.*?</code>|<[^>]*>", " ", html.unescape(f.read()))
    assert "학습 결과 3개 비교" in words
    assert not [each for each in catalogue.of_templates() if len(each) > 12 and each in words]


@pytest.mark.parametrize(
    "names, words",
    [
        (["a", "b", "a/"], "a is named twice; name different runs"),
        (["a", "nowhere"], "nowhere: expected a run, found none"),
        (list("abcdefghi"), "expected at most 8 runs, got 9"),
        (["a", "b", "--out", "x.pdf"], "--out must be a file that ends in .html"),
    ],
)
def test_bad_input_is_one_line(refused, gallery, names, words):
    paths, _, _ = gallery
    os.symlink(paths[0], "a")
    os.symlink(paths[1], "b")
    for name in "cdefghi":
        os.mkdir(name)
    assert words in refused("report", *names)


@pytest.mark.browser
def test_nothing_is_wider_than_a_phone_or_too_small_for_a_finger(gallery, browser):
    browser.get("file://" + gallery[1])
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride", {"width": 390, "height": 844, "deviceScaleFactor": 2, "mobile": True}
    )
    wide, small = browser.execute_script("""
        var controls = Array.from(document.querySelectorAll("a, button, summary"));
        return [document.documentElement.scrollWidth, controls.map(function (each) {
          return each.getBoundingClientRect();
        }).filter(function (box) { return box.width < 44 || box.height < 44; }).length];""")
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    assert wide <= 390 and small == 0
    assert not [entry for entry in browser.get_log("browser") if entry["level"] == "SEVERE"]
