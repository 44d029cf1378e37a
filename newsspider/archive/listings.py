"""What the listings of a site list: a view of the WARC beside the ledger, in the same file.

A row of a listing is never forgotten: an article that has left its listing was listed all the same.
"""

from __future__ import annotations

import re
import sqlite3
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from newsspider.frontier.database import failed, from_ms, to_ms
from newsspider.frontier.keys import look_up_key
from newsspider.frontier.policy import is_in_scope, is_page
from pipelines.completeness import ListingPage, Row, Section, find_gaps, group_pages, judge_section
from pipelines.model import FoundBy, Outcome, PageKind
from pipelines.uri import article_id, record_id

if TYPE_CHECKING:
    from newsspider.frontier.ledger import Ledger
    from pipelines.model import Capture, Reading, Site

SCHEMA = """
CREATE TABLE listings (             -- pages that listed something
    page        INTEGER PRIMARY KEY,    -- id in uris
    section     TEXT,
    total       INTEGER,
    read_at     INTEGER NOT NULL
);
CREATE TABLE listing_items (               -- an article, a page of the site, stood on a listing
    page        INTEGER NOT NULL,
    item        INTEGER NOT NULL,       -- id in uris
    PRIMARY KEY (page, item)
) WITHOUT ROWID;
CREATE INDEX listing_of ON listing_items (item);
CREATE TABLE listing_others (        -- a row that leads to a file, or to another site
    page        INTEGER NOT NULL,
    uri         TEXT NOT NULL,
    title       TEXT,
    date        TEXT,
    PRIMARY KEY (page, uri)
) WITHOUT ROWID;
CREATE TABLE listing_pagers (               -- a listing's pager names a page
    page        INTEGER NOT NULL,
    named       INTEGER NOT NULL,
    PRIMARY KEY (page, named)
) WITHOUT ROWID;
"""

KINDS = (PageKind.LISTING, PageKind.HOME)
"""A small site lists its news on the home page alone."""

TABLES = ("listings", "listing_items", "listing_others", "listing_pagers")

NUMBER = re.compile(r"\d{1,18}\Z", re.ASCII)

FOUND = "SELECT uri, text, date, outcome, kind FROM uris WHERE found_by = ? ORDER BY id"

LISTED = (
    "SELECT uri, text, date, outcome, kind FROM uris WHERE id IN"
    " (SELECT item FROM listing_items, chosen WHERE page = chosen.id) ORDER BY id"
)

OTHERS = (
    "SELECT uri, min(title), min(date) FROM listing_others, chosen WHERE page = chosen.id GROUP BY uri ORDER BY uri"
)

MOST_HOPS = 10


