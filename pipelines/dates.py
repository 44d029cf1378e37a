"""Dates as pages print them, in every form that CMS pages use.

- :func:`find_dates` yields every date in a text, in order;
- :func:`parse_date` reads a text that is a date as a whole: the value of a label, a meta tag, a listing's cell;
- :func:`find_uri_date` reads the day or month that an address names.

A date is never guessed: a year before 1990 is refused, and a day that lies more than one after ``now``; a figure
that reads two ways (09.02.21) is not read at all unless the caller knows how its page counts.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from pipelines.fold import fold
from pipelines.model import PrintedDate

FIRST_YEAR = 1990
"""No news page of the web is older; an earlier date belongs to the story."""

# ── words ──────────────────────────────────────────────────────────────────────────────────────────────────

_MONTHS = """
    jan january januar jänner jaenner janvier janv enero ene janeiro gennaio gen januari jaanuar stycznia ledna tammikuuta января январь ocak
    feb february februar feber février fevrier févr fevr febrero fevereiro febbraio februari lutego února helmikuuta февраля февраль şubat
    mar march märz maerz mrz mär mars marzo março marco maart mrt marts marca března maaliskuuta марта март mart
    apr april avril avr abril abr aprile kwietnia dubna huhtikuuta апреля апрель nisan
    may mai mayo maio maggio mag mei maj maja května toukokuuta мая май mayıs
    jun june juni juin junio junho giugno giu czerwca června kesäkuuta июня июнь haziran
    jul july juli juillet juil julio julho luglio lug lipca července heinäkuuta июля июль temmuz
    aug august août aout agosto ago augustus augusti sierpnia srpna elokuuta августа август ağustos
    sep sept september septembre septiembre setiembre setembro set settembre września září syyskuuta сентября сентябрь eylül
    oct october okt oktober octobre octubre outubro out ottobre ott października října lokakuuta октября октябрь ekim
    nov november novembre noviembre novembro listopada listopadu marraskuuta ноября ноябрь kasım
    dec december dez dezember décembre decembre déc diciembre dic dezembro dicembre desember grudnia prosince joulukuuta декабря декабрь aralık
"""
MONTHS = {name: month for month, line in enumerate(_MONTHS.strip().splitlines(), 1) for name in line.split()}
"""Number of a month by its name in some fifteen languages of Europe."""

_FIGURE = re.compile(r"[\d月]")
_DIGITS = {char: value for value, char in enumerate("〇一二三四五六七八九")} | {"廿": 20, "卅": 30, "元": 1}

_ERAS = {"民国": 1911, "令和": 2018, "平成": 1988}
"""What to add to a year of the era: 民國109年 and 令和2年 are 2020."""

_ZONES = {
    "z": 0, "utc": 0, "gmt": 0, "bst": 1, "cet": 1, "cest": 2, "mez": 1, "mesz": 2,
    "jst": 9, "kst": 9, "hkt": 8, "sgt": 8,
    "est": -5, "edt": -4, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7,
}  # fmt: skip
"""Hours east of Greenwich. Without CST: Chinese and American servers both print it, so the page's zone holds."""

# ── forms ──────────────────────────────────────────────────────────────────────────────────────────────────
# Matched on the folded text (pipelines.fold). No form can run over more than some 40 characters, so that a search
# stays linear in the text. Where two forms match at one place the earlier in the list wins.

_Y = r"(?:19|20)\d\d"
_CJK_Y = rf"(?P<y>{_Y}|[〇一二三四五六七八九0]{{4}})"
_CJK_M = r"(?P<m>\d\d?|[一二三四五六七八九十元]{1,2})"
_CJK_D = r"(?P<d>\d\d?|[一二三四五六七八九十廿卅]{1,3})"
_S = r"\s{0,2}"
_NOT_IN_NUMBER = r"(?<!\d)(?<!\d[-/.])"
_NOT_MORE = r"(?:(?!\d)(?![-/.]\d)|(?=\d\d:\d\d))"  # «2020-02-2109:05» is a date and a time
_NAME = r"[^\W\d_]{3,12}"
_EN = r"\b(?P<mon>jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)(?:\w{1,6})?\.?"
_WEEKDAYS = (
    r"(?:(?:星期|周|礼拜)[一二三四五六日天]|[月火水木金土日](?:曜日)?|[월화수목금토일](?:요일)?"
    r"|(?:mon|tue|wed|thu|fri|sat|sun|mo|di|mi|do|fr|sa|so|lun|mar|mer|jeu|ven|sam|dim)[a-zß]{0,8}\.?)"
)

