"""Finds when an article was published and last changed."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from pipelines.dates import DateMatch, find_dates, find_uri_date, parse_date
from pipelines.extract.body import Body
from pipelines.extract.imprint import Imprint
from pipelines.extract.layouts import Layout, select
from pipelines.extract.metadata import DATE_TAGS, MODIFIED_TAGS, Metadata
from pipelines.extract.page import Page
from pipelines.extract.statements import Statement, Statements, date_context
from pipelines.model import Finding, PrintedDate, Witness

TRUST = {
    "layout": 0.97,
    "metaline:published": 0.96,
    "metaline:date": 0.93,
    "foot:published": 0.90,
    "hint:date": 0.86,
    "dateline": 0.83,
    "json-ld:datePublished": 0.81,
    "meta": 0.80,
    "uri": 0.75,
    "metaline:modified": 0.74,
    "metaline:yearless": 0.70,
    "foot:date": 0.60,
    "uri:month": 0.30,
}
"""How often a rule is right about the day, as far as the labelled pages tell. The listing's own date would be the
strongest witness; it gives way to what the article prints because listings show the day they were pinned, too."""

_UPDATED = re.compile(r"\s?(?:更新|修改|updated|last modified)", re.IGNORECASE)
_DATELINE = re.compile(r"[A-Z][\w .,]{2,40}[,\s]?[(—–-]\s?")
_AGREEING, _DISAGREEING = 0.02, 0.05


class _Candidate(NamedTuple):
    date: PrintedDate
    raw: str
    rule: str
    node: int | None
    trust: float
    note: str | None = None


def find_published(
    page: Page, layout: Layout | None, head: Metadata, imprint: Imprint, body: Body, statements: Statements
) -> Finding[PrintedDate] | None:
    """Return the publication date: the best of what the page prints, its head says, its address names."""
    candidates = [
        *_from_layout(page, layout),
        *(one for statement in imprint.head for one in _from_head(page, statement, statements)),
        *(one for statement in imprint.foot for one in _from_foot(page, statement)),
        *_from_head_of_body(page, body),
        *_from_metadata(page, head),
    ]
    if not candidates:
        return None
    best = max(candidates, key=lambda one: one.trust)
    witnesses = tuple(
        Witness(rule=one.rule, value=one.date.value, agrees=_agree(one.date, best.date))
        for one in candidates
        if one is not best
    )
    agreeing = sum(witness.agrees for witness in witnesses)
    confidence = best.trust + _AGREEING * agreeing - _DISAGREEING * (len(witnesses) - agreeing)
    return Finding(
        value=best.date,
        raw=best.raw,
        rule=best.rule,
        place=page.place(best.node) if best.node is not None else None,
        confidence=round(min(0.99, max(0.1, confidence)), 2),
        witnesses=witnesses,
        note=best.note,
    )


def _agree(one: PrintedDate, other: PrintedDate) -> bool:
    """Tell whether two dates name the same day, as far as both go."""
    shared = min(len(one.value), len(other.value), 10)
    return one.value[:shared] == other.value[:shared]


def _names_a_day(date: PrintedDate) -> bool:
    return date.precision not in ("year", "month")


def _from_layout(page: Page, layout: Layout | None) -> Iterator[_Candidate]:
    if layout is None:
        return
    context: dict[str, Any] = date_context(page.document)
    for node in select(page, layout.published):
        for raw in (page.text_of(node), page.elements[node].get("datetime") or ""):
            found = next((match for match in find_dates(raw, **context) if _names_a_day(match.date)), None)
            if found:
                yield _Candidate(found.date, raw, f"{layout.name}:published", node, TRUST["layout"])
                break


def _from_head(page: Page, statement: Statement, statements: Statements) -> Iterator[_Candidate]:
    for match in statement.dates:
        if not _names_a_day(match.date) or match.kind == "relative":
            continue
        label = _label_of(statement, match)
        if (label is None or len(label) <= 2) and statements.is_event(statement.line):
            continue  # 时间：beside 地点： is the event's
        kind = _kind_of(statement, match)
        if kind == "modified" or (kind is None and _UPDATED.match(statement.text[match.end :])):
            rule = "metaline:modified"
        elif kind == "published":
            rule = "metaline:published"
        elif kind is None and len(statement.rest) <= 30:
            rule = "metaline:date" if match.kind == "full" else "metaline:yearless"
        else:
            continue
        yield _to_candidate(page, statement, match, rule)


def _from_foot(page: Page, statement: Statement) -> Iterator[_Candidate]:
    for match in statement.dates:
        if _names_a_day(match.date) and match.kind == "full":
            kind = _kind_of(statement, match)
            if kind == "published":
                yield _to_candidate(page, statement, match, "foot:published")
            elif kind is None and len(statement.rest) <= 6:
                yield _to_candidate(page, statement, match, "foot:date")


def _to_candidate(page: Page, statement: Statement, match: DateMatch, rule: str) -> _Candidate:
    note = "the page prints no year" if match.kind == "yearless" else None
    raw = statement.text[match.start : match.end]
    return _Candidate(match.date, raw, rule, page.lines[statement.line].node, TRUST[rule], note)


def _label_of(statement: Statement, match: DateMatch) -> str | None:
    """Return the label in whose value a date stands."""
    return next(
        (entry.label for entry in statement.entries if entry.start <= match.start and match.end <= entry.end), None
    )


def _kind_of(statement: Statement, match: DateMatch) -> str | None:
    """Return what the label announces in whose value a date stands."""
    return next(
        (entry.kinds[0] for entry in statement.entries if entry.start <= match.start and match.end <= entry.end),
        None,
    )


def _from_head_of_body(page: Page, body: Body) -> Iterator[_Candidate]:
    """Yield the date of a press release's dateline: WASHINGTON (January 24, 2017) —."""
    if not body.lines:
        return
    line = page.lines[body.lines[0]]
    text = line.text[:120]
    if not _DATELINE.match(text):
        return
    context: dict[str, Any] = date_context(page.document)
    match = next(find_dates(text, **context), None)
    if match and match.kind == "full" and _names_a_day(match.date) and _DATELINE.fullmatch(text[: match.start]):
        yield _Candidate(match.date, text[: match.end], "dateline", line.node, TRUST["dateline"])


