"""The repair of a document: the steps in order, over all of its texts, until nothing more changes."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from pipelines.model import Edit
from pipelines.normalise.charmodel import CharModel, built_in
from pipelines.normalise.damage.characters import (
    count_private_use,
    find_entities,
    find_invisible,
    find_private_use,
    find_radicals,
    has_odd_characters,
)
from pipelines.normalise.damage.edits import apply_edits, compose, outside, to_raw
from pipelines.normalise.damage.labels import find_chopped_labels
from pipelines.normalise.damage.marks import SEPARATORS, find_marks
from pipelines.normalise.damage.mojibake import find_mojibake
from pipelines.normalise.damage.pinyin import Injection, find_injected
from pipelines.normalise.damage.slips import Slips, UnrepairedSlip, find_slips

THRESHOLD = 2.0
"""Nats by which a restored text must beat everything else together before it is put in; less where every byte of it
is shown, more where whole characters are hidden (``bench/README.md`` has the precision)."""

MOST_ROUNDS = 4
"""A repair can make another possible. Rounds go on until one changes nothing: a second repair does nothing."""

LOST_TEXT = ("\ufffd", "锟斤拷", "烫烫烫")
"""What is left of text that was decoded and encoded wrongly until nothing of it was left."""
UNUSABLE = 0.1
"""Share of lost characters from which a document is of no use as text."""


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
    model: str | None
    """SHA-256 of the character model; None where nothing had to be asked of it."""


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

    def __init__(self, raw: str, protect: Collection[str]) -> None:
        self.raw = raw
        self.text = raw
        self.edits: Sequence[Edit] = ()
        self._protect = protect

    def apply(self, edits: Sequence[Edit]) -> None:
        """Carry out edits of the text as it is now, but for those that touch what is protected."""
        if self._protect:
            edits = outside(edits, self.text, self._protect)
        if edits:
            self.text = apply_edits(self.text, edits)
            self.edits = compose(self.raw, self.edits, edits) if self.edits else edits


class LazyModel:
    """The character model, opened when it is asked for."""

    def __init__(self, model: CharModel | None) -> None:
        self._given = model
        self.used: CharModel | None = None

    def __call__(self) -> CharModel:
        """Return the model."""
        self.used = self._given or built_in()
        return self.used


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a round came to, apart from its edits."""

    injection: Injection
    slips: Slips


def repair_text(
    text: str, *, model: CharModel | None = None, threshold: float = THRESHOLD, protect: Collection[str] = ()
) -> RepairedText:
    """Repair one text: :func:`repair` for a document that has a single field.

    >>> repair_text("踐行了“人心向?qū)W”的理念。").text
    '踐行了“人心向學”的理念。'
    """
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
    drafts = {name: Draft(text, protect) for name, text in fields.items()}
    lazy = LazyModel(model)
    before = _texts(drafts)
    first = last = _repair_once(drafts, lazy, threshold, protect)
    for _ in range(MOST_ROUNDS - 1):
        after = _texts(drafts)
        if after == before:
            break
        before = after
        last = _repair_once(drafts, lazy, threshold, protect)
    return Repaired(
        texts=_texts(drafts),
        edits={name: tuple(draft.edits) for name, draft in drafts.items()},
        report=_report(drafts, first, last, lazy.used),
    )


def _repair_once(
    drafts: Mapping[str, Draft], lazy: LazyModel, threshold: float, protect: Collection[str]
) -> Outcome:
    """Carry out every step once, in order."""
    for draft in drafts.values():
        if has_odd_characters(draft.text):
            draft.apply(find_entities(draft.text))
            draft.apply(find_mojibake(draft.text, lazy))
            draft.apply(find_invisible(draft.text))
            draft.apply(find_radicals(draft.text))
            draft.apply(find_private_use(draft.text))
    separated = frozenset[str]()
    for name, marks in find_marks(_texts(drafts)).items():
        separated |= {drafts[name].text[mark.end] for mark in marks if mark.old in SEPARATORS}
        drafts[name].apply(marks)
    slips = find_slips(_texts(drafts), separated, lazy, threshold, protect)
    for name, restored in slips.edits.items():
        drafts[name].apply(restored)
    injection = find_injected(_texts(drafts), slips.hidden, lazy)
    for name, removed in injection.edits.items():
        drafts[name].apply(removed)
    if injection.injected or slips.hidden:
        # A page without such damage is no mirror, and its lines are its own affair.
        for draft in drafts.values():
            draft.apply(find_chopped_labels(draft.text))
    return Outcome(injection=injection, slips=slips)


def _texts(drafts: Mapping[str, Draft]) -> dict[str, str]:
    return {name: draft.text for name, draft in drafts.items()}


def _report(drafts: Mapping[str, Draft], first: Outcome, last: Outcome, model: CharModel | None) -> Report:
    edits = [edit for draft in drafts.values() for edit in draft.edits]
    texts = _texts(drafts)
    lost = sum(len(rest) * text.count(rest) for text in texts.values() for rest in LOST_TEXT)
    unrepaired = tuple(_in_raw(slip, drafts[slip.field].edits) for slip in last.slips.left)
    return Report(
        grade=_grade(edits, lost + last.slips.unread, len(unrepaired), sum(map(len, texts.values()))),
        counts=MappingProxyType(dict(sorted(Counter(edit.kind for edit in edits).items()))),
        injected=first.injection.injected,
        kept_ambiguous=len(first.injection.kept),
        unrepaired=unrepaired,
        unread=last.slips.unread,
        lost=lost,
        private_use=sum(map(count_private_use, texts.values())),
        model=model.digest if model is not None else None,
    )


def _in_raw(slip: UnrepairedSlip, edits: Sequence[Edit]) -> UnrepairedSlip:
    return replace(slip, start=to_raw(edits, slip.start), end=to_raw(edits, slip.end))


def _grade(edits: Sequence[Edit], lost: int, unrepaired: int, length: int) -> str:
    if lost and lost >= UNUSABLE * length:
        return "unusable"
    if lost or unrepaired:
        return "damaged"
    if not edits:
        return "clean"
    return "repaired_exact" if all(edit.certain for edit in edits) else "repaired_probable"
