"""Finds what a listing page lists: its rows, each a link with a title and mostly a date, and its other pages.

No layout is needed: a listing is the place where children of one element repeat, each with one link that matters.
Every such place of the page is a candidate – menus, side columns and footers are, too – and the best is taken: many
rows, long titles, dates beside them, addresses of articles, a pager below.
"""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from lxml.html import HtmlElement

from pipelines.extract.days import DayReader, complete_days, make_day_reader
from pipelines.extract.embedded import open_rows
from pipelines.extract.groups import Candidate, Places, count_rows
from pipelines.extract.links import width
from pipelines.extract.pager import Pager, find_pager
from pipelines.extract.rows import Piece, Row, find_day, read_pieces, read_row, read_text, split_title
from pipelines.extract.section import find_section
from pipelines.model import Document, Item, Listing
from pipelines.uri import host_of, is_article_form

MIN_ROWS = 3
"""Fewer rows are a listing only where they have dates and a pager says so."""
MIN_TITLE = 5.0
"""Mean width of titles (a Chinese character is 1, a Latin letter ½) without dates; menus stay below."""
MAX_TITLE = 30.0
"""Width beyond which a title counts no more."""
READ = 5
"""Candidates that are read closely."""
FAR = 6
"""Steps up from a row beyond which a pager does not belong to it."""
GAP = 12
"""Pieces of text between two rows among which the date may be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A candidate, read."""

    rows: tuple[Row, ...]
    elements: tuple[HtmlElement, ...]
    weight: float


class Lists:
    """What a page lists. Each step is taken once, when it is first asked for: the classifier asks before the reader."""

    def __init__(self, document: Document) -> None:
        self.document = document

    @cached_property
    def island(self) -> Document | None:
        """The rows that a script keeps, as a page of their own."""
        return open_rows(self.document)

    @cached_property
    def places(self) -> Places:
        """The places of the page where links repeat."""
        return Places(self.document)

    @cached_property
    def counts(self) -> list[int]:
        """The number of rows of each of them."""
        return count_rows(self.places)

    @cached_property
    def pager(self) -> Pager:
        """What the pager says."""
        return find_pager(self.island or self.document)

    @cached_property
    def best(self) -> Group | None:
        """The place that is the listing."""
        return _find_best(Places(self.island) if self.island else self.places, self.pager)


