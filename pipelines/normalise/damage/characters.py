"""Characters that stand for others, or for nothing: escaped entities, invisible marks, radicals, private use.

Each function takes a text and returns its edits; on clean text each costs one scan.
"""

import html
import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType

from pipelines.model import Edit
from pipelines.normalise.damage.mojibake import utf8_as_gbk

MOST_ESCAPES = 3
"""How often text may have been escaped over again: ``&amp;amp;nbsp;``."""
ENTITY = re.compile(
    r"(?<![`“\"'‘「『])&(?:amp;){0,3}(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,8}[0-9]{0,2});(?![`”\"'’」』])"
)
"""An entity in the text of a parsed page was escaped twice. In quotes it is talked about, and stays."""

_NO_WIDTH = "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]"
INVISIBLE = re.compile(f"{_NO_WIDTH}{_NO_WIDTH}*")  # and not «+»: a search skips to a class that stands by itself
DIRECTION = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Bidirectional controls: they mean something beside right-to-left letters only."""
JOINERS = frozenset("\u200c\u200d")
"""Zero-width (non-)joiners: letters of other scripts and emoji are written with them."""
HYPHEN = "\u00ad"
"""The soft hyphen belongs in Latin words."""

RADICAL = re.compile("[\u2e80-\u2fd5\uf900-\ufaff]")
RADICAL_FORMS: Mapping[str, str] = MappingProxyType(dict(zip(
    "⺠⻁⻄⻅⻆⻉⻋⻓⻔⻘⻚⻛⻜⻝⻢⻥⻦⻨⻩⻬⻮⻰⻳", "民虎西见角贝车长门青页风飞食马鱼鸟麦黄齐齿龙龟", strict=True
)))  # fmt: skip
"""Radicals that Unicode gives no compatibility mapping, as PDF converters put them for the characters."""

PRIVATE = re.compile("[\ue000-\uf8ff]")

ODD = re.compile(
    "[&\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u00c2-\u00d6\u00d8-\u00f6\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069"
    "\u2e80-\u2fd5\ue000-\ufaff\ufeff]"
)
"""All that the steps of this module and of ``mojibake`` look for, but UTF-8 read as GBK: rare in Chinese text."""


def has_odd_characters(text: str) -> bool:
    """Tell whether one of the steps for single characters may find something."""
    return ODD.search(text) is not None or utf8_as_gbk().search(text) is not None


def count_private_use(text: str) -> int:
    """Return how many private-use characters a text has."""
    return sum(1 for _ in PRIVATE.finditer(text))


def find_entities(text: str) -> list[Edit]:
    """Find entities that were escaped twice; ``&nbsp;`` becomes a space.

    >>> [(edit.old, edit.new) for edit in find_entities("校长&amp;nbsp;讲话")]
    [('&amp;nbsp;', ' ')]
    """
    return list(_entities(text)) if "&" in text else []


def _entities(text: str) -> Iterator[Edit]:
    for match in ENTITY.finditer(text):
        new = match[0]
        for _ in range(MOST_ESCAPES):
            new = html.unescape(new)
        new = new.replace("\xa0", " ")
        if len(new) == 1 and (new == " " or new.isprintable()):
            yield _edit(match, new, "entity")


def find_invisible(text: str) -> list[Edit]:
    """Find zero-width characters, bidirectional and other controls that do nothing where they stand."""
    return [
        _edit(match, kept, "invisible")
        for match in INVISIBLE.finditer(text)
        if (kept := "".join(char for char in match[0] if _means_something(char, text, match))) != match[0]
    ]


def _means_something(char: str, text: str, match: re.Match[str]) -> bool:
    around = text[match.start() - 1 : match.start()] + text[match.end() : match.end() + 1]
    if char in JOINERS:
        return any(not other.isascii() and not _is_cjk(other) for other in around)
    if char in DIRECTION:
        return any(unicodedata.bidirectional(other) in ("R", "AL") for other in around)
    return char == HYPHEN and not any(map(_is_cjk, around))


def _is_cjk(char: str) -> bool:
    return "\u2e80" <= char <= "\u9fff" or "\uf900" <= char <= "\uffef" or char >= "\U00020000"


def find_radicals(text: str) -> list[Edit]:
    """Find Kangxi radicals and compatibility ideographs that stand for the unified character.

    >>> [(edit.old, edit.new) for edit in find_radicals("⼤学")]
    [('⼤', '大')]
    """
    edits = []
    for match in RADICAL.finditer(text):
        new = RADICAL_FORMS.get(match[0]) or unicodedata.normalize("NFKC", match[0])
        if new != match[0]:
            edits.append(_edit(match, new, "radical"))
    return edits


def find_private_use(text: str) -> list[Edit]:
    """Find private-use characters that old GBK and GB 18030 tables gave for characters that Unicode has by now."""
    return [
        _edit(match, assigned_characters()[match[0]], "pua")
        for match in PRIVATE.finditer(text)
        if match[0] in assigned_characters()
    ]


@cache
def assigned_characters() -> Mapping[str, str]:
    """Return private-use character → character, after GB 18030-2005 and GB 18030-2022 (table D.1 and annex D).

    >>> assigned_characters()["\\ue7c8"], assigned_characters()["\\ue78d"]
    ('ǹ', '︐')
    """
    vertical = dict(zip(range(0xE78D, 0xE797), "︐︒︑︓︔︕︖︗︘︙", strict=True))
    later = {
        0xE816: 0x20087, 0xE817: 0x20089, 0xE818: 0x200CC, 0xE81E: 0x9FB4, 0xE826: 0x9FB5, 0xE82B: 0x9FB6,
        0xE82C: 0x9FB7, 0xE831: 0x215D7, 0xE832: 0x9FB8, 0xE83B: 0x2298F, 0xE843: 0x9FB9, 0xE854: 0x9FBA,
        0xE855: 0x241FE, 0xE864: 0x9FBB,
    }  # fmt: skip
    # cp936 gave these rows private-use characters one after the other; the codec of GB 18030 has them by now.
    rows = [(0xE7C7, 0xA8, (0xBC,)), (0xE7C8, 0xA8, (0xBF,)), (0xE7E7, 0xA9, range(0x89, 0x96))]
    rows += [(0xE815, 0xFE, (*range(0x50, 0x7F), *range(0x80, 0xA1)))]
    table = {chr(code): char for code, char in vertical.items()} | {chr(a): chr(b) for a, b in later.items()}
    for first, lead, trails in rows:
        for code, trail in enumerate(trails, start=first):
            char = bytes((lead, trail)).decode("gb18030")
            if not PRIVATE.match(char):
                table[chr(code)] = char
    return MappingProxyType(table)


def _edit(match: re.Match[str], new: str, kind: str) -> Edit:
    return Edit(start=match.start(), end=match.end(), old=match[0], new=new, kind=kind)
