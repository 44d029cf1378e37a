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

FLAT = re.compile(r"[\s,;]+")


def find_reservations(document: Document) -> tuple[str, ...]:
    """Return the wishes in a page's ``meta`` elements: ``meta robots: noarchive``, ``meta tdm-reservation: 1``."""
    if "robots" not in document.text and "tdm-" not in document.text:
        return ()
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
            agent, colon, rest = value.partition(":")
            if not colon or agent.strip().lower() in ("newsspider", "unavailable_after"):
                yield from (f"X-Robots-Tag: {wish}" for wish in _wishes(rest if colon else value))
        elif name.lower() == "tdm-reservation" and value.strip() == "1":
            yield "TDM-Reservation: 1"


def _wishes(text: str) -> list[str]:
    return [word for word in FLAT.split(text.lower()) if word in WISHES]
