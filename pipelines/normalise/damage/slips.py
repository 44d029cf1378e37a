"""GBK slips: text that runs one byte out of step.

Mirror programs work on GBK bytes: they put pinyin behind characters and a separator before marks with plain byte
replacement. Where the bytes of the pattern, ``K1 K2``, stand across two characters, the insertion tears a
character apart, and a tolerant decoder then reads the rest one byte out of step::

    [L K1][K2 T] rest   a mark before which a separator goes   L, K1 K2 T rest      校徽，  → ?；?，
    [L K1][K2 T] rest   a character that gets its pinyin       L K1 K2(pinyin)T …   向學    → 向?qū)W

The decoder shows ``?`` for a lead byte before ASCII and swallows that ASCII character, drops pairs that are no
character, and is back in step after the next ASCII byte: a letter that was a trail byte (W, r, F), a ``€`` (0x80),
a ``?`` for a lone lead byte, or the end of the text.

What was there is searched for by running this backwards. A path holds the byte that waits for its partner; each
shown character gives it the partner and leaves a new byte waiting. A lost lead byte, a dropped pair and a lone
lead byte leave a choice, and pinyin narrows it. The character model decides, also against leaving the text alone.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pipelines.model import Edit
from pipelines.normalise.charmodel import CharModel
from pipelines.normalise.damage.alphabet import Forms, read_alphabet
from pipelines.normalise.damage.edits import outside
from pipelines.normalise.damage.pinyin import ANNOTATED, HIDDEN, always_annotated
from pipelines.normalise.damage.realign import Page, Search, Slip
from pipelines.normalise.damage.signs import find_candidates, spoilt_end, undamaged
from pipelines.normalise.hanzi import simplified_forms, simplified_only

MOST_OF_PAGE = 200_000
"""Code points of a document that are counted as its own layer of the model."""
CONTEXT = 64
"""Code points before a slip that are looked at."""

MOST_SLIPS = 400
"""A document with more signs of slips than this is rubbish, or made to keep us busy: none of them is looked at."""
TRAINED = 0.8
"""What the threshold is multiplied by with a model that has read running text: it is surer for good reason."""
SCRIPT_RATIO = 3
"""A page is traditional or simplified where the characters of one script are so many times those of the other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnrepairedSlip:
    """A slip that was found and left as it is."""

    field: str
    start: int
    """First code point of it in the raw text of the field."""
    end: int
    shown: str
    proposal: str | None
    """What was there most probably; None where nothing readable was found."""
    margin: float | None
    reason: str
    """``unsure``, ``unreadable``, ``swallowed`` (an ASCII character is lost that nothing tells), ``protected``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slips:
    """What was found on the texts of a document."""

    edits: Mapping[str, Sequence[Edit]] = field(default_factory=dict)
    """Field → the slips to be repaired."""
    left: Sequence[UnrepairedSlip] = ()
    """Those to be left alone, with places in the text repaired."""
    unread: int = 0
    """Places not looked at, because there were too many."""
    hidden: Mapping[str, str] = field(default_factory=dict)
    """Field → its text repaired, with ``HIDDEN`` for every character that stands in a slip; empty without slips."""


def find_slips(
    texts: Mapping[str, str], separated: frozenset[str], asked_for: Callable[[], CharModel], threshold: float,
    protect: Collection[str],
) -> Slips:  # fmt: skip
    """Find the slips of a document; the model is asked for only where there is a sign of one."""
    candidates = {name: list(find_candidates(text)) for name, text in texts.items()}
    number = sum(map(len, candidates.values()))
    if not number or number > MOST_SLIPS:
        return Slips(unread=number)
    model = asked_for()
    if len(model.ngrams) > 1:
        threshold *= TRAINED
    whole = list(_sample(piece for name in texts for piece in undamaged(texts[name], candidates[name])))
    counts = Counter("".join(whole))
    annotated = always_annotated(texts.values())
    page = Page(
        traditional=is_traditional(texts.values()),
        annotated=annotated,
        plain=frozenset(char for char in counts if char in simplified_forms() and char not in annotated),
        separated=separated,
    )
    reader = model.read_page(whole)
    alphabet = read_alphabet(model, page.traditional)
    forms = Forms(alphabet, counts)
    edits: dict[str, Sequence[Edit]] = {}
    left: list[UnrepairedSlip] = []
    hidden: dict[str, str] = {}
    for name, starts in candidates.items():
        text = texts[name]
        slips = list(_find_slips(Search(text, reader, alphabet, forms, page), starts, threshold))
        edits[name] = outside([_to_edit(text, slip) for slip in slips if slip.is_safe(threshold)], text, protect)
        done = {edit.start for edit in edits[name]}
        left += _unrepaired(name, text, slips, done, threshold)
        hidden[name] = _hide(text, slips, done)
    found = left or any(edits.values())
    return Slips(edits=edits, left=left, hidden=hidden if found else {})


def _find_slips(search: Search, starts: Iterable[int], threshold: float) -> Iterator[Slip]:
    """Yield the slips of a text; each is read in the light of those before it."""
    done = 0
    before = ""
    for start in starts:
        if start < done:
            continue
        before = (before + search.text[done:start])[-CONTEXT:]
        slip = search.find(start, ANNOTATED.sub("", before).rpartition("\n")[2])
        done = start
        if slip is not None:
            yield slip
            if slip.is_safe(threshold):
                before += slip.new or ""
                done = slip.end
            elif slip.new is not None:
                before += search.text[done : slip.end]
                done = slip.end


def _to_edit(text: str, slip: Slip) -> Edit:
    evidence = [f"{text[max(0, slip.start - 1) : slip.end]} is {slip.new} one byte out of step"]
    if slip.dropped:
        evidence.append(f"pairs dropped: {slip.dropped}")
    return Edit(
        start=slip.start,
        end=slip.end,
        old=text[slip.start : slip.end],
        new=slip.new or "",
        kind="slip",
        margin=round(slip.margin, 2),
        evidence=tuple(evidence),
        certain=not slip.guessed,
    )


def _unrepaired(
    name: str, text: str, slips: Iterable[Slip], done: Collection[int], threshold: float
) -> Iterator[UnrepairedSlip]:
    grown = 0
    for slip in slips:
        if slip.start in done:
            grown += len(slip.new or "") - (slip.end - slip.start)
            continue
        if slip.new is None:
            reason = "unreadable"
        elif slip.swallowed:
            reason = "swallowed"
        else:
            reason = "protected" if slip.is_safe(threshold) else "unsure"
        yield UnrepairedSlip(
            field=name,
            start=slip.start + grown,
            end=slip.end + grown,
            shown=text[slip.start : slip.end],
            proposal=slip.new,
            margin=round(slip.margin, 2) if slip.new is not None else None,
            reason=reason,
        )


def _hide(text: str, slips: Iterable[Slip], done: Collection[int]) -> str:
    """Return the repaired text, with ``HIDDEN`` for what slips restored or spoilt."""
    parts: list[str] = []
    place = 0
    for slip in slips:
        if slip.start >= place:
            repaired = slip.start in done
            end = slip.end if repaired else spoilt_end(text, slip.start)
            parts += (text[place : slip.start], HIDDEN * (len(slip.new or "") if repaired else end - slip.start))
            place = end
    return "".join((*parts, text[place:]))


def is_traditional(texts: Iterable[str]) -> bool | None:
    """Tell the script of a page: True for Hant, False for Hans, None for a mixture."""
    counts = Counter("".join(_sample(texts)))
    traditional = sum(times for char, times in counts.items() if char in simplified_forms())
    simplified = sum(times for char, times in counts.items() if char in simplified_only())
    if traditional >= SCRIPT_RATIO * max(1, simplified):
        return True
    return False if simplified >= SCRIPT_RATIO * max(1, traditional) else None


def _sample(texts: Iterable[str]) -> Iterator[str]:
    """Yield texts up to so many code points as are worth counting."""
    room = MOST_OF_PAGE
    for text in texts:
        if room <= 0:
            return
        yield text[:room]
        room -= len(text)
