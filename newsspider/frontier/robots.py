"""robots.txt by RFC 9309: what may be fetched, and what an unreachable file means.

Scrapy's own middleware takes an unreachable robots.txt for «no rules»; the RFC says «complete disallow»
(§2.3.1.4). The parsing is Protego's. Each robots.txt is captured like any page.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from protego import Protego
from scrapy import Request

from pipelines.model import FoundBy, Hints, Outcome, Reading
from pipelines.uri import resolve

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from pipelines.model import Capture

    Fetch = Callable[[Request], Awaitable[tuple[Capture, Reading]]]

LIFETIME = timedelta(hours=24)
"""A cached file is used no longer (§2.4)."""

UNREACHABLE_LIFETIME = timedelta(minutes=10)
"""After a failure the file is asked for again so soon, within the same run."""

HOPS = 5
"""Redirects to follow (§2.3.1.2); beyond them the file counts as unavailable."""

MOST_DELAY = 300.0
"""Seconds: a file that asks for more is asked again so seldom."""

MOST_BYTES = 500 * 1024
"""Parsing limit (§2.5): what stands behind it is not read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The rules of one origin."""

    fetched_at: datetime
    reachable: bool
    parsed: Protego | None = None
    """None where there are no rules: everything is allowed if reachable, nothing if not."""

    def is_fresh(self, now: datetime) -> bool:
        return now - self.fetched_at < (LIFETIME if self.reachable else UNREACHABLE_LIFETIME)

    def delay(self, user_agent: str) -> float:
        """Return the seconds between two requests that the file asks for, ``Crawl-delay`` or ``Request-rate``."""
        if self.parsed is None:
            return 0.0
        rate = self.parsed.request_rate(user_agent)
        per_request = rate.seconds / rate.requests if rate is not None and rate.requests else 0.0
        return min(max(self.parsed.crawl_delay(user_agent) or 0.0, per_request), MOST_DELAY)

    def judge(self, uri: str, user_agent: str) -> Outcome:
        """Return ``OK``, ``ROBOTS_DENIED`` or ``ROBOTS_UNREACHABLE`` for an address."""
        if not self.reachable:
            return Outcome.ROBOTS_UNREACHABLE
        if self.parsed is None or self.parsed.can_fetch(uri, user_agent):
            return Outcome.OK
        return Outcome.ROBOTS_DENIED


def robots_uri(uri: str) -> str:
    """Return the address of the robots.txt that rules over ``uri`` (§2.3)."""
    parts = urlsplit(uri)
    return f"{parts.scheme}://{parts.netloc}/robots.txt"


def parse_robots(payload: bytes) -> Protego:
    """Parse a robots.txt. It is UTF-8 (§2.2); anything else is read as far as it goes."""
    text = payload[:MOST_BYTES].removeprefix(codecs.BOM_UTF8).decode("utf-8", "replace")
    return Protego.parse(text)


async def fetch_rules(origin_uri: str, fetch: Fetch, now: datetime) -> Rules:
    """Fetch the rules of an origin, following redirects."""
    from pipelines.document import decode_content

    uri = robots_uri(origin_uri)
    for _ in range(HOPS + 1):
        capture, _ = await fetch(robots_request(uri))
        status = capture.status
        if status is None or status == 429 or status >= 500 or capture.truncated == "disconnect":
            return Rules(fetched_at=now, reachable=False)
        if 300 <= status < 400 and (location := capture.header("Location")):
            target = resolve(uri, location)
            if target is None:
                break
            uri = target
            continue
        if 200 <= status < 300:
            payload = decode_content(capture.payload, capture.header("Content-Encoding"))
            return Rules(fetched_at=now, reachable=True, parsed=parse_robots(bytes(payload[:MOST_BYTES])))
        break
    return Rules(fetched_at=now, reachable=True)


def robots_request(uri: str) -> Request:
    """Return the request for a robots.txt."""
    return Request(uri, meta={"hints": Hints(found_by=FoundBy.ROBOTS)}, dont_filter=True, priority=1000)