def _from_metadata(page: Page, head: Metadata) -> Iterator[_Candidate]:
    document = page.document
    context: dict[str, Any] = date_context(document)
    for name in DATE_TAGS:
        content = head.tags.get(name)
        if content and (date := parse_date(content, **context)) and date.precision != "year":
            yield _Candidate(date, content, f"meta:{name}", None, TRUST["meta"])
    stated = head.article.get("datePublished")
    if isinstance(stated, str) and (date := parse_date(stated, **context)):
        yield _Candidate(date, stated, "json-ld:datePublished", None, TRUST["json-ld:datePublished"])
    if document.hints.date and (date := parse_date(document.hints.date, now=document.captured_at)):
        yield _Candidate(date, document.hints.date, "hint:date", None, TRUST["hint:date"])
    if date := find_uri_date(document.uri, now=document.captured_at):
        trust = TRUST["uri" if date.precision == "day" else "uri:month"]
        yield _Candidate(date, document.uri, "uri", None, trust)


def find_modified(page: Page, head: Metadata, imprint: Imprint) -> Finding[PrintedDate] | None:
    """Return the date of the last change, where the page states one."""
    for statement in imprint:
        for match in statement.dates:
            if _names_a_day(match.date) and _kind_of(statement, match) == "modified":
                node = page.lines[statement.line].node
                raw = statement.text[match.start : match.end]
                return Finding(
                    value=match.date, raw=raw, rule="metaline:modified", place=page.place(node), confidence=0.95
                )
    stated = [(f"meta:{name}", head.tags[name]) for name in MODIFIED_TAGS if name in head.tags]
    if isinstance(changed := head.article.get("dateModified"), str):
        stated.append(("json-ld:dateModified", changed))
    context: dict[str, Any] = date_context(page.document)
    for rule, raw in stated:
        if date := parse_date(raw, **context):
            return Finding(value=date, raw=raw, rule=rule, confidence=0.85)
    return None
