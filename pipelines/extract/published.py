"""Finds when an article was published and last changed."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import NamedTuple

from pipelines.dates import DateMatch, find_dates, find_uri_date, parse_date
from pipelines.extract.imprint import Imprint
from pipelines.extract.layouts import Layout, find_nodes
from pipelines.extract.metadata import DATE_TAGS, MODIFIED_TAGS, Metadata
from pipelines.extract.page import Page
from pipelines.extract.statements import Statement, Statements, date_context, find_zone
from pipelines.extract.title import Printed
from pipelines.extract.trim import Body
from pipelines.model import Finding, PrintedDate, Witness

TRUST = {
    "layout": 0.97,
    "metaline:published": 0.96,
    "metaline:date": 0.93,
    "block:date": 0.92,
    "foot:published": 0.90,
    "hint:date": 0.86,
    "dateline": 0.83,
    "json-ld:datePublished": 0.81,
    "meta": 0.80,
    "uri": 0.75,
    "metaline:modified": 0.74,
    "metaline:yearless": 0.70,
    "foot:date": 0.60,
    "announced": 0.58,
    "signature": 0.55,
    "uri:month": 0.30,
}
"""How often a rule is right about the day, as far as the labelled pages tell. The listing's own date would be the
strongest witness; it gives way to what the article prints because listings show the day they were pinned, too."""

_UPDATED = re.compile(r"\s?(?:更新|修改|updated|last modified)", re.IGNORECASE)
_UPDATED_ON = re.compile(
    r"(?:(?:updated|modified|reviewed|revised)(?: on)?|mise? à jour(?: le)?"
    r"|aktualisiert(?: am)?|zuletzt geändert(?: am)?|aggiornato(?: il)?|actualizado(?: el)?|обновлено"
    r"|sist endret|senast uppdaterad|sidst opdateret|laatst gewijzigd"
    r"|(?:更新|修改)(?:[于於]|[时時][间間]|日期)?)\s?\Z",
    re.IGNORECASE,
)
"""What says without a colon that the date behind it is a change's: Last updated November 6, 2025."""
_POSTED_ON = re.compile(
    r"(?:(?<!\w)(?:posted|published|publi(?:sert|cerad|ceret)|gepubliceerd)(?: on| op)?|(?:[发發][布表帖]|张贴|張貼)(?:[于於]|[时時][间間]|日期)?)\s?\Z",
    re.IGNORECASE,
)
_POSTED = re.compile(r"\s?(?:在.{1,30})?(?:[发發][布表帖]|张贴|張貼)")
"""What says so of a publication date, before it and behind it: 张三 发表于 2005-9-15, 由张三于 2005-8-12 在〖论坛〗发表."""
_WORDS = 24
"""How far before and behind a date such words are looked for."""
_CLOSE = 2
"""How many lines above and below the text may name the post's own date, as forums and blogs do."""
_LONGEST_BESIDE = 120
_LONGEST_REST = 30
_EITHER = re.compile(r"(?P<a>\d{1,2})(?P<mark>[-./])(?P<b>\d{1,2})(?P=mark)(?P<year>\d{4})")
"""A date of figures that may begin with the month or the day."""
_DATELINE = re.compile(r"[A-Z][\w .,]{2,40}[,\s]?[(—–-]\s?")
_SIGNED = 2
"""Lines at the end of the body that may hold the date of a signature."""
_LEAD = 5
"""How many lines of the body may come before a dateline."""
_DATE_NAMES = frozenset("date time timestyle day rq riqi shijian datetime pubdate".split())
_MOST_BLOCKS = 30
"""How many blocks named so are looked at: each may hold all the others."""
_BESIDE = 8
_BELOW = 4
"""How many lines below the title such a block may stand although the text has begun: with a subtitle."""
_AGREEING, _DISAGREEING = 0.02, 0.05


class _Candidate(NamedTuple):
    date: PrintedDate
    raw: str
    rule: str
    node: int | None
    trust: float
    note: str | None = None


