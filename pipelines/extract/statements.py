"""Reads the lines of a page by the grammar of meta lines, each at most once."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

from pipelines.dates import DateMatch, find_dates, parse_date
from pipelines.extract.labels import (
    Entry,
    find_barred,
    find_byline,
    find_makers,
    find_makers_beside,
    find_rest,
    find_spaced,
    kinds_of_label,
    read_line,
)
from pipelines.extract.page import Page, collapse
from pipelines.extract.words import PEOPLE, WEAK
from pipelines.model import Document
from pipelines.uri import host_of

_LONGEST = 300
"""Code points of the longest line that can be a meta line."""
_LONGEST_BARE = 140
"""Code points of the longest that has no label in it."""
_MAKERS = frozenset((*PEOPLE, "source", "clicks"))
_MAKING = frozenset((*_MAKERS, "published", "modified", "section"))
_WEAK = tuple(WEAK)
_SEPARATED = re.compile(r"[:：/／|｜丨︰∶﹕]")
_FIGURE = re.compile(r"\d|月")
BY = re.compile(r"(?:[Bb]y|BY|[Vv]on|[Pp]ar|[Aa][vf]|[Pp]or|[Dd]oor) [A-ZÀ-Þ]")
_MAKER = re.compile(
    r"记者|通讯员|記者|通訊員|摄影|攝影|撰稿|供稿|编辑|編輯|文字|图片|审核|作者|작성자|글쓴이|등록자|부서"
)
_AGO = re.compile(r"前|昨|今天|刚|ago|yesterday|today|vor |gestern|전|어제")
_BUTTONS = frozenset("分享 分享到 分享至 打印 字体 字号 字体大小 收藏 share print".split())
_BAR = re.compile(r"[|｜•·]")
_RANGE = re.compile(r"[^\d~～〜至]{0,8}[~～〜至]")
"""What makes a date the first day of an event or a period: 公示时间：2020年2月21日（周五）至27日."""
_HOST = re.compile(r"(?:https?://)?(?:[a-z\d-]{1,30}\.){1,4}(?:com|net|org|cn|tw|hk)(?![\w.-])", re.IGNORECASE)
"""The name of the portal at the beginning of a meta line: NEWS.EXAMPLE.COM 2003年11月12日16:36 某某日报."""
_STATING = re.compile(r"[:：/／|｜丨︰∶﹕\d月]")
_ZONES = {
    "cn": "Asia/Shanghai", "tw": "Asia/Taipei", "hk": "Asia/Hong_Kong", "mo": "Asia/Macau", "jp": "Asia/Tokyo",
    "kr": "Asia/Seoul", "sg": "Asia/Singapore", "my": "Asia/Kuala_Lumpur", "th": "Asia/Bangkok", "in": "Asia/Kolkata",
    "de": "Europe/Berlin", "at": "Europe/Vienna", "ch": "Europe/Zurich", "fr": "Europe/Paris", "it": "Europe/Rome",
    "nl": "Europe/Amsterdam", "be": "Europe/Brussels", "dk": "Europe/Copenhagen", "se": "Europe/Stockholm",
    "no": "Europe/Oslo", "fi": "Europe/Helsinki", "pl": "Europe/Warsaw", "cz": "Europe/Prague", "uk": "Europe/London",
    "ie": "Europe/Dublin", "nz": "Pacific/Auckland",
}  # fmt: skip
"""The zone of countries that have one, for pages of no known site."""
_TAIWAN = re.compile(r"https?://[^/]*\.tw(?:[:/]|\Z)")
_MONTH_FIRST = re.compile(r"https?://[^/]*\.(?:edu|com|gov|us)(?:[:/]|\Z)")


def is_stating(text: str) -> bool:
    """Tell whether a text can state anything: it holds a colon or a figure, or a byline."""
    return (
        _STATING.search(text) is not None
        or BY.search(text) is not None
        or (len(text) < 80 and (_MAKER.search(text) is not None or _AGO.search(text) is not None))
    )


EVENT = re.compile(
    r"\W*(?:[一二三四五六七八九十\d]{1,2}\W\s?)?(?:地\s*点|地\s*點|主\s*讲|主\s*講|讲\s*者|講\s*者|讲座|講座|报\s*告|報\s*告|题\s*目|題\s*目"
    r"|主\s*持|嘉\s*宾|会议|參會|参会|活动|活動|主\s*题|主\s*題|会\s*场|會\s*場|招聘|腾讯|venue|speaker|location|where|place|ort\b|장소|場所)"
    r"[^:：]{0,6}[:：]",
    re.IGNORECASE,
)
"""How the lines of an announcement begin: 地点：, 主讲人：. The time beside them is the event's."""


