"""Where a slip might start, and how damage looks: what can be told without a model."""

import html
import re
from collections.abc import Iterable, Iterator

from pipelines.normalise.hanzi import gbk_bytes, gbk_characters, is_han

SYLLABLE = "[a-zü\u00e0-\u01dc\u0251\u0261]{1,6}"
ANNOTATION = re.compile(rf"[(（]({SYLLABLE})[)）]")
TAIL_OF_ANNOTATION = re.compile(rf"({SYLLABLE})[)）]")

EMPHASIS = re.compile(r"[?!]+|[？！]+")
"""Marks of one width only: where a decoder shows ``?``, and a wide mark follows, the widths differ."""
TYPED = frozenset({"？？", "？！", "！？", "?!", "!?"})

LONGEST_ANNOTATION = 8

TORN_TAG = re.compile(
    r"(?P<block>/?(?:p|div|li|ul|ol|td|tr|table|section|h[1-6])(?:\s[^<>\n]{0,300})?>|br ?/?>)"
    r"|/?(?:span|strong|b|em|i|u|a|font|sup|sub)(?:\s[^<>\n]{0,300})?>"
)
"""A tag without its ``<``: ``文。?/p>``. A decoder that swallows the bracket makes text of the rest."""
TORN_ENTITY = re.compile(r"(?:nbsp|[lr][ds]quo|middot|mdash|hellip|quot|amp|lt|gt|e[mn]sp|#\d{2,5});")
"""An entity without its ``&``."""
PARTNER_NEAR = re.compile(r"[^\n()（）?？\ufffd]{1,40}\)")
"""A closing bracket that has no other partner than the one before it."""

LOST = "?？\ufffd"
"""How a lone lead byte is shown."""
MARKS = "，；！？：（）。、"
"""Marks before which mirror programs put a separator."""
WIDE = {",": "，", ";": "；", "!": "！", "?": "？", ":": "：", "(": "（", ")": "）"}
"""Narrow marks, which may be wide ones that a later step narrowed."""
SIGN = re.compile(rf"[{LOST}!！](?:(?P<mark>[{MARKS},;!?:()])|(?P<pinyin>{SYLLABLE}[)）])|(?=[\u4e00-\u9fff]))")
COLLAPSED = frozenset({0xB0, 0xB1, 0xB6, 0xB7})
"""Second bytes of “ ” 》 《: ``！”`` is A3A1 A1B1, and some programs make one A1 of the two."""

LONGEST_COLLAPSED = 16
"""Characters within which a collapsed ``！”`` must be back in step: this start is weak, so its end must be near."""

SURROUNDINGS = re.compile(r"[^\n]{1,13}[^\n\x00-\x7f€]*")
"""What a slip may have spoilt: the text up to an ASCII character, and a little more where that is near."""


def spelt(pinyin: str) -> str:
    """Return a syllable with the letters of a keyboard for those of the phonetic alphabet (ɑ, ɡ)."""
    return pinyin.replace("\u0251", "a").replace("\u0261", "g")


def swallowed_by(text: str, at: int, before: str) -> tuple[str, int] | None:
    """Return which text a ``?`` swallowed, as far as what follows it tells, and where the text goes on.

    ``at`` is the place after the mark, ``before`` the line up to it. Markup is no text, but may break the line.

    >>> swallowed_by("文?/p>", 2, ""), swallowed_by("文?nbsp;年", 2, ""), swallowed_by("文?供圖)", 2, "")
    (('', 5), (' ', 7), ('(', 2))
    """
    tag = TORN_TAG.match(text, at)
    if tag is not None:
        ends_line = tag.lastgroup == "block" and tag.end() < len(text) and text[tag.end()] != "\n"
        return "\n" if ends_line else "", tag.end()
    entity = TORN_ENTITY.match(text, at)
    if entity is not None:
        return html.unescape("&" + entity[0]).replace("\xa0", " "), entity.end()
    if PARTNER_NEAR.match(text, at) is not None and before.count("(") == before.count(")"):
        return "(", at
    return None


def find_candidates(text: str) -> Iterator[int]:
    """Yield where a slip might start: rare on clean text, and found without any model."""
    for match in SIGN.finditer(text):
        start = match.start()
        if text[start] in LOST and match.lastgroup is not None:
            if _near_han(text, start, match.end()) and not _is_emphatic(text, start):
                yield start
        elif text[start] in "!！" and match.lastgroup is None and may_be_collapsed(text, start + 1):
            yield start


def undamaged(text: str, candidates: Iterable[int]) -> Iterator[str]:
    """Yield the pieces of a text that are out of reach of every possible slip, without pinyin."""
    done = 0
    for start in candidates:
        if start > done:
            yield ANNOTATION.sub("", text[done : max(done, start - 1)])
        if start >= done:
            done = spoilt_end(text, start)
    yield ANNOTATION.sub("", text[done:])


def spoilt_end(text: str, start: int) -> int:
    """Return the end of what a slip that starts here may have spoilt."""
    spoilt = SURROUNDINGS.match(text, start)
    return spoilt.end() if spoilt else start + 1


def _is_emphatic(text: str, start: int) -> bool:
    """Tell whether a question mark stands in a run of marks as people type them: ``？？``, ``???``, ``？（``."""
    if text.startswith(("？（", "？）"), start):
        return True
    run = EMPHASIS.match(text, max(0, start - 1) if text[start - 1 : start] in ("?", "？", "!", "！") else start)
    return run is not None and (len(run[0]) > 2 or run[0] in TYPED)


def _near_han(text: str, start: int, end: int) -> bool:
    return any(map(is_han, text[max(0, start - 2) : start] + text[end : end + 2]))


def may_be_collapsed(text: str, start: int) -> bool:
    """Tell whether the text from here is, one byte out of step, a mark and then characters up to an ASCII byte."""
    code = gbk_bytes().get(text[start])
    if code is None or code[0] not in COLLAPSED:
        return False
    waiting = code[1]
    for char in text[start + 1 : start + LONGEST_COLLAPSED]:
        if char == "€" or "@" <= char <= "~":
            return (waiting, 0x80 if char == "€" else ord(char)) in gbk_characters()
        code = gbk_bytes().get(char)
        if code is None or (waiting, code[0]) not in gbk_characters():
            return False
        waiting = code[1]
    return False
