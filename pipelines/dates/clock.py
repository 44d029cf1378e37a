"""The time of day beside a date, as pages print it: 9:05, 下午3时, 9.05 Uhr, 9 am EST."""

import re
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from pipelines.model import PrintedDate

_ZONES = {
    "z": 0, "utc": 0, "gmt": 0, "bst": 1, "cet": 1, "cest": 2, "mez": 1, "mesz": 2,
    "jst": 9, "kst": 9, "hkt": 8, "sgt": 8,
    "est": -5, "edt": -4, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7,
}  # fmt: skip
"""Hours east of Greenwich. Without CST: Chinese and American servers both print it, so the page's zone holds."""

WEEKDAYS = (
    r"(?:(?:星期|周|礼拜)[一二三四五六日天]|[月火水木金土日](?:曜日)?|[월화수목금토일](?:요일)?"
    r"|(?:mon|tue|wed|thu|fri|sat|sun|mo|di|mi|do|fr|sa|so|lun|mar|mer|jeu|ven|sam|dim)[a-zß]{0,8}\.?)"
)

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
TIME_AFTER = re.compile(
    rf"(?:\s{{0,3}}[(\[]?{WEEKDAYS}[)\]]?)?(?:[\s,;|·、.\-–—]{{0,4}}|t|\s?@\s?)"
    rf"(?:(?:at|um|à|kl\.?|om|alle)\s)?{_CLOCK}",
    re.IGNORECASE,
)
_TIME_BEFORE = re.compile(
    rf"(?<!\d){_CLOCK}[\s,|]{{0,3}}(?:[a-z]{{2}}\s)?(?:on\s)?(?:{WEEKDAYS}[\s,]{{0,2}})?\Z", re.IGNORECASE
)
_CLOCK_INSIDE = re.compile(r"(?P<h>\d\d):?(?P<min>\d\d)(?::?(?P<s>\d\d))?")


@lru_cache(maxsize=256)
def find_zone(name: str) -> ZoneInfo:
    """Return the time zone of an IANA name."""
    return ZoneInfo(name)


def add_time(day: PrintedDate, match: re.Match[str], text: str, zone: str) -> tuple[PrintedDate, int, int, bool]:
    """Return the day with the time beside it, the span of both, and whether the page prints the offset."""
    start, end = match.span()
    before = text[max(0, start - 24) : start]
    if inside := match.groupdict().get("clock"):
        clock = _CLOCK_INSIDE.fullmatch(inside)
    elif clock := TIME_AFTER.match(text, end):
        end = clock.end()
    elif ":" in before and (clock := _TIME_BEFORE.search(before)):
        start -= len(before) - clock.start()
    timed = to_time(day, clock.groupdict(), zone) if clock else None
    if timed is None:
        return day, *match.span(), False
    return timed, start, end, bool(clock and clock.groupdict().get("offset"))


def to_time(day: PrintedDate, clock: dict[str, str | None], zone: str) -> PrintedDate | None:
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
        offset = moment.replace(tzinfo=find_zone(zone)).utcoffset() or timedelta()
    clock_text = moment.strftime("%H:%M") if second is None else moment.strftime("%H:%M:%S")
    precision = "minute" if second is None else "second"
    return PrintedDate(value=f"{day.value}T{clock_text}{_print_offset(offset)}", precision=precision)


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
