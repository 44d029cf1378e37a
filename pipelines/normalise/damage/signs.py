"""Where a slip might start, and how damage looks: what can be told without a model."""

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
