"""Listings for machines: RSS, Atom and sitemaps."""

import re
from collections.abc import Iterator
from email.utils import parsedate_to_datetime

from lxml import etree

from pipelines.model import Document, Item, Listing
from pipelines.uri import resolve

ROOT = re.compile(rb"<(?:\w+:)?(rss|feed|RDF|urlset|sitemapindex)[\s>]")
"""Root elements of RSS 2.0, Atom (RFC 4287), RSS 1.0, and sitemaps (sitemaps.org)."""

FEED_TYPES = ("application/rss+xml", "application/atom+xml")

SITEMAP = re.compile(rb"^[ \t]*sitemap[ \t]*:[ \t]*(\S+)", re.IGNORECASE | re.MULTILINE)

HEAD_BYTES = 4096
"""Where the root element must begin: after an XML declaration, style sheets and comments."""

ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def is_feed(payload: bytes) -> bool:
    """Tell whether bytes are a feed or a sitemap, by their root element."""
    return ROOT.search(payload[:HEAD_BYTES]) is not None


def find_feeds(document: Document) -> tuple[str, ...]:
    """Return the feeds that a page's head names: ``rel=alternate``, a feed's type (WHATWG HTML §4.6.6.1)."""
    if "application/rss" not in document.text and "application/atom" not in document.text:
        return ()
    found = (
        _resolved(document.base, link.get("href"))
        for link in document.root.iter("link")
        if "alternate" in link.get("rel", "").lower() and link.get("type", "").lower().strip() in FEED_TYPES
    )
    return tuple(dict.fromkeys(filter(None, found)))


def find_sitemaps(robots: bytes, *, base: str) -> tuple[str, ...]:
    """Return the sitemaps that a robots.txt names (sitemaps.org)."""
    named = (match[1].decode("utf-8", "replace") for match in SITEMAP.finditer(robots))
    return tuple(dict.fromkeys(filter(None, (_resolved(base, uri) for uri in named))))


def find_feed(payload: bytes, *, base: str) -> Listing:
    """Return the entries of a feed or sitemap as listing items; a sitemap index lists its sitemaps as pages.

    Broken XML is read as far as it goes; entities are not expanded and nothing is loaded.
    """
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True)
    root: etree._Element | None = etree.fromstring(payload, parser)  # None where nothing could be recovered
    if root is None:
        return Listing(note="the feed holds no XML")
    sitemaps = tuple(uri for entry in _named(root, "sitemap") if (uri := _resolved(base, _text(entry, "loc"))))
    items = tuple(_items(root, base))
    title = next((_text(channel, "title") for channel in _named(root, "channel")), None) or _text(root, "title")
    return Listing(items=items, section=title, pages=sitemaps)


def _items(root: etree._Element, base: str) -> Iterator[Item]:
    for entry in root.iter("{*}item", "{*}entry", "{*}url"):
        href = _resolved(base, _text(entry, "link") or _atom_link(entry) or _text(entry, "loc"))
        if href is not None:
            printed = next(
                (
                    date
                    for name in ("pubDate", "published", "date", "updated", "lastmod")
                    if (date := _text(entry, name))
                ),
                None,
            )
            yield Item(title=_text(entry, "title") or "", href=href, date=_day(printed))


def _named(root: etree._Element, name: str) -> Iterator[etree._Element]:
    return root.iter(f"{{*}}{name}")


def _text(entry: etree._Element, name: str) -> str | None:
    child = entry.find(f"{{*}}{name}")
    text = " ".join("".join(child.itertext()).split()) if child is not None else ""
    return text or None


def _atom_link(entry: etree._Element) -> str | None:
    """Return the address of an Atom entry's own page (RFC 4287 §4.2.7: no ``rel`` means ``alternate``)."""
    for link in entry.iterfind("{*}link"):
        if link.get("rel", "alternate") == "alternate" and link.get("href"):
            return link.get("href")
    return None


def _resolved(base: str, href: str | None) -> str | None:
    return resolve(base, href) if href else None


def _day(printed: str | None) -> str | None:
    """Return the day of a date as RSS (RFC 822) or Atom (RFC 3339) print it, in the zone they print.

    >>> _day("Tue, 12 May 2020 23:30:00 +0800"), _day("2020-05-12T23:30:00+08:00"), _day("soon")
    ('2020-05-12', '2020-05-12', None)
    """
    if not printed:
        return None
    if iso := ISO_DAY.match(printed):
        return iso[0]
    try:
        return parsedate_to_datetime(printed).date().isoformat()
    except ValueError:
        return None
