"""Repair of damaged Chinese text, each step an edit that can be taken back.

::

    entities → mojibake → invisible marks → radicals → private use → injected marks → GBK slips → pinyin → labels

The order matters: what an earlier step mends, a later one can read. Slips come before pinyin, because the pinyin
inside them is a checksum, and what they restore was never there to be annotated. Judgements that need a page
(script, pinyin, doubled marks) are made over all fields of the document together.

Nothing is invented: where a figure, a name or any ASCII character was lost, the place is reported and left alone.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from pipelines.model import Edit
from pipelines.normalise.charmodel import CharModel, built_in
from pipelines.normalise.hanzi import simplified_forms, simplified_only
from pipelines.normalise.repair.characters import (
    PRIVATE,
    find_entities,
    find_invisible,
    find_private_use,
    find_radicals,
)
from pipelines.normalise.repair.edits import apply_edits, compose, outside, to_raw, undo_edits
from pipelines.normalise.repair.labels import find_chopped_labels
from pipelines.normalise.repair.marks import find_marks
from pipelines.normalise.repair.mojibake import find_mojibake
from pipelines.normalise.repair.pinyin import ANNOTATED, HIDDEN, Injection, always_annotated, find_injected
from pipelines.normalise.repair.slips import (
    Page,
    Search,
    Slip,
    find_candidates,
    read_alphabet,
    spoilt_end,
    undamaged,
)

__all__ = [
    "Repaired",
    "RepairedText",
    "Report",
    "UnrepairedSlip",
    "apply_edits",
    "repair",
    "repair_text",
    "undo_edits",
]

THRESHOLD = 2.5
"""Nats by which a restored text must beat everything else together before it is put in (odds of 12 to 1 by the
model's own count; the reports give the measured precision)."""

MOST_OF_PAGE = 200_000
"""Code points of a document that are counted as its own layer of the model."""
CONTEXT = 64
"""Code points before a slip that are looked at."""

MOST_SLIPS = 400
"""A document with more signs of slips than this is rubbish, or made to keep us busy: none of them is looked at."""
MOST_ROUNDS = 4
"""A repair can make another possible. Rounds go on until one changes nothing: a second repair finds nothing to do."""

SCRIPT_RATIO = 3
"""A page is traditional or simplified where the characters of one script are so many times those of the other."""

LOST_TEXT = re.compile("锟斤拷|\ufffd|烫烫烫")
"""Text that was decoded and encoded wrongly until nothing of it was left."""
UNUSABLE = 0.1
"""Share of lost characters from which a document is of no use as text."""


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
class Report:
    """What the repair of a document came to."""

    grade: str
    """``clean``, ``repaired_exact``, ``repaired_probable``, ``damaged`` or ``unusable``."""
    counts: Mapping[str, int]
    """Kind of edit → number of edits."""
    injected: bool
    """True where the page's pinyin was put in by a program."""
    kept_ambiguous: int
    """Annotations left on such a page, because an author may have written them."""
    unrepaired: tuple[UnrepairedSlip, ...]
    unread: int
    """Places that look like slips and were not looked at, because there were too many for a text."""
    lost: int
    """Characters of which nothing is left (U+FFFD, 锟斤拷)."""
    private_use: int
    """Private-use characters that no table knows."""
    model: str
    """SHA-256 of the character model."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Repaired:
    """The repaired texts of a document."""

    texts: Mapping[str, str]
    edits: Mapping[str, tuple[Edit, ...]]
    """Field → its edits, ordered; every field has an entry."""
    report: Report


@dataclass(frozen=True, slots=True, kw_only=True)
class RepairedText:
    """A repaired text."""

    text: str
    edits: tuple[Edit, ...]
    report: Report


class Draft:
    """A text under repair: the raw text, and the edits so far put together."""

    def __init__(self, raw: str) -> None:
        self.raw = raw
        self.text = raw
        self.edits: Sequence[Edit] = ()

    def apply(self, edits: Sequence[Edit], protect: Collection[str]) -> None:
        """Carry out edits of the text as it is now."""
        if protect:
            edits = outside(edits, self.text, protect)
        if edits:
            self.text = apply_edits(self.text, edits)
            self.edits = compose(self.raw, self.edits, edits) if self.edits else edits


def repair_text(
    text: str, *, model: CharModel | None = None, threshold: float = THRESHOLD, protect: Collection[str] = ()
) -> RepairedText:
    """Repair one text: :func:`repair` for a document that has a single field."""
    done = repair({"text": text}, model=model, threshold=threshold, protect=protect)
    return RepairedText(text=done.texts["text"], edits=done.edits["text"], report=done.report)


def repair(
    fields: Mapping[str, str],
    *,
    model: CharModel | None = None,
    threshold: float = THRESHOLD,
    protect: Collection[str] = (),
) -> Repaired:
    """Repair the texts of one document (title, body, source, titles of neighbours…).

    Args:
        fields: name → text; any text, also empty, without Chinese, or with lone surrogates.
        model: character model for slips; None for the one built in.
        threshold: nats by which the text restored for a slip must beat all else together to be put in.
        protect: strings that stay as they are wherever they stand.
    """
    drafts = {name: Draft(text) for name, text in fields.items()}
    first: Outcome | None = None
    for _ in range(MOST_ROUNDS):
        before = _texts(drafts)
        outcome = _repair_once(drafts, model, threshold, protect)
        first = first or outcome
        if _texts(drafts) == before:
            break
    return Repaired(
        texts=_texts(drafts),
        edits={name: tuple(draft.edits) for name, draft in drafts.items()},
        report=_report(drafts, first or outcome, outcome, model or built_in()),
    )


def _repair_once(
    drafts: Mapping[str, Draft], model: CharModel | None, threshold: float, protect: Collection[str]
) -> "Outcome":
    """Carry out every step once, in order."""

    def asked_for() -> CharModel:
        return model or built_in()

    for draft in drafts.values():
        draft.apply(find_entities(draft.text), protect)
        draft.apply(find_mojibake(draft.text, asked_for), protect)
        draft.apply(find_invisible(draft.text), protect)
        draft.apply(find_radicals(draft.text), protect)
        draft.apply(find_private_use(draft.text), protect)
    for name, edits in find_marks(_texts(drafts)).items():
        drafts[name].apply(edits, protect)
    slips = _repair_slips(drafts, asked_for, threshold, protect)
    injection = find_injected(_texts(drafts), slips.hidden, asked_for)
    for name, removed in injection.edits.items():
        drafts[name].apply(removed, protect)
    if injection.injected or slips.hidden:
        # A page without such damage is no mirror, and its lines are its own affair.
        for draft in drafts.values():
            draft.apply(find_chopped_labels(draft.text), protect)
    return Outcome(injection=injection, slips=slips)


@dataclass(frozen=True, slots=True, kw_only=True)
class Slips:
    """What a round did about slips."""

    left: Sequence[UnrepairedSlip] = ()
    """Those left alone, with places in the text of the round."""
    unread: int = 0
    """Places not looked at, because there were too many for a text."""
    hidden: Mapping[str, str] = field(default_factory=dict)
    """Field → its text, character for character, with ``HIDDEN`` for what stands in slips; only where there are any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a round came to, apart from its edits."""

    injection: Injection
    slips: Slips


def _repair_slips(
    drafts: Mapping[str, Draft], asked_for: Callable[[], CharModel], threshold: float, protect: Collection[str]
) -> Slips:
    candidates = {name: list(find_candidates(draft.text)) for name, draft in drafts.items()}
    number = sum(map(len, candidates.values()))
    if not number or number > MOST_SLIPS:
        return Slips(unread=number)
    texts = _texts(drafts)
    model = asked_for()
    page = Page(traditional=_is_traditional(texts.values()), annotated=always_annotated(texts.values()))
    reader = model.read_page(_sample(piece for name in texts for piece in undamaged(texts[name], candidates[name])))
    alphabet = read_alphabet(model, page.traditional)
    left: list[UnrepairedSlip] = []
    hidden: dict[str, str] = {}
    for name, starts in candidates.items():
        slips = list(_find_slips(Search(texts[name], reader, alphabet, page), starts, threshold))
        if slips:
            wanted = [_to_edit(texts[name], slip) for slip in slips if slip.is_safe(threshold)]
            edits = outside(wanted, texts[name], protect)
            done = {edit.start for edit in edits}
            left += (_to_unrepaired(name, texts[name], slip, threshold) for slip in slips if slip.start not in done)
            hidden[name] = _hide(texts[name], slips, done)
            drafts[name].apply(edits, ())
    return Slips(left=left, hidden={name: hidden.get(name, text) for name, text in texts.items()} if hidden else {})


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


def _to_unrepaired(name: str, text: str, slip: Slip, threshold: float) -> UnrepairedSlip:
    if slip.new is None:
        reason = "unreadable"
    elif slip.swallowed:
        reason = "swallowed"
    else:
        reason = "protected" if slip.is_safe(threshold) else "unsure"
    return UnrepairedSlip(
        field=name,
        start=slip.start,
        end=slip.end,
        shown=text[slip.start : slip.end],
        proposal=slip.new,
        margin=round(slip.margin, 2) if slip.new is not None else None,
        reason=reason,
    )


def _hide(text: str, slips: Iterable[Slip], done: Collection[int]) -> str:
    """Return the repaired text, with ``HIDDEN`` for what slips restored or spoilt."""
    parts = []
    place = 0
    for slip in slips:
        if slip.start < place:
            continue
        end = slip.end if slip.start in done else spoilt_end(text, slip.start)
        parts += (
            text[place : slip.start],
            HIDDEN * len(slip.new or "" if slip.start in done else text[slip.start : end]),
        )
        place = end
    return "".join((*parts, text[place:]))


def _is_traditional(texts: Iterable[str]) -> bool | None:
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


def _texts(drafts: Mapping[str, Draft]) -> dict[str, str]:
    return {name: draft.text for name, draft in drafts.items()}


def _report(drafts: Mapping[str, Draft], first: Outcome, last: Outcome, model: CharModel) -> Report:
    edits = [edit for draft in drafts.values() for edit in draft.edits]
    texts = _texts(drafts)
    lost = sum(len(match[0]) for text in texts.values() for match in LOST_TEXT.finditer(text))
    unrepaired = tuple(
        replace(
            slip, start=to_raw(drafts[slip.field].edits, slip.start), end=to_raw(drafts[slip.field].edits, slip.end)
        )
        for slip in last.slips.left
    )
    spoilt = lost + last.slips.unread
    if spoilt and spoilt >= UNUSABLE * sum(map(len, texts.values())):
        grade = "unusable"
    elif spoilt or unrepaired:
        grade = "damaged"
    elif edits:
        grade = "repaired_exact" if all(edit.certain for edit in edits) else "repaired_probable"
    else:
        grade = "clean"
    return Report(
        grade=grade,
        counts=MappingProxyType(dict(sorted(Counter(edit.kind for edit in edits).items()))),
        injected=first.injection.injected,
        kept_ambiguous=len(first.injection.kept),
        unrepaired=unrepaired,
        unread=last.slips.unread,
        lost=lost,
        private_use=sum(len(PRIVATE.findall(text)) for text in texts.values()),
        model=model.digest,
    )