class Listings:
    """The listings of one site, open for writing."""

    def __init__(self, site: Site, ledger: Ledger) -> None:
        self.site = site
        self._path = ledger.path
        self._db = ledger.connection

    # ── filling ──

    def apply(self, capture: Capture, reading: Reading) -> None:
        """Enter what a listing lists. Its rows are known to the ledger already."""
        listing = reading.listing
        if listing is None or reading.kind not in KINDS or reading.outcome is not Outcome.OK:
            return
        page = self._id(capture.target_uri)
        if page is None:
            return
        self._run(
            "INSERT INTO listings VALUES (?, ?, ?, ?) ON CONFLICT (page) DO UPDATE SET section = excluded.section,"
            " total = excluded.total, read_at = excluded.read_at WHERE excluded.read_at >= listings.read_at",
            (page, listing.section, listing.total, to_ms(capture.captured_at)),
        )
        for item in listing.items:
            if is_page(item.href, self.site):
                self._relate("listing_items", page, item.href)
            else:
                row = (page, item.href, item.title, item.date)
                self._run("INSERT OR IGNORE INTO listing_others VALUES (?, ?, ?, ?)", row)
        for uri in dict.fromkeys((listing.next, *listing.pages)):
            # «首页» is the first page in a pager, and the home page in a location bar.
            if uri is not None and urlsplit(uri).path not in ("", "/"):
                self._relate("listing_pagers", page, uri)

    def _relate(self, table: str, page: int, uri: str) -> None:
        if (other := self._id(uri)) is not None:
            self._run(f"INSERT OR IGNORE INTO {table} VALUES (?, ?)", (page, other))  # noqa: S608  (our own names)

    def _id(self, uri: str) -> int | None:
        row = self._run("SELECT id FROM uris WHERE key = ?", (look_up_key(uri),)).fetchone()
        return row[0] if row else None

    def dump(self) -> Iterator[tuple[Any, ...]]:
        """Yield every row in canonical order."""
        for table in TABLES:
            yield from self._run(f"SELECT * FROM {table} ORDER BY 1, 2")  # noqa: S608  (our own names)

    # ── asking ──

    def sections(self) -> Iterator[Section]:
        """Yield how complete each section is, the largest first."""
        redirects = dict(
            self._run(
                "SELECT found_on, uri FROM uris WHERE found_by = ? AND found_on NOT NULL", (FoundBy.REDIRECT,)
            )
        )
        unlisted = self._unlisted()
        numbers = self._numbers()
        found = []
        for pages in group_pages(self._pages()):
            ids = [self._id(page.uri) for page in pages]
            self._choose(ids)
            own = array("Q")
            section = judge_section(
                pages,
                self._watched(self._rows(redirects), own),
                unlisted=[self._row(row, redirects) for page in ids for row in unlisted.get(page, ())],
            )
            if section.pages:
                found.append(replace(section, gaps=find_gaps(own, numbers)))
        yield from sorted(found, key=lambda one: -one.listed)

    def _rows(self, redirects: dict[str, str]) -> Iterator[Row]:
        """Yield what stands on the listing pages chosen, each address once."""
        for row in self._run(LISTED):
            yield self._row(row, redirects)
        for uri, title, date in self._run(OTHERS):
            outcome = Outcome.NOT_HTML if is_in_scope(uri, self.site) else Outcome.OUT_OF_SCOPE
            yield Row(uri=uri, title=title, date=date, outcome=outcome)

    @staticmethod
    def _watched(rows: Iterator[Row], numbers: array[int]) -> Iterator[Row]:
        """Yield the rows, and note the CMS's numbers of their articles."""
        for row in rows:
            if (number := number_of(row.uri)) is not None:
                numbers.append(number)
            yield row

    def _pages(self) -> Iterator[ListingPage]:
        """Yield the pages that listed something, and those that their pagers name."""
        named: dict[int, list[str]] = {}
        for page, uri in self._run(
            "SELECT page, uri FROM listing_pagers JOIN uris ON id = named ORDER BY page, named"
        ):
            named.setdefault(page, []).append(uri)
        for page, uri, section, total, read_at, outcome in self._run(
            "SELECT id, uri, listings.section, total, read_at, outcome FROM uris LEFT JOIN listings ON page = id"
            " WHERE kind = ? AND page NOT NULL OR kind IS NULL AND id IN (SELECT named FROM listing_pagers) ORDER BY id",
            (self._kind(),),
        ).fetchall():
            yield ListingPage(
                uri=uri,
                section=section,
                total=total,
                read_at=from_ms(read_at),
                outcome=Outcome(outcome) if outcome else None,
                pages=tuple(named.get(page, ())),
            )

    def _kind(self) -> PageKind:
        """Return the kind of pages that make sections: home pages only where there are no listings."""
        row = self._run(
            "SELECT 1 FROM listings JOIN uris ON id = page AND kind = ?", (PageKind.LISTING,)
        ).fetchone()
        return PageKind.LISTING if row else PageKind.HOME

    def _choose(self, ids: Iterable[int | None]) -> None:
        self._run("CREATE TEMP TABLE IF NOT EXISTS chosen (id INTEGER PRIMARY KEY)")
        self._run("DELETE FROM chosen")
        self._db.executemany("INSERT INTO chosen VALUES (?)", ((one,) for one in ids))

    def _unlisted(self) -> dict[int | None, list[tuple[Any, ...]]]:
        """Return the articles that only their neighbours name, by the listing page that the chain begins at."""
        rows = self._run(FOUND, (FoundBy.NEIGHBOUR,)).fetchall()
        origins = dict(self._run("SELECT uri, found_on FROM uris WHERE found_by = ?", (FoundBy.NEIGHBOUR,)))
        grouped: dict[int | None, list[tuple[Any, ...]]] = {}
        for row in rows:
            uri, seen = row[0], set()
            while uri in origins and uri not in seen:
                seen.add(uri)
                uri = origins[uri]
            page = self._run(
                "SELECT page FROM listing_items WHERE item = ? ORDER BY page", (self._id(uri),)
            ).fetchone()
            if page is not None:
                grouped.setdefault(page[0], []).append(row)
        return grouped

    def _numbers(self) -> array[int]:
        """Return the CMS's numbers of all addresses heard of, sorted."""
        found = (number_of(uri) for (uri,) in self._run("SELECT uri FROM uris"))
        return array("Q", sorted(array("Q", (number for number in found if number is not None))))

    def _row(self, row: tuple[Any, ...], redirects: dict[str, str]) -> Row:
        uri, title, date, outcome, kind = row
        target, hops = uri, 0
        while not (is_held := self._has_record(target)) and target in redirects and hops < MOST_HOPS:
            target, hops = redirects[target], hops + 1
        return Row(
            uri=uri,
            title=title,
            date=date,
            outcome=Outcome(outcome) if outcome else None,
            kind=PageKind(kind) if kind else None,
            is_held=is_held,
        )

    def _has_record(self, uri: str) -> bool:
        row = self._run("SELECT 1 FROM articles WHERE id = ?", (record_id(self.site.id, uri),)).fetchone()
        return row is not None

    def _run(self, sql: str, values: tuple[Any, ...] = ()) -> sqlite3.Cursor:
        try:
            return self._db.execute(sql, values)
        except sqlite3.Error as error:
            raise failed(self._path, error) from error


def number_of(uri: str) -> int | None:
    """Return the number that a CMS gave an article, as far as its address tells.

    >>> number_of("http://x.edu.cn/info/1021/3456.htm"), number_of("http://x.edu.cn/news/a-slug/")
    (3456, None)
    """
    found = NUMBER.search(article_id(uri) or "")
    return int(found[0]) if found else None
