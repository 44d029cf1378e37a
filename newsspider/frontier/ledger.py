"""The ledger: what is known of a site's addresses. A view of the WARC in SQLite; :mod:`.agenda` says what is due.

Every row follows from the captures alone, by :func:`Ledger.apply` in their order, so the ledger can be thrown
away and made again. Reads see what was applied; :meth:`Ledger.commit` makes it last. The file is opened by
one process at a time: the one that holds the site's lock.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from newsspider.frontier.agenda import Agenda
from newsspider.frontier.database import from_ms, open_database, to_ms
from newsspider.frontier.keys import look_up_key
from newsspider.frontier.listed import Listed
from newsspider.frontier.past import COUNTED, content_digest, count
from newsspider.frontier.policy import (
    RANK,
    RETRIES,
    Lead,
    find_leads,
    is_in_scope,
    is_page,
    is_recheck,
    next_due,
)
from newsspider.frontier.politeness import retry_after
from newsspider.frontier.robots import is_answer
from newsspider.frontier.schema import SCHEMA, VERSION
from newsspider.frontier.tables import Tables
from newsspider.frontier.traps import Traps
from newsspider.frontier.validators import Validators, validators_of
from pipelines.model import Capture, FoundBy, Hints, Listing, Outcome, PageKind, Place, Reading, Site

MOST_HOPS = 10
"""Redirects in a row that are followed."""

PAST = f"SELECT {COUNTED}, fetched_at FROM uris WHERE key = ?"  # noqa: S608  (made of constants)

MOST_ENTERED = 2000
"""Addresses that are remembered as entered: a menu has a hundred, and a process may hold a hundred sites open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """The last whole response to an address that was a good page or file: what a revisit refers to."""

    captured_at: datetime
    payload_digest: str | None
    record_id: str | None
    place: Place


