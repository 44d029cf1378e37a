"""The forms that a date is printed in, as data: names of months, numerals, eras, and a pattern for each form."""

import re
from dataclasses import dataclass
from typing import Literal

Kind = Literal["full", "yearless", "relative"]
"""How much of its date a form prints; see :class:`~pipelines.dates.DateMatch`."""

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

_DIGITS = {char: value for value, char in enumerate("〇一二三四五六七八九")} | {"廿": 20, "卅": 30, "元": 1}

ERAS = {"民国": 1911, "令和": 2018, "平成": 1988}
"""What to add to a year of the era: 民國109年 and 令和2年 are 2020."""

# Matched on the folded text (pipelines.fold). No form can run over more than some 40 characters, so that a search
# stays linear in the text. Where two forms match at one place the earlier in the list wins.

YEAR = r"(?:19|20)\d\d"
_CJK_Y = rf"(?P<y>{YEAR}|[〇一二三四五六七八九0]{{4}})"
_CJK_M = r"(?P<m>\d\d?|[一二三四五六七八九十元]{1,2})"
_CJK_D = r"(?P<d>\d\d?|[一二三四五六七八九十廿卅]{1,3})"
_S = r"\s{0,2}"
_NOT_IN_NUMBER = r"(?<!\d)(?<!\d[-/.])"
_NOT_MORE = r"(?:(?!\d)(?![-/.]\d)|(?=\d\d:\d\d))"  # «2020-02-2109:05» is a date and a time
_NAME = r"[^\W\d_]{3,12}"
_EN = r"\b(?P<mon>jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)(?:\w{1,6})?\.?"

_LETTERS = "".join({char for name in MONTHS for char in name + name.upper()})


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
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


def _form(pattern: str, *, needs: str = "", **how: bool | Kind) -> Form:
    four_digits = f"(?P<y>{YEAR})" in pattern
    return Form(
        pattern=re.compile(pattern, re.IGNORECASE),
        needs=frozenset(needs),
        four_digits=four_digits,
        **how,  # type: ignore[arg-type]
    )


FORMS = (
    # 2020-02-21, 2020/2/21, 2020.02.21, and with spaces as Korean pages write it: 2020. 2. 21.
    _form(
        rf"{_NOT_IN_NUMBER}(?P<y>{YEAR})\s?(?P<sep>[-/.])\s?(?P<m>\d\d?)\s?(?P=sep)\s?(?P<d>\d\d?){_NOT_MORE}",
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
        rf"{_NOT_IN_NUMBER}(?P<d>\d\d?)(?P<sep>[-.])\s?(?P<m>\d\d?)(?P=sep)\s?(?P<y>{YEAR}){_NOT_MORE}", needs="-."
    ),
    _form(rf"{_NOT_IN_NUMBER}(?P<a>\d\d?)/(?P<b>\d\d?)/(?P<y>{YEAR}){_NOT_MORE}", slashes=True, needs="/"),
    # February 21, 2020; Feb. 21st 2020; Fri Feb 21 09:05:00 CST 2020 (Java prints its dates so)
    _form(
        rf"{_EN}\s{{1,2}}(?P<d>\d\d?)(?:st|nd|rd|th)?(?:,\s{{0,2}}|\s{{1,2}})(?P<y>{YEAR})(?!\d)", needs=_LETTERS
    ),
    _form(
        rf"{_EN}\s(?P<d>\d\d?)\s(?P<clock>\d\d:\d\d:\d\d)\s(?:[a-z]{{3,4}}\s)?(?P<y>{YEAR})(?!\d)", needs=_LETTERS
    ),
    # 21 February 2020, 21. Februar 2020, 1er mars 2020, 21 de febrero de 2020, 21-Feb-2020
    _form(
        rf"(?<![\d.])(?P<d>\d\d?)(?:st|nd|rd|th|er|\.|º)?[\s-]{{0,2}}(?:of\s|de\s)?(?P<mon>{_NAME})\.?,?"
        rf"(?:\s{{1,2}}|-)(?:del?\s)?(?P<y>{YEAR})(?!\d)",
        needs=_LETTERS,
    ),
    # 2020 Feb 21
    _form(rf"(?<!\d)(?P<y>{YEAR})[\s-](?P<mon>{_NAME})\.?[\s-](?P<d>\d\d?)(?!\d)", needs=_LETTERS),
    # February 2020
    _form(rf"\b(?P<mon>{_NAME})\.?,?\s{{1,2}}(?P<y>{YEAR})(?!\d)", only_whole=True),
    # what stands in meta tags: 20200221, 20200221120501; of CMS pages: 2020-02
    _form(rf"(?<!\d)(?P<y>{YEAR})(?P<m>[01]\d)(?P<d>[0-3]\d)(?P<clock>\d{{4}}(?:\d\d)?)?(?!\d)", only_whole=True),
    _form(rf"(?<!\d)(?P<y>{YEAR})[-/.年](?P<m>\d\d?)月?(?!\d)", only_whole=True),
    # 20-02-21 (ASP prints dates as short as the server's locale has them)
    _form(rf"{_NOT_IN_NUMBER}(?P<y>\d\d)-(?P<m>\d\d?)-(?P<d>\d\d?)(?!\d)", only_whole=True),
    # in blocks of their own: «21 2020-02», «2020/02 21», «02-21 2020», «2020 02-21», «21 Feb 2020»
    _form(rf"(?<!\d)(?P<d>\d\d?)[日/]?\s{{1,3}}(?P<y>{YEAR})[-/.年]\s?(?P<m>\d\d?)月?(?!\d)", only_whole=True),
    _form(rf"(?<!\d)(?P<y>{YEAR})[-/.年]\s?(?P<m>\d\d?)月?\s{{1,3}}(?P<d>\d\d?)日?(?!\d)", only_whole=True),
    _form(rf"(?<!\d)(?P<m>\d\d?)[-/.月](?P<d>\d\d?)日?\s{{1,3}}(?P<y>{YEAR})年?(?!\d)", only_whole=True),
    _form(rf"(?<!\d)(?P<y>{YEAR})年?\s{{1,3}}(?P<m>\d\d?)[-/.月](?P<d>\d\d?)日?(?!\d)", only_whole=True),
    _form(rf"(?<!\d)(?P<d>\d\d?)\s{{1,3}}(?P<mon>{_NAME})\.?,?\s{{1,3}}(?P<y>{YEAR})(?!\d)", only_whole=True),
    _form(rf"(?<!\d)(?P<y>{YEAR})年?(?!\d)", only_whole=True),
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

_AGO = {
    "minute": r"分钟?前|min(?:ute)?s?\sago|minuten?|분 ?전",
    "hour": r"个?小时前|时间前|hours?\sago|stunden?|시간 ?전",
    "day": r"[天日]前|days?\sago|tagen?|일 ?전",
    "week": r"个?(?:周|星期)前|周间前|weeks?\sago|wochen?|주 ?전",
    "month": r"[个か]月前|months?\sago|monaten?|개월 ?전",
    "year": r"年前|years?\sago|jahren?|년 ?전",
}
RELATIVE = {
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


def to_number(text: str | None) -> int | None:
    """Return the number that digits or Chinese numerals say: 21, 二十一, 廿一, 二〇二〇, 一百零九.

    >>> to_number("二十一"), to_number("二〇二〇"), to_number("一百〇九"), to_number("十"), to_number("百〇九")
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
