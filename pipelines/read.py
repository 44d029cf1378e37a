"""One path to a record: what a capture says, whether it comes from the wire, the archive or a loose file.

``read`` decodes, parses once, classifies, extracts and normalises; ``join`` makes one record of the pages of
an article that is split over several. Both are pure: the same captures, site and models give the same reading.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from pipelines.cite import capture_ref
from pipelines.classify import classify, confirm_article, status_outcome
from pipelines.document import decode_payload, is_html, open_document
from pipelines.errors import ContentError
from pipelines.extract import extract
from pipelines.extract.feeds import find_feed, find_feeds, find_sitemaps, is_feed
from pipelines.extract.links import find_links
from pipelines.extract.listing import Lists, find_listing
from pipelines.extract.page import lay_out
from pipelines.extract.reservations import find_reservations, is_against_keeping, read_reservations
from pipelines.model import (
    Article,
    Capture,
    Conversion,
    Document,
    Evidence,
    FieldEvidence,
    FoundBy,
    Header,
    Outcome,
    PageKind,
    Reading,
    Record,
    Repair,
    Site,
)
from pipelines.normalise.record import Models, extractor, to_record
from pipelines.revise import text_digest
from pipelines.uri import is_start, record_id, resolve
from pipelines.weight import MOST_ENTRY_TAGS, why_too_heavy

REDIRECTS = frozenset((301, 302, 303, 307, 308))

CUTS = {"length": Outcome.TOO_LARGE, "time": Outcome.TIMEOUT}
"""What the reasons of WARC 1.1 §5.15 come to; the others say that the connection ended."""

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
        return Reading(outcome=CUTS.get(capture.truncated, Outcome.TRUNCATED))
    try:
        payload = decode_payload(capture)
    except ContentError as error:
        return Reading(outcome=error.outcome, evidence=str(error))
    if capture.hints.found_by is FoundBy.ROBOTS:
        sitemaps = find_sitemaps(payload, base=capture.target_uri) if capture.status == 200 else ()
        return Reading(outcome=status_outcome(capture.status), feeds=sitemaps)
    reserved = read_reservations(capture.headers)
    if is_html(payload, capture.headers):
        if why := why_too_heavy(payload):
            return Reading(outcome=Outcome.TOO_LARGE, evidence=why)
        reading = _read_page(payload, capture, site, models)
        reserved += reading.reservations
        if site.reservations == "respect" and is_against_keeping(reserved):
            reading = replace(
                reading, record=None, evidence=f"{reading.evidence}; respected: {', '.join(reserved)}"
            )
        return replace(reading, reservations=reserved)
    if capture.status != 200:
        return Reading(outcome=status_outcome(capture.status))
    if is_feed(payload):
        if why := why_too_heavy(payload, most_tags=MOST_ENTRY_TAGS):
            return Reading(outcome=Outcome.TOO_LARGE, evidence=why)
        listing = find_feed(payload, base=capture.target_uri)
        return Reading(outcome=Outcome.OK, kind=PageKind.FEED, evidence="root element of a feed", listing=listing)
    expected = capture.hints.found_by in FILES
    return Reading(outcome=Outcome.OK if expected else Outcome.NOT_HTML)


def _read_redirect(capture: Capture, location: str) -> Reading:
    target = resolve(capture.target_uri, location)
    home = target is not None and is_start(target) and not is_start(capture.target_uri)
    outcome = Outcome.REDIRECTED_HOME if home else Outcome.REDIRECTED
    return Reading(outcome=outcome, evidence=f"{capture.status} Location: {location}", target=target)


def _read_page(payload: bytes, capture: Capture, site: Site, models: Models) -> Reading:
    document = open_document(
        payload,
        uri=capture.target_uri,
        headers=capture.headers,
        captured_at=capture.captured_at,
        hints=capture.hints,
        site=site,
    )
    reading = replace(
        read_document(document, status=capture.status, site=site, models=models),
        links=find_links(document),
        feeds=find_feeds(document),
        reservations=find_reservations(document),
    )
    if reading.record is None or capture.place is None:
        return reading
    ref = capture_ref(capture, charset=document.charset.name)
    return replace(reading, record=replace(reading.record, captures=(ref,)))


def read_document(document: Document, *, status: int | None, site: Site | None, models: Models) -> Reading:
    """Return what a page says: its kind and outcome, its listing, or the record if it is an article.

    Where it leads and what its publisher reserves is for a crawl, and is added by :func:`read`.
    """
    page = lay_out(document)
    lists = Lists(document, page=page)
    verdict = classify(document, status=status, page=page, lists=lists)
    article: Article | None = None
    if verdict.kind is PageKind.ARTICLE and verdict.outcome is Outcome.OK:
        article = extract(document, page=page)
        verdict = confirm_article(document, article, verdict)
    is_article = article is not None and verdict.kind is PageKind.ARTICLE and verdict.outcome is Outcome.OK
    if not is_article:
        article = None
    return Reading(
        outcome=verdict.outcome,
        kind=verdict.kind,
        evidence=verdict.evidence,
        target=verdict.target,
        listing=find_listing(document, lists=lists) if not is_article else None,
        article=article,
        record=to_record(article, document, site=site, models=models) if article else None,
        charset=document.charset,
    )


def join(readings: Sequence[Reading]) -> Reading:
    """Return the reading of an article that is split over several pages, given in reading order.

    The first page gives the fields; bodies, images and attachments of the others follow its own. ``captures``
    names them all. A page that is no article is passed over.
    """
    pages = [reading.record for reading in readings if reading.record is not None]
    if len(pages) < 2:
        return readings[0]
    first = pages[0]
    joined = replace(
        first,
        body="\n".join(page.body or "" for page in pages),
        body_hans=_joined(page.body_hans for page in pages),
        body_hant=_joined(page.body_hant for page in pages),
        images=tuple(dict.fromkeys(image for page in pages for image in page.images)),
        attachments=tuple(dict.fromkeys(file for page in pages for file in page.attachments)),
        repairs=tuple(_joined_repairs(pages)),
        mirror=tuple(dict.fromkeys(signal for page in pages for signal in page.mirror)),
        captures=tuple(ref for page in pages for ref in page.captures),
        conversion=_joined_conversion(pages),
    )
    return replace(readings[0], record=replace(joined, text_digest=text_digest(joined.title, joined.body)))


def _joined(bodies: Iterable[str | None]) -> str | None:
    whole = [body for body in bodies if body is not None]
    return "\n".join(whole) if whole else None


def _joined_repairs(pages: Sequence[Record]) -> Iterator[Repair]:
    """Yield the repairs of the first page, and those of the other bodies, moved behind the bodies before them."""
    start = 0
    for number, page in enumerate(pages):
        grown = 0
        for repair in page.repairs:
            if repair.field == "body":
                grown += len(repair.new) - len(repair.old)
                yield replace(repair, start=repair.start + start, end=repair.end + start)
            elif number == 0:
                yield repair
        start += len(page.body or "") - grown + 1


def _joined_conversion(pages: Sequence[Record]) -> Conversion | None:
    made = [page.conversion for page in pages if page.conversion is not None]
    return replace(made[0], changed=sum(one.changed for one in made)) if made else None


def read_loose(
    payload: bytes,
    *,
    url: str,
    headers: tuple[Header, ...] = (),
    site: Site | None = None,
    models: Models | None = None,
) -> Reading:
    """Return what a page says that is in no archive. It has no capture time: relative dates stay unread."""
    if not is_html(payload, headers):
        return Reading(outcome=Outcome.NOT_HTML)
    document = open_document(payload, uri=url, headers=headers, site=site)
    return read_document(document, status=200, site=site, models=models or Models())


def loose_record(reading: Reading, *, url: str, site: Site | None) -> Record:
    """Return the record of a reading; for a page that is no article, one without article fields.

    Its ``outcome`` then says what the page is: the access outcome, or the kind of a page that was reached.
    """
    if reading.record is not None:
        return reading.record
    reached = reading.outcome is Outcome.OK and reading.kind is not None
    evidence = Evidence(
        rule="classify",
        raw=reading.evidence,
        place=None,
        confidence=1.0,
        placeholder=False,
        note=None,
        witnesses=(),
    )
    return Record(
        id=record_id(site.id if site else "", url),
        url=url,
        site=site.id if site else "",
        institution=site.institution if site else None,
        outcome=reading.kind if reached and reading.kind else reading.outcome,
        evidence=FieldEvidence(outcome=evidence),
        extractor=extractor(site, Models()),
    )
