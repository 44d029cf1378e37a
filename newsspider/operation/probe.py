"""The first contact with a site: what it is, from a few dozen polite requests.

The real spider goes over the site with a plan of its own: broad instead of deep. What it brought is read from the
archive, as anything else is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pipelines.document import open_capture
from pipelines.model import Capture, FoundBy, Outcome, Reading, Site
from pipelines.read import read
from pipelines.uri import host_of, registrable_domain

if TYPE_CHECKING:
    from newsspider.archive.folder import Archive
    from newsspider.frontier.agenda import Due
    from newsspider.frontier.ledger import Ledger
    from pipelines.normalise.record import Models

QUOTAS = {
    FoundBy.SEED: 3,
    FoundBy.REDIRECT: 6,
    FoundBy.LINK: 16,
    FoundBy.FEED: 1,
    FoundBy.LISTING: 12,
    FoundBy.PAGING: 4,
}
"""Pages of those found in each way that are looked at, in this order: under a minute at one a second."""

MOST_FETCHES = 55
"""Addresses that are asked for, whatever becomes of them: where half of a menu is dead there is more to try."""

MOST_CONSIDERED = 2000
"""Addresses that a plan chooses from."""

NEWS = re.compile(
    r"新闻|要闻|动态|快讯|通知|公告|公示|通告|学术|讲座|媒体|时讯|新聞|要聞|動態|消息|公佈|"
    r"news|event|announce|notice|press|aktuell|nachricht|お知らせ|ニュース|공지|뉴스|소식",
    re.IGNORECASE,
)
"""Words of menus behind which news lies."""

MOST_SEEDS = 12

LEAST_ROWS = 3
"""A listing with fewer rows may be a box of links."""

FIRST_PAGES = 2
"""A page that follows the first and bears a higher number than this is counted backwards from the end."""


def plan(
    ledger: Ledger, now: datetime, *, not_since: datetime, limit: int, rechecks: int, skip: Callable[[str], bool]
) -> list[Due]:
    """Return at most one address, because each answer changes what is worth asking next.

    Chosen are menus that speak of news, then a few articles of the listings, then second pages.
    """
    counts = ledger.counts()
    if sum(counts.values()) - counts.get("unfetched", 0) >= MOST_FETCHES:
        return []
    due = ledger.agenda.due(now, not_since=not_since, limit=MOST_CONSIDERED, rechecks=rechecks, skip=skip)
    reached = ledger.reached_by()
    for found_by, quota in QUOTAS.items():
        rows = [one for one in due if one.hints.found_by is found_by]
        if rows and reached.get(found_by, 0) < quota:
            return [min(rows, key=_order)]
    return []


def _order(due: Due) -> tuple[bool, int]:
    """Menus that speak of news first, then what lies near the root."""
    words = f"{due.hints.text or ''} {urlsplit(due.uri).path}"
    return not NEWS.search(words), due.uri.count("/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A listing that was found."""

    uri: str
    name: str | None
    items: int
    oldest: str | None
    newest: str | None
    next: str | None
    direction: str | None
    """``forwards`` (2, 3, 4…) or ``backwards`` (12, 11, 10…), where the pager shows it."""
    total: int | None


@dataclass(slots=True)
class Contact:
    """What a probe learned of a site."""

    uri: str
    outcomes: Counter[str] = field(default_factory=Counter)
    robots: str = "not asked"
    charsets: Counter[str] = field(default_factory=Counter)
    layouts: Counter[str] = field(default_factory=Counter)
    title: str | None = None
    """Of the first page."""
    sections: list[Section] = field(default_factory=list)
    articles: list[tuple[str, Reading]] = field(default_factory=list)
    """Address and reading of the articles seen."""
    other_hosts: Counter[str] = field(default_factory=Counter)
    """Hosts of the same registrable domain that pages link to."""


def look_at(archive: Archive, site: Site, models: Models) -> Contact:
    """Return what the captures of a probe say."""
    contact = Contact(uri=site.seeds[0])
    own = registrable_domain(host_of(site.seeds[0]))
    listings: list[tuple[Capture, Reading]] = []
    behind: dict[str, str | None] = {}
    for capture in archive.captures(site.id):
        reading = read(capture, site, models)
        if capture.hints.found_by is FoundBy.ROBOTS:
            contact.robots = _robots(capture, reading)
            continue
        contact.outcomes[str(reading.outcome)] += 1
        if reading.charset is not None:
            contact.charsets[f"{reading.charset.name} (by {reading.charset.reason})"] += 1
        for link in reading.links:
            host = host_of(link.href or "")
            if host and host not in site.domains and registrable_domain(host) == own:
                contact.other_hosts[host] += 1
        if contact.title is None and reading.kind is not None:
            contact.title = _title(capture)
        if reading.listing and capture.hints.found_by is FoundBy.PAGING:
            behind[capture.target_uri] = reading.listing.next
        elif reading.listing and len(reading.listing.items) >= LEAST_ROWS and not _is_known(reading, listings):
            listings.append((capture, reading))
        if reading.article is not None:
            contact.layouts[reading.article.layout or "no known family"] += 1
            contact.articles.append((capture.target_uri, reading))
    contact.sections += (_section(capture, reading, behind) for capture, reading in listings)
    contact.sections.sort(key=lambda one: (one.newest or "", one.items), reverse=True)
    return contact


