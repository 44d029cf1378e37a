"""Injected pinyin: 網(wǎng)站 for 網站, put behind characters by a program, not by an author.

What the program leaves behind, on every page seen (561 annotations): the reading is the first that the readings
table has for the character, whatever the context (長(zhǎng)征); the character is a traditional one; a character is
annotated everywhere on the page or nowhere. A gloss by an author is mostly the opposite: a rare character, one
of several occurrences, a reading that needs saying, several syllables, a word of explanation.

So the page is judged as a whole, then each annotation on it; on other pages nothing is removed.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from pipelines.model import Edit
from pipelines.normalise.charmodel import CharModel, fold
from pipelines.normalise.damage.signs import ANNOTATION, SYLLABLE, spelt
from pipelines.normalise.hanzi import HAN, is_han, readings, simplified_forms

ANNOTATED = re.compile(rf"(?<=[{HAN}])[(（](?:{SYLLABLE})[)）]")

FEWEST_ANNOTATIONS = 3
FEWEST_CHARACTERS = 2
"""A page counts as injected with so many annotations that fit the table, of so many different characters;"""
DENSEST_GLOSSES = 0.008
"""with more of them than this for each Chinese character of the page,"""
COMMON = 2000
COMMON_SHARE = 0.6
"""with this share of the characters among so many commonest ones; and with no more of other annotations: a reader
for learners annotates what the program leaves alone (我(wǒ)們(men))."""
EXCERPT = 150
"""A shorter text cannot have so many: it counts as injected where all its annotations fit, on familiar characters and
for the greater part on common ones."""
FAMILIAR = range(0xB0, 0xD8)
"""Rows of GB 2312 that hold its commoner half, the 3755 characters of level 1. On an injected page, an annotated
character of level 2 that stands there once may have a real gloss."""
FORGIVEN = 8
"""For each so many occurrences of a character one may be without pinyin: damage may hide it."""

HIDDEN = "\u25a1"
"""Stands for the characters of a slip: what is restored was not there to be annotated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """Pinyin in brackets behind a character."""

    field: str
    start: int
    end: int
    char: str
    pinyin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Injection:
    """What was found on a page."""

    found: int
    removed: int
    kept: tuple[Annotation, ...]
    """Annotations left on an injected page, because an author may have written them."""
    injected: bool
    edits: Mapping[str, tuple[Edit, ...]]
    """Field → edits of its text."""


def find_injected(
    fields: Mapping[str, str], hidden: Mapping[str, str], asked_for: Callable[[], CharModel]
) -> Injection:
    """Judge the pinyin of a page.

    Args:
        fields: the texts of the page, slips repaired.
        hidden: the same, character for character, with ``HIDDEN`` for what stands in slips; empty without slips.
        asked_for: gives the model that tells which characters are common.
    """
    annotations = [one for name, text in fields.items() for one in _annotations(name, text)]
    if not annotations:
        return Injection(found=0, removed=0, kept=(), injected=False, edits={})
    plain = "".join(ANNOTATED.sub("", text) for text in (hidden or fields).values())
    occurrences = Counter(plain)
    annotated = Counter(one.char for one in annotations)
    suspects = [one for one in annotations if _fits_the_table(one, annotated[one.char], occurrences[one.char])]
    model = asked_for() if suspects else None
    if model is None or not _is_injected(suspects, len(annotations), sum(map(is_han, plain)), model):
        return Injection(found=len(annotations), removed=0, kept=(), injected=False, edits={})
    removed = [one for one in suspects if is_familiar(one.char) or occurrences[one.char] > 1]
    edits: dict[str, list[Edit]] = {}
    for one in removed:
        old = fields[one.field][one.start : one.end]
        evidence = (f"{one.char} {one.pinyin}: {annotated[one.char]} of {occurrences[one.char]} annotated",)
        edit = Edit(start=one.start, end=one.end, old=old, new="", kind="pinyin", evidence=evidence)
        edits.setdefault(one.field, []).append(edit)
    gone = set(removed)
    return Injection(
        found=len(annotations),
        removed=len(removed),
        kept=tuple(one for one in annotations if one not in gone),
        injected=True,
        edits={name: tuple(listed) for name, listed in edits.items()},
    )


def always_annotated(texts: Iterable[str]) -> frozenset[str]:
    """Return the traditional characters that carry their first reading wherever they stand in the texts."""
    whole = "\n".join(texts)
    annotations = _annotations("", whole)
    occurrences = Counter(ANNOTATED.sub("", whole))
    annotated = Counter(one.char for one in annotations)
    return frozenset(
        one.char for one in annotations if _fits_the_table(one, annotated[one.char], occurrences[one.char])
    )


def is_familiar(char: str) -> bool:
    """Tell whether every reader knows a character.

    >>> is_familiar("緒"), is_familiar("譙")
    (True, False)
    """
    code = fold(char).encode("gb2312", "ignore")
    return len(code) == 2 and code[0] in FAMILIAR


@lru_cache(maxsize=4)
def character_ranks(model: CharModel) -> dict[str, int]:
    """Return folded character → its place among all by frequency, from 0."""
    reader = model.read_page(())
    characters = [chr(code) for code in range(0x4E00, 0xA000) if reader.knows(chr(code))]
    characters.sort(key=lambda char: -reader.frequency(char))
    return {char: rank for rank, char in enumerate(characters)}


def _annotations(field: str, text: str) -> list[Annotation]:
    # ANNOTATION without the look-behind of ANNOTATED: its first character lets the search skip ahead.
    return [
        Annotation(field=field, start=match.start(), end=match.end(), char=text[match.start() - 1], pinyin=match[1])
        for match in ANNOTATION.finditer(text)
        if match.start() and is_han(text[match.start() - 1])
    ]


def _fits_the_table(one: Annotation, annotated: int, occurrences: int) -> bool:
    """Tell whether an annotation looks as the program makes them."""
    known = readings().get(one.char)
    return (
        one.char in simplified_forms()
        and known is not None
        and spelt(one.pinyin) == known[0]
        and annotated >= occurrences - occurrences // FORGIVEN
    )


def _is_injected(suspects: list[Annotation], annotations: int, han: int, model: CharModel) -> bool:
    """Tell whether the pinyin of a page was put in by a program, for its greater part."""
    characters = {one.char for one in suspects}
    ranks = character_ranks(model)
    common = sum(ranks.get(fold(char), COMMON) < COMMON for char in characters)
    if han < EXCERPT:
        # Nobody glosses the usual reading of a common character; 絡, which begins no common word, comes along.
        familiar = all(map(is_familiar, characters))
        return familiar and common >= COMMON_SHARE * len(characters) and len(suspects) == annotations
    return (
        len(suspects) >= FEWEST_ANNOTATIONS
        and common >= FEWEST_CHARACTERS
        and common >= COMMON_SHARE * len(characters)
        and len(suspects) >= DENSEST_GLOSSES * han
        and 2 * len(suspects) >= annotations
    )
