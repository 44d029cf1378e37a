"""The search that brings a slip back into step.

A path is one way to read the shown text. It holds the lead bytes that may be waiting for their partner; each shown
character gives the partner, and leaves its own second byte waiting. Where a byte is lost (a dropped pair, a lone
lead byte, the byte under the first ``?``) every character that fits goes on as a path of its own. Paths are kept
while they read nearly as well as the best (a beam search), and what is given up is remembered, because the margin
of the winner counts against all of it.
"""

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pipelines.normalise.charmodel import CharModel, Reader, State, fold
from pipelines.normalise.damage.signs import (
    ANNOTATION,
    LONGEST_ANNOTATION,
    LOST,
    MARKS,
    TAIL_OF_ANNOTATION,
    WIDE,
    may_be_collapsed,
    spelt,
)
from pipelines.normalise.hanzi import (
    gbk_bytes,
    gbk_characters,
    is_han,
    readings,
    simplified_forms,
    simplified_only,
)

NUMERALS = frozenset("〇零一二三四五六七八九十百千萬万億亿兩两廿卅壹貳叁肆伍陸柒捌玖拾")
IN_TEXT = "，。、；：？！“”‘’《》（）—…·"
"""Marks that a restored text may hold."""

BEAM = 16
"""Paths kept at each place, and how many nats they may stay behind the best."""
WIDTH = 10.0
COMMONEST = 24
"""Characters tried, of the many that share a byte, although they go on with no known string."""
LIKELY = 8
"""Characters followed up where a dropped pair leaves the choice."""

LOST_PAIR = 0.5
"""What a character is worth that a dropped pair hides, beside how it reads. Without it the model, which overrates
the surprise of every character, would rather have fewer of them."""
LONE_BYTE = -0.5
"""The same for a lone byte at the end."""
RARE = -4.0
"""Log probability of a character that even GB 2312 does not have when simplified: word lists overrate these."""
UNMARKED = -8.0
"""Log probability that a character which the page annotates everywhere else is not annotated here,"""
MISREAD = -8.0
"""and that pinyin behind a restored character is not its reading."""

AWKWARD = -3.0
"""Log probability, beside the model's, of a mark where Chinese has none. A word list knows nothing of this."""
LEADING = frozenset("的和与及或是在把被从对向将并而为于以使让由其该每各第,、;:(“《。!?")
"""Words that something must follow, and marks: no stop comes after them (folded),"""
STOPS = frozenset(",、;。!?:")
"""that is, none of these."""

CONTEXT_BEFORE = 8
CONTEXT_AFTER = 4
"""Characters around a slip that a restored text must read well with."""

FOREIGN = -5.0
"""Log probability of a simplified character on a traditional page, in the text as it is."""
DETERMINED = 0.5
"""What the threshold is multiplied by where every byte of the text restored is shown,"""
DROPPED = 2.0
"""and where dropped pairs left characters to the model: there it may not even know what it does not know."""
SURE_OF_FIGURES = 8.0
"""Margin from which a numeral is put in that the model chose."""

MEANT = 2.0
"""Nats that a restored text must gain over the text as it is before the place counts as a slip at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """A place that runs out of step."""

    start: int
    end: int
    new: str | None
    """What was there, most probably; None where nothing readable was found."""
    margin: float
    """How much more probable that is than everything else together, text as it is included (nats)."""
    dropped: int
    """Pairs that the decoder dropped, so that a character was guessed."""
    swallowed: bool
    """An ASCII character was swallowed that nothing tells: a space, a line break, but maybe a figure."""
    guessed: bool
    """A byte of some character is lost: the model chose the character."""
    figure: bool
    """A character so chosen is a numeral."""

    def is_safe(self, threshold: float) -> bool:
        """Tell whether the repair may be made without a reader looking at it."""
        if self.dropped:
            threshold *= DROPPED
        elif not self.guessed:
            threshold *= DETERMINED
        sure = self.margin >= (max(threshold, SURE_OF_FIGURES) if self.figure else threshold)
        return self.new is not None and sure and not self.swallowed


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What the whole page tells about its slips."""

    traditional: bool | None
    """None where the page mixes the scripts."""
    annotated: frozenset[str]
    """Characters that carry pinyin wherever they stand."""


