"""Script classes: by counts, for documents and short texts."""

import re
from pathlib import Path

import pytest

from pipelines.normalise import Script, classify_script, convert
from pipelines.normalise import hant as detailed
from tests.shared import SHARED, needs_shared

GOLD = Path(__file__).parent / "gold"
HANS = (GOLD / "news.hans.txt").read_text("utf-8")
HANT = (GOLD / "news.hant.txt").read_text("utf-8")

LEFT = "后干斗里系制志松余征面表游周采云范家借并于只回谷几丑咸仆姜岳卜了吁占舍升划折注朱辟仇杰困"
"""What character-by-character converters of mirrored pages were seen to leave."""

LONG = 150
"""Ideographs from which the class is promised."""


def careless(text: str) -> str:
    mapped = {char: convert(char, "s2t").text for char in set(text)} | {char: char for char in LEFT}
    return "".join(mapped[char] for char in text)


def articles(text: str) -> list[str]:
    """Cut the gold into pieces of two paragraphs that are long enough for a promise."""
    lines = text.strip().split("\n")
    pieces = ["\n".join(lines[at : at + 2]) for at in range(len(lines) - 1)]
    return [piece for piece in pieces if len(re.findall("[\u4e00-\u9fff]", piece)) >= LONG]


PIECES = articles(HANS)


def test_there_are_pieces() -> None:
    assert len(PIECES) >= 10


@pytest.mark.parametrize("piece", PIECES, ids=range(len(PIECES)))
def test_classes_of_long_text(piece: str) -> None:
    assert classify_script(piece).name == "Hans"
    assert classify_script(careless(piece)).name == "Hant-CN-careless"
    lines = piece.split("\n")
    assert classify_script("\n".join([lines[0], careless(lines[1])])).name == "mixed"
    for region, classes in {
        "tw": {"Hant", "Hant-TW"},
        "hk": {"Hant", "Hant-HK"},
        "generic": {"Hant", "Hant-HK"},
    }.items():
        assert classify_script(detailed.to_hant(piece, region, script="Hans").text).name in classes


def test_regions_of_a_long_text() -> None:
    assert classify_script(detailed.to_hant(HANS, "tw", script="Hans").text).name == "Hant-TW"
    assert classify_script(detailed.to_hant(HANS, "hk", script="Hans").text).name == "Hant-HK"
    assert classify_script(convert(HANS, "s2t").text).name == "Hant"  # 爲, 衆: a converter made it


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("关于做好后勤工作的总结", "Hans"),
        ("關於做好後勤工作的總結", "Hant"),
        ("關于做好后勤工作的通知", "Hant-CN-careless"),
        ("這裡說著為什麼衞生", "Hant"),  # too short for a region
        ("大学生后天上山", "Hani"),
        ("中山大道", "Hani"),
        ("乾隆著作", "Hani"),
    ],
)
def test_short_text(text: str, name: str) -> None:
    assert classify_script(text).name == name


@pytest.mark.parametrize("text", ["", "abc 123", "，。", "\x00", "\ud800", "ひらがな", "한국어", "(" * 100_000])
def test_text_without_ideographs_has_no_script(text: str) -> None:
    assert classify_script(text) is None


def test_counts() -> None:
    assert classify_script("關于后勤的報告，abc") == Script(
        name="Hant-CN-careless", han=7, traditional=2, simplified=0, kept=2
    )


def test_lines_of_a_mixed_text() -> None:
    text = "学校召开会议研究后勤工作\n\n學校召開會議，說明為何\nno Han"
    assert classify_script(text).paragraphs == ("Hans", None, "Hant", None)


@needs_shared
def test_seed_page_is_careless() -> None:
    (seed,) = (SHARED / "seed").glob("*.txt")
    without_pinyin = re.sub("([\u3400-\u9fff])\\([a-zü\u00e0-\u01dc]{1,6}\\)", r"\1", seed.read_text("utf-8"))
    assert classify_script(without_pinyin).name == "Hant-CN-careless"
