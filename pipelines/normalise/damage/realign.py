"""The search that brings a slip back into step.

A path is one way to read the shown text. It holds the lead bytes that may be waiting for their partner; each shown
character gives the partner, and leaves its own second byte waiting. Where a byte is lost (a dropped pair, a lone
lead byte, the byte under the first ``?``) every character that fits goes on as a path of its own. Paths are kept
while they read nearly as well as the best (a beam search over the lattice of :mod:`.lattice`).
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pipelines.normalise.charmodel import Reader, State, fold
from pipelines.normalise.damage.alphabet import NONE, Alphabet, Candidate, Forms, byte_set, unmapped
from pipelines.normalise.damage.lattice import NOTHING, WIDTH, Node, best, extended, log_sum, settle
from pipelines.normalise.damage.likelihood import Likelihood
from pipelines.normalise.damage.signs import (
    ANNOTATION,
    LONGEST_ANNOTATION,
    LOST,
    MARKS,
    TAIL_OF_ANNOTATION,
    WIDE,
    may_be_collapsed,
    spelt,
    swallowed_by,
)
from pipelines.normalise.hanzi import (
    gbk_bytes,
    gbk_characters,
    readings,
    simplified_forms,
)

NUMERALS = frozenset("〇零一二三四五六七八九十百千萬万億亿兩两廿卅壹貳叁肆伍陸柒捌玖拾")

LIKELY = 12
"""Characters followed up where a dropped pair leaves the choice."""

LOST_PAIR = 1.2
"""What a character is worth that a dropped pair hides, beside how it reads. Without it the model, which overrates
the surprise of every character, would rather have fewer of them."""
LONE_BYTE = -0.5
"""The same for a lone byte at the end."""
RARE = -4.0
"""Log probability of a character that even GB 2312 does not have when simplified: word lists overrate these."""
UNMARKED = -8.0
"""Log probability that a character which the page annotates everywhere else is not annotated here, or that a mark
before which it puts a separator everywhere has none here,"""
MISREAD = -8.0
"""and that pinyin behind a restored character is not its reading."""
OFF_TABLE = -5.0
"""Log probability that pinyin belongs to a character that programs were never seen to annotate (an unchanged one, or
with another reading than its first), or that stands elsewhere on the page without."""

CONTEXT_BEFORE = 8
CONTEXT_AFTER = 4
"""Characters around a slip that a restored text must read well with."""

DETERMINED = 0.75
"""What the threshold is multiplied by where every byte of the text restored is shown,"""
DROPPED = (1.0, 1.75, 2.5)
"""and where no, one or more dropped pairs hide characters: there may be more of them than the model dares to put in."""
SURE_OF_FIGURES = 8.0
"""Margin from which a numeral is put in that the model chose, or a figure read out of bytes."""

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
        threshold *= DROPPED[min(self.dropped, len(DROPPED) - 1)] if self.guessed else DETERMINED
        sure = self.margin >= (max(threshold, SURE_OF_FIGURES) if self.figure else threshold)
        return self.new is not None and sure and not self.swallowed


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What the whole page tells about its slips: the script, and the settings of the program that damaged it."""

    traditional: bool | None
    """None where the page mixes the scripts."""
    annotated: frozenset[str]
    """Characters that carry pinyin wherever they stand."""
    plain: frozenset[str]
    """Traditional characters that stand somewhere without pinyin."""
    separated: frozenset[str]
    """Marks that have a separator before them wherever they stand."""