class Path:
    """A way to read the shown text: up to where, what waits, what was there, and how well it reads."""

    __slots__ = (
        "at",
        "dropped",
        "figure",
        "guessed",
        "marked",
        "rivals",
        "score",
        "state",
        "swallowed",
        "text",
        "waiting",
    )

    def __init__(
        self, at: int, waiting: tuple[int, ...], state: State, text: str = "", score: float = 0.0, dropped: int = 0,
        *, swallowed: bool = False, marked: bool = False, guessed: bool = False, figure: bool = False,
        rivals: float = -math.inf,
    ) -> None:  # fmt: skip
        self.at = at
        self.waiting = waiting
        """Lead bytes that may wait for their partner; none: back in step."""
        self.state = state
        self.text = text
        self.score = score
        self.dropped = dropped
        self.swallowed = swallowed
        self.marked = marked
        """Pinyin on the way agrees with a character restored: a checksum."""
        self.guessed = guessed
        """One byte of some character is lost, so that the model chose it;"""
        self.figure = figure
        """and one so chosen is a numeral."""
        self.rivals = rivals
        """Log of how probable the paths were, relative to this one, that were given up because they go on alike."""


@dataclass(frozen=True, slots=True)
class Alphabet:
    """The characters that a restored text may hold, by their bytes, the commonest first."""

    by_lead: dict[int, list[tuple[int, str, str]]]
    """Lead byte → trail byte, character, folded character."""
    by_trail: dict[int, list[tuple[int, str, str]]]
    by_reading: dict[str, list[tuple[int, int, str, str]]]
    """Reading → lead byte, trail byte, character, folded character."""
    folded: dict[str, str]
    unfolded: dict[str, list[str]]
    rare: set[str]
    common: list[str]
    """The commonest characters and marks, folded."""


@lru_cache(maxsize=8)
def read_alphabet(model: CharModel, traditional: bool | None) -> Alphabet:
    """Return the characters that the model knows and that the script of the page has."""
    reader = model.read_page(())
    banned = frozenset[str]()
    if traditional is not None:
        banned = simplified_only() if traditional else frozenset(simplified_forms())
    alphabet = Alphabet(
        by_lead=defaultdict(list),
        by_trail=defaultdict(list),
        by_reading=defaultdict(list),
        folded={},
        unfolded=defaultdict(list),
        rare=set(),
        common=[],
    )
    known = []
    for (lead, trail), char in gbk_characters().items():
        folded = fold(char)
        if char in IN_TEXT or (is_han(char) and char not in banned and reader.knows(folded)):
            known.append((reader.frequency(folded), lead, trail, char, folded))
    known.sort(key=lambda row: -row[0])
    alphabet.common.extend(dict.fromkeys(folded for *_, folded in known[:COMMONEST]))
    for _, lead, trail, char, folded in known:
        alphabet.by_lead[lead].append((trail, char, folded))
        alphabet.by_trail[trail].append((lead, char, folded))
        for reading in readings().get(char, ()):
            alphabet.by_reading[reading].append((lead, trail, char, folded))
        alphabet.folded[char] = folded
        alphabet.unfolded[folded].append(char)
        if is_han(folded) and not folded.encode("gb2312", "ignore"):
            alphabet.rare.add(folded)
    return alphabet


@lru_cache(maxsize=1)
def unmapped() -> dict[int, tuple[int, ...]]:
    """Return first byte → second bytes that make no character with it: pairs that a decoder drops."""
    rows = {
        first: tuple(n for n in range(0x81, 0xFF) if (first, n) not in gbk_characters())
        for first in range(0x81, 0xFF)
    }
    return {first: seconds for first, seconds in rows.items() if seconds}


