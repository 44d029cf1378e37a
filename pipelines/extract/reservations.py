"""What a publisher reserves: wishes about archiving, indexing and mining, in the page or in its headers.

They are recorded, never acted on here; what follows from them is the policy of the site file.
"""

import re
from collections.abc import Iterable, Iterator

from pipelines.model import Document, Header

WISHES = frozenset(("noarchive", "noindex", "nosnippet", "none", "noai", "noimageai", "nocache"))
"""Words of ``X-Robots-Tag`` and ``<meta name=robots>`` that limit what may be kept or shown."""

AGAINST_KEEPING = frozenset(("noarchive", "nocache", "noai", "tdm-reservation: 1"))
"""What a site file that respects reservations makes no record of; ``noindex`` speaks of search engines."""

WITH_VALUE = frozenset(("max-snippet", "max-image-preview", "max-video-preview", "unavailable_after"))
"""Rules of ``X-Robots-Tag`` that have a value behind a colon."""

NAME = re.compile(r"[a-z][a-z0-9_-]*")

FLAT = re.compile(r"[\s,;]+")


def find_reservations(document: Document) -> tuple[str, ...]:
    """Return the wishes in a page's ``meta`` elements: ``meta robots: noarchive``, ``meta tdm-reservation: 1``."""
    found: list[str] = []
    for meta in document.root.iter("meta"):
        name, content = meta.get("name", "").strip().lower(), meta.get("content", "").strip()
        if name in ("robots", "newsspider"):
            found += (f"meta {name}: {wish}" for wish in _wishes(content))
        elif name == "tdm-reservation" and content == "1":
            found.append("meta tdm-reservation: 1")
    return tuple(dict.fromkeys(found))


def is_against_keeping(reservations: Iterable[str]) -> bool:
    """Tell whether the publisher asks not to be kept or mined.

    >>> is_against_keeping(["X-Robots-Tag: noindex"]), is_against_keeping(["meta robots: noarchive"])
    (False, True)
    """
    return any(wish.lower().endswith(tuple(AGAINST_KEEPING)) for wish in reservations)


def read_reservations(headers: Iterable[Header]) -> tuple[str, ...]:
    """Return the wishes in a response's headers: X-Robots-Tag, and TDM-Reservation (TDM Reservation Protocol)."""
    return tuple(dict.fromkeys(_in_headers(headers)))


def _in_headers(headers: Iterable[Header]) -> Iterator[str]:
    for name, value in headers:
        if name.lower() == "x-robots-tag":
            yield from (f"X-Robots-Tag: {wish}" for wish in _for_us(value))
        elif name.lower() == "tdm-reservation" and value.strip() == "1":
            yield "TDM-Reservation: 1"


def _for_us(value: str) -> Iterator[str]:
    """Yield the wishes of an X-Robots-Tag that are meant for all or for us.

    A name before a colon is that of a crawler, whom what follows is meant for, unless it is a rule with a value.
    """
    is_ours = True
    for member in value.lower().split(","):
        name, colon, rest = member.partition(":")
        if colon and NAME.fullmatch(name.strip()) and name.strip() not in WITH_VALUE:
            is_ours, member = name.strip() == "newsspider", rest
        if is_ours:
            yield from _wishes(member)


def _wishes(text: str) -> list[str]:
    return [word for word in FLAT.split(text.lower()) if word in WISHES]
