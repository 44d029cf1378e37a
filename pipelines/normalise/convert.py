"""Conversion between Chinese scripts: what ``opencc-python-reimplemented`` gives, character by character, but fast.

The package cuts the text at separators and, in each piece, takes the longest key of the phrase dictionary found
anywhere (the leftmost of equals), fixes it, and goes on with what is left; at last it maps single characters.
Three facts make the same output cheap:

* Every value is as long as its key, so offsets into source and result are the same.
* Most phrases are *plain*: their value is what the character map gives anyway. Plain phrases matter only where
  they overlap one of the others, here called *exceptional*.
* No phrase holds a separator, so matches that overlap each other (a *cluster*) never cross one.

So the whole text goes through the character map at once, and only clusters with an exceptional phrase are
resolved as the package would, and patched in.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import groupby
from operator import ne
from types import MappingProxyType

CHAINS: Mapping[str, tuple[tuple[str, ...], ...]] = MappingProxyType(
    {
        "t2s": (("TSPhrases", "TSCharacters"),),
        "s2t": (("STPhrases", "STCharacters"),),
        "s2tw": (("STPhrases", "STCharacters"), ("TWVariants",)),
        "s2hk": (("STPhrases", "STCharacters"), ("HKVariants",)),
        "tw2s": (("TWVariantsRevPhrases", "TWVariantsRev"), ("TSPhrases", "TSCharacters")),
        "hk2s": (("HKVariantsRevPhrases", "HKVariantsRev"), ("TSPhrases", "TSCharacters")),
    }
)
"""Configuration → the steps one after the other, each with its dictionaries.

The package's phrase configurations (``s2twp``, ``tw2sp``) are left out: they change words (档案 → 文件), and
have no place in a text of record.
"""

SEPARATORS = re.compile(
    r"[\s\-,.?!*　，。、；：？！…“”‘’『』「」﹁﹂—－（）《》〈〉～．／＼"
    r"︒︑︔︓︿﹀︹︺︙︐［﹇］﹈︕︖︰︳︴︽︾︵︶｛︷｝︸﹃﹄【︻】︼]"
)
"""Where the package cuts the text: a key that holds one of these never matches."""

BEYOND_BMP = re.compile("[\U00020000-\U0003ffff]")
"""The supplementary ideographs: rare, so that their keys are left out of the fast character map."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A run of characters that a conversion changed, and what decided it."""

    start: int
    """First code point of the run; source and result have the same offsets."""
    old: str
    new: str
    by: str
    """``characters`` or ``phrases`` (the dictionary), or the name of the override."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Converted:
    """A converted text, and how it came about."""

    source: str
    text: str
    """As long as ``source``, code point by code point."""
    configuration: str | None
    """The configuration used; None where the text already was in the script asked for."""
    overrides: str | None = None
    """Digest of the overrides put on top; None where the package's output stands as it is."""
    decided: tuple[tuple[int, int, str], ...] = ()
    """Spans (start, end, what decided) that the character map did not decide alone, in order."""

    @property
    def changed(self) -> int:
        """Number of code points that differ from the source."""
        return 0 if self.source == self.text else sum(map(ne, self.source, self.text))

    @property
    def changes(self) -> Iterator[Change]:
        """The changed runs in order, each decided by one table or override."""
        by: dict[int, str] = {}
        for start, end, name in self.decided:
            by.update(dict.fromkeys(range(start, end), name))
        different = (at for at, (old, new) in enumerate(zip(self.source, self.text, strict=True)) if old != new)
        # Neighbouring positions with the same decision share the difference of offset and rank.
        runs = groupby(
            enumerate(different), lambda ranked: (ranked[1] - ranked[0], by.get(ranked[1], "characters"))
        )
        for (_, name), positions in runs:
            run = [at for _, at in positions]
            old, new = self.source[run[0] : run[-1] + 1], self.text[run[0] : run[-1] + 1]
            yield Change(start=run[0], old=old, new=new, by=name)


def convert(text: str, configuration: str) -> Converted:
    """Convert ``text`` as the package does under ``configuration``, one of the keys of :data:`CHAINS`.

    Raises ``ValueError`` for any other configuration. Lone surrogates and text without Han pass through.

    >>> convert("皇后在后面", "s2t").text
    '皇后在後面'
    """
    result = text
    decided: list[tuple[int, int, str]] = []
    for step in read_steps(configuration):
        patches = list(step.exceptions(result))
        decided += ((start, start + len(value), "phrases") for start, value in patches)
        result = patched(step.mapped(result), patches)
    return Converted(source=text, text=result, configuration=configuration, decided=tuple(sorted(decided)))


