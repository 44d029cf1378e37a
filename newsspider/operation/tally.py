"""What a run counts while it crawls a site: the stuff that its report is made of."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from newsspider.frontier.policy import TRANSIENT
from newsspider.operation.status import WALLS
from pipelines.model import Exchange, FoundBy, Hints, Outcome, PageKind, Reading, Record, Tls
from pipelines.store.records import to_dict
from pipelines.uri import host_of

if TYPE_CHECKING:
    from newsspider.archive.dataset import Change

FILLED = ("title", "published", "source", "author", "editor", "body", "section")
"""Fields whose share of filled records tells whether a site still looks as it did."""

ABSENT = (Outcome.GONE, Outcome.SOFT_404)

MOST_NAMED = 200
"""Changes and failures that a report names one by one; it counts all."""

LATELY = 10
"""Articles (and pages of other kinds) that stand for how a site is now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """A change that the report names."""

    kind: str
    """``new``, ``edited``, ``restored``, ``missing`` or ``removed``."""
    id: str
    title: str | None
    url: str
    changes: tuple[str, ...]
    """Fields that are edited."""


@dataclass(slots=True)
class HostTally:
    """How a run treated one host: what its webmaster may want to know."""

    requests: int = 0
    bytes: int = 0
    """Of the answers, as they crossed the wire."""
    seconds: float = 0.0
    """Time that the server was at work for us."""
    first_at: datetime | None = None
    last_at: datetime | None = None
    shortest_gap: float | None = None
    """Seconds from the start of one request to that of the next, at least."""
    refusals: int = 0
    """Answers 429 and 503, time-outs, connections refused or cut."""
    longest_pause: float = 0.0
    """Seconds that it was left alone after a refusal."""

    def count(self, exchange: Exchange) -> None:
        """Count a request that was sent."""
        if self.last_at is not None:
            gap = (exchange.started_at - self.last_at).total_seconds()
            self.shortest_gap = min(gap, self.shortest_gap if self.shortest_gap is not None else gap)
        self.first_at = self.first_at or exchange.started_at
        self.last_at = exchange.started_at
        self.requests += 1
        self.bytes += len(exchange.response)
        self.seconds = round(self.seconds + exchange.seconds, 3)

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain values; times in ISO 8601."""
        times = {name: getattr(self, name) for name in ("first_at", "last_at")}
        told = {name: at.isoformat(timespec="milliseconds") if at else None for name, at in times.items()}
        return {**to_dict(self), **told}


@dataclass(slots=True)
class Tally:
    """What a run did at one site so far."""

    requests: int = 0
    answers: int = 0
    """Responses of any status."""
    bytes: int = 0
    seconds: float = 0.0
    """Time that the server was at work for us."""
    articles: int = 0
    """Captures that are articles."""
    listings: int = 0
    """Captures that are listings with at least one item."""
    named: deque[bool] = field(default_factory=partial(deque, maxlen=LATELY))
    """Whether each of the last pages that listings name is an article."""
    paging: deque[bool] = field(default_factory=partial(deque, maxlen=LATELY))
    """Whether each of the last further pages of listings lists anything."""
    seeds: dict[str, Outcome] = field(default_factory=dict)
    """What the last fetch of each seed came to."""
    rows: dict[str, int | None] = field(default_factory=dict)
    """Rows of each first page of a listing that was read anew; 0 for a seed without and for what was a listing; None
    for a listing that is no seed and is gone."""
    robots: Counter[Outcome] = field(default_factory=Counter)
    """What the fetches of robots.txt came to."""
    filled: Counter[str] = field(default_factory=Counter)
    """In how many of the articles a field was found."""
    last_articles: deque[tuple[str, ...]] = field(default_factory=partial(deque, maxlen=LATELY))
    """The fields found in each of the last articles."""
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    """What the fetches came to, without those of robots.txt."""
    failing: dict[str, tuple[str | None, str]] = field(default_factory=dict)
    """Target URIs whose last fetch of this run failed in a way that is no fact of the page: section, and why."""
    sections: dict[str, Counter[str]] = field(default_factory=dict)
    """For each section: articles read (``found``), new, edited, missing, removed."""
    changed: Counter[str] = field(default_factory=Counter)
    """How many articles are new, edited, missing…"""
    changes: list[Noted] = field(default_factory=list)
    """The first of them: a first crawl finds a hundred thousand."""
    tls: Tls | None = None
    """Of the last connection that had it."""
    last_uri: str = ""
    hosts: dict[str, HostTally] = field(default_factory=dict)

    def count(
        self, exchange: Exchange, reading: Reading, change: Change | None, *, before: PageKind | None = None
    ) -> None:
        """Count one exchange, and what it changed; ``before`` is what the page was when it was read last."""
        self.requests += bool(exchange.request)
        self.answers += bool(exchange.response)
        self.bytes += len(exchange.response)
        self.seconds += exchange.seconds
        self.tls = exchange.tls or self.tls
        self.last_uri = exchange.target_uri
        if exchange.request:
            self.host(host_of(exchange.target_uri)).count(exchange)
        if exchange.hints.found_by is FoundBy.ROBOTS:
            self.robots[reading.outcome] += 1
            return
        self.outcomes[reading.outcome] += 1
        if reading.outcome in TRANSIENT:
            self.failing[exchange.target_uri] = exchange.hints.section, exchange.error or str(reading.outcome)
        else:
            self.failing.pop(exchange.target_uri, None)
        if reading.record is not None:
            self._count_article(reading.record, exchange.hints)
        if reading.kind is PageKind.LISTING and reading.listing:
            self.listings += bool(reading.listing.items)
        self._count_page(exchange.target_uri, exchange.hints.found_by, reading, before)
        if change is not None:
            self.changed[change.kind] += 1
            if len(self.changes) < MOST_NAMED:
                self.changes.append(_note(change))
            self._section(change.record.section)[change.kind] += 1

    def _count_page(self, uri: str, found_by: FoundBy, reading: Reading, before: PageKind | None) -> None:
        """Note whether seeds, listings and the pages that they name are what they should be."""
        if found_by is FoundBy.SEED:
            self.seeds[uri] = reading.outcome
        if found_by is FoundBy.LISTING and (reading.outcome is Outcome.OK or reading.outcome in WALLS):
            self.named.append(reading.kind is PageKind.ARTICLE)
        is_gone = reading.outcome in ABSENT
        if found_by is FoundBy.LISTING or (reading.outcome is not Outcome.OK and not is_gone):
            return  # nothing is known of what the page says now
        rows = len(reading.listing.items) if reading.listing else 0
        if found_by is FoundBy.PAGING:
            if before is not PageKind.ARTICLE and reading.kind is not PageKind.ARTICLE:
                self.paging.append(rows > 0)
        elif rows or found_by is FoundBy.SEED or before is PageKind.LISTING:
            self.rows[uri] = None if is_gone and found_by is not FoundBy.SEED else rows

    def host(self, host: str) -> HostTally:
        """Return the tally of a host."""
        return self.hosts.setdefault(host, HostTally())

    def refused(self, host: str, pause: timedelta) -> None:
        """Count a refusal, after which the host is left alone for ``pause``."""
        tally = self.host(host)
        tally.refusals += 1
        tally.longest_pause = max(tally.longest_pause, pause.total_seconds())

    def _count_article(self, record: Record, hints: Hints) -> None:
        self.articles += 1
        self._section(hints.section or record.section)["found"] += 1
        found = tuple(name for name in FILLED if getattr(record, name))
        self.filled.update(found)
        self.last_articles.append(found)

    def _section(self, name: str | None) -> Counter[str]:
        return self.sections.setdefault(name or "", Counter())


def _note(change: Change) -> Noted:
    """Return a change without the text of its article: thousands are held until the run ends."""
    record = change.record
    return Noted(kind=change.kind, id=record.id, title=record.title, url=record.url, changes=record.changes)
