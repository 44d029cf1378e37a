"""Finds the places of a page where children of one element repeat, each with a link: what may be a listing."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from pipelines.extract.anchors import Anchor
from pipelines.extract.links import width
from pipelines.extract.page import Page
from pipelines.extract.pager import is_pager_text
from pipelines.uri import article_id, is_article_form, resolve

FURNITURE = re.compile(
    r"(?:^|[\s_-])(?:nav\w*|menus?\w*|foot\w*|header|top(?:bar)?|side\w*|bread\w*|crumbs?|links?|friend\w*|banner"
    r"|slide\w*|swiper\w*|carousel|focus|hot\w*|share|tags?|lang\w*|login|search\w*|position|location|dqwz|copyright)"
    r"(?:$|[\s_-])",
    re.IGNORECASE,
)
"""Tokens of class and id that name what stands around the content. Whole tokens: ``nav`` is not in ``canvas``."""
FURNITURE_TAGS = ("nav", "header", "footer", "aside")
BESIDE = re.compile(r"\b(?:tag|category|author|next|prev)\b")
"""Relations (``rel``) of links that stand in a row and are not what it is about."""
DATED = re.compile(
    r"[\d一二三四五六七八九十今昨前어오](?:"
    r"\d{0,3}(?:\s?[-/.年년月월]\s?\d|月|,\s(?:19|20)|\.?\s(?:de\s)?[^\W\d_]{3}|\s?(?:[天日时分时小일시분]|min|h|d))"
    r"|\d?(?!\d)(?:(?<=[^\W\d_]\s\d)|(?<=[^\W\d_]\s\d\d))|月|[天日]|제|늘)"
)
"""What looks like a date, or a little like one: counted before any is read. Begins with a set, which is fast."""

FEW = 4
"""Addresses in one row: the article's, its section's, an author's, a file's."""
REPEATED = 3
"""Times that a short link comes again, with others between, if it names the section of row after row."""
CATEGORY = 10.0
"""Width of the longest such link, in Chinese characters."""
TITLE = 4.0
"""Width of the shortest link that may be a title."""
WIDEST = 30.0
"""Width beyond which a title counts no more."""
MAX_ENTRIES = 5_000
"""Links of a page that are looked at."""
MAX_ROW = 60
"""Links of the largest row; what has more holds rows."""
MAX_PLACES = 200
"""Places of a page that are looked at, those with the most rows first."""
PLACES = 12
"""Candidates among which the lists of a start page are counted."""
ROWS = 3
"""Rows that make a list."""
LISTED = 6.0
"""Width of the shortest title of a list; menus stay below."""
LOOKED_AT = 60
"""Rows of a candidate that are looked at to estimate its worth."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A set of rows: children of one element, or of siblings, that each hold one address or few."""

    rows: tuple[int, ...]
    """Their nodes."""
    weight: float
    """From 0 to 1: how likely content stands in such a place."""
    width: float
    """Of the titles, estimated from the texts of its links; menus have many short ones."""
    articles: float
    """Share of the rows whose address has the form of an article's."""

    @property
    def promise(self) -> float:
        """An estimate of its worth from its links alone."""
        return self.weight * self.width * (1 + self.articles)


