"""Edits: applying them, taking them back, and putting two rounds of them together."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from pipelines.model import Edit


def apply_edits(raw: str, edits: Iterable[Edit]) -> str:
    """Return the repaired text: the raw text with its edits (ordered, apart from each other) carried out.

    >>> apply_edits("學(xué)校", [Edit(start=1, end=6, old="(xué)", new="", kind="pinyin")])
    '學校'
    """
    parts: list[str] = []
    done = 0
    for edit in edits:
        parts += (raw[done : edit.start], edit.new)
        done = edit.end
    return "".join((*parts, raw[done:]))


def undo_edits(text: str, edits: Iterable[Edit]) -> str:
    """Return the raw text that a repaired text was made from.

    >>> undo_edits("學校", [Edit(start=1, end=6, old="(xué)", new="", kind="pinyin")])
    '學(xué)校'
    """
    parts: list[str] = []
    done = 0
    grown = 0
    for edit in edits:
        start = edit.start + grown
        parts += (text[done:start], edit.old)
        done = start + len(edit.new)
        grown += len(edit.new) - len(edit.old)
    return "".join((*parts, text[done:]))


def compose(raw: str, first: Sequence[Edit], second: Sequence[Edit]) -> list[Edit]:
    """Return the edits that do in one round what ``first`` (of ``raw``) and ``second`` (of the result) do in two.

    Edits of the two rounds that touch the same characters become one, of the kind of the second.
    """
    text = apply_edits(raw, first)
    composed = []
    grown = 0
    for start, end, earlier, later in _groups(first, second):
        raw_start = start - grown
        grown += sum(len(edit.new) - len(edit.old) for edit in earlier)
        raw_end = end - grown
        if not later:
            composed += earlier
            continue
        moved = [replace(edit, start=edit.start - start, end=edit.end - start) for edit in later]
        new = apply_edits(text[start:end], moved)
        composed.append(_merged((*earlier, *later), raw_start, raw_end, raw[raw_start:raw_end], new))
    return composed


def _groups(first: Sequence[Edit], second: Sequence[Edit]) -> Iterator[tuple[int, int, list[Edit], list[Edit]]]:
    """Yield the edits of both rounds that overlap, with their span in the text between the rounds."""
    spans = [(edit.start, edit.end, False, edit) for edit in second]
    grown = 0
    for edit in first:
        start = edit.start + grown
        spans.append((start, start + len(edit.new), True, edit))
        grown += len(edit.new) - len(edit.old)
    spans.sort(key=lambda span: span[:2])
    place = 0
    while place < len(spans):
        start, end, *_ = spans[place]
        group = [spans[place]]
        place += 1
        while place < len(spans) and spans[place][0] < end:
            end = max(end, spans[place][1])
            group.append(spans[place])
            place += 1
        yield start, end, [span[3] for span in group if span[2]], [span[3] for span in group if not span[2]]


def _merged(edits: Sequence[Edit], start: int, end: int, old: str, new: str) -> Edit:
    margins = [edit.margin for edit in edits if edit.margin is not None]
    return replace(
        edits[-1],
        start=start,
        end=end,
        old=old,
        new=new,
        margin=min(margins, default=None),
        evidence=tuple(dict.fromkeys(line for edit in edits for line in edit.evidence)),
        certain=all(edit.certain for edit in edits),
    )


def outside(edits: Iterable[Edit], text: str, protect: Collection[str]) -> list[Edit]:
    """Return the edits that touch no occurrence of a protected string."""
    spans = sorted(span for string in protect if string for span in _occurrences(text, string))
    kept = []
    place = 0
    reached = 0
    for edit in edits:
        while place < len(spans) and spans[place][0] < edit.end:
            reached = max(reached, spans[place][1])
            place += 1
        if edit.start >= reached:
            kept.append(edit)
    return kept


def _occurrences(text: str, string: str) -> Iterator[tuple[int, int]]:
    start = text.find(string)
    while start >= 0:
        yield start, start + len(string)
        start = text.find(string, start + len(string))


def to_raw(edits: Iterable[Edit], place: int) -> int:
    """Return where a place of the repaired text is in the raw text; inside an edit, where the edit starts."""
    grown = 0
    for edit in edits:
        start = edit.start + grown
        if place < start + max(1, len(edit.new)):
            return min(place - grown, edit.start)
        grown += len(edit.new) - len(edit.old)
    return place - grown
