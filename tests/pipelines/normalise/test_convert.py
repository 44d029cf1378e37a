"""The engine gives what the package gives, character by character, and says what it changed."""

import random
from collections.abc import Iterator

import opencc
import pytest

from pipelines.normalise.convert import CHAINS, Change, convert, read_dictionary
from tests.timing import processor_limit

SAMPLE = 400
"""Strings of glued keys per configuration; ``make bench-text`` runs 150,000."""

AWKWARD = [
    "",
    "a",
    "后",
    "，",
    "\x00干部\x00里面\x00",
    "\ud800校长\udfff发言\ud800",
    "𠀀𩡺𤳸藉藉无名𨸃",
    "😀发言😀头发",
    "校长发言，30人参加；一个中国。各国历史一出现",
    "乾隆乾坤乾乾淨淨於其一樊於期",
    "頭\x85發\u2028理\u3000發 干-部*里.面",
    "酒逢知己千鍾少話不投機半句多",
    "福克里",
    "一口吃一口吃個一口吃成",
    "里里里里里里里里里里里",
    "后" * 500 + "天" * 500,
]


def glued(configuration: str, count: int) -> Iterator[str]:
    """Yield strings of dictionary keys, whole and cut, glued together: what overlaps most."""
    choose = random.Random(configuration)
    keys = [key for step in CHAINS[configuration] for name in step for key in read_dictionary(name)]
    phrases = [key for key in keys if len(key) > 1] or keys
    for _ in range(count):
        parts = []
        for _ in range(choose.randint(1, 6)):
            key = choose.choice(phrases if choose.random() < 0.7 else keys)
            cut = choose.randrange(len(key))
            parts.append(choose.choice((key, key, key[cut:], key[: cut + 1])))
            if choose.random() < 0.05:
                parts.append(choose.choice("，。 \n-\x85\u3000a1𠀀\ud800"))
        yield "".join(parts)


@pytest.fixture(scope="module", params=CHAINS)
def package(request: pytest.FixtureRequest) -> opencc.OpenCC:
    return opencc.OpenCC(request.param)


def test_glued_keys_convert_as_the_package_converts_them(package: opencc.OpenCC) -> None:
    for text in glued(package.conversion, SAMPLE):
        assert convert(text, package.conversion).text == package.convert(text)


@pytest.mark.parametrize("text", AWKWARD)
def test_awkward_text_converts_as_the_package_converts_it(package: opencc.OpenCC, text: str) -> None:
    assert convert(text, package.conversion).text == package.convert(text)


@pytest.mark.parametrize("configuration", ["s2twp", "tw2sp", "t2jp", "", "S2T"])
def test_other_configurations_are_refused(configuration: str) -> None:
    with pytest.raises(ValueError, match="choose one of t2s, s2t"):
        convert("文件", configuration)


def test_changes_say_what_was_changed_by_which_dictionary() -> None:
    converted = convert("在后面了解头发", "s2t")
    assert converted.text == "在後面瞭解頭髮"
    assert converted.changed == 4
    assert list(converted.changes) == [
        Change(start=1, old="后", new="後", by="characters"),
        Change(start=3, old="了", new="瞭", by="phrases"),
        Change(start=5, old="头发", new="頭髮", by="phrases"),
    ]


def test_text_without_anything_to_change_is_the_same_object() -> None:
    text = "no Han at all, " * 10
    assert convert(text, "t2s").text is text
    assert convert(text, "t2s").changed == 0


@pytest.mark.parametrize("configuration", ["t2s", "s2t", "tw2s"])
@pytest.mark.parametrize("unit", ["里里", "一口吃個", "校长发言", "藉藉", "乾", "<(0"])
def test_time_is_linear_without_separators(configuration: str, unit: str) -> None:
    text = unit * 100_000
    with processor_limit():
        assert len(convert(text, configuration).text) == len(text)
