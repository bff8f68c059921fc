"""The report's playground: the browser draws what TensorFlow draws."""

import json
import os
import re

import numpy as np
import pytest

import legacy_gan
from legacy_gan.commands.report import ReportOptions
from legacy_gan.extras import playground
from legacy_gan.images import run_model

pytestmark = pytest.mark.newest

pytest.importorskip("jinja2")
MLPS = ["basic", "conditional", "mlp", "vanilla"]


@pytest.fixture(scope="module")
def runs(made_folder, tmp_path_factory):
    """Returns (folder, report's path) of a run of some steps, made when it is first asked for: runs(model)."""
    from legacy_gan.extras import report

    made = {}

    def run_of(model):
        if model not in made:
            run = str(tmp_path_factory.mktemp(model) / "run")
            legacy_gan.train(
                model,
                data_dir=made_folder,
                steps=20,
                hidden=16,
                run_dir=run,
                engine="feed",
                batch_size=20,
                samples_dir=os.path.join(run, "samples"),
            )
            made[model] = run, report.write(run, ReportOptions(count=40))
        return made[model]

    return run_of


@pytest.mark.browser
@pytest.mark.parametrize("model", MLPS)
def test_browser_computes_what_tensorflow_does(runs, browser, model):  # noqa: F811
    run, path = runs(model)
    with run_model.open_run(run, seed=77) as opened:
        noise = opened.noise(5).astype(np.float32)
        labels = np.eye(10)[[0, 3, 9, 5, 5]] if opened.conditional else None
        expected = opened.images(noise, labels)
    browser.get("file://" + path)
    for z, digit, image in zip(noise, [0, 3, 9, 5, 5], expected):
        got = browser.execute_script(
            "return Array.from(playground.images(arguments[0], arguments[1]))", z.tolist(), digit
        )
        np.testing.assert_allclose(got, image, atol=1e-5)
    assert np.abs(expected[0] - expected[1]).max() > 1e-3


@pytest.mark.browser
def test_digit_noise_and_dragging_change_what_is_drawn(runs, browser):  # noqa: F811
    from selenium.webdriver.common.action_chains import ActionChains
    from selenium.webdriver.common.by import By

    browser.set_window_size(900, 1200)
    browser.get("file://" + runs("conditional")[1])

    def drawn():
        return browser.execute_script(
            "return Array.from(document.getElementById('drawn').getContext('2d')"
            ".getImageData(0, 0, 28, 28).data).filter((_, n) => n % 4 == 0)"
        )

    def expected(digit):
        return browser.execute_script(
            "return Array.from(playground.images(playground.noise(+document.getElementById('x').value,"
            " +document.getElementById('y').value), arguments[0]))",
            digit,
        )

    seen = [drawn()]
    np.testing.assert_allclose(seen[0], 255 * np.array(expected(5)), atol=1)
    browser.find_element(By.CSS_SELECTOR, "input[name=digit][value='7']").click()
    seen.append(drawn())
    np.testing.assert_allclose(seen[1], 255 * np.array(expected(7)), atol=1)
    browser.find_element(By.ID, "other").click()
    seen.append(drawn())
    canvas = browser.find_element(By.ID, "drawn")
    ActionChains(browser).move_to_element_with_offset(canvas, -50, 30).click_and_hold().move_by_offset(
        100, 20
    ).release().perform()
    x, y = (float(browser.find_element(By.ID, name).get_attribute("value")) for name in "xy")
    side = canvas.size["width"]
    assert (x, y) == pytest.approx((4 * 50 / side, 4 * 50 / side), abs=0.05)
    seen.append(drawn())
    np.testing.assert_allclose(seen[3], 255 * np.array(expected(7)), atol=1)
    assert len({tuple(pixels) for pixels in seen}) == 4
    assert not [entry for entry in browser.get_log("browser") if entry["level"] == "SEVERE"]


@pytest.mark.both_ends
def test_weights_are_the_runs(runs):
    run, path = runs("conditional")
    with open(path, encoding="utf-8") as f:
        given = json.loads(re.search(r'<script id="generator"[^>]*>(.*?)</script>', f.read(), re.S).group(1))
    assert given["digits"] and given["last"] == "sigmoid" and len(given["layers"]) == 2
    with run_model.open_run(run) as opened:
        assert given == playground.of_run(opened)
        kernel = opened.generator_arrays()[0]
    import base64

    got = np.frombuffer(base64.b64decode(given["layers"][0]["kernel"]), "<f4").reshape(138, 16)
    np.testing.assert_array_equal(got, kernel)


def test_a_generator_that_computes_something_else_has_no_playground(runs):
    with run_model.open_run(runs("conditional")[0]) as opened:
        assert playground.of_run(opened) is not None
        right = opened.images
        opened.images = lambda noise, labels: 0.9 * right(noise, labels)  # as an edited page may
        assert playground.of_run(opened) is None


def test_convolutions_have_none(made_folder, tmp_path):
    legacy_gan.train("cdcgan", data_dir=made_folder, steps=1, filters=2, run_dir="run", engine="feed", batch_size=20)
    with run_model.open_run("run") as opened:
        assert playground.of_run(opened) is None
