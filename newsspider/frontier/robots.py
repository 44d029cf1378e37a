"""robots.txt by RFC 9309: what may be fetched, and what an unreachable file means.

Scrapy's own middleware takes an unreachable robots.txt for «no rules»; the RFC says «complete disallow»
(§2.3.1.4). The parsing is Protego's. Each robots.txt is captured like any page.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import quote_from_bytes, urlsplit

from protego import Protego

from newsspider.frontier.policy import LONGEST, UNREACHABLE_DELAY
from newsspider.frontier.politeness import MOST_DELAY
from pipelines.document import decode_payload
from pipelines.errors import ContentError
from pipelines.model import Outcome
from pipelines.uri import resolve

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from pipelines.model import Capture

    Fetch = Callable[[str], Awaitable[Capture]]

LIFETIME = timedelta(hours=24)
"""A cached file is used no longer (§2.4)."""

HOPS = 5
"""Redirects to follow (§2.3.1.2); beyond them the file counts as unavailable."""

MOST_BYTES = 500 * 1024
"""Parsing limit (§2.5): what stands behind it is not read."""

BOMS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
"""Notepad saves «Unicode» files as UTF-16."""

USER_AGENT = re.compile(r"[ \t]*user[- ]?agent[ \t]*[:\s][ \t]*([^#\n]*)", re.IGNORECASE)

OTHERS = "user-agent: -"
"""Stands for all groups that are meant for others; no product has this name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The rules of one origin."""

    fetched_at: datetime
    """When the last of the redirects to it was answered."""
    fresh_until: datetime
    failure: Outcome | None = None
    """Why the file cannot be reached: then nothing is allowed. None where it can."""
    parsed: Protego | None = None
    """None where there are no rules."""

    def delay(self, name: str) -> float:
        """Return the seconds between two requests that the file asks for, ``Crawl-delay`` or ``Request-rate``."""
        if self.parsed is None:
            return 0.0
        rate = self.parsed.request_rate(name)
        per_request = rate.seconds / rate.requests if rate is not None else 0.0
        return min(max(self.parsed.crawl_delay(name) or 0.0, per_request), MOST_DELAY)

    def judge(self, uri: str, name: str) -> Outcome:
        """Return ``OK``, ``ROBOTS_DENIED``, ``ROBOTS_UNREACHABLE``, or ``OUT_OF_SCOPE`` where the host may not be asked."""
        if self.failure is not None:
            is_refused = self.failure is Outcome.OUT_OF_SCOPE
            return Outcome.OUT_OF_SCOPE if is_refused else Outcome.ROBOTS_UNREACHABLE
        if self.parsed is None or self.parsed.can_fetch(uri, name):
            return Outcome.OK
        return Outcome.ROBOTS_DENIED


def product_token(user_agent: str) -> str:
    """Return the name that a robots.txt knows a crawler by (§2.2.1).

    >>> product_token("newsspider/1.0 (+https://github.com/newsspider)")
    'newsspider'
    """
    return re.split(r"[/\s]", user_agent, maxsplit=1)[0]


def robots_uri(uri: str) -> str:
    """Return the address of the robots.txt that rules over ``uri`` (§2.3)."""
    parts = urlsplit(uri)
    return f"{parts.scheme}://{parts.netloc}/robots.txt"


def parse_robots(payload: bytes, name: str) -> Protego:
    """Parse the rules for the product ``name``, and for all.

    The groups of others are one to the parser: a file of a thousand products and a thousand rules would make it
    remember a million.
    """
    lines = []
    for line in _decode(payload[:MOST_BYTES]).splitlines():
        agent = USER_AGENT.match(line)
        is_ours = agent is None or agent[1].strip().strip("*").lower() in ("", name.lower())
        lines.append(line if is_ours else OTHERS)
    return Protego.parse("\n".join(lines))


def _decode(payload: bytes) -> str:
    """Return the text. It is UTF-8 (§2.2), but webmasters write their folders in GBK too: such a rule counts for
    both ways to escape it.
    """
    for bom, charset in BOMS.items():
        if payload.startswith(bom):
            return payload.removeprefix(bom).decode(charset, "replace")
    try:
        return payload.decode("utf-8")
    except UnicodeDecodeError:
        escaped = quote_from_bytes(payload, safe=bytes(range(0x80)))
        return "\n".join((payload.decode("gb18030", "replace"), OTHERS, escaped))


def is_answer(capture: Capture) -> bool:
    """Tell whether a capture of a robots.txt says what the file is, or that there is none.

    Server and network errors say neither (§2.3.1.4), nor does «too many requests»; a file beyond the limit does.
    """
    status = capture.status
    return status is not None and status != 429 and status < 500 and capture.truncated in (None, "length")


async def fetch_rules(origin_uri: str, fetch: Fetch, *, name: str, now: Callable[[], datetime]) -> Rules:
    """Fetch the rules that an origin has for the product ``name``, following redirects."""
    uri = robots_uri(origin_uri)
    fetched_at: list[datetime] = []
    for _ in range(HOPS + 1):
        capture = await fetch(uri)
        fetched_at.append(capture.captured_at)
        if not is_answer(capture):
            return _unreachable(now(), _failure(capture))
        assert capture.status is not None
        if 300 <= capture.status < 400:
            target = resolve(uri, capture.header("Location") or "")
            if target is None or urlsplit(target).scheme not in ("http", "https") or len(target) > LONGEST:
                break
            uri = target
            continue
        if not 200 <= capture.status < 300:
            break
        try:
            payload = decode_payload(capture)
        except ContentError as error:
            return _unreachable(now(), error.outcome)
        parsed = parse_robots(payload, name)
        return Rules(fetched_at=fetched_at[-1], fresh_until=min(fetched_at) + LIFETIME, parsed=parsed)
    return Rules(fetched_at=fetched_at[-1], fresh_until=min(fetched_at) + LIFETIME)


def _unreachable(now: datetime, failure: Outcome) -> Rules:
    return Rules(fetched_at=now, fresh_until=now + UNREACHABLE_DELAY, failure=failure)


def _failure(capture: Capture) -> Outcome:
    if capture.outcome is not Outcome.OK:
        return capture.outcome
    return Outcome.BLOCKED if capture.status == 429 else Outcome.SERVER_ERROR
