"""Finds when an article was published and last changed."""

import re
from typing import NamedTuple

from pipelines.dates import DateMatch, find_dates, find_uri_date, parse_date
from pipelines.extract.body import Body, is_event_line
from pipelines.extract.imprint import Statement, is_taiwanese, zone_of
from pipelines.extract.layouts import Layout, select
from pipelines.extract.metadata import DATE_TAGS, MODIFIED_TAGS, Metadata
from pipelines.extract.page import Page
from pipelines.model import Finding, PrintedDate, Witness


class _Candidate(NamedTuple):
    date: PrintedDate
    raw: str
    rule: str
    node: int
    confidence: float


_UPDATED = re.compile(r"\s?(?:更新|修改|updated|last modified)", re.IGNORECASE)
_DATELINE = re.compile(r"[A-Z][A-Za-z .,]{2,40}[,\s]?[(—–-]\s?$")
_RANK = {}


def find_published(
    page: Page, layout: Layout | None, head: Metadata, imprint: tuple[Statement, ...], body: Body
) -> Finding[PrintedDate] | None:
    """Return the publication date: the best of what the page prints, its head says, its address names."""
    candidates = _candidates(page, layout, head, imprint, body)
    if not candidates:
        return None
    best = max(candidates, key=lambda one: one.confidence)
    day = best.date.value[:10]
    witnesses = tuple(
        Witness(
            rule=one.rule,
            value=one.date.value,
            agrees=one.date.value[:10][: len(day)] == day[: len(one.date.value[:10])],
        )
        for one in candidates
        if one is not best
    )
    agreeing = sum(witness.agrees for witness in witnesses)
    confidence = min(0.99, best.confidence + 0.02 * agreeing - 0.05 * (len(witnesses) - agreeing))
    return Finding(
        value=best.date,
        raw=best.raw,
        rule=best.rule,
        place=page.place(best.node) if best.node >= 0 else None,
        confidence=round(max(confidence, 0.3), 2),
        witnesses=witnesses,
    )


def _candidates(
    page: Page, layout: Layout | None, head: Metadata, imprint: tuple[Statement, ...], body: Body
) -> list[_Candidate]:
    document = page.document
    how = {"now": document.captured_at, "zone": zone_of(document), "roc": is_taiwanese(document)}
    found: list[_Candidate] = []
    for node in select(page, layout.published) if layout else ():
        element = page.elements[node]
        for text in (page.text(node), element.get("datetime") or ""):
            for match in find_dates(text, **how):
                if match.date.precision not in ("year", "month"):
                    found.append(_Candidate(match.date, text, f"{layout.name}:published", node, 0.97))
                    break
    for statement in imprint:
        found.extend(_from_statement(page, statement, body, imprint))
    for name in DATE_TAGS:
        if content := head.tags.get(name):
            if date := parse_date(content, **how):
                found.append(_Candidate(date, content, f"meta:{name}", -1, 0.80))
    published = head.article.get("datePublished")
    if isinstance(published, str) and (date := parse_date(published, **how)):
        found.append(_Candidate(date, published, "json-ld:datePublished", -1, 0.81))
    if body.lines:
        text = page.lines[body.lines[0]].text[:120]
        for match in find_dates(text, **how):
            if match.kind == "full" and match.date.precision == "day" and _DATELINE.fullmatch(text[: match.start]):
                found.append(
                    _Candidate(match.date, text[: match.end], "dateline", page.lines[body.lines[0]].node, 0.83)
                )
            break
    if document.hints.date and (date := parse_date(document.hints.date, now=document.captured_at)):
        found.append(_Candidate(date, document.hints.date, "hint:date", -1, 0.86))
    if date := find_uri_date(document.uri, now=document.captured_at):
        found.append(_Candidate(date, document.uri, "uri", -1, 0.75 if date.precision == "day" else 0.3))
    return found


def _from_statement(page: Page, statement: Statement, body: Body, imprint) -> list[_Candidate]:
    found = []
    node = page.lines[statement.line].node
    for match in statement.dates:
        if match.date.precision in ("year", "month") or match.kind == "relative":
            continue
        label = _label_of(statement, match)
        raw = statement.text[match.start : match.end]
        after = statement.text[match.end :]
        event = is_event_line(page.lines, statement.line)
        if label == "published":
            score = 0.96 if statement.zone == "head" else 0.9
            if event and entry_is_bare(statement, match):
                continue
        elif label == "modified" or _UPDATED.match(after):
            score = 0.74
        elif label is not None:
            continue
        elif statement.zone == "head" and len(statement.rest) <= 30:
            score = 0.93 if match.kind == "full" else 0.7
            if event:
                continue
        elif statement.zone == "foot" and len(statement.rest) <= 6:
            score = 0.6
        else:
            continue
        found.append(_Candidate(match.date, raw, f"metaline:{label or 'date'}", node, score))
    return found


def entry_is_bare(statement: Statement, match: DateMatch) -> bool:
    """Tell whether a date's label is one that events print too: 时间, 日期."""
    return any(entry.start <= match.start < entry.end and len(entry.label) <= 2 for entry in statement.entries)


def _label_of(statement: Statement, match: DateMatch) -> str | None:
    """Return the kind of the label in whose value a date stands."""
    for entry in statement.entries:
        if entry.start <= match.start and match.end <= entry.end:
            return entry.kinds[0]
    return None


def find_modified(page: Page, head: Metadata, imprint: tuple[Statement, ...]) -> Finding[PrintedDate] | None:
    """Return the date of the last change, where the page states one beside the publication's."""
    document = page.document
    for statement in imprint:
        for match in statement.dates:
            if match.date.precision not in ("year", "month") and _label_of(statement, match) == "modified":
                return Finding(
                    value=match.date,
                    raw=statement.text[match.start : match.end],
                    rule="metaline:modified",
                    place=page.place(page.lines[statement.line].node),
                    confidence=0.95,
                )
    stated = head.find(MODIFIED_TAGS)
    if stated and (date := parse_date(stated[1], now=document.captured_at, zone=zone_of(document))):
        return Finding(value=date, raw=stated[1], rule=f"meta:{stated[0]}", confidence=0.85)
    changed = head.article.get("dateModified")
    if isinstance(changed, str) and (date := parse_date(changed, now=document.captured_at, zone=zone_of(document))):
        return Finding(value=date, raw=changed, rule="json-ld:dateModified", confidence=0.85)
    return None