def find_listing(document: Document, *, lists: Lists | None = None) -> Listing | None:
    """Return what the page lists, or None where nothing on it looks like a listing.

    ``lists`` is the document looked at, if the caller has it already.
    """
    lists = lists or Lists(document)
    pager, best = lists.pager, lists.best
    if best is None:
        return None
    days = complete_days([row.day for row in best.rows], [row.href for row in best.rows], document)
    return Listing(
        items=tuple(
            Item(title=row.title, href=row.href, date=day) for row, day in zip(best.rows, days, strict=True)
        ),
        section=find_section(document),
        next=pager.next,
        pages=pager.pages,
        total=pager.total,
        note=pager.note or ("pager needs JavaScript (jpage)" if lists.island else None),
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
    paged: bool = False
    """True where the page has a pager, or says how many articles there are."""


def measure_listing(lists: Lists) -> Shape:
    """Return the shape of what :func:`find_listing` finds."""
    pager, best = lists.pager, lists.best
    if best is None:
        return Shape()
    return Shape(
        elements=best.elements,
        dated=sum(row.day is not None for row in best.rows),
        width=sum(width(row.title) for row in best.rows),
        paged=pager.element is not None or pager.total is not None,
    )


def _find_best(places: Places, pager: Pager) -> Group | None:
    read_day, uri = make_day_reader(places.document), places.document.uri
    groups = [_read(candidate, places, read_day, uri) for candidate in places.candidates[:READ]]
    listings = [group for group in groups if _is_listing(group, pager, uri)]
    steps = [_count_steps(group.elements[-1], pager.element) for group in listings]
    scores = [
        _score(group) * (2.5 if step == min(steps) < FAR else 1.0)
        for group, step in zip(listings, steps, strict=True)
    ]
    return listings[scores.index(max(scores))] if listings else None


def _read(candidate: Candidate, places: Places, read_day: DayReader, uri: str) -> Group:
    found: _Found = []
    for element in candidate.rows:
        links = places.links_in(element)
        row = read_row(read_pieces([element], links), links, read_day)
        if row is not None and row.href != uri:
            found.append((element, row))
    for find_days in (_with_days_beside, _with_days_of_titles):
        if _count_dated(found) * 2 < len(found):
            found = find_days(found, read_day)
    if _count_dated(found) * 2 > len(found):
        usual, _ = Counter(element.get("class") for element, _ in found).most_common(1)[0]
        found = [
            (element, row) for element, row in found if row.day or not _is_stranger(element, row, usual, places)
        ]
    return Group(
        rows=tuple(row for _, row in found),
        elements=tuple(element for element, _ in found),
        weight=candidate.weight,
    )


_Found = list[tuple[HtmlElement, Row]]


def _count_dated(found: _Found) -> int:
    return sum(row.day is not None for _, row in found)


def _is_stranger(element: HtmlElement, row: Row, usual: str | None, places: Places) -> bool:
    """Tell whether a row without a date is none, but a heading or a location bar beside the rows.

    ``usual`` is the class that most rows have.
    """
    return element.get("class") != usual and (width(row.title) < MIN_TITLE or places.weigh(element) < 1.0)


def _with_days_of_titles(found: _Found, read_day: DayReader) -> _Found:
    """Take the date from the titles, where nearly every title ends or begins with one."""
    split = [split_title(row.title, read_day) for _, row in found]
    if sum(day is not None for _, day in split) * 2 < len(found):
        return found
    return [
        (element, row._replace(title=title, day=row.day or day))
        for (element, row), (title, day) in zip(found, split, strict=True)
    ]


def _with_days_beside(found: _Found, read_day: DayReader) -> _Found:
    """Look for dates between the rows: ``<a>…</a> 2020-02-21<br>``, ``<dt>2020-02-21</dt><dd><a>…</a></dd>``."""
    if not found:
        return found
    elements = {element for element, _ in found}
    gaps = [find_day(_gap_before(found[0][0]), read_day)]
    gaps += [find_day(_gap_after(element, elements), read_day) for element, _ in found]
    before, after = gaps[:-1], gaps[1:]
    sides = (before, after) if gaps[0] else (after, before)
    days = max(sides, key=lambda side: len(side) - side.count(None))
    return [
        (element, row if row.day else row._replace(day=day))
        for (element, row), day in zip(found, days, strict=True)
    ]


def _gap_after(row: HtmlElement, rows: set[HtmlElement]) -> list[Piece]:
    pieces = read_text(row.tail)
    for sibling in row.itersiblings():
        if sibling in rows or len(pieces) > GAP:
            break
        pieces += read_pieces([sibling], ()) + read_text(sibling.tail)
    return pieces


def _gap_before(row: HtmlElement) -> list[Piece]:
    before = next(row.itersiblings(preceding=True), None)
    parent = row.getparent()
    if before is not None:
        return read_pieces([before], ()) + read_text(before.tail)
    return read_text(parent.text) if parent is not None else []


def _score(group: Group) -> float:
    total = sum(min(width(row.title), MAX_TITLE) for row in group.rows)
    dated = sum(row.day is not None for row in group.rows)
    articles = sum(is_article_form(row.href) for row in group.rows)
    rich = sum(row.rich for row in group.rows)
    evident = 1.0 + (2.0 * dated + articles + rich) / len(group.rows)
    whole = 0.9 if group.elements[0].tag == "a" else 1.0  # the row around a link rather than the link
    return total * evident * group.weight * whole


def _count_steps(row: HtmlElement, pager: HtmlElement | None) -> int:
    """Return how many steps up from a row the element is that holds the pager, too; ``FAR`` beyond reach."""
    above = set() if pager is None else {ancestor for ancestor in pager.iterancestors() if ancestor.tag not in _TOP}
    steps = (step for step, ancestor in enumerate(row.iterancestors()) if ancestor in above)
    return min(next(steps, FAR), FAR)


_TOP = ("body", "html")


def _is_listing(group: Group, pager: Pager, uri: str) -> bool:
    count = len(group.rows)
    if not count:
        return False
    dated = sum(row.day is not None for row in group.rows)
    if count < MIN_ROWS:
        evident = dated == count or all(is_article_form(row.href) for row in group.rows)
        return evident and (pager.element is not None or pager.total is not None)
    if dated * 2 > count:
        return True
    own = sum(host_of(row.href) == host_of(uri) for row in group.rows)
    wide = sum(width(row.title) for row in group.rows) >= MIN_TITLE * count
    return wide and group.weight == 1.0 and own * 2 > count  # links to partners have no dates, either
