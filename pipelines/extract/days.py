"""Reads the days of a listing: in every form, split over blocks, and without a year."""

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta

from pipelines.dates import FIRST_YEAR, find_dates, find_uri_date, parse_date
from pipelines.model import Document
from pipelines.uri import host_of

DayReader = Callable[[str], str | None]
"""Returns the day that a text holds: ISO 8601, ``--02-21`` where the year is not printed, None without one."""

_DAY = len("2020-02-21")
_FIGURES = re.compile(r"\d|[〇一二三四五六七八九十]{1,3}[月日]|[今昨前]天|[今昨]日|어제|오늘")
_WHOLE = (len("20200221"), len("20200221090500"))
"""Digits of a number that may be a day; others count rows and clicks."""
_LEAP_YEAR = 2000
"""Stands in for the year of a day that is printed without one: it has every day."""
_MAX_PINNED = 6
_PINNED = 0.6
"""Years back that a pinned row must save to be taken for one."""


def make_day_reader(document: Document) -> DayReader:
    """Return a function that reads a day as this page prints days."""
    zone = document.site.timezone if document.site else "Asia/Shanghai"
    roc = zone == "Asia/Taipei" or host_of(document.uri).endswith(".tw")
    latest = (document.captured_at + timedelta(days=1)).date().isoformat() if document.captured_at else None
    known: dict[str, str | None] = {}

    def find(text: str) -> str | None:
        if not _FIGURES.search(text) or (text.isdecimal() and len(text) not in _WHOLE):
            return None
        if plain := _read_plain(text):
            return plain
        full = parse_date(text, zone=zone, roc=roc)
        if full and len(full.value) >= _DAY:
            return full.value[:_DAY]
        yearless = parse_date(text, zone=zone, roc=roc, year=_LEAP_YEAR)
        if yearless and len(yearless.value) >= _DAY:
            return f"-{yearless.value[4:_DAY]}"
        if document.captured_at and (ago := parse_date(text, now=document.captured_at, zone=zone)):
            return ago.value[:_DAY] if len(ago.value) >= _DAY else None
        for match in find_dates(text, zone=zone, roc=roc, year=_LEAP_YEAR):
            if len(match.date.value) >= _DAY:
                return f"-{match.date.value[4:_DAY]}" if match.kind == "yearless" else match.date.value[:_DAY]
        return None

    def read_day(text: str) -> str | None:
        if text not in known:
            day = find(text)
            known[text] = None if day and latest and day > latest else day
        return known[text]

    return read_day


_PLAIN = re.compile(
    r"[\[(（【]?((?:19|20)\d\d)(?:-(\d\d?)-|/(\d\d?)/|\.(\d\d?)\.|年(\d\d?)月)(\d\d?)日?[\])）】]?(?: \d\d?:\d\d(?::\d\d)?)?"
)


def _read_plain(text: str) -> str | None:
    """Return the day that nearly all listings print, at a tenth of the cost of reading it in every form."""
    if plain := _PLAIN.fullmatch(text):
        year, *months, day = plain.groups()
        with suppress(ValueError):  # the 30th of February
            printed = date(int(year), int(next(filter(None, months))), int(day))
            return printed.isoformat() if printed.year >= FIRST_YEAR else None
    return None


def complete_days(days: list[str | None], hrefs: list[str], document: Document) -> list[str | None]:
    """Return the days of a listing with a year: that of the row's address, or the one that the order gives.

    None where neither tells: a loose file has no «now» to count back from.
    """
    if not any(day and day.startswith("--") for day in days):
        return days
    completed = [
        named.value
        if day and day.startswith("--") and (named := find_uri_date(href)) and named.value[4:] == day[1:]
        else day
        for day, href in zip(days, hrefs, strict=True)
    ]
    if document.captured_at:
        completed = fill_years(completed, document.captured_at.date().isoformat())
    return [None if day and day.startswith("--") else day for day in completed]


def fill_years(days: list[str | None], latest: str) -> list[str | None]:
    """Return the days of a listing that runs from new to old, with the years that its order gives.

    ``latest`` is the newest day possible. Rows pinned on top stand out of the order; each counts for itself.

    >>> fill_years(["--01-03", "--12-30", "--12-30", "--05-01"], "2021-02-01")
    ['2021-01-03', '2020-12-30', '2020-12-30', '2020-05-01']
    """
    starts = range(min(_MAX_PINNED, len(days) // 3) + 1)
    return min((_fill(days, start, latest) for start in starts), key=lambda filled: filled[0])[1]


def _fill(days: list[str | None], pinned: int, latest: str) -> tuple[float, list[str | None]]:
    """Fill in the years if so many rows are pinned; return the years that leads back, and a price, beside them."""
    filled: list[str | None] = []
    limit = latest
    for index, day in enumerate(days):
        if index <= pinned:
            limit = latest
        if day and day.startswith("--"):
            year = int(limit[:4]) - (day[2:] > limit[5:])
            day = f"{year}-{day[2:]}"
        filled.append(day)
        limit = min(limit, day or limit)
    return int(latest[:4]) - int(limit[:4]) + _PINNED * pinned, filled
