"""Finds what a listing page lists: its rows, each a link with a title and mostly a date, and its other pages.

No layout is needed: a listing is the place where children of one element repeat, each with one link that matters.
Every such place of the page is a candidate – menus, side columns and footers are, too – and the best is taken: many
rows, long titles, dates beside them, addresses of articles, a pager below.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import zip_longest

from lxml.html import HtmlElement

from pipelines.extract.anchors import Anchor, read_anchors
from pipelines.extract.days import DayReader, complete_days, make_day_reader
from pipelines.extract.embedded import open_rows
from pipelines.extract.groups import PLACES, WIDEST, Candidate, Places, count_dates, count_rows
from pipelines.extract.links import width
from pipelines.extract.page import Page, lay_out
from pipelines.extract.pager import Pager, find_pager
from pipelines.extract.rows import Piece, Row, find_day, read_pieces, read_row, read_text, split_title
from pipelines.extract.section import find_section
from pipelines.model import Document, Item, Listing
from pipelines.uri import host_of, is_article_form

MIN_ROWS = 3
"""Fewer rows are a listing only where they have dates and a pager says so."""
MIN_TITLE = 5.0
"""Mean width of titles (a Chinese character is 1, a Latin letter ½) without dates; menus stay below."""
PAGED = 2.5
"""How much more a list counts that the pager stands nearest to."""
ABOVE = 5.0
"""How much more a list without dates counts that stands right above the pager, …"""
GAP_TO_PAGER = 3
"""… with so many lines between them at most."""
MENU = 20
"""Rows without dates beyond which a list counts no more: menus have hundreds, pages of listings seldom so many."""
SLACK = 1.3
"""What titles may be wider than the texts of links from which they are estimated."""
READ = 5
"""Candidates that are read closely."""
GAP = 12
"""Pieces of text between two rows among which the date may be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A candidate, read."""

    rows: tuple[Row, ...]
    nodes: tuple[int, ...]
    weight: float
    score: float
    """How much speaks for it: wide titles, dates, addresses of articles, a pager nearby."""

    @property
    def dated(self) -> int:
        """Rows with a date."""
        return sum(row.day is not None for row in self.rows)


class Lists:
    """What a page lists. Each step is taken once, when it is first asked for: the classifier asks before the reader."""

    def __init__(self, document: Document, *, page: Page | None = None) -> None:
        self.document = document
        self._page = page

    @cached_property
    def own_page(self) -> Page:
        """The document itself, laid out."""
        return self._page or lay_out(self.document)

    @cached_property
    def page(self) -> Page:
        """The page whose rows are read: the document itself, or what a script of it keeps."""
        island = open_rows(self.document)
        return lay_out(island) if island else self.own_page

    @property
    def is_island(self) -> bool:
        """True where a script of the page keeps the rows."""
        return self.page.document is not self.document

    @cached_property
    def _anchors(self) -> list[Anchor]:
        return read_anchors(self.page)

    @cached_property
    def places(self) -> Places:
        """The places of the page where links repeat."""
        return Places(self.page, self._anchors)

    @cached_property
    def counts(self) -> list[int]:
        """The number of rows of each of them that lists articles."""
        return count_rows(self.places)

    @cached_property
    def pager(self) -> Pager:
        """What the pager says."""
        return find_pager(self.page, self._anchors)

    @cached_property
    def best(self) -> Group | None:
        """The place that is the listing."""
        return _find_best(self.places, self.pager)


def find_listing(document: Document, *, lists: Lists | None = None) -> Listing | None:
    """Return what the page lists, or None where nothing on it looks like a listing.

    ``lists`` is the document looked at, if the caller has it already.
    """
    lists = lists or Lists(document)
    pager, best = lists.pager, lists.best
    if best is None:
        return None
    days = complete_days(_find_headed_days(best, lists.page), [row.href for row in best.rows], document)
    return Listing(
        items=tuple(
            Item(title=row.title, href=row.href, date=day) for row, day in zip(best.rows, days, strict=True)
        ),
        section=find_section(lists.own_page),
        next=pager.next,
        pages=pager.pages,
        total=pager.total,
        note=pager.note or ("pager needs JavaScript (jpage)" if lists.is_island else None),
    )


_YEAR_HEADING = re.compile(r"\W{0,3}((?:19|20)\d\d)\s?(?:[年년.]?|[年년/.-]\s?(\d{1,2})\s?[月월]?)\W{0,3}")
"""A heading over the rows of a year or a month: 2020年5月, 2020."""


def _find_headed_days(group: Group, page: Page) -> list[str | None]:
    """Return the days of the rows, those without a year completed from the heading above them."""
    days = [row.day for row in group.rows]
    if not any(day and day.startswith("--") for day in days):
        return days
    seen = max(0, page.first[group.nodes[0]] - 2)
    heading = None
    for index, (node, day) in enumerate(zip(group.nodes, days, strict=True)):
        for line in page.lines[seen : page.first[node]]:
            heading = (_YEAR_HEADING.fullmatch(line.text) if not line.linked else None) or heading
        seen = page.last[node]
        if heading and day and day.startswith("--") and int(heading[2] or day[2:4]) == int(day[2:4]):
            days[index] = f"{heading[1]}{day[1:]}"
    return days


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What a page's best listing is made of."""

    rows: int = 0
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
        rows=len(best.rows),
        dated=best.dated,
        width=sum(width(row.title) for row in best.rows),
        paged=pager.element is not None or pager.total is not None,
    )