_LETTERS = "".join({char for name in MONTHS for char in name + name.upper()})
Kind = Literal["full", "yearless", "relative"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Form:
    """One way to write a date. Named groups: y, m, d, mon (a month's name), era."""

    pattern: re.Pattern[str]
    kind: Kind = "full"
    only_whole: bool = False
    """Too short or too common to be looked for inside a text."""
    only_roc: bool = False
    """Years count from 1912 (Republic of China), and nothing in the form says so."""
    slashes: bool = False
    """Groups a and b are day and month in an order that the form leaves open."""
    needs: frozenset[str] = frozenset()
    """Characters one of which the text must hold: most forms are ruled out without a search."""
    four_digits: bool = False
    """The year is printed as 19xx or 20xx, which rules out nearly all that is left."""


def _form(pattern: str, *, needs: str = "", **how: bool | Kind) -> _Form:
    four_digits = f"(?P<y>{_Y})" in pattern
    return _Form(
        pattern=re.compile(pattern, re.IGNORECASE),
        needs=frozenset(needs),
        four_digits=four_digits,
        **how,  # type: ignore[arg-type]
    )


_FORMS = (
    # 2020-02-21, 2020/2/21, 2020.02.21, and with spaces as Korean pages write it: 2020. 2. 21.
    _form(
        rf"{_NOT_IN_NUMBER}(?P<y>{_Y})\s?(?P<sep>[-/.])\s?(?P<m>\d\d?)\s?(?P=sep)\s?(?P<d>\d\d?){_NOT_MORE}",
        needs="-/.",
    ),
    # 2020年02月21日, 二〇二〇年二月二十一日, 2020년 2월 21일; without the day: precision month
    _form(
        rf"(?<![\d〇一二三四五六七八九]){_CJK_Y}{_S}[年년]{_S}{_CJK_M}{_S}[月월](?:{_S}{_CJK_D}{_S}[日号일])?",
        needs="年년",
    ),
    # 民國109年2月21日, 中華民國一〇九年二月, 民國 109.02.21, 令和2年2月21日
    _form(
        rf"(?P<era>民国|令和|平成){_S}(?P<y>\d{{1,3}}|[〇一二三四五六七八九十百元]{{1,5}}){_S}(?:年{_S}{_CJK_M}{_S}月(?:{_S}{_CJK_D}{_S}[日号])?"
        rf"|[-/.](?P<m2>\d\d?)[-/.](?P<d2>\d\d?)(?!\d))",
        needs="民令平",
    ),
    # 109年2月21日: three digits can only be a year of the Republic
    _form(rf"(?<!\d)(?P<y>1[0-4]\d){_S}年{_S}{_CJK_M}{_S}月{_S}{_CJK_D}{_S}[日号]", needs="年"),
    _form(rf"(?<!\d)(?P<y>\d\d|1[0-4]\d){_S}年{_S}{_CJK_M}{_S}月(?:{_S}{_CJK_D}{_S}[日号])?", only_roc=True),
    _form(
        rf"{_NOT_IN_NUMBER}(?P<y>[7-9]\d|1[0-4]\d)(?P<sep>[-/.])(?P<m>\d\d?)(?P=sep)(?P<d>\d\d?){_NOT_MORE}",
        only_roc=True,
    ),
    # 21.02.2020, 21.2.2020, 21. 02. 2020, 21-02-2020; with slashes the order is the page's
    _form(
        rf"{_NOT_IN_NUMBER}(?P<d>\d\d?)(?P<sep>[-.])\s?(?P<m>\d\d?)(?P=sep)\s?(?P<y>{_Y}){_NOT_MORE}", needs="-."
    ),
    _form(rf"{_NOT_IN_NUMBER}(?P<a>\d\d?)/(?P<b>\d\d?)/(?P<y>{_Y}){_NOT_MORE}", slashes=True, needs="/"),
    # February 21, 2020; Feb. 21st 2020; Fri Feb 21 09:05:00 CST 2020 (Java prints its dates so)
    _form(rf"{_EN}\s{{1,2}}(?P<d>\d\d?)(?:st|nd|rd|th)?(?:,\s{{0,2}}|\s{{1,2}})(?P<y>{_Y})(?!\d)", needs=_LETTERS),
    _form(rf"{_EN}\s(?P<d>\d\d?)\s(?P<clock>\d\d:\d\d:\d\d)\s(?:[a-z]{{3,4}}\s)?(?P<y>{_Y})(?!\d)", needs=_LETTERS),
    # 21 February 2020, 21. Februar 2020, 1er mars 2020, 21 de febrero de 2020, 21-Feb-2020
    _form(
        rf"(?<![\d.])(?P<d>\d\d?)(?:st|nd|rd|th|er|\.|º)?[\s-]{{0,2}}(?:of\s|de\s)?(?P<mon>{_NAME})\.?,?"
        rf"(?:\s{{1,2}}|-)(?:del?\s)?(?P<y>{_Y})(?!\d)",
        needs=_LETTERS,
    ),
    # 2020 Feb 21
    _form(rf"(?<!\d)(?P<y>{_Y})[\s-](?P<mon>{_NAME})\.?[\s-](?P<d>\d\d?)(?!\d)", needs=_LETTERS),
    # February 2020
    _form(rf"\b(?P<mon>{_NAME})\.?,?\s{{1,2}}(?P<y>{_Y})(?!\d)", only_whole=True),
    # what stands in meta tags: 20200221, 20200221120501; of CMS pages: 2020-02
    _form(rf"(?<!\d)(?P<y>{_Y})(?P<m>[01]\d)(?P<d>[0-3]\d)(?P<clock>\d{{4}}(?:\d\d)?)?(?!\d)", only_whole=True),
    _form(rf"(?<!\d)(?P<y>{_Y})[-/.年](?P<m>\d\d?)月?(?!\d)", only_whole=True),
    # 20-02-21 (ASP prints dates as short as the server's locale has them)
    _form(rf"{_NOT_IN_NUMBER}(?P<y>\d\d)-(?P<m>\d\d?)-(?P<d>\d\d?)(?!\d)", only_whole=True),
    # in blocks of their own: «21 2020-02», «2020/02 21», «02-21 2020», «2020 02-21», «21 Feb 2020»
    _form(rf"(?<!\d)(?P<d>\d\d?)[日/]?\s{{1,3}}(?P<y>{_Y})[-/.年]\s?(?P<m>\d\d?)月?(?!\d)", only_whole=True),
    _form(rf"(?<!\d)(?P<y>{_Y})[-/.年]\s?(?P<m>\d\d?)月?\s{{1,3}}(?P<d>\d\d?)日?(?!\d)", only_whole=True),
    _form(rf"(?<!\d)(?P<m>\d\d?)[-/.月](?P<d>\d\d?)日?\s{{1,3}}(?P<y>{_Y})年?(?!\d)", only_whole=True),
    _form(rf"(?<!\d)(?P<y>{_Y})年?\s{{1,3}}(?P<m>\d\d?)[-/.月](?P<d>\d\d?)日?(?!\d)", only_whole=True),
    _form(rf"(?<!\d)(?P<d>\d\d?)\s{{1,3}}(?P<mon>{_NAME})\.?,?\s{{1,3}}(?P<y>{_Y})(?!\d)", only_whole=True),
    _form(rf"(?<!\d)(?P<y>{_Y})年?(?!\d)", only_whole=True),
    # without a year
    _form(
        rf"(?<![\d年〇一二三四五六七八九十]){_CJK_M}{_S}[月월]{_S}{_CJK_D}{_S}[日号일]",
        kind="yearless",
        needs="月월",
    ),
    _form(r"(?<![^\s\[(【<])(?P<m>\d\d)[-/](?P<d>\d\d)(?![^\s\])】>])", kind="yearless", needs="-/"),
    _form(
        r"(?<!\d)(?P<m>\d\d?)(?:[-/.](?P<d>\d\d)|(?<=\d\d)[-/.](?P<d2>\d))(?!\d)", kind="yearless", only_whole=True
    ),
    _form(rf"{_EN}\s{{1,2}}(?P<d>\d\d?)(?:st|nd|rd|th)?(?!\d)", kind="yearless", only_whole=True),
    _form(rf"(?<![\d.])(?P<d>\d\d?)\.?\s{{1,2}}(?P<mon>{_NAME})(?!\w)", kind="yearless", only_whole=True),
)

_YEAR = re.compile(_Y)
_INSIDE = tuple(form for form in _FORMS if not form.only_whole)

_AGO = {
    "minute": r"分钟?前|min(?:ute)?s?\sago|minuten?|분 ?전",
    "hour": r"个?小时前|时间前|hours?\sago|stunden?|시간 ?전",
    "day": r"[天日]前|days?\sago|tagen?|일 ?전",
    "week": r"个?(?:周|星期)前|周间前|weeks?\sago|wochen?|주 ?전",
    "month": r"[个か]月前|months?\sago|monaten?|개월 ?전",
    "year": r"年前|years?\sago|jahren?|년 ?전",
}
_RELATIVE = {
    **{
        unit: re.compile(rf"(?:vor\s)?(?P<n>\d{{1,4}})\s?(?:{words})", re.IGNORECASE)
        for unit, words in _AGO.items()
    },
    "now": re.compile(r"刚刚|刚才|just now|\d{1,3}\s?(?:秒钟?前|seconds?\sago|초 ?전)", re.IGNORECASE),
    "today": re.compile(r"今天|今日|本日|오늘|today|heute", re.IGNORECASE),
    "yesterday": re.compile(r"昨天|昨日|어제|yesterday|gestern", re.IGNORECASE),
    "before": re.compile(r"前天|vorgestern", re.IGNORECASE),
}
"""Times counted back from the capture. Only read where the whole text is one: 请于3日前 in a sentence is none."""

_HALF = r"(?P<half>凌晨|清晨|早上|早晨|上午|中午|下午|午后|傍晚|晚上|晚|午前|오전|오후)"
_AM_PM = r"[ap]\.?\s?m\b\.?"
_OFFSET = (
    r"(?P<offset>[+-]\d\d:?\d\d|z\b|(?:utc|gmt)(?:[+-]\d{1,2}(?::?\d\d)?)?\b"
    r"|(?:bst|cest|cet|mesz|mez|jst|kst|hkt|sgt|est|edt|cdt|mst|mdt|pst|pdt)\b)"
)
_CLOCK = (
    rf"(?:{_HALF}\s?)?(?P<h>\d\d?)"
    r"(?:\s?[:时点시]\s?(?P<min>\d\d?)(?:\s?[:分분]\s?(?P<s>\d\d)\s?[秒초]?(?:[.,]\d{1,9})?)?[分분]?"  # 9:05:07
    r"|\s?[时点시](?![\w击])"  # 9时, but not «2020-02-21 12点击»
    r"|h(?P<min2>\d\d)"  # 9h05
    rf"|\.(?P<min3>\d\d)(?=\s?(?:uhr|{_AM_PM}))"  # 9.05 Uhr
    rf"|(?=\s?{_AM_PM}))"  # 9 am
    rf"(?!\d)(?:\s?(?:uhr|(?P<mark>{_AM_PM})))?(?:\s?{_OFFSET})?"
)
_TIME_AFTER = re.compile(
    rf"(?:\s{{0,3}}[(\[]?{_WEEKDAYS}[)\]]?)?(?:[\s,;|·、.\-–—]{{0,4}}|t|\s?@\s?)"
    rf"(?:(?:at|um|à|kl\.?|om|alle)\s)?{_CLOCK}",
    re.IGNORECASE,
)
_TIME_BEFORE = re.compile(
    rf"(?<!\d){_CLOCK}[\s,|]{{0,3}}(?:[a-z]{{2}}\s)?(?:on\s)?(?:{_WEEKDAYS}[\s,]{{0,2}})?\Z", re.IGNORECASE
)
_CLOCK_INSIDE = re.compile(r"(?P<h>\d\d):?(?P<min>\d\d)(?::?(?P<s>\d\d))?")
_EDGE = r"[\s,.;|·、。()\[\]【】<>\"'*-]*"
_AROUND = re.compile(rf"{_EDGE}(?:on\s)?(?:{_WEEKDAYS})?{_EDGE}", re.IGNORECASE)
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


# ── reading ────────────────────────────────────────────────────────────────────────────────────────────────


@lru_cache(maxsize=256)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


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
        for form in self.forms(_FORMS, text):
            match = form.pattern.search(text)
            read = self.read(form, match, text) if match else None
            if read and _AROUND.fullmatch(text[: read.start]) and _AROUND.fullmatch(text[read.end :]):
                return read
        return self.read_relative(text)

    def forms(self, forms: tuple[_Form, ...], text: str) -> Iterator[_Form]:
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

    def read(self, form: _Form, match: re.Match[str], text: str) -> DateMatch | None:
        """Return what a form's match says, its time included, or None where no such day exists."""
        parts = match.groupdict()
        month = MONTHS.get(parts["mon"].lower()) if parts.get("mon") else _number(parts.get("m") or parts.get("m2"))
        day = _number(parts.get("d") or parts.get("d2"))
        if form.slashes:
            month, day = self.order(int(parts["a"]), int(parts["b"]))
        year = _number(parts.get("y"))
        if form.kind == "yearless":
            year = self.year or self.newest_year(month, day)
        elif parts.get("era"):
            year = (year or 0) + _ERAS[parts["era"]]
        elif year is not None and year < 200:
            year += 1911 if form.only_roc or year >= 100 else (1900 if year >= FIRST_YEAR - 1900 else 2000)
        if year is None or (month is None and ("m" in parts or "mon" in parts)):
            return None
        printed = self.to_date(year, month, day)
        if printed is None:
            return None
        timed, start, end, zoned = (printed, match.start(), match.end(), False)
        if printed.precision == "day":
            timed, start, end, zoned = self.add_time(printed, match, text)
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
        latest = self.now.astimezone(_zone(self.zone)).date() + timedelta(days=1)
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

    def add_time(self, day: PrintedDate, match: re.Match[str], text: str) -> tuple[PrintedDate, int, int, bool]:
        """Return the day with the time beside it, the span of both, and whether the page prints the offset."""
        start, end = match.span()
        before = text[max(0, start - 24) : start]
        if inside := match.groupdict().get("clock"):
            clock = _CLOCK_INSIDE.fullmatch(inside)
        elif clock := _TIME_AFTER.match(text, end):
            end = clock.end()
        elif ":" in before and (clock := _TIME_BEFORE.search(before)):
            start -= len(before) - clock.start()
        timed = self.to_time(day, clock.groupdict()) if clock else None
        if timed is None:
            return day, *match.span(), False
        return timed, start, end, bool(clock and clock.groupdict().get("offset"))

    def to_time(self, day: PrintedDate, clock: dict[str, str | None]) -> PrintedDate | None:
        """Return the day with its time of day, or None for an impossible one."""
        hour = int(clock["h"] or 0)
        minute = int(clock.get("min") or clock.get("min2") or clock.get("min3") or 0)
        half, mark = clock.get("half") or "", (clock.get("mark") or "").lower()
        if hour < 12 and (half in {"下午", "午后", "傍晚", "晚上", "晚", "오후"} or mark.startswith("p")):
            hour += 12
        elif hour == 12 and (half in {"凌晨", "上午", "午前", "오전"} or mark.startswith("a")):
            hour = 0
        printed_second = clock.get("s")
        second = int(printed_second) if printed_second else None
        try:
            moment = datetime.fromisoformat(day.value).replace(hour=hour, minute=minute, second=second or 0)
        except ValueError:
            return None
        offset = _offset(clock.get("offset") or "")
        if offset is None:
            offset = moment.replace(tzinfo=_zone(self.zone)).utcoffset() or timedelta()
        clock_text = moment.strftime("%H:%M") if second is None else moment.strftime("%H:%M:%S")
        precision = "minute" if second is None else "second"
        return PrintedDate(value=f"{day.value}T{clock_text}{_print_offset(offset)}", precision=precision)

    def read_relative(self, text: str) -> DateMatch | None:
        """Return the date of a text such as 3天前 or 昨天 09:05, counted from now, or None."""
        text = text.strip()
        if self.now is None or len(text) >= 40:
            return None
        for unit, pattern in _RELATIVE.items():
            match = pattern.match(text)
            if match is None:
                continue
            printed = self.count_back(unit, int(match.groupdict().get("n") or 0))
            rest = text[match.end() :]
            clock = _TIME_AFTER.fullmatch(rest)
            if printed and clock and unit in {"today", "yesterday", "before"}:
                printed = self.to_time(printed, clock.groupdict())
            elif rest.strip():
                return None
            return DateMatch(start=0, end=len(text), date=printed, kind="relative") if printed else None
        return None

    def count_back(self, unit: str, number: int) -> PrintedDate | None:
        """Return now less so many units, as precise as such a phrase is."""
        assert self.now is not None
        local = self.now.astimezone(_zone(self.zone))
        if unit == "year":
            return self.to_date(local.year - number, None, None)
        if unit == "month":
            months = local.year * 12 + local.month - 1 - number
            return self.to_date(months // 12, months % 12 + 1, None)
        days = {"day": number, "week": 7 * number, "yesterday": 1, "before": 2}.get(unit, 0)
        hours = {"hour": number, "minute": number / 60}.get(unit, 0)
        day = (local - timedelta(days=days, hours=hours)).date()
        return self.to_date(day.year, day.month, None if unit == "week" else day.day)


def _number(text: str | None) -> int | None:
    """Return the number that digits or Chinese numerals say: 21, 二十一, 廿一, 二〇二〇, 一百零九.

    >>> _number("二十一"), _number("二〇二〇"), _number("一百〇九"), _number("十"), _number("百〇九")
    (21, 2020, 109, 10, 109)
    """
    if not text:
        return None
    if text.isdecimal():
        return int(text)
    if "十" not in text and "百" not in text and not (set(text) & set("廿卅")):
        return int("".join(char if char.isdecimal() else str(_DIGITS[char]) for char in text))
    total = digit = 0
    for char in text:
        if char in "十百":
            total += (digit or 1) * (10 if char == "十" else 100)
            digit = 0
        elif char in "廿卅":
            total += _DIGITS[char]
        else:
            digit = _DIGITS[char]
    return total + digit


def _offset(text: str) -> timedelta | None:
    """Return the offset from UTC that a zone's name or figure says, or None for none.

    >>> _offset("+0800") == _offset("GMT+8") == timedelta(hours=8)
    True
    """
    name = text.lower()
    if not name:
        return None
    if name in _ZONES:
        return timedelta(hours=_ZONES[name])
    sign = -1 if "-" in name else 1
    figures = re.sub(r"\D", "", name)
    hours, minutes = (figures[:-2], figures[-2:]) if len(figures) > 2 else (figures, "0")
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    return sign * offset if offset < timedelta(hours=15) else None


def _print_offset(offset: timedelta) -> str:
    sign, minutes = ("-", -offset) if offset < timedelta() else ("+", offset)
    total = int(minutes.total_seconds()) // 60
    return f"{sign}{total // 60:02}:{total % 60:02}"
