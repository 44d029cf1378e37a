"""Finds what a listing page lists: its rows, each a link with a title and mostly a date, and its other pages.

No layout is needed: a listing is the place where children of one element repeat, each with one link that matters.
Every such place of the page is a candidate – menus, side columns and footers are, too – and the best is taken: many
rows, long titles, dates beside them, a pager below.
"""

import re
from collections import Counter
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import pairwise

from lxml.html import HtmlElement

from pipelines.dates import find_dates, find_uri_date, parse_date
from pipelines.extract.links import address_of, clean, find_link_elements, width
from pipelines.extract.pager import Pager, find_pager, is_pager_text
from pipelines.extract.rows import DayReader, Piece, Row, find_day, read_pieces, read_row, read_text
from pipelines.model import Document, Item, Listing
from pipelines.uri import host_of, resolve

# ── rules ──────────────────────────────────────────────────────────────────────────────────────────────────

FURNITURE = re.compile(
    r"(?:^|[\s_-])(?:nav\w*|menus?\w*|foot\w*|header|top(?:bar)?|side\w*|bread\w*|crumbs?|links?|friend\w*|banner"
    r"|slide\w*|swiper\w*|carousel|focus|hot\w*|share|tags?|lang\w*|login|search\w*|position|location|dqwz|copyright)"
    r"(?:$|[\s_-])",
    re.IGNORECASE,
)
"""Tokens of class and id that name what stands around the content. Whole tokens: ``nav`` is not in ``canvas``."""
FURNITURE_TAGS = frozenset({"nav", "header", "footer", "aside", "select"})

MIN_ROWS = 3
"""Fewer rows are a listing only where they have dates and a pager says so."""
MIN_TITLE = 5.0
"""Mean width of titles (a Chinese character is 1, a Latin letter ½) without dates; menus stay below."""
_LOOKED_AT = 60
"""Rows of a candidate that are looked at first."""
_SHORT_TITLE = 4.0
_GAP = 12
_NEAR = 5
_READ = 4
"""Candidates that are read closely, the most promising ones."""
_CATEGORY_WIDTH = 10.0
_REPEATED = 3


