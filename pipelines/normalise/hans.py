"""Chinese text in simplified script: the package's t2s with our own readings on top.

The particle 着, which Taiwan and careless converters write 著, needs more than words: text that also has 着
keeps the two apart (Hong Kong, simplified text), so there a 著 in no listed word is zhù; otherwise it is 着.
"""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from itertools import groupby
from operator import itemgetter

from pipelines.normalise.convert import Converted, convert, one_of, patched
from pipelines.normalise.names import SURNAMES, TITLE
from pipelines.normalise.overrides import READINGS, VARIANTS, digest
from pipelines.normalise.script import HAN, classify_script

SAMPLE = 2000
"""Code points that show whether a text is traditional."""

KEPT_IN_NAMES = frozenset("乾徵汎旂甯")
"""Characters that are not simplified where they begin a given name (通用规范汉字表, notes): 李乾, 張徵."""

NOT_IN_NAMES = frozenset(
    "燥淨净洗旱脆燒烧糧粮粉草冰果貨货杯涸枯癟瘪咳嘔呕電电親亲爽濕湿熱热冷菜的了透求集收文稿訂订兵稅税地"
)
"""What follows 乾 as gān and 徵 as «to ask for» rather than a second character of a given name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """The words in which one character has a form of its own."""

    shapes: tuple[tuple[int, int], ...]
    """Length of a word and place of the character in it; the longest first."""
    words: Mapping[tuple[int, str], tuple[int, str]]
    """Place of the character and the word → rank of the reading in the list, and the form."""
    pairs: frozenset[str]
    """The character with a neighbour, as the words have them: without such a pair there is nothing to look up."""


@cache
def _readings() -> dict[str, Listed]:
    words: dict[str, dict[tuple[int, str], tuple[int, str]]] = defaultdict(dict)
    for rank, reading in enumerate(READINGS):
        for word in reading.words.split():
            for at, character in enumerate(word):
                if character == reading.character:
                    words[character].setdefault((at, word), (rank, reading.hans))
    return {
        character: Listed(
            shapes=tuple(sorted({(len(word), at) for at, word in listed}, reverse=True)),
            words=listed,
            pairs=frozenset(
                pair for at, word in listed for pair in (word[at : at + 2], word[max(at - 1, 0) : at + 1])
            ),
        )
        for character, listed in words.items()
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
    if "着" in text or script in ("Hans", "Hant-HK"):
        return "著"
    return "着" if script or _is_traditional(text) else "著"


def _is_traditional(text: str) -> bool:
    """Tell whether a text has more characters that are only traditional than ones that are only simplified."""
    script = classify_script(text[:SAMPLE])
    return script is not None and script.traditional > script.simplified


def _form(text: str, hans: str, at: int, particle: str) -> str:
    """Return the form in Hans of a special character of ``text``; ``hans`` is what the package makes."""
    character = text[at]
    if character in VARIANTS:
        return VARIANTS[character]
    if character in KEPT_IN_NAMES and _is_given_name(hans, text, at):
        return character
    listed = _readings()[character]
    if text[at : at + 2] in listed.pairs or text[max(at - 1, 0) : at + 1] in listed.pairs:
        for _, shapes in groupby(listed.shapes, itemgetter(0)):
            found = [
                listed.words[offset, word]
                for length, offset in shapes
                if offset <= at and (offset, word := text[at - offset : at - offset + length]) in listed.words
            ]
            if found:
                return min(found)[1]
    if character == "著":
        return "著" if _names_an_author(hans, at) else particle
    return hans[at]


def _is_given_name(hans: str, text: str, at: int) -> bool:
    """Tell whether the character stands after a surname at the beginning of a name: 李乾教授, （張徵）."""
    before, after = hans[max(at - 4, 0) : at], hans[at + 1 : at + 4]
    if before[-1:] not in SURNAMES or not (before[-3:-1] in TITLE or _is_border(before[-2:-1])):
        return False
    if _is_border(after[:1]) or after[:2] in TITLE:
        return True
    return text[at + 1] not in NOT_IN_NAMES and (_is_border(after[1:2]) or after[1:3] in TITLE)


def _is_border(char: str) -> bool:
    """Tell whether a character, empty beyond the ends of the text, belongs to no word."""
    return not char or not HAN.match(char)


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
