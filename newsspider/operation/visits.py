"""What a webmaster may want to know of the crawl: every request to a host, as the archive's WARC has it.

A run report is a journal, and a killed run leaves none; the WARC has every request that was ever sent.
"""

from __future__ import annotations

import base64
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

from newsspider.frontier.politeness import REFUSING, SILENT
from pipelines.http import MAX_HEAD, parse_head
from pipelines.model import Outcome
from pipelines.store.record import decode_fields, from_warc_date, unbracket
from pipelines.store.sound import read_sound_records
from pipelines.store.warc import ORIGIN, read_about
from pipelines.uri import host_of

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.model import Header
    from pipelines.store.record import WarcRecord

BEGUN = re.compile(r"-([0-9]{14})-[0-9]+[.]warc")
"""When a WARC file was begun, in its name."""

BLANK_LINE = re.compile(rb"\r?\n\r?\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One request, or one that was not sent because robots.txt forbids it."""

    at: datetime
    uri: str
    line: str
    """The request line; empty where nothing was sent."""
    agent: str
    """User-Agent."""
    sender: str
    """From."""
    status: int | None
    size: int
    """Bytes of the answer. Of a page that was archived before and came again in chunks, only those of its header."""
    outcome: Outcome

    @property
    def was_refused(self) -> bool:
        """Whether the host said that it is asked too much, or said nothing."""
        return self.status in REFUSING or (self.status is None and self.outcome in SILENT)

    def to_log_line(self) -> str:
        """Return it as a line of Apache's Combined Log Format, with the host that was asked before it."""
        status, size = self.status or "-", self.size or "-"
        line = self.line.replace('"', '\\"')
        when = f"{self.at:%d/%b/%Y:%H:%M:%S %z}"
        return f'{host_of(self.uri)} - - [{when}] "{line}" {status} {size} "-" "{self.agent}"'


def read_visits(warcs: Sequence[Path], since: datetime) -> Iterator[Visit]:
    """Yield what a site's own WARC files, in the order of their writing, hold of the time since ``since``."""
    for path, following in zip(warcs, [*warcs[1:], None], strict=True):
        begun = BEGUN.search(following.name) if following else None
        if begun and datetime.strptime(begun[1], "%Y%m%d%H%M%S").replace(tzinfo=UTC) < since:
            continue
        if ORIGIN not in read_about(path):  # what was imported was asked by somebody else
            yield from (visit for visit in _visits(path) if visit.at >= since)


def _visits(path: Path) -> Iterator[Visit]:
    request, told = b"", dict[str, str]()
    for record in read_sound_records(path, lambda _: None):
        if record.kind == "request":
            request = bytes(record.block)
        elif record.kind == "metadata":
            told = dict(decode_fields(bytes(record.block)))
            if not record.field("WARC-Concurrent-To"):
                request, answer = (base64.b64decode(told.get(name, "")) for name in ("bytesSent", "bytesReceived"))
                yield _to_visit(record, request, told, answer)
        elif record.kind in ("response", "revisit"):
            answer = bytes(record.block) or base64.b64decode(told.get("bytesReceived", ""))
            yield _to_visit(record, request, told, answer)


def _to_visit(record: WarcRecord, request: bytes, told: dict[str, str], answer: bytes) -> Visit:
    line, _, rest = _head(request).partition(b"\n")
    fields = {name.lower(): value for name, value in decode_fields(rest)}
    head = parse_head(_head(answer))
    size = len(answer)
    if record.kind == "revisit" and head is not None and head.status == 200:
        size += _content_length(head.headers)
    return Visit(
        at=from_warc_date(record.field("WARC-Date") or ""),
        uri=unbracket(record.field("WARC-Target-URI") or ""),
        line=line.strip().decode("latin-1"),
        agent=fields.get("user-agent", ""),
        sender=fields.get("from", ""),
        status=head.status if head else None,
        size=size,
        outcome=Outcome(told.get("outcome", Outcome.OK)),
    )


def _head(message: bytes) -> bytes:
    return BLANK_LINE.split(message[:MAX_HEAD], maxsplit=1)[0]


def _content_length(headers: Sequence[Header]) -> int:
    value = next((value for name, value in headers if name.lower() == "content-length"), "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 12 else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What the requests to one host, or to several, come to. Gaps in seconds, from one request to the next."""

    requests: int
    first_at: datetime | None
    last_at: datetime | None
    shortest_gap: float | None
    median_gap: float | None
    busiest_minute: int
    """Requests in any span of 60 seconds, at most."""
    busiest_hour: int
    bytes: int
    answers: dict[str, int]
    """Number by status; ``none`` for those that never came."""
    refusals: int
    """429, 503, time-outs, connections refused or cut."""
    shortest_wait: float | None
    """Seconds from a refusal to the next request, at least."""
    robots: int
    """How often robots.txt was asked for."""
    forbidden: int
    """Requests that were not sent because robots.txt forbids them."""


def account_for(visits: Sequence[Visit]) -> Account:
    """Add up visits; they need not be in order."""
    sent = sorted((visit for visit in visits if visit.line), key=lambda visit: visit.at)
    moments = [visit.at for visit in sent]
    gaps = [_seconds(later - earlier) for earlier, later in pairwise(moments)]
    waits = [gap for visit, gap in zip(sent, gaps, strict=False) if visit.was_refused]
    answers = Counter(str(visit.status) if visit.status else "none" for visit in sent)
    return Account(
        requests=len(sent),
        first_at=moments[0] if moments else None,
        last_at=moments[-1] if moments else None,
        shortest_gap=min(gaps, default=None),
        median_gap=median(gaps) if gaps else None,
        busiest_minute=most_within(moments, timedelta(minutes=1)),
        busiest_hour=most_within(moments, timedelta(hours=1)),
        bytes=sum(visit.size for visit in sent),
        answers=dict(sorted(answers.items())),
        refusals=sum(visit.was_refused for visit in sent),
        shortest_wait=min(waits, default=None),
        robots=sum(visit.uri.endswith("/robots.txt") for visit in sent),
        forbidden=sum(visit.outcome is Outcome.ROBOTS_DENIED for visit in visits),
    )


def most_within(moments: Sequence[datetime], span: timedelta) -> int:
    """Return the most of these sorted moments that lie within any span of that length, its end not included.

    >>> most_within([datetime(2026, 1, 1, 0, 0, second) for second in (0, 10, 20, 30)], timedelta(seconds=20))
    2
    """
    most = first = 0
    for last, moment in enumerate(moments):
        while moments[first] <= moment - span:
            first += 1
        most = max(most, last - first + 1)
    return most


def _seconds(span: timedelta) -> float:
    return span / timedelta(seconds=1)