def find_listing(document: Document) -> Listing | None:
    """Return what the page lists, or None where nothing on it looks like a listing."""
    pager = find_pager(document)
    best = _find_best(document, pager)
    if best is None:
        return None
    rows = _with_years(best.rows, document)
    return Listing(
        items=tuple(Item(title=row.title, href=row.href, date=row.day) for row in rows),
        section=None,
        next=pager.next,
        pages=pager.pages,
        total=pager.total,
        note=pager.note,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What a page's best listing is made of."""

    elements: tuple[HtmlElement, ...] = ()
    """Its rows."""
    dated: int = 0
    """Rows with a date."""
    width: float = 0.0
    """Of all titles, in Chinese characters."""


def measure_listing(document: Document) -> Shape:
    """Return the shape of what :func:`find_listing` finds."""
    best = _find_best(document, find_pager(document))
    if best is None:
        return Shape()
    return Shape(
        elements=best.elements,
        dated=sum(row.day is not None for row in best.rows),
        width=sum(width(row.title) for row in best.rows),
    )


def _find_best(document: Document, pager: Pager) -> "_Group | None":
    hrefs = _find_entries(document)
    read_day = _day_reader(document)
    candidates = sorted(_find_groups(hrefs), key=lambda rows: _promise(rows, hrefs), reverse=True)
    groups = [_read_group(rows, hrefs, read_day) for rows in candidates[:_READ]]
    best = max(groups, key=lambda group: _score(group, pager), default=None)
    return best if best is not None and _is_listing(best, pager) else None


# ── candidates ─────────────────────────────────────────────────────────────────────────────────────────────


def _find_entries(document: Document) -> dict[HtmlElement, str]:
    """Return the elements that may lead to an article, with their addresses, in document order."""
    entries: dict[HtmlElement, str] = {}
    for element in find_link_elements(document):
        raw = address_of(element)
        href = resolve(document.base, raw, charset=document.charset.name) if raw else None
        if href is None or href == document.uri or element.tag in ("frame", "iframe", "area"):
            continue
        text = clean(element.text)
        if is_pager_text(text) or _BESIDE.search(element.get("rel") or ""):
            continue
        entries[element] = href
    for category in _find_categories(entries):
        del entries[category]
    return entries


_BESIDE = re.compile(r"\b(?:tag|category|author|next|prev)\b")
"""Relations of links that stand in a row and are not what it is about."""


def _find_categories(entries: dict[HtmlElement, str]) -> list[HtmlElement]:
    """Return the links with which row after row names its section: one short text, again and again."""
    runs: Counter[str] = Counter()
    previous = None
    for href in entries.values():
        if href != previous:
            runs[href] += 1
        previous = href
    return [
        element
        for element, href in entries.items()
        if runs[href] >= _REPEATED
        and width("".join(element.itertext()).strip()) <= _CATEGORY_WIDTH
        and next(element.iter("img"), None) is None
    ]


Rows = tuple[HtmlElement, ...]
"""A candidate: children of one element (or of siblings) that each hold one address or few."""

_FEW = 4
"""Addresses in one row: the article's, its section's, an author's, a file's."""


def _find_groups(hrefs: dict[HtmlElement, str]) -> list[Rows]:
    """Return every set of elements that repeat side by side and hold links."""
    holders: dict[HtmlElement, dict[HtmlElement, None]] = {}
    addresses: dict[HtmlElement, set[str]] = {}
    for element, href in hrefs.items():
        addresses.setdefault(element, set()).add(href)
        child = element
        for parent in element.iterancestors():
            holders.setdefault(parent, {})[child] = None
            known = addresses.setdefault(parent, set())
            if len(known) > _FEW:
                break  # and so is everything above it: the walk stays linear in the page
            known.add(href)
            child = parent
    groups = []
    for parent, children in holders.items():
        for tag in {child.tag for child in children}:
            rows = tuple(child for child in children if child.tag == tag)
            if sum(len(addresses[row]) <= _FEW for row in rows) * 2 > len(rows):
                groups.append((parent, rows))
    return _merge_siblings(groups)


def _merge_siblings(groups: list[tuple[HtmlElement, Rows]]) -> list[Rows]:
    """Join the rows of elements that stand side by side and look alike: lists cut into blocks of five rows.

    Where each such element has one row only, the elements themselves are the rows, and nothing is lost.
    """
    merged: dict[tuple[object, ...], list[Rows]] = {}
    for parent, rows in groups:
        key = (parent.getparent(), parent.tag, parent.get("class"), rows[0].tag)
        merged.setdefault(key, []).append(rows)
    return [
        tuple(row for rows in parts for row in rows)
        for parts in merged.values()
        if len(parts) == 1 or any(len(rows) > 1 for rows in parts)
    ]


def _promise(rows: Rows, hrefs: dict[HtmlElement, str]) -> float:
    """Estimate what a candidate is worth from its links alone."""
    total = 0.0
    for row in rows[:_LOOKED_AT]:
        links = [row, *row.iter("a")] if row in hrefs else row.iter("a")
        widths = [width(clean("".join(link.itertext()))[:60]) for link in links if link in hrefs]
        best = min(max(widths, default=0.0), 30.0)
        total += best if best >= _SHORT_TITLE else 0.0
    return total * _place_weight(rows[0])


def _place_weight(element: HtmlElement) -> float:
    for ancestor in (element, *element.iterancestors()):
        if ancestor.tag in FURNITURE_TAGS:
            return 0.2
        names = f"{ancestor.get('class') or ''} {ancestor.get('id') or ''}"
        if ancestor.tag != "body" and FURNITURE.search(names):
            return 0.4
    return 1.0


# ── the chosen one ─────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    rows: tuple[Row, ...]
    elements: Rows
    weight: float


def _read_group(elements: Rows, hrefs: dict[HtmlElement, str], read_day: DayReader) -> _Group:
    pieces = [read_pieces([element], hrefs) for element in elements]
    rows = [read_row(row, _links_of(row, hrefs), read_day) for row in pieces]
    found = [(element, row) for element, row in zip(elements, rows, strict=True) if row is not None]
    if sum(row.day is not None for _, row in found) * 2 < len(found):
        found = _with_days_beside(found, hrefs, read_day)
    return _Group(
        rows=tuple(row for _, row in found),
        elements=tuple(element for element, _ in found),
        weight=_place_weight(elements[0]),
    )


def _links_of(pieces: list[Piece], hrefs: dict[HtmlElement, str]) -> dict[HtmlElement, str]:
    return {piece.link: hrefs[piece.link] for piece in pieces if piece.link is not None}


def _with_days_beside(
    found: list[tuple[HtmlElement, Row]], hrefs: dict[HtmlElement, str], read_day: DayReader
) -> list[tuple[HtmlElement, Row]]:
    """Look for dates between the rows: ``<a>…</a> 2020-02-21<br>``, ``<dt>2020-02-21</dt><dd><a>…</a></dd>``."""
    elements = {element for element, _ in found}
    gaps = [find_day(_gap_before(found[0][0]), read_day)] if found else []
    gaps += [find_day(_gap_after(element, elements), read_day) for element, _ in found]
    before, after = gaps[:-1], gaps[1:]
    days = max(
        (after, before), key=lambda side: (len(side) - side.count(None), side is before and gaps[0] is not None)
    )
    return [
        (element, row if row.day else replace(row, day=day))
        for (element, row), day in zip(found, days, strict=True)
    ]


def _gap_after(row: HtmlElement, rows: set[HtmlElement]) -> list[Piece]:
    pieces = read_text(row.tail)
    for sibling in row.itersiblings():
        if sibling in rows or len(pieces) > _GAP:
            break
        pieces += read_pieces([sibling], ()) + read_text(sibling.tail)
    return pieces


def _gap_before(row: HtmlElement) -> list[Piece]:
    before = next(row.itersiblings(preceding=True), None)
    parent = row.getparent()
    if before is not None:
        return read_pieces([before], ()) + read_text(before.tail)
    return read_text(parent.text) if parent is not None else []


def _score(group: _Group, pager: Pager) -> float:
    dated = sum(row.day is not None for row in group.rows)
    total = sum(min(width(row.title), 30.0) for row in group.rows)
    if not group.rows:
        return 0.0
    near = 2.0 if pager.element is not None and _is_near(group.elements[-1], pager.element) else 1.0
    whole = 0.9 if group.elements[0].tag == "a" else 1.0  # the row around a link rather than the link
    return total * (1.0 + 2.0 * dated / len(group.rows)) * group.weight * near * whole


def _is_near(row: HtmlElement, pager: HtmlElement) -> bool:
    """Tell whether a pager belongs to the rows: both stand in one element a few steps up."""
    around = list(row.iterancestors())[:_NEAR]
    return any(
        ancestor in around
        for ancestor in list(pager.iterancestors())[:_NEAR]
        if ancestor.tag not in ("body", "html")
    )


def _is_listing(group: _Group, pager: Pager) -> bool:
    if not group.rows:
        return False
    dated = sum(row.day is not None for row in group.rows) / len(group.rows)
    mean = sum(width(row.title) for row in group.rows) / len(group.rows)
    if len(group.rows) < MIN_ROWS:
        return dated == 1.0 and (pager.element is not None or pager.total is not None)
    return dated > 0.5 or mean >= MIN_TITLE


# ── dates ──────────────────────────────────────────────────────────────────────────────────────────────────


def _day_reader(document: Document) -> DayReader:
    """Return a function that reads a day as this page prints days."""
    zone = document.site.timezone if document.site else "Asia/Shanghai"
    roc = zone == "Asia/Taipei" or host_of(document.uri).endswith(".tw")
    latest = (document.captured_at + timedelta(days=1)).date().isoformat() if document.captured_at else None
    known: dict[str, str | None] = {}

    def find(text: str) -> str | None:
        if not _FIGURES.search(text):
            return None
        full = parse_date(text, zone=zone, roc=roc)
        if full and len(full.value) >= _DAY:
            return full.value[:_DAY]
        yearless = parse_date(text, zone=zone, roc=roc, year=_LEAP_YEAR)
        if yearless and len(yearless.value) >= _DAY:
            return f"-{yearless.value[4:_DAY]}"
        if document.captured_at and (ago := parse_date(text, now=document.captured_at, zone=zone)):
            return ago.value[:_DAY] if len(ago.value) >= _DAY else None
        for match in find_dates(text, zone=zone, roc=roc, year=_LEAP_YEAR):
            if len(match.date.value) >= _DAY:
                return f"-{match.date.value[4:_DAY]}" if match.kind == "yearless" else match.date.value[:_DAY]
        return None

    def read_day(text: str) -> str | None:
        if text not in known:
            day = find(text)
            known[text] = None if day and latest and day > latest else day
        return known[text]

    return read_day


_DAY = len("2020-02-21")
_FIGURES = re.compile(r"\d|[〇一二三四五六七八九十]{1,3}[月日]|[今昨前]天|[今昨]日|어제|오늘")
_LEAP_YEAR = 2000
"""Stands in for the year of a day that is printed without one: it has every day."""


def _with_years(rows: tuple[Row, ...], document: Document) -> tuple[Row, ...]:
    """Give days without a year their year, by the address, by the rows around, or by the order of the listing."""
    if not any(row.day and row.day.startswith("--") for row in rows):
        return rows
    days = [row.day for row in rows]
    for index, row in enumerate(rows):
        day = days[index]
        if day and day.startswith("--") and (named := find_uri_date(row.href)) and named.value[4:] == day[1:]:
            days[index] = named.value
    if document.captured_at:
        days = fill_years(days, document.captured_at.date().isoformat())
    return tuple(
        replace(row, day=None if day and day.startswith("--") else day) for row, day in zip(rows, days, strict=True)
    )


def fill_years(days: list[str | None], latest: str) -> list[str | None]:
    """Return the days of a listing that runs from new to old, with the years that its order gives.

    ``latest`` is the newest day possible. Rows pinned on top stand out of the order; each counts for itself.

    >>> fill_years(["--01-03", "--12-30", "--12-30", "--05-01"], "2021-02-01")
    ['2021-01-03', '2020-12-30', '2020-12-30', '2020-05-01']
    """
    pinned = min(range(min(_MAX_PINNED, len(days))), key=lambda start: _count_rises(days[start:]) + start / 10)
    filled: list[str | None] = []
    limit = latest
    for index, day in enumerate(days):
        if index == pinned:
            limit = latest
        if day and day.startswith("--"):
            year = int(limit[:4]) - (day[2:] > limit[5:])
            day = f"{year}-{day[2:]}"
        filled.append(day)
        if day and index >= pinned:
            limit = min(limit, day)
    return filled


def _count_rises(days: list[str | None]) -> int:
    known = [day[-5:] for day in days if day]
    return sum(later > earlier for earlier, later in pairwise(known))


_MAX_PINNED = 6