def patched(text: str, patches: Iterable[tuple[int, str]]) -> str:
    """Put each value of ``patches`` (start, value; in order, not overlapping) over the text at its start."""
    pieces: list[str] = []
    done = 0
    for start, value in patches:
        pieces += (text[done:start], value)
        done = start + len(value)
    return "".join((*pieces, text[done:])) if pieces else text


# ── one step of a configuration ────────────────────────────────────────────────────────────────────────────


class CharacterMap:
    """A character-to-character map for ``str.translate``.

    A list serves the BMP: translating through a list of integers takes half the time of a dictionary. It would
    be too long for the supplementary planes, so a text with ideographs from there goes through a dictionary.
    """

    __slots__ = ("_any", "_bmp", "_full")

    def __init__(self, pairs: Mapping[str, str]) -> None:
        self._full = {ord(key): ord(value) for key, value in pairs.items() if key != value}
        self._bmp = _identity().copy()
        for key, value in self._full.items():
            if key < len(self._bmp):
                self._bmp[key] = value
        self._any = one_of(map(chr, self._full))

    def __call__(self, text: str) -> str:
        if not self._any.search(text):
            return text
        return text.translate(self._full if BEYOND_BMP.search(text) else self._bmp)


class Step:
    """The dictionaries of one step of a configuration, made ready for :meth:`mapped` and :meth:`exceptions`."""

    __slots__ = ("_after", "_before", "_exceptional", "_lengths", "_longest", "_phrases", "_triggers", "mapped")

    def __init__(self, phrases: Mapping[str, str], characters: Mapping[str, str]) -> None:
        self.mapped = CharacterMap(characters)
        """The text through the character map alone."""
        plain = "\n".join(phrases).translate({ord(key): value for key, value in characters.items()}).split("\n")
        self._phrases = frozenset(phrases)
        self._exceptional: dict[str, str] = {}
        self._lengths: dict[str, tuple[int, ...]] = {}
        """First two characters of a phrase → lengths of the phrases that begin so, longest first."""
        self._after: dict[str, tuple[int, ...]] = {}
        """A trigger and the character after it → how far before the trigger such a phrase may begin."""
        self._before: dict[str, tuple[int, ...]] = {}
        """The same for the character before a trigger and the trigger, where it ends the phrase."""
        lengths: dict[str, set[int]] = {}
        pairs_after: dict[str, set[int]] = {}
        pairs_before: dict[str, set[int]] = {}
        triggers: set[str] = set()
        for (key, value), mapped in zip(phrases.items(), plain, strict=True):
            lengths.setdefault(key[:2], set()).add(len(key))
            if value == mapped:
                continue
            self._exceptional[key] = value
            at = next(at for at in range(len(key)) if value[at] != mapped[at])
            triggers.add(key[at])
            if at + 1 < len(key):
                pairs_after.setdefault(key[at : at + 2], set()).add(at)
            else:
                pairs_before.setdefault(key[at - 1 :], set()).add(at)
        self._lengths = {pair: tuple(sorted(found, reverse=True)) for pair, found in lengths.items()}
        self._after = {pair: tuple(found) for pair, found in pairs_after.items()}
        self._before = {pair: tuple(found) for pair, found in pairs_before.items()}
        self._longest = max(map(len, phrases), default=0)
        self._triggers = one_of(triggers)
        """The first character of each exceptional phrase that the character map gets wrong."""

    def exceptions(self, text: str) -> Iterator[tuple[int, str]]:
        """Yield start and value of each exceptional phrase that the package would choose, in order."""
        after, before = self._after, self._before
        done = 0
        for match in self._triggers.finditer(text):
            at = match.start()
            following, preceding = text[at : at + 2], text[at - 1 : at + 1]
            if (following in after or preceding in before) and at >= done:
                offsets = after.get(following, ()) + before.get(preceding, ())
                if any(self._has_exception(text, at - offset) for offset in offsets):
                    start, done = self._cluster(text, at, done)
                    yield from self._chosen(text, start, done)

    def _has_exception(self, text: str, start: int) -> bool:
        lengths = self._lengths.get(text[start : start + 2], ()) if start >= 0 else ()
        return any(text[start : start + length] in self._exceptional for length in lengths)

    def _cluster(self, text: str, at: int, floor: int) -> tuple[int, int]:
        """Return the smallest span around ``at``, from ``floor`` on, that no phrase of the text sticks out of."""
        lengths, phrases, longest = self._lengths.get, self._phrases, self._longest
        start, end, before = at, at + 1, at
        lowest = max(floor, start - longest + 1)
        while before >= lowest:
            for length in lengths(text[before : before + 2], ()):
                if before + length <= start:
                    break
                if text[before : before + length] in phrases:
                    start, end = before, max(end, before + length)
                    lowest = max(floor, start - longest + 1)
                    break
            before -= 1
        inside = start + 1
        while inside < end:
            for length in lengths(text[inside : inside + 2], ()):
                if inside + length <= end:
                    break
                if text[inside : inside + length] in phrases:
                    end = inside + length
                    break
            inside += 1
        return start, min(end, len(text))

    def _chosen(self, text: str, start: int, end: int) -> list[tuple[int, str]]:
        """Return the exceptional ones of the phrases that the package chooses between ``start`` and ``end``."""
        lengths, phrases = self._lengths.get, self._phrases
        by_length: dict[int, list[int]] = {}
        for at in range(start, end):
            for length in lengths(text[at : at + 2], ()):
                if at + length <= end and text[at : at + length] in phrases:
                    by_length.setdefault(length, []).append(at)
        free = bytearray(b"\1") * (end - start)
        chosen = []
        for length in sorted(by_length, reverse=True):
            for at in by_length[length]:
                here = slice(at - start, at - start + length)
                if 0 not in free[here]:
                    free[here] = bytes(length)
                    value = self._exceptional.get(text[at : at + length])
                    if value is not None:
                        chosen.append((at, value))
        return sorted(chosen)


