"""How well an extraction agrees with a hand-made label, field by field.

Texts are compared by their 4-grams (of characters where the text is Chinese, Japanese or Korean, else of words),
counted as often as they occur; short fields exactly, after NFKC and white space; links and files by their address.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

_CJK = re.compile(r"[\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")
_WORD = re.compile(r"\w+")
"""Labels of English pages straighten quotes and add bullets, so that words are compared without punctuation."""
_N = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """How much two texts or sets share."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def fold(text: str | None) -> str | None:
    """Return a short field as it is compared: NFKC, white space collapsed; None for nothing.

    >>> fold(" 学院\\u3000新闻 "), fold(""), fold("２０２０")
    ('学院 新闻', None, '2020')
    """
    return " ".join(unicodedata.normalize("NFKC", text).split()) or None if text else None


def is_cjk(text: str) -> bool:
    """Tell whether a text is Chinese, Japanese or Korean, however much white space its source is indented with."""
    return len(_CJK.findall(text)) * 5 > len("".join(text.split()))


def grams(text: str, *, by_character: bool) -> Counter[str]:
    """Return the 4-grams of a text, of characters or of words; a shorter text is one gram.

    >>> sorted(grams("一二三四五", by_character=True)), sorted(grams("a b c d e", by_character=False))
    (['一二三四', '二三四五'], ['a b c d', 'b c d e'])
    """
    text = unicodedata.normalize("NFKC", text)
    units: list[str] | str
    if by_character:
        units, glue = "".join(text.split()), ""
    else:
        units, glue = _WORD.findall(text.lower()), " "
    if not units:
        return Counter()
    return Counter(glue.join(units[start : start + _N]) for start in range(max(1, len(units) - _N + 1)))


def overlap(found: str, wanted: str) -> Overlap:
    """Return how the 4-grams of two texts overlap; two empty texts agree wholly.

    >>> overlap("\\n" + 99 * " " + "学校召开会议", "学校召开会议").f1
    1.0
    """
    by_character = is_cjk(wanted or found)
    return _overlap(grams(found, by_character=by_character), grams(wanted, by_character=by_character))


def overlap_of_sets(found: Iterable[str], wanted: Iterable[str]) -> Overlap:
    """Return how two sets overlap; two empty ones agree wholly."""
    return _overlap(Counter(set(found)), Counter(set(wanted)))


def _overlap(found: Counter[str], wanted: Counter[str]) -> Overlap:
    shared = (found & wanted).total()
    if not found or not wanted:
        return Overlap(precision=float(not found), recall=float(not wanted))
    return Overlap(precision=shared / found.total(), recall=shared / wanted.total())