class Places:
    """The places of a page where links repeat, found when first asked for; what is known of a row stays known."""

    def __init__(self, page: Page, anchors: Sequence[Anchor]) -> None:
        self.page = page
        self.widths = {anchor.node: min(width(anchor.text[:60]), WIDEST) for anchor in anchors}
        """Of the texts of links; beyond some it counts no more."""
        self.entries = find_entries(page, anchors)
        """The nodes that may lead to an article, with their absolute addresses, in document order."""
        self._nodes = list(self.entries)

    @cached_property
    def candidates(self) -> list[Candidate]:
        """The places that may be the listing of the page, the most promising first."""
        parents, tags = self.page.parents, self.page.tags
        homes = {(parents[node], tags[node]) for node, (rows, _) in self._held.items() if len(rows) > 1}
        around = [node for node in self._held if (parents[node], tags[node]) in homes]
        return find_candidates(
            self, [rows for rows in _find_rows(self._held, around, self.page) if len(rows) >= ROWS]
        )

    @cached_property
    def short_candidates(self) -> list[Candidate]:
        """Those with fewer rows than a list has: most links of a page stand in such places."""
        short = [rows for rows in _find_rows(self._held, self._held, self.page) if len(rows) < ROWS]
        return find_candidates(self, [rows for rows in short if max(map(self._count_titles, rows)) <= 1])

    def _count_titles(self, row: int) -> int:
        """Return how many addresses of a row have a title; a row with several holds rows."""
        return len({self.entries[link] for link in self.links_in(row) if self.widths[link] >= TITLE})

    @cached_property
    def _held(self) -> "_Held":
        return _find_held(self.entries, self.page)

    def links_in(self, row: int) -> list[int]:
        """Return the entries of a row, the row itself included."""
        nodes = self._nodes
        start = bisect_left(nodes, row)
        return nodes[start : min(bisect_left(nodes, self.page.ends[row], start), start + MAX_ROW)]

    @cached_property
    def dated(self) -> list[int]:
        """The numbers of the lines that may hold a date; a line is named once for each."""
        return [number for number, line in enumerate(self.page.lines) for _ in DATED.findall(line.text)]

    def weigh(self, node: int) -> float:
        """Return how likely content stands where a node does, from 0 to 1."""
        furniture, parents = self._furniture, self.page.parents
        while node >= 0:
            if node in furniture:
                return furniture[node]
            node = parents[node]
        return 1.0

    @cached_property
    def _furniture(self) -> dict[int, float]:
        """The nodes around the content that their tags, classes and ids call so, and what stands there is worth."""
        page = self.page
        named = dict.fromkeys(
            (node for name, nodes in page.named.items() if is_furniture(name) for node in nodes), 0.4
        )
        named |= dict.fromkeys((node for name, node in page.ids.items() if is_furniture(name)), 0.4)
        named |= dict.fromkeys((node for tag in FURNITURE_TAGS for node in page.listed[tag]), 0.2)
        named.pop(0, None)  # body
        return named


@lru_cache(maxsize=2048)
def is_furniture(name: str) -> bool:
    """Tell whether a class or an id names what stands around the content."""
    return FURNITURE.search(name) is not None


def find_entries(page: Page, anchors: Sequence[Anchor]) -> dict[int, str]:
    """Return the nodes that may lead to an article, with their absolute addresses, in document order."""
    document = page.document
    base, charset, related = document.base, document.charset.name, "rel=" in document.text
    known: dict[str, str | None] = {}
    entries: dict[int, str] = {}
    short: list[int] = []
    for node, element, text, raw in anchors:
        if not raw or is_pager_text(text) or (related and BESIDE.search(element.get("rel") or "")):
            continue
        if raw not in known:
            known[raw] = resolve(base, raw, charset=charset)
        if href := known[raw]:
            entries[node] = href
            if len(text) <= 2 * CATEGORY:
                short.append(node)
            if len(entries) == MAX_ENTRIES:
                break
    for category in _find_categories(entries, short, page):
        del entries[category]
    return entries


def _find_categories(entries: dict[int, str], short: list[int], page: Page) -> list[int]:
    """Return the links with which row after row names its section: one short text, again and again."""
    runs: Counter[str] = Counter()
    previous = None
    for href in entries.values():
        if href != previous:
            runs[href] += 1
            previous = href
    return [
        node
        for node in short
        if runs[entries[node]] >= REPEATED
        and width(page.text_of(node)) <= CATEGORY
        and "img" not in page.tags[node : page.ends[node]]
    ]


def find_candidates(places: Places, sets: list[tuple[int, ...]]) -> list[Candidate]:
    """Return the sets of rows as candidates, the most promising first."""
    entries, uri = places.entries, places.page.document.uri
    found = sorted(sets, key=len, reverse=True)[:MAX_PLACES]
    links = [[inside for row in rows[:LOOKED_AT] if (inside := places.links_in(row))] for rows in found]
    addresses = [[entries[inside[0]] for inside in rows] for rows in links]
    weights = [places.weigh(rows[0]) for rows in found]
    menus = {href for hrefs, weight in zip(addresses, weights, strict=True) if weight < 1.0 for href in hrefs}
    candidates = []
    for rows, linked, hrefs, weight in zip(found, links, addresses, weights, strict=True):
        # A menu holds a link to the page it stands on, or what another menu holds.
        if uri in hrefs or sum(href in menus for href in hrefs) * 2 > len(hrefs):
            weight *= 0.4
        total, articles = _estimate(rows, linked, places)
        candidates.append(
            Candidate(
                rows=rows,
                weight=weight,
                width=total * len(rows) / min(len(rows), LOOKED_AT),
                articles=articles / len(rows[:LOOKED_AT]),
            )
        )
    return sorted(candidates, key=lambda candidate: candidate.promise, reverse=True)


