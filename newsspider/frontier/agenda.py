"""What of a ledger is due, in order of fetching."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from newsspider.frontier.database import from_ms, to_ms
from newsspider.frontier.keys import look_up_key
from newsspider.frontier.policy import RANK
from pipelines.model import FoundBy, Hints

if TYPE_CHECKING:
    from newsspider.frontier.tables import Tables
    from newsspider.frontier.validators import Validators
    from pipelines.model import Site

RANKS = sorted(set(RANK.values()))

DUE = "SELECT uri, found_by, found_on, text, date, section, etag, last_modified, recheck FROM uris"

NOT_YET = "(fetched_at IS NULL OR fetched_at < ? OR failures > 0 OR hops > 0)"
"""Not fetched in this run, or failed in a way that may be gone in a minute, or sent on to another form of itself."""

DUE_PAGES = f"WHERE recheck = 0 AND rank = ? AND due_at <= ? AND {NOT_YET} ORDER BY due_at, id"

DUE_RECHECKS = f"WHERE recheck = 1 AND due_at <= ? AND {NOT_YET} ORDER BY due_at, id LIMIT ?"

NEXT_PAGE = f"""
SELECT due_at FROM uris WHERE recheck = 0 AND rank = ? AND due_at IS NOT NULL AND {NOT_YET} ORDER BY due_at LIMIT 1
"""  # noqa: S608  (made of constants)

NEXT_RECHECK = f"""
SELECT due_at FROM uris WHERE recheck = 1 AND due_at IS NOT NULL AND {NOT_YET} ORDER BY due_at LIMIT 1
"""  # noqa: S608  (made of constants)

MOST_AHEAD = timedelta(days=1)
"""A capture further in the future than this was made under a clock that was wrong, or is read under one."""

FROM_AHEAD = "JOIN ahead USING (id) WHERE fetched_at > ? AND due_at NOT NULL"


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """An address to fetch now, with what a conditional request needs (RFC 9110 §13)."""

    uri: str
    hints: Hints
    etag: str | None
    last_modified: str | None
    is_recheck: bool = False
    """Whether a run may leave it to the next."""


class Agenda:
    """The addresses of a ledger in the order in which they are to be fetched."""

    def __init__(self, tables: Tables, site: Site, validators: Validators) -> None:
        self._tables = tables
        self._site = site
        self._validators = validators
        tables.connection.execute("CREATE TEMP TABLE ahead (id INTEGER PRIMARY KEY)")

    def due(
        self,
        now: datetime,
        *,
        not_since: datetime,
        limit: int,
        rechecks: int = 1_000_000,
        skip: Callable[[str], bool] = lambda _: False,
    ) -> list[Due]:
        """Return what is due, in order of fetching, and at its end so many ``rechecks`` at most, the most overdue
        first; ``skip`` tells which addresses are to be left out.

        Seeds that the ledger does not know come first: they enter it with their first capture, so that it
        holds nothing that the WARC does not say.
        A page already fetched in this run (since ``not_since``) is due again only after a transient failure.
        The control page is due once in every run: it vouches for what else the run finds gone.
        """
        control = look_up_key(self._site.control or self._site.seeds[0])
        first = self._new_seeds() + self._tables.all(
            f"{DUE} WHERE key = ? AND fetched_at < ?", (control, to_ms(not_since))
        )
        first += self._tables.all(f"{DUE} {FROM_AHEAD} ORDER BY rank, id LIMIT ?", (*self._ahead_of(now), limit))
        rows = {row: None for row in first if not skip(row[0])}
        moments = (to_ms(now), to_ms(not_since))
        queries: list[tuple[str, tuple[int, ...]]] = [(DUE_PAGES, (rank, *moments)) for rank in RANKS]
        for sql, values in (*queries, (DUE_RECHECKS, (*moments, rechecks))):
            for row in self._tables.each(f"{DUE} {sql}", values):
                if len(rows) >= limit:
                    return [self._due(*row) for row in rows]
                if not skip(row[0]):
                    rows[row] = None
        return [self._due(*row) for row in rows]

    def _due(
        self, uri: str, found_by: str, found_on: str | None, text: str | None, date: str | None,
        section: str | None, etag: str | None, last_modified: str | None, recheck: int,
    ) -> Due:  # fmt: skip
        hints = Hints(found_by=FoundBy(found_by), found_on=found_on, text=text, date=date, section=section)
        if not self._validators.are_sent(uri):
            etag = last_modified = None
        return Due(uri=uri, hints=hints, etag=etag, last_modified=last_modified, is_recheck=bool(recheck))

    def distrust(self, now: datetime) -> int:
        """Return how many pages were fetched in the future of the clock, which went backwards since.

        Nobody knows when they are due, so they are due now.
        """
        self._tables.write(
            "INSERT OR IGNORE INTO ahead SELECT id FROM uris WHERE fetched_at > ?", self._ahead_of(now)
        )
        row = self._tables.one("SELECT count(*) FROM ahead", ())
        return row[0] if row else 0

    @staticmethod
    def _ahead_of(now: datetime) -> tuple[int]:
        return (to_ms(now + MOST_AHEAD),)

    def next_due(self, *, not_since: datetime, rechecks: bool = True) -> datetime | None:
        """Return when the next page of this run is due, or None where nothing is left to wait for."""
        if self._new_seeds() or self._tables.one(f"{DUE} {FROM_AHEAD} LIMIT 1", self._ahead_of(not_since)):
            return not_since
        moment = to_ms(not_since)
        first = [self._tables.one(NEXT_PAGE, (rank, moment)) for rank in RANKS]
        if rechecks:
            first.append(self._tables.one(NEXT_RECHECK, (moment,)))
        return from_ms(min((row[0] for row in first if row is not None), default=None))

    def _new_seeds(self) -> list[tuple[Any, ...]]:
        """Return the seeds without a row, in the form of one."""
        return [
            (uri, FoundBy.SEED, None, None, None, None, None, None, 0)
            for uri in self._site.seeds
            if self._tables.one("SELECT 1 FROM uris WHERE key = ?", (look_up_key(uri),)) is None
        ]
