"""Finds the places of a page where children of one element repeat, each with a link: what may be a listing."""

import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import islice

from lxml.html import HtmlElement

from pipelines.extract.links import address_of, clean, find_link_elements, text_of, width
from pipelines.extract.pager import is_pager_text
from pipelines.model import Document
from pipelines.uri import is_article_form, resolve

FURNITURE = re.compile(
    r"(?:^|[\s_-])(?:nav\w*|menus?\w*|foot\w*|header|top(?:bar)?|side\w*|bread\w*|crumbs?|links?|friend\w*|banner"
    r"|slide\w*|swiper\w*|carousel|focus|hot\w*|share|tags?|lang\w*|login|search\w*|position|location|dqwz|copyright)"
    r"(?:$|[\s_-])",
    re.IGNORECASE,
)
"""Tokens of class and id that name what stands around the content. Whole tokens: ``nav`` is not in ``canvas``."""
FURNITURE_TAGS = frozenset({"nav", "header", "footer", "aside", "select"})
SKIPPED_TAGS = frozenset({"frame", "iframe", "area"})
BESIDE = re.compile(r"\b(?:tag|category|author|next|prev)\b")
"""Relations (``rel``) of links that stand in a row and are not what it is about."""

FEW = 4
"""Addresses in one row: the article's, its section's, an author's, a file's."""
REPEATED = 3
"""Times that a short link comes again, with others between, if it names the section of row after row."""
CATEGORY = 10.0
"""Width of the longest such link, in Chinese characters."""
TITLE = 4.0
"""Width of the shortest link that may be a title."""
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

    rows: tuple[HtmlElement, ...]
    weight: float
    """From 0 to 1: how likely content stands in such a place."""
    promise: float
    """An estimate of its worth from its links alone."""