def find_row_lines(lists: Lists) -> frozenset[int]:
    """Return the numbers of the lines that belong to the rows; none where they are not on the page."""
    return (
        frozenset() if lists.is_island or lists.best is None else frozenset(_find_lines(lists.best, lists.places))
    )


def _find_lines(group: Group, places: Places) -> Iterator[int]:
    """Yield the lines of each row: with what follows it, up to the next, where rows are a heading and its text.

    Those of copies, too: a page may list the same again for mobiles.
    """
    page, listed = places.page, {row.href for row in group.rows}
    dated = group.dated * 2 > len(group.rows)
    copies = [
        [node for node in candidate.rows if _is_copy(node, listed, places)]
        for candidate in places.candidates[:PLACES]
    ]
    for nodes in (group.nodes, *copies):
        for node, following in zip_longest(nodes, nodes[1:]):
            end = page.last[node]
            if dated and following is not None and page.parents[following] == page.parents[node]:
                end = max(end, page.first[following])
            yield from range(page.first[node], end)


def _is_copy(node: int, listed: set[str], places: Places) -> bool:
    links = places.links_in(node)
    return bool(links) and all(places.entries[link] in listed for link in links)


def _find_best(places: Places, pager: Pager) -> Group | None:
    """Return the place with the best score; one of fewer than three rows only where the page says that it pages."""
    best = _choose(places, places.candidates, pager)
    if (pager.element is None and pager.total is None) or (best and best.dated):
        return best
    return max(filter(None, (best, _choose(places, places.short_candidates, pager))), key=_by_score, default=None)


def _by_score(group: Group) -> float:
    return group.score


def _choose(places: Places, candidates: list[Candidate], pager: Pager) -> Group | None:
    """Return the candidate with the best score, those that the pager stands nearest to favoured.

    The most promising are read closely, and only as long as one may be better than the best so far.
    """
    page = places.page
    read_day = make_day_reader(page.document)
    paging = _find_node(pager.element, page)
    around = {node for node in page.ancestors(paging) if node > 0} if paging else set()
    ranked = []
    for candidate in candidates[:READ]:
        last = candidate.rows[-1]
        common = next((node for node in page.ancestors(last) if node in around), 0)
        above = ABOVE if paging and 0 <= page.first[paging] - page.last[last] <= GAP_TO_PAGER else 1.0
        ranked.append((_bound(candidate, places) * above, common, above, candidate))
    read: list[tuple[Group, int]] = []
    for bound, common, above, candidate in sorted(
        ranked, key=lambda one: one[0] * _favour(one[1], 0), reverse=True
    ):
        rivals = [group.score * _favour(own, common) for group, own in read]
        if bound * _favour(common, common) < max(rivals, default=0.0):
            continue
        group = _read(candidate, places, read_day)
        if _is_listing(group, pager, page.document.uri):
            read.append((group if group.dated else replace(group, score=group.score * above), common))
    nearest = max((common for _, common in read), default=0)
    favoured = [replace(group, score=group.score * _favour(common, nearest)) for group, common in read]
    return max(favoured, key=_by_score, default=None)


def _favour(common: int, least: int) -> float:
    """Return how much more a list counts of which the pager is no farther away than of another.

    The innermost node that holds list and pager says it: the later it begins, the nearer they are.
    """
    return PAGED if common >= max(least, 1) else 1.0


def _bound(candidate: Candidate, places: Places) -> float:
    """Return a score that a candidate does not exceed when it is read."""
    dated = count_dates(places, candidate) / len(candidate.rows)
    return SLACK * candidate.width * candidate.weight * (2 + 2 * dated + candidate.articles)