def _is_known(reading: Reading, listings: Sequence[tuple[Capture, Reading]]) -> bool:
    """Tell whether a listing is one that is known under another address: / and /index.htm."""
    assert reading.listing is not None
    told = reading.listing.items, reading.listing.next
    return any(other.listing and (other.listing.items, other.listing.next) == told for _, other in listings)


def _robots(capture: Capture, reading: Reading) -> str:
    if capture.status is None:
        return f"cannot be reached ({capture.outcome}), so nothing may be fetched"
    if reading.outcome is Outcome.GONE:
        return "there is none, so everything may be fetched"
    return f"answers {capture.status}" + (f", names {len(reading.feeds)} sitemaps" if reading.feeds else "")


def _title(capture: Capture) -> str | None:
    title = open_capture(capture).root.findtext(".//title")
    return " ".join((title or "").split()) or None


def _section(capture: Capture, reading: Reading, behind: dict[str, str | None]) -> Section:
    listing = reading.listing
    assert listing is not None
    dates = sorted(item.date for item in listing.items if item.date)
    return Section(
        uri=capture.target_uri,
        name=listing.section or capture.hints.text,
        items=len(listing.items),
        oldest=dates[0] if dates else None,
        newest=dates[-1] if dates else None,
        next=listing.next,
        direction=direction(listing.next, behind.get(listing.next)) if listing.next else None,
        total=listing.total,
    )


def direction(following: str, behind: str | None) -> str:
    """Return which way a pager counts: by the page that follows the first and, where known, the one behind it.

    >>> direction("https://a.example/tzgg/12.htm", None), direction("https://a.example/list2.htm", None)
    ('backwards', 'forwards')
    >>> direction("https://a.example/tzgg/2.htm", "https://a.example/tzgg/1.htm")
    'backwards'
    """
    number, next_number = _number(following), _number(behind or "")
    if number is not None and next_number is not None:
        return "forwards" if next_number > number else "backwards"
    return "backwards" if number is not None and number > FIRST_PAGES else "forwards"


def _number(uri: str) -> int | None:
    numbers = re.findall(r"\d+", uri.rpartition("/")[2])
    return int(numbers[-1]) if numbers else None


def site_id(uri: str) -> str:
    """Return an id for a site, from its host.

    >>> site_id("https://news.nankai.edu.cn/"), site_id("http://www.fudan.edu.cn/"), site_id("http://127.0.0.1:8791/")
    ('nankai-news', 'fudan', 'site-127-0-0-1-8791')
    """
    host = host_of(uri)
    domain = registrable_domain(host)
    name = domain.partition(".")[0]
    if not name or name.isdigit() or ":" in host:
        return "site-" + re.sub(r"[^a-z0-9]+", "-", host).strip("-")
    inner = [part for part in host.removesuffix(domain).strip(".").split(".") if part and part != "www"]
    return re.sub(r"[^a-z0-9]+", "-", "-".join([name, *reversed(inner)])).strip("-")


def write_toml(contact: Contact, *, id: str, name: str) -> str:
    """Return the site file that a probe suggests: the sections with the newest news as seeds."""
    seeds = [one.uri for one in contact.sections if one.newest][:MOST_SEEDS] or [contact.uri]
    lines = [f"id = {_quoted(id)}", f"name = {_quoted(name)}", "seeds = ["]
    lines += [f"    {_quoted(uri)}," for uri in seeds]
    lines += ["]", f"control = {_quoted(contact.uri)}", "checked = false"]
    families = ", ".join(name for name, _ in contact.layouts.most_common(2))
    lines += [f"notes = {_quoted(f'Written by newsspider probe; layout: {families}.')}" if families else ""]
    return "\n".join(line for line in lines if line) + "\n"


def _quoted(text: str) -> str:
    """Return a TOML basic string."""
    escaped = "".join(_escape(character) for character in text)
    return f'"{escaped}"'


def _escape(character: str) -> str:
    if character in '"\\':
        return "\\" + character
    return f"\\u{ord(character):04x}" if ord(character) < 32 or ord(character) == 127 else character