def find_published(
    page: Page,
    layout: Layout | None,
    head: Metadata,
    title: Printed | None,
    imprint: Imprint,
    body: Body,
    statements: Statements,
) -> Finding[PrintedDate] | None:
    """Return the publication date: the best of what the page prints, its head says, its address names."""
    candidates = [
        *_from_layout(page, layout),
        *(one for statement in imprint.head for one in _from_head(page, title, statement, statements)),
        *(one for statement in imprint.foot for one in _from_foot(page, statement)),
        *_from_block(page, title, body),
        *_from_lines_beside(page, body, statements),
        *_from_signature(page, body, statements),
        *_from_head_of_body(page, body),
        *_from_metadata(page, head),
    ]
    if not candidates:
        return None
    best = max(candidates, key=lambda one: one.trust)
    date = _settle_order(best, candidates)
    witnesses = tuple(
        Witness(rule=one.rule, value=one.date.value, agrees=_agree(one.date, date))
        for one in candidates
        if one is not best
    )
    agreeing = sum(witness.agrees for witness in witnesses)
    confidence = best.trust + _AGREEING * agreeing - _DISAGREEING * (len(witnesses) - agreeing)
    return Finding(
        value=date,
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


def _settle_order(best: _Candidate, candidates: Sequence[_Candidate]) -> PrintedDate:
    """Return the date of the best candidate, with month and day the other way round where only that agrees with
    what the head or the address states: 09.10.2024 beside a ``datePublished`` of 2024-09-10."""
    value = best.date.value
    if best.date.precision != "day" or not _EITHER.fullmatch(best.raw.strip()):
        return best.date
    turned = f"{value[:4]}-{value[8:]}-{value[5:7]}"
    stated = {one.date.value[:10] for one in candidates if one.node is None}
    return replace(best.date, value=turned) if turned in stated and value not in stated else best.date


def _names_a_day(date: PrintedDate) -> bool:
    return date.precision not in ("year", "month")


def _from_layout(page: Page, layout: Layout | None) -> Iterator[_Candidate]:
    context = date_context(page.document)
    for node, rule in find_nodes(page, layout, "published"):
        for raw in (page.text_of(node), page.elements[node].get("datetime") or ""):
            found = next((match for match in find_dates(raw, **context) if _names_a_day(match.date)), None)
            if found:
                yield _Candidate(found.date, raw, rule, node, TRUST["layout"], _explain(page, found))
                break


def _from_head(
    page: Page, title: Printed | None, statement: Statement, statements: Statements
) -> Iterator[_Candidate]:
    is_above = title is not None and statement.line < title.line
    if is_above and not statement.is_meta():
        return  # a line of the column before it: 精选文章（截止2006年8月10日）
    for match in statement.dates:
        if not _names_a_day(match.date):
            continue
        if statements.is_event_time(statement.line):
            continue  # 时间：beside 地点： is the event's
        kind = _kind_of(statement, match)
        if kind == "modified" or (kind is None and _UPDATED.match(statement.text[match.end :])):
            rule = "metaline:modified"
        elif kind == "published":
            rule = "metaline:published"
        elif kind is None and len(statement.rest) <= _LONGEST_REST:
            rule = "metaline:date" if match.kind != "yearless" else "metaline:yearless"
        else:
            continue
        yield _to_candidate(page, statement, match, rule)


def _from_foot(page: Page, statement: Statement) -> Iterator[_Candidate]:
    for match in statement.dates:
        if _names_a_day(match.date) and match.kind == "full":
            kind = _kind_of(statement, match)
            if kind == "published":
                yield _to_candidate(page, statement, match, "foot:published")
            elif kind is None and len(statement.rest) <= 6 and not page.lines[statement.line].linked:
                yield _to_candidate(page, statement, match, "foot:date")


def _from_signature(page: Page, body: Body, statements: Statements) -> Iterator[_Candidate]:
    """Yield the date under a notice's last line, which is the day it was signed."""
    for number in body.lines[-_SIGNED:]:
        line = page.lines[number]
        statement = statements[number] if len(line.text) < 30 and not line.linked else None
        if statement and statement.is_meta() and not statement.entries:
            for match in statement.dates:
                if _names_a_day(match.date) and match.kind == "full":
                    yield _to_candidate(page, statement, match, "signature")


def _to_candidate(page: Page, statement: Statement, match: DateMatch, rule: str) -> _Candidate:
    raw = statement.text[match.start : match.end]
    return _Candidate(match.date, raw, rule, page.lines[statement.line].node, TRUST[rule], _explain(page, match))


def _explain(page: Page, match: DateMatch) -> str | None:
    """Return what of a date the page does not print, and where it is from."""
    if match.kind == "yearless":
        return "the page prints no year"
    if match.date.precision in ("minute", "second") and not match.zoned:
        zone, reason = find_zone(page.document)
        return f"the page prints no offset: {zone}, as {reason}"
    return None


def _kind_of(statement: Statement, match: DateMatch) -> str | None:
    """Return what the label announces in whose value a date stands."""
    labelled = (
        entry.kinds[0] for entry in statement.entries if entry.start <= match.start and match.end <= entry.end
    )
    before = statement.text[max(0, match.start - _WORDS) : match.start]
    return next(labelled, None) or ("modified" if _UPDATED_ON.search(before) else None)


def _from_lines_beside(page: Page, body: Body, statements: Statements) -> Iterator[_Candidate]:
    """Yield the date of which a line next to the text, or its last, says that it is the post's."""
    if not body.lines:
        return
    first, last = body.lines[0], body.lines[-1]
    for number in (*range(first - _CLOSE, first), *range(last, last + 1 + _CLOSE)):
        if not 0 <= number < len(page.lines) or len(page.lines[number].text) > _LONGEST_BESIDE:
            continue
        statement = statements[number]
        for match in statement.dates:
            text = statement.text
            is_posted = _POSTED_ON.search(text[max(0, match.start - _WORDS) : match.start]) or _POSTED.match(
                text[match.end :]
            )
            if is_posted and match.kind == "full" and _names_a_day(match.date):
                yield _to_candidate(page, statement, match, "announced")


def _from_head_of_body(page: Page, body: Body) -> Iterator[_Candidate]:
    """Yield the date of a press release's dateline: WASHINGTON (January 24, 2017) —."""
    context = date_context(page.document)
    for number in body.lines[:_LEAD]:
        line = page.lines[number]
        text = line.text[:120]
        if _DATELINE.match(text):
            match = next(find_dates(text, **context), None)
            if (
                match
                and match.kind == "full"
                and _names_a_day(match.date)
                and _DATELINE.fullmatch(text[: match.start])
            ):
                yield _Candidate(match.date, text[: match.end], "dateline", line.node, TRUST["dateline"])
                return


def _from_block(page: Page, title: Printed | None, body: Body) -> Iterator[_Candidate]:
    """Yield a date set in blocks of its own beside the title: a large day over a small year and month."""
    last = body.lines[0] if body.lines else body.end
    first = title.line - _BESIDE if title else last - _BESIDE
    if title and first < last:
        last = max(last, title.line + _BELOW)
    near = (
        node
        for node in page.nodes_named(_DATE_NAMES)
        if first <= page.first[node] <= last and page.last[node] - page.first[node] <= 3
    )
    for node in islice(near, _MOST_BLOCKS):
        raw = " ".join(piece for text in page.elements[node].itertext() if (piece := text.strip()))
        if 4 <= len(raw) <= 24 and (date := parse_date(raw, **date_context(page.document))) and _names_a_day(date):
            yield _Candidate(date, raw, "block:date", node, TRUST["block:date"])
            return


def _from_metadata(page: Page, head: Metadata) -> Iterator[_Candidate]:
    document = page.document
    context = date_context(document)
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
        rule = "uri" if date.precision == "day" else "uri:month"
        yield _Candidate(date, document.uri, rule, None, TRUST[rule])


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
    context = date_context(page.document)
    for rule, raw in stated:
        if date := parse_date(raw, **context):
            return Finding(value=date, raw=raw, rule=rule, confidence=0.85)
    return None
