"""legacy-gan report: one file with a run in it, looked at in a browser."""

import base64
import html
import io
import json
import os
import re
import shutil
import sys

import numpy as np
import pytest
from PIL import Image

from tests.support import synthetic_mnist

pytestmark = pytest.mark.newest

pytest.importorskip("jinja2")

# What a finger cannot hit: controls that are less than 44 px wide or high.
TOO_SMALL = """return Array.from(
    document.querySelectorAll("a, button, summary, input[type=range], .digits label"), function (each) {
      var box = each.getBoundingClientRect();
      return [each.outerHTML.slice(0, 60), box.width, box.height];
    }).filter(function (each) { return each[1] < 44 || each[2] < 44; });"""


@pytest.fixture(scope="module")
def reported(made_folder, tmp_path_factory):
    """A conditional run of three epochs with a picture each, and its report's path and text."""
    import legacy_gan
    from legacy_gan.commands.report import ReportOptions
    from legacy_gan.extras import report

    folder = str(tmp_path_factory.mktemp("reported"))
    run = os.path.join(folder, "run")
    legacy_gan.train(
        "conditional",
        data_dir=made_folder,
        epochs=3,
        hidden=8,
        run_dir=run,
        engine="feed",
        samples_dir=os.path.join(run, "samples"),
        sample_every=1,
    )
    path = report.write(run, ReportOptions(count=60))
    assert path == os.path.join(run, "report.html")
    with open(path, encoding="utf-8") as f:
        return run, path, f.read()


def frames_of(text):
    return json.loads(re.search(r'<script id="frames"[^>]*>(.*?)</script>', text, re.S).group(1))


def picture(source):
    return np.array(Image.open(io.BytesIO(base64.b64decode(source.split(",")[1]))))


def on_white(source):
    """A picture that is clear in places, as a light page shows it: an Image of mode L."""
    image = Image.open(io.BytesIO(base64.b64decode(source.split(",")[1])))
    return Image.composite(image.convert("L"), Image.new("L", image.size, 255), image.getchannel("A"))


def test_everything_is_in_the_one_file(reported):
    _, _, text = reported
    assert not re.search(r'(src|href)\s*=\s*"(?!data:image/png;base64,|#)', text)
    assert "http" not in re.sub(
        r'xmlns(:\w+)?="[^"]*"|<!DOCTYPE[^>]*>|<rdf:RDF.*?</rdf:RDF>|xlink:href="#[^"]*"', "", text, flags=re.S
    )
    assert 'name="viewport"' in text  # for a phone


def test_frames_are_the_runs_pictures_in_order_and_grey(reported):
    from legacy_gan.images import pictures

    run, _, text = reported
    frames = frames_of(text)
    assert [frame["epoch"] for frame in frames] == [0, 1, 2]
    for frame in frames:
        path = os.path.join(run, "samples", "{:03d}.png".format(frame["epoch"]))
        assert base64.b64decode(frame["src"].split(",")[1]) == pictures.as_grey(path)