class Places:
    """The places of a page where links repeat, found when first asked for; what is known of a row stays known."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self._links: dict[HtmlElement, dict[HtmlElement, str]] = {}
        self._weights: dict[HtmlElement, float] = {}

    @cached_property
    def entries(self) -> dict[HtmlElement, str]:
        """The elements that may lead to an article, with their absolute addresses, in document order."""
        return find_entries(self.document)

    @cached_property
    def candidates(self) -> list[Candidate]:
        """The places that may be the listing of the page, the most promising first."""
        return find_candidates(self)

    def links_in(self, row: HtmlElement) -> dict[HtmlElement, str]:
        """Return the entries of a row, the row itself included, with their addresses."""
        if (links := self._links.get(row)) is None:
            entries = self.entries
            inside = islice(row.iter(*self._tags), MAX_ROW)
            self._links[row] = links = {element: entries[element] for element in inside if element in entries}
        return links

    @cached_property
    def _tags(self) -> set[str]:
        return {str(element.tag) for element in self.entries}

    def weigh(self, element: HtmlElement) -> float:
        """Return how likely content stands where an element does, from 0 to 1."""
        passed = []
        weight = 1.0
        for ancestor in (element, *element.iterancestors()):
            if (known := self._weights.get(ancestor)) is not None:
                weight = known
                break
            passed.append(ancestor)
            if ancestor.tag in FURNITURE_TAGS:
                weight = 0.2
                break
            if ancestor.tag != "body" and any(map(is_furniture, (ancestor.get("class"), ancestor.get("id")))):
                weight = 0.4
                break
        self._weights.update(dict.fromkeys(passed, weight))
        return weight


@lru_cache(maxsize=2048)
def is_furniture(name: str | None) -> bool:
    """Tell whether a class or an id names what stands around the content."""
    return name is not None and FURNITURE.search(name) is not None


def find_entries(document: Document) -> dict[HtmlElement, str]:
    """Return the elements that may lead to an article, with their absolute addresses, in document order."""
    entries: dict[HtmlElement, str] = {}
    for element in islice(find_link_elements(document), MAX_ENTRIES):
        raw = address_of(element) if element.tag not in SKIPPED_TAGS else None
        href = resolve(document.base, raw, charset=document.charset.name) if raw else None
        if href and not is_pager_text(clean(element.text)) and not BESIDE.search(element.get("rel") or ""):
            entries[element] = href
    for category in _find_categories(entries):
        del entries[category]
    return entries


def _find_categories(entries: dict[HtmlElement, str]) -> list[HtmlElement]:
    """Return the links with which row after row names its section: one short text, again and again."""
    runs: Counter[str] = Counter()
    previous = None
    for href in entries.values():
        runs[href] += href != previous
        previous = href
    return [
        element
        for element, href in entries.items()
        if runs[href] >= REPEATED
        and width(text_of(element)) <= CATEGORY
        and next(element.iter("img"), None) is None
    ]


def find_candidates(places: Places) -> list[Candidate]:
    """Return the places that may be the listing of a page, the most promising first."""
    entries, uri = places.entries, places.document.uri
    found = sorted(_find_rows(entries), key=len, reverse=True)[:MAX_PLACES]
    links = [[places.links_in(row) for row in rows[:LOOKED_AT]] for rows in found]
    addresses = [[next(iter(row.values())) for row in rows if row] for rows in links]
    weights = [places.weigh(rows[0]) for rows in found]
    menus = {href for hrefs, weight in zip(addresses, weights, strict=True) if weight < 1.0 for href in hrefs}
    titles = {element: min(width(text_of(element)[:60]), 30.0) for element in entries}
    candidates = []
    for rows, inside, hrefs, weight in zip(found, links, addresses, weights, strict=True):
        # A menu holds a link to the page it stands on, or what another menu holds.
        if uri in hrefs or sum(href in menus for href in hrefs) * 2 > len(hrefs):
            weight *= 0.4
        candidates.append(Candidate(rows=rows, weight=weight, promise=weight * _estimate(inside, titles)))
    return sorted(candidates, key=lambda candidate: candidate.promise, reverse=True)


def count_rows(places: Places) -> list[int]:
    """Return the number of rows of each place of a page that lists something, the most first.

    A row has a title; a place whose addresses stand in a better one already (a copy, a box around it) is none.
    """
    seen: set[str] = set()
    counts = []
    for candidate in places.candidates[:PLACES]:
        hrefs = {
            href
            for row in candidate.rows
            for link, href in list(places.links_in(row).items())[:FEW]
            if width(text_of(link)) >= LISTED
        }
        if candidate.weight > 0.2 and len(hrefs) >= ROWS and len(hrefs & seen) * 2 <= len(hrefs):
            counts.append(len(hrefs))
            seen |= hrefs
    return sorted(counts, reverse=True)


def _find_rows(entries: dict[HtmlElement, str]) -> list[tuple[HtmlElement, ...]]:
    """Return every set of elements that repeat side by side and hold links."""
    # Element → its children that hold links, by their tags, and the addresses inside it, as far as they are counted.
    held: dict[HtmlElement, tuple[dict[HtmlElement, str], set[str]]] = {}
    for element, href in entries.items():
        if (own := held.get(element)) is None:
            own = held[element] = ({}, set())
        own[1].add(href)
        child, tag = element, str(element.tag)
        for parent in element.iterancestors():
            if (around := held.get(parent)) is None:
                around = held[parent] = ({}, set())
            children, known = around
            is_full = len(known) > FEW
            seen = child in children and (is_full or href in known)
            children[child] = tag
            if seen or is_full:
                break  # and so does everything above it: the walk stays linear in the page
            known.add(href)
            child, tag = parent, str(parent.tag)
    sets = []
    for parent, (children, _) in held.items():
        for tag in dict.fromkeys(children.values()):
            rows = tuple(child for child, own_tag in children.items() if own_tag == tag)
            if sum(len(held[row][1]) <= FEW for row in rows) * 2 > len(rows):
                sets.append((parent, rows))
    return _merge_siblings(sets)


def _merge_siblings(sets: list[tuple[HtmlElement, tuple[HtmlElement, ...]]]) -> list[tuple[HtmlElement, ...]]:
    """Join the rows of elements that stand side by side and look alike: lists cut into blocks of five rows.

    Where each such element has one row only, the elements themselves are the rows, and nothing is lost.
    """
    merged: dict[tuple[object, ...], list[tuple[HtmlElement, ...]]] = {}
    for parent, rows in sets:
        key = (parent.getparent(), parent.tag, parent.get("class"), rows[0].tag)
        merged.setdefault(key, []).append(rows)
    return [
        tuple(row for rows in parts for row in rows)
        for parts in merged.values()
        if len(parts) == 1 or any(len(rows) > 1 for rows in parts)
    ]


def _estimate(rows: list[dict[HtmlElement, str]], titles: dict[HtmlElement, float]) -> float:
    """Add up the widths of the rows' titles; those whose address has the form of an article's count double."""
    total = 0.0
    for row in rows:
        links = [(titles[link], href) for link, href in row.items() if titles[link] >= TITLE]
        total += max((title * (1 + is_article_form(href)) for title, href in links[:FEW]), default=0.0)
    return total
