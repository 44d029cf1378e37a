"""Gathers what the lines around an article say of its making: dates, sources, names, at its head and at its foot."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipelines.dates import DateMatch, find_dates
from pipelines.extract.body import Body
from pipelines.extract.labels import Entry, is_label, read_line
from pipelines.extract.page import Page
from pipelines.extract.title import Printed
from pipelines.model import Document

_BEFORE_TITLE = 4
_AFTER_TITLE = 24
_AFTER_BODY = 14
_LONGEST = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A line of the imprint, read."""

    line: int
    text: str
    entries: tuple[Entry, ...]
    dates: tuple[DateMatch, ...]
    rest: str
    zone: str
    """``head``, ``foot`` or ``body`` (its last lines)."""


def find_imprint(page: Page, title: Printed | None, body: Body) -> tuple[Statement, ...]:
    """Return the statements around an article, those at its head first."""
    document = page.document
    first_text = body.lines[0] if body.lines else body.end
    if title is not None and title.line < first_text:
        head = range(max(0, title.line - _BEFORE_TITLE), min(first_text, title.line + _AFTER_TITLE))
    else:
        head = range(max(body.start - 12, 0), first_text)
    last_text = body.lines[-1] + 1 if body.lines else body.start
    foot = range(max(last_text, head.stop), min(len(page.lines), last_text + _AFTER_BODY))
    found = [*_read(page, head, "head", document, skip=title.line if title else -1)]
    found += _read(page, foot, "foot", document)
    return tuple(found)


def _read(page: Page, numbers: range, zone: str, document: Document, skip: int = -1) -> Iterator[Statement]:
    numbers_left = iter(numbers)
    for number in numbers_left:
        line = page.lines[number]
        text = line.text
        if number == skip or len(text) > _LONGEST or (line.linked * 2 > len(text) and len(text) > 40):
            continue
        if is_label(text) and number + 1 < len(page.lines) and not is_label(page.lines[number + 1].text):
            # a label in one block, its value in the next: <dt>작성자</dt><dd>장학복지팀</dd>
            value = page.lines[number + 1].text
            if len(value) < 80:
                text = f"{text.rstrip(':： ')}: {value}"
                next(numbers_left, None)
        read = read_line(text)
        dates = tuple(
            find_dates(text, now=document.captured_at, zone=zone_of(document), roc=is_taiwanese(document))
        )
        if read.entries or dates:
            yield Statement(line=number, text=text, entries=read.entries, dates=dates, rest=read.rest, zone=zone)


def zone_of(document: Document) -> str:
    """Return the zone of the times that a page prints: its site's, or China's."""
    return document.site.timezone if document.site else "Asia/Shanghai"


_TAIWAN = re.compile(r"^https?://[^/]*\.tw(?:[:/]|$)")


def is_taiwanese(document: Document) -> bool:
    """Tell whether years may count from 1912."""
    return bool(_TAIWAN.match(document.uri)) or document.charset.name.startswith("big5")