@pytest.mark.parametrize("colors", ["viridis", "gray"])
def test_strip_in_grey_has_its_pixels_in_order_and_clear_gaps(colors, tmp_path):
    """One colour map for digits: the book's strips are viridis, all other pictures of a report are grey."""
    from legacy_gan.images import pictures

    path = str(tmp_path / "strip.png")
    ramp = np.linspace(0, 1, 784)
    pictures.save_strip(path, np.array([[ramp, ramp[::-1]]]), colors)
    grey, alpha = np.moveaxis(np.array(Image.open(io.BytesIO(pictures.as_grey(path)))), -1, 0)
    shown = alpha > 0
    columns = np.flatnonzero(shown.any(0))
    gap = np.flatnonzero(np.diff(columns) > 3)
    assert len(gap) == 1 and not shown[0].any()  # two digits with nothing between and around them
    left = grey[:, columns[0] : columns[gap[0]] + 1][shown.any(1)]
    middle = left[:, left.shape[1] // 2].astype(int)
    assert (np.diff(middle) >= 0).all() and middle[0] < 12 and middle[-1] > 243
    assert len(np.unique(middle)) == 28 and np.abs(np.diff(np.unique(middle)) - 255 / 28).max() < 3


@pytest.mark.both_ends
def test_numbers_and_settings_are_the_runs(reported):
    from legacy_gan.extras import evaluation_table

    run, _, text = reported
    with open(os.path.join(run, "quality.json")) as f:
        result = json.load(f)
    shown = html.unescape(text)
    rows = evaluation_table.readable_rows(result)
    assert len(rows) > 10
    for row in rows:
        assert f"<td>{row.words}</td>" in shown and row.value in shown and row.meaning in shown
    counts = np.array(result["asked_and_taken"])
    assert counts.shape == (10, 10) and counts.sum() == 60
    table = re.search(r'(?s)<table id="map">(.*?)</table>', text).group(1)
    cells = [cell.strip() for cell in re.findall(r"(?s)<td[^>]*>(.*?)</td>", table)]
    shares = 100 * counts / counts.sum(1, keepdims=True)
    assert cells == [f"{share:.0f}" if share else "" for share in shares.ravel()]
    assert result["judge"]["name"] in shown
    assert "<code>--hidden</code></td><td>8</td>" in text
    assert text.count("<svg") == 4  # losses of D and G beside each other, two plots of health


def test_contents_lead_to_headings_and_the_verdict_comes_first(reported):
    _, _, text = reported
    anchors = re.findall(r'<a href="#([^"]+)"', text)
    assert len(anchors) == 7 and all(f'id="{anchor}"' in text for anchor in anchors)
    places = [text.index(f'id="{name}"') for name in ("epochs", "images", "curves", "numbers", "made-with")]
    assert text.index('class="verdict yellow"') < places[0] and places == sorted(places)  # made images are no digits


@pytest.mark.parametrize(
    "right, digits, coverage, warnings, judged, level, words",
    [
        (
            0.1,
            [0] * 8 + [0.998, 0.002],
            0.01,
            0,
            1,
            "red",
            "It does not obey its label: 99.8 % of all images look like 8s.",
        ),
        (0.12, [0.1] * 10, 0.7, 0, 1, "red", "only 12 % of the images show the digit asked for"),
        (0.85, [0.1] * 10, 0.7, 0, 1, "yellow", "It does not always obey its label: only 85 %"),
        (0.974, [0.1] * 10, 0.8, 0, 1, "green", "It obeys its label: 97.4 % of the images show the digit asked for."),
        (0.974, [0.1] * 10, 0.8, 1, 1, "yellow", "Read the warnings below."),
        (None, [0.7] + [0.03] * 9, 0.5, 0, 1, "red", "It makes mostly one digit: 70 % of all images look like 0s."),
        (None, [0.1] * 10, 0.03, 0, 1, "red", "hardly like real ones"),
        (None, [0.1] * 10, 0.3, 0, 1, "yellow", "less varied than real ones"),
        (None, [0.1] * 10, 0.6, 0, 1, "green", "varied, and near to real ones"),
        (0.1, [1.0] + [0] * 9, 0, 3, 0.5, "yellow", "The judge does not know pictures like these"),
    ],
)
def test_verdict_says_what_the_numbers_come_to(right, digits, coverage, warnings, judged, level, words):
    from legacy_gan.extras import verdict

    metrics = {"digits": {"value": digits}, "coverage": {"value": coverage, "real": 0.9}}
    if right is not None:
        metrics["right_digit"] = {"value": right}
    found = verdict.of_result({"judge": {"right": judged}, "metrics": metrics}, warnings, 0.98)
    assert found.level == level and words in found.words
    # From which numbers on is said.
    assert "below 10 % of that of real images" in found.rule and "coverage is below 50 %" in found.rule
    assert ("fewer than 50 % of the images show the digit asked for" in found.rule) == (right is not None)


@pytest.mark.parametrize(
    "value, error, real, is_share, shown",
    [
        (0.974231, 0.00313, 0.99571, True, ("97.4 %", "0.3 %", "99.6 %")),
        (0.974231, 0.0131, 0.99571, True, ("97.4 %", "1.3 %", "99.6 %")),
        (1.0, 0.0, 0.999, True, ("100 %", "0 %", "100 %")),
        (0.0, 0.0, 0.0, True, ("0.0 %", "0.0 %", "0.0 %")),
        (303.7214, 3.1234, 2.0471, False, ("304", "3", "2")),
        (0.0021234, 0.00017, 0.0, False, ("0.00212", "0.00017", "0.00000")),
        (5.12345, None, 4.2, False, ("5.12", "-", "4.20")),
        (569.523304, 3e-14, 2.44, False, ("569.5", "0.0", "2.4")),
        (None, None, 4.2, False, ("-", "-", "4.20")),
    ],
)
def test_numbers_are_rounded_to_what_their_error_leaves(value, error, real, is_share, shown):
    from legacy_gan.extras import evaluation_table

    assert evaluation_table.rounded(value, error, real, is_share) == shown


def test_grid_is_a_digit_a_row(reported):
    from legacy_gan.images import generate, pictures, run_model

    run, _, text = reported
    source = re.search(r'<figure id="grid"><img src="([^"]*)"', text).group(1)
    with run_model.open_run(run) as opened:
        np.testing.assert_array_equal(picture(source), pictures.grid(generate.grid(opened), 10))


def test_result_is_kept_while_the_run_is_the_same(reported, program, monkeypatch):
    from legacy_gan.extras import evaluate

    run, _, text = reported
    monkeypatch.setattr(evaluate, "evaluate", None)  # must not be needed
    status, out, err = program("report", run, "--count", "60", "--out", "again.html")
    assert (status, out) == (0, "wrote again.html\n"), err
    with open("again.html", encoding="utf-8") as f:
        assert f.read() == text


def test_report_speaks_the_language_of_its_command(reported, program, monkeypatch):
    from legacy_gan.extras import evaluate
    from tests.support import catalogue

    run, _, text = reported
    assert '<html lang="en">' in text and not re.search("[가-힣]", text)
    monkeypatch.setattr(evaluate, "evaluate", None)  # the numbers are those that are kept
    monkeypatch.setenv("LEGACY_GAN_LANG", "ko")
    assert program("report", run, "--count", "60", "--out", "ko.html")[0] == 0
    with open("ko.html", encoding="utf-8") as f:
        korean = html.unescape(f.read())
    assert '<html lang="ko">' in korean and "분류기가 모르는 종류의 그림입니다" in korean
    assert "테스트 이미지의" in korean and "학습 이미지 600장" in korean
    for part in (korean.split("<h1>")[1], korean.split("<title>")[1].split("</title>")[0]):
        words = re.sub(r"(?s)<script.*?</script>|<code>.*?</code>|<[^>]*>", " ", part)
        english = [each for each in catalogue.of_templates() if len(each) > 12 and each in words]
        assert not english and re.search("[가-힣]", words)
    with open(os.path.join(run, "quality.json")) as f:  # files are English in every language
        assert "means little" in json.load(f)["notes"][0]


def test_result_beside_other_images_or_of_another_seed_is_not_the_reports(program, made_folder, tmp_path):
    """`evaluate --data-dir --seed` keeps its result, too; a report is of the run's own images."""
    folder = str(tmp_path / "other")
    shutil.copytree(made_folder, folder)
    synthetic_mnist.write_folder(folder, train=5700)
    program("train", "basic", "--data-dir", made_folder, "--steps", "1", "--hidden", "8", "--run-dir", "run")
    count = ["--count", "40"]
    status, own, _ = program("evaluate", "run", "--json", *count)
    assert status == 0
    for flags in (["--data-dir", folder], ["--seed", "77"]):
        os.remove("run/quality.json")  # which would stay
        status, other, _ = program("evaluate", "run", "--json", *(count + flags))
        assert status == 0 and json.loads(other)["metrics"] != json.loads(own)["metrics"]
        assert program("report", "run", *count)[0] == 0
        with open("run/quality.json") as f:
            assert json.load(f) == json.loads(own)
    # What evaluate said of its numbers stands in the report.
    note = json.loads(own)["notes"][0]
    assert "means little" in note
    with open("run/report.html", encoding="utf-8") as f:
        assert f'<p class="warning">{note}</p>' in html.unescape(f.read())


def test_collapse_and_changes_are_told(program, made_folder):
    from legacy_gan.extras import report
    from legacy_gan.training import rundir

    for flags in (["--epochs", "1"], ["--epochs", "2", "--learning-rate", "0.5", "--allow-change", "learning-rate"]):
        status, _, err = program(
            "train", "basic", "--data-dir", made_folder, "--hidden", "8", "--run-dir", "here", *flags
        )
        assert status == 0, err
    directory = rundir.RunDirectory("here")
    config = directory.config()
    losses = np.zeros((2, 12))
    assert report._warnings(directory, config, losses) == ["learning-rate was changed at step 6, from 0.0002 to 0.5."]
    # A run whose D has won for a thousand steps.
    config.update(changes=[], steps_per_epoch=600)
    losses = np.array([[1e-6] * 6000, [20.0] * 6000])
    monkey = [(600 * (n + 1), n, 0.999, 1e-9, 0.8) for n in range(10)]
    directory.health = lambda: monkey
    (said,) = report._warnings(directory, config, losses)
    assert said.startswith("Epoch 2: the run has collapsed, for 3 epochs now: D has won") and "Try: " in said


@pytest.mark.parametrize(
    "row",
    ["nan,nan,0.5,0.5,1", "18,inf,0.5,0.5,1"]
    + [pytest.param(row, marks=pytest.mark.slow) for row in ("18,nan,0.5,0.5,1", "inf,2,0.5,0.5,1")],
)
def test_row_of_health_that_is_no_step_is_damaged(row, program, made_folder):
    from legacy_gan.training import rundir

    train = ["train", "basic", "--data-dir", made_folder, "--hidden", "8", "--run-dir", "here", "--epochs"]
    assert program(*train + ["1"])[0] == 0
    with open("here/health.csv", "a") as f:
        f.write(row + "\n")
    assert program("report", "here", "--count", "20")[0] == 0
    status, _, err = program(*train + ["2"])
    assert status == 0 and "here/health.csv: row 2 cannot be read" in err
    assert rundir.RunDirectory("here").health()[:, 0].tolist() == [6, 12]


def test_row_of_health_whose_losses_are_not_read_yet_is_passed_over(program, made_folder, recwarn):
    """A run that goes on while its report is made has written an epoch more."""
    assert (
        program("train", "basic", "--data-dir", made_folder, "--hidden", "8", "--run-dir", "here", "--epochs", "1")[0]
        == 0
    )
    with open("here/health.csv", "a") as f:
        f.write("12,1,0.5,0.5,1\n")
    assert program("report", "here", "--count", "20")[0] == 0
    assert not [str(w.message) for w in recwarn if issubclass(w.category, RuntimeWarning)]


def test_a_run_without_steps_has_a_report_without_curves(program, made_folder):
    assert (
        program("train", "basic", "--data-dir", made_folder, "--steps", "0", "--hidden", "8", "--run-dir", "here")[0]
        == 0
    )
    status, _, err = program("report", "here", "--count", "20")
    assert status == 0, err
    with open("here/report.html", encoding="utf-8") as f:
        text = f.read()
    assert "<svg" not in text and 'id="grid"' in text and 'id="metrics"' in text


@pytest.mark.parametrize(
    "argv, words",
    [
        ([], "expected legacy-gan report RUN"),
        (["nowhere"], "nowhere: expected a run, found none"),
        (["run", "--out", "x.pdf"], "--out must be a file that ends in .html"),
        (["run", "--out", "n" * 300 + ".html"], ".html: File name too long; name another"),
        (["run\0"], "RUN takes a path, got"),
        (["run", "--count", "3"], "--count takes a whole number from 20"),
        (["run", "--judge", "none.npz"], "none.npz: expected an .npz of arrays"),
    ],
)
def test_bad_input_is_one_line(refused, reported, argv, words):
    os.symlink(reported[0], "run")
    assert words in refused("report", *argv)


def test_without_jinja2_it_says_what_to_install(refused, monkeypatch):
    monkeypatch.setitem(sys.modules, "jinja2", None)
    assert "pip install jinja2" in refused("report", "nowhere")


@pytest.mark.browser
def test_slider_shows_the_picture_of_its_epoch(reported, browser):
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys

    _, path, text = reported
    frames = frames_of(text)
    browser.set_window_size(900, 1200)
    browser.get("file://" + path)
    strip, slider = (browser.find_element(By.ID, name) for name in ("strip", "slider"))
    assert strip.get_attribute("src") == frames[2]["src"]
    slider.send_keys(Keys.ARROW_LEFT)
    assert browser.find_element(By.ID, "epoch").text == "1"
    assert strip.get_attribute("src") == frames[1]["src"]
    slider.send_keys(Keys.HOME)
    assert browser.find_element(By.ID, "epoch").text == "0"
    # What is on the screen is that picture, not only its address.
    seen = np.array(Image.open(io.BytesIO(strip.screenshot_as_png)).convert("L"), float)
    off = [
        np.abs(seen - np.array(on_white(frame["src"]).resize(seen.shape[::-1], Image.NEAREST))).mean()
        for frame in frames
    ]
    assert off[0] < 0.7 * min(off[1:])  # the browser scales it by its own rule
    assert not [entry for entry in browser.get_log("browser") if entry["level"] == "SEVERE"]


@pytest.mark.browser
def test_nothing_is_wider_than_a_phone(reported, browser):
    browser.set_window_size(500, 900)  # the least that Chromium's window takes
    browser.get("file://" + reported[1])
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride", {"width": 360, "height": 740, "deviceScaleFactor": 2, "mobile": True}
    )
    wide, table, box, letters = browser.execute_script("""
        var table = document.getElementById("metrics");
        return [document.documentElement.scrollWidth, table.scrollWidth, table.parentNode.clientWidth,
                Array.from(document.querySelectorAll(".tick"), function (text) {
                  return text.getBoundingClientRect().height;
                })];""")
    small = browser.execute_script(TOO_SMALL)
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    assert wide <= 360
    assert table <= box  # its last column is seen, too
    assert len(letters) > 10 and min(letters) > 12 and max(letters) < 20, letters
    assert small == []


