"""Revisions: did the article change, or only the page around it?

``revise`` compares what two captures of an article say, read by the same extractor. View counters, today's
date, related lists, neighbours and advertisements are page furniture: they never make a revision.
"""

import hashlib
from dataclasses import replace

from pipelines.model import CaptureRef, Record

COMPARED = (
    "title", "published", "source", "author", "editor", "contributors", "body", "images", "attachments",
)  # fmt: skip
"""Fields in which a difference is news. ``section`` and ``navigation`` say where the article stands, not what it
says: a renamed menu would revise every article of the site. ``modified`` is often the time of the last click."""


def revise(previous: Record | None, record: Record) -> Record | None:
    """Return the record numbered as the next revision, or None where nothing but page furniture changed.

    ``previous`` is the article's last line: a revision, a tombstone (the article is back), or None.
    """
    if previous is None:
        return replace(record, revision=1, reason="new", changes=())
    if previous.kind == "tombstone":
        return replace(record, revision=previous.revision + 1, reason="restored", changes=changed(previous, record))
    changes = changed(previous, record)
    if not changes:
        return None
    return replace(record, revision=previous.revision + 1, reason="edited", changes=changes)


def changed(previous: Record, record: Record) -> tuple[str, ...]:
    """Return the names of the fields in which two records differ, in the order of the record."""
    return tuple(name for name in COMPARED if getattr(previous, name) != getattr(record, name))


def bury(previous: Record, reason: str, witnesses: tuple[CaptureRef, ...]) -> Record:
    """Return an article's tombstone: its last revision's fields, why it ended, the captures that show it."""
    return replace(
        previous, kind="tombstone", revision=previous.revision + 1, reason=reason, changes=(), captures=witnesses
    )


def text_digest(title: str | None, body: str | None) -> str:
    """Return the digest of title and body as a reader compares them: white space does not count."""
    text = "\n".join("".join((part or "").split()) for part in (title, body))
    return "sha256:" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
