"""Pages with hand-made labels, and how an article agrees with its label, field by field.

A folder of labels holds ``<id>.warc`` (one response record) or ``<id>.html`` (bytes as stored) beside ``<id>.json``
with the keys title, date, source, author, editor, body_text, breadcrumb, prev, next, attachments, images, url; a
missing key is not compared.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from bench.extraction.score import fold, overlap, overlap_of_sets
from pipelines.charset import decode
from pipelines.document import open_document
from pipelines.model import Article, Document, Finding, Link
from pipelines.store.warc import read_captures
from pipelines.uri import resolve

LOOSE = "http://www.example.edu.cn/a/b/c/d/page.htm"
"""The address of a page whose own is not known: deep enough for ``../../``."""

EXACT = ("title", "date", "time", "source", "author", "editor", "breadcrumb", "previous", "next")
"""Fields that are right or wrong."""
GRADED = ("body", "attachments", "images")
"""Fields that can be right in part."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """A page and what it says."""

    id: str
    payload: bytes
    uri: str
    """Where the page was captured."""
    captured_at: datetime | None
    label: Mapping[str, Any]

    @property
    def decoded(self) -> str:
        """The source as text, for tools that ask for text."""
        return _decode(self.payload)

    def open(self) -> Document:
        """Return the page, decoded and parsed."""
        return open_document(self.payload, uri=self.uri, captured_at=self.captured_at)


@lru_cache(maxsize=4096)
def _decode(payload: bytes) -> str:
    return decode(payload)[0]


def read_labels(folder: Path, pattern: str = "*") -> list[Labelled]:
    """Return the labelled pages of a folder, by name."""
    return [_read(path) for path in sorted(folder.glob(f"{pattern}.json"))]


def _read(path: Path) -> Labelled:
    label = json.loads(path.read_text("utf-8"))
    if (warc := path.with_suffix(".warc")).exists():
        capture = next(read_captures(warc))
        return Labelled(
            id=path.stem,
            payload=capture.payload,
            uri=capture.target_uri,
            captured_at=capture.captured_at,
            label=label,
        )
    uri = label.get("uri") or label.get("url") or LOOSE
    payload = path.with_suffix(".html").read_bytes()
    return Labelled(id=path.stem, payload=payload, uri=uri, captured_at=None, label=label)


def compare(article: Article, page: Labelled, base: str) -> dict[str, float]:
    """Return how each field of an article agrees with its label, from 0 to 1."""
    return dict(_compare(article, page.label, base))


def _compare(article: Article, label: Mapping[str, Any], base: str) -> Iterator[tuple[str, float]]:
    if label.get("title"):
        yield "title", float(fold(_value(article.title)) == fold(label["title"]))
    if label.get("date") or "author" in label:
        date = article.published.value.value if article.published else ""
        wanted = label["date"] or ""
        yield "date", float(date[:10] == wanted[:10])
        yield "wrong date", float(len(date) >= 10 and date[:10] != wanted[:10])
        if len(wanted) > 10:
            yield "time", float(date[10:16] == wanted[10:16])
    for name in ("source", "author", "editor"):
        if name in label:
            yield name, float(fold(_value(getattr(article, name))) == fold(label[name]))
    if "breadcrumb" in label:
        found = [fold(link.title) for link in _value(article.breadcrumb) or ()]
        yield "breadcrumb", float(found == [fold(title) for title in label["breadcrumb"]])
    for name, key in (("previous", "prev"), ("next", "next")):
        if key in label:
            yield name, float(_link(_value(getattr(article, name))) == _labelled_link(label[key], base))
    if label.get("body_text") is not None:
        body = overlap(_value(article.body) or "", label["body_text"])
        yield from (("body", body.f1), ("precision", body.precision), ("recall", body.recall))
    for name, attribute in (("attachments", "href"), ("images", "src")):
        if name in label:
            wanted_set = {resolve(base, one if isinstance(one, str) else one["href"]) for one in label[name]}
            found_set = {getattr(one, attribute) for one in _value(getattr(article, name)) or ()}
            yield name, overlap_of_sets(found_set, {uri for uri in wanted_set if uri}).f1


def _value(finding: Finding[Any] | None) -> Any:
    return finding.value if finding else None


def _link(link: Link | None) -> tuple[str | None, str | None] | None:
    return (fold(link.title), link.href) if link else None


def _labelled_link(link: Mapping[str, str] | None, base: str) -> tuple[str | None, str | None] | None:
    return (fold(link["title"]), resolve(base, link["href"]) if link["href"] else None) if link else None
