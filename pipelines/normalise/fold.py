"""The form in which texts are searched and compared: script, width, case and compatibility do not count.

Unlike :func:`~pipelines.normalise.hans.to_hans`, which keeps 乾隆 and 著名, folding maps character by character and
knows no exceptions, so that a query finds its text whatever stands around it.
"""

import unicodedata
from functools import cache

from pipelines.normalise.convert import CharacterMap, read_dictionary
from pipelines.normalise.overrides import VARIANTS

MERGED = dict(
    zip(
        "著乾徵於瞭藉覆鍾锺鉅钜祇衹甯麽沈馀彷彿佔昇穀",
        "着干征于了借复钟钟巨巨只只宁么沉余仿佛占升谷",
        strict=True,
    )
)
"""Characters that Hans keeps in some words, and the one that they are compared as."""


def fold(text: str) -> str:
    """Return ``text`` as it is searched: NFKC, case folded, characters merged to their simplified form.

    Folding twice changes nothing. The length may change, as ``㎡`` becomes ``m2``.

    >>> fold("ＮＡＮＫＡＩ大學「名著」") == fold("nankai大学「名着」")
    True
    """
    if text.isascii():
        return text.lower()
    # Case folding may undo a composition, so the text is normalised before and after it (Unicode 16, §3.13, D145).
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return _merged()(folded)


@cache
def _merged() -> CharacterMap:
    """Return the map from each character to the simplified one, followed to its end."""
    pairs = read_dictionary("TSCharacters") | dict(VARIANTS) | MERGED
    return CharacterMap({char: _end(char, pairs) for char in pairs})


def _end(char: str, pairs: dict[str, str]) -> str:
    """Follow ``char`` until it maps to itself or comes round again."""
    seen = {char}
    while (following := pairs.get(char, char)) not in seen:
        seen.add(following)
        char = following
    return char
