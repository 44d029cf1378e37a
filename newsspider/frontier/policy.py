"""What to follow, in which order, and when to ask again: small pure decisions, each leaving a reason.

All times follow from ``captured_at``, so a ledger that is rebuilt from the WARC comes to the same plan.
"""

import re
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from urllib.parse import urlsplit

from pipelines.model import Capture, FoundBy, Hints, Listing, Outcome, PageKind, Reading, Site
from pipelines.uri import extension, host_of, in_domains, registrable_domain

RANK = {
    FoundBy.SEED: 0,
    FoundBy.ROBOTS: 0,
    FoundBy.REDIRECT: 0,
    FoundBy.PAGING: 1,
    FoundBy.LISTING: 2,
    FoundBy.FEED: 3,
    FoundBy.NEIGHBOUR: 4,
    FoundBy.LINK: 5,
    FoundBy.SITEMAP: 6,
    FoundBy.ATTACHMENT: 7,
    FoundBy.IMAGE: 8,
    FoundBy.IMPORT: 9,
}
"""Order of fetching, lowest first: what leads to articles, then the articles, then their files."""

PAGE_EXTENSIONS = frozenset(
    ("", "htm", "html", "shtml", "xhtml", "chtml", "jhtml", "asp", "aspx", "php", "jsp", "jspx", "do", "action",
     "psp", "cgi", "page", "xml", "rss", "atom")
)  # fmt: skip
"""A link with another extension is not taken for a page; the dots of ``/v1.2/about`` name no known file type."""

TRANSIENT = frozenset(
    (Outcome.SERVER_ERROR, Outcome.TIMEOUT, Outcome.CONNECTION_ERROR, Outcome.DNS_ERROR, Outcome.TRUNCATED)
)
"""Failures that may be gone in a minute."""

RETRIES = 2
"""Attempts after the first failure within the same run."""

RETRY_DELAY = timedelta(seconds=20)
"""Wait before the first of them; doubles with each."""

REFUSED_DELAY = timedelta(days=1)
"""Wait after a refusal (robots, 403, challenge, login), or when the attempts of a run are used up."""

UNREACHABLE_DELAY = timedelta(minutes=10)
"""Wait until a page is asked for again whose robots.txt could not be reached: no run asks twice, the next one does."""

GONE_DELAY = timedelta(days=1)
"""Wait until a page that was not found is asked for once more: a second witness, on another run."""

REPEATS = 3
"""A folder, or a series of folders, that stands so often in a row is a loop of relative links, and so is a folder that
stands more often in all; a pair of the query that stands so often was added by a link to the page itself."""

LONGEST = 2000
"""Code points of an address; those of news pages stay under 300."""

GROWTH = 2.0
"""The next visit to an article comes after so many times the age of what it says: at ages 1, 3, 9, 27, 81… days."""

DEEPEST = 30
"""Folders of an address; those of news pages stay under 10."""

LEAST_ROWS = 3
"""Rows in order of their days that tell how a listing is ordered."""

RECHECK = timedelta(days=30)
"""A page that is asked for again after so long is rechecked: a run may leave it to the next."""

RECHECKS = 0.001
"""Rechecks of one run at most, as a share of the articles held: what a refresh of an unchanged mirror may cost."""

LEAST_RECHECKS = 80
"""A run may always do so many: a run a week must keep up with the revisits of three new articles a day."""

MOST_RETRY_AFTER = timedelta(days=7)
"""A server that asks for more (RFC 9110 §10.2.3) is asked again after this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """An address worth fetching, and how it was found."""

    uri: str
    hints: Hints


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What the ledger knows of an address before the capture at hand."""

    failures: int = 0
    """Failed attempts in a row."""
    changed_at: datetime | None = None
    """When it last changed, as far as is known: of an article at first its publication."""
    gone: int = 0
    """Captures in a row that found it gone."""
    kind: PageKind | None = None
    """What the page was when it was last read."""
    fetches: int = 1
    """Captures of it, the one at hand included."""


