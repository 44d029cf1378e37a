"""The characters that a restored text may hold: by their bytes, by their readings, and which form a page prints."""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from pipelines.normalise.charmodel import UNKNOWN, CharModel, fold
from pipelines.normalise.hanzi import (
    gbk_characters,
    is_han,
    readings,
    simplified_forms,
    simplified_only,
    traditional_forms,
)

IN_TEXT = "，。、；：？！“”‘’《》（）—…·"
"""Marks that are tried where a byte is lost. Where both bytes are shown, any character of GBK is read."""

COMMONEST = 24
"""Characters tried, of all there are, although they go on with no known string."""

USUAL, UNCHANGED, UNUSUAL, UNLISTED = 1.0, 0.5, 0.1, 0.02
"""How often a character is written in the form that conversion tables put first, left as it is (后, 里), written in
another form of the tables, and in a form that they do not have; beside what the page itself shows."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A character of GBK that a restored text may hold."""

    char: str
    folded: str
    lead: int
    trail: int
    is_rare: bool
    """An ideograph that even GB 2312 does not have when simplified."""
    frequency: float
    """Log of how probable the folded character is as a word or the beginning of one."""


@dataclass(frozen=True, slots=True)
class Alphabet:
    """Candidates, each list with the commonest first."""

    by_lead: Mapping[int, list[Candidate]]
    hidden_by_lead: Mapping[int, list[Candidate]]
    """Those with a trail byte that makes a pair which a decoder drops."""
    by_trail: Mapping[int, list[Candidate]]
    by_reading: Mapping[str, list[Candidate]]
    by_folded: Mapping[str, list[Candidate]]
    by_char: Mapping[str, Candidate]
    common: frozenset[str]
    """The commonest characters and marks, folded."""


@lru_cache(maxsize=8)
def read_alphabet(model: CharModel, traditional: bool | None) -> Alphabet:
    """Return the characters that the model knows and that the script of the page has."""
    reader = model.read_page(())
    banned = frozenset[str]()
    if traditional is not None:
        banned = simplified_only() if traditional else frozenset(simplified_forms())
    known = []
    for (lead, trail), char in gbk_characters().items():
        folded = fold(char)
        if char in IN_TEXT or (is_han(char) and char not in banned and reader.knows(folded)):
            rare = is_han(folded) and not folded.encode("gb2312", "ignore")
            frequency = math.log(UNKNOWN + reader.frequency(folded))
            known.append(Candidate(char, folded, lead, trail, rare, frequency))
    known.sort(key=lambda one: -one.frequency)
    groups: tuple[defaultdict[object, list[Candidate]], ...] = tuple(defaultdict(list) for _ in range(5))
    by_lead, hidden_by_lead, by_trail, by_reading, by_folded = groups
    for one in known:
        by_lead[one.lead].append(one)
        if one.trail in unmapped():
            hidden_by_lead[one.lead].append(one)
        by_trail[one.trail].append(one)
        by_folded[one.folded].append(one)
        for reading in readings().get(one.char, ()):
            by_reading[reading].append(one)
    return Alphabet(
        by_lead=by_lead,  # type: ignore[arg-type]
        hidden_by_lead=hidden_by_lead,  # type: ignore[arg-type]
        by_trail=by_trail,  # type: ignore[arg-type]
        by_reading=by_reading,  # type: ignore[arg-type]
        by_folded=by_folded,  # type: ignore[arg-type]
        by_char={one.char: one for one in known},
        common=frozenset(one.folded for one in known[:COMMONEST]),
    )


class Forms:
    """How probable each written form of a character is on a page: the page's own usage, over that of the tables."""

    def __init__(self, alphabet: Alphabet, page: Counter[str]) -> None:
        self._alphabet = alphabet
        self._page = page
        self._logs: dict[str, float] = {}

    def log(self, one: Candidate) -> float:
        """Return the log probability that the folded character is written so."""
        known = self._logs.get(one.char)
        if known is None:
            forms = self._alphabet.by_folded[one.folded]
            weights = [_usage(form) + self._page[form.char] for form in forms]
            total = sum(weights)
            for form, weight in zip(forms, weights, strict=True):
                self._logs[form.char] = math.log(weight / total)
            known = self._logs[one.char]
        return known


def _usage(one: Candidate) -> float:
    listed = traditional_forms().get(one.folded, (one.folded,))
    if one.char == listed[0]:
        return USUAL
    if one.char == one.folded:
        return UNCHANGED
    return UNUSUAL if one.char in listed else UNLISTED


@lru_cache(maxsize=1)
def unmapped() -> dict[int, frozenset[int]]:
    """Return first byte → second bytes that make no character with it: pairs that a decoder drops."""
    rows = {
        first: frozenset(n for n in range(0x81, 0xFF) if (first, n) not in gbk_characters())
        for first in range(0x81, 0xFF)
    }
    return {first: seconds for first, seconds in rows.items() if seconds}


NONE = frozenset[int]()


@lru_cache(maxsize=256)
def byte_set(byte: int) -> frozenset[int]:
    """Return the set of a single byte."""
    return frozenset((byte,))