class Search:
    """The search on one text. Holds what every step needs: the text, the model's reader, the page's facts."""

    def __init__(self, text: str, reader: Reader, alphabet: Alphabet, forms: Forms, page: Page) -> None:
        self.text = text
        self.reader = reader
        self.alphabet = alphabet
        self.forms = forms
        self.page = page
        self._likelihood = Likelihood(text, reader, traditional=page.traditional)
        self.line_before = ""
        self.tops: dict[int, float] = {}
        long = page.traditional is False
        # Simplified characters have no trail byte in the ASCII range, so slips of simplified text are long.
        self.most_dropped = 12 if long else 4
        self.longest = 160 if long else 70

    def find(self, start: int, before: str) -> Slip | None:
        """Return the slip that starts here, or None where the text as it is reads best.

        ``before`` is the repaired text of the line up to here.
        """
        state, _ = self.reader.read(self.reader.start(), fold(before[-CONTEXT_BEFORE:]))
        self.line_before = before
        done = self._run(self._starts(start, state))
        if not done:
            return self._unreadable(start)
        end = min(len(self.text), max(node.at for node in done) + CONTEXT_AFTER)
        as_is = self._likelihood.read_shown(state, start, end)[1] + self._likelihood.balance(before, "", start)
        rests = [
            self._likelihood.read_shown(settle(node, self.reader), node.at, end)[1]
            + self._likelihood.balance(before, node.text(), node.at)
            for node in done
        ]
        ranked = sorted(zip(done, rests, strict=True), key=lambda one: -(one[0].score + one[1]))
        node, rest = ranked[0]
        text, score = node.text(), node.score + rest
        if score - as_is < MEANT and not node.marked:
            return self._unreadable(start)
        others = [as_is]
        for other, its_rest in ranked:
            # Of a node's paths the best one may be the winner's text; all others are not.
            if other.text() == text and other.at == node.at:
                others.append(_log_difference(other.total, other.score) + its_rest)
            else:
                others.append(other.total + its_rest)
        return Slip(
            start=start,
            end=node.at,
            new=text,
            margin=score - log_sum(others),
            dropped=node.dropped,
            swallowed=node.swallowed,
            guessed=node.guessed,
            figure=node.figure,
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

    def _starts(self, start: int, state: State) -> list[Node]:
        text = self.text
        if text[start] in "!！":
            if not may_be_collapsed(text, start + 1):
                return []
            return [self._root(start + 1, byte_set(0xA1), state, text[start])]
        nodes: list[Node] = []
        mark = WIDE.get(text[start + 1], text[start + 1])
        if mark in MARKS:
            first, second = gbk_bytes()[mark]
            root = self._root(start + 2, NONE, state)
            nodes += (
                self._extended(root, one, start + 2, byte_set(second), torn=True, guessed=True)
                for one in self.alphabet.by_trail.get(first, ())
            )
        pinyin = TAIL_OF_ANNOTATION.match(text, start + 1)
        before = self._character_before(start)
        if pinyin and before in gbk_bytes():
            first = gbk_bytes()[before][1]
            for second in range(0x81, 0xFF):
                across = gbk_characters().get((first, second))
                if across is not None and _reads(across, pinyin[1]):
                    root = self._root(pinyin.end(), byte_set(second), state)
                    root.marked = True
                    if not self._may_be_annotated(across, pinyin[1]):
                        root.score = root.total = OFF_TABLE
                    nodes.append(root)
        return nodes

    def _root(self, at: int, waiting: frozenset[int], state: State, char: str = "") -> Node:
        node = Node(None, at, waiting, char, fold(char))
        node.recent = state.recent
        node.state = state
        return node

    def _may_be_annotated(self, char: str, pinyin: str) -> bool:
        """Tell whether the program of this page may put this pinyin behind a character."""
        return char in simplified_forms() and readings()[char][0] == spelt(pinyin) and char not in self.page.plain

    def _character_before(self, start: int) -> str:
        """Return the character before a place, its own pinyin stepped over: ``順(shùn)?shū)``."""
        for match in ANNOTATION.finditer(self.text, max(0, start - LONGEST_ANNOTATION), start):
            if match.end() == start:
                return self.text[match.start() - 1 : match.start()]
        return self.text[start - 1 : start]

    def _run(self, nodes: list[Node]) -> list[Node]:
        """Follow the paths until they are back in step; return the nodes that got there."""
        waiting: dict[int, list[Node]] = defaultdict(list)
        for node in nodes:
            waiting[node.at].append(node)
        done: dict[int, list[Node]] = defaultdict(list)
        self.tops = {}
        place = min(waiting, default=0)
        last = min(len(self.text), place + self.longest)
        in_step = InStep(0, None, NOTHING)
        while waiting and place <= last:
            in_step = self._goes_on(in_step, place)
            here = waiting.pop(place, [])
            while here:
                stay = []
                for node in best(here, in_step.score):
                    for longer in self._longer(node):
                        if not longer.waiting:
                            done[longer.at].append(longer)
                            if self._goes_on(in_step, longer.at).score < longer.score:
                                in_step = InStep(longer.at, settle(longer, self.reader), longer.score)
                        elif longer.at == place:
                            stay.append(longer)
                        else:
                            waiting[longer.at].append(longer)
                            self.tops[longer.at] = max(longer.score, self.tops.get(longer.at, NOTHING))
                here = stay
            place += 1
        return [node for there in done.values() for node in best(there, NOTHING)]

    def _goes_on(self, path: "InStep", end: int) -> "InStep":
        """Return a path that is back in step, led on over the shown text."""
        if path.state is None or path.at >= end:
            return path
        state, log = self._likelihood.read_shown(path.state, path.at, end)
        return InStep(end, state, path.score + log)

    def _longer(self, node: Node) -> Iterator[Node]:
        """Yield the path with one more character restored, in every way that the shown text allows."""
        text, at = self.text, node.at
        shown = text[at] if at < len(text) else "\n"
        if shown != "\n":
            code = gbk_bytes().get(WIDE.get(shown, shown)) if shown not in "?\ufffd" else None
            if code is not None:
                yield from self._by_trail(node, code[0], self._after_pinyin(shown, at + 1), byte_set(code[1]))
            if shown == "€" or "@" <= shown <= "~":
                yield from self._by_trail(node, 0x80 if shown == "€" else ord(shown), at + 1, NONE)
            elif shown in LOST:
                yield from self._by_lone_byte(node)
        if node.dropped < self.most_dropped:
            yield from self._by_dropped_pair(node)

    def _by_trail(self, node: Node, trail: int, at: int, waiting: frozenset[int]) -> Iterator[Node]:
        """The shown byte is the partner of the one that waits."""
        if len(node.waiting) == 1:
            (lead,) = node.waiting
            char = gbk_characters().get((lead, trail))
            one = self.alphabet.by_char.get(char) if char is not None else None
            if one is not None:
                yield self._extended(node, one, at, waiting)
            return
        for one in self._worth_a_try(node, self.alphabet.by_trail.get(trail, ()), at):
            yield self._extended(node, one, at, waiting, guessed=True)

    def _worth_a_try(self, node: Node, known: Iterable[Candidate], at: int) -> Iterator[Candidate]:
        """Yield, of the characters that fit, those that go on with a known string, and those common enough."""
        state = settle(node, self.reader)
        likely = self.reader.continuations(state)
        least = self.tops.get(at, NOTHING) - WIDTH - node.score - self.reader.floor(state)
        for one in known:
            if one.lead in node.waiting and (one.frequency > least or one.folded in likely):
                yield one

    def _after_pinyin(self, shown: str, at: int) -> int:
        """Step over the pinyin of a character that stands only in the shown text (it matched out of step)."""
        pinyin = ANNOTATION.match(self.text, at)
        return pinyin.end() if pinyin and _reads(shown, pinyin[1]) else at

    def _by_lone_byte(self, node: Node) -> Iterator[Node]:
        """A lone lead byte: it ends this character, and an ASCII character behind it is lost."""
        text, at = self.text, node.at + 1
        pinyin = TAIL_OF_ANNOTATION.match(text, at)
        if pinyin:
            for one in self.alphabet.by_reading.get(spelt(pinyin[1]), ()):
                if one.lead in node.waiting and one.trail > 0x80:
                    yield self._extended(node, one, pinyin.end(), NONE, marked=True, guessed=True)
            return
        told = swallowed_by(text, at, self.line_before)
        suffix, at = told or ("", at)
        # The separator before a mark, or nothing at the end, is no loss.
        swallowed = told is None and text[at : at + 1] not in ("", "\n", *WIDE, *MARKS)
        for one in self._lost_characters(node, self.alphabet.by_lead):
            if one.trail > 0x80:
                longer = self._extended(node, one, at, NONE, penalty=LONE_BYTE, swallowed=swallowed, guessed=True)
                longer.char += suffix
                yield longer

    def _by_dropped_pair(self, node: Node) -> Iterator[Node]:
        """A pair that is no character: its first byte ends this character, its second begins the next."""
        lost = unmapped()
        guesses = [
            self._extended(node, one, node.at, lost[one.trail], penalty=LOST_PAIR, dropped=1, guessed=True)
            for one in self._lost_characters(node, self.alphabet.hidden_by_lead)
            if one.trail in lost
        ]
        guesses.sort(key=lambda guess: -guess.score)
        yield from guesses[:LIKELY]

    def _lost_characters(self, node: Node, by_lead: Mapping[int, list[Candidate]]) -> Iterable[Candidate]:
        """Return the characters whose lead byte waits, whose trail byte is lost.

        Where the lead byte is lost too (the pair before was dropped), only the commonest of all, and those that go
        on with a known string.
        """
        if len(node.waiting) == 1:
            (lead,) = node.waiting
            return by_lead.get(lead, ())
        likely = self.reader.continuations(settle(node, self.reader))
        return [
            one
            for folded in likely.union(self.alphabet.common)
            for one in self.alphabet.by_folded.get(folded, ())
            if one.lead in node.waiting
        ]

    def _extended(
        self, node: Node, one: Candidate, at: int, waiting: frozenset[int], *, penalty: float = 0.0,
        dropped: int = 0, swallowed: bool = False, torn: bool = False, marked: bool = False, guessed: bool = False,
    ) -> Node:  # fmt: skip
        """Return the path with a character more."""
        weight = self._likelihood.log(settle(node, self.reader), one.folded) + self.forms.log(one) + penalty
        if one.is_rare:
            weight += RARE
        # What stands first is cut by the pattern that matched: nothing else could match there.
        torn = torn or node.parent is None
        if not torn and one.char in self.page.separated:
            weight += UNMARKED
        if not marked:
            pinyin = ANNOTATION.match(self.text, at) if not waiting else None
            if pinyin:
                marked = _reads(one.char, pinyin[1])
                weight += 0.0 if marked else MISREAD
            elif one.char in self.page.annotated and not torn:
                weight += UNMARKED
        figure = guessed and one.char in NUMERALS
        return extended(
            node, one, at, waiting, weight, dropped=dropped, swallowed=swallowed, marked=marked, guessed=guessed,
            figure=figure,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class InStep:
    """The best path that is back in step, as far as the search has come."""

    at: int
    state: State | None
    score: float


def _log_difference(whole: float, part: float) -> float:
    """Return the logarithm of a difference, the terms as logarithms."""
    rest = 1 - math.exp(min(0.0, part - whole))
    return whole + math.log(rest) if rest > 1e-12 else NOTHING


def _reads(char: str, pinyin: str) -> bool:
    """Tell whether a pinyin syllable is a reading of a character.

    >>> _reads("驅", "qū"), _reads("驅", "qù")
    (True, False)
    """
    return spelt(pinyin) in readings().get(char, ())