def find_leads(capture: Capture, reading: Reading, site: Site) -> Iterator[Lead]:
    """Yield what a reading leads to, the surest way of finding first; the same address may come again.

    Only a page that was reached leads on: the chrome of an error page has relative links, which at a wrong
    address lead to wrong addresses without end.
    """
    is_robots = capture.hints.found_by is FoundBy.ROBOTS  # where it is sent on to is followed at once
    if reading.target and is_in_scope(reading.target, site) and not is_robots:
        yield Lead(uri=reading.target, hints=_inherit(capture.hints, capture.target_uri))
    if reading.outcome is not Outcome.OK:
        return
    here = capture.target_uri
    if reading.listing:
        yield from _listing_leads(capture, reading, site)
    feeds = FoundBy.SITEMAP if capture.hints.found_by is FoundBy.ROBOTS else FoundBy.FEED
    for uri in reading.feeds:
        if is_in_scope(uri, site):
            yield Lead(uri=uri, hints=Hints(found_by=feeds, found_on=here))
    if reading.article:
        yield from _article_leads(reading, site, here)
    files = _files(reading)
    for link in reading.links:
        if link.href and link.href not in files and is_page(link.href, site):
            yield Lead(uri=link.href, hints=Hints(found_by=FoundBy.LINK, found_on=here, text=link.title))


def _listing_leads(capture: Capture, reading: Reading, site: Site) -> Iterator[Lead]:
    listing, here = reading.listing, capture.target_uri
    assert listing is not None
    pages, items = FoundBy.PAGING, FoundBy.LISTING
    if reading.kind is PageKind.FEED:
        is_sitemap = capture.hints.found_by is FoundBy.SITEMAP
        pages, items = FoundBy.SITEMAP, FoundBy.SITEMAP if is_sitemap else FoundBy.FEED
    for page in dict.fromkeys(uri for uri in (listing.next, *listing.pages) if uri):
        if is_in_scope(page, site):
            yield Lead(uri=page, hints=Hints(found_by=pages, found_on=here, section=listing.section))
    for item in listing.items:
        if is_page(item.href, site):
            hints = Hints(found_by=items, found_on=here, text=item.title, date=item.date, section=listing.section)
            yield Lead(uri=item.href, hints=hints)


def _inherit(hints: Hints, here: str) -> Hints:
    """A redirect target is the page that was asked for: it keeps the words of the link that led there."""
    return Hints(found_by=FoundBy.REDIRECT, found_on=here, text=hints.text, date=hints.date, section=hints.section)


def _article_leads(reading: Reading, site: Site, here: str) -> Iterator[Lead]:
    article = reading.article
    assert article is not None
    for page in article.pages.value if article.pages else ():
        if page.href and is_in_scope(page.href, site):
            yield Lead(uri=page.href, hints=Hints(found_by=FoundBy.PAGING, found_on=here))
    for neighbour in (article.previous, article.next):
        if neighbour and neighbour.value.href and is_page(neighbour.value.href, site):
            hints = Hints(found_by=FoundBy.NEIGHBOUR, found_on=here, text=neighbour.value.title)
            yield Lead(uri=neighbour.value.href, hints=hints)
    if site.files.attachments and article.attachments:
        for file in article.attachments.value:
            if is_file(file.href, file.type, site):
                hints = Hints(found_by=FoundBy.ATTACHMENT, found_on=here, text=file.title)
                yield Lead(uri=file.href, hints=hints)
    if site.files.images and article.images:
        for image in article.images.value:
            if is_own(image.src, site):
                yield Lead(uri=image.src, hints=Hints(found_by=FoundBy.IMAGE, found_on=here, text=image.alt))