@pytest.mark.browser
@pytest.mark.parametrize("scheme, is_dark", [("light", False), ("dark", True)])
def test_page_is_light_or_dark_and_can_be_read(reported, browser, scheme, is_dark):
    browser.execute_cdp_cmd(
        "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    )
    browser.get("file://" + reported[1])
    colors = browser.execute_script("""
        function of(selector, property) {
          return getComputedStyle(document.querySelector(selector))[property].match(/[0-9.]+/g).slice(0, 3).map(Number);
        }
        return {paper: of("body", "backgroundColor"), ink: of("body", "color"), muted: of(".muted", "color"),
                link: of("nav a", "color"), tick: of(".tick", "color"), d: of("path.d:not(.band)", "stroke"),
                g: of("path.g:not(.band)", "stroke"), real: of("path.real", "stroke")};""")
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
    paper = luminance(colors.pop("paper"))
    assert (paper < 0.1) == is_dark
    for name, color in colors.items():  # WCAG AA: 4.5 for text, 3 for lines
        high, low = sorted([luminance(color), paper], reverse=True)
        assert (high + 0.05) / (low + 0.05) >= (3 if name in "dg" else 4.5), name


def luminance(color):
    """The relative luminance of WCAG 2, of [red, green, blue] in 0..255."""
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in np.array(color) / 255]
    return float(np.dot([0.2126, 0.7152, 0.0722], linear))
