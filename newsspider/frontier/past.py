"""What is known of an address after one more capture of it: the past by which its next visit is planned."""

from datetime import UTC, datetime

from newsspider.frontier.database import from_ms
from newsspider.frontier.policy import Past, is_transient
from newsspider.frontier.tables import Row
from pipelines.model import Capture, Outcome, PageKind, Reading

COUNTED = "fetches, failures, changed_at, gone, kind, content_digest"
"""Columns of the ledger that :func:`count` takes."""


def count(row: Row, capture: Capture, reading: Reading) -> Past:
    """Return the counters of an address after the capture at hand; ``row`` has the columns ``COUNTED`` before it."""
    fetches, failures, changed_at, gone, kind, digest = row
    failed_now = is_transient(capture, reading)
    is_gone = reading.outcome in (Outcome.GONE, Outcome.SOFT_404)
    changed = from_ms(changed_at)
    if reading.outcome is Outcome.OK and digest != content_digest(capture, reading):
        changed = capture.captured_at if digest else first_change(capture, reading)
    return Past(
        failures=failures + 1 if failed_now else 0,
        changed_at=changed,
        gone=gone + 1 if is_gone else gone if failed_now else 0,
        kind=reading.kind or (PageKind(kind) if kind else None),
        fetches=fetches + 1,
    )


def first_change(capture: Capture, reading: Reading) -> datetime:
    """Return since when a page that is seen for the first time has said what it says: its date of publication."""
    published = reading.record.published if reading.record else None
    if published is None:
        return capture.captured_at
    day = datetime.fromisoformat(f"{published[:10]}-01-01"[:10]).replace(tzinfo=UTC)
    return min(day, capture.captured_at)


def content_digest(capture: Capture, reading: Reading) -> str | None:
    """Return what tells whether a page says something else than before: of an article its text alone."""
    return reading.record.text_digest if reading.record else capture.payload_digest