def _files(reading: Reading) -> set[str]:
    """Return the addresses that the page offers as files, whatever they look like (``download.jsp?wbfileid=1``)."""
    article = reading.article
    attachments = article.attachments.value if article and article.attachments else ()
    images = article.images.value if article and article.images else ()
    return {file.href for file in attachments} | {image.src for image in images}


def is_page(uri: str, site: Site) -> bool:
    """Tell whether a link leads to a page of the site's crawl, as far as its address shows.

    A folder (``/xwzx/``) is one.
    """
    return (extension(uri) or "") in PAGE_EXTENSIONS and is_in_scope(uri, site)


def is_file(uri: str, declared: str | None, site: Site) -> bool:
    """Tell whether an attachment is of a type that the site file asks for, and the institution's own."""
    kind = declared or extension(uri)
    return is_own(uri, site) and (not kind or kind in site.files.types)


def is_own(uri: str, site: Site) -> bool:
    """Tell whether a file lies with the institution: on any host of the site's registrable domains.

    News pages link to the files of ministries and journals too; those are not the site's to keep.
    """
    if urlsplit(uri).scheme not in ("http", "https") or len(uri) > LONGEST:
        return False
    own = {registrable_domain(domain) for domain in site.domains}
    return registrable_domain(host_of(uri)) in own


def is_in_scope(uri: str, site: Site) -> bool:
    """Tell whether a page belongs to the crawl; a seed always does."""
    return why_out_of_scope(uri, site) is None


