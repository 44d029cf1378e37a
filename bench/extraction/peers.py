"""Other extractors behind one face: what each says of a page, as an :class:`pipelines.model.Article`.

Each gets the page as it asks for it: bytes where it decodes for itself, else the text that this project decoded,
which takes that part of the work off it. Settings are the defaults, but what only costs time (comments, logging).
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import gne
import lxml.html
import newspaper
import readability
import trafilatura
from resiliparse.extract.html2text import extract_plain_text

from bench.extraction.labels import Labelled
from pipelines.extract import extract
from pipelines.model import Article, Finding, PrintedDate

_DAY = re.compile(r"(\d{4})\D(\d{1,2})\D(\d{1,2})日?(?:[T ](\d\d?):(\d\d))?")
_LANGUAGES = {"ja": re.compile("[\u3041-\u30ff]"), "ko": re.compile("[가-힣]"), "zh": re.compile("[\u4e00-\u9fff]")}
_STATED = re.compile(r"<html[^>]{0,200}\blang=[\"']?([a-z]{2})", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Extractor:
    """One of the tools that are compared."""

    name: str
    fields: frozenset[str] | None
    """The fields it knows of, of those in :mod:`bench.extraction.labels`; None for all."""
    read: Callable[[Labelled], Article]
    """Decodes, parses and reads a page."""


def _article(*, title: object = None, author: object = None, date: object = None, body: object = None) -> Article:
    """Return an article that says what a peer found."""
    day = _DAY.search(date.isoformat() if isinstance(date, datetime) else str(date or ""))
    value = "{:04}-{:02}-{:02}".format(*map(int, day.groups()[:3])) if day else None
    if value and day and day[4]:
        value += f"T{int(day[4]):02}:{day[5]}"
    return Article(
        title=_finding(title),
        author=_finding(author),
        published=_finding(PrintedDate(value=value, precision="minute")) if value else None,
        body=_finding(body or ""),
    )


def _finding(value: Any) -> Finding[Any] | None:
    return None if value is None else Finding(value=value, raw="", rule="peer", confidence=1.0)


def _trafilatura(page: Labelled) -> Article:
    found = trafilatura.bare_extraction(page.payload, url=page.uri, with_metadata=True, include_comments=False)
    if found is None:
        return _article()
    return _article(title=found.title, author=found.author, date=found.date, body=found.text)


def _readability(page: Labelled) -> Article:
    document = readability.Document(page.decoded.lstrip("\ufeff"))
    title = document.short_title()
    summary = document.summary()
    tree = lxml.html.fromstring(summary) if summary.strip() else None
    return _article(title=title, body=None if tree is None else "\n".join(tree.itertext()))


def _newspaper(page: Labelled) -> Article:
    article = newspaper.Article(page.uri, language=_language(page.decoded), fetch_images=False)
    article.download(input_html=page.decoded)
    article.parse()
    return _article(
        title=article.title,
        author=", ".join(article.authors) or None,
        date=article.publish_date,
        body=article.text,
    )


def _language(text: str) -> str:
    """Return the language that newspaper4k wants to be told."""
    for language, characters in _LANGUAGES.items():
        if len(characters.findall(text)) > 100:
            return language
    stated = _STATED.search(text[:2000])
    return stated[1].lower() if stated and stated[1].lower() in ("de", "fr", "es") else "en"


def _gne(page: Labelled) -> Article:
    found: Mapping[str, str] = gne.GeneralNewsExtractor().extract(page.decoded)
    return _article(
        title=found["title"], author=found["author"] or None, date=found["publish_time"], body=found["content"]
    )


def _resiliparse(page: Labelled) -> Article:
    return _article(body=extract_plain_text(page.decoded, main_content=True))


EXTRACTORS = (
    Extractor(name="newsspider", fields=None, read=lambda page: extract(page.open())),
    Extractor(name="newsspider, no layouts", fields=None, read=lambda page: extract(page.open(), layouts=False)),
    Extractor(name="trafilatura", fields=frozenset({"title", "author", "date", "body"}), read=_trafilatura),
    Extractor(name="readability-lxml", fields=frozenset({"title", "body"}), read=_readability),
    Extractor(name="newspaper4k", fields=frozenset({"title", "author", "date", "body"}), read=_newspaper),
    Extractor(name="gne", fields=frozenset({"title", "author", "date", "body"}), read=_gne),
    Extractor(name="resiliparse", fields=frozenset({"body"}), read=_resiliparse),
)