def _read(candidate: Candidate, places: Places, read_day: DayReader) -> Group:
    page, uri = places.page, places.page.document.uri
    found: _Found = []
    for node in candidate.rows:
        row = read_row(page, node, {link: places.entries[link] for link in places.links_in(node)}, read_day)
        if row is not None and row.href != uri:
            found.append((node, row))
    for find_days in (_with_days_beside, _with_days_of_titles):
        if _count_dated(found) * 2 < len(found):
            found = find_days(found, page, read_day)
    if _count_dated(found) * 2 > len(found):
        usual, _ = Counter(page.elements[node].get("class") for node, _ in found).most_common(1)[0]
        found = [(node, row) for node, row in found if row.day or not _is_stranger(node, row, usual, places)]
    return Group(
        rows=tuple(row for _, row in found),
        nodes=tuple(node for node, _ in found),
        weight=candidate.weight,
        score=_score(found, page) * candidate.weight,
    )


_Found = list[tuple[int, Row]]


def _count_dated(found: _Found) -> int:
    return sum(row.day is not None for _, row in found)


def _is_stranger(node: int, row: Row, usual: str | None, places: Places) -> bool:
    """Tell whether a row without a date is none, but a heading or a location bar beside the rows.

    ``usual`` is the class that most rows have.
    """
    name = places.page.elements[node].get("class")
    return name != usual and (width(row.title) < MIN_TITLE or places.weigh(node) < 1.0)


def _with_days_of_titles(found: _Found, page: Page, read_day: DayReader) -> _Found:
    """Take the date from the titles, where nearly every title ends or begins with one."""
    split = [split_title(row.title, read_day) for _, row in found]
    if sum(day is not None for _, day in split) * 2 < len(found):
        return found
    return [
        (node, row._replace(title=title, day=row.day or day))
        for (node, row), (title, day) in zip(found, split, strict=True)
    ]


def _with_days_beside(found: _Found, page: Page, read_day: DayReader) -> _Found:
    """Look for dates between the rows: ``<a>…</a> 2020-02-21<br>``, ``<dt>2020-02-21</dt><dd><a>…</a></dd>``."""
    if not found:
        return found
    nodes = {node for node, _ in found}
    gaps = [find_day(_gap_before(found[0][0], page), read_day)]
    gaps += [find_day(_gap_after(node, nodes, page), read_day) for node, _ in found]
    before, after = gaps[:-1], gaps[1:]
    sides = (before, after) if gaps[0] else (after, before)
    days = max(sides, key=lambda side: len(side) - side.count(None))
    return [(node, row if row.day else row._replace(day=day)) for (node, row), day in zip(found, days, strict=True)]


def _gap_after(row: int, rows: set[int], page: Page) -> list[Piece]:
    pieces = read_text(page.elements[row].tail)
    end = page.ends[page.parents[row]]
    sibling = page.ends[row]
    while sibling < end and sibling not in rows and len(pieces) <= GAP:
        pieces += read_pieces(page, sibling, ()) + read_text(page.elements[sibling].tail)
        sibling = page.ends[sibling]
    return pieces


def _gap_before(row: int, page: Page) -> list[Piece]:
    parent = page.parents[row]
    before = None
    for child in page.children(parent):
        if child == row:
            break
        before = child
    if before is not None:
        return read_pieces(page, before, ()) + read_text(page.elements[before].tail)
    return read_text(page.elements[parent].text)


def _score(found: _Found, page: Page) -> float:
    if not found:
        return 0.0
    total = sum(min(width(row.title), WIDEST) for _, row in found)
    articles = sum(is_article_form(row.href) for _, row in found)
    rich = sum(row.rich for _, row in found)
    dated = _count_dated(found)
    evident = 1.0 + (2.0 * dated + articles + rich) / len(found)
    if dated * 2 <= len(found):
        total *= min(1.0, MENU / len(found))
    whole = 0.9 if page.tags[found[0][0]] == "a" else 1.0  # the row around a link rather than the link
    return total * evident * whole


def _find_node(element: HtmlElement | None, page: Page) -> int:
    """Return the node of the pager; 0 where there is none."""
    return page.elements.index(element) if element is not None and element in page.elements else 0


def _is_listing(group: Group, pager: Pager, uri: str) -> bool:
    count = len(group.rows)
    if not count:
        return False
    dated = group.dated
    if count < MIN_ROWS:
        evident = dated == count or all(is_article_form(row.href) for row in group.rows)
        return evident and (pager.element is not None or pager.total is not None)
    if dated * 2 > count:
        return True
    own = sum(host_of(row.href) == host_of(uri) for row in group.rows)
    wide = sum(width(row.title) for row in group.rows) >= MIN_TITLE * count
    return wide and group.weight == 1.0 and own * 2 > count  # links to partners have no dates, either
