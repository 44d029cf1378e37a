"""Reads dates: which form of :mod:`.forms` fits, which day that is, and whether it can be that of a page."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pipelines.dates.clock import TIME_AFTER, WEEKDAYS, add_time, find_zone, to_time
from pipelines.dates.forms import ERAS, FORMS, MONTHS, RELATIVE, YEAR, Form, Kind, to_number
from pipelines.fold import fold
from pipelines.model import PrintedDate

FIRST_YEAR = 1990
"""No news page of the web is older; an earlier date belongs to the story."""

_FIGURE = re.compile(r"[\d月]")
_YEAR = re.compile(YEAR)
_INSIDE = tuple(form for form in FORMS if not form.only_whole)

_EDGE = r"[\s,.;|·、。()\[\]【】<>\"'*-]*"
_AROUND = re.compile(rf"{_EDGE}(?:on\s)?(?:{WEEKDAYS})?{_EDGE}", re.IGNORECASE)
"""What may stand around a date that is the whole text: brackets, a weekday."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DateMatch:
    """A date and where in the text it stands."""

    start: int
    end: int
    date: PrintedDate
    kind: Kind
    """``full``: printed with its year. ``yearless``: the year is the caller's, or the newest that keeps the day
    from lying after ``now``. ``relative``: counted back from ``now``."""
    zoned: bool = False
    """True where the page prints the offset of its time."""


def find_dates(
    text: str,
    *,
    now: datetime | None = None,
    zone: str = "Asia/Shanghai",
    year: int | None = None,
    roc: bool = False,
    day_first: bool | None = None,
) -> Iterator[DateMatch]:
    """Yield the dates in ``text``, in order, without overlap; offsets count code points of ``text``.

    ``now`` is the time of the capture: later dates are refused, relative ones count from it. ``zone`` (an IANA
    name) is that of printed times. Dates without a year are yielded if ``year`` is given, or else ``now``.
    ``roc`` says that years of two or three digits count from 1912 (109.02.21). ``day_first`` says how 02/03/2020
    reads; where nobody knows, the American way.
    """
    folded = fold(text)
    reader = _Reader(now=now, zone=zone, year=year, roc=roc, day_first=day_first)
    for match in reader.find(folded.text):
        start, end = folded.origin(match.start), folded.origin(match.end)
        yield DateMatch(start=start, end=end, date=match.date, kind=match.kind, zoned=match.zoned)


def parse_date(
    text: str,
    *,
    now: datetime | None = None,
    zone: str = "Asia/Shanghai",
    year: int | None = None,
    roc: bool = False,
    day_first: bool | None = None,
) -> PrintedDate | None:
    """Return the date that the whole of ``text`` is, or None. Arguments as for :func:`find_dates`.

    >>> parse_date("2020年02月21日 9:05")
    PrintedDate(value='2020-02-21T09:05+08:00', precision='minute')
    >>> parse_date("20-02-21").value, parse_date("February 2020").value
    ('2020-02-21', '2020-02')
    >>> parse_date("2020-02-21 大会") is None
    True
    """
    if len(text) > 80:
        return None
    reader = _Reader(now=now, zone=zone, year=year, roc=roc, day_first=day_first)
    match = reader.read_whole(fold(text).text)
    return match.date if match else None


_URI_DAY = re.compile(
    r"[/_\-t](?P<y>(?:19|20)\d\d)(?:/|-|_|\.)?(?P<m>0[1-9]|1[0-2])(?:/|-|_|\.)?(?P<d>0[1-9]|[12]\d|3[01])(?![\d])"
)
_URI_DAY_LOOSE = re.compile(r"/(?P<y>(?:19|20)\d\d)[/-](?P<m>[1-9]|1[0-2])[/-](?P<d>[1-9]|[12]\d|3[01])/")
_URI_MONTH = re.compile(r"/(?P<y>(?:19|20)\d\d)[/-]?(?P<m>0[1-9]|1[0-2])/")