def is_trap(uri: str) -> bool:
    """Tell whether an address is longer than any of a page, or repeats itself as one made by a mistake does.

    >>> is_trap("https://a.example/xw/xw/xw/1.htm"), is_trap("https://a.example/info/1001/1001.htm")
    (True, False)
    >>> is_trap("https://a.example/xw/gg/xw/xw/gg/xw/1.htm"), is_trap("https://a.example/?p=1&p=1&p=1")
    (True, True)
    """
    if len(uri) > LONGEST:
        return True
    parts = urlsplit(uri)
    folders = parts.path.split("/")[1:-1]
    pairs = parts.query.split("&") if parts.query else []
    if len(folders) > DEEPEST or _most_common(folders) > REPEATS or _most_common(pairs) >= REPEATS:
        return True
    return any(
        folders[at : at + size] * (REPEATS - 1) == folders[at + size : at + size * REPEATS]
        for size in range(1, len(folders) // REPEATS + 1)
        for at in range(len(folders) - size * REPEATS + 1)
    )


def _most_common(words: list[str]) -> int:
    return max(Counter(words).values(), default=0)


def why_out_of_scope(uri: str, site: Site) -> str | None:
    """Return the reason why a page does not belong to the crawl, for people; None where it does."""
    if uri in site.seeds:
        return None
    if urlsplit(uri).scheme not in ("http", "https"):
        return "not http or https"
    if is_trap(uri):
        return "repeats itself or is very long: a loop of links"
    if not in_domains(uri, site.domains):
        return "on a host that is not of the site (key domains)"
    for pattern in site.scope.deny:
        if _compiled(pattern).search(uri):
            return f"matches scope.deny {pattern!r}"
    if site.scope.allow and not any(_compiled(pattern).search(uri) for pattern in site.scope.allow):
        return "matches no pattern of scope.allow"
    return None


@lru_cache(maxsize=4096)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def next_due(
    capture: Capture, reading: Reading, past: Past, site: Site, *, retry_after: timedelta | None
) -> datetime | None:
    """Return when to ask again, or None for never; a seed is always asked again.

    ``past`` counts the capture at hand: its ``failures`` and ``gone`` are those after it.
    """
    wait = _wait(capture, reading.outcome, past, site)
    if wait is None and capture.hints.found_by is FoundBy.SEED:
        wait = REFUSED_DELAY
    if wait is not None and retry_after is not None and is_transient(capture, reading):
        wait = max(wait, min(retry_after, MOST_RETRY_AFTER))
    return None if wait is None else capture.captured_at + wait


def is_transient(capture: Capture, reading: Reading) -> bool:
    """Tell whether a fetch failed in a way that may be gone in a minute."""
    return reading.outcome in TRANSIENT or capture.status == 429


def _wait(capture: Capture, outcome: Outcome, past: Past, site: Site) -> timedelta | None:
    if past.failures:
        return RETRY_DELAY * (1 << (past.failures - 1)) if past.failures <= RETRIES else REFUSED_DELAY
    if outcome in (Outcome.GONE, Outcome.SOFT_404):
        return GONE_DELAY if past.gone < 2 else None
    if outcome is Outcome.REDIRECTED and capture.hints.found_by is not FoundBy.SEED:
        return timedelta(days=site.revisit.article_max_days)
    if outcome in (Outcome.OUT_OF_SCOPE, Outcome.TOO_LARGE, Outcome.NOT_HTML):
        return None
    if outcome is Outcome.ROBOTS_UNREACHABLE:
        return UNREACHABLE_DELAY
    if outcome not in (Outcome.OK, Outcome.NOT_MODIFIED, Outcome.REDIRECTED):
        return REFUSED_DELAY
    days = _interval(capture, past, site)
    is_constant = days in (site.revisit.deep_days, site.revisit.article_max_days)
    return timedelta(days=days * (spread if is_constant and past.fetches == 1 else jitter)(capture.target_uri))


def _interval(capture: Capture, past: Past, site: Site) -> float:
    """Return after how many days a page that answered is asked for again.

    The first page of a listing tells what is new, the pages behind it only what was missed: the ledger asks for
    them when the page before them holds something new. An article is looked at ever more seldom the longer it has
    stayed the same, from its publication on: edits come in the first days.
    """
    revisit, hints = site.revisit, capture.hints
    if hints.found_by in (FoundBy.ATTACHMENT, FoundBy.IMAGE):
        return revisit.article_max_days
    if past.kind is PageKind.LISTING and hints.found_by is FoundBy.PAGING:
        return revisit.deep_days
    if past.kind in (PageKind.LISTING, PageKind.HOME, PageKind.FEED) or hints.found_by is FoundBy.SEED:
        return revisit.listing_days
    age = (capture.captured_at - (past.changed_at or capture.captured_at)) / timedelta(days=1)
    return min(max(GROWTH * age, revisit.article_days), revisit.article_max_days)


def jitter(uri: str) -> float:
    """Return a factor between 0.9 and 1.1 that is always the same for an address: visits spread over the days."""
    return 0.9 + 0.2 * _fraction(uri)


def spread(uri: str) -> float:
    """Return a factor between 0.2 and 1 that is always the same for an address.

    The pages of a first crawl are all fetched within days; without this they would all come back within days.
    """
    return 0.2 + 0.8 * _fraction(uri)


def _fraction(uri: str) -> float:
    return zlib.crc32(uri.encode("utf-8", "surrogatepass")) / 2**32


def most_rechecks(articles: int) -> int:
    """Return how many pages a run rechecks at most, of a site of so many articles held.

    >>> most_rechecks(300), most_rechecks(100_000)
    (80, 100)
    """
    return max(LEAST_RECHECKS, int(articles * RECHECKS))


def is_recheck(capture: Capture, due: datetime | None) -> bool:
    """Tell whether the next visit after a capture is a recheck."""
    return due is not None and due - capture.captured_at >= RECHECK


def find_span(listing: Listing) -> tuple[str, str] | None:
    """Return the oldest and the newest day of the rows that stand in order of their days; None without order.

    Rows above them are pinned; between the two days a listing has every article that it has at all.
    """
    days = [item.date for item in listing.items if item.date]
    start = len(days)
    while start > 0 and (start == len(days) or days[start - 1] >= days[start]):
        start -= 1
    return (days[-1], days[start]) if len(days) - start >= LEAST_ROWS else None