def count_rows(places: Places) -> list[int]:
    """Return the number of rows of each place of a page that lists articles, the most first.

    A row has a title, and a date or the address of an article; a place whose addresses stand in a better one already
    (a copy, a box around it) is none.
    """
    seen: set[str] = set()
    counts = []
    for candidate in places.candidates[:PLACES]:
        hrefs = {
            places.entries[link]
            for row in candidate.rows
            for link in places.links_in(row)[:FEW]
            if places.widths[link] >= LISTED
        }
        if candidate.weight <= 0.2 or len(hrefs) < ROWS or len(hrefs & seen) * 2 > len(hrefs):
            continue
        dated = count_dates(places, candidate) * 2 > len(hrefs)
        if dated or sum(article_id(href) is not None for href in hrefs) * 2 > len(hrefs):
            counts.append(len(hrefs))
            seen |= hrefs
    return sorted(counts, reverse=True)


def count_dates(places: Places, candidate: Candidate) -> int:
    """Return how many of a candidate's rows may have a date, from a look at the lines around them."""
    page, dated = places.page, places.dated
    start = page.first[candidate.rows[0]] - 1
    end = page.last[candidate.rows[-1]] + 1
    return min(bisect_left(dated, end) - bisect_left(dated, start), len(candidate.rows))


_Held = dict[int, tuple[list[int], set[str]]]
"""Of each node: its children that hold links, and the addresses inside it, as far as they are counted."""


def _find_held(entries: dict[int, str], page: Page) -> _Held:
    """Return what the nodes around links hold."""
    parents = page.parents
    held: _Held = {}
    for node, href in entries.items():
        if (own := held.get(node)) is None:
            own = held[node] = ([], set())
        own[1].add(href)
        child, parent = node, parents[node]
        while parent >= 0:
            if (around := held.get(parent)) is None:
                held[parent] = ([child], {href})
                child, parent = parent, parents[parent]
                continue
            children, known = around
            # Nodes come in document order, so a child that is known is the last one.
            is_new = not children or children[-1] != child
            if is_new:
                children.append(child)
            if len(known) > FEW or (href in known and not is_new):
                break  # and so does everything above it: the walk stays linear in the page
            known.add(href)
            child, parent = parent, parents[parent]
    return held


def _find_rows(held: _Held, around: Iterable[int], page: Page) -> list[tuple[int, ...]]:
    """Return the sets of nodes that repeat side by side in some nodes and hold few addresses each.

    Rows of elements that stand side by side and look alike are joined: lists cut into blocks of five rows. Where each
    such element has one row only, the elements themselves are the rows, and nothing is lost.
    """
    tags, parents, elements = page.tags, page.parents, page.elements
    joined: dict[tuple[object, ...], list[list[int]]] = {}
    for parent in sorted(around):
        by_tag: dict[str, list[int]] = {}
        for child in held[parent][0]:
            by_tag.setdefault(tags[child], []).append(child)
        for tag, rows in by_tag.items():
            if sum([len(held[row][1]) <= FEW for row in rows]) * 2 > len(rows):
                key = (parents[parent], tags[parent], elements[parent].get("class"), tag)
                joined.setdefault(key, []).append(rows)
    return [
        tuple(row for rows in parts for row in rows)
        for parts in joined.values()
        if len(parts) == 1 or any(len(rows) > 1 for rows in parts)
    ]


def _estimate(rows: tuple[int, ...], links: list[list[int]], places: Places) -> tuple[float, int]:
    """Add up the widths of the rows' titles, and count those whose address has the form of an article's."""
    total, articles = 0.0, 0
    for inside in links:
        titles = [(size, link) for link in inside[:FEW] if (size := places.widths[link]) >= TITLE]
        if titles:
            size, link = max(titles)
            total += size
            articles += is_article_form(places.entries[link])
    return (total, articles) if total else _estimate_pictures(rows, places)


def _estimate_pictures(rows: tuple[int, ...], places: Places) -> tuple[float, int]:
    """Do the same where the links are pictures: what stands beside one is its title."""
    page, total, articles = places.page, 0.0, 0
    for row in rows[:LOOKED_AT]:
        inside = places.links_in(row)
        if len(inside) == 1 and "img" in page.tags[inside[0] : page.ends[inside[0]]]:
            lines = page.lines[page.first[row] : page.last[row]]
            title = max((min(width(line.text), WIDEST) for line in lines), default=0.0)
            if title >= TITLE:
                total += title
                articles += is_article_form(places.entries[inside[0]])
    return total, articles