class Ledger:
    """An open ledger. Not safe for threads; a fork must open its own."""

    def __init__(self, path: Path, site: Site, *, more_schema: str = "") -> None:
        """Open or create the ledger; ``more_schema`` makes the tables of another view in the same file."""
        self.path = path
        self.site = site
        self._tables = Tables(open_database(path, SCHEMA + more_schema, VERSION), path)
        self._traps = Traps(self._tables, site)
        self.validators = Validators(self._tables)
        self.agenda = Agenda(self._tables, site, self.validators)
        self._listed = Listed(self._tables)
        self._entered: set[tuple[str, FoundBy]] = set()
        """Addresses entered lately, and how they were found: the menu on every page need not be entered again.
        What was entered once in one way changes nothing when it is found in the same way again."""

    # ── filling ──

    def apply(self, capture: Capture, reading: Reading) -> None:
        """Enter a capture and what it leads to."""
        at = capture.captured_at
        if capture.hints.found_by is FoundBy.ROBOTS:
            if capture.place is not None and is_answer(capture):
                place = capture.place
                self._tables.write(
                    "INSERT OR REPLACE INTO robots VALUES (?, ?, ?, ?, ?)",
                    (capture.target_uri, to_ms(at), place.warc, place.offset, place.length),
                )
            self._discover(find_leads(capture, reading, self.site), at)
            return
        self._discover([Lead(uri=capture.target_uri, hints=capture.hints)], at)
        key = look_up_key(capture.target_uri)
        self.validators.note(capture, key)
        row = self._tables.one(PAST, (key,))
        assert row is not None
        if capture.imported and row[-1] is not None and row[-1] > to_ms(at):
            # An older capture tells what there was to find, but not how the page is.
            self._discover(find_leads(capture, reading, self.site), at)
            return
        past = count(row[:-1], capture, reading)
        due = next_due(capture, reading, past, self.site, retry_after=retry_after(capture))
        self._tables.write(
            "UPDATE uris SET fetches = ?, failures = ?, changed_at = ?, gone = ?, outcome = ?,"
            " status = ?, kind = ?, reservations = ?, fetched_at = ?, due_at = ?, recheck = ? WHERE key = ?",
            (
                past.fetches, past.failures, to_ms(past.changed_at), past.gone, reading.outcome, capture.status,
                past.kind, ", ".join(reading.reservations) or None, to_ms(at), to_ms(due),
                is_recheck(capture, due), key,
            ),
        )  # fmt: skip
        is_whole = capture.status == 200 and capture.profile is None and capture.truncated is None
        # A challenge or a broken page is nothing to come back to: the same again must not pass for «not modified».
        if is_whole and capture.place and reading.outcome is Outcome.OK:
            self._tables.write(
                "UPDATE uris SET etag = ?, last_modified = ?, payload_digest = ?, content_digest = ?,"
                " record_id = ?, ok_at = ?, warc = ?, offset = ?, length = ? WHERE key = ?",
                (
                    *validators_of(capture), content_digest(capture, reading), capture.record_id, to_ms(at),
                    capture.place.warc, capture.place.offset, capture.place.length, key,
                ),
            )  # fmt: skip
        self._follow_variant(capture, reading)
        has_news = reading.listing is not None and self._knows_not_all(reading.listing)
        self._traps.watch(capture, reading)
        if reading.target is None or self._hops(capture.target_uri) < MOST_HOPS:
            leads = find_leads(capture, reading, self.site) if not self._is_deeper_copy(capture) else ()
            first = self._listed.first_page(key) if reading.listing else None
            self._discover((lead for lead in leads if not self._traps.has(lead.uri)), at, listing=first)
            if reading.listing and first:
                is_paged = first != key or bool(reading.listing.next)
                self._listed.enter(reading.listing, first, is_paged=is_paged)
                for missing in self._listed.take_missing(reading.listing, first):
                    self._ask_at_once(missing, at)
        if has_news and reading.listing and reading.listing.next:
            # What is new may go on behind this page; where everything is known, the known part is reached.
            self._ask_at_once(look_up_key(reading.listing.next), at)

    def _follow_variant(self, capture: Capture, reading: Reading) -> None:
        """Ask for another form of the same address where the server sends on to it: https instead of http."""
        key, target = look_up_key(capture.target_uri), reading.target
        row = self._tables.one("SELECT hops FROM uris WHERE key = ?", (key,))
        assert row is not None
        is_variant = target and look_up_key(target) == key and target != capture.target_uri
        if is_variant and row[0] < MOST_HOPS and is_in_scope(str(target), self.site):
            values = (target, row[0] + 1, to_ms(capture.captured_at), key)
            self._tables.write("UPDATE uris SET uri = ?, hops = ?, due_at = ? WHERE key = ?", values)
        elif row[0]:
            self._tables.write("UPDATE uris SET hops = 0 WHERE key = ?", (key,))

    def _ask_at_once(self, key: str, at: datetime) -> None:
        self._tables.write("UPDATE uris SET due_at = ?, recheck = 0 WHERE key = ?", (to_ms(at), key))

    def _hops(self, uri: str) -> int:
        """Return how many redirects in a row led to an address."""
        hops = 0
        while hops < MOST_HOPS:
            row = self._tables.one("SELECT found_by, found_on FROM uris WHERE key = ?", (look_up_key(uri),))
            if row is None or row[0] != FoundBy.REDIRECT or row[1] is None:
                break
            hops, uri = hops + 1, row[1]
        return hops

    def _knows_not_all(self, listing: Listing) -> bool:
        """Tell whether a listing has an item in scope that was never heard of."""
        return any(self._found_by(item.href) is None for item in listing.items if is_page(item.href, self.site))

    def _found_by(self, uri: str) -> str | None:
        row = self._tables.one("SELECT found_by FROM uris WHERE key = ?", (look_up_key(uri),))
        return row[0] if row else None

    def _is_deeper_copy(self, capture: Capture) -> bool:
        """Tell whether the same page is held under an address of fewer folders: what it links to is known from there.

        A server that answers to any folder behind a page sends the page itself, whose relative links then lead to
        more of them, in every order.
        """
        if capture.payload_digest is None or capture.hints.found_by is not FoundBy.LINK:
            return False
        rows = self._tables.all("SELECT uri FROM uris WHERE payload_digest = ?", (capture.payload_digest,))
        return any(uri.count("/") < capture.target_uri.count("/") for (uri,) in rows)

    def _discover(self, leads: Iterable[Lead], at: datetime, *, listing: str | None = None) -> None:
        """Enter addresses that are new; a better way of finding one replaces the hints of a worse one.

        ``listing`` is the key of the first page of the listing that the leads were found on.
        """
        moment = to_ms(at)
        rows = []
        for lead in leads:
            hints = Hints(found_by=FoundBy.SEED) if lead.uri in self.site.seeds else lead.hints
            key, found_by = look_up_key(lead.uri), hints.found_by
            if (key, found_by) in self._entered:
                continue
            self._entered.add((key, found_by))
            rows.append(
                (
                    key, lead.uri, RANK[found_by], found_by, hints.found_on, hints.text, hints.date, hints.section,
                    listing if found_by in (FoundBy.PAGING, FoundBy.LISTING) else None, moment, moment,
                )
            )  # fmt: skip
        self._tables.write_all(
            "INSERT INTO uris"
            " (key, uri, rank, found_by, found_on, text, date, section, listing, found_at, due_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (key) DO UPDATE SET rank = excluded.rank, found_by = excluded.found_by,"
            " found_on = excluded.found_on, text = excluded.text, date = excluded.date,"
            " section = excluded.section, listing = excluded.listing"
            # A page that was fetched keeps its place: the pager of page 2 leads back to page 1.
            " WHERE excluded.rank < uris.rank AND (uris.fetched_at IS NULL OR excluded.found_by = 'listing')",
            rows,
        )
        if len(self._entered) > MOST_ENTERED:
            self._entered.clear()

    def traps(self) -> list[str]:
        """Return the shapes of addresses that were recognised as traps: they are followed no more."""
        return self._traps.shapes()

    # ── asking ──

    def held(self, uri: str) -> Held | None:
        """Return the last whole response to exactly this address, or None."""
        row = self._tables.one(
            "SELECT ok_at, payload_digest, record_id, warc, offset, length FROM uris"
            " WHERE key = ? AND uri = ? AND ok_at IS NOT NULL",
            (look_up_key(uri), uri),
        )
        if row is None:
            return None
        at = from_ms(row[0])
        assert at is not None
        place = Place(warc=row[3], offset=row[4], length=row[5])
        return Held(captured_at=at, payload_digest=row[1], record_id=row[2], place=place)

    def robots(self, uri: str) -> tuple[datetime, Place] | None:
        """Return when a robots.txt was last reached, and where it stands; None where it never was."""
        row = self._tables.one("SELECT fetched_at, warc, offset, length FROM robots WHERE uri = ?", (uri,))
        if row is None:
            return None
        at = from_ms(row[0])
        assert at is not None
        return at, Place(warc=row[1], offset=row[2], length=row[3])

    def knows(self, uri: str) -> bool:
        """Tell whether an address was heard of."""
        return self._found_by(uri) is not None

    def outcome(self, uri: str) -> Outcome | None:
        """Return what the last fetch of an address came to; None where it was not fetched."""
        row = self._tables.one("SELECT outcome FROM uris WHERE key = ?", (look_up_key(uri),))
        return Outcome(row[0]) if row and row[0] else None

    def is_settled(self, uri: str) -> bool:
        """Tell whether an address was fetched, or failed so often that this run asks no more."""
        row = self._tables.one("SELECT outcome, failures FROM uris WHERE key = ?", (look_up_key(uri),))
        return row is not None and row[0] is not None and not 0 < row[1] <= RETRIES

    def kind(self, uri: str) -> PageKind | None:
        """Return what an address was when it was last read; None where it was not."""
        row = self._tables.one("SELECT kind FROM uris WHERE key = ?", (look_up_key(uri),))
        return PageKind(row[0]) if row and row[0] else None

    def count_articles(self) -> int:
        """Return how many addresses are articles."""
        row = self._tables.one("SELECT count(*) FROM uris WHERE kind = 'article'")
        return row[0] if row else 0

    def coverage(self) -> dict[str, dict[str, int]]:
        """Return for each section how many of the pages that its listings name stand at each outcome.

        Articles count as ``held``, pages without an outcome as ``waiting``.
        """
        rows = self._tables.all(
            "SELECT coalesce(section, ''),"
            " CASE WHEN outcome IN ('ok', 'not_modified') AND kind = 'article' THEN 'held'"
            " ELSE coalesce(outcome, 'waiting') END, count(*)"
            " FROM uris WHERE found_by = 'listing' GROUP BY 1, 2 ORDER BY 1, 2"
        )
        found: dict[str, dict[str, int]] = {}
        for section, outcome, number in rows:
            found.setdefault(section, {})[outcome] = number
        return found

    def reached_by(self) -> dict[FoundBy, int]:
        """Return how many of the addresses found in each way were pages that are there."""
        rows = self._tables.all(
            "SELECT found_by, count(*) FROM uris WHERE outcome IN ('ok', 'not_modified', 'redirected') GROUP BY 1"
        )
        return {FoundBy(found_by): count for found_by, count in rows}

    def counts(self) -> dict[str, int]:
        """Return how many addresses stand at each outcome; ``unfetched`` counts those never asked for."""
        rows = self._tables.all("SELECT coalesce(outcome, 'unfetched'), count(*) FROM uris GROUP BY 1 ORDER BY 1")
        return dict(rows)

    def dump(self) -> Iterator[tuple[Any, ...]]:
        """Yield every row in canonical order: two ledgers of the same captures are equal."""
        yield from self._tables.all("SELECT * FROM uris ORDER BY id")
        yield from self._tables.all("SELECT * FROM shapes ORDER BY shape")
        yield from self._tables.all("SELECT * FROM robots ORDER BY uri")
        yield from self._tables.all("SELECT * FROM validators ORDER BY host")

    # ── keeping ──

    @property
    def connection(self) -> sqlite3.Connection:
        """The open database, for the other views that live in the same file and are committed with it."""
        return self._tables.connection

    def mark(self) -> tuple[str, int] | None:
        """Return where the last exchange entered stands: WARC file and offset; None before the first."""
        row = self._tables.one("SELECT warc, offset FROM mark")
        return (row[0], row[1]) if row else None

    def set_mark(self, place: Place) -> None:
        """Note where the last exchange entered stands."""
        self._tables.write("INSERT OR REPLACE INTO mark VALUES (1, ?, ?)", (place.warc, place.offset))

    def commit(self) -> None:
        """Make what was applied last, all of it or nothing."""
        self._tables.commit()

    def close(self) -> None:
        """Close without committing."""
        self._tables.connection.close()