@dataclass(frozen=True, kw_only=True)  # no slots: ``rest`` is worked out when it is asked for
class Statement:
    """What a line says by the grammar of meta lines."""

    line: int
    text: str
    entries: tuple[Entry, ...] = ()
    dates: tuple[DateMatch, ...] = ()
    is_value: bool = False
    """True for the value of the label in the line before, whose statement holds both."""

    @cached_property
    def rest(self) -> str:
        """What is neither entry, date, counter nor button; all of a line that is too long to be a meta line."""
        if self.is_value:
            return ""
        if _is_too_long(self.text, self.entries):
            return self.text
        return find_rest(self.text, self.entries, self.dates)

    def is_made(self) -> bool:
        """Tell whether the line states anything at all."""
        return bool(self.entries or self.dates)

    def is_meta(self) -> bool:
        """Tell whether the line is nothing but labels and their values, a date, buttons."""
        if self.is_value:
            return True
        if len(self.text) > _LONGEST:
            return False
        making = [entry for entry in self.entries if not _MAKING.isdisjoint(entry.kinds)]
        if making:
            return len(self.rest) <= (24 if len(making) > 1 or self.dates else 8)
        if any(date.date.precision != "month" and date.kind != "relative" for date in self.dates):
            longest = 12 if not (host := _HOST.match(self.text)) else 12 + host.end()
            return len(self.rest) <= longest and len(self.text) < 90
        return self._is_bar() and len(self.text) < 60

    def is_imprint(self) -> bool:
        """Tell whether the line is a meta line and can be nothing else: it names two things of the making."""
        making = [entry for entry in self.entries if not _MAKING.isdisjoint(entry.kinds)]
        return (
            len(making) > 1 and any("published" in entry.kinds or self.dates for entry in making) and self.is_meta()
        )

    def is_credit(self) -> bool:
        """Tell whether the line names the makers of the text and nothing else."""
        return self.is_value or (
            0 < len(self.text) < 160
            and len(self.rest) <= 4
            and any(entry.value and _is_making(entry) for entry in self.entries)
            and all(len(entry.value) < 60 and "http" not in entry.value for entry in self.entries)
        )

    def is_control(self) -> bool:
        """Tell whether the line is nothing but buttons or punctuation."""
        return not (self.is_value or self.dates) and self._is_bar() and not re.search(r"\d", self.text)

    def _is_bar(self) -> bool:
        """Tell whether nothing but buttons is left, behind a label of theirs perhaps: 分享到：微信 微博."""
        return not self.rest and all(entry.label in _BUTTONS for entry in self.entries)


def _count_kinds(statement: Statement) -> int:
    """Return how many things a line states; 文/图：王雨 states two."""
    return sum(len(entry.kinds) for entry in statement.entries)


def _is_too_long(text: str, entries: tuple[Entry, ...]) -> bool:
    return len(text) > _LONGEST or (len(text) > _LONGEST_BARE and not entries)


def _is_making(entry: Entry) -> bool:
    """Tell whether an entry is of the article's making; a bare 时间 or 日期 may be that of what it is about."""
    if not _MAKERS.isdisjoint(entry.kinds):
        return True
    return not _MAKING.isdisjoint(entry.kinds) and len(entry.label) > 2


