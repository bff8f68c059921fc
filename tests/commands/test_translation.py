"""The program speaks Korean: every message is translated, a language is chosen, listings and files stay as they are."""

import gettext
import io
import json
import os
import re
import sys

import pytest

from legacy_gan import cli, translation
from tests.support import catalogue
from tests.support.paths import DOCS

pytestmark = [pytest.mark.no_tensorflow, pytest.mark.newest]

HANGUL = re.compile("[가-힣]")


@pytest.fixture(scope="module")
def entries():
    """What the .po has: {English: Korean}, without its head."""
    found, fuzzy = catalogue.read(catalogue.PO)
    assert not fuzzy
    assert "charset=UTF-8" in found.pop("")
    return found


@pytest.fixture
def korean(monkeypatch):
    monkeypatch.setenv("LEGACY_GAN_LANG", "ko")


def test_every_message_is_translated_and_no_other(entries):
    needed = catalogue.of_source() | catalogue.of_templates() | catalogue.of_declarations()
    assert len(needed) > 150
    what_to_do = "legacy_gan/locale/ko/LC_MESSAGES/legacy_gan.po must have each message, then `make translations`"
    assert (sorted(needed - set(entries)), sorted(set(entries) - needed)) == ([], []), what_to_do
    assert [text for text, korean in entries.items() if not korean] == []


def test_translations_fill_in_the_same_names(entries):
    for text, korean in entries.items():
        assert catalogue.names_in(text) == catalogue.names_in(korean), text
        words = re.findall(r"--[a-z][a-z-]+", text)
        assert sorted(words) == sorted(re.findall(r"--[a-z][a-z-]+", korean)), text


def test_compiled_catalogue_is_that_of_the_source(entries):
    with open(catalogue.PO[:-2] + "mo", "rb") as f:
        compiled = dict(gettext.GNUTranslations(f)._catalog)
    compiled.pop("")
    assert compiled == entries  # else: make translations


def test_translations_use_the_words_of_the_glossary(entries):
    with open(f"{DOCS}/ko-terms.md", encoding="utf-8") as f:
        rows = [line.strip("| \n").split(" | ") for line in f if line.startswith("| ")][1:]
    wrong = [word for row in rows for word in re.findall("`([^`]+)`", row[2]) if not word.isascii()]
    assert len(wrong) > 15
    for korean in entries.values():
        assert not [word for word in wrong if word in korean], korean


@pytest.mark.parametrize(
    "variables, encoding, expected",
    [
        ({"LEGACY_GAN_LANG": "ko"}, "utf-8", "ko"),
        ({"LEGACY_GAN_LANG": "ko"}, "ascii", "ko"),  # as it was asked for
        ({"LEGACY_GAN_LANG": "en", "LANG": "ko_KR.UTF-8"}, "utf-8", "en"),
        ({"LEGACY_GAN_LANG": "fr"}, "utf-8", "en"),
        ({"LANG": "ko_KR.UTF-8"}, "utf-8", "ko"),
        ({"LANG": "ko_KR.UTF-8"}, "ascii", "en"),  # the console cannot show it
        ({"LANG": "ko_KR.UTF-8", "LC_ALL": "C"}, "utf-8", "en"),
        ({"LANG": "de_DE.UTF-8"}, "utf-8", "en"),
    ],
)
def test_language_is_that_of_the_variable_else_of_the_locale(variables, encoding, expected, monkeypatch):
    for name in ("LEGACY_GAN_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "stderr", io.TextIOWrapper(io.BytesIO(), encoding=encoding))
    assert translation.wanted() == expected


@pytest.mark.parametrize(
    "argv, status, words",
    [
        (["--help"], 0, "사용법:\n  legacy-gan train"),
        (["train", "--help"], 0, "책의 예제 1, 기본 GAN"),
        (["train", "cdcgan", "--help-all"], 0, "모드 붕괴를 막는 옵션"),
        (["generate", "--help"], 0, "조건부 모델이 그릴 숫자"),
        (["list"], 0, "runs에 학습 결과가 없습니다"),
        (["repot"], 2, "혹시 report인가요? --help를 보세요"),
        (["train", "basic", "--lr", "1"], 2, "알 수 없는 인자: --lr 1. 혹시 --learning-rate인가요? --help를 보세요"),
        (["train", "basic", "--epochs", "0"], 2, "--epochs에 쓸 수 있는 값: 1에서 1000000까지의 정수. 받은 값: '0'"),
        (["train", "basic", "--preset", "x"], 2, "--preset에 쓸 수 있는 값: 'better'. 받은 값: 'x'"),
        (["judge", "tset"], 2, "받은 값: 'judge tset'; 혹시 test인가요?"),
    ],
)
def test_commands_speak_korean(argv, status, words, korean, capfd):
    assert cli.main(argv) == status
    assert words in "".join(capfd.readouterr())


@pytest.mark.tensorflow
def test_training_speaks_korean_and_its_lines_and_files_do_not(korean, program, made_folder):
    flags = ["train", "basic", "--data-dir", made_folder, "--hidden", "6", "--noise", "5", "--batch-size", "200"]
    status, out, err = program(*flags, "--epochs", "1")
    assert status == 0, err
    lines = out.splitlines()
    assert re.match(r"Epoch: 0000 D loss: -\d", lines[0]) and lines[1:] == ["최적화 완료!"]
    said = err.splitlines()
    assert said[0].startswith("basic: 총 3스텝, 한 세대에 3스텝, 시드 9. 학습 이미지 600장:")
    assert said[1].startswith("그림 1장: samples.") and "아직 이릅니다" in said[2]
    for name in os.listdir("runs/basic"):
        if name.endswith((".json", ".csv")):
            with open(f"runs/basic/{name}", encoding="utf-8") as f:
                assert not HANGUL.search(f.read()), name
    with open("runs/basic/config.json", encoding="utf-8") as f:
        assert json.load(f)["settings"]["batch_size"] == 200
    status, out, err = program(*flags, "--epochs", "1", "--hidden", "7")
    assert status == 2 and "--hidden 값이 다릅니다. 있던 값: 6, 받은 값: 7. 다른 --run-dir을 주거나" in err
    status, out, err = program(*flags, "--epochs", "1")
    assert status == 0 and "runs/basic의 학습은 끝났습니다: 3스텝, 시드 9" in out
