"""One path to a record: what a capture says, whether it comes from the wire, the archive or a loose file.

``read`` decodes, parses once, classifies, extracts and normalises; ``join`` makes one record of the pages of
an article that is split over several. Both are pure: the same captures, site and models give the same reading.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from pipelines.classify import classify, confirm_article
from pipelines.document import ContentError, decode_content, is_html, open_document
from pipelines.extract import extract
from pipelines.extract.feeds import find_feed, is_feed
from pipelines.extract.links import find_links
from pipelines.extract.listing import find_listing
from pipelines.model import (
    Article,
    Capture,
    Document,
    Finding,
    FoundBy,
    Outcome,
    PageKind,
    Reading,
    Site,
)
from pipelines.normalise import Models, normalise
from pipelines.uri import resolve

REDIRECTS = frozenset((301, 302, 303, 307, 308))

STATUS_OUTCOMES = {
    304: Outcome.NOT_MODIFIED,
    401: Outcome.LOGIN_REQUIRED,
    403: Outcome.BLOCKED,
    404: Outcome.GONE,
    407: Outcome.BLOCKED,
    410: Outcome.GONE,
    412: Outcome.BLOCKED,
    413: Outcome.TOO_LARGE,
    429: Outcome.BLOCKED,
    451: Outcome.BLOCKED,
}
"""What a status means where the page itself says nothing clearer (RFC 9110 §15; 412: Ruishu, see ``classify``)."""

FILES = frozenset((FoundBy.ATTACHMENT, FoundBy.IMAGE))
"""Found as a file: its bytes are kept, not read."""


def read(capture: Capture, site: Site, models: Models) -> Reading:
    """Return what one capture says."""
    if capture.status is None:
        return Reading(outcome=capture.outcome)
    if capture.profile is not None or capture.status == 304:
        return Reading(outcome=Outcome.NOT_MODIFIED)
    if capture.status in REDIRECTS and (location := capture.header("Location")):
        return _read_redirect(capture, location)
    if capture.truncated:
        too_large = capture.truncated == "length"
        return Reading(outcome=Outcome.TOO_LARGE if too_large else Outcome.TRUNCATED)
    if capture.hints.found_by is FoundBy.ROBOTS:
        return Reading(outcome=status_outcome(capture.status))
    try:
        payload = decode_content(capture.payload, capture.header("Content-Encoding"))
    except ContentError as error:
        return Reading(outcome=error.outcome, evidence=str(error))
    if is_html(payload, capture.headers):
        return _read_page(payload, capture, site, models)
    if capture.status != 200:
        return Reading(outcome=status_outcome(capture.status))
    if is_feed(payload):
        listing = find_feed(payload, base=capture.target_uri)
        return Reading(outcome=Outcome.OK, kind=PageKind.FEED, evidence="root element of a feed", listing=listing)
    expected = capture.hints.found_by in FILES
    return Reading(outcome=Outcome.OK if expected else Outcome.NOT_HTML)


def status_outcome(status: int) -> Outcome:
    """Return what a status alone says.

    >>> status_outcome(503)
    <Outcome.SERVER_ERROR: 'server_error'>
    """
    if status in STATUS_OUTCOMES:
        return STATUS_OUTCOMES[status]
    if status >= 500:
        return Outcome.SERVER_ERROR
    return Outcome.OK if 200 <= status < 300 else Outcome.BLOCKED if status >= 400 else Outcome.REDIRECTED


def _read_redirect(capture: Capture, location: str) -> Reading:
    target = resolve(capture.target_uri, location)
    home = target is not None and _is_home(target) and not _is_home(capture.target_uri)
    outcome = Outcome.REDIRECTED_HOME if home else Outcome.REDIRECTED
    return Reading(outcome=outcome, evidence=f"{capture.status} Location: {location}", target=target)


def _is_home(uri: str) -> bool:
    parts = urlsplit(uri)
    return not parts.query and parts.path in ("", "/", "/index.htm", "/index.html", "/index.php", "/main.htm")


def _read_page(payload: bytes, capture: Capture, site: Site, models: Models) -> Reading:
    document = open_document(
        payload,
        uri=capture.target_uri,
        headers=capture.headers,
        captured_at=capture.captured_at,
        hints=capture.hints,
        site=site,
    )
    return read_document(document, capture, models)