@dataclass(slots=True, kw_only=True)
class Statements:
    """The lines of a page, read when asked for: a line is asked for by several rules."""

    page: Page
    read: dict[int, Statement] = field(default_factory=dict)

    def __getitem__(self, line: int) -> Statement:
        if line not in self.read:
            self._read(line)
        return self.read[line]

    def _read(self, line: int) -> None:
        """Read a line, and with it the next where that is the value of a label: <dt>작성자</dt><dd>학사팀</dd>."""
        lines = self.page.lines
        text = lines[line].text
        if line and _is_pair(lines[line - 1].text, text):
            self.read[line] = Statement(line=line, text=text, is_value=True)
        elif line + 1 < len(lines) and _is_pair(text, lines[line + 1].text):
            self.read[line] = self.read_text(line, f"{text.rstrip(':： ')}: {lines[line + 1].text}")
        else:
            self.read[line] = self._read_apart(line, self.read_text(line, text))

    def _read_apart(self, line: int, plain: Statement) -> Statement:
        """Return what a line says if its elements are read apart, where that is more: <em>2月21日</em><em>来源：…</em>."""
        page, node, text = self.page, self.page.lines[line].node, plain.text
        if (
            not 8 < len(text) <= _LONGEST_BARE
            or page.last[node] - page.first[node] != 1
            or not page.has_children(node)
        ):
            return plain
        if not is_stating(text):
            return plain
        apart = " ".join([words for piece in page.elements[node].itertext() if (words := collapse(piece))])
        is_glued = any(entry.value.endswith(_WEAK) for entry in plain.entries)  # <i>作者：王雨</i><i>日期：…</i>
        if len(apart) == len(text) or not (plain.rest or is_glued):  # nothing left to read
            return plain
        statement = self.read_text(line, apart)
        return statement if _count_kinds(statement) > _count_kinds(plain) else plain

    def read_text(self, line: int, text: str) -> Statement:
        """Return what a text that stands in a line says."""
        if len(text) > _LONGEST:
            return Statement(line=line, text=text)
        entries = read_line(text) if _SEPARATED.search(text) else ()
        if _is_too_long(text, entries):
            return Statement(line=line, text=text)
        dates = tuple(find_dates(text, **date_context(self.page.document))) if _FIGURE.search(text) else ()
        if dates and _RANGE.match(text, dates[0].end):
            return Statement(line=line, text=text)
        if not entries and BY.search(text):
            entries = find_byline(text, dates)
        if len(text) < _LONGEST_BARE:
            if not entries:
                entries = find_spaced(text) or (find_barred(text) if dates and _BAR.search(text) else ())
            if not entries and not dates and len(text) < 80 and _MAKER.search(text):
                entries = find_makers(text)
            elif entries and dates and (beside := find_makers_beside(text, entries)):
                entries = tuple(sorted((*entries, *beside), key=lambda entry: entry.start))
            dates = (*dates, *self._find_whole(entries, dates))
        if not dates and self.page.document.captured_at and len(text) < 80 and _AGO.search(text):
            dates = self._find_relative(text, entries)
        return Statement(line=line, text=text, entries=entries, dates=dates)

    def _find_whole(self, entries: tuple[Entry, ...], dates: tuple[DateMatch, ...]) -> Iterator[DateMatch]:
        """Yield the dates that are whole values, in forms too short to be looked for inside a text: 20-02-21."""
        for entry in entries:
            if not {"published", "modified"}.isdisjoint(entry.kinds) and len(entry.value) >= 6:
                if any(entry.start <= date.start < entry.end for date in dates):
                    continue
                if date := parse_date(entry.value, **date_context(self.page.document)):
                    yield DateMatch(start=entry.start, end=entry.end, date=date, kind="full")

    def _find_relative(self, text: str, entries: tuple[Entry, ...]) -> tuple[DateMatch, ...]:
        """Return the date that is counted back from the capture, where it stands for itself: 3天前 来源：校团委."""
        edges = [0, *(edge for entry in entries for edge in (entry.start, entry.end)), len(text)]
        spans = [*zip(edges[::2], edges[1::2], strict=True), *((entry.start, entry.end) for entry in entries)]
        for start, end in spans:
            piece = re.split(r"[:：]", text[start:end])[-1]
            if date := parse_date(piece.strip(" |｜·-"), **date_context(self.page.document)):
                return (DateMatch(start=start, end=end, date=date, kind="relative"),)
        return ()

    def is_event_time(self, line: int) -> bool:
        """Tell whether a line's date may be that of an event: nothing says that it is the publication's."""
        labels = [entry for entry in self[line].entries if not _MAKING.isdisjoint(entry.kinds)]
        if any("published" not in entry.kinds or len(entry.label) > 2 for entry in labels):
            return False
        return self.is_event(line)

    def is_event(self, line: int) -> bool:
        """Tell whether the lines around one announce an event."""
        lines = self.page.lines
        return any(EVENT.match(lines[near].text) for near in range(max(0, line - 2), min(len(lines), line + 4)))


def _is_pair(label: str, value: str) -> bool:
    """Tell whether two lines are a label and its value."""
    kinds = kinds_of_label(label)
    return (
        bool(kinds)
        and "other" not in kinds
        and len(value) < 80
        and "http" not in value
        and not kinds_of_label(value)
        and not read_line(value)
    )


def date_context(document: Document) -> dict[str, Any]:
    """Return how the dates of a page read: arguments of :func:`pipelines.dates.find_dates`."""
    roc, day_first = _count(document.uri, document.charset.name, (document.root.get("lang") or "").lower())
    return {
        "now": document.captured_at,
        "zone": find_zone(document)[0],
        "roc": roc,
        "day_first": day_first,
    }


def find_zone(document: Document) -> tuple[str, str]:
    """Return the zone of the times that a page prints without an offset, and why it is that."""
    if document.site is not None:
        return document.site.timezone, "the site file says so"
    return _zone_of_host(document.uri)


@lru_cache(maxsize=64)
def _zone_of_host(uri: str) -> tuple[str, str]:
    country = host_of(uri).partition(":")[0].rpartition(".")[2]
    if country in _ZONES:
        return _ZONES[country], f"the host is under .{country}"
    return "Asia/Shanghai", "nothing says otherwise"


@lru_cache(maxsize=64)
def _count(uri: str, charset: str, language: str) -> tuple[bool, bool | None]:
    """Return whether the years of a page may be those of the Republic of China, and whether the day comes before the
    month: as the page's language has it, where it says whose English it is, else as its country does."""
    is_american = language == "en-us" or (not language.startswith("en-") and _MONTH_FIRST.match(uri))
    return bool(_TAIWAN.match(uri)) or charset.startswith("big5"), None if is_american else True