def find_uri_date(uri: str, *, now: datetime | None = None) -> PrintedDate | None:
    """Return the day or month that an address names, or None.

    >>> find_uri_date("https://news.example.edu.cn/2020/0221/c1234a5678/page.htm").value
    '2020-02-21'
    >>> find_uri_date("http://example.org/201410/t20141028_7800859.html").value
    '2014-10-28'
    >>> find_uri_date("https://example.edu/news/2020/02/a-title/").value
    '2020-02'
    """
    path = uri[uri.find("/", 8) :] if "://" in uri[:8] else uri
    reader = _Reader(now=now)
    for pattern in (_URI_DAY, _URI_DAY_LOOSE, _URI_MONTH):
        for match in pattern.finditer(path):
            parts = match.groupdict()
            printed = reader.to_date(int(parts["y"]), int(parts["m"]), int(parts["d"]) if "d" in parts else None)
            if printed:
                return printed
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    """The arguments of one call, for the steps that need them."""

    now: datetime | None = None
    zone: str = "Asia/Shanghai"
    year: int | None = None
    roc: bool = False
    day_first: bool | None = None

    def find(self, text: str) -> Iterator[DateMatch]:
        """Yield the dates inside a folded text."""
        figures = len(_FIGURE.findall(text))  # not yet part of a date
        if not figures:
            return
        found: list[DateMatch] = []
        taken = bytearray(len(text))
        for form in self.forms(_INSIDE, text):
            for match in form.pattern.finditer(text):
                if any(taken[match.start() : match.end()]):
                    continue
                read = self.read(form, match, text)
                if read:
                    found.append(read)
                    taken[read.start : read.end] = b"\1" * (read.end - read.start)
                    figures -= len(_FIGURE.findall(text, read.start, read.end))
            if not figures:
                break
        yield from sorted(found, key=lambda match: match.start)

    def read_whole(self, text: str) -> DateMatch | None:
        """Return the date that a folded text is, or None."""
        for form in self.forms(FORMS, text):
            match = form.pattern.search(text)
            read = self.read(form, match, text) if match else None
            if read and _AROUND.fullmatch(text[: read.start]) and _AROUND.fullmatch(text[read.end :]):
                return read
        return self.read_relative(text)

    def forms(self, forms: tuple[Form, ...], text: str) -> Iterator[Form]:
        """Yield the forms that may stand in a folded text."""
        chars = frozenset(text)
        has_year = _YEAR.search(text) is not None
        for form in forms:
            if (
                (has_year or not form.four_digits)
                and (self.roc or not form.only_roc)
                and (not form.needs or not form.needs.isdisjoint(chars))
            ):
                yield form

    def read(self, form: Form, match: re.Match[str], text: str) -> DateMatch | None:
        """Return what a form's match says, its time included, or None where no such day exists."""
        parts = match.groupdict()
        month = (
            MONTHS.get(parts["mon"].lower()) if parts.get("mon") else to_number(parts.get("m") or parts.get("m2"))
        )
        day = to_number(parts.get("d") or parts.get("d2"))
        if form.slashes:
            month, day = self.order(int(parts["a"]), int(parts["b"]))
        year = to_number(parts.get("y"))
        if form.kind == "yearless":
            year = self.year or self.newest_year(month, day)
        elif parts.get("era"):
            year = (year or 0) + ERAS[parts["era"]]
        elif year is not None and year < 200:
            year += 1911 if form.only_roc or year >= 100 else (1900 if year >= FIRST_YEAR - 1900 else 2000)
        if year is None or (month is None and ("m" in parts or "mon" in parts)):
            return None
        printed = self.to_date(year, month, day)
        if printed is None:
            return None
        timed, start, end, zoned = (printed, match.start(), match.end(), False)
        if printed.precision == "day":
            timed, start, end, zoned = add_time(printed, match, text, self.zone)
        return DateMatch(start=start, end=end, date=timed, kind=form.kind, zoned=zoned)

    def order(self, a: int, b: int) -> tuple[int, int]:
        """Return month and day of a pair printed with slashes."""
        if a > 12 or (self.day_first and b <= 12):
            return b, a
        return a, b

    def newest_year(self, month: int | None, day: int | None) -> int | None:
        """Return the newest year in which the day does not lie after now."""
        if self.now is None or month is None or day is None:
            return None
        latest = self.now.astimezone(find_zone(self.zone)).date() + timedelta(days=1)
        for year in range(latest.year, latest.year - 5, -1):  # 29 February comes every fourth year
            try:
                if date(year, month, day) <= latest:
                    return year
            except ValueError:
                continue
        return None

    def to_date(self, year: int, month: int | None, day: int | None) -> PrintedDate | None:
        """Return the date, or None where it does not exist or cannot be that of a page."""
        try:
            first = date(year, month or 1, day or 1)
        except ValueError:
            return None
        latest = self.now.date() + timedelta(days=1) if self.now else date(2099, 12, 31)
        if first.year < FIRST_YEAR or first > latest:
            return None
        if month is None:
            return PrintedDate(value=f"{year:04}", precision="year")
        if day is None:
            return PrintedDate(value=f"{year:04}-{month:02}", precision="month")
        return PrintedDate(value=first.isoformat(), precision="day")

    def read_relative(self, text: str) -> DateMatch | None:
        """Return the date of a text such as 3天前 or 昨天 09:05, counted from now, or None."""
        text = text.strip()
        if self.now is None or len(text) >= 40:
            return None
        for unit, pattern in RELATIVE.items():
            match = pattern.match(text)
            if match is None:
                continue
            printed = self.count_back(unit, int(match.groupdict().get("n") or 0))
            rest = text[match.end() :]
            clock = TIME_AFTER.fullmatch(rest)
            if printed and clock and unit in {"today", "yesterday", "before"}:
                printed = to_time(printed, clock.groupdict(), self.zone)
            elif rest.strip():
                return None
            return DateMatch(start=0, end=len(text), date=printed, kind="relative") if printed else None
        return None

    def count_back(self, unit: str, number: int) -> PrintedDate | None:
        """Return now less so many units, as precise as such a phrase is."""
        assert self.now is not None
        local = self.now.astimezone(find_zone(self.zone))
        if unit == "year":
            return self.to_date(local.year - number, None, None)
        if unit == "month":
            months = local.year * 12 + local.month - 1 - number
            return self.to_date(months // 12, months % 12 + 1, None)
        days = {"day": number, "week": 7 * number, "yesterday": 1, "before": 2}.get(unit, 0)
        hours = {"hour": number, "minute": number / 60}.get(unit, 0)
        day = (local - timedelta(days=days, hours=hours)).date()
        return self.to_date(day.year, day.month, None if unit == "week" else day.day)
