"""Chinese text in simplified script: the package's t2s with our own readings on top.

The particle 着, which Taiwan and careless converters write 著, needs more than words: text that also has 着
keeps the two apart (Hong Kong, simplified text), so there a 著 in no listed word is zhù; otherwise it is 着.
"""

import re
from collections import defaultdict
from dataclasses import replace
from functools import cache

from pipelines.normalise.convert import Converted, convert, one_of, patched
from pipelines.normalise.names import SURNAMES, TITLE
from pipelines.normalise.overrides import READINGS, VARIANTS, digest
from pipelines.normalise.script import HAN

KEPT_IN_NAMES = frozenset("乾徵汎旂甯")
"""Characters that are not simplified where they begin a given name (通用规范汉字表, notes): 李乾, 張徵."""

NOT_IN_NAMES = frozenset(
    "燥淨净洗旱脆燒烧糧粮粉草冰果貨货杯涸枯癟瘪咳嘔呕電电親亲爽濕湿熱热冷菜的了透求集收文稿訂订兵稅税地"
)
"""What follows 乾 as gān and 徵 as «to ask for» rather than a second character of a given name."""


@cache
def _readings() -> dict[str, tuple[tuple[tuple[int, int], ...], dict[tuple[int, str], str]]]:
    """Return character → the shapes (length of a word, place of the character), longest first, and their readings."""
    readings: dict[str, dict[tuple[int, str], str]] = defaultdict(dict)
    for reading in READINGS:
        for word in reading.words.split():
            for at, character in enumerate(word):
                if character == reading.character:
                    readings[character].setdefault((at, word), reading.hans)
    return {
        character: (tuple(sorted({(len(word), at) for at, word in words}, reverse=True)), words)
        for character, words in readings.items()
    }


@cache
def _special() -> re.Pattern[str]:
    return one_of({*_readings(), *VARIANTS})


def to_hans(text: str, *, script: str | None = None) -> Converted:
    """Convert Chinese text of any script to simplified characters, as long as the source.

    ``script`` is the class of the whole document where it is known (``Hans``, ``Hant-TW``…): it helps short texts,
    as a title, to tell the particle 著 from 著 «to write».

    >>> to_hans("本著對名著的關愛").text
    '本着对名著的关爱'
    """
    converted = convert(text, "t2s")
    special = list(_special().finditer(text))
    if not special:
        return replace(converted, overrides=digest())
    hans, default = converted.text, _particle(text, script)
    patches = [
        (match.start(), form)
        for match in special
        if (form := _form(text, hans, match.start(), default)) != hans[match.start()]
    ]
    spans = {(start, start + 1, f"override {text[start]}") for start, _ in patches}
    return replace(
        converted,
        text=patched(hans, patches),
        overrides=digest(),
        decided=tuple(sorted({*converted.decided, *spans})),
    )


def _particle(text: str, script: str | None) -> str:
    """Return how a 著 in no listed word is read."""
    return (
        "著"
        if "着" in text or script in ("Hans", "Hant-HK") or (script is None and not _is_traditional(text))
        else "着"
    )


def _is_traditional(text: str) -> bool:
    """Tell whether a text has characters that only traditional script has, 著 and its like apart."""
    head = text[:2000]
    return convert(head, "t2s").changed > sum(map(head.count, _readings()))


def _form(text: str, hans: str, at: int, particle: str) -> str:
    """Return the form in Hans of the special character at a place of ``text``; ``hans`` is what the package makes."""
    character = text[at]
    if character in VARIANTS:
        return VARIANTS[character]
    if character in KEPT_IN_NAMES and _is_given_name(hans, text, at):
        return character
    shapes, words = _readings()[character]
    for length, offset in shapes:
        start = at - offset
        if start >= 0 and (form := words.get((offset, text[start : start + length]))):
            return form
    if character == "著":
        return "著" if _names_an_author(hans, at) else particle
    return hans[at]


def _is_given_name(hans: str, text: str, at: int) -> bool:
    """Tell whether the character stands after a surname at the beginning of a name: 李乾教授, （張徵）."""
    if (
        at == 0
        or hans[at - 1] not in SURNAMES
        or (at > 1 and HAN.match(hans[at - 2]) and hans[at - 3 : at - 1] not in TITLE)
    ):
        return False
    rest = hans[at + 1 : at + 5]
    if rest[:2] in TITLE or not rest or not HAN.match(rest[0]):
        return True
    return text[at + 1] not in NOT_IN_NAMES and (rest[1:3] in TITLE or len(rest) == 1 or not HAN.match(rest[1]))


def _names_an_author(hans: str, at: int) -> bool:
    """Tell whether 著 at a place follows a name and ends its clause: 王錫彤著《…》, （王力著）."""
    if at + 1 < len(hans) and HAN.match(hans[at + 1]):
        return False
    return any(
        at - length >= 0
        and hans[at - length] in SURNAMES
        and (at == length or not HAN.match(hans[at - length - 1]))
        and all(map(HAN.match, hans[at - length : at]))
        for length in (2, 3, 4)
    )
