"""What is known of single Chinese characters: their simplified form, their readings, their GBK bytes.

The simplified forms are those of the OpenCC dictionaries (package ``opencc-python-reimplemented``, Apache-2.0);
the readings are a table of this package (``data/README.md`` says where it is from).
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from pipelines.normalise.convert import read_dictionary, read_values

HAN = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
"""Ideographs, for use inside a character class."""


def is_han(char: str) -> bool:
    """Tell whether a character is a unified ideograph of the basic plane.

    >>> is_han("校"), is_han("，")
    (True, False)
    """
    return "\u3400" <= char <= "\u9fff"


@cache
def simplified_forms() -> Mapping[str, str]:
    """Return traditional character → simplified character, for those that differ.

    >>> simplified_forms()["網"]
    '网'
    """
    forms = read_dictionary("TSCharacters").items()
    return MappingProxyType({key: value for key, value in forms if key != value})


@cache
def simplified_only() -> frozenset[str]:
    """Return the characters that traditional text does not use: 学, but not 后, 里 or 干.

    >>> "学" in simplified_only(), "后" in simplified_only()
    (True, False)
    """
    traditional = {form for forms in traditional_forms().values() for form in forms}
    return frozenset(traditional_forms().keys() - traditional)


@cache
def traditional_forms() -> Mapping[str, tuple[str, ...]]:
    """Return simplified character → its traditional forms, the most usual first; with itself where it is one.

    >>> traditional_forms()["发"]
    ('發', '髮')
    """
    return MappingProxyType({key: tuple(values) for key, values in read_values("STCharacters").items()})


@cache
def readings() -> Mapping[str, tuple[str, ...]]:
    """Return character → its Mandarin readings with tone marks, the most usual first, for the ideographs of GBK.

    >>> readings()["長"]
    ('zhǎng', 'cháng')
    """
    found: dict[str, list[str]] = {}
    later: list[tuple[str, str]] = []
    for line in files("pipelines.normalise").joinpath("data/readings.txt").read_text("utf-8").splitlines():
        reading, first, other = line.split("\t")
        for char in first:
            found[char] = [reading]
        later += ((char, reading) for char in other)
    for char, reading in later:
        found[char].append(reading)
    return MappingProxyType({char: tuple(values) for char, values in found.items()})


@cache
def gbk_characters() -> Mapping[tuple[int, int], str]:
    """Return lead and trail byte → character, for every two-byte code of GBK that has one."""
    table = {}
    for lead in range(0x81, 0xFF):
        for trail in range(0x40, 0xFF):
            char = bytes((lead, trail)).decode("gbk", "ignore")
            if len(char) == 1 and trail != 0x7F:
                table[lead, trail] = char
    return MappingProxyType(table)


@cache
def gbk_bytes() -> Mapping[str, tuple[int, int]]:
    """Return character → lead and trail byte in GBK."""
    return MappingProxyType({char: code for code, char in gbk_characters().items()})