def one_of(characters: Iterable[str]) -> re.Pattern[str]:
    """Compile a class of characters; one that matches nothing where there are none.

    The supplementary ideographs stand in it as one range: ``re`` searches a class with many single characters
    from beyond the BMP one by one.
    """
    members = sorted(characters)
    bmp = re.escape("".join(character for character in members if character <= "\uffff"))
    astral = BEYOND_BMP.pattern[1:-1] if members and members[-1] > "\uffff" else ""
    return re.compile(f"[{bmp}{astral}]" if members else "(?!)")


@cache
def _identity() -> list[int]:
    return list(range(0x10000))


# ── the package's dictionaries ─────────────────────────────────────────────────────────────────────────────


@cache
def read_steps(configuration: str) -> tuple[Step, ...]:
    """Read the dictionaries of a configuration; a step without phrases is merged into the one before it."""
    if configuration not in CHAINS:
        raise ValueError(f"no configuration {configuration!r}: choose one of {', '.join(CHAINS)}")
    merged: list[tuple[dict[str, str], dict[str, str]]] = []
    for *phrase_file, character_file in CHAINS[configuration]:
        characters = read_dictionary(character_file)
        if not phrase_file:
            variants = {ord(key): value for key, value in characters.items()}
            phrases, earlier = merged.pop()
            phrases = {key: value.translate(variants) for key, value in phrases.items()}
            characters |= {key: value.translate(variants) for key, value in earlier.items()}
        else:
            phrases = {
                key: value for key, value in read_dictionary(*phrase_file).items() if not SEPARATORS.search(key)
            }
        merged.append((phrases, characters))
    return tuple(Step(*dictionaries) for dictionaries in merged)


def read_dictionary(name: str) -> dict[str, str]:
    """Read a dictionary of the package: key → the first of its values, which is the one the package takes."""
    return {key: values[0] for key, values in read_values(name).items()}


def read_values(name: str) -> dict[str, list[str]]:
    """Read a dictionary of the package: key → its values.

    Raises ``ValueError`` if a value is not as long as its key, which the engine builds on.
    """
    text = files("opencc").joinpath("dictionary", f"{name}.txt").read_text("utf-8")
    pairs = (line.strip().split("\t") for line in text.splitlines())
    dictionary = {key: values.split(" ") for key, values in pairs}
    if any(len(key) != len(values[0]) for key, values in dictionary.items()):
        raise ValueError(f"the OpenCC dictionary {name} has a value that is longer or shorter than its key")
    return dictionary