class Search:
    """The search on one text. Holds what every step needs: the text, the model's reader, the page's facts."""

    def __init__(self, text: str, reader: Reader, alphabet: Alphabet, page: Page) -> None:
        self.text = text
        self.reader = reader
        self.alphabet = alphabet
        self.page = page
        long = page.traditional is False
        # Simplified characters have no trail byte in the ASCII range, so slips of simplified text are long.
        self.most_dropped = 12 if long else 4
        self.longest = 160 if long else 70

    def find(self, start: int, before: str) -> Slip | None:
        """Return the slip that starts here, or None where the text as it is reads best.

        ``before`` is the repaired text of the line up to here.
        """
        state, _ = self.reader.read(self.reader.start(), fold(before[-CONTEXT_BEFORE:]))
        done = self._run(self._starts(start, state))
        end = min(len(self.text), max((path.at for path in done), default=start + 2) + CONTEXT_AFTER)
        as_is = self._rest(state, start, end)
        scores: dict[tuple[str, int], float] = {}
        paths: dict[tuple[str, int], Path] = {}
        for path in done:
            score = path.score + self._rest(path.state, path.at, end)
            key = path.text, path.at
            if score > scores.get(key, -math.inf):
                scores[key], paths[key] = score, path
        if not scores:
            return self._unreadable(start)
        best = max(scores, key=lambda key: scores[key])
        gain = scores[best] - as_is
        if gain < MEANT and not paths[best].marked:
            return self._unreadable(start)
        path = paths[best]
        others = _log_sum([
            as_is, scores[best] + path.rivals,
            *(_log_sum([score, score + paths[key].rivals]) for key, score in scores.items() if key != best),
        ])  # fmt: skip
        return Slip(
            start=start,
            end=path.at,
            new=path.text,
            margin=scores[best] - others,
            dropped=path.dropped,
            swallowed=path.swallowed,
            guessed=path.guessed,
            figure=path.figure,
        )

    def _unreadable(self, start: int) -> Slip | None:
        """Return a slip without a repair where pinyin shows that there is one; an odd mark alone is no proof."""
        pinyin = TAIL_OF_ANNOTATION.match(self.text, start + 1)
        if pinyin is None:
            return None
        return Slip(
            start=start,
            end=pinyin.end(),
            new=None,
            margin=0.0,
            dropped=0,
            swallowed=False,
            guessed=False,
            figure=False,
        )

    def _starts(self, start: int, state: State) -> list[Path]:
        text = self.text
        if text[start] in "!！":
            if not may_be_collapsed(text, start + 1):
                return []
            return [Path(start + 1, (0xA1,), state, text[start])]
        paths = []
        mark = WIDE.get(text[start + 1], text[start + 1])
        if mark in MARKS:
            first, second = gbk_bytes()[mark]
            origin = Path(start + 2, (), state)
            for _, char, folded in self.alphabet.by_trail.get(first, ()):
                paths.append(self._extended(origin, char, folded, start + 2, (second,), torn=True, guessed=True))
        pinyin = TAIL_OF_ANNOTATION.match(text, start + 1)
        before = self._character_before(start)
        if pinyin and before in gbk_bytes():
            first = gbk_bytes()[before][1]
            for second in range(0x81, 0xFF):
                across = gbk_characters().get((first, second))
                if across is not None and _reads(across, pinyin[1]):
                    paths.append(Path(pinyin.end(), (second,), state, marked=True))
        return paths

    def _character_before(self, start: int) -> str:
        """Return the character before a place, its own pinyin stepped over: ``順(shùn)?shū)``."""
        for match in ANNOTATION.finditer(self.text, max(0, start - LONGEST_ANNOTATION), start):
            if match.end() == start:
                return self.text[match.start() - 1 : match.start()]
        return self.text[start - 1 : start]

    def _run(self, paths: list[Path]) -> list[Path]:
        """Follow the paths until they are back in step; return those that got there."""
        waiting: dict[int, list[Path]] = defaultdict(list)
        for path in paths:
            waiting[path.at].append(path)
        done: list[Path] = []
        place = min(waiting, default=0)
        last = min(len(self.text), place + self.longest)
        in_step: Path | None = None
        while waiting and place <= last:
            if in_step is not None and in_step.at < place:
                in_step = self._goes_on(in_step, place)
            here = waiting.pop(place, [])
            while here:
                here = _best(here, in_step.score if in_step is not None else -math.inf)
                stay = []
                for path in here:
                    for longer in self._longer(path):
                        if not longer.waiting:
                            done.append(longer)
                            if in_step is None or self._goes_on(in_step, longer.at).score < longer.score:
                                in_step = longer
                        elif longer.at == place:
                            stay.append(longer)
                        else:
                            waiting[longer.at].append(longer)
                here = stay
            place += 1
        return done

    def _goes_on(self, path: Path, end: int) -> Path:
        """Return a path that is back in step, led on over the shown text."""
        if path.at >= end:
            return path
        state, log = self._read_shown(path.state, path.at, end)
        return Path(end, (), state, path.text, path.score + log)

    def _longer(self, path: Path) -> Iterator[Path]:
        """Yield the path with one more character restored, in every way that the shown text allows."""
        text, at = self.text, path.at
        shown = text[at] if at < len(text) else "\n"
        if shown != "\n":
            code = gbk_bytes().get(WIDE.get(shown, shown)) if shown not in "?\ufffd" else None
            if code is not None:
                yield from self._by_trail(path, code[0], self._after_pinyin(shown, at + 1), (code[1],))
            if shown == "€" or "@" <= shown <= "~":
                yield from self._by_trail(path, 0x80 if shown == "€" else ord(shown), at + 1, ())
            elif shown in LOST:
                yield from self._by_lone_byte(path)
        if path.dropped < self.most_dropped:
            yield from self._by_dropped_pair(path)

    def _by_trail(self, path: Path, trail: int, at: int, waiting: tuple[int, ...]) -> Iterator[Path]:
        """The shown byte is the partner of the one that waits."""
        if len(path.waiting) == 1:
            char = gbk_characters().get((path.waiting[0], trail))
            folded = self.alphabet.folded.get(char) if char is not None else None
            if char is not None and folded is not None:
                yield self._extended(path, char, folded, at, waiting)
            return
        for lead, char, folded in self._worth_a_try(path.state, self.alphabet.by_trail.get(trail, ())):
            if lead in path.waiting:
                yield self._extended(path, char, folded, at, waiting, guessed=True)

    def _worth_a_try(self, state: State, known: Sequence[tuple[int, str, str]]) -> Iterator[tuple[int, str, str]]:
        """Yield the commonest characters of many, and those that go on with a known string."""
        yield from known[:COMMONEST]
        likely = self.reader.continuations(state)
        for row in known[COMMONEST:]:
            if row[2] in likely:
                yield row

    def _after_pinyin(self, shown: str, at: int) -> int:
        """Step over the pinyin of a character that stands only in the shown text (it matched out of step)."""
        pinyin = ANNOTATION.match(self.text, at)
        return pinyin.end() if pinyin and _reads(shown, pinyin[1]) else at

    def _by_lone_byte(self, path: Path) -> Iterator[Path]:
        """A lone lead byte: it ends this character, and an ASCII character behind it is lost."""
        text, at = self.text, path.at + 1
        pinyin = TAIL_OF_ANNOTATION.match(text, at)
        if pinyin:
            for lead, trail, char, folded in self.alphabet.by_reading.get(spelt(pinyin[1]), ()):
                if lead in path.waiting and trail > 0x80:
                    yield self._extended(path, char, folded, pinyin.end(), (), marked=True, guessed=True)
            return
        # The separator before a mark, or nothing at the end, is no loss.
        swallowed = at < len(text) and text[at] != "\n" and WIDE.get(text[at], text[at]) not in MARKS
        for trail, char, folded in self._lost_characters(path):
            if trail > 0x80:
                yield self._extended(
                    path, char, folded, at, (), penalty=LONE_BYTE, swallowed=swallowed, guessed=True
                )

    def _by_dropped_pair(self, path: Path) -> Iterator[Path]:
        """A pair that is no character: its first byte ends this character, its second begins the next."""
        lost = unmapped()
        guesses = [
            self._extended(path, char, folded, path.at, lost[trail], penalty=LOST_PAIR, dropped=1, guessed=True)
            for trail, char, folded in self._lost_characters(path)
            if trail in lost
        ]
        guesses.sort(key=lambda guess: -guess.score)
        yield from guesses[:LIKELY]

    def _lost_characters(self, path: Path) -> Iterator[tuple[int, str, str]]:
        """Yield the characters whose lead byte waits, whose trail byte is lost: trail, character, folded.

        Where the lead byte is lost too (the pair before was dropped), only the commonest of all, and those that go
        on with a known string.
        """
        if len(path.waiting) == 1:
            yield from self.alphabet.by_lead.get(path.waiting[0], ())
            return
        likely = self.reader.continuations(path.state)
        for folded in (*likely, *(char for char in self.alphabet.common if char not in likely)):
            for char in self.alphabet.unfolded.get(folded, ()):
                lead, trail = gbk_bytes()[char]
                if lead in path.waiting:
                    yield trail, char, folded

    def _extended(
        self, path: Path, char: str, folded: str, at: int, waiting: tuple[int, ...], *, penalty: float = 0.0,
        dropped: int = 0, swallowed: bool = False, torn: bool = False, marked: bool = False, guessed: bool = False,
    ) -> Path:  # fmt: skip
        """Return the path with a character more."""
        state, log = self._step(path.state, folded)
        if folded in self.alphabet.rare:
            penalty += RARE
        if not marked:
            pinyin = ANNOTATION.match(self.text, at) if not waiting else None
            if pinyin:
                marked = _reads(char, pinyin[1])
                penalty += 0.0 if marked else MISREAD
            elif char in self.page.annotated and not torn and path.text:
                penalty += UNMARKED
        return Path(
            at, waiting, state, path.text + char, path.score + log + penalty, path.dropped + dropped,
            swallowed=path.swallowed or swallowed, marked=path.marked or marked, guessed=path.guessed or guessed,
            figure=path.figure or (guessed and char in NUMERALS), rivals=path.rivals,
        )  # fmt: skip

    def _step(self, state: State, folded: str) -> tuple[State, float]:
        after, log = self.reader.step(state, folded)
        if folded in STOPS and state.recent[-1:] in LEADING:
            log += AWKWARD
        return after, log

    def _rest(self, state: State, start: int, end: int) -> float:
        return self._read_shown(state, start, end)[1]

    def _read_shown(self, state: State, start: int, end: int) -> tuple[State, float]:
        """Return the state after the shown text (without pinyin, within the line), and its log probability."""
        total = 0.0
        at = start
        while at < end and self.text[at] != "\n":
            pinyin = ANNOTATION.match(self.text, at)
            if pinyin and at and is_han(self.text[at - 1]):
                at = pinyin.end()
                continue
            state, log = self._step(state, fold(self.text[at]))
            if self.page.traditional and self.text[at] in simplified_only():
                log += FOREIGN
            total += log
            at += 1
        return state, total


def _best(paths: list[Path], in_step: float) -> list[Path]:
    """Return the best paths of one place; of those that will go on alike only the best.

    ``in_step`` is the score of the best path that is back in step already: far behind it none is kept.
    """
    paths.sort(key=lambda path: -path.score)
    worst = max(paths[0].score, in_step) - WIDTH
    kept: dict[tuple[tuple[int, ...], str], Path] = {}
    for path in paths:
        if path.score < worst:
            break
        alike = kept.get((path.waiting, path.state.recent))
        if alike is not None:
            if alike.text != path.text:
                behind = path.score - alike.score
                alike.rivals = _log_sum([alike.rivals, behind, behind + path.rivals])
        elif len(kept) < BEAM:
            kept[path.waiting, path.state.recent] = path
    return list(kept.values())


def _reads(char: str, pinyin: str) -> bool:
    """Tell whether a pinyin syllable is a reading of a character.

    >>> _reads("驅", "qū"), _reads("驅", "qù")
    (True, False)
    """
    return spelt(pinyin) in readings().get(char, ())


def _log_sum(logs: list[float]) -> float:
    top = max(logs)
    if top == -math.inf:
        return top
    return top + math.log(sum(math.exp(log - top) for log in logs))
